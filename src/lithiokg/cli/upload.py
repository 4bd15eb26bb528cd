"""``lithiokg upload``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lithiokg.cli.session import ENDPOINT, note, open_session
from lithiokg.errors import ExitCode
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.endpoints import Sent
    from lithiokg.store import GraphStore, Store

__all__ = ["GRAPH_STORE", "command", "graph_store_option", "piece_option", "request_timeout_option"]

#: Environment variable that names a graph store, out of sight of those who list processes.
GRAPH_STORE = "LITHIOKG_GRAPH_STORE"

graph_store_option = click.option(
    "--graph-store",
    metavar="URL",
    envvar=GRAPH_STORE,
    show_envvar=True,
    required=True,
    help="Where the server takes graphs (SPARQL 1.1 Graph Store Protocol), such as http://host:7878/store.",
)
piece_option = click.option(
    "--piece",
    type=click.FloatRange(min=0, min_open=True),
    default=8.0,
    show_default=True,
    metavar="MB",
    help="Send larger graphs in several requests of this size.",
)
request_timeout_option = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=600.0,
    show_default=True,
    metavar="SECONDS",
    help="Give up when one request takes longer.",
)


@click.command()
@click.argument("url", envvar=ENDPOINT)
@graph_store_option
@click.option(
    "--data",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="FOLDER",
    help="Send the data that 'lithiokg conformance --write FOLDER' wrote, not the snapshot.",
)
@click.option("--stated", is_flag=True, help="Send only what was stated; see 'lithiokg derive'.")
@click.option("--resume", is_flag=True, help="Pass over graphs of which the server holds as many statements.")
@click.option("--prune", is_flag=True, help="Remove LithioKG's graphs that are not among those sent.")
@piece_option
@request_timeout_option
def command(
    url: str,
    *,
    graph_store: str,
    data: Path | None,
    stated: bool,
    resume: bool,
    prune: bool,
    piece: float,
    timeout: float,
) -> None:
    """Put the graph on a server, named graph by named graph, and count what it holds then.

    URL is the server's query endpoint, which does the counting. Each graph is replaced, so the same upload may be
    made again at any time; graphs that are not LithioKG's are left alone. Exit code 1 if the server holds graphs of
    LithioKG's that were not sent, as an earlier release may have left them (see --prune).
    """
    from lithiokg.endpoints import counted, others, upload  # noqa: PLC0415
    from lithiokg.store import DERIVED_GRAPHS, GraphStore, RemoteStore  # noqa: PLC0415

    far, to = RemoteStore(url, timeout=timeout), GraphStore(graph_store, timeout=timeout)
    held = far.graphs()  # what cannot be reached is told before the snapshot is built
    store = _store(data)
    ours = {name: count for name, count in store.graphs().items() if not (stated and name in DERIVED_GRAPHS)}
    sent = upload(
        store, to, wanted=ours.__contains__, held=held if resume else None, piece=round(piece * 2**20)
    )
    _tell(sent, to)
    left = others(ours, held)
    old = DERIVED_GRAPHS & set(left) if stated and not prune else frozenset()
    left = [name for name in left if name not in old]
    if prune:
        for name in left:
            to.delete(name)
        note(f"removed {len(left)} graphs that were not sent")
    counted(far, ours)
    click.echo(f"{far.url} holds the {len(ours)} graphs with {sum(ours.values()):,} statements")
    if old:
        note("what was inferred there is from before: 'lithiokg derive' replaces it")
    if left and not prune:
        click.echo("It also holds graphs that were not sent:", err=True)
        click.echo("\n".join(f"  {name}" for name in left), err=True)
        click.echo("  mend: remove them with --prune, for questions would read them too", err=True)
        raise click.exceptions.Exit(ExitCode.FINDINGS)


def _store(data: Path | None) -> Store:
    if data is None:
        return open_session("").store
    from lithiokg.conformance import reference_store  # noqa: PLC0415

    return reference_store(data)


def _tell(sent: Iterable[Sent], to: GraphStore) -> None:
    graphs = requests = 0
    for each in sent:
        graphs += bool(each.requests)
        requests += each.requests
        if each.requests:
            name = each.graph.removeprefix(GRAPH)
            note(f"{name}: {each.statements:,} statements, {each.bytes / 2**20:.1f} MB")
        else:
            note(f"{each.graph.removeprefix(GRAPH)}: is there")
    note(f"sent {graphs} graphs in {requests} requests to {to.url}")
