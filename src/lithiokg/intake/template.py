"""Empty spreadsheets to fill in, and full ones to hand out: the same sheets, headings and lists."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from lithiokg.intake.cells import letters
from lithiokg.intake.example import example_of
from lithiokg.intake.guidance import READ_ME, choices_of, comment_of, heading_of, hint_of, list_name
from lithiokg.intake.layout import MARK, Column, Kind, Part, Plan
from lithiokg.intake.rows import EXAMPLE
from lithiokg.intake.xlsx import need_openpyxl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.intake.known import Known
    from lithiokg.quantities import Registry

__all__ = ["HINT", "Sheets", "template_csv", "template_xlsx"]

HINT = "# hint"
#: The rows of a sheet as texts by heading.
Sheets = dict[str, list[dict[str, str]]]
_FILLS = {Part.OWN: "DDE8F0", Part.OWNER: "C9DDEB", Part.EVIDENCE: "E4EEDC", Part.DOUBT: "F3E3D3",
          Part.CONDITION: "EFE9F4", Part.DIRECTIVE: "EEEEEE"}  # fmt: skip
_WIDE, _NARROW, _MARK_WIDTH = 30, 18, 11
_LAST_ROW = 1_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def template_csv(plan: Plan, units: Registry, rows: Sequence[Mapping[str, str]] | None = None) -> str:
    """One sheet as CSV: headings, hints, the example; or headings and rows.

    A cell that a spreadsheet program would take for a formula gets an apostrophe before it, which the
    import takes off again.

    Args:
        plan: the sheet.
        units: units and properties, for the hints.
        rows: what to fill in; the hints and the example unless given.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([MARK, *map(heading_of, plan.columns)])
    if rows is None:
        example = example_of(plan)
        writer.writerow([HINT, *(hint_of(column, units) for column in plan.columns)])
        if example:
            writer.writerow([EXAMPLE, *(example.get(column.heading, "") for column in plan.columns)])
    for row in rows or ():
        writer.writerow(["", *(_guarded(row.get(column.heading, "")) for column in plan.columns)])
    return buffer.getvalue()


