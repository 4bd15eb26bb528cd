"""``lithiokg diff``."""

from __future__ import annotations

import click

from lithiokg.cli.session import progress, sources_in_use
from lithiokg.errors import ExitCode

__all__ = ["command"]


@click.command()
@click.argument("old")
@click.argument("new", default="current", required=False)
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "md", "json"]), default="text", show_default=True
)
@click.option("--all", "everything", is_flag=True, help="List everything, however much it is.")
@click.option("--exit-code", is_flag=True, help="End with 1 if anything differs.")
def command(*, old: str, new: str, format_: str, everything: bool, exit_code: bool) -> None:
    """Tell what changed between two states of the graph.

    OLD and NEW are snapshots (the first digits of their names), folders (sources, a release, a collection of
    records), files (N-Quads, TriG, JSON-LD), 'shipped', or 'current': the sources in use with the
    collections of --with. Told are the records that were added, withdrawn or corrected, what is inferred
    otherwise, the saved questions that are answered otherwise, and the terms of the ontology.
    """
    from lithiokg.changes import compare_states, open_state, tell  # noqa: PLC0415

    sources = sources_in_use()
    with progress() as stage:
        before, after = (open_state(name, sources, stage=stage) for name in (old, new))
    changes = compare_states(before, after)
    click.echo(tell(changes, format_, limit=None if everything else 3))
    if exit_code and changes:
        raise click.exceptions.Exit(ExitCode.FINDINGS)
