"""Where a node, a field or a value was written."""

from __future__ import annotations

import re
from typing import Protocol

import pyoxigraph as ox

from lithiokg.errors import Place
from lithiokg.vocabulary import LKG

__all__ = ["PlaceLookup", "StoredPlaces"]

_CURATED_AT = ox.NamedNode(LKG + "curatedAt")
_PLACE = re.compile(r"(?P<file>.+):(?P<line>[0-9]+):(?P<column>[0-9]+)")


class PlaceLookup(Protocol):
    """Looks up places; the reader of the curated files is one."""

    def of(self, node: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """The closest known place: of the value, else of the field, else of the node.

        Args:
            node: IRI of the subject.
            predicate: IRI of the property.
            value: IRI or lexical form of the object.
        """
        ...


class StoredPlaces:
    """The places of records that a store keeps as ``lkg:curatedAt``, looked up when asked for.

    >>> import pyoxigraph as ox
    >>> node = ox.NamedNode("https://w3id.org/lithiokg/id/substance/ZnO")
    >>> store = ox.Store()
    >>> store.add(ox.Quad(node, _CURATED_AT, ox.Literal("data/a.yaml:3:7")))
    >>> str(StoredPlaces(store).of(node.value))
    'data/a.yaml:3:7'
    """

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def of(self, node: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """The place of the record; fields and values are not kept in a store."""
        for quad in self._store.quads_for_pattern(ox.NamedNode(node), _CURATED_AT, None, None):
            match = _PLACE.fullmatch(getattr(quad.object, "value", ""))
            if match:
                return Place(match["file"], int(match["line"]), int(match["column"]))
        return None
