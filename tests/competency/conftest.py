"""The sentences of ``ontology/competency``: read, renamed apart, run through the rules and through HermiT."""

from __future__ import annotations

import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import yaml

from lithiokg.curation import Context, Records, normalized, read_context
from lithiokg.curation.walker import Walker
from lithiokg.quantities import Registry, registry
from lithiokg.reasoning import (
    Derivation,
    RuleSet,
    closure_axioms,
    load_rules,
    module_of,
    ontology_files,
    read_ontology,
    realize,
    run_rules,
)
from lithiokg.reasoning.hermit import axiom_triples
from lithiokg.sources import Sources, find_sources
from lithiokg.vocabulary import GRAPH, ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
FOLDER = find_sources().ontology / "competency"
#: HermiT's time grows faster than the number of individuals: a few calls are faster than one.
BATCH, SIDE_BY_SIDE = 60, 2


@dataclass(frozen=True)
class Sentence:
    """One sentence with the facts it speaks of, in two sources, and what is to be found."""

    name: str
    file: Path
    given: yaml.nodes.Node
    elsewhere: yaml.nodes.Node | None
    follows: tuple[tuple[str, str], ...]
    does_not_follow: tuple[tuple[str, str], ...]
    contradicts: bool

    @property
    def id(self) -> str:
        return f"{self.file.parent.name}/{self.file.stem}: {self.name}"


