"""CSV files as grids of text."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.files import read_bounded
from lithiokg.intake.cells import Grid, RefusedError

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.intake.rows import Reading

__all__ = ["decoded", "read_csv"]

#: The largest text file that is read, in bytes, and the most rows.
MAX_BYTES, MAX_ROWS = 20 << 20, 20_000
_DELIMITERS = ",;\t"
#: The line by which Excel is told the delimiter.
_NAMED = re.compile(r'"?sep=([,;\t])"?\s*', re.IGNORECASE)


def read_csv(path: Path, name: str, reading: Reading) -> list[Grid]:
    """Read one CSV file: UTF-8 (or UTF-16 with its mark, as Excel writes it), parted by comma, semicolon or tab.

    A first line such as ``sep=;`` names the delimiter, as in Excel.

    Args:
        path: the file.
        name: its name in messages.
        reading: takes problems and notes.
    """
    text = decoded(path, name, reading)
    if text is None:
        return []
    first = text.partition("\n")[0]
    named = _NAMED.fullmatch(first)
    delimiter = named[1] if named else max(_DELIMITERS, key=first.count)
    grid = Grid(name, "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        before = 0
        for fields in reader:
            number, before = before + 1, reader.line_num
            if number > MAX_ROWS:
                reading.problem(f"the file has more than {MAX_ROWS:,} rows", grid.place(number), "split it")
                return []
            if named and number == 1:
                continue
            cells = {column: _unguarded(field) for column, field in enumerate(fields, 1) if field.strip()}
            if cells:
                grid.rows.append((number, cells))
    except csv.Error as error:
        reading.problem(
            f"the file is not CSV from here on: {error}", grid.place(before + 1),
            "look for a quotation mark that is not closed; a text with one in it stands in quotes, the mark doubled",
        )  # fmt: skip
        return []
    return [grid]


def _unguarded(field: str) -> str:
    """A field without the apostrophe that keeps a program from taking it for a formula."""
    return field[1:] if field[:1] == "'" and field[1:2] in {"=", "+", "-", "@", "\t", "'"} else field


def decoded(path: Path, name: str, reading: Reading) -> str | None:
    """The text of a file; None, with a problem, where it cannot be read as text."""
    try:
        content = read_bounded(path, MAX_BYTES)
    except OSError as error:
        reading.problems.append(
            RefusedError(
                f"the file cannot be read: {error.strerror or error}",
                place=Place(name),
                mend="check its name, and that you may read it",
            )
        )
        return None
    encoding = "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        start = content[: error.start]
        line = start.count(b"\n") + 1
        column = len(start) - (start.rfind(b"\n") + 1) + 1
        guess = content[error.start : error.start + 1].decode("cp1252", "replace")
        mend = "save the file as UTF-8 (in Excel: 'CSV UTF-8'); it looks like Windows-1252"
        reading.problems.append(
            RefusedError(
                f"the byte 0x{content[error.start]:02x} is not {'UTF-16' if encoding == 'utf-16' else 'UTF-8'}"
                f" (in Windows-1252 it is {guess!r})",
                place=Place(name, line, column),
                mend=mend,
            )
        )
        return None
    if "\x00" in text:
        reading.problems.append(
            RefusedError(
                "the file holds zero bytes and is no text", place=Place(name), mend="save it as CSV UTF-8"
            )
        )
        return None
    return text
