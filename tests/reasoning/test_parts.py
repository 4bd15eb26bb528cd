"""Rules that run on parts of the data find what they find on the whole."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.errors import InconsistencyError, Place
from lithiokg.reasoning import (
    Ontology,
    RuleSet,
    compile_rules,
    derive_added,
    derive_in_parts,
    derive_on_disk,
    run_rules,
)
from lithiokg.vocabulary import GRAPH, ID, LKG

if TYPE_CHECKING:
    from pathlib import Path

StoreOf = Callable[[str], ox.Store]
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ASSERTED = ox.NamedNode(GRAPH + "asserted/test")
#: A layer that is filled with a soft salt; that what the salt becomes insulates is known in the salt's part.
NEWS = (
    "i:s a :SoftSalt ; :formsWithLithium i:b ; :productsAreComplete true ."
    "i:l a :Layer ; :hasConstituent i:b ; :compositionIsComplete true ."
)


def triples(quads: Any) -> set[tuple[Any, Any, Any]]:
    return {(quad.subject, quad.predicate, quad.object) for quad in quads}


def outcome(derive: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What was derived, or which axioms were broken, in order, each as often as it is.

    The facts in the message need not be the same: a conclusion may rest on these or on those.
    """
    try:
        return set(derive(*arguments, **options))
    except InconsistencyError as error:
        return re.findall(r"^\d+\. .*$", error.message, re.MULTILINE)


def whole_of(store: ox.Store, rules: RuleSet) -> Any:
    return outcome(lambda: run_rules(store, rules).quads())


def is_a(store_or_quads: Any, name: str, kind: str) -> bool:
    wanted = (ox.NamedNode(ID + name), TYPE, ox.NamedNode(LKG + kind))
    return wanted in triples(store_or_quads)


@pytest.fixture(scope="session")
def tangle(store_of: StoreOf, random_tangle: Callable[[int], str]) -> Callable[[int], ox.Store]:
    return lambda seed: store_of(random_tangle(seed))


@given(seed=st.integers(0, 10_000), size=st.sampled_from((1, 3, 10, 30)))
@settings(max_examples=25, deadline=None)
def test_any_statements_in_parts_of_any_size_give_what_the_whole_gives(
    tangle: Callable[[int], ox.Store], rules: RuleSet, seed: int, size: int
) -> None:
    store = tangle(seed)
    assert outcome(derive_in_parts, store, rules, size=size) == whole_of(store, rules)


def test_the_random_statements_are_worth_the_trial(tangle: Callable[[int], ox.Store], rules: RuleSet) -> None:
    told: list[str] = []
    found = [outcome(derive_in_parts, tangle(seed), rules, size=5, told=told.append) for seed in range(12)]
    assert any(isinstance(one, list) for one in found)
    assert any(isinstance(one, set) for one in found)
    assert any("again" in line for line in told)


def test_what_a_part_learns_about_shared_things_the_others_are_told(
    store_of: StoreOf, rules: RuleSet
) -> None:
    told: list[str] = []
    store = store_of(NEWS)
    found = list(derive_in_parts(store, rules, size=1, told=told.append))
    assert is_a(found, "l", "Isolating")
    assert any("again: others know more about 1 of its individuals" in line for line in told)
    alone = store_of(NEWS.split(".", 1)[1])
    assert not is_a(derive_in_parts(alone, rules, size=1), "l", "Isolating")


def test_news_travel_over_several_parts(store_of: StoreOf, rules: RuleSet) -> None:
    text = NEWS + "i:m a :Layer ; :hasSublayer i:l . i:n a :Layer ; :hasSublayer i:m , i:o ."
    found = list(derive_in_parts(store_of(text), rules, size=1))
    assert is_a(found, "n", "Isolating")


def test_what_nobody_reaches_is_derived_too(store_of: StoreOf, rules: RuleSet) -> None:
    roots = [LKG + "Layer"]
    text = "i:l a :Layer ; :hasConstituent i:a . i:a a :Organic . i:lonely a :Metal . i:x :below i:y ."
    store = store_of(text)
    found = set(derive_in_parts(store, rules, roots=roots, size=1))
    assert is_a(found, "lonely", "ElectronConductor")
    assert found == set(run_rules(store, rules).quads())


