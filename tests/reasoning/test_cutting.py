"""Whether rules may run on parts of the data, and what a part must hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from lithiokg.reasoning import Ontology, RuleSet, compile_rules, find_cut
from lithiokg.vocabulary import ID, LKG

OntologyOf = Callable[[str], Ontology]
LINKS = ":p a owl:ObjectProperty . :q a owl:ObjectProperty . :r a owl:ObjectProperty . :A a owl:Class . :B a owl:Class ."
Q_OF_SOME_A = "[ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :A ]"


@pytest.fixture
def cut_of(ontology_of: OntologyOf) -> Callable[..., object]:
    def cut(text: str, stated: tuple[str, ...] | None = None, *, narrow: bool = False) -> object:
        names = None if stated is None else [LKG + name for name in stated]
        found = find_cut(compile_rules(ontology_of(LINKS + text)), names, narrow=narrow)
        return {iri.removeprefix(LKG) for iri in found.backwards}, found.obstacles

    return cut


def test_the_rules_of_the_test_ontology_can_be_cut(rules: RuleSet) -> None:
    cut = find_cut(rules)
    assert cut.obstacles == ()
    # "contains" goes down the sublayers to what is stated at the constituent only, and "above" is
    # transitive: links that are stated the other way round must be followed back.
    assert cut.backwards == {LKG + "isConstituentOf", LKG + "below"}


def test_a_chain_of_stated_links_begins_at_its_root(cut_of: Callable[..., object]) -> None:
    assert cut_of(":r owl:propertyChainAxiom ( :p :q ) .") == (set(), ())


def test_what_is_stated_backwards_in_a_chain_is_followed_back(cut_of: Callable[..., object]) -> None:
    inverse = ":r owl:propertyChainAxiom ( :p :q ) . :s a owl:ObjectProperty ; owl:inverseOf :q ."
    assert cut_of(inverse) == ({"s"}, ())
    assert cut_of(inverse, stated=("p", "q")) == (set(), ())


def test_two_that_meet_in_a_third_are_brought_together(cut_of: Callable[..., object]) -> None:
    chain = ":r owl:propertyChainAxiom ( :p [ owl:inverseOf :q ] ) ."
    assert cut_of(chain) == ({"p", "q"}, ())


def test_nothing_but_a_name_in_common_is_an_obstacle(ontology_of: OntologyOf) -> None:
    text = ":k a owl:ObjectProperty , owl:FunctionalProperty . :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :k ; owl:hasValue :i ] ."
    (obstacle,) = set(find_cut(compile_rules(ontology_of(LINKS + text))).obstacles)
    assert "counts values of k, which can be derived" in obstacle


def test_a_narrow_part_follows_only_what_matters(ontology_of: OntologyOf) -> None:
    text = f":B owl:equivalentClass {Q_OF_SOME_A} . :p rdfs:range :B . :closed a owl:DatatypeProperty ; :closesProperty :r ."
    rules = compile_rules(ontology_of(LINKS + text))
    assert find_cut(rules).followed == {LKG + "p", LKG + "q", LKG + "r"}
    assert find_cut(rules, narrow=True).followed == {LKG + "q", LKG + "r"}


def test_a_narrow_part_holds_the_individuals_from_which_rules_read_on(ontology_of: OntologyOf) -> None:
    text = (
        f":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :q ; owl:hasValue <{ID}asked> ] ,"
        f" [ a owl:Restriction ; owl:onProperty :r ; owl:hasValue <{ID}named> ] . :B owl:equivalentClass {Q_OF_SOME_A} ."
    )
    rules = compile_rules(ontology_of(LINKS + text))
    assert find_cut(rules).always == {ID + "asked", ID + "named"}
    assert find_cut(rules, narrow=True).always == {ID + "asked"}


def test_what_a_narrow_part_cannot_look_up_it_finds_out(cut_of: Callable[..., object]) -> None:
    """An expression has no name in a store: whether something satisfies it, its own links must tell."""
    text = (
        ":s a owl:ObjectProperty , owl:SymmetricProperty . :C a owl:Class ; owl:equivalentClass [ a owl:Class ;"
        " owl:intersectionOf ( :B [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom [ a owl:Class ;"
        " owl:unionOf ( [ a owl:Restriction ; owl:onProperty :s ; owl:someValuesFrom :A ] :B ) ] ] ) ] ."
    )
    assert cut_of(text) == (set(), ())
    assert cut_of(text, narrow=True) == ({"s"}, ())
