"""Excel workbooks as grids of text, with the traps of Excel told of by name."""

from __future__ import annotations

import datetime as dt
import warnings
import zipfile
import zlib
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lithiokg.errors import LithioKGError, Place, UsageError
from lithiokg.intake.archive import check_archive
from lithiokg.intake.cells import Grid, RefusedError, letters, short

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.intake.cells import CellPlace
    from lithiokg.intake.rows import Reading

__all__ = ["MAX_ROWS", "need_openpyxl", "read_workbook"]

#: The most rows and columns of one sheet that are read.
MAX_ROWS, MAX_COLUMNS = 20_000, 200
_EXACT_DIGITS = 12
#: So many rows, columns or cells are named in a remark.
_LISTED = 8
_MIDNIGHT = dt.time(0)
#: What a broken part of a workbook makes openpyxl, or the parser below it, raise.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def need_openpyxl() -> Any:  # a module without types
    """The package openpyxl.

    Raises:
        UsageError: if it is not installed.
    """
    try:
        import openpyxl  # noqa: PLC0415  # an extra
    except ImportError:
        raise UsageError(
            "Excel workbooks need the package openpyxl",
            mend='pip install "lithiokg[xlsx]", or use CSV, which needs nothing',
        ) from None
    return openpyxl


def read_workbook(path: Path, name: str, reading: Reading) -> list[Grid]:
    """Read every visible sheet of an .xlsx file.

    Args:
        path: the file.
        name: its name in messages.
        reading: takes problems and notes.

    Raises:
        UsageError: if openpyxl is not installed.
    """
    openpyxl = need_openpyxl()
    problem = check_archive(path, name)
    if problem is not None:
        reading.problems.append(problem)
        return []
    book = _load(openpyxl, path, name, reading.problems, cached=False)
    if book is None:
        return []
    values = None
    grids = []
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            if not sheet.title.startswith("_"):
                reading.problem(
                    "the sheet is hidden",
                    Grid(name, sheet.title).place(),
                    "show it if it is meant, or delete it",
                )
            else:
                continue
        reader = _SheetReader(name, sheet, reading)
        if reader.has_formulas and values is None:
            values = _load(openpyxl, path, name, reading.problems, cached=True)
        grids.append(reader.grid(values[sheet.title] if values is not None else None))
    for sheet in book.chartsheets:
        reading.notes.append(f"{name}: the sheet {sheet.title} is a chart and was not read")
    return grids


