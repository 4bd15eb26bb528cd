"""The shipped discrepancies, and ``lithiokg check`` where there are new ones."""

from __future__ import annotations

import json

import pytest

from lithiokg.discrepancies import find_candidates, unrecorded

ID = "https://w3id.org/lithiokg/id/"
SECOND = """
      resistance:
        property: area-specific-resistance
        result: "200 Ω cm2"
        evidence:
          text: {section: results, paragraph: 2, figure: "200"}
"""


def test_nothing_within_the_tables_is_left_unrecorded(graph):
    left = unrecorded(graph.store, find_candidates(graph.store))
    assert [
        str(one) for one in left if all(not record.startswith(f"{ID}observation/") for record in one.records)
    ] == []


@pytest.mark.parametrize(
    ("kind", "records"),
    [
        ("unit", ["design/single-ion-conducting-li3ps4-sei/observations/resistance-before"]),
        ("condition", ["design/fec-immersion-passivation-layer/observations/polarization",
                       "design/fec-immersion-passivation-layer/observations/cycle-life"]),
        ("value", ["design/zno-coated-wood-carbon/observations/polarization",
                   "design/zno-coated-wood-carbon/observations/efficiency"]),
        ("citation", ["row/energymater-2021-21/t1-r03"]),
    ],
)  # fmt: skip
def test_the_rules_find_what_was_curated(graph, kind, records):
    found = {(str(one.kind), one.records) for one in find_candidates(graph.store)}
    assert (kind, tuple(sorted(ID + record for record in records))) in found


def test_the_saved_question_lists_every_discrepancy_with_its_records(graph):
    answer = graph.ask("all-discrepancies")
    (counted,) = graph.sparql(
        "SELECT (COUNT(DISTINCT ?d) AS ?d_) (COUNT(*) AS ?n) { ?d lkg:involves ?r ; lkg:note ?x }"
    ).dicts()
    assert len({row[0] for row in answer.rows(iris=True)}) == counted["d_"] >= 6
    sides = graph.ask("sides-of-a-discrepancy")
    which = sides.columns.index("discrepancy")
    assert {row[which] for row in sides.rows(iris=True)} == {row[0] for row in answer.rows(iris=True)}
    assert len(sides) >= counted["n"] * 0.9


@pytest.fixture
def second_resistance(small):
    """The small sources with a resistance of ten times the other one, in another paragraph."""
    path = small.data / "paper-2024-1" / "design.yaml"
    text = path.read_text(encoding="utf-8")
    second = SECOND.replace("resistance:\n        property", "resistance-again:\n        property", 1)
    assert "    observations:\n" in text
    path.write_text(text.replace("    observations:\n", f"    observations:{second}", 1), encoding="utf-8")
    return small


def test_check_lists_what_no_discrepancy_records_and_still_exits_with_0(lithio, second_resistance):
    said = lithio("check", sources=second_resistance)
    assert said.code == 0
    assert "possible discrepancies not yet recorded:" in said.out
    assert "the figures differ by a factor of 10" in said.out


def test_check_gives_them_in_json_as_information(lithio, second_resistance):
    said = lithio("check", "--format", "json", sources=second_resistance)
    assert said.code == 0
    (one,) = [each for each in json.loads(said.out) if each.get("rule") == "possible-discrepancy"]
    assert (one["severity"], one["kind"]) == ("info", "value")
    assert len(one["records"]) == len(one["sides"]) == 2


def test_check_says_nothing_of_discrepancies_where_there_are_none(lithio, small):
    assert "possible discrepancies" not in lithio("check", sources=small).out
