"""A server with narrow limits, and queries that run away."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH, ID, LKG

LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
MIB = 2**20

#: Queries that never end, or would not fit anywhere, and the limits that may stop them.
KILLERS: dict[str, tuple[str, set[str]]] = {
    "a cartesian product, counted": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        {"time"},
    ),
    "a cartesian product, as rows": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {"rows", "bytes"}),
    "rows from nothing": (
        "SELECT * { " + " ".join(f"VALUES ?v{n} {{ 0 1 2 3 4 5 6 7 8 9 }}" for n in range(12)) + " }",
        {"rows", "bytes"},
    ),
    "an ORDER BY over everything twice": (
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c",
        {"time", "memory"},
    ),
    "DISTINCT over everything twice": (
        "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?a), STR(?f)) AS ?x) }",
        {"time", "memory"},
    ),
    "paths between all things": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<x:x>|^!<x:x>)* ?b . ?b (!<x:x>|^!<x:x>)* ?c }",
        {"time", "memory"},
    ),
    "a GROUP_CONCAT over everything twice": (
        "SELECT (GROUP_CONCAT(CONCAT(STR(?b), STR(?e))) AS ?all) { ?a ?b ?c . ?d ?e ?f }",
        {"time", "memory"},
    ),
    "a string doubled thirty times": (
        "SELECT (STRLEN(?z30) AS ?n) { BIND('0123456789abcdef' AS ?z0) "
        + " ".join(f"BIND(CONCAT(?z{n}, ?z{n}) AS ?z{n + 1})" for n in range(30))
        + " }",
        {"memory", "time"},
    ),
    "REGEX made to backtrack": (
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER REGEX(CONCAT(STR(?c), STR(?f)), '(a+)+(b|c|bc)*$') }",
        {"time"},
    ),
    "REPLACE made to swell": (
        "SELECT (SUM(STRLEN(?x)) AS ?n) { ?a ?b ?c . ?d ?e ?f BIND(REPLACE(STR(?f), '.', '$0$0$0$0$0$0') AS ?x) }",
        {"time"},
    ),
    "triples without end": ("CONSTRUCT { [] ?b ?f } { ?a ?b ?c . ?d ?e ?f }", {"rows", "bytes", "time"}),
}


@pytest.fixture(scope="session")
def killers() -> dict[str, tuple[str, set[str]]]:
    return KILLERS


@pytest.fixture(scope="session")
def plain(shipped) -> KnowledgeGraph:
    """A graph of 3,000 things, which is soon written and large enough to run away in."""
    graph = ox.NamedNode(f"{GRAPH}asserted/a")
    quads = []
    for number in range(1000):
        node = ox.NamedNode(f"{ID}substance/S{number}")
        quads += [
            ox.Quad(node, ox.NamedNode(LABEL), ox.Literal(f"substance {number}", language="en"), graph),
            ox.Quad(node, ox.NamedNode(f"{LKG}rank"), ox.Literal(number), graph),
            ox.Quad(
                node, ox.NamedNode(f"{LKG}next"), ox.NamedNode(f"{ID}substance/S{(number * 7) % 1000}"), graph
            ),
        ]
    return KnowledgeGraph(EmbeddedStore.in_memory(quads), shipped)


@pytest.fixture(scope="session")
def narrow(plain, serve_for_session):
    """A server with narrow limits."""
    return serve_for_session(
        plain, workers=4, timeout=1.5, max_rows=10_000, max_bytes=2 * MIB, memory=384 * MIB, max_wait=30.0
    )
