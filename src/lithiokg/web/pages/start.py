"""The first page: questions to begin with, and what there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Route

from lithiokg.vocabulary import ID, LKG
from lithiokg.web import links
from lithiokg.web.rendering import page, tagged
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

__all__ = ["CARDS", "ROUTES"]

#: The questions that people in the field ask first, by the names of the saved ones.
CARDS = (
    "interfacial-resistance-before-and-after",
    "designs-that-cycled-long-and-hard",
    "electronically-isolating-layers",
    "interlayers-that-become-lithium-alloys",
    "low-polarization-at-a-current-density",
    "reactions-with-lithium",
    "lithiophilic-groups-and-elements",
    "what-works-against-a-phenomenon",
    "mechanisms-and-their-designs",
    "what-limits-a-strategy",
    "coulombic-efficiencies",
    "opposed-claims",
)
#: How many of the works that were read are named.
_DOCUMENTS = 12
_COUNTED = (
    ("Design", "designs", "/questions/designs-by-strategy"),
    ("Substance", "substances", ""),
    ("Observation", "reported figures", "/questions/figures-of-a-property"),
    ("Claim", "claims of sources", ""),
    ("Mechanism", "mechanisms", ""),
    ("Strategy", "strategies", ""),
    ("Reference", "references", "/works"),
    ("Discrepancy", "contradictions", "/discrepancies"),
)
_QUERY = """PREFIX lkg: <https://w3id.org/lithiokg/>

SELECT ?kind (COUNT(DISTINCT ?thing) AS ?number)
WHERE {
  VALUES ?kind { %s }
  ?thing a ?kind .
}
GROUP BY ?kind
ORDER BY DESC(?number)""" % " ".join(f"lkg:{kind}" for kind, _, _ in _COUNTED)  # noqa: UP031  # braces abound


@tagged
def start(request: Request) -> Response:
    """The first page."""
    site = site_of(request)
    counts = [
        (site.count(LKG + kind), words, address or str(links.local(LKG + kind)))
        for kind, words, address in _COUNTED
    ]
    return page(
        request,
        "start.html",
        title="A knowledge graph of the lithium-metal interface",
        cards=[site.questions[name] for name in CARDS if name in site.questions],
        counts=counts,
        total=len(site.questions),
        documents=site.by_label({site.first(each, "inDocument") for each in site.members(LKG + "Reference")}),
        shown=_DOCUMENTS,
        examples=[f"{ID}substance/ZnO", f"{ID}interface-type/III", f"{ID}substance/LLZO"],
        query=_QUERY,
        downloads=[
            ("these counts as CSV", links.url("/sparql", query=_QUERY, format="csv")),
            ("everything as Turtle", "/download/lithiokg.ttl"),
        ],
    )


ROUTES: list[BaseRoute] = [Route("/", start)]
