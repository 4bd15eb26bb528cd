"""A spreadsheet that was exported or renamed goes on with the import that its records came from."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from lithiokg.intake import IntakeError, write_spreadsheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.sources import Sources


@pytest.fixture
def exported(paper: Any, take: Callable[..., Any], tmp_path: Path, base: Sources) -> Path:
    """The invented paper, imported as the source meyer from v1.xlsx and written out again."""
    taken = take(paper.save(tmp_path / "v1.xlsx"), source="meyer")
    assert taken.written
    out = tmp_path / "again.xlsx"
    write_spreadsheet("meyer", replace(base, collections=(tmp_path / "our-lab",)), out, "xlsx")
    return out


def edit(path: Path, sheet: str, heading: str, value: str | None) -> None:
    """Write into the first row of a sheet, or delete it."""
    book = openpyxl.load_workbook(path)
    for row in book[sheet].iter_rows(min_row=2):
        if not str(row[0].value or "").startswith("#"):
            break
    if value is None:
        book[sheet].delete_rows(row[0].row)
    else:
        [column] = [cell.column for cell in book[sheet][1] if str(cell.value).rstrip(" *") == heading]
        book[sheet].cell(row[0].row, column, value)
    book.save(path)


def told(take: Callable[..., Any], path: Path, **options: Any) -> str:
    with pytest.raises(IntakeError) as caught:
        take(path, **options)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_an_exported_spreadsheet_takes_the_place_of_what_it_was_exported_from(
    exported: Path, take: Callable[..., Any], tmp_path: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    before = contents(tmp_path / "our-lab")
    assert take(exported, source="meyer", dry_run=True).changes == []
    edit(exported, "observations", "result", "~33 Ohm·cm²")
    assert "becomes '~33 Ohm·cm²'" in told(take, exported, source="meyer")
    taken = take(exported, source="meyer", replace_own=True)
    assert taken.written
    assert "takes the place of what was imported from v1.xlsx" in taken.notes
    assert contents(tmp_path / "our-lab").keys() == before.keys(), "no record is there twice"
    assert take(exported, source="meyer").unchanged


def test_a_spreadsheet_with_most_of_an_import_is_told_of_in_one_message(
    exported: Path, take: Callable[..., Any], tmp_path: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    before = contents(tmp_path / "our-lab")
    edit(exported, "substances", "", None)
    said = told(take, exported, source="meyer", replace_own=True)
    assert (
        "again.xlsx has 4 of the 5 records that v1.xlsx brought into meyer, but not substance/Zn3N2" in said
    )
    assert "rename the file to v1.xlsx and import it with --replace" in said
    assert contents(tmp_path / "our-lab") == before


def test_a_paper_that_is_in_another_source_of_the_collection_is_told_that_source(
    exported: Path, take: Callable[..., Any], tmp_path: Path
) -> None:
    for path in (tmp_path / "v1.xlsx", exported):
        said = told(take, path)
        assert f"{path.name} holds design/nitride-layer-on-llzo, work/meyer-2027, which came into" in said
        assert "into the source meyer from v1.xlsx" in said
        assert "mend: give --source meyer" in said


def test_one_spreadsheet_takes_the_place_of_all_whose_records_it_has(
    exported: Path, take: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    lab = tmp_path / "our-lab"
    more = tmp_path / "more-substances.csv"
    more.write_text("key,type,label,formula\nSn3N4,metal nitride,tin nitride,Sn3N4\n", encoding="utf-8")
    assert take(more, source="meyer").written
    assert (lab / "meyer" / "more-substances-substances.yaml").exists()
    write_spreadsheet("meyer", replace(base, collections=(lab,)), exported, "xlsx")
    assert take(exported, source="meyer").written
    assert not (lab / "meyer" / "more-substances-substances.yaml").exists()
    assert "Sn3N4" in (lab / "meyer" / "v1-substances.yaml").read_text("utf-8")


def test_a_spreadsheet_that_merely_adds_leaves_the_others_alone(
    exported: Path, take: Callable[..., Any], tmp_path: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    before = contents(tmp_path / "our-lab")
    more = tmp_path / "more.csv"
    more.write_text("key,type,label,formula\nSn3N4,metal nitride,tin nitride,Sn3N4\n", encoding="utf-8")
    assert take(more, source="meyer").written
    after = contents(tmp_path / "our-lab")
    assert before.items() < after.items()


def test_a_paper_that_a_bibliography_brought_is_told_of_its_row(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    works = tmp_path / "works.csv"
    works.write_text(
        "key,type,label,title\nmeyer-2027,journal article,M27,Nitride layers\n", encoding="utf-8"
    )
    take(works, source="library")
    with pytest.raises(IntakeError, match="meyer-2027 is in the graph already"):
        take(paper.save(tmp_path / "v1.xlsx"), source="meyer")
