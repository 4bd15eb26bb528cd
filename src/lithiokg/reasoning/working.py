"""The working store of a derivation: the statements that rules read, and the closures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.closures import Closure, distinct_groups, find_closures, stated
from lithiokg.reasoning.names import AUXILIARY, CLOSED, DIFFERS, LISTED, LISTING, RDF_TYPE, SIZE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.rules import RuleSet

__all__ = ["filled", "working_store"]

_TYPE = ox.NamedNode(RDF_TYPE)


def working_store(
    store: ox.Store, rules: RuleSet, *, distinct: Iterable[str]
) -> tuple[ox.Store, list[Closure]]:
    """Copy what the rules read into a store of its own, in one graph, and add the closures.

    A store apart keeps the engine's private facts out of the graph, and one graph is faster to query
    than a union of many.
    """
    groups = distinct_groups(store, rules.ontology, distinct=distinct)
    closures = find_closures(store, rules.ontology)
    return filled(_facts(store, rules), closures, groups), closures


def filled(
    facts: Iterable[ox.Quad], closures: Iterable[Closure], groups: Iterable[Iterable[str]]
) -> ox.Store:
    """A working store of facts (each in the default graph), closures, and groups of different things."""
    working = ox.Store()
    working.bulk_extend(facts)
    working.bulk_extend(_listings(closures))
    differs = ox.NamedNode(DIFFERS)
    working.bulk_extend(
        ox.Quad(ox.NamedNode(iri), differs, ox.NamedNode(f"{AUXILIARY}group:{number}"))
        for number, group in enumerate(groups)
        for iri in group
    )
    return working


def _facts(store: ox.Store, rules: RuleSet) -> Iterator[ox.Quad]:
    ontology = rules.ontology
    properties = ontology.object_properties | ontology.data_properties
    for iri in sorted((rules.vocabulary | set(ontology.closes)) & properties):
        for quad in stated(store, iri):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)
    for iri in sorted(ontology.classes):
        for quad in stated(store, RDF_TYPE, ox.NamedNode(iri)):
            yield ox.Quad(quad.subject, quad.predicate, quad.object)


def _listings(closures: Iterable[Closure]) -> Iterator[ox.Quad]:
    """One node for each distinct set of values: many designs share the same few substances."""
    listings: dict[tuple[str, ...], ox.NamedNode] = {}
    for closure in closures:
        node = listings.get(closure.values)
        if node is None:
            node = listings[closure.values] = ox.NamedNode(f"{AUXILIARY}listing:{len(listings)}")
            yield ox.Quad(node, _TYPE, ox.NamedNode(LISTING))
            size = ox.Literal(str(len(closure.values)), datatype=ox.NamedNode(XSD + "integer"))
            yield ox.Quad(node, ox.NamedNode(SIZE), size)
            for value in closure.values:
                yield ox.Quad(node, ox.NamedNode(LISTED), ox.NamedNode(value))
        yield ox.Quad(ox.NamedNode(closure.individual), ox.NamedNode(CLOSED + closure.property), node)
