"""The ontology against the rules of the quality catalogs: ROBOT's report, OOPS!, FOOPS!, and the house.

Each rule is a SPARQL query in ``quality/`` that finds faults; it runs unmodified in any engine, ``robot verify``
included, save those that look at HermiT's hierarchy in ``urn:classified``. The rules are held against the
full ontology as a release hands it out. What stays is in ``quality/exceptions.yaml``, with the reason.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml

from lithiokg.metadata import read_header
from lithiokg.release import Content
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources

FOLDER = Path(__file__).with_name("quality")
RULES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.rq"))}
EXCEPTIONS = yaml.safe_load((FOLDER / "exceptions.yaml").read_text(encoding="utf-8"))
BROKEN = yaml.safe_load((FOLDER / "broken.yaml").read_text(encoding="utf-8"))
LKG = "https://w3id.org/lithiokg/"
PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "lkg": LKG,
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
CLASSIFIED = ox.NamedNode("urn:classified")


def findings(store: ox.Store, rule: str) -> list[tuple[str, str]]:
    """Each finding: the term, below our namespace, and what is wrong with it."""
    found = []
    for row in store.query(RULES[rule]):  # type: ignore[union-attr]  # a SELECT query
        term, *value = [str(each) for each in row]
        found.append((term.strip("<>").removeprefix(LKG), " ".join(value)))
    return found


def excepted(rule: str) -> list[str]:
    return [pattern for group in EXCEPTIONS.get(rule, []) for pattern in group["findings"]]


@pytest.fixture(scope="module")
def published(graph: KnowledgeGraph, shipped: Sources) -> ox.Store:
    """The full ontology of a release, with HermiT's hierarchy beside it."""
    assert isinstance(graph.store, EmbeddedStore)
    _, full, _ = Content(graph.store, read_header(graph.store)).variants()
    assert full.path == "ontology/lithiokg"
    store = ox.Store()
    store.extend(ox.Quad(each.subject, each.predicate, each.object) for each in full.triples)
    store.load(path=str(shipped.ontology / "classified.ttl"), format=ox.RdfFormat.TURTLE, to_graph=CLASSIFIED)
    return store


@pytest.mark.parametrize("rule", RULES)
def test_the_ontology_keeps_the_rule_or_says_why_not(rule: str, published: ox.Store) -> None:
    patterns = excepted(rule)
    left = [
        (term, value)
        for term, value in findings(published, rule)
        if not any(fnmatchcase(term, pattern) for pattern in patterns)
    ]
    assert left == [], RULES[rule].splitlines()[0]


@pytest.mark.parametrize("rule", EXCEPTIONS)
def test_no_exception_has_outlived_its_finding(rule: str, published: ox.Store) -> None:
    assert rule in RULES
    terms = [term for term, _ in findings(published, rule)]
    assert [each for each in excepted(rule) if not any(fnmatchcase(term, each) for term in terms)] == []
    assert all(len(group["reason"]) > 40 for group in EXCEPTIONS[rule])


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_breaks_it(rule: str) -> None:
    example: Any = BROKEN[rule]
    parts = example if isinstance(example, dict) else {"ontology": example}
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    store = ox.Store()
    for graph, text in parts.items():
        where = CLASSIFIED if graph == "classified" else ox.DefaultGraph()
        store.load(prefixes + text, format=ox.RdfFormat.TURTLE, to_graph=where)
    assert findings(store, rule)


def test_every_rule_says_what_it_finds_and_which_catalog_asks_for_it() -> None:
    assert RULES.keys() == BROKEN.keys()
    for name, text in RULES.items():
        first, second = text.splitlines()[:2]
        assert first.startswith(f"# {name}: ")
        assert second.startswith("# catalog: ")
