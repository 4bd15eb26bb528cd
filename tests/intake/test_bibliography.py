"""Works out of a reference manager."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.export import write_bibliography
from lithiokg.intake import IntakeError
from lithiokg.intake.bibliography import read_bibliographies
from lithiokg.intake.rows import Reading
from lithiokg.intake.tree import Scalar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.intake.known import Known
    from lithiokg.intake.tree import Node

BIBTEX = r"""
@string{zt = "Z. Test"}
@comment{ not a work }
@article{mueller2024,
  title = {Li$_7$La$_3$Zr$_2$O$_{12}$ with a \emph{thin} layer: caf{\'e} \& {GaN}},
  author = {M{\"u}ller, J{\"o}rg and {\O}rsted, Hans Christian and Ludwig van Beethoven and others},
  journal = zt, year = {2024}, volume = 3, pages = {12--19}, doi = {https://doi.org/10.1000/XYZ.1}
}
"""
RIS = "TY  - JOUR\nAU  - García, José María\nTI  - A work\nJO  - J Y\nPY  - 2022/05/01\nSP  - 5\nEP  - 9\nDO  - 10.1000/ris\nER  - \n"
CSL = [{"id": "a", "type": "article-journal", "title": "A <i>third</i> work of H<sub>2</sub>O", "DOI": "10.1000/abc",
        "author": [{"family": "Waals", "non-dropping-particle": "van der", "given": "Johannes D."}],
        "issued": {"date-parts": [["2023", 5]]}, "container-title": "J X", "page": "1-3", "volume": "7"}]  # fmt: skip


@pytest.fixture
def works(known: Known, tmp_path: Path) -> Callable[..., tuple[dict[str, Any], Reading]]:
    """Read one bibliography: plain fields of each work by key."""

    def call(ending: str, text: str) -> tuple[dict[str, Any], Reading]:
        path = tmp_path / f"refs.{ending}"
        path.write_text(text, encoding="utf-8")
        reading = Reading()
        found = read_bibliographies([path], known, "mine", reading)
        nodes = found.collections["works"].fields if "works" in found.collections else {}
        return {key: plain(node) for key, node in nodes.items()}, reading  # type: ignore[arg-type]

    return call


def plain(node: Node) -> dict[str, str]:
    return {name: value.text for name, value in node.fields.items() if isinstance(value, Scalar)}


def test_bibtex_is_read_with_accents_strings_and_formulas(works: Callable[..., Any]) -> None:
    found, reading = works("bib", BIBTEX)
    assert reading.problems == []
    assert found == {
        "muller-2024-li7la3zr2o12-thin-layer": {
            "type": "JournalArticle",
            "label": "Müller et al., Z. Test 2024",
            "title": "Li7La3Zr2O12 with a thin layer: café & GaN",
            "authors": "Müller J, Ørsted HC, van Beethoven L, et al.",
            "journal": "Z. Test",
            "year": "2024",
            "volume": "3",
            "pages": "12-19",
            "doi": "10.1000/xyz.1",
        }
    }


def test_ris_and_csl_json_are_read_alike(works: Callable[..., Any]) -> None:
    [ris] = works("ris", RIS)[0].values()
    assert (ris["authors"], ris["year"], ris["pages"]) == ("García JM", "2022", "5-9")
    [csl] = works("json", json.dumps(CSL))[0].values()
    assert csl["title"] == "A third work of H2O"
    assert csl["authors"] == "van der Waals JD"
    assert (csl["journal"], csl["year"], csl["doi"]) == ("J X", "2023", "10.1000/abc")


def test_works_and_their_references_are_written_and_build(take: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "refs.bib").write_text(BIBTEX, encoding="utf-8")
    taken = take(tmp_path / "refs.bib")
    assert taken.counts == {"works": 1, "references": 1}
    text = (tmp_path / "our-lab" / "refs" / "works.yaml").read_text("utf-8")
    assert 'authors: "Müller J, Ørsted HC, van Beethoven L, et al."' in text
    assert "refers-to: muller-2024-li7la3zr2o12-thin-layer" in text
    assert take(tmp_path / "refs.bib").unchanged


def test_what_the_graph_has_is_left_out_and_told_of(works: Callable[..., Any]) -> None:
    text = BIBTEX + "@article{b, title={{A} paper on one layer}, year=2024, journal={X}}"
    found, reading = works("bib", text)
    assert len(found) == 1
    assert any("paper-2024-1 (by its title)" in note for note in reading.notes)


@pytest.mark.parametrize(
    ("ending", "text", "place", "words"),
    [
        ("bib", "\n@article{a, title={T}, doi={10.1}}", "refs.bib:2:1", "is not a DOI"),
        ("bib", "@article{a, title={T}, journal=nowhere}", "refs.bib:1:1", "is used and nowhere defined"),
        ("bib", "@article{a, title={T}\n\n@article{b, title={U}}", "refs.bib:1:1", "cannot be read"),
        ("bib", "@article{a, author={X}}", "refs.bib:1:1", "has no title"),
        ("bib", "@article{a, title={T}}\n@article{b, title={t}}", "refs.bib:2:1", "is there twice"),
        ("json", '[{"title": "T"', "refs.json:1:15", "not JSON"),
        ("json", "[" * 100_000, "refs.json:1:1", "too deeply nested"),
        ("json", "[1]", "refs.json:1:1", "no CSL-JSON entry"),
        ("ris", "TY  - JOUR\nTI  - T\nPY  - soon\nER  - \n", "refs.ris:1:1", "is no year"),
        ("bib", "", "None", "holds no works"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(
    ending: str, text: str, place: str, words: str, works: Callable[..., Any]
) -> None:
    problem = works(ending, text)[1].problems[0]
    assert (str(problem.place), words in problem.message) == (place, True), str(problem)
    assert problem.mend


def test_two_works_of_one_author_and_year_get_two_keys(works: Callable[..., Any]) -> None:
    found, _ = works("bib", "@article{a, title={A B C one}, author={X, Y}, year=2020}"
                     "@article{b, title={A B C two}, author={X, Y}, year=2020}")  # fmt: skip
    assert list(found) == ["x-2020-b-c-one", "x-2020-b-c-two"]
    found, _ = works("bib", "@article{a, title={A B C D one}, author={X, Y}, year=2020}"
                     "@article{b, title={A B C D two}, author={X, Y}, year=2020}")  # fmt: skip
    assert list(found) == ["x-2020-b-c-d", "x-2020-b-c-d-2"]


@pytest.mark.parametrize(("format_", "ending"), [("bibtex", "bib"), ("ris", "ris"), ("csl-json", "json")])
def test_our_own_bibliography_comes_back_in_every_format(
    format_: str, ending: str, graph: KnowledgeGraph, works: Callable[..., Any]
) -> None:
    found, reading = works(ending, write_bibliography(graph.store, format_))
    rows = graph.sparql(
        "SELECT DISTINCT ?title ?authors ?year { ?r lkg:refersTo ?w . "
        "?w lkg:title ?title ; lkg:authorList ?authors ; lkg:publicationYear ?year }"
    ).dicts()
    assert rows
    said = {(work["title"], work.get("authors"), work.get("year")) for work in found.values()}
    for row in rows:
        assert (row["title"], row["authors"], str(row["year"])) in said
    # Some references mean one work, and of some no title was seen.
    assert all(
        "has no title" in each.message or "is there twice" in each.message for each in reading.problems
    )


def test_spreadsheets_and_bibliographies_are_not_mixed(take: Callable[..., Any], tmp_path: Path) -> None:
    for name in ("a.bib", "b.csv"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    with pytest.raises(Exception, match="one after the other"):
        take(tmp_path / "a.bib", tmp_path / "b.csv")
    with pytest.raises(IntakeError, match="holds no works"):
        take(tmp_path / "a.bib")
