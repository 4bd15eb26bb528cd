from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.errors import InconsistencyError, LithioKGError, Place
from lithiokg.reasoning import (
    Hierarchy,
    Ontology,
    RuleSet,
    compile_rules,
    read_ontology,
    run_rules,
    stated_facts,
    supports,
)

if TYPE_CHECKING:
    from pathlib import Path

LKG = "https://w3id.org/lithiokg/"
ID = LKG + "id/"
StoreOf = Callable[[str], ox.Store]


def classes_of(store: ox.Store, rules: RuleSet, name: str) -> set[str]:
    run = run_rules(store, rules)
    return {iri.removeprefix(LKG) for individual, iri in run.memberships() if individual == ID + name}


def test_a_closed_layer_of_insulators_is_isolating(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a , i:b ; :compositionIsComplete true . i:a a :Insulator . i:b a :Insulator ."
    assert "Isolating" in classes_of(store_of(text), rules, "l")


def test_an_unclosed_layer_of_insulators_is_not_isolating(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a . i:a a :Insulator ."
    assert "Isolating" not in classes_of(store_of(text), rules, "l")


def test_a_flag_that_is_false_closes_nothing(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete false . i:a a :Insulator ."
    assert "Isolating" not in classes_of(store_of(text), rules, "l")


def test_an_empty_closed_layer_is_not_isolating(store_of: StoreOf, rules: RuleSet) -> None:
    assert "Isolating" not in classes_of(store_of("i:l a :Layer ; :compositionIsComplete true ."), rules, "l")


def test_a_reacting_constituent_needs_its_products_closed(store_of: StoreOf, rules: RuleSet) -> None:
    text = (
        "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true ."
        "i:a a :Inorganic ; :formsWithLithium i:b . i:b a :Insulator ."
    )
    assert "Isolating" not in classes_of(store_of(text), rules, "l")
    assert "Isolating" in classes_of(store_of(text + "i:a :productsAreComplete true ."), rules, "l")


def test_a_stack_inherits_isolation_through_any_number_of_sublayers(
    store_of: StoreOf, rules: RuleSet
) -> None:
    text = (
        "i:s a :Layer ; :hasSublayer i:t . i:t a :Layer ; :hasSublayer i:l ."
        "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true . i:a a :Insulator ."
    )
    assert "Isolating" in classes_of(store_of(text), rules, "s")


def test_chains_inverses_and_subproperties_work_together(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:s a :Layer ; :hasSublayer i:l . i:o :isConstituentOf i:l . i:o a :Organic ."
    assert "Deep" in classes_of(store_of(text), rules, "s")


def test_a_promised_value_satisfies_a_definition_that_conjoins_it(store_of: StoreOf, rules: RuleSet) -> None:
    # Salt is a subclass of "forms some Insulator"; the product itself is not in the data.
    assert "InsulatorFormer" in classes_of(store_of("i:a a :Salt ."), rules, "a")


def test_the_only_value_left_must_be_the_promised_one(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:a a :Salt ; :formsWithLithium i:b , i:m ; :productsAreComplete true . i:m a :Metal ."
    assert "Insulator" in classes_of(store_of(text), rules, "b")


def test_sublayers_are_counted_where_their_names_differ(store_of: StoreOf, rules: RuleSet) -> None:
    assert "Stack" in classes_of(store_of("i:s a :Layer ; :hasSublayer i:t , i:u ."), rules, "s")
    assert "Stack" not in classes_of(store_of("i:s a :Layer ; :hasSublayer i:t ."), rules, "s")


def test_what_is_stated_is_not_inferred_again(store_of: StoreOf, rules: RuleSet) -> None:
    store = store_of("i:a a :Metal , :Inorganic .")
    inferred = {(q.subject.value, q.object.value) for q in run_rules(store, rules).quads()}
    assert (ID + "a", LKG + "Inorganic") not in inferred
    assert (ID + "a", LKG + "Substance") in inferred


def test_nothing_private_leaves_the_engine(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true . i:a a :Insulator ."
    store = store_of(text)
    before = len(store)
    assert not any("urn:lithiokg" in str(quad) for quad in run_rules(store, rules).quads())
    assert len(store) == before


def test_earlier_conclusions_in_the_store_are_not_premises(store_of: StoreOf, rules: RuleSet) -> None:
    text = "GRAPH <https://w3id.org/lithiokg/graph/inferred> { i:l a :Conducting }"
    assert classes_of(store_of(text), rules, "l") == set()


# Contradictions


CLASHES = {
    "a constituent stated in another graph than the closure": (
        "i:l a :Layer ; :compositionIsComplete true ; :hasConstituent i:a . GRAPH g:two { i:l :hasConstituent i:b }",
        "complete",
    ),
    "a constituent stated backwards only": (
        "i:l a :Layer ; :compositionIsComplete true . i:b :isConstituentOf i:l .",
        "complete",
    ),
    "disjoint classes": ("i:a a :Metal , :Insulator .", "nothing is two of these"),
    "one of three disjoint classes each": ("i:a a :Layer , :Carrier .", "nothing is two of these"),
    "disjoint properties": ("i:l :wets i:m ; :repels i:m .", "wets, repels"),
    "an irreflexive property": ("i:l :directlyAbove i:l .", "directlyAbove is"),
    "an asymmetric property": ("i:l :directlyAbove i:m . i:m :directlyAbove i:l .", "asymmetric"),
    "two values of a functional property": ("i:l :madeOn i:x , i:y .", "madeOn is functional"),
    "two values of a functional data property": ("i:l :thickness 1.0 , 2.0 .", "thickness is functional"),
    "a value outside the range": ("i:l :polished 'yes' .", "xsd:boolean"),
    "a value below the definition": ("i:l a :Thick ; :thickness 5.0 .", "thickness some"),
    "a complement": ("i:a a :NotGlass , :Glass .", "not Glass"),
    "too many sublayers": ("i:l a :Single ; :hasSublayer i:m , i:n .", "max 1"),
    "a promised value that nothing can be": (
        "i:l a :Filled ; :compositionIsComplete true ; :hasConstituent i:o . i:o a :Organic .",
        "Inorganic",
    ),
    "a promised value and an empty closure": ("i:l a :Filled ; :compositionIsComplete true .", "impossible"),
}


@pytest.mark.parametrize("name", CLASHES)
def test_a_contradiction_is_refused(name: str, store_of: StoreOf, rules: RuleSet) -> None:
    text, words = CLASHES[name]
    with pytest.raises(InconsistencyError) as caught:
        run_rules(store_of(text), rules)
    assert words in str(caught.value)


def test_a_contradiction_names_labels_places_and_inferred_steps(store_of: StoreOf, rules: RuleSet) -> None:
    text = (
        "i:l a :Layer ; skos:prefLabel 'LiF layer'@en ; :hasConstituent i:a ; :compositionIsComplete true ."
        "i:a a :Insulator ; :conducts i:electron ; skos:prefLabel 'lithium fluoride'@en ."
    )

    def places(subject: str, predicate: str, _value: str) -> Place | None:
        return Place("data/x.yaml", 7, 3) if predicate.endswith("conducts") and subject == ID + "a" else None

    with pytest.raises(InconsistencyError) as caught:
        run_rules(store_of(text), rules, places=places)
    message = caught.value.message
    assert "“lithium fluoride” is of the class “electron conductor”, inferred from:" in message
    assert "data/x.yaml:7:3" in message
    assert caught.value.place == Place("data/x.yaml", 7, 3)
    assert "small.ttl:" in message
    steps = [line.strip() for line in message.splitlines() if line.strip().startswith("by: ")]
    assert steps
    assert all(re.search(r"small\.ttl:[0-9]+\)$", step) for step in steps)


def test_an_axiom_of_no_term_of_its_own_has_the_line_of_its_block(tmp_path: Path) -> None:
    module = tmp_path / "a.ttl"
    module.write_text(
        "@prefix : <https://w3id.org/lithiokg/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        ":A a owl:Class .\n:B a owl:Class .\n:C a owl:Class .\n"
        "[] a owl:AllDisjointClasses ; owl:members ( :A [ a owl:Class ; owl:unionOf ( :B :C ) ] ) .\n\n"
        "[] a owl:AllDisjointClasses ; owl:members ( :B :C ) .\n"
    )
    axioms = read_ontology([module]).axioms
    assert [axiom.place.line for axiom in axioms if axiom.place] == [6, 8]


def test_a_clashing_run_answers_nothing(store_of: StoreOf, rules: RuleSet) -> None:
    run = run_rules(store_of("i:a a :Metal , :Insulator ."), rules, raising=False)
    assert run.clashes
    with pytest.raises(InconsistencyError):
        list(run.quads())


# Provenance


def test_every_conclusion_leads_back_to_statements(store_of: StoreOf, rules: RuleSet) -> None:
    text = (
        "i:s a :Layer ; :hasSublayer i:l . i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true ."
        "i:a a :Salt ; :formsWithLithium i:b ; :productsAreComplete true . i:b a :Inert ."
    )
    store = store_of(text)
    stated = {(q.subject.value, q.predicate.value, q.object.value) for q in store}
    run = run_rules(store, rules)
    conclusions = list(run.quads())
    assert conclusions
    for quad in conclusions:
        assert any(True for _ in supports(run, quad.triple))
        facts = stated_facts(run, quad.triple)
        assert set(facts) <= stated


def test_the_facts_behind_isolation_include_the_closure(store_of: StoreOf, rules: RuleSet) -> None:
    text = "i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true . i:a a :Insulator ."
    run = run_rules(store_of(text), rules)
    isolating = ox.Triple(
        ox.NamedNode(ID + "l"),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ox.NamedNode(LKG + "Isolating"),
    )
    facts = stated_facts(run, isolating)
    assert (ID + "l", LKG + "compositionIsComplete", "true") in facts
    assert (ID + "a", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", LKG + "Insulator") in facts


# Compilation


@pytest.mark.parametrize(
    "axiom",
    [
        ":q rdfs:subPropertyOf :p .",
        ":p owl:propertyChainAxiom ( :q :q ) .",
        ":p a owl:SymmetricProperty .",
        ":A a owl:Class ; rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:hasValue :x ] .",
    ],
)
def test_a_property_that_can_be_derived_may_not_be_closed(
    axiom: str, ontology_of: Callable[[str], Ontology]
) -> None:
    text = ":p a owl:ObjectProperty . :q a owl:ObjectProperty . :flag a owl:DatatypeProperty ; :closesProperty :p ."
    with pytest.raises(LithioKGError, match="flag closes p"):
        compile_rules(ontology_of(text + axiom))


def test_the_list_of_what_has_no_rule_is_exact(ontology_of: Callable[[str], Ontology]) -> None:
    ontology = ontology_of(
        ":p a owl:ObjectProperty . :A a owl:Class . :B a owl:Class . :C a owl:Class ."
        ":A rdfs:subClassOf :B , [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :B ] ,"
        " [ a owl:Class ; owl:unionOf ( :B :C ) ] ,"
        " [ a owl:Restriction ; owl:onProperty :p ; owl:allValuesFrom :C ] ,"
        " [ a owl:Class ; owl:unionOf ( :C [ a owl:Class ; owl:complementOf :B ] ) ] ."
    )
    found = [str(item) for item in compile_rules(ontology).uncompiled]
    assert found == [
        "p some B: promises a value without naming it",
        "B or C: a choice: known as far as the other parts are excluded",
    ]


def test_rules_have_readable_names_that_are_unique(rules: RuleSet) -> None:
    names = [rule.id for rule in rules.rules if rule.axiom is not None]
    assert len(names) == len(set(names))
    assert "contains/chain/1" in names


def test_a_union_of_premises_becomes_one_rule_a_part(rules: RuleSet) -> None:
    assert not any("UNION" in rule.pattern for rule in (*rules.rules, *rules.clashes))


def test_compiling_twice_gives_the_same_rules(small: Ontology) -> None:
    assert compile_rules(small, Hierarchy({})).rules == compile_rules(small, Hierarchy({})).rules
