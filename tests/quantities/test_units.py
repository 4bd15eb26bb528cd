from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

import pint
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.errors import SourceError
from lithiokg.quantities import QuantityError, Unit, convert, parse, registry, to_canonical
from lithiokg.quantities.conversion import same_dimension, si_scale
from lithiokg.quantities.spelling import factors
from lithiokg.quantities.units import PROPERTY, UNIT
from lithiokg.sources import find_sources

if TYPE_CHECKING:
    from pathlib import Path

LKG = "https://w3id.org/lithiokg/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
UNITS = sorted(registry().units.values(), key=lambda unit: unit.iri)
CONVERTIBLE = [(a, b) for a in UNITS for b in UNITS if a != b and same_dimension(a, b)]
#: What pint calls the units that have a dimension of their own in this package.
PLAIN = {"degree-angle": "degree", "weight-percent": "percent", "volume-percent": "percent"}
PURE = {"cycle", "c-rate", "one", "volume-ratio", "weight-ratio"}


@lru_cache(maxsize=1)
def plain_pint() -> pint.UnitRegistry[Decimal]:
    return pint.UnitRegistry(non_int_type=Decimal, autoconvert_offset_to_baseunit=True)


def pints_own(unit: Unit) -> pint.Quantity[Decimal]:
    ureg = plain_pint()
    if unit.key in PURE:
        return ureg.Quantity(Decimal(1), "dimensionless").to_base_units()
    name = PLAIN.get(
        unit.key, unit.ucum_code.replace("Ohm", "ohm").replace("Cel", "degC").replace("Ao", "angstrom")
    )
    product = factors(name) or ()
    names = {
        "%": "percent",
        "d": "day",
        "°": "degree",
        "°C": "degC",
        "S": "siemens",
        "Ω": "ohm",
        "kΩ": "kiloohm",
        "MΩ": "megaohm",
        "mΩ": "milliohm",
        "μS": "microsiemens",
        "wk": "week",
    }
    names |= {"uA": "microampere", "μA": "microampere", "μm": "micrometer", "h": "hour", "min": "minute"}
    text = "*".join(
        f"{names.get(part, part)}**{power}" if power != 1 else names.get(part, part)
        for part, power in product
    )
    return ureg.Quantity(Decimal(1), ureg.parse_units(text)).to_base_units()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.key)
def test_multiplier_and_dimension_in_the_ontology_are_those_of_pint(unit: Unit) -> None:
    base = pints_own(unit)
    expected = Decimal(base.magnitude)
    assert abs((1 + unit.offset) * unit.multiplier / expected - 1) < Decimal("1e-24")
    names = {"A": "substance", "E": "current", "L": "length", "I": "luminosity", "M": "mass"}
    names |= {"H": "temperature", "T": "time"}
    powers = {key: int(base.dimensionality.get(f"[{name}]", 0)) for key, name in names.items()}
    vector = "".join(f"{key}{power}" for key, power in powers.items())
    assert unit.dimension_vector == vector + ("D0" if any(powers.values()) else "D1")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.key)
def test_the_scale_used_for_conversion_is_that_of_the_ontology(unit: Unit) -> None:
    _, multiplier, offset = si_scale(unit.factors)
    if unit.key != "degree-angle":  # radians play no part in conversion
        assert multiplier == Fraction(unit.multiplier)
        assert offset == Fraction(unit.offset) * multiplier


@settings(max_examples=100, deadline=None)
@given(st.decimals(min_value=-9999, max_value=9999, places=4), st.sampled_from(CONVERTIBLE))
def test_conversion_there_and_back_gives_the_same_number(number: Decimal, pair: tuple[Unit, Unit]) -> None:
    one, other = pair
    assert abs(convert(convert(number, one, other), other, one) - number) < Decimal("1e-18")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("0.15 V", "voltage-polarization", "150"),
        ("750 μA cm-2", "critical-current-density", "0.75"),
        ("7 days", "rest-time", "168"),
        ("2 weeks", "rest-time", "336"),
        ("1.2 MΩ cm2", "area-specific-resistance", "1200000"),
        ("1.2 mΩ cm2", "area-specific-resistance", "0.0012"),
        ("5 µS/cm", "ionic-conductivity", "0.000005"),
        ("5 μS cm-1", "ionic-conductivity", "0.000005"),
        ("5 uS/cm", "ionic-conductivity", "0.000005"),
        ("1.2 Ah cm-2", "areal-capacity", "1200"),
        ("12 Ah m-2", "areal-capacity", "1.2"),
        ("500 kPa", "mechanical-strength", "0.5"),
        ("5 N/mm2", "mechanical-strength", "5"),
        ("1 mol dm-3", "salt-concentration", "1"),
        ("10 kcal/mol", "gibbs-reaction-energy", "41.84"),
        ("90 min", "time", "1.5"),
        ("0.50", "transference-number", "0.50"),
        ("61%", "transference-number", "0.61"),
        ("328.15 K", "temperature", "55.00"),
        ("0.5 mS cm-1", "ionic-conductivity", "0.0005"),
        ("2000 Ω cm2", "area-specific-resistance", "2000"),
        ("10 C", "c-rate", "10"),
    ],
)
def test_a_figure_is_converted_without_float_noise(text: str, kind: str, value: str) -> None:
    canonical = to_canonical(parse(text, kind=kind), kind)
    assert canonical.value == Decimal(value)
    assert len(str(canonical.value)) <= len(value) + 1
    assert canonical.unit == registry().properties[PROPERTY + kind].canonical_unit


