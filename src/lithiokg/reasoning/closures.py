"""Closed properties: what a completeness flag states, as OWL axioms and for the rules.

A flag such as ``compositionIsComplete true`` says that the values stated beside it, in the same named
graph, are all there are. OWL has no unique names, so the listed things must also be said to differ.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.graphs import TripleIndex
from lithiokg.reasoning.names import OWL, RDF_TYPE
from lithiokg.reasoning.properties import check_closable, counted_roles, role_supers
from lithiokg.reasoning.writing import rdf_list, restriction_quads
from lithiokg.vocabulary import GRAPH, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.reading import Ontology

__all__ = [
    "CLOSURES_GRAPH",
    "DISTINCT_CLASSES",
    "INFERRED_GRAPH",
    "Closure",
    "closure_axioms",
    "distinct_groups",
    "find_closures",
    "listing_vocabulary",
    "stated_groups",
]

CLOSURES_GRAPH = ox.NamedNode(GRAPH + "closures")
INFERRED_GRAPH = ox.NamedNode(GRAPH + "inferred")
#: Graphs that hold conclusions, never statements.
DERIVED_GRAPHS = (CLOSURES_GRAPH, INFERRED_GRAPH)
#: Classes whose individuals all differ from each other.
DISTINCT_CLASSES = (LKG + "Substance",)


@dataclass(frozen=True, slots=True, order=True)
class Closure:
    """The values of a property of one individual, known to be all.

    Attributes:
        individual: whose values they are.
        property: the closed property.
        values: what is stated, sorted; may be empty.
        flag: the completeness flag that says so.
        graph: the named graph in which flag and values stand.
    """

    individual: str
    property: str
    values: tuple[str, ...]
    flag: str
    graph: str


def stated(store: ox.Store, predicate: str, value: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
    """The quads of a predicate outside the derived graphs."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), value, None):
        if quad.graph_name not in DERIVED_GRAPHS:
            yield quad


