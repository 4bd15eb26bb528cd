"""The notation of a reported figure: comparator, number or range or proportions, unit.

``~24 Ω``, ``Less 0.15 V``, ``99.8%-100%``, ``180–300 °C``, ``v/v=1:1``, ``0.61``. The grammar is
strict: what it does not read, it refuses, naming the part and the mend.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from lithiokg.errors import SourceError
from lithiokg.quantities.spelling import plain_typography
from lithiokg.quantities.units import PROPERTY, UNIT, Registry, Unit, registry

__all__ = ["COMPARATORS", "QuantityError", "Reported", "parse"]

#: Comparators, and how papers print each. "±70 mV" is the swing of a symmetric cell: its magnitude.
COMPARATORS: dict[str, tuple[str, ...]] = {
    "=": ("=", "±"),
    "~": ("~", "near", "about", "around", "approximately", "approx.", "ca.", "circa"),
    ">": (">", "over", "more than", "greater than", "larger than", "above", "beyond"),
    "<": ("<", "less than", "less", "smaller than", "lower than", "below", "under"),
    ">=": (">=", "at least", "no less than"),
    "<=": ("<=", "at most", "up to", "no more than"),
}

_SIGNS = {sign: name for name, signs in COMPARATORS.items() for sign in signs}
_COMPARATOR = re.compile(
    "|".join(
        re.escape(sign) + (r"(?![a-z])" if sign[-1].isalpha() else "")
        for sign in sorted(_SIGNS, key=len, reverse=True)
    ),
    re.IGNORECASE,
)
_NUMBER = (
    r"[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
    r"(?:\s*[×x*·]\s*10\s?\^?[+-]?[0-9]{1,2}|[eE][+-]?[0-9]{1,2})?"
)
_FIRST = re.compile(_NUMBER)
_TO = re.compile(rf"\s*(?:-|~|\bto\b)\s*(?P<number>{_NUMBER})")
_POWER = re.compile(r"\s*[×x*·]\s*10\s?\^?")
_PROPORTION = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_PARTS = rf"(?P<parts>{_PROPORTION}(?:\s?:\s?{_PROPORTION})+)"
_KIND = r"v/v|vol/vol|by volume|vol|w/w|wt/wt|by weight|by mass|wt"
_RATIO = re.compile(
    rf"(?:(?P<before>{_KIND})\s*[=:]?\s*{_PARTS}|{_PARTS.replace('parts', 'parts2')}"
    rf"[\s,]*\(?(?:in |= ?)?(?P<after>{_KIND})\)?)",
    re.IGNORECASE,
)
_MAX_LENGTH = 120
_MAX_DIGITS = 30


class QuantityError(SourceError):
    """A figure that is not in the notation, or whose unit does not fit its property."""


@dataclass(frozen=True, slots=True)
class Reported:
    """What a printed figure says: a value, a range or proportions, and the unit as printed.

    Numbers keep the digits that are printed: ``0.50`` stays ``0.50``. ``unit`` is the unit's IRI.
    """

    printed: str
    comparator: str
    unit: str
    value: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    ratio: str | None = None


def parse(text: str, *, kind: str | None = None, units: Registry | None = None) -> Reported:
    """Read a figure as printed.

    Args:
        text: the figure, such as ``"~24 Ω"``; a bare number is of dimension one.
        kind: the IRI or key of the property. ``10 C`` is read as a C-rate only where this says so.
        units: the units to read by; those of the shipped ontology by default.

    Raises:
        QuantityError: naming the part that is not in the notation, and the mend.

    >>> parse("750 μA cm-2").unit.rpartition("/")[2]
    'microampere-per-square-centimetre'
    >>> r = parse("99.8%-100%")
    >>> str(r.minimum), str(r.maximum)
    ('99.8', '100')
    >>> parse("v/v=1:1").ratio
    '1:1'
    """
    known = units or registry()
    if len(text) > _MAX_LENGTH:
        raise _error(text[:40] + "…", f"is {len(text)} characters long", "give the figure alone")
    plain = plain_typography(text).strip()
    if not plain:
        raise _error(text, "is empty", "write a figure such as '~24 Ω', or leave the field out")
    if kind is not None and kind.removeprefix(PROPERTY) == "solvent-ratio":
        return _ratio(text, plain)
    comparator, rest = _comparator(plain)
    first = _FIRST.match(rest)
    if first is None:
        if _RATIO.fullmatch(plain):
            return _ratio(text, plain)
        raise _no_number(text, rest)
    low = _number(text, first.group())
    rest = rest[first.end() :]
    if rest.startswith(":") and _RATIO.fullmatch(plain):
        return _ratio(text, plain)
    split = _range(text, rest, kind, known)
    if split is None:
        unit = _unit(text, rest, kind, known)
        return Reported(text, comparator, unit.iri, value=low)
    high, unit = split
    if comparator not in "=~":
        raise _error(
            text, f"has the comparator {comparator!r} before a range", "give a range or a bound, not both"
        )
    if low > high:
        raise _error(
            text, f"is a range that runs down, from {low} to {high}", "write the smaller number first"
        )
    return Reported(text, comparator, unit.iri, minimum=low, maximum=high)


def _error(text: str, what: str, mend: str) -> QuantityError:
    return QuantityError(f"the figure {text!r} {what}", mend=mend)


def _comparator(plain: str) -> tuple[str, str]:
    """Split off the comparator; without one a figure is exact."""
    sign = _COMPARATOR.match(plain)
    if sign is None:
        return "=", plain
    return _SIGNS[sign.group().casefold()], plain[sign.end() :].lstrip()


def _no_number(text: str, rest: str) -> QuantityError:
    start = rest.split(maxsplit=1)[0] if rest.split() else rest
    known = ", ".join(dict.fromkeys(sign for signs in COMPARATORS.values() for sign in signs))
    return _error(
        text,
        f"has no number where {start!r} stands" if start else "has no number",
        f"write a number, a range such as '5-10 nm', or one of these before the number: {known}",
    )


def _number(text: str, spelling: str) -> Decimal:
    """Read a number exactly; a power of ten may be printed as ``× 10-4`` or ``e-4``."""
    plain = _POWER.sub("e", spelling).replace(",", "")
    if sum(character.isdigit() for character in plain) > _MAX_DIGITS:
        raise _error(text, f"has a number of more than {_MAX_DIGITS} digits", "check the figure")
    return Decimal(plain)


def _range(text: str, rest: str, kind: str | None, known: Registry) -> tuple[Decimal, Unit] | None:
    """Read the second half of a range; None where the figure is not a range.

    The exponent of a unit looks like the end of a range (``cm-2``), so a split counts only where
    what stands after the second number is a unit.
    """
    for split in _TO.finditer(rest):
        before, after = rest[: split.start()].strip(), rest[split.end() :].strip()
        if before and (not after or known.find_unit(before) is None):
            continue
        unit = _unit(text, after, kind, known)
        if before and known.find_unit(before) != unit:
            raise _error(text, f"gives its ends in {before!r} and {after!r}", "give both in one unit")
        return _number(text, split["number"]), unit
    return None


def _unit(text: str, spelling: str, kind: str | None, known: Registry) -> Unit:
    spelling = spelling.strip()
    if not spelling:
        return known.units[UNIT + "one"]
    unit = known.find_unit(spelling)
    if unit is None:
        raise _error(text, f"has an unknown unit {spelling!r}", _unit_mend(spelling, kind, known))
    if unit.key == "c-rate" and spelling == "C" and (kind or "").removeprefix(PROPERTY) != "c-rate":
        raise _error(
            text,
            "has the unit 'C', which may be a C-rate, a coulomb or a degree Celsius",
            "write '°C' for a temperature, or give the figure as the condition c-rate",
        )
    return unit


def _unit_mend(spelling: str, kind: str | None, known: Registry) -> str:
    close = [unit.symbol for unit in known.close_units(spelling)]
    if close:
        return "did you mean " + " or ".join(repr(symbol) for symbol in close) + "?"
    item = known.property(kind) if kind else None
    if item is not None and item.canonical_unit is not None:
        return f"a {item.label} is given in {known.units[item.canonical_unit].symbol!r}"
    symbols = ", ".join(unit.symbol for unit in known.units.values())
    return f"known are: {symbols}; a new unit is added in ontology/modules/quantities.ttl"


def _ratio(text: str, plain: str) -> Reported:
    ratio = _RATIO.fullmatch(plain)
    if ratio is None:
        raise _error(
            text,
            "is not a ratio of parts",
            "write it like 'v/v=1:1', '1:1 v/v', '2:6:2 by weight' or '2:6:2 w/w'",
        )
    parts = re.sub(r"\s", "", ratio["parts"] or ratio["parts2"])
    if not any(Decimal(part) for part in parts.split(":")):
        raise _error(text, "has no part above zero", "check the figure")
    kind = (ratio["before"] or ratio["after"]).casefold()
    unit = "volume-ratio" if "v" in kind else "weight-ratio"
    return Reported(text, "=", UNIT + unit, ratio=parts)
