"""A store as sorted lines of N-Quads, graph after graph, in memory that does not grow with the store."""

from __future__ import annotations

import heapq
import re
from contextlib import ExitStack
from itertools import chain, groupby, islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.files import temporary_folder
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from lithiokg.store.protocol import Store

__all__ = ["has_blank_node", "sorted_graphs", "sorted_lines", "triple_lines"]

_UNFIT = re.compile(r"[^A-Za-z0-9]")
#: Lines that are sorted in memory at once, some 250 bytes each.
_RUN = 400_000
#: Files that are merged at once: well below the number that a process may open.
_FAN = 64


def has_blank_node(statement: ox.Quad | ox.Triple) -> bool:
    """Whether a statement is about a blank node."""
    return isinstance(statement.subject, ox.BlankNode) or isinstance(statement.object, ox.BlankNode)


def sorted_graphs(
    store: Store, wanted: Callable[[str], bool] = lambda _: True
) -> Iterator[tuple[str, Iterator[str]]]:
    """Every graph with its distinct triples as lines of N-Triples (no full stop, no newline), all sorted.

    The order is that of code points, which is that of the bytes in UTF-8. Blank nodes are named after their
    graph (none is in two) and what they are, so that equal graphs give equal lines; the triples that have some are
    kept in memory. The lines of a graph must be read before those of the next one.

    Args:
        store: the snapshot's store, or an endpoint.
        wanted: which graphs, by name.

    Raises:
        LithioKGError: if the store cannot be read to its end.
    """
    for name in sorted(filter(wanted, store.graphs())):
        yield name, sorted_lines(triple_lines(store.quads(name), name))


def triple_lines(quads: Iterable[ox.Quad], graph: str) -> Iterator[str]:
    """The triples of a graph as lines of N-Triples; those with blank nodes come last.

    Args:
        quads: of one graph.
        graph: its name, after which the blank nodes are named.
    """
    label = _label(graph)
    # What a blank node is called depends on all triples that have some.
    blank = ox.Dataset()
    for quad in quads:
        if has_blank_node(quad):
            blank.add(quad)
        else:
            yield str(quad.triple)
    blank.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    for quad in blank:
        subject, value = (_named(term, label) for term in (quad.subject, quad.object))
        yield f"{subject} {quad.predicate} {value}"


def _named(term: object, label: str) -> object:
    return f"_:{label}_{term.value}" if isinstance(term, ox.BlankNode) else term


def _label(graph: str) -> str:
    """What the names of blank nodes begin with: another for each graph, and fit for every syntax."""
    return _UNFIT.sub(lambda match: f"_{ord(match[0]):x}_", graph.removeprefix(GRAPH))


def sorted_lines(lines: Iterable[str], *, run: int = _RUN) -> Iterator[str]:
    r"""Sort lines and drop those that come again; what does not fit in memory goes by way of temporary files.

    Args:
        lines: without newlines in them.
        run: how many are sorted in memory at once.

    >>> list(sorted_lines("badcab", run=2))
    ['a', 'b', 'c', 'd']
    """
    source = iter(lines)
    first = sorted(set(islice(source, run)))
    second = sorted(set(islice(source, run)))
    if not second:
        yield from first
        return
    with temporary_folder("lithiokg-sort-") as folder:
        files: list[Path] = []
        for content in chain((first, second), _runs(source, run)):
            files.append(_spill(content, folder / str(len(files))))
        first, second = [], []
        while len(files) > _FAN:
            merged = _spill(_merged(files[:_FAN]), files[0].with_suffix(".merged"))
            for file in files[:_FAN]:
                file.unlink()
            files = [*files[_FAN:], merged.rename(files[0].with_name(f"{files[0].name}-{len(files)}"))]
        yield from _merged(files)


def _runs(source: Iterator[str], run: int) -> Iterator[list[str]]:
    while content := sorted(set(islice(source, run))):
        yield content


def _spill(lines: Iterable[str], file: Path) -> Path:
    with file.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(f"{line}\n" for line in lines)
    return file


def _merged(files: Iterable[Path]) -> Iterator[str]:
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open(encoding="utf-8", newline="\n")) for file in files]
        # Without their newlines: a tab comes before one, and shorter lines must come first.
        for line, _ in groupby(heapq.merge(*((line[:-1] for line in stream) for stream in streams))):
            yield line