def test_statements_beside_the_store_count(store_of: StoreOf, rules: RuleSet) -> None:
    store = store_of("i:l a :Layer ; :hasConstituent i:a .")
    added = [ox.Quad(ox.NamedNode(ID + "a"), TYPE, ox.NamedNode(LKG + "Organic"), ASSERTED)]
    for size in (1, 10_000):
        assert is_a(derive_in_parts(store, rules, added=added, size=size), "l", "Deep")
    assert not is_a(derive_in_parts(store, rules, size=1), "l", "Deep")


def test_conclusions_in_the_store_are_no_statements(store_of: StoreOf, rules: RuleSet) -> None:
    store = store_of(f"i:l a :Layer . GRAPH <{GRAPH}inferred> {{ i:l :hasConstituent i:a . i:a a :Organic }}")
    assert not is_a(derive_in_parts(store, rules, size=1), "l", "Deep")


def test_rules_that_cannot_be_cut_run_on_the_whole_and_say_so(ontology_of: Callable[[str], Ontology]) -> None:
    text = (
        ":k a owl:ObjectProperty , owl:FunctionalProperty . :A a owl:Class ;"
        " rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :k ; owl:hasValue :i ] ."
    )
    rules = compile_rules(ontology_of(text))
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode(ID + "a"), TYPE, ox.NamedNode(LKG + "A"), ASSERTED))
    told: list[str] = []
    assert len(list(derive_in_parts(store, rules, size=1, told=told.append))) == 1
    assert told[0].startswith("derived in one piece: ")
    assert "counts values of k" in told[0]


def test_two_values_of_a_functional_property_clash_wherever_they_stand(
    store_of: StoreOf, rules: RuleSet
) -> None:
    store = store_of("i:x :madeOn i:y . i:z :madeOn i:y . GRAPH g:two { i:x :madeOn i:w }")
    with pytest.raises(InconsistencyError, match="madeOn is functional"):
        list(derive_in_parts(store, rules, size=1))


def test_a_contradiction_over_several_parts_rests_on_statements(store_of: StoreOf, rules: RuleSet) -> None:
    """What one part is told by another is explained by what the other rests on."""
    store = store_of(
        NEWS + "i:m a :Layer ; :hasConstituent i:b ; :hasConstituent i:e . i:b :conducts i:electron ."
    )

    def places(subject: str, predicate: str, _value: str) -> Place | None:
        return Place("data/x.yaml", 7, 3) if predicate == LKG + "conducts" and subject == ID + "b" else None

    with pytest.raises(InconsistencyError) as whole:
        run_rules(store, rules, places=places)
    with pytest.raises(InconsistencyError) as parts:
        list(derive_in_parts(store, rules, size=1, places=places))
    assert parts.value.place == whole.value.place == Place("data/x.yaml", 7, 3)
    for error in (whole.value, parts.value):
        assert "“b” is of the class “insulator”, inferred from:" in error.message
        assert "“s”: formsWithLithium: “b”" in error.message
        assert "“b”: conducts: “electron” — data/x.yaml:7:3" in error.message


def test_several_processes_find_the_same(store_of: StoreOf, rules: RuleSet, tmp_path: Path) -> None:
    store = store_of(NEWS)
    ox.Store(str(tmp_path / "store")).bulk_extend(store)
    told: list[str] = []
    found = set(derive_on_disk(tmp_path / "store", rules, size=1, processes=2, told=told.append))
    assert found == set(run_rules(store, rules).quads())
    assert any("again" in line for line in told)


# One more


