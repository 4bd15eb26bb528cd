from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.joining import TableError, read_csv, table_of


def problems(path) -> list[str]:
    with pytest.raises(TableError) as raised:
        read_csv(path)
    return [str(problem) for problem in raised.value.problems]


def test_a_file_is_read_with_the_line_of_each_row(csv_file) -> None:
    table = read_csv(csv_file('name,formula\n\nzinc oxide,ZnO\n"two\nlines",Li3N\nlast,LiF\n'))
    assert table.columns == ("name", "formula")
    assert table.rows == (("zinc oxide", "ZnO"), ("two\nlines", "Li3N"), ("last", "LiF"))
    assert [place.line for place in table.places] == [3, 4, 6]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_commas_semicolons_and_tabs_part_the_fields(csv_file, delimiter: str, newline: str) -> None:
    lines = ["a,b", "1,2"]
    text = newline.join(line.replace(",", delimiter) for line in lines)
    table = read_csv(csv_file(text))
    assert (table.columns, table.rows) == (("a", "b"), (("1", "2"),))


def test_a_byte_order_mark_is_no_part_of_the_first_column(csv_file) -> None:
    assert read_csv(csv_file(b"\xef\xbb\xbfformula\nZnO\n")).columns == ("formula",)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "mine.csv:1:1: the file is empty"),
        ("\n\n", "the file is empty"),
        ("formula\n", "mine.csv:1:1: a header and no rows"),
        (b"formula\nLi\xb2O\n", "mine.csv:2:3: the byte 0xb2 is not UTF-8"),
        ('a,b\n"1,2\n', "mine.csv:2:1: not CSV"),
        ("a,a\n1,2\n", "mine.csv:1:1: two columns are called 'a'"),
    ],
)
def test_a_file_that_cannot_be_read_says_where_and_why(csv_file, content: str | bytes, words: str) -> None:
    (problem,) = problems(csv_file(content))
    assert words in problem
    assert "mend:" in problem


def test_every_row_that_does_not_fit_the_header_is_told_with_its_line(csv_file) -> None:
    found = problems(csv_file("a,b\n1\n1,2\n1,2,3\n"))
    assert "mine.csv:2:1: 1 field, the header has 2" in found[0]
    assert "mine.csv:4:1: 3 fields, the header has 2" in found[1]
    assert len(found) == 2


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path) -> None:
    with pytest.raises(TableError, match="No such file"):
        read_csv(tmp_path / "none.csv")


def test_a_column_is_found_whatever_its_capitals_and_blanks(csv_file) -> None:
    table = read_csv(csv_file("name,InChI Key\nFEC,x\n"))
    assert table.index("inchikey") == table.index("InChI Key") == 1


def test_a_column_that_is_not_there_is_answered_with_the_closest(csv_file) -> None:
    table = read_csv(csv_file("name,formulla\nx,y\n"))
    with pytest.raises(
        TableError, match=r"no column 'formula'[^$]*did you mean 'formulla'\?[^$]*name, formulla"
    ):
        table.index("formula")


def test_of_two_columns_alike_neither_is_guessed_at(csv_file) -> None:
    table = read_csv(csv_file("Formula,formula \nx,y\n"))
    assert table.index("formula") == 1
    assert table.index("Formula") == 0
    with pytest.raises(TableError, match="more than one column 'FORMULA'"):
        table.index("FORMULA")


def test_rows_of_a_program_need_not_have_the_same_fields() -> None:
    table = table_of([{"formula": "ZnO"}, {"formula": None, "n": 3}, {"formula": float("nan")}])
    assert table.columns == ("formula", "n")
    assert table.rows == (("ZnO", ""), ("", "3"), ("", ""))


def test_no_rows_are_no_table() -> None:
    with pytest.raises(TableError, match="no rows"):
        table_of([])


FIELDS = st.text(
    alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\x00\ufeff"), max_size=12
)


@given(st.lists(st.lists(FIELDS, min_size=2, max_size=2), min_size=1, max_size=5))
def test_what_a_csv_writer_writes_is_read_as_it_was(tmp_path_factory, rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow(["left", "right"])
    writer.writerows(rows)
    path = tmp_path_factory.mktemp("written") / "rows.csv"
    path.write_text(buffer.getvalue(), encoding="utf-8", newline="")
    kept = [tuple(row) for row in rows if any(field.strip() for field in row)]
    if kept:
        assert list(read_csv(path).rows) == kept
    else:
        assert "no rows" in problems(path)[0]
