"""What runs in the child process: one query, under a memory limit, answered as bytes.

This module imports nothing of LithioKG, so that it can also be started as a plain script by an
interpreter that has not got the package on its path. An answer is one byte for its kind and a body.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import signal
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NotRequired, TypedDict

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BOOLEAN",
    "FAILURE",
    "MEMORY",
    "OUT_OF_MEMORY",
    "SYNTAX",
    "TABLE",
    "TRIPLES",
    "TRUNCATED",
    "Request",
    "answer",
    "end_with_parent",
    "evaluate",
    "limit_memory",
    "main",
]

TABLE, TRUNCATED, TRIPLES, BOOLEAN = b"S", b"R", b"T", b"B"
#: Exit status of a child that ran out of memory where it could not even say so.
OUT_OF_MEMORY = 99
#: What Linux calls the wish for a signal when the parent ends.
_PR_SET_PDEATHSIG = 1
SYNTAX, MEMORY, FAILURE = b"X", b"M", b"F"


class Request(TypedDict):
    """One query and the dataset it sees.

    ``as_written``: the query has ``FROM`` clauses, which the engine would ignore beside a dataset given
    from outside. Otherwise it sees the union of ``graphs``, or of all graphs where that is ``None``.
    ``dataset`` replaces all of this: the graphs that make up the default graph, and the named ones.
    ``base`` is what relative IRIs are relative to, where the query does not say.
    """

    query: str
    as_written: bool
    graphs: list[str] | None
    max_rows: int | None
    dataset: NotRequired[tuple[list[str], list[str]] | None]
    base: NotRequired[str | None]


def evaluate(store: ox.Store, request: Request) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Start the evaluation of a request; the result is drawn lazily.

    Raises:
        SyntaxError: if the query does not parse.
        OSError: if the store cannot be read.
    """
    text, dataset, base = request["query"], request.get("dataset"), request.get("base")
    if dataset is not None:
        default, named = map(_nodes, dataset)
        return store.query(text, base_iri=base, default_graph=list(default), named_graphs=named)
    if request["as_written"]:
        return store.query(text, base_iri=base)
    graphs = request["graphs"]
    if graphs is None:
        return store.query(text, base_iri=base, use_default_graph_as_union=True)
    named = _nodes(graphs)
    return store.query(text, base_iri=base, default_graph=[ox.DefaultGraph(), *named], named_graphs=named)


def _nodes(iris: list[str]) -> list[ox.NamedNode | ox.BlankNode]:
    return [ox.NamedNode(iri) for iri in iris]


def limit_memory(bytes_more: int) -> None:
    """Let this process grow by at most so many bytes of address space (POSIX only)."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415  # not there on Windows

    statm = Path("/proc/self/statm")
    used = int(statm.read_text("ascii").split()[0]) * resource.getpagesize() if statm.exists() else 0
    # A platform that cannot limit the address space still has the wall clock.
    with contextlib.suppress(ValueError, OSError):
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = used + bytes_more
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _table(solutions: ox.QuerySolutions, max_rows: int | None) -> bytes:
    if max_rows is None:
        body = solutions.serialize(format=ox.QueryResultsFormat.TSV)
        return TABLE + (body or b"")
    lines = ["\t".join(str(variable) for variable in solutions.variables)]
    lines += [
        "\t".join("" if term is None else str(term) for term in solution)
        for solution in islice(solutions, max_rows)
    ]
    kind = TABLE if next(solutions, None) is None else TRUNCATED
    return kind + ("\n".join(lines) + "\n").encode()


def answer(open_store: Callable[[], ox.Store], request: Request) -> bytes:
    """Answer a request completely, as bytes; failures are answers too."""
    try:
        result = evaluate(open_store(), request)
        if isinstance(result, ox.QueryBoolean):
            return BOOLEAN + (b"1" if result else b"0")
        if isinstance(result, ox.QuerySolutions):
            return _table(result, request["max_rows"])
        triples = result if request["max_rows"] is None else islice(result, request["max_rows"])
        out = io.BytesIO()
        ox.serialize(triples, out, format=ox.RdfFormat.N_TRIPLES)
        return TRIPLES + out.getvalue()
    except SyntaxError as error:
        return SYNTAX + str(error).encode()
    except MemoryError:
        return MEMORY
    except (OSError, RuntimeError, ValueError) as error:
        return FAILURE + str(error).encode()


def end_with_parent(parent: int) -> None:
    """Have the system end this process when its parent ends, as far as the system can: nobody else would.

    Args:
        parent: the number of the parent; if it has gone already, this process goes too.
    """
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415  # a child has the time

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.name == "posix" and os.getppid() != parent:
        os._exit(1)


def main() -> None:
    """Read a request and, for a store in memory, its quads from standard input; answer on standard output."""
    head = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    # The allocator's last words must not appear in the terminal of the parent.
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    end_with_parent(head["parent"])
    limit_memory(head["max_memory"])

    def open_store() -> ox.Store:
        if head["path"] is not None:
            return ox.Store.read_only(head["path"])
        store = ox.Store()
        store.bulk_load(input=data, format=ox.RdfFormat.N_QUADS)
        return store

    sys.stdout.buffer.write(answer(open_store, head["request"]))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(OUT_OF_MEMORY)
