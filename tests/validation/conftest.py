"""A graph with three things wrong, and where each is written."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.errors import Place
from lithiokg.sources import Sources
from lithiokg.vocabulary import GRAPH

ROOT = Path(__file__).parent.parent.parent
PROLOGUE = """
@base <https://w3id.org/lithiokg/id/> .
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix lkgg: <https://w3id.org/lithiokg/graph/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <https://w3id.org/lithiokg/shape/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
#: The design has no evidence; the layer consists of what does not exist; a label is missing.
RECORDS = """
<design/zno> a lkg:Design, owl:NamedIndividual ;
    skos:prefLabel "ZnO interlayer"@en ; lkg:reportedIn <reference/r/26> ;
    lkg:hasComponent <design/zno/components/layer> .
<design/zno/components/layer> a lkg:InterfacialLayer, owl:NamedIndividual ; lkg:hasConstituent <substance/ZnOO> .
<substance/ZnO> a lkg:MetalOxide, owl:NamedIndividual .
<reference/r/26> a lkg:Reference, owl:NamedIndividual ;
    lkg:referenceNumber 26 ; lkg:inDocument <work/r> ; lkg:identificationStatus <identification/unknown> .
<work/r> a lkg:Review, owl:NamedIndividual ; lkg:title "A review" .
"""
ID = "https://w3id.org/lithiokg/id/"


class WrittenPlaces:
    """Places as the reader of the curated files keeps them."""

    def __init__(self, places: dict[tuple[str, ...], Place]) -> None:
        self.places = places

    def of(self, node: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        for key in ((node, predicate, value), (node, predicate), (node,)):
            if key in self.places:
                return self.places[key]
        return None


@pytest.fixture(scope="session")
def sources() -> Sources:
    return Sources(ROOT)


@pytest.fixture(scope="session")
def ontology() -> list[ox.Quad]:
    """The ontology but for its cells, which refer to substances of the catalogue."""
    graph = ox.NamedNode(GRAPH + "ontology")
    return [
        ox.Quad(quad.subject, quad.predicate, quad.object, graph)
        for path in (ROOT / "ontology" / "modules").glob("*.ttl")
        if path.stem != "cells"
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


@pytest.fixture
def quads():
    """Turtle as quads of a named graph."""

    def parse(turtle: str, graph: str = "asserted/r") -> list[ox.Quad]:
        name = ox.NamedNode(GRAPH + graph)
        parsed = ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
        return [ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]

    return parse


@pytest.fixture
def records(quads) -> list[ox.Quad]:
    return quads(RECORDS)


@pytest.fixture
def places() -> WrittenPlaces:
    lkg = "https://w3id.org/lithiokg/"
    layer = ID + "design/zno/components/layer"
    return WrittenPlaces(
        {
            (ID + "design/zno",): Place("data/b.yaml", 2, 3),
            (ID + "design/zno", lkg + "hasComponent"): Place("data/b.yaml", 4, 5),
            (layer,): Place("data/b.yaml", 5, 7),
            (layer, lkg + "hasConstituent"): Place("data/b.yaml", 6, 9),
            (layer, lkg + "hasConstituent", ID + "substance/ZnOO"): Place("data/b.yaml", 6, 24),
            (ID + "substance/ZnO",): Place("data/a.yaml", 9, 3),
        }
    )


@pytest.fixture
def written():
    return WrittenPlaces