def _load(openpyxl: Any, path: Path, name: str, problems: list[LithioKGError], *, cached: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that nothing here needs
            return openpyxl.load_workbook(path, data_only=cached, keep_links=False)
    except (*_BROKEN, openpyxl.utils.exceptions.InvalidFileException) as error:
        problems.append(
            RefusedError(
                f"the workbook cannot be read ({type(error).__name__}: {short(str(error))})",
                place=Place(name),
                mend="open it in your spreadsheet program and save it anew, or save its sheets as CSV",
            )
        )
        return None


class _SheetReader:
    """Reads one sheet."""

    def __init__(self, file: str, sheet: Any, reading: Reading) -> None:
        self.sheet, self.reading = sheet, reading
        self.found = Grid(file, sheet.title)
        # Only the cells that are there: a stray one in the last row would make all others be made up.
        cells = sheet._cells  # noqa: SLF001
        self.cells = sorted(
            (cell for cell in cells.values() if cell.value is not None),
            key=lambda cell: (cell.row, cell.column),
        )
        self.headings = {
            cell.column: str(cell.value).strip(" *")
            for cell in self.cells
            if cell.row == 1 and cell.data_type == "s"
        }
        self.has_formulas = any(cell.data_type == "f" for cell in self.cells)

    def grid(self, cached: Any) -> Grid:
        """The cells as text.

        Args:
            cached: the same sheet with the values of its formulas, where it has any.
        """
        self._merged()
        rows: dict[int, dict[int, str]] = {}
        skipped = self._other_use()
        for cell in self.cells:
            if cell.row > MAX_ROWS or cell.column > MAX_COLUMNS:
                self.reading.problem(
                    f"the sheet goes beyond row {MAX_ROWS:,} or column {MAX_COLUMNS}",
                    self._place(cell),
                    "delete what stands there, or split the file",
                )
                break
            text = str(cell.value) if skipped else self._text(cell, cached)
            if text:
                rows.setdefault(cell.row, {})[cell.column] = text
        if not skipped:
            self._unseen(rows)
        self.found.rows = sorted(rows.items())
        return self.found

    def _unseen(self, rows: dict[int, dict[int, str]]) -> None:
        """Tell what was read though nobody sees it, and what was not read though somebody may."""
        hidden = [str(row) for row in rows if self.sheet.row_dimensions[row].hidden]
        self._told(hidden, "hidden rows ({}) were read like the others")
        filled = {column for cells in rows.values() for column in cells}
        spans = [each for each in self.sheet.column_dimensions.values() if each.hidden]
        unseen = [
            letters(column)
            for column in sorted(filled)
            if any((span.min or 0) <= column <= (span.max or 0) for span in spans)
        ]
        self._told(unseen, "hidden columns ({}) were read like the others")
        read = [cell for cell in self.cells if cell.column in rows.get(cell.row, {}) and cell.row > 1]
        struck = [cell.coordinate for cell in read if cell.font is not None and cell.font.strike]
        self._told(
            struck, "struck-through cells ({}) were read like the others; empty them if they are not meant"
        )
        remarked = [cell.coordinate for cell in read if cell.comment is not None]
        self._told(remarked, "the comments on cells ({}) were not read; write what should stay under 'note'")

    def _told(self, where: list[str], words: str) -> None:
        if where:
            listed = ", ".join(where[:_LISTED]) + (" ..." if len(where) > _LISTED else "")
            self.reading.notes.append(f"{self.found.place()}: {words.format(listed)}")

    def _place(self, cell: Any) -> CellPlace:
        return self.found.place(cell.row, cell.column, self.headings.get(cell.column, ""))

    def _other_use(self) -> bool:
        return self.sheet.title.startswith("_") or self.sheet.title.casefold() in {"read me", "lists"}

    def _merged(self) -> None:
        if self._other_use():
            return
        for area in list(self.sheet.merged_cells.ranges)[:20]:
            self.reading.problem(
                f"the cells {area.coord} are merged, and only the first of them holds anything",
                self.found.place(area.min_row, area.min_col),
                "take the merging back, and write the value into each cell it is meant for",
            )

    def _text(self, cell: Any, cached: Any) -> str:  # noqa: PLR0911  # one return a kind of cell
        """What a cell says; a problem where Excel has made something else of it."""
        place = self._place(cell)
        value = cell.value
        match cell.data_type:
            case "f":
                self._formula(cell, cached)
                return ""
            case "e":
                self.reading.problem(
                    f"the cell holds the error {short(str(value))}", place, "write the value itself"
                )
                return ""
            case "b":
                return "yes" if value else "no"
            case "d":
                self._date(cell)
                return ""
            case "n" if isinstance(value, int | float) and not isinstance(value, bool):
                return self._number(cell)
            case _ if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
                self._date(cell)
                return ""
        return str(value)

    def _formula(self, cell: Any, cached: Any) -> None:
        said = cached.cell(cell.row, cell.column).value if cached is not None else None
        formula = short(str(getattr(cell.value, "text", cell.value)))
        place = self._place(cell)
        if said is None:
            self.reading.problem(
                f"the cell holds the formula {formula!r}, which no program has computed",
                place,
                "write the value itself",
            )
        else:
            self.reading.problem(
                f"the cell holds the formula {formula!r}, not what it shows ({short(str(said))})", place,
                "copy the cell and paste it as value",
            )  # fmt: skip

    def _date(self, cell: Any) -> None:
        value = cell.value
        if isinstance(value, dt.datetime) and value.time() == _MIDNIGHT:
            value = value.date()
        meant = f"{value.month}-{value.day}" if isinstance(value, dt.date) else str(value)
        self.reading.problem(
            f"Excel has made a date or time of what was typed here: {value}",
            self._place(cell),
            f"format the cell as text and type it again (perhaps {meant!r}), or type an apostrophe before it",
        )

    def _number(self, cell: Any) -> str:
        value, shown = cell.value, str(cell.number_format or "")
        place = self._place(cell)
        if "%" in shown:
            percent = _decimal(value * 100)
            self.reading.problem(
                f"Excel holds {_decimal(value)} here and shows it as {percent} %", place,
                f"format the cell as text and write '{percent} %'",
            )  # fmt: skip
            return ""
        text = _decimal(value)
        if len(text.replace(".", "").lstrip("-0")) > _EXACT_DIGITS:
            rounded = _decimal(float(f"{value:.10g}"))
            self.reading.problem(
                f"the cell holds the computed number {text}", place,
                f"write the number as it is printed, as text (perhaps '{rounded}')",
            )  # fmt: skip
            return ""
        decimals = shown.partition(".")[2]
        zeros = len(decimals) - len(decimals.lstrip("0")) if shown[:1] in {"0", "#"} else 0
        if zeros:
            fixed = f"{Decimal(repr(value)):.{zeros}f}"
            if Decimal(fixed) == Decimal(repr(value)):
                return fixed  # 0.5 that is shown as 0.50 was printed so
        return text


def _decimal(value: float) -> str:
    """A number without exponent or needless zeros.

    >>> _decimal(5.0), _decimal(0.25)
    ('5', '0.25')
    """
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
