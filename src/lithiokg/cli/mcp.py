"""``lithiokg mcp``."""

from __future__ import annotations

import click

from lithiokg.cli.session import endpoint_option, open_session

__all__ = ["command"]


@click.command()
@endpoint_option
def command(*, endpoint: str | None) -> None:
    """Serve the graph to a language model over the Model Context Protocol.

    The client starts this program and speaks with it on standard input and output; see docs/assistants.md for
    what to write into its configuration. Nothing is sent anywhere else. Needs: pip install "lithiokg[mcp]".
    """
    from lithiokg.mcp import serve  # noqa: PLC0415  # brings the SDK

    serve(open_session(endpoint))
