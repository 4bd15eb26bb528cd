"""``lithiokg check``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from lithiokg.cli.session import note, progress, sources_in_use
from lithiokg.errors import ExitCode, LithioKGError

if TYPE_CHECKING:
    from lithiokg.build.pipeline import Built
    from lithiokg.discrepancies import Candidate
    from lithiokg.validation import Report

__all__ = ["command"]


@click.command()
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option("--warnings/--no-warnings", default=True, help="List warnings too.")
@click.option(
    "--hermit", is_flag=True, help="Compare the inferences with HermiT's (extra 'dl'; about a minute)."
)
def command(*, format_: str, warnings: bool, hermit: bool) -> None:
    """Check ontology, data, mappings and questions: syntax, rules, consistency.

    Every problem is listed at once, with file, line, column, the rule and the mend. Exit code 1 if there
    is any problem; warnings alone do not count. Records that may disagree, and that no discrepancy
    records yet, are listed for information.
    """
    from lithiokg.build import SourceProblemsError, assemble  # noqa: PLC0415

    sources = sources_in_use()
    problems: tuple[LithioKGError, ...] = ()
    report: Report | None
    try:
        with progress() as stage:
            built = assemble(sources, stage=stage)
        report = built.report
    except SourceProblemsError as error:
        problems, report, built = error.problems, error.report, None
    possible = [] if built is None else _possible_discrepancies(built)
    absent: list[LithioKGError] = []
    if built is not None:
        from lithiokg.linking import check_mappings, strange_to_data, terms_of  # noqa: PLC0415

        terms = terms_of(built.quads)
        problems += tuple(check_mappings(built.mappings, terms))
        absent = strange_to_data(built.mappings, terms)
    if format_ == "json":
        click.echo(_json(problems, report, possible))
    else:
        click.echo(_text(problems, report, warnings=warnings))
        if possible:
            click.echo("\npossible discrepancies not yet recorded:")
            click.echo("\n".join(f"  {line}" for each in possible for line in str(each).splitlines()))
        if absent:
            things = f"{len(absent)} row{'' if len(absent) == 1 else 's'}"
            click.echo(
                f"\n{things} of ontology/mappings about things that the data do not hold or call otherwise, such as"
            )
            click.echo(f"  {absent[0].place}: {absent[0].message}")
    if problems or (report is not None and not report.conforms):
        raise click.exceptions.Exit(ExitCode.FINDINGS)
    if hermit and built is not None:
        from lithiokg.reasoning import compare_with_hermit  # noqa: PLC0415

        difference = compare_with_hermit(built.quads)
        click.echo(str(difference))
        if not difference.equal:
            raise click.exceptions.Exit(ExitCode.FINDINGS)
    if format_ == "text":
        note("ontology, data, mappings and questions are consistent and break no rule")


def _possible_discrepancies(built: Built) -> list[Candidate]:
    from lithiokg.discrepancies import find_candidates, unrecorded  # noqa: PLC0415
    from lithiokg.store import EmbeddedStore  # noqa: PLC0415

    store = EmbeddedStore.in_memory(built.quads)
    return unrecorded(store, find_candidates(store))


def _text(problems: tuple[LithioKGError, ...], report: Report | None, *, warnings: bool) -> str:
    parts = [str(problem) for problem in problems]
    if problems:
        parts.append(f"{len(problems)} problem{'' if len(problems) == 1 else 's'} in the sources")
    if report is not None:
        from lithiokg.validation import Report  # noqa: PLC0415

        parts.append((report if warnings else Report(report.errors)).as_text())
    return "\n".join(part for part in parts if part)


def _json(problems: tuple[LithioKGError, ...], report: Report | None, possible: list[Candidate]) -> str:
    found: list[dict[str, object]] = [
        {
            "severity": "violation",
            "file": problem.place.file if problem.place else None,
            "line": problem.place.line if problem.place else None,
            "column": problem.place.column if problem.place else None,
            "message": problem.message,
            "mend": problem.mend,
        }
        for problem in problems
    ]
    found += [dict(finding) for finding in report.as_dicts()] if report else []
    found += [candidate.as_dict() for candidate in possible]
    return json.dumps(found, indent=2, ensure_ascii=False)
