"""The set-wise run of SPARQL constraints against pySHACL, which runs each once for each focus node."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib

from lithiokg.validation.constraints import breaches_of_constraints
from lithiokg.validation.core import to_rdflib

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
PLAIN_NUMBER = re.compile(r"-?[0-9]+\.[0-9]+")
SPARQL = ox.NamedNode(str(SH) + "sparql")


def spelled(value: str) -> str:
    """A number as Oxigraph spells it, which rewrites numerals; anything else as it is."""
    return value.rstrip("0").rstrip(".") if PLAIN_NUMBER.fullmatch(value) else value


@pytest.fixture
def set_wise(shapes):
    """Focus node, field and value of each finding of one constraint, by the query of the package."""

    def run(triples, rule):
        store = ox.Store()
        store.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
        chosen = [constraint for constraint in shapes.constraints if constraint.rule.iri == rule]
        return {
            (found.node, found.path, spelled(found.value.value) if found.value else found.node)
            for found in breaches_of_constraints(store, chosen)
        }

    return run


@pytest.fixture
def node_by_node(shapes):
    """The same by pySHACL, from the very same Turtle."""

    def run(triples, rule, nodes):
        kept = [
            triple
            for triple in shapes.triples
            if triple.predicate.value != str(SH.property)
            and (triple.predicate != SPARQL or triple.object == ox.NamedNode(rule))
        ]
        _, results, _ = pyshacl.validate(
            to_rdflib(triples), shacl_graph=to_rdflib(kept), inference="none", focus_nodes=sorted(nodes)
        )
        return {
            (
                str(results.value(result, SH.focusNode)),
                str(path) if (path := results.value(result, SH.resultPath)) else None,
                spelled(str(results.value(result, SH.value))),
            )
            for result in results.subjects(rdflib.RDF.type, SH.ValidationResult)
        }

    return run


@pytest.mark.usefixtures("by_query")
def test_pyshacl_finds_the_same(broken, break_it, shapes, set_wise, node_by_node):
    rule = next(iri for iri in shapes.rules if iri.endswith("/" + broken.rule))
    example, background = break_it(broken)
    nodes = {triple.subject.value for triple in example}
    found = set_wise(example | background, rule)
    assert found
    assert found == node_by_node(example | background, rule, nodes)
