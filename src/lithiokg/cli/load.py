"""``lithiokg load``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.session import note, progress, sources_in_use

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lithiokg.errors import LithioKGError

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
@click.option(
    "--answers",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="How long each saved question may take to be answered once, so that it answers at once from then on"
    " (60; with --add 0, which answers none).",
)
def command(
    files: tuple[Path, ...], *, folder: Path, add: bool, processes: int | None, answers: float | None
) -> None:
    """Load facts from N-Quads or TriG into a snapshot of their own, for more than memory holds.

    FILEs hold what was stated, one named graph a source, as 'lithiokg export graph --stated -f nquads' or
    'lithiokg conformance --write' writes them. Ontology, mappings and questions are the shipped ones;
    everything is validated, and what follows is derived. Then ask it: lithiokg --snapshot DIR VERB.
    """
    from lithiokg.build import add_to_snapshot, load_snapshot  # noqa: PLC0415
    from lithiokg.graph import ANSWER_LIMIT  # noqa: PLC0415

    run = add_to_snapshot if add else load_snapshot
    limit = answers if answers is not None else 0.0 if add else ANSWER_LIMIT
    with progress() as stage:
        done = run(files, folder, sources=sources_in_use(), processes=processes, stage=stage)
        begin = time.perf_counter()
        answered = _answer(folder, limit, processes, stage) if limit else {}
        answering = time.perf_counter() - begin
    took = sum(done.seconds.values())
    click.echo(
        f"{'added' if add else 'loaded'} {done.statements:,} statements, from which"
        f" {done.conclusions:,} follow, in {took:.1f} s"
    )
    if done.anew:
        note(f"everything was derived anew: {done.anew}")
    if warnings := len(done.report.warnings):
        note(f"{warnings:,} warning{'' if warnings == 1 else 's'}")
    if answered:
        _tell(answered, answering)
    note(f"ask it: lithiokg --snapshot {folder} questions list")


def _answer(
    folder: Path, limit: float, processes: int | None, stage: Callable[[str], None]
) -> Mapping[str, LithioKGError | None]:
    from lithiokg.graph import keep_answers, open_graph  # noqa: PLC0415

    with open_graph(sources_in_use(), snapshot=folder) as graph:
        return keep_answers(graph, limit=limit, processes=processes, told=stage)


def _tell(answered: Mapping[str, LithioKGError | None], took: float) -> None:
    open_: dict[str, list[str]] = {}
    for name, error in sorted(answered.items()):
        if error is not None:
            open_.setdefault(error.message, []).append(name)
    done = len(answered) - sum(map(len, open_.values()))
    note(
        f"answered {done} saved question{'' if done == 1 else 's'} in {took:.1f} s, which answer at once from now on"
    )
    for why, names in open_.items():
        note(f"no answer is kept of {', '.join(names)}: {why}")
