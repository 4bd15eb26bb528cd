"""``coverage`` lists what of a document is in the graph and what is not, paragraph by paragraph."""

from __future__ import annotations

import pytest

from lithiokg.fidelity import SourceText, cover


def gaps(coverage):
    """Part -> its numerals, references and whether it wants a claim, for parts with gaps."""
    return {
        part.passage.name: ([n.text for n in part.numerals], list(part.references), part.needs_claim)
        for part in coverage.parts
        if not part.clean
    }


def test_a_document_that_is_all_in_the_graph_has_no_gap(store, text, document):
    coverage = cover(store, text, document)
    assert gaps(coverage) == {}
    assert coverage.clean


def test_parts_come_in_reading_order_with_their_counts(store, text, document):
    counted = [(p.passage.name, p.claims, p.observations) for p in cover(store, text, document).parts]
    assert counted == [
        ("INTRODUCTION, paragraph 1", 2, 1),
        ("INTRODUCTION, paragraph 2", 1, 0),
        ("RESULTS, paragraph 1", 1, 0),
        ("RESULTS, paragraph 2", 1, 1),
        ("Table 1, row 1", 0, 1),
        ("Table 1, row 2", 0, 2),
        ("Figure 1", 0, 1),
    ]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("claim/a", {"INTRODUCTION, paragraph 1": ([], [1, 2], False)}),
        ("claim/d", {"RESULTS, paragraph 1": ([], [], True)}),
        ("claim/c", {"INTRODUCTION, paragraph 2": ([], [4, 5, 6], True)}),
        ("figure/a", {"Table 1, row 1": (["20", "2"], [], False)}),
        ("figure/a/rest", {"Table 1, row 1": (["2"], [], False)}),
        ("figure/b", {"Table 1, row 2": (["120"], [], False)}),
        ("figure/d", {"Figure 1": (["12"], [], False)}),
        ("figure/e", {"RESULTS, paragraph 2": (["200", "300", "20"], [], False)}),
        ("figure/c/other-current", {"Table 1, row 2": (["0.5"], [], False)}),
    ],
)
def test_a_record_that_is_left_out_is_a_gap(without, text, document, record, expected):
    assert gaps(cover(without(record), text, document)) == expected


def test_a_numeral_in_a_key_phrase_is_not_a_figure_of_the_graph(changed, without, text, document):
    phrase = changed('"may crack after"', '"crack after 200-300 cycles"')
    assert cover(phrase, text, document).clean
    lacking = changed('"200-300 cycles"', '"some cycles"')
    assert gaps(cover(lacking, text, document)) == {"RESULTS, paragraph 2": (["200", "300"], [], False)}


def test_an_exclusion_accounts_for_its_numerals_and_no_others(changed, raw, document):
    text = SourceText(raw.replace("2Li + ZnO", "3Li + ZnO"))
    coverage = cover(changed('"2Li + ZnO"', '"2Li + ZnO"'), text, document)
    assert gaps(coverage) == {"RESULTS, paragraph 1": (["3"], [], False)}


def test_a_gap_gives_its_line_and_context(without, text, document):
    (part,) = [p for p in cover(without("figure/d"), text, document).parts if not p.clean]
    assert part.numerals[0].line == 16
    assert part.numerals[0].context == "s at work. (A) A film of 12 nm. Reproduced"


@pytest.mark.parametrize(
    "sentence",
    [
        "It forms Li2O and Li6.4La3Zr1.4Ta0.6O12.",
        "In 1,3-dioxolane and 1,2-dimethoxyethane.",
        "Bromide ions, CO32- and Li+ in cm-2 alone.",
        "It was shown before[4,5].",
        "See Figure 1 and Table 1.",
        "A 3D host.",
    ],
)
def test_names_locants_and_numbers_of_figures_are_no_figures(store, raw, document, sentence):
    text = SourceText(raw.replace("and so wet it[4-6]", f"and so wet it[4-6]. {sentence} Indeed"))
    assert gaps(cover(store, text, document)) == {}


@pytest.mark.parametrize(
    ("sentence", "numerals"),
    [
        ("Polarization rises from 30 to 45 mV.", ["30", "45"]),
        ("A film 20-nm thick.", ["20"]),
        ("A potential of -3.04 V.", ["3.04"]),
        ("A transference number of 1.", ["1"]),
        ("A range of 180–300 °C.", ["180", "300"]),
        ("It lasts 5-fold longer.", ["5"]),
        ("The ratio is (v:v = 1:1).", ["1", "1"]),
        ("It bears 1,000 cycles.", ["1,000"]),
        ("It bears (99.5) per cent.", ["99.5"]),
    ],
)
def test_figures_of_every_kind_are_missed_when_the_graph_lacks_them(store, raw, document, sentence, numerals):
    text = SourceText(raw.replace("and so wet it[4-6]", f"and so wet it[4-6]. {sentence} Indeed"))
    assert gaps(cover(store, text, document)) == {"INTRODUCTION, paragraph 2": (numerals, [], False)}


def test_a_paragraph_that_the_text_lacks_is_named(changed, text, document):
    coverage = cover(changed('"Films of lithium fluoride keep"', '"No such opening"'), text, document)
    assert coverage.missing == ("INTRODUCTION, paragraph 1 begins with “No such opening”",)
    assert not coverage.clean
