"""``lithiokg new``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.session import note, sources_in_use

__all__ = ["command"]


@click.command()
@click.argument("kind", type=click.Choice(["work", "design", "substance"]))
@click.argument("name")
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your collection; made if need be.",
)
@click.option(
    "--source", metavar="NAME", help="The source in it (default: a new one for a work, else the only one)."
)
def command(kind: str, name: str, *, into: Path, source: str | None) -> None:
    """Begin a work, a design or a substance called NAME: a commented YAML file with places to fill in.

    'lithiokg --with DIR check' then says what is still to be filled in, and what is wrong. To enter a whole paper
    in a spreadsheet instead, see 'lithiokg template'.
    """
    from lithiokg.intake import begin  # noqa: PLC0415  # nothing else needs it

    begun = begin(kind, name, into, source, sources_in_use())
    click.echo(str(begun.path))
    note(f"{begun.places} places to fill in; then: lithiokg --with {into} check")
