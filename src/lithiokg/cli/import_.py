"""``lithiokg import``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.session import note, progress, sources_in_use
from lithiokg.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lithiokg.intake import IntakeError, Taken

__all__ = ["command"]

_SHOWN = 12
_FILES = 24
_WORDS = {"new": "new", "changed": "changed", "same": "as it is", "removed": "removed"}


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--into",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Your collection; made if need be.",
)
@click.option("--source", metavar="NAME", help="Name of the source in it (default: the name of the file).")
@click.option(
    "--dry-run", is_flag=True, help="Write nothing; say what would be written, and what would follow."
)
@click.option(
    "--replace", "replace_own", is_flag=True, help="Let records change that an earlier import wrote."
)
@click.option(
    "-f", "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True
)
def command(
    files: tuple[Path, ...], *, into: Path, source: str | None, dry_run: bool, replace_own: bool, format_: str
) -> None:
    """Take in FILES: a filled-in template (.xlsx, .csv), or works from a bibliography (.bib, .ris, CSL .json).

    Every problem is listed at once, with sheet, row, column, the rule and the mend (exit code 1), and nothing is
    written unless the whole graph builds with the new records in it. See docs/add-a-paper.md.
    """
    from lithiokg.intake import IntakeError, take_in  # noqa: PLC0415  # nothing else needs it

    sources = sources_in_use()
    try:
        with progress() as stage:
            taken = take_in(
                files,
                sources=replace(sources),
                into=into,
                source=source,
                replace_own=replace_own,
                dry_run=dry_run,
                stage=stage,
            )
    except IntakeError as error:
        if format_ == "json":
            click.echo(_problems(error))
        else:
            click.echo(str(error))
        raise click.exceptions.Exit(ExitCode.FINDINGS) from None
    click.echo(_json(taken) if format_ == "json" else "\n".join(_told(taken, into, dry_run=dry_run)))
    if taken.written:
        note(f"\nnow: lithiokg --with {into} show NAME")


def _told(taken: Taken, into: Path, *, dry_run: bool) -> Iterator[str]:
    if taken.unchanged:
        yield "already there, nothing changed"
        return
    counts = ", ".join(
        f"{number} {name.removesuffix('s') if number == 1 else name}" for name, number in taken.counts.items()
    )
    yield f"{'would write' if dry_run else 'wrote'} {counts} as the source {taken.target.source}"
    yield from _some([f"{into}/{path}  ({_WORDS[state]})" for path, state in taken.files.items()], _FILES)
    for title, lines in (
        ("changes what was imported before (needs --replace)" if dry_run else "changed", taken.changes),
        ("remarks", taken.notes),
        ("may contradict what is there (both are kept; see 'lithiokg check')", taken.disagreements),
    ):
        if lines:
            yield f"\n{title}:"
            yield from _some(lines, _SHOWN)
    if taken.derived:
        yield f"\n{'would follow' if dry_run else 'follows'}:"
        for path, labels in list(taken.derived.items())[: 2 * _SHOWN]:
            yield f"  {taken.labels.get(path, path)}: {', '.join(labels)}"
        if len(taken.derived) > 2 * _SHOWN:
            yield f"  ... and more of {len(taken.derived) - 2 * _SHOWN} others"


def _some(lines: Sequence[str], shown: int) -> Iterator[str]:
    """The first of some lines, and how many more there are."""
    for line in lines[:shown]:
        yield "  " + line.replace("\n", "\n  ")
    if len(lines) > shown:
        yield f"  ... and {len(lines) - shown} more"


def _json(taken: Taken) -> str:
    content = {
        "source": taken.target.source,
        "written": taken.written,
        "files": taken.files,
        "records": taken.counts,
        "changes": taken.changes,
        "notes": taken.notes,
        "disagreements": taken.disagreements,
        "derived": taken.derived,
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def _problems(error: IntakeError) -> str:
    found = [
        {
            "message": problem.message,
            "mend": problem.mend,
            "file": problem.place.file if problem.place else None,
            "sheet": getattr(problem.place, "sheet", None) or None,
            "row": problem.place.line if problem.place else None,
            "column": problem.place.column if problem.place else None,
            "heading": getattr(problem.place, "heading", None) or None,
        }
        for problem in error.problems
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)
