from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from lithiokg.errors import SourceError, UsageError
from lithiokg.questions import Question, find_question, load_question, load_questions

Write = Callable[..., Path]


def test_a_question_has_the_fields_of_its_header(question: Question):
    assert (question.name, question.topic) == ("designs-above-a-life", "designs")
    assert question.title == "Designs above a life"
    assert question.tags == ("design", "cycling")
    assert list(question.params)[:2] == ["minimum", "substance"]
    assert question.params["substance"].kind == "lkg:Substance"
    assert question.params["current"].unit == "mA cm-2"
    assert question.params["current"].default == Decimal("0.5")
    assert question.expect.columns == ("design", "life")
    assert question.expect.rows == (">=", 1)
    assert question.expect.contains == ({"design": "zinc oxide", "life": 700},)
    assert question.params["minimum"].place.line == 6


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ("#+ title: Designs above a life\n", "", "1:4", "the header has no title"),
        ("#+ tags: [design, cycling]", "#+ tags: [design", "5:", "not YAML"),
        ("#+ tags: [design, cycling]", "#+ tags: design", "4:10", "tags must be a list"),
        ("#+ tags:", "#+ title: again\n#+ tags:", "4:11", "'title' is given twice"),
        ("#+ tags:", "#+ colour: red\n#+ tags:", "4:12", "unknown field 'colour'"),
        ("type: decimal, ", "type: number, ", "6:22", "unknown type 'number'"),
        ("type: decimal, ", "", "6:15", "'minimum' has no type"),
        (", unit: mA cm-2", "", "13:15", "'current' has no unit"),
        ("default: 2,", "default: 2, colour: red,", "11:63", "unknown field 'colour'"),
        (" #@ minimum", "", "6:15", "has no place marked #@ minimum"),
        ("#@ minimum", "#@ maximum", "22:20", "not among the params"),
        ("{ 500 }", "{ 600 }", "22:20", "default 500, but { 600 } is in place"),
        ("{ UNDEF }", "{ lkg:x }", "23:22", "default 'any', but"),
        ('{ "hello" }', '{ "hello"@en }', "25:17", "default 'hello', but"),
        ("{ 2 }", "{ 2 3 }", "27:18", "has 2 values"),
        ("{ 2 }", "{ ?x }", "27:18", "not a row of values"),
        ("default: 2,", "default: two,", "27:18", "does not fit its type"),
        ("VALUES ?count { 2 }", "FILTER(?count = 2)", "27:25", "does not stand behind a row"),
        ('rows: ">= 1"', "rows: many", "16:12", "rows must be"),
        ("columns: [design, life]", "columns: []", "15:15", "expect needs columns"),
        ("{design: zinc oxide", "{metal: zinc oxide", "18:", "'metal', which is not in columns"),
        ("#+   rows:", "#+   lines: 3\n#+   rows:", "16:13", "unknown field 'lines'"),
        ('#+   rows: ">= 1"', "#+   empty: true", "16:13", "empty answer cannot have rows"),
    ],
)
def test_a_mistake_is_reported_with_its_place(
    write: Write, text: str, old: str, new: str, *, place: str, words: str
):
    assert old in text
    path = write(text.replace(old, new, 1))
    with pytest.raises(SourceError) as caught:
        load_question(path)
    first = re.escape(f"queries/designs/designs-above-a-life.rq:{place}")
    assert re.search(first + r"[\d:]*.*" + re.escape(words), str(caught.value)), str(caught.value)


def test_a_file_without_a_header_is_reported(write: Write):
    with pytest.raises(SourceError, match="does not begin with a header"):
        load_question(write("SELECT * { ?s ?p ?o }"))


def test_a_header_that_is_no_mapping_is_reported(write: Write):
    with pytest.raises(SourceError, match="must be a mapping"):
        load_question(write("#+ hello\nSELECT * { ?s ?p ?o }"))


def test_a_file_that_is_not_utf8_is_reported(write: Write):
    path = write("")
    path.write_bytes(b"#+ title: \xff\n")
    with pytest.raises(SourceError, match="1:11: the byte 0xff is not UTF-8"):
        load_question(path)


def test_all_questions_are_loaded_by_name(folder: Path, write: Write, text: str):
    write(text)
    write(text, "works/which-works.rq")
    assert list(load_questions(folder)) == ["designs-above-a-life", "which-works"]


def test_all_mistakes_of_all_files_are_reported_at_once(folder: Path, write: Write, text: str):
    write(text)
    write(text, "works/designs-above-a-life.rq")
    write(text.replace("title", "titel", 1), "works/Not_Kebab.rq")
    write(text, "loose.rq")
    with pytest.raises(SourceError) as caught:
        load_questions(folder)
    message = str(caught.value)
    assert "5 mistakes" in message
    assert (
        "queries/works/designs-above-a-life.rq:1:1: the name designs-above-a-life is taken by"
        " queries/designs/designs-above-a-life.rq" in message
    )
    assert "no title" in message
    assert "kebab" in message
    assert "move it to queries/<topic>/loose.rq" in message


@pytest.mark.parametrize(
    "name",
    [
        "designs-above-a-life",
        "designs/designs-above-a-life",
        "Designs above a life?",
        "designs-above-a-life.rq",
        "designs_above_a_life",
    ],
)
def test_one_question_is_found_without_reading_the_others(folder: Path, write: Write, text: str, name: str):
    write(text)
    write("broken", "designs/broken.rq")
    assert find_question(name, folder).name == "designs-above-a-life"


def test_a_question_that_is_not_there_gets_the_closest_names(folder: Path, write: Write, text: str):
    write(text)
    with pytest.raises(UsageError, match="did you mean designs-above-a-life"):
        find_question("designs-above-the-life", folder)
    with pytest.raises(UsageError, match="lithiokg questions list"):
        find_question("zzz", folder)


def test_windows_line_ends_make_no_difference(write: Write, text: str):
    path = write("")
    path.write_bytes(text.replace("\n", "\r\n").encode())
    assert load_question(path).title == "Designs above a life"
