"""About: license, citation, how to take the graph elsewhere; and the dumps."""

from __future__ import annotations

import tempfile
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response
from starlette.routing import Route

from lithiokg.export import (
    CLAIM_COLUMNS,
    DESIGN_COLUMNS,
    OBSERVATION_COLUMNS,
    claim_rows,
    design_rows,
    export_quads,
    observation_rows,
    serialize,
    write_bibliography,
)
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES
from lithiokg.web.rendering import page, problem, tagged
from lithiokg.web.site import Site, site_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.routing import BaseRoute

__all__ = ["DUMPS", "ROUTES"]

_RDF = {
    "ttl": ("text/turtle", "turtle", "Turtle"),
    "trig": ("application/trig", "trig", "TriG, with named graphs"),
    "nq": ("application/n-quads", "nquads", "N-Quads, with named graphs"),
    "jsonld": ("application/ld+json", "jsonld", "JSON-LD, with named graphs"),
    "rdf": ("application/rdf+xml", "rdfxml", "RDF/XML"),
}
_TABLES: dict[str, tuple[str, Callable[[Site], str]]] = {
    "observations.csv": (
        "every reported figure, one a row",
        lambda site: write_sheet(OBSERVATION_COLUMNS, observation_rows(site.store), "csv"),
    ),
    "designs.csv": (
        "every design, one a row",
        lambda site: write_sheet(DESIGN_COLUMNS, design_rows(site.store), "csv"),
    ),
    "claims.csv": (
        "every claim of a source, one a row",
        lambda site: write_sheet(CLAIM_COLUMNS, claim_rows(site.store), "csv"),
    ),
}
_WORKS = {"works.bib": ("application/x-bibtex", "bibtex", "the works cited as BibTeX"),
          "works.ris": ("application/x-research-info-systems", "ris", "as RIS"),
          "works.json": ("application/vnd.citationstyles.csl+json", "csl-json", "as CSL-JSON")}  # fmt: skip


def _rdf(site: Site, syntax: str, *, stated: bool = False) -> str:
    return serialize(export_quads(site.store, stated_only=stated, mappings=True), syntax)


def _ontology(site: Site, syntax: str) -> str:
    triples = (quad.triple for quad in site.store.quads(f"{GRAPH}ontology"))
    return serialize(triples, syntax)


def _dumps() -> dict[str, tuple[str, str, Callable[[Site], str]]]:
    """Name of a file -> its media type, what it is, and its writer."""
    found: dict[str, tuple[str, str, Callable[[Site], str]]] = {}
    for ending, (media, syntax, words) in _RDF.items():
        found[f"lithiokg.{ending}"] = (media, words, lambda site, s=syntax: _rdf(site, s))  # type: ignore[misc]
    for ending in ("ttl", "nq"):
        media, syntax, words = _RDF[ending]
        found[f"lithiokg-stated.{ending}"] = (
            media, f"{words}; only what was stated", lambda site, s=syntax: _rdf(site, s, stated=True))  # type: ignore[misc]  # fmt: skip
    for ending in ("ttl", "rdf", "jsonld"):
        media, syntax, words = _RDF[ending]
        found[f"ontology.{ending}"] = (
            media, f"the ontology alone as {words.partition(',')[0]}", lambda site, s=syntax: _ontology(site, s))  # type: ignore[misc]  # fmt: skip
    found.update({name: ("text/csv", words, write) for name, (words, write) in _TABLES.items()})
    for name, (media, format_, words) in _WORKS.items():
        found[name] = (media, words, lambda site, f=format_: write_bibliography(site.store, f))  # type: ignore[misc]
    return found


#: The files that are handed out.
DUMPS = _dumps()


class _Shelf:
    """Files that were written once, in a folder that goes when the server does."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lithiokg-download-")
        self._lock = Lock()

    def file(self, site: Site, name: str) -> Path:
        path = Path(self._folder.name) / name
        with self._lock:  # two who ask at once wait for one writer
            if not path.exists():
                text = DUMPS[name][2](site)
                partial = path.with_suffix(".partial")
                partial.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
                partial.rename(path)
        return path


@tagged
def download(request: Request) -> Response:
    """One dump, streamed from disk; a part of it where a client asks for one."""
    name, site = request.path_params["name"], site_of(request)
    if name not in DUMPS:
        return problem(request, 404, "There is no such file", f"There is no download called “{name}”.",
                       suggestions=[("about and download", "/about#download")])  # fmt: skip
    path = site.remember(("shelf",), _Shelf).file(site, name)
    return FileResponse(
        path, media_type=DUMPS[name][0], filename=name, headers={"Access-Control-Allow-Origin": "*"}
    )


@tagged
def about(request: Request) -> Response:
    """What this is, and how to use and cite it."""
    site = site_of(request)
    terms, origin = PREFIXES["dcterms"], str(request.base_url).rstrip("/")
    return page(
        request,
        "about.html",
        title="About, citation and downloads",
        citation=_citation(site.first(LKG, f"{terms}bibliographicCitation")),
        bibtex=_bibtex(site),
        issued=site.first(LKG, f"{terms}issued"),
        description=site.first(LKG, f"{terms}description"),
        documents=site.by_label({site.first(each, "inDocument") for each in site.members(LKG + "Reference")}),
        triples=site.store.triples,
        dumps=[(name, words) for name, (_, words, _) in DUMPS.items()],
        origin=origin,
        query=_QUERY,
        downloads=[
            ("everything as Turtle", "/download/lithiokg.ttl"),
            ("as N-Quads", "/download/lithiokg.nq"),
        ],
    )


def _citation(text: str) -> str:
    """The citation without the address at its end, which is given as a link."""
    return " ".join(word for word in text.split() if "://" not in word)


def _bibtex(site: Site) -> str:
    year = site.first(LKG, f"{PREFIXES['dcterms']}issued")[:4]
    title = site.first(LKG, f"{PREFIXES['dcterms']}title")
    return (
        f"@misc{{lithiokg,\n  author = {{{{The LithioKG developers}}}},\n  title = {{{{{title}}}}},\n"
        f"  year = {{{year}}},\n  version = {{{site.version}}},\n"
        f"  note = {{Data under CC BY 4.0, curated from doi:10.20517/energymater.2021.21}}\n}}"
    )


_QUERY = """PREFIX dcterms: <http://purl.org/dc/terms/>

SELECT ?property ?value
WHERE { <https://w3id.org/lithiokg/> ?property ?value }
ORDER BY ?property ?value"""

ROUTES: list[BaseRoute] = [Route("/about", about), Route("/download/{name}", download)]
