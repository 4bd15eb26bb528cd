"""What a text is taken to mean, and what is said of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lithiokg.matching import Index, Matcher, open_index
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph


def test_figures_fill_the_parameters_of_their_unit_and_direction(matcher: Matcher):
    best = matcher.interpret("which designs cycled for at least 30 days above 750 μA/cm2?").best
    assert best is not None
    assert best.question == "designs-that-cycled-long-and-hard"
    assert best.parameters == {"minimum_hours": Decimal(720), "minimum_current_density": Decimal("0.75")}
    assert "least cycling time: 720 h" in best.in_words
    assert ("least areal capacity", "1.0 mAh cm-2") in best.defaults


def test_a_unit_of_another_dimension_fills_nothing_and_is_said_to_be_left_out(matcher: Matcher):
    best = matcher.interpret("designs with a polarization below 20 nm at 1 mA cm-2").best
    assert best is not None
    assert set(best.parameters) == {"minimum_current_density"}
    assert "below 20 nm" in {piece.text for piece in best.unused}


def test_a_bound_of_the_other_direction_fills_nothing(matcher: Matcher):
    found = matcher.interpret("which designs have a polarization above 20 mV")
    assert all("maximum" not in each.parameters for each in found)


@pytest.mark.parametrize(
    "text",
    ["which designs contain ZnO", "which designs contain zinc oxide", "WHICH DESIGNS CONTAIN ZINC-OXIDE???"],
)
def test_a_thing_may_be_named_by_formula_or_label(matcher: Matcher, text: str):
    best = matcher.interpret(text).best
    assert best is not None
    assert (best.question, best.parameters) == (
        "designs-with-a-substance",
        {"substance": f"{ID}substance/ZnO"},
    )


def test_a_formula_counts_by_its_composition_however_it_is_written(matcher: Matcher):
    for text in ("designs with Li7La3Zr2O12", "designs with La3Li7O12Zr2", "designs with Li₇La₃Zr₂O₁₂"):
        best = matcher.interpret(text).best
        assert best is not None
        assert best.parameters == {"substance": f"{ID}substance/garnet"}


def test_garnet_is_a_substance_or_a_kind_of_electrolyte_as_the_question_wants(matcher: Matcher):
    kind = matcher.interpret("designs on garnet electrolytes").best
    substance = matcher.interpret("what does garnet become with lithium").best
    assert kind is not None
    assert kind.parameters == {"electrolyte_kind": f"{LKG}GarnetElectrolyte"}
    assert substance is not None
    assert substance.parameters == {"substance": f"{ID}substance/garnet"}


def test_a_formula_is_never_read_as_one_of_its_elements(matcher: Matcher):
    best = matcher.interpret("role of LiNO3").best
    assert best is not None
    assert best.parameters == {"substance": f"{ID}substance/LiNO3"}


def test_a_name_parted_by_a_word_of_another_is_the_narrower_one(matcher: Matcher):
    best = matcher.interpret("what is known about sulfide solid electrolytes").best
    assert best is not None
    assert best.parameters == {"electrolyte_kind": f"{LKG}SulfideElectrolyte"}


def test_an_ordinary_word_may_be_left_over_but_not_one_of_another_field(matcher: Matcher):
    ordinary = matcher.interpret("a brief view of every capacity retention").best
    assert ordinary is not None
    assert ordinary.question == "figures-of-a-property"
    assert matcher.interpret("patents on every capacity retention").best is None


def test_a_question_that_takes_all_amounts_is_better_than_one_that_leaves_some_out(matcher: Matcher):
    best = matcher.interpret("plating and stripping for 30 days or more at 3000 µA/cm²").best
    assert best is not None
    assert best.question == "designs-that-cycled-long-and-hard"
    assert best.parameters == {"minimum_hours": Decimal(720), "minimum_current_density": Decimal(3)}


def test_what_causes_something_is_told_from_what_it_causes(matcher: Matcher):
    asked = {
        "root causes of poor wetting": "what-brings-about-a-phenomenon",
        "what causes poor wetting": "what-brings-about-a-phenomenon",
        "what does poor wetting cause": "what-a-phenomenon-leads-to",
        "repercussions of poor wetting": "what-a-phenomenon-leads-to",
    }
    found = {text: best.question for text in asked if (best := matcher.interpret(text).best)}
    assert found == asked


def test_symbols_that_are_words_are_read_as_words(matcher: Matcher):
    best = matcher.interpret("In which designs is silicon used as a coating?").best
    assert best is not None
    assert best.parameters == {"substance": f"{ID}substance/Si"}


def test_several_things_fill_a_parameter_that_takes_several(matcher: Matcher):
    best = matcher.interpret("drawbacks of gel interlayers and polymer interlayers").best
    assert best is not None
    assert {f"{ID}strategy/gel-interlayer", f"{ID}strategy/polymer-interlayer"} <= set(
        best.parameters.get("strategy", best.parameters.get("strategies", []))  # type: ignore[arg-type]
    )


def test_a_slip_of_the_pen_is_forgiven_and_told(matcher: Matcher):
    best = matcher.interpret("which designs contain magnesum nitride").best
    assert best is not None
    assert best.parameters == {"substance": f"{ID}substance/Mg3N2"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Is Li5Nb0O9 stable against lithium?", "nothing that is called 'Li5Nb0O9'"),
        ("which designs use LGPS?", "nothing that is called 'LGPS'"),
        ("sodium dendrites", "nothing that is called 'sodium'"),
        ("magnesium battery electrolytes", "nothing that is called 'magnesium battery'"),
        (
            "what is the price of lithium?",
            "leaves 'price' out of account; neither the graph nor a question knows",
        ),
        ("", "names nothing to ask for"),
        ("and so on", "names nothing to ask for"),
    ],
)
def test_where_nothing_fits_the_reason_is_told_in_words(matcher: Matcher, text: str, words: str):
    found = matcher.interpret(text)
    assert found.best is None
    assert words in found.reason


def test_the_closest_questions_are_offered_but_not_answered(matcher: Matcher):
    found = matcher.interpret("what is the price of lithium?", limit=2)
    assert found.best is None
    assert len(found.others) == 2
    assert all("price" in {piece.text for piece in each.unused} for each in found.others)


def test_a_limit_counts_the_best_one_too(matcher: Matcher):
    assert len(matcher.interpret("which interlayers keep electrons out?", limit=1)) == 1
    assert len(matcher.interpret("which interlayers keep electrons out?", limit=4)) == 4


def test_what_was_recognized_stands_where_it_says(matcher: Matcher):
    text = "Which designs kept the overpotential under 20 mV at 1 mA cm-2 on garnet?"
    for each in matcher.interpret(text, limit=5):
        for piece in (*each.recognized, *each.filled):
            assert text[piece.start : piece.end] == piece.text


def test_each_interpretation_can_be_asked_as_it_stands(matcher: Matcher, graph: KnowledgeGraph):
    for text in (
        "polarization below 20 mV",
        "who cites 10.1021/jacs.8b10488?",
        "limits of gel interlayers",
        "[84]",
    ):
        best = matcher.interpret(text).best
        assert best is not None, text
        answer = graph.ask(best.question, **best.parameters)  # type: ignore[arg-type]
        assert answer.columns == graph.question(best.question).expect.columns


@given(st.text(max_size=120))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_understood_or_refused_with_a_reason(matcher: Matcher, text: str):
    found = matcher.interpret(text)
    assert (found.best is None) is bool(found.reason)


@given(
    st.sampled_from(["what suppresses dendrite growth", "which layers block electrons", "figures of ccd"]),
    st.data(),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_case_and_punctuation_change_nothing(matcher: Matcher, text: str, data: st.DataObject):
    written = " ".join(
        data.draw(st.sampled_from([word, word.upper(), word.title()])) for word in text.split()
    )
    written += data.draw(st.sampled_from(["", "?", "??", " .", "…"]))
    plain, changed = matcher.interpret(text).best, matcher.interpret(written).best
    assert plain is not None
    assert changed is not None
    assert (plain.question, plain.parameters) == (changed.question, changed.parameters)


def test_each_shipped_question_finds_itself_by_title_and_wording(graph: KnowledgeGraph, matcher: Matcher):
    missed = []
    for question in graph.questions().values():
        # A title that speaks of "a reference" names none, and the answer would be that of the default.
        named = any(each.names_things and each.default != "any" for each in question.params.values())
        for text in question.asks[:1] if named else (question.title, *question.asks[:1]):
            if "{" in text:
                continue
            names = [each.question for each in matcher.interpret(text, limit=2)]
            if question.name not in names:
                missed.append((question.name, text, names))
    assert missed == []


def test_every_shipped_question_says_how_else_it_may_be_asked(graph: KnowledgeGraph):
    assert [each.name for each in graph.questions().values() if len(each.asks) < 3] == []


def test_the_targets_of_mappings_to_choose_from_are_those_there_are(graph: KnowledgeGraph):
    tables = {
        path.name.removesuffix(".sssom.tsv") for path in (graph.sources.ontology / "mappings").glob("*.tsv")
    }
    assert set(graph.question("counterparts-in-another-ontology").params["target"].choices) == tables


def test_an_index_is_kept_in_a_file_until_a_question_changes(
    graph: KnowledgeGraph, matcher: Matcher, tmp_path: Path
):
    def open_there() -> Index:
        return open_index(graph.store, graph.sources, lambda: graph.names, tmp_path)

    made = open_there()
    read = Index.read(tmp_path / "matching.json", (tmp_path / "matching.json").read_text().split('"')[3])
    assert read == made == matcher.index
    assert Index.read(tmp_path / "matching.json", "another stamp") is None
    (tmp_path / "matching.json").write_text("{broken", "utf-8")
    assert open_there() == made
