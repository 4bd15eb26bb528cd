"""An SVG document from the panels of a chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.plots.canvas import BIG, PAD, SMALL, Canvas, group_class, shape
from lithiokg.plots.heatmap import draw_heatmap
from lithiokg.plots.markup import element, n, text
from lithiokg.plots.rows import draw_rows
from lithiokg.plots.scales import linear
from lithiokg.plots.scatter import draw_scatter, radius
from lithiokg.plots.style import stylesheet
from lithiokg.plots.typography import number, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lithiokg.plots.marks import Chart, Mark

__all__ = ["NARROW", "WIDE", "draw"]

#: Widths of the two drawings in pixels.
WIDE, NARROW = 760, 380
_BIGGEST, _BIGGEST_NARROW = 15.0, 11.0


def draw(
    chart: Chart,
    *,
    name: str,
    title: str,
    description: str,
    empty: str,
    credit: str = "",
    narrow: bool = False,
    standalone: bool = True,
    link: Callable[[Mark], str | None],
) -> str:
    """Draw a chart.

    Args:
        chart: what to draw.
        name: makes the ids of the drawing its own on a page.
        title: what the drawing is called.
        description: what it shows, for those who do not see it.
        empty: what is said where there is nothing to draw.
        credit: the line at the foot of a figure that stands alone.
        narrow: whether it is the one for phones.
        standalone: whether it carries its style, its title and its credit, as a file must.
        link: gives the address that a mark leads to, if there is one.
    """
    canvas = Canvas(NARROW if narrow else WIDE, narrow, link)
    if standalone:
        canvas.lines(wrap(title, canvas.width - 2 * PAD, BIG), PAD, class_="h", size=BIG)
        canvas.y += 4
    if chart.panels:
        canvas.legend(_legend(chart))
        canvas.legend(_size_key(chart, _BIGGEST_NARROW if narrow else _BIGGEST))
        _panels(canvas, chart)
    else:
        canvas.paragraph(empty)
    canvas.y += 4
    for note in chart.notes:
        canvas.paragraph(note, class_="s q", size=SMALL)
    if standalone and credit:
        canvas.paragraph(credit, class_="s q", size=SMALL)
    return _document(canvas, name, title, description, standalone=standalone)


def _panels(canvas: Canvas, chart: Chart) -> None:
    largest = max(
        (mark.numbers.get("size", 0.0) for panel in chart.panels for mark in panel.marks), default=0.0
    )
    for index, panel in enumerate(chart.panels):
        if index:
            canvas.y += 14
        heading = _panel_heading(chart, panel.title, panel.unit)
        if heading:
            canvas.paragraph(heading, class_="b")
            canvas.y += 2
        if chart.spec.kind == "heatmap":
            draw_heatmap(canvas, chart, panel)
        elif chart.spec.kind in {"scatter", "bubble"}:
            draw_scatter(canvas, chart, panel, largest)
        else:
            draw_rows(canvas, chart, panel)


def _panel_heading(chart: Chart, title: str, unit: str) -> str:
    if title:
        return f"{title} ({unit})" if unit and len({p.unit for p in chart.panels}) > 1 else title
    return f"in {unit}" if len(chart.panels) > 1 and unit else ""


def _legend(chart: Chart) -> list[tuple[str, str, float]]:
    kind = chart.spec.kind
    if kind == "dumbbell":
        return [
            (shape(0, 0, 0, 4, "before"), "before", 5.0),
            (shape(0, 0, 0, 5, "m"), "after, lower", 5.0),
            (element("g", shape(0, 0, 0, 5, "m"), class_="worse"), "after, higher", 5.0),
        ]
    if kind in {"heatmap", "bar"}:
        return []
    return [
        (shape(index, 0, 0, 5.5, f"m c{index}"), group, 7.0)
        for group in chart.groups
        for index in [group_class(chart.groups, group)]
    ]


def _size_key(chart: Chart, most: float) -> list[tuple[str, str, float]]:
    sizes = [mark.numbers["size"] for panel in chart.panels for mark in panel.marks if "size" in mark.numbers]
    if not sizes:
        return []
    largest = max(sizes)
    ticks = [tick for tick in linear(sizes, 0, 1, ticks=3, zero=True).ticks if 0 < tick <= largest]
    shown: Sequence[float] = sorted({min(sizes), *(ticks[:1] if min(sizes) < ticks[0] else ()), largest})
    words = chart.axis("size")
    return [
        (
            element("circle", class_="key", cx=0, cy=0, r=radius(size, largest, most)),
            f"{number(size)} {words}" if index == len(shown) - 1 else number(size),
            radius(size, largest, most),
        )
        for index, size in enumerate(shown)
    ]


def _document(canvas: Canvas, name: str, title: str, description: str, *, standalone: bool) -> str:
    width, height = n(canvas.width), n(canvas.y + PAD)
    variant = "narrow" if canvas.narrow else "wide"
    key = f"plot-{name}-{variant}"
    head = [
        element("title", text(title), id=f"{key}-title"),
        element("desc", text(description), id=f"{key}-desc"),
    ]
    if standalone:
        # What stands in <style> is our own text alone, and holds nothing that XML would read as markup.
        head.append(f"<style>{stylesheet()}</style>")
        head.append(element("rect", class_="paper", width="100%", height="100%"))
    return element(
        "svg",
        *head,
        *(f"\n{part}" for part in canvas.parts),
        "\n",
        xmlns="http://www.w3.org/2000/svg",
        class_=f"plot {variant}",
        role="group",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )
