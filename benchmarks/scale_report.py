"""The section *Growth* of the report, or one like it of other sizes."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from lithiokg.graph import ANSWER_LIMIT
from report import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = ["GROWTH", "Answers", "Size", "Validation", "put_section", "write_section"]

#: The heading under which the section stands; behind it there may be others like it.
GROWTH = "\n## Growth\n"
#: Question -> engine -> ``{"ms": [...], "rows": number}``.
Answers: TypeAlias = "dict[str, dict[str, dict[str, Any]]]"
#: LithioKG as its users ask it, with kept answers, and without.
_OURS = ("LithioKG", "LithioKG, evaluated")
_OTHERS = ("pyoxigraph", "Oxigraph server", "Virtuoso")
_ENGINES = (*_OURS, *_OTHERS)
_GOAL_MS, _GOAL_RATIO = 1000.0, 3.0


@dataclass(frozen=True, slots=True)
class Size:
    """The figures of one size, as :mod:`scale_steps` gives them."""

    triples: int
    made: Mapping[str, Any]
    loaded: Mapping[str, Any]
    added: Mapping[str, Any]
    answers: Answers
    others: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Validation:
    """Validation here and in pySHACL alone (None if it was stopped), and how many findings they share."""

    ours: Mapping[str, float]
    alone: Mapping[str, float] | None
    limit: float
    same: Mapping[str, int]


def put_section(report: Path, heading: str, section: str) -> None:
    """Put a section in the place of the one that a report has under this heading, or at its end."""
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    before, _, old = text.partition(heading)
    after = "".join(old.partition("\n## ")[1:])
    report.write_text(f"{before.rstrip()}\n{section}{after}", encoding="utf-8")


def write_section(
    heading: str,
    *,
    command: str,
    machine: str,
    limit: float,
    validation: Validation | None,
    sizes: Sequence[Size],
) -> str:
    """The section as Markdown, with its heading."""
    parts = [
        _head(command, machine),
        _load(sizes),
        _memory(sizes),
        _add(sizes),
        *([_validation(validation)] if validation else []),
        _questions(sizes, limit),
        _each(max(sizes, key=_beside), limit),
    ]
    return heading + "\n" + "\n\n".join(part.strip() for part in parts) + "\n"


def _beside(size: Size) -> tuple[int, int]:
    """How many engines were measured beside each other, and on how much."""
    return len({engine for engines in size.answers.values() for engine in engines}), size.triples


def _head(command: str, machine: str) -> str:
    return (
        f"Written by `{command}`, one run, nothing edited; the sections above are of another run. The shipped graph with"
        " synthetic designs (`lithiokg.conformance.synthetic`) as N-Quads goes through `lithiokg load`: bulk load into a"
        " store on disk, validation and derivation in parts by all processors, compaction. In this data model an"
        f" observation with its design, conditions, evidence, places and conclusions is some 75 triples. The shipped graph is the smallest that there is: asked for 10,000 triples, this is it."
        f" Machine: {machine}"
    )


def _load(sizes: Sequence[Size]) -> str:
    rows = []
    for size in sizes:
        seconds, statements = size.loaded["seconds"], size.loaded["statements"]
        rows.append(
            (
                f"{size.loaded['triples']:,}",
                f"{size.made['observations']:,}",
                f"{statements:,}",
                f"{seconds['loading']:.1f}",
                f"{statements / seconds['loading']:,.0f}",
                f"{seconds['validating']:.1f}",
                f"{statements / seconds['validating']:,.0f}",
                f"{seconds['deriving']:.1f}",
                f"{size.loaded['conclusions'] / seconds['deriving']:,.0f}",
                f"{seconds['compacting'] + seconds['taking stock']:.1f}",
                f"{size.loaded['wall']:.1f}",
                f"{size.loaded['answers']['seconds']:.1f}",
                f"{size.loaded['answers']['answered']} of {size.loaded['answers']['asked']}",
            )
        )
    head = ("triples in the end", "observations", "statements", "load, s", "statements/s", "validate, s")
    more = (
        "statements/s",
        "derive, s",
        "conclusions/s",
        "compact and count, s",
        "all, s",
        "answers, s",
        "answered",
    )
    return (
        "### Load, validate, derive\n\nGoal: bulk load at 150,000 triples/s. *Load* reads, parses and sorts the N-Quads"
        " and the shipped ontology, mappings and questions; the conclusions are loaded while deriving. *Answers*"
        f" is not in *all*: each saved question answered once and kept, where that takes no longer than {ANSWER_LIMIT:g} s.\n\n"
        + table((*head, *more), rows)
    )


def _memory(sizes: Sequence[Size]) -> str:
    rows = [
        (
            f"{size.loaded['triples']:,}",
            f"{size.loaded['memory']:,.0f} + {size.loaded['worker']:,.0f} a worker",
            f"{1e6 * size.loaded['memory'] / size.loaded['triples']:,.0f}",
            f"{size.loaded['disk'] / 2**20:,.0f}",
            f"{1e6 * size.loaded['disk'] / 2**20 / size.loaded['triples']:,.0f}",
            f"{size.loaded['answers']['disk'] / 2**20:,.0f}",
            f"{size.made['bytes'] / 2**20:,.0f}",
            *(f"{other['load']:.1f} s, {other['disk'] / 2**20:,.0f} MB" for other in size.others.values()),
        )
        for size in sizes
    ]
    width = max(map(len, rows))
    head = (
        "triples",
        "peak memory, MB",
        "MB a million",
        "store, MB",
        "MB a million",
        "kept answers, MB",
        "statements as N-Quads, MB",
    )
    return "### Memory and disk\n\nGoal: 8 GiB.\n\n" + table(
        (*head, "Virtuoso loads them in")[:width], [(*row, *["-"] * (width - len(row))) for row in rows]
    )


def _add(sizes: Sequence[Size]) -> str:
    rows = [
        (
            f"{size.loaded['triples']:,}",
            f"{size.added['statements']:,}",
            f"{size.added['conclusions']:,}",
            *(
                f"{size.added['seconds'][name]:.2f}"
                for name in ("validating", "deriving", "writing", "taking stock")
            ),
            f"{size.added['wall']:.2f}",
        )
        for size in sizes
    ]
    head = (
        "triples there",
        "added",
        "new conclusions",
        "validate, s",
        "derive, s",
        "write, s",
        "checksums, s",
        "all, s",
    )
    return (
        "### Add a paper\n\n`lithiokg load --add` with six designs of a new source: only these, and what they touch, are"
        " validated and derived.\n\n" + table(head, rows)
    )


def _validation(measured: Validation) -> str:
    ours, alone = measured.ours, measured.alone
    if alone is None:
        other = f"stopped after {measured.limit:.0f} s, so it takes at least {measured.limit / ours['seconds']:.0f}x as long"
    else:
        other = f"{alone['seconds']:.1f} s, {alone['seconds'] / ours['seconds']:.0f}x as long"
    same = measured.same
    return (
        f"### Validation beside pySHACL alone\n\n10,000 observations ({ours['triples']:,.0f} triples) in one piece, in"
        f" memory, one processor: {ours['seconds']:.1f} s here (Core by pySHACL, SPARQL constraints set-wise); pySHACL"
        f" alone, with the same shapes: {other}. Goal: 10x. On examples that break every rule, small enough for pySHACL,"
        f" both find the same {same['both']} breaches; {same['only here']} are found only here,"
        f" {same['only pySHACL']} only by pySHACL alone."
    )


def _medians(size: Size, engine: str) -> Iterator[tuple[str, float | None]]:
    for name, engines in size.answers.items():
        if engine in engines:
            times = engines[engine]["ms"]
            yield name, statistics.median(times) if times else None


def _ratios(size: Size, limit: float, ours: str) -> dict[str, float]:
    """How many times as long as the best engine beside it ours takes, question by question."""
    found = {}
    medians = {engine: dict(_medians(size, engine)) for engine in _ENGINES}
    for name, taken in medians[ours].items():
        others = [medians[engine].get(name) for engine in _OTHERS]
        times = [each for each in others if each is not None]
        if times:
            found[name] = (1e3 * limit if taken is None else taken) / min(times)
    return found


def _questions(sizes: Sequence[Size], limit: float) -> str:
    rows = []
    for size in sizes:
        for engine in _ENGINES:
            ratios = sorted(_ratios(size, limit, engine).values()) if engine in _OURS else []
            measured = [value for _, value in _medians(size, engine)]
            if not measured:
                continue
            done = [value for value in measured if value is not None]
            middle = statistics.median(1e3 * limit if value is None else value for value in measured)
            rows.append(
                (
                    f"{size.loaded['triples']:,}",
                    engine,
                    f"{middle:,.1f}",
                    str(sum(value <= _GOAL_MS for value in done)),
                    str(len(measured) - len(done)),
                    str(len(measured)),
                    f"{statistics.median(ratios):.2f}x; {sum(each > _GOAL_RATIO for each in ratios)} beyond 3x"
                    if ratios
                    else "-",
                )
            )
    head = (
        "triples",
        "engine",
        "median, ms",
        "within 1 s",
        "no answer in time",
        "questions",
        "against the best beside it",
    )
    return (
        "### Saved questions\n\nEvery saved question with its defaults, from a store on disk, every value read; up to"
        f" three runs in {limit:g} s, medians. *LithioKG* is what its users get, who read the answer that was kept when the"
        " snapshot was loaded; *evaluated* is its store without kept answers, which is what a query of one's own takes, or"
        " other values of parameters the first time. Only *evaluated* compares engine with engine. *pyoxigraph* is the same"
        " engine without LithioKG, in turn with it; the"
        " Oxigraph server and Virtuoso (one thread a query) answer over HTTP as CSV. An answer counts for its time, right"
        " or wrong (see docs/engines.md for which of Virtuoso's are wrong). Goal: 1 s at the median, and within 3x of the"
        " best engine.\n\n" + table(head, rows)
    )


def _each(size: Size, limit: float) -> str:
    medians = {engine: dict(_medians(size, engine)) for engine in _ENGINES}
    present = [engine for engine in _ENGINES if medians[engine]]
    ratios = [_ratios(size, limit, ours) for ours in _OURS]

    def cell(value: float | None) -> str:
        return f"> {1e3 * limit:,.0f}" if value is None else f"{value:,.1f}"

    ordered = sorted(size.answers, key=lambda name: -(medians[_OURS[1]][name] or 1e9))
    rows = [
        (
            name,
            str(size.answers[name]["LithioKG"]["rows"]) if medians["LithioKG"][name] is not None else "-",
            *(cell(medians[engine].get(name)) for engine in present),
            *(f"{each[name]:.2f}" if name in each else "-" for each in ratios),
        )
        for name in ordered
    ]
    head = (
        "question",
        "values",
        *(f"{engine}, ms" for engine in present),
        "of the best",
        "of the best, evaluated",
    )
    return f"### Each question at {size.loaded['triples']:,} triples\n\n" + table(head, rows)
