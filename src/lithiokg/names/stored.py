"""Names of a store that is too large to be read whole: looked up one by one, where they stand.

What people call by many names stands in the ontology and the catalogue, and is read like the names of a small
graph. Of everything else the label as it is written and the IRI are enough, and both are in the store's indexes.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.names.index import NAMING, RDF_TYPE, SUBCLASS, Name, NameIndex, preference
from lithiokg.vocabulary import GRAPH, ID, LKG, compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.store import EmbeddedStore

__all__ = ["LARGE", "StoredNames"]

#: A store of more triples is not read whole for its names.
LARGE = 1_000_000
#: The graphs of what bears synonyms.
_NAMED = tuple(ox.NamedNode(GRAPH + name) for name in ("ontology", "asserted/catalogue"))
#: Kinds of records whose keys people use without the kind.
_KINDS = ("substance", "design", "work", "method", "unit", "property", "strategy", "mechanism")


class StoredNames(NameIndex):
    """The names of everything in a large store.

    Args:
        store: the store; a snapshot on disk.
    """

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store.oxigraph
        super().__init__(self._catalogue(), self._load_named)
        self._found: dict[str, str] = {}

    def __len__(self) -> int:
        return sum(1 for _ in self._store.quads_for_pattern(None, ox.NamedNode(NAMING[1]), None, None))

    def __contains__(self, iri: object) -> bool:
        return isinstance(iri, str) and self._is_there(iri)

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing is stated or derived to be of a class or one of its subclasses."""
        own = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDF_TYPE), None, None)
        classes = {quad.object.value for quad in own if isinstance(quad.object, ox.NamedNode)}
        waiting, seen = list(classes), set(classes)
        parents = self._classes[1]
        while waiting:
            for above in parents.get(waiting.pop(), ()):
                if above not in seen:
                    seen.add(above)
                    waiting.append(above)
        return kind in seen

    def label(self, iri: str) -> str:
        """The name by which people know a thing: a symbol, else the preferred label, else the CURIE."""
        known = self._labels.get(iri) or self._found.get(iri)
        if known is None:
            names = sorted(self._names_of(iri), key=preference)
            known = self._found[iri] = names[0].text if names else compact(iri)
        return known

    def entries(self) -> Iterator[Name]:
        """Every name of the terms and of what the catalogue holds; other things bear only their labels."""
        return iter(self._names)

    def _is_thing(self, iri: str) -> bool:
        return self._is_there(iri)

    def _called(self, text: str) -> set[str]:
        """What bears a name as it is written, or has it for its key."""
        literals = (ox.Literal(text), ox.Literal(text, language="en"))
        quads = chain.from_iterable(
            self._store.quads_for_pattern(None, ox.NamedNode(naming), literal, None)
            for naming in NAMING
            for literal in literals
        )
        found = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
        keys = (ID + text, LKG + text, *(f"{ID}{kind}/{text}" for kind in _KINDS))
        return found | {key for key in keys if text and self._is_there(key)}

    def _is_there(self, iri: str) -> bool:
        if not _is_iri(iri):
            return False
        return next(self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None), None) is not None

    def _names_of(self, iri: str) -> Iterator[Name]:
        for naming in NAMING:
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(naming), None, None):
                yield from _named(quad)

    def _catalogue(self) -> Iterator[Name]:
        for graph in _NAMED:
            for naming in NAMING:
                for quad in self._store.quads_for_pattern(None, ox.NamedNode(naming), None, graph):
                    yield from _named(quad)

    def _load_named(self) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
        kinds: dict[str, set[str]] = {iri: set() for iri in self._labels}
        parents: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, ox.NamedNode(SUBCLASS), None, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                parents.setdefault(quad.subject.value, set()).add(quad.object.value)
        for iri, classes in kinds.items():
            own = self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(RDF_TYPE), None, None)
            classes.update(quad.object.value for quad in own if isinstance(quad.object, ox.NamedNode))
        return kinds, parents


def _named(quad: ox.Quad) -> Iterator[Name]:
    name = quad.object
    if isinstance(name, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
        language = name.language or ""
        if not language or language == "en" or language.startswith("en-"):
            yield Name(quad.subject.value, name.value, quad.predicate.value, language)


def _is_iri(text: str) -> bool:
    return ":" in text and not any(character in text for character in '<>"{}|^`\\ \n\t\r')
