"""Designs drawn at random from the real catalogue: the rules find exactly what HermiT finds.

``LITHIOKG_DEEP=1`` draws a few hundred in place of a few, ``LITHIOKG_SEED`` others.
"""

from __future__ import annotations

import os
import random
import re
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
from lithiokg.vocabulary import GRAPH, ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)

DEEP = bool(os.environ.get("LITHIOKG_DEEP"))
SEED = int(os.environ.get("LITHIOKG_SEED", "7"))
NUMBER = 320 if DEEP else 64
#: Designs that HermiT gets at once; several calls run side by side.
BATCH, SIDE_BY_SIDE = 8, 2
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TRUE = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
INFERRED = (ox.NamedNode(GRAPH + "inferred"), ox.NamedNode(GRAPH + "closures"))


class Draw:
    """Random designs of real substances; the same for the same seed."""

    liquids = ("LiquidElectrolyte",)
    solids = ("InorganicSolidElectrolyte", "PolymerElectrolyte", "GelElectrolyte", "CompositeElectrolyte")
    treatments = ("ChemicalPolishing", "ElectrochemicalPolishing", "MechanicalPolishing", "Roughening")

    def __init__(self, seed: int, store: ox.Store) -> None:
        self.random = random.Random(seed)  # noqa: S311  # reproducible, not secret
        forms, stable = ox.NamedNode(LKG + "formsWithLithium"), ox.NamedNode(LKG + "isStableAgainst")
        everything = {
            quad.subject.value  # type: ignore[union-attr]
            for quad in store.quads_for_pattern(None, TYPE, None)
            if re.fullmatch(ID + "substance/[^/]+", quad.subject.value)  # type: ignore[union-attr]
        }
        self.all = sorted(everything)
        self.known = [
            iri
            for iri in self.all
            if any(
                next(store.quads_for_pattern(ox.NamedNode(iri), relation, None), None)
                for relation in (forms, stable)
            )
        ]
        insulating = {
            quad.subject.value  # type: ignore[union-attr]
            for quad in store.quads_for_pattern(
                None, ox.NamedNode(LKG + "blocks"), ox.NamedNode(ID + "carrier/electron")
            )
            if quad.graph_name not in INFERRED
        }
        self.insulating = [iri for iri in self.known if iri in insulating]

    def design(self, name: str) -> Iterator[ox.Quad]:
        """One design, or now and then one that cannot be."""
        pick = self.random
        design = f"{ID}design/{name}"
        graph = ox.NamedNode(f"{GRAPH}asserted/{name}")
        facts: list[tuple[str, str, str | ox.Literal]] = [(design, "", "Design")]
        lithium, electrolyte = f"{design}/components/lithium", f"{design}/components/electrolyte"
        facts += [(design, "hasComponent", lithium), (lithium, "", "LithiumElectrode")]
        facts += [
            (design, "hasComponent", electrolyte),
            (electrolyte, "", pick.choice(self.liquids * 2 + self.solids)),
        ]
        facts += self._holds(electrolyte, "hasConstituent", 0.8) + self._holds(electrolyte, "hasSolute", 0.3)
        facts += self._holds(electrolyte, "hasAdditive", 0.3) + self._holds(lithium, "hasAdditive", 0.15)
        facts += self._closed(electrolyte, 0.2)
        bodies = [electrolyte]
        if pick.random() < 0.8:
            layer = f"{design}/components/layer"
            facts += [(design, "hasComponent", layer), *self._layer(layer, depth=0)]
            facts += [(layer, "derivedFrom", electrolyte)] if pick.random() < 0.3 else []
            bodies.append(layer)
            facts += [(layer, "contacts", electrolyte)] if pick.random() < 0.8 else []
        if pick.random() < 0.3:
            facts += self._host(design)
            bodies += [f"{design}/components/host", f"{design}/components/coating"]
        for body in bodies:
            if pick.random() < (0.8 if body.endswith("layer") else 0.25):
                facts.append(
                    (body, "contacts", lithium) if pick.random() < 0.7 else (lithium, "contacts", body)
                )
        if pick.random() < 0.3:
            treatment = f"{design}/treatments/one"
            facts += [(design, "hasTreatment", treatment), (treatment, "", pick.choice(self.treatments))]
            facts.append((treatment, "treats", pick.choice([lithium, electrolyte])))
        for subject, relation, value in dict.fromkeys(facts):
            term = (
                value if isinstance(value, ox.Literal) else ox.NamedNode(value if relation else LKG + value)
            )
            yield ox.Quad(
                ox.NamedNode(subject), ox.NamedNode(LKG + relation) if relation else TYPE, term, graph
            )

    def _substance(self) -> str:
        chance = self.random.random()
        pool = self.insulating if chance < 0.35 else self.known if chance < 0.8 else self.all
        return self.random.choice(pool)

    def _holds(self, body: str, relation: str, chance: float) -> list[tuple[str, str, str | ox.Literal]]:
        number = self.random.choice((1, 1, 2)) if self.random.random() < chance else 0
        return [(body, relation, self._substance()) for _ in range(number)]

    def _closed(self, body: str, chance: float) -> list[tuple[str, str, str | ox.Literal]]:
        return [(body, "compositionIsComplete", TRUE)] if self.random.random() < chance else []

    def _layer(self, layer: str, depth: int) -> list[tuple[str, str, str | ox.Literal]]:
        pick = self.random
        facts: list[tuple[str, str, str | ox.Literal]] = [(layer, "", "InterfacialLayer")]
        if depth < 2 and pick.random() < 0.3:
            for number in range(pick.choice((1, 2, 2))):
                sublayer = f"{layer}/sublayers/l{number}"
                facts += [(layer, "hasSublayer", sublayer), *self._layer(sublayer, depth + 1)]
            facts += [(layer, "sublayersAreComplete", TRUE)] if pick.random() < 0.5 else []
            facts += self._holds(layer, "hasConstituent", 0.15)
        else:
            facts += self._holds(layer, "hasConstituent", 0.9) + self._closed(layer, 0.6)
            facts += self._holds(layer, "hasSolute", 0.15) + self._holds(layer, "hasFiller", 0.15)
        facts += self._holds(layer, "formedFrom", 0.3)
        if pick.random() < 0.5:
            facts.append(
                (layer, "formedAt", ID + "stage/" + pick.choice(("before-cell-assembly", "in-the-cell")))
            )
        return facts

    def _host(self, design: str) -> list[tuple[str, str, str | ox.Literal]]:
        host, coating = f"{design}/components/host", f"{design}/components/coating"
        facts = [(design, "hasComponent", host), (host, "", self.random.choice(("Host", "CurrentCollector")))]
        facts += [(design, "hasComponent", coating), (coating, "", "Coating"), (host, "hasCoating", coating)]
        return [
            *facts,
            *self._holds(host, "hasConstituent", 0.9),
            *self._holds(host, "hasDopant", 0.5),
            *self._holds(coating, "hasConstituent", 0.9),
        ]


class Trial:
    """Ontology, catalogue and random designs, told apart into those that can be and those that cannot."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.rules: RuleSet = load_rules(graph.sources.ontology)
        self.catalogue = graph.store.oxigraph  # type: ignore[attr-defined]
        self.axioms = list(axiom_triples(self.rules.ontology))
        self.modules: dict[str, list[ox.Quad]] = {}
        draw = Draw(SEED, self.catalogue)
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
def trial(graph: KnowledgeGraph) -> Trial:
    return Trial(graph)


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
        draw = Draw(seed, trial.catalogue)
        return [list(draw.design(f"d{number}")) for number in range(5)]

    assert drawn(1) == drawn(1) != drawn(2)
