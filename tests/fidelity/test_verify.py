"""``verify`` names each figure, phrase and reference that does not stand where the graph says."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lithiokg.errors import LithioKGError
from lithiokg.fidelity import SourceText, cover, locate, verify
from lithiokg.fidelity.verification import expand


def misses_of(store, text, document):
    return [(miss.place, miss.what, miss.text) for miss in verify(store, text, document).misses]


def test_every_figure_and_phrase_of_the_document_is_found_in_its_place(store, text, document):
    outcome = verify(store, text, document)
    assert [str(miss) for miss in outcome.misses] == []
    # 5 phrases, 4 references, 1 quoted figure, 9 printed results and conditions.
    assert outcome.checked == 19


def test_a_table_that_cuts_a_paragraph_leaves_both_its_ends(store, text, document):
    paragraph = locate(store, text, document).paragraph("INTRODUCTION", 1)
    pieces = [text.squeezed[begin:end] for begin, end in paragraph.spans]
    assert len(pieces) == 2
    assert pieces[0].startswith("Filmsoflithium")
    assert pieces[1].startswith("polarizationfalls")
    assert all("ZnO" not in piece for piece in pieces)


def test_paragraphs_that_open_alike_are_told_apart_by_their_order(store, text, document):
    passages = locate(store, text, document)
    begins = [text.line(passage.spans[0][0]) for passage in passages.paragraphs]
    assert begins == [3, 15, 19, 23]


def test_rows_of_one_method_are_told_apart_by_their_order(changed, raw, document):
    same = SourceText(raw.replace("[8] ZnO inter-\n layer", "[8] LiF coating"))
    passages = locate(changed('"ZnO interlayer"', '"LiF coating"'), same, document)
    first, second = (passages.rows[f"https://w3id.org/lithiokg/id/row/{n}"] for n in (1, 2))
    assert first.spans[0][1] == second.spans[0][0] < second.spans[0][1]


@pytest.mark.parametrize(
    ("change", "miss"),
    [
        (('"react with lithium"', '"react with sodium"'), ("INTRODUCTION, paragraph 2", "phrase", "react with sodium")),
        (('"35 mV" .', '"5 mV" .'), ("INTRODUCTION, paragraph 1", "figure", "5 mV")),
        (('"20 Ω"', '"0 Ω"'), ("Table 1, row 1", "figure", "0 Ω")),
        (('"2 h"', '"2 min"'), ("Table 1, row 1", "figure", "2 min")),
        (('"0.5 mA cm-2"', '"0.5 mA h"'), ("Table 1, row 2", "figure", "0.5 mA h")),
        (('"0.5 mA cm-2"', '"0.7 mA cm-2"'), ("Table 1, row 2", "figure", "0.7 mA cm-2")),
        (('"12 nm"', '"13 nm"'), ("Figure 1A", "figure", "13 nm")),
        (('"-20 °C"', '"-25 °C"'), ("RESULTS, paragraph 2", "figure", "-25 °C")),
        (('"1,2"', '"1,9"'), ("INTRODUCTION, paragraph 1", "reference", "[1,9]")),
        (('"1,2"', '"S1"'), ("INTRODUCTION, paragraph 1", "reference", "[S1]")),
        (('"4-6"', '"4-7"'), ("INTRODUCTION, paragraph 2", "reference", "[4-7]")),
        (('"7"', '"9"'), ("Table 1, row 1", "reference", "[9]")),
        (('"Figure 1A"', '"Figure 10"'), ("Figure 10", "place", "")),
        (("<section/paper/results> ; lkg:inParagraph 1", "<section/paper/results> ; lkg:inParagraph 7"),
         ("RESULTS, paragraph 7", "place", "")),
    ],
)  # fmt: skip
def test_one_wrong_thing_is_one_miss_with_its_place(changed, text, document, change, miss):
    assert misses_of(changed(*change), text, document) == [miss]


def test_a_miss_says_on_which_lines_the_text_does_stand(changed, text, document):
    moved = changed('"react with lithium"', '"may crack after"')
    (miss,) = verify(moved, text, document).misses
    assert str(miss) == (
        "INTRODUCTION, paragraph 2: no phrase “may crack after”; it stands on line 23"
    )  # fmt: skip
    assert miss.owner == "https://w3id.org/lithiokg/id/claim/c"


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ('"Films of lithium fluoride keep"', "INTRODUCTION, paragraph 1 begins with “No such opening words”"),
        ('"Figure 1. Two layers at work"', "Figure 1 begins with “No such opening words”"),
        ('"LiF coating"', "Table 1, row 1 begins with [7] “No such opening words”"),
    ],
)
def test_a_part_that_is_not_in_the_text_is_named(changed, text, document, old, place):
    outcome = verify(changed(old, '"No such opening words"'), text, document)
    assert (place, "place") in [(miss.place, miss.what) for miss in outcome.misses]


def test_a_text_of_another_document_is_an_error(store, document):
    with pytest.raises(LithioKGError, match="no paragraph of the document begins in this text"):
        verify(store, SourceText("Something else entirely."), document)


def test_a_document_without_opening_words_is_an_error(store, text):
    with pytest.raises(LithioKGError, match="does not know how the paragraphs of work/other begin"):
        verify(store, text, "https://w3id.org/lithiokg/id/work/other")


def test_a_marker_names_each_number_of_its_ranges():
    assert expand("[4,7-9]") == {4, 7, 8, 9}
    assert expand("S1") == set()
    assert len(expand("1-999999999")) < 10_000


@st.composite
def rewrapped(draw, raw: str) -> str:
    """The text with other white space wherever it has any."""
    words = raw.split()
    gaps = draw(
        st.lists(st.sampled_from([" ", "\n", "\n\n", "  ", "\n   ", "\t", "\f"]), min_size=8, max_size=40)
    )
    return "".join(word + gaps[index % len(gaps)] for index, word in enumerate(words))


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_lines_broken_elsewhere_give_the_same_outcome(data, store, without, text, document):
    other = SourceText(data.draw(rewrapped(text.raw)))
    assert verify(store, other, document) == verify(store, text, document)
    assert cover(store, other, document).clean
    missing = without("figure/e")
    assert found(cover(missing, other, document)) == found(cover(missing, text, document)) != []


def found(coverage):
    return [
        (part.passage.name, part.claims, part.observations, [n.text for n in part.numerals], part.references)
        for part in coverage.parts
        if not part.clean
    ]


def test_letters_apart_in_every_word_change_nothing(store, raw, document):
    spaced = re.sub(r"(?<=[a-z])(?=[a-z])", " ", raw)
    assert verify(store, SourceText(spaced), document).misses == ()
