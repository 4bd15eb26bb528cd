"""The search box: a plain question is answered, a name leads to what bears it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from lithiokg.errors import LithioKGError
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import ID, PREFIXES, compact
from lithiokg.web import links
from lithiokg.web.answers import sheet_of
from lithiokg.web.rendering import page, tagged
from lithiokg.web.searching import Hit, search
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.matching import Interpretation, Interpretations
    from lithiokg.web.answers import Sheet
    from lithiokg.web.site import Site

__all__ = ["ROUTES"]

#: So many of a sort are shown, and all of one sort when it is asked for.
_SHOWN, _MOST = 12, 200
_LONGEST = 300
#: So many words are a question, and so many rows of its answer are shown with the search.
_A_QUESTION, _ROWS = 3, 8


@tagged
def found(request: Request) -> Response:
    """What fits the text of a search."""
    site = site_of(request)
    text = request.query_params.get("q", "").strip()[:_LONGEST]
    group = request.query_params.get("group", "")
    hits = search(site, text)
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(hit.group, []).append(hit)
    chosen = {group: groups[group]} if group in groups else groups
    asked = interpreted(site, text)
    answered = asked is not None and asked.best is not None
    return page(
        request,
        "search.html",
        title=f"Search: {text}" if text else "Search",
        text=text,
        asked_in_words=asked,
        asked_sheet=_answer(site, asked.best) if asked is not None and asked.best else None,
        asked_link=lambda each: links.url(f"/questions/{each.question}", **each.parameters),
        groups={name: several[: _MOST if group in groups else _SHOWN] for name, several in chosen.items()},
        sizes={name: len(several) for name, several in groups.items()},
        group=group if group in groups else "",
        total=len(hits),
        closest=[] if hits or answered or not text else _closest(site, text),
        kinds={hit.iri: _kinds(site, hit.iri) for several in chosen.values() for hit in several[:_MOST]},
        query=_query(text) if text else None,
        downloads=[
            (words, links.url(f"/search.{ending}", q=text))
            for ending, words in (("csv", "CSV"), ("json", "JSON"))
        ]
        if text
        else [],
    )


def interpreted(site: Site, text: str) -> Interpretations | None:
    """What a plain question is taken for; one or two words without a question mark are a name."""
    if len(text.split()) < _A_QUESTION and "?" not in text:
        return None
    try:
        return site.keep(("asked", text), lambda: site.graph.interpret(text))
    except LithioKGError:  # the words that it goes by do not read: names can be searched all the same
        return None


def _closest(site: Site, text: str) -> list[str]:
    """What is spelled most like a text: each name there is must be looked at."""
    return site.keep(("closest", text), lambda: [iri for iri in site.names.closest(text) if links.local(iri)])


def _answer(site: Site, best: Interpretation) -> Sheet | None:
    """The beginning of the answer to what a question is taken for."""
    try:
        answer = site.ask(best.question, best.parameters)
    except LithioKGError:  # the page of the question says what is wrong with it
        return None
    return sheet_of(site, answer.table, size=_ROWS)


def _kinds(site: Site, iri: str) -> str:
    """What sort of thing something is, in words; a body by its design, for many are called alike."""
    if iri.startswith(f"{ID}question/"):
        return site.questions[iri.rpartition("/")[2]].question
    if "/components/" in iri:
        return f"in {site.label(iri.partition('/components/')[0])}"
    if iri in site.terms.by_iri and not site.terms.by_iri[iri].classes:
        return site.terms.by_iri[iri].kind
    return ", ".join(
        str(fact.value) for fact in site.describe(iri).kinds if not fact.implied and not fact.inferred
    )


@tagged
def found_file(request: Request) -> Response:
    """The same as a file."""
    site, ending = site_of(request), request.path_params["ending"]
    if ending not in {"csv", "json"}:
        return Response("A search is written as CSV or JSON.\n", 404, media_type="text/plain")
    hits = search(site, request.query_params.get("q", "")[:_LONGEST])
    rows = [(site.label(hit.iri), hit.group, hit.name or None, compact(hit.iri)) for hit in hits]
    media = "text/csv" if ending == "csv" else "application/json"
    return Response(write_sheet(("label", "sort", "found_by", "id"), rows, ending) + "\n", media_type=media)


def _query(text: str) -> str:
    from lithiokg.questions.terms import string_term  # noqa: PLC0415

    try:
        words = string_term(text.lower())
    except ValueError:
        words = '""'
    return (
        f"PREFIX skos: <{PREFIXES['skos']}>\nPREFIX lkg: <https://w3id.org/lithiokg/>\n\n"
        "# The search also folds capitals, accents, sub- and superscripts.\n"
        "SELECT DISTINCT ?thing ?name\nWHERE {\n"
        "  ?thing skos:prefLabel|skos:altLabel|lkg:formula|lkg:symbol|lkg:title ?name .\n"
        f"  FILTER (CONTAINS(LCASE(STR(?name)), {words}))\n}}\nORDER BY ?name"
    )


ROUTES: list[BaseRoute] = [Route("/search", found), Route("/search.{ending}", found_file)]
