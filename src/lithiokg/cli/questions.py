"""``lithiokg questions list | show | run | test``."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import format_option, readable, render, width
from lithiokg.cli.session import (
    allow_host_option,
    endpoint_option,
    note,
    open_session,
    progress,
    sources_in_use,
    stated_option,
    timeout_option,
)
from lithiokg.errors import ExitCode, LithioKGError, UsageError, printable
from lithiokg.vocabulary import expand

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.questions import Question

__all__ = ["command"]

param_option = click.option(
    "-p", "--param", "parameters", multiple=True, metavar="NAME=VALUE", help="Set a parameter (repeatable)."
)


#: What stands before a question that passed, whose answer the user's own records change, that failed, and that
#: was not tested.
_MARKS = {
    "passed": click.style("ok  ", fg="green"),
    "changed": click.style("own ", fg="cyan"),
    "failed": click.style("FAIL", fg="red"),
    "untested": click.style("--  ", fg="yellow"),
}
#: So many rows that a collection changes in an answer are shown.
_CHANGED_ROWS = 3


@click.group()
def command() -> None:
    """List, show, run and test the saved questions."""


@command.command("list")
@click.option("--topic", help="Only this topic.")
@click.option("--tag", help="Only those with this tag.")
@format_option
def list_(*, topic: str | None, tag: str | None, format_: str) -> None:
    """List the saved questions."""
    from lithiokg.questions import load_questions  # noqa: PLC0415

    questions = load_questions(*sources_in_use().question_folders).values()
    chosen = [q for q in questions if topic in {None, q.topic} and (tag is None or tag in q.tags)]
    if not chosen:
        topics = ", ".join(sorted({q.topic for q in questions}))
        raise UsageError("no saved question fits", mend=f"topics are: {topics}")
    if format_ != "table":
        click.echo(
            render(("topic", "name", "question"), [(q.topic, q.name, q.question) for q in chosen], format_)
        )
        return
    for name in sorted({q.topic for q in chosen}):
        click.echo(click.style(name, bold=True))
        for q in chosen:
            if q.topic == name:
                click.echo(f"  {q.name}")
                click.echo(textwrap.indent(textwrap.fill(q.question, width() - 6), " " * 6))
    note(f"\n{len(chosen)} questions; 'lithiokg questions run NAME' answers one")


@command.command()
@click.argument("name")
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to write it.",
)
def show(name: str, *, format_: str) -> None:
    """Show a saved question: what it asks, its parameters and its SPARQL."""
    from lithiokg.questions import find_question  # noqa: PLC0415

    question = find_question(name, *sources_in_use().question_folders)
    rows = [(p.name, p.type, p.label, _default(p.default)) for p in question.params.values()]
    if format_ == "json":
        import json  # noqa: PLC0415

        named = ("name", "topic", "title", "question", "description", "tags", "text")
        parameters = [dict(zip(("name", "type", "label", "default"), row, strict=True)) for row in rows]
        content = {field: getattr(question, field) for field in named} | {"parameters": parameters}
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    click.echo(click.style(question.title, bold=True))
    click.echo(textwrap.fill(question.question, width()) + "\n")
    click.echo(textwrap.fill(question.description, width()))
    if rows:
        click.echo("\nParameters (set with --param NAME=VALUE)\n")
        click.echo(render(("name", "type", "what it is", "default"), rows, "table"))
    if question.endpoints:
        click.echo("\nIt calls another endpoint, whose host you allow with --allow-host HOST.")
    # The header has just been shown in words.
    query = [line for line in question.text.splitlines() if not line.startswith("#+")]
    click.echo("\n" + "\n".join(query).strip())


def _default(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _plot_file(_context: click.Context, _parameter: click.Parameter, value: str | None) -> Path | None:
    """The file of a plot, refused before anything runs where no plot can be written so."""
    if value is None:
        return None
    from lithiokg.plots import check_suffix  # noqa: PLC0415  # only a plot needs it

    return check_suffix(value)


plot_option = click.option(
    "--plot",
    "plot_file",
    metavar="FILE",
    callback=_plot_file,
    help="Draw the answer into this file, which ends in .svg, .png or .html, instead of writing it out.",
)


@command.command()
@click.argument("name")
@param_option
@format_option
@plot_option
@click.option("--iris", is_flag=True, help="Write things as CURIEs instead of labels.")
@timeout_option
@stated_option
@endpoint_option
@allow_host_option
def run(
    name: str,
    *,
    parameters: tuple[str, ...],
    format_: str,
    plot_file: Path | None,
    iris: bool,
    timeout: float,
    stated: bool,
    endpoint: str | None,
    allow_hosts: tuple[str, ...],
) -> None:
    """Answer a saved question."""
    values = _assignments(parameters)
    graph = open_session(endpoint, allow_hosts)
    if plot_file is not None:
        from lithiokg.plots import spec_of  # noqa: PLC0415  # only a plot needs it

        spec_of(graph.question(name), graph.questions)
    answer = graph.ask(name, stated_only=stated, timeout=_limit(graph, timeout), **values)
    if plot_file is not None:
        note(f"drawn in {answer.plot().save(plot_file)} ({len(answer)} row{'' if len(answer) == 1 else 's'})")
        return
    if format_ == "table":
        given = _given(graph, answer.question, answer.parameters)
        note(click.style(answer.question.question, bold=True) + given + "\n")
    click.echo(render(*readable(answer, format_, iris=iris), format_))
    if format_ == "table":
        note(f"\n{len(answer)} row{'' if len(answer) == 1 else 's'}")


def _limit(graph: KnowledgeGraph, timeout: float) -> float | None:
    """No child process for the default limit: the library's own questions end at once, unless the graph is large."""
    context = click.get_current_context()
    source = context.get_parameter_source("timeout")
    return graph.patience if source is click.core.ParameterSource.DEFAULT else timeout


