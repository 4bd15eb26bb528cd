"""The small ontology, stores from Turtle, and random statements."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.reasoning import (
    Ontology,
    RuleSet,
    classify,
    compile_rules,
    expression_names,
    hermit_available,
    ontology_from,
    read_ontology,
)

SMALL = Path(__file__).parent / "small.ttl"
PREFIXES = """
@prefix : <https://w3id.org/lithiokg/> .
@prefix i: <https://w3id.org/lithiokg/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix g: <https://w3id.org/lithiokg/graph/asserted/> .
"""

StoreOf = Callable[[str], ox.Store]


@pytest.fixture(scope="session")
def small() -> Ontology:
    return read_ontology([SMALL])


@pytest.fixture(scope="session")
def small_file() -> Path:
    return SMALL


@pytest.fixture(scope="session")
def rules(small: Ontology) -> RuleSet:
    if not hermit_available():
        pytest.skip("HermiT or Java is not installed")
    return compile_rules(small, classify(small, expression_names(small)))


@pytest.fixture(scope="session")
def ontology_of() -> Callable[[str], Ontology]:
    """Reads an ontology from a few lines of Turtle."""

    def build(text: str) -> Ontology:
        return ontology_from(ox.parse(PREFIXES + text, format=ox.RdfFormat.TURTLE))

    return build


@pytest.fixture(scope="session")
def store_of(small: Ontology) -> StoreOf:
    """Makes a store with the small ontology and statements in Turtle or TriG (default graph: asserted)."""

    def build(text: str) -> ox.Store:
        store = ox.Store()
        graph = ox.NamedNode("https://w3id.org/lithiokg/graph/ontology")
        store.extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in small.triples)
        own = ox.NamedNode("https://w3id.org/lithiokg/graph/asserted/test")
        for quad in ox.parse(PREFIXES + text, format=ox.RdfFormat.TRIG):
            name = own if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, name))
        return store

    return build


class RandomStatements:
    """Random statements about substances and layers, as Turtle; the same for the same seed."""

    kinds = (
        "Insulator",
        "Metal",
        "Organic",
        "Inorganic",
        "Salt",
        "SoftSalt",
        "Inert",
        "Crystal",
        "Glass",
        "NotGlass",
        "Phase",
    )

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311  # reproducible, not secret

    def text(self, prefix: str, *, substances: int = 5, layers: int = 5) -> str:
        """One island of statements whose names begin with ``prefix``."""
        pick, lines = self.random, []
        ours = [f"i:{prefix}s{n}" for n in range(substances)]
        theirs = [f"i:{prefix}l{n}" for n in range(layers)]
        for name in ours:
            lines.append(f"{name} a :Substance .")
            kinds = pick.sample(self.kinds, pick.choice((0, 1, 1, 1, 2)))
            lines += [f"{name} a :{kind} ." for kind in kinds]
            lines += [f"{name} :formsWithLithium {p} ." for p in pick.sample(ours, pick.choice((0, 0, 1, 2)))]
            if pick.random() < 0.4:
                lines.append(f"{name} :productsAreComplete true .")
            if pick.random() < 0.15:
                lines.append(f"{name} :conducts i:electron .")
        for number, name in enumerate(theirs):
            lines += self._layer(name, number, ours, theirs)
        return "\n".join(lines)

    def _layer(self, name: str, number: int, ours: list[str], theirs: list[str]) -> list[str]:
        pick = self.random
        lines = [f"{name} a :Layer ."] if pick.random() < 0.7 else []
        if pick.random() < 0.1:
            lines.append(f"{name} a :{pick.choice(('Single', 'NonStack', 'Filled', 'Thick'))} .")
        lines += [f"{name} :hasConstituent {s} ." for s in pick.sample(ours, pick.choice((0, 1, 1, 2, 3)))]
        if pick.random() < 0.1:
            lines.append(f"{pick.choice(ours)} :isConstituentOf {name} .")
        later = theirs[number + 1 :]
        lines += [
            f"{name} :hasSublayer {x} ."
            for x in pick.sample(later, min(len(later), pick.choice((0, 0, 1, 2))))
        ]
        for flag in ("compositionIsComplete", "sublayersAreComplete"):
            if pick.random() < 0.5:
                lines.append(f"{name} :{flag} true .")
        for link in ("faces", "above", "directlyAbove", "borders", "madeOn", "wets"):
            if pick.random() < 0.15 and later:
                lines.append(f"{name} :{link} {pick.choice(later)} .")
        if pick.random() < 0.3:
            lines.append(f"{name} :thickness {pick.choice(('5.0', '10', '12.5'))} .")
        if pick.random() < 0.2:
            lines.append(f"{name} :polished {pick.choice(('true', 'false'))} .")
        return lines


@pytest.fixture
def random_statements() -> Callable[[int], RandomStatements]:
    return RandomStatements


@pytest.fixture(scope="session")
def random_tangle() -> Callable[[int], str]:
    """Random statements in which one thing may belong to several others."""

    def text(seed: int) -> str:
        pick = random.Random(seed)  # noqa: S311  # reproducible, not secret
        islands = RandomStatements(seed)
        lines = [islands.text(f"a{number}", substances=3, layers=2) for number in range(2)]
        for _ in range(pick.choice((0, 1, 3))):
            layer, substance = (
                f"i:a{pick.randrange(2)}l{pick.randrange(2)}",
                f"i:a{pick.randrange(2)}s{pick.randrange(3)}",
            )
            lines.append(f"{layer} :hasConstituent {substance} .")
        return "\n".join(lines)

    return text
