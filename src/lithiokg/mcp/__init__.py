"""The graph for language models: an MCP server whose tools are the saved questions, search, reasons and what-if.

It needs the official SDK, the extra ``lithiokg[mcp]``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

__all__ = ["serve"]


def serve(graph: KnowledgeGraph) -> None:
    """Serve a graph on standard input and output until the client goes.

    Raises:
        LithioKGError: if the SDK is not installed.
    """
    try:
        from lithiokg.mcp.server import create_server  # noqa: PLC0415  # brings the SDK
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"mcp", "mcp_types", "pydantic"}:
            raise
        raise LithioKGError(
            "the Model Context Protocol needs its SDK, which is not installed",
            mend='install it: pip install "lithiokg[mcp]"',
        ) from error
    create_server(graph).run("stdio")
