from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.store.results import FORMS, LimitMetError, UnacceptableError, UnwritableError, write_result

RESULTS = "{http://www.w3.org/2005/sparql-results#}"
#: Texts that look like the marks by which rows are told apart.
TRAPS = [
    '"',
    "\\",
    '\\"',
    ',{"',
    "[{",
    "{},",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "<result>",
    "],",
    "},{",
    '"x',
    "ä",
    "",
    "'",
]
texts = st.lists(
    st.sampled_from(TRAPS) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4)
).map("".join)
XML_SPECIAL = "http://example.org/p"


def _store(values: list[str]) -> ox.Store:
    store = ox.Store()
    for number, value in enumerate(values):
        subject = ox.NamedNode(f"http://example.org/s{number}")
        store.add(ox.Quad(subject, ox.NamedNode(XML_SPECIAL), ox.Literal(value)))
    return store


def written(store: ox.Store, query: str, format_: str, **limits: object):
    parts: list[bytes] = []
    formats = {form: format_ for form, known in FORMS.items() if format_ in known}
    given_ = {"max_rows": 10**6, "max_bytes": 10**9, **limits}
    report = write_result(store.query(query), parts.append, formats, **given_)  # type: ignore[arg-type]
    return report, b"".join(parts)


ALL = "SELECT ?s ?o ?none { ?s ?p ?o }"


@pytest.mark.parametrize("format_", FORMS["table"])
@given(values=st.lists(texts, max_size=8))
@settings(max_examples=60)
def test_rows_are_counted_whatever_the_values_hold(format_: str, values: list[str]):
    store = _store(values)
    report, body = written(store, ALL, format_)
    assert (report.rows, report.bytes) == (len(values), len(body))
    if values:
        with pytest.raises(LimitMetError, match="rows"):
            written(store, ALL, format_, max_rows=len(values) - 1)


@pytest.mark.parametrize("format_", FORMS["table"])
def test_rows_are_counted_across_the_parts_that_the_engine_writes(format_: str):
    store = _store([trap * 40 for trap in TRAPS] * 30)
    count = next(iter(store.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")))["n"].value
    report, body = written(store, ALL, format_)
    assert (report.rows, len(body) > 5 * 8192) == (int(count), True)


@pytest.mark.parametrize("format_", FORMS["table"])
def test_rows_without_a_value_count_too(format_: str):
    report, _ = written(ox.Store(), "SELECT ?x { VALUES ?x { UNDEF UNDEF UNDEF } }", format_)
    assert report.rows == 3
    assert written(ox.Store(), "SELECT ?x { FILTER(false) }", format_)[0].rows == 0


@given(values=st.lists(texts, min_size=1, max_size=5, unique=True))
@settings(max_examples=60)
def test_what_is_written_is_read_back_by_others_as_it_was(values: list[str]):
    store = _store(values)
    body = written(store, ALL, "json")[1]
    assert sorted(row["o"]["value"] for row in json.loads(body)["results"]["bindings"]) == sorted(values)
    rows = list(csv.reader(io.StringIO(written(store, ALL, "csv")[1].decode(), newline="")))
    assert sorted(row[1] for row in rows[1:]) == sorted(values)
    tree = ET.fromstring(written(store, ALL, "xml")[1])  # noqa: S314  # our own
    literals = [each.text or "" for each in tree.iter(f"{RESULTS}literal")]
    assert sorted(literals) == sorted(values)


@pytest.mark.parametrize("format_", ["xml", "rdfxml"])
@pytest.mark.parametrize("character", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_refused_and_not_garbled(format_: str, character: str):
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if format_ == "rdfxml" else ALL
    store = _store(["x" * 9000 + character])
    with pytest.raises(UnwritableError, match="XML"):
        written(store, query, format_)
    other = "turtle" if format_ == "rdfxml" else "json"
    assert written(store, query, other)[0].rows == 1


@pytest.mark.parametrize("iri", ["http://example.org/123", "http://example.org/", "http://example.org/a%20"])
def test_a_property_that_is_no_name_of_xml_is_refused_in_rdf_xml(iri: str):
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://example.org/s"), ox.NamedNode(iri), ox.Literal(1)))
    with pytest.raises(UnwritableError, match="RDF/XML"):
        written(store, "CONSTRUCT WHERE { ?s ?p ?o }", "rdfxml")


def test_rdf_xml_that_is_written_is_read_back(tmp_path):
    values = ["a\rb", " <&> ", "ä\n", "'\"", ""]
    store = _store(values)
    body = written(store, "CONSTRUCT WHERE { ?s ?p ?o }", "rdfxml")[1]
    tree = ET.fromstring(body)  # noqa: S314  # our own
    assert sorted(each.text or "" for each in tree.iter("{http://example.org/}p")) == sorted(values)


@pytest.mark.parametrize("format_", FORMS["graph"])
def test_triples_are_given_once_and_counted(format_: str):
    store = _store(["a", "b"])
    node = ox.BlankNode("n")
    store.add(ox.Quad(node, ox.NamedNode(XML_SPECIAL), node))
    twice = "CONSTRUCT { ?s ?p ?o . ?s ?p ?o } { ?s ?p ?o }"
    report, body = written(store, twice, format_)
    known = {"turtle": "ttl", "ntriples": "nt", "rdfxml": "rdf", "jsonld": "jsonld"}
    read = list(ox.parse(body, format=ox.RdfFormat.from_extension(known[format_])))
    assert report.rows == len(read) == len(set(read)) == 3
    with pytest.raises(LimitMetError, match="rows"):
        written(store, twice, format_, max_rows=2)
    cut, _ = written(store, twice, format_, max_rows=2, cut=True)
    assert (cut.rows, cut.cut) == (2, True)


@pytest.mark.parametrize("format_", [*FORMS["table"], *FORMS["graph"]])
def test_bytes_are_limited(format_: str):
    query = "CONSTRUCT WHERE { ?s ?p ?o }" if format_ in FORMS["graph"] else ALL
    with pytest.raises(LimitMetError, match="bytes"):
        written(_store(["x" * 100] * 50), query, format_, max_bytes=60)


def test_the_first_rows_are_given_where_a_cut_is_wanted():
    report, body = written(
        _store(["a", "b", "c"]), "SELECT ?o { ?s ?p ?o } ORDER BY ?o", "tsv", max_rows=2, cut=True
    )
    assert (report.cut, body) == (True, b'?o\n"a"\n"b"\n')
    assert not written(_store(["a"]), ALL, "tsv", max_rows=1, cut=True)[0].cut


def test_a_kind_of_answer_without_a_format_is_not_written():
    with pytest.raises(UnacceptableError, match="boolean"):
        write_result(ox.Store().query("ASK {}"), list, {"table": "csv"}, max_rows=1, max_bytes=1)
