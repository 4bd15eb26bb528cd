"""The bridges in use: an outsider's query, in the outsider's words, finds our things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import lithiokg
from lithiokg.errors import UsageError
from lithiokg.store import Table

if TYPE_CHECKING:
    from lithiokg.build import Cache
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources

LKG = "https://w3id.org/lithiokg/"
EMMO = """
PREFIX echem: <https://w3id.org/emmo/domain/electrochemistry#>
PREFIX chameo: <https://w3id.org/emmo/domain/characterisation-methodology/chameo#>
PREFIX emmo: <https://w3id.org/emmo#>
PREFIX obo: <http://purl.obolibrary.org/obo/>
"""


# An outsider's queries


def instances(graph: KnowledgeGraph, theirs: str) -> set[str]:
    answer = graph.sparql(f"{EMMO} SELECT DISTINCT ?x {{ ?x a {theirs} }}")
    assert isinstance(answer, Table)
    return {row["x"] for row in answer.dicts()}


@pytest.mark.parametrize(
    ("name", "theirs", "ours"),
    [
        ("emmo", "echem:electrochemistry_0508a114_544a_4f54_a7de_9b947fb4b618", "SolidElectrolyte"),
        ("emmo", "echem:electrochemistry_55775b50_b9d9_4d68_8cb5_38fcd7b9b54d", "LithiumElectrode"),
        ("emmo", "echem:electrochemistry_54e0c2bd_1bb2_4f9c_9b55_5b6cc34651ec", "SolidElectrolyteInterphase"),
        ("emmo", "echem:electrochemistry_fb0d9eef_92af_4628_8814_e065ca255d59", "Electrolyte"),
        ("emmo", "emmo:EMMO_0650c031_42b6_4f0a_b62d_d88f071da6bf", "Quantity"),
        ("pmdco", "obo:BFO_0000040", "Component"),
        ("pmdco", "obo:IAO_0000311", "Work"),
        ("pmdco", "obo:OBI_0001933", "Quantity"),
    ],
)
def test_all_instances_of_a_class_of_theirs_are_ours_of_the_class_bridged(
    bridged: dict[str, KnowledgeGraph], name: str, theirs: str, ours: str
) -> None:
    found = instances(bridged[name], theirs)
    assert found == instances(bridged[name], f"lkg:{ours}")
    assert len(found) > 1


def test_measurements_of_designs_are_found_with_what_they_determined(
    bridged: dict[str, KnowledgeGraph],
) -> None:
    """By the labels of CHAMEO, EMMO and electrochemistry alone."""
    answer = bridged["emmo"].sparql(
        """SELECT ?measurement ?efficiency {
             ?process skos:prefLabel "CharacterisationMeasurementProcess"@en .
             ?kind skos:prefLabel "CoulombicEfficiency"@en .
             ?determined skos:prefLabel "hasDeterminedProperty"@en .
             ?measurement a ?process ; ?determined ?efficiency . ?efficiency a ?kind
           }"""
    )
    assert isinstance(answer, Table)
    assert len(answer) == 14
    measured = instances(bridged["emmo"], "chameo:CharacterisationMeasurementProcess")
    assert len(measured) > 130
    assert len(instances(bridged["emmo"], "lkg:Observation") - measured) > 10  # set, calculated, tabulated


def test_a_question_of_ours_has_the_same_answer_with_a_bridge(
    bridged: dict[str, KnowledgeGraph], graph: KnowledgeGraph
) -> None:
    for name in ("designs-by-interface-type", "coulombic-efficiencies"):
        assert bridged["emmo"].ask(name).rows(iris=True) == graph.ask(name).rows(iris=True)


def test_what_a_bridge_concludes_counts_as_inferred(bridged: dict[str, KnowledgeGraph]) -> None:
    query = f"{EMMO} ASK {{ ?x a emmo:EMMO_0650c031_42b6_4f0a_b62d_d88f071da6bf }}"
    assert bridged["emmo"].sparql(query) is True
    assert bridged["emmo"].sparql(query, stated_only=True) is False


def test_a_name_of_ours_is_still_ours_where_theirs_is_the_same(bridged: dict[str, KnowledgeGraph]) -> None:
    assert bridged["emmo"].find("SolidElectrolyte") == LKG + "SolidElectrolyte"


# Where it is asked for


def test_a_graph_is_opened_with_a_bridge_by_its_name(
    shipped: Sources, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITHIOKG_CACHE", environment["LITHIOKG_CACHE"])
    with lithiokg.open(shipped, bridge="pmdco") as opened:
        assert opened.sparql(f"{EMMO} ASK {{ ?x a obo:OBI_0000070 }}") is True
    with pytest.raises(UsageError, match="there is no bridge to 'bfo'"):
        lithiokg.open(shipped, bridge="bfo")


def test_the_command_line_takes_a_bridge_for_queries_and_exports(
    lithio: Any, small: Sources, filled: Cache
) -> None:
    query = f"{EMMO} SELECT (COUNT(?x) AS ?n) {{ ?x a obo:OBI_0000070 }}"
    assert int(lithio("sparql", query, "--bridge", "pmdco", "-f", "csv").out.split()[-1]) > 130
    few = {"sources": small, "cache": filled.root}
    exported = lithio("export", "-f", "nquads", "--bridge", "pmdco", **few).out
    assert "graph/bridges/pmdco>" in exported
    assert "obo/OBI_0000070> <https://w3id.org/lithiokg/graph/inferred>" in exported
    for refused in (("export", "designs"), ("export", "--profile", "emmo")):
        assert lithio(*refused, "--bridge", "pmdco").code == 2
    assert lithio("sparql", "ASK {}", "--bridge", "pmdco", "--endpoint", "http://127.0.0.1:1/").code == 2
