"""The SPARQL endpoint: queries by GET and POST, and what the service is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from lithiokg.web.problems import ProblemError
from lithiokg.web.protocol.machine import prefers_html
from lithiokg.web.protocol.negotiation import (
    BOOLEAN,
    FORMAT_NAMES,
    GRAPH,
    TABLE,
    accepts_gzip,
    choose,
    named,
    types_of,
)
from lithiokg.web.protocol.reading import QUERY, read_operation
from lithiokg.web.protocol.sending import ReplyResponse
from lithiokg.web.protocol.service import describe_service

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from lithiokg.store.resident import Task
    from lithiokg.web.protocol.negotiation import Offer
    from lithiokg.web.reply import Reply
    from lithiokg.web.settings import Settings
    from lithiokg.web.workers import Pool

__all__ = ["ACCEPTED", "answer_task", "sparql", "while_connected"]

#: What may be posted.
ACCEPTED = f"{QUERY}, application/x-www-form-urlencoded"
_OFFERS = {"table": TABLE, "boolean": BOOLEAN, "graph": GRAPH}
_WORDS = {
    "table": "the rows of a SELECT query",
    "boolean": "the answer to an ASK query",
    "graph": "the triples of a CONSTRUCT or DESCRIBE query",
}
_VARY = "Accept, Accept-Encoding"
#: Between two looks at whether the worker is done, where a client has gone unnoticed.
_DISCONNECT = "http.disconnect"


async def sparql(request: Request) -> Response:
    """Answer a request of the SPARQL Protocol."""
    settings: Settings = request.app.state.settings
    operation = await read_operation(request, settings.max_request)
    if operation.format is None and request.method != "POST" and prefers_html(request):
        asked = request.url.query
        return RedirectResponse("/query" + (f"?{asked}" if asked else ""), 303, {"Vary": "Accept"})
    if operation.query is None:
        return await describe_service(request, operation.format)
    offers = _offers(request, operation.format)
    pool: Pool = request.app.state.pool
    task = pool.task(
        operation.query,
        {form: offer.format if offer else None for form, offer in offers.items()},
        base=f"{str(request.base_url).rstrip('/')}/sparql",
        dataset=operation.dataset,
        gzip=settings.compress and accepts_gzip(request.headers.get("accept-encoding", "")),
    )
    return await answer_task(request, task, offers)


async def answer_task(request: Request, task: Task, offers: Mapping[str, Offer | None]) -> Response:
    """Let a worker answer, and send what it gives.

    Args:
        request: that asks.
        task: the query.
        offers: the media type for each kind of answer.

    Raises:
        LithioKGError: if there is no answer.
    """
    try:
        reply = await while_connected(request, task)
    except ProblemError as problem:
        if problem.kind == "not-acceptable" and "form" in problem.members:
            form = problem.members["form"]
            raise _not_acceptable(f"{_WORDS[form]} can be written as", _OFFERS[form]) from None
        raise
    if reply is None:
        return Response(status_code=499)  # nobody reads it
    offer = offers[reply.report["form"]]
    if offer is None:  # pragma: no cover  # the worker has refused it
        reply.close()
        raise ProblemError("error", "an answer came in a format that was not asked for")
    settings: Settings = request.app.state.settings
    headers = {"Vary": _VARY, "Link": '</.well-known/void>; rel="describedby"'}
    return ReplyResponse(reply, offer.content_type, headers, seconds=settings.send_timeout)


async def while_connected(request: Request, task: Task) -> Reply | None:
    """The reply, or ``None`` if the client has gone; then the query is stopped."""
    pool: Pool = request.app.state.pool
    client = request.client.host if request.client else ""
    answer = asyncio.ensure_future(pool.answer(task, client))
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
        return await answer if answer.done() else None
    finally:
        gone.cancel()
        if not answer.done():
            answer.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != _DISCONNECT:
        pass


def _offers(request: Request, format_: str | None) -> Mapping[str, Offer | None]:
    """The media type for each kind of answer, by ``?format=`` or else by ``Accept``.

    Raises:
        ProblemError: if there is none for any.
    """
    if format_ is not None:
        asked = named(format_)
        if asked is None:
            raise ProblemError(
                "not-acceptable",
                f"there is no format {format_[:100]!r}",
                mend=f"choose one of {', '.join(FORMAT_NAMES)}, or a media type",
                available=list(FORMAT_NAMES),
            )
        return asked
    accept = request.headers.getlist("accept")
    found = {form: choose(accept, offers) for form, offers in _OFFERS.items()}
    if not any(found.values()):
        raise _not_acceptable("an answer can be written as", (*TABLE, *GRAPH))
    return found


def _not_acceptable(words: str, offers: tuple[Offer, ...]) -> ProblemError:
    available = list(dict.fromkeys(types_of(offers)))
    return ProblemError("not-acceptable", f"{words} {', '.join(available)}", available=available)
