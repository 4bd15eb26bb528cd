"""What spreadsheet programs do to what people type, and what people type: named, not guessed."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.intake.cells import CellPlace
from lithiokg.intake.figures import check_figure, split_read_as
from lithiokg.intake.keys import join_values, split_values
from lithiokg.intake.rows import Reading
from lithiokg.intake.xlsx import read_workbook
from lithiokg.quantities import parse, registry
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PLACE = CellPlace("a.xlsx", 4, 5, sheet="observations", heading="result")
KEYS = {"asr": "area-specific-resistance", "density": "current-density", "capacity": "areal-capacity",
        "life": "cycle-life-time", "efficiency": "coulombic-efficiency", "voltage": "voltage-polarization",
        "rate": "c-rate", "cycles": "cycles", "temperature": "temperature", "retention": "capacity-retention",
        "thickness": "thickness", "conductivity": "ionic-conductivity", "strength": "mechanical-strength",
        "concentration": "salt-concentration"}  # fmt: skip


def said(text: str, kind: str) -> str:
    problem = check_figure(*split_read_as(text), f"{ID}property/{KEYS[kind]}", PLACE, registry())
    return str(problem) if problem else ""


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [
        *((f"20 {unit}", "asr", "ohm-square-centimetre") for unit in (
            "Ω cm2", "ohm*cm^2", "Ohm·cm²", "Ωcm2", "Ω-cm2", "Ω × cm**2", "ohm cm^{2}", "cm² Ω", "Ω\u202fcm²")),
        *((f"0.5 {unit}", "density", "milliampere-per-square-centimetre") for unit in (
            "mA cm-2", "mA/cm²", "mA cm⁻²", "mAcm-2", "mA per cm2", "mA/(cm2)", "mA·cm−2", "mA cm^-2", "(mA/cm2)")),
        *((f"1 {unit}", "capacity", "milliampere-hour-per-square-centimetre") for unit in (
            "mA h cm-2", "mAh cm-2", "mAh/cm²", "mAhcm−2")),
    ],
)  # fmt: skip
def test_a_unit_may_be_spelled_in_any_way(text: str, kind: str, unit: str) -> None:
    assert said(text, kind) == ""
    assert parse(text).unit == f"{ID}unit/{unit}"


@pytest.mark.parametrize(
    ("text", "kind", "mend"),
    [
        ("0,5 mA cm-2", "density", "between thousands: 0.5"),
        ("1,400 h", "life", "1400 or 1.400"),
        ("1.400,5 h", "life", "1400.5"),
        ("12,345,678 h", "life", "12345678"),
        ("1.234.567 h", "life", "1234567"),
        ("1 400 h", "life", "1400"),
        ("1'400 h", "life", "1400"),
        ("1\u202f400 h", "life", "1400"),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused(text: str, kind: str, mend: str) -> None:
    assert mend in said(text, kind).partition("mend:")[2]


def test_a_bare_number_is_told_its_unit_and_a_wrong_unit_the_right_one() -> None:
    assert "'0.5 mA cm-2'" in said("0.5", "density")
    assert "a current density is given in 'mA cm-2'" in said("5 mA", "density")
    assert "[read as 20 Ω cm2]" in said("20 Ω cm-2", "asr")
    assert said("20 Ω cm-2 [read as 20 Ω cm2]", "asr") == ""


@pytest.mark.parametrize("text", ["1,050.5 h", "~12,345,678.9 h", "1,050.5–2,100.25 h"])
def test_a_comma_before_a_point_parts_thousands(text: str) -> None:
    assert said(text, "life") == ""


@pytest.mark.parametrize(
    ("text", "kind", "mends"),
    [
        ("80", "retention", ["80 %"]),
        ("0.998", "efficiency", ["99.8 %", "0.998 %"]),
        ("10-12 S/cm", "conductivity", ["10^-12 S/cm", "10 to 12 S/cm"]),
        ("99.2 %.", "efficiency", ["99.2 %"]),
        (
            "18 ± 3 Ω cm−2",
            "asr",
            ["18 Ω cm-2 [read as 18 Ω cm2]", "15-21 Ω cm-2 [read as 15-21 Ω cm2]", "± 3"],
        ),
        ("18 Ω cm2 ± 3 Ω cm2", "asr", ["18 Ω cm2", "15-21 Ω cm2", "± 3"]),
        ("(18 ± 3) Ω cm2", "asr", ["18 Ω cm2", "15-21 Ω cm2", "± 3"]),
        ("95 ± 2", "retention", ["95 %", "93-97 %", "± 2"]),
        ("5 nm ± 10 %", "thickness", ["5 nm", "± 10 %"]),
        ("(1.2 ± 0.1) × 10−4 S/cm", "conductivity", ["1.2e-4 S/cm", "1.1e-4 to 1.3e-4 S/cm", "± 0.1e-4"]),
        ("99.1(2) %", "efficiency", ["99.1 %", "98.9-99.3 %", "± 0.2"]),
        ("3.21(15) × 10-4 S/cm", "conductivity", ["3.21e-4 S/cm", "3.06e-4 to 3.36e-4 S/cm", "± 0.15e-4"]),
        ("between 80 nm and 1 µm", "thickness", ["80 nm-1 μm"]),
        ("300+ cycles", "cycles", ["> 300 cycles"]),
        ("10-4", "density", ["4 to 10 mA cm-2", "10^-4 mA cm-2"]),
        (
            "1-2 × 10⁴ Ω cm-2",
            "asr",
            ["(1-2) × 10^4 Ω cm-2 [read as 10000-20000 Ω cm2]", "1 to 2e4 Ω cm-2 [read as 1-20000 Ω cm2]"],
        ),
        ("between 5 and 10 mA cm-2", "density", ["5-10 mA cm-2"]),
    ],
)
def test_what_a_mend_says_to_write_is_read(text: str, kind: str, mends: list[str]) -> None:
    mend = said(text, kind).partition("mend:")[2]
    assert re.findall(r"'([^']*)'", mend) == mends
    assert " '" in mend
    assert [said(mended, kind) for mended in mends if "±" not in mended] == [""] * (
        len(mends) - ("±" in mend)
    )


@pytest.mark.parametrize("text", ["5 nm\x1f", "5\x1f.", "." * 200, "1" + " " * 5000 + "± x"])
def test_what_stands_behind_a_figure_is_looked_at_once(text: str) -> None:
    assert "mend:" in said(text, "life")


@pytest.mark.parametrize("kind", KEYS)
def test_only_units_that_a_property_takes_are_offered(kind: str) -> None:
    offered = re.findall(r"'([^']*)'", said("5 foo", kind).partition("mend:")[2])
    assert offered
    assert [said(f"5 {unit}", kind) for unit in offered] == [""] * len(offered)
    assert not {"W h L-1", "1"} & set(offered)


def workbook(tmp_path: Path, change: Callable[[Any], None]) -> tuple[dict[str, str], Reading]:
    """What a change to a sheet makes the reader say, by place."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "observations"
    sheet.append(["subject", "property", "result"])
    sheet.append(["d", "p", "1 h"])
    change(sheet)
    book.save(tmp_path / "a.xlsx")
    reading = Reading()
    grids = read_workbook(tmp_path / "a.xlsx", "a.xlsx", reading)
    assert [grid.name for grid in grids if grid.rows] == ["observations"]
    return {str(problem.place): str(problem) for problem in reading.problems}, reading


