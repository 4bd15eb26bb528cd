"""Mapping tables: what is read, and how mistakes are told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import Place, SourceError
from lithiokg.linking import load_mappings, read_mapping_set, read_mappings
from lithiokg.linking.rows import cells_of

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.errors import LithioKGError
    from lithiokg.linking import MappingSet

SKOS = "http://www.w3.org/2004/02/skos/core#"
FIRST = 12  # the line of the first row: ten of the header, one of the names of columns


def test_a_row_is_read_with_its_curies_written_out(table: Any) -> None:
    table.row("lkg:Host", "skos:broadMatch", "o:Body", label="host", object_label="Body", comment="wider")
    found = table.good()
    (row,) = found.mappings
    assert (found.target, found.iri) == ("other", "https://example.org/mappings/other")
    assert row.subject == "https://w3id.org/lithiokg/Host"
    assert row.predicate == SKOS + "broadMatch"
    assert row.object == "https://example.org/other#Body"
    assert (row.confidence, row.is_link, row.negated, row.finds_no_term) == (
        Decimal("0.9"),
        True,
        False,
        False,
    )
    assert (row.text("object_label"), row.text("comment")) == ("Body", "wider")
    assert row.place == Place("other.sssom.tsv", FIRST)


def test_a_denied_row_and_one_without_a_term_are_no_links(table: Any) -> None:
    table.row(modifier="Not").row("lkg:Coating", "skos:exactMatch", "sssom:NoTermFound")
    denied, absent = table.good().mappings
    assert (denied.negated, denied.is_link) == (True, False)
    assert (absent.finds_no_term, absent.is_link) == (True, False)


def test_a_row_is_known_by_what_it_says_of_which_things_and_not_by_its_place_or_remarks(table: Any) -> None:
    first = table.row(comment="a").good().mappings[0].iri
    table.rows.clear()
    second = table.row("lkg:Coating").row(comment="b", confidence="0.5").good().mappings[1].iri
    assert first == second
    assert first.startswith("https://w3id.org/lithiokg/id/mapping/other/")


def test_a_record_id_is_kept(table: Any) -> None:
    table.columns += "\trecord_id"
    table.row()
    table.rows[0] += "\to:row-1"
    assert table.good().mappings[0].iri == "https://example.org/other#row-1"


@pytest.mark.parametrize(
    ("change", "said", "cell"),
    [
        ({"subject": "lkh:Host"}, "the prefix lkh: of 'lkh:Host' is not declared", 0),
        ({"subject": "Host"}, "'Host' is no CURIE", 0),
        ({"subject": ""}, "subject_id is empty", 0),
        ({"obj": ""}, "object_id is empty", 4),
        ({"obj": "o:a b"}, "'https://example.org/other#a b' is no IRI", 4),
        ({"predicate": "skos:exactMtch"}, "skos:exactMtch is no relation", 2),
        ({"predicate": "rdfs:subClassOf"}, "rdfs:subClassOf is no relation", 2),
        ({"modifier": "not"}, "'not' is no modifier", 3),
        ({"confidence": "1.2"}, "1.2 is not between 0 and 1", 7),
        ({"confidence": "-0.1"}, "-0.1 is not between 0 and 1", 7),
        ({"confidence": "high"}, "'high' is no number", 7),
        ({"justification": "semapv:Guess"}, "semapv:Guess is no justification", 6),
        ({"obj": "sssom:NoTermFound", "modifier": "Not"}, "cannot be denied", 3),
        ({"obj": "sssom:NoTermFound", "object_label": "x"}, "has no label", 5),
        ({"comment": '"open'}, "does not read", 0),
        ({"comment": "a\tb"}, "this row has 10 cells, and the table 9 columns", 9),
    ],
)
def test_a_mistake_in_a_row_is_told_with_the_cell_where_it_stands(
    table: Any, change: dict[str, str], said: str, cell: int
) -> None:
    problem = table.row(**change).problem()
    assert said in problem.message
    before = table.rows[0].split("\t")[:cell]
    assert problem.place == Place("other.sssom.tsv", FIRST, sum(len(each) + 1 for each in before) + 1)
    assert problem.mend


@pytest.mark.parametrize(
    ("old", "new", "said", "place"),
    [
        ("#license: ", "#licence: ", "'licence' is no SSSOM slot", (4, 2)),
        (
            "#mapping_set_title: Mappings to another ontology\n",
            "",
            "the header lacks mapping_set_title",
            (1, 1),
        ),
        (
            "#object_source_version",
            "#subject_source_version",
            "object_source_version or mapping_date",
            (11, 1),
        ),
        ("  lkgi: https", "  lkg: https", "the prefix lkg: is declared twice", (9, 4)),
        ("  lkgi: https://w3id.org/lithiokg/id/", "  skos: https://example.org/", "SSSOM fixes", (9, 10)),
        ("  lkgi: https://w3id.org/lithiokg/id/", "  lkgi: there", "'there' is no IRI", (9, 10)),
        ("#curie_map:", "#curie_map: none", "not YAML", (8, 7)),
        ("#license: https", "#license: [https", "not YAML", (5, 15)),
        ("#license: https://creativecommons.org/licenses/by/4.0/", "#license:", "license is empty", (4, 10)),
        ('"1"', "[1, 2]", "mapping_set_version takes one value", (3, 23)),
        ("#license: ", "#mapping_set_title: twice\n#license: ", "mapping_set_title is given twice", (4, 2)),
    ],
)
def test_a_mistake_in_the_header_is_told_with_its_place(
    table: Any, old: str, new: str, said: str, place: tuple[int, int]
) -> None:
    assert table.header.count(old) == 1
    table.header = table.header.replace(old, new)
    _, problems = table.row().read()
    assert any(
        said in each.message and each.place == Place("other.sssom.tsv", *place) for each in problems
    ), "\n".join(map(str, problems))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("comment", "coment", "'coment' is no SSSOM slot of a mapping"),
        ("comment", "subject_id", "the column subject_id stands here twice"),
        ("predicate_id", "predicate_label", "the column predicate_id is missing"),
    ],
)
def test_a_mistake_in_the_names_of_columns_is_told(table: Any, old: str, new: str, said: str) -> None:
    column = 1 if "missing" in said else table.columns.index(old) + 1
    table.columns = table.columns.replace(old, new)
    problem = table.problem()
    assert said in problem.message
    assert problem.place == Place("other.sssom.tsv", FIRST - 1, column)


def test_a_near_miss_is_guessed(table: Any) -> None:
    table.columns = table.columns.replace("confidence", "confidance")
    assert table.problem().mend == "did you mean confidence?"


def test_every_mistake_is_told_at_once_in_the_order_of_the_lines(table: Any) -> None:
    table.header = table.header.replace("#license: https", "#licence: https")
    table.row(confidence="2").row("x:y").row(predicate="skos:note")
    _, problems = table.read()
    assert [each.place.line for each in problems] == [1, 4, FIRST, FIRST + 1, FIRST + 2]


@pytest.mark.parametrize("text", ["", "\n", "#\n", "# just a remark", "a\tb\n1\t2", "#- a list\nsubject_id"])
def test_what_is_no_mapping_table_is_refused_and_nothing_breaks(text: str) -> None:
    found, problems = read_mapping_set(text, "x", "x")
    assert found is None
    assert problems


def _contradiction(table: Any) -> LithioKGError:
    return table.problem()


def test_the_same_row_twice_is_refused(table: Any) -> None:
    problem = _contradiction(table.row(comment="a").row("lkg:Coating").row(comment="b"))
    assert problem.message == f"line {FIRST} says the same"
    assert problem.place == Place("other.sssom.tsv", FIRST + 2, 1)


def test_an_exact_match_of_two_things_of_one_target_is_refused(table: Any) -> None:
    table.row(predicate="skos:exactMatch", object_label="Host")
    problem = _contradiction(table.row(predicate="skos:exactMatch", obj="o:Matrix"))
    assert "is an exact match of Host already" in problem.message
    assert problem.place == Place("other.sssom.tsv", FIRST + 1, table.rows[1].index("o:Matrix") + 1)


def test_what_is_affirmed_cannot_be_denied_too(table: Any) -> None:
    problem = _contradiction(table.row().row(modifier="Not"))
    assert "denies what this row affirms" in problem.message


def test_what_was_found_cannot_be_missing_too(table: Any) -> None:
    problem = _contradiction(table.row().row(obj="sssom:NoTermFound"))
    assert "says that no such term was found" in problem.message


def test_no_exact_match_and_a_broader_one_go_together(table: Any) -> None:
    table.row(predicate="skos:exactMatch", obj="sssom:NoTermFound").row(predicate="skos:broadMatch")
    assert len(table.good().mappings) == 2


# Files


def test_a_folder_is_read_whole_and_each_mistake_names_its_file(tmp_path: Path, table: Any) -> None:
    (tmp_path / "good.sssom.tsv").write_text(table.row().text, encoding="utf-8")
    (tmp_path / "bad.sssom.tsv").write_text("nothing", encoding="utf-8")
    (tmp_path / "latin.sssom.tsv").write_bytes("#mapping_set_title: für\n".encode("latin-1"))
    (tmp_path / "stray.tsv").write_text("", encoding="utf-8")
    problems: list[LithioKGError] = []
    found = read_mappings(tmp_path, problems, relative=lambda path: path.name)
    assert [each.target for each in found] == ["good"]
    assert {each.place.file for each in problems if each.place} == {
        "bad.sssom.tsv",
        "latin.sssom.tsv",
        "stray.tsv",
    }
    with pytest.raises(SourceError, match=r"\d mistakes in mapping tables"):
        load_mappings(tmp_path)


def test_two_tables_with_one_identifier_are_refused(tmp_path: Path, table: Any) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.sssom.tsv").write_text(table.text, encoding="utf-8")
    with pytest.raises(SourceError, match=r"is the identifier of .*a\.sssom\.tsv too"):
        load_mappings(tmp_path)


def test_no_folder_is_no_mapping(tmp_path: Path) -> None:
    assert load_mappings(tmp_path / "none") == []


def test_windows_line_ends_and_a_byte_order_mark_do_not_matter(table: Any) -> None:
    text = "\ufeff" + table.row().text.replace("\n", "\r\n")
    found, problems = read_mapping_set(text, "other", "other.sssom.tsv")
    assert problems == []
    assert found == table.good()


# Any content

_TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t"), max_size=20)
_NAME = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)


def _line(cells: list[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter="\t", lineterminator="").writerow(cells)
    return buffer.getvalue()


@given(st.lists(_TEXT, min_size=1, max_size=6))
def test_cells_are_read_as_they_were_written_and_found_where_they_stand(cells: list[str]) -> None:
    line = _line(cells)
    if not line:
        return
    found = cells_of(line)
    assert [value for _, value in found] == cells
    for start, value in found:
        assert line[start - 1 :].startswith((value, '"'))


@given(
    rows=st.lists(
        st.tuples(_NAME, st.sampled_from(["closeMatch", "broadMatch", "relatedMatch"]), _NAME, _TEXT, _TEXT),
        unique_by=lambda row: row[:3],
        max_size=6,
    ),
    title=_TEXT.filter(str.strip),
)
def test_a_table_is_read_as_it_was_written(rows: list[tuple[str, ...]], title: str) -> None:
    import json  # noqa: PLC0415

    lines = [
        "#mapping_set_id: https://example.org/set",
        f"#mapping_set_title: {json.dumps(title, ensure_ascii=False)}",
        '#mapping_set_version: "1"',
        "#license: https://example.org/license",
        "#object_source: https://example.org/other",
        "#mapping_date: 2026-01-31",
        "#curie_map: {lkg: 'https://w3id.org/lithiokg/', o: 'https://example.org/other#'}",
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\tobject_label\tcomment",
    ]
    for subject, relation, thing, label, comment in rows:
        cells = [
            f"lkg:{subject}",
            f"skos:{relation}",
            f"o:{thing}",
            "semapv:ManualMappingCuration",
            label,
            comment,
        ]
        lines.append(_line(cells))
    found, problems = read_mapping_set("\n".join(lines), "t", "t.sssom.tsv")
    assert problems == []
    assert found is not None
    assert found.text("mapping_set_title") == title.strip()
    read = [
        (
            row.subject.rpartition("/")[2],
            row.predicate.rpartition("#")[2],
            row.object.rpartition("#")[2],
            row.text("object_label"),
            row.text("comment"),
        )
        for row in found.mappings
    ]
    assert read == [(*row[:3], row[3].strip(), row[4].strip()) for row in rows]
    assert len({row.iri for row in found.mappings}) == len(rows)


@given(st.text(max_size=80), st.booleans())
def test_no_text_breaks_the_reader(text: str, as_rows: bool) -> None:
    if as_rows:
        text = "#mapping_set_id: https://example.org/\nsubject_id\tobject_id\n" + text
    found, problems = read_mapping_set(text, "t", "t.sssom.tsv")
    assert (found is None) == bool(problems)
    assert all(each.place is not None and each.place.line >= 1 for each in problems)


# The shipped tables


def test_the_shipped_tables_read(tables: list[MappingSet]) -> None:
    wanted = {
        *("emmo", "electrochemistry", "battery", "chemical-substance", "chameo", "pmdco", "qudt", "chmo"),
        *("mdo", "mwo", "sosa", "prov", "cito", "fabio", "oa", "schema"),
    }
    assert {each.target for each in tables} >= wanted


def test_every_shipped_row_has_a_confidence_and_a_version(tables: list[MappingSet]) -> None:
    for each in tables:
        for row in each.mappings:
            assert row.confidence is not None, row.place
            assert each.text("object_source_version") or row.text("object_source_version"), row.place


def test_a_false_friend_and_a_term_not_found_say_why_or_where_one_looked(tables: list[MappingSet]) -> None:
    for each in tables:
        for row in each.mappings:
            said = row.text("comment") or (
                row.finds_no_term and "NoTermFound" in each.text("mapping_set_description")
            )
            assert row.is_link or said, row.place
