"""The map: through which mechanisms strategies work, and to which effects both lead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.routing import Route

from lithiokg.plots.layered import Box, Link, draw_layers
from lithiokg.plots.typography import formula
from lithiokg.store import python_value
from lithiokg.vocabulary import ID, LKG
from lithiokg.web import links
from lithiokg.web.rendering import page, problem, tagged
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site

__all__ = ["ROUTES"]

_QUESTION = "from-strategies-over-mechanisms-to-effects"
#: More boxes than this nobody reads.
_MOST = 60
_LAYERS = ("strategy", "mechanism", "phenomenon")
_HEADS = ("Strategy", "Mechanism", "Effect")
_AGAINST = frozenset(
    {
        *("counteracts", "suppresses", "prevents", "limits", "hinders", "impairs", "removes", "reduces"),
        *("compensatesFor", "accommodates", "isExpectedToBlock"),
    }
)
_RISK = frozenset({"hasLimitation", "isAtRiskOf", "isNotExpectedToBlock"})
#: A stated link tells more than one that is inferred of one design.
_CLAIM_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A link of the map as the answer gives it."""

    source: str
    relation: str
    target: str
    claims: int
    designs: int
    claim: str | None

    @property
    def weight(self) -> int:
        """How much there is behind it."""
        return _CLAIM_WEIGHT * self.claims + self.designs


def _steps(site: Site) -> tuple[Step, ...]:
    def read() -> tuple[Step, ...]:
        found = []
        for row in site.ask(_QUESTION, {}).table:
            source, relation, target, claims, designs, claim = map(python_value, row)
            found.append(
                Step(
                    str(source),
                    str(relation),
                    str(target),
                    int(str(claims)),
                    int(str(designs)),
                    str(claim) if claim else None,
                )
            )
        return tuple(found)

    return site.remember(("map",), read)


def _layer(iri: str) -> int:
    kind = iri.removeprefix(ID).partition("/")[0]
    return _LAYERS.index(kind) if kind in _LAYERS else len(_LAYERS) - 1


def _along(steps: Sequence[Step], focus: str) -> list[Step]:
    """The links on the paths that lead to a box and from it on."""

    def follow(forward: bool) -> set[Step]:
        found: set[Step] = set()
        waiting, seen = [focus], {focus}
        while waiting:
            at = waiting.pop()
            for step in steps:
                here, there = (step.source, step.target) if forward else (step.target, step.source)
                if here == at:
                    found.add(step)
                    if there not in seen:
                        seen.add(there)
                        waiting.append(there)
        return found

    on_path = follow(forward=True) | follow(forward=False)
    return [step for step in steps if step in on_path]


def _kept(steps: Sequence[Step]) -> tuple[list[Step], int]:
    """The links between the boxes with most behind them, and how many boxes are left out."""
    weights: dict[str, int] = {}
    for step in steps:
        for end in (step.source, step.target):
            weights[end] = weights.get(end, 0) + step.weight
    chosen = sorted(weights, key=lambda iri: (-weights[iri], iri))[:_MOST]
    kept = [step for step in steps if {step.source, step.target} <= set(chosen)]
    shown = {end for step in kept for end in (step.source, step.target)}
    return kept, len(weights) - len(shown)


def _name(iri: str) -> str:
    return iri.removeprefix(ID)


def _focus_address(iri: str, *, stated: bool) -> str:
    return links.url("/map", focus=_name(iri), stated=1 if stated else None)


def _boxes(site: Site, steps: Iterable[Step], focus: str | None, *, stated: bool) -> list[Box]:
    iris = dict.fromkeys(end for step in steps for end in (step.source, step.target))
    return [
        Box(
            key=iri,
            label=formula(site.label(iri)),
            layer=_layer(iri),
            href=links.local(iri) if iri == focus else _focus_address(iri, stated=stated),
            kind=f"{_LAYERS[_layer(iri)]}{' focus' if iri == focus else ''}",
            name=f"{_HEADS[_layer(iri)].lower()}: {site.label(iri)}"
            + ("; open its page" if iri == focus else "; show the paths through it"),
        )
        for iri in iris
    ]


