"""Which media type answers which ``Accept``, for every kind of answer, as a table."""

from __future__ import annotations

import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.web.protocol.negotiation import BOOLEAN, GRAPH, TABLE, accepts_gzip, choose, ranges

JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
CSV, TSV = "text/csv; charset=utf-8", "text/tab-separated-values; charset=utf-8"
TURTLE, NT = "text/turtle; charset=utf-8", "application/n-triples"
RDFXML, JSONLD = "application/rdf+xml", "application/ld+json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

SELECT = "SELECT ?a ?b { VALUES (?a ?b) { (1 'x') (UNDEF 'y') } }"
ASK = "ASK { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { <http://example.org/s> <http://example.org/p> 'o' } {}"
DESCRIBE = "DESCRIBE <https://w3id.org/lithiokg/id/substance/ZnO>"

TABLE_CASES = [
    (None, JSON),
    ("*/*", JSON),
    ("application/*", JSON),
    ("text/*", CSV),
    (JSON, JSON),
    (XML, XML),
    ("text/csv", CSV),
    ("text/tab-separated-values", TSV),
    ("application/json", "application/json"),
    ("application/xml", "application/xml"),
    ("text/xml", "text/xml; charset=utf-8"),
    ("TEXT/CSV", CSV),
    ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", XML),
    ("text/csv;q=0.5, */*;q=0.5", JSON),
    ("text/csv, */*;q=0.9", CSV),
    # The most specific range decides, not the highest.
    ("text/*, text/csv;q=0.1", TSV),
    ("*/*, application/sparql-results+json;q=0", XML),
    ("*/*;q=0.1, application/*;q=0", CSV),
    ("text/csv;charset=utf-8", CSV),
    ("text/csv;header=present;q=0.7, text/html;q=0.6", CSV),
    # What rdflib and SPARQLWrapper send.
    ("application/sparql-results+xml, application/rdf+xml", XML),
    ("application/sparql-results+json,application/json,text/javascript,application/javascript", JSON),
    # What Comunica sends.
    ("application/n-quads,application/trig;q=0.95,application/sparql-results+json;q=0.8,*/*;q=0.1", JSON),
    ("gibberish, text/csv", CSV),
    ('text/csv;x="a,b"', CSV),
    ("text/turtle", 406),
    ("image/png", 406),
    ("*/*;q=0", 406),
    ("text/csv;charset=iso-8859-1", 406),
    ("application/sparql-results+json;q=0", 406),
]
BOOLEAN_CASES = [
    (None, JSON),
    ("*/*", JSON),
    (JSON, JSON),
    (XML, XML),
    ("application/xml;q=0.9, application/json;q=0.8", "application/xml"),
    ("text/csv", 406),
    ("text/tab-separated-values, text/xml", "text/xml; charset=utf-8"),
    ("text/turtle", 406),
    ("text/boolean", 406),
]
GRAPH_CASES = [
    (None, TURTLE),
    ("*/*", TURTLE),
    ("text/*", TURTLE),
    ("application/*", NT),
    ("text/turtle", TURTLE),
    (NT, NT),
    (RDFXML, RDFXML),
    (JSONLD, JSONLD),
    (f"{JSONLD};q=0.9, {RDFXML};q=0.8", JSONLD),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"', JSONLD),
    ("application/x-turtle", "application/x-turtle"),
    ("text/n3", "text/n3; charset=utf-8"),
    ("application/json", "application/json"),
    ("application/xml", "application/xml"),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,text/turtle;q=0.6", JSONLD),
    ("text/csv", 406),
    (JSON, 406),
    ("image/png, text/turtle;q=0", 406),
]
CASES = [
    *((SELECT, *case) for case in TABLE_CASES),
    *((ASK, *case) for case in BOOLEAN_CASES),
    *((CONSTRUCT, *case) for case in GRAPH_CASES),
    *((DESCRIBE, *case) for case in GRAPH_CASES),
]


def ask(served, query: str, **headers: str | list[str]):
    return served.ask(f"/sparql?query={quote(query)}", **headers)


@pytest.mark.parametrize(("query", "accept", "expected"), CASES)
def test_accept_decides_on_the_media_type(query: str, accept: str | None, expected: str | int, served):
    answer = ask(served, query, **({} if accept is None else {"accept": accept}))
    assert "Accept" in answer.headers["vary"]
    if expected == 406:
        assert answer.status == 406
        assert json.loads(answer.body)["available"]
        return
    assert (answer.status, answer.headers["content-type"]) == (200, expected)
    _read(answer.body, expected, query)


