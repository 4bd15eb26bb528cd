"""What the server says of itself in RDF and in OpenAPI, held against what it does."""

from __future__ import annotations

import gzip
import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi import checks

GRAPHS = "https://w3id.org/lithiokg/graph/"
VOID = "http://rdfs.org/ns/void#"
SD = "http://www.w3.org/ns/sparql-service-description#"
COUNT = "SELECT (COUNT(*) AS ?n) { %s }"


def count(served, pattern: str) -> int:
    answer = served.ask(f"/sparql?query={quote(COUNT % pattern)}", accept="text/csv")
    return int(answer.text.split()[1])


@pytest.fixture(scope="module")
def service(served) -> ox.Store:
    store = ox.Store()
    answer = served.ask("/sparql", accept="application/n-triples")
    store.load(input=answer.body, format=ox.RdfFormat.N_TRIPLES)
    return store


def test_the_counts_of_the_description_are_what_queries_count(service: ox.Store, served, graph):
    rows = service.query(
        f"""PREFIX sd: <{SD}> SELECT ?name ?n
        {{ ?set sd:namedGraph [ sd:name ?name ; sd:graph [ <{VOID}triples> ?n ] ] }}"""
    )
    told = {row["name"].value: int(row["n"].value) for row in rows}
    assert told == graph.store.graphs()
    default = next(iter(service.query(f"SELECT ?n {{ ?set <{SD}defaultGraph> [ <{VOID}triples> ?n ] }}")))
    assert int(default["n"].value) == count(served, "?s ?p ?o")


def test_the_union_and_no_dereferencing_and_no_federation_are_what_is_claimed(service: ox.Store):
    features = {row[0].value for row in service.query(f"SELECT ?f {{ ?s <{SD}feature> ?f }}")}
    assert features == {f"{SD}UnionDefaultGraph"}
    formats = {
        row[0].value.rpartition("/")[2] for row in service.query(f"SELECT ?f {{ ?s <{SD}resultFormat> ?f }}")
    }
    assert formats >= {
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
    }


def test_void_is_at_its_well_known_place(served, graph):
    answer = served.ask("/.well-known/void", accept="text/turtle")
    assert answer.status == 200
    triples = {quad.triple for quad in ox.parse(answer.body, format=ox.RdfFormat.TURTLE)}
    assert {quad.triple for quad in graph.store.quads(f"{GRAPHS}void")} <= triples
    assert [
        triple.object.value for triple in triples if triple.predicate.value == f"{VOID}sparqlEndpoint"
    ] == [f"{served.url}sparql"]


@pytest.mark.parametrize("name", ["closures", "inferred", "void"])
def test_a_graph_is_given_whole(name: str, served, graph):
    answer = served.ask(f"/graph-store?graph={quote(GRAPHS + name)}", accept="application/n-triples")
    assert answer.status == 200
    assert len(answer.body.splitlines()) == graph.store.graphs()[GRAPHS + name]


def test_the_default_graph_is_given_whole(served, graph):
    answer = served.ask("/graph-store?default", accept="application/n-triples", accept_encoding="gzip")
    lines = gzip.decompress(answer.body).splitlines()
    assert len(lines) == len(set(lines)) == count(served, "?s ?p ?o")


# --- OpenAPI --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def openapi(served) -> dict:
    answer = served.ask("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return json.loads(answer.body)


def test_the_description_has_every_question_with_its_parameters(openapi: dict, graph):
    for name, question in graph.questions().items():
        described = openapi["paths"][f"/questions/{name}.json"]["get"]
        assert [each["name"] for each in described["parameters"]] == list(question.params)


def test_every_path_of_the_description_is_answered(openapi: dict, served):
    for path in openapi["paths"]:
        if not path.startswith("/questions/"):
            assert served.ask(path, "OPTIONS").status == 204


#: Questions whose answers are asked for with made-up parameters; all of them would take a minute.
SAMPLE = 5


def test_made_up_requests_get_answers_that_the_description_foresees(openapi: dict, served, graph):
    # What is a query, or a thing, no schema can say.
    untold = [checks.negative_data_rejection, checks.positive_data_acceptance]
    schema = schemathesis.openapi.from_dict(openapi)
    calm = settings(
        max_examples=5,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    with_parameters = [name for name, each in graph.questions().items() if each.params and not each.endpoints]
    chosen = {
        f"/questions/{name}.json" for name in sorted(with_parameters)[:: len(with_parameters) // SAMPLE]
    }
    tested = set()
    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.path.startswith("/questions/") and operation.path not in chosen:
            continue

        @calm
        @given(case=operation.as_strategy())
        def check(case) -> None:
            response = case.call(base_url=served.url.rstrip("/"))
            case.validate_response(response, excluded_checks=untold)

        check()
        tested.add(operation.path)
    assert len(tested) > SAMPLE
