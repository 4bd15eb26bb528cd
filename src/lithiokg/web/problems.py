"""Errors as ``application/problem+json`` (RFC 9457): the status, what went wrong, where, and the mend."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse, Response

from lithiokg.errors import LithioKGError, QueryError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

__all__ = ["KINDS", "PROBLEM", "Kind", "ProblemError", "describe", "problem", "problem_of"]

#: The media type of a problem.
PROBLEM = "application/problem+json"
#: Where the kinds of problem are described.
_PATH = "/problems/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem: its status, its title, and what to do about it in general."""

    status: int
    title: str
    words: str


#: The kinds of problem by the last part of their ``type``.
KINDS: dict[str, Kind] = {
    "request": Kind(
        400,
        "The request is not one of the SPARQL Protocol",
        "A query is sent as the parameter 'query' of a GET, in a form, or as the body of a POST with "
        "Content-Type: application/sparql-query.",
    ),
    "query": Kind(400, "The query does not parse", "Line and column count from 1, in the query as sent."),
    "refused": Kind(
        403,
        "The query is refused",
        "SERVICE calls another host; the server must have been told its name (lithiokg serve --allow-host).",
    ),
    "read-only": Kind(
        403,
        "The graph is read-only",
        "It is built from its sources; change those and build it again (lithiokg build).",
    ),
    "not-found": Kind(404, "There is nothing of that name", "The start page leads to everything there is."),
    "method": Kind(405, "This method is not offered here", "The header Allow names those that are."),
    "not-acceptable": Kind(
        406,
        "No acceptable format",
        "The answer cannot be written in any media type that the header Accept or the parameter format "
        "allows; 'available' lists what there is.",
    ),
    "too-large": Kind(413, "The request is too large", "A query is text; data cannot be sent here."),
    "media-type": Kind(
        415,
        "The body is of another media type",
        "Send application/sparql-query or application/x-www-form-urlencoded, in UTF-8.",
    ),
    "host": Kind(
        421,
        "The server does not go by that name",
        "The header Host must name the server; start it with --name HOST where it is called otherwise.",
    ),
    "error": Kind(500, "The server failed", "This is a fault of the server, not of the request."),
    "service": Kind(502, "The host that SERVICE calls failed", "The detail says how."),
    "stopping": Kind(503, "The server is stopping", "It was told to end; start it again."),
    "limit": Kind(
        503,
        "The query met a limit",
        "'limit' names it and 'value' says how far it goes, in 'unit'. Narrow the query, or start a server "
        "of your own with a wider limit (lithiokg serve --help). A part of an answer is never sent.",
    ),
}


class ProblemError(LithioKGError):
    """A request that cannot be answered.

    Args:
        kind: one of :data:`KINDS`.
        detail: what is wrong with this very request.
        mend: what to do about it.
        headers: further headers of the response.
        **members: further members of the problem.
    """

    def __init__(
        self,
        kind: str,
        detail: str,
        *,
        mend: str | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail, mend=mend)
        self.kind = kind
        self.headers = dict(headers or {})
        self.members = members

    @property
    def status(self) -> int:
        """The status of the response."""
        return KINDS[self.kind].status


def problem(
    request: Request,
    kind: str,
    detail: str,
    *,
    mend: str | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    **members: Any,
) -> Response:
    """A response that says what went wrong."""
    content = {
        "type": f"{str(request.base_url).rstrip('/')}{_PATH}{kind}",
        "title": KINDS[kind].title,
        "status": status or KINDS[kind].status,
        "detail": detail,
        **({"mend": mend} if mend else {}),
        **members,
    }
    return Response(
        json.dumps(content, ensure_ascii=False, indent=2) + "\n",
        status_code=content["status"],
        headers={"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})},
        media_type=PROBLEM,
    )


def problem_of(request: Request, error: LithioKGError) -> Response:
    """The response for an error of ours."""
    if isinstance(error, ProblemError):
        return problem(
            request, error.kind, error.message, mend=error.mend, headers=error.headers, **error.members
        )
    members: dict[str, Any] = {}
    if error.place is not None and isinstance(error, QueryError):
        members = {"line": error.place.line, "column": error.place.column}
    kind = "query" if isinstance(error, QueryError) else "error"
    return problem(request, kind, error.message, mend=error.mend, **members)


def describe(request: Request) -> Response:
    """Answer where the ``type`` of a problem leads."""
    name = request.path_params["kind"]
    if name not in KINDS:
        raise ProblemError("not-found", f"there is no kind of problem called {name!r}")
    kind = KINDS[name]
    return PlainTextResponse(f"{kind.title} (status {kind.status})\n\n{kind.words}\n")
