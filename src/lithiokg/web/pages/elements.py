"""The periodic table: what each element does with lithium, and in how many designs it plays a part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.routing import Route

from lithiokg.identifiers import SYMBOLS
from lithiokg.store import python_value
from lithiokg.vocabulary import LKG
from lithiokg.web import links
from lithiokg.web.rendering import page, tagged
from lithiokg.web.site import site_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from lithiokg.web.site import Site

__all__ = ["ROUTES", "place_of"]

_QUESTION = "what-each-element-does-with-lithium"
_USES = ("hasConstituent", "hasDopant", "hasAdditive", "formedFrom")
#: The last elements of the periods, which are the noble gases.
_ENDS = (2, 10, 18, 36, 54, 86, 118)
_COLUMNS, _LANTHANUM, _LUTETIUM, _ACTINIUM, _LAWRENCIUM = 18, 57, 71, 89, 103
_LITHIUM = 3


@dataclass(slots=True)
class Element:
    """What is known of an element.

    Attributes:
        iri, symbol, number: which it is.
        alloys, compounds: what it or a substance with it becomes with lithium: substance and product.
        claims: claims that say that lithium has affinity for it (``positive``) or has none.
        stable: whether it is stable against lithium.
        uses: designs by role and kind of body.
    """

    iri: str
    symbol: str
    number: int
    alloys: list[tuple[str, str]] = field(default_factory=list)
    compounds: list[tuple[str, str]] = field(default_factory=list)
    claims: dict[str, list[str]] = field(default_factory=lambda: {"positive": [], "negative": []})
    stable: bool = False
    uses: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    @property
    def designs(self) -> set[str]:
        """All designs in which it plays a part."""
        return {design for several in self.uses.values() for design in several}

    @property
    def kind(self) -> str:
        """What it does with lithium, for its color."""
        if any(substance == self.iri for substance, _ in self.alloys):
            return "alloy"
        if self.stable:
            return "stable"
        return "compound" if self.compounds or self.alloys else "other"

    @property
    def compare(self) -> str:
        """The page that compares its designs."""
        return links.url("/compare", element=self.iri.removeprefix(f"{LKG}id/"))


def place_of(number: int) -> tuple[int, int]:
    """Period and column of an element in the usual table; the f elements stand in rows 8 and 9.

    >>> place_of(1), place_of(2), place_of(3), place_of(13), place_of(30), place_of(57), place_of(72)
    ((1, 1), (1, 18), (2, 1), (3, 13), (4, 12), (8, 4), (6, 4))
    """
    if _LANTHANUM <= number <= _LUTETIUM:
        return 8, 4 + number - _LANTHANUM
    if _ACTINIUM <= number <= _LAWRENCIUM:
        return 9, 4 + number - _ACTINIUM
    period = next(index for index, end in enumerate(_ENDS, 1) if number <= end)
    first = _ENDS[period - 2] + 1 if period > 1 else 1
    at, length = number - first, _ENDS[period - 1] - first + 1
    if at < 2:  # noqa: PLR2004  # the s block has two columns
        # Helium closes its period.
        return period, _COLUMNS if number == _ENDS[0] else at + 1
    return period, _COLUMNS - (length - 1 - at)


def _read(site: Site) -> dict[int, Element]:
    found: dict[int, Element] = {}
    for row in site.ask(_QUESTION, {}).table:
        iri, number, relation, substance, thing, body, polarity = map(python_value, row)
        at = int(str(number))
        element = found.setdefault(at, Element(str(iri), SYMBOLS[at - 1], at))
        name = str(relation).removeprefix(LKG)
        if name == "formsWithLithium":
            pair = (str(substance), str(thing))
            several = element.alloys if site.is_a(pair[1], "LithiumAlloy") else element.compounds
            several.append(pair)
        elif name == "hasAffinityFor":
            element.claims.setdefault(str(polarity), []).append(str(thing))
        elif name == "isStableAgainst":
            element.stable = True
        else:
            element.uses.setdefault((name, str(body)), set()).add(str(thing))
    return dict(sorted(found.items()))


@tagged
def show(request: Request) -> Response:
    """The periodic table."""
    site = site_of(request)
    elements = site.remember(("elements",), lambda: _read(site))
    rows: list[list[int | None]] = [[None] * _COLUMNS for _ in range(9)]
    for number in range(1, len(SYMBOLS) + 1):
        period, column = place_of(number)
        rows[period - 1][column - 1] = number
    return page(
        request,
        "elements.html",
        title="Elements",
        rows=rows,
        symbols=SYMBOLS,
        elements=elements,
        lithium=_LITHIUM,
        role=_role,
        query=site.questions[_QUESTION].text,
        downloads=[(each.upper(), f"/questions/{_QUESTION}.{each}") for each in ("csv", "tsv", "json")],
    )


def _role(relation: str) -> str:
    """What a use is called."""
    return dict(zip(_USES, ("", " as dopant", " as additive", " as starting material"), strict=True))[
        relation
    ]


ROUTES: list[BaseRoute] = [Route("/elements", show)]
