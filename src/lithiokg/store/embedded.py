"""The store inside this process: Oxigraph through pyoxigraph."""

from __future__ import annotations

import time
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, TimeLimitError, UsageError
from lithiokg.store import worker
from lithiokg.store.guard import examine, syntax_error
from lithiokg.store.limits import DEFAULT_MEMORY, run_limited
from lithiokg.store.protocol import DERIVED_GRAPHS, Answer
from lithiokg.store.services import host_names, service_failure, service_hosts
from lithiokg.store.table import Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from types import TracebackType

__all__ = ["EmbeddedStore", "check_limits"]

#: Seconds that a query which calls another host may take unless told otherwise.
SERVICE_TIMEOUT = 60.0
#: Triples per second at which a store is copied from disk into memory, on the slow side.
_COPY_RATE = 200_000
#: A larger store stays on disk: in memory a triple takes some 350 bytes.
_MEMORY_LIMIT = 2_000_000


def check_limits(timeout: float | None, max_rows: int | None) -> None:
    """Refuse limits that make no sense.

    Raises:
        UsageError: for a time limit that is not positive or a negative number of rows.
    """
    if timeout is not None and not timeout > 0:
        raise UsageError(f"a time limit of {timeout:g} s leaves no time", mend="give a positive number")
    if max_rows is not None and max_rows < 0:
        raise UsageError(f"an answer cannot have {max_rows} rows", mend="give max_rows of 0 or more")


