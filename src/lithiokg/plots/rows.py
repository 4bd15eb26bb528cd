"""Plots with one line for each thing: dumbbells, bars, and dots with ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.plots.canvas import PAD, SMALL, TEXT, arrow, group_class, shape, warning
from lithiokg.plots.marks import written
from lithiokg.plots.markup import element, n, typeset
from lithiokg.plots.scales import linear, log
from lithiokg.plots.typography import number, text_width, wrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.plots.canvas import Canvas
    from lithiokg.plots.marks import Chart, Mark, Panel
    from lithiokg.plots.scales import Scale

__all__ = ["draw_rows"]

#: The largest share of the width that labels take.
_LABELS = 0.37
_LINE, _SMALL_LINE = 15, 13
_RADIUS = 5.0
_GAP = 8
#: A factor below this has two digits: the figures it comes from have no more.
_ROUGH = 10
_BAR = 13


@dataclass(frozen=True, slots=True)
class _Line:
    """A mark and where its line is."""

    mark: Mark
    label: list[str]
    detail: list[str]
    top: float
    height: float
    center: float


def draw_rows(canvas: Canvas, chart: Chart, panel: Panel) -> None:
    """Draw a panel of a dumbbell, bar or strip plot."""
    kind = chart.spec.kind
    marks: Sequence[Mark] = panel.marks
    if kind == "dumbbell":
        marks = sorted(marks, key=_fall, reverse=True)
    # Panels of one unit share a logarithmic scale; a linear one would press the narrower ranges flat.
    alike = [
        each
        for each in chart.panels
        if each is panel or ("value" in chart.spec.log and each.unit == panel.unit)
    ]
    values = [
        value
        for each in alike
        for mark in each.marks
        for role, value in mark.numbers.items()
        if role != "factor"
    ]
    if chart.spec.rule is not None:
        values.append(chart.spec.rule)
    # All panels have the same frame, so that they can be compared by eye.
    all_marks = [mark for each in chart.panels for mark in each.marks]
    right = canvas.width - PAD - _right(kind, all_marks)
    left, label_width = _left(canvas, all_marks)
    inset_left, inset_right = _insets(kind, all_marks)
    start, end = left + inset_left, right - inset_right
    scale: Scale = (
        log(values, start, end)
        if "value" in chart.spec.log
        else linear(values, start, end, zero=kind == "bar", ticks=4 if canvas.narrow else 6)
    )
    lines = _placed(canvas, marks, label_width)
    bottom = lines[-1].top + lines[-1].height
    for index, line in enumerate(lines):
        if index % 2 == 0:
            band = element("rect", class_="band", x=0.0, y=line.top, width=canvas.width, height=line.height)
            canvas.add(band)
    top, canvas_y = lines[0].top, bottom
    role = "value" if kind != "dumbbell" else "after"
    title = (chart.spec.words or {}).get("value") or chart.words(
        "low" if role not in chart.spec.columns else role
    )
    unit = panel.unit if chart.spec.column("unit") else ""
    title = f"{title} ({unit})" if unit else title
    canvas.axis_below(scale, top, canvas_y, title, middle=(left + right) / 2)
    if chart.spec.rule is not None:
        x = scale(chart.spec.rule)
        canvas.add(element("line", class_="rule", x1=x, x2=x, y1=float(top), y2=float(bottom)))
    for line in lines:
        _draw_line(canvas, chart, line, scale, right)


def _fall(mark: Mark) -> float:
    """By what factor a figure fell; without end where it fell to nothing."""
    before, after = mark.numbers["before"], mark.numbers["after"]
    return before / after if after else float("inf")


def _right(kind: str, marks: Sequence[Mark]) -> float:
    """Room for what stands to the right of the axis."""
    if kind != "dumbbell":
        return 0
    return max((text_width(_factor(mark), TEXT) for mark in marks), default=0) + _GAP


def _left(canvas: Canvas, marks: Sequence[Mark]) -> tuple[float, float]:
    """Where the axis begins, and how wide labels may be."""
    if canvas.narrow:
        return PAD, canvas.width - 2 * PAD
    needed = max((text_width(mark.label, TEXT) for mark in marks), default=0)
    needed = max(needed, max((text_width(mark.detail, SMALL) for mark in marks), default=0))
    width = min(needed, canvas.width * _LABELS)
    return PAD + width + _GAP, width


def _insets(kind: str, marks: Sequence[Mark]) -> tuple[float, float]:
    """Room within the axis for the figures that stand beside its first and last mark, and for arrows."""
    widths = [
        text_width(written(value, mark.signs.get(role, "")), SMALL)
        for mark in marks
        for role, value in mark.numbers.items()
        if role != "factor"
    ]
    widest = max(widths, default=0) + _RADIUS + 6
    lowest = any(sign.startswith("<") for mark in marks for sign in mark.signs.values())
    highest = any(sign.startswith(">") for mark in marks for sign in mark.signs.values())
    if kind == "bar":
        return 2, widest + 16 * highest
    if kind == "dumbbell":
        return widest + 16 * lowest, widest + 16 * highest
    ranges = any("low" in mark.numbers for mark in marks)
    return (widest if ranges else 10) + 16 * lowest, widest + 16 * highest


def _placed(canvas: Canvas, marks: Sequence[Mark], width: float) -> list[_Line]:
    """The lines one below the other, each as high as its label needs."""
    top = canvas.y + 4
    lines = []
    for mark in marks:
        label, detail = wrap(mark.label, width, TEXT), wrap(mark.detail, width, SMALL)
        detail = detail if mark.detail else []
        words = _LINE * len(label) + _SMALL_LINE * len(detail)
        height = words + 30.0 if canvas.narrow else max(24.0, words + 9)
        center = top + (words + 17 if canvas.narrow else height / 2)
        lines.append(_Line(mark, label, detail, top, height, center))
        top += height
    return lines


def _draw_line(canvas: Canvas, chart: Chart, line: _Line, scale: Scale, right: float) -> None:
    words = _LINE * len(line.label) + _SMALL_LINE * len(line.detail)
    y = line.top + (4 if canvas.narrow else (line.height - words) / 2)
    said = [warning(3, y + _LINE - 4)] if line.mark.doubtful else []
    for part in line.label:
        y += _LINE
        said.append(element("text", typeset(part), x=float(PAD), y=round(y - 3.5, 1)))
    for part in line.detail:
        y += _SMALL_LINE
        said.append(element("text", typeset(part), class_="s q", x=float(PAD), y=round(y - 3, 1)))
    kind = chart.spec.kind
    if kind == "dumbbell":
        drawn = _dumbbell(line, scale, right)
    elif kind == "bar":
        drawn = _bar(line, scale)
    else:
        drawn = _dot(line, scale, group_class(chart.groups, line.mark.group))
    rise = kind == "dumbbell" and _fall(line.mark) < 1
    canvas.linked(line.mark, *said, *drawn, class_="worse" if rise else "")


def _factor(mark: Mark) -> str:
    """By what factor the figure changed, in words.

    A figure that is printed as about or as a bound makes a factor of the same kind.
    """
    before, after = mark.numbers["before"], mark.numbers["after"]
    about = "~" if mark.signs else ""
    if before == after:
        return "no change"
    if not before or not after:
        return "to 0" if not after else "from 0"
    fall = mark.numbers.get("factor", before / after)
    # A quotient that was rounded for a table can say 1, or worse 0, of a rise.
    fall = fall if (fall > 1) == (before > after) and fall else before / after
    times = fall if before > after else after / before
    shown = number(float(f"{times:.{2 if times < _ROUGH or about else 3}g}"))
    return f"{about}{shown}× {'lower' if before > after else 'higher'}"


def _dumbbell(line: _Line, scale: Scale, right: float) -> list[str]:
    mark, y = line.mark, line.center
    ends = {role: scale(mark.numbers[role]) for role in ("before", "after")}
    signs = {role: mark.signs.get(role, "") for role in ends}
    parts = [
        element("line", class_="link", x1=ends["before"], x2=ends["after"], y1=float(y), y2=float(y)),
        shape(0, ends["before"], y, _RADIUS - 1, "before"),
        shape(0, ends["after"], y, _RADIUS, "m"),
    ]
    first = min(ends, key=lambda role: (ends[role], role == "before"))
    for role, x in ends.items():
        side = -1 if role == first else 1
        mark_arrow = arrow(x, y, signs[role], _RADIUS)
        outward = bool(mark_arrow) and (side > 0) == signs[role].startswith(">")
        shift = side * (_RADIUS + 5 + 16 * outward)
        anchor = "s q end" if side < 0 else "s q"
        figure = typeset(written(mark.numbers[role], signs[role]))
        parts += [mark_arrow, element("text", figure, class_=anchor, x=x + shift, y=y + 4.0)]
    parts.append(element("text", typeset(_factor(mark)), class_="f", x=float(right + _GAP), y=y + 4.0))
    return parts


def _bar(line: _Line, scale: Scale) -> list[str]:
    value, sign = line.mark.numbers["value"], line.mark.signs.get("value", "")
    zero, end = scale(0.0), scale(value)
    low, high = min(zero, end), max(zero, end)
    drawn = element(
        "rect",
        class_="bar",
        x=low,
        y=line.center - _BAR / 2,
        width=max(high - low, 0.0),
        height=float(_BAR),
    )
    mark_arrow = arrow(end, line.center, sign, 0)
    shift = 5 + 16 * (bool(mark_arrow) and sign.startswith(">"))
    figure = element("text", typeset(written(value, sign)), class_="s q", x=high + shift, y=line.center + 4.0)
    return [drawn, mark_arrow, figure]


def _dot(line: _Line, scale: Scale, kind: int) -> list[str]:
    mark, y = line.mark, line.center
    numbers = mark.numbers
    parts = []
    ends = [scale(numbers[role]) for role in ("low", "high") if role in numbers]
    if len(ends) == 2 and "value" not in numbers:  # noqa: PLR2004  # a range has two
        low, high = ends
        parts.append(
            element(
                "path",
                class_="link",
                d=f"M{n(low)} {n(y - 5)}V{n(y + 5)}M{n(low)} {n(y)}H{n(high)}M{n(high)} {n(y - 5)}V{n(y + 5)}",
            )
        )
        if low == high:
            parts[-1] = shape(kind, low, y, _RADIUS, f"m c{kind}")
            return [*parts, _figure(written(numbers["low"], mark.signs.get("low", "")), low + _RADIUS + 5, y)]
        first = element(
            "text",
            typeset(written(numbers["low"], mark.signs.get("low", ""))),
            class_="s q end",
            x=low - 5,
            y=y + 4.0,
        )
        return [*parts, first, _figure(written(numbers["high"], mark.signs.get("high", "")), high + 5, y)]
    x, sign = scale(numbers["value"]), mark.signs.get("value", "")
    mark_arrow = arrow(x, y, sign, _RADIUS)
    shift = _RADIUS + 5 + 16 * (bool(mark_arrow) and sign.startswith(">"))
    return [
        shape(kind, x, y, _RADIUS, f"m c{kind}"),
        mark_arrow,
        _figure(written(numbers["value"], sign), x + shift, y),
    ]


def _figure(words: str, x: float, y: float) -> str:
    return element("text", typeset(words), class_="s q", x=float(x), y=y + 4.0)
