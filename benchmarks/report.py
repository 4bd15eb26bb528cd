"""The report: every figure beside its goal, its baseline and the command behind it."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from large import Enlarged
    from processes import Build, Commands
    from warm import Warm

__all__ = ["table", "write_report"]

_HEAD = """\
# Benchmarks

Written by `{command}`, one run, nothing edited. To write it anew, from the top of a checkout:

    python benchmarks/run.py            # all of it, some minutes
    python benchmarks/run.py --quick    # fewer runs, fewer questions, a smaller enlargement
    python benchmarks/run.py --triples 1000000 --rdflib-limit 30
    python benchmarks/scale.py          # the section Growth, from 10^4 to 10^7 triples, three quarters of an hour

The sources are copied and built in a folder of its own, so the run neither uses nor changes the user's snapshots.
Figures are *minimum / median / maximum (runs)*; ratios are of medians. Two things that are compared run in turn,
A B A B. Goals stand beside figures, and nothing here passes or fails. Wall-clock figures depend on the machine
and on what else it does; the ratios depend on that much less.

Machine: {machine}
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def write_report(
    *,
    command: str,
    machine: str,
    commands: Commands,
    question: str,
    build: Build,
    warm: Sequence[Warm],
    memory: Sequence[Warm],
    large: Enlarged,
) -> str:
    """The whole report as Markdown."""
    parts = [
        _HEAD.format(command=command, machine=machine),
        _summary(commands, build, warm, memory, large),
        _commands(commands, question),
        _build(build),
        _warm(warm, memory),
        _large(large),
        _rates(large),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _median(values: Iterable[float]) -> float:
    return statistics.median(list(values))


def _summary(
    commands: Commands, build: Build, warm: Sequence[Warm], memory: Sequence[Warm], large: Enlarged
) -> str:
    bare, help_ = commands.bare.median, commands.help.median
    at_least = "at least " if any(one.stopped for one in large.questions) else ""
    total, questions = f"{large.figures['total']:,}", large.questions
    rows = [
        (
            "`lithiokg --help`, whole process",
            f"{help_:.3f} s",
            f"{help_ / bare:.1f}x `python -c pass`, +{help_ - bare:.3f} s",
            f"within 2x + 0.15 s = {2 * bare + 0.15:.3f} s",
        ),
        (
            "a saved question, whole process",
            f"{commands.question.median:.3f} s",
            f"{commands.question.median / bare:.1f}x `python -c pass`",
            "under 0.6 s",
        ),
        (
            "full build without Java, whole process",
            f"{build.wall.median:.2f} s ({build.cpu.median:.2f} s of processor time)",
            "-",
            "under 5 s",
        ),
    ]
    rows += [
        (
            f"warm saved questions, store {where}",
            f"median {_median(one.ours.median for one in measured):.2f} ms",
            f"median {_median(one.ratio for one in measured):.2f}x bare pyoxigraph",
            "at most 1.15x",
        )
        for where, measured in (("on disk", warm), ("in memory", memory))
    ]
    rows += [
        (
            f"the same {where}, {total} triples",
            f"median {_median(ours):.2f} ms",
            f"rdflib takes {at_least}{_median(ratios):.1f}x as long at the median",
            "at least 20x",
        )
        for where, ours, ratios in (
            ("on disk", [one.disk.median for one in questions], [one.ratio_disk for one in questions]),
            ("in memory", [one.memory.median for one in questions], [one.ratio_memory for one in questions]),
        )
    ]
    return "## Summary\n\n" + table(("what", "figure", "against its baseline", "goal"), rows)


def _commands(commands: Commands, question: str) -> str:
    rows = [
        ("`python -c pass`", commands.bare.text(), commands.cpu[0].text()),
        ("`lithiokg --help`", commands.help.text(), commands.cpu[1].text()),
        (f"`lithiokg questions run {question}`", commands.question.text(), commands.cpu[2].text()),
        ("`lithiokg questions run NAME`, every question once", commands.every_question.text(), "-"),
    ]
    return (
        "## Whole processes\n\nSeconds from start to exit, files and snapshot already in the system's cache.\n\n"
        + table(("command", "wall clock, s", "processor time, s"), rows)
        + f"\n\nThe slowest question was `{commands.slowest}`."
    )


def _build(build: Build) -> str:
    rows = [("whole process", build.wall.text()), ("whole process, processor time", build.cpu.text())]
    rows += [(f"stage: {name}", seconds.text()) for name, seconds in build.stages.items()]
    return (
        f"## Build\n\n`PATH= lithiokg build --force`: {build.triples:,} triples; the path holds no program, so no"
        " Java either. Seconds; the stages are those of the snapshot's own record.\n\n"
        + table(("part", "s"), rows)
    )


def _ratios(label: str, warm: Sequence[Warm]) -> str:
    ratios = sorted(one.ratio for one in warm)
    total = sum(one.ours.median for one in warm) / sum(one.bare.median for one in warm)
    difference = _median(one.ours.median - one.bare.median for one in warm)
    return (
        f"Store {label}: ratio minimum {ratios[0]:.2f}, median {statistics.median(ratios):.2f}, maximum"
        f" {ratios[-1]:.2f} over {len(ratios)} questions; all together {total:.2f}; median difference"
        f" {difference:.3f} ms."
    )


def _warm(warm: Sequence[Warm], memory: Sequence[Warm]) -> str:
    rows = [
        (
            one.name,
            str(one.rows),
            one.ours.text(2),
            one.bare.text(2),
            f"{one.ratio:.2f}",
            f"{other.ratio:.2f}",
        )
        for one, other in zip(warm, memory, strict=True)
    ]
    steps = table(
        ("step that only LithioKG takes, by itself", "median over the questions, ms"),
        [
            (name, f"{_median(one.steps[index].median for one in warm):.3f}")
            for index, name in enumerate(("find and read the question", "bind parameters", "guard the text"))
        ],
    )
    head = ("question", "rows", "LithioKG, ms", "pyoxigraph, ms", "ratio", "ratio in memory")
    return (
        "## Warm saved questions\n\n`KnowledgeGraph.ask(NAME)` with its defaults and every value of every row read,"
        " against `Store.query(TEXT, use_default_graph_as_union=True)` read in the same way, over the same opened"
        " store: the snapshot on disk, and for the last column a copy of it in memory.\n\n"
        f"{_ratios('on disk', warm)}\n\n{_ratios('in memory', memory)}\n\n{steps}\n\n{table(head, rows)}"
    )


def _large(large: Enlarged) -> str:
    rows = [
        (
            one.name,
            str(one.rows),
            one.disk.text(2),
            one.memory.text(2),
            ("> " if one.stopped else "") + f"{one.rdflib:,.0f}",
            (">= " if one.stopped else "") + f"{one.ratio_disk:,.1f}",
            (">= " if one.stopped else "") + f"{one.ratio_memory:,.1f}",
            "-" if one.stopped else "same" if one.rdflib_rows == one.rows else f"differ: {one.rdflib_rows}",
        )
        for one in large.questions
    ]
    stopped = sum(one.stopped for one in large.questions)
    head = (
        "question",
        "rows",
        "on disk, ms",
        "in memory, ms",
        "rdflib, ms",
        "ratio",
        "in memory",
        "row counts",
    )
    return (
        f"## An enlargement: {large.figures['total']:,} triples\n\n`KnowledgeGraph.ask(NAME)` over the store on disk"
        " and over a copy in memory, against `Dataset(default_union=True).query(TEXT)` of rdflib, in memory and in a"
        f" process of its own (median of up to 3 runs, stopped after {large.limit:g} s). Every value of every row"
        f" is read. Ratios say how many times as long rdflib takes; {stopped} of {len(large.questions)} questions"
        " were stopped, and their ratios are lower bounds.\n\n" + table(head, rows)
    )


def _rates(large: Enlarged) -> str:
    figures, rdflib = large.figures, large.rdflib

    def rate(number: str, seconds: str) -> tuple[str, str]:
        return f"{figures[seconds]:.2f}", f"{figures[number] / figures[seconds]:,.0f}"

    rows = [
        ("make synthetic facts", f"{figures['synthetic']:,}", *rate("synthetic", "generate")),
        (
            f"derive ({figures['derived']:,} conclusions)",
            f"{figures['premises']:,}",
            *rate("premises", "derive"),
        ),
        ("write a snapshot's store, compacted, on disk", f"{figures['total']:,}", *rate("total", "write")),
        ("load N-Quads into pyoxigraph in memory", f"{figures['total']:,}", *rate("total", "load")),
        (
            "load N-Quads into rdflib (the baseline)",
            f"{figures['total']:,}",
            f"{rdflib['parse']:.2f}",
            f"{figures['total'] / rdflib['parse']:,.0f}",
        ),
    ]
    return (
        "## Rates and memory\n\nOne run each, in the processes `benchmarks/enlarge.py` and `benchmarks/rdflib_side.py`.\n\n"
        + table(("what", "triples", "s", "triples/s"), rows)
        + f"\n\nPeak memory: {figures['peak']:,.0f} MB to enlarge and derive (all facts as Python objects),"
        f" {rdflib['peak']:,.0f} MB in rdflib with the facts loaded. A sample of {figures['sample']:,} synthetic facts"
        f" was validated with the shipped graph, {figures['violations']} violations, and derived without contradiction."
    )
