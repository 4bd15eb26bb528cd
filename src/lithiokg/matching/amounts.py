"""Numbers with units and comparators as people write them in a sentence.

"above 1 mA cm-2", "at least 800 h", "between 10 and 20 mV", "500 cycles or more", "five hundred hours".
Units are those of the ontology, found by :mod:`lithiokg.quantities`; so is the conversion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from lithiokg.quantities.spelling import factors

if TYPE_CHECKING:
    from lithiokg.quantities import Registry, Unit

__all__ = ["Amount", "Bound", "find_amounts", "has_figure", "in_unit"]

#: What a comparator says of the number: it is the least, the most, or simply the number.
Bound: TypeAlias = Literal["least", "most", "exact"]

_NUMBER = r"[0-9]+(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|\.[0-9]+"
_POWER = r"(?:\s*[x×*·]\s*10\s?\^?[+-]?[0-9]{1,2}|[eE][+-]?[0-9]{1,2})?"
_DIGITS = {
    word: number
    for number, word in (
        *enumerate("one two three four five six seven eight nine ten".split(), start=1),  # noqa: SIM905
        *((12, "twelve"), (15, "fifteen"), (20, "twenty"), (30, "thirty"), (40, "forty"), (50, "fifty")),
        *((60, "sixty"), (70, "seventy"), (80, "eighty"), (90, "ninety")),
    )
}
_SCALES = {"hundred": 100, "thousand": 1000, "dozen": 12}
_WORDED = rf"(?:(?:a|{'|'.join(_DIGITS)})[\s-]+)?(?:{'|'.join(_SCALES)})|{'|'.join(_DIGITS)}"
#: Neither a formula (Li7P3S11), nor a name (type 2-x), nor a number within one (LiNi0.8) is an amount.
_FIGURE = re.compile(
    rf"(?<![\w.])(?:(?P<figure>{_NUMBER})(?P<power>{_POWER})|(?P<words>{_WORDED})(?=\W|$|fold))",
    re.IGNORECASE,
)
_MORE = r"more|greater|higher|larger|longer|bigger|better|above|over|up(?:wards?)?|beyond"
_LESS = r"less|lower|smaller|shorter|fewer|below|under"
#: Comparators that stand before a number, the longer first.
_BEFORE: tuple[tuple[str, Bound], ...] = (
    (r"(?:no|not) (?:more|greater|higher|larger|longer) than|not (?:above|over|exceeding)", "most"),
    (r"(?:no|not) (?:less|lower|smaller|shorter|fewer) than|not (?:below|under)", "least"),
    (r"at least|a minimum of|minimum of|minimum|no fewer than|from|starting from|>=|≥|>", "least"),
    (rf"(?:{_MORE}) than|above|over|beyond|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess of", "least"),
    (r"at most|a maximum of|maximum of|maximum|up to|within|<=|≤|<", "most"),
    (rf"(?:{_LESS}) than|below|under|lower|less", "most"),
    (
        r"about|around|approximately|roughly|near|some|~|≈|=|exactly|of|at|for|after|with|in|the|a|is|was|to",
        "exact",
    ),
)
_COMPARATORS = [
    (re.compile(rf"(?:^|(?<=[\s(,;])){words}\s*$", re.IGNORECASE), bound)
    for words, bound in ((f"(?:{pattern})", bound) for pattern, bound in _BEFORE)
]
_BEHIND: tuple[tuple[re.Pattern[str], Bound], ...] = (
    (re.compile(rf"\s*(?:or|and)\s+(?:{_MORE})\b|\s+(?:at least|minimum|upwards)\b", re.IGNORECASE), "least"),
    (re.compile(rf"\s*(?:or|and)\s+(?:{_LESS})\b|\s+(?:at most|maximum)\b", re.IGNORECASE), "most"),
)
_FOLD = re.compile(r"[\s-]?fold\b|\s+times\b", re.IGNORECASE)
_PLUS = re.compile(r"\+(?![\w+])")
#: What stands between the two ends of a range.
_TO = re.compile(r"\s*(?:-|–|—|\bto\b|\band\b|\.\.\.?)\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:\bbetween|\bfrom)\s*$", re.IGNORECASE)
#: The longest spelling of a unit, in characters: "milliampere hour per square centimetre" and some.
_UNIT_LENGTH = 48
_UNIT = re.compile(r"[^\s,;:?!()]+")
_UNIT_WORDS = 6
#: What may stand between a number and what it counts: 300 charge/discharge cycles.
_QUALIFIED = re.compile(
    r"(?:[\s-]*(?:stable|full|deep|more|complete|consecutive|continuous|galvanostatic|charge|discharge|charging"
    r"|discharging|plating|stripping|full-cell|and|/))+[\s-]+(?=cycles?\b|hours?\b|h\b|days?\b)",
    re.IGNORECASE,
)
#: Powers of ten by which units are written larger or smaller, and what is so written.
_PREFIXES = {"": 0, "k": 3, "M": 6, "c": -2, "m": -3, "μ": -6, "n": -9}
_SCALED = frozenset({"A", "V", "Ω", "m", "s", "g"})
#: One letter is a unit only where it stands alone behind a number, never "a" or "I".
_NO_UNITS = frozenset({"a", "i", "one", "in", "as", "at", "no", "to", "or"})
#: How units are read aloud, where the ontology has no label for them.
_SPOKEN = tuple(
    (re.compile(pattern), sign)
    for pattern, sign in (
        (r"\s*\bper (?:square|sq\.?) (?:centimet(?:re|er)s?|cm)\b", "/cm2"),
        (r"\s*\bper\s+", "/"),
        (r"\bmilli-?amp(?:ere)?[\s-]?hours?\b", "mAh"),
        (r"\bmilli-?amp(?:ere)?s?\b|\bma\b", "mA"),
        (r"\bmah\b", "mAh"),
        (r"\bmicro-?amp(?:ere)?s?\b", "μA"),
        (r"\bmilli-?volts?\b|\bmv\b", "mV"),
        (r"\bohms?\b", "Ω"),
        (r"(?<=Ω) (?:square|sq\.?) (?:centimet(?:re|er)s?|cm)\b", " cm2"),
    )
)
_FAMILIES = {
    "number": ("one", "percent"),
    "volume": ("volume-ratio", "volume-percent"),
    "weight": ("weight-ratio", "weight-percent"),
}
_CONTEXT = Context(prec=28)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in a text.

    Attributes:
        start: where it begins, its comparator included; ``end``: where it ends, with its unit.
        bound: whether it is the least, the most, or neither.
        number: the number; of a range, its lower end.
        upper: the upper end of a range.
        unit: its unit, where one stands behind it.
        text: as it is written.
        figure: where the number itself begins; ``figure_end``: where it ends.
    """

    start: int
    end: int
    bound: Bound
    number: Decimal
    text: str
    unit: Unit | None = None
    upper: Decimal | None = None
    figure: int = 0
    figure_end: int = 0


