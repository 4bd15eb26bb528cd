"""One request to an endpoint: what is kept secret, what is not followed, and which limits hold."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

import lithiokg
from lithiokg.errors import LithioKGError, QueryError, TimeLimitError, UsageError
from lithiokg.store import RemoteStore, Table
from lithiokg.store.address import read_address

if TYPE_CHECKING:
    from collections.abc import Callable

    Start = Callable[..., Any]

SECRET = "s3cr3t"  # noqa: S105  # not one
YES = b'{"head":{},"boolean":true}'
EMPTY = b'{"head":{"vars":["a"]},"results":{"bindings":[]}}'


def with_password(url: str) -> str:
    return url.replace("http://", f"http://me:{SECRET}%21@")


def test_a_user_name_and_password_are_sent_and_not_shown(stub: Start) -> None:
    server = stub(YES)
    store = RemoteStore(with_password(server.url))
    assert store.query("ASK {}") is True
    sent = server.asked[0]["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(sent).decode() == f"me:{SECRET}!"
    assert SECRET not in f"{store!r} {store.url} {read_address(with_password(server.url))!r}"


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 401},
        {"status": 403},
        {"status": 404},
        {"status": 500, "body": b"no such function", "kind": "text/plain"},
        {"status": 302, "headers": {"Location": f"http://me:{SECRET}@elsewhere.example/?key={SECRET}"}},
        {"body": b"<html>", "kind": "text/html"},
        {"body": EMPTY[:20]},
        {"body": EMPTY, "wait": 5},
    ],
    ids=lambda answer: str(answer.get("status", "")),
)
def test_no_message_holds_a_password_or_a_key(answer: dict[str, Any], stub: Start) -> None:
    url = f"{with_password(stub(**answer).url)}?key={SECRET}"
    with pytest.raises(LithioKGError) as caught:
        lithiokg.connect(url, timeout=0.3).ask("designs-by-mechanism")
    assert "/sparql?..." in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_server_that_is_not_there_is_named_without_the_password(lithio: Any) -> None:
    said = lithio("show", "ZnO", "--endpoint", f"http://me:{SECRET}@127.0.0.1:9/query")
    assert (said.code, SECRET in said.everything) == (3, False)
    assert "http://127.0.0.1:9/query cannot be reached" in said.err


def test_a_key_in_the_address_is_sent_with_the_query(stub: Start) -> None:
    server = stub(YES)
    assert RemoteStore(f"{server.url}?key=1").query("ASK {}") is True


def test_who_is_not_let_in_is_told_how_to_give_a_password(stub: Start) -> None:
    server = stub(status=401)
    with pytest.raises(LithioKGError, match="HTTP status 401") as caught:
        RemoteStore(server.url).query("ASK {}")
    assert "NAME:PASSWORD@" in str(caught.value.mend)
    with pytest.raises(LithioKGError) as caught:
        RemoteStore(with_password(server.url)).query("ASK {}")
    assert "check the user name and password" in str(caught.value.mend)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("text", ["ASK {}", f"# {'long ' * 500}\nASK {{}}"], ids=["GET", "POST"])
def test_a_redirect_is_told_and_not_followed(status: int, text: str, stub: Start) -> None:
    target = stub(YES)
    server = stub(status=status, headers={"Location": target.url})
    with pytest.raises(LithioKGError, match=r"redirects to .*, and redirects are not followed") as caught:
        RemoteStore(with_password(server.url)).query(text)
    assert target.url in str(caught.value)
    assert target.asked == []


def test_the_time_limit_holds_for_the_whole_of_an_answer_that_drips(stub: Start) -> None:
    server = stub(b" ", pieces=400, wait=0.05)  # 20 s in all, never silent for long
    with pytest.raises(TimeLimitError, match=r"within 0\.4 s"):
        RemoteStore(server.url).query("SELECT * {}", timeout=0.4)


def test_an_answer_that_is_too_large_is_not_taken(stub: Start) -> None:
    server = stub(b" " * 10_000, pieces=20)
    with pytest.raises(LithioKGError, match="larger than"):
        RemoteStore(server.url, max_bytes=50_000).query("SELECT * {}")


def test_what_a_server_says_cannot_command_the_terminal(stub: Start, lithio: Any) -> None:
    for status in (400, 500):
        server = stub(b"\x1b]0;owned\x07boom\r\nmore", "text/plain", status)
        with pytest.raises(LithioKGError, match="boom") as caught:
            RemoteStore(server.url).query("ASK {}")
        assert caught.value.message.isprintable()
    body = {
        "head": {"vars": ["a"]},
        "results": {"bindings": [{"a": {"type": "literal", "value": "\x1b[31m"}}]},
    }
    assert RemoteStore(stub(json.dumps(body).encode()).url).query("SELECT * {}") is not None
    assert "\x1b" not in lithio("sparql", "SELECT ('\\u001b[31mred' AS ?a) {}").out


def test_truth_values_that_come_as_a_table_are_understood(stub: Start) -> None:
    def answered(value: str) -> RemoteStore:
        binding = {"__ASK_RETVAL": {"type": "literal", "value": value, "datatype": INTEGER}}
        body = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [binding]}}
        return RemoteStore(stub(json.dumps(body).encode()).url)

    assert answered("1").query("ASK {}") is True
    assert answered("0").query("ASK {}") is False
    with pytest.raises(LithioKGError, match="garbled"):
        answered("7").query("ASK {}")


INTEGER = "http://www.w3.org/2001/XMLSchema#integer"


def test_blank_nodes_named_against_the_grammar_are_read(stub: Start) -> None:
    body = (
        b'{"head":{"vars":["a","b"]},"results":{"bindings":[{"a":{"type":"bnode","value":"nodeID://b10"},'
        b'"b":{"type":"literal","value":"nodeID://b10"}}]}}'
    )
    table = RemoteStore(stub(body).url).query("SELECT * {}")
    assert isinstance(table, Table)
    assert table.dicts() == [{"a": "_:b10", "b": "nodeID://b10"}]


def test_graphs_are_named_to_the_endpoint_only_as_far_as_the_query_needs_them(endpoint: str) -> None:
    store = RemoteStore(endpoint)
    count = "SELECT (COUNT(*) AS ?n) {{ {} }}"
    stated = store.query(count.format("?s ?p ?o"), stated_only=True)
    in_graphs = store.query(count.format("GRAPH ?g { ?s ?p ?o }"), stated_only=True)
    everything = store.query(count.format("GRAPH ?g { ?s ?p ?o }"))
    assert all(isinstance(table, Table) for table in (stated, in_graphs, everything))
    numbers = [int(str(table.dicts()[0]["n"])) for table in (stated, in_graphs, everything)]  # type: ignore[union-attr]
    assert 0 < numbers[0] <= numbers[1] < numbers[2]


def test_a_mistake_in_a_query_that_calls_another_host_calls_nobody_to_be_placed(stub: Start) -> None:
    called = stub(EMPTY)
    refusing = stub(b"no", "text/plain", 400)
    store = RemoteStore(refusing.url, allow_hosts={"127.0.0.1"})
    with pytest.raises(QueryError, match=r"^q\.rq:1:\d+: the prefix ex: is not declared"):
        store.query(f"SELECT * {{ SERVICE <{called.url}> {{ ?s ex:p ?o }} }}", name="q.rq")
    with pytest.raises(QueryError, match="the endpoint refuses the query: no"):
        store.query(f"ASK {{ SERVICE <{called.url}> {{ ?s ?p ?o }} }}")
    assert called.asked == []


@pytest.mark.parametrize(
    "url",
    [
        *("http://[::1", "http://h:port/", "http://h/a b", "http://h/\n", "http://h/ü", "http://:80/"),
        *(f"ftp://me:{SECRET}@h/", f"http://me:{SECRET}@h:x/", f"me:{SECRET}@h"),
    ],
)
def test_an_address_that_is_none_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(UsageError, match="not the address of an endpoint") as caught:
        lithiokg.connect(url)
    assert SECRET not in str(caught.value)