@given(seed=st.integers(0, 10_000), number=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_adding_any_statements_gives_what_the_whole_gives(
    tangle: Callable[[int], ox.Store], rules: RuleSet, seed: int, number: int
) -> None:
    whole = tangle(seed)
    facts = sorted((quad for quad in whole if quad.graph_name == ASSERTED), key=str)
    added = random.Random(seed).sample(facts, min(number, len(facts)))  # noqa: S311  # reproducible, not secret
    before = ox.Store()
    before.bulk_extend(quad for quad in whole if quad not in set(added))
    known = whole_of(before, rules)
    if isinstance(known, list):
        return
    before.bulk_extend(known)
    found = outcome(lambda: derive_added(before, rules, added).conclusions)
    wanted = whole_of(whole, rules)
    assert isinstance(found, list) == isinstance(wanted, list)
    if isinstance(wanted, set):
        assert triples(found) == triples(wanted) - triples(before)


def derived(store: ox.Store, rules: RuleSet) -> ox.Store:
    store.bulk_extend(list(run_rules(store, rules).quads()))
    return store


def quads(text: str, store_of: StoreOf) -> list[ox.Quad]:
    return [quad for quad in store_of(text) if quad.graph_name == ASSERTED]


def test_only_what_is_added_and_what_it_reaches_is_read(store_of: StoreOf, rules: RuleSet) -> None:
    many = "".join(f"i:l{n} a :Layer ; :hasConstituent i:b . " for n in range(100))
    store = derived(store_of("i:b a :Insulator ; :formsWithLithium i:c ." + many), rules)
    new = quads("i:new a :Layer ; :hasConstituent i:b ; :compositionIsComplete true .", store_of)
    addition = derive_added(store, rules, new)
    assert is_a(addition.conclusions, "new", "Isolating")
    assert all(ID + "new" in str(quad) for quad in addition.conclusions)
    own, reached, named = 3, 2, 2
    assert addition.statements <= own + reached + named
    assert addition.whole == ""


def test_what_others_found_out_about_known_things_is_looked_up(store_of: StoreOf, rules: RuleSet) -> None:
    """That b insulates follows from the soft salt, which the new layer does not reach."""
    store = derived(store_of(NEWS), rules)
    new = quads("i:new a :Layer ; :hasConstituent i:b ; :compositionIsComplete true .", store_of)
    assert is_a(derive_added(store, rules, new).conclusions, "new", "Isolating")


def test_what_reaches_the_addition_is_derived_again(store_of: StoreOf, rules: RuleSet) -> None:
    store = derived(store_of("i:l a :Layer ; :hasSublayer i:m . i:m a :Layer ; :hasConstituent i:a ."), rules)
    addition = derive_added(store, rules, quads("i:a a :Organic .", store_of))
    assert is_a(addition.conclusions, "l", "Deep")
    assert addition.whole == ""


def test_a_complete_list_that_grows_is_derived_anew(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true . i:a a :Insulator . i:b a :Insulator ."
    told: list[str] = []
    addition = derive_added(
        derived(store_of(text), rules), rules, quads("i:l :hasConstituent i:b .", store_of), told=told.append
    )
    assert "compositionIsComplete already lists all" in addition.whole
    assert told[0].startswith("everything is derived anew: ")
    assert not is_a(addition.conclusions, "l", "Isolating")


@pytest.mark.parametrize(
    ("graph", "predicate", "reason"),
    [
        (GRAPH + "ontology", LKG + "conducts", "the ontology is added to"),
        (ASSERTED.value, "http://www.w3.org/2002/07/owl#differentFrom", "which things differ"),
    ],
)
def test_what_changes_more_than_facts_is_derived_anew(
    graph: str, predicate: str, reason: str, store_of: StoreOf, rules: RuleSet
) -> None:
    store = derived(store_of("i:a a :Metal ."), rules)
    new = ox.Quad(
        ox.NamedNode(ID + "a"), ox.NamedNode(predicate), ox.NamedNode(ID + "b"), ox.NamedNode(graph)
    )
    assert reason in derive_added(store, rules, [new]).whole


def test_what_very_much_rests_on_is_derived_anew(
    store_of: StoreOf, rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lithiokg.reasoning.added.MOST_SEEDS", 20)
    many = "".join(f"i:l{n} a :Layer ; :hasConstituent i:b . " for n in range(30))
    store = derived(store_of(many), rules)
    addition = derive_added(store, rules, quads("i:b a :Organic .", store_of))
    assert addition.whole == "more than 20 things reach what is added"
    assert is_a(addition.conclusions, "l7", "Deep")


def test_an_addition_that_contradicts_is_refused(store_of: StoreOf, rules: RuleSet) -> None:
    store = derived(store_of(NEWS), rules)
    with pytest.raises(InconsistencyError, match="nothing is two of these"):
        derive_added(store, rules, quads("i:b :conducts i:electron .", store_of))
