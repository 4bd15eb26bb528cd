"""Designs drawn at random from the real catalogue: the rules find exactly what HermiT finds.

``LITHIOKG_DEEP=1`` draws a few hundred in place of a few, ``LITHIOKG_SEED`` others.
"""

from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import InconsistencyError
from lithiokg.reasoning import (
    Derivation,
    RuleSet,
    closure_axioms,
    compare,
    hermit_available,
    load_rules,
    module_of,
    realize,
    run_rules,
)
from lithiokg.reasoning.hermit import axiom_triples
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)

DEEP = bool(os.environ.get("LITHIOKG_DEEP"))
SEED = int(os.environ.get("LITHIOKG_SEED", "7"))
NUMBER = 320 if DEEP else 32
#: Designs that HermiT gets at once; several calls run side by side.
BATCH, SIDE_BY_SIDE = 8, 2


class Trial:
    """Ontology, catalogue and random designs, told apart into those that can be and those that cannot."""

    def __init__(self, graph: KnowledgeGraph, draws: Callable[[int, ox.Store], Any]) -> None:
        self.draws = draws
        self.rules: RuleSet = load_rules(graph.sources.ontology)
        self.catalogue = graph.store.oxigraph  # type: ignore[attr-defined]
        self.axioms = list(axiom_triples(self.rules.ontology))
        self.modules: dict[str, list[ox.Quad]] = {}
        draw = draws(SEED, self.catalogue)
        self.possible: list[ox.Store] = []
        self.impossible: list[ox.Store] = []
        self.derived: list[Derivation] = []
        for number in range(NUMBER):
            part = self.module(list(draw.design(f"drawn-{number}")))
            run = run_rules(part, self.rules, raising=False)
            (self.impossible if run.clashes else self.possible).append(part)
            if not run.clashes:
                self.derived.append(run)

    def module(self, design: list[ox.Quad]) -> ox.Store:
        """The statements of a design with those about its substances."""
        part = ox.Store()
        part.extend(design)
        for quad in design:
            value = quad.object
            if isinstance(value, ox.NamedNode) and value.value.startswith((ID + "substance/", ID + "stage/")):
                part.extend(self.known(value.value))
        return part

    def known(self, iri: str) -> list[ox.Quad]:
        """What the catalogue states of a substance and of what becomes of it."""
        if iri not in self.modules:
            self.modules[iri] = list(module_of(self.catalogue, iri, self.rules, skip=()))
        return self.modules[iri]

    def hermit(self, parts: list[ox.Store]) -> set[tuple[str, str]]:
        together = ox.Store()
        for part in parts:
            together.extend(part)
        return realize([*self.axioms, *together, *closure_axioms(together, self.rules.ontology)])


@pytest.fixture(scope="module")
def trial(graph: KnowledgeGraph, draws: Callable[[int, ox.Store], Any]) -> Trial:
    return Trial(graph, draws)


#: Classes that must come up often enough for the trial to mean something, the rare ones too.
WANTED = (
    "InterfaceTypeII", "InterfaceTypeIII", "ElectronicallyIsolatingLayer", "ElectronConductingLayer",
    "MultilayerLayer", "InorganicLayer", "HybridLayer", "ArtificialSEI", "AlloyLayer", "CoatedHost",
)  # fmt: skip
WANTED_OF_MANY = (
    "InSituSEI",
    "MixedConductingLayer",
    "DisplacementDesign",
    "SelfRepairingDesign",
    "InterfaceTypeI",
)


def test_the_draw_is_worth_the_trial(trial: Trial) -> None:
    met = Counter(
        iri.removeprefix(LKG) for run in trial.derived for iri in {iri for _, iri in run.memberships()}
    )
    wanted = (*WANTED, *(WANTED_OF_MANY if DEEP else ()))
    assert [name for name in wanted if not met[name]] == []
    assert len(trial.possible) >= NUMBER * 0.8


def test_the_rules_find_what_hermit_finds(trial: Trial) -> None:
    ours = set().union(*(run.memberships() for run in trial.derived))
    batches = [trial.possible[start : start + BATCH] for start in range(0, len(trial.possible), BATCH)]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        theirs = set().union(*pool.map(trial.hermit, batches))
    difference = compare(ours, theirs, classes=trial.rules.ontology.classes)
    print(f"seed {SEED}, {len(trial.possible)} designs: {difference.common} memberships agree")
    assert difference.equal, f"seed {SEED}: {difference}"


def test_what_the_rules_refuse_hermit_refuses(trial: Trial) -> None:
    for part in trial.impossible if DEEP else trial.impossible[:2]:
        with pytest.raises(InconsistencyError):
            trial.hermit([part])


def test_one_seed_gives_one_draw(trial: Trial) -> None:
    def drawn(seed: int) -> list[Any]:
        draw = trial.draws(seed, trial.catalogue)
        return [list(draw.design(f"d{number}")) for number in range(5)]

    assert drawn(1) == drawn(1) != drawn(2)
