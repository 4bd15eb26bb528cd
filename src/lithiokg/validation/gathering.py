"""Gather what the shapes read of some records, so that these can be validated without the rest.

A rule begins at a record and looks at what the record leads to; at what leads to it; at what shares a value
with it (the other rows of its table, the other works with its DOI); and at what those state of themselves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.validation.following import followed_backwards
from lithiokg.validation.run import is_left_out
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.validation.shapes import Shapes

__all__ = ["Gathered", "Reader"]

#: How many links a rule may follow from a record to what is stated elsewhere: evidence, row, design, component.
_FORWARD = 4
#: How many links a rule may follow against their direction: a row, its evidence, the observation.
_BACKWARD = 2
#: Texts that tell records apart: no two records may share one.
_KEYS = frozenset({LKG + "doi", LKG + "inChIKey"})
_LABEL = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
_ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
_NAME = re.compile(r"\blkg:([A-Za-z]\w*)")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Some records, and the triples that tell whether they keep the rules.

    Attributes:
        nodes: the records.
        triples: what is stated of them and around them; the ontology is not among these.
    """

    nodes: set[ox.NamedNode] = field(default_factory=set)
    triples: set[ox.Triple] = field(default_factory=set)


class Reader:
    """Looks up records in a store.

    Args:
        store: the stated graph; what was derived from it may be there, and is passed over.
        shapes: the rules, which tell what is looked at.
        added: statements that are not in the store, read as if they were.
    """

    def __init__(self, store: ox.Store, shapes: Shapes, added: Iterable[ox.Quad] = ()) -> None:
        more = ox.Store()
        more.extend(added)
        self._stores = (store, more) if len(more) else (store,)
        self._backwards = followed_backwards(shapes)
        #: Whatever property a rule names, or follows backwards.
        self._named = self._backwards | {
            LKG + name for each in shapes.constraints for name in _NAME.findall(each.select)
        }
        #: The triples of the ontology, which every rule may look at.
        self.ontology = frozenset(
            quad.triple
            for each in self._stores
            for quad in each.quads_for_pattern(None, None, None, _ONTOLOGY)
        )
        self._terms = {triple.subject for triple in self.ontology}

    def terms(self) -> set[ox.NamedNode]:
        """Everything that the ontology states something of."""
        return {term for term in self._terms if isinstance(term, ox.NamedNode)}

    def quads(self, subject: ox.NamedNode) -> Iterator[ox.Quad]:
        """What is stated of a record."""
        for store in self._stores:
            for quad in store.quads_for_pattern(subject, None, None, None):
                if not is_left_out(quad.graph_name):
                    yield quad

    def gather(self, nodes: Iterable[ox.NamedNode]) -> Gathered:
        """Gather records with all that rules look at."""
        found = Gathered(set(nodes))
        around: set[ox.NamedNode] = set()
        shared: set[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = set()
        for node in list(found.nodes):
            for quad in self.quads(node):
                found.triples.add(quad.triple)
                value = quad.object
                if isinstance(value, ox.NamedNode):
                    around.add(value)
                    # Too much leads to a term of the ontology, and no rule compares what does.
                    if quad.predicate.value in self._backwards and value not in self._terms:
                        shared.add((quad.predicate, value))
                elif isinstance(value, ox.Literal) and quad.predicate.value in _KEYS:
                    shared.add((quad.predicate, value))
        around |= self._leading_to(found.nodes, self._backwards)
        around.update(subject for key in shared for subject in self._subjects(*key))
        self._follow(around - found.nodes, found)
        for owner in {owner for node in found.nodes | around for owner in _owners(node)} - found.nodes:
            for store in self._stores:
                labels = store.quads_for_pattern(owner, _LABEL, None, None)
                found.triples.update(quad.triple for quad in labels if not is_left_out(quad.graph_name))
        return found

    def near(self, nodes: Iterable[ox.NamedNode]) -> set[ox.NamedNode]:
        """The records whose rules may look at some new records: those that they refer to, or share values with."""
        found = self.gather(nodes)
        linked = {
            triple.object
            for triple in found.triples
            if triple.subject in found.nodes and triple.predicate.value in self._backwards
        }
        shared = {
            triple.subject
            for triple in found.triples
            if triple.object in linked or triple.predicate.value in _KEYS
        }
        either = (linked | shared | self._leading_to(found.nodes, self._named)) - self._terms - found.nodes
        return {node for node in either if isinstance(node, ox.NamedNode)}

    def _follow(self, start: set[ox.NamedNode], found: Gathered) -> None:
        """Add what is stated of records, and of what they lead to."""
        seen = found.nodes | start
        level = start
        for _ in range(_FORWARD):
            following: set[ox.NamedNode] = set()
            for node in level:
                known = False
                for quad in self.quads(node):
                    known = True
                    found.triples.add(quad.triple)
                    if isinstance(quad.object, ox.NamedNode):
                        following.add(quad.object)
                if not known and level is start and node.value.startswith(ID):
                    found.nodes.add(node)  # a rule may ask something of it, and it is in nobody else's part
            level = following - seen
            seen |= level

    def _leading_to(self, nodes: Iterable[ox.NamedNode], properties: frozenset[str]) -> set[ox.NamedNode]:
        """What leads to records over some properties."""
        found: set[ox.NamedNode] = set()
        level = set(nodes)
        for _ in range(_BACKWARD):
            leading = {
                quad.subject
                for node in level
                for store in self._stores
                for quad in store.quads_for_pattern(None, None, node, None)
                if quad.predicate.value in properties and not is_left_out(quad.graph_name)
            }
            level = {node for node in leading if isinstance(node, ox.NamedNode)} - self._terms - found
            found |= level
        return found

    def _subjects(self, predicate: ox.NamedNode, value: ox.NamedNode | ox.Literal) -> Iterator[ox.NamedNode]:
        for store in self._stores:
            for quad in store.quads_for_pattern(None, predicate, value, None):
                if isinstance(quad.subject, ox.NamedNode) and not is_left_out(quad.graph_name):
                    yield quad.subject


def _owners(node: ox.NamedNode) -> Iterator[ox.NamedNode]:
    """The records in which a record is nested: messages call it after them."""
    if node.value.startswith(ID):
        steps = node.value[len(ID) :].split("/")
        yield from (ox.NamedNode(ID + "/".join(steps[:end])) for end in range(2, len(steps)))
