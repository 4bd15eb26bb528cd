"""The report on derivation: growth, one more design, and the answers of other reasoners."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lithiokg.reasoning.names import local_name
from measuring import spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.reasoning import Difference

__all__ = ["Compared", "Grown", "write_report"]

_HEAD = """\
# Derivation

Written by `{command}` on {date}, one run, nothing edited. To write it anew, from the top of a checkout:

    python benchmarks/derivation.py                                          # small sizes, some minutes
    python benchmarks/derivation.py --designs 1000 3000 10000 30000 100000   # the whole curve, an hour or so

The other reasoners come with `pip install --group bench`. Wall-clock figures depend on the machine and on what
else it does: the column *load* is the number of processes that wanted a processor while the last minute of the
derivation ran, ours ({processes}) included. Processor time depends on that much less.

Machine: {machine}
"""
_GROWTH = """\
## Growth

The shipped graph with synthetic designs (`lithiokg.conformance.synthetic`), in a store on disk. `derive_on_disk` reads
it part by part, {processes} processes side by side, and the conclusions are written to files as they come; each
size in processes of its own. *Conclusions* are counted once, in the store into which they are loaded; *again* is
the number of parts that ran a second time because others had found out more about something that they share.
Memory is the peak of the process that distributes the parts, and of the largest of those that derive them."""
_ONE_PIECE = """\
### In one piece

The same statements derived at once, in memory, by the same rules (`run_rules`), and the difference between the
two sets of conclusions."""
_ADDING = """\
## One more design

`derive_added` on the store with all those designs and their conclusions: new designs, one after the other, the
first with a source of its own. Milliseconds are *minimum / median / maximum (designs)*. The statements that it
reads are the design's own, those of the substances that it refers to, and what the rules name; how many designs
there are already makes no difference to that."""
_ENGINES = """\
## Other reasoners

Synthetic designs, with the substances that they refer to and the closure axioms of their compositions. Every
engine gets the same statements: LithioKG with completeness flags, the others with the ontology and with the
closures as OWL axioms. Seconds are those of the reasoning alone, without reading files (HermiT: with the start of
Java and the hand-over). Counted are memberships in the named classes of our ontology; *missing* and *extra* are
against those that LithioKG finds. After {limit:.0f} s an engine is stopped, and gets no larger sizes."""
_MISSING = """\
### What they miss

Memberships that LithioKG finds (and HermiT, wherever it finishes) and the others do not, by class, at the largest
size that each finished. OWL RL has no rule that concludes "only": a layer is isolating, or inorganic through and
through, if *all* that it is made of is, and that follows from a closed list in OWL DL alone."""


@dataclass(frozen=True, slots=True)
class Grown:
    """One size of the growth curve, with the figures of the steps of :mod:`growth`."""

    designs: int
    made: Mapping[str, float]
    derived: Mapping[str, float]
    whole: Mapping[str, float] | None
    added: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One engine on one set of facts; without seconds and difference if it did not finish."""

    engine: str
    designs: int
    counts: Mapping[str, int]
    seconds: float | None
    difference: Difference | None
    why_not: str


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def write_report(
    *,
    command: str,
    machine: str,
    processes: int,
    limit: float,
    grown: Sequence[Grown],
    compared: Sequence[Compared],
) -> str:
    """The whole report as Markdown."""
    head = _HEAD.format(command=command, date=time.strftime("%Y-%m-%d"), machine=machine, processes=processes)
    parts = [head]
    if grown:
        parts += [_GROWTH.format(processes=processes), _growth(grown)]
    if any(one.whole for one in grown):
        parts += [_ONE_PIECE, _one_piece(grown)]
    if grown:
        parts += [_ADDING, _adding(grown)]
    if compared:
        parts += [_ENGINES.format(limit=limit), _engines(compared), _MISSING, _missing(compared)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _growth(grown: Sequence[Grown]) -> str:
    head = (
        "designs", "statements", "conclusions", "parts (again)", "seconds", "ms a design", "processor s",
        "conclusions/s", "memory, MB", "load",
    )  # fmt: skip
    rows = []
    for one in grown:
        derived, inferred = one.derived, one.added["inferred"]
        rows.append(
            (
                f"{one.designs:,}",
                f"{one.made['statements']:,}",
                f"{inferred:,}",
                f"{derived['parts']} ({derived['again']})",
                f"{derived['seconds']:.1f}",
                f"{1e3 * derived['seconds'] / one.designs:.2f}",
                f"{derived['cpu']:.0f}",
                f"{inferred / derived['seconds']:,.0f}",
                f"{derived['memory']:,.0f} + {derived['worker']:,.0f}",
                f"{derived['load']:.1f}",
            )
        )
    return _table(head, rows)


def _one_piece(grown: Sequence[Grown]) -> str:
    rows = [
        (
            f"{one.designs:,}",
            f"{one.whole['seconds']:.1f}",
            f"{one.whole['memory']:,.0f}",
            f"{one.whole['differing']}",
        )
        for one in grown
        if one.whole is not None
    ]
    return _table(("designs", "seconds", "memory, MB", "conclusions that differ"), rows)


def _adding(grown: Sequence[Grown]) -> str:
    rows = [
        (
            f"{one.designs:,}",
            spread(one.added["times"]).text(0),
            spread(one.added["own"]).text(0),
            spread(one.added["read"]).text(0),
            spread(one.added["new"]).text(0),
            f"{one.added['anew']}",
        )
        for one in grown
    ]
    head = ("designs there", "ms", "own statements", "statements read", "conclusions", "derived anew")
    return _table(head, rows)


def _engines(compared: Sequence[Compared]) -> str:
    ours = {one.designs: one.seconds for one in compared if one.engine == "LithioKG"}
    rows = []
    for one in compared:
        first = [f"{one.designs:,}", f"{one.counts['individuals']:,}", f"{one.counts['facts']:,}", one.engine]
        if one.seconds is None or one.difference is None:
            rows.append([*first, one.why_not, "-", "-", "-", "-"])
            continue
        mine = ours[one.designs]
        missing, extra = len(one.difference.extra), len(one.difference.missing)
        rows.append(
            [
                *first,
                f"{one.seconds:.2f}",
                f"{one.seconds / mine:.1f}x" if mine else "-",
                f"{one.difference.common + extra:,}",
                f"{missing:,}",
                f"{extra:,}",
            ]
        )
    head = (
        "designs",
        "individuals",
        "statements",
        "engine",
        "seconds",
        "of ours",
        "memberships",
        "missing",
        "extra",
    )
    return _table(head, rows)


def _missing(compared: Sequence[Compared]) -> str:
    """By class, for the largest size of each engine; the difference is seen from our side."""
    largest = {one.engine: one for one in compared if one.difference is not None}
    rows = []
    for engine, one in largest.items():
        if engine == "LithioKG" or one.difference is None:
            continue
        # What only we have is "extra" to HermiT's judgment, and missing here.
        lost = Counter(local_name(iri) for _, iri in one.difference.extra)
        surplus = Counter(local_name(iri) for _, iri in one.difference.missing)
        told = ", ".join(f"{name} {number}" for name, number in lost.most_common()) or "nothing"
        more = ", ".join(f"{name} {number}" for name, number in surplus.most_common()) or "nothing"
        rows.append((engine, f"{one.designs:,}", told, more))
    return _table(("engine", "designs", "missing", "extra"), rows)
