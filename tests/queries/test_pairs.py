"""Questions that compare designs: they grow with the designs, not with their square, and say the same as pairs do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.questions import load_questions
from lithiokg.store import EmbeddedStore, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.questions import Question

ROOT = Path(__file__).resolve().parents[2]
LKG, ID = "https://w3id.org/lithiokg/", "https://w3id.org/lithiokg/id/"
DIFFER = "designs-that-differ-in-one-constituent"
PROLOGUE = """
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix property: <https://w3id.org/lithiokg/id/property/> .
@prefix substance: <https://w3id.org/lithiokg/id/substance/> .
@prefix unit: <https://w3id.org/lithiokg/id/unit/> .
@prefix : <https://w3id.org/lithiokg/id/design/> .
"""
#: Design -> the document that reports it, the substances of its bodies, its class.
Designs = dict[str, tuple[str, tuple[str, ...], str]]


def turtle(designs: Designs) -> str:
    """One body a substance, one figure a design."""
    text = PROLOGUE
    for number, (name, (document, substances, kind)) in enumerate(designs.items()):
        text += f""":{name} a lkg:{kind} ; lkg:reportedIn :ref{number} . :ref{number} lkg:inDocument :{document} .
        :o{number} lkg:hasFeatureOfInterest :{name} ; lkg:observedProperty property:area-specific-resistance ;
          lkg:hasResult :r{number} .
        :r{number} lkg:value {number + 1} ; lkg:unit unit:ohm-square-centimetre ; lkg:comparator "=" .
        """
        for part, substance in enumerate(substances):
            body = f":{name}-body{part}"
            text += f":{name} lkg:hasComponent {body} . {body} lkg:hasConstituent substance:{substance} .\n"
    return text


@pytest.fixture(scope="module")
def question() -> Question:
    return load_questions(ROOT / "queries")[DIFFER]


def pairs_of(data: str, text: str) -> set[tuple[str, str]]:
    """The pairs that are found, by the embedded engine and by rdflib, which must agree."""
    quads = (ox.Quad(*t.triple, ox.NamedNode("x:g")) for t in ox.parse(data, format=ox.RdfFormat.TURTLE))
    answer = EmbeddedStore.in_memory(quads).query(text)
    assert isinstance(answer, Table)
    found = {(row["design"], row["other_design"]) for row in answer.dicts()}
    graph = rdflib.Graph().parse(data=data, format="turtle")
    assert {(str(row.design), str(row.other_design)) for row in graph.query(text)} == found  # type: ignore[union-attr]
    return {
        (str(one).removeprefix(f"{ID}design/"), str(other).removeprefix(f"{ID}design/"))
        for one, other in found
    }


def bound(question: Question, **values: str) -> str:
    return question.bind(values, lambda name, _kind: name)


SOLID = "SolidElectrolyteDesign"
DESIGNS: Designs = {
    "al": ("review", ("LLZO", "Al", "Li"), SOLID),
    "mg": ("review", ("LLZO", "Mg", "Li"), SOLID),
    "bare": ("review", ("LLZO", "Li"), SOLID),
    "both": ("review", ("LLZO", "Al", "Mg", "Li"), SOLID),
    "sulfide": ("review", ("Li3PS4", "In", "Li"), SOLID),
    "zn": ("paper", ("LLZO", "Zn", "Li"), SOLID),
    "sn": ("paper", ("LLZO", "Sn", "Li"), SOLID),
    "liquid": ("paper", ("LLZO", "Ag", "Li"), "LiquidElectrolyteDesign"),
}


def test_designs_of_one_document_and_class_are_compared_with_each_other(question: Question) -> None:
    assert pairs_of(turtle(DESIGNS), question.text) == {("al", "mg"), ("sn", "zn")}


@pytest.mark.parametrize(
    ("design", "others"),
    [
        ("al", {"mg", "zn", "sn", "liquid"}),
        ("liquid", {"al", "mg", "zn", "sn"}),
        ("sulfide", set()),
        ("bare", set()),
    ],
)
def test_a_design_that_is_given_is_compared_with_those_of_every_document_and_class(
    question: Question, design: str, others: set[str]
) -> None:
    found = pairs_of(turtle(DESIGNS), bound(question, design=f"{ID}design/{design}"))
    assert found == {(design, other) for other in others}


def test_a_substance_that_two_bodies_of_a_design_hold_counts_once(question: Question) -> None:
    designs: Designs = {
        "al": ("review", ("LLZO", "Al", "Al", "Li"), SOLID),
        "mg": ("review", ("LLZO", "Mg", "Li", "Li"), SOLID),
    }
    assert pairs_of(turtle(designs), question.text) == {("al", "mg")}


def test_figures_under_unlike_conditions_are_not_compared(question: Question) -> None:
    data = turtle({name: DESIGNS[name] for name in ("al", "mg")})
    for first, second, same in ((60, 60, True), (60, 25, False), (60, None, False), (None, 60, False)):
        text = data
        for number, value in enumerate((first, second)):
            if value is not None:
                text += f":o{number} lkg:hasCondition :c{number} . "
                text += f":c{number} lkg:quantityKind property:temperature ; lkg:value {value} .\n"
        assert bool(pairs_of(text, question.text)) is same, (first, second)


def test_each_shared_substance_stands_with_all_the_designs_that_share_it(
    ask: Callable[..., list[dict[str, object]]],
) -> None:
    rows = ask("designs-sharing-a-substance")
    of: dict[object, set[object]] = {}
    for row in rows:
        of.setdefault(row["substance"], set()).add(row["design"])
    assert all(len(of[row["substance"]]) == row["designs"] > 1 for row in rows)
    zinc = ask("designs-sharing-a-substance", substance=f"{ID}substance/ZnO")
    assert zinc == [row for row in rows if row["substance"] == f"{ID}substance/ZnO"]
    assert len(of[f"{ID}substance/ZnO"]) == 3


def test_one_body_of_two_kinds_is_not_a_substance_in_two_roles() -> None:
    text = load_questions(ROOT / "queries")["substances-in-two-roles"].text
    one = (
        PROLOGUE
        + """:a lkg:hasComponent :x . :x a lkg:Coating , lkg:Interlayer ; lkg:hasConstituent substance:ZnO .
    """
    )
    other = one + ":b lkg:hasComponent :y . :y a lkg:Interlayer ; lkg:hasConstituent substance:ZnO .\n"
    third = other + ":c lkg:hasComponent :z . :z a lkg:Coating ; lkg:hasConstituent substance:Si .\n"

    def rows(data: str) -> list[tuple[str, str]]:
        quads = (ox.Quad(*t.triple, ox.NamedNode("x:g")) for t in ox.parse(data, format=ox.RdfFormat.TURTLE))
        answer = EmbeddedStore.in_memory(quads).query(text)
        assert isinstance(answer, Table)
        return [(str(r["serves_as"]).removeprefix(LKG), str(r["body"])[-1]) for r in answer.dicts()]

    assert rows(one) == []
    assert rows(other) == rows(third) == [("Coating", "x"), ("Interlayer", "x"), ("Interlayer", "y")]