def _given(graph: KnowledgeGraph, question: Question, given: Mapping[str, object]) -> str:
    """The parameters of the answer in brackets, things by their labels."""
    values = {name: given.get(name, parameter.default) for name, parameter in question.params.items()}
    shown = (f"{name.replace('-', ' ')}: {_words(graph, value)}" for name, value in values.items())
    return printable(f"  ({', '.join(shown)})") if values else ""


def _words(graph: KnowledgeGraph, value: object) -> str:
    if isinstance(value, list | tuple):
        return " and ".join(_words(graph, each) for each in value)
    return graph.names.label(expand(value)) if isinstance(value, str) and ":" in value else str(value)


def _assignments(parameters: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for text in parameters:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"'{text}' is not NAME=VALUE.")
        if name in found:
            raise click.UsageError(f"Parameter '{name}' is given twice.")
        found[name] = value
    return found


@command.command()
@click.argument("names", nargs=-1)
@param_option
@format_option
@endpoint_option
@allow_host_option
def test(
    names: tuple[str, ...],
    *,
    parameters: tuple[str, ...],
    format_: str,
    endpoint: str | None,
    allow_hosts: tuple[str, ...],
) -> None:
    """Run saved questions (all unless named) and compare each with its expected answer.

    With --with, an answer that your records change is told with the rows they change and does not fail: a shipped
    question expects what the shipped records say, and is tested on those. A question that calls another endpoint
    is tested only where --param names one. Exit code 1 if one answers otherwise.
    """
    values = _assignments(parameters)
    graph = open_session(endpoint, allow_hosts)
    chosen = [graph.question(name) for name in names] if names else list(graph.questions().values())
    values = _fitting(values, chosen)
    found = [(question, *_verdict(graph, question, values)) for question in chosen]
    if graph.origins:
        found = _told_apart(graph, found, values)
    counts = Counter(verdict for _, verdict, _ in found)
    if format_ == "table":
        for question, verdict, sentences in found:
            click.echo(f"{_MARKS[verdict]}  {question.topic}/{question.name}")
            for sentence in sentences:
                click.echo(textwrap.indent(textwrap.fill(sentence, width() - 6), " " * 6))
        changed = f", {counts['changed']} changed by your records" if counts["changed"] else ""
        skipped = f", {counts['untested']} not tested" if counts["untested"] else ""
        click.echo(f"\n{counts['passed']} passed, {counts['failed']} failed{changed}{skipped}")
        if changed:
            note("all rows: lithiokg --with DIR diff shipped --all")
    else:
        passed = {"passed": True, "changed": True, "failed": False, "untested": None}
        rows = [(q.topic, q.name, passed[verdict], " ".join(said) or None) for q, verdict, said in found]
        click.echo(render(("topic", "name", "passed", "differences"), rows, format_))
    if counts["failed"]:
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _told_apart(
    graph: KnowledgeGraph, found: list[tuple[Question, str, list[str]]], values: Mapping[str, object]
) -> list[tuple[Question, str, list[str]]]:
    """The same verdicts, where those that fail only because of the user's records say so."""
    from dataclasses import replace  # noqa: PLC0415

    from lithiokg.graph import open_graph  # noqa: PLC0415

    sources = graph.sources
    failed = [question for question, verdict, _ in found if verdict == "failed"]
    if not any(question.path.is_relative_to(sources.queries) for question in failed):
        return found
    with progress() as stage, open_graph(replace(sources, collections=()), stage=stage) as shipped:
        told = []
        for question, verdict, said in found:
            if verdict == "failed" and question.path.is_relative_to(sources.queries):
                before, as_shipped = _verdict(shipped, question, values)
                verdict, said = (  # noqa: PLW2901  # what is told of it
                    ("changed", _changed(question, shipped, graph))
                    if before == "passed"
                    else ("failed", [*as_shipped, "It fails on the shipped records, too."])
                )
            told.append((question, verdict, said))
    return told


