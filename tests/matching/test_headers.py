"""The fields of a header that asking in words goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lithiokg.errors import SourceError
from lithiokg.questions import load_question

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
#+ title: Designs with a substance
#+ question: Which designs contain a substance?
#+ description: One row a design.
#+ tags: [design]
#+ asks:
#+   - designs with {substance}
#+   - "{substance}"
#+ params:
#+   substance: {type: thing, within: [lkg:Element], label: substance, default: any}
#+ expect: {columns: [design]}
PREFIX lkg: <https://w3id.org/lithiokg/>
SELECT ?design {
  VALUES ?substance { UNDEF } #@ substance
  ?design lkg:containsSubstance ?substance
} ORDER BY ?design
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "queries" / "designs"
    folder.mkdir(parents=True)
    return folder / "designs-with-a-substance.rq"


def test_other_phrasings_and_what_words_may_mean_are_read(path: Path):
    path.write_text(TEXT, "utf-8")
    question = load_question(path)
    assert question.asks == ("designs with {substance}", "{substance}")
    assert question.params["substance"].within == ("lkg:Element",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "with {substance}",
            "with {material}",
            r"asks speaks of \{material\}, which is not among the params",
        ),
        ('"{substance}"', "{substance}", "asks must be a list of texts"),
        ('"{substance}"', "designs with {substance}", "twice"),
        ("[lkg:Element]", "lkg:Element", "within of 'substance' must be a list"),
    ],
)
def test_a_mistake_in_them_is_reported_with_its_place(path: Path, old: str, new: str, words: str):
    path.write_text(TEXT.replace(old, new), "utf-8")
    with pytest.raises(SourceError, match=words) as error:
        load_question(path)
    assert "designs-with-a-substance.rq:" in str(error.value)