def has_figure(text: str) -> bool:
    """Whether there is a number in a text at all."""
    return _FIGURE.search(text) is not None


def find_amounts(text: str, units: Registry) -> list[Amount]:
    """All amounts in a text, in order.

    >>> from lithiokg.quantities import registry
    >>> [(a.bound, str(a.number), a.unit.symbol) for a in find_amounts("above 1 mA/cm2 for at least 800 hours", registry())]
    [('least', '1', 'mA cm-2'), ('least', '800', 'h')]
    """
    found: list[Amount] = []
    place = 0
    while match := _FIGURE.search(text, place):
        amount = _amount(text, match, place, units)
        place = match.end()
        if amount is not None:
            found.append(amount)
            place = max(place, amount.end)
    return found


def _amount(text: str, match: re.Match[str], least: int, units: Registry) -> Amount | None:
    """The amount whose number was found, or ``None`` if the number is none by itself."""
    number, fold = _number(match), _FOLD.match(text, match.end())
    glued = text[match.end() : match.end() + 1].isalpha()
    plus = _PLUS.match(text, match.end())
    unit = _unit(text, plus.end() if plus else match.end(), units)
    if unit is None and not fold and (glued or (match["words"] or "").lower() in _DIGITS):
        return None  # 3D and 2H are names, "one of these" counts nothing
    end = unit[1] if unit else fold.end() if fold else plus.end() if plus else match.end()
    start, bound = _comparator(text, match.start(), least)
    span = match.start(), match.end()
    second = _range(text, match, units)
    if second is not None:
        last, inner = second
        unit = _unit(text, last.end(), units) or inner
        end = last.end() if unit is inner or unit is None else unit[1]
        between = _BETWEEN.search(text, least, match.start())
        start, span = (between or match).start(), (match.start(), last.end())
        upper = _number(last)
        if upper < number:
            return None
        written = text[start:end].strip()
        return Amount(start, end, "least", number, written, unit[0] if unit else None, upper, *span)
    bound, end = ("least", end) if plus else _behind(text, end, bound)
    return Amount(start, end, bound, number, text[start:end].strip(), unit[0] if unit else None, None, *span)


def _behind(text: str, end: int, bound: Bound) -> tuple[Bound, int]:
    """What words behind an amount make of it ("or more"), and where they end."""
    for pattern, direction in _BEHIND:
        if after := pattern.match(text, end):
            return direction, after.end()
    return bound, end


