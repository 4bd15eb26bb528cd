"""A store comes out as sorted lines, whatever fits into memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.store import EmbeddedStore, sorted_graphs, sorted_lines
from lithiokg.store import lines as module
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    import pytest

words = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=4)


@given(st.lists(words, max_size=60), st.integers(1, 9))
def test_lines_are_sorted_and_none_comes_twice_however_few_fit_in_memory(found: list[str], run: int) -> None:
    assert list(sorted_lines(found, run=run)) == sorted(set(found))


def test_more_runs_than_files_may_be_open_are_merged_in_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_FAN", 3)
    found = [f"{number * 7919 % 1000:03}" for number in range(1000)]
    assert list(sorted_lines(found, run=20)) == sorted(found)


def test_the_order_is_that_of_the_bytes() -> None:
    found = ['<a> <b> "z"', '<a> <b> "é"', '<a> <b> "Ω"', '<a> <b> "𝛀"', "<a> <b> <c>"]
    assert list(sorted_lines(found)) == sorted(found, key=str.encode)


def graphs_of(text: str) -> dict[str, list[str]]:
    store = EmbeddedStore(ox.Store())
    store.oxigraph.load(text.encode(), format=ox.RdfFormat.TRIG)
    return {name: list(lines) for name, lines in sorted_graphs(store)}


def test_graphs_come_one_after_the_other_and_blank_nodes_are_named_after_graph_and_content() -> None:
    head = f"@prefix g: <{GRAPH}> . @prefix : <x:> ."
    one = graphs_of(head + "g:b { :s :p [ :q 1 ], [ :q 2 ] } g:a { :s :p [ :q 1 ] . :z :p 0 }")
    two = graphs_of(head + "g:a { :z :p 0 . :s :p [ :q 1 ] } g:b { :s :p [ :q 2 ], [ :q 1 ] }")
    assert one == two
    assert list(one) == [GRAPH + "a", GRAPH + "b"]
    names = [
        {word for line in lines for word in line.split() if word.startswith("_:")} for lines in one.values()
    ]
    assert (len(names[0]), len(names[1]), names[0] & names[1]) == (1, 2, set())
    assert all(lines == sorted(lines) for lines in one.values())


def test_names_of_blank_nodes_of_two_graphs_never_meet() -> None:
    head = f"@prefix : <{GRAPH}x/> ."
    found = graphs_of(
        head + f"<{GRAPH}asserted/a-b> {{ :s :p [] }} <{GRAPH}asserted/a/b> {{ :s :p [] }} "
        f"<{GRAPH}asserted/a_b> {{ :s :p [] }}"
    )
    assert len({line for lines in found.values() for line in lines}) == 3
