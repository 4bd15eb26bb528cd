"""From grids of cells to rows of a known sheet: headings, marks, the worked example."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.intake.cells import Cell, Grid, RefusedError, clean_text, forbidden_character, short
from lithiokg.intake.layout import MARK, Column, Layout, Part, Plan, fold_heading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lithiokg.errors import LithioKGError
    from lithiokg.intake.cells import CellPlace

__all__ = ["EXAMPLE", "MAX_CELL", "Reading", "Row", "read_rows"]

#: The mark of the worked example of a template.
EXAMPLE = "# example"
#: Sheets of the template that hold no records, and the sign before a sheet of the user's own.
_OTHER_SHEETS, _PRIVATE = {"read me", "lists"}, "_"
#: The longest text of one cell, in characters; Excel itself stops at 32,767.
MAX_CELL = 8_000
_NAMED = 5


@dataclass(slots=True)
class Row:
    """One record of a sheet: its cells by column; empty ones are left out."""

    plan: Plan
    place: CellPlace
    cells: dict[Column, Cell]

    def get(self, name: str, part: Part = Part.OWN) -> Cell | None:
        """The cell of a field."""
        column = self.plan.column(name, part)
        return self.cells.get(column) if column else None

    def at(self, name: str) -> CellPlace:
        """Where the cell of a field stands, or the row where there is none."""
        cell = self.get(name)
        return cell.place if cell else self.place


@dataclass(slots=True)
class Reading:
    """What was read: rows, problems, and remarks on what was mended by the way."""

    rows: list[Row] = field(default_factory=list)
    problems: list[LithioKGError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _blanks: list[str] = field(default_factory=list)

    def problem(self, message: str, place: CellPlace, mend: str) -> None:
        """Remember a problem."""
        self.problems.append(RefusedError(message, place=place, mend=mend))

    def of(self, sheet: str) -> list[Row]:
        """The rows of a sheet."""
        return [row for row in self.rows if row.plan.name == sheet]

    def clean(self, text: str, place: CellPlace) -> str:
        """A cell's text without odd blanks; they are told of at the end."""
        plain, odd = clean_text(text)
        if odd and plain:
            self._blanks.append(str(place))
        return plain

    def finish(self) -> None:
        """Tell of blanks that were left out."""
        if self._blanks:
            more = f" and {len(self._blanks) - _NAMED} more" if len(self._blanks) > _NAMED else ""
            named = "; ".join(self._blanks[:_NAMED])
            self.notes.append(
                f"blanks at the ends and non-breaking or double blanks were left out: {named}{more}"
            )
            self._blanks.clear()


def read_rows(
    grids: Iterable[Grid], layout: Layout, reading: Reading, example: Callable[[Plan], dict[str, str]]
) -> None:
    """Read the rows of every grid.

    Args:
        grids: sheets, or CSV files.
        layout: the sheets that there are.
        reading: rows, problems and notes are added to it.
        example: the worked example of a sheet, by heading.
    """
    for grid in grids:
        plan = _plan(grid, layout, reading)
        if plan is not None:
            _read(grid, plan, reading, example(plan))
    reading.finish()


def _plan(grid: Grid, layout: Layout, reading: Reading) -> Plan | None:
    """The sheet of the template that a grid is; a problem where it is none."""
    if grid.name:
        name = fold_heading(grid.name)
        if name in _OTHER_SHEETS or grid.name.startswith(_PRIVATE) or not grid.rows:
            return None
        plan = layout.find(grid.name)
        if plan is None:
            close = difflib.get_close_matches(name, list(layout), n=1)
            meant = f"rename it to {close[0]!r}, or " if close else ""
            reading.problem(
                f"no kind of record is called {short(grid.name)!r}",
                grid.place(),
                f"{meant}begin its name with _ to have it left alone",
            )
        return plan
    if not grid.rows:
        reading.problem("the file is empty", grid.place(), "begin with 'lithiokg template'")
        return None
    return _recognized(grid, layout, reading)


def _recognized(grid: Grid, layout: Layout, reading: Reading) -> Plan | None:
    """The kind of record that a CSV file holds: the one whose headings it has, else by the file's name."""
    headings = {fold_heading(text) for text in grid.rows[0][1].values()} - {MARK, ""}
    fits = {name: len(headings & plan.by_heading.keys()) for name, plan in layout.items()}
    best = max(fits.values(), default=0)
    candidates = [name for name, count in fits.items() if count == best and best]
    stem = fold_heading(grid.file.rpartition("/")[2].rpartition(".")[0])
    named = [name for name in layout if stem.endswith(fold_heading(name))]
    chosen = [name for name in candidates if name in named] or (candidates if len(candidates) == 1 else named)
    if best and chosen:
        return layout[chosen[0]]
    reading.problem(
        "the first row holds no headings of the template",
        grid.place(grid.rows[0][0]),
        "begin with 'lithiokg template KIND -o FILE.csv', and keep its first row",
    )
    return None


