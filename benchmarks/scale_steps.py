"""One size of the growth curve, each step in a process of its own: ``python benchmarks/scale_steps.py STEP ...``.

* ``make SNAPSHOT_STORE TRIPLES FOLDER`` writes ``facts.nq``: the shipped statements and synthetic designs;
* ``load FOLDER`` does what ``lithiokg load`` does with it: bulk load, validation, derivation, and an answer to each
  saved question;
* ``ask FOLDER LIMIT RUNS`` asks each question, read as JSON from standard input, three times: of LithioKG as its users
  do, of its store without the kept answers, and of the bare engine, each in a fork that is killed at the limit;
* ``add SNAPSHOT_STORE FOLDER`` adds a few designs of a new source to what was loaded.

Each prints its figures as JSON.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import time
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

import lithiokg
from lithiokg.build import Snapshot, add_to_snapshot, load_snapshot, loaded_snapshot
from lithiokg.conformance.synthetic import Catalogue, synthetic_designs
from lithiokg.graph import keep_answers
from lithiokg.sources import find_sources
from lithiokg.store import DERIVED_GRAPHS, EmbeddedStore
from lithiokg.store.guard import has_dataset_clause
from lithiokg.vocabulary import GRAPH
from measuring import peak_memory
from warm import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection

__all__ = ["main"]

#: Statements and conclusions of a synthetic design, on average; found by making some.
TRIPLES_OF_A_DESIGN = 362
#: Designs that are added to what was loaded, from a source that is not there yet.
ADDED = 6
_FAR = 1_000_000
#: A saved question: its name and its text.
Saved: TypeAlias = "tuple[str, str]"
_NOTHING = "ASK { ?nothing <urn:example:nothing> ?nowhere }"
_MADE = tuple(GRAPH + name for name in ("ontology", "questions", "void", "mappings/"))


def _stated(store: ox.Store) -> Iterator[ox.Quad]:
    for quad in store:
        name = str(quad.graph_name)[1:-1]
        if name not in DERIVED_GRAPHS and not name.startswith(_MADE):
            yield quad


def make(snapshot: str, triples: int, folder: Path) -> dict[str, float]:
    """Write the facts, one source after the other."""
    start = time.perf_counter()
    shipped = ox.Store.read_only(snapshot)
    designs = max(0, round((triples - len(shipped)) / TRIPLES_OF_A_DESIGN))
    counts = {"statements": 0, "observations": 0}
    observed = ox.NamedNode("https://w3id.org/lithiokg/observedProperty")

    def everything() -> Iterator[ox.Quad]:
        made = islice(synthetic_designs(Catalogue.of(shipped)), designs)
        for quads in chain([_stated(shipped)], made):
            for quad in quads:
                counts["statements"] += 1
                counts["observations"] += quad.predicate == observed
                yield quad

    ox.serialize(everything(), str(folder / "facts.nq"), format=ox.RdfFormat.N_QUADS)
    seconds = time.perf_counter() - start
    return {**counts, "designs": designs, "seconds": seconds, "bytes": (folder / "facts.nq").stat().st_size}


def load(folder: Path) -> dict[str, object]:
    """Load, validate and derive."""
    start = time.perf_counter()

    def stage(words: str) -> None:
        print(f"    {time.perf_counter() - start:8.1f} s  {words}", file=sys.stderr, flush=True)

    done = load_snapshot([folder / "facts.nq"], folder / "loaded", sources=find_sources(), stage=stage)
    store = done.snapshot.store
    wall = time.perf_counter() - start
    answers = _answers(folder, stage)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": done.seconds,
        "wall": wall,
        "statements": done.statements,
        "conclusions": done.conclusions,
        "findings": len(done.report.findings),
        "triples": sum(done.snapshot.graphs.values()),
        "disk": sum(path.stat().st_size for path in store.iterdir()),
        "memory": peak_memory(),
        "worker": workers / (2**20 if sys.platform == "darwin" else 2**10),
        "answers": answers,
    }


def _answers(folder: Path, stage: Callable[[str], None]) -> dict[str, float]:
    """Answer the saved questions once, as the last thing that ``lithiokg load`` does."""
    start = time.perf_counter()
    with lithiokg.open(snapshot=folder / "loaded") as graph:
        assert graph.kept is not None  # it is of a snapshot
        done = keep_answers(graph, told=stage)
        return {
            "seconds": time.perf_counter() - start,
            "answered": sum(error is None for error in done.values()),
            "asked": len(done),
            "disk": sum(path.stat().st_size for path in graph.kept.folder.glob("*.tsv")),
        }


def add(snapshot: str, folder: Path) -> dict[str, object]:
    """Add some designs, and see that everything else stays."""
    made = synthetic_designs(Catalogue.of(ox.Store.read_only(snapshot)), first_source=_FAR)
    file = folder / "more.nq"
    ox.serialize(
        [quad for design in islice(made, ADDED) for quad in design], str(file), format=ox.RdfFormat.N_QUADS
    )
    start = time.perf_counter()
    done = add_to_snapshot([file], folder / "loaded", sources=find_sources())
    return {
        "wall": time.perf_counter() - start,
        "seconds": done.seconds,
        "statements": done.statements,
        "conclusions": done.conclusions,
        "memory": peak_memory(),
    }


def ask(folder: Path, limit: float, runs: int) -> dict[str, object]:
    """Ask every question; milliseconds of the runs that ended within the limit, and the number of values."""
    path = loaded_snapshot(folder / "loaded").store
    answers: dict[str, object] = {}
    for number, (name, text) in enumerate(json.load(sys.stdin)):
        # In turn, for whoever comes first finds the files cold.
        first = number % len(_WAYS)
        ways = [*_WAYS.items()][first:] + [*_WAYS.items()][:first]
        found = {who: _limited(how, path, (name, text), limit, runs) for who, how in ways}
        answers[name] = found
        print(f"    {name} {[each['ms'] for each in found.values()]}", file=sys.stderr, flush=True)
    return answers


def _asked(path: Path, question: Saved) -> Callable[[], int]:
    graph = lithiokg.open(snapshot=path.parent)
    saved = graph.question(question[0])
    graph.store.query(_NOTHING)  # what a process imports once is not what a question takes
    return lambda: read(graph.answer(saved).table)


def _evaluated(path: Path, question: Saved) -> Callable[[], int]:
    text = question[1]
    graphs = Snapshot(path.parent, path.parent.name).graphs
    store = EmbeddedStore(path, triples=sum(graphs.values()))
    store.query(_NOTHING)
    return lambda: read(store.query(text))  # type: ignore[arg-type]


def _bare(path: Path, question: Saved) -> Callable[[], int]:
    text = question[1]
    store = ox.Store.read_only(str(path))
    union = not has_dataset_clause(text)
    store.query(_NOTHING)
    return lambda: read(store.query(text, use_default_graph_as_union=union))  # type: ignore[arg-type]


_WAYS = {"LithioKG": _asked, "LithioKG, evaluated": _evaluated, "pyoxigraph": _bare}


def _answer(
    how: Callable[[Path, Saved], Callable[[], int]],
    path: Path,
    question: Saved,
    runs: int,
    results: Connection,
) -> None:
    run = how(path, question)
    for _ in range(runs):
        start = time.perf_counter()
        rows = run()
        results.send((1e3 * (time.perf_counter() - start), rows))
    results.close()


def _limited(
    how: Callable[[Path, Saved], Callable[[], int]], path: Path, question: Saved, limit: float, runs: int
) -> dict[str, object]:
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(how, path, question, runs, sender))
    child.start()
    sender.close()
    deadline = time.monotonic() + limit
    times: list[float] = []
    rows = -1
    try:
        while len(times) < runs and receiver.poll(max(0.0, deadline - time.monotonic())):
            taken, rows = receiver.recv()
            times.append(taken)
    except EOFError:  # the child failed, and said why on standard error
        rows = -2
    finally:
        child.kill()
        child.join()
    return {"ms": times, "rows": rows}


def main(arguments: list[str]) -> None:
    """Command line: see the top."""
    step, *rest = arguments
    figures: object
    if step == "make":
        figures = make(rest[0], int(rest[1]), Path(rest[2]))
    elif step == "load":
        figures = load(Path(rest[0]))
    elif step == "add":
        figures = add(rest[0], Path(rest[1]))
    else:
        figures = ask(Path(rest[0]), float(rest[1]), int(rest[2]))
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
