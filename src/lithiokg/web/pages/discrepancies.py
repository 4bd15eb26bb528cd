"""Discrepancies and doubts: both sides of each contradiction, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.routing import Route

from lithiokg.vocabulary import LKG
from lithiokg.web import links
from lithiokg.web.evidence import Claim, Observation, claim, observation
from lithiokg.web.pages.questions import SHEETS
from lithiokg.web.rendering import page, tagged
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site

__all__ = ["ROUTES"]

_QUESTIONS = {"discrepancies": "sides-of-a-discrepancy", "doubts": "suspect-values-with-reasons"}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Records that cannot all be right.

    Attributes:
        iri, kind, note: what disagrees, in what respect.
        figures, claims: the sides; ``others``: rows, references, columns.
    """

    iri: str
    kind: str
    note: str
    figures: tuple[Observation, ...]
    claims: tuple[Claim, ...]
    others: tuple[str, ...]


def _discrepancy(site: Site, iri: str) -> Discrepancy:
    records = site.all(iri, "involves")
    figures = tuple(observation(site, each) for each in records if site.is_a(each, "Observation"))
    claims = tuple(claim(site, each) for each in records if site.is_a(each, "Claim"))
    known = {*(each.iri for each in figures), *(each.iri for each in claims)}
    return Discrepancy(
        iri,
        site.first(iri, "discrepancyKind"),
        site.first(iri, "note"),
        figures,
        claims,
        tuple(each for each in records if each not in known),
    )


@tagged
def listing(request: Request) -> Response:
    """All discrepancies, or those of one kind; or all doubts."""
    site = site_of(request)
    kind, view = request.query_params.get("kind", ""), request.query_params.get("view", "discrepancies")
    view = view if view in _QUESTIONS else "discrepancies"
    found = [_discrepancy(site, each) for each in site.members(LKG + "Discrepancy")]
    kinds = site.by_label({each.kind for each in found})
    names = {links.rest_of(each) or "": each for each in kinds}
    shown = [each for each in found if kind not in names or each.kind == names[kind]]
    doubted = [observation(site, each) for each in site.having("hasDoubt") if site.is_a(each, "Observation")]
    doubted.sort(key=lambda each: (each.doubts[0].kind, site.label(each.of), each.iri))
    asked = site.questions[_QUESTIONS[view]]
    given = {"kind": site.label(names[kind])} if kind in names and view == "discrepancies" else {}
    return page(
        request,
        "discrepancies.html",
        title="Discrepancies and doubts",
        found=shown,
        total=len(found),
        kinds=[(links.rest_of(each), each, sum(1 for one in found if one.kind == each)) for each in kinds],
        kind=kind if kind in names else "",
        doubted=doubted,
        view=view,
        question=asked,
        query=site.ask(asked.name, given).text,
        downloads=[(words, links.url(f"/questions/{asked.name}.{ending}", **given))
                   for ending, (_, words) in SHEETS.items()],
    )  # fmt: skip


ROUTES: list[BaseRoute] = [Route("/discrepancies", listing)]
