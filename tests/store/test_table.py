from __future__ import annotations

import sys
from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import LithioKGError
from lithiokg.store import EmbeddedStore, Table, python_value

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + name))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        (ox.NamedNode("x:y"), "x:y"),
        (typed("7", "integer"), 7),
        (typed("7", "nonNegativeInteger"), 7),
        (typed("2.50", "decimal"), Decimal("2.50")),
        (typed("1e3", "double"), 1000.0),
        (typed("true", "boolean"), True),
        (typed("0", "boolean"), False),
        (typed("seven", "integer"), "seven"),
        (typed("much", "decimal"), "much"),
        (typed("perhaps", "boolean"), "perhaps"),
        (typed("2021-01-01", "date"), "2021-01-01"),
        (ox.Literal("a", language="en"), "a"),
        (None, None),
        (ox.BlankNode("b"), "_:b"),
    ],
)
def test_a_term_becomes_the_plain_value_of_its_type(term: ox.Literal, value: object):
    result = python_value(term)
    assert result == value
    assert type(result) is type(value)


def test_rows_keep_the_terms_of_the_engine_and_unbound_is_none(store: EmbeddedStore):
    table = store.query("SELECT ?a ?b { VALUES (?a ?b) { (1 UNDEF) } }")
    assert isinstance(table, Table)
    assert table.variables == ("a", "b")
    assert list(table) == [(ox.Literal(1), None)]
    assert table.dicts() == [{"a": 1, "b": None}]


def test_a_table_can_be_read_twice():
    table = Table(["a"], iter([(ox.Literal(1),)]))
    assert list(table) == list(table) == list(table.rows)
    assert len(table) == 1


@given(st.lists(st.tuples(st.integers() | st.none(), st.text() | st.none())))
def test_tables_with_the_same_rows_are_equal(rows: list[tuple[int | None, str | None]]):
    def terms() -> list[tuple[ox.Literal | None, ...]]:
        return [
            (None if n is None else typed(str(n), "integer"), None if t is None else ox.Literal(t))
            for n, t in rows
        ]

    assert Table("ab", terms()) == Table("ab", terms())
    assert [tuple(row.values()) for row in Table("ab", terms()).dicts()] == rows


#: Any term, with what TSV must write with care.
NAMES = st.text(st.sampled_from("abé\t\n\r\"'\\#?<> "), max_size=5) | st.text(
    st.characters(exclude_categories=["Cs"])
)
TERMS = (
    st.none()
    | NAMES.map(ox.Literal)
    | NAMES.map(lambda text: ox.Literal(text, language="en-GB"))
    | st.builds(
        typed,
        NAMES | st.from_regex(r"[+-]?[0-9]{1,4}", fullmatch=True),
        st.sampled_from(["integer", "double"]),
    )
    | st.decimals(allow_nan=False, allow_infinity=False, places=3).map(
        lambda each: typed(str(each), "decimal")
    )
    | st.floats().map(ox.Literal)
    | st.booleans().map(ox.Literal)
    | st.from_regex(r"[a-z0-9é().-]{1,9}(#[a-z/?]{0,3})?", fullmatch=True).map(
        lambda text: ox.NamedNode(f"x:{text}")
    )
    | st.from_regex(r"[a-z0-9]{1,9}", fullmatch=True).map(ox.BlankNode)
)


@given(
    st.integers(1, 3).flatmap(
        lambda width: st.lists(st.tuples(*[TERMS] * width)).map(lambda rows: (width, rows))
    )
)
def test_a_table_written_as_tsv_reads_the_same(made):
    width, rows = made
    table = Table("abc"[:width], rows)
    again = Table.from_tsv(table.to_tsv())
    assert again == table
    assert not again.truncated


def test_a_table_without_rows_or_columns_is_written_too():
    for table in (Table("ab", []), Table("a", [(None,)]), Table("a", [(None,), (None,)])):
        assert Table.from_tsv(table.to_tsv()) == table


def test_a_column_that_is_not_there_is_a_key_error():
    with pytest.raises(KeyError):
        Table(["a"], []).column("b")


def test_a_data_frame_has_numbers_as_numbers_and_the_rest_as_strings():
    pytest.importorskip("pandas")
    rows = [
        (typed("1", "integer"), typed("2.5", "decimal"), ox.Literal("a"), typed("true", "boolean"), None),
        (typed("2", "integer"), typed("3", "integer"), typed("4", "integer"), None, typed("9", "integer")),
    ]
    frame = Table(["int", "mixed", "text", "flag", "gap"], rows).to_pandas()
    assert [str(kind) for kind in frame.dtypes][:1] == ["int64"]
    assert str(frame["mixed"].dtype) == "float64"
    assert list(frame["text"]) == ["a", "4"]
    assert str(frame["flag"].dtype) == "boolean"
    assert str(frame["gap"].dtype) == "Int64"


def test_an_empty_table_keeps_its_columns_in_a_data_frame():
    pytest.importorskip("pandas")
    assert list(Table(["a", "b"], []).to_pandas().columns) == ["a", "b"]


def test_without_pandas_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(LithioKGError, match=r'pip install "lithiokg\[pandas\]"'):
        Table(["a"], []).to_pandas()