def _evidence(step: Step) -> str | None:
    """Where a link comes from: a claim, or the designs from which it is inferred."""
    if step.claim:
        return links.local(step.claim)
    facets = {
        _LAYERS[_layer(end)]: _name(end)
        for end in (step.source, step.target)
        if _layer(end) < len(_LAYERS) - 1
    }
    return links.url("/compare", **facets)


def _words(site: Site, step: Step) -> str:
    found = []
    if step.claims:
        found.append(f"stated {'once' if step.claims == 1 else f'{step.claims} times'}")
    if step.designs:
        found.append(f"inferred of {step.designs} design{'' if step.designs == 1 else 's'}")
    return f"{site.label(step.relation)} ({', '.join(found)})"


def _links(site: Site, steps: Iterable[Step]) -> list[Link]:
    pairs: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        pairs.setdefault((step.source, step.target), []).append(step)
    found = []
    for (source, target), several in pairs.items():
        # What is stated stands for the pair, where anything is.
        several.sort(key=lambda step: (-step.claims, -step.designs, step.relation))
        relations = {step.relation.removeprefix(LKG) for step in several}
        kind = "against" if relations & _AGAINST else "risk" if relations & _RISK else ""
        said = "; ".join(_words(site, step) for step in several)
        found.append(
            Link(
                source,
                target,
                f"{site.label(source)}: {said}: {site.label(target)}",
                _evidence(several[0]),
                stated=bool(several[0].claims),
                kind=kind,
                weight=sum(step.weight for step in several),
            )
        )
    return found


@tagged
def show(request: Request) -> Response:
    """The map, or the paths through one of its boxes."""
    site = site_of(request)
    asked = request.query_params.get("focus", "").strip()
    stated = request.query_params.get("stated", "") == "1"
    focus = links.identifier(f"id/{asked}") if asked else None
    steps = [step for step in _steps(site) if step.claims or not stated]
    if focus:
        steps = _along(steps, focus)
        if not steps:
            known = any(focus in {step.source, step.target} for step in _steps(site))
            return problem(
                request,
                404,
                "There is no such box",
                f"Nothing {'stated ' if known else ''}on the map leads to or from "
                f"“{site.label(focus) if site.knows(focus) else asked}”.",
                suggestions=[("the whole map", "/map")],
            )
    kept, left_out = _kept(steps)
    drawn = draw_layers(
        _boxes(site, kept, focus, stated=stated),
        _links(site, kept),
        heads=_HEADS,
        title="From strategies over mechanisms to effects",
        description="Boxes in three columns, joined by lines; the same links stand below as a list.",
        key="map",
    )
    sources: dict[str, list[tuple[Step, str, str | None]]] = {}
    for step in kept:
        sources.setdefault(step.source, []).append((step, _words(site, step), _evidence(step)))
    ordered = dict(
        sorted(sources.items(), key=lambda item: (_layer(item[0]), site.label(item[0]).casefold()))
    )
    return page(
        request,
        "map.html",
        title=f"Map: {site.label(focus)}" if focus else "Map",
        drawing=Markup(drawn),  # noqa: S704  # everything in it is escaped
        focus=focus,
        stated=stated,
        sources=ordered,
        left_out=left_out,
        boxes=len({end for step in kept for end in (step.source, step.target)}),
        focus_address=lambda iri: _focus_address(iri, stated=stated),
        switched=links.url("/map", focus=asked, stated=None if stated else 1),
        query=site.questions[_QUESTION].text,
        downloads=[(each.upper(), f"/questions/{_QUESTION}.{each}") for each in ("csv", "tsv", "json")],
    )


ROUTES: list[BaseRoute] = [Route("/map", show)]
