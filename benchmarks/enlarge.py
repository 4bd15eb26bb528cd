"""An enlargement of the shipped graph: its statements, synthetic ones, and what follows from both.

Run in a process of its own (``python benchmarks/enlarge.py SNAPSHOT_STORE TRIPLES FOLDER``), so that the memory
it reports is its own. Writes ``store`` and ``facts.nq`` into the folder and the figures as JSON to standard
output.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.conformance.synthetic import Catalogue, synthetic
from lithiokg.reasoning import derive
from lithiokg.sources import find_sources
from lithiokg.store import DERIVED_GRAPHS, write_store
from lithiokg.validation import validate
from lithiokg.vocabulary import GRAPH
from measuring import peak_memory

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["enlarge"]

SAMPLE = 2_000


def enlarge(snapshot: ox.Store, triples: int, folder: Path) -> dict[str, float]:
    """Enlarge a snapshot to about so many triples in all, conclusions included.

    A sample of the synthetic facts is validated and derived first; it also tells how much follows from them.
    """
    sources = find_sources()
    catalogue = Catalogue.of(snapshot)
    stated = [quad for quad in snapshot if _graph(quad) not in DERIVED_GRAPHS]
    sample = list(synthetic(catalogue, SAMPLE))
    report = validate([*stated, *sample], sources=sources)
    shipped = len(snapshot)
    derived = derive([*stated, *sample], sources=sources)
    growth = (len(sample) + len(stated) + len(derived.inferred) + len(derived.closures) - shipped) / len(
        sample
    )
    wanted = max(SAMPLE, int((triples - shipped) / growth))

    start = time.perf_counter()
    facts = list(synthetic(catalogue, wanted))
    generated = time.perf_counter()
    everything = [*stated, *facts]
    begin = time.perf_counter()
    derived = derive(everything, sources=sources)
    reasoned = time.perf_counter()
    everything += [*derived.inferred, *derived.closures]
    total = write_store(folder / "store", everything)
    written = time.perf_counter()
    ox.serialize(everything, str(folder / "facts.nq"), format=ox.RdfFormat.N_QUADS)
    return {
        "sample": len(sample),
        "violations": len(report.errors),
        "shipped": shipped,
        "synthetic": len(facts),
        "premises": len(stated) + len(facts),
        "derived": len(derived.inferred) + len(derived.closures),
        "total": total,
        "generate": generated - start,
        "derive": reasoned - begin,
        "write": written - reasoned,
        "load": _load(folder),
        "peak": peak_memory(),
    }


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else GRAPH


def _load(folder: Path) -> float:
    """Seconds in which the engine loads the same facts from N-Quads into memory."""
    store = ox.Store()
    start = time.perf_counter()
    store.bulk_load(path=str(folder / "facts.nq"), format=ox.RdfFormat.N_QUADS)
    return time.perf_counter() - start


def main(arguments: Iterable[str]) -> None:
    """Command line: the store of a snapshot, a number of triples, a folder to write to."""
    snapshot, triples, folder = arguments
    figures = enlarge(ox.Store.read_only(snapshot), int(triples), Path(folder))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
