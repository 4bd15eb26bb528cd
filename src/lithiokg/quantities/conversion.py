"""From the unit as printed to the canonical unit of the property, exactly.

Factors come from pint; the arithmetic is done in fractions, so that 0.15 V is 150 mV and seven days
are 168 h without float noise. A quotient that no decimal ends is rounded to 28 digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache, reduce
from itertools import product
from math import gcd
from typing import TYPE_CHECKING

from lithiokg.quantities.notation import MOLALITY, QuantityError, Reported, parse
from lithiokg.quantities.spelling import Factors, pint_expression
from lithiokg.quantities.units import Property, Registry, Unit, registry

if TYPE_CHECKING:
    import pint

__all__ = ["Canonical", "convert", "pint_registry", "same_dimension", "si_scale", "to_canonical"]

_DIGITS = 28

# Pint counts cycles, C-rates, angles and mixing ratios as pure numbers. Here each has a dimension of
# its own, so that a figure in percent is refused where cycles are wanted.
_DEFINITIONS = (
    "lithiokg_cycle = [lithiokg_cycle_count]",
    "lithiokg_c_rate = [lithiokg_charge_rate]",
    "lithiokg_degree = [lithiokg_plane_angle]",
    "lithiokg_volume_ratio = [lithiokg_volume_fraction]",
    "lithiokg_volume_percent = 0.01 * lithiokg_volume_ratio",
    "lithiokg_weight_ratio = [lithiokg_mass_fraction]",
    "lithiokg_weight_percent = 0.01 * lithiokg_weight_ratio",
)


@dataclass(frozen=True, slots=True)
class Canonical:
    """A quantity in the canonical unit of its property; ``unit`` is the unit's IRI."""

    comparator: str
    unit: str
    value: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    ratio: str | None = None


@lru_cache(maxsize=1)
def pint_registry() -> pint.UnitRegistry[Decimal]:
    """Pint with decimal numbers and the definitions of this package."""
    import pint  # noqa: PLC0415 - slow to import

    units: pint.UnitRegistry[Decimal] = pint.UnitRegistry(
        non_int_type=Decimal, autoconvert_offset_to_baseunit=True
    )
    for definition in _DEFINITIONS:
        units.define(definition)
    return units


@lru_cache(maxsize=512)
def si_scale(unit: Factors) -> tuple[str, Fraction, Fraction]:
    """Dimension, multiplier and offset of a unit: ``si = figure * multiplier + offset``.

    Raises:
        QuantityError: if pint does not know a factor.
    """
    import pint  # noqa: PLC0415 - slow to import

    expression = pint_expression(unit)
    units = pint_registry()
    try:
        parsed = units.parse_units(expression)
        zero = units.Quantity(Decimal(0), parsed).to_base_units()
        one = units.Quantity(Decimal(1), parsed).to_base_units()
    except (pint.PintError, ValueError) as error:
        raise QuantityError(
            f"pint cannot read the unit {expression!r}: {error}",
            mend="spell its symbol in ontology/modules/quantities.ttl with factors that pint knows",
        ) from error
    dimension = str(one.dimensionality)
    offset = Fraction(zero.magnitude)
    return dimension, Fraction(one.magnitude) - offset, offset


def same_dimension(one: Unit, other: Unit) -> bool:
    """Whether figures in one unit can be converted to the other."""
    return si_scale(one.factors)[0] == si_scale(other.factors)[0]


def convert(number: Decimal, source: Unit, target: Unit) -> Decimal:
    """Convert a number between two units of one dimension.

    Raises:
        QuantityError: if the dimensions differ.

    >>> units = registry()
    >>> str(convert(Decimal("750"), units.find_unit("μA cm-2"), units.find_unit("mA/cm2")))
    '0.75'
    """
    if source == target:
        return number
    if not same_dimension(source, target):
        raise QuantityError(
            f"{source.label} ({source.symbol}) does not convert to {target.label} ({target.symbol})",
            mend="choose a unit of the same dimension",
        )
    _, multiplier, offset = si_scale(source.factors)
    _, target_multiplier, target_offset = si_scale(target.factors)
    return _decimal((Fraction(number) * multiplier + offset - target_offset) / target_multiplier)


def _decimal(number: Fraction) -> Decimal:
    """The exact decimal where there is one, else 28 significant digits; never in exponent form."""
    twos = (number.denominator & -number.denominator).bit_length() - 1
    odd, fives = number.denominator >> twos, 0
    while odd % 5 == 0:
        odd, fives = odd // 5, fives + 1
    if odd == 1:
        places = max(twos, fives)
        scaled = number.numerator * 10**places // number.denominator
        digits = tuple(int(digit) for digit in str(abs(scaled)))
        return Decimal((int(scaled < 0), digits, -places))
    magnitude = abs(number)
    exponent = len(str(magnitude.numerator)) - len(str(magnitude.denominator))
    places = _DIGITS - exponent
    scaled = round(number * Fraction(10) ** places)
    return Decimal((int(scaled < 0), tuple(map(int, str(abs(scaled)))), -places))


