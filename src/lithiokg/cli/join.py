"""``lithiokg join``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.render import format_option, render
from lithiokg.cli.session import endpoint_option, note, open_session, stated_option

__all__ = ["command"]


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--on",
    required=True,
    type=click.Choice(["formula", "inchikey", "doi"]),
    help="What the keys are: formulas or InChIKeys of substances, or DOIs of works.",
)
@click.option("--column", metavar="NAME", help="The column that holds them (default: the one called so).")
@click.option("--lenient", is_flag=True, help="List a key that cannot be read, instead of stopping.")
@format_option
@stated_option
@endpoint_option
def command(
    file: Path,
    *,
    on: str,
    column: str | None,
    lenient: bool,
    format_: str,
    stated: bool,
    endpoint: str | None,
) -> None:
    """Join FILE, a CSV table of yours, with the graph.

    Each row comes back with the substance (or work) that it meets and what the graph says of it; a row that
    meets several stands once for each, one that meets nothing stands there all the same. The columns of the
    graph begin with lkg_; see docs/join.md.
    """
    joined = open_session(endpoint).join(file, on=on, column=column, lenient=lenient, stated_only=stated)
    click.echo(render(joined.columns, joined.rows, format_))
    note(f"\n{joined.summary}" if format_ == "table" else joined.summary)
