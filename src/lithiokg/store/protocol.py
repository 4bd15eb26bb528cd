"""The one protocol that embedded and remote stores share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeAlias

from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

    from lithiokg.store.table import Table

__all__ = ["DERIVED_GRAPHS", "Answer", "Store", "is_premise"]

#: SELECT gives a table, ASK a truth value, CONSTRUCT and DESCRIBE triples.
Answer: TypeAlias = "Table | bool | list[ox.Triple]"

#: The graphs that ``stated_only`` leaves out: what was derived, not stated.
DERIVED_GRAPHS = frozenset({GRAPH + "inferred", GRAPH + "closures"})


def is_premise(graph: str) -> bool:
    """Whether conclusions are drawn from a graph: the ontology, what sources state, canonical values."""
    return graph in {GRAPH + "ontology", GRAPH + "normalized"} or graph.startswith(GRAPH + "asserted/")


class Store(Protocol):
    """A read-only view of a snapshot that answers SPARQL 1.1 queries."""

    def query(
        self,
        text: str,
        *,
        stated_only: bool = False,
        timeout: float | None = None,
        max_rows: int | None = None,
        name: str = "<query>",
    ) -> Answer:
        """Answer one query over the union of all named graphs.

        Args:
            text: a SPARQL 1.1 query. One with its own ``FROM`` clauses is used as written.
            stated_only: leave out :data:`DERIVED_GRAPHS`.
            timeout: wall-clock seconds after which the query is given up.
            max_rows: cut the answer after so many rows or triples; a cut table says so.
            name: what the text is called in messages, such as its file name.

        Raises:
            QueryError: if the query does not parse, or is an update, or calls a host not allowed.
            TimeLimitError: if the time limit is met.
            LithioKGError: if the store fails otherwise.
        """
        ...

    def graphs(self) -> dict[str, int]:
        """The named graphs and their numbers of triples."""
        ...

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """The quads of one named graph, or of all."""
        ...
