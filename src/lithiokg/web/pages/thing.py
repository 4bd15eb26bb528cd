"""A thing: what is known of it, where each fact is said, and why what is inferred of it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.explanation import Justification
from lithiokg.vocabulary import GRAPH, ID, LKG, compact, expand
from lithiokg.web import links
from lithiokg.web.dossier import dossier
from lithiokg.web.linked import link_header, rdf_downloads, unknown_page
from lithiokg.web.pages import classes, works
from lithiokg.web.rendering import page, page_number, problem, tagged
from lithiokg.web.site import site_of
from lithiokg.web.typography import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.explanation import Evidence, StatedFact, WhyNot
    from lithiokg.web.site import Site

__all__ = ["ROUTES"]

#: How many claims with a thing as their object, and how many referring things, are shown at once.
_CLAIMS, _LISTED = 15, 100
#: At most so many reasons are looked for.
_REASONS = 10


@tagged
def thing(request: Request) -> Response:
    """The page of anything that has an IRI of ours."""
    rest, site = request.path_params["rest"], site_of(request)
    iri = links.identifier(rest)
    if not site.knows(iri):
        return unknown_page(request, iri)
    if iri.startswith(f"{ID}question/"):
        return RedirectResponse(str(links.local(iri)), 303)
    if iri in site.terms.by_iri and iri.startswith(LKG) and not iri.startswith(ID):
        response = classes.term(request, iri)
    elif site.is_a(iri, "Work") and "relation" not in request.query_params and site.most is None:
        response = works.work(request, iri)
    else:
        response = _thing(request, site, iri)
    response.headers["Link"] = link_header(iri)
    return response


def _thing(request: Request, site: Site, iri: str) -> Response:
    told, about = site.describe(iri), dossier(site, iri)
    relation = request.query_params.get("relation", "")
    if relation:
        return _referring(request, site, iri, relation)
    named = _part_of(request, about.named_in, _CLAIMS)
    return page(
        request,
        "thing.html",
        title=site.label(iri) if told.label == compact(iri) else told.label,
        iri=iri,
        rest=links.rest_of(iri),
        told=told,
        about=about,
        formula=site.first(iri, "formula"),
        named_in=named,
        curated=site.first(iri, "curatedAt"),
        graph=_graph_size(site, iri),
        explaining=_can_be_explained(site, iri),
        query=_query(iri),
        downloads=rdf_downloads(iri),
    )


def _part_of(request: Request, several: tuple[object, ...], size: int) -> tuple[object, ...]:
    return several if request.query_params.get("all") == "claims" else several[:size]


def _referring(request: Request, site: Site, iri: str, relation: str) -> Response:
    """All things that refer to one by a relation, page by page."""
    told = site.describe(iri)
    claims = relation == "claimObject"
    predicate = LKG + relation if ":" not in relation else expand(relation)
    facts = [fact for fact in told.incoming if fact.predicate == predicate]
    if not facts:
        return problem(request, 404, "Nothing refers to it so", f"Nothing refers to {told.label} by “{relation}”.",
                       suggestions=[(told.label, str(links.local(iri)))])  # fmt: skip
    pages = -(-len(facts) // _LISTED)
    current = page_number(request, last=pages)
    return page(
        request,
        "referring.html",
        title=f"{told.label}: {facts[0].relation}",
        iri=iri,
        rest=links.rest_of(iri),
        told=told,
        relation=relation,
        words=facts[0].relation,
        facts=facts[(current - 1) * _LISTED : current * _LISTED],
        total=len(facts) + told.more.get(facts[0].relation, 0),
        current=current,
        pages=pages,
        claims=claims,
        query=f"SELECT DISTINCT ?thing {{ ?thing <{predicate}> <{iri}> }} ORDER BY ?thing",
        downloads=rdf_downloads(iri, works=False),
    )


def _graph_size(site: Site, iri: str) -> int:
    """The number of statements in a named graph; none where it is something else."""
    if not iri.startswith(GRAPH):
        return 0
    return site.remember(("size", iri), lambda: sum(1 for _ in site.store.quads(iri)))


def _can_be_explained(site: Site, iri: str) -> bool:
    """Whether one may ask why something is, or is not, what it is."""
    return any(site.is_a(iri, kind) for kind in ("Design", "Component", "Substance", "FunctionalGroup"))


def _query(iri: str) -> str:
    return (
        "PREFIX lkg: <https://w3id.org/lithiokg/>\n\n"
        "# What is said of it, who refers to it, and in which graph; what is inferred is in lkgg:inferred.\n"
        "SELECT ?relation ?value ?of ?graph\nWHERE {\n"
        f"  {{ GRAPH ?graph {{ <{iri}> ?relation ?value }} }}\n"
        f"  UNION\n  {{ GRAPH ?graph {{ ?of ?relation <{iri}> }} }}\n}}\nORDER BY ?graph ?relation ?value ?of"
    )


# --- why -----------------------------------------------------------------------------------------


@tagged
def why(request: Request) -> Response:
    """Why something is what is inferred of it, or why it is not."""
    site = site_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in ("thing", "class")}
    if not all(asked.values()):
        return _why_form(request, asked, None)
    try:
        subject, target = _named(site, asked["thing"]), _target(site, asked["thing"], asked["class"])
        reasons, missing = _reasons(site, subject, target)
    except LithioKGError as error:
        return _why_form(request, asked, error)
    current = page_number(request, "n", last=len(reasons))
    cited, marks = _sources(_facts_behind(reasons[current - 1] if reasons else missing))
    return page(
        request,
        "why.html",
        title=f"Why: {reasons[0].conclusion}"
        if reasons
        else f"Why not: {missing.question if missing else ''}",
        subject=subject,
        target=target,
        reasons=reasons,
        reason=reasons[current - 1] if reasons else None,
        current=current,
        cited=cited,
        marks=marks,
        missing=missing,
        definition=site.terms.by_iri[target].definition if target in site.terms.by_iri else "",
        asked_for=asked,
        command=f"lithiokg explain {_quoted(site, subject)} {_quoted(site, target)}",
        downloads=[],
    )


def _facts_behind(told: Justification | WhyNot | None) -> Iterator[StatedFact]:
    """The facts of an explanation, in its order."""
    if isinstance(told, Justification):
        yield from (step.fact for step in told.steps if step.fact)
    elif told is not None:
        waiting = list(reversed(told.conditions))
        while waiting:
            condition = waiting.pop()
            yield from condition.facts
            waiting += reversed(condition.parts)


def _sources(facts: Iterable[StatedFact]) -> tuple[list[Evidence], dict[str, str]]:
    """The sources of facts, each once, and a letter for each place in them."""
    by_words: dict[str, str] = {}
    marks: dict[str, str] = {}
    cited = []
    for fact in facts:
        for each in fact.evidence:
            if each.words not in by_words:
                by_words[each.words] = _letters(len(by_words))
                cited.append(each)
            marks[each.iri] = by_words[each.words]
    return cited, marks


def _letters(number: int) -> str:
    """a, b ... z, aa ..."""
    found = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        found, number = chr(ord("a") + letter) + found, number - 1
    return found


def _quoted(site: Site, iri: str) -> str:
    rest = iri.removeprefix(ID) if iri.startswith(ID) else f"lkg:{iri.removeprefix(LKG)}"
    return f"'{rest}'" if set(rest) & set(" '()*&;") else rest


def _named(site: Site, text: str) -> str:
    """The thing that a path or name stands for."""
    iri = links.identifier(text)
    return iri if site.knows(iri) else site.graph.find(text)


def _target(site: Site, subject: str, text: str) -> str:
    iri = links.identifier(text)
    if site.knows(iri):
        return iri
    from lithiokg.explanation import find_target  # noqa: PLC0415

    with site.explaining:
        return find_target(site.graph.explainer, site.names, _named(site, subject), text)


def _reasons(site: Site, subject: str, target: str) -> tuple[list[Justification], WhyNot | None]:
    def made() -> tuple[list[Justification], WhyNot | None]:
        with site.explaining:
            explainer = site.graph.explainer
            reasons = explainer.explain(subject, target, limit=_REASONS)
            return reasons, None if reasons else explainer.why_not(subject, target)

    return site.keep(("why", subject, target), made)


def _why_form(request: Request, asked: dict[str, str], error: LithioKGError | None) -> Response:
    site = site_of(request)
    status = 200 if error is None else 400 if isinstance(error, UsageError) else 500
    guesses = []
    if error is not None:
        for name in ("thing", "class"):
            if repr(asked[name]) in error.message:
                guesses = [
                    (site.label(each), links.url("/why", **{**asked, name: links.rest_of(each)}))
                    for each in site.names.closest(asked[name])
                    if links.rest_of(each)
                ]
    return page(
        request,
        "why_form.html",
        title="Why, and why not",
        asked_for={name: _in_words(site, text) for name, text in asked.items()},
        error=plain_words(f"{error.message}. {error.mend or ''}") if error else None,
        suggestions=guesses,
        kinds=[site.label(iri) for iri in site.by_label(site.terms.inferred)],
        status=status,
        command="lithiokg explain THING CLASS",
    )


def _in_words(site: Site, text: str) -> str:
    """What was asked for as it stands in a field: by its label, where that finds it again."""
    iri = links.identifier(text)
    if not text or not site.knows(iri):
        return text
    label = site.label(iri)
    try:
        return label if site.names.resolve(label) == iri else text
    except LithioKGError:  # it is the name of several
        return text


ROUTES: list[BaseRoute] = [
    Route("/page/{rest:path}", thing),
    Route("/why", why),
]
