"""The pages for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.web.pages import (
    about,
    classes,
    compare,
    discrepancies,
    elements,
    map,  # noqa: A004  # the page of that name
    plots,
    query,
    questions,
    search,
    start,
    thing,
    what_if,
    works,
)

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

__all__ = ["ROUTES"]

ROUTES: list[BaseRoute] = [
    *start.ROUTES,
    *search.ROUTES,
    *questions.ROUTES,
    *thing.ROUTES,
    *classes.ROUTES,
    *works.ROUTES,
    *discrepancies.ROUTES,
    *what_if.ROUTES,
    *compare.ROUTES,
    *plots.ROUTES,
    *map.ROUTES,
    *elements.ROUTES,
    *query.ROUTES,
    *about.ROUTES,
]
