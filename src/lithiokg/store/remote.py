"""Any SPARQL 1.1 endpoint behind the same protocol, through SPARQLWrapper."""

from __future__ import annotations

import re
from http.client import HTTPException
from itertools import islice
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, QueryError
from lithiokg.store.address import read_address
from lithiokg.store.embedded import check_limits
from lithiokg.store.entities import harmful_entities
from lithiokg.store.failures import LIMITED, refused, server_words, unreachable
from lithiokg.store.guard import check_query, has_dataset_clause, syntax_error
from lithiokg.store.protocol import DERIVED_GRAPHS, Answer
from lithiokg.store.services import host_names, plain_line, without_services
from lithiokg.store.table import Table
from lithiokg.store.tokens import query_form, tokenize
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lithiokg.store.wire import Request

__all__ = ["RemoteStore"]

#: Bytes that an answer may have (1 GiB).
MAX_BYTES = 2**30

#: Cheap where it is understood; Virtuoso names no graph, and never ends with DISTINCT over all triples.
_GRAPHS = (
    "SELECT DISTINCT ?g { GRAPH ?g { } }",
    "SELECT ?g { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
)
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
_NOT_AN_ENDPOINT = "check that the address is the query endpoint itself, such as http://host:7878/query"
_LOAD = (
    "load it with 'lithiokg upload', or by its own loader from what "
    "'lithiokg export graph --everything -f nquads' writes"
)
#: Virtuoso's names of blank nodes, which are none by the grammar.
_ODD_BLANK = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


class RemoteStore:
    """A SPARQL 1.1 endpoint that has been loaded with an export of the snapshot.

    Args:
        url: the address of the query endpoint; a user name and password in it are sent as HTTP basic
            authentication and never shown.
        timeout: seconds to wait for the server where a query names no limit of its own.
        allow_hosts: hosts that the endpoint may be asked to call with ``SERVICE``.
        holds: the IRI of something that the endpoint must hold, which is looked up before the first query.
        max_bytes: bytes that an answer may have.

    Raises:
        UsageError: if the address is not an http(s) URL, or an allowed host not the name of one.

    A query without ``FROM`` sees the union of the named graphs. Where that is not the endpoint's own default
    graph, each query names the graphs (found out only if ``holds`` is given).
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = 60.0,
        allow_hosts: Collection[str] = frozenset(),
        holds: str | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> None:
        check_limits(timeout, None)
        self._address = read_address(url)
        self.timeout = timeout
        self.allow_hosts = frozenset(map(str, host_names(allow_hosts)))
        self.max_bytes = max_bytes
        self._holds = holds
        self._union: list[str] | None = None
        self._named: list[str] | None = None

    @property
    def url(self) -> str:
        """The address without what may be secret in it."""
        return self._address.shown

    def __repr__(self) -> str:
        return f"<RemoteStore {self.url}>"

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
            LithioKGError: if the endpoint cannot be reached, does not hold what it must, or answers with
                something else.
        """
        check_limits(timeout, max_rows)
        check_query(text, name=name, allow_hosts=self.allow_hosts)
        if query_form(text) is None:
            raise QueryError("the text has no SELECT, ASK, CONSTRUCT or DESCRIBE")
        seconds = timeout or self.timeout
        if self._holds is not None:
            self._look_up(self._holds, seconds)
            self._holds = None
        graphs = None
        if not has_dataset_clause(text):
            graphs = self._stated_graphs(seconds) if stated_only else self._union
        return self._ask(text, graphs, seconds, max_rows, name)

    def graphs(self) -> dict[str, int]:
        """The named graphs and their numbers of triples, by name."""
        return self._counted("g", self._ask(_COUNTS, None, self.timeout))

    def _counted(self, name: str, table: Answer) -> dict[str, int]:
        rows = table.dicts() if isinstance(table, Table) else []
        try:
            return dict(sorted((str(row[name] or row["nothing"]), int(str(row["n"]))) for row in rows))
        except (KeyError, ValueError) as error:
            raise LithioKGError(
                f"{self.url} was asked to count, and answers with something else", mend=_NOT_AN_ENDPOINT
            ) from error

    def predicates(self, graph: str) -> dict[str, int]:
        """The predicates of a named graph and their numbers of triples."""
        text = f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p"
        return self._counted("p", self._ask(text, None, self.timeout))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """The quads of one named graph, or of all of LithioKG, copied graph by graph.

        Raises:
            LithioKGError: if the endpoint cuts an answer short, as many do.
        """
        for name, count in self.graphs().items():
            if name == graph or (graph is None and name.startswith(GRAPH)):
                yield from self.copied(name, count)

    def copied(self, graph: str, count: int, predicates: Collection[str] = ()) -> list[ox.Quad]:
        """A named graph in one request, or what it says with some predicates.

        Args:
            graph: its name.
            count: the triples that must come.
            predicates: only triples with these; with any if empty.

        Raises:
            LithioKGError: if not so many come: many endpoints cut an answer short.
        """
        chosen = f"VALUES ?p {{ {' '.join(f'<{iri}>' for iri in predicates)} }} " if predicates else ""
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {chosen}GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        triples = self._ask(text, None, self.timeout)
        if not isinstance(triples, list) or len(triples) != count:
            got = len(triples) if isinstance(triples, list) else 0
            raise LithioKGError(
                f"{self.url} gives {got:,} of the {count:,} statements of <{graph}>",
                mend="raise the server's own limit on the size of an answer",
            )
        where = ox.NamedNode(graph)
        return [ox.Quad(t.subject, t.predicate, t.object, where) for t in triples]

    def _look_up(self, iri: str, timeout: float) -> None:
        """Find out whether the endpoint holds a thing, and whether its default graph does."""
        if self._ask(f"ASK {{ <{iri}> ?p ?o }}", None, timeout) is True:
            return
        if self._ask(f"ASK {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}", None, timeout) is not True:
            raise LithioKGError(f"{self.url} answers, but does not hold <{iri}>", mend=_LOAD)
        self._union = self._named_graphs(timeout)

    def _named_graphs(self, timeout: float) -> list[str]:
        """The graphs of LithioKG; servers may have others of their own."""
        for text in _GRAPHS:
            if self._named:
                break
            table = self._ask(text, None, timeout)
            names = [str(name) for name in table.column("g")] if isinstance(table, Table) else []
            self._named = sorted(name for name in names if name.startswith(GRAPH))
        return self._named or []

    def _stated_graphs(self, timeout: float) -> list[str]:
        names = [name for name in self._named_graphs(timeout) if name not in DERIVED_GRAPHS]
        if not names:
            raise LithioKGError(
                f"{self.url} has no named graphs, so what was stated cannot be told from what was inferred",
                mend="load the N-Quads, which keep the graphs apart",
            )
        return names

    def _ask(
        self,
        text: str,
        graphs: list[str] | None,
        timeout: float,
        max_rows: int | None = None,
        name: str = "<query>",
    ) -> Answer:
        from lithiokg.store.wire import Request  # noqa: PLC0415  # 60 ms that only remote use pays

        # Some engines lose rows where named graphs are given to a query that names none.
        names_graphs = any(token.kind == "word" and token.text.upper() == "GRAPH" for token in tokenize(text))
        request = Request(
            text,
            query_form(text) or "SELECT",
            default_graphs=graphs or (),
            named_graphs=graphs if graphs and names_graphs else (),
        )
        kind, body = self._fetch(request, timeout, name)
        try:
            if request.wants_triples:
                return _triples(kind, body, max_rows)
            return _truth(_results(body, None)) if request.form == "ASK" else _results(body, max_rows)
        except (SyntaxError, ValueError) as error:
            raise self._unreadable(kind, body, error) from error

    def _fetch(self, request: Request, timeout: float, name: str) -> tuple[str, bytes]:
        from lithiokg.store.wire import OversizeError, send  # noqa: PLC0415

        try:
            return send(self._address, request, timeout=timeout, max_bytes=self.max_bytes)
        except HTTPError as error:
            with error:
                raise self._answered(error, request.text, name) from None
        except OversizeError:
            raise LithioKGError(
                f"the answer of {self.url} is larger than {self.max_bytes / 2**20:,.0f} MiB",
                mend="ask for less, such as with a LIMIT",
            ) from None
        except (URLError, HTTPException, OSError) as error:
            raise unreachable(self._address, error, timeout) from error

    def _answered(self, error: HTTPError, text: str, name: str) -> LithioKGError:
        """What a status other than success means."""
        words = server_words(error)
        if error.code == 400:  # noqa: PLR2004  # the protocol's word for a query that does not parse
            return _refused(text, name, words)
        return refused(self._address, error, words=words, mend=_NOT_AN_ENDPOINT)

    def _unreadable(self, kind: str, body: bytes, error: Exception) -> LithioKGError:
        if "html" in kind or body.lstrip()[:1] == b"<":
            return LithioKGError(
                f"{self.url} answered with a page ({plain_line(kind) or 'no type'}), not with results",
                mend=_NOT_AN_ENDPOINT,
            )
        return LithioKGError(
            f"the answer of {self.url} is cut short or garbled ({len(body)} bytes): {plain_line(str(error))}",
            mend=LIMITED,
        )


