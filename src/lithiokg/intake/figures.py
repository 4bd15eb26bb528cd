"""Figures as people write them into cells: refused where they could be read in two ways."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from lithiokg.intake.cells import RefusedError, short
from lithiokg.quantities import QuantityError, parse, to_canonical
from lithiokg.quantities.spelling import plain_typography
from lithiokg.quantities.units import PROPERTY, UNIT

if TYPE_CHECKING:
    from lithiokg.errors import Place
    from lithiokg.quantities import Registry

__all__ = ["ambiguity", "check_figure", "habit", "split_read_as"]

_CYCLES = UNIT + "cycle"
_READ_AS = re.compile(
    r"(?P<printed>.*?)\s*\[\s*read as\s+(?P<read>[^\[\]]+?)\s*\]\s*", re.IGNORECASE | re.DOTALL
)
_COMMA = re.compile(r"[0-9],[0-9]+")
_BOTH = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_POINT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_APART = re.compile(r"(?<![0-9.])[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?![0-9])")
#: What people write where there is no figure.
_SILENT = frozenset({
    *("-", "--", "?", "/", "n/a", "n.a.", "n.a", "na", "nd", "n.d.", "nr", "n.r.", "none", "nil", "tbd", "unknown"),
    *("not reported", "not given", "not available", "not measured", "not determined"),
})  # fmt: skip
_NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?"
_TOLERANCE = re.compile(
    rf"(?P<sign>[~=]?)\s*(?P<value>{_NUMBER})\s*(?P<by>(?:±|\+/-|\+-)\s*(?P<spread>{_NUMBER}))\s*(?P<unit>.*)"
)
_BETWEEN = re.compile(
    rf"(?:between|from)\s+(?P<low>{_NUMBER})\s*(?P<inner>[^0-9]*?)\s*(?:and|to)\s+(?P<high>{_NUMBER})\s*(?P<unit>.*)",
    re.IGNORECASE,
)
_MORE = re.compile(rf"(?P<value>{_NUMBER})\s*\+\s*(?P<unit>[^0-9]*)")
_FRACTION = re.compile(r"(?P<sign>[~=<>]*)\s*C\s*/\s*(?P<parts>[1-9][0-9]{0,2}(?:\.[0-9]+)?)")
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
    problem = ambiguity(meant) or habit(meant, kind)
    if problem is not None:
        return RefusedError(problem[0], place=place, mend=problem[1])
    try:
        said = parse(meant, kind=kind, units=units)
        to_canonical(said, kind, units=units)
        if said.unit == _CYCLES and said.value is not None and said.value != said.value.to_integral_value():
            return RefusedError(
                f"the figure {short(meant)!r} is no whole number of cycles",
                place=place,
                mend=f"if the point parts thousands, write {str(said.value).replace('.', '')} cycles",
            )
    except QuantityError as error:
        missing = _unit_mend(meant, kind, units)
        if missing:
            return RefusedError(f"the figure {short(meant)!r} has no unit", place=place, mend=missing)
        fitting = _fitting_units(error.message, kind, units)
        return RefusedError(error.message, place=place, mend=fitting or _cell_mend(error.mend or ""))
    return None


def habit(text: str, kind: str) -> tuple[str, str] | None:
    """What people write for a figure and the notation does not hold: what is wrong, and how it is written instead.

    >>> habit("18 ± 3 Ω cm2", "")[1]
    "write '18 Ω cm2' or the range '15-21 Ω cm2', and '± 3' in the note"
    >>> habit("C/2", f"{PROPERTY}c-rate")[1]
    "write it as a number: '0.5 C'"
    """
    plain = plain_typography(text).strip()
    shown = repr(short(text))
    if plain.casefold() in _SILENT:
        return (
            f"{shown} is no figure",
            "where the source gives none, leave the cell of a condition empty, or delete the row",
        )
    if found := _TOLERANCE.fullmatch(plain):
        value, spread, unit = Decimal(found["value"]), Decimal(found["spread"]), found["unit"]
        ends = (
            f"{value - spread}-{value + spread}"
            if value > spread
            else f"{value - spread} to {value + spread}"
        )
        written = f"{found['sign']}{found['value']} {unit}".strip()
        return (
            f"the figure {shown} has a tolerance, for which a figure has no place",
            f"write {written!r} or the range '{f'{ends} {unit}'.strip()}', and '± {spread}' in the note",
        )
    if found := _BETWEEN.fullmatch(plain):
        unit = found["unit"] or found["inner"]
        return (
            f"the figure {shown} is a range in words",
            f"write '{found['low']}-{found['high']} {unit}'".replace(" '", "'"),
        )
    if found := _MORE.fullmatch(plain):
        return (
            f"the figure {shown} has a plus sign behind it",
            f"write '> {found['value']} {found['unit']}'".replace(" '", "'"),
        )
    if kind.removeprefix(PROPERTY) == "c-rate" and (found := _FRACTION.fullmatch(plain)):
        rate = f"{1 / Decimal(found['parts']):.3g}"
        return (
            f"the rate {shown} is written as a fraction",
            f"write it as a number: '{found['sign']}{rate} C'",
        )
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
        number = re.search(r"[0-9]+(?:,[0-9]+)+", plain)
        digits = number[0] if number else comma[0]
        without = digits.replace(",", "")
        point = digits.replace(",", ".", 1) if digits.count(",") == 1 else without
        # Thousands stand in groups of three behind one to three digits, of which the first is not a zero.
        thousands = re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+", digits) is not None
        choice = (
            f"{without} or {point}" if thousands and point != without else without if thousands else point
        )
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
    article = "an" if item.label[:1].casefold() in set("aeiou") else "a"
    return f"{article} {item.label} is given in {canonical.symbol!r}" + (
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
