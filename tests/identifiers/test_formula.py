from __future__ import annotations

import re
from fractions import Fraction

import molmass
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lithiokg.identifiers import (
    SYMBOLS,
    Formula,
    FormulaError,
    IndefiniteFormulaError,
    atomic_number,
    parse_formula,
)

ELEMENTS = st.sampled_from(SYMBOLS)
#: The other reader knows the elements up to meitnerium.
THEIRS = st.sampled_from([element.symbol for element in molmass.ELEMENTS])
COUNTS = st.integers(min_value=1, max_value=99)
AMOUNTS = st.one_of(
    COUNTS.map(Fraction),
    st.decimals(min_value="0.01", max_value=99, places=2).map(Fraction),
    st.builds(Fraction, COUNTS, st.integers(min_value=2, max_value=9)),
)
COMPOSITIONS = st.dictionaries(ELEMENTS, AMOUNTS, min_size=1, max_size=6)


def written(amounts: dict[str, Fraction]) -> str:
    """A formula as people write it: decimals where they end, else fractions; no one."""
    parts = []
    for symbol, amount in amounts.items():
        decimal = f"{float(amount):f}".rstrip("0").rstrip(".")
        exact = decimal if Fraction(decimal) == amount else str(amount)
        parts.append(f"{symbol}{'' if amount == 1 else exact}")
    return "".join(parts)


@st.composite
def whole_formulas(draw: st.DrawFn, depth: int = 2) -> str:
    """Formulas with whole numbers and nested brackets, which other readers take too."""
    parts = []
    for _ in range(draw(st.integers(min_value=1, max_value=3))):
        inside = draw(THEIRS)
        if depth and draw(st.booleans()):
            inside = f"({draw(whole_formulas(depth=depth - 1))})"
        count = draw(st.integers(min_value=1, max_value=12))
        parts.append(f"{inside}{count if count > 1 else ''}")
    return "".join(parts)


@pytest.mark.parametrize(
    ("text", "reduced"),
    [
        ("Li3PO4", "Li3O4P"),
        ("O4PLi3", "Li3O4P"),
        ("Al2O3", "Al2O3"),
        ("O3Al2", "Al2O3"),
        ("Al4O6", "Al2O3"),
        ("Li6.4La3Zr1.4Ta0.6O12", "La15Li32O60Ta3Zr7"),
        ("Li1.4Al0.4Ge1.6(PO4)3", "Al2Ge8Li7O60P15"),
        ("LiNi1/3Co1/3Mn1/3O2", "CoLi3MnNiO6"),
        ("LiN(SO2CF3)2", "C2F6LiNO4S2"),
        ("Li₃N", "Li3N"),
        ("Li 3 N", "Li3N"),
        ("  Li3 P1 O4\t", "Li3O4P"),
        ("LiOH·H2O", "H3LiO2"),
        ("LiOH.H2O", "H3LiO2"),
        ("CuSO4·5H2O", "CuH10O9S"),
        ("CaSO4•0.5H2O", "Ca2H2O9S2"),
        ("0.5Li2O·0.5P2O5", "LiO3P"),
        ("Al[(OH)3]{H2O}2", "AlH7O5"),
        ("CO", "CO"),
        ("Co", "Co"),
        ("S8", "S"),
    ],
)
def test_a_formula_is_read_as_people_write_it(text: str, reduced: str) -> None:
    assert parse_formula(text).reduced == reduced


