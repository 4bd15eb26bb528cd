"""One size of the growth curve, each step in a process of its own: ``python benchmarks/growth.py STEP ...``.

* ``make SNAPSHOT_STORE DESIGNS FOLDER`` writes a store on disk: the shipped statements and synthetic designs;
* ``derive FOLDER PROCESSES`` derives it in parts and writes the conclusions as N-Quads;
* ``whole FOLDER`` derives it in one piece, in memory, and compares;
* ``add SNAPSHOT_STORE DESIGNS FOLDER`` loads the conclusions and derives some more designs, one after the other.

Each prints its figures as JSON.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.conformance.synthetic import DESIGNS_IN_A_SOURCE, Catalogue, synthetic_designs
from lithiokg.reasoning import derive_added, derive_on_disk, load_rules, run_rules
from lithiokg.sources import find_sources
from lithiokg.store import DERIVED_GRAPHS
from lithiokg.vocabulary import GRAPH
from measuring import peak_memory

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["main"]

#: Designs that are written and loaded at once; about 300 statements each.
_BATCH = 5_000
#: Conclusions that are written at once.
_LINES = 200_000
#: Designs that are added to what is there; the first brings a new source along.
_ADDED = 6
_INFERRED = ox.NamedNode(GRAPH + "inferred")


def _stated(store: ox.Store) -> Iterator[ox.Quad]:
    return (quad for quad in store if str(quad.graph_name)[1:-1] not in DERIVED_GRAPHS)


def make(snapshot: str, designs: int, folder: Path) -> dict[str, float]:
    """Write the statements to a store on disk."""
    start = time.perf_counter()
    shipped = ox.Store.read_only(snapshot)
    store = ox.Store(str(folder / "store"))
    store.bulk_extend(_stated(shipped))
    made = synthetic_designs(Catalogue.of(shipped))
    file = folder / "statements.nq"
    for begin in range(0, designs, _BATCH):
        quads = (quad for design in islice(made, min(_BATCH, designs - begin)) for quad in design)
        ox.serialize(quads, str(file), format=ox.RdfFormat.N_QUADS)
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
    file.unlink()
    store.optimize()
    return {"statements": len(store), "seconds": time.perf_counter() - start}


def derive(folder: Path, processes: int) -> dict[str, float]:
    """Derive in parts, and write what follows as it comes."""
    rules = load_rules(find_sources().ontology)
    told: list[str] = []

    def progress(line: str) -> None:
        told.append(line)
        print(f"    {time.perf_counter() - start:8.1f} s  {line}", file=sys.stderr, flush=True)

    start = time.perf_counter()
    found = derive_on_disk(folder / "store", rules, processes=processes, told=progress)
    for number in count():
        several = list(islice(found, _LINES))
        if not several:
            break
        ox.serialize(several, str(folder / f"conclusions-{number}.nq"), format=ox.RdfFormat.N_QUADS)
    wall = time.perf_counter() - start
    own, workers = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return {
        "seconds": wall,
        "cpu": own.ru_utime + own.ru_stime + workers.ru_utime + workers.ru_stime,
        "parts": sum("again" not in line for line in told) - sum("again" in line for line in told),
        "again": sum("again" in line for line in told),
        "memory": peak_memory(),
        "worker": workers.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        "load": os.getloadavg()[0],
    }


def whole(folder: Path) -> dict[str, float]:
    """Derive in one piece, in memory; and compare with the conclusions of the parts."""
    rules = load_rules(find_sources().ontology)
    store = ox.Store()
    store.bulk_extend(ox.Store.read_only(str(folder / "store")))
    start = time.perf_counter()
    conclusions = set(run_rules(store, rules).quads())
    seconds = time.perf_counter() - start
    memory = peak_memory()
    parts = {quad for file in folder.glob("conclusions-*.nq") for quad in ox.parse(path=str(file))}
    return {"seconds": seconds, "memory": memory, "differing": len(conclusions ^ parts)}


def add(snapshot: str, designs: int, folder: Path) -> dict[str, object]:
    """Load the conclusions, and derive one more design after the other."""
    rules = load_rules(find_sources().ontology)
    store = ox.Store(str(folder / "store"))
    catalogue = Catalogue.of(ox.Store.read_only(snapshot))
    start = time.perf_counter()
    for file in sorted(folder.glob("conclusions-*.nq")):
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        file.unlink()
    loaded = time.perf_counter() - start
    answer = store.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH {_INFERRED} {{ ?x ?p ?y }} }}")
    assert isinstance(answer, ox.QuerySolutions)
    inferred = int(next(answer)["n"].value)
    further = synthetic_designs(catalogue, first_source=designs // DESIGNS_IN_A_SOURCE + 2)
    times, read, own, new, anew = [], [], [], [], 0
    for design in islice(further, _ADDED):
        start = time.perf_counter()
        addition = derive_added(store, rules, design)
        times.append(1e3 * (time.perf_counter() - start))
        read.append(addition.statements)
        own.append(len(design))
        new.append(len(addition.conclusions))
        anew += bool(addition.whole)
        store.extend([*design, *addition.conclusions])
    return {
        "load": loaded,
        "inferred": inferred,
        "times": times,
        "read": read,
        "own": own,
        "new": new,
        "anew": anew,
    }


def main(arguments: list[str]) -> None:
    """Command line: see the top."""
    step, *rest = arguments
    figures: object
    if step == "make":
        figures = make(rest[0], int(rest[1]), Path(rest[2]))
    elif step == "derive":
        figures = derive(Path(rest[0]), int(rest[1]))
    elif step == "whole":
        figures = whole(Path(rest[0]))
    else:
        figures = add(rest[0], int(rest[1]), Path(rest[2]))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
