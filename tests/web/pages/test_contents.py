"""What pages say: formulas, evidence, doubt and silence in words, forms with types, files that agree."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from lithiokg.web.typography import formula, typeset, unit

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from lithiokg.graph import KnowledgeGraph

SUBSCRIPTS = (
    ("Li7La3Zr2O12", "Li<sub>7</sub>La<sub>3</sub>Zr<sub>2</sub>O<sub>12</sub>"),
    ("Li1.4Al0.4Ge1.6(PO4)3", "Li<sub>1.4</sub>Al<sub>0.4</sub>Ge<sub>1.6</sub>(PO<sub>4</sub>)<sub>3</sub>"),
    ("LixSiSy", "Li<sub>x</sub>SiS<sub>y</sub>"),
    ("LiNxOy", "LiN<sub>x</sub>O<sub>y</sub>"),
    ("g-C3N4", "g-C<sub>3</sub>N<sub>4</sub>"),
)


@pytest.mark.parametrize(("text", "html"), SUBSCRIPTS)
def test_numbers_in_formulas_stand_below_the_line(text: str, html: str) -> None:
    assert str(formula(text)) == html


@pytest.mark.parametrize(
    "text", ["Table 3, row 13", "NCM811", "Py13TFSI", "20 Ω cm2", "Figure 4E", "type III", "2 mA/cm2"]
)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert str(typeset(text)) == text


@given(st.text())
def test_setting_a_text_changes_none_of_its_words_and_escapes_all(text: str) -> None:
    for made in (typeset(text), formula(text)):
        assert re.sub("</?sub>", "", str(made)) == str(escape(text))
    assert "<" not in re.sub("</?sup>", "", str(unit(text)))


def test_the_page_of_a_substance_tells_names_formula_kinds_and_facts(look: Any) -> None:
    page = look("/page/id/substance/Li7P3S11")
    assert page.headings[0].startswith("Li7P3S11") or "Li7P3S11" in page.text.replace(" ", "")
    assert "<sub>11</sub>" in page.html
    zinc = look("/page/id/substance/ZnO")
    for words in ("zinc oxide", "Also called ZnO", "metal oxide", "alloy-forming substance", "forms with lithium",
                  "lithium-zinc alloy", "inferred: why?", "reduce ZnO into a Li-Zn alloy", "reference [22]",
                  "Wang et al., Nano Lett 2017", "general chemistry", "What refers to it"):  # fmt: skip
        assert words in zinc.text, words


def test_a_figure_is_shown_as_printed_with_conditions_stage_place_and_doubt(look: Any) -> None:
    page = look("/page/id/design/single-ion-conducting-li3ps4-sei")
    assert "20 Ω cm-2" in page.text
    assert "in doubt" in page.text
    assert "doubtful unit" in page.text
    assert "Table 1, row 6, resistance before" in page.text
    assert "must be" in page.text
    assert "not reported" in page.text


def test_what_is_denied_or_hedged_is_marked(client: TestClient, graph: KnowledgeGraph) -> None:
    table = graph.sparql('SELECT ?s { ?c lkg:polarity "negative" ; lkg:claimSubject ?s } ORDER BY ?s LIMIT 1')
    hedged = graph.sparql('SELECT ?s { ?c lkg:modality "hedged" ; lkg:claimSubject ?s } ORDER BY ?s LIMIT 1')
    for found, words in ((table, "denied"), (hedged, "hedged")):
        path = str(found.column("s")[0]).replace("https://w3id.org/lithiokg/", "/page/")  # type: ignore[union-attr]
        assert f">{words}</b>" in client.get(path).text


def test_why_gives_numbered_sentences_from_facts_with_sources(look: Any) -> None:
    page = look("/why?thing=id/design/zno-interlayer-on-garnet&class=AlloyInterlayerDesign")
    assert "Why zinc oxide interlayer on garnet is a design by alloy interlayer" in page.headings[0]
    assert "Reason 1 of" in page.text
    assert "forms with lithium: lithium-zinc alloy" in page.text
    assert "recorded in data/catalogue/alloys-and-carbons.yaml" in page.text
    assert "AlloyLayer EquivalentTo: InterfacialLayer" in page.html
    second = look("/why?thing=id/design/zno-interlayer-on-garnet&class=AlloyInterlayerDesign&n=2")
    assert "Reason 2 of" in second.text
    named = look("/why?thing=zinc+oxide+interlayer+on+garnet&class=type+III")
    assert named.status == 200
    assert "type III" in named.headings[0]


def test_why_not_says_which_conditions_hold_fail_or_are_not_known(look: Any) -> None:
    page = look("/why?thing=id/design/zno-interlayer-on-garnet&class=ElectronicIsolationDesign")
    assert "Why it is not known that" in page.headings[0]
    assert {"holds", "fails", "not known"} <= {
        each.strip() for each in page.text.split("  ")
    } or "fails" in page.text
    assert "the world is open" in page.text
    unknown = look("/why?thing=zinc+oxid&class=AlloyInterlayerDesign")
    assert unknown.status == 400
    assert "zinc oxide" in unknown.text


def test_the_page_of_a_class_tells_definition_members_and_neighbors(look: Any) -> None:
    page = look("/page/AlloyInterlayerDesign")
    for words in ("a reasoner decides", "by definition", "a design on a solid electrolyte that has component",
                  "7: 0 stated, 7 inferred", "zinc oxide interlayer on garnet"):  # fmt: skip
        assert words in page.text, words
    assert "some" in page.html
    assert "/page/hasComponent" in page.links
    stage = look("/page/CyclingStage")
    assert "never also" in stage.text
    assert "modification stage" in stage.text


def test_the_tree_counts_members_and_marks_defined_classes(graph: KnowledgeGraph, look: Any) -> None:
    page = look("/tree")
    classes = graph.sparql("SELECT DISTINCT ?class { ?class a owl:Class FILTER (isIRI(?class)) }")
    assert f"{len(classes)} classes" in page.text  # type: ignore[arg-type]  # a table
    assert "design by alloy interlayer" in page.text
    assert "7, 7 inferred" in page.text


def test_the_form_of_a_question_has_a_field_of_the_right_type_for_each_parameter(look: Any) -> None:
    quantity = look("/questions/designs-that-cycled-long-and-hard")
    fields = {each["name"]: each for each in quantity.fields if each.get("name")}
    number = next(each for name, each in fields.items() if each.get("type") == "number")
    assert number["value"] == "500"
    assert '<span class="unit">h</span>' in quantity.html
    choice = look("/questions/interfacial-resistance-before-and-after")
    assert (
        '<option value="lkgi:property/area-specific-resistance">area-specific resistance</option>'
        in choice.html
    )
    thing = look("/questions/designs-with-a-substance")
    assert '<option value="zinc oxide">' in thing.html


def test_a_question_is_answered_with_the_parameters_of_the_address(graph: KnowledgeGraph, look: Any) -> None:
    answer = graph.ask("interfacial-resistance-before-and-after", property="area-specific resistance")
    page = look(
        "/questions/interfacial-resistance-before-and-after?property=lkgi:property/area-specific-resistance"
    )
    assert f"{len(answer)} rows" in page.text
    assert len(page.cells) == len(answer) + 1
    assert '<option value="lkgi:property/area-specific-resistance" selected>' in page.html
    first = page.cells[1]
    assert first[0] == "zinc oxide interlayer on garnet"
    assert first[2:4] == ["2000", "20"]
    assert "in doubt" in page.text


def test_silence_of_a_source_is_told_in_words(graph: KnowledgeGraph, look: Any) -> None:
    page = look("/questions/coulombic-efficiencies")
    assert "not reported" in page.text


def test_a_wrong_parameter_is_explained_on_the_form(look: Any) -> None:
    page = look("/questions/designs-with-a-substance?substance=zinc+oxid", accept="text/html")
    assert page.status == 400
    assert "zinc oxid" in page.text
    assert any("substance=lkgi%3Asubstance%2FZnO" in link for link in page.links)
    assert page.problems() == []
    number = look("/questions/designs-that-cycled-long-and-hard?minimum-hours=many", accept="text/html")
    assert number.status == 400
    unknown = look("/questions/lithium-alloys?timeout=1", accept="text/html")
    assert unknown.status == 400
    assert "no parameter" in unknown.text


def test_an_empty_answer_says_why_and_what_to_take_away(graph: KnowledgeGraph, look: Any) -> None:
    name = "designs-that-cycled-long-and-hard"
    parameter = next(iter(graph.question(name).params))
    page = look(f"/questions/{name}?{parameter}=99999999")
    assert page.status == 200
    assert "No row answers this" in page.text
    assert f"/questions/{name}" in page.links
    assert any(link.startswith(f"/questions/{name}") for link in page.links)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("interfacial-resistance-before-and-after", {}),
        ("designs-that-cycled-long-and-hard", {}),
        ("electronically-isolating-layers", {}),
        ("designs-with-a-substance", {"substance": "LiF"}),
    ],
)
def test_the_files_of_an_answer_hold_exactly_the_answer(
    graph: KnowledgeGraph, client: TestClient, name: str, parameters: dict[str, str]
) -> None:
    answer = graph.ask(name, **parameters)

    def text(value: object) -> str:
        if value is None:
            return ""
        if isinstance(value, bool):
            return str(value).lower()
        return f"{value:f}" if isinstance(value, Decimal) else str(value)

    wanted = [list(answer.columns), *[[text(value) for value in row] for row in answer.rows()]]
    for ending, delimiter in (("csv", ","), ("tsv", "\t")):
        response = client.get(f"/questions/{name}.{ending}", params=parameters)
        assert response.headers["content-type"].startswith("text/")
        assert list(csv.reader(io.StringIO(response.text), delimiter=delimiter)) == wanted
    found = json.loads(client.get(f"/questions/{name}.json", params=parameters).text)
    assert [list(row) for row in found] == [list(answer.columns)] * len(answer)
    assert [row[answer.columns[0]] for row in found] == [row[0] for row in answer.rows()]
    markdown = client.get(f"/questions/{name}.md", params=parameters).text.splitlines()
    assert len(markdown) == len(answer) + 2
    assert client.get(f"/questions/{name}.xlsx").status_code == 404


def test_a_file_of_a_wrong_question_is_an_error_in_words(client: TestClient) -> None:
    response = client.get("/questions/designs-with-a-substance.csv?substance=nothing-of-the-kind")
    assert response.status_code == 400
    assert response.headers["content-type"].startswith("text/plain")
    assert "nothing-of-the-kind" in response.text


def test_search_finds_synonyms_and_formulas_whatever_their_print(look: Any) -> None:
    for asked in ("ZnO", "zinc oxide", "zno", "ZINC-OXIDE"):
        assert "/page/id/substance/ZnO" in look(f"/search?q={asked}").links, asked
    assert "/page/id/substance/Li3PO4" in look("/search?q=Li₃PO₄").links
    assert "found by" in look("/search?q=dendrites").text
    close = look("/search?q=zinc+oxyde")
    assert "/page/id/substance/ZnO" in close.links


def test_a_question_in_words_is_answered_and_says_which_it_was(look: Any) -> None:
    page = look("/search?q=which+interlayers+keep+electrons+out%3F")
    assert "/questions/electronically-isolating-layers" in {link.partition("?")[0] for link in page.links}
    assert "The nearest of the saved questions" in page.text


def test_works_tell_what_rests_on_them_and_come_as_bibliographies(client: TestClient, look: Any) -> None:
    page = look("/works")
    assert len(page.cells) == 88
    work = look("/page/id/work/wang-2017-zno-on-garnet")
    assert "zinc oxide interlayer on garnet" in work.text
    assert "2000" in work.text
    behind = client.get("/works.bib?thing=id/substance/ZnO").text
    assert behind.count("@") == 3
    assert "ref-22," in behind
    assert (
        client.get("/works.ris?filter=garnet").text.count("TY  -")
        == len(look("/works?filter=garnet").cells) - 1
    )
    assert {each["citation-number"] for each in client.get("/works.json?thing=id/substance/ZnO").json()} == {
        "22",
        "50",
        "51",
    }


def test_discrepancies_show_both_sides(graph: KnowledgeGraph, look: Any) -> None:
    page = look("/discrepancies")
    assert "17 mV" in page.text
    assert "0.17 V" in page.text
    known = graph.sparql("SELECT ?d { ?d a lkg:Discrepancy }")
    assert f"{len(known)} contradictions" in page.text  # type: ignore[arg-type]  # a table
    doubts = look("/discrepancies?view=doubts")
    assert "doubtful unit" in doubts.text
    doubted = graph.sparql("SELECT DISTINCT ?o { ?o a lkg:Observation ; lkg:hasDoubt ?d }")
    assert len(doubts.cells) == len(doubted) + 1  # type: ignore[arg-type]


def test_what_if_classifies_a_proposal_and_marks_what_is_no_evidence(client: TestClient, look: Any) -> None:
    page = look("/what-if?electrolyte=garnet&layers=ZnO&contacts_lithium=1")
    for words in ("nobody reported it", "type III", "alloying", "is expected to show", "never evidence",
                  "zinc oxide interlayer on garnet", "2000 Ω cm2", "lithiokg what-if --electrolyte garnet"):  # fmt: skip
        assert words in page.text + page.html, words
    found = client.get("/what-if.json?electrolyte=garnet&layers=ZnO&contacts_lithium=1").json()
    assert found["interface_types"][0]["label"] == "type III"
    assert "designs:" in client.get("/what-if.yaml?electrolyte=garnet&layers=ZnO&contacts_lithium=1").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("electrolyte=unobtainium", "unobtainium"),
        ("coating=ZnO", "host"),
        ("electrolyte=garnet&electrolyte_kind=wooden", "wooden"),
        ("electrolyte=garnet&formed_at=yesterday&layers=ZnO", "yesterday"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_explained(look: Any, query: str, words: str) -> None:
    page = look(f"/what-if?{query}", accept="text/html")
    assert page.status == 400
    assert words in page.text
    assert "--" not in page.text.partition("The command behind this")[0]


def test_tables_to_take_along_are_those_of_the_command_line(
    graph: KnowledgeGraph, client: TestClient
) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/download/designs.csv").text)))
    assert len(rows) == len(graph.designs()) + 1
    first = client.get("/download/works.bib")
    assert first.text.strip() == graph.bibliography("bibtex").strip()
    assert "attachment" in first.headers["content-disposition"]
    part = client.get("/download/designs.csv", headers={"Range": "bytes=0-9"})
    assert part.status_code == 206


def test_about_tells_license_citation_and_how_to_load_it_elsewhere(look: Any) -> None:
    page = look("/about")
    for words in (
        "CC BY 4.0",
        "Apache License",
        "How to cite",
        "pandas",
        "rdflib",
        "SPARQLWrapper",
        "Protégé",
    ):
        assert words in page.text, words
    assert "http://localhost/sparql" in page.html
