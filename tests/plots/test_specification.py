"""The field ``plot`` of a header: what is wrong is refused with its place, before anything is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lithiokg.errors import SourceError
from lithiokg.questions import check_expectation
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.plots import Plot

WRONG = {
    "a kind that there is not": (
        "design, value",
        "{kind: pie, label: design, value: value}",
        "the plot has the unknown kind 'pie'; known are dumbbell, bar, strip, scatter, bubble, heatmap",
        "pie",
    ),
    "a column that there is not": (
        "design, value",
        "{kind: bar, label: design, value: size}",
        "value is 'size', which is not a column of the answer",
        "size",
    ),
    "a role that is missing": (
        "design, value",
        "{kind: scatter, label: design, x: value}",
        "a scatter plot needs y:, a column of the answer",
        "{kind",
    ),
    "a field that there is not": (
        "design, value",
        "{kind: bar, label: design, value: value, colour: design}",
        "a bar plot has no field 'colour'",
        "design}",
    ),
    "figures of two units on one axis": (
        "design, value, unit",
        "{kind: strip, label: design, value: value}",
        "figures in two units would share an axis",
        "{kind",
    ),
    "bars that do not begin at 0": (
        "design, value",
        "{kind: bar, label: design, value: value, log: value}",
        "'value' cannot be a logarithmic axis: a bar plot has none, as it begins at 0",
        "value}",
    ),
    "half a range": (
        "design, value, low",
        "{kind: strip, label: design, value: value, low: low}",
        "a range needs both low: and high:",
        "{kind",
    ),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_bad_specification_is_refused_with_its_place(what: str, question: Callable[..., object]) -> None:
    columns, plot, message, culprit = WRONG[what]
    column = len("#+ plot: ") + plot.index(culprit) + 1
    with pytest.raises(SourceError) as refused:
        question(columns, plot)
    assert message in str(refused.value)
    assert f"queries/topic/which-things.rq:8:{column}: " in str(refused.value)


def test_an_axis_of_words_is_refused_where_the_header_shows_one(question: Callable[..., object]) -> None:
    with pytest.raises(SourceError, match="x needs numbers, and the column design holds 'lkgi:design/a'"):
        question(
            "design, value",
            "{kind: scatter, label: design, x: design, y: value}",
            '[{design: "lkgi:design/a", value: 1}]',
        )


def test_several_mistakes_are_told_at_once(question: Callable[..., object]) -> None:
    with pytest.raises(SourceError) as refused:
        question("design, value", "{kind: bar, label: a, value: b}")
    assert "label is 'a'" in str(refused.value)
    assert "value is 'b'" in str(refused.value)


def test_an_answer_with_words_on_an_axis_is_not_as_expected(plot_of: Callable[..., Plot]) -> None:
    plot = plot_of("design, value", "{kind: bar, label: design, value: value}", [("a", "many")])
    (sentence,) = check_expectation(plot.question, plot.table, str)
    assert sentence == "The plot takes value for value, which needs numbers and holds 'many'."


def test_all_kinds_are_in_use_and_all_answers_can_be_drawn(graph: KnowledgeGraph) -> None:
    plotted = [question for question in graph.questions().values() if question.plot]
    assert {question.plot.kind for question in plotted if question.plot} == {
        "dumbbell",
        "bar",
        "strip",
        "scatter",
        "bubble",
        "heatmap",
    }
    for question in plotted:
        table = graph.store.query(question.text)
        assert isinstance(table, Table)
        assert not [said for said in check_expectation(question, table, str) if "The plot" in said]
