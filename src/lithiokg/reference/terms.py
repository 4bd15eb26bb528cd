"""The terms of the ontology, module by module, each with what its annotations and axioms say of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import classified_hierarchy, ontology_files, read_ontology
from lithiokg.reasoning.graphs import parse_file
from lithiokg.vocabulary import ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from lithiokg.reasoning import Hierarchy, Ontology
    from lithiokg.sources import Sources

__all__ = ["KINDS", "Module", "Term", "Terms", "read_terms"]

_OWL, _RDFS, _SKOS = PREFIXES["owl"], PREFIXES["rdfs"], PREFIXES["skos"]
_TYPE = PREFIXES["rdf"] + "type"
_DEFINED_BY = _RDFS + "isDefinedBy"
#: What a term can be, by the type that declares it, in the order of the pages.
KINDS = {
    _OWL + "Class": "class",
    _OWL + "ObjectProperty": "object property",
    _OWL + "DatatypeProperty": "data property",
    _OWL + "AnnotationProperty": "annotation property",
    _OWL + "NamedIndividual": "individual",
}
#: Annotations that an entry shows by themselves.
_SHOWN = {
    _DEFINED_BY,
    PREFIXES["dcterms"] + "source",
    *(_SKOS + name for name in ("prefLabel", "altLabel", "definition", "scopeNote", "example")),
}


@dataclass(frozen=True)
class Term:
    """A class, a property, or an individual that the ontology names.

    Attributes:
        iri: its IRI.
        kind: one of the values of :data:`KINDS`.
        module: the key of its module.
        said: what the module says of it, plainly: values by predicate, in the order of the file.
    """

    iri: str
    kind: str
    module: str
    said: Mapping[str, tuple[ox.NamedNode | ox.Literal, ...]] = field(repr=False)

    @property
    def key(self) -> str:
        """Its IRI without the namespace: the anchor of its entry."""
        return self.iri.removeprefix(ID if self.kind == "individual" else LKG)

    @property
    def label(self) -> str:
        """Its preferred label."""
        return next(iter(self.texts(_SKOS + "prefLabel")), compact(self.iri))

    @property
    def definition(self) -> str:
        """Its definition."""
        return next(iter(self.texts(_SKOS + "definition")), "")

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Its other labels."""
        return self.texts(_SKOS + "altLabel")

    @property
    def notes(self) -> tuple[str, ...]:
        """Its scope notes and examples."""
        return (*self.texts(_SKOS + "scopeNote"), *self.texts(_SKOS + "example"))

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of an individual."""
        return tuple(iri for iri in self.texts(_TYPE) if iri not in KINDS)

    def texts(self, predicate: str) -> tuple[str, ...]:
        """The values of one predicate as texts."""
        return tuple(value.value for value in self.said.get(predicate, ()))

    def facts(self) -> Iterator[tuple[str, ox.NamedNode | ox.Literal]]:
        """What else is said of it in terms of the ontology."""
        for predicate, values in self.said.items():
            if predicate.startswith(LKG) and predicate not in _SHOWN:
                yield from ((predicate, value) for value in values)


@dataclass(frozen=True)
class Module:
    """One file of the ontology.

    Attributes:
        key: the name of the file, without its ending.
        summary: the comment at its head.
        terms: what it declares, by kind and label.
    """

    key: str
    summary: str
    terms: tuple[Term, ...] = field(repr=False)

    @property
    def title(self) -> str:
        """Its name."""
        return self.key.capitalize()

    def of_kind(self, kind: str) -> list[Term]:
        """Its terms of one kind."""
        return [term for term in self.terms if term.kind == kind]


@dataclass(frozen=True)
class Terms:
    """All modules, and the ontology that they are together.

    Attributes:
        modules: the modules, by name.
        ontology: their axioms.
        hierarchy: the entailed class hierarchy.
    """

    modules: tuple[Module, ...]
    ontology: Ontology = field(repr=False)
    hierarchy: Hierarchy = field(repr=False)

    @cached_property
    def by_iri(self) -> Mapping[str, Term]:
        """Every term by its IRI."""
        return {term.iri: term for module in self.modules for term in module.terms}

    def label(self, iri: str) -> str:
        """What to call a term; an IRI of somebody else's as a CURIE."""
        term = self.by_iri.get(iri)
        return term.label if term else compact(iri)

    def by_label(self, iris: Iterable[str]) -> list[str]:
        """IRIs in the order of their labels."""
        return sorted(set(iris), key=lambda iri: (self.label(iri).casefold(), iri))

    @cached_property
    def parents(self) -> Mapping[str, list[str]]:
        """Direct superclasses by class, entailed ones included."""
        found: dict[str, list[str]] = defaultdict(list)
        for sub, sup in self.hierarchy.direct(self.ontology.classes):
            if {sub, sup} <= self.by_iri.keys():
                found[sub].append(sup)
        return found

    @cached_property
    def children(self) -> Mapping[str, list[str]]:
        """Direct subclasses by class, entailed ones included."""
        found: dict[str, list[str]] = defaultdict(list)
        for sub, above in self.parents.items():
            for sup in above:
                found[sup].append(sub)
        return found

    @cached_property
    def axioms(self) -> Mapping[str, list[ax.Axiom]]:
        """The axioms that each term is the subject of, or is set apart by."""
        found: dict[str, list[ax.Axiom]] = defaultdict(list)
        for axiom in self.ontology.axioms:
            for iri in _subjects(axiom):
                found[iri].append(axiom)
        return found

    @cached_property
    def inferred(self) -> frozenset[str]:
        """The defined classes: a reasoner assigns them, and no record may."""
        return frozenset(
            iri
            for axiom in self.ontology.axioms
            if isinstance(axiom, ax.EquivalentClasses)
            for iri in _subjects(axiom)
        )


