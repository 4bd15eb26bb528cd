"""From which of a user's collections a thing comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from lithiokg.sources import Sources
    from lithiokg.store import Row, Store

__all__ = ["Origins"]

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


class Origins:
    """Tells the records of collections from the shipped ones.

    A thing comes from the source in whose named graph its class is stated.

    Args:
        store: an opened snapshot; of an endpoint nothing is known.
        sources: what it was built from.
    """

    def __init__(self, store: Store, sources: Sources) -> None:
        self._engine = store.oxigraph if isinstance(store, EmbeddedStore) else None
        self._own = {
            f"{GRAPH}asserted/{folder.name}": sources.relative(folder)
            for folder in sources.data_folders
            if any(folder.resolve().is_relative_to(each.resolve()) for each in sources.collections)
        }
        self._known: dict[str, str] = {}

    def __bool__(self) -> bool:
        """Whether there are records of collections at all."""
        return bool(self._own) and self._engine is not None

    def of(self, iri: str) -> str:
        """The source that a thing comes from, such as ``my-lab/meyer-2027``; empty for what is shipped."""
        if not self:
            return ""
        if iri not in self._known:
            self._known[iri] = self._find(iri)
        return self._known[iri]

    def of_row(self, row: Row) -> str:
        """The sources of all things in a row of an answer, parted by semicolons; empty if all are shipped."""
        found = (self.of(term.value) for term in row if isinstance(term, ox.NamedNode))
        return "; ".join(sorted(set(filter(None, found))))

    def _find(self, iri: str) -> str:
        assert self._engine is not None  # noqa: S101  # asked before
        quads = self._engine.quads_for_pattern(ox.NamedNode(iri), _TYPE, None, None)
        graphs = {getattr(quad.graph_name, "value", "") for quad in quads}
        return next((name for graph, name in self._own.items() if graph in graphs), "")
