"""Draw a pattern as SVG: boxes on a grid, straight arrows, labels from the ontology."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.reference.patterns import Arrow, Box, Pattern

__all__ = ["draw"]

#: Widths in pixels of a character of a title (14 px) and of smaller text (12 px), on the generous side.
_TITLE, _SMALL = 7.4, 6.3
#: Titles are broken after so many characters.
_BREAK = 30
_LINE, _PADDING, _MARGIN = 17, 10, 12
_STYLE = (
    "text{font-family:system-ui,sans-serif;font-size:14px;fill:#1a1a1a;text-anchor:middle}"
    ".s{font-size:12px;fill:#444}.f{font-style:italic}"
    "rect{stroke:#3b5b7a;fill:#e8f0f7}.t rect{fill:#fff;rx:12px}.i rect{fill:#fdf3dc;stroke:#9a7420;stroke-dasharray:5 3}"
    "path{stroke:#3b5b7a;fill:none}.i path{stroke:#9a7420;stroke-dasharray:5 3}"
    ".e rect{stroke:none;fill:#fff}a:hover text{text-decoration:underline}"
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """A box with its text, and where it is: its center and half its size."""

    box: Box
    title: list[str]
    fields: list[str]
    x: float
    y: float
    width: float
    height: float

    def edge(self, x: float, y: float) -> tuple[float, float]:
        """Where a line from the center to a point leaves the box."""
        dx, dy = x - self.x, y - self.y
        reach = min(
            self.width / abs(dx) if dx else float("inf"),
            self.height / abs(dy) if dy else float("inf"),
        )
        return self.x + dx * reach, self.y + dy * reach


def draw(
    pattern: Pattern,
    *,
    label: Callable[[str], str],
    link: Callable[[str], str | None],
    inferred: Callable[[str], bool],
) -> str:
    """The pattern as an SVG document.

    Args:
        pattern: what to draw.
        label: the label of an IRI.
        link: where the entry of an IRI is, if it has one.
        inferred: whether a class is one that only a reasoner assigns.
    """
    shapes = {box.key: _shape(pattern, box, label) for box in pattern.boxes}
    left = min(shape.x - shape.width for shape in shapes.values()) - _MARGIN
    top = min(shape.y - shape.height for shape in shapes.values()) - _MARGIN
    right = max(shape.x + shape.width for shape in shapes.values()) + _MARGIN
    bottom = max(shape.y + shape.height for shape in shapes.values()) + _MARGIN
    width, height = _n(right - left), _n(bottom - top)
    corner = _n(left), _n(top)
    head = '<path d="M0 0 8 4 0 8z" style="fill:#555;stroke:none"/>'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{width}" height="{height}" ',
        f'viewBox="{corner[0]} {corner[1]} {width} {height}">\n',
        f"<title>{escape(pattern.title)}</title>\n<style>{_STYLE}</style>\n",
        f'<marker id="{pattern.key}-head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" ',
        f'markerHeight="8" orient="auto">{head}</marker>\n',
        f'<rect x="{corner[0]}" y="{corner[1]}" width="{width}" height="{height}" ',
        'style="fill:#fff;stroke:none"/>\n',
        *(_arrow(pattern, arrow, shapes, label, link) for arrow in pattern.arrows),
        *(_box(shape, link, inferred) for shape in shapes.values()),
        "</svg>\n",
    ]
    return "".join(parts)


def _n(value: float) -> str:
    """A coordinate, without digits that nobody sees."""
    return f"{value:.1f}".removesuffix(".0")


def _shape(pattern: Pattern, box: Box, label: Callable[[str], str]) -> _Shape:
    title = textwrap.wrap(label(box.iri), _BREAK)
    fields = [label(box_field) for box_field in _fields(box)]
    width = max([len(line) * _TITLE for line in title] + [len(line) * _SMALL for line in fields])
    height = len(title) * _LINE + len(fields) * (_LINE - 3)
    (column, row), (across, down) = box.place, pattern.step
    return _Shape(
        box, title, fields, column * across, row * down, width / 2 + _PADDING, height / 2 + _PADDING * 0.7
    )


def _fields(box: Box) -> list[str]:
    return [LKG + name for name in box.fields]


def _linked(text: str, target: str | None) -> str:
    return f'<a href="{escape(target)}">{text}</a>' if target else text


def _box(shape: _Shape, link: Callable[[str], str | None], inferred: Callable[[str], bool]) -> str:
    kind = ("i" if inferred(shape.box.iri) else "c") if shape.box.is_class else "t"
    y = shape.y - shape.height + _PADDING * 0.7 + _LINE - 4
    lines = []
    for line in shape.title:
        lines.append(f'<text x="{_n(shape.x)}" y="{_n(y)}">{escape(line)}</text>')
        y += _LINE
    y -= 2
    for line in shape.fields:
        lines.append(f'<text class="s f" x="{_n(shape.x)}" y="{_n(y)}">{escape(line)}</text>')
        y += _LINE - 3
    frame = (
        f'<rect x="{_n(shape.x - shape.width)}" y="{_n(shape.y - shape.height)}" '
        f'width="{_n(2 * shape.width)}" height="{_n(2 * shape.height)}" rx="{12 if kind == "t" else 3}"/>'
    )
    return f'<g class="{kind}">{frame}{_linked("".join(lines), link(shape.box.iri))}</g>\n'


def _arrow(
    pattern: Pattern,
    arrow: Arrow,
    shapes: dict[str, _Shape],
    label: Callable[[str], str],
    link: Callable[[str], str | None],
) -> str:
    start, end = shapes[arrow.start], shapes[arrow.end]
    x1, y1 = start.edge(end.x, end.y)
    x2, y2 = end.edge(start.x, start.y)
    text = "is a" if arrow.relation == "a" else label(arrow.iri)
    x, y = x1 + (x2 - x1) * arrow.at, y1 + (y2 - y1) * arrow.at
    half = len(text) * _SMALL / 2 + 2
    words = (
        f'<g class="e"><rect x="{_n(x - half)}" y="{_n(y - 8)}" width="{_n(2 * half)}" height="16"/>'
        f'<text class="s" x="{_n(x)}" y="{_n(y + 4)}">{escape(text)}</text></g>'
    )
    line = f'<path d="M{_n(x1)} {_n(y1)} {_n(x2)} {_n(y2)}" marker-end="url(#{pattern.key}-head)"/>'
    opening = '<g class="i">' if arrow.inferred else "<g>"
    return f"{opening}{line}{_linked(words, link(arrow.iri))}</g>\n"
