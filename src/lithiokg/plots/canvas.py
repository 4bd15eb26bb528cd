"""What all kinds of plot have in common: text, links, shapes, axes, legends."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.plots.marks import NOT_REPORTED
from lithiokg.plots.markup import element, n, safe_href, text, typeset
from lithiokg.plots.style import CLASSES
from lithiokg.plots.typography import number, text_width, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lithiokg.plots.marks import Mark
    from lithiokg.plots.scales import Scale

__all__ = ["BIG", "PAD", "SMALL", "TEXT", "Canvas", "arrow", "cross", "group_class", "shape", "warning"]

PAD = 16
BIG, TEXT, SMALL = 15, 12, 11
_LEADING = 1.25
_ARROW = 16
#: What areas of shapes are multiplied with so that all look as large as the circle.
_EQUAL = (1.0, 0.886, 1.35, 1.25, 1.1, 1.0, 1.15)
_CIRCLE, _SQUARE, _TRIANGLE, _DIAMOND, _UPSIDE_DOWN, _PENTAGON = range(6)


@dataclass
class Canvas:
    """A drawing that grows downward.

    Attributes:
        width: how wide it is.
        narrow: whether it is the one for phones.
        link: gives the address that a mark leads to, if there is one.
        y: how far down it has grown.
        parts: the markup so far.
    """

    width: float
    narrow: bool
    link: Callable[[Mark], str | None]
    y: float = PAD
    parts: list[str] = field(default_factory=list)

    def add(self, *markup: str) -> None:
        """Put markup into the drawing."""
        self.parts += markup

    def lines(self, lines: Sequence[str], x: float, *, class_: str | None = None, size: float = TEXT) -> None:
        """Lines of text from the left, below what is there."""
        for line in lines:
            self.y += size * _LEADING
            self.add(
                element("text", typeset(line), class_=class_, x=float(x), y=round(self.y - size * 0.25, 1))
            )

    def paragraph(self, words: str, *, class_: str | None = None, size: float = TEXT) -> None:
        """Text over the whole width; the sign of a doubt before it hangs in the margin."""
        if words.startswith("⚠ "):
            words = words[2:]
            self.add(warning(3, self.y + size * (_LEADING - 0.25)))
        self.lines(wrap(words, self.width - 2 * PAD, size), PAD, class_=class_, size=size)

    def linked(self, mark: Mark, *markup: str, class_: str | None = "") -> None:
        """What belongs to a mark: one link, or one group, whose title says all of it and is its name."""
        named = class_ is not None
        classes = (
            " ".join(filter(None, ("mark", class_, "unsure" if mark.doubtful else ""))) if named else None
        )
        title = element("title", text(mark.name))
        href = safe_href(self.link(mark))
        if href:
            self.add(element("a", title, *markup, class_=classes, href=href))
        else:
            self.add(element("g", title, *markup, class_=classes, role="img"))

    def axis_below(self, scale: Scale, top: float, bottom: float, title: str, *, middle: float) -> None:
        """Vertical lines of the grid with their values below them, and what the axis is called."""
        shown = _apart(scale, horizontal=True)
        for tick in scale.ticks:
            x = scale(tick)
            self.add(element("line", class_="grid", x1=x, x2=x, y1=float(top), y2=float(bottom)))
            if tick in shown:
                at = bottom + SMALL + 4
                self.add(element("text", typeset(number(tick)), class_="s q mid", x=x, y=float(at)))
        self.y = bottom + SMALL + 6
        for line in wrap(title, self.width - 2 * PAD, TEXT):
            self.y += TEXT * _LEADING
            half = text_width(line, TEXT) / 2
            center = min(max(middle, PAD + half), self.width - PAD - half)
            self.add(element("text", typeset(line), class_="mid", x=float(center), y=float(self.y)))
        self.y += 6

    def axis_left(self, scale: Scale, left: float, right: float) -> None:
        """Horizontal lines of the grid with their values beside them."""
        shown = _apart(scale, horizontal=False)
        for tick in scale.ticks:
            y = scale(tick)
            self.add(element("line", class_="grid", x1=float(left), x2=float(right), y1=y, y2=y))
            if tick in shown:
                self.add(element("text", typeset(number(tick)), class_="s q end", x=float(left - 6), y=y + 4))

    def legend(self, entries: Sequence[tuple[str, str, float]]) -> None:
        """Shapes with words and half their width, in as many lines as they need; a shape is around 0, 0."""
        if not entries:
            return
        x: float = PAD
        self.y += 4
        row = 2 * max(10.0, *(half for _, _, half in entries)) + 2
        for markup, words, half in entries:
            indent = 2 * half + 6
            wide = indent + text_width(words, SMALL) + 14
            if x > PAD and x + wide > self.width - PAD + 14:
                x = PAD
                self.y += row
            self.add(element("g", markup, transform=f"translate({n(x + half)} {n(self.y + row / 2)})"))
            for index, line in enumerate(wrap(words, self.width - 2 * PAD - indent, SMALL)):
                self.y += 14 * bool(index)
                at = self.y + row / 2 + 4
                self.add(element("text", typeset(line), class_="s", x=float(x + indent), y=float(at)))
            x += wide
        self.y += row + 4


def _apart(scale: Scale, *, horizontal: bool) -> set[float]:
    """The ticks whose values can be written without touching each other; powers of ten go first."""
    room = 8 if horizontal else 2

    def rank(tick: float) -> tuple[bool, float]:
        return (tick > 0 and math.log10(tick) % 1 != 0, tick)

    taken: list[tuple[float, float]] = []
    shown: set[float] = set()
    for tick in sorted(scale.ticks, key=rank):
        half = (text_width(number(tick), SMALL) if horizontal else SMALL) / 2 + room / 2
        low, high = scale(tick) - half, scale(tick) + half
        if all(high <= start or low >= end for start, end in taken):
            taken.append((low, high))
            shown.add(tick)
    return shown


def warning(x: float, y: float) -> str:
    """The sign of a doubt, ten pixels wide, on a line of text that begins at its right; few fonts have it."""
    outline = element("path", class_="warn", d=f"M{n(x + 5)} {n(y - 9)}l5 9h-10z")
    return outline + element(
        "path", class_="warn-line", d=f"M{n(x + 5)} {n(y - 6)}v3M{n(x + 5)} {n(y - 2)}v1"
    )


def group_class(groups: Sequence[str], group: str) -> int:
    """The number of the color and shape of a class; the last one is for what is not reported."""
    if group == NOT_REPORTED:
        return CLASSES - 1
    return groups.index(group) % (CLASSES - 1) if group in groups else 0


def shape(kind: int, x: float, y: float, radius: float, class_: str) -> str:
    """A shape of the same area as a circle of a radius."""
    r = radius * math.sqrt(math.pi) / 2 * _EQUAL[kind] if kind else radius
    if kind == _CIRCLE:
        return element("circle", class_=class_, cx=float(x), cy=float(y), r=float(r))
    if kind == _SQUARE:
        return element(
            "rect", class_=class_, x=float(x - r), y=float(y - r), width=float(2 * r), height=float(2 * r)
        )
    corners = {_TRIANGLE: (3, -90), _DIAMOND: (4, -90), _UPSIDE_DOWN: (3, 90), _PENTAGON: (5, -90)}
    number_, first = corners.get(kind, (6, 0))
    angles = [math.radians(first + 360 / number_ * index) for index in range(number_)]
    points = " ".join(f"{n(x + r * math.cos(a))},{n(y + r * math.sin(a))}" for a in angles)
    return element("polygon", class_=class_, points=points)


def cross(x: float, y: float, class_: str) -> str:
    """What stands for a mark whose size is not known."""
    r = 4
    path = f"M{n(x - r)} {n(y - r)}L{n(x + r)} {n(y + r)}M{n(x - r)} {n(y + r)}L{n(x + r)} {n(y - r)}"
    return element("path", class_=class_, d=path)


def arrow(x: float, y: float, sign: str, radius: float, *, upward: bool = False) -> str:
    """An arrow from a mark toward where the true value lies, if its figure is a bound."""
    toward = {"<": -1, "<=": -1, ">": 1, ">=": 1}.get(sign)
    if toward is None:
        return ""
    start, end = toward * radius, toward * (radius + _ARROW)
    tip = end - toward * 5
    if upward:  # larger values are further up, where pixels are fewer
        path = (
            f"M{n(x)} {n(y - start)}V{n(y - end)}M{n(x - 3.5)} {n(y - tip)}L{n(x)} {n(y - end)}"
            f"L{n(x + 3.5)} {n(y - tip)}"
        )
    else:
        path = (
            f"M{n(x + start)} {n(y)}H{n(x + end)}M{n(x + tip)} {n(y - 3.5)}L{n(x + end)} {n(y)}"
            f"L{n(x + tip)} {n(y + 3.5)}"
        )
    return element("path", class_="arrow", d=path)
