"""Words, their stems, and what they mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import SourceError
from lithiokg.matching.slips import Slips
from lithiokg.matching.words import Words, distance, load_words, stem, tokenize

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.sources import Sources


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("interlayers", "interlayer"),
        ("suppressing", "suppressed"),
        ("fibre", "fiber"),
        ("Sulphides", "sulfide"),
    ],
)
def test_inflections_and_spellings_of_a_word_are_one(one: str, other: str):
    assert [token.stem for token in tokenize(one)] == [token.stem for token in tokenize(other)]


def test_formulas_and_abbreviations_are_not_inflected_but_have_a_plural():
    assert [token.stem for token in tokenize("LiF CCDs Li7P3S11 As")] == ["lif", "ccd", "li7p3s11", "as"]


@pytest.mark.parametrize(("one", "other"), [("carbonates", "carbon"), ("manufacturers", "manufacture")])
def test_words_of_one_stem_that_mean_something_else_are_kept_apart(one: str, other: str):
    assert stem(one) == stem(one.removesuffix("s")) != stem(other)


def test_a_word_cut_short_by_not_says_not():
    assert [token.stem for token in tokenize("shouldn't it?")] == ["should", "not", "it"]


@given(st.text(max_size=80))
def test_words_stand_where_they_say(text: str):
    for token in tokenize(text):
        assert 0 <= token.start < token.end <= len(text)
        assert token.stem


@given(st.text(alphabet=st.characters(codec="ascii", categories=["L"]), min_size=1, max_size=12))
def test_a_stem_does_not_depend_on_what_was_asked_before(word: str):
    assert stem(word.lower()) == stem(word.lower())


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_distance_is_symmetric_and_zero_for_equals_alone(one: str, other: str):
    assert distance(one, other, 6) == distance(other, one, 6)
    assert (distance(one, other, 6) == 0) is (one == other)


def test_a_slip_is_read_as_the_word_that_was_meant_but_a_short_word_is_left_alone():
    slips = Slips(["garnet coating", "host materials"])
    assert slips.meant("garent") == "garnet"
    assert slips.meant("matreials") == "materials"
    assert slips.meant("cost") == ""


def test_the_shipped_words_are_each_of_one_meaning(shipped: Sources):
    words = load_words(shipped.queries)
    assert words.concept(stem("prevents")) == words.concept(stem("suppressing"))
    assert words.concepts([stem(each) for each in ("how", "many", "cycles")])[0][0] == words.concept("count")
    assert not words.ignored & words.weak


def test_a_word_of_two_meanings_is_reported(tmp_path: Path):
    (tmp_path / "words.yaml").write_text("same: [[stop, prevent], [block, prevent]]", "utf-8")
    with pytest.raises(SourceError, match=r"prevent.*another row"):
        load_words(tmp_path)


@pytest.mark.parametrize("text", ["same: stop", "same: [stop]", "[", "- same"])
def test_words_that_are_no_lists_are_reported(tmp_path: Path, text: str):
    (tmp_path / "words.yaml").write_text(text, "utf-8")
    with pytest.raises(SourceError, match=r"words\.yaml"):
        load_words(tmp_path)


def test_without_the_file_no_word_is_known(tmp_path: Path):
    assert load_words(tmp_path) == Words()
