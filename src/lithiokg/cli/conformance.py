"""``lithiokg conformance``."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from lithiokg.cli.render import format_option, render
from lithiokg.cli.session import DEFAULT_TIMEOUT, ENDPOINT, note, open_session, sources_in_use, stated_option
from lithiokg.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.conformance import Finding
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.store import Store

__all__ = ["command"]

_TRIPLES = 150_000


@click.command()
@click.argument("url", envvar=ENDPOINT, required=False)
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="The endpoint holds facts.nq of this folder, which --write wrote, not the snapshot.",
)
@click.option(
    "--write",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Write a larger data set and what an engine must answer on it, and ask nobody.",
)
@click.option(
    "--triples",
    type=click.IntRange(min=1),
    default=_TRIPLES,
    show_default=True,
    metavar="N",
    help="How many statements to write, about.",
)
@click.option("--only", "names", multiple=True, metavar="NAME", help="Ask this question (repeatable).")
@click.option("--all", "everything", is_flag=True, help="List the answers that are right, too.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Go on to the next query when one takes longer.",
)
@stated_option
@format_option
@click.pass_context
def command(
    context: click.Context,
    *,
    url: str | None,
    data: Path | None,
    write: Path | None,
    triples: int,
    names: tuple[str, ...],
    everything: bool,
    timeout: float,
    stated: bool,
    format_: str,
) -> None:
    """Tell whether the engine at URL answers as the embedded one does, query by query.

    The endpoint must hold an export of this very snapshot ('lithiokg upload' puts it there), or the data that
    --write wrote. Asked are queries that need no data, queries of every kind of work that read data, and all saved
    questions with their default parameters. Exit code 1 if an answer differs in its columns, rows, values, types
    or order.

    Some engines are right on little data and wrong on much: write some of a size like yours, load it, and ask again
    (see docs/engines.md).
    """
    if write is not None:
        if data is not None or context.get_parameter_source("url") is ParameterSource.COMMANDLINE:
            raise click.UsageError("--write asks no endpoint: load what it wrote, then give URL and --data.")
        _write(write, triples, names)
        return
    if url is None:
        raise click.UsageError("Which endpoint? Give its address, or --write FOLDER.")
    from lithiokg.graph import connect  # noqa: PLC0415

    with connect(url, timeout=timeout) as far:
        far.store.query("ASK { ?s ?p ?o }")  # what cannot be reached, or holds nothing, is told once
        if data is None:
            with open_session("") as near:
                found = list(_against(near, far.store, names, stated=stated))
        else:
            found = list(_with_data(data, far, names, stated=stated))
    _tell(found, format_, everything=everything)


def _write(folder: Path, triples: int, names: tuple[str, ...]) -> None:
    from lithiokg.conformance import EXPECTED, FACTS, write_data  # noqa: PLC0415
    from lithiokg.store import EmbeddedStore  # noqa: PLC0415

    with open_session("") as near:
        assert isinstance(near.store, EmbeddedStore)  # noqa: S101  # a session without an endpoint has one
        questions = [near.question(name) for name in names] or list(near.questions().values())
        expected = write_data(folder, near.store, sources_in_use(), questions, triples=triples, told=note)
    size = (folder / FACTS).stat().st_size / 2**20
    click.echo(
        f"{folder / FACTS}: {expected.statements:,} statements in {len(expected.graphs)} graphs, {size:,.0f} MB\n"
        f"{folder / EXPECTED}: {len(expected.answers)} answers"
    )


def _against(
    near: KnowledgeGraph, far: Store, names: tuple[str, ...], *, stated: bool
) -> Iterator[tuple[str, Finding]]:
    """Everything that can be asked of an endpoint that holds the snapshot."""
    from lithiokg.conformance import (  # noqa: PLC0415
        DATA_PROBES,
        examine_data,
        examine_graphs,
        examine_probes,
        examine_questions,
    )

    asked = [name for name in names if name in DATA_PROBES] if names else list(DATA_PROBES)
    others = [name for name in names if name not in DATA_PROBES]
    questions = [near.question(name) for name in others] if names else near.questions().values()
    if not names:
        yield "graphs", examine_graphs(near.store.graphs(), far)
    yield from (("probe", finding) for finding in examine_probes(far))
    if not stated:
        yield from (("data", finding) for finding in examine_data(near.store, far, asked))
    found = examine_questions(near.store, far, questions, stated_only=stated)
    yield from (("question", finding) for finding in found)


def _with_data(
    folder: Path, far: KnowledgeGraph, names: tuple[str, ...], *, stated: bool
) -> Iterator[tuple[str, Finding]]:
    """The same of an endpoint that holds the data of a folder, whose answers are known."""
    from lithiokg.conformance import (  # noqa: PLC0415
        EXPECTED,
        STORE,
        examine_expected,
        examine_graphs,
        examine_probes,
        read_expected,
        reference_store,
    )
    from lithiokg.graph import KnowledgeGraph  # noqa: PLC0415

    if stated:  # the answers without inferences are not kept: they are asked of the reference store
        with KnowledgeGraph(reference_store(folder), far.sources) as near:
            yield from _against(near, far.store, names, stated=True)
        return
    expected = read_expected(folder / EXPECTED)
    known = {each.name: each for each in expected.answers}
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            mend = f"did you mean {close[0]!r}?" if close else None
            raise UsageError(f"{folder / EXPECTED} has no answer to {name!r}", mend=mend)
    if not names:
        yield "graphs", examine_graphs(expected.graphs, far.store)
    yield from (("probe", finding) for finding in examine_probes(far.store))
    reference = reference_store(folder) if (folder / STORE).is_dir() else None
    asked = [known[name] for name in names or known]
    for each, finding in zip(asked, examine_expected(asked, far.store, reference), strict=True):
        yield each.kind, finding


def _tell(found: list[tuple[str, Finding]], format_: str, *, everything: bool) -> None:
    shown = [(kind, finding) for kind, finding in found if everything or not finding.right]
    rows = [(kind, f.name, str(f.difference.verdict), _words(f)) for kind, f in shown]
    if rows or format_ != "table":
        click.echo(render(("query", "name", "answer", "what differs"), rows, format_))
    if format_ == "table":
        click.echo(_summary([finding for _, finding in found]))
    if any(not finding.right for _, finding in found):
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _words(finding: Finding) -> str | None:
    difference = finding.difference
    counts = [
        f"{number} {word}"
        for number, word in ((difference.missing, "missing"), (difference.extra, "too many"))
        if number
    ]
    return "; ".join(filter(None, (", ".join(counts), difference.words))) or None


def _summary(findings: list[Finding]) -> str:
    counts = Counter(str(finding.difference.verdict) for finding in findings)
    told = ", ".join(f"{number} {verdict}" for verdict, number in counts.most_common())
    return f"\n{len(findings)} answers: {told}"
