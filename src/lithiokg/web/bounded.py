"""Concise bounded descriptions: everything that is said of a node, and enough to read it by itself.

After the W3C member submission of 3 June 2004 (https://www.w3.org/submissions/CBD/), with what a reader of
this graph needs beside it: the records nested in a thing, the claims about it, where each of them is said,
who refers to it (as far as few do), and the labels of everything named.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["describe_node", "is_graph"]

#: More statements than so many about a node are left out: of a vocabulary term everything speaks.
_INCOMING = 400
#: What belongs to a record: its parts, and what stands behind it.
_PARTS = tuple(
    ox.NamedNode(LKG + name)
    for name in ("hasEvidence", "hasResult", "hasCondition", "hasDoubt", "hasObservation", "hasClaim")
)
_ABOUT = tuple(ox.NamedNode(LKG + name) for name in ("claimSubject", "hasFeatureOfInterest"))
_NAMING = tuple(
    ox.NamedNode(iri)
    for iri in (f"{PREFIXES['skos']}prefLabel", f"{PREFIXES['rdfs']}label", f"{LKG}symbol", f"{LKG}printed")
)
_TYPE = ox.NamedNode(f"{PREFIXES['rdf']}type")
#: Counts of the data set say nothing of its things; the places of records do, and stay.
_ASIDE = frozenset({ox.NamedNode(f"{GRAPH}void")})


def is_graph(store: ox.Store, iri: str) -> bool:
    """Whether an IRI names a graph of the snapshot, or the ontology, whose graph it then is."""
    return iri == LKG or store.contains_named_graph(ox.NamedNode(iri))


def describe_node(store: ox.Store, iri: str) -> Iterator[ox.Quad]:
    """What a client that dereferences an IRI gets.

    Args:
        store: the snapshot.
        iri: of a thing, a term, a named graph, or the ontology.

    Yields:
        The whole of a graph; of anything else the bounded description.
    """
    if is_graph(store, iri):
        graph = ox.NamedNode(f"{GRAPH}ontology" if iri == LKG else iri)
        yield from store.quads_for_pattern(None, None, None, graph)
        return
    yield from _Description(store, ox.NamedNode(iri)).quads()


class _Description:
    def __init__(self, store: ox.Store, node: ox.NamedNode) -> None:
        self._store = store
        self._node = node
        self._found: dict[ox.Quad, None] = {}
        self._seen: set[ox.NamedNode | ox.BlankNode] = set()

    def quads(self) -> Iterator[ox.Quad]:
        self._record(self._node)
        nested = self._node.value + "/"
        waiting = deque([self._node])
        while waiting:
            for quad in self._outgoing(waiting.popleft()):
                value = quad.object
                if not isinstance(value, ox.NamedNode) or value in self._seen:
                    continue
                if value.value.startswith(nested) or quad.predicate in _PARTS:
                    self._record(value)
                    waiting.append(value)
        self._incoming()
        self._labels()
        yield from self._found

    def _record(self, node: ox.NamedNode | ox.BlankNode) -> None:
        """Everything that is said of a node, blank nodes written out."""
        if node in self._seen:
            return
        self._seen.add(node)
        for quad in self._outgoing(node):
            self._found[quad] = None
            if isinstance(quad.object, ox.BlankNode):
                self._record(quad.object)

    def _outgoing(self, node: ox.NamedNode | ox.BlankNode) -> Iterator[ox.Quad]:
        for quad in self._store.quads_for_pattern(node, None, None, None):
            if quad.graph_name not in _ASIDE or node == self._node:
                yield quad

    def _incoming(self) -> None:
        """Who speaks of the node: claims and figures whole, others with the one statement."""
        said = [
            quad
            for quad in self._store.quads_for_pattern(None, None, self._node, None)
            if quad.graph_name not in _ASIDE
        ]
        for quad in said:
            if isinstance(quad.subject, ox.BlankNode):
                self._record(self._root(quad.subject))
        if len(said) > _INCOMING:
            return
        for quad in said:
            subject = quad.subject
            if isinstance(subject, ox.NamedNode) and subject != self._node:
                self._found[quad] = None
                if quad.predicate in _ABOUT:
                    self._record(subject)
                    for part in _PARTS:
                        for each in self._store.quads_for_pattern(subject, part, None, None):
                            if isinstance(each.object, ox.NamedNode):
                                self._record(each.object)

    def _root(self, node: ox.BlankNode) -> ox.NamedNode | ox.BlankNode:
        """The blank node from which one is reached, such as the axiom that holds a list."""
        seen = {node}
        while True:
            above = next(iter(self._store.quads_for_pattern(None, None, node, None)), None)
            if above is None or not isinstance(above.subject, ox.BlankNode) or above.subject in seen:
                return node
            node = above.subject
            seen.add(node)

    def _labels(self) -> None:
        """Name everything that is spoken of."""
        named: dict[ox.NamedNode, None] = {}
        for quad in self._found:
            for term in (quad.predicate, quad.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith((LKG, ID)):
                    named[term] = None
        for term in named:
            for label in _NAMING:
                for quad in self._store.quads_for_pattern(term, label, None, None):
                    self._found[quad] = None
