"""Measure LithioKG and write ``benchmarks/REPORT.md``: ``python benchmarks/run.py [--quick] [--triples N]``."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from large import measure_large
from lithiokg.graph import KnowledgeGraph, open_graph
from lithiokg.sources import FOLDERS, find_sources
from lithiokg.store import EmbeddedStore
from measuring import machine
from processes import measure_build, measure_commands
from report import write_report
from scale_report import GROWTH
from warm import measure_warm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pyoxigraph as ox

__all__ = ["main"]

#: The question that whole processes are measured with.
QUESTION = "interfacial-resistance-before-and-after"
#: With --quick, every so-manieth question goes to rdflib.
_QUICK_STEP = 6


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure LithioKG and write benchmarks/REPORT.md.")
    parser.add_argument(
        "--quick", action="store_true", help="fewer runs and questions, a smaller enlargement"
    )
    parser.add_argument("--triples", type=int, help="size of the enlargement (100000; quick: 50000)")
    parser.add_argument("--rdflib-limit", type=float, help="seconds for each rdflib question (5; quick: 2)")
    parser.add_argument("--report", type=Path, default=Path(__file__).with_name("REPORT.md"))
    options = parser.parse_args(arguments)
    options.triples = options.triples or (50_000 if options.quick else 100_000)
    options.rdflib_limit = options.rdflib_limit or (2.0 if options.quick else 5.0)
    return options


def _isolate(scratch: Path) -> None:
    """Copy the sources and use a cache of our own, here and in every child."""
    sources = find_sources()
    for folder in FOLDERS:
        shutil.copytree(sources.root / folder, scratch / "sources" / folder)
    os.environ["LITHIOKG_SOURCES"] = str(scratch / "sources")
    os.environ["LITHIOKG_CACHE"] = str(scratch / "cache")


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _quads(graph: KnowledgeGraph) -> Iterator[ox.Quad]:
    assert isinstance(graph.store, EmbeddedStore)
    return graph.store.quads()


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything in one run, print the report and write it."""
    options = _options(arguments)
    runs = 5 if options.quick else 15
    with tempfile.TemporaryDirectory(prefix="lithiokg-benchmarks-") as folder:
        scratch = Path(folder)
        _isolate(scratch)
        _say("building")
        build = measure_build(scratch / "cache", scratch, runs=1 if options.quick else 3)
        with open_graph() as graph:
            assert graph.snapshot is not None
            names = [name for name, question in graph.questions().items() if not question.endpoints]
            chosen = names[::_QUICK_STEP] if options.quick else names
            _say("whole processes")
            commands = measure_commands(QUESTION, chosen, runs=runs)
            _say(f"{len(names)} warm questions")
            warm = measure_warm(graph, names, runs=runs)
            copied = KnowledgeGraph(EmbeddedStore.in_memory(_quads(graph)), graph.sources)
            memory = measure_warm(copied, names, runs=runs)
            _say(
                f"the enlargement, {len(chosen)} questions, at most {options.rdflib_limit:g} s each in rdflib"
            )
            large = measure_large(
                graph.snapshot,
                graph.sources,
                chosen,
                triples=options.triples,
                limit=options.rdflib_limit,
                runs=runs,
                scratch=scratch,
            )
    report = write_report(
        command="python benchmarks/run.py"
        + "".join(f" {argument}" for argument in arguments or sys.argv[1:]),
        machine=machine(),
        commands=commands,
        question=QUESTION,
        build=build,
        warm=warm,
        memory=memory,
        large=large,
    )
    before = options.report.read_text(encoding="utf-8") if options.report.exists() else ""
    growth = "".join(before.partition(GROWTH)[1:])  # of another run: benchmarks/scale.py
    options.report.write_text(report.rstrip() + "\n" + growth if growth else report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
