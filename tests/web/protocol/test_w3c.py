"""The query side of the W3C's protocol tests, and those of the service description, over a real server."""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.collection import Collection

from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore

ROOT = Path(__file__).parents[3]
W3C = Path(os.environ.get("LITHIOKG_W3C", ROOT.parent / "shared" / "w3c"))
PROTOCOL = W3C / "sparql11-protocol"
SERVICE = W3C / "sparql11-service-description"
#: The data sets that the tests speak of stand at these addresses.
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UPDATES = "the graph is read-only: updates are refused, which test_requests.py looks at"

needs_suite = pytest.mark.skipif(
    not PROTOCOL.exists(), reason="the W3C suite is not in ../shared/w3c (LITHIOKG_W3C names another folder)"
)


def _manifest(folder: Path):
    path = folder / "manifest.ttl"
    graph = rdflib.Graph()
    if path.exists():
        graph.parse(path, publicID=path.as_uri())
    return graph


def _names(folder: Path) -> list[str]:
    graph = _manifest(folder)
    return [
        str(entry).rpartition("#")[2]
        for entries in graph.objects(None, rdflib.URIRef(MF + "entries"))
        for entry in Collection(graph, entries)
    ]


NAMES = _names(PROTOCOL)
QUERIES = [name for name in NAMES if "update" not in name]


@pytest.fixture(scope="module")
def manifest():
    return _manifest(PROTOCOL)


@pytest.fixture(scope="module")
def w3c(serve_for_session, shipped):
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(DATA.format(number)))
        for number in (1, 2, 3)
        for quad in ox.parse((PROTOCOL / f"data{number}.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)
    ]
    return serve_for_session(KnowledgeGraph(EmbeddedStore.in_memory(quads), shipped), workers=2)


@needs_suite
def test_the_suite_has_twenty_tests_of_queries():
    assert len(QUERIES) == 20


@needs_suite
@pytest.mark.parametrize("name", NAMES)
def test_the_endpoint_does_what_the_w3c_expects(name: str, manifest, w3c):
    if "update" in name:
        pytest.skip(UPDATES)

    def value(node, term):
        return manifest.value(node, rdflib.URIRef(term))

    test = next(entry for entry in manifest.subjects() if str(entry).endswith(f"#{name}"))
    connection = value(test, MF + "action")
    for request in Collection(manifest, value(connection, HT + "requests")):
        headers = {}
        if listed := value(request, HT + "headers"):
            for header in Collection(manifest, listed):
                headers[str(value(header, HT + "fieldName")).lower()] = str(value(header, HT + "fieldValue"))
        body = value(request, HT + "body")
        data = None
        if body is not None:
            encoding = str(value(body, CNT + "characterEncoding"))
            data = str(value(body, CNT + "chars")).encode(encoding)
        path = str(value(request, HT + "absolutePath"))
        answer = w3c.ask(path, str(value(request, HT + "methodName")), data, **headers)
        expected = value(request, HT + "resp")
        statuses = {
            str(each)[-3] for each in manifest.objects(expected, rdflib.URIRef(MF + "expectedStatus"))
        }
        assert str(answer.status)[0] in statuses, answer.text
        _check_content(
            answer, value(expected, MF + "expectedFormat"), value(expected, MF + "expectedBoolean")
        )


def _check_content(answer, format_, truth) -> None:
    kind = answer.headers["content-type"].partition(";")[0]
    if format_ is not None:
        types = {
            "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
            "tabular": {"application/sparql-results+json", "application/sparql-results+xml", "text/csv"},
            "RDF": {"text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"},
        }
        assert kind in types[str(format_)]
    if truth is not None:
        assert json.loads(answer.body)["boolean"] is truth.toPython()


SERVICE_TESTS = _names(SERVICE)


@needs_suite
@pytest.mark.parametrize("name", SERVICE_TESTS)
def test_the_service_description_is_as_the_w3c_expects(name: str, served):
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    answer = served.ask("/sparql", accept="text/turtle")
    assert answer.status == 200
    described = rdflib.Graph().parse(data=answer.body, format="turtle")
    if name == "returns-rdf":
        assert len(described) > 0
    elif name == "has-endpoint-triple":
        endpoints = [str(each) for each in described.objects(None, sd.endpoint)]
        assert endpoints == [f"{served.url}sparql"]
        assert urlsplit(endpoints[0]).port == urlsplit(served.url).port
    else:
        assert name == "conforms-to-schema"
        _check_schema(described, sd)


def _check_schema(described, sd) -> None:
    """The domains and ranges of the vocabulary, and that nothing of its namespace is invented."""
    words = """Service endpoint supportedLanguage SPARQL11Query feature UnionDefaultGraph resultFormat
        defaultEntailmentRegime defaultDataset Dataset defaultGraph Graph namedGraph NamedGraph name graph"""
    known = set(words.split())
    used = {str(term)[len(sd) :] for triple in described for term in triple if str(term).startswith(str(sd))}
    assert used <= known
    service = described.value(None, rdflib.RDF.type, sd.Service)
    assert service is not None
    dataset = described.value(service, sd.defaultDataset)
    assert (dataset, rdflib.RDF.type, sd.Dataset) in described
    assert (described.value(dataset, sd.defaultGraph), rdflib.RDF.type, sd.Graph) in described
    named = list(described.objects(dataset, sd.namedGraph))
    assert named
    for graph in named:
        assert (graph, rdflib.RDF.type, sd.NamedGraph) in described
        assert isinstance(described.value(graph, sd.name), rdflib.URIRef)
        assert (described.value(graph, sd.graph), rdflib.RDF.type, sd.Graph) in described
