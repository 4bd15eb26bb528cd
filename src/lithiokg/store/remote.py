"""Any SPARQL 1.1 endpoint behind the same protocol, through SPARQLWrapper."""

from __future__ import annotations

from http.client import HTTPException
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, QueryError, TimeLimitError, UsageError
from lithiokg.store.embedded import check_limits
from lithiokg.store.guard import check_query, has_dataset_clause, syntax_error
from lithiokg.store.protocol import DERIVED_GRAPHS, Answer
from lithiokg.store.table import Table
from lithiokg.store.tokens import query_form

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["RemoteStore"]

#: Longer queries travel in the body of a POST: many servers cut addresses at 8 kB, escapes included.
LONGEST_GET = 2000

_GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g { } }"
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_NOT_AN_ENDPOINT = "check that the address is the query endpoint itself, such as http://host:7878/query"


class RemoteStore:
    """A SPARQL 1.1 endpoint that has been loaded with an export of the snapshot.

    Args:
        url: the address of the query endpoint.
        timeout: seconds to wait for the server where a query names no limit of its own.
        allow_hosts: names of hosts that ``SERVICE`` may call.

    Raises:
        UsageError: if the address is not an http(s) URL.

    The default graph of a query is what the endpoint makes it; LithioKG expects the union of the named
    graphs (``oxigraph serve --union-default-graph``; the default of Virtuoso and GraphDB).
    """

    def __init__(
        self, url: str, *, timeout: float = 60.0, allow_hosts: Collection[str] = frozenset()
    ) -> None:
        if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).netloc:
            raise UsageError(f"{url!r} is not the address of an endpoint", mend=_NOT_AN_ENDPOINT)
        check_limits(timeout, None)
        self.url = url
        self.timeout = timeout
        self.allow_hosts = frozenset(allow_hosts)
        self._stated: list[str] | None = None

    def query(
        self,
        text: str,
        *,
        stated_only: bool = False,
        timeout: float | None = None,
        max_rows: int | None = None,
        name: str = "<query>",
    ) -> Answer:
        """Answer one query; see :meth:`lithiokg.store.Store.query`.

        Raises:
            QueryError: if the query is refused here or by the server.
            TimeLimitError: if the server does not answer in time.
            LithioKGError: if the endpoint cannot be reached or answers with something else.
        """
        check_limits(timeout, max_rows)
        check_query(text, name=name, allow_hosts=self.allow_hosts)
        form = query_form(text)
        if form is None:
            raise QueryError("the text has no SELECT, ASK, CONSTRUCT or DESCRIBE")
        graphs = self._stated_graphs(timeout) if stated_only and not has_dataset_clause(text) else None
        triples = form in {"CONSTRUCT", "DESCRIBE"}
        kind, body = self._fetch(text, graphs, timeout or self.timeout, name, triples=triples)
        try:
            return _triples(kind, body, max_rows) if triples else _results(body, max_rows)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(kind, body, error) from error

    def graphs(self) -> dict[str, int]:
        """The named graphs and their numbers of triples, by name."""
        table = self.query(_COUNTS)
        rows = table.dicts() if isinstance(table, Table) else []
        return dict(sorted((str(row["g"]), int(str(row["n"]))) for row in rows))

    def _stated_graphs(self, timeout: float | None) -> list[str]:
        if self._stated is None:
            table = self.query(_GRAPHS, timeout=timeout)
            names = [str(name) for name in table.column("g")] if isinstance(table, Table) else []
            self._stated = sorted(name for name in names if name not in DERIVED_GRAPHS)
        return self._stated

    def _fetch(
        self, text: str, graphs: list[str] | None, timeout: float, name: str, *, triples: bool
    ) -> tuple[str, bytes]:
        from SPARQLWrapper import SPARQLExceptions  # noqa: PLC0415  # 60 ms that only remote use pays

        wrapper = self._wrapper(text, graphs, timeout, triples=triples)
        try:
            response = wrapper.query().response
            return str(response.headers.get("Content-Type", "")), bytes(response.read())
        except SPARQLExceptions.QueryBadFormed as error:
            raise _refused(text, name, error) from error
        except SPARQLExceptions.SPARQLWrapperException as error:
            words = _first_line(str(error)) or type(error).__name__
            raise LithioKGError(f"{self.url} failed: {words}", mend=_NOT_AN_ENDPOINT) from error
        except HTTPError as error:
            message = f"{self.url} answered with HTTP status {error.code} {error.reason}"
            raise LithioKGError(message, mend=_NOT_AN_ENDPOINT) from error
        except (TimeoutError, URLError, HTTPException, OSError) as error:
            raise self._unreachable(error, timeout) from error

    def _wrapper(
        self, text: str, graphs: list[str] | None, timeout: float, *, triples: bool
    ) -> Any:  # SPARQLWrapper has no types
        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper  # noqa: PLC0415

        wrapper: Any = SPARQLWrapper(self.url, returnFormat=TURTLE if triples else JSON)
        # Not setQuery, which guesses the form with regular expressions and may take a query for an update,
        # and not setTimeout, which cuts 0.5 s to 0, that is, to no limit.
        wrapper.queryString, wrapper.queryType, wrapper.timeout = text, query_form(text), timeout
        # The format belongs into the Accept header alone: some servers refuse unknown form fields.
        wrapper.setOnlyConneg(onlyConneg=True)
        if triples:
            wrapper.addCustomHttpHeader("Accept", "application/n-triples, text/turtle;q=0.9")
        if len(text) > LONGEST_GET or graphs:
            wrapper.setMethod(POST)
        for graph in graphs or ():
            wrapper.addDefaultGraph(graph)
            wrapper.addNamedGraph(graph)
        return wrapper

    def _unreachable(self, error: Exception, timeout: float) -> LithioKGError:
        reason = error.reason if isinstance(error, URLError) else error
        if isinstance(reason, TimeoutError):
            return TimeLimitError(
                f"{self.url} did not answer within {timeout:g} s",
                mend="give it more time (timeout), or narrow the question",
            )
        if isinstance(reason, HTTPException):
            return LithioKGError(
                f"{self.url} broke off its answer ({type(reason).__name__})",
                mend="the server may have met a limit of its own; narrow the question or try again",
            )
        return LithioKGError(
            f"{self.url} cannot be reached: {reason}", mend="check the address and that the server is running"
        )

    def _unreadable(self, kind: str, body: bytes, error: Exception) -> LithioKGError:
        if "html" in kind or body.lstrip()[:1] == b"<":
            return LithioKGError(
                f"{self.url} answered with a page ({kind or 'no type'}), not with results",
                mend=_NOT_AN_ENDPOINT,
            )
        return LithioKGError(
            f"the answer of {self.url} is cut short or garbled ({len(body)} bytes): {_first_line(str(error))}",
            mend="the server may have met a limit of its own; narrow the question or try again",
        )


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def _refused(text: str, name: str, error: Exception) -> QueryError:
    """The place in our own words where our own parser agrees, else the server's words."""
    try:
        ox.Store().query(text)
    except SyntaxError as own:
        return syntax_error(text, str(own), name)
    words = str(error).partition("Response:")[2] or str(error)
    return QueryError(f"the endpoint refuses the query: {_first_line(words)}")


def _results(body: bytes, max_rows: int | None) -> Table | bool:
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    variables = [variable.value for variable in results.variables]
    if max_rows is None:
        return Table(variables, results)
    rows = list(islice(results, max_rows))
    # Read to the end all the same: only a complete answer is an answer.
    return Table(variables, rows, truncated=sum(1 for _ in results) > 0)


def _triples(kind: str, body: bytes, max_rows: int | None) -> list[ox.Triple]:
    media = kind.partition(";")[0].strip() or "text/turtle"
    format_ = ox.RdfFormat.from_media_type(media)
    if format_ is None:
        raise ValueError(f"{media} is not an RDF format")
    triples = [quad.triple for quad in ox.parse(body, format=format_)]
    return triples if max_rows is None else triples[:max_rows]
