"""Reasoning: OWL axioms compiled to rules, HermiT as the judge, and the checks between the two."""

from __future__ import annotations

from lithiokg.reasoning.added import Addition, derive_added
from lithiokg.reasoning.classified import (
    check_classified,
    classified_hierarchy,
    entailed_subclasses,
    load_rules,
    write_classified,
)
from lithiokg.reasoning.closures import Closure, closure_axioms, find_closures
from lithiokg.reasoning.compare import Difference, compare
from lithiokg.reasoning.compiler import compile_rules, expression_names
from lithiokg.reasoning.cutting import Cut, find_cut
from lithiokg.reasoning.derivation import Derivation, PlaceLookup
from lithiokg.reasoning.division import derive_in_parts, derive_on_disk
from lithiokg.reasoning.graphs import declarations
from lithiokg.reasoning.hermit import classify, hermit_available, realize
from lithiokg.reasoning.hierarchy import Hierarchy
from lithiokg.reasoning.judging import compare_with_hermit
from lithiokg.reasoning.modules import module_of
from lithiokg.reasoning.profile import profile_violations
from lithiokg.reasoning.reading import Ontology, ontology_files, ontology_from, read_ontology
from lithiokg.reasoning.reasoner import Derived, derive, to_world
from lithiokg.reasoning.rules import Atom, Clash, Rule, RuleSet, Uncompiled
from lithiokg.reasoning.running import run_rules
from lithiokg.reasoning.support import Grounds, Support, grounds, stated_facts, supports
from lithiokg.reasoning.writing import axiom_words, manchester

__all__ = [
    "Addition",
    "Atom",
    "Clash",
    "Closure",
    "Cut",
    "Derivation",
    "Derived",
    "Difference",
    "Grounds",
    "Hierarchy",
    "Ontology",
    "PlaceLookup",
    "Rule",
    "RuleSet",
    "Support",
    "Uncompiled",
    "axiom_words",
    "check_classified",
    "classified_hierarchy",
    "classify",
    "closure_axioms",
    "compare",
    "compare_with_hermit",
    "compile_rules",
    "declarations",
    "derive",
    "derive_added",
    "derive_in_parts",
    "derive_on_disk",
    "entailed_subclasses",
    "expression_names",
    "find_closures",
    "find_cut",
    "grounds",
    "hermit_available",
    "load_rules",
    "manchester",
    "module_of",
    "ontology_files",
    "ontology_from",
    "profile_violations",
    "read_ontology",
    "realize",
    "run_rules",
    "stated_facts",
    "supports",
    "to_world",
    "write_classified",
]
