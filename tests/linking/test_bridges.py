"""The bridges: they lead one way, contradict nothing, and an outsider's query finds our things."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import InconsistencyError, UsageError
from lithiokg.linking import Bridge, bridge_names, cross, load_bridge
from lithiokg.linking.bridging import cut_slice, slice_path
from lithiokg.linking.slices import named_ancestors, slice_of
from lithiokg.linking.upstream import read_copy
from lithiokg.reasoning import (
    classified_hierarchy,
    classify,
    compare,
    hermit_available,
    ontology_files,
    ontology_from,
    profile_violations,
    read_ontology,
    realize,
)
from lithiokg.reasoning.hermit import axiom_triples

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.reasoning import Hierarchy

ROOT = Path(__file__).resolve().parents[2]
REVIEWED = Path(__file__).parent / "reviewed"
BRIDGES = ("emmo", "pmdco")
LKG = "https://w3id.org/lithiokg/"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
#: The designs, and what is said of their parts, that HermiT gets to judge a bridge by.
CHOSEN = ("zno-interlayer-on-garnet", "fec-dual-layered-sei", "lixsisy-nafion-bilayer")
SEEN = {RDF_TYPE} | {
    LKG + name
    for name in (
        *("contacts", "hasSublayer", "hasCoating", "hasFeatureOfInterest", "observedProperty", "hasResult"),
        *("hasCondition", "quantityKind", "treats"),
    )
}
needs_hermit = pytest.mark.skipif(not hermit_available(), reason="HermiT or Java is not installed")


@cache
def bridge(name: str) -> Bridge:
    return load_bridge(ROOT / "ontology", name)


@cache
def own() -> Any:
    return read_ontology(ontology_files(ROOT / "ontology"))


@cache
def classified(name: str | None) -> Hierarchy:
    """The hierarchy of our ontology, with a bridge or without."""
    triples = own().triples
    if name is None:
        return classified_hierarchy(ROOT / "ontology", own())
    return classify(ontology_from([*triples, *bridge(name).axioms, *bridge(name).upstream]))


@cache
def labels(name: str) -> dict[str, str]:
    """Labels of our classes and of a bridge's."""
    theirs = {
        triple.subject.value: triple.object.value
        for triple in bridge(name).upstream
        if triple.predicate.value == SKOS + "prefLabel"
    }
    return {**own().labels, **theirs}


def memberships(quads: Iterable[ox.Quad]) -> set[tuple[str, str]]:
    return {
        (quad.subject.value, quad.object.value)
        for quad in quads
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode)
    }


def is_ours(term: object) -> bool:
    return isinstance(term, ox.NamedNode) and term.value.startswith(LKG)


# The files


def test_these_are_the_bridges() -> None:
    assert tuple(bridge_names(ROOT / "ontology")) == BRIDGES


def test_an_unknown_bridge_is_refused_with_a_guess() -> None:
    with pytest.raises(UsageError) as caught:
        load_bridge(ROOT / "ontology", "emo")
    assert caught.value.mend == "did you mean emmo?"