def _read(grid: Grid, plan: Plan, reading: Reading, example: dict[str, str]) -> None:
    number, first = grid.rows[0]
    columns, marks = _headings(grid, plan, reading, number, first)
    last = max((column for column, text in first.items() if text.strip()), default=0)
    seen = False
    for row, texts in grid.rows[1:]:
        mark = " ".join(texts.get(marks, "").split()) if marks else ""
        filled = {column: text for column, text in texts.items() if column != marks and text.strip()}
        if mark.startswith(MARK):
            if mark == EXAMPLE and not _untouched(filled, columns, example):
                reading.problem(
                    "the row is still marked as an example, but somebody has filled it in",
                    grid.place(row, marks, MARK),
                    f"empty the cell with {EXAMPLE!r} if the row is meant, or delete the row",
                )
            continue
        if mark:
            reading.problem(
                f"{short(mark)!r} stands where only marks do",
                grid.place(row, marks, MARK),
                "leave the cell empty, or begin it with # to have the row left out",
            )
        if not filled:
            continue
        seen = True
        reading.rows.append(_row(grid, reading, row, filled, plan=plan, columns=columns, last=last))
    if seen:
        missing = [c.heading for c in plan.columns if c.needed and c not in columns.values()]
        if missing:
            reading.problem(
                f"the sheet lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}",
                grid.place(number),
                "copy the headings from the template",
            )


def _untouched(filled: dict[int, str], columns: dict[int, Column], example: dict[str, str]) -> bool:
    said = {columns[number].heading: text.strip() for number, text in filled.items() if number in columns}
    return said == example and len(said) == len(filled)


def _headings(
    grid: Grid, plan: Plan, reading: Reading, row: int, texts: dict[int, str]
) -> tuple[dict[int, Column], int]:
    """The columns by their number, and the number of the column of marks (0 without one)."""
    columns: dict[int, Column] = {}
    marks = 0
    for number, text in sorted(texts.items()):
        heading = fold_heading(text)
        place = grid.place(row, number)
        if not heading:
            continue
        if heading == MARK:
            marks = marks or number
            continue
        column = plan.by_heading.get(heading)
        if column is None:
            close = difflib.get_close_matches(heading, list(plan.by_heading), n=2, cutoff=0.6)
            meant = " or ".join(repr(plan.by_heading[each].heading) for each in close)
            mend = (
                f"did you mean {meant}?" if close else "delete the column, or move it to a sheet of your own"
            )
            reading.problem(f"the sheet {plan.name} has no column {short(text)!r}", place, mend)
        elif column in columns.values():
            reading.problem(f"the heading {short(text)!r} is there twice", place, "merge the two columns")
        else:
            columns[number] = column
    return columns, marks


def _row(
    grid: Grid,
    reading: Reading,
    number: int,
    filled: dict[int, str],
    *,
    plan: Plan,
    columns: dict[int, Column],
    last: int,
) -> Row:
    row = Row(plan, grid.place(number), {})
    stray = [column for column in filled if column not in columns]
    for column, text in filled.items():
        if column in stray:
            continue
        place = grid.place(number, column, columns[column].heading)
        plain = reading.clean(text, place)
        sign = forbidden_character(plain)
        if sign is not None:
            reading.problem(
                f"the cell holds the control character U+{ord(sign):04X}", place, "type the text anew"
            )
        elif plain.startswith("="):
            reading.problem(
                f"{short(plain)!r} is a formula, or would be taken for one", place, "write the value itself"
            )
        elif len(plain) > MAX_CELL:
            reading.problem(
                f"the cell holds {len(plain):,} characters", place, f"say it in at most {MAX_CELL:,}"
            )
        elif plain:
            row.cells[columns[column]] = Cell(plain, place)
    # One word for all cells of a row beyond the last heading; an unknown heading is told of already.
    beyond = [column for column in stray if column > last]
    if beyond:
        reading.problem(
            f"{short(filled[beyond[0]])!r} stands under no heading",
            grid.place(number, beyond[0]),
            "move it under the heading it belongs to, or delete it",
        )
    return row
