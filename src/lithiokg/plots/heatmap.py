"""A matrix of numbers: how much there is of what for whom, and where there is nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lithiokg.plots.canvas import PAD, SMALL, TEXT
from lithiokg.plots.markup import element, n, typeset
from lithiokg.plots.typography import number, text_width, wrap

if TYPE_CHECKING:
    from lithiokg.plots.canvas import Canvas
    from lithiokg.plots.marks import Chart, Mark, Panel

__all__ = ["LEVELS", "draw_heatmap", "level"]

#: Shades from nothing to the largest number.
LEVELS = 6
_ROW, _NARROW_ROW = 26.0, 30.0
_LABELS, _NARROW_LABELS = 0.30, 0.38
_LINE = 14


def level(value: float, most: float) -> int:
    """The shade of a number: 0 is one of its own, and the others share the range.

    >>> level(0, 12), level(1, 12), level(12, 12)
    (0, 1, 5)
    """
    if value <= 0 or most <= 0:
        return 0
    return min(LEVELS - 1, 1 + int((value / most) * (LEVELS - 1) * 0.9999))


def draw_heatmap(canvas: Canvas, chart: Chart, panel: Panel) -> None:
    """Draw a panel of a matrix."""
    columns = list(dict.fromkeys(mark.across for mark in panel.marks))
    rows: dict[tuple[str, str], dict[str, Mark]] = {}
    for mark in panel.marks:
        rows.setdefault((mark.label, mark.detail), {})[mark.across] = mark
    # What there is most of comes first, and so the empty rows last.
    order = sorted(rows, key=lambda row: -sum(mark.numbers["value"] for mark in rows[row].values()))
    rows = {row: rows[row] for row in order}
    # All panels have the same frame and the same shades, which are explained once.
    everything = [mark for each in chart.panels for mark in each.marks]
    most = max((mark.numbers["value"] for mark in everything), default=0.0)
    share = _NARROW_LABELS if canvas.narrow else _LABELS
    needed = max(text_width(_row_label(mark.label, mark.detail), TEXT) for mark in everything)
    width = min(needed, canvas.width * share)
    left = PAD + width + 8
    cell = (canvas.width - PAD - left) / len(columns)
    top = canvas.y + _heads(canvas, columns, left, cell) + 6
    for (label, detail), marks in rows.items():
        lines = wrap(_row_label(label, detail), width, TEXT if not canvas.narrow else SMALL)
        height = max(_NARROW_ROW if canvas.narrow else _ROW, _LINE * len(lines) + 6.0)
        y = top + (height - _LINE * len(lines)) / 2
        for line in lines:
            y += _LINE
            size = "s" if canvas.narrow else None
            canvas.add(element("text", typeset(line), class_=size, x=float(PAD), y=y - 3.0))
        canvas.add('<g class="cells">')
        for index, column in enumerate(columns):
            if column in marks:
                _cell(canvas, marks[column], (left + index * cell, top, cell, height), most)
        canvas.add("</g>")
        top += height
    canvas.y = top + 4
    if panel is chart.panels[-1]:
        canvas.legend(_keys(most, chart.words("value")))


def _row_label(label: str, detail: str) -> str:
    return f"{label} ({detail})" if detail else label


def _heads(canvas: Canvas, columns: list[str], left: float, cell: float) -> float:
    """Draw what stands over the columns, and tell how high it is."""
    pieces = [piece for column in columns for piece in re.findall(r"[^\s/-]+[/-]?", column)]
    if max((text_width(piece, SMALL) for piece in pieces), default=0) <= cell - 4:
        wrapped = [wrap(column, cell - 4, SMALL) for column in columns]
        lines = max(map(len, wrapped))
        for index, words in enumerate(wrapped):
            y = canvas.y + (lines - len(words)) * _LINE
            for line in words:
                y += _LINE
                x = left + (index + 0.5) * cell
                canvas.add(element("text", typeset(line), class_="s mid", x=x, y=y))
        return lines * _LINE
    height = min(150.0, max(text_width(column, SMALL) for column in columns) + 4)
    for index, column in enumerate(columns):
        lines_ = wrap(column, height, SMALL)[: max(1, int(cell // 12))]
        for place, line in enumerate(lines_):
            x = left + (index + 0.5) * cell + 4 + 12 * (place - (len(lines_) - 1) / 2)
            y = canvas.y + height
            turned = f"translate({n(x)} {n(y)}) rotate(-90)"
            canvas.add(element("text", typeset(line), class_="s", transform=turned))
    return height


def _cell(canvas: Canvas, mark: Mark, box: tuple[float, float, float, float], most: float) -> None:
    x, y, width, height = box
    value = mark.numbers["value"]
    shade = level(value, most)
    # There may be hundreds of these, twice on a page: they say no more than they must.
    canvas.linked(
        mark,
        element("rect", class_=f"h{shade}", x=x + 1, y=y + 1, width=width - 2, height=height - 2),
        element("text", typeset(number(value)), class_=f"t{shade}", x=x + width / 2, y=y + height / 2 + 4),
        class_=None,
    )


def _keys(most: float, words: str) -> list[tuple[str, str, float]]:
    """The shades and what each stands for."""
    bounds: dict[int, list[int]] = {}
    for value in range(int(most) + 1):
        bounds.setdefault(level(value, most), []).append(value)
    keys = []
    for shade, values in bounds.items():
        box = element("rect", class_=f"h{shade}", x=-8, y=-7, width=16, height=14, rx=2)
        said = str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"
        keys.append((box, f"{said} {words}" if shade in {0, max(bounds)} else said, 8.0))
    return keys
