"""docs/add-a-paper.md, followed as a chemist follows it."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.build import Cache
    from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
EXAMPLE = DOCS / "examples" / "inventor-2026.xlsx"


@pytest.fixture
def page(guide: Any) -> Any:
    """The page."""
    return type(guide)(DOCS / "add-a-paper.md")


@pytest.fixture
def run(
    shipped: Sources, cache: Cache, graph: object, lithio: Callable[..., Any]
) -> Callable[[list[str]], str]:
    """Run a command of the page."""

    def call(command: list[str]) -> str:
        return str(lithio(*command[1:], sources=shipped, cache=cache.root).out)

    return call


def test_the_page_does_what_it_says(
    page: Any, run: Callable[[list[str]], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    monkeypatch.chdir(tmp_path)
    done = page.follow(tmp_path, run)
    assert len(done) == 7
    assert (tmp_path / "again.xlsx").exists()


def test_the_example_is_the_template_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import example_spreadsheet  # noqa: PLC0415

    monkeypatch.setattr(example_spreadsheet, "TARGET", tmp_path / "again.xlsx")
    example_spreadsheet.main()
    sys.modules.pop("example_spreadsheet")
    books = [openpyxl.load_workbook(path) for path in (EXAMPLE, tmp_path / "again.xlsx")]
    one, other = ({sheet.title: list(sheet.values) for sheet in book.worksheets} for book in books)
    assert one == other, "run python tools/example_spreadsheet.py"


@pytest.mark.parametrize("name", ["add-a-paper.md", "collections.md"])
def test_every_option_that_the_pages_name_is_there(name: str, lithio: Callable[..., Any]) -> None:
    text = (DOCS / name).read_text("utf-8")
    helped: dict[str, str] = {}
    for verb, rest in re.findall(
        r"lithiokg (?:--with \S+ )?(import|new|template|export|check|show)\b([^\n|`]*)", text
    ):
        helped.setdefault(verb, lithio(verb, "--help").out)
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in helped[verb], f"{verb} {option}"
    assert helped