def _read(body: bytes, kind: str, query: str) -> None:
    """The body is what its media type says."""
    main = kind.partition(";")[0]
    if query in {SELECT, ASK}:
        formats = {"json": ox.QueryResultsFormat.JSON, "xml": ox.QueryResultsFormat.XML}
        named = {"text/csv": None, "text/tab-separated-values": ox.QueryResultsFormat.TSV}
        format_ = named[main] if main in named else formats[main.rpartition("+")[2].rpartition("/")[2]]
        if format_ is None:
            assert body == b"a,b\r\n1,x\r\n,y\r\n"
            return
        read = ox.parse_query_results(body, format=format_)
        if query == ASK:
            assert bool(read)
        else:
            assert [[term and term.value for term in row] for row in read] == [["1", "x"], [None, "y"]]
        return
    parsers = {
        "application/x-turtle": "text/turtle",
        "text/n3": "text/turtle",
        "application/json": "application/ld+json",
        "application/xml": "application/rdf+xml",
    }
    format_ = ox.RdfFormat.from_media_type(parsers.get(main, main))
    triples = [quad.triple for quad in ox.parse(body, format=format_)]
    if query == CONSTRUCT:
        assert [triple.object.value for triple in triples] == ["o"]
    else:
        assert {triple.subject.value for triple in triples} == {DESCRIBE[10:-1]}


FORMATS = [
    (SELECT, "csv", CSV),
    (SELECT, "tsv", TSV),
    (SELECT, "json", JSON),
    (SELECT, "xml", XML),
    (SELECT, "text/csv", CSV),
    (SELECT, "ttl", 406),
    (SELECT, "pdf", 406),
    (ASK, "json", JSON),
    (ASK, "xml", XML),
    (ASK, "csv", 406),
    (CONSTRUCT, "ttl", TURTLE),
    (CONSTRUCT, "nt", NT),
    (CONSTRUCT, "rdf", RDFXML),
    (CONSTRUCT, "jsonld", JSONLD),
    (CONSTRUCT, "json", JSONLD),
    (CONSTRUCT, "xml", RDFXML),
    (CONSTRUCT, "csv", 406),
]


@pytest.mark.parametrize(("query", "name", "expected"), FORMATS)
def test_format_in_a_link_goes_before_accept(query: str, name: str, expected: str | int, served):
    answer = served.ask(f"/sparql?query={quote(query)}&format={quote(name)}", accept=BROWSER)
    if expected == 406:
        assert answer.status == 406
    else:
        assert (answer.status, answer.headers["content-type"]) == (200, expected)


def test_a_browser_is_led_to_the_query_page_with_all_that_it_asked(served):
    bare = served.ask("/sparql", accept=BROWSER)
    assert (bare.status, bare.headers["location"]) == (303, "/query")
    asked = served.ask("/sparql?query=ASK%20%7B%7D&default-graph-uri=x%3Ag", accept=BROWSER)
    assert asked.status == 303
    assert asked.headers["location"] == "/query?query=ASK%20%7B%7D&default-graph-uri=x%3Ag"
    assert "Accept" in asked.headers["vary"]


def test_several_accept_headers_are_one(served):
    assert ask(served, SELECT, accept=["image/png", "text/csv"]).headers["content-type"] == CSV


def test_without_a_query_the_description_is_negotiated(served):
    for accept, expected in GRAPH_CASES:
        answer = served.ask("/sparql", **({} if accept is None else {"accept": accept}))
        assert (answer.status if expected == 406 else answer.headers["content-type"]) == expected


@given(st.text(max_size=60))
def test_no_accept_header_breaks_the_choice(header: str):
    for offers in (TABLE, BOOLEAN, GRAPH):
        assert choose([header], offers) is None or choose([header], offers) in offers
    assert all(0 <= each.quality <= 1 for each in ranges(header))


@given(st.text(alphabet="gzip;q=0.,* x-", max_size=30))
def test_no_accept_encoding_breaks_the_choice(header: str):
    assert accepts_gzip(header) in {True, False}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("gzip", True),
        ("deflate, gzip;q=1.0, *;q=0.5", True),
        ("*", True),
        ("identity", False),
        ("gzip;q=0", False),
        ("*;q=0", False),
        ("br", False),
        ("", False),
    ],
)
def test_accept_encoding_is_read_with_its_qualities(header: str, expected: bool):
    assert accepts_gzip(header) is expected
