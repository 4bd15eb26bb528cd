"""What every verb does first: open the graph, with progress on a terminal and quiet in a pipe."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from lithiokg.errors import UsageError
from lithiokg.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources

__all__ = [
    "DEFAULT_TIMEOUT",
    "ENDPOINT",
    "allow_host_option",
    "bridge_option",
    "endpoint_option",
    "note",
    "open_session",
    "progress",
    "sources_in_use",
    "stated_option",
    "timeout_option",
]

#: Environment variable that names an endpoint, out of sight of those who list processes.
ENDPOINT = "LITHIOKG_ENDPOINT"
#: Seconds that a query of the user's own may take unless ``--timeout`` says otherwise.
DEFAULT_TIMEOUT = 60.0

endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    envvar=ENDPOINT,
    show_envvar=True,
    help="Ask this SPARQL endpoint, which holds LithioKG, instead of the snapshot.",
)
allow_host_option = click.option(
    "--allow-host",
    "allow_hosts",
    multiple=True,
    metavar="HOST",
    help="Let SERVICE call this host, such as example.org or localhost:7878 (repeatable).",
)
bridge_option = click.option(
    "--bridge",
    metavar="NAME",
    help="Make our things members of another ontology's classes too: emmo or pmdco (see docs/mappings.md).",
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


def sources_in_use() -> Sources:
    """The written sources, with the collections that ``--with`` (or ``LITHIOKG_WITH``) names.

    Raises:
        LithioKGError: see :func:`lithiokg.sources.find_sources`.
    """
    context = click.get_current_context(silent=True)
    options = (context.find_root().obj if context else None) or {}
    return find_sources(options.get("collections") or None)


def _snapshot_in_use() -> str | None:
    """The folder that ``--snapshot`` (or ``LITHIOKG_SNAPSHOT``) names."""
    context = click.get_current_context(silent=True)
    return ((context.find_root().obj if context else None) or {}).get("snapshot")


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


def open_session(
    endpoint: str | None = None, allow_hosts: Collection[str] = (), bridge: str | None = None
) -> KnowledgeGraph:
    """Open the snapshot (building it first where needed) or connect to an endpoint.

    Args:
        endpoint: the address of an endpoint; empty for the snapshot whatever the environment says.
        allow_hosts: hosts that ``SERVICE`` may call.
        bridge: a bridge to another ontology to apply to the snapshot.

    Raises:
        UsageError: if there is no such bridge, or one is asked for of an endpoint.
        LithioKGError: if the graph cannot be built or opened.
    """
    from lithiokg.graph import connect, open_graph  # noqa: PLC0415

    if endpoint and bridge:
        raise UsageError(
            "a bridge is applied to the snapshot, not to an endpoint", mend="leave one of the two out"
        )
    if endpoint:
        return connect(endpoint, allow_hosts=allow_hosts)
    sources = sources_in_use()
    if endpoint is None and os.environ.get(ENDPOINT):
        note(f"this verb answers from the snapshot, not from the endpoint that {ENDPOINT} names")
    with progress() as stage:
        graph = open_graph(
            sources, snapshot=_snapshot_in_use(), allow_hosts=allow_hosts, bridge=bridge, stage=stage
        )
    snapshot = graph.snapshot
    if snapshot is not None and snapshot.stale_because is not None:
        note(
            f"{click.style('note:', fg='yellow')} the sources do not build now, so the last good snapshot "
            f"({snapshot.key}) answers; see 'lithiokg check'"
        )
    return graph
