"""Answers as text: aligned tables with labels and units, JSON, CSV, TSV, Markdown."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

from lithiokg.store.sheet import (
    SHEET_FORMATS,
    beside_comparators,
    is_numeric,
    jsonable,
    pad_cells,
    short_cell,
    write_sheet,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.graph import Answer
    from lithiokg.store import Value

__all__ = ["FORMATS", "format_option", "jsonable", "readable", "render", "width"]

FORMATS = ("table", "json", "csv", "tsv", "md")
_GAP = 2
#: A column for people is not made narrower than its longest word, nor for the sake of one than this.
_LONGEST_WORD = 14
_NARROWEST, _WIDEST = 40, 120

format_option = click.option(
    "-f",
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="How to write the answer.",
)


def width() -> int:
    """How wide text for people may be."""
    return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((100, 24)).columns))


def render(columns: Sequence[str], rows: Sequence[Sequence[Value]], format_: str) -> str:
    r"""Write rows in one of :data:`FORMATS`; no newline at the end.

    Numbers keep all their digits in JSON, CSV and TSV; in the two tables for people a computed one is cut
    to a few, and a comparator stands before its number.

    Args:
        columns: names of the columns, as in the query.
        rows: plain Python values.
        format_: one of :data:`FORMATS`.

    >>> from decimal import Decimal
    >>> print(render(("design", "comparator", "life_h"), [("a | b", "~", 3), ("c", "=", Decimal("0.125"))], "md"))
    | design | life (h) |
    |:-------|---------:|
    | a \| b |       ~3 |
    | c      |    0.125 |
    """
    if format_ in SHEET_FORMATS:
        return write_sheet(columns, rows, format_)
    right = [is_numeric([row[i] for row in rows]) for i in range(len(columns))]
    cells = [[short_cell(value) for value in row] for row in rows]
    return _aligned(*beside_comparators(columns, cells, right))


def readable(answer: Answer, format_: str, *, iris: bool) -> tuple[tuple[str, ...], list[tuple[Value, ...]]]:
    """The columns and rows of an answer, with the sources of rows from collections.

    Programs find that column whenever there are collections; people, where it says anything.
    """
    return answer.sheet(iris=iris, always=format_ not in {"table", "md"})


def _aligned(heads: list[str], cells: list[list[str]], right: list[bool]) -> str:
    """Columns, wrapped where a terminal is narrower; records where it is too narrow for columns."""
    natural = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
    widths = natural
    if sys.stdout.isatty():
        room = shutil.get_terminal_size().columns - _GAP * (len(heads) - 1)
        least = [_least(column) for column in zip(heads, *cells, strict=True)]
        if sum(least) > room and len(heads) > 1:
            return _records(heads, cells)
        widths = _fitted(natural, least, room)
    lines = [*_lines(heads, widths, right), (" " * _GAP).join("-" * each for each in widths)]
    for row in cells:
        lines += _lines(row, widths, right)
    return "\n".join(lines)


def _least(column: Sequence[str]) -> int:
    words = (word for cell in column for word in re.split(r"(?<=-)|\s+", cell))
    return min(_LONGEST_WORD, max(map(len, words), default=1)) or 1


def _fitted(natural: list[int], least: list[int], room: int) -> list[int]:
    """The width of each column: the widest give way first, none below what it needs at least."""
    widths = list(natural)
    while sum(widths) > room:
        able = [i for i, wide in enumerate(widths) if wide > least[i]]
        if not able:
            break
        widths[max(able, key=widths.__getitem__)] -= 1
    return widths


def _lines(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    wrapped = [textwrap.wrap(cell, max(w, 1)) or [""] for cell, w in zip(row, widths, strict=True)]
    return [
        (" " * _GAP).join(pad_cells(parts, widths, right)).rstrip()
        for parts in zip_longest(*wrapped, fillvalue="")
    ]


def _records(heads: list[str], cells: list[list[str]]) -> str:
    """One block a row, with what stands in the first column as its title."""
    label = max(map(len, heads[1:]))
    room = max(shutil.get_terminal_size().columns - label - 2 * _GAP, 20)
    blocks = []
    for row in cells:
        lines = textwrap.wrap(row[0], room + label + _GAP) or ["-"]
        for head, cell in zip(heads[1:], row[1:], strict=True):
            parts = textwrap.wrap(cell, room)
            lines += [
                f"  {name:<{label}}  {part}"
                for name, part in zip_longest([head][: len(parts)], parts, fillvalue="")
            ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)
