"""Measure how loading, validation, derivation and questions grow, beside other engines.

``python benchmarks/scale.py`` writes the section *Growth* of ``benchmarks/REPORT.md`` anew and leaves the rest;
``python benchmarks/run.py`` writes the rest and leaves this section. The curve to 10^7 takes some 45 minutes;
``--triples 10000 100000`` is over in two. 400,000 observations have a section of their own, for loading them alone
takes most of an hour: ``--triples 31500000 --others-to 0 --pyshacl-limit 0 --section "400,000 observations"``.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph as ox

from lithiokg.build import Cache, build_snapshot, loaded_snapshot
from lithiokg.questions import load_questions
from lithiokg.sources import find_sources
from measuring import machine
from scale_report import Answers, Size, Validation, put_section, write_section
from servers import OxigraphServer, Virtuoso, running, virtuoso_is_here

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_HERE = Path(__file__).parent
#: Observations of the comparison with pySHACL alone, as the goal names them.
_OBSERVATIONS = 10_000


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write a section of benchmarks/REPORT.md.")
    parser.add_argument(
        "--triples",
        type=int,
        nargs="+",
        default=[10**4, 3 * 10**5, 10**6, 10**7],
        help="sizes (10^4 to 10^7; 31500000 are 400,000 observations)",
    )
    parser.add_argument("--limit", type=float, default=5.0, help="seconds for each question of an engine (5)")
    parser.add_argument(
        "--runs", type=int, default=3, help="runs of each question, as far as the limit goes (3)"
    )
    parser.add_argument(
        "--others-from", type=int, default=10**6, help="size from which servers run beside (10^6)"
    )
    parser.add_argument(
        "--others-to", type=int, default=10**7, help="size up to which servers run beside (10^7)"
    )
    parser.add_argument(
        "--pyshacl-limit", type=float, default=300.0, help="seconds for pySHACL alone (300; 0: none)"
    )
    parser.add_argument("--scratch", type=Path, help="where the stores are written (the temporary folder)")
    parser.add_argument("--section", default="Growth", help="the heading to write under (Growth)")
    parser.add_argument("--report", type=Path, default=_HERE / "REPORT.md")
    return parser.parse_args(arguments)


def _say(text: str) -> None:
    print(f"... {time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def _step(script: str, *arguments: object, given: object = None) -> Any:
    command = [sys.executable, str(_HERE / script), *map(str, arguments)]
    text = None if given is None else json.dumps(given)
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, input=text, text=True)
    return json.loads(done.stdout)


def _grow(
    snapshot: Path, triples: int, questions: list[tuple[str, str]], options: argparse.Namespace, scratch: Path
) -> Size:
    folder = scratch / f"triples-{triples}"
    folder.mkdir()
    _say(f"{triples:,} triples: writing the facts")
    made = _step("scale_steps.py", "make", snapshot, triples, folder)
    _say(f"{triples:,} triples: loading, validating, deriving")
    loaded = _step("scale_steps.py", "load", folder)
    _say(f"{triples:,} triples: asking {len(questions)} questions")
    answers: Answers = _step("scale_steps.py", "ask", folder, options.limit, options.runs, given=questions)
    others: dict[str, dict[str, float]] = {}
    if options.others_from <= triples <= options.others_to:
        store = loaded_snapshot(folder / "loaded").store
        _ask_oxigraph(store, questions, options, answers)
        if virtuoso_is_here():
            others["Virtuoso"] = _ask_virtuoso(store, folder, questions, options, answers)
    _say(f"{triples:,} triples: adding some designs")
    added = _step("scale_steps.py", "add", snapshot, folder)
    shutil.rmtree(folder)
    return Size(triples, made, loaded, added, answers, others)


def _ask_oxigraph(
    store: Path, questions: list[tuple[str, str]], options: argparse.Namespace, answers: Answers
) -> None:
    _say("the Oxigraph server")
    server = OxigraphServer(store)
    with running(server):
        server.start()
        for name, text in questions:
            answers[name]["Oxigraph server"] = _asked(server.url, text, options)
            if len(answers[name]["Oxigraph server"]["ms"]) < options.runs:
                server.start()  # it goes on with a question that nobody waits for


def _ask_virtuoso(
    store: Path, folder: Path, questions: list[tuple[str, str]], options: argparse.Namespace, answers: Answers
) -> dict[str, float]:
    _say("Virtuoso")
    data = folder / "for-virtuoso" / "everything.nq"
    data.parent.mkdir()
    ox.Store.read_only(str(store)).dump(str(data), format=ox.RdfFormat.N_QUADS)
    (folder / "virtuoso").mkdir()
    server = Virtuoso(folder / "virtuoso", data, options.limit)
    with running(server):
        seconds = server.load()
        for name, text in questions:
            answers[name]["Virtuoso"] = _asked(server.url, text, options)
        return {"load": seconds, "disk": server.size()}


def _asked(url: str, text: str, options: argparse.Namespace) -> dict[str, Any]:
    """Milliseconds of the runs in time, and the number of rows; the rows are read, not understood."""
    times: list[float] = []
    rows = -1
    begin = time.perf_counter()
    while len(times) < options.runs and time.perf_counter() - begin < options.limit:
        start = time.perf_counter()
        sent = urlencode({"query": text}).encode()
        request = Request(url, sent, {"Accept": "text/csv"})  # noqa: S310  # a server that we started
        try:
            with urlopen(request, timeout=options.limit - (start - begin)) as answer:  # noqa: S310
                content = answer.read()
        except OSError:  # too late, or refused: both are no answer
            break
        times.append(1e3 * (time.perf_counter() - start))
        rows = content.count(b"\n") - 1
    return {"ms": times, "rows": rows}


def _validation(snapshot: Path, scratch: Path, limit: float) -> Validation:
    _say(f"validating {_OBSERVATIONS:,} observations, here and in pySHACL alone")
    ours = _step("shacl_side.py", "ours", snapshot, _OBSERVATIONS)
    command = [sys.executable, str(_HERE / "shacl_side.py"), "pyshacl", str(snapshot), str(_OBSERVATIONS)]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=limit)
        alone = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        alone = None
    return Validation(ours, alone, limit, _step("shacl_side.py", "same"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure everything in one run and write the section."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(prefix="lithiokg-scale-", dir=options.scratch) as folder:
        scratch = Path(folder)
        os.environ["LITHIOKG_CACHE"] = str(scratch / "cache")
        sources = find_sources()
        _say("building the shipped graph")
        snapshot = build_snapshot(sources, cache=Cache(scratch / "cache")).store
        questions = [
            (name, each.text) for name, each in load_questions(sources.queries).items() if not each.endpoints
        ]
        validation = _validation(snapshot, scratch, options.pyshacl_limit) if options.pyshacl_limit else None
        heading, sizes = f"\n## {options.section}\n", []
        for triples in sorted(options.triples):
            sizes.append(_grow(snapshot, triples, questions, options, scratch))
            section = write_section(
                heading,
                command=_command(arguments or sys.argv[1:]),
                machine=machine(),
                limit=options.limit,
                validation=validation,
                sizes=sizes,
            )
            put_section(options.report, heading, section)  # what is measured so far is kept, whatever comes
    print(section)


def _command(arguments: Sequence[str]) -> str:
    """The command as anybody may repeat it: where the stores were written is nobody else's business."""
    kept = list(arguments)
    if "--scratch" in kept:
        place = kept.index("--scratch")
        del kept[place : place + 2]
    return " ".join(["python benchmarks/scale.py", *kept])


if __name__ == "__main__":
    main()
