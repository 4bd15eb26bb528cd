"""The description of the data set, in the snapshot and in a release's terms, against counts made another way."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.build import build_snapshot
from lithiokg.errors import LithioKGError, SourceError
from lithiokg.metadata import (
    DATASET,
    DESCRIPTION_GRAPH,
    Distribution,
    count,
    describe_dataset,
    describe_distributions,
    read_written,
)
from lithiokg.metadata.terms import term
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from lithiokg.build import Cache
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources

LKG = "https://w3id.org/lithiokg/"
TYPE = term("rdf:type")
Facts = dict[str, dict[ox.NamedNode, list[Any]]]


@pytest.fixture(scope="module")
def quads(graph: KnowledgeGraph) -> list[ox.Quad]:
    """What is described."""
    assert isinstance(graph.store, EmbeddedStore)
    return [quad for quad in graph.store.quads() if quad.graph_name.value != DESCRIPTION_GRAPH]


@pytest.fixture(scope="module")
def said(graph: KnowledgeGraph) -> Facts:
    """The description that stands in the snapshot, by subject and predicate."""
    assert isinstance(graph.store, EmbeddedStore)
    facts: Facts = defaultdict(lambda: defaultdict(list))
    for quad in graph.store.quads(DESCRIPTION_GRAPH):
        facts[quad.subject.value][quad.predicate].append(quad.object)
    return facts


def number(said: Facts, subject: str, predicate: str) -> int:
    (value,) = said[subject][term(predicate)]
    return int(value.value)


def test_the_sizes_are_those_of_the_graph(quads: list[ox.Quad], said: Facts) -> None:
    triples = {quad.triple for quad in quads}
    assert number(said, DATASET, "void:triples") == len(triples)
    assert number(said, DATASET, "void:distinctSubjects") == len({each.subject for each in triples})
    assert number(said, DATASET, "void:distinctObjects") == len({each.object for each in triples})
    assert number(said, DATASET, "void:properties") == len({each.predicate for each in triples})
    things = {each.subject for each in triples if isinstance(each.subject, ox.NamedNode)}
    ours = {thing for thing in things if thing.value.startswith(LKG + "id/")}
    assert number(said, DATASET, "void:entities") == len(ours)
    assert said[DATASET][term("void:uriSpace")] == [ox.Literal(LKG + "id/")]


def test_each_named_graph_is_a_subset_with_its_size(quads: list[ox.Quad], said: Facts) -> None:
    sizes = Counter(quad.graph_name.value for quad in quads)
    subsets = {each.value for each in said[DATASET][term("void:subset")]}
    assert {each for each in subsets if each.startswith(LKG + "graph/")} == set(sizes)
    for name, size in sizes.items():
        assert number(said, name, "void:triples") == size


def test_the_partitions_are_those_of_the_graph(quads: list[ox.Quad], said: Facts) -> None:
    triples = {quad.triple for quad in quads}
    members = defaultdict(set)
    uses = defaultdict(list)
    for each in triples:
        uses[each.predicate].append(each)
        if each.predicate == TYPE and isinstance(each.object, ox.NamedNode):
            members[each.object].add(each.subject)
    nodes = [each.value for each in said[DATASET][term("void:classPartition")]]
    found = {said[node][term("void:class")][0]: number(said, node, "void:entities") for node in nodes}
    assert found == {each: len(things) for each, things in members.items()}
    assert number(said, DATASET, "void:classes") == len(found)
    nodes = [each.value for each in said[DATASET][term("void:propertyPartition")]]
    counts = {
        said[node][term("void:property")][0]: tuple(
            number(said, node, f"void:{what}") for what in ("triples", "distinctSubjects", "distinctObjects")
        )
        for node in nodes
    }
    assert counts == {
        each: (len(of), len({one.subject for one in of}), len({one.object for one in of}))
        for each, of in uses.items()
    }


def test_the_vocabularies_and_examples_are_in_use(quads: list[ox.Quad], said: Facts) -> None:
    used = {quad.predicate.value for quad in quads}
    used |= {quad.object.value for quad in quads if quad.predicate == TYPE}
    vocabularies = [each.value for each in said[DATASET][term("void:vocabulary")]]
    assert {LKG, "http://www.w3.org/2004/02/skos/core#"} <= set(vocabularies)
    assert all(any(name.startswith(each) for name in used) for each in vocabularies)
    kinds = defaultdict(set)
    for quad in quads:
        if quad.predicate == TYPE:
            kinds[quad.subject].add(quad.object.value.removeprefix(LKG))
    examples = [kinds[each] for each in said[DATASET][term("void:exampleResource")]]
    for kind in ("Design", "Substance", "Observation", "Claim", "Work"):
        assert any(kind in each for each in examples)


def test_there_is_a_linkset_for_each_target_of_the_mappings(
    quads: list[ox.Quad], said: Facts, shipped: Sources
) -> None:
    links: dict[str, Counter[str]] = defaultdict(Counter)
    for quad in quads:
        graph, predicate = quad.graph_name.value, quad.predicate.value
        if graph.startswith(LKG + "graph/mappings/") and predicate.endswith("Match") and "skos" in predicate:
            links[graph.rsplit("/", 1)[-1]][predicate] += 1
    tables = {
        path.name.removesuffix(".sssom.tsv") for path in (shipped.ontology / "mappings").glob("*.sssom.tsv")
    }
    assert set(links) <= tables
    sets = [each.value for each in said[DATASET][term("void:subset")] if "/links/" in each.value]
    assert {each.rsplit("/", 1)[-1] for each in sets} == set(links)
    for node in sets:
        predicates = links[node.rsplit("/", 1)[-1]]
        assert number(said, node, "void:triples") == predicates.total()
        parts = [each.value for each in said[node][term("void:subset")]]
        found = {
            said[part][term("void:linkPredicate")][0].value: number(said, part, "void:triples")
            for part in parts
        }
        assert found == predicates
        for each in (node, *parts):
            assert said[each][TYPE] == [term("void:Linkset")]
            assert [target.value for target in said[each][term("void:subjectsTarget")]] == [DATASET]
            assert len(said[each][term("void:objectsTarget")]) == 1


def test_catalogs_and_search_engines_are_told_the_same(said: Facts) -> None:
    facts = said[DATASET]
    assert {term("void:Dataset"), term("dcat:Dataset"), term("schema:Dataset")} == set(facts[TYPE])
    for one, other in (
        ("dcterms:title", "schema:name"),
        ("dcterms:description", "schema:description"),
        ("dcat:keyword", "schema:keywords"),
        ("dcterms:license", "schema:license"),
        ("dcterms:creator", "schema:creator"),
        ("dcterms:issued", "schema:datePublished"),
        ("dcat:version", "schema:version"),
    ):
        assert set(facts[term(one)]) == set(facts[term(other)]) != set()
    # Search engines want 50 to 5000 characters.
    assert 50 < len(facts[term("schema:description")][0].value) < 5000


def test_what_is_measured_is_listed_with_its_unit(quads: list[ox.Quad], said: Facts) -> None:
    observed = {quad.object.value for quad in quads if quad.predicate.value == LKG + "observedProperty"}
    nodes = [each.value for each in said[DATASET][term("schema:variableMeasured")]]
    assert {said[node][term("schema:propertyID")][0].value for node in nodes} == observed
    resistance = said[f"{DATASET}/variable/area-specific-resistance"]
    assert resistance[term("schema:name")] == [ox.Literal("area-specific resistance", language="en")]
    assert resistance[term("schema:unitText")] == [ox.Literal("Ω cm2")]


def test_the_description_has_no_blank_nodes_and_leaves_out_itself(
    graph: KnowledgeGraph, shipped: Sources
) -> None:
    assert isinstance(graph.store, EmbeddedStore)
    described = list(graph.store.quads(DESCRIPTION_GRAPH))
    assert not [quad for quad in described if isinstance(quad.subject, ox.BlankNode)]
    again = describe_dataset(graph.store, read_written(shipped))
    assert set(again) == set(described)
    assert DESCRIPTION_GRAPH not in count(graph.store).graphs


def test_sources_without_a_description_build_all_the_same(small: Sources, filled: Cache) -> None:
    (small.ontology / "dataset.ttl").unlink()
    snapshot = build_snapshot(small, cache=filled)
    with EmbeddedStore(snapshot.store) as store:
        assert DESCRIPTION_GRAPH not in store.graphs()


def test_a_mistake_in_the_description_is_told_with_its_place(small: Sources, lithio: Any) -> None:
    (small.ontology / "dataset.ttl").write_text("@prefix a: <b:> .\na:b a:c d .\n")
    with pytest.raises(SourceError, match="not valid Turtle"):
        read_written(small)
    said = lithio("check", sources=small)
    assert said.code == 1
    assert "ontology/dataset.ttl:2:" in said.out


def test_a_header_without_a_version_is_told(small: Sources) -> None:
    with pytest.raises(LithioKGError, match=r"the header of the ontology lacks .*versionInfo"):
        describe_dataset(EmbeddedStore.in_memory([]), read_written(small))


def test_a_distribution_bears_place_size_and_checksum() -> None:
    file = Distribution(
        of=DATASET, path="1.0.0/data/x.nq", url="https://example.org/x.nq", title="X", sha256="0f", size=7
    )
    triples = list(describe_distributions([file], "https://creativecommons.org/licenses/by/4.0/"))
    node = ox.NamedNode(f"{LKG}id/distribution/1.0.0/data/x.nq")
    assert ox.Triple(ox.NamedNode(DATASET), term("dcat:distribution"), node) in triples
    said = {each.predicate: each.object for each in triples if each.subject == node}
    assert said[term("dcat:downloadURL")].value == "https://example.org/x.nq"
    assert said[term("dcat:mediaType")].value.endswith("/media-types/application/n-quads")
    assert said[term("dcat:byteSize")].value == "7"
    checksum = said[term("spdx:checksum")]
    assert {each.predicate: each.object for each in triples if each.subject == checksum} == {
        TYPE: term("spdx:Checksum"),
        term("spdx:algorithm"): term("spdx:checksumAlgorithm_sha256"),
        term("spdx:checksumValue"): ox.Literal("0f", datatype=term("xsd:hexBinary")),
    }
