"""Layers of boxes with links between them: from causes on the left to effects on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.plots.markup import element, n, safe_href, text, typeset
from lithiokg.plots.typography import wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Box", "Link", "draw_layers", "layers_of", "ordered"]

_SWEEPS = 8
_LINE, _SIZE = 14.0, 11.5
_PADDING, _SPACE = 7.0, 9.0
_HEAD = 26.0


@dataclass(frozen=True, slots=True)
class Box:
    """A box.

    Attributes:
        key: what links name it by.
        label: what stands in it.
        layer: the number of the layer in which it stands, or later.
        href: where it leads.
        kind: a class of looks.
        name: more words for those who do not see the drawing.
    """

    key: str
    label: str
    layer: int
    href: str | None = None
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from a box to a later one.

    Attributes:
        source: the key of the box it leaves.
        target: the key of the box it reaches.
        name: what it says, in words.
        href: where its evidence is.
        stated: whether a source says so; what is inferred is dashed.
        kind: a class of looks; ``against`` ends in a bar instead of an arrow.
        weight: how much there is behind it.
    """

    source: str
    target: str
    name: str
    href: str | None = None
    stated: bool = True
    kind: str = ""
    weight: int = 1


def layers_of(boxes: Iterable[Box], links: Sequence[Link]) -> dict[str, int]:
    """The layer of each box: its own or one behind the last box that leads to it, whichever is later.

    A link that would close a circle is not followed.

    >>> layers_of([Box("a", "", 0), Box("b", "", 0)], [Link("a", "b", "")])
    {'a': 0, 'b': 1}
    """
    layer = {box.key: box.layer for box in boxes}
    before: dict[str, list[str]] = {key: [] for key in layer}
    for link in links:
        if link.source in layer and link.target in layer:
            before[link.target].append(link.source)
    done: dict[str, int] = {}

    def place(key: str, path: frozenset[str]) -> int:
        if key not in done:
            come = [place(each, path | {key}) for each in before[key] if each not in path and each != key]
            done[key] = max([layer[key], *(each + 1 for each in come)])
        return done[key]

    return {key: place(key, frozenset({key})) for key in layer}


def ordered(boxes: Sequence[Box], links: Sequence[Link], layer: dict[str, int]) -> list[list[Box]]:
    """The boxes of each layer, such that links cross little: each near the middle of what it is linked to."""
    rows = [
        [box for box in boxes if layer[box.key] == each]
        for each in range(max(layer.values(), default=-1) + 1)
    ]
    near: dict[str, list[tuple[str, int]]] = {box.key: [] for box in boxes}
    for link in links:
        if link.source in near and link.target in near:
            near[link.source].append((link.target, link.weight))
            near[link.target].append((link.source, link.weight))
    for sweep in range(_SWEEPS):
        place = {box.key: (index + 0.5) / len(row) for row in rows for index, box in enumerate(row)}
        for row in rows if sweep % 2 == 0 else reversed(rows):
            middles = {}
            for index, box in enumerate(row):
                others = [
                    (place[key], weight) for key, weight in near[box.key] if layer[key] != layer[box.key]
                ]
                total = sum(weight for _, weight in others)
                mean = sum(at * weight for at, weight in others) / total if total else place[box.key]
                middles[box.key] = mean, index
            row.sort(key=lambda box, middles=middles: middles[box.key])  # type: ignore[misc]
            place.update({box.key: (index + 0.5) / len(row) for index, box in enumerate(row)})
    return rows


def draw_layers(
    boxes: Sequence[Box],
    links: Sequence[Link],
    *,
    heads: Sequence[str],
    title: str,
    description: str,
    key: str,
    width: float = 1080,
) -> str:
    """The boxes in their layers as SVG, whose looks come from the style sheet of the page.

    Args:
        boxes: the boxes.
        links: the links.
        heads: what stands above each layer.
        title: what the drawing is called.
        description: what it shows, for those who do not see it.
        key: makes its ids its own on a page.
        width: how wide it is.
    """
    rows = ordered(boxes, links, layers_of(boxes, links))
    wide = (width - 2) / max(1, len(rows)) * 0.66
    step = (width - 2 - wide) / max(1, len(rows) - 1)
    shapes: dict[str, tuple[float, float, float, list[str]]] = {}
    heights = []
    for row in rows:
        lines = {box.key: wrap(box.label, wide - 2 * _PADDING, _SIZE) for box in row}
        heights.append(sum(len(each) * _LINE + 2 * _PADDING + _SPACE for each in lines.values()))
    total = max(heights, default=0.0)
    for index, row in enumerate(rows):
        gap = (total - heights[index]) / max(1, len(row))
        y = _HEAD + gap / 2
        for box in row:
            lines_ = wrap(box.label, wide - 2 * _PADDING, _SIZE)
            high = len(lines_) * _LINE + 2 * _PADDING
            shapes[box.key] = (1 + index * step, y, high, lines_)
            y += high + _SPACE + gap
    head = [
        element("text", typeset(words), class_="head", x=float(1 + index * step), y=14.0)
        for index, words in enumerate(heads[: len(rows)])
    ]
    drawn = [_line(link, shapes, wide) for link in links if link.source in shapes and link.target in shapes]
    placed = [_box(box, shapes[box.key], wide) for row in rows for box in row]
    return element(
        "svg",
        element("title", text(title), id=f"{key}-title"),
        element("desc", text(description), id=f"{key}-desc"),
        *(f"\n{part}" for part in (*head, *drawn, *placed)),
        xmlns="http://www.w3.org/2000/svg",
        class_="layers",
        role="group",
        viewBox=f"0 0 {n(width)} {n(total + _HEAD + 4)}",
        width=n(width),
        height=n(total + _HEAD + 4),
        aria_labelledby=f"{key}-title",
        aria_describedby=f"{key}-desc",
    )


def _box(box: Box, shape: tuple[float, float, float, list[str]], wide: float) -> str:
    x, y, high, lines = shape
    parts = [
        element("title", text(box.name or box.label)),
        element("rect", x=x, y=y, width=wide, height=high, rx=4),
        *(
            element("text", typeset(line), x=x + _PADDING, y=y + _PADDING + _LINE * (index + 1) - 3.5)
            for index, line in enumerate(lines)
        ),
    ]
    href = safe_href(box.href)
    class_ = f"box {box.kind}".strip()
    return element("a", *parts, class_=class_, href=href) if href else element("g", *parts, class_=class_)


def _line(link: Link, shapes: dict[str, tuple[float, float, float, list[str]]], wide: float) -> str:
    x1, y1, high1, _ = shapes[link.source]
    x2, y2, high2, _ = shapes[link.target]
    start, end = (x1 + wide, y1 + high1 / 2), (x2, y2 + high2 / 2)
    bend = (end[0] - start[0]) / 2
    d = f"M{n(start[0])} {n(start[1])}C{n(start[0] + bend)} {n(start[1])} {n(end[0] - bend)} {n(end[1])} {n(end[0])} {n(end[1])}"
    tip = (
        f"M{n(end[0] - 1)} {n(end[1] - 5)}v10"
        if link.kind == "against"
        else (f"M{n(end[0] - 6)} {n(end[1] - 3.5)}l6 3.5l-6 3.5")
    )
    parts = [element("title", text(link.name)), element("path", d=d), element("path", class_="tip", d=tip)]
    href = safe_href(link.href)
    classes = " ".join(filter(None, ("link", "stated" if link.stated else "inferred", link.kind)))
    return element("a", *parts, class_=classes, href=href) if href else element("g", *parts, class_=classes)
