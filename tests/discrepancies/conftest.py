"""Observations and claims in Turtle, two at a time."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.discrepancies import find_candidates, unrecorded
from lithiokg.store import EmbeddedStore

PROLOGUE = """
@base <https://w3id.org/lithiokg/id/> .
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<design/d> skos:prefLabel "a layer"@en .
<property/resistance> skos:prefLabel "resistance"@en .
<section/s> skos:prefLabel "Results"@en .
<table/1> lkg:tableNumber 1 .
<row/1> lkg:inTable <table/1> ; lkg:rowNumber 1 .
<row/2> lkg:inTable <table/1> ; lkg:rowNumber 2 .
"""


def quantity(node: str, printed: str, values: str, comparator: str = "=") -> str:
    return f'<{node}> lkg:printed "{printed}" ; lkg:comparator "{comparator}" ; {values} .\n'


def observation(
    key: str,
    value: float | tuple[float, float] | None,
    *,
    comparator: str = "=",
    place: str = "row/1",
    prop: str = "resistance",
    more: str = "",
    **conditions: float,
) -> str:
    """One observation of a layer, in a table row or in a paragraph of the results (by its number)."""
    low_high = value if isinstance(value, tuple) else None
    values = f"lkg:minimum {low_high[0]} ; lkg:maximum {low_high[1]}" if low_high else f"lkg:value {value}"
    text = f"<{key}> lkg:hasFeatureOfInterest <design/d> ; lkg:observedProperty <property/{prop}> ;\n"
    text += f"    lkg:hasResult <{key}/result> ; lkg:hasEvidence <{key}/evidence> .\n{more}\n"
    text += quantity(f"{key}/result", f"{value} mV", values, comparator)
    for name, held in conditions.items():
        text += (
            f"<{key}> lkg:hasCondition <{key}/{name}> . <{key}/{name}> lkg:quantityKind <property/{name}> .\n"
        )
        text += quantity(f"{key}/{name}", f"{held} {name}", f"lkg:value {held}")
    if place.startswith("row/"):
        return text + f"<{key}/evidence> lkg:inTableRow <{place}> .\n"
    return text + f"<{key}/evidence> lkg:inSection <section/s> ; lkg:inParagraph {place} .\n"


@pytest.fixture(scope="session")
def observe():
    return observation


@pytest.fixture(scope="session")
def store_of():
    def make(turtle: str) -> EmbeddedStore:
        return EmbeddedStore.in_memory(
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("x:g"))
            for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
        )

    return make


@pytest.fixture(scope="session")
def found(store_of):
    """Kind and note of each candidate that no discrepancy records."""

    def find(turtle: str) -> list[tuple[str, str]]:
        store = store_of(turtle)
        return [(str(each.kind), each.note) for each in unrecorded(store, find_candidates(store))]

    return find