def find_closures(store: ox.Store, ontology: Ontology) -> list[Closure]:
    """Every closure that the flags in a store state, sorted.

    Raises:
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    check_closable(ontology)
    closures: set[Closure] = set()
    for flag, iri in ontology.closes.items():
        for quad in stated(store, flag):
            if not isinstance(quad.object, ox.Literal) or quad.object.value not in ("true", "1"):
                continue
            if not isinstance(quad.subject, ox.NamedNode):
                continue
            found = store.quads_for_pattern(quad.subject, ox.NamedNode(iri), None, quad.graph_name)
            values = {item.object.value for item in found if isinstance(item.object, ox.NamedNode)}
            graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
            closures.add(Closure(quad.subject.value, iri, tuple(sorted(values)), flag, graph))
    return sorted(closures)


def _subclasses(ontology: Ontology, roots: Iterable[str]) -> set[str]:
    """The roots and the named classes that the axioms put below them in so many words."""
    below: dict[str, set[str]] = defaultdict(set)
    for axiom in ontology.axioms:
        match axiom:
            case ax.SubClassOf(ax.Named(sub), sup) | ax.EquivalentClasses(ax.Named(sub), sup):
                for part in sup.parts if isinstance(sup, ax.And) else (sup,):
                    if isinstance(part, ax.Named):
                        below[part.iri].add(sub)
            case ax.DisjointUnion(whole, parts):
                below[whole.iri].update(part.iri for part in parts if isinstance(part, ax.Named))
    found: set[str] = set()
    todo = list(roots)
    while todo:
        item = todo.pop()
        if item not in found:
            found.add(item)
            todo.extend(below[item])
    return found


def listing_vocabulary(ontology: Ontology, distinct: Iterable[str] = DISTINCT_CLASSES) -> frozenset[str]:
    """The classes and properties whose statements closures and :func:`distinct_groups` are made from."""
    roles = {ax.Role(iri) for iri in ontology.closes.values()} | counted_roles(ontology)
    subroles = {sub.iri for role in roles for sub in _subroles(ontology, role)}
    return frozenset({*ontology.closes, *subroles, *_subclasses(ontology, distinct)})


def _subroles(ontology: Ontology, role: ax.Role) -> set[ax.Role]:
    """A property with its subproperties and their inverses."""
    supers = role_supers(ontology.axioms)
    return {sub for sub, above in supers.items() if role in above} | {role}


def _stated_pairs(store: ox.Store, ontology: Ontology, role: ax.Role) -> Iterator[tuple[str, str]]:
    """Pairs of a property that are stated of it, of its subproperties or of their inverses."""
    for sub in _subroles(ontology, role):
        for quad in stated(store, sub.iri):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                pair = (quad.subject.value, quad.object.value)
                yield pair[::-1] if sub.inverse else pair


def distinct_groups(
    store: ox.Store, ontology: Ontology, *, distinct: Iterable[str] = DISTINCT_CLASSES
) -> list[tuple[str, ...]]:
    """Groups of individuals that all differ from each other.

    One group of all individuals of the classes ``distinct`` and all values of closed properties, one
    of the values of each subject for every property whose values an axiom counts, and what is stated
    with ``owl:AllDifferent`` and ``owl:differentFrom``.
    """
    catalogue = {
        quad.subject.value
        for iri in _subclasses(ontology, distinct)
        for quad in stated(store, RDF_TYPE, ox.NamedNode(iri))
        if isinstance(quad.subject, ox.NamedNode)
    }
    for iri in ontology.closes.values():
        catalogue.update(value for _, value in _stated_pairs(store, ontology, ax.Role(iri)))
    groups = {tuple(sorted(catalogue))}
    for role in counted_roles(ontology):
        values: dict[str, set[str]] = defaultdict(set)
        for subject, value in _stated_pairs(store, ontology, role):
            values[subject].add(value)
        groups.update(tuple(sorted(group)) for group in values.values())
    groups.update(stated_groups(store))
    return sorted(group for group in groups if len(group) > 1)


def stated_groups(store: ox.Store) -> Iterator[tuple[str, ...]]:
    """What is stated with ``owl:AllDifferent`` and ``owl:differentFrom``."""
    for quad in stated(store, OWL + "differentFrom"):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            yield tuple(sorted({quad.subject.value, quad.object.value}))
    for predicate in ("members", "distinctMembers"):
        for quad in stated(store, OWL + predicate):
            kind = ox.Quad(
                quad.subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(OWL + "AllDifferent"), quad.graph_name
            )
            if kind in store:
                triples = store.quads_for_pattern(None, None, None, quad.graph_name)
                members = TripleIndex(item.triple for item in triples).take_list(quad.object)
                yield tuple(sorted({item.value for item in members if isinstance(item, ox.NamedNode)}))


def closure_axioms(
    store: ox.Store, ontology: Ontology, *, distinct: Iterable[str] = DISTINCT_CLASSES
) -> Iterator[ox.Quad]:
    """The closures as OWL axioms in the graph ``lkgg:closures``, for OWL reasoners and exports.

    Each closure becomes ``x rdf:type (p only {listed})``, an empty one ``x rdf:type (p only Nothing)``;
    each group of :func:`distinct_groups` becomes an ``owl:AllDifferent``. The output is the same for
    the same statements, blank nodes included.

    Args:
        store: the statements.
        ontology: names the flags and the properties they close.
        distinct: classes whose individuals all differ.

    Raises:
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    for number, closure in enumerate(find_closures(store, ontology)):
        filler = ax.OneOf(closure.values) if closure.values else ax.NOTHING
        only = ax.Only(ax.Role(closure.property), filler)
        yield from restriction_quads(closure.individual, only, CLOSURES_GRAPH, f"closure{number}n")
    for number, group in enumerate(distinct_groups(store, ontology, distinct=distinct)):
        node = ox.BlankNode(f"distinct{number}")
        head, triples = rdf_list([ox.NamedNode(iri) for iri in group], f"distinct{number}x")
        kind = ox.NamedNode(OWL + "AllDifferent")
        yield ox.Quad(node, ox.NamedNode(RDF_TYPE), kind, CLOSURES_GRAPH)
        yield ox.Quad(node, ox.NamedNode(OWL + "distinctMembers"), head, CLOSURES_GRAPH)
        for triple in triples:
            yield ox.Quad(triple.subject, triple.predicate, triple.object, CLOSURES_GRAPH)
