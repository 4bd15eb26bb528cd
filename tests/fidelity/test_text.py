"""Plain text in which white space, line breaks and the choice of look-alike signs do not matter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.errors import LithioKGError
from lithiokg.fidelity import SourceText
from lithiokg.fidelity.text import squeeze


def stands(phrase: str, text: str) -> bool:
    return bool(SourceText(text).find_all(phrase))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("safety", "the sa fe ty of"),
        ("solid electrolyte", "solid\n   electrolyte"),
        ("interface", "at the inter-\nface of"),
        ("interface", "at the inter- face of"),
        ("interface", "at the inter\u00adface of"),
        ("solid-state cell", "a solid-\nstate cell"),
        ("5-10 nm", "of 5–10 nm"),
        ("−3.04 V", "(-3.04 V vs."),
        ("20 Ω cm2", "20 \u2126 cm²"),
        ("750 μA", "750 \u00b5A"),
        ("efficient", "e\ufb03cient"),
        ("Li2O", "Li₂O"),
        ("naïve", "nai\u0308ve"),
    ],
)
def test_a_phrase_is_found_however_it_is_set(phrase, text):
    assert stands(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("20 mV", "a polarization of 120 mV"),
        ("20 mV", "a polarization of 1.20 mV"),
        ("1 M", "in 0.1 M salt"),
        ("for 20", "for 200 cycles"),
        ("for 20", "for 20.5 h"),
        ("5 m", "at 5 mV"),
        ("lithium", "lithiumlike"),
    ],
)
def test_a_part_of_a_number_or_word_is_not_found(phrase, text):
    assert not stands(phrase, text)


@pytest.mark.parametrize("text", ["for 20.", "for 20, and", "for 20[3]", "1 for 20", "(for 20)"])
def test_a_number_may_end_a_sentence_or_carry_a_marker(text):
    assert stands("for 20", text)


def test_nothing_is_found_for_a_phrase_of_white_space():
    assert SourceText("some text").find_all(" \n") == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_the_squeezed_form_of_a_text_is_that_of_its_parts(left, right):
    assert squeeze(left + right) == squeeze(left) + squeeze(right)


@given(st.text(min_size=1, max_size=60))
def test_every_squeezed_position_leads_back_to_its_line(raw):
    text = SourceText(raw)
    for position in range(len(text.squeezed)):
        low, high = text.raw_span(position, position + 1)
        assert high == low + 1
        assert text.line(position) == raw.count("\n", 0, low) + 1


def test_a_byte_order_mark_is_not_part_of_the_text(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffLayers".encode())
    assert SourceText.read(path).raw == "Layers"


@pytest.mark.parametrize(
    ("content", "message"), [(b" \n", "is empty"), (b"Lay\xe9rs", r"is not UTF-8 text \(byte 3\)")]
)
def test_a_file_without_text_is_an_error_that_names_it(tmp_path, content, message):
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(LithioKGError, match=rf"a\.txt {message}"):
        SourceText.read(path)
