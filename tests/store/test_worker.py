from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.store import worker

STORE = ox.Store()
STORE.add(ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.Literal("a\tb"), ox.NamedNode("x:g")))


def answer(text: str, **changes: object) -> bytes:
    request: worker.Request = {"query": text, "as_written": False, "graphs": None, "max_rows": None}
    return worker.answer(lambda: STORE, request | changes)  # type: ignore[arg-type,operator]


@pytest.mark.parametrize(
    ("text", "changes", "payload"),
    [
        ("ASK { ?s ?p ?o }", {}, b"B1"),
        ("ASK { ?s ?p ?o }", {"graphs": []}, b"B0"),
        ("ASK { ?s ?p ?o }", {"as_written": True}, b"B0"),
        ("ASK FROM <x:g> { ?s ?p ?o }", {"as_written": True}, b"B1"),
        ("SELECT ?o { ?s ?p ?o }", {}, b'S?o\n"a\\tb"\n'),
        ("SELECT ?o { ?s ?p ?o }", {"max_rows": 1}, b'S?o\n"a\\tb"\n'),
        ("SELECT ?o { ?s ?p ?o }", {"max_rows": 0}, b"R?o\n"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {}, b'T<x:s> <x:p> "a\\tb" .\n'),
        ("CONSTRUCT WHERE { ?s ?p ?o }", {"max_rows": 0}, b"T"),
    ],
)
def test_an_answer_is_a_byte_for_its_kind_and_a_body(text: str, changes: dict[str, object], payload: bytes):
    assert answer(text, **changes) == payload


def test_failures_are_answers_too():
    assert answer("SELEKT")[:1] == worker.SYNTAX

    def nowhere() -> ox.Store:
        raise OSError("no disk")

    def bloated() -> ox.Store:
        raise MemoryError

    request: worker.Request = {"query": "ASK {}", "as_written": False, "graphs": None, "max_rows": None}
    assert worker.answer(nowhere, request) == worker.FAILURE + b"no disk"
    assert worker.answer(bloated, request) == worker.MEMORY
