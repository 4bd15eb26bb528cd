"""Descriptions of what very much refers to: a part of it is told, and the rest counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.cli import show

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from conftest import Outcome
    from lithiokg.graph import KnowledgeGraph


def test_what_is_left_out_is_counted_by_relation(graph: KnowledgeGraph) -> None:
    whole, part = graph.show("electron"), graph.show("electron", most=5)
    assert not whole.more
    told = {fact.predicate for fact in whole.incoming}
    assert {fact.predicate for fact in part.incoming} == told
    assert part.more
    for relation, number in part.more.items():
        everything = {fact.iri for fact in whole.incoming if fact.relation == relation}
        some = {fact.iri for fact in part.incoming if fact.relation == relation}
        assert some < everything
        assert number > 0


def test_what_little_refers_to_is_told_whole(graph: KnowledgeGraph) -> None:
    assert graph.show("ZnO", most=1000) == graph.show("ZnO")


def test_the_terminal_tells_as_many_whether_it_looked_at_all_or_not(
    lithio: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    def blocked() -> str:
        text = lithio("show", "electron").out.partition("Elsewhere")[2]
        return text.partition("  blocks ")[2].partition("more (--all)")[0].rpartition(" and ")[2]

    plain = blocked()
    assert int(plain) > 0
    monkeypatch.setattr(show, "_TOLD", 12)
    assert blocked() == plain
