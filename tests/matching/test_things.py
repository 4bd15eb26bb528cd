"""Search by what people type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph


@pytest.mark.parametrize(
    ("text", "iri", "why"),
    [
        ("ZnO", f"{ID}substance/ZnO", "also called ZnO"),
        ("zinc oxide", f"{ID}substance/ZnO", "its name"),
        ("LLZO", f"{ID}substance/garnet", "also called LLZO"),
        ("La3Li7O12Zr2", f"{ID}substance/garnet", "reduced formula"),
        ("Overpotential", f"{ID}property/overpotential", "its name"),
        ("garnet electrolyte", f"{LKG}GarnetElectrolyte", "its name"),
    ],
)
def test_the_best_is_what_bears_the_name(graph: KnowledgeGraph, text: str, iri: str, why: str):
    best = graph.search(text).found[0]
    assert best.iri == iri
    assert why in best.why


def test_the_beginning_of_a_name_finds_it(graph: KnowledgeGraph):
    assert graph.search("zinc ox").found[0].label == "zinc oxide"


def test_an_element_finds_the_substances_that_contain_it(graph: KnowledgeGraph):
    why = {each.iri: each.why for each in graph.search("sulfur", limit=60)}
    assert why[f"{ID}substance/Li3PS4"] == "contains S"


def test_a_slip_is_forgiven_where_nothing_else_is_found(graph: KnowledgeGraph):
    found = graph.search("polysulfid shutling")
    assert found.found[0].iri == f"{ID}phenomenon/polysulfide-shuttling"
    assert found.found[0].why == "much like polysulfide shuttling"


def test_things_are_grouped_by_kind_and_bodies_say_of_which_design(graph: KnowledgeGraph):
    groups = graph.search("polymer interlayer").groups
    assert {"strategy", "class", "body of a design"} <= set(groups)
    assert all(", in " in each.why for each in groups["body of a design"])


def test_a_limit_cuts_but_the_total_is_told(graph: KnowledgeGraph):
    found = graph.search("li", limit=3)
    assert len(found) == 3 < found.total


@given(st.text(max_size=40))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_can_be_searched_for(graph: KnowledgeGraph, text: str):
    scores = [each.score for each in graph.search(text, limit=5)]
    assert scores == sorted(scores, reverse=True)
