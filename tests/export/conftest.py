"""A few claims and references in Turtle, for what the shipped graph does not have."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.store import EmbeddedStore

PROLOGUE = """
@base <https://w3id.org/lithiokg/id/> .
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<work/paper> lkg:title "A paper on layers" .
<section/two> skos:prefLabel "Results"@en ; lkg:sectionNumber 2 ; lkg:inDocument <work/paper> .
<section/ten> skos:prefLabel "Outlook"@en ; lkg:sectionNumber 10 ; lkg:inDocument <work/paper> .
<table/1> lkg:inSection <section/two> ; lkg:tableNumber 1 .
<substance/ZnO> skos:prefLabel "zinc oxide"@en .
lkg:conducts skos:prefLabel "conducts"@en .
<carrier/electron> skos:prefLabel "electron"@en .
"""


@pytest.fixture
def store_of():
    """A store of Turtle that stands on a paper of two sections."""

    def make(turtle: str) -> EmbeddedStore:
        return EmbeddedStore.in_memory(
            ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("x:g"))
            for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
        )

    return make
