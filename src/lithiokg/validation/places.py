"""Where a node, a field or a value was written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from lithiokg.errors import Place
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

__all__ = ["CuratedPlaces", "PlaceLookup"]

_CURATED_AT = LKG + "curatedAt"
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


class CuratedPlaces:
    """The places of nodes that a snapshot keeps as ``lkg:curatedAt``.

    >>> import pyoxigraph as ox
    >>> node, at = ox.NamedNode("https://w3id.org/lithiokg/id/substance/ZnO"), ox.NamedNode(_CURATED_AT)
    >>> str(CuratedPlaces([ox.Quad(node, at, ox.Literal("data/a.yaml:3:7"))]).of(node.value))
    'data/a.yaml:3:7'
    """

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._places: dict[str, Place] = {}
        for quad in quads:
            if quad.predicate.value == _CURATED_AT:
                match = _PLACE.fullmatch(getattr(quad.object, "value", ""))
                if match:
                    place = Place(match["file"], int(match["line"]), int(match["column"]))
                    self._places[getattr(quad.subject, "value", "")] = place

    def of(self, node: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """The place of the node; fields and values are not kept in a snapshot."""
        return self._places.get(node)
