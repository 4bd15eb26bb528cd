"""``lithiokg verify`` and ``lithiokg coverage``."""

from __future__ import annotations

import json

import pytest


def test_verify_counts_what_it_found_and_exits_with_0(run, written):
    code, out, _ = run("verify", "--source", written, "--document", "paper")
    assert code == 0
    assert out == "19 of 19 figures, phrases and references stand where the graph says\n"


def test_verify_names_each_miss_and_exits_with_1(run, written, raw):
    written.write_text(raw.replace("12 nm", "21 nm"), encoding="utf-8")
    code, out, _ = run("verify", "--source", written, "--document", "paper")
    assert code == 1
    assert "Figure 1A: no figure “12 nm”; it stands nowhere in the text" in out
    assert "18 of 19" in out


def test_verify_gives_misses_as_json(run, written, raw):
    written.write_text(raw.replace("12 nm", "21 nm"), encoding="utf-8")
    code, out, _ = run("verify", "--source", written, "--document", "paper", "--format", "json")
    assert code == 1
    (miss,) = json.loads(out)
    assert (miss["place"], miss["what"], miss["text"], miss["elsewhere"]) == (
        "Figure 1A",
        "figure",
        "12 nm",
        [],
    )


def test_verify_of_a_faithful_graph_is_an_empty_list_in_json(run, written):
    code, out, _ = run("verify", "--source", written, "--document", "paper", "-f", "json")
    assert (code, json.loads(out)) == (0, [])


def test_coverage_lists_every_part_and_exits_with_0(run, written):
    code, out, _ = run("coverage", "--source", written, "--document", "paper")
    assert code == 0
    assert "paragraph 1         2 claims    1 figures" in out
    assert out.endswith("7 parts, 5 claims and 6 figures with their places; no gaps\n")


def test_coverage_lists_the_gaps_and_exits_with_1(run, written, raw):
    written.write_text(raw.replace("and so wet it[4-6]", "and wet it at 7 mV[4-6,12]"), encoding="utf-8")
    code, out, _ = run("coverage", "--source", written, "--document", "paper", "--gaps")
    assert code == 1
    assert "numeral not accounted for, line 15: 7 " in out
    assert "cited, but no fact rests on it: 12" in out
    assert "RESULTS" not in out


def test_coverage_as_json_holds_parts_and_gaps(run, written, raw):
    written.write_text(raw.replace("and so wet it[4-6]", "and wet it at 7 mV[4-6]"), encoding="utf-8")
    code, out, _ = run("coverage", "--source", written, "--document", "paper", "-f", "json")
    assert code == 1
    parts = {part["part"]: part for part in json.loads(out)["parts"]}
    assert parts["INTRODUCTION, paragraph 2"]["numerals"] == [["7", 15]]
    assert parts["Table 1, row 2"]["observations"] == 2


@pytest.mark.parametrize("verb", ["verify", "coverage"])
def test_a_missing_file_is_named(run, tmp_path, verb):
    code, _, err = run(verb, "--source", tmp_path / "none.txt", "--document", "paper")
    assert code == 3
    assert "none.txt cannot be read: No such file" in err


@pytest.mark.parametrize("verb", ["verify", "coverage"])
@pytest.mark.parametrize(("content", "message"), [(b"\n", "is empty"), (b"\xff\xfe", "is not UTF-8 text")])
def test_a_file_that_is_no_text_is_refused(run, written, verb, content, message):
    written.write_bytes(content)
    code, _, err = run(verb, "--source", written, "--document", "paper")
    assert code == 3
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("verb", ["verify", "coverage"])
def test_a_text_of_another_document_is_refused_with_a_mend(run, written, verb):
    written.write_text("Something else entirely.", encoding="utf-8")
    code, _, err = run(verb, "--source", written, "--document", "paper")
    assert code == 3
    assert "mend: check that the text is that of the document" in err


@pytest.mark.parametrize("verb", ["verify", "coverage"])
def test_an_unknown_document_is_refused_with_a_mend(run, written, verb):
    code, _, err = run(verb, "--source", written, "--document", "other")
    assert code == 3
    assert "work/other" in err


@pytest.mark.parametrize("verb", ["verify", "coverage"])
def test_the_source_must_be_given(run, verb):
    assert run(verb)[0] == 2