def _refused(text: str, name: str, words: str) -> QueryError:
    """The place in our own words where our own parser agrees, else the server's words."""
    try:
        ox.Store().query(without_services(text))
    except SyntaxError as own:
        return syntax_error(text, str(own), name)
    return QueryError(f"the endpoint refuses the query: {words}")


def _results(body: bytes, max_rows: int | None) -> Table | bool:
    if b"nodeID://" in body:
        body = _ODD_BLANK.sub(rb"\1", body)
    results = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    variables = [variable.value for variable in results.variables]
    if max_rows is None:
        return Table(variables, results)
    rows = list(islice(results, max_rows))
    # Read to the end all the same: only a complete answer is an answer.
    return Table(variables, rows, truncated=sum(1 for _ in results) > 0)


def _truth(answer: Table | bool) -> bool:
    if isinstance(answer, bool):
        return answer
    # Virtuoso answers ASK with a table of one number.
    values = [value for row in answer.dicts() for value in row.values()]
    if values not in ([0], [1]):
        raise ValueError("ASK is not answered with a truth value")
    return values == [1]


def _triples(kind: str, body: bytes, max_rows: int | None) -> list[ox.Triple]:
    media = kind.partition(";")[0].strip() or "text/turtle"
    format_ = ox.RdfFormat.from_media_type(media)
    if format_ is None:
        raise ValueError(f"{media} is not an RDF format")
    if format_ == ox.RdfFormat.RDF_XML and harmful_entities(body):
        raise ValueError("it declares entities that may be made to fill the memory")
    triples = [quad.triple for quad in ox.parse(body, format=format_)]
    return triples if max_rows is None else triples[:max_rows]
