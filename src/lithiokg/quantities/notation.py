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
_MANTISSA = r"(?:(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+)"
_TIMES = r"\s*[×x*·]\s*"
# Without its sign, an exponent that has lost its superscript cannot be told from digits: "10-4" is read behind
# a times sign only, and "103" not at all.
_RAISED = r"10\s?(?:\^|\*\*)\s?(?:[+-]?[0-9]{1,2}(?![0-9])|\{[+-]?[0-9]{1,2}\}|\([+-]?[0-9]{1,2}\))"
_LOWERED = r"10\s?[+-][0-9]{1,2}(?![0-9])"
_NUMBER = (
    rf"[+-]?(?:(?:{_MANTISSA}{_TIMES})?{_RAISED}|{_MANTISSA}(?:{_TIMES}{_LOWERED}|[eE][+-]?[0-9]{{1,2}})?)"
)
_FIRST = re.compile(_NUMBER)
_BETWEEN = r"\s*(?:-|~|…|\.{2,3}|\bto\b)\s*"
_TO = re.compile(rf"{_BETWEEN}(?P<number>{_NUMBER})")
_TIMES_TEN = re.compile(r"\s*(?<!\*)[×x*·]\s*10\s?(?:\^|\*\*)?")
_TEN = re.compile(r"10\s?(?:\^|\*\*)")
_SHARED = re.compile(
    rf"\(\s*(?P<low>{_MANTISSA}){_BETWEEN}(?P<high>{_MANTISSA})\s*\)(?P<power>{_TIMES}(?:{_RAISED}|{_LOWERED}))"
)
_LOST = re.compile(
    rf"10\s?-\s?(?P<one>[0-9]{{1,2}})(?:(?![0-9.,]).{{0,40}}?{_BETWEEN}10\s?-\s?(?P<two>[0-9]{{1,2}}))?"
    r"(?P<unit>(?![0-9.,:^*×·]|[eE][+-]?[0-9]).*)"
)
_BLANK = re.compile(
    r"\s+10\s?(?:\^|\*\*)?\s?(?P<power>[+-][0-9]{1,2}|(?<=[\^*])[0-9]{1,2})(?![0-9])(?P<unit>.*)"
)
_BARE_POWER = re.compile(rf"{_TIMES}10\s?(?P<power>[0-9]{{1,2}})(?![0-9])(?P<unit>.*)")
_AGAINST = re.compile(
    r"(?P<unit>m?V)\s*[,(]?\s*(?:vs\.?|versus|against)\s*(?P<couple>Li(?:\s?/\s?Li\s?\^?[+⁺]|\s?\^?[+⁺]\s?/\s?Li)?)\)?"
)
_PROPORTION = r"[0-9]{1,4}(?:\.[0-9]{1,4})?"
_PARTS = rf"(?P<parts>{_PROPORTION}(?:\s?:\s?{_PROPORTION})+)"
_KIND = r"v/v|vol/vol|by volume|vol|w/w|wt/wt|by weight|by mass|wt"
_RATIO = re.compile(
    rf"(?:(?P<before>{_KIND})\s*[=:]?\s*{_PARTS}|{_PARTS.replace('parts', 'parts2')}"
    rf"[\s,]*\(?(?:in |= ?)?(?P<after>{_KIND})\)?)",
    re.IGNORECASE,
)
_POWERED = re.compile(r"[×x*·^eE]")
_MAX_LENGTH = 120
_MAX_DIGITS = 30

#: What to do with a molality where a concentration is asked for.
MOLALITY = (
    "write 'M' where mol per litre of solution is meant; a molality (mol per kg of solvent) is no concentration, "
    "and is said in a claim or a note"
)


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
    _lost_power(text, comparator, rest, known)
    rest = _SHARED.sub(r"\g<low>\g<power> to \g<high>\g<power>", rest, count=1)
    first = _FIRST.match(rest)
    if first is None:
        if _RATIO.fullmatch(plain):
            return _ratio(text, plain)
        raise _no_number(text, rest)
    low = _number(text, first.group())
    rest = rest[first.end() :]
    if rest.startswith(":") and _RATIO.fullmatch(plain):
        return _ratio(text, plain)
    _lost_times(text, comparator, first.group(), rest)
    split = _range(text, first.group(), rest, kind, known)
    if split is None:
        unit = _unit(text, rest, kind, known)
        return Reported(text, comparator, unit.iri, value=low)
    low, high, unit = split
    if comparator not in "=~":
        raise _error(
            text, f"has the comparator {comparator!r} before a range", "give a range or a bound, not both"
        )
    if low > high:
        raise _runs_down(text, low, high, plain)
    return Reported(text, comparator, unit.iri, minimum=low, maximum=high)


