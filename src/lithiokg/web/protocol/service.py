"""What the endpoint says of itself: SPARQL 1.1 Service Description, and VoID."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pyoxigraph as ox
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from lithiokg.metadata import DATASET, DESCRIPTION_GRAPH
from lithiokg.metadata.terms import DESCRIPTION_PREFIXES, about, name, number
from lithiokg.store import EmbeddedStore
from lithiokg.web.problems import ProblemError
from lithiokg.web.protocol.negotiation import GRAPH, Offer, choose, named, types_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.web.settings import Settings

__all__ = ["describe_service", "graph_offer", "service_triples", "void", "void_triples"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
)
_PREFIXES = {**DESCRIPTION_PREFIXES, "sd": _SD, "formats": _FORMATS}
_WRITERS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
_VOID_TRIPLES = ox.NamedNode("http://rdfs.org/ns/void#triples")


def _sd(local: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + local)


def _said(graph: KnowledgeGraph) -> list[ox.Triple]:
    """The description of the data set that stands in the snapshot."""
    return [quad.triple for quad in graph.store.quads(DESCRIPTION_GRAPH)]


def _sizes(said: Iterable[ox.Triple]) -> dict[str, int]:
    return {
        triple.subject.value: int(triple.object.value)
        for triple in said
        if triple.predicate == _VOID_TRIPLES
        and isinstance(triple.subject, ox.NamedNode)
        and isinstance(triple.object, ox.Literal)
    }


def service_triples(graph: KnowledgeGraph, endpoint: str, settings: Settings) -> list[ox.Triple]:
    """The description of the service.

    Args:
        graph: what it serves.
        endpoint: its address.
        settings: whether it calls other hosts.
    """
    service, dataset, default = (
        name(f"{endpoint}#{part}") for part in ("service", "dataset", "default-graph")
    )
    said = _said(graph)
    sizes = _sizes(said)
    triples = [
        *about(service, ("a", _sd("Service"))),
        ox.Triple(service, _sd("endpoint"), name(endpoint)),
        ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        *(ox.Triple(service, _sd("resultFormat"), name(_FORMATS + each)) for each in _WRITTEN),
        ox.Triple(service, _sd("defaultEntailmentRegime"), name("http://www.w3.org/ns/entailment/Simple")),
        ox.Triple(service, _sd("defaultDataset"), dataset),
        *about(dataset, ("a", _sd("Dataset"))),
        ox.Triple(dataset, _sd("defaultGraph"), default),
        *about(default, ("a", _sd("Graph"))),
    ]
    if settings.allow_hosts:
        triples.append(ox.Triple(service, _sd("feature"), _sd("BasicFederatedQuery")))
    if DATASET in sizes:
        # The description is a graph like any other to queries, but no part of what it counts.
        triples += about(default, ("void:triples", number(sizes[DATASET] + len(said))))
        triples += about(dataset, ("rdfs:seeAlso", name(DATASET)))
    for graph_name in _graph_names(graph):
        node = name(f"{endpoint}#{_key(graph_name)}")
        triples += [
            ox.Triple(dataset, _sd("namedGraph"), node),
            *about(node, ("a", _sd("NamedGraph"))),
            ox.Triple(node, _sd("name"), name(graph_name)),
        ]
        size = len(said) if graph_name == DESCRIPTION_GRAPH else sizes.get(graph_name)
        if size is not None:
            contents = name(f"{node.value}-contents")
            triples += [
                ox.Triple(node, _sd("graph"), contents),
                *about(contents, ("a", _sd("Graph")), ("void:triples", number(size))),
            ]
    return triples


def _graph_names(graph: KnowledgeGraph) -> list[str]:
    store = graph.store
    if not isinstance(store, EmbeddedStore):
        return sorted(store.graphs())
    return sorted(each.value for each in store.oxigraph.named_graphs())


def _key(iri: str) -> str:
    kept = "".join(character if character.isalnum() else "-" for character in iri.partition("://")[2])
    return f"graph-{kept}"


def void_triples(graph: KnowledgeGraph, address: str, endpoint: str) -> list[ox.Triple]:
    """The VoID description of what is served, with where it can be queried.

    Args:
        graph: what is served.
        address: of the description.
        endpoint: of the SPARQL endpoint.
    """
    return [
        *about(
            name(address),
            ("a", ox.NamedNode(DESCRIPTION_PREFIXES["void"] + "DatasetDescription")),
            ("foaf:primaryTopic", name(DATASET)),
        ),
        *about(
            name(DATASET),
            ("a", ox.NamedNode(DESCRIPTION_PREFIXES["void"] + "Dataset")),
            ("void:sparqlEndpoint", name(endpoint)),
        ),
        *_said(graph),
    ]


def graph_offer(request: Request, format_: str | None) -> Offer:
    """The media type for a graph that is given whole.

    Raises:
        ProblemError: if none is acceptable.
    """
    if format_ is not None:
        asked = named(format_)
        offer = asked["graph"] if asked else None
    else:
        offer = choose(request.headers.getlist("accept"), GRAPH)
    if offer is None:
        available = list(dict.fromkeys(types_of(GRAPH)))
        raise ProblemError(
            "not-acceptable", f"it can be written as {', '.join(available)}", available=available
        )
    return offer


def _rdf(request: Request, triples: list[ox.Triple], offer: Offer) -> Response:
    body = ox.serialize(triples, format=_WRITERS[offer.format], prefixes=_PREFIXES) or b""
    return Response(body, headers={"Vary": "Accept"}, media_type=offer.content_type)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


async def describe_service(request: Request, format_: str | None) -> Response:
    """Answer a request without a query with the description of the service."""
    return await run_in_threadpool(partial(_describe, request, format_))


def _describe(request: Request, format_: str | None) -> Response:
    offer = graph_offer(request, format_)
    state = request.app.state
    return _rdf(request, service_triples(state.graph, f"{_base(request)}/sparql", state.settings), offer)


def void(request: Request) -> Response:
    """Answer ``/.well-known/void``."""
    offer = graph_offer(request, request.query_params.get("format"))
    base = _base(request)
    triples = void_triples(request.app.state.graph, f"{base}/.well-known/void", f"{base}/sparql")
    return _rdf(request, triples, offer)
