"""The shipped graph: what stands in it is what HermiT finds, individual by individual.

By default for a part of the designs with everything they consist of; ``LITHIOKG_DEEP=1`` for every
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
from lithiokg.vocabulary import GRAPH, ID, LKG

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)

DEEP = bool(os.environ.get("LITHIOKG_DEEP"))
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
#: Every so manieth design by name.
STEP = 5
#: What is said of a design, and what it is compared with, does not decide what it is.
SKIPPED = NOT_FOLLOWED | {LKG + "hasObservation", LKG + "hasClaim"}


def decided(iri: str, designs: list[str]) -> bool:
    """Whether the modules of designs hold all that decides what this is: the designs, their parts, substances."""
    parts = tuple(f"{design}/{field}/" for design in designs for field in ("components", "treatments"))
    return iri in designs or iri.startswith((*parts, ID + "substance/", ID + "group/"))


def _memberships(graph: KnowledgeGraph) -> set[tuple[str, str]]:
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    return {
        (quad.subject.value, quad.object.value)
        for quad in store.quads_for_pattern(None, TYPE, None)
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode)
    }


def test_a_part_of_the_designs_is_what_hermit_finds(graph: KnowledgeGraph) -> None:
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    rules = load_rules(graph.sources.ontology)
    axioms = list(axiom_triples(rules.ontology))
    held = _memberships(graph)
    designs = sorted(individual for individual, iri in held if iri == LKG + "Design")[::STEP]
    assert len(designs) >= 10

    def judge(several: list[str]) -> tuple[set[tuple[str, str]], set[str]]:
        part = ox.Store()
        for design in several:
            part.bulk_extend(module_of(store, design, rules, skip=SKIPPED))
        found = realize([*axioms, *part, *closure_axioms(part, rules.ontology)])
        # A module mentions other things, baselines and rows, without what would classify them.
        things = {quad.subject.value for quad in part if isinstance(quad.subject, ox.NamedNode)}
        return found, {thing for thing in things if decided(thing, several)}

    with ThreadPoolExecutor(2) as pool:
        judged = list(pool.map(judge, [designs[::2], designs[1::2]]))
    found = set().union(*(pairs for pairs, _ in judged))
    known = set().union(*(things for _, things in judged))
    ours = {pair for pair in held if pair[0] in known}
    difference = compare(ours, {p for p in found if p[0] in known}, classes=rules.ontology.classes)
    assert difference.common > 200
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
