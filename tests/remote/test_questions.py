"""The whole library of questions on a real server: row by row what the snapshot answers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.questions import check_expectation

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

FOLDER = Path(__file__).parents[2] / "queries"
NAMES = sorted(path.stem for path in FOLDER.glob("*/*.rq") if "SERVICE" not in path.read_text("utf-8"))


def test_there_is_a_library_to_ask() -> None:
    assert len(NAMES) >= 94


@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_answers_as_the_snapshot_does_and_as_expected(
    name: str, graph: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    far = remote.ask(name)
    # Columns, rows, their order, and each value with its type.
    assert far.table == graph.ask(name).table
    assert check_expectation(far.question, far.table, remote.names.label) == []


@pytest.mark.parametrize("name", NAMES[::8])
def test_an_endpoint_can_answer_from_what_was_stated_alone(
    name: str, graph: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    assert remote.ask(name, stated_only=True).table == graph.ask(name, stated_only=True).table


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("designs-by-mechanism", {"mechanism": "alloying"}),
        ("designs-with-a-substance", {"substance": "Al2O3"}),
        ("largest-fold-reduction-of-area-specific-resistance", {"minimum_fold": 15}),
        ("what-works-against-a-phenomenon", {"phenomenon": "dendrite growth"}),
    ],
)
def test_parameters_are_understood_by_the_names_that_the_endpoint_holds(
    name: str, parameters: dict[str, object], graph: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    far, near = remote.ask(name, **parameters), graph.ask(name, **parameters)  # type: ignore[arg-type]
    assert far.text == near.text
    assert far.rows() == near.rows() != []
