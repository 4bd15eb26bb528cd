"""The works: what each supports, and bibliographies to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from lithiokg.export import write_bibliography
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import LKG
from lithiokg.web import links
from lithiokg.web.dossier import references_behind
from lithiokg.web.evidence import claim, observation
from lithiokg.web.linked import rdf_downloads
from lithiokg.web.rendering import page, problem, tagged
from lithiokg.web.site import site_of
from lithiokg.web.works import Cited, cited_works

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site

__all__ = ["ROUTES", "work"]

#: Ending -> media type, the writer's name, words.
_FILES = {
    "bib": ("application/x-bibtex", "bibtex", "BibTeX"),
    "ris": ("application/x-research-info-systems", "ris", "RIS"),
    "json": ("application/vnd.citationstyles.csl+json", "csl-json", "CSL-JSON"),
    "csv": ("text/csv", "", "CSV"),
}
_COLUMNS = ("reference", "authors", "title", "journal", "year", "doi", "designs", "figures", "claims")
_CLAIMS = 40
_QUERY = """PREFIX lkg: <https://w3id.org/lithiokg/>

SELECT ?number ?title ?authors ?journal ?year ?doi (COUNT(DISTINCT ?design) AS ?designs)
  (COUNT(DISTINCT ?statement) AS ?statements)
WHERE {
  ?reference lkg:referenceNumber ?number .
  OPTIONAL {
    ?reference lkg:refersTo ?work . ?work lkg:title ?title .
    OPTIONAL { ?work lkg:authorList ?authors }
    OPTIONAL { ?work lkg:journal ?journal }
    OPTIONAL { ?work lkg:publicationYear ?year }
    OPTIONAL { ?work lkg:doi ?doi }
  }
  OPTIONAL { ?design lkg:reportedIn ?reference }
  OPTIONAL { ?statement lkg:hasEvidence/lkg:inTableRow?/lkg:resolvedReference ?reference }
}
GROUP BY ?number ?title ?authors ?journal ?year ?doi
ORDER BY ?number"""


def _chosen(site: Site, request: Request) -> list[Cited]:
    """The references that the address asks for."""
    works = cited_works(site)
    words = request.query_params.get("filter", "").casefold().split()
    about = request.query_params.get("thing", "")
    behind: set[str] | None = None
    if about:
        iri = links.identifier(about)
        behind = set(references_behind(site, iri)) if site.knows(iri) else set()
    return [
        each
        for each in works.values()
        if (behind is None or each.iri in behind) and all(word in each.words.casefold() for word in words)
    ]


@tagged
def listing(request: Request) -> Response:
    """All references."""
    site = site_of(request)
    words, about = request.query_params.get("filter", "").strip(), request.query_params.get("thing", "")
    return page(
        request,
        "works.html",
        title="Works",
        works=_chosen(site, request),
        total=len(cited_works(site)),
        documents=_documents(site),
        words=words,
        about=links.identifier(about) if about and site.knows(links.identifier(about)) else "",
        rest=about,
        query=_QUERY,
        downloads=[(name, links.url(f"/works.{ending}", filter=words, thing=about))
                   for ending, (_, _, name) in _FILES.items()],
    )  # fmt: skip


def _documents(site: Site) -> list[str]:
    """The works that were read."""
    return site.by_label({each.document for each in cited_works(site).values()})


@tagged
def listing_file(request: Request) -> Response:
    """The same as a bibliography."""
    site, ending = site_of(request), request.path_params["ending"]
    if ending not in _FILES:
        return problem(request, 404, "There is no such file", f"Works are not written as “{ending}”.",
                       mend=f"There are: {', '.join(_FILES)}.")  # fmt: skip
    media, format_, _ = _FILES[ending]
    chosen = _chosen(site, request)
    if not format_:
        rows = [(e.entry.number, e.authors, e.entry.title, e.entry.journal, e.entry.year, e.entry.doi,
                 len(e.designs), len(e.figures), len(e.claims)) for e in chosen]  # fmt: skip
        return Response(write_sheet(_COLUMNS, rows, "csv") + "\n", media_type=media)
    text = write_bibliography(site.store, format_, keys={each.entry.key for each in chosen})
    disposition = {"Content-Disposition": f'inline; filename="lithiokg-works.{ending}"'}
    return Response(text, media_type=media, headers=disposition)


def work(request: Request, iri: str) -> Response:
    """One work: who cites it how, and what rests on it."""
    site = site_of(request)
    works = cited_works(site)
    cited = [works[each] for each in site.subjects("refersTo", iri) if each in works]
    figures = [observation(site, each) for each in dict.fromkeys(one for c in cited for one in c.figures)]
    claims = [claim(site, each) for each in dict.fromkeys(one for c in cited for one in c.claims)]
    claims.sort(key=lambda each: (site.label(each.subject), each.relation, each.object))
    everything = request.query_params.get("all") == "claims"
    rest = links.rest_of(iri)
    return page(
        request,
        "work.html",
        title=site.first(iri, "title") or site.label(iri),
        iri=iri,
        rest=rest,
        fields={name: site.first(iri, name) for name in _FIELDS},
        notes=site.all(iri, "note"),
        cited=cited,
        designs=site.by_label({design for c in cited for design in c.designs}),
        figures=figures,
        claims=claims if everything else claims[:_CLAIMS],
        every_claim=len(claims),
        sections=_sections(site, iri),
        tables=[each for each in site.members(LKG + "Table") if site.first(each, "inDocument") == iri],
        query=_work_query(iri),
        downloads=[
            *((name, links.url(f"/works.{ending}", thing=rest))
              for ending, (_, _, name) in _FILES.items() if cited and ending != "csv"),
            *rdf_downloads(iri, works=False),
        ],
    )  # fmt: skip


_FIELDS = ("title", "authorList", "journal", "publicationYear", "volume", "pages", "doi")


def _sections(site: Site, iri: str) -> list[str]:
    """The sections of a document that was read, in its order."""
    found = [each for each in site.members(LKG + "Section") if site.first(each, "inDocument") == iri]
    return sorted(found, key=lambda each: (int(site.first(each, "sectionNumber") or 0), each))


def _work_query(iri: str) -> str:
    return (
        f"PREFIX lkg: <{LKG}>\n\n# Every figure and claim whose evidence leads to the work.\n"
        "SELECT DISTINCT ?statement ?about\nWHERE {\n"
        f"  ?reference lkg:refersTo <{iri}> .\n"
        "  ?statement lkg:hasEvidence/lkg:inTableRow?/lkg:resolvedReference ?reference .\n"
        "  ?statement lkg:claimSubject|lkg:hasFeatureOfInterest ?about .\n}\nORDER BY ?about ?statement"
    )


ROUTES: list[BaseRoute] = [Route("/works", listing), Route("/works.{ending}", listing_file)]
