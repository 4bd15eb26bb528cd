"""``lithiokg verify``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from lithiokg.cli.session import open_session
from lithiokg.errors import ExitCode

__all__ = ["command", "document_option", "source_option"]

source_option = click.option(
    "--source",
    "source",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Plain text of the document (UTF-8).",
)
document_option = click.option(
    "--document",
    default="energymater-2021-21",
    show_default=True,
    metavar="KEY",
    help="Which document it is.",
)


@click.command()
@source_option
@document_option
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(*, source: Path, document: str, format_: str) -> None:
    """Confirm that every figure and key phrase stands in its stated place.

    Any plain text of the document will do: line breaks and white space do not matter. Exit code 1 if
    something does not stand where the graph says.
    """
    from lithiokg.fidelity import SourceText, verify  # noqa: PLC0415
    from lithiokg.vocabulary import ID  # noqa: PLC0415

    text = SourceText.read(source)
    graph = open_session()
    outcome = verify(graph.store, text, f"{ID}work/{document}")
    if format_ == "json":
        from dataclasses import asdict  # noqa: PLC0415

        click.echo(json.dumps([asdict(miss) for miss in outcome.misses], indent=2, ensure_ascii=False))
    else:
        for miss in outcome.misses:
            click.echo(f"{miss}\n    {miss.owner}" if miss.owner else str(miss))
        found = outcome.checked - len(outcome.misses)
        click.echo(
            f"{found:,} of {outcome.checked:,} figures, phrases and references stand where the graph says"
        )
    if outcome.misses:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
