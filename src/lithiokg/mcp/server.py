"""The MCP server: tools, resources and instructions over a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.types import CallToolResult, TextContent, ToolAnnotations
from pydantic import BaseModel, ConfigDict, Field

import lithiokg
from lithiokg.errors import LithioKGError
from lithiokg.mcp.limits import shortened
from lithiokg.mcp.reasons import Reasons
from lithiokg.mcp.tools import MOST_ROWS, Tools

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.mcp.writing import Reply

__all__ = ["INSTRUCTIONS", "create_server"]

INSTRUCTIONS = """\
LithioKG is a curated knowledge graph of the lithium-metal interface in batteries (lithiophilicity, interlayers,
SEIs, interfacial resistance, cycle life), taken from the literature with the place of every fact.

- For a question in plain words call ask. It answers with one of the saved questions and says which; where it says
  that nothing fits, say so to the user instead of answering from memory.
- find the right saved question with list_questions or describe_question, and answer it with answer_question.
- Things may be given by any name: label, synonym, formula (ZnO, LLZO), symbol. If a name is not known, use search.
- Cite. Every row comes with its evidence: the place (table and row, or section and paragraph) and the numbers of
  references, which stand with authors, title and DOI under sources. Name the reference and its DOI with each fact
  that you report, and the document under documents where a row has no reference.
- Values come in the unit that stands beside them. Do not compare ohm with ohm cm2, nor figures at different currents
  or capacities. Figures marked suspect carry a recorded doubt: say so.
- Inferred facts are marked: they follow from the ontology and are not statements of a source. What what_if gives is
  a prediction. Not reported does not mean zero or no.
