"""SPARQL 1.1 Graph Store HTTP Protocol, the reading half: whole graphs by GET and HEAD."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import PREFIXES
from lithiokg.web.problems import ProblemError
from lithiokg.web.protocol.endpoint import answer_task
from lithiokg.web.protocol.negotiation import accepts_gzip
from lithiokg.web.protocol.reading import check_iri, parameters
from lithiokg.web.protocol.service import graph_offer

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from lithiokg.web.settings import Settings
    from lithiokg.web.workers import Pool

__all__ = ["graph_store"]

_PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())


async def graph_store(request: Request) -> Response:
    """Answer ``?default`` with the union of all graphs, and ``?graph=IRI`` with that one.

    Raises:
        ProblemError: if neither or both is asked for, or there is no such graph.
        LithioKGError: if it cannot be answered.
    """
    asked = parameters(request.scope["query_string"])
    graphs = asked.get("graph", [])
    if len(graphs) + ("default" in asked) != 1:
        raise ProblemError("request", "one graph is asked for: ?default, or ?graph= and its IRI")
    if "default" in asked:
        pattern = "{ ?s ?p ?o }"
    else:
        check_iri(graphs[0])
        _check_exists(request, graphs[0])
        pattern = f"{{ GRAPH <{graphs[0]}> {{ ?s ?p ?o }} }}"
    offer = graph_offer(request, asked.get("format", [None])[0])
    settings: Settings = request.app.state.settings
    pool: Pool = request.app.state.pool
    task = pool.task(
        f"{_PROLOGUE}CONSTRUCT {{ ?s ?p ?o }} WHERE {pattern}",
        {"graph": offer.format},
        gzip=settings.compress and accepts_gzip(request.headers.get("accept-encoding", "")),
    )
    return await answer_task(request, task, {"graph": offer})


def _check_exists(request: Request, iri: str) -> None:
    store = request.app.state.graph.store
    there = (
        store.oxigraph.contains_named_graph(ox.NamedNode(iri))
        if isinstance(store, EmbeddedStore)
        else iri in store.graphs()
    )
    if not there:
        raise ProblemError(
            "not-found", f"there is no graph {iri}", mend="GET /sparql lists the graphs there are"
        )
