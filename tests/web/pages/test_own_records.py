"""A user's own records beside the shipped ones: in pages, answers and lists each tells where it comes from."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from starlette.testclient import TestClient

from lithiokg.build import build_snapshot
from lithiokg.graph import KnowledgeGraph
from lithiokg.store import EmbeddedStore
from lithiokg.web import Settings, create_app

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Outcome
    from lithiokg.build import Cache
    from lithiokg.sources import Sources

#: The key of the work is not the name of the source, as in most collections.
RECORDS = """
works:
  duran-2031:
    {type: JournalArticle, label: "Duran, Invented Lett 2031", title: Zinc oxide once more, journal: Invented Lett,
     authors: "Duran Ö, Lind Å", year: 2031, doi: "10.99999/il.2031.1"}
references:
  "1": {label: "Duran, Invented Lett 2031", reference-number: 1, document: duran-2031, refers-to: duran-2031,
        identification: work-seen}
sections:
  results: {label: Results, section-number: 1, document: duran-2031}
designs:
  duran-layer:
    label: our oxide layer on garnet
    reported-in: ["1"]
    evidence: {text: {section: results, paragraph: 1, phrase: "our layer"}}
    components:
      lithium: {type: LithiumElectrode, label: our lithium}
      electrolyte: {type: InorganicSolidElectrolyte, label: our garnet, constituents: [garnet]}
      layer: {type: InterfacialLayer, label: our oxide film, constituents: [ZnO], contacts: [lithium, electrolyte]}
    observations:
      thickness:
        property: thickness
        result: "40 nm"
        evidence: {caption: {caption: Figure 2, section: results, figure: "40 nm"}}
observations:
  cycled-again:
    subject: design/zno-interlayer-on-garnet
    property: cycle-life-time
    result: "900 h"
    conditions: {current-density: "2 mA cm-2", areal-capacity: "1 mA h cm-2"}
    evidence: {text: {section: results, paragraph: 2, figure: "900 h"}}
