"""The shipped graph, random designs and synthetic ones: parts give what the whole gives, one more as all."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.conformance.synthetic import DESIGNS_IN_A_SOURCE, Catalogue, synthetic_designs
from lithiokg.reasoning import RuleSet, derive_added, derive_in_parts, find_cut, load_rules, run_rules
from lithiokg.store import DERIVED_GRAPHS
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lithiokg.graph import KnowledgeGraph

DRAWN, SYNTHETIC = 40, 60


def triples(quads: Iterable[ox.Quad]) -> set[tuple[Any, Any, Any]]:
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


@pytest.fixture(scope="module")
def rules(graph: KnowledgeGraph) -> RuleSet:
    return load_rules(graph.sources.ontology)


@pytest.fixture(scope="module")
def stated(graph: KnowledgeGraph) -> list[ox.Quad]:
    return [quad for quad in graph.quads() if str(quad.graph_name)[1:-1] not in DERIVED_GRAPHS]


@pytest.fixture(scope="module")
def synthetic(graph: KnowledgeGraph) -> list[list[ox.Quad]]:
    """Designs of the benchmarks, each with its reference and work."""
    catalogue = Catalogue.of(graph.store.oxigraph)  # type: ignore[attr-defined]
    return list(islice(synthetic_designs(catalogue), SYNTHETIC))


def store_of(*facts: Iterable[ox.Quad]) -> ox.Store:
    store = ox.Store()
    for several in facts:
        store.bulk_extend(several)
    return store


def test_the_rules_of_the_shipped_ontology_can_be_cut(rules: RuleSet) -> None:
    for narrow in (False, True):
        assert find_cut(rules, narrow=narrow).obstacles == ()
    # What a part must hold in any case is little, and what it follows back has few links to a thing.
    assert len(find_cut(rules, narrow=True).always) < 100
    assert find_cut(rules).backwards == {LKG + "isTreatedBy", LKG + "narrowerPhenomenon"}


def test_the_shipped_graph_and_synthetic_designs_in_parts(
    stated: list[ox.Quad], synthetic: list[list[ox.Quad]], rules: RuleSet
) -> None:
    store = store_of(stated, *synthetic)
    told: list[str] = []
    found = set(derive_in_parts(store, rules, size=20_000, told=told.append))
    assert sum("again" not in line for line in told) >= 3
    assert found == set(run_rules(store, rules).quads())


def test_random_designs_in_parts(
    graph: KnowledgeGraph, stated: list[ox.Quad], rules: RuleSet, draws: Callable[[int, ox.Store], Any]
) -> None:
    draw = draws(11, graph.store.oxigraph)  # type: ignore[attr-defined]
    designs = {f"{ID}design/drawn-{n}": list(draw.design(f"drawn-{n}")) for n in range(DRAWN)}
    substances = [quad for quad in stated if str(quad.subject).startswith(f"<{ID}substance/")]
    ontology = [quad for quad in stated if str(quad.graph_name).endswith("/ontology>")]
    everything = store_of(ontology, substances, *designs.values())
    impossible = {
        design
        for clash in run_rules(everything, rules, raising=False).clashes
        for subject, _, _ in clash.facts
        for design in designs
        if subject.startswith(design + "/") or subject == design
    }
    store = store_of(ontology, substances, *(designs[iri] for iri in designs.keys() - impossible))
    whole = set(run_rules(store, rules).quads())
    found = set(derive_in_parts(store, rules, size=6_000))
    assert len(designs.keys() - impossible) > DRAWN / 2
    assert found == whole


def test_one_more_shipped_design(stated: list[ox.Quad], rules: RuleSet) -> None:
    """Designs of which rows, claims and other designs speak; each is taken out and put back."""
    whole = triples(run_rules(store_of(stated), rules).quads())
    named = sorted({str(q.subject)[1:-1] for q in stated if str(q.subject).startswith(f"<{ID}design/")})
    designs = [iri for iri in named if "/" not in iri.removeprefix(ID + "design/")]
    for design in random.Random(5).sample(designs, 3):  # noqa: S311  # reproducible, not secret
        own = {
            q for q in stated if str(q.subject)[1:-1] == design or str(q.subject).startswith(f"<{design}/")
        }
        store = store_of(quad for quad in stated if quad not in own)
        store.bulk_extend(list(run_rules(store, rules).quads()))
        addition = derive_added(store, rules, own)
        assert triples(addition.conclusions) == whole - triples(store), design
        assert not addition.whole
        assert addition.statements < len(own) + 3_000


def test_one_more_synthetic_design(
    stated: list[ox.Quad], synthetic: list[list[ox.Quad]], rules: RuleSet
) -> None:
    *before, design, other = synthetic
    store = store_of(stated, *before)
    store.bulk_extend(list(run_rules(store, rules).quads()))
    after = store_of(stated, *before, design)
    whole = triples(run_rules(after, rules).quads())
    addition = derive_added(store, rules, design)
    assert triples(addition.conclusions) == whole - triples(store)
    own = {str(quad.subject) for quad in design}
    assert all(str(q.subject) in own or str(q.object) in own for q in addition.conclusions)
    # What it reads does not depend on how much there is.
    few = store_of(stated, before[DESIGNS_IN_A_SOURCE])
    few.bulk_extend(list(run_rules(few, rules).quads()))
    read = derive_added(few, rules, other).statements
    assert derive_added(store, rules, other).statements == read < len(other) + 1_000
