"""The shipped graph: what stands in it is what HermiT finds, individual by individual.

By default for every substance and a part of the designs with their bodies; ``LITHIOKG_DEEP=1`` for every
individual there is, which takes some minutes (``lithiokg check --hermit`` does the same).
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.reasoning import (
    closure_axioms,
    compare,
    compare_with_hermit,
    hermit_available,
    load_rules,
    module_of,
    realize,
)
from lithiokg.reasoning.hermit import axiom_triples
from lithiokg.reasoning.modules import NOT_FOLLOWED
from lithiokg.vocabulary import GRAPH, LKG

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)

DEEP = bool(os.environ.get("LITHIOKG_DEEP"))
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
#: Every so manieth design by name, and how many HermiT gets at once.
STEP, BATCH = (1 if DEEP else 4), 8
#: What is said of a design, and what it is compared with, does not decide what it is.
SKIPPED = NOT_FOLLOWED | {LKG + "hasObservation", LKG + "hasClaim"}


def _memberships(graph: KnowledgeGraph) -> set[tuple[str, str]]:
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    return {
        (quad.subject.value, quad.object.value)
        for quad in store.quads_for_pattern(None, TYPE, None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    }


def test_designs_and_substances_are_what_hermit_finds(graph: KnowledgeGraph) -> None:
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    rules = load_rules(graph.sources.ontology)
    axioms = list(axiom_triples(rules.ontology))
    held = _memberships(graph)
    designs = sorted(individual for individual, iri in held if iri == LKG + "Design")[::STEP]
    substances = sorted(individual for individual, iri in held if iri == LKG + "Substance")
    assert len(designs) >= 10
    assert len(substances) >= 100

    def judge(several: list[str]) -> tuple[set[tuple[str, str]], set[str]]:
        part = ox.Store()
        for individual in several:
            part.bulk_extend(module_of(store, individual, rules, skip=SKIPPED))
        found = realize([*axioms, *part, *closure_axioms(part, rules.ontology)])
        # A module mentions other things, baselines and solutes, without what would classify them.
        things = {quad.subject.value for quad in part if isinstance(quad.subject, ox.NamedNode)}
        bodies = tuple(f"{individual}/components/" for individual in several)
        return found, {thing for thing in things if thing in several or thing.startswith(bodies)}

    batches = [designs[start : start + BATCH] for start in range(0, len(designs), BATCH)]
    with ThreadPoolExecutor(2) as pool:
        judged = list(pool.map(judge, [substances, *batches]))
    found = set().union(*(pairs for pairs, _ in judged))
    known = set().union(*(things for _, things in judged))
    ours = {pair for pair in held if pair[0] in known}
    difference = compare(ours, {p for p in found if p[0] in known}, classes=rules.ontology.classes)
    print(f"{len(known)} individuals: {difference.common} memberships agree")
    assert difference.common > 1000
    assert difference.equal, str(difference)


@pytest.mark.skipif(not DEEP, reason="some minutes: set LITHIOKG_DEEP=1")
def test_every_individual_is_what_hermit_finds(graph: KnowledgeGraph) -> None:
    difference = compare_with_hermit(graph.quads())
    print(difference)
    assert difference.equal, str(difference)


def test_no_conclusion_stands_outside_its_graph(graph: KnowledgeGraph) -> None:
    """What was inferred can be told from what was stated: it stands in one graph, and nowhere else."""
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    inferred = ox.NamedNode(GRAPH + "inferred")
    for name in (
        "isExpectedToShow",
        "isExpectedToBlock",
        "isNotExpectedToBlock",
        "isAtRiskOf",
        "actsThrough",
    ):
        graphs = {quad.graph_name for quad in store.quads_for_pattern(None, ox.NamedNode(LKG + name), None)}
        assert graphs == {inferred}, name
