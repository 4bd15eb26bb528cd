"""Records of the data that were added, withdrawn or corrected.

A record is what a curator writes under a key of its own and a reader thinks of as one fact: a design, a
component, an observation, a claim, a substance, a work. Its figures, conditions, evidence and doubts are
nodes too, and count as fields of the record that they stand in.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.changes.model import Edit, RecordChange, ValueChange
from lithiokg.graph.phrases import Phrases
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.changes.states import State
    from lithiokg.graph import KnowledgeGraph

__all__ = ["FIELDS", "changed_records"]

#: Graphs of what was curated, one a source.
_ASSERTED = GRAPH + "asserted/"
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_CURATED = ox.NamedNode(LKG + "curatedAt")
_PROVENANCE = ox.NamedNode(GRAPH + "provenance")
_WITHDRAWN = ox.NamedNode(LKG + "WithdrawnRecord")
_BECAUSE = ox.NamedNode(LKG + "withdrawnBecause")
#: Classes whose members are fields of the record that they stand in.
FIELDS = frozenset(
    ox.NamedNode(LKG + name)
    for name in (
        "Quantity",
        "Evidence",
        "GeneralChemistryEvidence",
        "Doubt",
        "Exclusion",
        "ChemicalStructure",
    )
)
#: Path of relations -> values.
_Content = dict[tuple[str, ...], set[ox.NamedNode | ox.Literal]]


class _Side:
    """The records of one state."""

    def __init__(self, graph: KnowledgeGraph, store: ox.Store) -> None:
        self.graph = graph
        self.store = store

    @cached_property
    def graphs(self) -> list[ox.NamedNode]:
        named = (each for each in self.store.named_graphs() if isinstance(each, ox.NamedNode))
        return [each for each in named if each.value.startswith(_ASSERTED)]

    def quads(self) -> Iterator[ox.Quad]:
        for graph in self.graphs:
            yield from self.store.quads_for_pattern(None, None, None, graph)

    def of(self, subject: ox.NamedNode, predicate: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        for graph in self.graphs:
            yield from self.store.quads_for_pattern(subject, predicate, None, graph)

    def has(self, quad: ox.Quad) -> bool:
        return any(
            next(self.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, graph), None)
            for graph in self.graphs
        )

    def exists(self, node: ox.NamedNode) -> bool:
        return next(self.of(node), None) is not None

    def is_field(self, node: ox.NamedNode) -> bool:
        return any(quad.object in FIELDS for quad in self.of(node, _TYPE))

    def is_withdrawn(self, node: ox.NamedNode) -> bool:
        """Whether the record was taken back, and only its mark stands there."""
        return any(quad.object == _WITHDRAWN for quad in self.of(node, _TYPE))

    def record(self, node: ox.NamedNode) -> ox.NamedNode:
        """The record in which a node stands: itself, unless it is a field of another."""
        while self.is_field(node):
            owner = self._owner(node)
            if owner is None:
                return node
            node = owner
        return node

    def _owner(self, node: ox.NamedNode) -> ox.NamedNode | None:
        for graph in self.graphs:
            for quad in self.store.quads_for_pattern(None, None, node, graph):
                if isinstance(quad.subject, ox.NamedNode) and node.value.startswith(quad.subject.value + "/"):
                    return quad.subject
        return None

    def content(self, record: ox.NamedNode) -> _Content:
        """The values of a record by the path that leads to each."""
        found: _Content = defaultdict(set)
        self._collect(record, (), found)
        return found

    def _collect(self, node: ox.NamedNode, path: tuple[str, ...], found: _Content) -> None:
        for quad in self.of(node):
            here = (*path, quad.predicate.value)
            value = quad.object
            if isinstance(value, ox.NamedNode) and value.value.startswith(node.value + "/"):
                if self.is_field(value):
                    # Two pieces of evidence are told apart by their keys.
                    self._collect(value, (*here, value.value), found)
            elif isinstance(value, ox.NamedNode | ox.Literal) and not (path and quad.predicate == _TYPE):
                found[here].add(value)

    def kind(self, record: ox.NamedNode) -> str:
        stated = (quad.object for quad in self.of(record, _TYPE) if isinstance(quad.object, ox.NamedNode))
        kinds = sorted(each.value for each in stated if each.value.startswith(LKG))
        return self.graph.names.label(kinds[0]) if kinds else "record"

    def place(self, record: ox.NamedNode) -> str | None:
        quad = next(self.store.quads_for_pattern(record, _CURATED, None, _PROVENANCE), None)
        return quad.object.value if quad and isinstance(quad.object, ox.Literal) else None

    def titles(self, records: Iterable[ox.NamedNode]) -> dict[ox.NamedNode, str]:
        wanted = list(records)
        phrases = Phrases(self.graph.store, self.graph.names, "", [each.value for each in wanted])
        return {each: phrases.of(each.value) for each in wanted}


def _edits(before: _Side, after: _Side) -> dict[ox.NamedNode, Edit]:
    """Every record that is not the same in both states, and what became of it."""
    touched: dict[ox.NamedNode, None] = {}
    for here, there in ((before, after), (after, before)):
        for quad in here.quads():
            if isinstance(quad.subject, ox.NamedNode) and not there.has(quad):
                touched[here.record(quad.subject)] = None
    edits: dict[ox.NamedNode, Edit] = {}
    for record in touched:
        if not before.exists(record):
            edits[record] = Edit.ADDED
        elif not after.exists(record) or (after.is_withdrawn(record) and not before.is_withdrawn(record)):
            edits[record] = Edit.WITHDRAWN
        elif before.content(record) != after.content(record):  # else only a part that is a record itself
            edits[record] = Edit.CORRECTED
    return edits


def changed_records(old: ox.Store, new: ox.Store, olds: State, news: State) -> list[RecordChange]:
    """The records that differ, by kind, edit and title."""
    before, after = _Side(olds.graph, old), _Side(news.graph, new)
    edits = _edits(before, after)
    found: list[RecordChange] = []
    for side, chosen in (
        (before, [each for each, edit in edits.items() if edit is Edit.WITHDRAWN]),
        (after, [each for each, edit in edits.items() if edit is not Edit.WITHDRAWN]),
    ):
        titles = side.titles(chosen)
        for record in chosen:
            values = (
                _values(record, before, after) if edits[record] is Edit.CORRECTED else _reason(record, after)
            )
            found.append(
                RecordChange(
                    edits[record], side.kind(record), record.value, titles[record], side.place(record), values
                )
            )
    return sorted(found, key=lambda each: (each.kind, each.edit.value, each.title, each.iri))


def _reason(record: ox.NamedNode, after: _Side) -> tuple[ValueChange, ...]:
    """Why a record was taken back, where its curator left it in the file and said so."""
    reasons = tuple(
        quad.object.value for quad in after.of(record, _BECAUSE) if isinstance(quad.object, ox.Literal)
    )
    return (ValueChange(after.graph.names.label(_BECAUSE.value), (), reasons),) if reasons else ()


def _values(record: ox.NamedNode, before: _Side, after: _Side) -> tuple[ValueChange, ...]:
    old, new = before.content(record), after.content(record)
    found: list[ValueChange] = []
    for path in sorted({*old, *new}):
        gone, come = old.get(path, set()) - new.get(path, set()), new.get(path, set()) - old.get(path, set())
        if gone or come:
            found.append(ValueChange(_words(path, after), _shown(gone, before), _shown(come, after)))
    return tuple(found)


def _words(path: tuple[str, ...], side: _Side) -> str:
    """A path in words: relations by their labels, the keys of nested records as they are written."""
    names = side.graph.names
    words: list[str] = []
    for index, part in enumerate(path):
        if index % 2:
            key = part.rpartition("/")[2]
            if not words[-1].endswith(key.replace("-", " ")):
                words.append(key.replace("-", " "))
        else:
            words.append(names.label(part))
    return ", ".join(words)


def _shown(values: set[ox.NamedNode | ox.Literal], side: _Side) -> tuple[str, ...]:
    label = side.graph.names.label
    return tuple(
        sorted(label(each.value) if isinstance(each, ox.NamedNode) else each.value for each in values)
    )
