"""Requests of every kind: what is answered, and what is refused with which status."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore
from lithiokg.web import Settings, create_app
from lithiokg.web.problems import KINDS

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
GRAPHS = "https://w3id.org/lithiokg/graph/"
MANY = quote("SELECT * { ?s ?p ?o } LIMIT 500")


def problem(answer, status: int) -> dict:
    """The problem that an answer with this status holds."""
    assert answer.status == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = json.loads(answer.body)
    assert said["status"] == status
    assert said["title"]
    assert said["detail"]
    return said


# --- what is not a request of the protocol --------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "method", "body", "headers", "status"),
    [
        ("/sparql?query=ASK%7B%7D&query=ASK%7B%7D", "GET", None, {}, 400),
        ("/sparql", "POST", "query=ASK%7B%7D&query=ASK%7B%7D", {"content_type": FORM}, 400),
        ("/sparql?query=ASK%7B%7D", "POST", "query=ASK%7B%7D", {"content_type": FORM}, 400),
        ("/sparql?query=ASK%7B%7D", "POST", "ASK {}", {"content_type": QUERY}, 400),
        ("/sparql", "POST", "", {"content_type": FORM}, 400),
        ("/sparql", "POST", "x=1", {"content_type": FORM}, 400),
        ("/sparql", "POST", "", {"content_type": QUERY}, 400),
        ("/sparql?query=", "GET", None, {}, 400),
        ("/sparql?query=%FF", "GET", None, {}, 400),
        ("/sparql", "POST", b"query=%FF", {"content_type": FORM}, 400),
        ("/sparql", "POST", b"ASK { ?s ?p '\xff' }", {"content_type": QUERY}, 400),
        ("/sparql?" + "&".join(f"a{n}=" for n in range(1500)), "GET", None, {}, 400),
        ("/sparql?query=ASK%7B%7D&default-graph-uri=relative", "GET", None, {}, 400),
        ("/sparql?query=ASK%7B%7D&named-graph-uri=a%20b", "GET", None, {}, 400),
        ("/sparql", "POST", "ASK {}", {}, 415),
        ("/sparql", "POST", "ASK {}", {"content_type": "text/plain"}, 415),
        ("/sparql", "POST", "{}", {"content_type": "application/json"}, 415),
        ("/sparql", "POST", "ASK {}", {"content_type": f"{QUERY}; charset=latin-1"}, 415),
        ("/sparql", "POST", b"\x1f\x8b", {"content_type": QUERY, "content_encoding": "gzip"}, 415),
        ("/sparql", "PUT", "ASK {}", {"content_type": QUERY}, 405),
        ("/sparql", "DELETE", None, {}, 405),
        ("/sparql", "PATCH", "x", {}, 405),
        ("/sparql", "WONDER", None, {}, 405),
        ("/graph-store?default", "POST", "", {"content_type": "text/turtle"}, 405),
        ("/graph-store?default", "PUT", "", {"content_type": "text/turtle"}, 405),
        ("/graph-store", "GET", None, {}, 400),
        ("/graph-store?default&graph=x:y", "GET", None, {}, 400),
        ("/graph-store?graph=x:y&graph=x:z", "GET", None, {}, 400),
        ("/graph-store?graph=relative", "GET", None, {}, 400),
        ("/graph-store?graph=http%3A%2F%2Fexample.org%2Fnone", "GET", None, {}, 404),
        (f"/graph-store?graph={quote(GRAPHS)}ontology", "GET", None, {"accept": "text/csv"}, 406),
        ("/problems/none", "GET", None, {}, 404),
        ("/nothing/here", "GET", None, {}, 404),
    ],
)
def test_what_is_wrong_is_said_with_its_status(  # noqa: PLR0917
    path, method, body, headers, status, served
):
    said = problem(served.ask(path, method, body, **headers), status)
    assert said["type"].startswith(served.url)


def test_a_method_that_is_not_offered_is_told_with_those_that_are(served):
    assert served.ask("/sparql", "PUT", "").headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert served.ask("/graph-store?default", "DELETE").headers["allow"] == "GET, HEAD, OPTIONS"


def test_a_body_of_another_type_is_told_the_types(served):
    told = served.ask("/sparql", "POST", "x", content_type="text/plain").headers["accept-post"]
    assert told == f"{QUERY}, {FORM}"


def test_a_body_that_is_too_large_is_refused_with_the_limit(served):
    body = "ASK { ?s ?p '" + "x" * served.settings.max_request + "' }"
    said = problem(served.ask("/sparql", "POST", body, content_type=QUERY), 413)
    assert said["value"] == served.settings.max_request


@pytest.mark.parametrize(
    ("path", "method", "body", "headers"),
    [
        ("/sparql?update=CLEAR%20ALL", "GET", None, {}),
        ("/sparql", "POST", "update=CLEAR%20ALL", {"content_type": FORM}),
        ("/sparql", "POST", "query=ASK%7B%7D&update=CLEAR%20ALL", {"content_type": FORM}),
        ("/sparql", "POST", "CLEAR ALL", {"content_type": "application/sparql-update"}),
        ("/sparql", "POST", "CLEAR ALL", {"content_type": "application/sparql-update; charset=UTF-8"}),
    ],
)
def test_an_update_is_refused(path, method, body, headers, served):
    answer = served.ask(path, method, body, **headers)
    # A form without a query is looked at first for what it lacks.
    assert answer.status in {400, 403} if body == "update=CLEAR%20ALL" else answer.status == 403


def test_an_update_sent_as_a_query_does_not_parse_as_one(served):
    said = problem(served.ask(f"/sparql?query={quote('INSERT DATA { <x:s> <x:p> 1 }')}"), 400)
    assert "read-only" in said["detail"]


# --- errors in the query --------------------------------------------------------------------------


def test_a_mistake_is_told_with_line_column_and_mend(served):
    said = problem(
        served.ask("/sparql", "POST", "SELECT *\n{ ?s skos:prefLabel ?o }", content_type=QUERY), 400
    )
    assert (said["line"], said["column"]) == (2, 6)
    assert "PREFIX skos:" in said["mend"]


def test_the_endpoint_declares_no_prefix_of_its_own(served):
    assert served.ask(f"/sparql?query={quote('ASK { ?s a lkg:Design }')}").status == 400


def test_a_relative_iri_is_relative_to_the_endpoint(served):
    answer = served.ask(f"/sparql?query={quote('SELECT (<#x> AS ?x) {}')}&format=csv")
    assert answer.text == f"x\r\n{served.url}sparql#x\r\n"


def test_where_every_kind_of_problem_leads_it_is_explained(served):
    for kind, known in KINDS.items():
        answer = served.ask(f"/problems/{kind}")
        assert answer.status == 200
        assert known.title in answer.text


# --- nothing is fetched and nothing is read -------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://127.0.0.1:1/sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE SILENT <http://127.0.0.1:1/sparql> { ?s ?p ?o } }",
        "SELECT * { VALUES ?h { <http://127.0.0.1:1/> } SERVICE ?h { ?s ?p ?o } }",
        "PREFIX h: <http://127.0.0.1:1/> SELECT * { SERVICE h:sparql { ?s ?p ?o } }",
        "BASE <http://127.0.0.1:1/> SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE <sparql> { ?s ?p ?o } }",
        "SELECT * { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
    ],
)
def test_no_query_calls_a_host_that_was_not_allowed(query: str, served):
    said = problem(served.ask(f"/sparql?query={quote(query)}"), 403)
    assert said["line"] == 1


@pytest.mark.parametrize("iri", ["file:///etc/passwd", "http://127.0.0.1:1/data.ttl", "ftp://localhost/x"])
def test_a_graph_that_is_named_is_never_fetched(iri: str, served):
    count = quote("SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")
    named = quote("SELECT (COUNT(*) AS ?n) FROM <IRI> FROM NAMED <IRI> { ?s ?p ?o }".replace("IRI", iri))
    both = f"{count}&default-graph-uri={quote(iri)}&named-graph-uri={quote(iri)}"
    for path in (f"/sparql?query={both}", f"/sparql?query={named}"):
        assert served.ask(path, accept="text/csv").text == "n\r\n0\r\n"
    assert served.ask(f"/graph-store?graph={quote(iri)}").status == 404


def test_load_is_no_query(served):
    assert served.ask(f"/sparql?query={quote('LOAD <file:///etc/passwd>')}").status == 400


@pytest.fixture(scope="module")
def other(serve_for_session, shipped):
    """A server with settings of its own, over next to nothing."""
    node = ox.NamedNode("x:n")
    quads = [ox.Quad(node, node, node, ox.NamedNode(f"x:{name}")) for name in "ab"]
    return serve_for_session(
        KnowledgeGraph(EmbeddedStore.in_memory(quads), shipped),
        workers=2, allow_hosts=frozenset({"127.0.0.1:9"}), cors=False, names=("lithium.example",),
    )  # fmt: skip


def test_an_allowed_host_that_fails_is_a_bad_gateway(other):
    query = "SELECT * { SERVICE <http://127.0.0.1:9/sparql> { ?s ?p ?o } }"
    said = problem(other.ask(f"/sparql?query={quote(query)}"), 502)
    assert "127.0.0.1:9" in said["detail"]


# --- the dataset ----------------------------------------------------------------------------------

EVERYTHING = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
NAMED = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def count(served, query: str, more: str = "") -> int:
    return int(served.ask(f"/sparql?query={quote(query)}{more}", accept="text/csv").text.split()[1])


def test_the_default_graph_is_the_union_of_all_named_ones(served, graph):
    once = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { GRAPH ?g { ?s ?p ?o } } }"
    assert count(served, EVERYTHING) == count(served, once)
    assert count(served, NAMED) == len(graph.store.graphs())


def test_dataset_parameters_replace_what_the_query_says_and_the_absent_half_is_empty(served, graph):
    sizes = graph.store.graphs()
    ontology, inferred = f"{GRAPHS}ontology", f"{GRAPHS}inferred"
    assert count(served, EVERYTHING, f"&default-graph-uri={quote(ontology)}") == sizes[ontology]
    assert count(served, NAMED, f"&default-graph-uri={quote(ontology)}") == 0
    assert count(served, EVERYTHING, f"&named-graph-uri={quote(ontology)}") == 0
    assert count(served, NAMED, f"&named-graph-uri={quote(ontology)}&named-graph-uri={quote(inferred)}") == 2
    other = EVERYTHING.replace("{", f"FROM <{inferred}> {{", 1)
    assert count(served, other) == sizes[inferred]
    assert count(served, other, f"&default-graph-uri={quote(ontology)}") == sizes[ontology]
    assert count(served, EVERYTHING, "&default-graph-uri=x%3Anone") == 0


@pytest.mark.parametrize(
    ("query", "more"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ""),
        ("SELECT (COUNT(*) AS ?n) FROM <x:a> FROM <x:b> { ?s ?p ?o }", ""),
        ("PREFIX x: <x:> SELECT (COUNT(*) AS ?n) FROM x:a FROM x:b FROM NAMED x:a { ?s ?p ?o }", ""),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "&default-graph-uri=x:a&default-graph-uri=x:b"),
        ("SELECT (COUNT(*) AS ?n) FROM <x:a> { ?s ?p ?o }", ""),
        ("SELECT (COUNT(*) AS ?n) FROM <x:a> FROM NAMED <x:b> { GRAPH ?g { ?s ?p ?o } }", ""),
    ],
)
def test_a_merge_of_graphs_holds_a_triple_once_where_the_engine_counts_it_twice(query, more, other):
    assert count(other, query, more) == 1


# --- HEAD, OPTIONS, compression, other origins, Host ----------------------------------------------


@pytest.mark.parametrize(
    "path",
    [f"/sparql?query={MANY}", "/sparql", f"/graph-store?graph={quote(GRAPHS)}closures", "/.well-known/void"],
)
def test_head_says_what_get_says_without_a_body(path: str, served):
    get, head = served.ask(path, accept="*/*"), served.ask(path, "HEAD", accept="*/*")
    assert (head.status, head.body) == (200, b"")
    volatile = (
        {"date"} if "query=" in path else {"date", "content-length"}
    )  # Turtle's prefixes come in any order
    assert {k: v for k, v in head.headers.items() if k not in volatile} == {
        k: v for k, v in get.headers.items() if k not in volatile
    }
    assert int(head.headers["content-length"]) == len(get.body)


def test_options_tells_the_methods(served):
    answer = served.ask("/sparql", "OPTIONS")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["accept-post"] == f"{QUERY}, {FORM}"


@pytest.mark.parametrize(
    "path", ["/sparql", "/graph-store", "/.well-known/void", "/data/x.ttl", "/questions/x.json"]
)
def test_a_browser_may_ask_beforehand_whether_another_origin_may_call(path: str, served):
    answer = served.ask(
        path, "OPTIONS", origin="https://example.org", access_control_request_method="POST",
        access_control_request_headers="content-type",
    )  # fmt: skip
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "content-type" in answer.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B", "/sparql?update=x", "/graph-store"]
)
def test_other_origins_may_read_answers_and_errors_of_machine_endpoints(path: str, served):
    answer = served.ask(path, origin="https://example.org")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"


def test_other_origins_may_not_where_the_server_was_told_so(other):
    assert (
        "access-control-allow-origin" not in other.ask("/sparql?query=ASK%7B", origin="https://x.org").headers
    )


@pytest.mark.parametrize(
    "path", ["/sparql?query=ASK%7B%7D", "/sparql?query=ASK%7B", "/sparql", "/none", "/sparql?query=%FF"]
)
def test_every_answer_tells_browsers_to_be_careful(path: str, served):
    headers = served.ask(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "server" not in headers


def test_answers_are_compressed_for_those_who_understand_it(served):
    plain = served.ask(f"/sparql?query={MANY}")
    packed = served.ask(f"/sparql?query={MANY}", accept_encoding="br;q=1, gzip;q=0.5")
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.body) == int(packed.headers["content-length"]) < len(plain.body) / 4
    assert gzip.decompress(packed.body) == plain.body
    assert "Accept-Encoding" in packed.headers["vary"]
    for header in ("gzip;q=0", "identity", "*;q=0"):
        for path in (f"/sparql?query={MANY}", "/sparql", "/.well-known/void"):
            assert "content-encoding" not in served.ask(path, accept_encoding=header).headers


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "",
        "a b",
        "[::2]",
    ],
)
def test_a_request_for_another_host_is_refused(host: str, served):
    for path in ("/sparql?query=ASK%7B%7D", "/", "/static/app.css"):
        answer = served.ask(path, host=host)
        assert answer.status in {400, 421}  # 400: not even the server library takes it
        assert "evil" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:99", "127.0.0.1:1", "[::1]:80", "localhost."])
def test_a_request_by_a_name_of_this_computer_is_answered(host: str, served):
    assert served.ask("/sparql?query=ASK%7B%7D", host=host).status == 200


def test_further_names_are_taken_from_the_settings(other):
    assert other.ask("/sparql?query=ASK%7B%7D", host="lithium.example").status == 200
    assert other.ask("/sparql?query=ASK%7B%7D", host="other.example").status == 421


def test_a_fault_of_ours_is_told_without_its_details(graph):
    def broken(_request):
        raise RuntimeError("secret")

    app = create_app(graph, Settings())
    app.router.routes.insert(0, Route("/broken", broken))
    answer = TestClient(app, base_url="http://localhost", raise_server_exceptions=False).get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
