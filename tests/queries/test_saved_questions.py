"""Every saved question keeps the house rules, answers as expected, and answers alike in rdflib."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.questions import check_expectation, lint
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import rdflib

    from lithiokg.names import NameIndex
    from lithiokg.questions import Question
    from lithiokg.store import EmbeddedStore

FOLDER = Path(__file__).parents[2] / "queries"
TEXTS = {path.stem: path.read_text("utf-8") for path in sorted(FOLDER.glob("*/*.rq"))}
every_question = pytest.mark.parametrize("name", sorted(TEXTS))
#: Those that call no other endpoint; the others are asked in tests/remote.
every_question_of_the_graph_alone = pytest.mark.parametrize(
    "name", sorted(name for name, text in TEXTS.items() if "SERVICE" not in text)
)


def test_there_are_questions_on_every_topic(questions: Mapping[str, Question]) -> None:
    assert len(questions) >= 85
    assert {question.topic for question in questions.values()} == {
        "chemistry",
        "claims",
        "comparison",
        "composition",
        "coverage",
        "cycling",
        "efficiency",
        "evidence",
        "figures",
        "interfaces",
        "linking",
        "mechanisms",
        "polarization",
        "resistance",
        "strategies",
    }


@every_question
def test_a_question_keeps_the_house_rules(name: str, questions: Mapping[str, Question]) -> None:
    assert lint(questions[name]) == []


@every_question_of_the_graph_alone
def test_a_question_says_what_its_answer_must_contain(name: str, questions: Mapping[str, Question]) -> None:
    expect = questions[name].expect
    assert expect.empty or expect.rows is not None
    assert expect.empty or len(expect.contains) >= 2


@every_question_of_the_graph_alone
def test_the_answer_is_as_expected(
    name: str, questions: Mapping[str, Question], answer: Callable[[str], Table], names: NameIndex
) -> None:
    question = questions[name]
    assert check_expectation(question, answer(question.text), names.label) == []


@every_question_of_the_graph_alone
def test_no_row_stands_twice_and_the_order_is_total(
    name: str, questions: Mapping[str, Question], answer: Callable[[str], Table], shuffled: EmbeddedStore
) -> None:
    text = questions[name].text
    rows = list(answer(text))
    assert len(set(rows)) == len(rows)
    again = shuffled.query(text)
    assert isinstance(again, Table)
    assert rows == list(again)


@every_question
def test_a_measured_value_has_its_unit_beside_it(name: str, questions: Mapping[str, Question]) -> None:
    columns = questions[name].expect.columns
    measured = {"value", "before", "after", "resistance", "hours", "polarization", "efficiency", "cycles"}
    if measured & set(columns) and "comparator" in columns:
        assert "unit" in columns


@every_question_of_the_graph_alone
def test_rdflib_gives_the_same_answer_to_the_same_text(
    name: str,
    questions: Mapping[str, Question],
    answer: Callable[[str], Table],
    dataset: rdflib.Dataset,
    rows_of: Callable[..., object],
) -> None:
    text = questions[name].text
    table = answer(text)
    result = dataset.query(text)
    assert tuple(str(variable) for variable in result.vars or ()) == table.variables
    assert rows_of(result) == rows_of(table)
