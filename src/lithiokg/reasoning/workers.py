"""Processes that derive parts of a store on disk side by side."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.gathering import Reader
from lithiokg.reasoning.parts import Part, PartRunner
from lithiokg.store.worker import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from lithiokg.reasoning.cutting import Cut
    from lithiokg.reasoning.gathering import Individual
    from lithiokg.reasoning.rules import RuleSet

__all__ = ["Workers"]

#: Seeds that a process gets at first; later as many as fill a part, going by the last one.
_CHUNK = 200
#: A part, and its conclusions as N-Triples: triples themselves take longer on the way than to derive.
_Packed = tuple[Part, bytes]


class Workers(PartRunner):
    """Runs the rules on parts in processes of their own; to be used in a ``with`` statement.

    Args:
        path: the folder of the store. Nobody may write to it meanwhile.
        rules: the compiled ontology.
        cut: what parts must hold.
        distinct: classes whose individuals all differ from each other.
        processes: how many.
    """

    def __init__(
        self, path: Path, rules: RuleSet, cut: Cut, *, distinct: tuple[str, ...], processes: int
    ) -> None:
        super().__init__(_reader(path, rules, cut, distinct))
        self._ahead = 2 * processes
        # A fresh interpreter: the engine has threads of its own, which a forked process would lack.
        self._pool = ProcessPoolExecutor(
            processes,
            multiprocessing.get_context("spawn"),
            initializer=_begin,
            initargs=(path, rules, cut, distinct, os.getpid()),
        )

    def __enter__(self) -> Workers:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def run(
        self,
        seeds: Iterable[Individual],
        *,
        known: Mapping[Individual, int] | None = None,
        limit: int | None = None,
    ) -> Part:
        """See :meth:`PartRunner.run`."""
        return _unpacked(self._pool.submit(_run, tuple(seeds), dict(known or {}), limit).result())

    def run_all(self, seeds: Iterable[Individual], *, limit: int) -> Iterator[Part]:
        """See :meth:`PartRunner.run_all`; the parts come in the order of the seeds."""
        remaining = iter(seeds)
        pending: deque[Future[list[_Packed]]] = deque()
        size = _CHUNK
        while True:
            while len(pending) < self._ahead and (chunk := tuple(islice(remaining, size))):
                pending.append(self._pool.submit(_run_all, chunk, limit))
            if not pending:
                return
            for part in map(_unpacked, pending.popleft().result()):
                size = max(_CHUNK, limit * len(part.seeds) // part.statements)
                yield part


def _reader(path: Path, rules: RuleSet, cut: Cut, distinct: tuple[str, ...]) -> Reader:
    return Reader(ox.Store.read_only(str(path)), rules, cut, distinct=distinct)


def _packed(part: Part) -> _Packed:
    return replace(part, conclusions=()), ox.serialize(part.conclusions, format=ox.RdfFormat.N_TRIPLES) or b""


def _unpacked(packed: _Packed) -> Part:
    part, conclusions = packed
    found = ox.parse(conclusions, format=ox.RdfFormat.N_TRIPLES)
    return replace(part, conclusions=tuple(quad.triple for quad in found))


# What follows runs in the other processes.

_runners: list[PartRunner] = []


def _begin(path: Path, rules: RuleSet, cut: Cut, distinct: tuple[str, ...], parent: int) -> None:
    end_with_parent(parent)
    # Nothing here goes in circles, and looking for circles takes a twelfth of the time.
    gc.disable()
    _runners.append(PartRunner(_reader(path, rules, cut, distinct)))


def _run(seeds: tuple[Individual, ...], known: dict[Individual, int], limit: int | None) -> _Packed:
    return _packed(_runners[0].run(seeds, known=known, limit=limit))


def _run_all(seeds: tuple[Individual, ...], limit: int) -> list[_Packed]:
    # The estimate was made elsewhere: better one part that is somewhat large than a second that is tiny.
    return [_packed(part) for part in _runners[0].run_all(seeds, limit=2 * limit)]
