"""``lithiokg sparql``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.render import FORMATS, render
from lithiokg.cli.session import (
    allow_host_option,
    bridge_option,
    endpoint_option,
    note,
    open_session,
    stated_option,
    timeout_option,
)
from lithiokg.store import Table

if TYPE_CHECKING:
    import pyoxigraph as ox

    from lithiokg.graph import KnowledgeGraph

__all__ = ["command"]


@click.command()
@click.argument("query", required=False)
@click.option(
    "--file",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the query from a file ('-': standard input).",
)
@click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice([*FORMATS, "ttl"]),
    help="How to write the answer (default: table, and ttl for CONSTRUCT and DESCRIBE).",
)
@click.option("--iris", is_flag=True, help="Write IRIs as CURIEs instead of labels.")
@click.option(
    "--max-rows",
    type=click.IntRange(min=0),
    default=10_000,
    show_default=True,
    help="Cut the answer after so many rows.",
)
@timeout_option
@stated_option
@endpoint_option
@allow_host_option
@bridge_option
def command(
    query: str | None,
    *,
    file: Path | None,
    format_: str | None,
    iris: bool,
    max_rows: int,
    timeout: float,
    stated: bool,
    endpoint: str | None,
    allow_hosts: tuple[str, ...],
    bridge: str | None,
) -> None:
    """Answer a SPARQL 1.1 QUERY (SELECT, ASK, CONSTRUCT or DESCRIBE).

    The prefixes lkg:, lkgi: and the usual ones are declared for you where the query does not.
    CONSTRUCT and DESCRIBE answer in Turtle, or with -f as a table of triples.
    """
    text, name = _text(query, file)
    graph = open_session(endpoint, allow_hosts, bridge)
    # One row more than asked for tells whether the answer was cut; of triples nothing else does.
    answer = graph.sparql(text, stated_only=stated, timeout=timeout, max_rows=max_rows + 1, name=name)
    if isinstance(answer, bool):
        click.echo(_truth(answer, format_))
        return
    cut = len(answer) > max_rows
    if isinstance(answer, list):
        _write_triples(graph, answer[:max_rows], format_, iris=iris)
    elif format_ == "ttl":
        raise click.UsageError("Only the answer to CONSTRUCT or DESCRIBE can be written as ttl.")
    else:
        rows = graph.readable(Table(answer.variables, answer.rows[:max_rows]), iris=iris)
        click.echo(render(answer.variables, rows, format_ or "table"))
        if format_ in {None, "table"}:
            note(f"\n{len(rows):,} row{'' if len(rows) == 1 else 's'}")
    if cut:
        note(f"cut after {max_rows:,} rows; ask for more with --max-rows")


def _truth(answer: bool, format_: str | None) -> str:
    if format_ in {"csv", "tsv", "md"}:
        return render(("answer",), [(answer,)], format_)
    return "true" if answer else "false"


def _write_triples(
    graph: KnowledgeGraph, triples: list[ox.Triple], format_: str | None, *, iris: bool
) -> None:
    if format_ in {None, "ttl"}:
        from lithiokg.export import serialize  # noqa: PLC0415

        click.echo(serialize(triples, "turtle"), nl=False)
        return
    columns = ("subject", "predicate", "object")
    rows = graph.readable(Table(columns, ((t.subject, t.predicate, t.object) for t in triples)), iris=iris)
    click.echo(render(columns, rows, format_ or "table"))


def _text(query: str | None, file: Path | None) -> tuple[str, str]:
    if (query is None) == (file is None):
        raise click.UsageError("Give a query, or a file that holds one with --file.")
    if query is not None:
        return query, "<query>"
    name = "<standard input>" if str(file) == "-" else str(file)
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else Path(str(file)).read_bytes()
        return content.decode("utf-8-sig"), name
    except FileNotFoundError as error:
        raise click.UsageError(f"There is no file {name}.") from error
    except UnicodeDecodeError as error:
        raise click.UsageError(f"{name} is not UTF-8 text: {error.reason} at byte {error.start}.") from error
