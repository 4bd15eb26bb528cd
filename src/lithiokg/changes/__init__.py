"""What changed between two states of the graph: facts, terms, inferences, and answers."""

from __future__ import annotations

from lithiokg.changes.comparing import compare_states
from lithiokg.changes.model import (
    AnswerChange,
    Changes,
    Edit,
    Inference,
    RecordChange,
    TermChange,
    ValueChange,
)
from lithiokg.changes.states import State, open_state
from lithiokg.changes.telling import CHANGE_FORMATS, tell

__all__ = [
    "CHANGE_FORMATS",
    "AnswerChange",
    "Changes",
    "Edit",
    "Inference",
    "RecordChange",
    "State",
    "TermChange",
    "ValueChange",
    "compare_states",
    "open_state",
    "tell",
]
