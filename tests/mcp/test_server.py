"""The MCP server, driven by the official client."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

import pytest

anyio = pytest.importorskip("anyio")
pytest.importorskip("mcp")

from mcp.client import Client  # noqa: E402
from mcp.client.stdio import StdioServerParameters, stdio_client  # noqa: E402
from mcp.shared.exceptions import MCPError  # noqa: E402

from lithiokg.mcp.limits import MOST_BYTES  # noqa: E402
from lithiokg.mcp.server import create_server  # noqa: E402

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

Call = Callable[..., Any]
TOOLS = {
    *("list_questions", "describe_question", "answer_question", "ask", "search", "show"),
    *("explain", "why_not", "what_if", "sparql"),
}


def run(work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    return anyio.run(work)


@pytest.fixture(scope="module")
def server(graph: KnowledgeGraph) -> Any:
    return create_server(graph)


@pytest.fixture(scope="module")
def call(server: Any) -> Call:
    """Call a tool in memory; the text and the structured content, which stay within the size allowed."""

    def called(name: str, /, **arguments: Any) -> tuple[str, dict[str, Any]]:
        async def work() -> Any:
            async with Client(server) as client:
                return await client.call_tool(name, arguments)

        result = run(work)
        text, content = result.content[0].text, result.structured_content
        assert not result.is_error, text
        assert len(text.encode()) + len(json.dumps(content, ensure_ascii=False).encode()) <= MOST_BYTES + 4000
        return text, content

    return called


@pytest.fixture(scope="module")
def refused(server: Any) -> Call:
    """Call a tool that refuses; what it says."""

    def called(name: str, /, **arguments: Any) -> str:
        async def work() -> Any:
            async with Client(server) as client:
                return await client.call_tool(name, arguments)

        result = run(work)
        assert result.is_error
        return str(result.content[0].text)

    return called


def test_a_client_over_stdio_finds_tools_instructions_and_resources(environment: dict[str, str]):
    async def work() -> None:
        parameters = StdioServerParameters(
            command=sys.executable, args=["-m", "lithiokg", "mcp"], env={**os.environ, **environment}
        )
        async with Client(stdio_client(parameters)) as client:
            tools = {tool.name: tool for tool in (await client.list_tools()).tools}
            assert set(tools) == TOOLS
            assert all(tool.annotations and tool.annotations.read_only_hint for tool in tools.values())
            assert "lithium-alloys" in tools["answer_question"].input_schema["properties"]["name"]["enum"]
            assert "Cite" in (client.instructions or "")
            answer = await client.call_tool("ask", {"question": "which interlayers keep electrons out?"})
            assert not answer.is_error
            assert answer.structured_content["question"] == "electronically-isolating-layers"
            thing = (await client.read_resource("lithiokg://thing/ZnO")).contents[0]
            assert "substance/ZnO" in thing.text or "formsWithLithium" in thing.text
            uris = {str(each.uri) for each in (await client.list_resources()).resources}
            assert uris == {"lithiokg://ontology", "lithiokg://questions"}

    run(work)


def test_every_row_comes_with_its_place_and_its_sources_with_doi(call: Call):
    text, content = call(
        "answer_question", name="designs-with-low-area-specific-resistance", parameters={"maximum": 10}
    )
    assert content["total"] == len(content["rows"])
    for row in content["rows"]:
        assert row["evidence"]["places"]
        assert row["evidence"]["references"]
        assert row["values"]["unit"]["label"] == "Ω cm2"
    numbers = {source["number"]: source for source in content["sources"]}
    assert numbers[77]["doi"].startswith("10.")
    assert content["documents"][0]["doi"] == "10.20517/energymater.2021.21"
    assert "[77]" in text
    assert numbers[77]["doi"] in text


def test_rows_that_name_no_place_get_the_evidence_of_the_claims_between_their_things(call: Call):
    _, content = call(
        "answer_question", name="what-a-substance-becomes-with-lithium", parameters={"substance": "ZnO"}
    )
    alloy = next(row for row in content["rows"] if row["values"]["product"]["iri"] == "lkgi:substance/Li-Zn")
    assert any("reduce ZnO into a Li-Zn alloy" in place for place in alloy["evidence"]["places"])
    assert alloy["evidence"]["references"] == [22]


@pytest.mark.parametrize(
    "name", ["lithium-alloys", "mixed-conductors", "why-a-design-has-its-interface-type"]
)
def test_most_rows_of_questions_without_places_have_evidence(call: Call, name: str):
    _, content = call("answer_question", name=name)
    rows = content["rows"]
    behind = [row for row in rows if row["evidence"]["places"] or row["evidence"]["references"]]
    assert len(behind) >= 0.8 * len(rows)


def test_a_long_answer_is_cut_to_size_and_says_how_to_go_on(call: Call):
    _, first = call("answer_question", name="everything-known-of-an-electrolyte", limit=200)
    assert first["shown"] < first["total"]
    assert f"offset {first['shown']}" in first["more"]
    _, second = call(
        "answer_question", name="everything-known-of-an-electrolyte", limit=200, offset=first["shown"]
    )
    assert second["rows"][0] != first["rows"][0]


def test_a_question_in_words_says_how_it_was_read(call: Call):
    text, content = call("ask", question="polarization below 20 mV at 1 mA cm-2")
    assert content["read_as"]["parameters"] == {"maximum": 20, "minimum_current_density": 1}
    assert text.startswith(
        "Read as: Low polarization at a given current density (highest polarization: 20 mV"
    )


def test_where_nothing_fits_the_model_is_told_not_to_answer_from_memory(call: Call):
    text, content = call("ask", question="what is the price of lithium?")
    assert content["answered"] is False
    assert content["closest"]
    assert "Do not answer from memory" in text


def test_questions_are_listed_and_described_with_typed_parameters(call: Call):
    _, listed = call("list_questions", topic="resistance")
    assert "designs-with-low-area-specific-resistance" in {each["name"] for each in listed["questions"]}
    _, content = call("describe_question", name="designs-with-low-area-specific-resistance")
    assert content["parameters"]["maximum"] == {
        "type": "quantity",
        "label": "highest area-specific resistance",
        "unit": "ohm cm2",
        "default": 50,
    }


def test_a_thing_is_found_and_shown_with_its_sources(call: Call):
    _, found = call("search", text="LLZO")
    assert found["found"][0]["iri"] == "lkgi:substance/garnet"
    text, content = call("show", thing="ZnO")
    assert content["iri"] == "lkgi:substance/ZnO"
    assert "reference 22" in text


def test_a_reason_names_facts_with_their_sources(call: Call):
    _, content = call("explain", thing="zno-interlayer-on-garnet", target="type III")
    assert content["holds"] is True
    assert any("doi:" in place for fact in content["reasons"][0]["facts"] for place in fact["evidence"])
    _, missing = call("why_not", thing="zno-interlayer-on-garnet", target="type II")
    assert missing["holds"] is False
    assert missing["conditions"]


def test_what_is_not_inferred_is_explained_as_why_not(call: Call):
    _, content = call("explain", thing="zno-interlayer-on-garnet", target="type II")
    assert content["holds"] is False


def test_a_query_is_answered_with_labels_and_cut_to_the_limit(call: Call):
    _, content = call("sparql", query="SELECT ?s { ?s a lkg:MetalOxide } ORDER BY ?s", limit=2)
    assert len(content["rows"]) == 2
    assert content["cut"] is True
    assert content["rows"][0]["s"]["iri"].startswith("lkgi:substance/")
    assert call("sparql", query="ASK { <https://w3id.org/lithiokg/id/substance/ZnO> a lkg:MetalOxide }")[
        1
    ] == {"answer": True}


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sparql", {"query": "DELETE WHERE { ?s ?p ?o }"}, "query"),
        ("sparql", {"query": "SELECT ?s { SERVICE <http://example.org/> { ?s ?p ?o } }"}, "example.org"),
        ("sparql", {"query": "SELEC"}, "does not parse"),
        ("show", {"thing": "zinc oxid"}, "did you mean zinc oxide"),
        ("answer_question", {"name": "lithium-aloys"}, "lithium-alloys"),
        ("answer_question", {"name": "lithium-alloys", "parameters": {"x": 1}}, "has no parameter 'x'"),
        (
            "answer_question",
            {"name": "lithium-alloys", "parameters": {"timeout": 1}},
            "has no parameter 'timeout'",
        ),
        ("answer_question", {"name": "lithium-alloys", "limit": 0}, "limit"),
        ("what_if", {"design": {}}, "no design is given"),
        ("what_if", {"design": {"layers": ["unobtainium"]}}, "unobtainium"),
        ("list_questions", {"topic": "weather"}, "topics are"),
    ],
)
def test_what_the_caller_did_wrong_is_told_in_words(
    refused: Call, name: str, arguments: dict[str, Any], words: str
):
    assert words in refused(name, **arguments)


def test_a_prediction_is_marked_as_one(call: Call):
    text, content = call(
        "what_if", design={"electrolyte": ["garnet"], "layers": ["SnO2"], "contacts_lithium": True}
    )
    assert text.startswith("Proposed, not reported")
    assert content["interface_types"] == ["type III"]
    assert content["relatives"][0]["reported_in"]


def test_resources_tell_of_the_ontology_and_refuse_what_is_not_there(server: Any):
    async def work() -> None:
        async with Client(server) as client:
            overview = (await client.read_resource("lithiokg://ontology")).contents[0].text
            assert "- lkg:Interlayer (interlayer)" in overview
            assert len(overview.encode()) <= MOST_BYTES
            with pytest.raises(MCPError, match="nothing is called"):
                await client.read_resource("lithiokg://thing/unobtainium")

    run(work)


def test_without_the_sdk_the_verb_says_what_to_install(environment: dict[str, str]):
    code = "import sys; sys.modules['mcp.server'] = None\nfrom lithiokg.cli import main; main(['mcp'])"
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert 'pip install "lithiokg[mcp]"' in done.stderr
