"""Plain words to a saved question and its parameters, and to the things they name; no language model.

:meth:`lithiokg.graph.KnowledgeGraph.interpret` and :meth:`lithiokg.graph.KnowledgeGraph.search` are the way in.
"""

from __future__ import annotations

from lithiokg.matching.index import Index, open_index
from lithiokg.matching.interpreting import Matcher
from lithiokg.matching.model import Filled, Interpretation, Interpretations, Recognized
from lithiokg.matching.things import FoundThing, Things, search_things

__all__ = [
    "Filled",
    "FoundThing",
    "Index",
    "Interpretation",
    "Interpretations",
    "Matcher",
    "Recognized",
    "Things",
    "open_index",
    "search_things",
]