def test_a_ratio_is_brought_to_lowest_terms() -> None:
    assert to_canonical(parse("2:6:2 by weight"), "solvent-ratio").ratio == "1:3:1"
    assert to_canonical(parse("v/v=0.5:1"), "solvent-ratio").ratio == "1:2"


def test_a_sign_error_in_an_exponent_is_recognized_and_a_reading_proposed() -> None:
    with pytest.raises(QuantityError) as caught:
        to_canonical(parse("20 Ω cm-2"), "area-specific-resistance")
    assert "ohm per square centimetre" in caught.value.message
    assert "area-specific resistance" in caught.value.message
    assert 'read-as: "20 Ω cm2"' in (caught.value.mend or "")


def test_a_contact_angle_in_degrees_celsius_is_read_as_degrees() -> None:
    with pytest.raises(QuantityError) as caught:
        to_canonical(parse("70 °C"), "contact-angle")
    assert 'read-as: "70°"' in (caught.value.mend or "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("20 Ω", "area-specific-resistance"), ("93 %", "cycles"), ("50%", "contact-angle")],
)
def test_ohm_and_ohm_cm2_percent_and_cycles_never_mix(text: str, kind: str) -> None:
    with pytest.raises(QuantityError, match="is measured in"):
        to_canonical(parse(text), kind)


@pytest.mark.parametrize(
    ("text", "kind", "mends"),
    [
        ("80", "capacity-retention", ["80 %"]),
        ("99.2", "coulombic-efficiency", ["99.2 %"]),
        ("~0.992", "coulombic-efficiency", ["~99.2 %", "~0.992 %"]),
        ("0.992-0.995", "coulombic-efficiency", ["99.2 to 99.5 %", "0.992-0.995 %"]),
        ("1", "capacity-retention", ["100 %", "1 %"]),
        ("1.0", "cycles", ["1.0 cycles"]),
        ("70", "contact-angle", ["70°"]),
        ("10-12", "ionic-conductivity", ["10^-12 S cm-1", "10 to 12 S cm-1"]),
    ],
)
def test_a_bare_number_is_never_read_as_a_fraction_but_told_its_unit(
    text: str, kind: str, mends: list[str]
) -> None:
    with pytest.raises(QuantityError, match="has no unit") as caught:
        to_canonical(parse(text, kind=kind), kind)
    assert re.findall(r"'([^']*)'", caught.value.mend or "") == mends
    for mended in mends:
        assert to_canonical(parse(mended, kind=kind), kind)


def test_a_molality_is_no_concentration() -> None:
    assert to_canonical(parse("1 M"), "salt-concentration").value == 1
    for text in ("21 m", "21 mol kg-1"):
        with pytest.raises(QuantityError) as caught:
            to_canonical(parse(text, kind="salt-concentration"), "salt-concentration")
        assert "molality" in (caught.value.mend or "")


@pytest.mark.parametrize("text", ["1 m", "4.2 v", "5 S/CM2", "5 s/cm", "5 mpa", "5 MV", "5 Mm", "5 ma cm-3"])
def test_case_tells_symbols_apart(text: str) -> None:
    with pytest.raises(QuantityError, match="unknown unit"):
        parse(text)


def test_a_property_stated_in_words_takes_no_figure() -> None:
    with pytest.raises(QuantityError, match="in words only"):
        to_canonical(parse("5 mV"), "flexibility")


def test_an_unknown_property_is_met_with_a_similar_one() -> None:
    with pytest.raises(QuantityError) as caught:
        to_canonical(parse("5 mV"), "overpotental")
    assert "overpotential" in (caught.value.mend or "")


def test_no_two_units_share_a_product_of_factors() -> None:
    products: dict[object, str] = {}
    for unit in UNITS:
        for product in {factors(spelling) for spelling in unit.spellings} - {None}:
            assert products.setdefault(product, unit.key) == unit.key


def test_every_term_has_label_definition_and_origin() -> None:
    graph = ox.Dataset(ox.parse(path=str(find_sources().ontology / "modules" / "quantities.ttl")))
    terms = {q.subject for q in graph if q.subject.value.startswith(LKG)}
    wanted = {SKOS + "prefLabel", SKOS + "definition", "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"}
    for term in terms:
        found = [q.predicate.value for q in graph.quads_for_subject(term)]
        assert wanted <= set(found), term
        assert found.count(SKOS + "prefLabel") == 1, term


def test_canonical_units_and_conditions_exist() -> None:
    known = registry()
    for item in known.properties.values():
        assert item.canonical_unit is None or item.canonical_unit in known.units
        for condition in (*item.required_conditions, *item.any_condition_of):
            assert condition in known.properties
    assert known.units[UNIT + "percent"].symbol == "%"
    efficiency = known.properties[PROPERTY + "coulombic-efficiency"]
    assert (efficiency.minimum, efficiency.maximum) == (0, 100)


def test_a_broken_module_is_reported_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "quantities.ttl"
    broken.write_text("@prefix lkg: <https://w3id.org/lithiokg/> .\nlkg:a lkg:b .\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        registry(broken)
    assert caught.value.place is not None
    assert caught.value.place.line == 2
    with pytest.raises(SourceError, match="cannot be read"):
        registry(tmp_path / "missing.ttl")
