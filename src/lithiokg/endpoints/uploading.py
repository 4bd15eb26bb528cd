"""Put the graphs of a store into a server, and count afterwards what it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.endpoints.pieces import PIECE, pieces
from lithiokg.errors import LithioKGError
from lithiokg.store import sorted_graphs
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lithiokg.store import GraphStore, RemoteStore, Store

__all__ = ["Sent", "counted", "discrepancies", "others", "put_graph", "upload"]


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one graph.

    Attributes:
        graph: its name.
        statements: how many it has.
        requests: in how many requests it was sent; 0 if it was there.
        bytes: of N-Triples.
    """

    graph: str
    statements: int
    requests: int
    bytes: int


def upload(
    store: Store,
    to: GraphStore,
    *,
    wanted: Callable[[str], bool] = lambda _: True,
    held: Mapping[str, int] | None = None,
    piece: int = PIECE,
) -> Iterator[Sent]:
    """Replace the graphs of a server by those of a store, one after the other.

    Each begins with a ``PUT``, so that the same upload may be made again at any time, and goes on with as
    many ``POST`` as it needs.

    Args:
        store: the snapshot's store.
        to: the server's graphs.
        wanted: which graphs, by name.
        held: what the server holds already: graphs with as many statements as ours are passed over.
        piece: bytes in a request.

    Raises:
        LithioKGError: if the server refuses; what was sent before stays.
    """
    counts = store.graphs()
    there = {name for name, count in counts.items() if (held or {}).get(name) == count}
    for name in sorted(filter(wanted, there)):
        yield Sent(name, counts[name], 0, 0)
    for name, lines in sorted_graphs(store, lambda name: wanted(name) and name not in there):
        yield put_graph(to, name, lines, piece=piece)


def put_graph(to: GraphStore, name: str, lines: Iterable[str], *, piece: int = PIECE) -> Sent:
    """Replace one graph; without lines, remove it.

    Args:
        to: the server's graphs.
        name: of the graph.
        lines: its triples as N-Triples, without full stop and newline.
        piece: bytes in a request.
    """
    statements = requests = size = 0
    for body in pieces(lines, piece):
        (to.post if requests else to.put)(name, body)
        statements += body.count(b"\n")
        requests += 1
        size += len(body)
    if not requests:
        to.delete(name)
    return Sent(name, statements, requests, size)


def discrepancies(ours: Mapping[str, int], theirs: Mapping[str, int]) -> list[str]:
    """What a server holds otherwise, in words, one line a graph; nothing if all is there.

    Args:
        ours: the numbers of statements that it should hold, by graph.
        theirs: those that it holds.
    """
    return [
        f"{name.removeprefix(GRAPH)}: {theirs.get(name, 0):,} statements, not {count:,}"
        for name, count in sorted(ours.items())
        if theirs.get(name, 0) != count
    ]


def others(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """The graphs of LithioKG on a server that we do not have, as an earlier release may have left them."""
    return sorted({name for name in theirs if name.startswith(GRAPH)} - set(ours))


def counted(far: RemoteStore, ours: Mapping[str, int]) -> None:
    """Count what a server holds.

    Raises:
        LithioKGError: if it is something else.
    """
    wrong = discrepancies(ours, far.graphs())
    if wrong:
        listed = "\n  ".join(wrong)
        raise LithioKGError(
            f"{far.url} does not hold what it was sent:\n  {listed}",
            mend="look into its log; an engine that merges or drops statements is not one to trust",
        )
