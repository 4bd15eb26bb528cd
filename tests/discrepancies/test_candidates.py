"""Rules propose discrepancies: both sides, the kind, and a note of one line."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.discrepancies import Figure, find_candidates

DIFFER = ("value", "resistance of a layer: figures differ under comparable conditions")
ACROSS = ("value", "resistance of a layer: table and text differ")
COMPARATOR = ("value", "resistance of a layer: table and text differ in the comparator")
TEN = ("value", "resistance of a layer: the figures differ by a factor of 10")
CLAIM = """
<claim/{key}> lkg:claimSubject <design/d> ; lkg:claimRelation lkg:prevents ; lkg:claimObject <phenomenon/p> ;
    lkg:polarity "{polarity}" ; lkg:modality "{modality}" .
"""


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"value": 20}, {"value": 20}, []),
        ({"value": 20}, {"value": 30}, [DIFFER]),
        ({"value": 20, "current": 1}, {"value": 30}, [DIFFER]),
        ({"value": 20, "current": 1}, {"value": 30, "time": 5}, [DIFFER]),
        ({"value": 20, "current": 1}, {"value": 30, "current": 1}, [DIFFER]),
        ({"value": 20, "current": 1}, {"value": 30, "current": 2}, []),
        ({"value": 20, "comparator": "~"}, {"value": 20.2}, []),
        ({"value": 20}, {"value": (15, 25)}, []),
        ({"value": 20}, {"value": (25, 30)}, [DIFFER]),
        ({"value": 20, "comparator": ">"}, {"value": 30}, []),
        ({"value": 20, "comparator": ">"}, {"value": 15}, [DIFFER]),
        ({"value": 20, "comparator": "<"}, {"value": 20}, [DIFFER]),
        ({"value": 20, "comparator": "<="}, {"value": 20}, []),
    ],
)
def test_figures_that_exclude_each_other_under_comparable_conditions_are_found(
    found, observe, one, other, expected
):
    assert found(observe("o/1", **one) + observe("o/2", **other, place="row/2")) == expected


@pytest.mark.parametrize("relation", ["atStage", "inCell"])
def test_figures_of_two_stages_or_cells_are_not_compared(found, observe, relation):
    one = observe("o/1", 20, more=f"<o/1> lkg:{relation} <x/a> .")
    assert found(one + observe("o/2", 30, more=f"<o/2> lkg:{relation} <x/b> .")) == []
    assert found(one + observe("o/2", 30, more=f"<o/2> lkg:{relation} <x/a> .")) == [DIFFER]
    assert found(one + observe("o/2", 30)) == [DIFFER]


def test_figures_of_two_properties_are_not_compared(found, observe):
    assert found(observe("o/1", 20) + observe("o/2", 30, prop="polarization")) == []


def test_two_figures_of_one_paragraph_are_a_contrast_not_a_contradiction(found, observe):
    assert found(observe("o/1", 20, place="1") + observe("o/2", 30, place="1")) == []
    assert found(observe("o/1", 20, place="1") + observe("o/2", 30, place="2")) == [DIFFER]


@pytest.mark.parametrize(("one", "other", "power"), [(17, 170, 10), (0.5, 50, 100), (2, 2000, 1000)])
def test_a_power_of_ten_is_found(found, observe, one, other, power):
    note = f"resistance of a layer: the figures differ by a factor of {power}"
    assert found(observe("o/1", one) + observe("o/2", other, place="3")) == [("value", note)]


def test_a_power_of_ten_between_table_and_text_is_found_though_a_condition_differs(found, observe):
    turtle = observe("o/1", 17, current=1) + observe("o/2", 170, current=2, place="3")
    assert found(turtle) == [TEN]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"value": 40}, {"value": 40}, []),
        ({"value": 40}, {"value": 35}, [ACROSS]),
        ({"value": 40}, {"value": 40, "comparator": "~"}, [COMPARATOR]),
        ({"value": 40}, {"value": 40, "comparator": "<"}, [ACROSS]),
        ({"value": 99, "comparator": ">"}, {"value": 99.8}, []),
        ({"value": 40, "current": 1}, {"value": 35, "current": 2}, []),
    ],
)
def test_a_table_and_a_sentence_that_disagree_are_found(found, observe, one, other, expected):
    assert found(observe("o/1", **one) + observe("o/2", **other, place="2")) == expected


def test_a_unit_that_cannot_be_is_found_with_print_and_reading(store_of, observe):
    store = store_of(observe("o/1", 20) + '<o/1/result> lkg:readAs "20 Ω cm2" .')
    (candidate,) = find_candidates(store)
    assert candidate.kind == "unit"
    assert candidate.sides == ("printed: 20 mV", "must be: 20 Ω cm2")
    assert candidate.records == ("https://w3id.org/lithiokg/id/o/1",)


def test_words_read_as_a_number_are_no_impossible_unit(found, observe):
    turtle = observe("o/1", 1).replace('"1 mV"', '"the first cycle"') + '<o/1/result> lkg:readAs "1 cycle" .'
    assert found(turtle) == []


def test_a_duration_printed_twice_in_a_row_under_other_conditions_is_found(found, observe):
    life = observe("o/1", 700, prop="cycle-life-time", current=0.1)
    polarization = observe("o/2", 20, prop="polarization", current=1, time=700)
    assert found(life + polarization) == [
        ("condition", "a layer: 700 h stand in two cells under different conditions")
    ]
    assert found(life + polarization.replace("row/1", "row/2")) == []
    assert found(life + observe("o/2", 20, prop="polarization", current=0.1, time=700)) == []
    assert found(life + observe("o/2", 20, prop="polarization", current=1, time=600)) == []
    assert found(life + observe("o/2", 20, prop="polarization", current=1, cycles=700)) == []


def test_a_row_whose_printed_number_leads_elsewhere_is_found(found):
    row = '<row/1> lkg:printedReference "28" ; lkg:resolvedReference <r/27> . <r/27> lkg:referenceNumber 27 .'
    note = "Table 1, row 1: the printed number leads to another work"
    assert found(row) == [("citation", note)]
    assert found(row.replace('"28"', '"27"')) == []


@pytest.mark.parametrize(
    ("polarity", "modality", "count"),
    [("negative", "asserted", 1), ("negative", "hedged", 0), ("positive", "asserted", 0)],
)
def test_a_claim_that_another_denies_is_found(found, polarity, modality, count):
    turtle = CLAIM.format(key="a", polarity="positive", modality="asserted")
    turtle += CLAIM.format(key="b", polarity=polarity, modality=modality)
    assert [kind for kind, _ in found(turtle)] == ["classification"] * count


def test_a_discrepancy_that_involves_both_records_covers_a_candidate(found, observe):
    turtle = observe("o/1", 20) + observe("o/2", 30)
    recorded = "<discrepancy/a> lkg:discrepancyKind <discrepancy-kind/value> ; lkg:involves <o/1>, "
    assert found(turtle + recorded + "<o/2> .") == []
    assert found(turtle + recorded + "<o/3> .") == [DIFFER]


def test_a_discrepancy_of_another_kind_does_not_cover_a_single_record(found, observe):
    turtle = observe("o/1", 20) + '<o/1/result> lkg:readAs "20 Ω cm2" .'
    recorded = "<discrepancy/a> lkg:discrepancyKind <discrepancy-kind/{}> ; lkg:involves <o/1>, <o/2> ."
    assert found(turtle + recorded.format("unit")) == []
    assert len(found(turtle + recorded.format("value"))) == 1


def test_a_candidate_says_what_each_side_prints_and_where(store_of, observe):
    (candidate,) = find_candidates(store_of(observe("o/1", 40, current=1) + observe("o/2", 35, place="2")))
    assert str(candidate).splitlines() == [
        "value: resistance of a layer: table and text differ",
        "    40 mV (1 current), Table 1, row 1",
        "    35 mV, Results, paragraph 2",
    ]


numbers = st.decimals(min_value=1, max_value=1000, places=1)
figures = st.builds(
    lambda value, comparator: Figure(
        f"{value}", comparator, None if "<" in comparator else value, None if ">" in comparator else value
    ),
    numbers,
    st.sampled_from(["=", "~", "<", ">", "<=", ">="]),
)


@given(figures, figures)
def test_disagreement_has_no_direction_and_nothing_disagrees_with_itself(one, other):
    assert one.disagrees(other) == other.disagrees(one)
    assert not one.disagrees(one)


@given(numbers, numbers)
def test_two_exact_figures_disagree_if_they_are_not_equal(one, other):
    a, b = (Figure("", "=", Decimal(value), Decimal(value)) for value in (one, other))
    assert a.disagrees(b) == (one != other)
