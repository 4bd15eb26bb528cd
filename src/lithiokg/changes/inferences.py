"""What is inferred in one state and not in the other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.changes.model import Edit, Inference
from lithiokg.changes.records import FIELDS
from lithiokg.graph.phrases import Phrases
from lithiokg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.graph import KnowledgeGraph

__all__ = ["changed_inferences"]

_ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
_INFERRED = ox.NamedNode(GRAPH + "inferred")
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_Found = dict[ox.NamedNode, set[tuple[ox.NamedNode, ox.NamedNode]]]


def changed_inferences(
    old: ox.Store,
    new: ox.Store,
    before: KnowledgeGraph,
    after: KnowledgeGraph,
    edits: Mapping[ox.NamedNode, Edit],
) -> list[Inference]:
    """What each thing gained and lost, without what follows from the rest by the hierarchy of classes.

    Told are memberships of records, and their relations to terms of the ontology, such as mechanisms and
    strategies; not that whole and part, or a figure and its evidence, belong to each other.
    """
    gained, lost = _only_in(new, old), _only_in(old, new)
    phrases = {
        "new": Phrases(after.store, after.names, "", [each.value for each in gained]),
        "old": Phrases(before.store, before.names, "", [each.value for each in lost if each not in gained]),
    }
    found: list[Inference] = []
    for thing in {*gained, *lost}:
        come = _specific(gained.get(thing, set()), new)
        gone = _specific(lost.get(thing, set()), old)
        edit = edits.get(thing, Edit.CORRECTED)
        label = phrases["new" if thing in gained else "old"].title(thing.value)
        more, less = _shown(come, after), _shown(gone, before)
        if more or less:
            found.append(Inference(thing.value, label, edit, more, less))
    return sorted(found, key=lambda each: (each.label, each.iri))


def _only_in(here: ox.Store, there: ox.Store) -> _Found:
    found: _Found = defaultdict(set)
    for quad in here.quads_for_pattern(None, None, None, _INFERRED):
        named = isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
        if named and quad not in there and quad.predicate != _SUBCLASS and _tells(quad, here):
            found[quad.subject].add((quad.predicate, quad.object))  # type: ignore[index,arg-type]  # both named
    return found


def _tells(quad: ox.Quad, store: ox.Store) -> bool:
    """Whether a reader wants to know: what kind of thing a record is, or which term applies to it."""
    if any(next(store.quads_for_pattern(quad.subject, _TYPE, each, None), None) for each in FIELDS):
        return False
    return next(store.quads_for_pattern(quad.object, None, None, _ONTOLOGY), None) is not None  # type: ignore[arg-type]


def _specific(
    facts: set[tuple[ox.NamedNode, ox.NamedNode]], store: ox.Store
) -> set[tuple[ox.NamedNode, ox.NamedNode]]:
    """Memberships without those that follow from a narrower one among them."""
    classes = {value for predicate, value in facts if predicate == _TYPE}
    implied = {above for narrow in classes for above in _superclasses(narrow, store)}
    return {fact for fact in facts if fact[0] != _TYPE or fact[1] not in implied}


def _superclasses(narrow: ox.NamedNode, store: ox.Store) -> set[ox.NamedNode]:
    seen: set[ox.NamedNode] = set()
    todo = [narrow]
    while todo:
        for quad in store.quads_for_pattern(todo.pop(), _SUBCLASS, None, None):
            if isinstance(quad.object, ox.NamedNode) and quad.object not in seen and quad.object != narrow:
                seen.add(quad.object)
                todo.append(quad.object)
    return seen


def _shown(
    facts: set[tuple[ox.NamedNode, ox.NamedNode]], graph: KnowledgeGraph
) -> tuple[tuple[str, str], ...]:
    def said(predicate: ox.NamedNode, value: ox.NamedNode) -> tuple[str, str]:
        words = graph.names.label(value.value)
        article = "is an" if words[:1].lower() in "aeiou" else "is a"
        return (article if predicate == _TYPE else graph.names.label(predicate.value), words)

    return tuple(sorted(said(*fact) for fact in facts))
