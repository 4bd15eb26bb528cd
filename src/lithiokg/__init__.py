"""LithioKG: an OWL knowledge graph of the lithium-metal interface.

>>> import lithiokg
>>> graph = lithiokg.open()                                   # doctest: +SKIP
>>> graph.ask("designs-that-cycled-long-and-hard").to_pandas()  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph, connect
    from lithiokg.graph import open_graph as open  # noqa: A004

__all__ = ["KnowledgeGraph", "__version__", "connect", "open"]

_PUBLIC = {"KnowledgeGraph": "KnowledgeGraph", "connect": "connect", "open": "open_graph"}


def __getattr__(name: str) -> object:
    """Import the public face on first use, so that ``import lithiokg`` costs nothing."""
    if name in _PUBLIC:
        from lithiokg import graph  # noqa: PLC0415

        return getattr(graph, _PUBLIC[name])
    raise AttributeError(f"module 'lithiokg' has no attribute {name!r}")
