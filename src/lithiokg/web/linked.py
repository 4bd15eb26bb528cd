"""Linked data: every IRI of ours answers here, to people with a page and to machines with RDF.

After "Cool URIs for the Semantic Web" (W3C Interest Group Note of 3 December 2008): an IRI names the thing,
and ``303 See Other`` leads to what is known of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from lithiokg.export import serialize
from lithiokg.vocabulary import ID, LKG
from lithiokg.web import links
from lithiokg.web.bounded import describe_node, is_graph
from lithiokg.web.protocol.negotiation import Offer, choose, types_of
from lithiokg.web.rendering import problem, tagged
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site

__all__ = ["FORMATS", "ROUTES", "link_header", "rdf_downloads", "unknown_page"]

#: Ending of a data document -> its media type and the writer's name for it. The first is the default.
FORMATS: dict[str, tuple[str, str]] = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "jsonld"),
    "nt": ("application/n-triples", "ntriples"),
    "rdf": ("application/rdf+xml", "rdfxml"),
    "trig": ("application/trig", "trig"),
    "nq": ("application/n-quads", "nquads"),
}
_NAMES = {"ttl": "Turtle", "jsonld": "JSON-LD", "nt": "N-Triples", "rdf": "RDF/XML", "trig": "TriG"}
_PAGE = "page"
#: What an IRI leads to; Turtle for whoever asks for nothing in particular, as behind the public names.
_OFFERS = (
    *(Offer(media, ending) for ending, (media, _) in FORMATS.items()),
    Offer("text/html", _PAGE),
    Offer("application/xhtml+xml", _PAGE),
    Offer("application/json", "jsonld"),
    Offer("application/xml", "rdf"),
    Offer("text/xml", "rdf"),
    Offer("text/plain", "nt"),
)
#: Answers of a data document may be read by pages of any origin: nothing here is secret.
_OPEN = {"Access-Control-Allow-Origin": "*"}


def dereference(request: Request) -> Response:
    """Lead from an IRI to its page or its data."""
    rest = request.path_params["rest"]
    iri = links.identifier(rest)
    site = site_of(request)
    headers = {"Vary": "Accept", **_OPEN}
    if not site.knows(iri):
        return _unknown(request, site, iri, headers)
    chosen = choose(request.headers.getlist("accept"), _OFFERS)
    if chosen is None:
        listed = ", ".join(types_of(_OFFERS))
        return PlainTextResponse(
            f"There is no form of this that you accept. There are: {listed}\n", 406, headers
        )
    target = links.local(iri) if chosen.format == _PAGE else links.data(iri, chosen.format)
    return RedirectResponse(str(target), 303, headers)


def document(request: Request) -> Response:
    """What is known of an IRI, as RDF."""
    rest, site = request.path_params["rest"], site_of(request)
    stem, dot, ending = rest.rpartition(".")
    iri = links.identifier(stem)
    if not dot or ending not in FORMATS:
        return _unknown(request, site, links.identifier(rest), {})
    if not site.knows(iri):
        return _unknown(request, site, iri, {})
    return _document(request, iri, ending)


def _document(request: Request, iri: str, ending: str) -> Response:
    @tagged
    def written(request: Request) -> Response:
        media, syntax = FORMATS[ending]
        content = write(site_of(request), iri, syntax)
        return Response(content, media_type=media)

    response = written(request)
    response.headers["Link"] = link_header(iri, ending)
    response.headers.update(_OPEN)
    return response


def write(site: Site, iri: str, syntax: str) -> str:
    """The description of a node in one of the writer's syntaxes; only TriG and N-Quads keep the graphs."""

    def made() -> str:
        quads = describe_node(site.store.oxigraph, iri)
        if syntax in {"trig", "nquads"}:
            return serialize(quads, syntax)
        return serialize([ox.Triple(q.subject, q.predicate, q.object) for q in quads], syntax)

    # A whole graph is long, and asked for seldom.
    return made() if is_graph(site.store.oxigraph, iri) else site.keep(("data", iri, syntax), made)


def rdf_downloads(iri: str, *, works: bool = True) -> list[tuple[str, str]]:
    """The files with what is known of a thing: words and address of each."""
    found = [(words, str(links.data(iri, ending))) for ending, words in _NAMES.items()]
    if works:
        found.append(("BibTeX of the works behind it", links.url("/works.bib", thing=links.rest_of(iri))))
    return found


def link_header(iri: str, ending: str | None = None) -> str:
    """The ``Link`` header of a page (no ending) or a data document: each other's addresses, and the IRI's."""
    page = links.local(iri)
    found = [f'<{links.data(iri, each)}>; rel="{"alternate" if ending else "describedby"}"; type="{media}"'
             for each, (media, _) in FORMATS.items() if each != ending]  # fmt: skip
    if ending is not None:
        found.append(f'<{page}>; rel="alternate"; type="text/html"')
    about = f'<{_ascii(iri)}>; rel="describes"' if ending is not None else f'<{_ascii(iri)}>; rel="about"'
    canonical = f'<{_ascii(iri)}>; rel="canonical"'
    return ", ".join([*found, about, canonical])


def _ascii(iri: str) -> str:
    path = links.data(iri) or ""
    return LKG + path.removeprefix("/data/")


def _unknown(request: Request, site: Site, iri: str, headers: dict[str, str]) -> Response:
    """Say that there is no such thing, and what may have been meant: as a page, or in a line."""
    chosen = choose(request.headers.getlist("accept"), _OFFERS)
    response: Response
    if chosen is not None and chosen.format == _PAGE:
        response = unknown_page(request, iri)
    else:
        response = PlainTextResponse(f"Nothing here is called {iri}\n", 404)
    response.headers.update(headers)
    return response


def unknown_page(request: Request, iri: str) -> Response:
    """The page for an IRI of ours that names nothing."""
    site = site_of(request)
    name = iri.removeprefix(ID).removeprefix(LKG).rpartition("/")[2] or iri.rstrip("/").rpartition("/")[2]
    guesses = [each for each in site.names.closest(name) if links.local(each)]
    return problem(
        request,
        404,
        "Nothing is known under this address",
        f"No thing, class or graph is called “{name}”.",
        mend="Search for it by any of its names." if not guesses else None,
        suggestions=[(site.label(each), links.local(each) or "/") for each in guesses],
    )


ROUTES: list[BaseRoute] = [
    Route("/lithiokg/{rest:path}", dereference),
    Route("/data/{rest:path}", document),
]
