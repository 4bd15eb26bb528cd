"""``lithiokg conformance``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import format_option, render
from lithiokg.cli.session import DEFAULT_TIMEOUT, ENDPOINT, open_session, stated_option
from lithiokg.errors import ExitCode

if TYPE_CHECKING:
    from lithiokg.conformance import Finding

__all__ = ["command"]


@click.command()
@click.argument("url", envvar=ENDPOINT)
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
def command(
    url: str, *, names: tuple[str, ...], everything: bool, timeout: float, stated: bool, format_: str
) -> None:
    """Tell whether the engine at URL answers as the snapshot does, query by query.

    The endpoint must hold an export of this very snapshot (see docs/remote.md). Asked are queries that
    need no data and whose answers are known, then all saved questions with their default parameters.
    Exit code 1 if an answer differs in its columns, rows, values, types or order.
    """
    from lithiokg.conformance import examine_probes, examine_questions  # noqa: PLC0415
    from lithiokg.graph import connect  # noqa: PLC0415

    with open_session("") as near, connect(url, timeout=timeout) as far:
        far.store.query("ASK { ?s ?p ?o }")  # what cannot be reached, or holds nothing, is told once
        questions = [near.question(name) for name in names] if names else near.questions().values()
        found = [
            *(("probe", finding) for finding in examine_probes(far.store)),
            *(
                ("question", finding)
                for finding in examine_questions(near.store, far.store, questions, stated_only=stated)
            ),
        ]
    shown = [(kind, finding) for kind, finding in found if everything or not finding.right]
    rows = [(kind, f.name, str(f.difference.verdict), _words(f)) for kind, f in shown]
    if rows or format_ != "table":
        click.echo(render(("query", "name", "answer", "what differs"), rows, format_))
    wrong = sum(not finding.right for _, finding in found)
    if format_ == "table":
        click.echo(_summary([finding for _, finding in found]))
    if wrong:
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
