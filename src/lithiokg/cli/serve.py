"""``lithiokg serve``."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from lithiokg.cli.session import allow_host_option, bridge_option, note, open_session

__all__ = ["command"]

_MIB = 2**20


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8018,
    show_default=True,
    help="The port to listen on (0: any that is free).",
)
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A name that clients call the server by, beside localhost (repeatable).",
)
@click.option("--open/--no-open", "open_", default=False, help="Open the start page in the browser.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=20.0,
    show_default=True,
    metavar="SECONDS",
    help="Stop a query that takes longer.",
)
@click.option(
    "--max-rows",
    type=click.IntRange(min=1),
    default=500_000,
    show_default=True,
    help="Refuse an answer that has more rows or triples.",
)
@click.option(
    "--max-bytes",
    type=click.IntRange(min=1),
    default=64 * _MIB,
    show_default=True,
    help="Refuse an answer that has more bytes.",
)
@click.option(
    "--workers",
    type=click.IntRange(2, 256),
    help="Processes that answer queries; half of them for short ones.  [default: cores + 2, at least 4]",
)
@click.option(
    "--queue",
    type=click.IntRange(min=1),
    default=1000,
    show_default=True,
    help="Queries that may wait for a worker.",
)
@click.option(
    "--memory",
    type=click.IntRange(min=64),
    default=1024,
    show_default=True,
    metavar="MIB",
    help="Memory that a query may take.",
)
@click.option("--no-cors", is_flag=True, help="Do not let pages of other origins read the endpoints.")
@allow_host_option
@bridge_option
def command(
    *,
    host: str,
    port: int,
    names: tuple[str, ...],
    open_: bool,
    timeout: float,
    max_rows: int,
    max_bytes: int,
    workers: int | None,
    queue: int,
    memory: int,
    no_cors: bool,
    allow_hosts: tuple[str, ...],
    bridge: str | None,
) -> None:
    """Serve the graph: pages for people, a SPARQL endpoint for programs.

    Everything only reads. Stop it with Ctrl-C. See docs/server.md.
    """
    graph = open_session("", allow_hosts, bridge)
    # Only now: the help must not wait for the web server.
    from lithiokg.web.serving import is_loopback, serve  # noqa: PLC0415
    from lithiokg.web.settings import Settings  # noqa: PLC0415

    settings = Settings(
        host=host,
        port=port,
        names=names,
        timeout=timeout,
        max_rows=max_rows,
        max_bytes=max_bytes,
        queue=queue,
        memory=memory * _MIB,
        allow_hosts=frozenset(allow_hosts),
        cors=not no_cors,
    )
    if workers is not None:
        settings = replace(settings, workers=workers)
    if not is_loopback(host):
        called = ", ".join(names) if names else "nothing but localhost: give --name HOST"
        note(
            f"{click.style('note:', fg='yellow')} {host} is open to other computers, without a password; "
            f"clients may call it {called}"
        )

    def started(address: str) -> None:
        # The address alone, for programs that started us; the pipe they read must not keep it back.
        click.echo(address)
        sys.stdout.flush()
        note(f"the SPARQL endpoint is {address}sparql; stop with Ctrl-C")
        if open_:
            click.launch(address)

    with graph:
        serve(graph, settings, started=started)
