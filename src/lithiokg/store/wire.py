"""One request to an endpoint: SPARQLWrapper speaks the protocol, this module holds the limits.

Redirects are not followed: the host that they lead to is not the one that the user named, and it would be
sent the query and the password. The time limit holds for the whole answer, not only for each piece of it.
"""

from __future__ import annotations

import time
import urllib.request
from dataclasses import dataclass
from http.client import HTTPResponse, IncompleteRead
from typing import IO, TYPE_CHECKING, Any

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

if TYPE_CHECKING:
    from collections.abc import Collection
    from http.client import HTTPMessage

    from lithiokg.store.address import Address

__all__ = ["OversizeError", "Request", "send"]

#: Longer queries travel in the body of a POST: many servers cut addresses at 8 kB, escapes included.
LONGEST_GET = 2000
_PIECE = 1 << 16


class OversizeError(Exception):
    """An answer is longer than the caller takes."""


@dataclass(frozen=True, slots=True)
class Request:
    """A query and the dataset that it sees.

    Attributes:
        text: the query.
        form: its form, such as ``"SELECT"``.
        default_graphs: the graphs that make up its default graph; none to leave that to the endpoint.
        named_graphs: the graphs that ``GRAPH`` sees, where the default graph is given.
    """

    text: str
    form: str
    default_graphs: Collection[str] = ()
    named_graphs: Collection[str] = ()

    @property
    def wants_triples(self) -> bool:
        """Whether the answer is a graph."""
        return self.form in {"CONSTRUCT", "DESCRIBE"}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917  # urllib's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        """Follow nothing; the status of the redirect is raised as an HTTPError."""


_OPENER = urllib.request.build_opener(_NoRedirect)


class _Wrapper(SPARQLWrapper):
    def _query(self) -> tuple[Any, str]:
        return _OPENER.open(self._createRequest(), timeout=self.timeout), self.returnFormat


def send(address: Address, request: Request, *, timeout: float, max_bytes: int) -> tuple[str, bytes]:
    """Send a query and read the whole answer.

    Args:
        address: the endpoint.
        request: the query.
        timeout: seconds until the answer must be complete.
        max_bytes: bytes that it may have.

    Returns:
        The media type of the answer as the server gives it, and its bytes.

    Raises:
        urllib.error.HTTPError: for any status but success, redirects included.
        OSError: if the endpoint cannot be reached (``TimeoutError`` if it is too slow).
        http.client.HTTPException: if it does not speak HTTP or breaks off.
        OversizeError: if the answer has more than ``max_bytes``.
    """
    deadline = time.monotonic() + timeout
    with _wrapper(address, request, timeout).query().response as response:
        return str(response.headers.get("Content-Type", "")), _read(response, deadline, max_bytes)


def _wrapper(address: Address, request: Request, timeout: float) -> Any:
    wrapper: Any = _Wrapper(address.url, returnFormat=TURTLE if request.wants_triples else JSON)
    # Not setQuery, which guesses the form with regular expressions and may take a query for an update,
    # and not setTimeout, which cuts 0.5 s to 0, that is, to no limit.
    wrapper.queryString, wrapper.queryType, wrapper.timeout = request.text, request.form, timeout
    # The format belongs into the Accept header alone: some servers refuse unknown form fields.
    wrapper.setOnlyConneg(onlyConneg=True)
    if request.wants_triples:
        wrapper.addCustomHttpHeader("Accept", "application/n-triples, text/turtle;q=0.9")
    # Behind a "?" of the address's own, SPARQLWrapper would put another one.
    if len(request.text) > LONGEST_GET or request.default_graphs or "?" in address.url:
        wrapper.setMethod(POST)
    for graph in request.default_graphs:
        wrapper.addDefaultGraph(graph)
    for graph in request.named_graphs:
        wrapper.addNamedGraph(graph)
    if address.user:
        wrapper.setCredentials(address.user, address.password)
    return wrapper


def _read(response: HTTPResponse, deadline: float, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := response.read1(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > max_bytes:
            raise OversizeError
        if time.monotonic() > deadline:
            raise TimeoutError
    if response.length:  # read1 does not mind that the server said there was more
        raise IncompleteRead(b"".join(pieces), response.length)
    return b"".join(pieces)
