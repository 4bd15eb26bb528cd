"""A saved question that spans another server, and what becomes of it when that server fails."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.errors import LithioKGError, QueryError, SourceError, TimeLimitError, UsageError
from lithiokg.graph import KnowledgeGraph
from lithiokg.questions import lint, load_question
from lithiokg.store import EmbeddedStore
from lithiokg.store.services import host_names, service_hosts, without_services
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUESTION = "what-another-endpoint-says-of-our-things"
EX = "https://example.org/"
KEYS = [
    ({}, {("lkgi:substance/LiF", EX + "salt")}),
    (
        {"keys": ["PQXKHYXIUOZZFA-UHFFFAOYSA-M", "SBLRHMKNNHXPHG-UHFFFAOYSA-N"]},
        {("lkgi:substance/LiF", EX + "salt")},
    ),
    ({"keys": "AAAAAAAAAAAAAA-UHFFFAOYSA-N"}, set()),
    (
        {"our_key": "reduced formula", "their_key": EX + "formula"},
        {("lkgi:substance/LiF", EX + "salt"), ("lkgi:substance/ZnO", EX + "oxide")},
    ),
    (
        {"our_key": "lkg:doi", "their_key": EX + "doi"},
        {("lkgi:work/duan-2018-bromide-intermediates", EX + "paper")},
    ),
]
RESULTS = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()
HOST = "127.0.0.1"


@pytest.fixture(scope="session")
def spanning(graph: KnowledgeGraph) -> KnowledgeGraph:
    """The shipped snapshot, whose questions may call servers on this machine."""
    assert graph.snapshot is not None
    store = EmbeddedStore(graph.snapshot.store, allow_hosts={HOST})
    return KnowledgeGraph(store, graph.sources, graph.snapshot)


@pytest.mark.parametrize(("parameters", "pairs"), KEYS)
def test_our_things_and_theirs_meet_in_a_key(
    parameters: dict[str, Any], pairs: set[tuple[str, str]], spanning: KnowledgeGraph, other: str
) -> None:
    answer = spanning.ask(QUESTION, endpoint=other, **parameters)
    rows = answer.rows(iris=True)
    assert {(str(row[0]), str(row[2])) for row in rows} == pairs
    if ("lkgi:substance/LiF", EX + "salt") in pairs:
        assert [str(row[4]) for row in rows if row[3] == EX + "bandGap" and row[2] == EX + "salt"] == ["13.6"]


def test_rdflib_spans_the_same_servers_with_the_same_text(spanning: KnowledgeGraph, other: str) -> None:
    answer = spanning.ask(QUESTION, endpoint=other)
    keys = spanning.sparql("CONSTRUCT WHERE { ?s lkg:inChIKey ?key }")
    assert isinstance(keys, list)
    ours = rdflib.Graph().parse(data=ox.serialize(keys, format=ox.RdfFormat.N_TRIPLES), format="nt")
    found = Counter(tuple(str(term) for term in row) for row in ours.query(answer.text))  # type: ignore[union-attr]
    assert found == Counter(tuple(str(getattr(term, "value", "")) for term in row) for row in answer)


def test_a_server_that_holds_our_data_spans_another_one_for_us(remote: KnowledgeGraph, other: str) -> None:
    from lithiokg import connect  # noqa: PLC0415

    address = remote.store.url  # type: ignore[attr-defined]
    with pytest.raises(QueryError, match="not allowed"):
        remote.ask(QUESTION, endpoint=other)
    far = connect(address, allow_hosts={HOST}).ask(QUESTION, endpoint=other)
    assert {str(row[2]) for row in far.rows()} == {EX + "salt"}


def test_the_question_keeps_the_house_rules_and_calls_nobody_to_be_read(
    spanning: KnowledgeGraph, stub: Callable[..., Any]
) -> None:
    server = stub(RESULTS)
    question = spanning.question(QUESTION)
    text = question.bind({"endpoint": server.url}, lambda name, _: name)
    assert question.endpoints == ("endpoint",)
    assert lint(question) == []
    assert (
        lint(
            type(question)(**{name: getattr(question, name) for name in question.__slots__} | {"text": text})
        )
        == []
    )
    with pytest.raises(QueryError, match="is not allowed"):
        EmbeddedStore.in_memory([]).query(text)
    ox.Store().query(without_services(text))
    assert server.asked == []


def test_the_host_must_be_allowed_by_name_and_the_option_is_named(lithio: Any, other: str) -> None:
    host = urlsplit(other).netloc
    arguments = ("questions", "run", QUESTION, "-p", f"endpoint={other}", "-f", "csv")
    said = lithio(*arguments)
    assert said.code == 2
    assert f"SERVICE calls {host}, which is not allowed" in said.err
    assert f"--allow-host {host}" in said.err
    assert lithio(*arguments, "--allow-host", "localhost").code == 2
    assert lithio(*arguments, "--allow-host", f"{HOST}:1").code == 2
    said = lithio(*arguments, "--allow-host", host)
    assert said.code == 0
    assert "lithium fluoride" in said.out
    said = lithio("sparql", f"SELECT * {{ SERVICE <{other}> {{ ?s ?p 99 }} }}", "--allow-host", HOST)
    assert EX + "readers" in said.out


def test_the_question_is_not_tested_before_it_has_an_endpoint(lithio: Any, other: str) -> None:
    said = lithio("questions", "test", QUESTION, "designs-by-mechanism")
    assert said.code == 0
    assert "--param endpoint=URL --allow-host HOST" in said.out
    assert "1 passed, 0 failed, 1 not tested" in said.out
    rows = json.loads(lithio("questions", "test", QUESTION, "-f", "json").out)
    assert [row["passed"] for row in rows] == [None]
    given = ("questions", "test", QUESTION, "-p", f"endpoint={other}")
    assert "1 passed, 0 failed\n" in lithio(*given, "--allow-host", HOST).out
    refused = lithio(*given)
    assert (refused.code, "is not allowed" in refused.out) == (1, True)
    assert lithio("questions", "test", QUESTION, "-p", "nothing=1").code == 2


def test_the_host_is_told_when_the_question_is_shown(lithio: Any) -> None:
    assert "--allow-host" in lithio("questions", "show", QUESTION).out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("endpoint", "localhost:7878", "is not the address of an endpoint"),
        ("endpoint", "file:///etc/passwd", "is not the address of an endpoint"),
        ("endpoint", "http://h/> { ?s ?p ?o } SERVICE <http://evil/", "is not the address of an endpoint"),
        ("endpoint", "http://me:s3cret@h/query", "user name or password"),
        ("endpoint", 7, "cannot be 7"),
        ("their_key", "schema:inChIKey", "cannot be 'schema:inChIKey'"),
        ("their_key", "https://x.org/> ?q ?r . #", "is not an IRI"),
        ("our_key", "lkg:formula", "cannot be"),
        ("keys", [], "cannot be"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_before_anybody_is_called(
    name: str, value: object, words: str, spanning: KnowledgeGraph
) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        spanning.ask(QUESTION, **{name: value})  # type: ignore[arg-type]
    assert "s3cret" not in str(caught.value)


def span(url: str) -> str:
    return f"SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"body": b"<html>", "kind": "text/html"}, "no SPARQL result"),
        ({"body": RESULTS[:30]}, "cut short or garbled"),
        ({"body": b'{"head":{},"boolean":true}'}, "no SPARQL result"),
        (
            {"body": b"\x1b[31mboom", "status": 500, "kind": "text/plain"},
            "it answered with an error .Error 500",
        ),
        ({"status": 401}, "it answered with an error .Error 401"),
        ({"status": 302, "headers": {"Location": "http://example.org/"}}, "redirects are not followed"),
    ],
)
def test_a_server_that_answers_amiss_is_named_with_what_it_did(
    answer: dict[str, Any], words: str, stub: Callable[..., Any]
) -> None:
    server = stub(**answer)
    store = EmbeddedStore.in_memory([], allow_hosts={HOST})
    with pytest.raises(LithioKGError, match=words) as caught:
        store.query(span(f"{server.url}?key=s3cret"))
    assert urlsplit(server.url).netloc in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert len(server.asked) == 1


def test_a_redirect_leads_nowhere_even_on_the_same_host(stub: Callable[..., Any]) -> None:
    target = stub(RESULTS)
    for status in (301, 302, 303, 307, 308):
        server = stub(status=status, headers={"Location": target.url})
        with pytest.raises(LithioKGError):
            EmbeddedStore.in_memory([], allow_hosts={HOST}).query(span(server.url))
    assert target.asked == []


def test_a_server_that_is_not_there_is_named() -> None:
    store = EmbeddedStore.in_memory([], allow_hosts={HOST})
    with pytest.raises(LithioKGError, match=r"SERVICE failed at 127\.0\.0\.1:\d+: it cannot be reached"):
        store.query(span("http://127.0.0.1:9/query"))


def test_the_time_limit_holds_while_a_server_keeps_silent(stub: Callable[..., Any]) -> None:
    server = stub(RESULTS, wait=30)
    store = EmbeddedStore.in_memory([], allow_hosts={HOST})
    with pytest.raises(TimeLimitError, match=r"time limit of 0\.3 s and was stopped; it calls 127\.0\.0\.1"):
        store.query(span(server.url), timeout=0.3)


def test_a_query_that_calls_another_host_has_a_limit_even_if_none_is_given(
    stub: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lithiokg.store.embedded.SERVICE_TIMEOUT", 0.3)
    server = stub(RESULTS, wait=30)
    with pytest.raises(TimeLimitError):
        EmbeddedStore.in_memory([], allow_hosts={HOST}).query(span(server.url))


def test_silent_hides_neither_a_host_that_is_not_allowed_nor_one_that_is_not_spelled_out(
    stub: Callable[..., Any],
) -> None:
    server = stub(RESULTS)
    store = EmbeddedStore.in_memory([], allow_hosts={"allowed.example"})
    with pytest.raises(QueryError, match="is not allowed"):
        store.query(span(server.url).replace("SERVICE", "SERVICE SILENT"))
    with pytest.raises(QueryError, match="does not spell out"):
        store.query(f"SELECT * {{ VALUES ?e {{ <{server.url}> }} SERVICE SILENT ?e {{ ?s ?p ?o }} }}")
    with pytest.raises(QueryError, match="user name or password"):
        store.query(span("http://me:s3cret@allowed.example/"))
    assert server.asked == []


@pytest.mark.parametrize(
    "host", ["http://h/", "h/path", "me:pw@h", "", "h:port", "h:123456", "a b", "[::1", "h?x"]
)
def test_what_is_allowed_must_be_the_name_of_a_host(host: str) -> None:
    with pytest.raises(UsageError, match="not the name of a host") as caught:
        EmbeddedStore.in_memory([], allow_hosts={host})
    assert "pw" not in caught.value.message


def test_a_host_may_be_allowed_with_one_port_only() -> None:
    text = span("http://[::1]:7878/query")
    assert service_hosts(text) == {"[::1]:7878"}
    assert {str(host) for host in host_names({"[::1]", "H.example:80"})} == {"[::1]", "h.example:80"}
    with pytest.raises(QueryError, match=r"SERVICE calls \[::1\]:7878"):
        EmbeddedStore.in_memory([], allow_hosts={"[::1]:7879", "localhost"}).query(text)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "VALUES ?key { UNDEF } #@ keys",
            "VALUES ?key { UNDEF } #@ endpoint",
            "of type endpoint behind SERVICE",
        ),
        ("{ #@ endpoint", "{ #@ their_key", "of type endpoint behind SERVICE"),
        ("SERVICE <http", "SERVICE SILENT <http", "#@ endpoint does not stand behind"),
        ("SERVICE <http://localhost:7878/query>", "SERVICE ?endpoint", "#@ endpoint does not stand behind"),
        ("default: http://localhost:7878/query", "default: http://localhost:1/query", "the default"),
        ("default: http://localhost:7878/query", "default: localhost", "does not fit its type"),
    ],
)
def test_a_mistake_in_a_question_that_calls_an_endpoint_is_reported(
    old: str, new: str, words: str, spanning: KnowledgeGraph, tmp_path: Path
) -> None:
    text = spanning.question(QUESTION).text
    assert old in text
    (tmp_path / "linking").mkdir()
    path = tmp_path / "linking" / f"{QUESTION}.rq"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(SourceError, match=words):
        load_question(path)


def test_a_saved_question_may_not_hide_whom_it_calls(spanning: KnowledgeGraph) -> None:
    question = spanning.question(QUESTION)

    def findings(old: str, new: str) -> str:
        assert old in question.text
        fields = {name: getattr(question, name) for name in question.__slots__}
        return " ".join(lint(type(question)(**fields | {"text": question.text.replace(old, new)})))

    assert "not a parameter" in findings("{ #@ endpoint", "{")
    assert "makes an answer of a call that failed" in findings("SERVICE <", "SERVICE SILENT <")
    assert LKG in question.text
