"""The shipped graph against the plain text of the review, where that is at hand."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from lithiokg.fidelity import SourceText, cover, verify
from lithiokg.graph import open_graph
from lithiokg.sources import Sources

ROOT = Path(__file__).parent.parent.parent
TEXTS = sorted((ROOT.parent / "shared" / "source").glob("*.txt"))
REVIEW = "https://w3id.org/lithiokg/id/work/energymater-2021-21"

pytestmark = pytest.mark.skipif(not TEXTS, reason="the plain text of the review is not in ../shared/source")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LITHIOKG_CACHE", str(tmp_path_factory.mktemp("cache")))
        with open_graph(Sources(ROOT)) as graph:
            yield graph.store


def wrapped(raw: str) -> str:
    return textwrap.fill(" ".join(raw.split()), 66)


@pytest.fixture(scope="module", params=["as it came", "wrapped anew"])
def text(request):
    raw = SourceText.read(TEXTS[0]).raw
    return SourceText(raw if request.param == "as it came" else wrapped(raw))


def test_every_figure_and_phrase_stands_in_its_place(store, text):
    outcome = verify(store, text, REVIEW)
    assert [str(miss) for miss in outcome.misses] == []
    assert outcome.checked > 800


def test_nothing_of_the_review_is_missing(store, text):
    coverage = cover(store, text, REVIEW)
    assert coverage.missing == ()
    # The rows of the tables are curated in full.
    assert [
        part.passage.name for part in coverage.parts if "Table" in part.passage.name and not part.clean
    ] == []
    assert coverage.clean
