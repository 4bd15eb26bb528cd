"""Names that are looked up in the store, against those of the same store read whole."""

from __future__ import annotations

import pytest

from lithiokg.errors import UsageError
from lithiokg.names import StoredNames
from lithiokg.vocabulary import ID, LKG, expand


@pytest.fixture(scope="module")
def stored(graph):
    return StoredNames(graph.store)


def test_every_label_is_the_same(graph, stored):
    everything = {entry.iri for entry in graph.names.entries()}
    assert len(everything) > 1000
    assert stored.labels(everything) == graph.names.labels(everything)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ZnO", None),
        ("zinc oxide", "lkg:Substance"),
        ("Li₇La₃Zr₂O₁₂", "lkg:Substance"),
        ("garnet electrolyte", None),
        ("zinc oxide interlayer on garnet", "lkg:Design"),
        ("design/zno-interlayer-on-garnet", None),
        ("zno-interlayer-on-garnet", "lkg:Design"),
        ("lkgi:substance/ZnO", None),
        ("Electronic Isolation", None),
    ],
)
def test_a_name_means_the_same(name, kind, graph, stored):
    assert stored.resolve(name, kinds=kind) == graph.names.resolve(name, kinds=kind)


@pytest.mark.parametrize(
    ("name", "kind"), [("ZnOO", None), ("ZnO", "lkg:Design"), ("no such < thing", None), ("", None)]
)
def test_what_nothing_is_called_is_told_with_what_comes_close(name, kind, stored):
    with pytest.raises(UsageError):
        stored.resolve(name, kinds=kind)
    if name == "ZnOO":
        with pytest.raises(UsageError) as refused:
            stored.resolve(name)
        assert "zinc oxide" in refused.value.mend


@pytest.mark.parametrize("kind", ["Substance", "Design", "Component", "MetalOxide", "Mechanism"])
def test_membership_is_the_same(kind, graph, stored):
    things = [
        ID + "substance/ZnO",
        ID + "design/zno-interlayer-on-garnet",
        LKG + "Interlayer",
        LKG + "Alloying",
    ]
    things.append(ID + "design/zno-interlayer-on-garnet/components/layer")
    for thing in things:
        assert stored.is_a(thing, LKG + kind) == graph.names.is_a(thing, LKG + kind), (thing, kind)


def test_it_knows_what_is_there(graph, stored):
    assert expand("lkgi:substance/ZnO") in stored
    assert expand("lkgi:substance/Unobtainium") not in stored
    assert len(stored) > 1000
