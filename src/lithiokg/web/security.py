"""Who may call the server, and what browsers may do with its answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from lithiokg.web.problems import problem
from lithiokg.web.protocol.negotiation import accepts_gzip

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from lithiokg.web.settings import Settings

__all__ = ["CONTENT_SECURITY_POLICY", "Security", "is_machine", "protect"]

#: Pages run our own files and nothing else.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
#: Data run nothing at all, should a browser show them.
_DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Paths whose answers are for programs, and may be read by pages of any origin: nothing in them is secret.
_MACHINE = re.compile(
    r"/(?:sparql|graph-store|data|lithiokg|problems|download)(?:/.*)?|/\.well-known/void|/openapi\.json"
    r"|/questions/[^/]+\.(?:csv|tsv|json|md)"
)
_ASKED_HEADERS = "Accept, Accept-Language, Content-Type, If-None-Match, X-Requested-With"
_SHOWN_HEADERS = "Allow, ETag, Link, Location, Retry-After"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"(?:\[(?P<six>[0-9a-fA-F:.]+)\]|(?P<name>[^\s:/@\[\]]+))(?::\d{0,5})?")


def is_machine(path: str) -> bool:
    """Whether what stands at a path is for programs."""
    return _MACHINE.fullmatch(path) is not None


def protect(headers: MutableHeaders, path: str, *, cors: bool) -> None:
    """Add what every response says to browsers; what is there stays."""
    for name, value in _EVERYWHERE.items():
        headers.setdefault(name, value)
    if "vary" in headers:  # each layer adds its own
        headers["Vary"] = ", ".join(dict.fromkeys(part.strip() for part in headers["vary"].split(",")))
    html = headers.get("content-type", "").startswith("text/html")
    machine = is_machine(path)
    headers.setdefault(
        "Content-Security-Policy", _DATA_POLICY if machine and not html else CONTENT_SECURITY_POLICY
    )
    if machine and cors:
        headers["Access-Control-Allow-Origin"] = "*"
        headers.setdefault("Access-Control-Expose-Headers", _SHOWN_HEADERS)
        headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    else:
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")


class Security:
    """Middleware: the ``Host`` of requests is checked, and responses say what browsers may do with them.

    The check is what keeps a page of somebody else, whose name is made to lead to this computer (DNS
    rebinding), from being of the same origin as ours.

    Args:
        app: the application.
        settings: the names that the server goes by.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._cors = settings.cors
        self._names = {name.lower().strip("[]") for name in settings.names} | _LOOPBACK
        if settings.host not in {"", "0.0.0.0", "::"}:  # noqa: S104  # compared, not bound
            self._names.add(settings.host.lower())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                protect(MutableHeaders(scope=message), path, cors=self._cors)
            await send(message)

        headers = Headers(scope=scope)
        if not self._knows(headers.getlist("host")):
            await self._refuse(scope)(scope, receive, protected)
        elif self._cors and scope["method"] == "OPTIONS" and _is_preflight(headers) and is_machine(path):
            await _preflight()(scope, receive, protected)
        else:
            _forget_unwelcome_gzip(scope, headers)
            await self._app(scope, receive, protected)

    def _knows(self, hosts: list[str]) -> bool:
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        return (match["six"] or match["name"]).lower().rstrip(".") in self._names

    def _refuse(self, scope: Scope) -> Response:
        # Whatever it says of itself is not to be echoed, and no address can be made of it.
        plain = {**scope, "headers": [(b"host", b"localhost")]}
        return problem(
            Request(plain),
            "host",
            "the header Host of the request names another server",
            mend="call the server by localhost or 127.0.0.1, or start it with --name HOST",
        )


def _is_preflight(headers: Headers) -> bool:
    return "origin" in headers and "access-control-request-method" in headers


def _preflight() -> Response:
    return Response(
        status_code=204,
        headers={
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers": _ASKED_HEADERS,
            "Access-Control-Max-Age": "86400",
            "Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
        },
    )


def _forget_unwelcome_gzip(scope: Scope, headers: Headers) -> None:
    """Starlette's compression looks for the word gzip alone, even where it says ``gzip;q=0``."""
    welcome = accepts_gzip(headers.get("accept-encoding", ""))
    rest = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
    scope["headers"] = [*rest, (b"accept-encoding", b"gzip")] if welcome else rest
