"""What all endpoints for programs have in common: methods, OPTIONS, errors as problems."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lithiokg.errors import LithioKGError
from lithiokg.web.problems import PROBLEM, ProblemError, problem_of
from lithiokg.web.protocol.negotiation import GRAPH, TABLE, Offer, choose

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.types import Receive, Scope, Send

__all__ = ["HTML", "Machine", "prefers_html"]

#: What browsers ask for.
HTML = (Offer("text/html", "html"), Offer("application/xhtml+xml", "html"))
_NOT_HTML = (*TABLE, *GRAPH, Offer(PROBLEM, "problem"))


class Machine:
    """An endpoint for programs.

    Args:
        handler: answers; a plain function runs in a thread.
        methods: that it answers, beside OPTIONS.
        options: further headers of what it says to OPTIONS.
    """

    def __init__(
        self,
        handler: Callable[[Request], Response] | Callable[[Request], Awaitable[Response]],
        methods: tuple[str, ...] = ("GET", "HEAD"),
        options: Mapping[str, str] | None = None,
    ) -> None:
        self._handler = handler
        self._methods = methods
        self._options = {"Allow": ", ".join((*methods, "OPTIONS")), **(options or {})}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except LithioKGError as error:
            response = problem_of(request, error)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=self._options)
        if request.method not in self._methods:
            offered = self._options["Allow"]
            raise ProblemError(
                "method",
                f"{request.method} is not offered here, but {offered}",
                headers={"Allow": offered},
            )
        if inspect.iscoroutinefunction(self._handler):
            answer: Response = await self._handler(request)
            return answer
        return await run_in_threadpool(self._handler, request)  # type: ignore[arg-type]


def prefers_html(request: Request) -> bool:
    """Whether a browser asks, that is, somebody who rates HTML higher than all else."""
    chosen = choose(request.headers.getlist("accept"), (*_NOT_HTML, *HTML))
    return chosen is not None and chosen.format == "html"
