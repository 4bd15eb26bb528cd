"""Measure how derivation grows, what one more design costs, and what other reasoners find.

``python benchmarks/derivation.py`` writes ``benchmarks/DERIVATION.md``; the full curve takes an hour or so, and
some 15 GB of disk: ``python benchmarks/derivation.py --designs 1000 3000 10000 30000 100000``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from derivation_report import Compared, Grown, write_report
from engines import ENGINES, prepare
from lithiokg.build import Cache, build_snapshot
from lithiokg.reasoning import compare, load_rules
from lithiokg.sources import find_sources
from measuring import machine, run_process

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.reasoning import RuleSet

__all__ = ["main"]

_HERE = Path(__file__).parent
#: Up to this many designs everything is also derived in one piece, and compared.
_IN_ONE_PIECE = 3_000


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure derivation and write benchmarks/DERIVATION.md.")
    parser.add_argument(
        "--designs", type=int, nargs="*", default=[1000, 3000], help="sizes of the growth curve"
    )
    parser.add_argument(
        "--compared",
        type=int,
        nargs="*",
        default=[1, 10, 30, 100, 1000],
        help="designs that every engine gets",
    )
    parser.add_argument("--limit", type=float, default=300.0, help="seconds for each engine (300)")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many derive side by side")
    parser.add_argument("--scratch", type=Path, help="where the stores are written (the temporary folder)")
    parser.add_argument("--report", type=Path, default=_HERE / "DERIVATION.md")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


def _step(*arguments: object) -> Any:
    """A step of :mod:`growth`, in a process of its own; what it says on the way goes on to standard error."""
    command = [sys.executable, str(_HERE / "growth.py"), *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def _grow(snapshot: Path, designs: int, processes: int, scratch: Path) -> Grown:
    folder = scratch / f"designs-{designs}"
    folder.mkdir()
    _say(f"{designs:,} designs: writing the statements")
    made = _step("make", snapshot, designs, folder)
    _say(f"{designs:,} designs: deriving")
    derived = _step("derive", folder, processes)
    whole = _step("whole", folder) if designs <= _IN_ONE_PIECE else None
    _say(f"{designs:,} designs: loading the conclusions, and adding designs")
    added = _step("add", snapshot, designs, folder)
    shutil.rmtree(folder)
    return Grown(designs, made, derived, whole, added)


def _compare(
    snapshot: Path, rules: RuleSet, sizes: Sequence[int], limit: float, scratch: Path
) -> list[Compared]:
    """Every engine on the same facts, from the smallest to the first that it does not finish."""
    shipped = ox.Store.read_only(str(snapshot))
    stopped: set[str] = set()
    found: list[Compared] = []
    for designs in sorted(sizes):
        folder = scratch / f"compared-{designs}"
        folder.mkdir()
        counts = prepare(shipped, rules, designs, folder)
        for engine in ENGINES:
            if engine in stopped:
                continue
            _say(f"{engine} on {designs:,} designs")
            command = [sys.executable, str(_HERE / "engines.py"), engine, str(folder)]
            try:
                seconds = float(run_process(command, dict(os.environ), limit=limit).output)
            except (subprocess.TimeoutExpired, RuntimeError) as failure:
                stopped.add(engine)
                found.append(Compared(engine, designs, counts, None, None, _why(failure)))
                continue
            ours, theirs = (
                {(thing, iri) for thing, iri in json.loads((folder / f"{name}.json").read_text("utf-8"))}
                for name in ("LithioKG", engine)
            )
            difference = compare(ours, theirs, classes=rules.ontology.classes)
            found.append(Compared(engine, designs, counts, seconds, difference, ""))
    return found


def _why(failure: Exception) -> str:
    if isinstance(failure, subprocess.TimeoutExpired):
        return f"stopped after {failure.timeout:.0f} s"
    return str(failure).strip().splitlines()[-1]


def _command(arguments: Sequence[str]) -> str:
    """The command as anybody may repeat it: where the stores were written is nobody else's business."""
    kept = list(arguments)
    if "--scratch" in kept:
        place = kept.index("--scratch")
        del kept[place : place + 2]
    return " ".join(["python benchmarks/derivation.py", *kept])


def _versions() -> str:
    parts = []
    for name in ("owlready2", "owlrl", "reasonable"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            parts.append(f"{name} is not installed")
    return ", ".join(parts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything in one run, print the report and write it."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="lithiokg-derivation-", dir=options.scratch) as folder:
        scratch = Path(folder)
        os.environ["LITHIOKG_CACHE"] = str(scratch / "cache")
        sources = find_sources()
        _say("building the shipped graph")
        snapshot = build_snapshot(sources, cache=Cache(scratch / "cache"))
        rules = load_rules(sources.ontology)
        compared = _compare(snapshot.store, rules, options.compared, options.limit, scratch)
        grown = [
            _grow(snapshot.store, designs, options.processes, scratch) for designs in sorted(options.designs)
        ]
    report = write_report(
        command=_command(arguments or sys.argv[1:]),
        machine=f"{machine()}, {_versions()}",
        processes=options.processes,
        limit=options.limit,
        grown=grown,
        compared=compared,
    )
    options.report.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