@pytest.mark.parametrize("name", BRIDGES)
def test_a_bridge_leads_from_our_terms_to_theirs_and_says_nothing_else(name: str) -> None:
    allowed = {RDFS + "subClassOf", RDFS + "subPropertyOf"}
    for triple in bridge(name).axioms:
        if triple.predicate.value in allowed:
            assert is_ours(triple.subject) or isinstance(triple.subject, ox.BlankNode), str(triple)
            assert isinstance(triple.object, ox.NamedNode), str(triple)
            assert not is_ours(triple.object), str(triple)
        elif isinstance(triple.subject, ox.NamedNode):
            header = triple.subject.value == f"{LKG}bridge/{name}"
            lists = triple.predicate.value.startswith("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
            assert header or lists, str(triple)
    said = {triple.predicate.value for triple in bridge(name).axioms}
    assert not said & {OWL + "sameAs", OWL + "equivalentClass", OWL + "equivalentProperty", OWL + "imports"}


@pytest.mark.parametrize("name", BRIDGES)
def test_every_term_of_theirs_is_declared_and_labeled_beside_the_bridge(name: str) -> None:
    theirs = {
        triple.object.value
        for triple in bridge(name).axioms
        if triple.predicate.value in {RDFS + "subClassOf", RDFS + "subPropertyOf"}
        and isinstance(triple.object, ox.NamedNode)
    }
    known = {t.subject.value for t in bridge(name).upstream if t.predicate.value == SKOS + "prefLabel"}
    assert theirs <= known


@pytest.mark.parametrize("name", BRIDGES)
def test_no_term_of_theirs_is_deprecated(name: str, upstream: Path) -> None:
    copy = read_copy(upstream)
    terms = {triple.subject.value for triple in bridge(name).upstream if not is_ours(triple.subject)}
    used = {t.object.value for t in bridge(name).axioms if isinstance(t.object, ox.NamedNode)} & terms
    assert [iri for iri in sorted(used) if copy.terms[iri].deprecated] == []


@pytest.mark.parametrize("name", BRIDGES)
def test_an_axiom_and_a_row_about_the_same_two_terms_agree(name: str, tables: list[Any]) -> None:
    """What is something of theirs is no wider than that; a row may still deny that it is the same."""
    affirmed = {
        (triple.subject.value, getattr(triple.object, "value", ""))
        for triple in bridge(name).axioms
        if isinstance(triple.subject, ox.NamedNode)
    }
    rows = [r for each in tables for r in each.mappings if (r.subject, r.object) in affirmed]
    assert len(rows) >= 4
    for row in rows:
        relation = row.predicate.rpartition("#")[2]
        assert relation in (("exactMatch",) if row.negated else ("exactMatch", "closeMatch", "broadMatch"))


@pytest.mark.parametrize("name", BRIDGES)
def test_the_slices_are_those_of_the_copies(name: str, upstream: Path) -> None:
    written = slice_path(ROOT / "ontology", name).read_text(encoding="utf-8")
    assert cut_slice(ROOT / "ontology", name, upstream) == written, (
        "run tools/bridge_slices.py --upstream DIR"
    )


def test_nothing_of_a_bridge_is_in_the_graph_unless_asked_for(quads: list[ox.Quad]) -> None:
    theirs = {t.subject.value for name in BRIDGES for t in bridge(name).upstream}
    assert not {iri for _, iri in memberships(quads)} & theirs
    assert not any("/graph/bridges/" in quad.graph_name.value for quad in quads)


# Slices


def test_a_slice_holds_what_stands_above_and_what_excludes_what() -> None:
    upstream = [
        triple.triple
        for triple in ox.parse(
            """
            @prefix : <https://example.org/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            :A a owl:Class ; rdfs:label "a"@en ; rdfs:subClassOf :B ,
                [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :X ] .
            :B a owl:Class ; rdfs:subClassOf :C ; owl:disjointWith :D , :X . :C a owl:Class . :D a owl:Class .
            :X a owl:Class . :Below a owl:Class ; rdfs:subClassOf :A .
            :p a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:domain :D ; rdfs:subPropertyOf :q .
            :q a owl:ObjectProperty ; owl:propertyChainAxiom ( :q :p ) .
            [] a owl:AllDisjointClasses ; owl:members ( :C :D :X ) .
            """,
            format=ox.RdfFormat.TURTLE,
        )
    ]
    uses = ox.parse(
        """@prefix : <https://example.org/> . @prefix lkg: <https://w3id.org/lithiokg/> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        lkg:Host rdfs:subClassOf :A . lkg:contacts rdfs:subPropertyOf :p .""",
        format=ox.RdfFormat.TURTLE,
    )
    found = slice_of(upstream, (quad.triple for quad in uses))
    said = {
        tuple(term.value.rpartition("/")[2].rpartition("#")[2] or term.value for term in triple)
        for triple in found
    }
    assert {(s, p, o) for s, p, o in said if p != "type"} == {
        ("A", "subClassOf", "B"),
        ("A", "prefLabel", "a"),
        ("B", "subClassOf", "C"),
        ("B", "disjointWith", "D"),
        ("C", "disjointWith", "D"),
        ("p", "domain", "D"),
        ("p", "subPropertyOf", "q"),
    }
    assert ("p", "type", "SymmetricProperty") in said
    ours = named_ancestors(upstream, ["https://example.org/Below"])
    assert {iri.rpartition("/")[2] for iri in ours} == {"Below", "A", "B", "C"}


# What HermiT says


@needs_hermit
@pytest.mark.parametrize("name", BRIDGES)
def test_with_a_bridge_the_ontology_stays_in_owl_2_dl_and_every_class_possible(name: str) -> None:
    assert profile_violations([*own().triples, *bridge(name).axioms, *bridge(name).upstream]) == []
    assert classified(name).unsatisfiable == frozenset()


@needs_hermit
@pytest.mark.parametrize("name", BRIDGES)
def test_nothing_of_ours_is_merged_or_reclassified(name: str) -> None:
    classes = own().classes
    without = {
        (sub, sup) for sub in classes for sup in classified(None).supers.get(sub, ()) if sup in classes
    }
    with_it = {
        (sub, sup) for sub in classes for sup in classified(name).supers.get(sub, ()) if sup in classes
    }
    assert with_it == without
    below = {iri for iri, sups in classified(name).supers.items() if iri not in classes and sups & classes}
    assert below == set()  # nothing of theirs falls under a class of ours


def direct(iris: Iterable[str], name: str) -> str:
    """The labels of the most special of some classes of theirs."""
    hierarchy = classified(name)
    theirs = {iri for iri in iris if iri not in own().classes and iri in labels(name)}
    kept = {iri for iri in theirs if not any(hierarchy.is_sub(other, iri) for other in theirs - {iri})}
    return " + ".join(sorted(labels(name)[iri] for iri in kept)) or "-"


@needs_hermit
@pytest.mark.parametrize("name", BRIDGES)
def test_what_every_class_of_ours_is_for_them_is_as_reviewed(name: str) -> None:
    found = [
        f"{direct(classified(name).supers.get(iri, ()), name)}\t{labels(name).get(iri, iri)}"
        for iri in own().classes
    ]
    assert sorted(found) == _reviewed(f"{name}-classes")


@needs_hermit
@pytest.mark.parametrize("name", BRIDGES)
def test_what_every_kind_of_figure_is_for_them_is_as_reviewed(
    name: str, crossed: dict[str, list[ox.Quad]], quads: list[ox.Quad]
) -> None:
    """Classes tell all but for figures and observations, which go by their property."""
    types: dict[str, set[str]] = {}
    for thing, iri in memberships(crossed[name]):
        types.setdefault(thing, set()).add(iri)
    of: dict[str, str] = {}
    designs = {thing for thing, iri in memberships(quads) if iri == LKG + "Design"}
    about = {
        q.subject.value: q.object.value for q in quads if q.predicate.value == LKG + "hasFeatureOfInterest"
    }
    for quad in quads:
        kind = {"quantityKind": "figure", "observedProperty": "observation"}.get(
            quad.predicate.value.removeprefix(LKG)
        )
        if kind:
            thing = quad.subject.value
            words = f"{kind} of {own().labels[quad.object.value]}"
            if kind == "observation":
                words += " of a design" if about[thing] in designs else " of a substance or cell"
            of[thing] = words
    found = {f"{direct(types.get(thing, ()), name)}\t{words}" for thing, words in of.items()}
    assert sorted(found) == _reviewed(f"{name}-figures")


def _reviewed(name: str) -> list[str]:
    lines = (REVIEWED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


@needs_hermit
@pytest.mark.parametrize("name", BRIDGES)
def test_rules_and_hermit_agree_on_what_our_things_are_for_them(
    name: str, quads: list[ox.Quad], crossed: dict[str, list[ox.Quad]]
) -> None:
    """Designs with what they are made of and what was observed of them; HermiT takes seconds."""
    designs = [iri for iri in _designs(quads) if iri.rpartition("/")[2] in CHOSEN]
    assert len(designs) == len(CHOSEN)
    part = [
        quad.triple
        for quad in quads
        if getattr(quad.subject, "value", "").startswith(tuple(designs))
        and quad.predicate.value in SEEN
        and not isinstance(quad.object, ox.BlankNode)  # a closure
    ]
    # What they are for us is given, inferred or not, so that our own axioms need not be gone through again.
    kinds = {OWL + kind for kind in ("Class", "ObjectProperty", "DatatypeProperty")}
    declared = [
        t for t in own().triples if t.predicate.value == RDF_TYPE and getattr(t.object, "value", "") in kinds
    ]
    axioms = axiom_triples(ontology_from([*declared, *bridge(name).axioms, *bridge(name).upstream]))
    found = realize([*axioms, *part])
    things = {triple.subject.value for triple in part}
    difference = compare(
        (pair for pair in memberships([*crossed[name], *quads]) if pair[0] in things),
        (pair for pair in found if pair[0] in things),
        classes={t.subject.value for t in bridge(name).upstream if t.predicate.value == RDF_TYPE},
    )
    assert difference.equal, str(difference)
    assert difference.common > 30


def _designs(quads: list[ox.Quad]) -> list[str]:
    return sorted(thing for thing, iri in memberships(quads) if iri == LKG + "Design")


@pytest.mark.parametrize(
    ("name", "statements"),
    [
        ("emmo", "<x:it> a lkg:LithiumElectrode ; lkg:contacts <x:it> ."),
        ("pmdco", "<x:it> a lkg:Component , lkg:Claim ."),
    ],
)
def test_facts_that_contradict_the_other_ontology_are_refused_in_words(
    name: str, statements: str, quads: list[ox.Quad]
) -> None:
    prefix = "@prefix lkg: <https://w3id.org/lithiokg/> . "
    odd = [
        ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(LKG + "graph/asserted/odd"))
        for t in ox.parse(prefix + statements, format=ox.RdfFormat.TURTLE)
    ]
    with pytest.raises(InconsistencyError):
        cross([*quads, *odd], bridge(name))
