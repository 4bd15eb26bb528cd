"""Tables of the user's: a CSV file, or rows that a program hands over."""

from __future__ import annotations

import csv
import difflib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import ExitCode, LithioKGError, Place
from lithiokg.files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["TableError", "UserTable", "read_csv", "read_table", "table_of"]

#: What may part the fields of a line; the header tells which it is.
_DELIMITERS = ",;\t"
#: The largest table that is read, in bytes.
MAX_BYTES = 256 << 20


class TableError(LithioKGError):
    """A table that cannot be joined as it is: every problem at once."""

    exit_code = ExitCode.USAGE

    def __init__(self, problems: Sequence[LithioKGError]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class UserTable:
    """Rows of text under named columns.

    Attributes:
        columns: the names in the header.
        rows: the fields of each row.
        places: where each row begins.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[Place, ...]

    def index(self, name: str) -> int:
        """The place of a column, whatever its capitals and blanks.

        Raises:
            TableError: if there is none, with the closest, or more than one.
        """
        if self.columns.count(name) == 1:
            return self.columns.index(name)
        folded = [_fold(column) for column in self.columns]
        if folded.count(_fold(name)) == 1:
            return folded.index(_fold(name))
        close = difflib.get_close_matches(_fold(name), folded, n=1)
        meant = f"did you mean {self.columns[folded.index(close[0])]!r}? " if close else ""
        known = ", ".join(self.columns)
        number = "more than one" if _fold(name) in folded else "no"
        mend = f"{meant}name the column that holds the keys (--column); there are: {known}"
        raise TableError([LithioKGError(f"there is {number} column {name!r}", place=self._head, mend=mend)])

    def check_free(self, names: Iterable[str]) -> None:
        """See that the names of columns to be added are free.

        Raises:
            TableError: if one is taken.
        """
        taken = [
            LithioKGError(f"there is a column {name!r} already", place=self._head, mend="drop or rename it")
            for name in names
            if name in self.columns
        ]
        if taken:
            raise TableError(taken)

    @property
    def _head(self) -> Place:
        return Place(self.places[0].file)


def _fold(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


def read_table(table: Path | str | Iterable[Mapping[str, object]]) -> UserTable:
    """A table from a CSV file or from rows; see :func:`read_csv` and :func:`table_of`."""
    return read_csv(Path(table)) if isinstance(table, Path | str) else table_of(table)


def read_csv(path: Path) -> UserTable:
    """Read a CSV file in UTF-8 with a header; commas, semicolons or tabs part the fields.

    Args:
        path: the file.

    Raises:
        TableError: if it is empty, not UTF-8, not CSV, or a row is longer or shorter than the header; with
            file and line of each.
    """
    name = str(path)
    text = _text(path, name)
    lines = _fields(text, name)
    header = next(lines, None)
    if header is None:
        raise TableError([_problem("the file is empty", name, 1, "give a CSV file with a header and rows")])
    columns = tuple(field.strip() or f"column {number}" for number, field in enumerate(header[1], 1))
    problems: list[LithioKGError] = [
        _problem(f"two columns are called {column!r}", name, header[0], "rename one of them")
        for column in dict.fromkeys(columns)
        if columns.count(column) > 1
    ]
    rows: list[tuple[str, ...]] = []
    places: list[Place] = []
    for line, fields in lines:
        if len(fields) != len(columns):
            number = f"{len(fields)} field{'' if len(fields) == 1 else 's'}"
            mend = "quote a field that holds a comma, or give the row all its fields"
            problems.append(_problem(f"{number}, the header has {len(columns)}", name, line, mend))
        rows.append(tuple(fields))
        places.append(Place(name, line))
    if problems:
        raise TableError(problems)
    if not rows:
        raise TableError([_problem("a header and no rows", name, header[0], "add rows below the header")])
    return UserTable(columns, tuple(rows), tuple(places))


def _text(path: Path, name: str) -> str:
    try:
        content = read_bounded(path, MAX_BYTES)
    except OSError as error:
        problem = LithioKGError(f"the file cannot be read: {error.strerror or error}", place=Place(name))
        raise TableError([problem]) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        problem = LithioKGError(
            f"the byte 0x{content[error.start]:02x} is not UTF-8",
            place=Place(name, before.count(b"\n") + 1, column),
            mend="save the file as UTF-8",
        )
        raise TableError([problem]) from error


def _fields(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """The line on which each row begins, and its fields; blank lines are left out."""
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)  # the first of them where there is none
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield begins, fields
            begins = reader.line_num + 1
    except csv.Error as error:
        mend = 'close the quotation marks, and write one inside quotes twice: ""'
        raise TableError([_problem(f"not CSV: {error}", name, begins, mend)]) from error


def _problem(message: str, name: str, line: int, mend: str) -> LithioKGError:
    return LithioKGError(message, place=Place(name, line), mend=mend)


def table_of(rows: Iterable[Mapping[str, object]]) -> UserTable:
    """A table from rows as mappings; what is missing or not a number is an empty field.

    Raises:
        TableError: if there is no row.
    """
    records = list(rows)
    columns = tuple(dict.fromkeys(str(name) for record in records for name in record))
    if not columns:
        raise TableError([LithioKGError("there are no rows", mend="give one row at least")])
    texts = tuple(tuple(_plain(record.get(name)) for name in columns) for record in records)
    return UserTable(columns, texts, tuple(Place("<rows>", number) for number in range(1, len(texts) + 1)))


def _plain(value: object) -> str:
    # Data frames write a missing text as a number that is not equal to itself.
    return "" if value is None or value != value else str(value)  # noqa: PLR0124
