"""One request to an endpoint: SPARQLWrapper speaks the protocol, this module holds the limits.

Redirects are not followed: the host that they lead to is not the one that the user named, and it would be
sent the query and the password. The time limit holds for the whole answer, not only for each piece of it.
"""

from __future__ import annotations

import re
import time
import urllib.request
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPResponse, IncompleteRead
from typing import IO, TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.parse import quote

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

if TYPE_CHECKING:
    from collections.abc import Collection
    from http.client import HTTPMessage

    from lithiokg.store.address import Address

__all__ = ["OversizeError", "Request", "send", "send_graph"]

#: Longer queries travel in the body of a POST: many servers cut addresses at 8 kB, escapes included.
LONGEST_GET = 2000
_PIECE = 1 << 16
#: One parameter of a challenge.
_PARAMETER = re.compile(r'(\w+)=(?:"([^"]*)"|([^\s,"]+))')
#: Bytes that the answer to an upload may have; nobody reads them.
_SHORT = 1 << 20


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


def send_graph(
    address: Address, method: str, graph: str, body: bytes | None, kind: str, *, timeout: float
) -> None:
    """Send one request of the SPARQL 1.1 Graph Store HTTP Protocol.

    A user name and password are sent as HTTP basic authentication or, where the server wants that (Virtuoso
    does), as a digest.

    Args:
        address: of the graph store.
        method: ``PUT``, ``POST`` or ``DELETE``.
        graph: the name of the graph.
        body: the triples.
        kind: the media type of the body.
        timeout: seconds until the answer must be complete.

    Raises:
        urllib.error.HTTPError: for any status but success, redirects included.
        OSError: if the server cannot be reached (``TimeoutError`` if it is too slow).
        http.client.HTTPException: if it does not speak HTTP or breaks off.
    """
    deadline = time.monotonic() + timeout
    mark = "&" if "?" in address.url else "?"
    url = f"{address.url}{mark}graph={quote(graph, safe='')}"
    request = urllib.request.Request(url, body, {"Content-Type": kind} if body else {}, method=method)  # noqa: S310  # an address is http(s)
    if address.user:
        request.add_unredirected_header("Authorization", _authorization(address, request, timeout))
    with _OPENER.open(request, timeout=timeout) as response:
        _read(response, deadline, _SHORT)


def _authorization(address: Address, request: urllib.request.Request, timeout: float) -> str:
    """The header that lets us in.

    Which kind the server wants is asked for beforehand, without the body: a server that refuses hangs up in
    the middle of it, and its words are lost.
    """
    asking = urllib.request.Request(request.full_url, method="HEAD")  # noqa: S310  # an address is http(s)
    try:
        _OPENER.open(asking, timeout=timeout).close()
    except HTTPError as error:
        with error:
            scheme, _, wanted = error.headers.get("WWW-Authenticate", "").partition(" ")
        if scheme.lower() == "digest":
            challenge = {name: quoted or plain for name, quoted, plain in _PARAMETER.findall(wanted)}
            passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, address.url, address.user, address.password)
            with suppress(ValueError):  # a way of making digests that Python does not know
                digest = urllib.request.AbstractDigestAuthHandler(passwords).get_authorization(
                    request, challenge
                )
                if digest:
                    return f"Digest {digest}"
    named = b64encode(f"{address.user}:{address.password}".encode()).decode("ascii")
    return f"Basic {named}"


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
