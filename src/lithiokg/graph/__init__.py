"""The public face: open a graph, ask it, and take its facts elsewhere."""

from __future__ import annotations

from lithiokg.graph.answer import Answer
from lithiokg.graph.description import Description, Fact
from lithiokg.graph.knowledge import KnowledgeGraph
from lithiokg.graph.opening import connect, open_graph
from lithiokg.graph.origins import Origins

__all__ = ["Answer", "Description", "Fact", "KnowledgeGraph", "Origins", "connect", "open_graph"]
