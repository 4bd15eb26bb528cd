from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lithiokg.reasoning import Ontology, profile_violations

if TYPE_CHECKING:
    from collections.abc import Callable

DECLARED = (
    ":A a owl:Class . :B a owl:Class . :p a owl:ObjectProperty . :q a owl:ObjectProperty ."
    ":r a owl:ObjectProperty . :d a owl:DatatypeProperty ."
)
BROKEN = {
    ":A rdfs:subClassOf :Unknown .": "lkg:Unknown is used as a class",
    ":A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :u ; owl:someValuesFrom :B ] .": "lkg:u is used as a property",
    ":p a owl:DatatypeProperty .": "lkg:p is declared as an object property and a data property",
    ":p a owl:AnnotationProperty .": "lkg:p is declared as an object property and an annotation property",
    ":A a owl:NamedIndividual .": "lkg:A is declared as a class and as an individual",
    ":p a owl:TransitiveProperty , owl:IrreflexiveProperty .": "p is irreflexive, but it is transitive",
    ":p owl:propertyChainAxiom ( :q :r ) . :A rdfs:subClassOf [ a owl:Restriction ; owl:onProperty :p ; owl:maxCardinality 1 ] .": "lkg:p is transitive or implied by a chain",
    ":p owl:propertyChainAxiom ( :q :r ) ; rdfs:subPropertyOf :q ; owl:propertyDisjointWith :r .": "one is transitive",
    ":p owl:propertyChainAxiom ( :q :r ) . :q owl:propertyChainAxiom ( :p :r ) .": "no regular order",
    ":p owl:propertyChainAxiom ( :q :p :r ) .": "no regular order",
    ":A rdfs:subClassOf _:x . :B rdfs:subClassOf _:x . _:x a owl:Class ; owl:complementOf :A .": "used 2 times",
    ":x :p :y . :x a :A .": "lkg:y is used with lkg:p and has no type",
    ":x a :A ; :p 5 .": "has the literal",
    ":x a :A ; :d :y .": "lkg:d is a data property and has the value",
    ":x a :A ; :d '2020'^^xsd:gYear .": "xsd:gYear is not a datatype of OWL 2",
    "owl:Special a owl:Class .": "owl:Special belongs to the reserved vocabulary",
    ":x a :A ; :note 'text' .": "lkg:note is used as a property",
    ":x owl:sameAs :y .": "owl#sameAs",
}


@pytest.mark.parametrize("text", BROKEN)
def test_a_break_of_the_profile_is_named(text: str, ontology_of: Callable[[str], Ontology]) -> None:
    assert profile_violations(ontology_of(DECLARED).triples) == []
    found = profile_violations(ontology_of(DECLARED + text).triples)
    assert any(BROKEN[text] in line for line in found), found


def test_recursion_at_one_end_of_a_chain_is_regular(ontology_of: Callable[[str], Ontology]) -> None:
    text = ":p owl:propertyChainAxiom ( :q :p ) , ( :p :r ) ; a owl:TransitiveProperty ."
    assert profile_violations(ontology_of(DECLARED + text).triples) == []
