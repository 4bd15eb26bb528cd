"""Saved questions that two states answer otherwise."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from lithiokg.changes.model import AnswerChange
from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.questions import Question
    from lithiokg.store import Row, Table

__all__ = ["changed_answers"]


def changed_answers(
    questions: Iterable[Question], before: KnowledgeGraph, after: KnowledgeGraph
) -> tuple[list[AnswerChange], int]:
    """Ask both states the same questions, with their defaults.

    A question that calls another endpoint is not asked.

    Returns:
        The questions whose answers differ, and how many were asked.
    """
    found: list[AnswerChange] = []
    asked = 0
    for question in questions:
        if question.endpoints:
            continue
        asked += 1
        change = _compare(question, before, after)
        if change is not None:
            found.append(change)
    return found, asked


def _compare(question: Question, before: KnowledgeGraph, after: KnowledgeGraph) -> AnswerChange | None:
    tables: list[Table] = []
    for name, graph in (("earlier", before), ("later", after)):
        try:
            tables.append(graph.answer(question).table)
        except LithioKGError as error:
            words = f"the {name} state does not answer it: {error.message}"
            return AnswerChange(question.name, question.question, (), failed=words)
    old, new = tables
    olds, news = Counter(map(_key, old)), Counter(map(_key, new))
    if olds == news:
        if list(map(_key, old)) == list(map(_key, new)):
            return None
        return AnswerChange(question.name, question.question, new.variables, reordered=True)
    gone, come = _rows(old, olds - news), _rows(new, news - olds)
    return AnswerChange(
        question.name,
        question.question,
        new.variables,
        tuple(before.readable(gone)),
        tuple(after.readable(come)),
    )


def _key(row: Row) -> tuple[str, ...]:
    return tuple("" if term is None else str(term) for term in row)


def _rows(table: Table, wanted: Counter[tuple[str, ...]]) -> Table:
    """The rows that are counted, in the order of the table."""
    left = Counter(wanted)
    rows: list[Row] = []
    for row in table:
        if left[_key(row)] > 0:
            left[_key(row)] -= 1
            rows.append(row)
    return type(table)(table.variables, rows)
