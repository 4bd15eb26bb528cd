"""The explainer of the shipped graph, small ontologies, and the two judges: the build's rules and HermiT."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.explanation import Explainer, Justification, StatedFact
from lithiokg.explanation.rulebook import Rulebook, rulebook_of
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import closure_axioms, realize
from lithiokg.reasoning.names import OWL, RDF_TYPE, RDFS
from lithiokg.reasoning.writing import rdf_list, write_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lithiokg.graph import KnowledgeGraph

PREFIXES = """
@prefix : <https://w3id.org/lithiokg/> .
@prefix i: <https://w3id.org/lithiokg/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
GRAPH = "https://w3id.org/lithiokg/graph/"


@pytest.fixture(scope="session")
def explainer(graph: KnowledgeGraph) -> Explainer:
    return graph.explainer


@pytest.fixture(scope="session")
def book(explainer: Explainer) -> Rulebook:
    return explainer.book


@pytest.fixture(scope="session")
def table_designs(graph: KnowledgeGraph) -> list[str]:
    """The designs of the review's tables."""
    rows = graph.sparql("SELECT DISTINCT ?design { ?row a lkg:TableRow ; lkg:describes ?design }")
    return sorted(str(row["design"]) for row in rows.dicts())  # type: ignore[union-attr]


@pytest.fixture(scope="session")
def conclusions(graph: KnowledgeGraph) -> Callable[[str], list[tuple[str, str]]]:
    """What is inferred of a thing: relation and class or value, mechanisms, strategies and types only."""

    def of(thing: str) -> list[tuple[str, str]]:
        wanted = "rdf:type lkg:actsThrough lkg:followsStrategy lkg:hasInterfaceType"
        rows = graph.sparql(
            f"SELECT DISTINCT ?p ?v {{ VALUES ?p {{ {wanted} }} GRAPH lkgg:inferred {{ <{thing}> ?p ?v }} }} ORDER BY ?p ?v"
        )
        return [(str(row["p"]), str(row["v"])) for row in rows.dicts()]  # type: ignore[union-attr]

    return of


@pytest.fixture
def explainer_of() -> Callable[..., Explainer]:
    """An explainer of a few lines of Turtle: ontology, facts, and what the classification found."""

    def build(ontology: str, facts: str, classified: str = "") -> Explainer:
        store = ox.Store()
        texts = {"ontology": ontology, "asserted/test": facts, "inferred": classified}
        for name, text in texts.items():
            for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(GRAPH + name)))
        return Explainer(store, rulebook_of(store), lambda iri: iri.rsplit("/", 1)[-1])

    return build


class HermitJudge:
    """Asks HermiT whether the facts and axioms of a justification, and nothing else, entail it."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    def entails(self, justification: Justification, *, without: object = None) -> bool:
        axioms = [self._book.axioms[axiom.index] for axiom in justification.axioms if axiom is not without]
        store = ox.Store()
        for fact in justification.facts:
            if fact is not without:
                store.extend(self._quads(fact))
        asked = (justification.subject, justification.value)
        found = realize([*self._vocabulary(), *self._axioms(axioms), *self._closed(store)])
        return asked in found

    def _quads(self, fact: StatedFact) -> Iterable[ox.Quad]:
        graph = ox.NamedNode(fact.graph)
        subject, predicate = ox.NamedNode(fact.subject), ox.NamedNode(fact.predicate)
        if fact.closed is None:
            thing = fact.value.startswith("http")
            value = ox.NamedNode(fact.value) if thing else ox.Literal(fact.value)
            yield ox.Quad(subject, predicate, value, graph)
            return
        true = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
        yield ox.Quad(subject, predicate, true, graph)
        for listed in fact.listed:
            yield ox.Quad(subject, ox.NamedNode(fact.closed), ox.NamedNode(listed), graph)

    def _closed(self, store: ox.Store) -> Iterable[ox.Triple]:
        yield from (quad.triple for quad in store)
        yield from (quad.triple for quad in closure_axioms(store, self._book.ontology))

    def _vocabulary(self) -> Iterable[ox.Triple]:
        ontology = self._book.ontology
        for kind, iris in (
            ("Class", ontology.classes),
            ("ObjectProperty", ontology.object_properties),
            ("DatatypeProperty", ontology.data_properties),
        ):
            for iri in iris:
                yield ox.Triple(ox.NamedNode(iri), ox.NamedNode(RDF_TYPE), ox.NamedNode(OWL + kind))

    def _axioms(self, axioms: Sequence[ax.Axiom]) -> Iterable[ox.Triple]:
        for number, axiom in enumerate(axioms):
            yield from self._axiom(axiom, f"a{number}n")

    def _axiom(self, axiom: ax.Axiom, prefix: str) -> Iterable[ox.Triple]:
        match axiom:
            case ax.SubClassOf(first, second):
                yield from _between(first, RDFS + "subClassOf", second, prefix)
            case ax.EquivalentClasses(first, second):
                yield from _between(first, OWL + "equivalentClass", second, prefix)
            case ax.Domain(role, domain):
                node, more = write_expression(domain, prefix)
                yield from (ox.Triple(ox.NamedNode(role.iri), ox.NamedNode(RDFS + "domain"), node), *more)
            case ax.Range(role, values) if isinstance(values, ax.Named):
                yield _triple(role.iri, RDFS + "range", values.iri)
            case ax.SubRole(sub, sup):
                yield _triple(sub.iri, RDFS + "subPropertyOf", sup.iri)
            case ax.InverseRoles(first_role, second_role):
                yield _triple(first_role.iri, OWL + "inverseOf", second_role.iri)
            case ax.RoleCharacteristic(kind, role):
                yield _triple(role.iri, RDF_TYPE, f"{OWL}{kind}Property")
            case ax.RoleChain(chain, sup):
                head, more = rdf_list([ox.NamedNode(role.iri) for role in chain], prefix)
                chained = ox.NamedNode(OWL + "propertyChainAxiom")
                yield from (ox.Triple(ox.NamedNode(sup.iri), chained, head), *more)
            case _:
                raise AssertionError(f"no RDF for {axiom}")


def _triple(subject: str, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(value))


def _between(first: ax.Expression, predicate: str, second: ax.Expression, prefix: str) -> Iterable[ox.Triple]:
    one, more = write_expression(first, prefix + "f")
    other, rest = write_expression(second, prefix + "s")
    yield from (ox.Triple(one, ox.NamedNode(predicate), other), *more, *rest)


@pytest.fixture(scope="session")
def hermit(book: Rulebook) -> HermitJudge:
    return HermitJudge(book)
