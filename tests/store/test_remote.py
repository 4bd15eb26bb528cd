from __future__ import annotations

import http.server
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from lithiokg.errors import LithioKGError, QueryError, TimeLimitError, UsageError
from lithiokg.store import EmbeddedStore, RemoteStore, Table
from lithiokg.vocabulary import ID, LKG

TYPES = f"SELECT ?type {{ <{ID}substance/S0> a ?type }} ORDER BY ?type"
Answering = Callable[[int, str, bytes], RemoteStore]


@pytest.mark.parametrize(
    "text",
    [
        TYPES,
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT * { VALUES (?a ?b) { (1.50 UNDEF) ('a'@en true) } }",
        f"# {'long ' * 3000}\n{TYPES}",
    ],
)
@pytest.mark.parametrize("stated_only", [True, False])
def test_an_endpoint_answers_as_the_embedded_store_does(
    remote: RemoteStore, on_disk: EmbeddedStore, text: str, stated_only: bool
):
    assert remote.query(text, stated_only=stated_only) == on_disk.query(text, stated_only=stated_only)


def test_truth_values_and_triples_come_back_as_such(remote: RemoteStore, on_disk: EmbeddedStore):
    assert remote.query("ASK { ?s ?p ?o }") is True
    assert remote.query("ASK { <x:none> ?p ?o }") is False
    text = f"CONSTRUCT WHERE {{ ?s <{LKG}rank> ?o }}"
    theirs, ours = remote.query(text), on_disk.query(text)
    assert isinstance(theirs, list)
    assert isinstance(ours, list)
    assert set(theirs) == set(ours)
    assert len(remote.query(text, max_rows=4)) == 4  # type: ignore[arg-type]


def test_a_remote_answer_cut_at_max_rows_says_so(remote: RemoteStore):
    cut = remote.query("SELECT * { ?s ?p ?o }", max_rows=2)
    assert isinstance(cut, Table)
    assert (len(cut), cut.truncated) == (2, True)


def test_graphs_of_an_endpoint_are_counted(remote: RemoteStore, on_disk: EmbeddedStore):
    assert remote.graphs() == on_disk.graphs()


def test_a_mistake_is_placed_in_our_own_words(remote: RemoteStore):
    with pytest.raises(QueryError, match=r"^q\.rq:1:14: the prefix ex: is not declared"):
        remote.query("SELECT * {?s ex:p ?o}", name="q.rq")


def test_updates_and_service_are_refused_before_anything_is_sent():
    closed = RemoteStore("http://127.0.0.1:9/query")
    with pytest.raises(QueryError, match="read-only"):
        closed.query("CLEAR ALL")
    with pytest.raises(QueryError, match="SERVICE"):
        closed.query("SELECT * { SERVICE <http://h/> { ?s ?p ?o } }")


def test_an_endpoint_that_is_not_there_is_named():
    with pytest.raises(LithioKGError, match=r"http://127\.0\.0\.1:9/query cannot be reached"):
        RemoteStore("http://127.0.0.1:9/query").query("ASK {}")


@pytest.mark.parametrize("url", ["localhost:7878", "file:///etc/passwd", "ftp://h/x", "", "http://"])
def test_an_address_that_is_no_web_address_is_refused(url: str):
    with pytest.raises(UsageError, match="not the address"):
        RemoteStore(url)


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server that gives one fixed answer to everything."""
    servers: list[http.server.HTTPServer] = []

    def start(
        status: int, kind: str, body: bytes, *, length: int | None = None, wait: float = 0
    ) -> RemoteStore:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                time.sleep(wait)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body) if length is None else length))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return RemoteStore(f"http://127.0.0.1:{server.server_port}/sparql")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


JSON = "application/sparql-results+json"
CUT = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"uri","value":"x:y"}},'


@pytest.mark.parametrize("status", [401, 403, 404, 500, 503])
def test_an_http_error_is_reported_with_the_address(answering: Answering, status: int):
    with pytest.raises(LithioKGError, match=r"http://127\.0\.0\.1:\d+/sparql (failed|answered)") as caught:
        answering(status, "text/plain", b"no").query("ASK {}")
    assert caught.value.mend


def test_a_refusal_of_the_server_is_quoted_where_our_parser_sees_no_mistake(answering: Answering):
    with pytest.raises(QueryError, match="no such function"):
        answering(400, "text/plain", b"no such function").query("ASK {}")


def test_a_page_instead_of_results_is_called_a_page(answering: Answering):
    with pytest.raises(LithioKGError, match="a page"):
        answering(200, "text/html", b"<html>hello</html>").query("SELECT * {}")
    with pytest.raises(LithioKGError, match="a page"):
        answering(200, "text/html", b"<html>hello</html>").query("CONSTRUCT WHERE { ?s ?p ?o }")


def test_results_cut_short_are_never_taken_for_an_answer(answering: Answering):
    for limit in (None, 0, 1):
        with pytest.raises(LithioKGError, match="cut short"):
            answering(200, JSON, CUT).query("SELECT * {}", max_rows=limit)


def test_an_answer_broken_off_on_the_way_is_reported(answering: Answering):
    with pytest.raises(LithioKGError, match="broke off"):
        answering(200, JSON, CUT, length=500).query("SELECT * {}")  # type: ignore[call-arg]


def test_a_server_that_does_not_answer_in_time_meets_the_limit(answering: Answering):
    with pytest.raises(TimeLimitError, match=r"within 0\.2 s"):
        answering(200, JSON, b"{}", wait=1.0).query("ASK {}", timeout=0.2)  # type: ignore[call-arg]