"""
WRONG = """\
#+ title: Our layers
#+ question: Which layers are ours?
#+ description: Expects what is not so.
#+ tags: [ours]
#+ expect:
#+   columns: [design]
#+   rows: 0
PREFIX lkg: <https://w3id.org/lithiokg/>
SELECT ?design { ?design a lkg:Design } ORDER BY ?design LIMIT 1
"""
Ask = Callable[..., "Outcome"]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "my-lab"
    (folder / "duran").mkdir(parents=True)
    (folder / "duran" / "paper.yaml").write_text(RECORDS, encoding="utf-8")
    (folder / "queries" / "ours").mkdir(parents=True)
    (folder / "queries" / "ours" / "our-layers.rq").write_text(WRONG, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def both(shipped: Sources, cache: Cache, lab: Path) -> Iterator[KnowledgeGraph]:
    """The shipped graph and a collection."""
    sources = replace(shipped, collections=(lab.resolve(),))
    snapshot = build_snapshot(sources, cache=cache)
    with KnowledgeGraph(EmbeddedStore(snapshot.store), sources, snapshot) as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(both: KnowledgeGraph) -> Iterator[TestClient]:
    with TestClient(create_app(both, Settings(workers=2)), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def ask(both: KnowledgeGraph, lab: Path, lithio: Ask) -> Ask:
    """The command line with the collection, whose graph is built."""
    return lambda *arguments: lithio("--with", str(lab), *arguments)


MARK = '<small class="own" title="from your collection: my-lab/duran">duran</small>'


def row_of(page: str, words: str) -> str:
    """The row of a table in which words stand."""
    return next(row for row in re.findall(r"(?s)<tr.*?</tr>", page) if words in row)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/questions/designs-by-interface-type", "our oxide layer on garnet"),
        ("/page/id/design/zno-interlayer-on-garnet", "900 h"),
        ("/works", "Zinc oxide once more"),
        ("/compare?substance=substance%2FZnO", "our oxide layer on garnet"),
    ],
)
def test_a_page_marks_what_comes_from_a_collection_and_nothing_else(
    path: str, words: str, pages: TestClient
) -> None:
    page = pages.get(path).text
    assert MARK in row_of(page, words)
    rows = re.findall(r"(?s)<tr.*?</tr>", page)
    assert any(MARK not in row for row in rows[1:]), "the shipped rows are not marked"


def test_the_page_of_an_own_design_shows_it_and_names_its_file(pages: TestClient, client: TestClient) -> None:
    page = pages.get("/page/id/design/duran-layer")
    assert page.status_code == 200
    for words in (
        "our oxide film",
        "type III",
        "40 nm",
        "caption of Figure 2, in “Results”",
        "my-lab/duran/paper.yaml:",
    ):
        assert words in page.text
    assert "with your collection my-lab" in page.text
    assert client.get("/page/id/design/duran-layer").status_code == 404
    assert "your collection" not in client.get("/").text


def test_a_paper_is_among_the_works_whatever_its_source_is_called(pages: TestClient) -> None:
    row = row_of(pages.get("/works").text, "Zinc oxide once more")
    assert re.findall(r'<td class="n">(\S+)</td>', row)[-3:] == ["1", "2", "–"]
    page = pages.get("/page/id/work/duran-2031").text
    assert "Figures that rest on it" in page
    assert "our oxide layer on garnet" in page
    assert "Cited as" not in page
    assert "Tables:" not in page
    entry = pages.get("/works.bib?filter=once+more").text
    assert "author = {Duran, Ö. and Lind, Å.}" in entry
    assert "doi = {10.99999/il.2031.1}" in entry, "the very paper that was read has a DOI that was seen"
    assert "Cited as" not in entry


def test_a_figure_of_ours_on_a_shipped_design_cites_our_paper_and_no_other(ask: Ask) -> None:
    name = "designs-that-cycled-long-and-hard"
    rows = json.loads(ask("questions", "run", name, "-f", "json").out)
    ours = [row for row in rows if row["hours"] == 900]
    assert [(row["design"], row["reference"], row["from"]) for row in ours] == [
        ("zinc oxide interlayer on garnet", "Duran, Invented Lett 2031", "my-lab/duran")
    ]
    assert {row["from"] for row in rows if row not in ours} == {None}
    assert {row["reference"][:10] for row in rows if row not in ours} == {"reference "}


def test_answers_name_the_source_of_rows_only_where_there_are_collections(
    ask: Ask, lithio: Ask, pages: TestClient
) -> None:
    name = "designs-by-interface-type"
    told = ask("questions", "run", name)
    assert re.search(r"^type III +our oxide layer on garnet .* my-lab/duran$", told.out, re.MULTILINE)
    asked = ask("ask", "why does our oxide layer on garnet have its interface type", "-f", "json")
    assert all("from" in row for row in json.loads(asked.out)["rows"])
    rows = list(csv.DictReader(io.StringIO(pages.get(f"/questions/{name}.csv").text)))
    assert [row["design"] for row in rows if row["from"]] == ["our oxide layer on garnet"]
    assert "from" not in lithio("questions", "run", name, "-f", "csv").out.splitlines()[0].split(",")


def test_a_place_names_its_document_where_several_were_read(ask: Ask, lithio: Ask) -> None:
    said = " ".join(ask("show", "zno-interlayer-on-garnet", "--all").out.split())
    assert "“Results”, paragraph 2 of Duran, Invented Lett 2031]" in said
    assert "Table 3, row 13, resistance after of Energy Mater 2021;1:100017" in said
    assert "Figure 2 of Duran" in " ".join(ask("show", "duran-layer").out.split())
    assert " of Energy Mater" not in lithio("show", "zno-interlayer-on-garnet").out


def test_a_shipped_question_whose_answer_our_records_change_does_not_fail(ask: Ask) -> None:
    name = "designs-that-cycled-long-and-hard"
    done = ask("questions", "test", name, "designs-by-interface-type")
    assert done.code == 0, done.everything
    assert f"own   cycling/{name}" in done.out
    said = " ".join(done.out.split())
    assert "your records change the answer: + zinc oxide interlayer on garnet | = | 900" in said
    assert "1 passed, 0 failed, 1 changed by your records" in done.out
    [row] = json.loads(ask("questions", "test", name, "-f", "json").out)
    assert row["passed"]
    assert "your records change the answer" in row["differences"]


def test_a_question_of_ours_that_expects_otherwise_fails(ask: Ask) -> None:
    done = ask("questions", "test", "our-layers")
    assert done.code == 1
    assert "FAIL  ours/our-layers" in done.out


def test_an_option_of_all_verbs_behind_the_verb_is_told_its_place(lithio: Ask) -> None:
    done = lithio("show", "ZnO", "--with", "my-lab")
    assert done.code == 2
    assert "'--with' stands before the verb: lithiokg --with DIR show ..." in done.err
    assert "'--quiet' stands before the verb" in lithio("show", "ZnO", "--quiet").err
    assert "stands before" not in lithio("show", "ZnO", "--nothing").err
