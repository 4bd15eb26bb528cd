"""The Python API over the shipped graph."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

import lithiokg
from lithiokg.build import SourceProblemsError, build_snapshot
from lithiokg.errors import LithioKGError, QueryError, TimeLimitError, UsageError
from lithiokg.export import OBSERVATION_COLUMNS
from lithiokg.graph import KnowledgeGraph, connect, open_graph
from lithiokg.questions import check_expectation, lint
from lithiokg.store import EmbeddedStore, RemoteStore, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.build import Cache
    from lithiokg.sources import Sources

ZNO = "https://w3id.org/lithiokg/id/substance/ZnO"
DESIGN = "https://w3id.org/lithiokg/id/design/zno-interlayer-on-garnet"


def test_the_package_has_three_public_names_and_no_others() -> None:
    assert lithiokg.open is open_graph
    assert lithiokg.connect is connect
    assert lithiokg.KnowledgeGraph is KnowledgeGraph
    with pytest.raises(AttributeError, match="has no attribute 'opne'"):
        lithiokg.opne  # noqa: B018


def test_the_graph_opens_and_closes(
    shipped: Sources, cache: Cache, graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITHIOKG_CACHE", str(cache.root))
    monkeypatch.setenv("LITHIOKG_SOURCES", str(shipped.root))
    told: list[str] = []
    with lithiokg.open(stage=told.append) as opened:
        assert told == []
        assert opened.snapshot is not None
        assert graph.snapshot is not None
        assert opened.snapshot.path == graph.snapshot.path
        assert opened.find("ZnO") == ZNO
    with pytest.raises(LithioKGError, match="closed"):
        opened.sparql("ASK { }")


def test_a_saved_question_is_asked(graph: KnowledgeGraph) -> None:
    answer = graph.ask("designs-by-mechanism", mechanism="alloying")
    assert answer.columns == ("design", "kind", "table", "row", "reference")
    assert len(answer) == len(list(answer)) == len(answer.rows()) > 3
    assert "zinc oxide interlayer on garnet" in {row[0] for row in answer.rows()}
    assert "lkgi:design/zno-interlayer-on-garnet" in {row[0] for row in answer.rows(iris=True)}
    assert answer.parameters == {"mechanism": "alloying"}
    assert "mechanism/alloying" in answer.text
    assert len(graph.ask("designs-by-mechanism", stated_only=True)) == 0


def test_a_wrong_question_parameter_or_thing_is_met_with_the_closest(graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError) as caught:
        graph.ask("designs-by-mechanisms")
    assert "designs-by-mechanism" in str(caught.value.mend)
    with pytest.raises(UsageError) as caught:
        graph.ask("designs-by-mechanism", mechanismm="alloying")
    assert "mechanism" in str(caught.value.mend)
    with pytest.raises(UsageError) as caught:
        graph.ask("designs-by-mechanism", mechanism="aloying")
    assert "alloying" in str(caught.value.mend)


def test_every_saved_question_answers_as_its_header_says(graph: KnowledgeGraph) -> None:
    assert len(graph.questions()) >= 25
    wrong = {
        name: [*lint(question), *check_expectation(question, graph.ask(name).table, graph.names.label)]
        for name, question in graph.questions().items()
        if not question.endpoints  # those are asked in tests/remote
    }
    assert {name: found for name, found in wrong.items() if found} == {}


def test_an_answer_becomes_a_typed_data_frame(graph: KnowledgeGraph) -> None:
    pd = pytest.importorskip("pandas", reason="the extra 'pandas' is not installed")
    frame = graph.ask("interfacial-resistance-before-and-after").to_pandas()
    assert frame["before"].dtype == "float64"
    assert pd.api.types.is_integer_dtype(frame["row"])
    assert pd.api.types.is_bool_dtype(frame["suspect"])
    assert pd.api.types.is_string_dtype(frame["design"])
    assert "zinc oxide interlayer on garnet" in set(frame["design"])
    assert "lkgi:design/zno-interlayer-on-garnet" in set(
        graph.ask("interfacial-resistance-before-and-after").to_pandas(iris=True)["design"]
    )


def test_observations_and_designs_are_tables(graph: KnowledgeGraph) -> None:
    pytest.importorskip("pandas", reason="the extra 'pandas' is not installed")
    table = graph.observations()
    assert table.variables == OBSERVATION_COLUMNS
    frame = table.to_pandas()
    assert frame["value"].dtype == "float64"
    assert frame["suspect"].dtype == "boolean"
    assert len(graph.designs()) >= 40


def test_figures_stay_decimal(graph: KnowledgeGraph) -> None:
    values = [value for value in graph.observations().column("value") if value is not None]
    assert values
    assert all(isinstance(value, Decimal) for value in values)


def test_sparql_answers_by_the_form_of_the_query(graph: KnowledgeGraph) -> None:
    assert graph.sparql(f"ASK {{ <{ZNO}> a lkg:MetalOxide }}") is True
    table = graph.sparql("SELECT ?s { ?s lkg:formula 'ZnO' }")
    assert isinstance(table, Table)
    assert graph.readable(table) == [("zinc oxide",)]
    assert graph.readable(table, iris=True) == [("lkgi:substance/ZnO",)]
    triples = graph.sparql("CONSTRUCT WHERE { ?s lkg:formula 'ZnO' }")
    assert isinstance(triples, list)
    assert len(triples) == 1


def test_sparql_keeps_to_its_limits(graph: KnowledgeGraph) -> None:
    with pytest.raises(TimeLimitError):
        graph.sparql("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", timeout=0.3)
    cut = graph.sparql("SELECT ?s { ?s ?p ?o }", max_rows=5)
    assert isinstance(cut, Table)
    assert (len(cut), cut.truncated) == (5, True)
    with pytest.raises(QueryError, match="read-only"):
        graph.sparql("DROP ALL")


def test_stated_only_sees_no_inference(graph: KnowledgeGraph) -> None:
    inferred = f"ASK {{ <{DESIGN}> lkg:actsThrough ?m }}"
    assert graph.sparql(inferred) is True
    assert graph.sparql(inferred, stated_only=True) is False


@pytest.mark.parametrize(
    "name", ["ZnO", "zinc oxide", "Zinc Oxide", "lkgi:substance/ZnO", ZNO, "substance/ZnO"]
)
def test_a_thing_is_found_by_any_of_its_names(graph: KnowledgeGraph, name: str) -> None:
    assert graph.find(name) == ZNO


def test_a_kind_narrows_what_is_found(graph: KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="names 2 things"):
        graph.find("graphite")
    assert graph.find("graphite", kind="lkg:Substance").endswith("id/substance/graphite")
    with pytest.raises(UsageError):
        graph.find("ZnO", kind="lkg:Mechanism")


def test_a_thing_is_described(graph: KnowledgeGraph) -> None:
    found = graph.show("zinc oxide interlayer on garnet")
    assert found.iri == DESIGN
    assert found.curated_at is not None
    assert found.curated_at.startswith("data/energymater-2021-21/designs/t3-r13-zno-interlayer.yaml:")
    facts = {(fact.relation, fact.value): fact for fact in found.facts}
    assert facts["has interface type", "type III"].inferred
    assert not facts["has baseline", "bare garnet electrolyte against lithium"].inferred
    assert not any("lkgi:" in str(fact.value) for fact in (*found.facts, *found.kinds))
    # A superclass and a wider relation say nothing new.
    kinds = {str(fact.value): fact.implied for fact in found.kinds}
    assert kinds["design on a solid electrolyte"]
    assert not kinds["design by alloy interlayer"]
    assert all(fact.implied for fact in found.facts if fact.relation == "has part")


def test_everything_that_has_a_record_can_be_described(graph: KnowledgeGraph) -> None:
    kinds = (
        "Observation",
        "Claim",
        "TableRow",
        "Doubt",
        "Quantity",
        "Component",
        "Treatment",
        "Section",
        "Cell",
    )
    for kind in (*kinds, "Evidence", "Mechanism", "Unit", "ObservableProperty", "Reference", "Work"):
        table = graph.sparql(f"SELECT ?s {{ ?s a lkg:{kind} }} ORDER BY ?s LIMIT 2")
        assert isinstance(table, Table)
        for iri in table.column("s"):
            found = graph.show(str(iri))
            assert found.label
            assert not found.label.startswith("lkgi:"), found.label


def test_rdflib_gets_every_quad(graph: KnowledgeGraph) -> None:
    dataset = graph.to_rdflib()
    quads = graph.quads()
    assert sum(len(each) for each in dataset.graphs()) == len(quads)
    assert len(dataset) == len({quad.triple for quad in quads})
    stated = graph.to_rdflib(stated_only=True)
    assert len(stated) < len(dataset)


def test_owlready2_sees_classes_and_individuals(graph: KnowledgeGraph) -> None:
    pytest.importorskip("owlready2", reason="the extra 'dl' is not installed")
    world = graph.to_owlready2()
    zno = world["https://w3id.org/lithiokg/id/substance/ZnO"]
    assert zno in set(world.individuals())
    assert world["https://w3id.org/lithiokg/MetalOxide"] in zno.is_a
    # Conclusions are the reasoner's to draw.
    assert world["https://w3id.org/lithiokg/AlloyFormingSubstance"] not in zno.is_a
    assert graph.to_owlready2() is not world


def test_the_sources_are_validated_as_they_are_now(
    small: Sources, filled: Cache, edit: Callable[[str, str, str], int]
) -> None:
    snapshot = build_snapshot(small, cache=filled)
    with KnowledgeGraph(EmbeddedStore(snapshot.store), small, snapshot) as opened:
        assert opened.validate().conforms
        edit("data/paper-2024-1/design.yaml", 'result: "99.2%"', 'result: "120%"')
        with pytest.raises(SourceProblemsError, match="never above 100 %"):
            opened.validate()


def test_a_remote_graph_that_is_not_there_is_not_copied(
    shipped: Sources, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITHIOKG_SOURCES", str(shipped.root))
    with connect("http://127.0.0.1:1/query", timeout=5) as remote:
        assert isinstance(remote.store, RemoteStore)
        with pytest.raises(LithioKGError, match="cannot be reached"):
            remote.quads()
