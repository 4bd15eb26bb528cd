"""Every verb in its formats, in this process."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import rdflib

from lithiokg.cli.main import VERBS
from lithiokg.cli.render import render

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph

GROUPS = {"questions": ("list", "show", "run", "test")}
QUESTION = "designs-by-mechanism"


@pytest.mark.parametrize(
    "words",
    [(), *((verb,) for verb in VERBS), *(("questions", each) for each in GROUPS["questions"])],
    ids=" ".join,
)
def test_every_verb_says_what_it_does(words: tuple[str, ...], lithio: Any) -> None:
    said = lithio(*words, "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: lithiokg")
    assert said.err == ""
    assert max(map(len, said.out.splitlines())) <= 100
    assert lithio(*words, "-h").out == said.out


def test_the_help_lists_every_verb_and_the_exit_codes(lithio: Any) -> None:
    said = lithio("--help")
    assert all(re.search(rf"^  {verb} ", said.out, re.MULTILINE) for verb in VERBS)
    assert "0 ok, 1 findings, 2 usage, 3 failure, 4 time limit" in said.out


def test_the_version_is_told(lithio: Any) -> None:
    assert re.fullmatch(r"lithiokg \d+\.\d+\.\d+\n", lithio("--version").out)


def test_an_unknown_verb_is_met_with_the_closest(lithio: Any) -> None:
    said = lithio("questoins")
    assert said.code == 2
    assert "Did you mean 'questions'?" in said.err
    assert "Traceback" not in said.err


def test_an_unknown_option_is_a_usage_error(lithio: Any) -> None:
    assert lithio("questions", "list", "--nonsense").code == 2


@pytest.mark.parametrize("format_", ["table", "json", "csv", "tsv", "md"])
def test_the_questions_are_listed_in_every_format(format_: str, lithio: Any, graph: KnowledgeGraph) -> None:
    said = lithio("questions", "list", "-f", format_)
    assert said.code == 0
    assert all(name in said.out for name in graph.questions())


def test_the_questions_are_listed_by_topic_and_tag(lithio: Any) -> None:
    rows = json.loads(lithio("questions", "list", "--topic", "resistance", "-f", "json").out)
    assert rows
    assert {row["topic"] for row in rows} == {"resistance"}
    said = lithio("questions", "list", "--topic", "nonsense")
    assert said.code == 2
    assert "resistance" in said.err


def test_a_question_is_shown_with_its_parameters_and_its_query(lithio: Any) -> None:
    said = lithio("questions", "show", QUESTION)
    assert said.code == 0
    assert "mechanism" in said.out
    assert "SELECT" in said.out
    assert "#+" not in said.out
    content = json.loads(lithio("questions", "show", QUESTION, "-f", "json").out)
    assert content["name"] == QUESTION
    assert [each["name"] for each in content["parameters"]] == ["mechanism"]
    assert content["text"].startswith("#+")


def test_a_question_answers_alike_in_every_format(lithio: Any) -> None:
    said = {
        each: lithio("questions", "run", QUESTION, "-f", each)
        for each in ("table", "json", "csv", "tsv", "md")
    }
    assert {each.code for each in said.values()} == {0}
    records = json.loads(said["json"].out)
    flat = list(csv.DictReader(io.StringIO(said["csv"].out)))
    assert flat == list(csv.DictReader(io.StringIO(said["tsv"].out), delimiter="\t"))
    assert [row["design"] for row in flat] == [row["design"] for row in records]
    assert len(said["table"].out.splitlines()) == len(said["md"].out.splitlines()) == len(records) + 2
    assert "zinc oxide interlayer on garnet" in said["table"].out
    assert "http" not in said["table"].out


def test_a_table_says_beside_the_answer_what_was_asked(lithio: Any) -> None:
    said = lithio("questions", "run", QUESTION, "-p", "mechanism=alloying")
    assert "(mechanism: alloying)" in said.err
    assert re.search(r"\d+ rows?\n", said.err)
    assert lithio("-q", "questions", "run", QUESTION).err == ""


@pytest.mark.parametrize(
    "name", ["electronic isolation", "Electronic-Isolation", "lkgi:mechanism/electronic-isolation"]
)
def test_a_parameter_takes_a_thing_by_any_of_its_names(name: str, lithio: Any) -> None:
    said = lithio("questions", "run", QUESTION, "-p", f"mechanism={name}", "-f", "csv")
    assert said.code == 0
    assert (
        said.out
        == lithio("questions", "run", QUESTION, "-p", "mechanism=electronic isolation", "-f", "csv").out
    )
    assert "single-ion-conducting Li3PS4 artificial SEI" not in said.out or "Li3PO4" in said.out


def test_iris_are_written_on_demand(lithio: Any) -> None:
    said = lithio("questions", "run", QUESTION, "--iris", "-f", "csv")
    assert "lkgi:design/zno-interlayer-on-garnet" in said.out


def test_stated_only_leaves_out_what_was_inferred(lithio: Any) -> None:
    assert json.loads(lithio("questions", "run", QUESTION, "--stated", "-f", "json").out) == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "designs-by-mechanisms"), "did you mean designs-by-mechanism"),
        (("show", "designs-by-mechanisms"), "did you mean designs-by-mechanism"),
        (("test", "designs-by-mechanisms"), "did you mean designs-by-mechanism"),
        (("run", QUESTION, "-p", "mechanismm=alloying"), "did you mean mechanism"),
        (("run", QUESTION, "-p", "mechanism=aloying"), "did you mean"),
        (("run", QUESTION, "-p", "mechanism=zinc oxide"), "no mechanism is called 'zinc oxide'"),
        (("run", QUESTION, "-p", "mechanism"), "is not NAME=VALUE"),
        (("run", QUESTION, "-p", "mechanism=a", "-p", "mechanism=b"), "given twice"),
        (("run", QUESTION, "--timeout", "0"), "--timeout"),
        (("run", "low-polarization-at-a-current-density", "-p", "minimum=much"), "minimum"),
    ],
)
def test_a_wrong_call_is_a_usage_error_with_a_hint(
    arguments: tuple[str, ...], message: str, lithio: Any
) -> None:
    said = lithio("questions", *arguments)
    assert said.code == 2
    assert message in said.err
    assert said.out == ""


def test_questions_are_tested_against_their_headers(lithio: Any) -> None:
    said = lithio("questions", "test", QUESTION, "lithium-alloys")
    assert said.code == 0
    assert "2 passed, 0 failed" in said.out
    rows = json.loads(lithio("questions", "test", QUESTION, "-f", "json").out)
    assert [(row["name"], row["passed"]) for row in rows] == [(QUESTION, True)]


def test_a_question_that_answers_otherwise_is_a_finding(small: Any, lithio: Any, filled: Any) -> None:
    said = lithio("questions", "test", QUESTION, sources=small, cache=filled.root)
    assert said.code == 1
    assert "FAIL" in said.out
    assert "0 passed, 1 failed" in said.out


# --- sparql -------------------------------------------------------------------------------------------


def test_ask_answers_true_or_false(lithio: Any) -> None:
    assert lithio("sparql", "ASK { lkgi:substance\\/ZnO lkg:formula 'ZnO' }").out == "true\n"
    assert lithio("sparql", "ASK { lkgi:substance\\/ZnO lkg:formula 'x' }", "-f", "json").out == "false\n"
    assert lithio("sparql", "ASK { ?s ?p ?o }", "-f", "csv").out == "answer\ntrue\n"


def test_select_answers_with_labels_or_iris(lithio: Any) -> None:
    query = "SELECT ?s { ?s lkg:formula 'ZnO' }"
    assert lithio("sparql", query, "-f", "csv").out == "s\nzinc oxide\n"
    assert lithio("sparql", query, "-f", "csv", "--iris").out == "s\nlkgi:substance/ZnO\n"


@pytest.mark.parametrize(
    "query", ["CONSTRUCT WHERE { ?s lkg:formula 'ZnO' }", "DESCRIBE lkgi:substance\\/ZnO"]
)
def test_construct_and_describe_answer_in_turtle(query: str, lithio: Any) -> None:
    said = lithio("sparql", query)
    assert said.code == 0
    assert len(rdflib.Graph().parse(data=said.out, format="turtle")) > 0
    assert "lkg:formula" in said.out
    rows = json.loads(lithio("sparql", query, "-f", "json", "--iris").out)
    assert {"subject", "predicate", "object"} == set(rows[0])
    assert ("lkgi:substance/ZnO", "lkg:formula", "ZnO") in {tuple(row.values()) for row in rows}


def test_a_table_is_no_turtle(lithio: Any) -> None:
    assert lithio("sparql", "SELECT * { ?s lkg:formula ?f }", "-f", "ttl").code == 2


def test_a_syntax_error_shows_the_line_and_a_caret(lithio: Any) -> None:
    said = lithio("sparql", "SELECT ?s {\n  ?s lkg:formula 'ZnO' ;; ) \n}")
    assert said.code == 2
    assert "<query>:2:" in said.err
    assert re.search(r"\n *\^", said.err)
    assert "Traceback" not in said.err


def test_declaring_prefixes_for_the_user_does_not_shift_the_line(lithio: Any) -> None:
    wrong = "\nSELECT ?s {{\n  ?s {} 'ZnO' )\n}}"
    own = lithio("sparql", "PREFIX lkg: <https://w3id.org/lithiokg/>" + wrong.format("lkg:formula"))
    made = lithio("sparql", "# nothing declared" + wrong.format("lkg:formula"))
    assert "<query>:3:" in own.err
    assert own.err == made.err


def test_an_undeclared_prefix_of_ones_own_is_named(lithio: Any) -> None:
    said = lithio("sparql", "SELECT ?s { ?s lkg:formula 'ZnO' ; zz:x ?o }")
    assert said.code == 2
    assert "the prefix zz: is not declared" in said.err
    assert "<query>:1:36" in said.err


@pytest.mark.parametrize("update", ["INSERT DATA { <x:s> <x:p> 1 }", "DELETE WHERE { ?s ?p ?o }", "DROP ALL"])
def test_an_update_is_refused(update: str, lithio: Any) -> None:
    said = lithio("sparql", update)
    assert said.code == 2
    assert "read-only" in said.err


def test_a_call_to_another_host_is_refused(lithio: Any) -> None:
    said = lithio("sparql", "SELECT * { SERVICE <https://example.org/sparql> { ?s ?p ?o } }")
    assert said.code == 2
    assert "example.org" in said.err


def test_a_query_that_takes_too_long_is_stopped(lithio: Any) -> None:
    said = lithio("sparql", "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "--timeout", "0.5")
    assert said.code == 4
    assert "time limit of 0.5 s" in said.err
    assert "mend:" in said.err


def test_a_cut_answer_says_so(lithio: Any) -> None:
    said = lithio("sparql", "SELECT ?s { ?s a lkg:Design }", "--max-rows", "3", "-f", "csv")
    assert len(said.out.splitlines()) == 4
    assert "cut after 3 rows; ask for more with --max-rows" in said.err
    triples = lithio("sparql", "CONSTRUCT { ?s a lkg:Design } { ?s a lkg:Design }", "--max-rows", "3")
    assert "cut after 3 rows" in triples.err
    whole = lithio("sparql", "SELECT ?s { ?s lkg:formula 'ZnO' }", "--max-rows", "1")
    assert "cut" not in whole.err


def test_a_query_comes_from_a_file(lithio: Any, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text("\ufeffSELECT ?s { ?s lkg:formula 'ZnO' }", encoding="utf-8")
    assert lithio("sparql", "--file", str(file), "-f", "csv").out == "s\nzinc oxide\n"
    file.write_text("SELECT", encoding="utf-8")
    assert f"{file}:1:" in lithio("sparql", "--file", str(file)).err
    file.write_bytes(b"SELECT \xff")
    assert "not UTF-8" in lithio("sparql", "--file", str(file)).err
    missing = lithio("sparql", "--file", str(tmp_path / "none.rq"))
    assert (missing.code, "There is no file" in missing.err) == (2, True)
    assert lithio("sparql").code == 2
    assert lithio("sparql", "ASK { }", "--file", str(file)).code == 2


# --- show ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (("Interlayer",), ["lkg:Interlayer", "interfacial layer", "has member"]),
        (
            ("ZnO",),
            ["zinc oxide", "lkgi:substance/ZnO", "metal oxide", "lithium-zinc alloy", "curated at data/"],
        ),
        (("mA", "cm-2"), ["mA cm-2", "current density"]),
        (("coulombic", "efficiency"), ["lkgi:property/coulombic-efficiency", "CE"]),
        (
            ("zinc", "oxide", "interlayer", "on", "garnet"),
            [
                "zinc oxide interlayer (of zinc oxide)",
                "area-specific resistance 2000 Ω cm2, without the modification  [Table 3, row 13",
                "type III*",
                "reference 22",
                "* inferred",
            ],
        ),
        (
            ("lkgi:design/zno-interlayer-on-garnet/observations/resistance-before",),
            [
                "zinc oxide interlayer on garnet: area-specific resistance 2000 Ω cm2",
                "Table 3, row 13, resistance before",
            ],
        ),
        (("lkgi:row/energymater-2021-21/t3-r13",), ["Table 3, row 13", "describes", "Li-Zn anode"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_thing_is_shown_by_any_of_its_names(
    name: tuple[str, ...], expected: list[str], lithio: Any
) -> None:
    said = lithio("show", *name)
    assert said.code == 0
    flowing = re.sub(r"\s+", " ", said.out)
    assert all(re.sub(r"\s+", " ", each) in flowing for each in expected), said.out
    assert "http" not in said.out
    assert max(map(len, said.out.splitlines())) <= 100


def test_everything_is_shown_on_demand(lithio: Any) -> None:
    short, whole = (
        lithio("show", "zno-interlayer-on-garnet"),
        lithio("show", "--all", "zno-interlayer-on-garnet"),
    )
    assert "design on a solid electrolyte" not in short.out
    assert "design on a solid electrolyte" in whole.out
    assert "more with --all" in short.err


def test_what_is_shown_is_written_as_json_and_turtle(lithio: Any) -> None:
    content = json.loads(lithio("show", "ZnO", "-f", "json").out)
    assert content["iri"] == "https://w3id.org/lithiokg/id/substance/ZnO"
    assert {
        "relation": "formula",
        "value": "ZnO",
        "inferred": False,
        "iri": None,
        "implied": False,
        "predicate": "https://w3id.org/lithiokg/formula",
    } in content["facts"]
    turtle = rdflib.Graph().parse(data=lithio("show", "ZnO", "-f", "ttl").out, format="turtle")
    assert (rdflib.URIRef(content["iri"]), None, rdflib.Literal("ZnO")) in turtle


def test_an_ambiguous_name_is_met_with_its_candidates(lithio: Any) -> None:
    said = lithio("show", "graphite")
    assert said.code == 2
    assert "(lkg:Graphite)" in said.err
    assert "(lkgi:substance/graphite)" in said.err


def test_an_unknown_name_is_met_with_the_closest(lithio: Any) -> None:
    said = lithio("show", "zinc", "oxid")
    assert said.code == 2
    assert "did you mean zinc oxide (lkgi:substance/ZnO)" in said.err


# --- rendering ----------------------------------------------------------------------------------------


def test_numbers_for_people_are_short_and_for_programs_whole() -> None:
    rows = [(Decimal("33.333333333333333333"), 0.1 + 0.2, Decimal("0.50"), 1500, True)]
    columns = ("a", "b", "c", "d", "e")
    assert render(columns, rows, "table").splitlines()[2].split() == ["33.33", "0.3", "0.5", "1500", "yes"]
    assert render(columns, rows, "csv").splitlines()[1] == "33.333333333333333333,0.3,0.50,1500,true"
    assert json.loads(render(columns, rows, "json")) == [
        {"a": pytest.approx(100 / 3), "b": 0.3, "c": 0.5, "d": 1500, "e": True}
    ]


def test_an_empty_answer_still_has_its_columns() -> None:
    assert render(("a", "b"), [], "csv") == "a,b"
    assert render(("a", "b"), [], "json") == "[]"
    assert render(("a", "b"), [], "table").splitlines()[0].split() == ["a", "b"]
    assert render(("a", "b"), [], "md").splitlines()[0] == "| a   | b   |"


def test_cells_cannot_break_a_table() -> None:
    rows = [("two\nlines", "a|b"), ("x", None)]
    assert render(("a", "b"), rows, "md").splitlines()[2] == "| two lines | a\\|b |"
    assert len(render(("a", "b"), rows, "table").splitlines()) == 4
    assert list(csv.reader(io.StringIO(render(("a", "b"), rows, "tsv")), delimiter="\t"))[1] == [
        "two\nlines",
        "a|b",
    ]
