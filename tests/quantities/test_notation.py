from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.quantities import COMPARATORS, QuantityError, parse, registry
from lithiokg.quantities.units import UNIT

SPELLINGS = {
    "ohm": ["Ω", "ohm", "\u2126", "ohms"],
    "ohm-square-centimetre": ["Ω cm2", "Ω·cm²", "ohm*cm^2", "Ohm.cm2", "ohm cm2"],
    "ohm-per-square-centimetre": ["Ω cm-2", "Ω cm⁻²", "Ω/cm2"],
    "milliampere-per-square-centimetre": ["mA cm-2", "mA/cm²", "mA·cm-2", "mA cm\u22122"],
    "milliampere-hour-per-square-centimetre": ["mA h cm-2", "mAh/cm2", "mA h·cm-2"],
    "microampere-per-square-centimetre": ["μA cm-2", "µA cm-2", "uA/cm2"],
    "percent": ["%", "percent", "pct", "\uff05"],
    "hour": ["h", "hours", "hr"],
    "day": ["day", "days", "d"],
    "cycle": ["cycles", "cycle"],
    "degree-celsius": ["°C", "\u2103", "\u00baC", "\u25e6C", "\u2218C", "°\u0421", "° C"],
    "degree-angle": ["°", "deg"],
    "millivolt": ["mV"],
    "volt": ["V"],
    "mol-per-litre": ["M", "mol/L", "mol L-1"],
    "joule-per-square-centimetre": ["J cm-2"],
    "milliampere-hour-per-gram": ["mAh g-1", "mA h g-1"],
    "watt-hour-per-kilogram": ["Wh kg-1"],
    "one": [""],
}
PAIRS = [(key, spelling) for key, spellings in SPELLINGS.items() for spelling in spellings]
SIGNS = [("=", "")] + [(name, sign) for name, signs in COMPARATORS.items() for sign in signs]
NUMBERS = st.decimals(min_value=0, max_value=99999, places=3, allow_nan=False)


@pytest.mark.parametrize(("key", "spelling"), PAIRS)
def test_every_common_spelling_of_a_unit_is_read(key: str, spelling: str) -> None:
    assert parse(f"0.50 {spelling}").unit == UNIT + key


@settings(max_examples=150, deadline=None)
@given(NUMBERS, st.sampled_from(SIGNS), st.sampled_from(PAIRS), st.sampled_from(["", " "]))
def test_number_comparator_and_unit_come_back_as_written(
    number: Decimal, sign: tuple[str, str], unit: tuple[str, str], gap: str
) -> None:
    reported = parse(f"{sign[1]} {number}{gap}{unit[1]}")
    assert str(reported.value) == str(number)
    assert (reported.comparator, reported.unit) == (sign[0], UNIT + unit[0])


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=150), st.text("0123456789.,-~<>% Ωcm:/veE×±", max_size=20)))
def test_arbitrary_text_is_read_or_refused_with_a_mend(text: str) -> None:
    try:
        reported = parse(text)
    except QuantityError as error:
        mend = error.mend
    else:
        mend = reported.unit if reported.unit in registry().units else None
    assert mend


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("5-10 nm", "5", "10", "nanometre"),
        ("99.8%-100%", "99.8", "100", "percent"),
        ("180–300 °C", "180", "300", "degree-celsius"),
        ("5 to 10 mA cm-2", "5", "10", "milliampere-per-square-centimetre"),
        ("~5 nm - 10 nm", "5", "10", "nanometre"),
        ("5…10 nm", "5", "10", "nanometre"),
        ("5...10 nm", "5", "10", "nanometre"),
        ("5 nm–1 µm", "5", "1000", "nanometre"),
        ("90 min - 2 h", "90", "120", "minute"),
        ("~10⁻⁶–10⁻⁵ S/cm", "0.000001", "0.00001", "siemens-per-centimetre"),
        ("(1-2) × 10-4 S/cm", "0.0001", "0.0002", "siemens-per-centimetre"),
        ("1 to 2e4 Ω", "1", "2E+4", "ohm"),
    ],
)
def test_a_range_keeps_both_ends(text: str, low: str, high: str, unit: str) -> None:
    reported = parse(text)
    assert (str(reported.minimum), str(reported.maximum), reported.unit) == (low, high, UNIT + unit)
    assert reported.value is None


def test_signs_thousands_and_powers_of_ten_are_read() -> None:
    assert parse("-3.04 V").value == Decimal("-3.04")
    assert parse("−6.14 J cm-2").value == Decimal("-6.14")
    assert parse("1,500 h").value == 1500
    assert parse("1.5 × 10-4 S cm-1").value == Decimal("0.00015")
    assert parse("±70 mV").value == 70
    assert str(parse(".5 nm").value) == "0.5"
    assert parse("1,050.5 nm").value == Decimal("1050.5")


TENS = ["10^{}", "10**{}", "10 ^ {}", "10^{{{}}}", "10^({})"]
RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
UNITS = ["S cm⁻¹", "S/cm", "Ω cm2", "cm2 s-1"]


@given(
    st.integers(-20, 20),
    st.sampled_from(TENS),
    st.sampled_from(["", "1.5 × ", "2·", "1*"]),
    st.sampled_from(UNITS),
)
def test_a_power_of_ten_is_read_with_and_without_a_factor(
    power: int, ten: str, factor: str, unit: str
) -> None:
    expected = Decimal(factor.strip(" ×·*") or "1").scaleb(power)
    for printed in (ten.format(power), "10" + str(power).translate(RAISED)):
        assert parse(f"> {factor}{printed} {unit}").value == expected


