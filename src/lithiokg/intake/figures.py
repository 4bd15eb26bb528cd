"""Figures as people write them into cells: refused where they could be read in two ways."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lithiokg.intake.cells import RefusedError, short
from lithiokg.quantities import QuantityError, parse, to_canonical
from lithiokg.quantities.spelling import plain_typography

if TYPE_CHECKING:
    from lithiokg.errors import Place
    from lithiokg.quantities import Registry

__all__ = ["ambiguity", "check_figure", "split_read_as"]

_READ_AS = re.compile(
    r"(?P<printed>.*?)\s*\[\s*read as\s+(?P<read>[^\[\]]+?)\s*\]\s*", re.IGNORECASE | re.DOTALL
)
_COMMA = re.compile(r"[0-9],[0-9]+")
_BOTH = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_POINT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_APART = re.compile(r"(?<![0-9.])[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?![0-9])")
_BARE = re.compile(r"[~<>=±]*\s*[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?")


def split_read_as(text: str) -> tuple[str, str]:
    """What is printed and what it is read as, of ``20 Ω cm-2 [read as 20 Ω cm2]``.

    >>> split_read_as("20 Ω cm-2 [read as 20 Ω cm2]")
    ('20 Ω cm-2', '20 Ω cm2')
    >>> split_read_as("20 Ω")
    ('20 Ω', '')
    """
    found = _READ_AS.fullmatch(text)
    return (found["printed"], found["read"]) if found else (text, "")


def check_figure(printed: str, read_as: str, kind: str, place: Place, units: Registry) -> RefusedError | None:
    """What keeps a figure from being read as one of a property, if anything does.

    Args:
        printed: as the source prints it.
        read_as: what it must be, where the print cannot be; empty otherwise.
        kind: IRI of the property.
        place: where it stands.
        units: units and properties.
    """
    meant = read_as or printed
    problem = ambiguity(meant)
    if problem is not None:
        return RefusedError(problem[0], place=place, mend=problem[1])
    try:
        to_canonical(parse(meant, kind=kind, units=units), kind, units=units)
    except QuantityError as error:
        missing = _unit_mend(meant, kind, units)
        if missing:
            return RefusedError(f"the figure {short(meant)!r} has no unit", place=place, mend=missing)
        fitting = _fitting_units(error.message, kind, units)
        return RefusedError(error.message, place=place, mend=fitting or _cell_mend(error.mend or ""))
    return None


def ambiguity(text: str) -> tuple[str, str] | None:
    """Numbers that one country writes as another writes other numbers."""
    plain = plain_typography(text)
    both = _BOTH.search(plain)
    comma = _COMMA.search(plain)
    if both:
        return (
            f"the figure {short(text)!r} has points between thousands and a comma before decimals",
            f"write {both[0].replace('.', '').replace(',', '.')}",
        )
    if comma:
        whole, _, rest = comma[0].partition(",")
        number = re.search(r"[0-9]+(?:,[0-9]+)+", plain)
        digits = number[0] if number else comma[0]
        without = digits.replace(",", "")
        point = digits.replace(",", ".", 1) if digits.count(",") == 1 else without
        choice = f"{without} or {point}" if rest and whole and point != without else without
        return (
            f"the figure {short(text)!r} has a comma, which parts thousands in one country and decimals in another",
            f"write the number with a decimal point and nothing between thousands: {choice}",
        )
    for pattern in (_POINT, _APART):
        found = pattern.search(plain)
        if found:
            return (
                f"the figure {short(text)!r} has its thousands set apart",
                f"write the number without: {re.sub('[^0-9]', '', found[0])}",
            )
    return None


def _unit_mend(text: str, kind: str, units: Registry) -> str | None:
    """For a bare number: the unit that is missing."""
    item = units.property(kind)
    if item is None or item.canonical_unit is None or not _BARE.fullmatch(plain_typography(text).strip()):
        return None
    symbol = units.units[item.canonical_unit].symbol
    return f"write the unit beside the number, as printed: '{text.strip()} {symbol}'"


def _fitting_units(message: str, kind: str, units: Registry) -> str | None:
    """For an unknown unit: those in which the property can be given."""
    item = units.property(kind)
    if "unknown unit" not in message or item is None or item.canonical_unit is None:
        return None
    canonical = units.units[item.canonical_unit]
    same = [
        unit.symbol for unit in units.units.values() if unit.dimension_vector == canonical.dimension_vector
    ]
    others = [symbol for symbol in same if symbol != canonical.symbol][:3]
    return f"a {item.label} is given in {canonical.symbol!r}" + (
        f", or in {', '.join(map(repr, others))}" if others else ""
    )


def _cell_mend(mend: str) -> str:
    """A mend for a YAML file in the words of a cell."""
    found = re.search(r'\{printed: "(.*?)", read-as: "(.*?)"\}', mend)
    if found is None:
        return mend
    return (
        f"if the source prints it so, keep it and write what it must be behind it: "
        f"'{found[1]} [read as {found[2]}]', with a doubt (kind: unit) that gives the reason"
    )
