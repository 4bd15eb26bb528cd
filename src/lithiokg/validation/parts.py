"""Validate a large store part by part: in memory that a part needs, several parts side by side.

A part is some records with what rules look at around them (:mod:`~lithiokg.validation.gathering`); only
findings about the records themselves count. A record is always in one part with those nested in it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.sources import find_sources
from lithiokg.store.worker import end_with_parent
from lithiokg.validation.gathering import Reader
from lithiokg.validation.places import StoredPlaces
from lithiokg.validation.report import Finding, Report
from lithiokg.validation.run import find, is_left_out
from lithiokg.validation.shapes import read_shapes
from lithiokg.vocabulary import GRAPH, ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future
    from pathlib import Path

    from lithiokg.sources import Sources
    from lithiokg.validation.places import PlaceLookup
    from lithiokg.validation.shapes import Shapes

__all__ = ["PART_SIZE", "validate_added", "validate_in_parts", "validate_on_disk"]

#: Statements about the records of a part. What lies around them is little beside that.
PART_SIZE = 150_000
_ASSERTED = GRAPH + "asserted/"
_ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
_Nodes = list[ox.NamedNode]


def validate_in_parts(
    store: ox.Store,
    *,
    shapes: Shapes | None = None,
    sources: Sources | None = None,
    places: PlaceLookup | None = None,
    size: int = PART_SIZE,
) -> Report:
    """Check a store part after part; finds what :func:`~lithiokg.validation.validate` finds on the whole.

    Args:
        store: the stated graph, normalized quantities and ontology included, in named graphs. Graphs of
            derived triples, provenance, saved questions and mappings are passed over.
        shapes: the shapes; by default those of the sources.
        sources: where ``ontology/shapes`` is; by default found as :func:`lithiokg.sources.find_sources` does.
        places: where nodes are written (as the store itself tells, unless given).
        size: statements about the records of a part.

    Raises:
        SourceError: if the shapes cannot be read.
    """
    checker = _Checker.of(
        store, shapes or read_shapes((sources or find_sources()).ontology / "shapes"), places
    )
    return Report(finding for nodes in _parts(store, size) for finding in checker.check(nodes))


def validate_added(
    store: ox.Store,
    added: Iterable[ox.Quad],
    *,
    shapes: Shapes | None = None,
    sources: Sources | None = None,
    places: PlaceLookup | None = None,
) -> Report:
    """Check statements that are to join a store which keeps the rules, and what they touch in it.

    The time depends on what is added, not on what is there.

    Args:
        store: the stated graph, as for :func:`validate_in_parts`; it is only read.
        added: more statements, each in its named graph; not those of the ontology.
        shapes: the shapes; by default those of the sources.
        sources: where ``ontology/shapes`` is.
        places: where nodes are written (as the store itself tells, unless given).

    Raises:
        SourceError: if the shapes cannot be read.
    """
    rules = shapes or read_shapes((sources or find_sources()).ontology / "shapes")
    new = [quad for quad in added if not is_left_out(quad.graph_name)]
    reader = Reader(store, rules, new)
    checker = _Checker(reader, rules, places or StoredPlaces(store))
    records = {quad.subject for quad in new if isinstance(quad.subject, ox.NamedNode)}
    return Report(checker.check([*records, *reader.near(records)]))


def validate_on_disk(
    path: Path,
    *,
    sources: Sources,
    size: int = PART_SIZE,
    processes: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Report:
    """The same as :func:`validate_in_parts` for a store on disk, several parts side by side.

    Args:
        path: the folder of the store. It is only read, and nobody may write to it meanwhile.
        sources: where ``ontology/shapes`` is.
        size: statements about the records of a part.
        processes: how many work at a time; as many as there are processors unless given.
        told: told what happens, in words.

    Raises:
        SourceError: if the shapes cannot be read.
    """
    store = ox.Store.read_only(str(path))
    processes = processes or os.cpu_count() or 1
    shapes = read_shapes(sources.ontology / "shapes")
    if processes == 1 or sum(1 for _ in islice(store, size)) < size:
        return validate_in_parts(store, shapes=shapes, size=size)
    findings: list[Finding] = []
    # A fresh interpreter: the engine has threads of its own, which a forked process would lack.
    with ProcessPoolExecutor(
        processes,
        multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(path, shapes, os.getpid()),
    ) as pool:
        remaining = enumerate(_parts(store, size), 1)
        pending: deque[tuple[int, int, Future[list[Finding]]]] = deque()
        try:
            while True:
                for number, nodes in islice(remaining, 2 * processes - len(pending)):
                    pending.append((number, len(nodes), pool.submit(_check, [node.value for node in nodes])))
                if not pending:
                    break
                number, records, result = pending.popleft()
                found = result.result()
                findings += found
                told(f"part {number}: {records:,} records, {len(found):,} findings")
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return Report(findings)


@dataclass(frozen=True, slots=True)
class _Checker:
    """Checks records of a store."""

    reader: Reader
    shapes: Shapes
    places: PlaceLookup

    @classmethod
    def of(cls, store: ox.Store, shapes: Shapes, places: PlaceLookup | None = None) -> _Checker:
        return cls(Reader(store, shapes), shapes, places or StoredPlaces(store))

    def check(self, nodes: Iterable[ox.NamedNode]) -> list[Finding]:
        gathered = self.reader.gather(nodes)
        triples = gathered.triples | self.reader.ontology
        return list(find(triples, self.shapes, nodes=gathered.nodes, places=self.places))


def _parts(store: ox.Store, size: int) -> Iterator[_Nodes]:
    """The records of a store, source by source in the order of their names, and before them the terms."""
    part: _Nodes = sorted(_subjects(store, _ONTOLOGY), key=str)
    statements = 0
    named = (graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode))
    graphs = sorted((graph for graph in named if not is_left_out(graph) and graph != _ONTOLOGY), key=str)
    for graph in graphs:
        subjects = _subjects(store, graph)
        if not graph.value.startswith(_ASSERTED):
            # What was computed is about records that some source states.
            subjects = {node: count for node, count in subjects.items() if not _is_asserted(store, node)}
        for _, group in groupby(sorted(subjects, key=str), key=_root):
            members = list(group)
            part += members
            statements += sum(subjects[node] for node in members)
            if statements >= size:
                yield part
                part, statements = [], 0
    if part:
        yield part


def _subjects(store: ox.Store, graph: ox.NamedNode) -> dict[ox.NamedNode, int]:
    """What a graph states something of, and how much."""
    found: dict[ox.NamedNode, int] = {}
    for quad in store.quads_for_pattern(None, None, None, graph):
        if isinstance(quad.subject, ox.NamedNode):
            found[quad.subject] = found.get(quad.subject, 0) + 1
    return found


def _is_asserted(store: ox.Store, node: ox.NamedNode) -> bool:
    return any(
        isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(_ASSERTED)
        for quad in store.quads_for_pattern(node, None, None, None)
    )


def _root(node: ox.NamedNode) -> str:
    """The IRI of the record in which a record is nested, or its own: ``.../id/design/zno``."""
    if not node.value.startswith(ID):
        return node.value
    return ID + "/".join(node.value[len(ID) :].split("/")[:2])


# What follows runs in the other processes.

_checkers: list[_Checker] = []


def _begin(path: Path, shapes: Shapes, parent: int) -> None:
    end_with_parent(parent)
    _checkers.append(_Checker.of(ox.Store.read_only(str(path)), shapes))
    # Looking for circles all the while takes a tenth of the time; once a part is enough, and needed: each leaves
    # half a million objects in circles.
    gc.disable()
    gc.freeze()


def _check(nodes: list[str]) -> list[Finding]:
    try:
        return _checkers[0].check(map(ox.NamedNode, nodes))
    finally:
        gc.collect()
