"""The table of claims: a public contract."""

from __future__ import annotations

import csv
import io
import json

import pytest

from lithiokg.export import CLAIM_COLUMNS, claim_rows

CLAIM = """
<claim/{key}> lkg:claimSubject <substance/ZnO> ; lkg:claimRelation lkg:conducts ;
    lkg:claimObject <carrier/electron> ; lkg:polarity "negative" ; lkg:modality "hedged" .
"""


@pytest.fixture
def records(store_of):
    def rows(turtle: str) -> list[dict[str, object]]:
        return [dict(zip(CLAIM_COLUMNS, row, strict=True)) for row in claim_rows(store_of(turtle))]

    return rows


def test_a_claim_is_written_by_labels_with_its_place(records):
    (row,) = records(
        CLAIM.format(key="a")
        + """<claim/a> lkg:hasEvidence <e> . <e> lkg:inSection <section/two> ; lkg:inParagraph 3 ;
             lkg:keyPhrase "does not conduct" ; lkg:printedReference "26" ; lkg:resolvedReference <r/26> .
             <r/26> lkg:referenceNumber 26 ."""
    )
    assert list(row.values()) == [
        "claim/a", "paper", "Results", "26", "26", "zinc oxide", "conducts", "electron", "negative", "hedged",
        "does not conduct",
    ]  # fmt: skip


def test_several_resolved_references_stand_in_one_field_in_the_order_of_their_numbers(records):
    (row,) = records(
        CLAIM.format(key="a")
        + """<claim/a> lkg:hasEvidence <e> . <e> lkg:inSection <section/two> ; lkg:printedReference "9-10,S1" ;
             lkg:resolvedReference <r/9>, <r/10> . <r/9> lkg:referenceNumber 9 . <r/10> lkg:referenceNumber 10 ."""
    )
    assert row["resolved_ref"] == "9, 10"
    assert row["printed_ref"] == "9-10,S1"


def test_a_claim_that_rests_on_several_places_is_one_row_with_the_first_place(records):
    (row,) = records(
        CLAIM.format(key="a")
        + """<claim/a> lkg:hasEvidence <late>, <soon> .
             <late> lkg:inSection <section/ten> ; lkg:inParagraph 1 ; lkg:keyPhrase "late" ; lkg:printedReference "4" .
             <soon> lkg:inSection <section/two> ; lkg:inParagraph 12 ; lkg:keyPhrase "soon" ; lkg:printedReference "5" ."""
    )
    assert (row["section"], row["key_phrase"], row["printed_ref"]) == ("Results", "soon", "4, 5")


def test_a_claim_of_a_table_row_has_the_section_and_references_of_the_table(records):
    (row,) = records(
        CLAIM.format(key="a")
        + """<claim/a> lkg:hasEvidence <e> . <e> lkg:inTableRow <row/1> .
             <row/1> lkg:inTable <table/1> ; lkg:rowNumber 1 ; lkg:printedReference "28" ;
             lkg:resolvedReference <r/27> . <r/27> lkg:referenceNumber 27 ."""
    )
    assert (row["work"], row["section"], row["printed_ref"], row["resolved_ref"]) == (
        "paper",
        "Results",
        "28",
        "27",
    )


def test_general_chemistry_has_no_place_and_comes_last(records):
    rows = records(
        CLAIM.format(key="a")
        + "<claim/a> lkg:hasEvidence <g> . <g> a lkg:GeneralChemistryEvidence ; lkg:note 'why' ."
        + CLAIM.format(key="b")
        + "<claim/b> lkg:hasEvidence <e> . <e> lkg:inSection <section/ten> ; lkg:inParagraph 1 ."
        + CLAIM.format(key="c")
        + "<claim/c> lkg:hasEvidence <f> . <f> lkg:inSection <section/two> ; lkg:inParagraph 1 ."
    )
    assert [row["id"] for row in rows] == ["claim/c", "claim/b", "claim/a"]
    assert (rows[-1]["work"], rows[-1]["section"], rows[-1]["printed_ref"]) == (None, None, None)


def test_a_thing_without_a_label_stands_by_its_id(records):
    (row,) = records(CLAIM.format(key="a").replace("<substance/ZnO>", "<substance/unknown>"))
    assert row["subject"] == "substance/unknown"


def test_the_shipped_graph_has_one_row_for_each_claim(graph):
    table = graph.claims()
    (count,) = graph.sparql("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?c lkg:claimRelation ?r }").dicts()
    assert table.variables == CLAIM_COLUMNS
    assert len(table) == count["n"] >= 1000
    assert len({row["id"] for row in table.dicts()}) == len(table)


def test_claims_of_the_catalogue_stand_with_their_place_in_the_review(graph):
    rows = {row["id"]: row for row in graph.claims().dicts()}
    catalogue = [row for key, row in rows.items() if str(key).startswith("substance/") and row["work"]]
    assert catalogue
    assert all(row["section"] for row in catalogue)


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "md"])
def test_the_command_line_writes_every_flat_format(lithio, graph, format_):
    out = lithio("export", "claims", "--format", format_).out
    if format_ == "json":
        assert len(json.loads(out)) == len(graph.claims())
    elif format_ == "md":
        assert out.startswith("| id ")
    else:
        rows = list(csv.DictReader(io.StringIO(out), delimiter="," if format_ == "csv" else "\t"))
        assert len(rows) == len(graph.claims())


def test_claims_are_not_written_as_rdf(lithio):
    outcome = lithio("export", "claims", "--format", "turtle")
    assert outcome.code == 2
    assert "'claims' cannot be written as turtle" in outcome.err
