"""What every verb does first: open the graph, with progress on a terminal and quiet in a pipe."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lithiokg.graph import KnowledgeGraph

__all__ = ["endpoint_option", "note", "open_session", "progress", "stated_option", "timeout_option"]

#: Seconds that a query of the user's own may take unless ``--timeout`` says otherwise.
DEFAULT_TIMEOUT = 60.0

endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    help="Ask this SPARQL endpoint, which holds LithioKG, instead of the snapshot.",
)
stated_option = click.option(
    "--stated", is_flag=True, help="Answer from what was stated alone, without what was inferred."
)
timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=DEFAULT_TIMEOUT,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query that takes longer.",
)


def _quiet() -> bool:
    context = click.get_current_context(silent=True)
    return bool(context and context.find_root().obj and context.find_root().obj.get("quiet"))


def note(text: str) -> None:
    """Say something beside the answer, on standard error, unless ``--quiet``."""
    if not _quiet():
        click.echo(text, err=True)


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Give a reporter of build stages: one line that is overwritten on a terminal, nothing elsewhere."""
    if _quiet() or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda _stage: None
        return
    told: list[str] = []

    def report(stage: str) -> None:
        told.append(stage)
        click.echo(f"\r\033[Kbuilding the graph: {stage} ...", err=True, nl=False)

    try:
        yield report
    finally:
        if told:
            click.echo("\r\033[K", err=True, nl=False)


def open_session(endpoint: str | None = None) -> KnowledgeGraph:
    """Open the snapshot (building it first where needed) or connect to an endpoint.

    Raises:
        LithioKGError: if the graph cannot be built or opened.
    """
    from lithiokg.graph import connect, open_graph  # noqa: PLC0415

    if endpoint is not None:
        return connect(endpoint)
    with progress() as stage:
        graph = open_graph(stage=stage)
    snapshot = graph.snapshot
    if snapshot is not None and snapshot.stale_because is not None:
        note(
            f"{click.style('note:', fg='yellow')} the sources do not build now, so the last good snapshot "
            f"({snapshot.key}) answers; see 'lithiokg check'"
        )
    return graph