@pytest.mark.parametrize("text", ["Li2Sx", "LixSiSy", "ROLi", "ROCO2Li", "Li1+xAlxTi2-x(PO4)3", "LiNi1−yO2"])
def test_a_formula_that_leaves_something_open_is_told_from_a_wrong_one(text: str) -> None:
    with pytest.raises(IndefiniteFormulaError, match="open"):
        parse_formula(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("LiTFSI", "'T' is not an element"),
        ("NCM811", "'M' is not an element"),
        ("poly", "'p' is not expected"),
        ("C o", "'o' is not expected"),
        ("Li+", "charge"),
        ("PF6⁻", "charge"),
        ("Li2S-P2S5", "joins two things"),
        ("Li6,4La3", "comma"),
        ("CuSO4.5H2O", "two ways"),
        ("MgCl2.6H2O", "two ways"),
        ("Li.5CoO2", "two ways"),
        ("Li0O", "no amount"),
        ("Li0.0O", "no amount"),
        ("Li1/0O", "no amount"),
        ("Li0/2O", "no amount"),
        ("(Li2O", "not closed"),
        ("[Li2O)", "not closed"),
        ("Li2O)", "not expected"),
        ("()", "not expected"),
        ("2", "breaks off"),
        ("LiOH·", "breaks off"),
        ("", "no formula"),
        (" ", "no formula"),
        ("Li1234567", "more than 6 digits"),
        ("C" * 201, "at most 200"),
        ("(" * 9 + "Li" + ")" * 9, "more than 8 levels"),
        ("½O2", "not expected"),
        ("D2O", "'D' is not an element"),
    ],
)
def test_what_is_no_formula_is_refused_with_the_reason_and_a_mend(text: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words) as raised:
        parse_formula(text)
    assert not isinstance(raised.value, IndefiniteFormulaError)
    assert raised.value.mend


@given(COMPOSITIONS)
def test_amounts_are_read_exactly(amounts: dict[str, Fraction]) -> None:
    assert parse_formula(written(amounts)).amounts == amounts


@given(COMPOSITIONS, st.randoms(use_true_random=False))
def test_the_order_of_the_elements_does_not_matter(amounts: dict[str, Fraction], random) -> None:
    items = list(amounts.items())
    random.shuffle(items)
    one, other = parse_formula(written(amounts)), parse_formula(written(dict(items)))
    assert one == other
    assert one.reduced == other.reduced
    assert hash(one) == hash(other)


@given(COMPOSITIONS, st.builds(Fraction, COUNTS, COUNTS))
def test_the_reduced_formula_depends_on_the_ratio_alone(
    amounts: dict[str, Fraction], times: Fraction
) -> None:
    scaled = Formula({symbol: amount * times for symbol, amount in sorted(amounts.items())})
    assert scaled.reduced == parse_formula(written(amounts)).reduced


@given(COMPOSITIONS)
def test_reducing_twice_changes_nothing(amounts: dict[str, Fraction]) -> None:
    reduced = Formula(dict(sorted(amounts.items()))).reduced
    assume(all(len(number) <= 6 for number in re.findall("[0-9]+", reduced)))
    again = parse_formula(reduced)
    assert again.reduced == reduced
    assert list(again.elements) == sorted(again.elements)


@given(st.text(alphabet="LiCoNH()[]{}.·+-/0123456789xR₂ \n\t,ºé", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_formula_or_a_formula_error(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError:
        return
    assert formula.elements
    assert all(atomic_number(symbol) and amount > 0 for symbol, amount in formula.amounts.items())


@given(whole_formulas())
def test_another_reader_finds_the_same_atoms(text: str) -> None:
    theirs = molmass.Formula(text, parse_groups=False, parse_oligos=False, parse_arithmetic=False)
    counts = {symbol: Fraction(item.count) for symbol, item in theirs.composition().items()}
    assert dict(parse_formula(text).amounts) == dict(sorted(counts.items()))


def test_the_periodic_table_is_that_of_another_library() -> None:
    Chem = pytest.importorskip("rdkit.Chem")  # noqa: N806  # what everyone calls it
    table = Chem.GetPeriodicTable()
    assert [table.GetAtomicNumber(symbol) for symbol in SYMBOLS] == list(range(1, 119))
    assert [atomic_number(symbol) for symbol in SYMBOLS] == list(range(1, 119))
