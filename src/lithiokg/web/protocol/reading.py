"""What a request asks for, by the letter of the SPARQL 1.1 Protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pyoxigraph as ox

from lithiokg.web.problems import ProblemError
from lithiokg.web.protocol.negotiation import named

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["QUERY", "Operation", "check_iri", "parameters", "read_body", "read_operation"]

#: The media type of a query by itself.
QUERY = "application/sparql-query"
_FORM = "application/x-www-form-urlencoded"
_UPDATE = "application/sparql-update"
_MOST_PARAMETERS = 1000


@dataclass(frozen=True, slots=True)
class Operation:
    """A query and its dataset, or, without a query, the wish to be told about the service.

    Attributes:
        query: the text.
        dataset: default graphs and named graphs; ``None`` where the query itself says.
        format: what ``?format=`` says.
    """

    query: str | None
    dataset: tuple[list[str], list[str]] | None = None
    format: str | None = None


def parameters(text: bytes) -> dict[str, list[str]]:
    """The parameters of an address or a form.

    Raises:
        ProblemError: if they are not UTF-8, or far too many.
    """
    found: dict[str, list[str]] = {}
    try:
        pairs = parse_qsl(
            text.decode("utf-8"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_PARAMETERS,
        )
    except UnicodeError as error:
        raise ProblemError("request", "the parameters are not percent-encoded UTF-8") from error
    except ValueError as error:
        raise ProblemError("request", f"there are more than {_MOST_PARAMETERS} parameters") from error
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


async def read_body(request: Request, limit: int) -> bytes:
    """The body of a request.

    Raises:
        ProblemError: if it is larger than the limit.
    """
    size = 0
    parts = []
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise ProblemError(
                "too-large", f"the body has more than {limit:,} bytes, the limit", limit="request", value=limit,
                unit="bytes", headers={"Connection": "close"},
            )  # fmt: skip
        parts.append(part)
    return b"".join(parts)


async def read_operation(request: Request, limit: int) -> Operation:
    """What a GET or POST asks for.

    Args:
        request: the request.
        limit: bytes that its body may have.

    Raises:
        ProblemError: if it is none of the operations of the protocol, or an update.
    """
    asked = parameters(request.scope["query_string"])
    queries = asked.get("query", [])
    if request.method == "POST":
        body_queries, more = await _read_post(request, limit)
        if queries:
            raise ProblemError("request", "a POST holds its query in the body, not in the address")
        queries = body_queries
        for name, values in more.items():
            asked.setdefault(name, []).extend(values)
        if not queries:
            raise ProblemError("request", "the form has no field 'query'")
    if "update" in asked:
        raise _read_only()
    if len(queries) > 1:
        raise ProblemError("request", f"there are {len(queries)} queries where one is expected")
    return Operation(queries[0] if queries else None, _dataset(asked), _format(asked))


async def _read_post(request: Request, limit: int) -> tuple[list[str], dict[str, list[str]]]:
    """The queries in the body, and the other fields of a form."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    kind = kind.strip().lower()
    if kind == _UPDATE:
        raise _read_only()
    if kind not in {_FORM, QUERY}:
        raise _media_type(f"the body is {kind or 'of no stated type'}")
    charset = _charset(rest)
    if charset not in {"utf-8", "utf8", "us-ascii"}:
        raise _media_type(f"the body is encoded as {charset}, where UTF-8 is expected")
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding != "identity":
        raise _media_type(f"the body is compressed with {coding}")
    body = await read_body(request, limit)
    if kind == _FORM:
        form = parameters(body.strip())
        return form.pop("query", []), form
    try:
        return [body.decode("utf-8-sig")], {}
    except UnicodeDecodeError as error:
        raise ProblemError(
            "request", f"the query is not UTF-8: {error.reason} at byte {error.start}"
        ) from error


def _charset(parameters_: str) -> str:
    for parameter in parameters_.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def _media_type(detail: str) -> ProblemError:
    return ProblemError("media-type", detail, headers={"Accept-Post": f"{QUERY}, {_FORM}"})


def _read_only() -> ProblemError:
    return ProblemError(
        "read-only",
        "updates are not offered",
        mend="change the source files under data/ and build again",
    )


def _dataset(asked: dict[str, list[str]]) -> tuple[list[str], list[str]] | None:
    default, others = asked.get("default-graph-uri", []), asked.get("named-graph-uri", [])
    for iri in [*default, *others]:
        check_iri(iri)
    # What is not named is empty, and not everything.
    return (default, others) if default or others else None


def check_iri(iri: str) -> None:
    """Refuse what is no absolute IRI.

    Raises:
        ProblemError: if it is none.
    """
    try:
        ox.NamedNode(iri)
    except ValueError as error:
        raise ProblemError("request", f"{iri[:200]!r} is not an absolute IRI") from error


def _format(asked: dict[str, list[str]]) -> str | None:
    """What ``?format=`` asks for; SPARQLWrapper says the same in two ways, of which we know one."""
    formats = asked.get("format", [])
    return next((each for each in formats if named(each)), formats[0] if formats else None)
