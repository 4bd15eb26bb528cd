from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.questions import (
    Expectation,
    Question,
    check_expectation,
    lint,
    load_question,
    questions_as_rdf,
)
from lithiokg.store import Table

Write = Callable[..., Path]
ZNO = "https://w3id.org/lithiokg/id/substance/ZnO"
XSD = "http://www.w3.org/2001/XMLSchema#"


def labels(iri: str) -> str:
    return {ZNO: "zinc oxide"}.get(iri, iri)


def life(text: str, kind: str = "decimal") -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def table(*rows: tuple[ox.NamedNode | ox.Literal | None, ...]) -> Table:
    return Table(["design", "life"], rows)


RIGHT = table((ox.NamedNode("x:other"), life("1")), (ox.NamedNode(ZNO), life("700.0")))


def expecting(question: Question, **changes: object) -> Question:
    return replace(question, expect=replace(question.expect, **changes))  # type: ignore[arg-type]


def test_an_answer_as_expected_has_no_differences(question: Question):
    assert check_expectation(question, RIGHT, labels) == []


@pytest.mark.parametrize("name", ["zinc oxide", "lkgi:substance/ZnO", ZNO])
@pytest.mark.parametrize("figure", [700, 700.0, "700"])
def test_a_cell_matches_by_label_curie_iri_or_number(question: Question, name: str, figure: object):
    wanted = expecting(question, contains=({"design": name, "life": figure},))
    assert check_expectation(wanted, RIGHT, labels) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"contains": ({"design": "zinc oxide", "life": 701},)},
            "No row has design = zinc oxide, life = 701; the closest has design = zinc oxide, life = 700.0.",
        ),
        ({"contains": ({"design": "tin"},)}, "No row has design = tin."),
        ({"contains": ({"life": "long"},)}, "No row has life = long."),
        ({"contains": ({"life": None},)}, "No row has life = None."),
        ({"contains": ({"life": True},)}, "No row has life = True."),
        ({"rows": (">=", 3)}, "The answer has 2 rows, expected at least 3."),
        ({"rows": ("<=", 1)}, "The answer has 2 rows, expected at most 1."),
        ({"rows": ("==", 3)}, "The answer has 2 rows, expected 3."),
        ({"columns": ("design",)}, "The columns are design, life, expected design."),
        ({"rows": None, "contains": (), "empty": True}, "The answer has 2 rows, expected none."),
    ],
)
def test_a_difference_is_told_in_a_plain_sentence(question: Question, changes: dict[str, object], words: str):
    assert check_expectation(expecting(question, **changes), RIGHT, labels) == [words]


def test_the_cells_of_one_expected_row_must_stand_in_one_row(question: Question):
    apart = table((ox.NamedNode(ZNO), life("1")), (ox.NamedNode("x:other"), life("700")))
    assert len(check_expectation(question, apart, labels)) == 1


def test_unbound_booleans_and_texts_are_compared_too(question: Question):
    wanted = expecting(question, rows=None, contains=({"design": None, "life": True}, {"design": "a text"}))
    answer = table((None, life("true", "boolean")), (ox.Literal("a text", language="en"), None))
    assert check_expectation(wanted, answer, labels) == []


def test_an_answer_that_is_no_table_is_said_so(question: Question):
    assert check_expectation(question, True, labels) == ["The answer is not a table."]


def test_a_good_question_has_no_findings(question: Question):
    assert lint(question) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("some substance?", "some substance.", "question mark"),
        ("SELECT ?design ?life", "SELECT ?life ?design", "columns of expect are design, life"),
        ("ORDER BY ?design\n", "", "no ORDER BY"),
        ("PREFIX lkg:", "PREFIX ex: <http://ex/>\nPREFIX lkg:", "ex: is declared but not used"),
        ("?design lkg:life", "?design ex:life", "ex: is not declared"),
        ("?life .\n}", "?life .\n", "does not run alone"),
        ("<https://w3id.org/lithiokg/>", "<https://w3id.org/lithiumkg/>", "everywhere else for"),
        ("SELECT ?design ?life {", "ASK {", "saved questions are SELECT"),
        ("?design lkg:life ?life", "SERVICE <http://h/> { ?design lkg:life ?life }", "SERVICE"),
    ],
)
def test_each_house_rule_is_checked(write: Write, text: str, old: str, new: str, words: str):
    assert old in text
    changed = text.replace(old, new, 1)
    if "lithiumkg" in new:
        changed = changed.replace("{ lkg:Interlayer }", "{ <https://w3id.org/lithiokg/Interlayer> }")
    findings = lint(load_question(write(changed)))
    assert any(words in finding for finding in findings), findings


def test_an_order_inside_a_sub_select_is_no_order(write: Write, text: str):
    inner = text.replace("ORDER BY ?design\n", "").replace(
        "?design lkg:life ?life .", "{ SELECT * { ?design lkg:life ?life } ORDER BY ?life }"
    )
    assert any("no ORDER BY" in finding for finding in lint(load_question(write(inner))))


def test_a_question_is_described_as_an_executable(question: Question):
    quads = questions_as_rdf([question])
    assert {quad.graph_name.value for quad in quads} == {"https://w3id.org/lithiokg/graph/questions"}  # type: ignore[union-attr]
    assert {quad.subject.value for quad in quads} == {  # type: ignore[union-attr]
        "https://w3id.org/lithiokg/id/question/designs-above-a-life"
    }
    select = next(quad.object for quad in quads if quad.predicate.value.endswith("shacl#select"))
    assert select == ox.Literal(question.text)
    tags = {quad.object.value for quad in quads if quad.predicate.value.endswith("/subject")}  # type: ignore[union-attr]
    assert tags == {"design", "cycling"}


def test_an_expectation_without_rows_accepts_any_number():
    assert Expectation(("a",)).rows is None


@pytest.mark.parametrize("package", ["store", "names", "questions"])
def test_importing_the_package_brings_no_heavy_library(package: str):
    heavy = "{'rdflib', 'yaml', 'pandas', 'SPARQLWrapper', 'pint', 'pyshacl', 'owlready2'}"
    script = f"import sys, lithiokg.{package}; print(sorted({heavy} & set(sys.modules)))"
    paths = f"import sys; sys.path[:0] = {sys.path!r}; "
    done = subprocess.run([sys.executable, "-c", paths + script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
