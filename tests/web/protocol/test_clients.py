"""Other people's clients against a real server: SPARQLWrapper, rdflib's SPARQLStore, Comunica."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
import rdflib
import SPARQLWrapper
from platformdirs import user_cache_path
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

PREFIXES = """PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
ROWS = PREFIXES + "SELECT ?s ?label { ?s a lkg:Design ; skos:prefLabel ?label } ORDER BY ?s LIMIT 5"
ASK = PREFIXES + "ASK { ?s a lkg:Design }"
NO = PREFIXES + "ASK { ?s a lkg:Nothing }"
CONSTRUCT = PREFIXES + "CONSTRUCT { ?s skos:prefLabel ?l } { ?s a lkg:Design ; skos:prefLabel ?l }"
ZNO = "https://w3id.org/lithiokg/id/substance/ZnO"
GRAPHS = (
    "SELECT ?g { GRAPH ?g { <https://w3id.org/lithiokg/Design> a <http://www.w3.org/2002/07/owl#Class> } }"
)
DESCRIBE = f"DESCRIBE <{ZNO}>"


@pytest.fixture(scope="module")
def expected(graph):
    """What the snapshot itself answers."""
    return {
        "rows": [(row["s"], row["label"]) for row in graph.sparql(ROWS).dicts()],
        "construct": len(set(graph.sparql(CONSTRUCT))),
        "describe": len(set(graph.sparql(DESCRIBE))),
    }


# --- SPARQLWrapper --------------------------------------------------------------------------------


def wrapper(served, query: str, format_: str | None = None, method: str = "GET", direct: bool = False):
    client = SPARQLWrapper.SPARQLWrapper(f"{served.url}sparql")
    client.setQuery(query)
    client.setMethod(method)
    if direct:
        client.setRequestMethod(SPARQLWrapper.POSTDIRECTLY)
    if format_ is not None:
        client.setReturnFormat(format_)
    return client.query()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("direct", [False, True])
def test_sparqlwrapper_asks_in_every_way(method: str, direct: bool, served, expected):
    found = wrapper(served, ROWS, "json", method, direct and method == "POST").convert()["results"][
        "bindings"
    ]
    assert [(row["s"]["value"], row["label"]["value"]) for row in found] == expected["rows"]


@pytest.mark.filterwarnings("ignore")  # of its own about formats
def test_sparqlwrapper_reads_every_form_in_every_format(served, expected):
    assert len(wrapper(served, ROWS, "xml").convert().getElementsByTagName("result")) == 5
    assert len(wrapper(served, ROWS, "csv").convert().splitlines()) == 6
    assert len(wrapper(served, ROWS, "tsv").convert().splitlines()) == 6
    assert len(wrapper(served, ROWS).convert().getElementsByTagName("result")) == 5  # its own default
    for query, truth in ((ASK, True), (NO, False)):
        assert wrapper(served, query, "json").convert()["boolean"] is truth
        said = wrapper(served, query, "xml").convert().getElementsByTagName("boolean")[0].firstChild.data
        assert said == str(truth).lower()
    for query, size in ((CONSTRUCT, expected["construct"]), (DESCRIBE, expected["describe"])):
        assert len(wrapper(served, query, "xml").convert()) == size  # an rdflib graph
        assert len(wrapper(served, query).convert()) == size
        assert len(wrapper(served, query, "json-ld").convert()) == size
        for format_ in ("turtle", "n3"):
            text = wrapper(served, query, format_).convert()
            assert len(rdflib.Graph().parse(data=text, format="turtle")) == size


def test_sparqlwrapper_tells_what_the_server_says_of_a_mistake(served):
    with pytest.raises(QueryBadFormed, match="is never closed"):
        wrapper(served, "SELECT * {", "json")


# --- rdflib ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("format_", ["xml", "json", "csv", "tsv"])
def test_rdflibs_store_asks_in_every_way(method: str, format_: str, served, expected):
    store = SPARQLStore(f"{served.url}sparql", method=method, returnFormat=format_)
    found = Graph(store).query(ROWS)
    assert [(str(row.s), str(row.label)) for row in found] == expected["rows"]
    if format_ in {"xml", "json"}:
        assert Graph(store).query(ASK).askAnswer is True


def test_rdflibs_store_is_a_graph_like_any_other(served, expected):
    graph = Graph(SPARQLStore(f"{served.url}sparql"))
    assert len(set(graph.triples((URIRef(ZNO), None, None)))) == expected["describe"]
    assert len(graph.query(CONSTRUCT).graph) == expected["construct"]
    ontology = "https://w3id.org/lithiokg/graph/ontology"
    named = Graph(SPARQLStore(f"{served.url}sparql"), identifier=ontology)
    assert (URIRef("https://w3id.org/lithiokg/Design"), None, None) in named
    assert ontology in {str(name) for name in SPARQLStore(f"{served.url}sparql").contexts()}


def test_rdflib_reads_the_endpoint_s_graphs_from_their_addresses(served, graph):
    name = "https://w3id.org/lithiokg/graph/closures"
    read = Graph().parse(f"{served.url}graph-store?graph={quote(name)}")
    assert len({row for row in read if not row[0].startswith("_")}) > 0
    assert len(read) == graph.store.graphs()[name]


# --- Comunica -------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def comunica() -> Path:
    """Comunica from the npm registry, kept in the user's cache from one run to the next."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs Node.js and npm")
    folder = Path(os.environ.get("LITHIOKG_TEST_TOOLS", user_cache_path("lithiokg-tests", appauthor=False)))
    folder /= "comunica-4"
    if not (folder / "complete").exists():
        folder.mkdir(parents=True, exist_ok=True)
        content = {"private": True, "dependencies": {"@comunica/query-sparql": "^4.0.0"}}
        (folder / "package.json").write_text(json.dumps(content), encoding="utf-8")
        command = [npm, "install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts"]
        try:
            done = subprocess.run(
                command, cwd=folder, capture_output=True, text=True, timeout=180, check=False
            )
        except subprocess.TimeoutExpired:
            pytest.skip("the npm registry does not answer in time")
        if done.returncode != 0:
            pytest.skip(f"the npm registry does not give Comunica: {done.stderr.strip().splitlines()[-1:]}")
        (folder / "complete").touch()
    return folder


def test_comunica_asks_in_every_form(comunica: Path, served, expected):
    queries = [
        {"form": "select", "query": ROWS},
        {"form": "ask", "query": ASK},
        {"form": "ask", "query": NO},
        {"form": "construct", "query": CONSTRUCT},
        {"form": "construct", "query": DESCRIBE},
        {"form": "select", "query": f"SELECT (COUNT(*) AS ?n) {{ <{ZNO}> ?p ?o }}"},
        {"form": "select", "query": GRAPHS},
        {"form": "select", "query": "SELECT ?x ?y { VALUES (?x ?y) { (UNDEF 1) } }"},
    ]
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("comunica.cjs")), f"{served.url}sparql"],
        input=json.dumps(queries),
        env={**os.environ, "NODE_PATH": str(comunica / "node_modules")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows, yes, no, made, described, counted, graphs, unbound = json.loads(done.stdout)
    assert [(row["s"], row["label"]) for row in rows] == expected["rows"]
    assert (yes, no) == (True, False)
    assert len({tuple(quad) for quad in made}) == expected["construct"]
    assert len({tuple(quad) for quad in described}) == expected["describe"]
    assert counted == [{"n": str(expected["describe"])}]
    assert graphs == [{"g": "https://w3id.org/lithiokg/graph/ontology"}]
    assert unbound == [{"y": "1"}]
