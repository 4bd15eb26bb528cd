"""The bare axioms of other ontologies that a bridge rests on: what stands above the terms it uses.

An ontology such as EMMO, loaded whole, keeps a reasoner busy for minutes. A bridge needs of it the named
classes and properties it refers to, everything named above these, and which of them exclude each other.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["named_ancestors", "slice_of"]

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_RDF, _RDFS, _OWL = PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["owl"]
_TYPE = _RDF + "type"
_ABOVE = (_RDFS + "subClassOf", _RDFS + "subPropertyOf", _RDFS + "domain", _RDFS + "range")
#: Between two terms; each is kept where both are in the slice.
_BETWEEN = (
    *(_OWL + name for name in ("equivalentClass", "equivalentProperty", "disjointWith", "inverseOf")),
    _OWL + "propertyDisjointWith",
)
_KINDS = tuple(
    _OWL + name
    for name in (
        *("Class", "ObjectProperty", "DatatypeProperty"),
        *("SymmetricProperty", "AsymmetricProperty", "IrreflexiveProperty", "TransitiveProperty"),
        *("FunctionalProperty", "InverseFunctionalProperty"),
    )
)
#: Groups of classes that exclude each other, by the type or property that says so.
_ALL_DISJOINT, _DISJOINT_UNION = _OWL + "AllDisjointClasses", _OWL + "disjointUnionOf"
_LABELS = (PREFIXES["skos"] + "prefLabel", _RDFS + "label")
_RESERVED = (_RDF, _RDFS, _OWL, PREFIXES["xsd"])


class _Index:
    """Objects by predicate and subject."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: defaultdict[str, defaultdict[Term, list[Term]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for triple in triples:
            self._objects[triple.predicate.value][triple.subject].append(triple.object)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        return self._objects[predicate].get(subject, [])

    def pairs(self, predicate: str) -> Iterator[tuple[Term, Term]]:
        for subject, values in self._objects[predicate].items():
            for value in values:
                yield subject, value

    def members(self, head: Term) -> Iterator[Term]:
        """The members of a list."""
        while first := self.objects(head, _RDF + "first"):
            yield first[0]
            rest = self.objects(head, _RDF + "rest")
            if not rest:
                return
            head = rest[0]


def named_ancestors(triples: Iterable[ox.Triple], terms: Iterable[str]) -> set[str]:
    """The terms and every named class and property above them, through domains and ranges too."""
    index = _Index(triples)
    found: set[str] = set()
    todo = list(terms)
    while todo:
        iri = todo.pop()
        if iri not in found and not iri.startswith(_RESERVED):
            found.add(iri)
            node = ox.NamedNode(iri)
            for predicate in _ABOVE:
                todo += [
                    value.value for value in index.objects(node, predicate) if isinstance(value, ox.NamedNode)
                ]
    return found


def slice_of(upstream: Iterable[ox.Triple], bridge: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Cut out of other ontologies what a bridge needs of them.

    Kept are declarations, preferred labels, named superclasses and superproperties, named domains and
    ranges, inverses, characteristics of properties, and disjointness, among the terms that the bridge uses
    and all named ones above them. Everything else, class expressions above all, is left behind.

    Args:
        upstream: the triples of the ontologies.
        bridge: the axioms that refer to them.

    Returns:
        Triples between IRIs, and labels; sorted.
    """
    everything = list(upstream)
    kept = named_ancestors(everything, _foreign(bridge))
    index = _Index(everything)
    found: set[ox.Triple] = set()
    for iri in kept:
        found.update(_about(index, iri, kept))
    found.update(_exclusions(index, kept))
    return sorted(found, key=str)


def _foreign(bridge: Iterable[ox.Triple]) -> Iterator[str]:
    """The terms of other ontologies among the axioms of a bridge."""
    for triple in bridge:
        value = triple.object
        if (
            triple.predicate.value in _ABOVE
            and isinstance(value, ox.NamedNode)
            and not value.value.startswith((LKG, *_RESERVED))
        ):
            yield value.value


def _about(index: _Index, iri: str, kept: set[str]) -> Iterator[ox.Triple]:
    node = ox.NamedNode(iri)
    for kind in index.objects(node, _TYPE):
        if isinstance(kind, ox.NamedNode) and kind.value in _KINDS:
            yield ox.Triple(node, ox.NamedNode(_TYPE), kind)
    for predicate in (*_ABOVE, *_BETWEEN):
        for value in index.objects(node, predicate):
            if isinstance(value, ox.NamedNode) and value.value in kept and value != node:
                yield ox.Triple(node, ox.NamedNode(predicate), value)
    for label in _label(index, node):
        yield ox.Triple(node, ox.NamedNode(_LABELS[0]), label)


def _label(index: _Index, node: ox.NamedNode) -> list[ox.Literal]:
    """The English label that its ontology prefers."""
    for predicate in _LABELS:
        labels = [value for value in index.objects(node, predicate) if isinstance(value, ox.Literal)]
        english = [label for label in labels if label.language in (None, "en", "en-us", "en-gb")]
        if english or labels:
            return [ox.Literal(min(label.value for label in english or labels), language="en")]
    return []


def _exclusions(index: _Index, kept: set[str]) -> Iterator[ox.Triple]:
    """Groups of exclusive classes, pair by pair."""
    groups = [
        index.objects(node, _OWL + "members")
        for node, kind in index.pairs(_TYPE)
        if kind == ox.NamedNode(_ALL_DISJOINT)
    ]
    groups += [[head] for _, head in index.pairs(_DISJOINT_UNION)]
    for heads in groups:
        for head in heads:
            names = sorted(
                member.value
                for member in index.members(head)
                if isinstance(member, ox.NamedNode) and member.value in kept
            )
            for first, second in combinations(names, 2):
                yield ox.Triple(
                    ox.NamedNode(first), ox.NamedNode(_OWL + "disjointWith"), ox.NamedNode(second)
                )
