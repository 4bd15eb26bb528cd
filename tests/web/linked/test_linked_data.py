"""Linked data: every IRI of ours leads to a page for people and to RDF for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH, ID, LKG
from lithiokg.web.bounded import describe_node
from lithiokg.web.links import data, local

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from lithiokg.graph import KnowledgeGraph

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
#: What is asked for, and the ending of what it leads to ("page" for people).
MATRIX = (
    (None, "ttl"),
    ("*/*", "ttl"),
    ("text/turtle", "ttl"),
    ("application/ld+json", "jsonld"),
    ("application/json", "jsonld"),
    ("application/n-triples", "nt"),
    ("text/plain", "nt"),
    ("application/rdf+xml", "rdf"),
    ("application/xml", "rdf"),
    ("application/trig", "trig"),
    ("application/n-quads", "nq"),
    ("text/html", "page"),
    ("application/xhtml+xml", "page"),
    (BROWSER, "page"),
    ("text/html;q=0.5, text/turtle", "ttl"),
    ("text/turtle;q=0.5, text/html;q=0.9", "page"),
    ("text/turtle;q=0, */*", "jsonld"),
    ("application/rdf+xml;q=0.9, application/ld+json;q=0.9, text/turtle;q=0.2", "jsonld"),
    ("text/*;q=0.4, application/n-triples;q=0.5", "nt"),
)
KINDS = (
    "", "0.1.0/", "Interlayer", "hasConstituent", "formula", "id/substance/ZnO", "id/substance/Li3N",
    "id/design/zno-interlayer-on-garnet", "id/design/zno-interlayer-on-garnet/observations/resistance-after",
    "id/claim/energymater-2021-21/energy-p03-zno-interlayer-promotes-intimate-contact",
    "id/work/energymater-2021-21", "id/reference/energymater-2021-21/22", "id/unit/ohm", "id/dataset/lithiokg",
    "graph/normalized", "mappings/emmo", "id/question/lithium-alloys",
)  # fmt: skip
READERS = {"ttl": "turtle", "jsonld": "json-ld", "nt": "nt", "rdf": "xml"}


def _headers(accept: str | None) -> dict[str, str]:
    return {} if accept is None else {"Accept": accept}


@pytest.mark.parametrize(("accept", "ending"), MATRIX)
def test_an_iri_leads_by_accept_to_a_page_or_to_data(
    client: TestClient, accept: str | None, ending: str
) -> None:
    client.headers.pop("accept", None)
    response = client.get("/lithiokg/id/substance/ZnO", headers=_headers(accept))
    assert response.status_code == 303
    wanted = "/page/id/substance/ZnO" if ending == "page" else f"/data/id/substance/ZnO.{ending}"
    assert response.headers["location"] == wanted
    assert "accept" in response.headers["vary"].lower()
    assert response.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("rest", KINDS)
def test_every_kind_of_iri_leads_somewhere(client: TestClient, rest: str) -> None:
    for accept in ("text/html", "text/turtle", "application/ld+json", "application/n-triples"):
        if rest == "" and accept != "text/html":  # the whole ontology, which has a test of its own
            continue
        path = f"/lithiokg/{quote(rest)}"
        response = client.get(path, headers={"Accept": accept})
        while response.status_code == 303:
            response = client.get(response.headers["location"], headers={"Accept": accept})
        assert response.status_code == 200, (rest, accept)
        assert response.headers["content-type"].startswith(accept)


def test_what_is_not_acceptable_is_said_with_what_there_is(client: TestClient) -> None:
    response = client.get("/lithiokg/id/substance/ZnO", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text
    assert "Accept" in response.headers["vary"]


def test_an_unknown_iri_is_told_to_people_and_to_machines(client: TestClient) -> None:
    page = client.get("/lithiokg/id/substance/ZnOO", headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="/page/id/substance/ZnO"' in page.text
    line = client.get("/lithiokg/id/substance/ZnOO", headers={"Accept": "text/turtle"})
    assert line.status_code == 404
    assert line.headers["content-type"].startswith("text/plain")
    for path in ("/data/id/substance/ZnOO.ttl", "/data/id/substance/ZnO.xyz", "/data/id/substance/ZnO"):
        assert client.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "rest",
    ["id/substance/ZnO", "AlloyInterlayerDesign", "id/design/zno-interlayer-on-garnet", "mappings/chmo"],
)
def test_all_syntaxes_say_the_same(client: TestClient, rest: str) -> None:
    texts = {ending: client.get(f"/data/{rest}.{ending}") for ending in (*READERS, "trig", "nq")}
    sizes = {}
    for ending, format_ in READERS.items():
        assert texts[ending].status_code == 200
        sizes[ending] = len(rdflib.Graph().parse(data=texts[ending].text, format=format_))
    assert len(set(sizes.values())) == 1, sizes
    dataset = {q.triple for q in ox.parse(texts["nq"].text, format=ox.RdfFormat.N_QUADS)}
    assert len(dataset) == sizes["nt"]
    assert all(
        q.graph_name.value.startswith(GRAPH) for q in ox.parse(texts["trig"].text, format=ox.RdfFormat.TRIG)
    )  # type: ignore[union-attr]


def test_the_data_of_a_thing_reach_down_to_the_place_that_says_it(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/data/id/substance/ZnO.ttl").text, format="turtle")
    lkg = rdflib.Namespace(LKG)
    claim = rdflib.URIRef(f"{ID}substance/ZnO/claims/becomes-li-zn")
    (evidence,) = graph.objects(claim, lkg.hasEvidence)
    assert str(graph.value(evidence, lkg.keyPhrase)) == "reduce ZnO into a Li-Zn alloy"
    reference = graph.value(evidence, lkg.resolvedReference)
    assert reference == rdflib.URIRef(f"{ID}reference/energymater-2021-21/22")
    skos = rdflib.Namespace("http://www.w3.org/2004/02/skos/core#")
    assert str(graph.value(reference, skos.prefLabel)) == "reference 22"
    assert (rdflib.URIRef(f"{ID}design/zno-interlayer-on-garnet/components/layer"), lkg.hasConstituent, rdflib.URIRef(f"{ID}substance/ZnO")) in graph  # fmt: skip


def test_everything_that_is_named_has_its_label(client: TestClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/data/id/design/zno-interlayer-on-garnet.ttl").text)
    label = rdflib.URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")
    for name in ("actsThrough", "followsStrategy", "hasInterfaceType"):
        for value in graph.objects(None, rdflib.URIRef(LKG + name)):
            assert graph.value(value, label), value


def _blank(quads: list[ox.Quad]) -> set[ox.BlankNode]:
    return {term for quad in quads for term in (quad.subject, quad.object) if isinstance(term, ox.BlankNode)}


def test_no_blank_node_is_left_dangling_or_lost(graph: KnowledgeGraph) -> None:
    assert isinstance(graph.store, EmbeddedStore)
    store = graph.store.oxigraph
    for name in (
        "AlloyInterlayerDesign",
        "ElectronicallyIsolatingLayer",
        "CyclingStage",
        "InterlayerDesign",
        "Design",
    ):
        quads = list(describe_node(store, LKG + name))
        said = {quad.subject for quad in quads}
        for node in _blank(quads):
            assert node in said, (name, node)
            whole = set(store.quads_for_pattern(node, None, None, None))
            assert whole <= set(quads), (name, node)


def test_the_axioms_that_speak_of_a_class_come_with_it(client: TestClient) -> None:
    text = client.get("/data/CyclingStage.ttl").text
    graph = rdflib.Graph().parse(data=text, format="turtle")
    owl = rdflib.OWL
    apart = list(graph.subjects(rdflib.RDF.type, owl.AllDisjointClasses))
    assert apart
    members = {
        str(each) for node in apart for head in graph.objects(node, owl.members) for each in graph.items(head)
    }
    assert f"{LKG}ModificationStage" in members


def test_the_iri_of_the_ontology_gives_the_whole_ontology(client: TestClient) -> None:
    response = client.get("/data/.ttl")
    graph = rdflib.Graph().parse(data=response.text, format="turtle")
    assert (rdflib.URIRef(LKG), rdflib.RDF.type, rdflib.OWL.Ontology) in graph
    classes = {
        each for each in graph.subjects(rdflib.RDF.type, rdflib.OWL.Class) if isinstance(each, rdflib.URIRef)
    }
    assert len(classes) > 250


def test_a_named_graph_gives_what_is_in_it(client: TestClient, graph: KnowledgeGraph) -> None:
    assert isinstance(graph.store, EmbeddedStore)
    text = client.get("/data/graph/normalized.nt").text
    assert len(text.splitlines()) == graph.store.graphs()[f"{GRAPH}normalized"]


def test_what_much_is_said_of_is_described_without_everything_that_is_said(client: TestClient) -> None:
    response = client.get("/data/id/work/energymater-2021-21.nt")
    assert response.status_code == 200
    assert len(response.text.splitlines()) < 500


def test_data_and_page_know_of_each_other(client: TestClient) -> None:
    document = client.get("/data/id/substance/ZnO.ttl").headers["link"]
    assert '</page/id/substance/ZnO>; rel="alternate"; type="text/html"' in document
    assert f'<{ID}substance/ZnO>; rel="describes"' in document
    page = client.get("/page/id/substance/ZnO")
    assert '</data/id/substance/ZnO.ttl>; rel="describedby"; type="text/turtle"' in page.headers["link"]
    assert 'rel="canonical"' in page.headers["link"]
    assert (
        '<link rel="alternate" type="application/ld+json" href="/data/id/substance/ZnO.jsonld">' in page.text
    )


def test_data_that_the_client_holds_are_not_sent_again(client: TestClient) -> None:
    first = client.get("/data/id/substance/ZnO.ttl")
    assert first.headers["content-type"] == "text/turtle; charset=utf-8"
    again = client.get(
        "/data/id/substance/ZnO.ttl", headers={"If-None-Match": f'"other", {first.headers["etag"]}'}
    )
    assert again.status_code == 304
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get("/data/id/substance/ZnO.nt").headers["etag"] != first.headers["etag"]


def test_data_say_the_same_each_time(client: TestClient) -> None:
    texts = {
        client.get("/data/AlloyInterlayerDesign.ttl", headers={"Cache-Control": "no-cache"}).text
        for _ in range(3)
    }
    assert len(texts) == 1


def test_signs_that_paths_cannot_hold_are_escaped_and_understood() -> None:
    assert local(f"{ID}x/a b?c#d%e") == "/page/id/x/a%20b%3Fc%23d%25e"
    assert data(f"{ID}substance/Käse", "ttl") == "/data/id/substance/K%C3%A4se.ttl"
    assert local("https://example.org/x") is None
    assert local("javascript:alert(1)") is None


def test_head_answers_like_get_without_a_body(client: TestClient) -> None:
    for path in ("/lithiokg/id/substance/ZnO", "/data/id/substance/ZnO.ttl", "/page/id/substance/ZnO"):
        head, get = client.head(path), client.get(path)
        assert head.status_code == get.status_code
        assert head.content == b""
        assert head.headers.get("etag") == get.headers.get("etag")
