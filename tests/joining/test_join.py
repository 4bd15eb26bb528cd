from __future__ import annotations

import json
from pathlib import Path

import pytest

from lithiokg.errors import UsageError
from lithiokg.joining import KINDS, TableError

ROOT = Path(__file__).parent.parent.parent


def found(joined) -> list[tuple[int, str, str | None]]:
    return [(match.row, match.how, match.iri and match.iri.rpartition("/")[2]) for match in joined.matches]


def test_each_row_meets_what_has_its_formula_however_it_is_written(few) -> None:
    joined = few.join([{"formula": "OZn"}, {"formula": " Zn₂O₂"}], on="formula")
    assert found(joined) == [
        (0, "formula", "ZnO"),
        (0, "formula", "wurtzite"),
        (1, "composition", "ZnO"),
        (1, "composition", "wurtzite"),
    ]
    assert joined.met == 2
    assert "2 of them more than one thing" in joined.summary


def test_what_has_the_same_atoms_stands_before_what_has_the_same_ratio(few) -> None:
    joined = few.join([{"formula": "O2"}], on="formula")
    assert found(joined) == [(0, "formula", "O2"), (0, "composition", "O")]


def test_a_formula_with_rounded_thirds_nearly_meets_what_is_meant(few) -> None:
    texts = [
        "LiNi0.33Co0.33Mn0.33O2",
        "LiNi0.333Mn0.333Co0.333O2",
        "LiNi1/3Co1/3Mn1/3O2",
        "LiNi0.4Co0.3Mn0.3O2",
    ]
    joined = few.join([{"formula": text} for text in texts], on="formula")
    assert found(joined) == [
        (0, "nearly", "NCM111"),
        (1, "nearly", "NCM111"),
        (2, "composition", "NCM111"),
        (3, "none", None),
    ]


def test_rows_that_meet_nothing_are_kept_in_their_place(few) -> None:
    rows = [{"formula": "HfO2", "n": 1}, {"formula": "", "n": 2}, {"formula": "O", "n": 3}]
    joined = few.join(rows, on="formula")
    assert [(row[0], row[1], row[2]) for row in joined.rows] == [
        ("HfO2", "1", "none"),
        ("", "2", "no value"),
        ("O", "3", "formula"),
        ("O", "3", "composition"),
    ]
    assert joined.summary == (
        "1 of 3 rows met something in the graph, 1 of them more than one thing, 1 met nothing, 1 had no value"
    )


def test_a_row_says_what_becomes_of_a_substance_and_which_designs_hold_it(few) -> None:
    joined = few.join([{"formula": "ZnO"}], on="formula")
    row = dict(zip(joined.columns, joined.rows[0], strict=True))
    assert row == {
        "formula": "ZnO",
        "lkg_match": "formula",
        "lkg_id": "substance/ZnO",
        "lkg_name": "zinc oxide",
        "lkg_formula": "ZnO",
        "lkg_forms_with_lithium": "Li-Zn alloy; lithium oxide",
        "lkg_stable_against": None,
        "lkg_conducts": None,
        "lkg_blocks": None,
        "lkg_designs": "coated host",
    }


def test_an_inchikey_meets_the_one_substance_that_has_it(few) -> None:
    joined = few.join([{"InChI Key": "InChIKey=sblrhmknnhxphg-uhfffaoysa-n"}], on="inchikey")
    assert found(joined) == [(0, "inchikey", "FEC")]


def test_a_doi_meets_the_work_in_whatever_case_it_was_printed(few) -> None:
    joined = few.join([{"DOI": "https://doi.org/10.1000/aBc"}, {"DOI": "10.1000/abcd"}], on="doi")
    assert found(joined) == [(0, "doi", "w"), (1, "none", None)]
    row = dict(zip(joined.columns, joined.rows[0], strict=True))
    assert row["lkg_references"] == "reference 7; reference 9"
    assert row["lkg_designs"] == "coated host"


def test_every_value_that_cannot_be_read_is_told_at_once_with_its_line(few, csv_file) -> None:
    path = csv_file("n,formula\n1,LiTFSI\n2,ZnO\n3,Li2Sx\n4,CuSO4.5H2O\n")
    with pytest.raises(TableError) as raised:
        few.join(path, on="formula")
    told = str(raised.value)
    assert "mine.csv:2:1: 'LiTFSI' is not a formula" in told
    assert "mine.csv:4:1: 'Li2Sx' leaves the amount of S open" in told
    assert "mine.csv:5:1: 'CuSO4.5H2O' can be read in two ways" in told
    assert told.count("mend:") == 3
    assert raised.value.exit_code == 2


