"""Cells of a spreadsheet and where they stand, apart from the kind of file they came out of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lithiokg.errors import ExitCode, LithioKGError, Place

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "Cell",
    "CellPlace",
    "Grid",
    "IntakeError",
    "RefusedError",
    "clean_text",
    "forbidden_character",
    "letters",
    "short",
]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u3000]+")
_ALPHABET = 26
_SHOWN = 60
#: From so many rows on, what is wrong with all of them is told once.
_ALIKE = 4
#: As many of these rows are listed.
_LISTED = 5


def letters(column: int) -> str:
    """The letters by which a spreadsheet names a column, counted from 1.

    >>> letters(1), letters(28)
    ('A', 'AB')
    """
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, _ALPHABET)
        name = chr(ord("A") + rest) + name
    return name


@dataclass(frozen=True, slots=True, order=True)
class CellPlace(Place):
    """A cell of a spreadsheet: ``line`` is its row, ``column`` its column, both counted from 1.

    >>> str(CellPlace("paper.xlsx", 7, 4, sheet="observations", heading="result"))
    'paper.xlsx, sheet observations, row 7, column D (result)'
    >>> str(CellPlace("works.csv", 3, 0))
    'works.csv, row 3'
    >>> str(CellPlace("works.csv", 3, 2, rows=(3, 4, 5, 6, 7, 8, 9)))
    'works.csv, rows 3, 4, 5, 6, 7 and 2 more, column B'

    Attributes:
        sheet: empty for a file that is one.
        heading: of the column.
        rows: all rows that a message is about, where these are several.
    """

    sheet: str = ""
    heading: str = ""
    rows: tuple[int, ...] = ()

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.rows:
            more = f" and {len(self.rows) - _LISTED} more" if len(self.rows) > _LISTED else ""
            parts.append(f"rows {', '.join(map(str, self.rows[:_LISTED]))}{more}")
        elif self.line:
            parts.append(f"row {self.line}")
        if self.column:
            heading = f" ({self.heading})" if self.heading else ""
            parts.append(f"column {letters(self.column)}{heading}")
        return ", ".join(parts)


class RefusedError(LithioKGError):
    """One thing in a file of the user's that cannot be taken in as it is.

    Args:
        message: what is wrong, beginning with whom it is about, if that is somebody.
        place: the cell or row.
        mend: what to do.
        about: the beginning of the message by which it differs from that of another row.
    """

    exit_code = ExitCode.FINDINGS

    def __init__(
        self, message: str, *, place: Place | None = None, mend: str | None = None, about: str = ""
    ) -> None:
        super().__init__(message, place=place, mend=mend)
        self.alike = message.removeprefix(about)


class IntakeError(LithioKGError):
    """What was to be taken in cannot be: every problem at once, and nothing was written."""

    exit_code = ExitCode.FINDINGS

    def __init__(self, problems: list[LithioKGError] | tuple[LithioKGError, ...]) -> None:
        self.problems = tuple(problems)
        count = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}"
        super().__init__("\n".join([*map(str, _together(self.problems)), f"{count}; nothing was written"]))


def _together(problems: Iterable[LithioKGError]) -> list[LithioKGError]:
    """Problems as they are told: one that many rows have in the same column is told once."""
    alike: dict[object, list[LithioKGError]] = {}
    for problem in problems:
        place = problem.place
        message = getattr(problem, "alike", problem.message)
        of_column = (
            (place.file, place.sheet, place.column, message, problem.mend)
            if isinstance(place, CellPlace) and place.line
            else id(problem)
        )
        alike.setdefault(of_column, []).append(problem)
    told: list[LithioKGError] = []
    for group in alike.values():
        first = group[0].place
        if len(group) < _ALIKE or not isinstance(first, CellPlace):
            told += group
            continue
        rows = tuple(sorted({problem.place.line for problem in group if problem.place}))
        message = getattr(group[0], "alike", group[0].message)
        told.append(RefusedError(message, place=replace(first, rows=rows), mend=group[0].mend))
    return told


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, as text, and where it stands."""

    text: str
    place: CellPlace


@dataclass(slots=True)
class Grid:
    """One sheet, or one CSV file: rows of cells; empty cells are left out.

    Attributes:
        file: name of the file in messages.
        name: of the sheet; empty for a CSV file.
        rows: (number of the row, its cells by number of the column), in order.
    """

    file: str
    name: str
    rows: list[tuple[int, dict[int, str]]] = field(default_factory=list)

    def place(self, row: int = 0, column: int = 0, heading: str = "") -> CellPlace:
        """Where a cell, a row or the sheet stands."""
        return CellPlace(self.file, row, column, self.name, heading)


def short(text: str) -> str:
    """A value as it is shown in a message.

    >>> short("x" * 100)[-5:]
    'xx...'
    """
    plain = _CONTROL.sub("\ufffd", text)
    return plain if len(plain) <= _SHOWN else plain[: _SHOWN - 3] + "..."


def clean_text(text: str) -> tuple[str, bool]:
    r"""A text with plain, single blanks and none at its ends; says whether that changed anything odd.

    Ordinary line breaks in a long remark become blanks without a word.

    >>> clean_text("zinc\u00a0oxide ")
    ('zinc oxide', True)
    """
    plain = _SPACES.sub(" ", text).strip()
    return plain, plain != re.sub(r"[ \n\r]+", " ", text)


def forbidden_character(text: str) -> str | None:
    """The first control character or half of a pair in a text, if there is one."""
    found = _CONTROL.search(text)
    return found[0] if found else None
