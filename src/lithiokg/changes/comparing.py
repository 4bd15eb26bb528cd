"""Compare two states of the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.changes.answers import changed_answers
from lithiokg.changes.inferences import changed_inferences
from lithiokg.changes.model import Changes
from lithiokg.changes.records import changed_records
from lithiokg.changes.terms import changed_terms
from lithiokg.errors import LithioKGError
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    import pyoxigraph as ox

    from lithiokg.changes.states import State

__all__ = ["compare_states"]


def compare_states(old: State, new: State) -> Changes:
    """What differs between two states: records, terms, inferences, and the answers of the saved questions.

    Both are asked the questions of the later state, so that an answer differs for the sake of the facts and
    not of the question.

    Raises:
        LithioKGError: if a state is behind an endpoint.
    """
    import pyoxigraph as ox  # noqa: PLC0415

    before, after = _engine(old), _engine(new)
    records = changed_records(before, after, old, new)
    edits = {ox.NamedNode(each.iri): each.edit for each in records}
    answers, asked = changed_answers(new.graph.questions().values(), old.graph, new.graph)
    return Changes(
        old.name,
        new.name,
        tuple(records),
        tuple(changed_terms(before, after, old.graph, new.graph)),
        tuple(changed_inferences(before, after, old.graph, new.graph, edits)),
        tuple(answers),
        asked,
    )


def _engine(state: State) -> ox.Store:
    if not isinstance(state.graph.store, EmbeddedStore):
        raise LithioKGError(f"{state.name} is behind an endpoint", mend="compare an export of it")
    return state.graph.store.oxigraph
