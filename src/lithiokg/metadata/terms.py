"""Terms of the vocabularies in which a data set is described, and triples made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DESCRIPTION_PREFIXES", "Value", "about", "date", "name", "number", "term", "words"]

Value: TypeAlias = "ox.NamedNode | ox.Literal"

#: What a description needs beside :data:`lithiokg.vocabulary.PREFIXES`.
DESCRIPTION_PREFIXES: dict[str, str] = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "schema": "https://schema.org/",
    "spdx": "http://spdx.org/rdf/terms#",
}


def term(curie: str) -> ox.NamedNode:
    """A term by its CURIE.

    >>> term("void:Dataset").value
    'http://rdfs.org/ns/void#Dataset'
    """
    prefix, _, local = curie.partition(":")
    return ox.NamedNode(DESCRIPTION_PREFIXES[prefix] + local)


def name(iri: str) -> ox.NamedNode:
    """A node by its IRI."""
    return ox.NamedNode(iri)


def number(value: int) -> ox.Literal:
    """A count."""
    return ox.Literal(str(value), datatype=term("xsd:integer"))


def date(value: str) -> ox.Literal:
    """A day, written YYYY-MM-DD."""
    return ox.Literal(value, datatype=term("xsd:date"))


def words(value: str, language: str | None = "en") -> ox.Literal:
    """A text, in English unless said otherwise."""
    return ox.Literal(value, language=language) if language else ox.Literal(value)


def about(subject: ox.NamedNode, *facts: tuple[str, Value]) -> Iterator[ox.Triple]:
    """Triples about one subject, each predicate by its CURIE (``"a"`` for ``rdf:type``)."""
    for predicate, value in facts:
        yield ox.Triple(subject, term("rdf:type" if predicate == "a" else predicate), value)
