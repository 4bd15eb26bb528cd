"""Figures as people write them into cells: refused where they could be read in two ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from lithiokg.intake.cells import RefusedError, short
from lithiokg.quantities import QuantityError, parse, to_canonical
from lithiokg.quantities.conversion import same_dimension
from lithiokg.quantities.spelling import plain_typography
from lithiokg.quantities.units import PROPERTY, UNIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.errors import Place
    from lithiokg.quantities import Registry, Unit

__all__ = ["Habit", "ambiguity", "check_figure", "habit", "split_read_as"]

_CYCLES = UNIT + "cycle"
_READ_AS = re.compile(
    r"(?P<printed>.*?)\s*\[\s*read as\s+(?P<read>[^\[\]]+?)\s*\]\s*", re.IGNORECASE | re.DOTALL
)
_COMMA = re.compile(r"(?<![0-9])[0-9]+(?:,[0-9]+)+(?:\.[0-9]+)?")
#: Thousands stand in groups of three behind one to three digits, of which the first is not a zero.
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?P<point>\.[0-9]+)?")
_BOTH = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_POINT = re.compile(r"[0-9]{1,3}(?:\.[0-9]{3}){2,}")
_APART = re.compile(r"(?<![0-9.])[1-9][0-9]{0,2}(?:[ '’][0-9]{3})+(?![0-9])")
#: What people write where there is no figure.
_SILENT = frozenset({
    *("-", "--", "?", "/", "n/a", "n.a.", "n.a", "na", "nd", "n.d.", "nr", "n.r.", "none", "nil", "tbd", "unknown"),
    *("not reported", "not given", "not available", "not measured", "not determined"),
})  # fmt: skip
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"
_POWER = r"(?:\s*[×x*·]\s*10\s?(?:\^|\*\*)?\s?|[eE])(?P<{}>[+-]?[0-9]{{1,2}})(?![0-9])"
_TOLERANCE = re.compile(
    rf"(?P<sign>[~=]?)\s*(?P<open>\()?\s*(?P<value>{_NUMBER})(?![0-9.])(?:{_POWER.format('of_value')})?\s*(?P<inner>[^±()0-9][^±()]*?)?"
    rf"\s*(?:±|\+/-|\+-)\s*(?P<spread>{_NUMBER})(?:\s*\))?(?:{_POWER.format('power')})?\s*(?P<unit>.*?)\s*(?(open)\)?)"
)
_LAST_DIGITS = re.compile(
    rf"(?P<sign>[~=]?)\s*(?P<value>{_NUMBER})\((?P<digits>[0-9]{{1,2}})\)(?:{_POWER.format('power')})?\s*(?P<unit>.*)"
)
_BETWEEN = re.compile(
    rf"(?:between|from)\s+(?P<low>{_NUMBER})\s*(?P<inner>[^0-9]*?)\s*(?:and|to)\s+(?P<high>{_NUMBER})\s*(?P<unit>.*)",
    re.IGNORECASE,
)
_MORE = re.compile(rf"(?P<value>{_NUMBER})\s*\+\s*(?P<unit>[^0-9]*)")
_FRACTION = re.compile(r"(?P<sign>[~=<>]*)\s*C\s*/\s*(?P<parts>[1-9][0-9]{0,2}(?:\.[0-9]+)?)")
#: Anything longer is no figure, however it is written.
_LONGEST = 120
#: How a figure begins, unlike the unit or the note that a mend may name as well.
_FIGURE = re.compile(r"[~<>=]*\s*\(?[+-]?\.?[0-9]")
_QUOTED = re.compile(r"'([^']*)'")


@dataclass(frozen=True, slots=True)
class Habit:
    """What people write for a figure and the notation does not hold.

    Attributes:
        problem: what is wrong.
        figures: what may be written instead.
        advice: the mend, given those figures.
    """

    problem: str
    figures: tuple[str, ...]
    advice: Callable[[list[str]], str]


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
    found = habit(meant, kind)
    problem = ambiguity(meant) or (
        _advised(found, meant, kind, units) if found else _refusal(meant, kind, units)
    )
    return (
        RefusedError(problem[0], place=place, mend=_read_through(problem[1], kind, units))
        if problem
        else None
    )


def _refusal(meant: str, kind: str, units: Registry) -> tuple[str, str] | None:
    """Why a figure is none of the property, and what to write instead."""
    try:
        said = parse(meant, kind=kind, units=units)
        to_canonical(said, kind, units=units)
    except QuantityError as error:
        mend = _without_tail(meant, kind, units) or _fitting_units(error.message, kind, units)
        return error.message, mend or _cell_mend(error.mend or "")
    if said.unit == _CYCLES and said.value is not None and said.value != said.value.to_integral_value():
        return (
            f"the figure {short(meant)!r} is no whole number of cycles",
            f"if the point parts thousands, write {str(said.value).replace('.', '')} cycles",
        )
    return None


def _advised(found: Habit, meant: str, kind: str, units: Registry) -> tuple[str, str]:
    """A habit with figures that can be read, or else what keeps the first of them from it."""
    written = []
    for figure in found.figures:
        readable = _readable(figure, kind, units)
        if readable is None:
            message, mend = _refusal(figure, kind, units) or ("", "")
            return message.replace(repr(figure), repr(short(meant))), mend
        written.append(readable)
    doubt = ", with a doubt (kind: unit) that gives the reason" if "[read as" in "".join(written) else ""
    return found.problem, found.advice(written) + doubt


def _read_through(mend: str, kind: str, units: Registry) -> str:
    """A mend of which each figure can be written as it stands: with its unit, or with what it is read as."""

    def mended(found: re.Match[str]) -> str:
        readable = _readable(found[1], kind, units) if _FIGURE.match(found[1]) else None
        return f"'{readable or found[1]}'"

    return _QUOTED.sub(mended, mend)


def _readable(figure: str, kind: str, units: Registry) -> str | None:
    """A figure, or what its own mend says to write: '18 Ω cm-2 [read as 18 Ω cm2]'."""
    problem = _refusal(figure, kind, units)
    candidates = _QUOTED.findall(problem[1]) if problem else [figure]
    return next((text for text in candidates if _reads(text, kind, units)), None)


def _reads(text: str, kind: str, units: Registry) -> bool:
    printed, read_as = split_read_as(text)
    return _refusal(read_as or printed, kind, units) is None


def habit(text: str, kind: str) -> Habit | None:
    """What people write for a figure and the notation does not hold.

    >>> found = habit("18 ± 3 Ω cm2", "")
    >>> found.advice(list(found.figures))
    "write '18 Ω cm2' or the range '15-21 Ω cm2', and '± 3' in the note"
    >>> habit("C/2", f"{PROPERTY}c-rate").figures
    ('0.5 C',)
    """
    plain = plain_typography(text).strip()
    shown = repr(short(text))
    if len(plain) > _LONGEST:
        return None
    if plain.casefold() in _SILENT:
        mend = "where the source gives none, leave the cell of a condition empty, or delete the row"
        return Habit(f"{shown} is no figure", (), lambda _: mend)
    if found := _TOLERANCE.fullmatch(plain) or _LAST_DIGITS.fullmatch(plain):
        return _tolerance(found, shown)
    figure = what = ""
    if found := _BETWEEN.fullmatch(plain):
        what = f"the figure {shown} is a range in words"
        inner, unit = found["inner"], found["unit"] or found["inner"]
        figure = f"{found['low']}{'' if inner == unit else ' ' * bool(inner) + inner}-{found['high']} {unit}"
    elif found := _MORE.fullmatch(plain):
        what = f"the figure {shown} has a plus sign behind it"
        figure = f"> {found['value']} {found['unit']}"
    elif kind.removeprefix(PROPERTY) == "c-rate" and (found := _FRACTION.fullmatch(plain)):
        what = f"the rate {shown} is written as a fraction"
        figure = f"{found['sign']}{1 / Decimal(found['parts']):.3g} C"
        return Habit(what, (figure,), lambda written: f"write it as a number: '{written[0]}'")
    return Habit(what, (figure.strip(),), lambda written: f"write '{written[0]}'") if what else None


def _tolerance(found: re.Match[str], shown: str) -> Habit:
    """``18 ± 3 Ω cm2``, ``(1.2 ± 0.1) × 10-4 S/cm``, ``99.1(2) %``: the spread must not be lost without a word."""
    parts = found.groupdict()
    value = Decimal(parts["value"])
    if digits := parts.get("digits"):
        spread = Decimal(digits).scaleb(value.as_tuple().exponent)  # type: ignore[arg-type]
        what = f"the figure {shown} has an uncertainty of its last digits, for which a figure has no place"
    else:
        spread = Decimal(parts["spread"])
        what = f"the figure {shown} has a tolerance, for which a figure has no place"
    inner, unit = (parts.get("inner") or "").strip(), parts["unit"].strip()
    exponent = parts["power"] or parts.get("of_value")
    power = f"e{exponent}" if exponent else ""
    figures = [f"{parts['sign']}{parts['value']}{power} {inner or unit}".strip()]
    note = f"± {spread}{power}"
    if inner and unit and inner != unit:
        # "5 nm ± 10 %": what the spread is of is not known.
        note += f" {unit}"
    else:
        low, high = f"{value - spread}{power}", f"{value + spread}{power}"
        to = "-" if value > spread and not power else " to "
        figures.append(f"{low}{to}{high} {inner or unit}".strip())

    def advice(written: list[str]) -> str:
        return (
            "write "
            + " or the range ".join(f"'{figure}'" for figure in written)
            + f", and '{note}' in the note"
        )

    return Habit(what, tuple(figures), advice)


def ambiguity(text: str) -> tuple[str, str] | None:
    """Numbers that one country writes as another writes other numbers."""
    plain = plain_typography(text)
    both = _BOTH.search(plain)
    if both:
        return (
            f"the figure {short(text)!r} has points between thousands and a comma before decimals",
            f"write {both[0].replace('.', '').replace(',', '.')}",
        )
    for digits in _COMMA.findall(plain):
        thousands = _THOUSANDS.fullmatch(digits)
        if thousands and thousands["point"]:
            continue  # the comma cannot be a decimal one: 1,050.5
        without = digits.replace(",", "")
        point = digits.replace(",", ".") if digits.count(",") == 1 and "." not in digits else without
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


def _without_tail(text: str, kind: str, units: Registry) -> str | None:
    """For what is a figure but for the full stop or comma of its sentence: the figure."""
    whole = text.rstrip()
    figure = whole.rstrip(" .,;:*")
    if figure == whole or not figure or not _reads(figure, kind, units):
        return None
    return f"leave out what stands behind the unit: '{figure}'"


def _fitting_units(message: str, kind: str, units: Registry) -> str | None:
    """For an unknown unit: those in which the property can be given."""
    item = units.property(kind)
    if "unknown unit" not in message or item is None or item.canonical_unit is None:
        return None
    canonical = units.units[item.canonical_unit]
    # Of the same make: a watt hour per litre is a pressure by its dimension alone.
    others = [
        unit.symbol
        for unit in units.units.values()
        if unit.key != "one"
        and unit != canonical
        and _powers(unit) == _powers(canonical)
        and same_dimension(unit, canonical)
    ][:3]
    article = "an" if item.label[:1].casefold() in set("aeiou") else "a"
    return f"{article} {item.label} is given in {canonical.symbol!r}" + (
        f", or in {', '.join(map(repr, others))}" if others else ""
    )


def _powers(unit: Unit) -> list[int]:
    return sorted(power for _, power in unit.factors)


def _cell_mend(mend: str) -> str:
    """A mend for a YAML file in the words of a cell."""
    found = re.search(r'\{printed: "(.*?)", read-as: "(.*?)"\}', mend)
    if found is None:
        return mend
    return (
        f"if the source prints it so, keep it and write what it must be behind it: "
        f"'{found[1]} [read as {found[2]}]', with a doubt (kind: unit) that gives the reason"
    )
