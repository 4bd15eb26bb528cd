"""Answers as text: aligned tables with labels and units, JSON, CSV, TSV, Markdown."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import shutil
import sys
import textwrap
from decimal import Decimal
from itertools import zip_longest
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.store import Value

__all__ = ["FORMATS", "format_option", "jsonable", "render", "width"]

FORMATS = ("table", "json", "csv", "tsv", "md")
#: Significant digits of a computed number in a table for people; what is reported has fewer.
_DIGITS = 4
_GAP = 2
#: A column for people is not made narrower than its longest word, nor for the sake of one than this.
_LONGEST_WORD = 14
_NARROWEST, _WIDEST = 40, 120
_UNIT = re.compile(r"_(mA_cm2|mAh_cm2|mV|h|C)$")
#: What other people's data may hold, and a terminal may obey.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNITS = {"mA_cm2": "mA/cm2", "mAh_cm2": "mAh/cm2", "C": "°C"}

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

    >>> print(render(("design", "comparator", "life_h"), [("a | b", "~", 3), ("c", "=", Decimal("0.125"))], "md"))
    | design | life (h) |
    |:-------|---------:|
    | a \| b |       ~3 |
    | c      |    0.125 |
    """
    if format_ == "json":
        records = [dict(zip(columns, map(jsonable, row), strict=True)) for row in rows]
        return json.dumps(records, indent=2, ensure_ascii=False)
    if format_ in {"csv", "tsv"}:
        buffer = io.StringIO()
        writer = csv.writer(buffer, delimiter="," if format_ == "csv" else "\t", lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([[_plain(value) for value in row] for row in rows])
        return buffer.getvalue().removesuffix("\n")
    right = [_numeric([row[i] for row in rows]) for i in range(len(columns))]
    cells = [[_short(value) for value in row] for row in rows]
    heads, cells, right = _with_comparators(columns, cells, right)
    if format_ == "md":
        return _markdown(heads, cells, right)
    return _aligned(heads, cells, right)


def jsonable(value: Value) -> object:
    """A value that JSON can hold; a number as a number.

    >>> jsonable(Decimal("2.50")), jsonable(Decimal("3.0")), jsonable(0.1 + 0.2)
    (2.5, 3, 0.3)
    """
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return float(f"{value:.15g}") if math.isfinite(value) else str(value)
    return value


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _short(value: Value) -> str:
    """A value for people, on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, Decimal | float):
        exact = value if isinstance(value, Decimal) else Decimal(repr(value))
        if len(exact.normalize().as_tuple().digits) > _DIGITS + 2:
            exact = Decimal(f"{exact:.{_DIGITS}g}")
        return f"{exact.normalize():f}"
    return _CONTROL.sub("\ufffd", " ".join(_plain(value).split()))


def _numeric(values: Sequence[Value]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in known
    )


def _with_comparators(
    columns: Sequence[str], cells: list[list[str]], right: list[bool]
) -> tuple[list[str], list[list[str]], list[bool]]:
    """Headings, and cells in which a comparator stands before the number of the next column."""
    joined = {
        i
        for i, name in enumerate(columns[:-1])
        if name.startswith("comparator") and (right[i + 1] or not cells)
    }
    for row in cells:
        for i in joined:
            row[i + 1] = row[i + 1] if row[i] == "=" else row[i] + row[i + 1]
    kept = [i for i in range(len(columns)) if i not in joined]
    return (
        [_heading(columns[i]) for i in kept],
        [[row[i] for i in kept] for row in cells],
        [right[i] for i in kept],
    )


def _heading(name: str) -> str:
    """A column's name for people.

    >>> _heading("current_density_mA_cm2")
    'current density (mA/cm2)'
    """
    unit = _UNIT.search(name)
    words = name.removesuffix(unit[0]) if unit else name
    return words.replace("_", " ") + (f" ({_UNITS.get(unit[1], unit[1])})" if unit else "")


def _markdown(heads: list[str], cells: list[list[str]], right: list[bool]) -> str:
    escaped = [[cell.replace("|", "\\|") for cell in row] for row in (heads, *cells)]
    # Three characters are the least that every reader of Markdown takes for a rule.
    widths = [max(3, *(len(row[i]) for row in escaped)) for i in range(len(heads))]
    rule = "|".join(
        "-" * (w + 1) + ":" if r else ":" + "-" * (w + 1) for w, r in zip(widths, right, strict=True)
    )
    lines = [f"| {' | '.join(_pad(row, widths, right))} |" for row in escaped]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def _pad(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    return [cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True)]


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
        (" " * _GAP).join(_pad(parts, widths, right)).rstrip()
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