def to_canonical(reported: Reported, property: str, *, units: Registry | None = None) -> Canonical:  # noqa: A002
    """Express a reported figure in the canonical unit of its property.

    Args:
        reported: what the print says.
        property: the property's IRI or key.
        units: the units to convert by; those of the shipped ontology by default.

    Raises:
        QuantityError: if the property is unknown or is stated in words only, or if the unit has
            the wrong dimension. The mend proposes what the figure may have to be read as.

    >>> from lithiokg.quantities.notation import parse
    >>> canonical = to_canonical(parse("Less 0.15 V"), "voltage-polarization")
    >>> canonical.comparator, str(canonical.value), canonical.unit.rpartition("/")[2]
    ('<', '150', 'millivolt')
    """
    known = units or registry()
    item = known.property(property)
    if item is None:
        close = known.close_properties(property)
        mend = f"did you mean {' or '.join(close)}?" if close else "see ontology/modules/quantities.ttl"
        raise QuantityError(f"there is no observable property {property!r}", mend=mend)
    source = known.units[reported.unit]
    if reported.ratio is not None and item.canonical_unit is None and item.key == "solvent-ratio":
        return Canonical(reported.comparator, source.iri, ratio=_lowest_terms(reported.ratio))
    if item.canonical_unit is None:
        what = "given as a ratio of parts" if item.key == "solvent-ratio" else "stated in words only"
        raise QuantityError(
            f"{reported.printed!r} is a figure, but {item.label} is {what}",
            mend="make it a claim, or choose another property",
        )
    target = known.units[item.canonical_unit]
    if source.key == "one" and target.key != "one":
        raise _without_unit(reported, target, property, known)
    if reported.ratio is not None or not same_dimension(source, target):
        raise _wrong_dimension(reported, source, item, known)
    numbers = (reported.value, reported.minimum, reported.maximum)
    value, minimum, maximum = (
        None if number is None else convert(number, source, target) for number in numbers
    )
    return Canonical(reported.comparator, target.iri, value=value, minimum=minimum, maximum=maximum)


def _lowest_terms(ratio: str) -> str:
    """Proportions in lowest whole numbers: ``2:6:2`` is ``1:3:1``."""
    parts = [Fraction(part) for part in ratio.split(":")]
    scale = reduce(lambda one, other: one * other // gcd(one, other), (part.denominator for part in parts))
    whole = [int(part * scale) for part in parts]
    common = reduce(gcd, whole)
    return ":".join(str(part // common) for part in whole)


def _without_unit(reported: Reported, target: Unit, kind: str, known: Registry) -> QuantityError:
    """A bare number is never a percentage by itself: 80 may be meant by it as well as 0.80."""
    printed = reported.printed.strip()
    message = f"the figure {reported.printed!r} has no unit"
    written = f"{printed}{'' if target.symbol == '°' else ' '}{target.symbol}"
    try:
        parse(written, kind=kind, units=known)
    except QuantityError as error:
        return QuantityError(message, mend=error.mend)
    largest = reported.value if reported.value is not None else reported.maximum
    if target.key == "percent" and largest is not None and abs(largest) <= 1:
        sign = "" if reported.comparator == "=" else reported.comparator
        numbers = [
            number for number in (reported.value, reported.minimum, reported.maximum) if number is not None
        ]
        percent = " to ".join(f"{_percent(number):f}" for number in numbers)
        mend = f"write '{sign}{percent} %' if it is a fraction of one, '{written}' if it is percent already"
    else:
        mend = f"write the unit beside the number, as printed: '{written}'"
    return QuantityError(message, mend=mend)


def _percent(fraction: Decimal) -> Decimal:
    """A fraction of one in percent, with the digits that it has."""
    percent = fraction.scaleb(2)
    return percent if percent.as_tuple().exponent <= 0 else percent.quantize(Decimal(1))  # type: ignore[operator]


def _wrong_dimension(reported: Reported, source: Unit, item: Property, known: Registry) -> QuantityError:
    assert item.canonical_unit is not None  # noqa: S101 - the caller has asked
    target = known.units[item.canonical_unit]
    message = (
        f"{reported.printed!r} is in {source.label} ({source.symbol}), "
        f"but {item.label} is measured in {target.label} ({target.symbol})"
    )
    if (source.key, target.key) == ("mol-per-kilogram", "mol-per-litre"):
        return QuantityError(message, mend=MOLALITY)
    slip = _slip(source, target, known)
    if slip is not None and reported.ratio is None:
        figure = reported.printed
        mended = _number_part(reported) + (slip.symbol if slip.symbol == "°" else f" {slip.symbol}")
        mend = (
            f"if the source prints it so, keep it and say what it must be: "
            f'{{printed: "{figure}", read-as: "{mended}"}}, with a doubt that gives the reason'
        )
        return QuantityError(message, mend=mend)
    others = [
        other.key
        for other in known.properties.values()
        if other.canonical_unit is not None and same_dimension(known.units[other.canonical_unit], source)
    ]
    known_as = f"{source.symbol} is the unit of {', '.join(others[:4])}; " if others else ""
    return QuantityError(message, mend=f"{known_as}correct the unit or the property")


def _slip(source: Unit, target: Unit, known: Registry) -> Unit | None:
    """The unit that was meant, where the sign of an exponent or a degree sign explains the print."""
    if source.key == "degree-celsius" and target.key == "degree-angle":
        return target
    for signs in product((1, -1), repeat=len(source.factors)):
        flipped = tuple(
            (name, power * sign) for (name, power), sign in zip(source.factors, signs, strict=True)
        )
        unit = known.unit_of(flipped)
        if unit is not None and unit != source and same_dimension(unit, target):
            return unit
    return None


def _number_part(reported: Reported) -> str:
    """The figure without its unit, its comparator as a sign."""
    sign = "" if reported.comparator == "=" else reported.comparator
    if reported.value is not None:
        return f"{sign}{reported.value:f}"
    return f"{sign}{reported.minimum:f}-{reported.maximum:f}"
