"""The figures for search engines, in the words of schema.org."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import rdflib

ID = "https://w3id.org/lithiokg/id/"
#: Of schema.org since version 12, and so newer than rdflib's list.
NEWER = {"https://schema.org/observationAbout"}
PREFIXES = "PREFIX schema: <https://schema.org/> PREFIX lkg: <https://w3id.org/lithiokg/>"
FIGURES = """
SELECT ?o ?value ?min ?max ?unit {
  ?o a schema:Observation ; schema:unitText ?unit .
  OPTIONAL { ?o schema:value ?value } OPTIONAL { ?o schema:minValue ?min } OPTIONAL { ?o schema:maxValue ?max }
}
"""
BESIDE = "SELECT ?o ?name ?value { ?o schema:additionalProperty ?p . ?p schema:propertyID ?name ; schema:value ?value }"
CONDITIONS = """
SELECT ?o ?kind ?value ?min ?max {
  ?o schema:valueReference ?p . ?p schema:propertyID ?kind ; schema:unitText ?unit .
  OPTIONAL { ?p schema:value ?value } OPTIONAL { ?p schema:minValue ?min } OPTIONAL { ?p schema:maxValue ?max }
}
"""


def decimal(literal):
    """A number of JSON is binary; its shortest form has the figures that were written."""
    is_number = literal is not None and not isinstance(literal.toPython(), str)
    return Decimal(str(literal.toPython())) if is_number else None


def test_every_figure_survives_with_its_unit_comparator_range_print_and_conditions(schema, reported, same):
    beside = {}
    for row in schema.query(PREFIXES + BESIDE):
        beside[str(row.o), str(row.name).rsplit("/", 1)[-1]] = str(row.value)
    read = {}
    for row in schema.query(PREFIXES + FIGURES):
        comparator = beside[str(row.o), "comparator"]
        low, high = decimal(row.min), decimal(row.max)
        bound = {">": low, "<": high}.get(comparator[0])
        read[str(row.o).removeprefix(ID)] = {
            "comparator": comparator,
            "value": decimal(row.value) if bound is None else bound,
            "value_min": low if bound is None else None,
            "value_max": high if bound is None else None,
            "unit": str(row.unit),
            "printed": beside[str(row.o), "printed"],
            "conditions": {},
        }
    for row in schema.query(PREFIXES + CONDITIONS):
        kind = str(row.kind).removeprefix(ID + "property/")
        (number,) = filter(None, map(decimal, (row.value, row.min, row.max)))
        read[str(row.o).removeprefix(ID)]["conditions"][kind] = number
    same(read, reported)


def test_a_bound_has_no_value(schema):
    comparators = {
        str(row.o): str(row.value)
        for row in schema.query(PREFIXES + BESIDE)
        if str(row.name).endswith("comparator")
    }
    bounds = [row for row in schema.query(PREFIXES + FIGURES) if comparators[str(row.o)][0] in "<>"]
    assert len(bounds) >= 20
    assert all(row.value is None for row in bounds)


def test_every_term_is_one_of_schema_org(schema):
    from rdflib.namespace import SDO  # noqa: PLC0415  # pytest would look for tests in it

    used = {str(term) for term in {*schema.predicates(), *schema.objects(None, rdflib.RDF.type)}}
    ours = {term for term in used if term.startswith("https://schema.org/")}
    assert used - ours == {str(rdflib.RDF.type)}
    unknown = {term for term in ours - NEWER if term.rsplit("/", 1)[-1] not in SDO}
    assert unknown == set()


def test_the_data_set_has_what_search_engines_ask_for(schema_jsonld):
    graph = json.loads(schema_jsonld)["@graph"]
    (dataset,) = [node for node in graph if node["@type"] == "Dataset"]
    assert 50 <= len(dataset["description"]) <= 5000
    for name in ("name", "license", "creator", "version", "datePublished", "url", "isBasedOn", "citation"):
        assert dataset[name], name
    assert dataset["creator"]["name"]
    observed = {node["measuredProperty"]["@id"] for node in graph if node["@type"] == "Observation"}
    assert {each["propertyID"] for each in dataset["variableMeasured"]} == observed


def test_the_data_set_is_the_one_that_the_graph_describes_itself_as(schema_jsonld, graph):
    (dataset,) = [node for node in json.loads(schema_jsonld)["@graph"] if node["@type"] == "Dataset"]
    (described,) = graph.sparql(
        "SELECT ?d ?name { ?d a <https://schema.org/Dataset> ; <https://schema.org/name> ?name }"
    ).dicts()
    assert (dataset["@id"], dataset["name"]) == (described["d"], described["name"])


def test_it_is_one_file_of_a_size_that_is_read(schema_jsonld):
    assert len(schema_jsonld.encode()) < 500_000


def test_every_node_that_is_pointed_at_stands_in_the_file(schema_jsonld):
    graph = json.loads(schema_jsonld)["@graph"]
    told = {node["@id"] for node in graph}

    def pointers(value):
        if isinstance(value, dict):
            if set(value) == {"@id"}:
                yield value["@id"]
            for each in value.values():
                yield from pointers(each)
        elif isinstance(value, list):
            for each in value:
                yield from pointers(each)

    assert set(pointers(graph)) <= told


@pytest.mark.parametrize("name", ["Observation", "Dataset", "ScholarlyArticle"])
def test_every_kind_of_node_has_a_name(schema_jsonld, name):
    nodes = [node for node in json.loads(schema_jsonld)["@graph"] if node["@type"] == name]
    assert nodes
    assert all(node["name"] for node in nodes)
