"""The public face: open a graph, ask it, and take its facts elsewhere."""

from __future__ import annotations

from lithiokg.graph.answer import Answer
from lithiokg.graph.description import Description, Fact
from lithiokg.graph.keeping import ANSWER_LIMIT, keep_answers
from lithiokg.graph.knowledge import KnowledgeGraph
from lithiokg.graph.opening import connect, open_graph
from lithiokg.graph.origins import Origins

__all__ = [
    "ANSWER_LIMIT",
    "Answer",
    "Description",
    "Fact",
    "KnowledgeGraph",
    "Origins",
    "connect",
    "keep_answers",
    "open_graph",
]
