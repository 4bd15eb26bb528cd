"""Factors between two figures: whoever printed them, in a table or not."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.questions import load_questions
from lithiokg.store import EmbeddedStore, Table

ROOT = Path(__file__).resolve().parents[2]
PROLOGUE = """
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix property: <https://w3id.org/lithiokg/id/property/> .
@prefix stage: <https://w3id.org/lithiokg/id/stage/> .
@prefix unit: <https://w3id.org/lithiokg/id/unit/> .
@prefix : <https://w3id.org/lithiokg/id/design/> .
stage:without-modification lkg:precedesStage stage:with-modification .
stage:before-cycling lkg:precedesStage stage:after-cycling .
"""
#: An observation: its design, its stage (or none), its figure and the temperature (or none).
Figure = tuple[str, str, int, int]


def turtle(*figures: Figure) -> str:
    text = PROLOGUE
    for number, (design, stage, value, temperature) in enumerate(figures):
        text += f"""
        :{design} lkg:actsThrough <https://w3id.org/lithiokg/id/mechanism/alloying> ; lkg:hasComponent :garnet .
        :garnet a lkg:GarnetElectrolyte .
        :o{number} lkg:hasFeatureOfInterest :{design} ; lkg:observedProperty property:area-specific-resistance ;
          lkg:hasResult :r{number} .
        :r{number} lkg:value {value} ; lkg:unit unit:ohm-square-centimetre ; lkg:comparator "=" .
        """
        if stage:
            text += f":o{number} lkg:atStage stage:{stage} .\n"
        if temperature:
            text += (
                f":o{number} lkg:hasCondition :c{number} . :c{number} lkg:quantityKind property:temperature ;"
            )
            text += f" lkg:value {temperature} .\n"
    return text


def factors(data: str) -> list[float]:
    """The factors that each of the four questions finds, which must be the same."""
    graph = ox.NamedNode("x:g")
    quads = ox.parse(data, format=ox.RdfFormat.TURTLE)
    store = EmbeddedStore.in_memory(ox.Quad(*quad.triple, graph) for quad in quads)
    questions = load_questions(ROOT / "queries")

    def column(name: str, variable: str) -> list[float]:
        answer = store.query(questions[name].text)
        assert isinstance(answer, Table)
        return sorted(float(row[variable]) for row in answer.dicts())

    found = column("interfacial-resistance-before-and-after", "fold_reduction")
    assert column("largest-fold-reduction-of-area-specific-resistance", "fold_reduction") == found
    for kind in ("mechanism", "electrolyte"):
        largest = column(f"fold-change-of-resistance-by-{kind}", "largest_fold_reduction")
        assert largest[-1:] == found[-1:]
    return found


def test_two_stages_of_one_design_make_a_factor() -> None:
    data = turtle(("coated", "without-modification", 1000, 0), ("coated", "with-modification", 10, 0))
    assert factors(data) == [100]


def test_a_design_is_compared_with_its_bare_counterpart() -> None:
    data = turtle(("bare", "", 900, 0), ("coated", "", 30, 0)) + ":coated lkg:hasBaseline :bare .\n"
    assert factors(data) == [30]


def test_what_was_cycled_is_not_compared_with_a_bare_counterpart() -> None:
    data = turtle(("bare", "", 900, 0), ("coated", "after-cycling", 30, 0))
    assert factors(data + ":coated lkg:hasBaseline :bare .\n") == []


@pytest.mark.parametrize(("there", "found"), [(25, [50]), (60, [])])
def test_figures_at_two_temperatures_make_no_factor(there: int, found: list[float]) -> None:
    data = turtle(("coated", "before-cycling", 500, 25), ("coated", "after-cycling", 10, there))
    assert factors(data) == found


def test_two_designs_make_no_factor() -> None:
    data = turtle(("one", "without-modification", 1000, 0), ("other", "with-modification", 10, 0))
    assert factors(data) == []
