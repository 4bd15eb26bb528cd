"""Scatter and bubble plots: two numbers of each thing, its class, and a third number as its area."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from lithiokg.plots.canvas import PAD, SMALL, TEXT, arrow, cross, group_class, shape, warning
from lithiokg.plots.markup import element, typeset
from lithiokg.plots.scales import linear, log
from lithiokg.plots.typography import number, text_width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.plots.canvas import Canvas
    from lithiokg.plots.marks import Chart, Mark, Panel
    from lithiokg.plots.scales import Scale

__all__ = ["draw_scatter", "radius"]

_DOT = 5.0
_LARGEST, _LARGEST_NARROW = 15.0, 11.0
_SMALLEST = 2.5
#: Room for the sign of a doubt before a short name.
_SIGN = 12
_HEIGHT, _NARROW_HEIGHT = 380.0, 300.0
#: How far the first and last mark stay from the frame.
_MARGIN = 22.0


def radius(size: float, largest: float, most: float) -> float:
    """The radius of a mark whose area stands for a number."""
    return max(_SMALLEST, most * math.sqrt(max(size, 0.0) / largest)) if largest > 0 else _DOT


def draw_scatter(canvas: Canvas, chart: Chart, panel: Panel, largest: float) -> None:
    """Draw a panel of a scatter or bubble plot.

    Args:
        canvas: where to.
        chart: the whole plot.
        panel: the panel.
        largest: the largest size in all panels.
    """
    spec = chart.spec
    height = _NARROW_HEIGHT if canvas.narrow else _HEIGHT
    for line in wrap(chart.axis("y", panel.unit), canvas.width - 2 * PAD, TEXT):
        canvas.lines([line], PAD)
    top = canvas.y + 6
    bottom = top + height
    rough = _scale(panel.marks, "y", chart, 0, 1)
    left = PAD + max(text_width(number(tick), SMALL) for tick in rough.ticks) + 8
    right = canvas.width - PAD
    scale_y = _scale(panel.marks, "y", chart, bottom - _MARGIN, top + _MARGIN)
    scale_x = _scale(panel.marks, "x", chart, left + _MARGIN, right - _MARGIN)
    canvas.add(element("path", class_="axis none", d=f"M{left:.1f} {top:.1f}V{bottom:.1f}H{right:.1f}"))
    canvas.axis_left(scale_y, left, right)
    canvas.axis_below(scale_x, top, bottom, chart.axis("x", panel.unit), middle=(left + right) / 2)
    if spec.rule is not None and scale_y.low <= spec.rule <= scale_y.high:
        y = scale_y(spec.rule)
        canvas.add(element("line", class_="rule", x1=float(left), x2=float(right), y1=y, y2=y))
    most = _LARGEST_NARROW if canvas.narrow else _LARGEST
    placed = _placed(panel.marks, scale_x, scale_y, lambda mark: _radius_of(mark, chart, largest, most))
    # The largest lie below, so that none is hidden.
    placed.sort(key=lambda each: (-each[3], each[0].name))
    tags = _tags(placed, (left, top, right, bottom))
    for mark, x, y, r in placed:
        kind = group_class(chart.groups, mark.group)
        sized = "size" not in spec.columns or "size" in mark.numbers
        drawn = shape(kind, x, y, r, f"m c{kind}") if sized else cross(x, y, f"cross x{kind}")
        if not sized:  # a cross is thin; what catches the pointer is not
            drawn += element("circle", class_="catch", cx=x, cy=y, r=9.0)
        tag = tags.get(mark.name)
        label = _tag(mark, *tag) if tag else ""
        arrows = arrow(x, y, mark.signs.get("x", ""), r), arrow(x, y, mark.signs.get("y", ""), r, upward=True)
        canvas.linked(mark, drawn, *arrows, label)


def _radius_of(mark: Mark, chart: Chart, largest: float, most: float) -> float:
    if "size" not in chart.spec.columns:
        return _DOT
    return radius(mark.numbers["size"], largest, most) if "size" in mark.numbers else 4.0


def _scale(marks: Sequence[Mark], role: str, chart: Chart, start: float, end: float) -> Scale:
    values = [mark.numbers[role] for mark in marks]
    if role == "y" and chart.spec.rule is not None:
        values.append(chart.spec.rule)
    return log(values, start, end) if role in chart.spec.log else linear(values, start, end)


def _placed(
    marks: Sequence[Mark], scale_x: Scale, scale_y: Scale, size: object
) -> list[tuple[Mark, float, float, float]]:
    """Where marks go; those with the same two numbers stand side by side."""
    assert callable(size)  # noqa: S101  # the one caller above
    same: dict[tuple[float, float], list[Mark]] = {}
    for mark in marks:
        same.setdefault((mark.numbers["x"], mark.numbers["y"]), []).append(mark)
    placed = []
    for (x, y), together in same.items():
        radii = [float(size(mark)) for mark in together]
        step = 2 * max(radii) * 0.62
        first = scale_x(x) - step * (len(together) - 1) / 2
        placed += [
            (mark, first + step * index, scale_y(y), r)
            for index, (mark, r) in enumerate(zip(together, radii, strict=True))
        ]
    return placed


def _tag(mark: Mark, x: float, y: float) -> str:
    sign = warning(x, y) if mark.doubtful else ""
    return sign + element("text", typeset(mark.place), class_="s q", x=x + _SIGN * mark.doubtful, y=float(y))


def _tags(
    placed: Sequence[tuple[Mark, float, float, float]], frame: tuple[float, float, float, float]
) -> dict[str, tuple[float, float]]:
    """Where the short names of marks fit without touching anything; those that fit nowhere are left out."""
    left, top, right, bottom = frame
    taken = [(x - r, y - r, x + r, y + r) for _, x, y, r in placed]
    for mark, x, y, r in placed:
        up = {"<": -1, "<=": -1, ">": 1, ">=": 1}.get(mark.signs.get("y", ""), 0)
        if up:
            ends = sorted((y - up * r, y - up * (r + 16)))
            taken.append((x - 4, ends[0], x + 4, ends[1]))
    found: dict[str, tuple[float, float]] = {}
    for mark, x, y, r in sorted(placed, key=lambda each: (each[1], each[2])):
        if not mark.place:
            continue
        wide, high = text_width(mark.place, SMALL) + _SIGN * mark.doubtful, SMALL
        for start, at_y in (
            (x + r + 3, y + 4),
            (x - r - 3 - wide, y + 4),
            (x - wide / 2, y - r - 4),
            (x - wide / 2, y + r + high + 1),
        ):
            box = (start, at_y - high + 2, start + wide, at_y + 2)
            inside = box[0] >= left and box[2] <= right and box[1] >= top and box[3] <= bottom
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                found[mark.name] = (start, at_y)
                break
    return found


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
