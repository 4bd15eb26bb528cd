"""LithioKG and rdflib on an enlargement of the graph."""

from __future__ import annotations

import json
import os
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore
from measuring import Spread, interleaved, run_process
from warm import read

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lithiokg.build import Snapshot
    from lithiokg.sources import Sources

__all__ = ["Enlarged", "Large", "measure_large"]

_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Large:
    """One question on the enlargement, in milliseconds; rdflib's median is a lower bound if ``stopped``."""

    name: str
    rows: int
    disk: Spread
    memory: Spread
    rdflib: float
    rdflib_rows: int
    stopped: bool

    @property
    def ratio_disk(self) -> float:
        """How many times as long rdflib takes as we do from disk (at least, if stopped)."""
        return self.rdflib / self.disk.median

    @property
    def ratio_memory(self) -> float:
        """The same with the store copied into memory, where rdflib has its own."""
        return self.rdflib / self.memory.median


@dataclass(frozen=True, slots=True)
class Enlarged:
    """The figures of :mod:`enlarge` and :mod:`rdflib_side`, and the questions."""

    figures: Mapping[str, float]
    rdflib: Mapping[str, Any]
    questions: Sequence[Large]
    limit: float


def measure_large(
    snapshot: Snapshot,
    sources: Sources,
    names: Sequence[str],
    *,
    triples: int,
    limit: float,
    runs: int,
    scratch: Path,
) -> Enlarged:
    """Enlarge the snapshot, then ask both engines.

    Args:
        snapshot: the shipped graph.
        sources: where its questions are.
        names: the questions to ask.
        triples: how many in all.
        limit: seconds after which rdflib is stopped.
        runs: how often LithioKG is asked at least.
        scratch: a folder for the enlarged store.
    """
    environment = dict(os.environ)
    enlarging = [sys.executable, str(_HERE / "enlarge.py"), str(snapshot.store), str(triples), str(scratch)]
    figures = json.loads(run_process(enlarging, environment).output)
    disk = EmbeddedStore(scratch / "store")
    graph = KnowledgeGraph(disk, sources)
    memory = KnowledgeGraph(EmbeddedStore.in_memory(disk.quads()), sources)
    texts = [(name, graph.question(name).text) for name in names]
    asking = [sys.executable, str(_HERE / "rdflib_side.py"), str(scratch / "facts.nq"), str(limit)]
    answered = json.loads(run_process(asking, environment, given=json.dumps(texts)).output)
    questions = [
        _compare(graph, memory, name, answered["answers"][name], limit=limit, runs=runs) for name in names
    ]
    return Enlarged(figures, answered, questions, limit)


def _compare(
    disk: KnowledgeGraph,
    memory: KnowledgeGraph,
    name: str,
    answer: tuple[list[float], int],
    *,
    limit: float,
    runs: int,
) -> Large:
    rows = len(disk.ask(name))
    ours = interleaved(lambda: read(disk.ask(name)), lambda: read(memory.ask(name)), runs=runs)
    times, rdflib_rows = answer
    taken = statistics.median(times) if times else 1e3 * limit
    return Large(name, rows, ours[0], ours[1], taken, rdflib_rows, stopped=not times)
