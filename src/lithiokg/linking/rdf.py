"""Mappings as RDF, in the way of SSSOM's own serialization, with the relations themselves beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.linking.slots import PROPAGATED, ROW_SLOTS, SET_SLOTS, SSSOM, Slot
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.linking.model import Mapping, MappingSet, Values

__all__ = ["link_triples", "mapping_quads"]

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_AXIOM = ox.NamedNode(PREFIXES["owl"] + "Axiom")
_MAPPING_SET = ox.NamedNode(SSSOM + "MappingSet")
_MAPPINGS = ox.NamedNode(SSSOM + "mappings")
_NEGATED = ox.NamedNode(SSSOM + "NegatedPredicate")
_VERSION = SSSOM + "version"
_DATE = ox.NamedNode(PREFIXES["xsd"] + "date")
_DOUBLE = ox.NamedNode(PREFIXES["xsd"] + "double")
#: Slots that a node says by its IRI.
_IDENTIFYING = ("mapping_set_id", "record_id")


def mapping_quads(mapping_set: MappingSet) -> Iterator[ox.Quad]:
    """A table as quads of its own graph, ``lkgg:mappings/<target>``.

    The set is a ``sssom:MappingSet``, each row an ``owl:Axiom`` with the slots of the row; their IRIs are
    ours, so that no node is blank. What a row affirms stands beside it as a triple of its own. What it
    denies, or says not to exist, does not.
    """
    graph = ox.NamedNode(mapping_set.graph)
    for triple in (*_described(mapping_set), *link_triples(mapping_set)):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def link_triples(mapping_set: MappingSet) -> Iterator[ox.Triple]:
    """The affirmed relations alone, such as ``lkg:SolidElectrolyte skos:exactMatch ...``."""
    for row in mapping_set.mappings:
        if row.is_link:
            yield ox.Triple(ox.NamedNode(row.subject), ox.NamedNode(row.predicate), ox.NamedNode(row.object))


def _described(mapping_set: MappingSet) -> Iterator[ox.Triple]:
    node = ox.NamedNode(mapping_set.iri)
    yield ox.Triple(node, _TYPE, _MAPPING_SET)
    of_rows = _propagated(mapping_set)
    for name, values in mapping_set.values.items():
        if name not in of_rows:
            yield from _slot_triples(node, name, SET_SLOTS[name], values)
    for row in mapping_set.mappings:
        yield ox.Triple(node, _MAPPINGS, ox.NamedNode(row.iri))
        yield from _row_triples(row, of_rows)


def _propagated(mapping_set: MappingSet) -> Values:
    """What the header says for all rows: a slot in which none of them says anything itself."""
    own = {name for row in mapping_set.mappings for name in row.values}
    return {
        name: values
        for name, values in mapping_set.values.items()
        if mapping_set.mappings and name in PROPAGATED and name not in own
    }


def _row_triples(row: Mapping, of_all: Values) -> Iterator[ox.Triple]:
    node = ox.NamedNode(row.iri)
    yield ox.Triple(node, _TYPE, _AXIOM)
    for name, values in {**of_all, **row.values}.items():
        yield from _slot_triples(node, name, ROW_SLOTS[name], values)


def _slot_triples(node: ox.NamedNode, name: str, slot: Slot, values: tuple[str, ...]) -> Iterator[ox.Triple]:
    if name not in _IDENTIFYING:
        for value in values:
            yield ox.Triple(node, ox.NamedNode(slot.property), _term(name, slot, value))


def _term(name: str, slot: Slot, value: str) -> ox.NamedNode | ox.Literal:
    if name == "predicate_modifier":
        return _NEGATED
    if name == "sssom_version":
        return ox.NamedNode(_VERSION + value)
    match slot.kind:
        case "entity" | "uri" | "type":
            return ox.NamedNode(value)
        case "number":
            return ox.Literal(value, datatype=_DOUBLE)
        case "date":
            return ox.Literal(value, datatype=_DATE)
        case _:
            return ox.Literal(value)