def _runs_down(text: str, low: Decimal, high: Decimal, plain: str) -> QuantityError:
    mend = "write the smaller number first"
    comparator, rest = _comparator(plain)
    if lost := _LOST.fullmatch(rest):
        sign = "" if comparator == "=" else comparator
        power, unit = lost["one"], _spaced(lost["unit"])
        mend += f" ('{sign}{power} to 10{unit}'), or, if it is a power of ten, '{sign}10^-{power}{unit}'"
    return _error(text, f"is a range that runs down, from {low} to {high}", mend)


def _spaced(unit: str) -> str:
    """A unit as it stands behind a number."""
    return f" {unit.strip()}".rstrip()


def _lost_power(text: str, comparator: str, rest: str, known: Registry) -> None:
    """Refuse ``10-12 S cm-1``, which is a power of ten whose superscript a PDF has lost, or else a range.

    Conductivities and diffusion coefficients span decades; elsewhere ``10-12`` is a range. Behind a bound, and
    where both ends of a range look like it, it can only be a power.
    """
    lost = _LOST.fullmatch(rest)
    if lost is None:
        return
    unit, sign = _spaced(lost["unit"]), "" if comparator == "=" else comparator
    if lost["two"]:
        low, high = sorted((int(lost["one"]), int(lost["two"])), reverse=True)
        raise _error(
            text,
            "has lost the superscripts of its powers of ten",
            f"write '{'~' if comparator == '~' else ''}10^-{low} to 10^-{high}{unit}'",
        )
    found = known.find_unit(unit) if unit else None
    decades = {
        known.units[UNIT + key].dimension_vector
        for key in ("siemens-per-centimetre", "square-centimetre-per-second")
    }
    power = f"'{sign}10^-{lost['one']}{unit}'"
    if comparator not in "=~":
        raise _error(
            text,
            f"has the comparator {comparator!r} before what looks like a range",
            f"write {power} if it is a power of ten; else give a range or a bound, not both",
        )
    if found is not None and found.dimension_vector in decades:
        low, high = sorted((10, int(lost["one"])))
        raise _error(
            text,
            "may be a power of ten or a range",
            f"a power of ten or a range? write {power} or '{sign}{low} to {high}{unit}'",
        )


def _lost_times(text: str, comparator: str, number: str, rest: str) -> None:
    """Refuse ``2.3 10-4`` and ``2.3 × 103``, whose times sign or superscript is lost."""
    sign = "" if comparator == "=" else comparator
    if blank := _BLANK.fullmatch(rest):
        raise _error(
            text,
            "lacks the times sign of its power of ten",
            f"write '{sign}{number}e{blank['power']}{_spaced(blank['unit'])}'",
        )
    if bare := _BARE_POWER.fullmatch(rest):
        unit = _spaced(bare["unit"])
        product = format(_number(text, number) * int("10" + bare["power"]), "f")
        power = "" if bare["power"].startswith("0") else f"'{sign}{number}e{bare['power']}{unit}' or "
        raise _error(
            text,
            "may be a product, or a power of ten that has lost its superscript",
            f"write {power}'{sign}{product}{unit}'",
        )


def _error(text: str, what: str, mend: str) -> QuantityError:
    return QuantityError(f"the figure {text!r} {what}", mend=mend)


def _comparator(plain: str) -> tuple[str, str]:
    """Split off the comparator; without one a figure is exact.

    A bound that is about, as in ``>~5 nm``, may be met exactly: it is at least or at most that number.
    """
    sign = _COMPARATOR.match(plain)
    if sign is None:
        return "=", plain
    name, rest = _SIGNS[sign.group().casefold()], plain[sign.end() :].lstrip()
    second = _COMPARATOR.match(rest)
    names = {name, _SIGNS[second.group().casefold()]} if second else set()
    if second and "~" in names and (bound := names & {">", "<", ">=", "<="}):
        return bound.pop()[0] + "=", rest[second.end() :].lstrip()
    return name, rest


def _no_number(text: str, rest: str) -> QuantityError:
    start = rest.split(maxsplit=1)[0] if rest.split() else rest
    known = ", ".join(dict.fromkeys(sign for signs in COMPARATORS.values() for sign in signs))
    return _error(
        text,
        f"has no number where {start!r} stands" if start else "has no number",
        f"write a number, a range such as '5-10 nm', or one of these before the number: {known}",
    )


def _number(text: str, spelling: str) -> Decimal:
    """Read a number exactly; a power of ten may be printed as ``10^-4``, ``× 10-4`` or ``e-4``."""
    plain = re.sub(r"[,\s{}()]", "", _TEN.sub("1e", _TIMES_TEN.sub("e", spelling, count=1)))
    if sum(character.isdigit() for character in plain) > _MAX_DIGITS:
        raise _error(text, f"has a number of more than {_MAX_DIGITS} digits", "check the figure")
    return Decimal(plain)


