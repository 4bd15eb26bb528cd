"""JSON-LD documents as text, and as triples."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.export.profiles.facts import RDF_TYPE
from lithiokg.export.profiles.turtle import TurtleWriter

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["as_json", "as_turtle"]


def as_json(document: Mapping[str, Any]) -> str:
    """The document as indented text."""
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def as_turtle(document: Mapping[str, Any], base: str, prefixes: Mapping[str, str]) -> str:
    """The triples of the document, sorted, those about IRIs below the base first.

    The document has no blank nodes, and its context stands in it.
    """

    def order(triple: ox.Triple) -> tuple[bool, str, bool, str, str]:
        subject, predicate = triple.subject.value, triple.predicate.value  # type: ignore[union-attr]  # an IRI
        return not subject.startswith(base), subject, predicate != RDF_TYPE, predicate, str(triple.object)

    quads = ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD)
    triples = sorted({quad.triple for quad in quads}, key=order)
    writer = TurtleWriter(base, prefixes)
    subjects = groupby(triples, key=lambda triple: triple.subject)
    return "\n".join([writer.head(), *(writer.block(about) for _, about in subjects)])
