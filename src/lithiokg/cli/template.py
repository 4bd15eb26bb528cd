"""``lithiokg template``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.session import note, sources_in_use
from lithiokg.errors import UsageError

__all__ = ["command"]


@click.command()
@click.argument("kinds", nargs=-1, metavar="[KIND]...")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="Write this .xlsx file, or with one KIND this .csv file.",
)
@click.option("--force", is_flag=True, help="Write over a file that is there.")
def command(kinds: tuple[str, ...], *, output: Path, force: bool) -> None:
    """Write an empty spreadsheet to enter a paper: a sheet a kind of record, with hints, examples and lists.

    Without a KIND, the sheets by which a whole paper is entered. 'lithiokg template all' has every sheet there is,
    and 'lithiokg template schema -o records.schema.json' writes the JSON Schema of the YAML files instead.
    """
    from lithiokg.intake import write_template  # noqa: PLC0415  # nothing else needs it

    if output.exists() and not force:
        raise UsageError(f"{output} is there already", mend="choose another name, or add --force")
    sheets = write_template(output, kinds, sources_in_use())
    note(f"wrote {output}" + (f": {', '.join(sheets)}" if sheets else ""))
