"""``lithiokg load``."""

from __future__ import annotations

from pathlib import Path

import click

from lithiokg.cli.session import note, progress, sources_in_use

__all__ = ["command"]


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE...")
@click.option(
    "--into",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The folder of the snapshot; one that is there is replaced once the new one is complete.",
)
@click.option("--add", is_flag=True, help="Keep what is there, and validate and derive only what is added.")
@click.option(
    "--processes",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many validate and derive at a time (one a processor).",
)
def command(files: tuple[Path, ...], *, folder: Path, add: bool, processes: int | None) -> None:
    """Load facts from N-Quads or TriG into a snapshot of their own, for more than memory holds.

    FILEs hold what was stated, one named graph a source, as 'lithiokg export graph --stated -f nquads' or
    'lithiokg conformance --write' writes them. Ontology, mappings and questions are the shipped ones;
    everything is validated, and what follows is derived. Then ask it: lithiokg --snapshot DIR VERB.
    """
    from lithiokg.build import add_to_snapshot, load_snapshot  # noqa: PLC0415

    run = add_to_snapshot if add else load_snapshot
    with progress() as stage:
        done = run(files, folder, sources=sources_in_use(), processes=processes, stage=stage)
    took = sum(done.seconds.values())
    click.echo(
        f"{'added' if add else 'loaded'} {done.statements:,} statements, from which"
        f" {done.conclusions:,} follow, in {took:.1f} s"
    )
    if done.anew:
        note(f"everything was derived anew: {done.anew}")
    if warnings := len(done.report.warnings):
        note(f"{warnings:,} warning{'' if warnings == 1 else 's'}")
    note(f"ask it: lithiokg --snapshot {folder} questions list")
