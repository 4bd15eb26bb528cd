"""Why something holds: what every explanation of the shipped graph must be."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.explanation.module import Module
from lithiokg.explanation.rulebook import REPORTED, Rulebook
from lithiokg.explanation.search import Proof, Search
from lithiokg.explanation.told import entails, quads_of
from lithiokg.reasoning import Closure, RuleSet, hermit_available, load_rules, run_rules
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from lithiokg.explanation import Explainer, Justification, StatedFact
    from lithiokg.explanation.grounding import Atom
    from lithiokg.graph import KnowledgeGraph

Conclusions = Callable[[str], list[tuple[str, str]]]
ZNO = ID + "design/zno-interlayer-on-garnet"
TYPE_III = ID + "interface-type/III"
needs_hermit = pytest.mark.skipif(not hermit_available(), reason="HermiT or Java is not installed")


def said(justification: Justification) -> str:
    return "\n".join(step.text for step in justification.steps)


def goal_of(justification: Justification) -> tuple[str, str, str]:
    subject = f"<{justification.subject}>"
    if justification.predicate == RDF_TYPE:
        return justification.value, subject, ""
    return justification.predicate, subject, f"<{justification.value}>"


# --- every conclusion of the tables ---------------------------------------------------------------


def test_every_inferred_mechanism_strategy_and_type_of_the_table_designs_has_a_verified_justification(
    explainer: Explainer, table_designs: list[str], conclusions: Conclusions
) -> None:
    asked = 0
    for design in table_designs:
        for predicate, value in conclusions(design):
            found = explainer.explain(design, value, limit=3)
            assert found, f"{design} {value} is not explained"
            assert all(each.verified for each in found), f"{design} {value}: not minimal, or not entailed"
            assert {each.predicate for each in found} == {predicate}
            assert not any(axiom.classified for each in found for axiom in each.axioms)
            asked += 1
    assert len(table_designs) == 40
    assert asked > 400


def test_components_and_substances_are_explained_too(explainer: Explainer, conclusions: Conclusions) -> None:
    things = [ZNO + "/components/layer", ZNO + "/components/lithium", ID + "substance/ZnO"]
    for thing in things:
        held = [value for predicate, value in conclusions(thing) if predicate == RDF_TYPE]
        assert held
        for iri in held:
            found = explainer.explain(thing, iri, limit=2)
            assert found
            assert all(each.verified for each in found)


def test_shorter_justifications_come_first(explainer: Explainer) -> None:
    sizes = [len(each) for each in explainer.explain(ZNO, ID + "mechanism/chemical-interaction", limit=40)]
    assert len(sizes) == 40
    assert sizes == sorted(sizes)


def test_the_limit_is_kept_and_cuts_the_end_only(explainer: Explainer) -> None:
    every = explainer.explain(ZNO, TYPE_III, limit=10)
    assert explainer.explain(ZNO, TYPE_III, limit=2) == every[:2]


def test_no_justification_contains_another(explainer: Explainer) -> None:
    sets = [
        frozenset([*each.facts, *each.axioms])
        for each in explainer.explain(ZNO, ID + "mechanism/alloying", limit=30)
    ]
    assert len(set(sets)) == len(sets)
    assert not any(one < other for one in sets for other in sets)


def test_each_step_rests_on_earlier_steps_and_the_last_is_the_conclusion(explainer: Explainer) -> None:
    for each in explainer.explain(ZNO, TYPE_III):
        assert [step.number for step in each.steps] == list(range(1, len(each.steps) + 1))
        assert all(premise < step.number for step in each.steps for premise in step.premises)
        assert each.steps[-1].text == each.conclusion
        facts = [step.fact for step in each.steps if step.fact is not None]
        assert set(facts) == set(each.facts)
        used = {step.axiom for step in each.steps if step.axiom is not None}
        assert used == set(each.axioms)


def test_sentences_have_labels_and_no_iris(
    explainer: Explainer, table_designs: list[str], conclusions: Conclusions
) -> None:
    for design in table_designs[::5]:
        for _, value in conclusions(design):
            for each in explainer.explain(design, value, limit=1):
                text = said(each) + "\n".join(axiom.words for axiom in each.axioms)
                assert "http" not in text
                assert "urn:" not in text
                assert "lkg" not in text


# --- what stands behind the facts -----------------------------------------------------------------


def test_zinc_oxide_is_type_three_because_lithium_makes_an_alloy_of_it_as_reference_22_says(
    explainer: Explainer,
) -> None:
    every = explainer.explain(ZNO, TYPE_III)
    for each in every:
        product = next(fact for fact in each.facts if fact.predicate == LKG + "formsWithLithium")
        assert product.text == "zinc oxide forms with lithium: lithium-zinc alloy"
        assert product.curated_at is not None
        assert product.curated_at.startswith("data/catalogue/inorganics.yaml:")
        (evidence,) = product.evidence
        assert evidence.printed_reference == "22"
        assert evidence.reference == ID + "reference/energymater-2021-21/22"
        assert "paragraph 3" in evidence.words
        assert "reference [22]: Wang et al., Nano Lett 2017" in evidence.words
        assert evidence.doi == "10.20517/energymater.2021.21"


def test_magnesium_nitride_is_type_three_because_lithium_sets_magnesium_free(explainer: Explainer) -> None:
    (first, *_) = explainer.explain(ID + "design/mg3n2-interlayer", TYPE_III)
    texts = [fact.text for fact in first.facts]
    assert "magnesium nitride forms with lithium magnesium" in texts
    assert "magnesium conducts electron" in texts
    row = next(e for fact in first.facts for e in fact.evidence if e.kind == "table")
    assert "Table 3, row 14" in row.words
    assert row.printed_reference == "81"
    assert row.reference == ID + "reference/energymater-2021-21/80"
    assert "reference [81], which is [80]" in row.words


def test_general_chemistry_is_told_apart_with_its_note(explainer: Explainer) -> None:
    (first, *_) = explainer.explain(ID + "substance/Li3PO4", LKG + "ElectronBlockingInOperation")
    blocking = next(fact for fact in first.facts if fact.predicate == LKG + "blocks")
    assert [evidence.kind for evidence in blocking.evidence] == ["general"]
    assert blocking.evidence[0].words.startswith("general chemistry: ")


def test_a_completeness_flag_is_a_fact_with_its_reason(explainer: Explainer) -> None:
    (first, *_) = explainer.explain(ID + "design/li3po4-interlayer", ID + "mechanism/electronic-isolation")
    flag = next(fact for fact in first.facts if fact.closed is not None)
    assert flag.predicate == LKG + "compositionIsComplete"
    assert flag.listed == (ID + "substance/Li3PO4",)
    assert flag.text == "lithium phosphate interlayer has constituent nothing but lithium phosphate"
    assert flag.reason
    assert flag.curated_at


def test_every_fact_of_a_table_design_has_evidence_or_a_place(
    explainer: Explainer, table_designs: list[str], conclusions: Conclusions
) -> None:
    for design in table_designs:
        for _, value in conclusions(design)[:4]:
            for each in explainer.explain(design, value, limit=1):
                for fact in each.facts:
                    own = fact.graph.endswith("/ontology")
                    assert own or fact.curated_at, fact
                    if fact.subject.startswith(design):
                        assert fact.evidence, fact


def test_what_a_source_says_of_the_grouping_is_never_a_reason(
    explainer: Explainer, table_designs: list[str], conclusions: Conclusions
) -> None:
    for design in table_designs:
        module = explainer.module(design)
        assert not any(atom[0] in REPORTED for atom in module.origins)
        for _, value in conclusions(design)[-3:]:
            for each in explainer.explain(design, value, limit=10):
                assert not {fact.predicate for fact in each.facts} & REPORTED


# --- against the engine of the build, and HermiT --------------------------------------------------


def sample(explainer: Explainer, designs: list[str], conclusions: Conclusions) -> list[Justification]:
    """A few justifications of different conclusions, the same in every run."""
    pick = random.Random(4)  # noqa: S311  # reproducible, not secret
    asked = [(design, value) for design in designs for _, value in conclusions(design)]
    found = [explainer.explain(*each, limit=10) for each in pick.sample(asked, 10)]
    isolating = explainer.explain(ID + "design/li3po4-interlayer", ID + "mechanism/electronic-isolation")
    return [pick.choice(each) for each in found] + isolating[:1]


def origins_of(explainer: Explainer, justification: Justification) -> dict[StatedFact, Any]:
    module = explainer.module(justification.subject)
    stated = {
        explainer.stated(atom, origin): origin
        for atom, origin in module.origins.items()
        if origin is not None
    }
    return {fact: stated[fact] for fact in justification.facts}


def test_the_build_s_own_rules_need_every_fact_and_axiom_and_no_other(
    explainer: Explainer, book: Rulebook, table_designs: list[str], conclusions: Conclusions
) -> None:
    for each in sample(explainer, table_designs, conclusions):
        origins, goal = origins_of(explainer, each), goal_of(each)
        axioms = [book.axioms[axiom.index] for axiom in each.axioms]
        assert entails(book, quads_of(origins.values()), axioms, goal)
        for number, _ in enumerate(axioms):
            rest = axioms[:number] + axioms[number + 1 :]
            assert not entails(book, quads_of(origins.values()), rest, goal), axioms[number]
        for fact in origins:
            if any(other.closed == fact.predicate for other in origins):
                continue  # the closure brings along the values that it lists
            rest_of_it = [origin for other, origin in origins.items() if other != fact]
            assert not entails(book, quads_of(rest_of_it), axioms, goal), fact


@needs_hermit
def test_hermit_needs_every_fact_and_axiom_of_the_isolating_interlayer(
    explainer: Explainer, hermit: Any
) -> None:
    layer = ID + "design/li3po4-interlayer/components/layer"
    (first, *_) = explainer.explain(layer, LKG + "ElectronicallyIsolatingLayer")
    assert hermit.entails(first)
    flag = next(fact for fact in first.facts if fact.closed is not None)
    blocks = next(fact for fact in first.facts if fact.predicate == LKG + "blocks")
    definition = next(axiom for axiom in first.axioms if "isolating layer is by definition" in axiom.words)
    for dropped in (flag, blocks, definition):
        assert not hermit.entails(first, without=dropped), dropped


@needs_hermit
def test_hermit_finds_zinc_oxide_type_three_from_the_justification_alone(
    explainer: Explainer, hermit: Any
) -> None:
    (first, *_) = explainer.explain(ZNO, LKG + "InterfaceTypeIII")
    assert hermit.entails(first)
    product = next(fact for fact in first.facts if fact.predicate == LKG + "formsWithLithium")
    assert not hermit.entails(first, without=product)


# --- removal --------------------------------------------------------------------------------------


class Removal:
    """One module from which facts can be removed; a list from which a value went is complete no more."""

    def __init__(self, explainer: Explainer, rules: RuleSet, thing: str) -> None:
        self.thing, self.rules, self.book = thing, rules, explainer.book
        self.origins = dict(explainer.module(thing).origins)

    def remove(self, atom: Atom) -> None:
        origin = self.origins.pop(atom)
        if isinstance(origin, Closure):
            return
        for other, closure in list(self.origins.items()):
            if isinstance(closure, Closure) and atom[:2] == (closure.property, f"<{closure.individual}>"):
                del self.origins[other]

    def explanations(self, target: str) -> list[Proof]:
        module = Module(self.thing, self.origins)
        return Search(self.book, module, target).proofs((target, f"<{self.thing}>", ""), 40)

    def derived(self, target: str) -> bool:
        run = run_rules(quads_of(self.origins.values()), self.rules)
        return (self.thing, target) in run.memberships()


@pytest.fixture(scope="module")
def rules(graph: KnowledgeGraph) -> RuleSet:
    """The rules of the build, which use the classified hierarchy."""
    return load_rules(graph.sources.ontology)


@pytest.mark.parametrize("name", ["InterfaceTypeIII", "AlloyingDesign", "ElectronConductionDesign"])
def test_a_fact_of_all_justifications_takes_the_conclusion_with_it(
    name: str, explainer: Explainer, rules: RuleSet
) -> None:
    every = Removal(explainer, rules, ZNO).explanations(LKG + name)
    shared = set.intersection(*(set(each.facts) for each in every))
    assert len(shared) >= 3
    for fact in shared:
        removal = Removal(explainer, rules, ZNO)
        removal.remove(fact)
        assert not removal.explanations(LKG + name)
        assert not removal.derived(LKG + name), fact


@settings(max_examples=12, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    asked=st.sampled_from(
        [
            (ZNO, "AlloyingDesign"),
            (ZNO, "InSituReactionDesign"),
            (ID + "design/li3po4-interlayer", "ElectronicIsolationDesign"),
            (ID + "design/lif-cu-mixed-conductor-interphase", "InorganicArtificialSEIDesign"),
        ]
    ),
)
def test_there_is_an_explanation_exactly_as_long_as_the_build_derives_it(
    seed: int, asked: tuple[str, str], explainer: Explainer, rules: RuleSet
) -> None:
    """Facts of the explanations are removed one by one, at random, until nothing explains it any more."""
    pick = random.Random(seed)  # noqa: S311  # reproducible, not secret
    removal, target = Removal(explainer, rules, asked[0]), LKG + asked[1]
    removed = 0
    while found := removal.explanations(target):
        assert removal.derived(target)
        removal.remove(pick.choice(pick.choice(found).facts))
        removed += 1
    assert removed
    assert not removal.derived(target)


def test_nothing_is_written_to_the_graph(explainer: Explainer, graph: KnowledgeGraph) -> None:
    before = len(explainer.store)
    graph.explain("zno-interlayer-on-garnet", "type III")
    graph.why_not("zno-interlayer-on-garnet", "type II")
    assert len(explainer.store) == before
