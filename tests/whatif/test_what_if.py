"""What if: designs that nobody reported are checked, classified, explained and set beside their relatives."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.errors import InconsistencyError, LithioKGError, UsageError
from lithiokg.vocabulary import ID, LKG
from lithiokg.whatif import WAIVED_RULES, Proposal, WhatIf, jaccard

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph

NOVEL = Path(__file__).parent / "novel.yaml"


def named(members: Any) -> set[str]:
    return {member.iri.removeprefix(ID).removeprefix(LKG) for member in members}


def expected(answer: WhatIf) -> set[tuple[str, str]]:
    return {(each.relation, each.phenomenon_iri.removeprefix(ID + "phenomenon/")) for each in answer.expected}


@pytest.fixture(scope="session")
def zno(graph: KnowledgeGraph) -> WhatIf:
    return graph.what_if(electrolyte="garnet", layers="ZnO", complete=True, contacts_lithium=True)


@pytest.fixture
def edited(tmp_path: Path) -> Callable[[str, str], Path]:
    """The file with the new substance, with some text replaced."""

    def edit(old: str, new: str) -> Path:
        text = NOVEL.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path = tmp_path / "proposal.yaml"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return edit


# --- what follows ---------------------------------------------------------------------------------


def test_a_proposal_is_classified_as_a_reported_design_of_the_same_facts(
    zno: WhatIf, graph: KnowledgeGraph
) -> None:
    assert named(zno.interface_types) == {"interface-type/III"}
    assert named(zno.mechanisms) == {
        "mechanism/alloying",
        "mechanism/conversion",
        "mechanism/electronic-conduction",
    }
    assert "AlloyInterlayerDesign" in named(zno.classes)
    text = f"SELECT ?m {{ <{ID}design/zno-interlayer-on-garnet> lkg:actsThrough ?m }}"
    reported = {str(value) for (value,) in graph.readable(graph.sparql(text), iris=True)}  # type: ignore[arg-type]
    assert {f"lkgi:{iri}" for iri in named(zno.mechanisms)} <= reported


def test_what_is_expected_tells_its_relation_its_class_and_its_source(zno: WhatIf) -> None:
    assert ("is not expected to block", "continuous-side-reactions") in expected(zno)
    blocked = next(each for each in zno.expected if each.phenomenon_iri.endswith("continuous-side-reactions"))
    assert blocked.because == ("design with interface type III",)
    assert blocked.source == "https://doi.org/10.20517/energymater.2021.21"
    assert blocked.sections == ("Surface energy and chemical interactions, paragraph 6",)


def test_every_inferred_class_of_the_design_is_explained_down_to_a_source(zno: WhatIf) -> None:
    assert {each.value for each in zno.why} == {member.iri for member in zno.classes}
    facts = [fact for each in zno.why for fact in each.facts]
    assert any(
        "10.20517/energymater.2021.21" in evidence.words for fact in facts for evidence in fact.evidence
    )


def test_the_reported_twin_comes_first_with_its_figures(zno: WhatIf) -> None:
    first, *others = zno.relatives
    assert first.iri == ID + "design/zno-interlayer-on-garnet"
    assert first.similarity == 1
    assert all(first.similarity >= other.similarity for other in others)
    figures = {(figure.property, figure.value, figure.unit, figure.printed) for figure in first.figures}
    assert ("area-specific resistance", 20.0, "Ω cm2", "20 Ω cm2") in figures
    assert ("area-specific resistance", 2000.0, "Ω cm2", "2000 Ω cm2") in figures
    assert all(figure.iri.startswith(first.iri) or "observation/" in figure.iri for figure in first.figures)
    assert any("[22]" in reference for reference in first.references)


def test_relatives_share_what_they_are_said_to_share(zno: WhatIf) -> None:
    for relative in zno.relatives:
        union = {*relative.shared, *relative.only_here, *relative.only_there}
        assert relative.similarity == pytest.approx(len(relative.shared) / len(union))


@pytest.mark.parametrize(("number", "found"), [(0, 0), (1, 1), (5, 5)])
def test_as_many_relatives_as_were_asked_for(graph: KnowledgeGraph, number: int, found: int) -> None:
    answer = graph.what_if(
        electrolyte="garnet", layers="Sn", contacts_lithium=True, relatives=number, why=False
    )
    assert len(answer.relatives) == found


def test_the_similarity_of_two_sets_is_the_share_they_have_in_common() -> None:
    assert jaccard({"a", "b", "c"}, {"b", "c", "d"}) == 0.5
    assert jaccard(set(), set()) == 0


# --- taking a fact away ---------------------------------------------------------------------------


def test_without_the_closure_the_layer_is_not_isolating_and_the_answer_says_why(
    graph: KnowledgeGraph,
) -> None:
    words: dict[str, Any] = {
        "electrolyte": "garnet",
        "layers": "LiF",
        "contacts_lithium": True,
        "relatives": 0,
    }
    closed = graph.what_if(**words, complete=True)
    opened = graph.what_if(**words)
    assert named(closed.interface_types) == {"interface-type/II"}
    assert ("is expected to block", "side-reactions") in expected(closed)
    assert opened.interface_types == ()
    assert opened.expected == ()
    assert {question.status for question in opened.open} == {"unknown"}
    assert "not known to be complete" in json.dumps([str(question) for question in opened.open])


def test_without_contact_with_lithium_nothing_happens(graph: KnowledgeGraph) -> None:
    answer = graph.what_if(electrolyte="garnet", layers="ZnO", relatives=0)
    assert answer.interface_types == answer.mechanisms == ()
    assert any("touches lithium" in note for note in answer.assumptions)


@pytest.mark.parametrize(
    ("words", "mechanisms"),
    [
        ({"electrolyte": "liquid", "host": "carbon cloth", "coating": "ZnO"}, {"lithiophilic-coating"}),
        ({"electrolyte": "liquid", "host": "carbon cloth", "dopants": "N"}, {"doping"}),
        ({"electrolyte": "garnet", "lithium_additives": "Sn"}, {"alloying", "surface-energy-lowering", "in-situ-reaction"}),
        ({"electrolyte": "liquid", "treatments": "chemical polishing"}, {"polishing"}),
        ({"electrolyte": "garnet", "treatments": "mechanical polishing", "treated": "electrolyte"}, {"polishing", "surface-energy-lowering"}),
        ({"electrolyte": "garnet", "layers": "Py13TFSI", "contacts_lithium": True}, {"physical-contact"}),
        ({"electrolyte": "FEC", "from_electrolyte": True, "formed_at": "in-the-cell"}, {"interphase-formation"}),
        ({"electrolyte": "Li7P3S11", "additives": "methoxyperfluorobutane"}, {"self-repair"}),
        ({"electrolyte": "liquid", "layers": "LiF + Cu", "formed_from": "CuF2", "contacts_lithium": True}, {"displacement", "mixed-conduction"}),
    ],
)  # fmt: skip
def test_each_kind_of_word_leads_to_its_mechanism(
    graph: KnowledgeGraph, words: dict[str, Any], mechanisms: set[str]
) -> None:
    answer = graph.what_if(**words, relatives=0, why=False)
    assert named(answer.mechanisms) == {f"mechanism/{name}" for name in mechanisms}


def test_several_layers_are_a_stack_from_lithium_on(graph: KnowledgeGraph) -> None:
    answer = graph.what_if(
        electrolyte="garnet",
        layers=["LiF", "Sn"],
        complete=True,
        contacts_lithium=True,
        relatives=0,
        why=False,
    )
    assert named(answer.interface_types) == {"interface-type/II"}
    kinds = {member.of: set() for member in answer.bodies}
    for member in answer.bodies:
        kinds[member.of].add(member.iri.removeprefix(LKG))
    assert "ElectronConductingLayer" in kinds["Sn sublayer"]
    assert "ElectronConductingLayer" not in kinds["stack of LiF and Sn"]


def test_an_electrolyte_of_polymer_and_ceramic_is_taken_for_a_composite_and_said_so(
    graph: KnowledgeGraph,
) -> None:
    answer = graph.what_if(electrolyte=["PEG", "LATP"], relatives=0, why=False)
    assert any("composite" in note for note in answer.assumptions)
    assert "CompositeElectrolyte" in answer.record


# --- files ----------------------------------------------------------------------------------------


def test_a_file_may_describe_a_substance_that_the_graph_does_not_know(graph: KnowledgeGraph) -> None:
    answer = graph.what_if(NOVEL)
    assert named(answer.interface_types) == {"interface-type/III"}
    assert "AlloyInterlayerDesign" in named(answer.classes)
    assert answer.label == "xenon alloy interlayer on garnet"
    assert answer.relatives
    assert answer.warnings == ()


def test_the_record_of_flags_reads_back_to_the_same_answer(
    zno: WhatIf, graph: KnowledgeGraph, tmp_path: Path
) -> None:
    path = tmp_path / "zno.yaml"
    path.write_text(zno.record, encoding="utf-8")
    again = graph.what_if(path)
    assert (again.classes, again.expected, again.relatives) == (zno.classes, zno.expected, zno.relatives)


def test_a_baseline_may_be_a_reported_design(
    graph: KnowledgeGraph, edited: Callable[[str, str], Path]
) -> None:
    label = "    label: xenon alloy interlayer on garnet\n"
    path = edited(label, label + "    baseline: bare-garnet-against-lithium\n")
    assert (
        graph.what_if(path, relatives=0, why=False).classes
        == graph.what_if(NOVEL, relatives=0, why=False).classes
    )
    with pytest.raises(LithioKGError, match="there is no lkgi:design/bare-granite"):
        graph.what_if(edited(label, label + "    baseline: bare-granite\n"))


def test_a_contradiction_is_refused_in_words_with_its_places(
    graph: KnowledgeGraph, edited: Callable[[str, str], Path]
) -> None:
    path = edited(
        "      electrons: {", "      denies: {relation: blocks, object: carrier/electron}\n      electrons: {"
    )
    with pytest.raises(InconsistencyError) as refused:
        graph.what_if(path)
    assert "do not fit together" in str(refused.value)
    assert "proposal.yaml:" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("constituents: [Li9Xe]", "constituents: [Li9Xf]", "did you mean Li9Xe"),
        ("constituents: [garnet]", "constituents: [garnett]", "did you mean"),
        ("type: InterfacialLayer", "type: AlloyLayer", "derived, never typed in"),
        ("    label: xenon alloy interlayer on garnet\n", "", "exactly one label"),
        ("contacts: [lithium, electrolyte]", "contacts: [lithium, elektrolyte]", "elektrolyte"),
        ("  xenon-interlayer:", "  zno-interlayer-on-garnet:", "in the graph already"),
        ("  Li9Xe:", "  LiF:", "in the graph already"),
        ("designs:", "tables:", "no design"),
        ("type: LithiumAlloy", "type: LithiumAloy", "LithiumAloy"),
        ("composition-is-complete: true", "composition-is-complete: perhaps", "composition-is-complete"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_a_mend(
    old: str, new: str, said: str, graph: KnowledgeGraph, edited: Callable[[str, str], Path]
) -> None:
    if said.startswith("did you mean Li9Xe"):
        said = "Li9Xf"
    with pytest.raises(LithioKGError, match=said.replace("[", r"\[")):
        graph.what_if(edited(old, new))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"electrolyte": "garnett"}, "did you mean"),
        ({"layers": "ZnO", "treatments": "alchemy"}, "no treatment"),
        ({"coating": "ZnO"}, "host"),
        ({}, "nothing is proposed"),
        ({"electrolyte": ["liquid", "gel"]}, "one kind"),
        ({"additives": "Sn"}, "no electrolyte"),
        ({"electrolyte": "garnet", "formed_from": "CuF2", "complete": True}, "--complete"),
        ({"electrolyte": "garnet", "treatments": "roughening", "treated": "host"}, "no host"),
        ({"solvent": "FEC"}, "no field"),
    ],
)
def test_words_that_do_not_fit_are_refused(words: dict[str, Any], said: str, graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match=said):
        graph.what_if(**words)


def test_only_rules_about_reports_and_reasons_are_waived(graph: KnowledgeGraph) -> None:
    shapes = {
        path.stem: path.read_text(encoding="utf-8")
        for path in (graph.sources.ontology / "shapes").glob("*.ttl")
    }
    everything = "\n".join(shapes.values())
    for name, reason in WAIVED_RULES.items():
        assert f"shape:{name} a sh:PropertyShape" in everything
        assert any(word in name for word in ("evidence", "reported", "reason"))
        assert reason


# --- nothing is written ---------------------------------------------------------------------------


def _state(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in {".ttl", ".yaml", ".rq", ".jsonld", ".json"}
    }


def test_nothing_is_written_to_the_graph_or_the_sources(graph: KnowledgeGraph) -> None:
    count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    before, files = graph.sparql(count), _state(graph.sources.root)
    graph.what_if(NOVEL)
    assert list(graph.sparql(count)) == list(before)  # type: ignore[arg-type]
    assert _state(graph.sources.root) == files
    assert graph.sparql(f"ASK {{ ?s ?p <{ID}substance/Li9Xe> }}") is False


# --- the command line -----------------------------------------------------------------------------


def test_the_command_line_answers_in_text(lithio: Callable[..., Any]) -> None:
    done = lithio("what-if", "--electrolyte", "garnet", "--layer", "ZnO", "--complete", "--contacts-lithium")
    assert done.code == 0
    assert "nobody reported it" in done.out
    assert "interface type: type III" in done.out
    assert "is not expected to block continuous side reactions" in " ".join(done.out.split())
    assert "printed “20 Ω cm2”" in done.out


def test_the_command_line_answers_in_json(lithio: Callable[..., Any]) -> None:
    done = lithio("what-if", str(NOVEL), "--format", "json", "--relatives", "1")
    content = json.loads(done.out)
    assert {"classes", "expected", "why", "relatives", "interface_types"} <= set(content)
    assert content["interface_types"][0]["label"] == "type III"
    assert len(content["relatives"]) == 1


def test_the_record_alone_can_be_had(lithio: Callable[..., Any], tmp_path: Path) -> None:
    flags = ("--electrolyte", "garnet", "--layer", "LiF", "--complete", "--contacts-lithium")
    path = tmp_path / "design.yaml"
    path.write_text(lithio("what-if", *flags, "--record").out, encoding="utf-8")
    assert "interface type: type II" in lithio("what-if", str(path)).out


@pytest.mark.parametrize("arguments", [(), (str(NOVEL), "--layer", "ZnO")])
def test_a_design_comes_from_a_file_or_from_flags(
    arguments: tuple[str, ...], lithio: Callable[..., Any]
) -> None:
    done = lithio("what-if", *arguments)
    assert done.code == 2
    assert "by FILE or by flags" in done.err


def test_a_contradiction_ends_with_findings(
    lithio: Callable[..., Any], edited: Callable[[str, str], Path]
) -> None:
    path = edited("type: LithiumAlloy", "type: [LithiumAlloy, Polymer]")
    done = lithio("what-if", str(path))
    assert done.code == 1
    assert "do not fit together" in done.err


def test_a_proposal_in_words_takes_one_name_for_a_list_of_one() -> None:
    assert Proposal.of({"layers": "ZnO"}) == Proposal(layers=("ZnO",))
