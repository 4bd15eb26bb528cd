"""Nothing is put in to make an answer come out right: no rule names a design, no conclusion is stated."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.build.reading import read_ontology, read_records
from lithiokg.reasoning import Ontology, ontology_from
from lithiokg.reasoning import axioms as ax
from lithiokg.sources import find_sources
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

TYPE = PREFIXES["rdf"] + "type"
#: Kinds of individuals that an axiom may name: vocabulary, never a record.
VOCABULARY = {"carrier", "expectation", "interface-type", "mechanism", "stage", "strategy"}
#: Relations whose values are conclusions.
CONCLUSIONS = (
    "actsThrough", "followsStrategy", "hasInterfaceType", "hasExpectation", "isExpectedToShow",
    "isExpectedToBlock", "isNotExpectedToBlock", "isAtRiskOf",
)  # fmt: skip


@pytest.fixture(scope="module")
def stated_ontology() -> list[ox.Quad]:
    return read_ontology(find_sources(), [])


@pytest.fixture(scope="module")
def ontology(stated_ontology: list[ox.Quad]) -> Ontology:
    return ontology_from(stated_ontology)


@pytest.fixture(scope="module")
def facts(stated_ontology: list[ox.Quad]) -> list[ox.Quad]:
    problems: list[object] = []
    records, computed = read_records(find_sources(), stated_ontology, problems)  # type: ignore[arg-type]
    assert problems == []
    assert records is not None
    return [*records.quads, *computed]


def individuals(part: object) -> Iterator[str]:
    """IRIs of individuals that an axiom or expression names."""
    if isinstance(part, ax.HasValue) and isinstance(part.value, str):
        yield part.value
    if isinstance(part, ax.OneOf):
        yield from part.individuals
    if is_dataclass(part):
        for each in fields(part):
            yield from individuals(getattr(part, each.name))
    if isinstance(part, tuple):
        for each in part:
            yield from individuals(each)


def test_no_axiom_names_a_record(ontology: Ontology) -> None:
    named = {iri for axiom in ontology.axioms for iri in individuals(axiom)}
    assert named  # the walk finds something
    kinds = {iri.removeprefix(ID).partition("/")[0] for iri in named}
    assert kinds - VOCABULARY == {"substance"}
    assert {iri for iri in named if iri.startswith(ID + "substance/")} == {ID + "substance/Li"}


def test_the_ontology_mentions_no_record_outside_its_axioms(stated_ontology: list[ox.Quad]) -> None:
    mentioned = {
        term.value
        for quad in stated_ontology
        for term in (quad.subject, quad.object)
        if isinstance(term, ox.NamedNode)
        and term.value.startswith((ID + "design/", ID + "claim/", ID + "observation/"))
    }
    assert mentioned == set()


def test_no_class_with_a_definition_is_stated_of_anything(facts: list[ox.Quad], ontology: Ontology) -> None:
    defined = {
        part.iri
        for axiom in ontology.axioms
        if isinstance(axiom, ax.EquivalentClasses)
        for part in (axiom.first, axiom.second)
        if isinstance(part, ax.Named)
    }
    assert len(defined) > 80
    stated = {
        (str(quad.subject), quad.object.value)
        for quad in facts
        if quad.predicate.value == TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value in defined
    }
    assert stated == set()


def test_no_conclusion_about_a_design_is_stated(facts: list[ox.Quad], ontology: Ontology) -> None:
    for name in CONCLUSIONS:
        assert LKG + name in ontology.object_properties
    stated = [quad for quad in facts if quad.predicate.value in {LKG + name for name in CONCLUSIONS}]
    assert stated == []


def test_the_data_holds_facts_and_no_axioms(facts: list[ox.Quad]) -> None:
    logical = (PREFIXES["owl"], PREFIXES["rdfs"])
    axioms = [quad for quad in facts if quad.predicate.value.startswith(logical)]
    kinds = {
        quad.object.value
        for quad in facts
        if quad.predicate.value == TYPE
        and isinstance(quad.object, ox.NamedNode)
        and quad.object.value.startswith(logical)
    }
    assert (axioms, kinds) == ([], {PREFIXES["owl"] + "NamedIndividual"})


def test_what_is_expected_uses_no_relation_of_claims(ontology: Ontology, facts: list[ox.Quad]) -> None:
    """An expectation can always be told from what a source says."""
    claimed = {
        quad.object.value
        for quad in facts
        if quad.predicate.value == LKG + "claimRelation" and isinstance(quad.object, ox.NamedNode)
    }
    assert claimed
    expecting = {iri for iri in ontology.object_properties if "xpect" in iri or iri == LKG + "isAtRiskOf"}
    assert len(expecting) >= 9
    assert claimed & expecting == set()
    above = {
        axiom.sup.iri
        for axiom in ontology.axioms
        if isinstance(axiom, ax.SubRole) and axiom.sub.iri in expecting
    }
    assert above == set()
