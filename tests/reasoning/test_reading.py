from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.errors import SourceError
from lithiokg.reasoning import Ontology, ontology_from, read_ontology
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.normal import complement, normal
from lithiokg.reasoning.writing import axiom_words, manchester, write_expression

if TYPE_CHECKING:
    from pathlib import Path

Make = Callable[[str], Ontology]
LKG = "https://w3id.org/lithiokg/"


def test_the_small_ontology_is_read_without_remainder(small: Ontology) -> None:
    assert small.unread == ()
    assert small.closes[LKG + "compositionIsComplete"] == LKG + "hasConstituent"


def test_an_axiom_knows_the_line_of_its_subject(small: Ontology, small_file: Path) -> None:
    wanted = ax.SubClassOf(ax.Named(LKG + "Inorganic"), ax.Named(LKG + "Substance"))
    found = next(axiom for axiom in small.axioms if axiom == wanted)
    assert found.place is not None
    assert small_file.read_text().splitlines()[found.place.line - 1].startswith("lkg:Inorganic a owl:Class")


@pytest.mark.parametrize(
    "text",
    [
        ":A a owl:Class ; owl:hasKey ( :p ) .",
        ":x a [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ] .",
        "[] a owl:NegativePropertyAssertion ; owl:sourceIndividual :x .",
        ":x owl:sameAs :y .",
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ] .",
        ":d a owl:DatatypeProperty . :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :d ; owl:maxCardinality 2 ] .",
    ],
)
def test_what_cannot_be_read_is_listed(ontology_of: Make, text: str) -> None:
    assert ontology_of(text).unread


def test_a_file_that_is_not_turtle_is_reported_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.ttl"
    file.write_text("@prefix : <urn:> .\n:a :b .\n")
    with pytest.raises(SourceError) as caught:
        read_ontology([file])
    assert caught.value.place is not None
    assert caught.value.place.line == 2


def test_every_expression_of_the_small_ontology_survives_writing_and_reading(small: Ontology) -> None:
    for number, axiom in enumerate(small.axioms):
        if not isinstance(axiom, ax.SubClassOf | ax.EquivalentClasses):
            continue
        sup = axiom.sup if isinstance(axiom, ax.SubClassOf) else axiom.second
        node, triples = write_expression(sup, f"t{number}n")
        kind, thing = (
            ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            ox.NamedNode(LKG + "Thing"),
        )
        below = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
        declared = [
            ox.Triple(ox.NamedNode(iri), kind, ox.NamedNode("http://www.w3.org/2002/07/owl#DatatypeProperty"))
            for iri in small.data_properties
        ]
        again = ontology_from([*declared, ox.Triple(thing, below, node), *triples])
        assert [a.sup for a in again.axioms if isinstance(a, ax.SubClassOf)] == [sup]


def test_complementing_three_times_is_complementing_once(small: Ontology) -> None:
    for axiom in small.axioms:
        if isinstance(axiom, ax.EquivalentClasses):
            assert complement(complement(complement(axiom.second))) == complement(axiom.second)


def test_axioms_are_said_in_plain_words(small: Ontology) -> None:
    words = {axiom_words(axiom) for axiom in small.axioms}
    assert "hasSublayer followed by contains implies contains" in words
    assert "faces is symmetric" in words
    assert "every Metal is conducts value electron" in words


def test_cardinalities_are_read_as_the_simplest_form(ontology_of: Make) -> None:
    text = (
        ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:minCardinality 1 ] ,"
        " [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 0 ] ,"
        " [ a owl:Restriction ; owl:onProperty :p ; owl:cardinality 2 ] ."
    )
    shown = {manchester(normal(a.sup)) for a in ontology_of(text).axioms if isinstance(a, ax.SubClassOf)}
    assert shown == {
        "p some owl:Thing",
        "p only owl:Nothing",
        "(p min 2 owl:Thing) and (p max 2 owl:Thing)",
    }
