"""Read an OWL ontology from RDF; what cannot be read is listed, never dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.expressions import ExpressionReader, UnreadableError
from lithiokg.reasoning.graphs import Node, Term, TripleIndex, anonymous_lines, first_lines, parse_file
from lithiokg.reasoning.names import CLOSES_PROPERTY, OWL, RDF, RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

__all__ = ["Ontology", "ontology_files", "ontology_from", "read_ontology"]

_CHARACTERISTICS = {
    OWL + kind + "Property": kind
    for kind in (
        "Functional",
        "InverseFunctional",
        "Symmetric",
        "Asymmetric",
        "Transitive",
        "Reflexive",
        "Irreflexive",
    )
}
_DECLARATIONS = {
    OWL + "Class": "classes",
    OWL + "ObjectProperty": "object_properties",
    OWL + "DatatypeProperty": "data_properties",
    OWL + "AnnotationProperty": "annotation_properties",
    OWL + "NamedIndividual": "individuals",
}
#: Typings that say nothing logical: an ontology header, a declared datatype, RDF lists.
_SILENT_TYPES = {OWL + "Ontology", RDFS + "Datatype", RDFS + "Class", RDF + "List", RDF + "Property"}
_LOGICAL = (OWL, RDFS, RDF)
_BUILT_IN_ANNOTATIONS = {
    RDFS + name for name in ("label", "comment", "seeAlso", "isDefinedBy")
} | {
    OWL + name
    for name in ("versionInfo", "deprecated", "versionIRI", "priorVersion", "backwardCompatibleWith", "incompatibleWith")
}  # fmt: skip


@dataclass(frozen=True)
class Ontology:
    """The axioms of an ontology and its declared vocabulary.

    Attributes:
        axioms: what was read, in the order of the files.
        unread: what was not: triples of the OWL vocabulary in words, one an entry.
        closes: object property that each completeness flag closes.
        triples: everything, as it stands in the files.
    """

    axioms: tuple[ax.Axiom, ...]
    unread: tuple[str, ...]
    classes: frozenset[str]
    object_properties: frozenset[str]
    data_properties: frozenset[str]
    annotation_properties: frozenset[str]
    individuals: frozenset[str]
    closes: Mapping[str, str]
    triples: tuple[ox.Triple, ...] = field(repr=False)
    places: Mapping[str, Place] = field(repr=False, default_factory=dict)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """English labels of the terms, ``skos:prefLabel`` before ``rdfs:label``."""
        labels: dict[str, str] = {}
        for wanted in (RDFS + "label", "http://www.w3.org/2004/02/skos/core#prefLabel"):
            for triple in self.triples:
                if triple.predicate.value != wanted or not isinstance(triple.subject, ox.NamedNode):
                    continue
                if isinstance(triple.object, ox.Literal) and triple.object.language in (None, "en"):
                    labels[triple.subject.value] = triple.object.value
        return labels


def ontology_files(folder: Path) -> list[Path]:
    """The hand-written files of an ontology folder: its header and ``modules/*.ttl``, sorted by name.

    Raises:
        LithioKGError: if there are none.
    """
    files = sorted((folder / "modules").glob("*.ttl"))
    if not files:
        raise LithioKGError(
            f"no ontology modules (*.ttl) in {folder / 'modules'}",
            mend="set LITHIOKG_SOURCES to a folder with ontology/modules/*.ttl, or reinstall lithiokg",
        )
    header = folder / "lithiokg.ttl"
    return [header, *files] if header.exists() else files


def read_ontology(files: Iterable[Path], *, relative: Callable[[Path], str] = str) -> Ontology:
    """Read Turtle files as one ontology.

    Args:
        files: the modules.
        relative: how a path is shown to the user.

    Raises:
        SourceError: if a file is not Turtle.
    """
    triples: list[ox.Triple] = []
    places: dict[str, Place] = {}
    for file in files:
        found = parse_file(file)
        lines = first_lines(file, relative(file))
        for triple in found:
            place = lines.get(triple.subject.value) if isinstance(triple.subject, ox.NamedNode) else None
            if place is not None:
                places.setdefault(str(triple), place)
        inner = {triple.object for triple in found if isinstance(triple.object, ox.BlankNode)}
        subjects = dict.fromkeys(t.subject for t in found if isinstance(t.subject, ox.BlankNode))
        blocks = [subject for subject in subjects if subject not in inner]
        places.update(zip(map(str, blocks), anonymous_lines(file, relative(file)), strict=False))
        triples += found
    return ontology_from(triples, places)


def ontology_from(
    triples: Iterable[ox.Triple | ox.Quad], places: Mapping[str, Place] | None = None
) -> Ontology:
    """Read an ontology from triples.

    Args:
        triples: declarations, axioms, annotations, and facts about the ontology's own individuals.
        places: where a triple (or the block of a blank node), written in N-Triples, stands.
    """
    plain = tuple(item.triple if isinstance(item, ox.Quad) else item for item in triples)
    return _Reader(plain, places or {}).read()


class _Reader:
    def __init__(self, triples: tuple[ox.Triple, ...], places: Mapping[str, Place]) -> None:
        self.triples = triples
        self.places = places
        self.index = TripleIndex(triples)
        self.declared: dict[str, set[str]] = {kind: set() for kind in _DECLARATIONS.values()}
        self.axioms: list[ax.Axiom] = []
        self.unread: list[str] = []
        self.closes: dict[str, str] = {}
        self.handlers: dict[str, Callable[[Node, Term], list[ax.Axiom] | None]] = {
            RDF_TYPE: self._type,
            RDFS + "subClassOf": self._sub_class,
            RDFS + "subPropertyOf": self._sub_property,
            RDFS + "domain": self._domain,
            RDFS + "range": self._range,
            OWL + "equivalentClass": self._equivalent,
            OWL + "disjointWith": self._disjoint,
            OWL + "complementOf": self._complement,
            OWL + "intersectionOf": self._intersection,
            OWL + "unionOf": self._union,
            OWL + "disjointUnionOf": self._disjoint_union,
            OWL + "equivalentProperty": self._equivalent_property,
            OWL + "inverseOf": self._inverse,
            OWL + "propertyChainAxiom": self._chain,
            OWL + "propertyDisjointWith": self._disjoint_property,
            OWL + "differentFrom": self._different,
            CLOSES_PROPERTY: self._closes,
        }

    def read(self) -> Ontology:
        self._declarations()
        data = self.declared["data_properties"]
        self.expressions = ExpressionReader(self.index, frozenset(data))
        for subject in self.index.subjects():
            for predicate in self.index.predicates(subject):
                for value in self.index.peek(subject, predicate):
                    self._triple(subject, predicate, value)
        self._list_unread()
        return Ontology(
            axioms=tuple(dict.fromkeys(self.axioms)),
            unread=tuple(self.unread),
            closes=dict(sorted(self.closes.items())),
            triples=self.triples,
            places=self.places,
            **{kind: frozenset(iris) for kind, iris in self.declared.items()},
        )

    def _declarations(self) -> None:
        for subject in self.index.subjects():
            for value in self.index.peek(subject, RDF_TYPE):
                kind = _DECLARATIONS.get(value.value) if isinstance(value, ox.NamedNode) else None
                if kind is not None and isinstance(subject, ox.NamedNode):
                    self.declared[kind].add(subject.value)

    def _triple(self, subject: Node, predicate: str, value: Term) -> None:
        handler = self.handlers.get(predicate)
        if handler is None:
            return
        try:
            found = handler(subject, value)
        except UnreadableError as error:
            self.unread.append(f"{self._where(subject)}{error}")
            self.index.mark(subject, predicate, value)
            return
        if found is None:
            return
        self.index.mark(subject, predicate, value)
        place = self.places.get(f"{subject} <{predicate}> {value}") or self.places.get(str(subject))
        for axiom in found:
            object.__setattr__(axiom, "place", place)
            self.axioms.append(axiom)

    def _where(self, subject: Node) -> str:
        return f"<{subject.value}>: " if isinstance(subject, ox.NamedNode) else "an anonymous axiom: "

    # Each handler returns the axioms of a triple, or None where the triple is none of its business.

    def _type(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        if not isinstance(value, ox.NamedNode):
            return None
        if value.value in _CHARACTERISTICS:
            role = self.expressions.role(subject)
            return [ax.RoleCharacteristic(_CHARACTERISTICS[value.value], role)]
        if value.value in (OWL + "AllDisjointClasses", OWL + "AllDisjointProperties"):
            members = [m for head in self.index.take(subject, OWL + "members") for m in self._list(head)]
            if value.value.endswith("Classes"):
                return [ax.DisjointClasses(tuple(self.expressions.expression(m) for m in members))]
            return [ax.DisjointRoles(tuple(self.expressions.role(m) for m in members))]
        if value.value == OWL + "AllDifferent":
            for predicate in (OWL + "distinctMembers", OWL + "members"):
                for head in self.index.take(subject, predicate):
                    self._list(head)
            return []
        known = value.value in _DECLARATIONS or value.value in _SILENT_TYPES
        fact = not value.value.startswith(_LOGICAL) and isinstance(subject, ox.NamedNode)
        return [] if known or fact else None

    def _list(self, head: Term) -> list[Term]:
        try:
            return self.index.take_list(head)
        except ValueError as error:
            raise UnreadableError(str(error)) from error

    def _sub_class(self, subject: Node, value: Term) -> list[ax.Axiom]:
        return [ax.SubClassOf(self.expressions.expression(subject), self.expressions.expression(value))]

    def _equivalent(self, subject: Node, value: Term) -> list[ax.Axiom]:
        return [
            ax.EquivalentClasses(self.expressions.expression(subject), self.expressions.expression(value))
        ]

    def _disjoint(self, subject: Node, value: Term) -> list[ax.Axiom]:
        pair = (self.expressions.expression(subject), self.expressions.expression(value))
        return [ax.DisjointClasses(pair)]

    def _complement(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        if not isinstance(subject, ox.NamedNode):
            return None
        return [ax.EquivalentClasses(ax.Named(subject.value), ax.Not(self.expressions.expression(value)))]

    def _boolean(self, subject: Node, value: Term, kind: type[ax.And] | type[ax.Or]) -> list[ax.Axiom] | None:
        if not isinstance(subject, ox.NamedNode):
            return None
        parts = tuple(self.expressions.expression(part) for part in self._list(value))
        return [ax.EquivalentClasses(ax.Named(subject.value), kind(parts))]

    def _intersection(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        return self._boolean(subject, value, ax.And)

    def _union(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        return self._boolean(subject, value, ax.Or)

    def _disjoint_union(self, subject: Node, value: Term) -> list[ax.Axiom]:
        if not isinstance(subject, ox.NamedNode):
            raise UnreadableError("a disjoint union of a class without a name")
        parts = tuple(self.expressions.expression(part) for part in self._list(value))
        return [ax.DisjointUnion(ax.Named(subject.value), parts)]

    def _domain(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        if self._is_annotation(subject):
            return []
        return [ax.Domain(self.expressions.role(subject), self.expressions.expression(value))]

    def _range(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        if self._is_annotation(subject):
            return []
        role = self.expressions.role(subject)
        if role.iri in self.declared["data_properties"]:
            return [ax.Range(role, self.expressions.data_range(value))]
        return [ax.Range(role, self.expressions.expression(value))]

    def _sub_property(self, subject: Node, value: Term) -> list[ax.Axiom]:
        if self._is_annotation(subject):
            return []
        return [ax.SubRole(self.expressions.role(subject), self.expressions.role(value))]

    def _equivalent_property(self, subject: Node, value: Term) -> list[ax.Axiom]:
        return [ax.EquivalentRoles(self.expressions.role(subject), self.expressions.role(value))]

    def _inverse(self, subject: Node, value: Term) -> list[ax.Axiom] | None:
        if not isinstance(subject, ox.NamedNode):
            return None
        return [ax.InverseRoles(self.expressions.role(subject), self.expressions.role(value))]

    def _chain(self, subject: Node, value: Term) -> list[ax.Axiom]:
        chain = tuple(self.expressions.role(member) for member in self._list(value))
        return [ax.RoleChain(chain, self.expressions.role(subject))]

    def _disjoint_property(self, subject: Node, value: Term) -> list[ax.Axiom]:
        return [ax.DisjointRoles((self.expressions.role(subject), self.expressions.role(value)))]

    def _different(self, _subject: Node, _value: Term) -> list[ax.Axiom]:
        return []  # read by lithiokg.reasoning.closures, which groups individuals that differ

    def _closes(self, subject: Node, value: Term) -> list[ax.Axiom]:
        if isinstance(subject, ox.NamedNode) and isinstance(value, ox.NamedNode):
            self.closes[subject.value] = value.value
        return []

    def _is_annotation(self, subject: Node) -> bool:
        return isinstance(subject, ox.NamedNode) and (
            subject.value in self.declared["annotation_properties"] or subject.value in _BUILT_IN_ANNOTATIONS
        )

    def _list_unread(self) -> None:
        silent = _BUILT_IN_ANNOTATIONS | self.declared["annotation_properties"]
        for subject, predicate, value in self.index.unread():
            if predicate == RDF_TYPE and isinstance(value, ox.BlankNode):
                self.unread.append(f"{self._where(subject)}an anonymous class asserted of an individual")
            elif predicate in silent or not predicate.startswith(_LOGICAL):
                continue
            elif predicate.startswith(OWL + "annotated") or value == ox.NamedNode(OWL + "Axiom"):
                continue  # an annotation of an axiom adds nothing logical
            else:
                self.unread.append(f"{self._where(subject)}{predicate} {value}")