def _changed(question: Question, shipped: KnowledgeGraph, graph: KnowledgeGraph) -> list[str]:
    """Which rows of an answer a collection changes."""
    from lithiokg.changes.answers import changed_answers  # noqa: PLC0415

    changes, _ = changed_answers([question], shipped, graph)
    said = ["It is as expected on the shipped records; your records change the answer:"]
    for change in changes:
        if change.failed:
            said.append(change.failed)
        for sign, rows in (("-", change.before), ("+", change.after)):
            said += [f"{sign} {' | '.join(map(str, filter(None, row)))}" for row in rows[:_CHANGED_ROWS]]
            if len(rows) > _CHANGED_ROWS:
                said.append(f"{sign} and {len(rows) - _CHANGED_ROWS} more")
    return said


def _fitting(values: dict[str, object], chosen: Sequence[Question]) -> dict[str, object]:
    """The values given, each of which must be for a question that is tested."""
    for name in values:
        if not any(name in question.params for question in chosen):
            raise click.UsageError(f"None of the questions has a parameter '{name}'.")
    return values


def _verdict(
    graph: KnowledgeGraph, question: Question, values: Mapping[str, object]
) -> tuple[str, list[str]]:
    """Whether a question ``passed``, ``failed`` or stays ``untested``, and what there is to say."""
    from lithiokg.questions import check_expectation, lint  # noqa: PLC0415

    label = graph.names.label  # an endpoint that is not there is told once, not with each question
    missing = [name for name in question.endpoints if name not in values]
    if missing:
        wanted = " ".join(f"--param {name}=URL" for name in missing)
        return "untested", [f"It needs an endpoint: {wanted} --allow-host HOST"]
    given = {name: value for name, value in values.items() if name in question.params}
    try:
        answer = graph.ask(question.name, stated_only=False, timeout=None, **given)
    except LithioKGError as error:
        return "failed", [*lint(question), error.message]
    failures = [*lint(question), *check_expectation(question, answer.table, label)]
    return "failed" if failures else "passed", failures