def _expected(node: yaml.nodes.Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    plain = yaml.safe_load(yaml.serialize(node))
    return tuple((thing, what) for thing, several in plain.items() for what in several)


def _sentences(path: Path) -> Iterator[Sentence]:
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert isinstance(tree, yaml.MappingNode)
    for key, value in tree.value:
        parts = {name.value: part for name, part in value.value}
        assert not set(parts) - {"given", "elsewhere", "follows", "does-not-follow", "contradicts"}
        yield Sentence(
            key.value,
            path,
            parts["given"],
            parts.get("elsewhere"),
            _expected(parts.get("follows")),
            _expected(parts.get("does-not-follow")),
            contradicts="contradicts" in parts,
        )


SENTENCES = [
    sentence
    for folder in ("completeness", "soundness")
    for path in sorted((FOLDER / folder).glob("*.yaml"))
    for sentence in _sentences(path)
]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for name, wanted in (("consistent", False), ("contradictory", True)):
        if name in metafunc.fixturenames:
            chosen = [each for each in SENTENCES if each.contradicts is wanted]
            metafunc.parametrize(name, chosen, ids=[each.id for each in chosen])


@pytest.fixture(scope="session")
def sentences() -> list[Sentence]:
    return SENTENCES


@dataclass
class World:
    """Ontology and background; sentences are put beside it."""

    sources: Sources
    rules: RuleSet
    context: Context
    units: Registry
    background: list[ox.Quad] = field(default_factory=list)

    def read(self, node: yaml.nodes.Node, source: str) -> list[ox.Quad]:
        """The facts of one source; they must read without a problem."""
        records = Records()
        Walker(records, self.context, self.units, source, source).collections(node)
        computed = normalized(records, units=self.units)
        assert [str(problem) for problem in (*records.problems, *computed.problems)] == []
        return [*records.quads, *computed.quads]

    def facts(self, sentence: Sentence) -> list[ox.Quad]:
        """The facts of a sentence, with names of their own: sentences share the background alone."""
        quads = self.read(sentence.given, "given")
        if sentence.elsewhere is not None:
            quads += self.read(sentence.elsewhere, "elsewhere")
        return list(renamed(quads, sentence))

    def name(self, sentence: Sentence, thing: str) -> str:
        """The IRI of a thing as a sentence writes it, renamed like the facts."""
        kind, slash, rest = thing.partition("/")
        if not slash or kind not in {"substance", "group"}:
            bodies = f"/components/{rest}" if slash else ""
            return f"{ID}design/{_prefix(sentence)}{kind}{bodies}"
        shared = any(quad.subject == ox.NamedNode(ID + thing) for quad in self.background)
        return f"{ID}{kind}/{'' if shared else _prefix(sentence)}{rest}"

    def asked(self, sentence: Sentence, thing: str, what: str) -> ox.Triple:
        """What a sentence says of a thing, as a triple."""
        relation, _, value = what.partition(" ")
        subject = ox.NamedNode(self.name(sentence, thing))
        if not value:
            assert LKG + relation in self.rules.ontology.classes, f"there is no class {relation}"
            return ox.Triple(subject, ox.NamedNode(RDF_TYPE), ox.NamedNode(LKG + relation))
        assert LKG + relation in self.rules.ontology.object_properties, f"there is no relation {relation}"
        return ox.Triple(subject, ox.NamedNode(LKG + relation), ox.NamedNode(ID + value))

    def store(self, facts: Iterable[ox.Quad]) -> ox.Store:
        """Facts beside the background and the ontology's own individuals."""
        store = ox.Store()
        graph = ox.NamedNode(GRAPH + "ontology")
        store.bulk_extend(
            ox.Quad(t.subject, t.predicate, t.object, graph) for t in self.rules.ontology.triples
        )
        store.bulk_extend([*self.background, *facts])
        return store

    def hermit(self, facts: list[ox.Quad]) -> set[tuple[str, str]]:
        """What HermiT finds of facts and all they reach; raises where they contradict each other."""
        store = self.store(facts)
        part = ox.Store()
        for iri in dict.fromkeys(q.subject.value for q in facts if isinstance(q.subject, ox.NamedNode)):
            part.bulk_extend(module_of(store, iri, self.rules, skip=()))
        axioms = axiom_triples(self.rules.ontology)
        return realize([*axioms, *part, *closure_axioms(part, self.rules.ontology)])


def _prefix(sentence: Sentence) -> str:
    return f"s{SENTENCES.index(sentence)}-"


def renamed(quads: list[ox.Quad], sentence: Sentence) -> Iterator[ox.Quad]:
    """Quads with a prefix before the keys of the designs and of the substances that they declare."""
    declared = {quad.subject.value for quad in quads if quad.predicate.value == RDF_TYPE}  # type: ignore[union-attr]
    own = re.compile(rf"^{re.escape(ID)}(design|substance|group)/([^/]+)")

    def name(term: ox.NamedNode | ox.Literal) -> ox.NamedNode | ox.Literal:
        match = own.match(term.value) if isinstance(term, ox.NamedNode) else None
        if match is None or (match[1] != "design" and match[0] not in declared):
            return term
        return ox.NamedNode(f"{ID}{match[1]}/{_prefix(sentence)}{term.value[match.start(2) :]}")

    for quad in quads:
        subject, value = name(quad.subject), name(quad.object)  # type: ignore[arg-type]
        # Each sentence is a source of its own: a closed list counts what stands beside it.
        graph = ox.NamedNode(f"{quad.graph_name.value}-{SENTENCES.index(sentence)}")  # type: ignore[union-attr]
        yield ox.Quad(subject, quad.predicate, value, graph)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def world() -> World:
    sources = find_sources()
    ontology = read_ontology(ontology_files(sources.ontology))
    made = World(
        sources,
        load_rules(sources.ontology, ontology),
        read_context(sources.ontology / "context.jsonld"),
        registry(sources.ontology / "modules" / "quantities.ttl"),
    )
    tree = yaml.compose((FOLDER / "background.yaml").read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    made.background = made.read(tree, "background")
    return made


@pytest.fixture(scope="session")
def derived(world: World) -> Derivation:
    """One run of the rules over all consistent sentences."""
    facts = [quad for each in SENTENCES if not each.contradicts for quad in world.facts(each)]
    return run_rules(world.store(facts), world.rules)


@pytest.fixture(scope="session")
def judged(world: World) -> Callable[[], set[tuple[str, str]]]:
    """What HermiT finds, all consistent sentences in a few calls."""

    def judge() -> set[tuple[str, str]]:
        batches: list[list[ox.Quad]] = [[]]
        for sentence in SENTENCES:
            if len({quad.subject for quad in batches[-1]}) > BATCH:
                batches.append([])
            if not sentence.contradicts:
                batches[-1] += world.facts(sentence)
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            return set().union(*pool.map(world.hermit, filter(None, batches)))

    return judge


TYPE = ox.NamedNode(RDF_TYPE)
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


@pytest.fixture(scope="session")
def draws() -> Callable[[int, ox.Store], Draw]:
    """Begins a draw with a seed, from the substances of a store."""
    return Draw
