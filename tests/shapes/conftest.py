"""Examples of valid records, and of records with one broken triple, as files beside this one.

``<kind>/valid*.ttl`` stands on ``background.ttl``. ``<kind>/broken.yaml`` lists what is done to
``valid.ttl`` (``remove`` and ``add``, in Turtle), the one rule that it breaks, a fragment of the
message, and the severity where it is not an error.
"""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from lithiokg.sources import Sources
from lithiokg.validation import Shapes, read_shapes

DEEP = bool(os.environ.get("LITHIOKG_DEEP"))
HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PROLOGUE = "".join(
    line + "\n"
    for line in (HERE / "background.ttl").read_text(encoding="utf-8").splitlines()
    if line.startswith("@")
)


@dataclass(frozen=True)
class Broken:
    """A valid example with one thing wrong."""

    kind: str
    rule: str
    message: str
    severity: str
    remove: str
    add: str


def triples_of(turtle: str) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)}


def valid_example(path: Path) -> set[ox.Triple]:
    parts = [(HERE / "background.ttl"), path]
    return {triple for part in parts for triple in triples_of(part.read_text(encoding="utf-8"))}


def broken_examples() -> list[Broken]:
    return [
        Broken(
            kind=path.parent.name,
            rule=item["rule"],
            message=item["message"],
            severity=item.get("severity", "error"),
            remove=item.get("remove", ""),
            add=item.get("add", ""),
        )
        for path in sorted(HERE.glob("*/broken.yaml"))
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))
    ]


def far_sighted() -> set[str]:
    """The rules that may look at other records: queries, and whatever has an inverse path."""
    shapes = read_shapes(ROOT / "ontology" / "shapes")
    owners = {triple.object: triple.subject for triple in shapes.triples}
    inverse = set()
    for triple in shapes.triples:
        if triple.predicate.value.endswith("#inversePath"):
            owner = triple.subject
            while isinstance(owner, ox.BlankNode):
                owner = owners[owner]
            inverse.add(owner.value)
    queries = {constraint.rule.iri for constraint in shapes.constraints}
    return {iri.rpartition("/")[2] for iri in queries | inverse}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "valid_path" in metafunc.fixturenames:
        paths = sorted(HERE.glob("*/valid*.ttl"))
        names = [f"{path.parent.name}-{path.stem}" for path in paths]
        metafunc.parametrize("valid_path", paths, ids=names)
    if "broken" in metafunc.fixturenames:
        examples = broken_examples()
        if "by_query" in metafunc.fixturenames:
            constraints = read_shapes(ROOT / "ontology" / "shapes").constraints
            queries = {constraint.rule.iri.rpartition("/")[2] for constraint in constraints}
            examples = [example for example in examples if example.rule in queries]
        metafunc.parametrize("broken", examples, ids=[example.rule for example in examples])
    if "far" in metafunc.fixturenames:
        far = far_sighted()
        chosen = [
            each
            for number, each in enumerate(broken_examples())
            if DEEP or each.rule in far or number % 4 == 0
        ]
        metafunc.parametrize("far", chosen, ids=[example.rule for example in chosen])


@pytest.fixture(scope="session")
def shapes() -> Shapes:
    return read_shapes(ROOT / "ontology" / "shapes")


@pytest.fixture(scope="session")
def by_query() -> None:
    """Asks for the examples alone whose rule is a SPARQL constraint."""


@pytest.fixture(scope="session")
def sources() -> Sources:
    return Sources(ROOT)


@pytest.fixture(scope="session")
def all_broken() -> list[Broken]:
    return broken_examples()


@pytest.fixture(scope="session")
def ontology() -> dict[object, list[ox.Triple]]:
    """The triples of the ontology by subject."""
    found: dict[object, list[ox.Triple]] = defaultdict(list)
    for path in (ROOT / "ontology" / "modules").glob("*.ttl"):
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
            found[quad.subject].append(quad.triple)
    return found


@pytest.fixture(scope="session")
def around(ontology):
    """What the ontology says of the things in an example, and of what these lead to."""

    def about(example: set[ox.Triple]) -> set[ox.Triple]:
        found: set[ox.Triple] = set()
        todo = {term for triple in example for term in (triple.predicate, triple.object)}
        done: set[object] = set()
        while todo:
            term = todo.pop()
            done.add(term)
            for triple in ontology.get(term, ()) if not isinstance(term, ox.Literal) else ():
                found.add(triple)
                todo |= {triple.predicate, triple.object} - done
        return found

    return about


@pytest.fixture(scope="session")
def build(around):
    """The graph of an example: what it states, what is done to it, and the ontology around it."""

    def graph(path: Path, broken: Broken | None = None) -> tuple[set[ox.Triple], set[ox.Triple]]:
        example = valid_example(path)
        if broken is not None:
            removed = triples_of(broken.remove)
            assert removed <= example, "the triples to remove are not in the valid example"
            example = (example - removed) | triples_of(broken.add)
        return example, around(example)

    return graph


@pytest.fixture(scope="session")
def break_it(build):
    """The graph of a valid example with one thing wrong."""

    def graph(broken: Broken) -> tuple[set[ox.Triple], set[ox.Triple]]:
        return build(HERE / broken.kind / "valid.ttl", broken)

    return graph