class EmbeddedStore:
    """A snapshot on disk, opened read-only, or quads in memory; several processes may read one snapshot.

    Args:
        source: the folder of the snapshot's store, or an engine already open (taken to be in memory).
        allow_hosts: hosts that ``SERVICE`` may call, such as ``example.org`` (any port) or
            ``localhost:7878`` (only that one); none unless named.
        triples: how many there are, where that is known; the engine takes seconds to count millions.

    Raises:
        UsageError: if one of these is not the name of a host.
        LithioKGError: if there is no readable store in the folder.

    >>> quad = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal(1), ox.NamedNode("x:g"))
    >>> EmbeddedStore.in_memory([quad]).query("SELECT ?o { ?s ?p ?o }").dicts()
    [{'o': 1}]
    """

    def __init__(
        self,
        source: Path | str | ox.Store,
        *,
        allow_hosts: Collection[str] = frozenset(),
        triples: int | None = None,
    ) -> None:
        if triples is not None:
            self.triples = triples
        self.allow_hosts = frozenset(map(str, host_names(allow_hosts)))
        self.path: Path | None = None
        self._store: ox.Store | None
        self._copy: ox.Store | None = None
        self._seconds = 0.0
        if isinstance(source, ox.Store):
            self._store = source
            return
        self.path = Path(source)
        try:
            self._store = ox.Store.read_only(str(source))
        except (OSError, RuntimeError, ValueError) as error:
            raise LithioKGError(
                f"there is no readable store in {source}: {error}", mend="build the snapshot: lithiokg build"
            ) from error

    @classmethod
    def in_memory(
        cls, quads: Iterable[ox.Quad], *, allow_hosts: Collection[str] = frozenset()
    ) -> EmbeddedStore:
        """A store of the given quads that lives and dies with this process."""
        store = ox.Store()
        store.bulk_extend(quads)
        return cls(store, allow_hosts=allow_hosts)

    @property
    def oxigraph(self) -> ox.Store:
        """The engine itself, for what SPARQL cannot say.

        Raises:
            LithioKGError: if the store is closed.
        """
        if self._store is None:
            raise LithioKGError("the store is closed", mend="open it again")
        return self._store

    @cached_property
    def triples(self) -> int:
        """The number of triples, counted once in each graph that holds them."""
        try:
            return len(self.oxigraph)
        except (OSError, RuntimeError) as error:
            raise _failure(str(error)) from error

    def graphs(self) -> dict[str, int]:
        """The named graphs and their numbers of triples, by name."""
        counts = {
            graph.value: sum(1 for _ in self.oxigraph.quads_for_pattern(None, None, None, graph))
            for graph in self.oxigraph.named_graphs()
        }
        return dict(sorted(counts.items()))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """The quads of one named graph, or all."""
        return self.oxigraph.quads_for_pattern(None, None, None, ox.NamedNode(graph) if graph else None)

    def close(self) -> None:
        """Let go of the files; the store cannot be queried afterwards."""
        self._store = self._copy = None

    def _reader(self) -> ox.Store:
        """The engine to answer from: the files, or, once it pays, a copy of them in memory.

        Memory answers some three times faster, but copying takes a while. So a store is copied when
        answering from disk has taken as long as the copy will: one question never waits for it, and a
        session of many is never much slower than with the copy from the start.
        """
        if self._copy is None and self.path is not None and self._seconds > self.triples / _COPY_RATE:
            self._seconds = float("-inf")  # decided once, either way
            if self.triples <= _MEMORY_LIMIT:
                self._copy = ox.Store()
                self._copy.bulk_extend(self.quads())
        return self.oxigraph if self._copy is None else self._copy

    def __enter__(self) -> EmbeddedStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def query(
        self,
        text: str,
        *,
        stated_only: bool = False,
        timeout: float | None = None,
        max_rows: int | None = None,
        name: str = "<query>",
        max_memory: int | None = None,
    ) -> Answer:
        """Answer one query; see :meth:`lithiokg.store.Store.query`.

        With ``timeout`` or ``max_memory`` the query runs in a child process that is killed when it meets
        a limit; without them, in this process, where nothing can stop it. A query that calls another host
        always has a limit (:data:`SERVICE_TIMEOUT`), for that host may never answer.

        Args:
            text: a SPARQL 1.1 query.
            stated_only: leave out what was derived.
            timeout: wall-clock seconds.
            max_rows: cut the answer after so many rows or triples.
            name: what the text is called in messages.
            max_memory: bytes that the child may allocate (2 GiB unless given).

        Returns:
            A table, a truth value or triples, by the form of the query.

        Raises:
            QueryError: if the query does not parse, or is refused.
            TimeLimitError: if the time limit is met.
            LithioKGError: if the memory limit is met or the store fails.
        """
        check_limits(timeout, max_rows)
        as_written, calls_out = examine(text, name=name, allow_hosts=self.allow_hosts)
        request: worker.Request = {
            "query": text,
            "as_written": as_written,
            "graphs": self._stated_graphs() if stated_only and not as_written else None,
            "max_rows": max_rows,
        }
        if timeout is None and max_memory is None and not calls_out:
            return self._query_here(request, name)
        try:
            payload = run_limited(
                self.oxigraph,
                self.path,
                request,
                timeout=timeout or (SERVICE_TIMEOUT if calls_out else None),
                max_memory=max_memory or DEFAULT_MEMORY,
            )
        except TimeLimitError as error:
            raise (_slow_host(text, error) if calls_out else error) from None
        return _decode(payload, text, name)

    def _stated_graphs(self) -> list[str]:
        names = (graph.value for graph in self.oxigraph.named_graphs())
        return sorted(name for name in names if name not in DERIVED_GRAPHS)

    def _query_here(self, request: worker.Request, name: str) -> Answer:
        begin = time.perf_counter()
        try:
            return self._evaluate(self._reader(), request, name)
        finally:
            self._seconds += time.perf_counter() - begin

    @staticmethod
    def _evaluate(reader: ox.Store, request: worker.Request, name: str) -> Answer:
        max_rows = request["max_rows"]
        try:
            result = worker.evaluate(reader, request)
            if isinstance(result, ox.QueryBoolean):
                return bool(result)
            if isinstance(result, ox.QueryTriples):
                return list(result if max_rows is None else islice(result, max_rows))
            variables = [variable.value for variable in result.variables]
            if max_rows is None:
                return Table(variables, result)
            rows = list(islice(result, max_rows))
            return Table(variables, rows, truncated=next(result, None) is not None)
        except SyntaxError as error:
            raise syntax_error(request["query"], str(error), name) from None
        except (OSError, RuntimeError, ValueError) as error:
            raise _failure(str(error)) from error


def _failure(message: str) -> LithioKGError:
    if "Corruption" in message:
        return LithioKGError(
            f"a file of the store is damaged: {message}",
            mend="build the snapshot again: lithiokg build --force",
        )
    return LithioKGError(f"the query failed: {message}")


def _slow_host(text: str, error: TimeLimitError) -> TimeLimitError:
    hosts = ", ".join(sorted(service_hosts(text))) or "another host"
    return TimeLimitError(
        f"{error.message}; it calls {hosts}",
        mend="that host may be slow: give it more time (timeout), or ask it for less",
    )


def _decode(payload: bytes, text: str, name: str) -> Answer:
    kind, body = payload[:1], payload[1:]
    if kind == worker.SYNTAX:
        raise syntax_error(text, body.decode(), name)
    if kind == worker.FAILURE:
        message = body.decode()
        raise (service_failure(text, message) if service_hosts(text) else _failure(message))
    if kind == worker.BOOLEAN:
        return body == b"1"
    if kind == worker.TRIPLES:
        return [quad.triple for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES)]
    return Table.from_tsv(body, truncated=kind == worker.TRUNCATED)
