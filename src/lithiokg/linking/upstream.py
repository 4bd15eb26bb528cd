"""A local copy of other people's ontologies: what it says of the terms that mappings point to.

Files are read as they come: a fault costs the statement it stands in, not the file, and what could not be
read is told. Only declarations, labels and marks of deprecation are looked at, so that tens of megabytes
take a second.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, UsageError
from lithiokg.linking.notations import Statement, functional_statements, obo_statements
from lithiokg.store.entities import harmful_entities
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Unread", "UpstreamCopy", "UpstreamTerm", "copied_triples", "read_copy"]

_TYPE = PREFIXES["rdf"] + "type"
_ONTOLOGY = PREFIXES["owl"] + "Ontology"
_VERSIONS = (PREFIXES["owl"] + "versionInfo", PREFIXES["owl"] + "versionIRI")
#: How ontologies label their terms: EMMO and QUDT by either, OBO by the latter.
_LABELS = (PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label")
_DEPRECATED = (PREFIXES["owl"] + "deprecated", PREFIXES["qudt"] + "deprecated")
_REPLACED_BY = (
    PREFIXES["dcterms"] + "isReplacedBy",
    "http://purl.obolibrary.org/obo/IAO_0100001",
    "https://schema.org/supersededBy",
    "http://schema.org/supersededBy",
)
_WANTED = frozenset({_TYPE, *_VERSIONS, *_LABELS, *_DEPRECATED, *_REPLACED_BY})
_RDF_SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_SUFFIXES = frozenset({*_RDF_SUFFIXES, ".owl", ".obo", ".ofn", ".omn"})
#: A namespace is at home in a file if it has such a part of the terms declared there. Others have a quarter at
#: most in the ontologies that are mapped.
_GOOD_PART = 1 / 3
_OBO_TERM = re.compile(r"http://purl\.obolibrary\.org/obo/[A-Za-z]+_(?=\d+$)")
#: Of one file, so many faults are stepped over.
_PATIENCE = 20


@dataclass(slots=True)
class UpstreamTerm:
    """What a copy says of one term.

    Attributes:
        declared: whether the copy says what kind of thing it is; a term that is only mentioned is not there.
        labels: its labels, in any language.
        deprecated: whether it is marked so.
        replaced_by: IRIs of the terms to use in its place.
        versions: of an ontology, what it calls its version.
    """

    declared: bool = False
    labels: dict[str, None] = field(default_factory=dict)
    deprecated: bool = False
    replaced_by: dict[str, None] = field(default_factory=dict)
    versions: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """Something of a copy that could not be read: a whole file, or the statement at a place."""

    place: Place
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True, slots=True)
class UpstreamCopy:
    """A folder with copies of ontologies.

    Attributes:
        folder: where it is.
        files: how many files were read.
        terms: what is said of each IRI.
        homes: namespaces that the copy has ontologies of. Ontologies declare single terms of others too, so
            this takes a good part of the terms that some file declares.
        unread: what could not be read.
    """

    folder: Path
    files: int
    terms: dict[str, UpstreamTerm] = field(repr=False)
    homes: frozenset[str]
    unread: tuple[Unread, ...]

    def declares(self, iri: str) -> bool:
        """Whether the copy has the term."""
        term = self.terms.get(iri)
        return term is not None and term.declared

    def has_ontology(self, namespace: str) -> bool:
        """Whether the copy has an ontology of a namespace, or of one above or below it."""
        return any(namespace.startswith(home) or home.startswith(namespace) for home in self.homes)

    def named(self, label: str) -> list[str]:
        """IRIs of the declared terms with a label, those marked deprecated left out."""
        return sorted(
            iri
            for iri, term in self.terms.items()
            if label in term.labels and term.declared and not term.deprecated
        )


def read_copy(folder: Path) -> UpstreamCopy:
    """Read every ontology file below a folder.

    Raises:
        UsageError: if it is no folder, or holds no ontology.
    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder",
            mend="name a folder with copies of the ontologies (Turtle, RDF/XML, OBO ...)",
        )
    terms: defaultdict[str, UpstreamTerm] = defaultdict(UpstreamTerm)
    homes: set[str] = set()
    unread: list[Unread] = []
    files = 0
    for path, shown in _files(folder):
        files += 1
        declared: set[str] = set()
        for subject, predicate, value in _statements(path, shown, unread):
            _take(terms[subject], predicate, value)
            if predicate == _TYPE and value != _ONTOLOGY:
                declared.add(subject)
        homes.update(_homes(declared))
    if not files:
        raise UsageError(f"{folder} holds no ontology file (.ttl, .owl, .rdf, .obo ...)")
    return UpstreamCopy(folder, files, dict(terms), frozenset(homes), tuple(unread))


