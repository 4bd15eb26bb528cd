"""The template: what a chemist sees before anything is filled in."""

from __future__ import annotations

import builtins
import csv
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from lithiokg.errors import UsageError
from lithiokg.intake import IntakeError, write_template
from lithiokg.intake.layout import CORE_SHEETS
from lithiokg.intake.rows import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.intake.layout import Layout
    from lithiokg.sources import Sources


def test_the_template_has_a_page_to_read_a_sheet_a_kind_and_lists_to_choose_from(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    assert book.sheetnames == ["read me", *CORE_SHEETS, "more evidence", "more doubts", "lists"]
    assert "lithiokg import" in "\n".join(str(row[0].value) for row in book["read me"].rows)
    lists = {
        column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["lists"].columns
    }
    assert "interfacial layer" in lists["kinds of component"]
    assert "artificial SEI" not in lists["kinds of component"], "what is derived cannot be chosen"
    assert "area-specific resistance" in lists["property"]
    assert lists["polarity"] == ["positive", "negative"]
    assert "ZnO" in lists["substance"]


def test_each_heading_says_what_it_means_and_needed_ones_have_a_star(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)["observations"]
    heads = {str(cell.value): cell for cell in sheet[1] if cell.value}
    assert {"subject *", "property *", "result *", "stage", "evidence section"} <= set(heads)
    assert "stage to which its result applies" in heads["stage"].comment.text
    hints = dict(zip((cell.value for cell in sheet[1]), (cell.value for cell in sheet[2]), strict=True))
    assert hints["at current density"] == "as printed, e.g. 1 mA cm-2"


def test_lists_open_in_the_cells_and_no_cell_makes_a_date_of_a_text(template: Path) -> None:
    sheet = openpyxl.load_workbook(template)["observations"]
    column = next(cell.column_letter for cell in sheet[1] if cell.value == "stage")
    rules = [rule for rule in sheet.data_validations.dataValidation if f"{column}4" in rule.sqref]
    assert [rule.formula1.startswith("lists!$") for rule in rules] == [True]
    assert sheet.column_dimensions[column].number_format == "@"


def test_the_untouched_template_is_nothing_to_import(template: Path, take: Callable[..., Any]) -> None:
    with pytest.raises(IntakeError, match="no row is filled in"):
        take(template)


def test_an_example_that_was_filled_in_but_is_still_marked_is_told_of(
    empty: Any, read: Callable[..., Any]
) -> None:
    empty.cell("designs", 3, "label").value = "my design"
    [problem] = read(empty).problems
    assert "still marked as an example" in problem.message
    assert str(problem.place) == "read.xlsx, sheet designs, row 3, column A (#)"
    empty.book["designs"]["A3"].value = None
    reading = read(empty)
    assert not reading.problems
    assert [row.get("label").text for row in reading.rows] == ["my design"]


def test_rows_behind_a_hash_are_left_out(empty: Any, read: Callable[..., Any]) -> None:
    empty.cell("designs", 4, "label").value = "not yet"
    empty.book["designs"]["A4"].value = "# later"
    assert read(empty).rows == []


def test_a_csv_template_reads_back_as_nothing_and_opens_in_excel(
    base: Sources, tmp_path: Path, layout: Layout
) -> None:
    for name in layout:
        path = tmp_path / f"{name}.csv"
        assert write_template(path, (name,), base) == [name]
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf"), "Excel takes a file without the mark for Windows-1252"
        rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
        assert [row[0] for row in rows[1:]] in (["# hint"], ["# hint", EXAMPLE])
        assert len({len(row) for row in rows}) == 1


def test_the_same_ontology_gives_the_same_template(base: Sources, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, ("works",), base)
    one, other = (openpyxl.load_workbook(tmp_path / name) for name in ("a.xlsx", "b.xlsx"))
    assert [[cell.value for cell in row] for row in one["works"]] == [
        [cell.value for cell in row] for row in other["works"]
    ]
    assert one.properties.created == other.properties.created


def test_a_kind_that_is_none_is_answered_with_the_closest(base: Sources, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean observations"):
        write_template(tmp_path / "a.xlsx", ("observatons",), base)
    with pytest.raises(UsageError, match="one kind of record"):
        write_template(tmp_path / "a.csv", (), base)


def test_without_openpyxl_the_message_says_what_to_install(
    base: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def missing(name: str, *more: Any, **options: Any) -> Any:
        if name.partition(".")[0] == "openpyxl":
            raise ImportError(name)
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(UsageError, match=r"lithiokg\[xlsx\]"):
        write_template(tmp_path / "a.xlsx", (), base)
    assert write_template(tmp_path / "works.csv", ("works",), base) == ["works"]
