"""Compare: a table of designs, with rows, columns and order chosen in the address."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from lithiokg.export import write_bibliography
from lithiokg.store.sheet import write_sheet
from lithiokg.vocabulary import ID
from lithiokg.web import links
from lithiokg.web.comparing import FACETS, QUESTIONS, comparison_of, sorted_by, within
from lithiokg.web.rendering import page, problem, tagged
from lithiokg.web.site import site_of
from lithiokg.web.works import cited_works

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.web.comparing import Cell, Column, Comparison, Design
    from lithiokg.web.site import Site

__all__ = ["ROUTES"]

_FILES = {
    "csv": ("text/csv", "CSV"),
    "tsv": ("text/tab-separated-values", "TSV"),
    "json": ("application/json", "JSON"),
    "bib": ("application/x-bibtex", "BibTeX of the works seen"),
}
_USUAL = (
    *("electrolyte", "mechanism", "property/interfacial-resistance", "property/area-specific-resistance"),
    *("property/voltage-polarization", "property/coulombic-efficiency", "property/cycle-life-time"),
    "property/cycle-life-cycles",
)
#: Cells on a page of a hundred kilobytes, each with figures, conditions and links.
_CELLS = 160
_FEWEST_ROWS = 8
_PINS = 4
_LONGEST = 6


class _WrongError(Exception):
    """What is wrong with the address, in words."""


@dataclass(frozen=True)
class State:
    """What an address asks for.

    Attributes:
        columns: the columns, in their order.
        facets: the values that rows must have, by facet.
        by: the column that rows are sorted and filtered by.
        descending: whether the largest comes first.
        least, most: the ends between which a figure in that column must lie.
        pins: designs that come first, whatever they have.
        transposed: whether designs are columns.
        differing: whether columns in which all are equal are hidden.
        everything: whether designs without a figure are shown.
        page: the page, from 1.
    """

    columns: tuple[Column, ...]
    facets: Mapping[str, str]
    by: Column | None
    descending: bool
    least: float | None
    most: float | None
    pins: tuple[str, ...]
    transposed: bool
    differing: bool
    everything: bool
    page: int

    def parameters(self, **changes: object) -> dict[str, object]:
        """The parameters of an address with some of them changed."""
        keys = tuple(column.key for column in self.columns)
        return {
            **self.facets,
            "col": list(keys) if keys != _USUAL else None,
            "by": self.by.key if self.by else None,
            "order": "down" if self.descending else None,
            "least": _plain(self.least),
            "most": _plain(self.most),
            "pin": list(self.pins) or None,
            "transpose": 1 if self.transposed else None,
            "differ": 1 if self.differing else None,
            "all": 1 if self.everything else None,
            **changes,
        }

    def url(self, path: str = "/compare", **changes: object) -> str:
        """The address with some parameters changed."""
        return links.url(path, **self.parameters(**changes))


def _plain(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _number(words: str, name: str) -> float | None:
    if not words.strip():
        return None
    try:
        number = float(words.replace(",", "."))
    except ValueError:
        raise _WrongError(f"“{words}” for “{name}” is not a number.") from None
    if not math.isfinite(number):
        raise _WrongError(f"“{words}” for “{name}” is not a number that a figure could have.")
    return number


def _state(request: Request, known: Comparison) -> State:
    sent = request.query_params
    wanted = [key for key in sent.getlist("col") if key] or list(_USUAL)
    columns = []
    # What rows are sorted by is seen: where it was not chosen as a column, it comes first.
    for key in dict.fromkeys(
        [*([sent["by"]] if sent.get("by") and sent["by"] not in wanted else []), *wanted]
    ):
        if key not in known.columns:
            raise _WrongError(f"There is no column “{key}”.")
        columns.append(known.columns[key])
    by = known.columns[sent["by"]] if sent.get("by") else None
    if by is not None and by.property is None:
        raise _WrongError(f"“{by.words}” has no figures to sort by.")
    least, most = _number(sent.get("least", ""), "at least"), _number(sent.get("most", ""), "at most")
    if by is None and (least, most) != (None, None):
        raise _WrongError("A least or largest figure needs a column to which it belongs, as it has a unit.")
    number = sent.get("page", "1")
    return State(
        columns=tuple(columns),
        facets={name: sent[name] for name in FACETS if sent.get(name)},
        by=by,
        descending=sent.get("order") == "down",
        least=least,
        most=most,
        pins=tuple(dict.fromkeys(f"{pin}" for pin in sent.getlist("pin") if f"{ID}{pin}" in known.designs))[
            :_PINS
        ],
        transposed=sent.get("transpose") == "1",
        differing=sent.get("differ") == "1",
        everything=sent.get("all") == "1",
        page=int(number) if number.isdecimal() and len(number) < _LONGEST else 1,
    )


def _rows(state: State, known: Comparison) -> list[Design]:
    """The designs, those that are pinned first."""
    found = known.chosen(state.facets, everything=state.everything)
    if state.by is not None:
        if (state.least, state.most) != (None, None):
            found = [each for each in found if within(each, state.by, state.least, state.most)]
        found = sorted_by(found, state.by, descending=state.descending)
    pinned = [known.designs[f"{ID}{pin}"] for pin in state.pins]
    return pinned + [design for design in found if design not in pinned]


def _shown_columns(state: State, known: Comparison, rows: Sequence[Design]) -> tuple[Column, ...]:
    """The columns, without those in which all rows are equal where only differences are wanted."""
    if not state.differing or len(rows) < 2:  # noqa: PLR2004  # one row equals itself
        return state.columns
    return tuple(
        column
        for column in state.columns
        if column == state.by or len({known.cell(design, column).words for design in rows}) > 1
    )


@tagged
def show(request: Request) -> Response:
    """The table as a page."""
    site = site_of(request)
    known = comparison_of(site)
    try:
        state = _state(request, known)
    except _WrongError as error:
        return _refused(request, error)
    rows = _rows(state, known)
    columns = _shown_columns(state, known, rows)
    size = max(_FEWEST_ROWS, _CELLS // max(1, len(columns)))
    pages = max(1, -(-len(rows) // size))
    at = max(1, min(state.page, pages))
    seen = rows[(at - 1) * size : at * size]
    return page(
        request,
        "compare.html",
        title="Compare designs",
        state=state,
        columns=columns,
        hidden=[column for column in state.columns if column not in columns],
        table=[(design, [(column, known.cell(design, column)) for column in columns]) for design in seen],
        total=len(rows),
        first=(at - 1) * size + 1,
        at=at,
        pages=pages,
        silent=len(known.designs) - sum(bool(each.figures) for each in known.designs.values()),
        facets=[(name, words, known.options(name)) for name, (_, words) in FACETS.items()],
        choices=list(known.columns.values()),
        stages=_stages(state, known),
        pin_of=_pin_of(state),
        without=_without(state, known) if not rows else [],
        query=site.questions[QUESTIONS[0]].text,
        downloads=[(words, state.url(f"/compare.{each}")) for each, (_, words) in _FILES.items()],
    )


def _stages(state: State, known: Comparison) -> list[Column]:
    """The columns of single stages, where rows are sorted by the figures of all of them."""
    if state.by is None or state.by.stage is not None:
        return []
    return [each for each in known.columns.values() if each.property == state.by.property and each.stage]


def _pin_of(state: State) -> dict[str, str]:
    """Where the address is with a design pinned, or no longer so, for those that are."""
    return {pin: state.url(pin=[each for each in state.pins if each != pin] or None) for pin in state.pins}


def _without(state: State, known: Comparison) -> list[tuple[str, int, str]]:
    """What there would be without each of the conditions."""
    found = []
    for facet in state.facets:
        rest = {name: value for name, value in state.facets.items() if name != facet}
        count = len(_rows(_replaced(state, facets=rest), known))
        found.append(
            (FACETS[facet][1].lower(), count, links.url("/compare", **state.parameters(**{facet: None})))
        )
    if (state.least, state.most) != (None, None):
        count = len(_rows(_replaced(state, least=None, most=None), known))
        found.append(("the limits of the figure", count, state.url(least=None, most=None)))
    return found


def _replaced(state: State, **changes: object) -> State:
    return replace(state, **changes)  # type: ignore[arg-type]  # fields of it


def _refused(request: Request, error: Exception) -> Response:
    return problem(
        request,
        400,
        "That cannot be compared",
        str(error),
        suggestions=[("all designs with the usual columns", "/compare")],
    )


@tagged
def as_file(request: Request) -> Response:
    """The table as a file: the same rows, columns and words, on one page."""
    site = site_of(request)
    known = comparison_of(site)
    ending = request.path_params["ending"]
    if ending not in _FILES:
        return problem(
            request,
            404,
            "There is no such file",
            f"A comparison is not written as “{ending}”.",
            mend=f"There are: {', '.join(_FILES)}.",
        )
    try:
        state = _state(request, known)
    except _WrongError as error:
        return _refused(request, error)
    rows = _rows(state, known)
    columns = _shown_columns(state, known, rows)
    headers = {"Content-Disposition": f'inline; filename="comparison.{ending}"'}
    text = _written(site, known, state, rows=rows, columns=columns, ending=ending)
    return Response(text, media_type=_FILES[ending][0], headers=headers)


def _written(
    site: Site,
    known: Comparison,
    state: State,
    *,
    rows: Sequence[Design],
    columns: Sequence[Column],
    ending: str,
) -> str:
    if ending == "bib":
        cited = cited_works(site)
        keys = {
            cited[each.reference].entry.key for each in rows if each.reference and each.reference in cited
        }
        return write_bibliography(site.store, "bibtex", keys=keys)
    heads = ["design", *(f"{each.words} ({each.unit})" if each.unit else each.words for each in columns)]
    cells = [(design, [known.cell(design, column) for column in columns]) for design in rows]
    if ending == "json":
        return json.dumps(_records(site, columns, cells), indent=2, ensure_ascii=False) + "\n"
    lines: list[tuple[str, ...]] = [
        (site.label(design.iri), *(cell.words for cell in several)) for design, several in cells
    ]
    if state.transposed:
        table = list(zip(heads, *lines, strict=True))
        return write_sheet(list(map(str, table[0])), table[1:], ending) + "\n"
    return write_sheet(heads, lines, ending) + "\n"


def _records(
    site: Site, columns: Sequence[Column], cells: Sequence[tuple[Design, Sequence[Cell]]]
) -> list[dict[str, object]]:
    """One record a design; a cell is the list of its parts, which is empty where nothing is reported."""
    return [
        {
            "design": site.label(design.iri),
            "iri": design.iri,
            **{
                column.key: [
                    {
                        "text": part.text,
                        "iri": part.iri,
                        **({"with": part.small} if part.small else {}),
                        **({"doubts": list(part.doubts)} if part.doubts else {}),
                        **({"inferred": True} if part.inferred else {}),
                    }
                    for part in cell.parts
                ]
                for column, cell in zip(columns, several, strict=True)
            },
        }
        for design, several in cells
    ]


ROUTES: list[BaseRoute] = [Route("/compare", show), Route("/compare.{ending}", as_file)]