def _range(
    text: str, first: str, rest: str, kind: str | None, known: Registry
) -> tuple[Decimal, Decimal, Unit] | None:
    """Read the second half of a range; None where the figure is not a range.

    The exponent of a unit looks like the end of a range (``cm-2``), so a split counts only where
    what stands after the second number is a unit.
    """
    for split in _TO.finditer(rest):
        before, after = rest[: split.start()].strip(), rest[split.end() :].strip()
        inner = known.find_unit(before) if before else None
        if before and (not after or inner is None):
            continue
        unit = _unit(text, after, kind, known)
        low, high = _number(text, first), _number(text, split["number"])
        if not before:
            _shared_power(text, first, split["number"], _spaced(after))
        if inner is None or inner == unit:
            return low, high, unit
        return _in_one_unit(text, (low, inner, before), (high, unit, after))
    return None


def _shared_power(text: str, first: str, second: str, unit: str) -> None:
    """Refuse ``1-2 × 10^4``, where the power may be that of the second number alone or of both."""
    found = _TIMES_TEN.search(second)
    if found is None or _POWERED.search(first):
        return
    factor, power = second[: found.start()], re.sub(r"[\s{}()]", "", second[found.end() :])
    about = "~" if _comparator(plain_typography(text).strip())[0] == "~" else ""
    alone, both = f"{about}{first} to {factor}e{power}{unit}", f"{about}({first}-{factor}) × 10^{power}{unit}"
    # A range that runs down is none.
    if _number(text, first) <= _number(text, factor):
        either = f", else '{alone}'" if _number(text, first) <= _number(text, second) else ""
        raise _error(
            text,
            "has a power of ten behind its second number alone",
            f"write '{both}' if both numbers have it{either}",
        )


def _in_one_unit(
    text: str, low: tuple[Decimal, Unit, str], high: tuple[Decimal, Unit, str]
) -> tuple[Decimal, Decimal, Unit]:
    """Both ends in the finer of their units, in which the other one has no more digits than it needs."""
    # It reads figures itself, and pint is slow to import.
    from lithiokg.quantities.conversion import convert, same_dimension  # noqa: PLC0415

    if not same_dimension(low[1], high[1]):
        raise _error(text, f"gives its ends in {low[2]!r} and {high[2]!r}", "give both in one unit")
    unit = min(low[1], high[1], key=lambda unit: unit.multiplier)
    return convert(low[0], low[1], unit), convert(high[0], high[1], unit), unit


def _unit(text: str, spelling: str, kind: str | None, known: Registry) -> Unit:
    spelling = spelling.strip()
    if not spelling:
        return known.units[UNIT + "one"]
    item = known.property(kind) if kind else None
    against = _AGAINST.fullmatch(spelling)
    if against is not None:
        if item is None or item.canonical_unit != UNIT + "volt":
            what = item.label if item is not None else "what is no potential"
            raise _error(
                text,
                f"is a potential against {against['couple']}",
                f"{what} is measured against no reference electrode: leave out what stands behind {against['unit']!r}",
            )
        spelling = against["unit"]
    unit = known.find_unit(spelling)
    if unit is None:
        if spelling == "m" and item is not None and item.canonical_unit == UNIT + "mol-per-litre":
            raise _error(
                text, "has the unit 'm', which is molal (mol per kg of solvent), not molar", MOLALITY
            )
        raise _error(text, f"has an unknown unit {spelling!r}", _unit_mend(spelling, kind, known))
    if unit.key == "c-rate" and spelling == "C" and (kind or "").removeprefix(PROPERTY) != "c-rate":
        raise _error(
            text,
            "has the unit 'C', which may be a C-rate, a coulomb or a degree Celsius",
            "write '°C' for a temperature, or give the figure as the condition c-rate",
        )
    return unit


def _unit_mend(spelling: str, kind: str | None, known: Registry) -> str:
    from lithiokg.quantities.conversion import same_dimension  # noqa: PLC0415 - as above

    item = known.property(kind) if kind else None
    canonical = known.units[item.canonical_unit] if item and item.canonical_unit else None
    close = [
        unit.symbol
        for unit in known.close_units(spelling)
        if unit.key != "one" and (canonical is None or same_dimension(unit, canonical))
    ]
    if close:
        return "did you mean " + " or ".join(repr(symbol) for symbol in close) + "?"
    if item is not None and canonical is not None:
        return f"a {item.label} is given in {canonical.symbol!r}"
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