def copied_triples(folder: Path) -> Iterator[ox.Triple]:
    """Every triple of the RDF files below a folder, blank nodes renamed; what does not read is left out."""
    for path, shown in _files(folder):
        syntax = _syntax(path)
        if syntax is not None:
            yield from (quad.triple for quad in _quads(path, syntax, shown, []))


def _files(folder: Path) -> Iterator[tuple[Path, str]]:
    """The ontology files below a folder, with their names; hidden folders are left out."""
    for path in sorted(folder.rglob("*")):
        shown = path.relative_to(folder)
        if path.suffix in _SUFFIXES and path.is_file() and not any(p.startswith(".") for p in shown.parts):
            yield path, shown.as_posix()


def _homes(declared: set[str]) -> Iterator[str]:
    """The namespaces that many of the terms of a file are in."""
    counts = Counter(_namespace(iri) for iri in declared)
    return (namespace for namespace, count in counts.items() if count >= _GOOD_PART * len(declared))


def _namespace(iri: str) -> str:
    """The namespace of a term; all OBO ontologies share one, and tell themselves apart by a prefix behind it.

    >>> _namespace("https://w3id.org/emmo#EMMO_1"), _namespace("http://purl.obolibrary.org/obo/CHMO_1")
    ('https://w3id.org/emmo#', 'http://purl.obolibrary.org/obo/CHMO_')
    """
    obo = _OBO_TERM.match(iri)
    return obo[0] if obo else iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def _take(term: UpstreamTerm, predicate: str, value: str) -> None:
    if predicate == _TYPE:
        term.declared = True
    elif predicate in _LABELS:
        term.labels[value] = None
    elif predicate in _DEPRECATED:
        term.deprecated |= value in {"true", "1"}
    elif predicate in _REPLACED_BY:
        term.replaced_by[value] = None
    else:
        term.versions[value] = None


def _statements(path: Path, shown: str, unread: list[Unread]) -> Iterator[Statement]:
    syntax = _syntax(path)
    if syntax is not None:
        for quad in _quads(path, syntax, shown, unread):
            if quad.predicate.value in _WANTED and isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value, quad.predicate.value, getattr(quad.object, "value", "")
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".obo":
        yield from obo_statements(text)
    elif text.lstrip().startswith(("Prefix(", "Ontology(")):
        unread.append(Unread(Place(shown), "OWL functional syntax: only declarations and labels were read"))
        yield from functional_statements(text)
    else:
        unread.append(Unread(Place(shown), "this notation is not read"))


def _syntax(path: Path) -> ox.RdfFormat | None:
    """The RDF syntax of a file, if it is RDF: ``.owl`` may be anything."""
    if path.suffix != ".owl":
        return _RDF_SUFFIXES.get(path.suffix)
    with path.open("rb") as file:
        start = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"<"):
        return ox.RdfFormat.RDF_XML
    return ox.RdfFormat.TURTLE if start.startswith((b"@", b"#", b"PREFIX")) else None


def _quads(path: Path, syntax: ox.RdfFormat, shown: str, unread: list[Unread]) -> Iterator[ox.Quad]:
    """The quads of a file; the parser goes on behind a statement that it cannot read."""
    if syntax == ox.RdfFormat.RDF_XML and harmful_entities(path.read_bytes()):
        message = "it declares entities that may be made to fill the memory, and was not read"
        unread.append(Unread(Place(shown), message))
        return
    quads = ox.parse(path=str(path), format=syntax, rename_blank_nodes=True)
    for _ in range(_PATIENCE):
        try:
            yield from quads
        except SyntaxError as error:
            where = Place(shown, error.lineno or 1, error.offset or 1)
            unread.append(Unread(where, f"this is not {syntax.name}; the statement was left out"))
        except (OSError, ValueError) as error:
            unread.append(Unread(Place(shown), f"the file cannot be read: {error}"))
            return
        else:
            return
    unread.append(Unread(Place(shown), "too many faults; the rest of the file was not read"))
