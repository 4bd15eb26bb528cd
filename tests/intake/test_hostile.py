"""Files that somebody made to do harm, or that a machine broke: refused in words, with nothing changed."""

from __future__ import annotations

import io
import random
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lithiokg.errors import LithioKGError
from lithiokg.intake import IntakeError
from lithiokg.intake import archive as archives
from lithiokg.intake.citations import READERS
from lithiokg.intake.csvs import read_csv
from lithiokg.intake.example import example_of
from lithiokg.intake.rows import Reading, read_rows
from lithiokg.intake.template import template_csv
from lithiokg.intake.xlsx import read_workbook

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.intake.layout import Layout
    from lithiokg.quantities import Registry

MADE = {"deadline": None, "max_examples": 40, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def problems(path: Path) -> str:
    reading = Reading()
    assert read_workbook(path, path.name, reading) == []
    return "\n".join(map(str, reading.problems))


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """A sound workbook."""
    book = openpyxl.Workbook()
    book.active.title = "designs"
    book.active.append(["label"])
    book.active.append(["a design"])
    book.save(tmp_path / "plain.xlsx")
    return tmp_path / "plain.xlsx"


def repacked(path: Path, **parts: bytes) -> Path:
    """A workbook in which parts are replaced or added; their names have ``__`` for a slash."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        wanted = {name.replace("__", "/") + ".xml": content for name, content in parts.items()}
        for name in old.namelist():
            new.writestr(name, wanted.pop(name, old.read(name)))
        for name, content in wanted.items():
            new.writestr(name, content)
    return target


def test_a_zip_bomb_is_refused_before_anything_opens_it(plain: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1 << 20)
    bomb = repacked(plain, xl__worksheets__sheet1=b" " * (2 << 20))
    assert bomb.stat().st_size < 20_000
    assert "unpacks to more than" in problems(bomb)


def test_a_zip_bomb_that_lies_about_its_size_is_refused_too(
    plain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1 << 20)
    bomb = repacked(plain, xl__worksheets__sheet1=b" " * (2 << 20))
    content = bomb.read_bytes().replace((2 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    bomb.write_bytes(content)
    assert problems(bomb)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(plain: Path, encoding: str) -> None:
    laughs = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    assert "declares entities or is not UTF-8" in problems(
        repacked(plain, xl__workbook=laughs.encode(encoding))
    )


def test_entities_behind_a_long_beginning_are_found(plain: Path) -> None:
    text = b"<?xml version='1.0'?>" + b" " * ((1 << 16) - 24) + b"<!DOCTYPE x><x/>"
    assert "declares entities" in problems(repacked(plain, xl__styles=text))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no .xlsx workbook, or is damaged"),
        (b"not a zip", "no .xlsx workbook, or is damaged"),
        (b"\xd0\xcf\x11\xe0rest", "an old .xls workbook, or is protected"),
    ],
)
def test_what_is_no_workbook_is_refused_with_the_mend(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    told = problems(tmp_path / "a.xlsx")
    assert words in told
    assert "save it as an Excel workbook" in told


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("../../evil", "x")
    assert "no .xlsx workbook" in problems(tmp_path / "a.xlsx")


def test_a_stray_cell_in_the_last_row_is_told_of_and_costs_nothing(plain: Path) -> None:
    book = openpyxl.load_workbook(plain)
    book["designs"].cell(1_048_576, 16_384, "x")
    book.save(plain)
    reading = Reading()
    read_workbook(plain, "plain.xlsx", reading)
    assert "goes beyond row 20,000" in str(reading.problems[0])


def test_a_very_long_cell_and_control_characters_are_refused(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "designs.csv").write_text(f'label\n"{"x" * 9000}"\n"a\x07b"\n=1+1\n', encoding="utf-8")
    reading = Reading()
    read_rows(read_csv(tmp_path / "designs.csv", "designs.csv", reading), layout, reading, example_of)
    told = [problem.message for problem in reading.problems]
    assert told == [
        "the cell holds 9,000 characters",
        "the cell holds the control character U+0007",
        "'=1+1' is a formula, or would be taken for one",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("label\nlithiophil für Ω\n".encode("cp1252", "replace"), "in Windows-1252 it is 'ü'"),
        (b"\xff\xfel\x00a", "is not UTF-16"),
        (b"label\n\x00\x00\n", "zero bytes"),
        (b'label\n"never closed\nx\n', "quotation mark that is not closed"),
        (b"", "the file is empty"),
        (b"a,b\n1,2\n", "no headings of the template"),
    ],
)
def test_text_that_is_none_is_refused_with_its_place(
    content: bytes, words: str, layout: Layout, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    reading = Reading()
    read_rows(read_csv(tmp_path / "a.csv", "a.csv", reading), layout, reading, example_of)
    [problem] = reading.problems
    assert words in str(problem)


def test_a_csv_cell_that_a_program_would_run_is_kept_safe_and_comes_back(
    layout: Layout, units: Registry, tmp_path: Path
) -> None:
    texts = ["=cmd|' /C calc'!A0", "+1", "-0.5 V", "@SUM(A1)", "'quoted'"]
    text = template_csv(layout["designs"], units, [{"label": each} for each in texts])
    assert all(f"'{each}" in text for each in texts)
    (tmp_path / "designs.csv").write_text(text, encoding="utf-8", newline="")
    [grid] = read_csv(tmp_path / "designs.csv", "designs.csv", Reading())
    column = next(number for number, head in grid.rows[0][1].items() if head == "label *")
    assert [cells[column] for _, cells in grid.rows[1:]] == texts


@settings(**MADE)
@given(seed=st.integers(0, 10**9))
def test_a_damaged_workbook_is_refused_or_read_and_never_a_traceback(
    seed: int, plain: Path, layout: Layout
) -> None:
    chance = random.Random(seed)  # noqa: S311  # damage, not secrets
    content = bytearray(plain.read_bytes())
    for _ in range(chance.choice([1, 3, 30])):
        content[chance.randrange(len(content))] = chance.randrange(256)
    damaged = plain.with_name("damaged.xlsx")
    damaged.write_bytes(
        bytes(content[: chance.randrange(len(content))] if chance.random() < 0.2 else content)
    )
    reading = Reading()
    read_rows(read_workbook(damaged, damaged.name, reading), layout, reading, example_of)


@settings(**MADE)
@given(seed=st.integers(0, 10**9))
def test_a_workbook_with_a_damaged_part_is_refused_or_read_and_never_a_traceback(
    seed: int, plain: Path, layout: Layout
) -> None:
    chance = random.Random(seed)  # noqa: S311  # damage, not secrets
    with zipfile.ZipFile(plain) as archive:
        parts = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    name = chance.choice(sorted(parts))
    for _ in range(chance.choice([1, 5])):
        at = chance.randrange(len(parts[name]))
        parts[name][at : at + chance.randrange(8)] = chance.choice(
            [b"", b"<", b"9" * 30, b"-1", b'"', b"&#0;"]
        )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, bytes(content))
    damaged = plain.with_name("damaged.xlsx")
    damaged.write_bytes(stream.getvalue())
    reading = Reading()
    read_rows(read_workbook(damaged, damaged.name, reading), layout, reading, example_of)


@settings(**MADE)
@given(
    content=st.binary(max_size=300)
    | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_csv_or_refused(content: bytes, layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "designs.csv").write_bytes(b"label,note\n" + content)
    reading = Reading()
    read_rows(read_csv(tmp_path / "designs.csv", "designs.csv", reading), layout, reading, example_of)
    assert all(problem.mend for problem in reading.problems)


_PIECES = st.sampled_from(
    ["@article{a,", "title={", "}", "{", '"', "author", "=", " and ", ",", "\n", "@string{", "\\'e", "$x_{", "#",
     "TY  - JOUR\n", "AU  - X\n", "ER  - \n", "[", "]", '{"title":', '"a"', "null", "1e999", "\u2028", "@comment"]
)  # fmt: skip


@settings(**MADE)
@given(
    kind=st.sampled_from([".bib", ".ris", ".json"]),
    pieces=st.lists(_PIECES | st.text(max_size=5), max_size=25),
)
def test_any_text_is_a_bibliography_or_is_refused_in_words(kind: str, pieces: list[str]) -> None:
    with suppress(LithioKGError):
        entries = list(READERS[kind]("".join(pieces), f"a{kind}"))
        assert all(isinstance(entry.title, str) for entry in entries)


def test_what_was_imported_is_never_changed(paper: Any, take: Callable[..., Any], tmp_path: Path) -> None:
    paper.add("designs", key="../x", label="evil")
    path = paper.save(tmp_path / "meyer.xlsx")
    before = path.read_bytes()
    with pytest.raises(IntakeError):
        take(path)
    assert path.read_bytes() == before
