"""The application: routes, middleware, and what they share."""

from __future__ import annotations

from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from lithiokg.errors import LithioKGError
from lithiokg.web import linked, pages, protocol, rendering
from lithiokg.web.problems import KINDS, problem, problem_of
from lithiokg.web.protocol.machine import prefers_html
from lithiokg.web.security import Security, is_machine, protect
from lithiokg.web.settings import Settings
from lithiokg.web.workers import Pool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from lithiokg.graph import KnowledgeGraph

__all__ = ["create_app"]

_STATIC = Path(__file__).parent / "static"
_KINDS = {404: "not-found", 405: "method"}


def create_app(graph: KnowledgeGraph, settings: Settings | None = None) -> Starlette:
    """The server of a graph as an ASGI application.

    Args:
        graph: what it serves, opened; it stays the caller's to close.
        settings: its limits, and the names it goes by.
    """
    settings = settings or Settings()
    pool = Pool(graph.store, settings)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            pool.close()

    app = Starlette(
        routes=[
            *protocol.routes(),
            *linked.ROUTES,
            *pages.ROUTES,
            Mount("/static", StaticFiles(directory=_STATIC, check_dir=False), name="static"),
        ],
        middleware=[
            Middleware(Security, settings=settings),
            *([Middleware(GZipMiddleware, minimum_size=800)] if settings.compress else []),
        ],
        exception_handlers={HTTPException: _http, LithioKGError: _ours, Exception: _unexpected},
        lifespan=lifespan,
    )
    app.state.graph = graph
    app.state.settings = settings
    app.state.pool = pool
    return app


def _for_people(request: Request) -> bool:
    return not is_machine(request.url.path) and prefers_html(request)


def _http(request: Request, error: Exception) -> Response:
    """What Starlette has to say: no such path, no such method."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    kind = _KINDS.get(status, "error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "request")
    detail = KINDS[kind].words
    if _for_people(request):
        response: Response = rendering.problem(request, status, KINDS[kind].title, detail)
        response.headers.update(headers)
        return response
    return problem(request, kind, detail, status=status, headers=headers)


def _ours(request: Request, error: Exception) -> Response:
    """What went wrong in a page and was not said there."""
    if not isinstance(error, LithioKGError):  # pragma: no cover  # it is only called for these
        raise error
    told = problem_of(request, error)
    if _for_people(request):
        return rendering.problem(
            request, told.status_code, "That cannot be answered", error.message, mend=error.mend
        )
    return told


def _unexpected(request: Request, _error: Exception) -> Response:
    """A fault of ours: the log has the details, the client gets none."""
    response = problem(request, "error", KINDS["error"].words)
    # This answer is not seen by the middleware.
    protect(MutableHeaders(raw=response.raw_headers), request.url.path, cors=False)
    return response