"""

_READ_ONLY = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)

Thing = Annotated[
    str, Field(description="any name of a thing: label, synonym, formula, symbol, CURIE or IRI")
]
Rows = Annotated[int, Field(ge=1, le=MOST_ROWS, description="how many rows to give at most")]
#: What a parameter of a saved question may be: names of things, numbers, texts.
ParameterValue = str | float | int | bool | list[str]


class Structured(BaseModel):
    """Structured content; what is in it depends on the tool."""

    model_config = ConfigDict(extra="allow")


class Answered(Structured):
    """Rows with their evidence."""

    question: str = Field(default="", description="the saved question that was answered")
    columns: list[str] = Field(
        default=[], description="names of the columns; a unit stands in the name or beside"
    )
    rows: list[dict[str, Any]] = Field(
        default=[], description="each with values by column, and evidence: places and reference numbers"
    )
    sources: list[dict[str, Any]] = Field(
        default=[], description="references by number, with citation and DOI"
    )
    documents: list[dict[str, Any]] = Field(
        default=[], description="the documents that the facts were taken from"
    )
    total: int = Field(default=0, description="how many rows the whole answer has")


class Proposed(BaseModel):
    """A design, in words; things by any of their names."""

    model_config = ConfigDict(extra="forbid")

    electrolyte: list[str] = Field(
        default=[], description="what the electrolyte consists of, or its kind: garnet, liquid, polymer ..."
    )
    layers: list[str] = Field(
        default=[],
        description="layers between lithium and electrolyte, from lithium on; 'A + B' for a mixture",
    )
    complete: bool = Field(default=False, description="nothing else is in the layers than what is listed")
    contacts_lithium: bool = Field(default=False, description="the layer touches lithium")
    formed_from: list[str] = Field(default=[], description="precursors of the layer")
    solutes: list[str] = Field(default=[], description="what is dissolved in the electrolyte")
    additives: list[str] = Field(default=[], description="what is kept in the electrolyte in a minor amount")
    host: list[str] = Field(default=[], description="what a host or current collector consists of")
    coating: list[str] = Field(default=[], description="what coats the host")
    dopants: list[str] = Field(default=[], description="what the host is doped with")
    lithium_additives: list[str] = Field(default=[], description="what is added to the lithium")


AnsweredResult = Annotated[CallToolResult, Answered]
StructuredResult = Annotated[CallToolResult, Structured]


def create_server(graph: KnowledgeGraph) -> MCPServer[Any]:
    """An MCP server over a graph.

    Args:
        graph: the graph; it may be behind an endpoint, where explanations and what-if say that they need a
            snapshot.
    """
    server: MCPServer[Any] = MCPServer(
        "lithiokg",
        title="LithioKG",
        description="A knowledge graph of the lithium-metal interface, every fact with its source.",
        instructions=INSTRUCTIONS,
        version=lithiokg.__version__,
        log_level="WARNING",
    )
    tools = Tools(graph)
    names = list(graph.questions())
    _add_questions(server, tools, names)
    _add_things(server, tools)
    _add_reasons(server, Reasons(graph))
    _add_resources(server, graph, tools)
    return server


def _said(call: Callable[[], Reply]) -> CallToolResult:
    """The result of a call; what the user caused is told in words with the mend."""
    try:
        reply = call()
    except LithioKGError as error:
        # Mends that name a verb of the command line name the tool that does the same.
        words = str(error).replace("lithiokg questions list", "list_questions")
        raise ToolError(shortened(words, 4_000)) from error
    return CallToolResult(
        content=[TextContent(type="text", text=reply.text)], structured_content=reply.content
    )


def _add(server: MCPServer[Any], *functions: Callable[..., Any]) -> None:
    for function in functions:
        server.add_tool(function, annotations=_READ_ONLY)


def _add_questions(server: MCPServer[Any], tools: Tools, names: list[str]) -> None:
    name_of = Annotated[
        str, Field(description="name of the saved question", json_schema_extra={"enum": list(names)})
    ]

    def list_questions(
        topic: Annotated[
            str | None, Field(description="only this topic, such as resistance or cycling")
        ] = None,
    ) -> StructuredResult:
        """List the saved questions that the graph answers, with the names of their parameters."""
        return _said(lambda: tools.list_questions(topic))

    def describe_question(name: str) -> StructuredResult:
        """Describe a saved question: what it answers, what to beware of, its parameters with types and defaults."""
        return _said(lambda: tools.describe_question(name))

    def answer_question(
        name: str,
        parameters: Annotated[
            dict[str, ParameterValue] | None,
            Field(
                description="values by parameter (see describe_question); what is not named keeps its default"
            ),
        ] = None,
        stated_only: Annotated[bool, Field(description="leave out what was inferred")] = False,
        limit: Rows = 40,
        offset: Annotated[int, Field(ge=0, description="rows to skip")] = 0,
    ) -> AnsweredResult:
        """Answer a saved question. Every row comes with its evidence; cite it."""
        return _said(
            lambda: tools.answer_question(
                name, parameters, stated_only=stated_only, limit=limit, offset=offset
            )
        )

    def ask(
        question: Annotated[str, Field(max_length=2000, description="a question in plain English")],
        limit: Rows = 40,
    ) -> AnsweredResult:
        """Answer a question in plain words with the saved question that fits it, or say that none does.

        Says how the question was read, what of it was left out of account, and which others may be meant.
        """
        return _said(lambda: tools.ask(question, limit=limit))

    for named in (describe_question, answer_question):
        named.__annotations__["name"] = name_of
    _add(server, list_questions, describe_question, answer_question, ask)


def _add_things(server: MCPServer[Any], tools: Tools) -> None:
    def search(
        text: Annotated[
            str, Field(max_length=200, description="a name, part of one, a formula or an element")
        ],
        limit: Annotated[int, Field(ge=1, le=100)] = 20,
    ) -> StructuredResult:
        """Find things (substances, designs, properties, classes ...) by name, synonym, formula or element."""
        return _said(lambda: tools.search(text, limit=limit))

    def show(thing: Thing) -> StructuredResult:
        """Show what is known of one thing: its facts, claims and figures, each with its place in the sources."""
        return _said(lambda: tools.show(thing))

    def sparql(
        query: Annotated[str, Field(max_length=20_000, description="SELECT, ASK, CONSTRUCT or DESCRIBE")],
        limit: Rows = 40,
    ) -> StructuredResult:
        """Answer a SPARQL 1.1 query, read-only and within 20 seconds. Prefer the saved questions.

        The prefix lkg: (terms) and the usual ones need not be declared; individuals are written out, as in
        <https://w3id.org/lithiokg/id/substance/ZnO>, which other tools abbreviate as lkgi:substance/ZnO.
        Select evidence too: ?x lkg:hasEvidence ?e . ?e lkg:resolvedReference ?reference .
        """
        return _said(lambda: tools.sparql(query, limit=limit))

    _add(server, search, show, sparql)


def _add_reasons(server: MCPServer[Any], reasons: Reasons) -> None:
    target_of = Annotated[
        str, Field(description="a class, strategy, mechanism or interface type, by any of its names")
    ]

    def explain(thing: Thing, target: str) -> StructuredResult:
        """Say why a thing is inferred to be (or have) something: facts with their sources, and the axioms.

        Where it is not so, say which conditions hold, fail, or are not known.
        """
        return _said(lambda: reasons.explain(thing, target))

    def why_not(thing: Thing, target: str) -> StructuredResult:
        """Say which conditions of being something a thing meets, contradicts, or is not known to meet."""
        return _said(lambda: reasons.why_not(thing, target))

    def what_if(design: Proposed) -> StructuredResult:
        """Say what would follow from a design that nobody reported, and which reported designs it resembles.

        A prediction by the ontology's rules, not a report: present it as such. Nothing is stored.
        """
        return _said(lambda: reasons.what_if(**design.model_dump()))

    for function in (explain, why_not):
        function.__annotations__["target"] = target_of
    _add(server, explain, why_not, what_if)


def _add_resources(server: MCPServer[Any], graph: KnowledgeGraph, tools: Tools) -> None:
    from lithiokg.mcp.resources import ontology_overview, thing_as_turtle  # noqa: PLC0415  # with the server only

    @server.resource(
        "lithiokg://ontology", title="The ontology in short", mime_type="text/markdown",
        description="The classes and relations of the ontology with their definitions.",
    )  # fmt: skip
    def ontology() -> str:
        return ontology_overview(graph)

    @server.resource(
        "lithiokg://questions", title="The saved questions", mime_type="text/markdown",
        description="Names and wording of the saved questions.",
    )  # fmt: skip
    def questions() -> str:
        return tools.list_questions().text

    @server.resource(
        "lithiokg://thing/{+name}", title="A thing as Turtle", mime_type="text/turtle",
        description="The triples of a thing, by any of its names, such as lithiokg://thing/ZnO.",
    )  # fmt: skip
    def thing(name: str) -> str:
        try:
            return thing_as_turtle(graph, name)
        except LithioKGError as error:
            raise ResourceError(str(error)) from error