def test_a_malformed_inchikey_or_doi_is_told_with_its_line(few, csv_file) -> None:
    with pytest.raises(TableError, match=r"mine.csv:2:1: 'x' is not an InChIKey"):
        few.join(csv_file("inchikey\nx\n"), on="inchikey")
    with pytest.raises(TableError, match=r"mine.csv:2:1: 'x' is not a DOI"):
        few.join(csv_file("doi\nx\n"), on="doi")


def test_where_it_is_asked_for_what_cannot_be_read_is_listed_with_the_reason(few) -> None:
    joined = few.join([{"formula": "LiTFSI"}, {"formula": "ZnO"}], on="formula", lenient=True)
    assert [match.how for match in joined.matches] == ["unreadable", "formula", "formula"]
    assert joined.columns[-1] == "lkg_note"
    assert "'T' is not an element" in str(joined.rows[0][-1])
    assert joined.rows[1][-1] is None


def test_another_column_may_be_named(few) -> None:
    rows = [{"material": "ZnO", "formula": "not read"}]
    assert few.join(rows, on="formula", column="material").met == 1


def test_a_column_of_the_graph_does_not_hide_one_of_the_user(few) -> None:
    with pytest.raises(TableError, match="a column 'lkg_id' already"):
        few.join([{"formula": "ZnO", "lkg_id": "x"}], on="formula")


def test_there_is_no_join_on_anything_else(few) -> None:
    with pytest.raises(UsageError, match="formula, inchikey, doi"):
        few.join([{"cas": "1"}], on="cas")


def test_thousands_of_keys_are_asked_in_batches(few) -> None:
    rows = [{"formula": f"C{number}H{number + 1}"} for number in range(1, 1200)]
    joined = few.join([*rows, {"formula": "ZnO"}], on="formula")
    assert len(joined) == 1201
    assert joined.met == 1


def test_a_join_can_be_a_data_frame(few) -> None:
    pytest.importorskip("pandas")
    frame = few.join([{"formula": "ZnO"}, {"formula": "HfO2"}], on="formula").to_pandas()
    assert list(frame["lkg_match"]) == ["formula", "formula", "none"]
    assert frame["lkg_name"].isna().tolist() == [False, False, True]
    again = few.join(frame[["formula"]].to_dict("records"), on="formula")
    assert again.met == 2  # the row stands twice by now


def test_the_kinds_of_join_are_those_of_the_command_line(lithio) -> None:
    outcome = lithio("join", "--help")
    assert f"[{'|'.join(KINDS)}]" in outcome.out


def test_the_example_of_the_documentation_is_what_the_command_answers(lithio) -> None:
    page = (ROOT / "docs" / "join.md").read_text(encoding="utf-8")
    example = ROOT / "docs" / "examples" / "coatings.csv"
    assert example.read_text(encoding="utf-8") in page
    outcome = lithio("join", str(example), "--on", "formula", "--format", "json")
    assert outcome.code == 0
    lines = [line for line in page.splitlines() if line.startswith(("| A", "| sample"))]
    names, *shown = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    answered = [[record[name] or "" for name in names] for record in json.loads(outcome.out)]
    assert shown == answered


@pytest.mark.parametrize(("file", "on"), [("solvents.csv", "inchikey"), ("papers.csv", "doi")])
def test_the_other_examples_meet_two_rows_and_miss_one(lithio, file: str, on: str) -> None:
    outcome = lithio("join", str(ROOT / "docs" / "examples" / file), "--on", on)
    assert outcome.code == 0
    assert "2 of 3 rows met something in the graph, 1 met nothing" in outcome.err


def test_a_mistake_in_the_call_ends_with_the_documented_code(lithio, csv_file) -> None:
    path = str(csv_file("name,formulla\nx,y\n"))
    outcome = lithio("join", path, "--on", "formula")
    assert (outcome.code, outcome.out) == (2, "")
    assert "did you mean 'formulla'?" in outcome.err
    assert lithio("join", path).code == 2
    assert lithio("join", path + "x", "--on", "doi").code == 2
