"""Rows of plain values as text for machines and for documents: JSON, CSV, TSV, Markdown."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.store.table import Value

__all__ = [
    "SHEET_FORMATS",
    "beside_comparators",
    "heading",
    "is_numeric",
    "jsonable",
    "pad_cells",
    "short_cell",
    "write_sheet",
]

SHEET_FORMATS = ("json", "csv", "tsv", "md")
#: Significant digits of a computed number for people; what is reported has fewer.
_DIGITS = 4
#: The largest power of ten that is a number in JSON: what reads it there takes it for a double.
_LARGEST = 300
_UNIT = re.compile(r"_(mA_cm2|mAh_cm2|mV|h|C)$")
_UNITS = {"mA_cm2": "mA/cm2", "mAh_cm2": "mAh/cm2", "C": "°C"}
#: A text that a spreadsheet program would run.
_FORMULA = re.compile(r"[=@].|[\t\r]|[+-].*[(|!]", re.DOTALL)
#: What other people's data may hold, and a terminal may obey.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def write_sheet(columns: Sequence[str], rows: Sequence[Sequence[Value]], format_: str) -> str:
    r"""Write rows in one of :data:`SHEET_FORMATS`; no newline at the end.

    Numbers keep all their digits but in Markdown, where a computed one is cut to a few, and a comparator
    stands before its number. In CSV and TSV, a text that a spreadsheet program would run as a formula gets an
    apostrophe before it.

    Args:
        columns: names of the columns, as in the query.
        rows: plain Python values.
        format_: one of :data:`SHEET_FORMATS`.

    >>> print(write_sheet(("design", "comparator", "life_h"), [("a | b", "~", 3), ("c", "=", Decimal("0.125"))], "md"))
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
        writer.writerows([[_harmless(value) for value in row] for row in rows])
        return buffer.getvalue().removesuffix("\n")
    right = [is_numeric([row[i] for row in rows]) for i in range(len(columns))]
    cells = [[short_cell(value) for value in row] for row in rows]
    return _markdown(*beside_comparators(columns, cells, right))


def jsonable(value: Value) -> object:
    """A value that JSON can hold; a number as a number.

    >>> jsonable(Decimal("2.50")), jsonable(Decimal("3.0")), jsonable(0.1 + 0.2)
    (2.5, 3, 0.3)
    """
    if isinstance(value, Decimal):
        if not value.is_finite() or value.adjusted() > _LARGEST:
            return str(value)
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


def _harmless(value: Value) -> str:
    """A value that no spreadsheet program runs: before a text that would be a formula stands an apostrophe.

    A figure such as ``-3.04 V`` and a comparator are none.

    >>> _harmless("=HYPERLINK(0)"), _harmless("-3.04 V"), _harmless("="), _harmless(-3)
    ("'=HYPERLINK(0)", '-3.04 V', '=', '-3')
    """
    text = _plain(value)
    return f"'{text}" if isinstance(value, str) and _FORMULA.match(text) else text


def short_cell(value: Value) -> str:
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


def is_numeric(values: Sequence[Value]) -> bool:
    """Whether there are values, and all of them are numbers."""
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in known
    )


def beside_comparators(
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
        [heading(columns[i]) for i in kept],
        [[row[i] for i in kept] for row in cells],
        [right[i] for i in kept],
    )


def heading(name: str) -> str:
    """A column's name for people.

    >>> heading("current_density_mA_cm2")
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
    lines = [f"| {' | '.join(pad_cells(row, widths, right))} |" for row in escaped]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def pad_cells(row: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    """Cells filled up to given widths, numbers from the left."""
    return [cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(row, widths, right, strict=True)]
