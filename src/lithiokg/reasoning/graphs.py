"""An index over RDF triples for reading OWL: objects by subject and predicate, lists, and places."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.reasoning.names import RDF
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["TripleIndex", "anonymous_lines", "declarations", "first_lines", "parse_file"]

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_PREFIX = re.compile(r"^\s*@?prefix\s+([\w.-]*):\s*<([^>]*)>", re.IGNORECASE | re.MULTILINE)
#: In a prefixed name a backslash keeps a character such as the slash from being punctuation.
_ESCAPE = re.compile(r"\\(.)")
_SUBJECT = re.compile(r"^(?:<([^>\s]+)>|([\w.-]*):([^\s;,<]+))(?:\s|$)")


class TripleIndex:
    """Triples by subject and predicate; keeps note of which ones have been understood."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._order: dict[tuple[Node, str, Term], None] = {}
        self._read: set[tuple[Node, str, Term]] = set()
        for triple in triples:
            subject, predicate, value = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, ox.Triple) or (subject, predicate, value) in self._order:
                continue
            self._order[subject, predicate, value] = None
            self._objects[subject][predicate].append(value)

    def subjects(self) -> list[Node]:
        """Every subject, in the order of the files."""
        return list(self._objects)

    def predicates(self, subject: Node) -> list[str]:
        """The predicates that a subject has."""
        return list(self._objects[subject]) if subject in self._objects else []

    def peek(self, subject: Node, predicate: str) -> list[Term]:
        """The objects, without taking note that they have been read."""
        return list(self._objects[subject][predicate]) if subject in self._objects else []

    def take(self, subject: Node, predicate: str) -> list[Term]:
        """The objects; their triples count as understood from now on."""
        values = self.peek(subject, predicate)
        self._read.update((subject, predicate, value) for value in values)
        return values

    def mark(self, subject: Node, predicate: str, value: Term) -> None:
        """Count one triple as understood."""
        self._read.add((subject, predicate, value))

    def take_list(self, head: Term) -> list[Term]:
        """The members of an RDF list.

        Raises:
            ValueError: if it is not a well-formed list.
        """
        members: list[Term] = []
        seen: set[Term] = set()
        while head != ox.NamedNode(RDF + "nil"):
            if not isinstance(head, ox.BlankNode | ox.NamedNode) or head in seen:
                raise ValueError("a list that is not well formed")
            seen.add(head)
            first, rest = self.take(head, RDF + "first"), self.take(head, RDF + "rest")
            if len(first) != 1 or len(rest) != 1:
                raise ValueError("a list that is not well formed")
            members.append(first[0])
            head = rest[0]
        return members

    def unread(self) -> Iterator[tuple[Node, str, Term]]:
        """The triples that nothing has taken so far."""
        return (triple for triple in self._order if triple not in self._read)


def parse_file(path: Path) -> list[ox.Triple]:
    """Parse a Turtle file; blank nodes get names of their own.

    Raises:
        SourceError: if the file cannot be read, with the place of the fault.
    """
    try:
        quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        return [quad.triple for quad in quads]
    except SyntaxError as error:
        raise SourceError(
            f"this is not Turtle: {error.msg}",
            place=Place(str(path), error.lineno or 1, error.offset or 1),
            mend="correct the Turtle at this place",
        ) from error
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", place=Place(str(path))) from error


def declarations(files: Iterable[Path], relative: Callable[[Path], str]) -> dict[str, Place]:
    """Where each term is declared: a block that gives its type, else the first block about it."""
    places: dict[str, Place] = {}
    declared: set[str] = set()
    for file in files:
        for iri, place, declares in _blocks(file, relative(file)):
            if iri not in places or (declares and iri not in declared):
                places[iri] = place
            if declares:
                declared.add(iri)
    return places


def first_lines(path: Path, shown: str) -> dict[str, Place]:
    """Where the first block about each subject begins."""
    places: dict[str, Place] = {}
    for iri, place, _ in _blocks(path, shown):
        places.setdefault(iri, place)
    return places


def _blocks(path: Path, shown: str) -> Iterator[tuple[str, Place, bool]]:
    """Subject and place of each block of a Turtle file that starts blocks at the line's beginning.

    The last value tells whether the block begins with a type.
    """
    text = path.read_text(encoding="utf-8")
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _SUBJECT.match(line)
        if match is None or match[2] == "@prefix":
            continue
        local = _ESCAPE.sub(r"\1", match[3] or "")
        iri = match[1] or (prefixes[match[2]] + local if match[2] in prefixes else None)
        if iri is not None:
            yield iri, Place(shown, number, 1), line[match.end() :].startswith("a ")


def anonymous_lines(path: Path, shown: str) -> list[Place]:
    """Where the blocks without a named subject begin (``[] a owl:AllDisjointClasses ...``), in order."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
    return [Place(shown, number, 1) for number, line in lines if line.startswith("[")]