def test_a_date_that_excel_made_is_named_with_what_may_have_been_typed(tmp_path: Path) -> None:
    found, _ = workbook(tmp_path, lambda sheet: sheet.__setitem__("C2", dt.datetime(2026, 1, 2)))  # noqa: DTZ001
    [text] = found.values()
    assert "Excel has made a date or time of what was typed here: 2026-01-02" in text
    assert "perhaps '1-2'" in text
    assert next(iter(found)) == "a.xlsx, sheet observations, row 2, column C (result)"


def test_a_computed_number_is_told_from_a_printed_one(tmp_path: Path) -> None:
    found, _ = workbook(tmp_path, lambda sheet: sheet.__setitem__("C2", 0.3 + 1e-15))
    assert "perhaps '0.3'" in next(iter(found.values()))


def test_a_number_keeps_the_zeros_that_it_is_shown_with(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["C2"] = 0.5
        sheet["C2"].number_format = "0.00"

    found, reading = workbook(tmp_path, change)
    assert (found, reading.problems) == ({}, [])
    grid = read_workbook(tmp_path / "a.xlsx", "a.xlsx", reading)[0]
    assert grid.rows[1][1][3] == "0.50"


def test_a_percentage_is_told_of_with_what_it_shows(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["C2"] = 0.998
        sheet["C2"].number_format = "0.0%"

    assert "write '99.8 %'" in next(iter(workbook(tmp_path, change)[0].values()))


@pytest.mark.parametrize("formula", ["=1+1", "=cmd|' /C calc'!A0", '=HYPERLINK("http://x")'])
def test_a_formula_is_named_and_refused(formula: str, tmp_path: Path) -> None:
    found, _ = workbook(tmp_path, lambda sheet: sheet.__setitem__("C2", formula))
    assert "which no program has computed" in next(iter(found.values()))


def test_errors_and_merged_cells_are_named(tmp_path: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["C2"] = "#REF!"
        sheet.merge_cells("A2:A3")

    found, _ = workbook(tmp_path, change)
    assert {text.partition("\n")[0].partition(": ")[2] for text in found.values()} == {
        "the cell holds the error #REF!",
        "the cells A2:A3 are merged, and only the first of them holds anything",
    }


def test_hidden_sheets_are_a_problem_and_hidden_rows_a_remark(empty: Any, read: Callable[..., Any]) -> None:
    empty.add("designs", label="a design")
    empty.book["designs"].row_dimensions[4].hidden = True
    empty.book["works"].sheet_state = "hidden"
    reading = read(empty)
    assert [str(problem.place) for problem in reading.problems] == ["read.xlsx, sheet works"]
    assert any("hidden rows (4) were read" in note for note in reading.notes)


def test_odd_blanks_are_left_out_and_told_of(empty: Any, read: Callable[..., Any]) -> None:
    empty.add("designs", label="zinc\u00a0oxide  layer ")
    reading = read(empty)
    assert reading.rows[0].get("label").text == "zinc oxide layer"
    assert any("row 4, column C (label)" in note for note in reading.notes)


def test_misspelt_sheets_and_headings_are_answered_with_the_right_ones(
    empty: Any, read: Callable[..., Any]
) -> None:
    empty.add("designs", label="a design")
    empty.book["designs"]["C1"].value = "lable"
    empty.book.create_sheet("observation")["A1"] = "x"
    empty.book.create_sheet("_scratch")["A1"] = "mine"
    told = [str(problem) for problem in read(empty).problems]
    assert any("did you mean 'label'?" in each for each in told)
    assert any("rename it to 'observations'" in each for each in told)
    assert any("lacks the column label" in each for each in told)
    assert not any("_scratch" in each for each in told)


def test_what_stands_under_no_heading_is_not_lost_silently(empty: Any, read: Callable[..., Any]) -> None:
    row = empty.add("designs", label="a design")
    empty.book["designs"].cell(row, 60, "a thought")
    [problem] = read(empty).problems
    assert "'a thought' stands under no heading" in problem.message


def test_a_column_that_the_template_lacks_is_told_of_once(empty: Any, read: Callable[..., Any]) -> None:
    row = empty.add("designs", label="a design")
    empty.book["designs"].cell(1, 60, "my remark")
    empty.book["designs"].cell(row, 60, "a thought")
    [problem] = read(empty).problems
    assert "the sheet designs has no column 'my remark'" in problem.message


@given(st.lists(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=12)))
def test_several_values_in_a_cell_come_back_as_they_were(values: list[str]) -> None:
    plain = [" ".join(value.split()) for value in values if value.strip()]
    assert split_values(join_values(plain)) == plain


@given(st.text(max_size=60))
def test_any_text_is_a_figure_or_is_refused_in_words(text: str) -> None:
    printed, meant = split_read_as(text)
    problem = check_figure(printed, meant, f"{ID}property/current-density", PLACE, registry())
    assert problem is None or (problem.message and problem.mend)


@pytest.mark.parametrize(
    ("text", "kind", "what", "mend"),
    [
        (
            "18 ± 3 Ω cm2",
            "asr",
            "has a tolerance",
            "'18 Ω cm2' or the range '15-21 Ω cm2', and '± 3' in the note",
        ),
        ("~18+/-3 Ω cm2", "asr", "has a tolerance", "'~18 Ω cm2'"),
        ("between 80 and 120 h", "life", "a range in words", "'80-120 h'"),
        ("1500+ h", "life", "a plus sign", "'> 1500 h'"),
        ("n.a.", "efficiency", "is no figure", "delete the row"),
        ("–", "efficiency", "is no figure", "leave the cell"),
        ("C/2", "rate", "a fraction", "'0.5 C'"),
        ("1.200 cycles", "cycles", "no whole number", "write 1200 cycles"),
        ("2 GΩ cm2", "asr", "unknown unit", "an area-specific resistance is given in"),
    ],
)
def test_a_habit_of_papers_is_told_how_it_is_written_here(text: str, kind: str, what: str, mend: str) -> None:
    problem, _, told = said(text, kind).partition("mend:")
    assert what in problem
    assert mend in told


@pytest.mark.parametrize(
    ("text", "kind", "unit"),
    [("1.2 kΩ cm2", "asr", "kiloohm-square-centimetre"), ("1.2 kohm·cm²", "asr", "kiloohm-square-centimetre"),
     ("60 ˚C", "temperature", "degree-celsius"), ("1200 cycles", "cycles", "cycle")],
)  # fmt: skip
def test_what_papers_print_is_read(text: str, kind: str, unit: str) -> None:
    assert said(text, kind) == ""
    assert parse(text).unit == f"{ID}unit/{unit}"


def test_what_is_hidden_struck_through_or_a_comment_is_remarked(tmp_path: Path) -> None:
    from openpyxl.comments import Comment  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "observations"
    sheet.append(["#", "subject", "property"])
    sheet.append([None, "a", "b"])
    sheet.column_dimensions["C"].hidden = True
    sheet.column_dimensions["F"].hidden = True
    sheet["B2"].comment = Comment("really?", "me")
    sheet["C2"].font = Font(strike=True)
    book.save(tmp_path / "x.xlsx")
    reading = Reading()
    read_workbook(tmp_path / "x.xlsx", "x.xlsx", reading)
    notes = "\n".join(reading.notes)
    assert "hidden columns (C) were read" in notes
    assert "comments on cells (B2) were not read" in notes
    assert "struck-through cells (C2) were read" in notes
