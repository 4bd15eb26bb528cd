from __future__ import annotations

import contextlib
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import QueryError
from lithiokg.store import EmbeddedStore, check_query
from lithiokg.store.tokens import query_form, readings, tokenize

EMPTY = EmbeddedStore.in_memory([])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://h/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://h/> { ?s ?p ?o } }",
        "SELECT * { ?x <x:p> ?s . SERVICE ?s { ?a ?b ?c } }",
        "SELECT * { SERVICE # <http://allowed/>\n <http://h/> { ?s ?p ?o } }",
        "SELECT * { ?s ?p trueSERVICE <http://h/> { ?a ?b ?c } }",
        "SELECT * { ?s ?p 1SERVICE <http://h/> { ?a ?b ?c } }",
        "PREFIX x: <http://h/> SELECT * { SERVICEx:a { ?s ?p ?o } }",
        "PREFIX : <http://h/> SELECT * { service:a { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o FILTER(?s<?o)SERVICE#>\n?s{ ?a ?b ?c } }",
        "SELECT * { ?s ?p ?o FILTER(?s<'x>')SERVICE?s{ ?a ?b ?c }#'\n }",
        "SELECT * { ?s ?p ?o FILTER(?s<?o)#>'''\n SERVICE ?s { ?a ?b ?c } #'''\n }",
        "SELECT * { VALUES ?x { '''a' } SERVICE ?s { ?a ?b ?c } #\\q'''\n }",
        "BASE <http://h/> SELECT * { SERVICE <x> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://allowed@h/> { ?s ?p ?o } }",
        "SELECT * { SERVICE <http://h\\u002fallowed/> { ?s ?p ?o } }",
        "PREFIX a: <http://allowed/> PREFIX a: <http://h/> SELECT * { SERVICE a:x { ?s ?p ?o } }",
    ],
)
def test_service_is_refused_however_it_is_written(text: str):
    # The engine would run every one of them (port 9 is one that it refuses to call).
    ox.Store().query(text.replace("http://h", "http://127.0.0.1:9").replace("@h", "@127.0.0.1:9"))
    with pytest.raises(QueryError, match="SERVICE calls"):
        check_query(text, name="q", allow_hosts={"allowed"})


def test_service_hidden_in_an_escape_is_refused_for_endpoints_that_decode_first():
    with pytest.raises(QueryError, match="SERVICE calls"):
        check_query("SELECT * { \\u0053ERVICE <http://h/> { ?s ?p ?o } }", name="q")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s <http://h/service> 'SERVICE <http://h/> {' } # SERVICE <http://h/> {",
        'SELECT * { ?s ?p """\nSERVICE <http://h/> {\n""" }',
        "PREFIX service: <http://h/service#> SELECT ?service { ?service service:p service:o }",
        "PREFIX ex: <http://h/> SELECT * { ?s a ex:Service ; ex:service ?o FILTER(?s < ?o) }",
    ],
)
def test_the_word_service_elsewhere_is_no_matter(text: str):
    check_query(text, name="q")
    assert EMPTY.query(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://Allowed:7878/query> { ?s ?p ?o } }",
        "PREFIX a: <http://allowed/> SELECT * { SERVICE SILENT a:query { ?s ?p ?o } }",
    ],
)
def test_a_host_allowed_by_name_may_be_called(text: str):
    check_query(text, name="q", allow_hosts={"allowed"})
    with pytest.raises(QueryError, match="allowed"):
        check_query(text, name="q")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "PREFIX x: <x:> DELETE WHERE { ?s ?p ?o }",
        "load <http://h/>",
        "DROP ALL",
    ],
)
def test_updates_are_refused_with_the_reason(text: str):
    with pytest.raises(QueryError, match="read-only"):
        EMPTY.query(text)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT * {\n  ?s ex:p ?o }", "f.rq:2:6", "the prefix ex: is not declared"),
        ("SELECT * { ?s lkg:p ?o }", "f.rq:1:15", "PREFIX lkg: <https://w3id.org/lithiokg/>"),
        ("SELECT * { ?s <rel> ?o }", "f.rq:1:15", "'<rel>' is not an absolute IRI"),
        ("SELECT * {\n { ?s ?p ?o }", "f.rq:1:10", "'{' is never closed"),
        ("SELECT * { ?s ?p (1 } }", "f.rq:1:21", "'}' closes nothing"),
        ("SELECT * { ?s ?p 'x }", "f.rq:1:18", "a string is not closed"),
        ("SELECT ?x { ?x ?y ?z } GROUP BY ?y", "f.rq:1:", "neither grouped by"),
        ("", "f.rq:1:1", "does not parse"),
        ("SELEKT * { ?s ?p ?o }", "f.rq:1:", "does not parse"),
        ("SELECT * { ?s ?p ?o } LIMIT x", "f.rq:1:", "'x'"),
    ],
)
def test_a_mistake_is_reported_with_its_place_and_a_few_words(text: str, place: str, words: str):
    with pytest.raises(QueryError) as caught:
        EMPTY.query(text, name="f.rq")
    message = str(caught.value)
    assert message.startswith(place)
    assert words in message
    assert "expected one of" not in message
    assert len(message) < 400


def test_the_caret_stands_under_the_mistake():
    with pytest.raises(QueryError) as caught:
        EMPTY.query("SELECT *\n{\t?s ex:p ?o }")
    _, line, caret = str(caught.value).splitlines()[:3]
    assert line[caret.index("^") :].startswith("ex:p")


FRAGMENTS = st.lists(
    st.sampled_from(
        [*"{}()[]<>'\"#\n .;,?$@:_-/\\", "SERVICE", "true", "ex:", "'''", '"""', "?s", "FILTER", "<x:y>", "1"]
    )
)


@given(FRAGMENTS.map("".join) | st.text())
def test_tokens_cover_the_text_in_order_and_the_usual_reading_is_one_of_the_readings(text: str):
    tokens = list(tokenize(text))
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(a.end <= b.start for a, b in pairwise(tokens))
    known = {(token.kind, token.start, token.end) for token in readings(text)}
    quotes = {token.start for token in tokens if token.kind == "other" and token.text in "'\""}
    until = min(quotes, default=len(text))
    assert {(t.kind, t.start, t.end) for t in tokens if t.start < until} <= known


@given(FRAGMENTS.map("".join))
def test_any_text_is_answered_or_refused_in_our_own_words(text: str):
    # Anything else that is raised, such as the engine's own SyntaxError, fails the test.
    with contextlib.suppress(QueryError):
        EMPTY.query(text)


def test_the_form_is_found_behind_the_prologue():
    assert query_form("# SELECT\nBASE <x:/> PREFIX ask: <x:y> construct {} WHERE {}") == "CONSTRUCT"
    assert query_form("nonsense") is None


@pytest.mark.parametrize("brackets", ["{}", "()"])
def test_brackets_too_deep_for_the_engine_are_refused_with_the_place(brackets: str) -> None:
    opening, closing = brackets
    deep = f"SELECT * {{ {opening * 5000} ?s ?p ?o {closing * 5000} }}"
    with pytest.raises(QueryError, match="brackets inside each other") as caught:
        check_query(deep, name="deep.rq")
    assert caught.value.place is not None
    check_query(
        deep.replace(opening * 5000, opening * 50).replace(closing * 5000, closing * 50), name="deep.rq"
    )
