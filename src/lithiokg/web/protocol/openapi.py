"""An OpenAPI description of the machine side, made of the real parameters of the saved questions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

import lithiokg
from lithiokg.web.problems import PROBLEM
from lithiokg.web.protocol.negotiation import BOOLEAN, FORMAT_NAMES, GRAPH, TABLE, types_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from lithiokg.questions import Question
    from lithiokg.questions.model import Parameter

__all__ = ["describe_api", "openapi"]

_PROBLEM = {"content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
_STRING = {"type": "string"}


def openapi(request: Request) -> Response:
    """Answer ``/openapi.json``."""
    document = describe_api(request.app.state.graph.questions())
    return Response(json.dumps(document, ensure_ascii=False), media_type="application/json")


def describe_api(questions: dict[str, Question]) -> dict[str, Any]:
    """The description.

    Args:
        questions: the saved questions by name.
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LithioKG",
            "version": lithiokg.__version__,
            "description": "A knowledge graph of the lithium-metal interface. Everything only reads.",
        },
        "paths": {
            "/sparql": {"get": _query(), "post": _posted()},
            "/graph-store": {"get": _graph_store()},
            "/.well-known/void": {"get": _void()},
            **{f"/questions/{name}.json": {"get": _question(each)} for name, each in questions.items()},
        },
        "components": {"schemas": {"Problem": _problem_schema()}},
    }


def _parameter(name: str, description: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _dataset() -> list[dict[str, Any]]:
    iris = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return [
        _parameter("default-graph-uri", "Graphs that make up the default graph.", iris, explode=True),
        _parameter("named-graph-uri", "Named graphs.", iris, explode=True),
    ]


def _format(names: Iterable[str] = FORMAT_NAMES) -> dict[str, Any]:
    return _parameter("format", "In place of Accept.", {"type": "string", "enum": list(names)})


def _graph_format() -> dict[str, Any]:
    return _format(name for name, (_, graph) in FORMAT_NAMES.items() if graph is not None)


def _answers() -> dict[str, Any]:
    types = dict.fromkeys([*types_of(TABLE), *types_of(BOOLEAN), *types_of(GRAPH)])
    return {
        "200": {"description": "The whole answer.", "content": {each: {} for each in types}},
        "303": {"description": "To the query page, for browsers."},
        **_problems("400", "403", "406", "413", "415", "421", "502", "503"),
    }


def _problems(*statuses: str) -> dict[str, Any]:
    return {status: {"description": "See the problem.", **_PROBLEM} for status in statuses}


def _query() -> dict[str, Any]:
    return {
        "operationId": "query",
        "summary": "Answer a SPARQL 1.1 query; without one, describe the service.",
        "parameters": [_parameter("query", "The query.", _STRING), *_dataset(), _format()],
        "responses": _answers(),
    }


def _posted() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["query"],
        "properties": {"query": _STRING},
    }
    return {
        "operationId": "postQuery",
        "summary": "Answer a SPARQL 1.1 query.",
        "parameters": [*_dataset(), _format()],
        "requestBody": {
            "required": True,
            "content": {
                "application/sparql-query": {"schema": _STRING},
                "application/x-www-form-urlencoded": {"schema": form},
            },
        },
        "responses": _answers(),
    }


def _graph_store() -> dict[str, Any]:
    return {
        "operationId": "graph",
        "summary": "A graph whole: ?default for the union of all, or ?graph=IRI.",
        "parameters": [
            _parameter("default", "The union of all graphs.", {"type": "string", "enum": [""]}),
            _parameter("graph", "The IRI of a named graph.", {"type": "string", "format": "iri"}),
            _graph_format(),
        ],
        "responses": {
            "200": {"description": "The graph.", "content": {each: {} for each in types_of(GRAPH)}},
            **_problems("400", "404", "406", "421", "503"),
        },
    }


def _void() -> dict[str, Any]:
    return {
        "operationId": "void",
        "summary": "What the data set holds, in VoID.",
        "parameters": [_graph_format()],
        "responses": {
            "200": {"description": "The description.", "content": {each: {} for each in types_of(GRAPH)}},
            **_problems("406", "421"),
        },
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "operationId": question.name,
        "summary": question.question,
        "description": question.description,
        "tags": [question.topic],
        "parameters": [_question_parameter(each) for each in question.params.values()],
        "responses": {
            "200": {
                "description": "The rows.",
                "content": {"application/json": {"schema": {"type": "array"}}},
            },
            "304": {"description": "What the client holds is current."},
            "400": {"description": "In words.", "content": {**_PROBLEM["content"], "text/plain": {}}},
            **_problems("421"),
        },
    }


_SCHEMAS: dict[str, dict[str, Any]] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "iri": {"type": "string", "format": "iri"},
}


def _question_parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_SCHEMAS.get(parameter.type, _STRING))
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    if parameter.takes_several:
        schema = {"type": "array", "items": schema}
    unit = f" (in {parameter.unit})" if parameter.unit else ""
    return _parameter(parameter.name, parameter.label + unit, schema)


def _problem_schema() -> dict[str, Any]:
    numbers = {name: {"type": "integer"} for name in ("status", "line", "column")}
    texts = dict.fromkeys(("type", "title", "detail", "mend", "limit", "unit"), _STRING)
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {**texts, **numbers, "value": {"type": ["number", "null"]}},
    }
