"""The graphs of a server, written one at a time: SPARQL 1.1 Graph Store HTTP Protocol."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

from lithiokg.store.address import read_address
from lithiokg.store.failures import refused, server_words, unreachable

if TYPE_CHECKING:
    from lithiokg.errors import LithioKGError

__all__ = ["GraphStore"]

#: N-Triples are Turtle too, which is what older servers know them as.
_KINDS = ("application/n-triples", "text/turtle")
_UNKNOWN_KIND, _TOO_LARGE, _NOT_THERE = 415, 413, 404
_NOT_A_GRAPH_STORE = (
    "check that this is the address of the Graph Store Protocol, which is another one than that for queries, "
    "and that the server may be written to"
)
_TOO_MUCH = (
    "it may be full, or have met a limit of its own: look into its log, or send smaller pieces (--piece)"
)


class GraphStore:
    """A server's graphs, to be replaced, added to or removed by name.

    Args:
        url: the address of its Graph Store Protocol, to which ``?graph=IRI`` is added; a user name and
            password in it are sent as HTTP basic or digest authentication and never shown.
        timeout: seconds for each request.

    Raises:
        UsageError: if the address is not an http(s) URL.
    """

    def __init__(self, url: str, *, timeout: float = 600.0) -> None:
        self._address = read_address(url)
        self.timeout = timeout
        self._kind = 0

    @property
    def url(self) -> str:
        """The address without what may be secret in it."""
        return self._address.shown

    def __repr__(self) -> str:
        return f"<GraphStore {self.url}>"

    def put(self, graph: str, triples: bytes) -> None:
        """Replace a graph, or make it.

        Args:
            graph: its name, an IRI.
            triples: N-Triples.

        Raises:
            LithioKGError: if the server refuses, redirects or cannot be reached.
            TimeLimitError: if it does not answer in time.
        """
        self._send("PUT", graph, triples)

    def post(self, graph: str, triples: bytes) -> None:
        """Add to a graph; see :meth:`put`."""
        self._send("POST", graph, triples)

    def delete(self, graph: str) -> None:
        """Remove a graph if it is there; see :meth:`put`."""
        self._send("DELETE", graph, None)

    def _send(self, method: str, graph: str, triples: bytes | None) -> None:
        from lithiokg.store.wire import send_graph  # noqa: PLC0415  # 60 ms that only remote use pays

        try:
            send_graph(self._address, method, graph, triples, kind=_KINDS[self._kind], timeout=self.timeout)
        except HTTPError as error:
            with error:
                if error.code == _UNKNOWN_KIND and self._kind + 1 < len(_KINDS):
                    self._kind += 1
                elif error.code == _NOT_THERE and method == "DELETE":
                    return
                else:
                    raise self._refused(error, triples) from None
            self._send(method, graph, triples)
        except (URLError, HTTPException, OSError) as error:
            raise unreachable(
                self._address, error, self.timeout, slow="or send it smaller pieces (--piece)"
            ) from error

    def _refused(self, error: HTTPError, triples: bytes | None) -> LithioKGError:
        mend = _NOT_A_GRAPH_STORE
        if error.code == _TOO_LARGE:
            mend = f"send smaller pieces than {len(triples or b'') / 2**20:.1f} MB: --piece"
        return refused(self._address, error, words=server_words(error), mend=mend, own_fault=_TOO_MUCH)