def _subjects(axiom: ax.Axiom) -> list[str]:  # noqa: PLR0911  # one return a kind of axiom
    """The terms in whose entries an axiom is shown."""
    match axiom:
        case ax.SubClassOf(ax.Named(iri), _) | ax.SubClassOf(_, ax.Named(iri)):
            return [iri]
        case ax.EquivalentClasses(first, second):
            return [each.iri for each in (first, second) if isinstance(each, ax.Named)]
        case ax.DisjointClasses(classes):
            return [each.iri for each in classes if isinstance(each, ax.Named)]
        case ax.DisjointUnion(whole, _):
            return [whole.iri]
        case ax.SubRole(sub, sup):
            return [sub.iri, sup.iri]
        case ax.RoleChain(chain, sup):
            return list(dict.fromkeys([sup.iri, *(role.iri for role in chain)]))
        case ax.InverseRoles(first, second) | ax.EquivalentRoles(first, second):
            return [first.iri, second.iri]
        case ax.DisjointRoles(roles):
            return [role.iri for role in roles]
        case ax.RoleCharacteristic(_, role) | ax.Domain(role, _) | ax.Range(role, _):
            return [role.iri]
    return []


def read_terms(sources: Sources) -> Terms:
    """Read the modules of the ontology.

    Raises:
        LithioKGError: if they do not read, or were not classified since they were changed.
    """
    files = ontology_files(sources.ontology)
    ontology = read_ontology(files, relative=sources.relative)
    modules = tuple(_module(file) for file in files if file.parent.name == "modules")
    return Terms(modules, ontology, classified_hierarchy(sources.ontology, ontology))


def _module(file: Path) -> Module:
    said: dict[str, dict[str, list[ox.NamedNode | ox.Literal]]] = {}
    for triple in parse_file(file):
        if isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal):
            about = said.setdefault(triple.subject.value, {})
            about.setdefault(triple.predicate.value, []).append(triple.object)
    terms = []
    for iri, about in said.items():
        if ox.NamedNode(LKG) in about.get(_DEFINED_BY, ()):
            types = {value.value for value in about.get(_TYPE, ())}
            kind = next(name for owl, name in KINDS.items() if owl in types)
            plain = {predicate: tuple(values) for predicate, values in about.items()}
            terms.append(Term(iri, kind, file.stem, plain))
    order = list(KINDS.values())
    terms.sort(key=lambda term: (order.index(term.kind), term.label.casefold(), term.iri))
    return Module(file.stem, _summary(file), tuple(terms))


def _summary(file: Path) -> str:
    """The first paragraph of the comment at the head of a file."""
    words = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("# "):
            break
        words.append(line.removeprefix("# ").strip())
    return " ".join(words)
