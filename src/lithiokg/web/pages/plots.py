"""The plots: an index, each with its table, and the same as files."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from typing import TYPE_CHECKING

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.plots import stylesheet
from lithiokg.web import links
from lithiokg.web.answers import sheet_of
from lithiokg.web.rendering import page, problem, tagged
from lithiokg.web.site import site_of
from lithiokg.web.typography import plain_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from starlette.requests import Request
    from starlette.routing import BaseRoute

    from lithiokg.plots import Mark, Plot
    from lithiokg.questions import Question
    from lithiokg.store import Term
    from lithiokg.web.site import Site

__all__ = ["ROUTES", "given_parameters"]

_FIGURES = "figures-of-all-designs"
#: So many cells of a table have room beside a plot.
_CELLS = 420
_LINES = 60
_FILES = {
    "svg": ("image/svg+xml", "SVG"),
    "png": ("image/png", "PNG"),
    "html": ("text/html", "page of its own"),
}
_SHEETS = ("csv", "tsv", "json")
#: What a plot is for, in the order in which plots are shown.
_KINDS = {
    "dumbbell": "Before and after",
    "bubble": "Two figures and a third",
    "scatter": "Two figures",
    "strip": "One figure of each",
    "heatmap": "What is reported, and where nothing is",
    "bar": "Counts",
}


@tagged
def style(_request: Request) -> Response:
    """The style sheet of the drawings."""
    return Response(stylesheet(dark=True, pages=True), media_type="text/css")


def _plotted(site: Site) -> dict[str, list[Question]]:
    found: dict[str, list[Question]] = {words: [] for words in _KINDS.values()}
    for question in site.questions.values():
        if question.plot and not question.endpoints:
            found[_KINDS[question.plot.kind]].append(question)
    return found


@tagged
def listing(request: Request) -> Response:
    """All plots, by kind."""
    site = site_of(request)
    return page(request, "plots.html", title="Plots", kinds=_plotted(site))


def given_parameters(request: Request, question: Question) -> dict[str, object]:
    """The parameters of a question that an address sets.

    Raises:
        UsageError: if it sets one that the question does not have.
    """
    given: dict[str, object] = {}
    for name in request.query_params:
        values = [value for value in request.query_params.getlist(name) if value.strip()]
        if name not in question.params:
            raise UsageError(f"{question.name} has no parameter {name!r}", mend="leave it out")
        if values:
            given[name] = values if len(values) > 1 else values[0]
    return given


@tagged
def plot(request: Request) -> Response:
    """One plot, as a page or as a file."""
    site = site_of(request)
    name, dot, ending = request.path_params["name"].partition(".")
    question = site.questions.get(name)
    if question is None or question.plot is None:
        others = [q for several in _plotted(site).values() for q in several]
        return problem(
            request,
            404,
            "There is no such plot",
            f"No question called “{name}” is drawn as a plot.",
            suggestions=[(q.title, f"/plots/{q.name}") for q in others],
        )
    if dot and ending not in _FILES:
        return problem(
            request,
            404,
            "There is no such file",
            f"A plot is not written as “{ending}”.",
            mend=f"There are: {', '.join(_FILES)}.",
        )
    try:
        given = given_parameters(request, question)
        answer = site.ask(name, given)
    except LithioKGError as error:
        status = 400 if isinstance(error, UsageError) else 503
        return problem(
            request, status, "This cannot be drawn as asked", plain_words(error.message), mend=error.mend
        )
    if dot:
        return _file(request, answer.plot(), ending)
    drawn = replace(answer.plot(link=links.local), evidence=evidence_of(site))
    figure = site.keep(("figure", request.url.path, request.url.query), drawn.figure)
    sheet = sheet_of(site, answer.table)
    small = sheet.pages == 1 and sheet.total <= _LINES and sheet.total * len(sheet.heads) <= _CELLS
    endings = [each for each in _FILES if each != "png" or importlib.util.find_spec("resvg_py")]
    files = [(_FILES[each][1], links.url(f"/plots/{name}.{each}", **given)) for each in endings]
    files += [(each.upper(), links.url(f"/questions/{name}.{each}", **given)) for each in _SHEETS]
    return page(
        request,
        "plot.html",
        title=question.title,
        question=question,
        figure=Markup(figure),  # noqa: S704  # everything in it is escaped
        sheet=sheet if small else None,
        total=sheet.total,
        given={question.params[each].label: value for each, value in given.items()},
        table=links.url(f"/questions/{name}", **given),
        query=answer.text,
        downloads=files,
    )


def _file(request: Request, drawn: Plot, ending: str) -> Response:
    name = drawn.question.name
    disposition = {"Content-Disposition": f'inline; filename="{name}.{ending}"'}
    if ending == "png":
        try:
            return Response(drawn.png(), media_type=_FILES[ending][0], headers=disposition)
        except LithioKGError as error:
            return problem(request, 501, "This server draws no PNG", error.message, mend=error.mend)
    content = drawn.svg() if ending == "svg" else drawn.html()
    # A page of its own has its style inside, which no page of this server may: it is for taking along.
    kind = "attachment" if ending == "html" else "inline"
    disposition = {"Content-Disposition": f'{kind}; filename="{name}.{ending}"'}
    return Response(content, media_type=_FILES[ending][0], headers=disposition)


def evidence_of(site: Site) -> Callable[[Mark], str | None]:
    """Gives for a mark the place on the page of its design where its figure and evidence stand."""
    known = site.remember(("evidence of marks",), lambda: _observations(site))

    def find(mark: Mark) -> str | None:
        found: list[tuple[str, str]] = []
        for role in ("after", "value", "low", "y"):
            if role in mark.numbers and mark.target is not None:
                found = known.get((mark.target, mark.numbers[role]), [])
                break
        exact = [observation for observation, place in found if place == mark.place]
        chosen = next(iter(exact or [observation for observation, _ in found]), None)
        return links.local(chosen) if chosen else None

    return find


def _observations(site: Site) -> dict[tuple[str, float], list[tuple[str, str]]]:
    """The observations of a design by figure, each with its place in the tables."""
    answer = site.ask(_FIGURES, {})
    found: dict[tuple[str, float], list[tuple[str, str]]] = {}
    for row in answer.table:
        cells = dict(zip(answer.columns, row, strict=True))
        figure = cells["value"] or cells["minimum"]
        if figure is not None:
            key = (_value(cells["design"]), float(_value(figure)))
            found.setdefault(key, []).append((_value(cells["observation"]), _place(cells)))
    return found


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))


def _place(cells: Mapping[str, Term | None]) -> str:
    table, row = _value(cells["table"]), _value(cells["row"])
    return f"T{table}.{row}" if table and row else ""


ROUTES: list[BaseRoute] = [
    Route("/plots", listing),
    Route("/plots/style.css", style),
    Route("/plots/{name}", plot),
]
