"""What a release hands out of the ontology (base, full, inferred), of the facts, and of both together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.metadata import Header
    from lithiokg.store import EmbeddedStore

__all__ = ["Content", "Variant"]

_OWL, _RDFS, _SKOS, _DCTERMS = (PREFIXES[prefix] for prefix in ("owl", "rdfs", "skos", "dcterms"))
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_LABEL, _COMMENT = ox.NamedNode(_RDFS + "label"), ox.NamedNode(_RDFS + "comment")
_PREFERRED, _DEFINITION = ox.NamedNode(_SKOS + "prefLabel"), ox.NamedNode(_SKOS + "definition")
_INDIVIDUAL, _CLASS = ox.NamedNode(_OWL + "NamedIndividual"), ox.NamedNode(_OWL + "Class")
_SAME = ox.NamedNode(_OWL + "equivalentClass")
_ANNOTATION = ox.NamedNode(_OWL + "AnnotationProperty")
_VERSION_IRI, _IS_VERSION_OF = ox.NamedNode(_OWL + "versionIRI"), ox.NamedNode(_DCTERMS + "isVersionOf")
_TITLE = ox.NamedNode(_DCTERMS + "title")
_HEADER = ox.NamedNode(LKG)
_MATCHES = frozenset(_SKOS + name + "Match" for name in ("exact", "close", "broad", "narrow", "related"))
#: What is said of a thing that the ontology only points at.
_TOLD = frozenset({_TYPE, _PREFERRED, _DEFINITION})


@dataclass(frozen=True, slots=True)
class Variant:
    """An ontology document of a release.

    Attributes:
        path: its files, without the ending.
        words: what it holds, in a sentence.
        triples: its content.
    """

    path: str
    words: str
    triples: tuple[ox.Triple, ...]


@dataclass(frozen=True)
class Content:
    """A snapshot, taken apart for a release.

    Attributes:
        store: the snapshot.
        header: what the header of its ontology says.
    """

    store: EmbeddedStore
    header: Header

    def graph(self, *names: str) -> Iterator[ox.Triple]:
        """The triples of named graphs, by the part of the name behind ``lkgg:``; a final ``/`` takes all below."""
        for local, triples in self._graphs.items():
            if any(local == each or (each.endswith("/") and local.startswith(each)) for each in names):
                yield from triples

    @cached_property
    def _graphs(self) -> dict[str, list[ox.Triple]]:
        graphs: dict[str, list[ox.Triple]] = {}
        for quad in self.store.quads():
            if isinstance(quad.graph_name, ox.NamedNode):
                graphs.setdefault(quad.graph_name.value.removeprefix(GRAPH), []).append(quad.triple)
        return dict(sorted(graphs.items()))

    # --- the ontology -----------------------------------------------------------------------------

    def variants(self) -> tuple[Variant, ...]:
        """The ontology in three sizes.

        *Base* holds the terms and their axioms, *full* the vocabulary's individuals and the links to other
        ontologies too, *inferred* whatever follows about all of them as well.
        """
        base = self._variant(
            "ontology/lithiokg-base",
            "Base: classes and properties with their axioms, and of the individuals those that an axiom names.",
            self._base(),
        )
        full = self._variant(
            "ontology/lithiokg",
            "Full: all terms with their axioms, the individuals of the vocabulary, and links to other ontologies.",
            self._full,
        )
        inferred = self._variant(
            "ontology/lithiokg-inferred",
            "Inferred: the full ontology, with the classified hierarchy and what else follows of its terms.",
            [*self._full, *self._inferred()],
        )
        return base, full, inferred

    def everything(self) -> Variant:
        """Ontology and facts, with what was inferred and the axioms that close complete lists: for OWL tools."""
        facts = [*self._full, *self._hierarchy, *self.facts(), *self.graph("closures")]
        individuals = {
            triple.subject
            for triple in facts
            if triple.predicate == _TYPE
            and triple.object in self._classes
            and triple.subject not in self._terms
        }
        declared = (ox.Triple(individual, _TYPE, _INDIVIDUAL) for individual in individuals)
        return self._variant(
            "data/lithiokg",
            "Ontology and facts in one document, with inferences and closure axioms, for OWL tools.",
            [*facts, *declared],
        )

    def facts(self) -> Iterator[ox.Triple]:
        """What was curated of things, what was computed from it, and what was inferred of them."""
        yield from self.graph("asserted/", "normalized")
        yield from (each for each in self.graph("inferred") if each.subject not in self._terms)

    @cached_property
    def _ontology(self) -> tuple[ox.Triple, ...]:
        return tuple(self.graph("ontology"))

    @cached_property
    def _classes(self) -> frozenset[object]:
        return frozenset(
            each.subject for each in self._ontology if each.predicate == _TYPE and each.object == _CLASS
        )

    @cached_property
    def _individuals(self) -> frozenset[object]:
        return frozenset(
            each.subject for each in self._ontology if each.predicate == _TYPE and each.object == _INDIVIDUAL
        )

    @cached_property
    def _terms(self) -> frozenset[object]:
        """Everything that the ontology speaks of by name, individuals apart."""
        named = {each.subject for each in self._ontology if isinstance(each.subject, ox.NamedNode)}
        return frozenset(named - self._individuals)

    def _base(self) -> Iterator[ox.Triple]:
        axioms = [each for each in self._ontology if each.subject not in self._individuals]
        yield from axioms
        named = {each.object for each in axioms} & self._individuals
        kept = {*_TOLD, ox.NamedNode(_RDFS + "isDefinedBy")}
        for each in self._full:
            if each.subject in named and each.predicate in kept:
                yield each

    @cached_property
    def _full(self) -> tuple[ox.Triple, ...]:
        triples = dict.fromkeys(self._ontology)
        labelled = {each.subject for each in self._ontology if each.predicate == _PREFERRED}
        pointed_at = self._individuals - labelled
        triples.update(
            dict.fromkeys(
                each
                for each in self.graph("asserted/")
                if each.subject in pointed_at and each.predicate in _TOLD
            )
        )
        known = self._terms | self._individuals
        links = [
            each
            for each in self.graph("mappings/")
            if each.predicate.value in _MATCHES and each.subject in known
        ]
        triples.update(dict.fromkeys(links))
        for predicate in {each.predicate for each in links}:
            triples[ox.Triple(predicate, _TYPE, _ANNOTATION)] = None
        return tuple(triples)

    def _inferred(self) -> Iterator[ox.Triple]:
        """The hierarchy, and what follows of the vocabulary's individuals without looking at facts."""
        yield from self._hierarchy
        known = self._terms | self._individuals
        for each in self.graph("inferred"):
            if each.subject in self._individuals and (
                each.object in known or isinstance(each.object, ox.Literal)
            ):
                yield each

    @cached_property
    def _hierarchy(self) -> tuple[ox.Triple, ...]:
        """The entailed hierarchy; two classes that are one are said to be so, and not each below the other."""
        below = [each for each in self.graph("inferred") if each.subject in self._terms]
        turned = {(each.object, each.subject) for each in below}
        return tuple(
            ox.Triple(each.subject, _SAME, each.object) if (each.subject, each.object) in turned else each
            for each in below
            if (each.subject, each.object) not in turned or str(each.subject) < str(each.object)
        )

    # --- what every document gets -----------------------------------------------------------------

    def _variant(self, path: str, words: str, triples: Iterable[ox.Triple]) -> Variant:
        written = list(triples)
        triples = [*written, *_labels(written)]
        if path == "ontology/lithiokg":  # the ontology itself, under its own name
            return Variant(path, words, tuple(dict.fromkeys(triples)))
        return Variant(path, words, tuple(dict.fromkeys(self._renamed(path, words, triples))))

    def _renamed(self, path: str, words: str, triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
        """The document under an ontology IRI and version IRI of its own, for it holds something else."""
        iri, version = ox.NamedNode(LKG + path), ox.NamedNode(self.header.version_iri + path)
        kind = words.partition(":")[0].lower() if ":" in words else "with its facts"
        for each in triples:
            if each.subject != _HEADER:
                yield each
            elif each.predicate == _VERSION_IRI:
                yield ox.Triple(iri, _VERSION_IRI, version)
            elif each.predicate == _TITLE:
                title = ox.Literal(f"{self.header.title} ({kind})", language="en")
                yield ox.Triple(iri, _TITLE, title)
            else:
                yield ox.Triple(iri, each.predicate, each.object)
        yield ox.Triple(iri, _COMMENT, ox.Literal(words, language="en"))
        yield ox.Triple(iri, _IS_VERSION_OF, _HEADER)
        yield ox.Triple(_IS_VERSION_OF, _TYPE, _ANNOTATION)


def _labels(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Each preferred label as ``rdfs:label`` too, which most tools show and some checkers insist on."""
    for each in triples:
        if each.predicate == _PREFERRED:
            yield ox.Triple(each.subject, _LABEL, each.object)
