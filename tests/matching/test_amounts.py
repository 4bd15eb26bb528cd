"""Numbers with units and comparators in a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.matching.amounts import Amount, find_amounts, in_unit
from lithiokg.quantities import QuantityError, Unit, convert, registry

UNITS = registry()
ALL_UNITS = sorted((each for each in UNITS.units.values() if each.key != "one"), key=lambda unit: unit.key)


def read(text: str) -> list[Amount]:
    return find_amounts(text, UNITS)


@pytest.mark.parametrize(
    ("text", "bound", "number", "unit"),
    [
        ("above 1 mA cm-2", "least", "1", "mA cm-2"),
        ("at least 800 h", "least", "800", "h"),
        ("more than 500 cycles", "least", "500", "cycles"),
        ("500 cycles or more", "least", "500", "cycles"),
        ("over 2,000 hours", "least", "2000", "h"),
        ("a minimum of 3 days", "least", "3", "d"),
        ("no less than 0.5 mAh/cm²", "least", "0.5", "mA h cm-2"),
        ("200+ h", "least", "200", "h"),
        ("below 20 mV", "most", "20", "mV"),
        ("not more than 5 ohm cm2", "most", "5", "Ω cm2"),
        ("<100 mV", "most", "100", "mV"),
        ("50 Ω·cm² or less", "most", "50", "Ω cm2"),
        ("at 1 mA/cm2", "exact", "1", "mA cm-2"),
        ("1.5e3 h", "exact", "1500", "h"),
        ("five hundred hours", "exact", "500", "h"),
        ("2 mA per square centimeter", "exact", "2", "mA cm-2"),
        ("99 %", "exact", "99", "%"),
        ("at least 300 charge/discharge cycles", "least", "300", "cycles"),
        ("800 stable hours", "exact", "800", "h"),
    ],
)
def test_an_amount_is_read_with_its_comparator_and_unit(text: str, bound: str, number: str, unit: str):
    (amount,) = read(f"designs {text}, please")
    assert (amount.bound, amount.number, amount.unit and amount.unit.symbol) == (bound, Decimal(number), unit)


@pytest.mark.parametrize(
    ("text", "number", "symbol"),
    [("0.1 kΩ cm^2", "100", "Ω cm2"), ("3000 µA/cm²", "3", "mA cm-2"), ("0.003 A cm-2", "3", "mA cm-2")],
)
def test_a_unit_in_another_power_of_ten_is_converted(text: str, number: str, symbol: str):
    (amount,) = read(text)
    unit = UNITS.find_unit(symbol)
    assert amount.unit is not None
    assert unit is not None
    assert in_unit(amount.number, amount.unit, unit) == Decimal(number)


def test_between_gives_both_ends():
    (amount,) = read("between 10 and 20 mV")
    assert (amount.number, amount.upper, amount.bound) == (10, 20, "least")


def test_two_amounts_joined_by_and_are_no_range():
    assert [amount.number for amount in read("at 1 mA cm-2 and 2 mAh cm-2")] == [1, 2]


@pytest.mark.parametrize("text", ["3D hosts", "Li7P3S11", "one of these", "LiNi0.8Co0.1Mn0.1O2", "no number"])
def test_numbers_in_names_are_no_amounts(text: str):
    assert read(text) == []


@given(st.decimals(min_value="0.001", max_value="99999", places=3), st.sampled_from(ALL_UNITS))
def test_a_number_and_unit_as_written_come_back(number: Decimal, unit: Unit):
    found = read(f"at least {number} {unit.symbol}")
    assert [(each.number, each.bound) for each in found] == [(number, "least")]
    assert found[0].unit == UNITS.find_unit(unit.symbol)


@given(st.text(max_size=60))
def test_any_text_can_be_searched_for_amounts(text: str):
    for amount in read(text):
        assert 0 <= amount.start <= amount.figure < amount.figure_end <= amount.end <= len(text)


@given(st.sampled_from(ALL_UNITS), st.sampled_from(ALL_UNITS))
@settings(deadline=None)  # the first conversion imports pint
def test_a_number_is_converted_as_the_curated_figures_are(source: Unit, target: Unit):
    number = Decimal("2.5")
    try:
        expected = convert(number, source, target)
    except QuantityError:
        assert in_unit(number, source, target) is None
    else:
        given_ = in_unit(number, source, target)
        assert given_ is not None
        assert abs(given_ - expected) <= abs(expected) * Decimal("1e-20")