@given(st.integers(1, 99), st.sampled_from(["", "~", "<"]), st.sampled_from("-−–"), st.sampled_from(UNITS))
def test_a_power_of_ten_without_its_superscript_is_never_read_as_a_range(
    power: int, sign: str, dash: str, unit: str
) -> None:
    if unit == "Ω cm2" and sign != "<" and power >= 10:
        return  # a range of resistances
    with pytest.raises(QuantityError) as caught:
        parse(f"{sign}10{dash}{power} {unit}")
    power_of_ten, *ranges = sorted(quoted(caught.value), key=lambda text: "^" not in text)
    assert parse(power_of_ten).value == Decimal(1).scaleb(-power)
    assert [parse(text).minimum for text in ranges] == ([] if sign == "<" else [min(power, 10)])


def quoted(error: QuantityError) -> list[str]:
    return re.findall(r"'([^']*)'", error.mend or "")


@pytest.mark.parametrize(
    ("text", "mends"),
    [
        ("10-6–10-5 S/cm", ["10^-6 to 10^-5 S/cm"]),
        ("10-6 S cm-1 – 10-5 S cm-1", ["10^-6 to 10^-5 S cm-1"]),
        ("< 10-6–10-5 S/cm", ["10^-6 to 10^-5 S/cm"]),
        ("~1-2 × 10⁴ Ω", ["~(1-2) × 10^4 Ω", "~1 to 2e4 Ω"]),
        ("2.3 10-4 S/cm", ["2.3e-4 S/cm"]),
        ("2.3 10⁴ Ω", ["2.3e4 Ω"]),
        ("2 × 103 Ω", ["2e3 Ω", "206 Ω"]),
        ("3 × 100 h", ["300 h"]),
        ("1-2 × 10⁴ Ω", ["(1-2) × 10^4 Ω", "1 to 2e4 Ω"]),
        ("1-2 × 10-4 S/cm", ["(1-2) × 10^-4 S/cm"]),
    ],
)
def test_a_damaged_power_of_ten_is_refused_with_mends_that_are_read(text: str, mends: list[str]) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    assert quoted(caught.value) == mends
    assert all(parse(mend) for mend in mends)


@pytest.mark.parametrize("text", [">~5 nm", "≳ 5 nm", "> about 5 nm", "~>5 nm", ">= ~5 nm"])
def test_a_bound_that_is_about_may_be_met(text: str) -> None:
    assert (parse(text).comparator, parse(text.replace(">", "<").replace("≳", "≲")).comparator) == (
        ">=",
        "<=",
    )


@pytest.mark.parametrize("against", ["vs Li/Li+", "vs. Li+/Li", "(vs. Li/Li⁺)", "versus Li⁺/Li", "vs Li"])
def test_a_potential_may_name_lithium_as_its_reference(against: str) -> None:
    assert parse(f"0-4.5 V {against}", kind="electrochemical-window").unit == UNIT + "volt"
    with pytest.raises(QuantityError) as caught:
        parse(f"50 mV {against}", kind="overpotential")
    assert "leave out" in (caught.value.mend or "")


def test_less_without_than_is_a_comparator() -> None:
    assert parse("Less 0.15 V").comparator == "<"


def test_c_is_a_c_rate_only_where_the_kind_says_so() -> None:
    assert parse("10 C", kind="c-rate").unit == UNIT + "c-rate"
    with pytest.raises(QuantityError, match="coulomb"):
        parse("10 C")
    with pytest.raises(QuantityError, match="coulomb"):
        parse("55 C", kind="temperature")


@pytest.mark.parametrize(
    ("text", "ratio", "unit"),
    [
        ("v/v=1:1", "1:1", "volume-ratio"),
        ("1:1 v/v", "1:1", "volume-ratio"),
        ("2:6:2 by weight", "2:6:2", "weight-ratio"),
        ("w/w = 1:2", "1:2", "weight-ratio"),
    ],
)
def test_a_solvent_ratio_is_proportions(text: str, ratio: str, unit: str) -> None:
    for kind in (None, "solvent-ratio"):
        reported = parse(text, kind=kind)
        assert (reported.ratio, reported.unit) == (ratio, UNIT + unit)


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("24 Ωm", "unknown unit 'Ωm'", "did you mean"),
        ("24 mA cm-3", "unknown unit", "mA cm-2"),
        ("", "is empty", "leave the field out"),
        ("after 360 cycles", "no number where 'after' stands", "at least"),
        ("10-5 nm", "runs down", "smaller"),
        (">5-10 nm", "before a range", "not both"),
        ("5 nm-10 mV", "gives its ends in", "one unit"),
        ("24²", "unknown unit", "known are"),
        ("24 10", "unknown unit", "known are"),
        ("1,5 h", "unknown unit", "known are"),
        ("9" * 200, "characters long", "alone"),
        ("9" * 40, "more than 30 digits", "check"),
        ("v/v=0:0", "no part above zero", "check"),
    ],
)
def test_what_is_not_in_the_notation_is_refused_with_part_and_mend(
    text: str, message: str, mend: str
) -> None:
    with pytest.raises(QuantityError) as caught:
        parse(text)
    assert message in caught.value.message
    assert mend in (caught.value.mend or "")