def _number(match: re.Match[str]) -> Decimal:
    if match["words"]:
        product = Decimal(1)
        for word in re.split(r"[\s-]+", match["words"].lower()):
            product *= _DIGITS.get(word) or _SCALES.get(word) or 1
        return product
    power = re.sub(r"\s*[x×*·]\s*10\s?\^?", "e", match["power"] or "")
    return Decimal(match["figure"].replace(",", "") + power)


def _range(
    text: str, match: re.Match[str], units: Registry
) -> tuple[re.Match[str], tuple[Unit, int] | None] | None:
    """The second number of a range, and the unit that stands behind the first."""
    inner = _unit(text, match.end(), units)
    to = _TO.match(text, inner[1] if inner else match.end())
    if to is None:
        return None
    second = _FIGURE.match(text, to.end()) or re.compile(
        rf"(?P<figure>{_NUMBER})(?P<power>{_POWER})(?P<words>(?!))?"
    ).match(text, to.end())
    if second is None:
        return None
    joined = to[0].strip().lower()
    if joined == "and" and not _BETWEEN.search(text, 0, match.start()):
        return None
    unit = _unit(text, second.end(), units)
    if inner and unit and inner[0] != unit[0]:
        return None
    return second, inner


def _comparator(text: str, start: int, least: int) -> tuple[int, Bound]:
    """Where the amount begins with the words before its number, and what they say of it."""
    before = text[least:start]
    for pattern, bound in _COMPARATORS:
        if words := pattern.search(before):
            # A plain "of" or "at" belongs to the sentence, a comparator to the amount.
            return (start if bound == "exact" else least + words.start()), bound
    return start, "exact"


def _unit(text: str, start: int, units: Registry) -> tuple[Unit, int] | None:
    """The unit that begins at a place, by its longest spelling, and where it ends."""
    gap = _QUALIFIED.match(text, start) or re.compile(r"[ \t\u00a0\u2009\u202f]*-?").match(text, start)
    begin = gap.end() if gap else start
    ends: list[int] = []
    for word in _UNIT.finditer(text, begin, min(len(text), begin + _UNIT_LENGTH)):
        ends.append(word.end())
        if len(ends) == _UNIT_WORDS:
            break
    for end in reversed(ends):
        spelling = text[begin:end].rstrip(".?!,")
        if not spelling or spelling.lower() in _NO_UNITS:
            continue
        unit = (
            units.find_unit(spelling) or units.find_unit(_spoken(spelling)) or _scaled_unit(spelling, units)
        )
        # Case tells units of one letter apart: 3D is no three days.
        if unit is not None and unit.key != "one" and (len(spelling) > 1 or spelling in unit.spellings):
            return unit, begin + len(spelling)
    return None


def _scaled_unit(spelling: str, units: Registry) -> Unit | None:
    """A unit that the ontology has in another power of ten: kΩ cm2, A/cm2."""
    product = factors(spelling)
    for place, (name, exponent) in enumerate(product or ()):
        prefix, base = (name[0], name[1:]) if name[1:] in _SCALED and name[0] in _PREFIXES else ("", name)
        for other in _PREFIXES if base in _SCALED else ():
            rest = (*product[:place], *product[place + 1 :])  # type: ignore[index]
            unit = units.unit_of(tuple(sorted((*rest, (f"{other}{base}", exponent)))))
            if unit is not None:
                power = (_PREFIXES[prefix] - _PREFIXES[other]) * exponent
                return replace(unit, symbol=spelling, multiplier=unit.multiplier.scaleb(power))
    return None


def _family(unit: Unit) -> str:
    """Pure numbers that convert into each other: no dimension tells percent from cycles or degrees."""
    return next((family for family, keys in _FAMILIES.items() if unit.key in keys), unit.key)


def _spoken(spelling: str) -> str:
    """A unit as it is read aloud, as it is written: "milliamps per square centimeter"."""
    written = spelling.lower()
    for pattern, sign in _SPOKEN:
        written = pattern.sub(sign, written)
    return written


def in_unit(number: Decimal, source: Unit, target: Unit) -> Decimal | None:
    """A number in another unit, or ``None`` where the two measure different things.

    The same as :func:`lithiokg.quantities.convert`, but by the factors that the ontology gives its units: pint,
    which that function asks, takes longer to import than everything else here takes together.

    >>> from lithiokg.quantities import registry
    >>> unit = registry().find_unit
    >>> str(in_unit(Decimal(750), unit("μA cm-2"), unit("mA cm-2"))), in_unit(Decimal(1), unit("h"), unit("mV"))
    ('0.75', None)
    """
    if source == target:
        return number
    if source.dimension_vector != target.dimension_vector:
        return None
    if source.dimension_vector.endswith("D1") and _family(source) != _family(target):
        return None
    coherent = (number + source.offset) * source.multiplier
    exact = _CONTEXT.divide(coherent, target.multiplier) - target.offset
    return Decimal(f"{exact.normalize(_CONTEXT):f}")
