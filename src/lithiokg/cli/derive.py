"""``lithiokg derive``."""

from __future__ import annotations

import click

from lithiokg.cli.session import ENDPOINT, note, sources_in_use
from lithiokg.cli.upload import graph_store_option, piece_option, request_timeout_option

__all__ = ["command"]


@click.command()
@click.argument("url", envvar=ENDPOINT)
@graph_store_option
@piece_option
@request_timeout_option
def command(url: str, *, graph_store: str, piece: float, timeout: float) -> None:
    """Draw the conclusions of what a server holds, and put them there.

    URL is the server's query endpoint. What was stated is read from it, graph by graph and counted, and derived on
    this computer, so that what follows does not hang on the engine. Then the graphs of what was inferred and of the
    closure axioms are replaced there. Nothing is written if the statements contradict the ontology (exit code 1).
    """
    from lithiokg.endpoints import derive_there  # noqa: PLC0415
    from lithiokg.store import GraphStore, RemoteStore  # noqa: PLC0415

    far, to = RemoteStore(url, timeout=timeout), GraphStore(graph_store, timeout=timeout)
    done = derive_there(far, to, sources_in_use(), piece=round(piece * 2**20), told=note)
    click.echo(
        f"read {done.read:,} statements of {far.url}, and put {done.inferred.statements:,} conclusions and "
        f"{done.closures.statements:,} closure axioms there"
    )