def _guarded(text: str) -> str:
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def template_xlsx(
    plans: Sequence[Plan],
    known: Known,
    units: Registry,
    rows: Sheets | None = None,
    remarks: Iterable[str] = (),
) -> bytes:
    """A workbook: what to do, the sheets, and the lists to choose from.

    Args:
        plans: the sheets.
        known: what there is to choose from, and what the terms mean.
        units: units and properties, for the hints.
        rows: what to fill in, by sheet; the hints and examples unless given.
        remarks: lines for the read-me sheet, such as what could not be carried.

    Raises:
        UsageError: if openpyxl is not installed.
    """
    openpyxl = need_openpyxl()
    book = openpyxl.Workbook()
    book.active.title = "read me"
    lists = _Lists(known)
    for plan in plans:
        _sheet(book, plan, lists, units, rows=None if rows is None else rows.get(plan.name, []))
    lists.write(book)
    _read_me(book.worksheets[0], list(remarks))
    # The same content gives the same bytes.
    import datetime as dt  # noqa: PLC0415  # only here

    moment = dt.datetime(2026, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "lithiokg"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


class _Lists:
    """The sheet of lists, a column each."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.columns: dict[str, list[str]] = {}

    def reference(self, column: Column) -> str | None:
        """The range of cells with what may be chosen in a column."""
        name = list_name(column)
        if not name:
            return None
        if name not in self.columns:
            self.columns[name] = choices_of(column, self.known)
        values = self.columns[name]
        letter = letters(list(self.columns).index(name) + 1)
        return f"lists!${letter}$2:${letter}${len(values) + 1}" if values else None

    def write(self, book: Any) -> None:  # openpyxl has no types
        """Add the sheet."""
        from openpyxl.styles import Font  # noqa: PLC0415  # an extra

        sheet = book.create_sheet("lists")
        for number, (name, values) in enumerate(self.columns.items(), 1):
            sheet.cell(1, number, name).font = Font(bold=True)
            for row, value in enumerate(values, 2):
                _text(sheet.cell(row, number), value)
            sheet.column_dimensions[letters(number)].width = _WIDE
        sheet.freeze_panes = "A2"


def _text(cell: Any, value: str) -> None:
    """Write text as text, whatever it looks like."""
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"
    if value.startswith(_FORMULA):
        cell.quotePrefix = True


def _sheet(
    book: Any,
    plan: Plan,
    lists: _Lists,
    units: Registry,
    *,
    rows: list[dict[str, str]] | None,
) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415  # an extra
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415

    sheet = book.create_sheet(plan.name)
    sheet.cell(1, 1, MARK).font = Font(color="999999")
    sheet.column_dimensions["A"].width = _MARK_WIDTH
    for number, column in enumerate(plan.columns, 2):
        head = sheet.cell(1, number, heading_of(column))
        head.font = Font(bold=column.needed)
        head.fill = PatternFill("solid", fgColor=_FILLS[column.part])
        head.alignment = Alignment(wrap_text=True, vertical="top")
        head.comment = Comment(comment_of(column, lists.known, units), "lithiokg", height=120, width=320)
        wide = column.kind in {Kind.TEXT, Kind.THING, Kind.FIGURE} and column.part is not Part.EVIDENCE
        dimension = sheet.column_dimensions[letters(number)]
        dimension.width = _WIDE if wide else _NARROW
        dimension.number_format = (
            "@"  # cells that are still empty are text too, so that "1-2" stays what it is
        )
        _validate(sheet, number, column, lists)
    sheet.freeze_panes = "B2"
    if rows is None:
        _guide(sheet, plan, units)
    first = sheet.max_row + 1
    for row, texts in enumerate(rows or (), first):
        for number, column in enumerate(plan.columns, 2):
            if texts.get(column.heading):
                _text(sheet.cell(row, number), texts[column.heading])


def _guide(sheet: Any, plan: Plan, units: Registry) -> None:
    """The rows of hints and the example, both marked and gray."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415  # an extra

    example = example_of(plan)
    said = [(HINT, {column.heading: hint_of(column, units) for column in plan.columns}, "7A7A7A")]
    said += [(EXAMPLE, example, "2F6F4F")] if example else []
    for row, (mark, texts, color) in enumerate(said, 2):
        _text(sheet.cell(row, 1), mark)
        for number, column in enumerate(plan.columns, 2):
            _text(sheet.cell(row, number), texts.get(column.heading, "")) if texts.get(
                column.heading
            ) else None
        for number in range(1, len(plan.columns) + 2):
            cell = sheet.cell(row, number)
            cell.font = Font(italic=True, color=color)
            cell.alignment = Alignment(wrap_text=mark == HINT, vertical="top")


def _validate(sheet: Any, number: int, column: Column, lists: _Lists) -> None:
    """A list to choose from; several values, and names of rows to come, may be typed all the same."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415  # an extra

    reference = lists.reference(column)
    if reference is None:
        return
    rule = DataValidation(type="list", formula1=reference, allow_blank=True)
    rule.showErrorMessage = not (column.several or column.base == "substance/")
    rule.errorTitle, rule.error = "Not in the list", "Choose one of the list, or see the sheet 'lists'."
    sheet.add_data_validation(rule)
    letter = letters(number)
    rule.add(f"{letter}2:{letter}{_LAST_ROW}")


def _read_me(sheet: Any, remarks: list[str]) -> None:
    from openpyxl.styles import Font  # noqa: PLC0415  # an extra

    for row, line in enumerate([*READ_ME, *([""] if remarks else []), *remarks], 1):
        _text(sheet.cell(row, 1), line)
        sheet.cell(row, 1).font = Font(bold=row == 1, size=14 if row == 1 else 11, name="Consolas")
    sheet.column_dimensions["A"].width = 120
