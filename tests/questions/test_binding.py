from __future__ import annotations

from decimal import Decimal

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import Place, UsageError
from lithiokg.questions import Parameter, Question
from lithiokg.questions.terms import term_of
from lithiokg.store import EmbeddedStore, Table, check_query
from lithiokg.store.tokens import tokenize
from lithiokg.vocabulary import expand

EMPTY = EmbeddedStore.in_memory([])
ASKED: list[tuple[str, str | None]] = []


def resolve(text: str, kind: str | None) -> str:
    ASKED.append((text, kind))
    return expand(text)


def bound_term(question: Question, name: str, value: object) -> list[ox.Literal | ox.NamedNode | None]:
    """What the engine sees in the place of a parameter."""
    text = question.bind({name: value}, resolve)
    line = next(line for line in text.split("\n") if line.endswith(f"#@ {name}"))
    table = EMPTY.query(f"SELECT * {{ {line}\n }}")
    assert isinstance(table, Table)
    return [term for (term,) in table]  # type: ignore[misc]


def literal(text: str, name: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}"))


def test_without_values_the_text_is_untouched(question: Question):
    assert question.bind({}, resolve) == question.text


def test_only_what_is_between_the_braces_changes(question: Question):
    text = question.bind({"minimum": 7}, resolve)
    before, after = question.text.splitlines(), text.splitlines()
    changed = [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]]
    assert changed == [("  VALUES ?minimum { 500 } #@ minimum", "  VALUES ?minimum { 7.0 } #@ minimum")]


@given(st.text())
def test_any_text_comes_out_of_the_engine_as_exactly_that_text(question: Question, value: str):
    try:
        value.encode()
    except UnicodeEncodeError:
        with pytest.raises(UsageError):
            question.bind({"text": value}, resolve)
        return
    assert bound_term(question, "text", value) == [ox.Literal(value)]


HOSTILE = st.lists(
    st.sampled_from(
        [
            '"',
            "'",
            "\\",
            "\n",
            "\r",
            "}",
            "{",
            "#@",
            "u0022",
            "U00000022",
            " SERVICE <http://h/> {",
            "#",
            "\x00",
            "\u2028",
        ]
    )
).map("".join)


@given(HOSTILE)
def test_a_text_never_becomes_syntax(question: Question, value: str):
    text = question.bind({"text": value}, resolve)
    assert bound_term(question, "text", value) == [ox.Literal(value)]
    shape = [token.kind for token in tokenize(question.text)]
    assert [token.kind for token in tokenize(text)] == shape
    check_query(text, name="q")  # not even for an engine that decodes \u before it parses


@given(HOSTILE | st.text())
def test_a_name_never_becomes_syntax(question: Question, value: str):
    try:
        text = question.bind({"substance": f"http://h/{value}"}, resolve)
    except UsageError:
        return
    assert [t.kind for t in tokenize(text)].count("iri") >= [t.kind for t in tokenize(question.text)].count(
        "iri"
    )
    assert bound_term(question, "substance", f"http://h/{value}") in (
        [ox.NamedNode(f"http://h/{value}".strip())],
        [ox.NamedNode(f"http://h/{value}")],
    )


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**19), max_value=10**19, places=9))
def test_a_number_is_bound_exactly(question: Question, value: Decimal):
    for given_value in (value, str(value)):
        (term,) = bound_term(question, "minimum", given_value)
        assert isinstance(term, ox.Literal)
        assert term.datatype.value.endswith("#decimal")
        assert Decimal(term.value) == value


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
def test_a_whole_number_may_be_any_of_64_bits(value: int):
    parameter = Parameter("n", "integer", "n", 1, Place("q"))
    assert term_of(parameter, value, resolve) == term_of(parameter, f" {value} ", resolve) == str(value)


def test_values_of_each_type_are_bound(question: Question):
    iri = ox.NamedNode("https://w3id.org/lithiokg/id/substance/ZnO")
    assert bound_term(question, "substance", "lkgi:substance/ZnO") == [iri]
    assert bound_term(question, "substance", iri) == [iri]
    assert bound_term(question, "methods", ["lkg:a", "lkg:b"]) == bound_term(
        question, "methods", "lkg:a; lkg:b"
    )
    assert (
        bound_term(question, "hedged", True)
        == bound_term(question, "hedged", "yes")
        == [literal("true", "boolean")]
    )
    assert bound_term(question, "count", "3") == [literal("3", "integer")]
    assert bound_term(question, "current", "1.5 mA cm-2") == [literal("1.5", "decimal")]
    assert bound_term(question, "minimum", 1e-3) == [literal("0.001", "decimal")]


def test_names_with_commas_stay_whole(question: Question):
    assert len(bound_term(question, "methods", "http://h/1,3-dioxolane")) == 1
    assert len(bound_term(question, "methods", "http://h/a, http://h/b")) == 2


def test_names_are_looked_up_among_the_things_of_the_kind(question: Question):
    ASKED.clear()
    question.bind({"substance": "lkg:x", "body": "lkg:y", "methods": ["lkg:z"]}, resolve)
    assert ASKED == [("lkg:x", "lkg:Substance"), ("lkg:y", "owl:Class"), ("lkg:z", None)]


@pytest.mark.parametrize("value", ["any", "ANY", None, "UNDEF"])
def test_any_thing_is_no_restriction(question: Question, value: str | None):
    assert bound_term(question, "substance", value) == [None]


def test_any_is_refused_where_the_question_names_a_thing(question: Question):
    with pytest.raises(UsageError, match="must be named"):
        question.bind({"body": "any"}, resolve)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("minimum", "much", "give a number, such as 0.5"),
        ("minimum", True, "give a number"),
        ("minimum", float("nan"), "give a number"),
        ("minimum", "1_000", "give a number"),
        ("minimum", "٣", "give a number"),
        ("minimum", "1e30", "20 digits"),
        ("minimum", "1e-30", "18 behind"),
        ("minimum", None, "give a number"),
        ("current", "1 A", "give a number, such as 0.5 in mA cm-2"),
        ("count", 2.5, "give a whole number"),
        ("count", "2.0", "give a whole number"),
        ("count", 2**70, "give a whole number"),
        ("count", 7, "choose one of 1, 2, 3"),
        ("hedged", "perhaps", "give true or false"),
        ("hedged", 1, "give true or false"),
        ("text", 5, "give a text"),
        ("substance", 5, "give a label"),
        ("substance", " ", "give a label"),
        ("methods", [], "give labels"),
        ("methods", " ; ", "give labels"),
        ("substance", "not an iri", "is not an IRI"),
        ("minimun", 5, "did you mean minimum?"),
        ("zzz", 5, "its parameters are minimum"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_with_an_example(
    question: Question, name: str, value: object, words: str
):
    with pytest.raises(UsageError) as caught:
        question.bind({name: value}, resolve)
    assert words in str(caught.value)
    assert name in str(caught.value) or "IRI" in str(caught.value)
