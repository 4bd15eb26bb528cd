"""The calls that a build makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.reasoning import compare_with_hermit, derive, hermit_available, to_world
from lithiokg.sources import Sources

if TYPE_CHECKING:
    from pathlib import Path

LKG = "https://w3id.org/lithiokg/"
ID = LKG + "id/"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TEXT = (
    "i:s a :Layer ; :hasSublayer i:l . i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true ."
    "i:a a :Salt ; :formsWithLithium i:b ; :productsAreComplete true . i:b a :Inert ."
)
pytestmark = pytest.mark.skipif(not hermit_available(), reason="HermiT or Java is not installed")
StoreOf = Callable[[str], ox.Store]


@pytest.fixture
def sources(tmp_path: Path, small_file: Path) -> Sources:
    modules = tmp_path / "ontology" / "modules"
    modules.mkdir(parents=True)
    (modules / "small.ttl").write_bytes(small_file.read_bytes())
    return Sources(tmp_path)


def test_conclusions_and_closures_stand_in_their_own_graphs(sources: Sources, store_of: StoreOf) -> None:
    derived = derive(store_of(TEXT), sources=sources)
    assert {quad.graph_name.value for quad in derived.inferred} == {LKG + "graph/inferred"}
    assert {quad.graph_name.value for quad in derived.closures} == {LKG + "graph/closures"}
    isolating = (ox.NamedNode(ID + "s"), TYPE, ox.NamedNode(LKG + "Isolating"))
    assert any((q.subject, q.predicate, q.object) == isolating for q in derived.inferred)
    assert not any(isinstance(q.subject, ox.BlankNode) for q in derived.inferred)


def test_a_whole_snapshot_agrees_with_hermit_and_a_changed_one_does_not(
    sources: Sources, store_of: StoreOf
) -> None:
    store = store_of(TEXT)
    derived = derive(store, sources=sources)
    snapshot = [*store, *derived.inferred, *derived.closures]
    assert str(compare_with_hermit(snapshot)).endswith("0 missing, 0 extra")
    graph = ox.NamedNode(LKG + "graph/inferred")
    wrong = ox.Quad(ox.NamedNode(ID + "s"), TYPE, ox.NamedNode(LKG + "Conducting"), graph)
    assert compare_with_hermit([*snapshot, wrong]).extra == ((ID + "s", LKG + "Conducting"),)


def test_an_owlready2_world_knows_every_individual(sources: Sources, store_of: StoreOf) -> None:
    world = to_world(store_of(TEXT))
    assert world[ID + "a"] is not None
    assert world[LKG + "Salt"] in world[ID + "a"].is_a
