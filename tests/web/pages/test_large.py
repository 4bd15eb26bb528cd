"""Pages of a graph of millions: a part is listed and said to be one; what would read everything is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from lithiokg.graph import knowledge
from lithiokg.web import create_app
from lithiokg.web import site as sites

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph


@pytest.fixture
def large(graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The shipped graph, taken for a large one."""
    monkeypatch.setattr(knowledge, "LARGE", 1000)
    monkeypatch.setattr(sites, "_MOST", 5)
    return TestClient(create_app(graph), base_url="http://localhost")


def test_a_class_lists_a_part_of_its_members_and_counts_all(large: TestClient) -> None:
    text = large.get("/page/Substance", headers={"Accept": "text/html"}).text
    assert "of which 5 are listed" in text
    assert "pages list at most 5" in text


def test_a_thing_that_much_refers_to_is_shown(large: TestClient) -> None:
    assert large.get("/page/id/carrier/electron", headers={"Accept": "text/html"}).status_code == 200


@pytest.mark.parametrize("path", ["/works", "/compare"])
def test_what_would_read_everything_names_what_answers_instead(large: TestClient, path: str) -> None:
    answer = large.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert "too large" in answer.text
    assert "ask" in answer.text


def test_a_small_graph_says_nothing_of_it(graph: KnowledgeGraph) -> None:
    client = TestClient(create_app(graph), base_url="http://localhost")
    assert "This graph is large" not in client.get("/page/Substance", headers={"Accept": "text/html"}).text
