"""The works cited, as BibTeX, CSL-JSON and RIS, read back with the parsers of others."""

from __future__ import annotations

import json
import re

import bibtexparser
import pytest
import rispy

from lithiokg.errors import UsageError
from lithiokg.export import bibliography_entries, write_bibliography

#: What CSL-JSON 1.0.2 knows of what is written here.
CSL_STRINGS = {"id", "type", "citation-number", "title", "container-title", "volume", "page", "DOI", "note"}
WORK = r"""
<reference/7> lkg:referenceNumber 7 ; lkg:inDocument <work/paper> ; lkg:identificationStatus <identification/{status}> ;
    lkg:refersTo <work/cited> .
<work/cited> lkg:title "Li-Mg & 50% {{of}} $x_1$ at Na_{{2}}~\\ #1: a Study ^" ; lkg:authorList "van der Waals JD, Müller-Öz A, et al." ;
    lkg:journal "J & K" ; lkg:publicationYear 2019 ; lkg:volume "5" ; lkg:pages "12-19" ; lkg:doi "10.1000/a_(b)<c>" .
"""


def bibtex_of(text):
    parser = bibtexparser.bparser.BibTexParser(common_strings=True)
    return {entry["ID"]: entry for entry in bibtexparser.loads(text, parser=parser).entries}


def readers():
    return {
        "bibtex": lambda text: {key: entry.get("doi") for key, entry in bibtex_of(text).items()},
        "csl-json": lambda text: {item["id"]: item.get("DOI") for item in json.loads(text)},
        "ris": lambda text: {item["id"]: item.get("doi") for item in rispy.loads(text)},
    }


@pytest.mark.parametrize("format_", ["bibtex", "csl-json", "ris"])
def test_every_number_of_the_review_is_an_entry_that_others_can_read(graph, format_):
    entries = readers()[format_](graph.bibliography(format_))
    assert list(entries) == [f"energymater-2021-21-ref-{n}" for n in range(1, 88)]


@pytest.mark.parametrize("format_", ["bibtex", "csl-json", "ris"])
def test_a_doi_stands_only_where_it_was_verified(graph, format_):
    verified = {
        f"energymater-2021-21-ref-{row['n']}": row["doi"]
        for row in graph.sparql(
            "SELECT ?n ?doi { ?r lkg:referenceNumber ?n ; lkg:refersTo/lkg:doi ?doi ;"
            " lkg:identificationStatus <https://w3id.org/lithiokg/id/identification/verified> }"
        ).dicts()
    }
    entries = readers()[format_](graph.bibliography(format_))
    assert {key: doi for key, doi in entries.items() if doi} == verified != {}


def test_a_doi_of_a_work_that_is_not_verified_is_left_out(store_of):
    seen = bibliography_entries(store_of(WORK.format(status="work-seen")))
    assert [entry.doi for entry in seen] == [None]


def test_a_work_that_was_not_identified_has_nothing_but_its_number_and_status(graph):
    entries = bibtex_of(graph.bibliography("bibtex"))
    unknown = entries["energymater-2021-21-ref-1"]
    assert set(unknown) == {"ID", "ENTRYTYPE", "note"}
    assert unknown["ENTRYTYPE"] == "misc"
    assert unknown["note"].startswith("Cited as reference 1 by Modulating the lithiophilicity")
    csl = {item["id"]: item for item in json.loads(graph.bibliography("csl-json"))}
    assert set(csl["energymater-2021-21-ref-1"]) == {"id", "type", "citation-number", "note"}


def test_every_entry_says_how_sure_its_identification_is(graph):
    for entry in bibliography_entries(graph.store):
        assert re.search(r"Status: (verified|work seen|unconfirmed|unknown)", entry.note), entry


def test_signs_that_mean_something_to_bibtex_are_escaped_and_balanced(store_of):
    text = write_bibliography(store_of(WORK.format(status="verified")), "bibtex")
    bare = re.sub(r"\\[{}]", "", text)
    assert bare.count("{") == bare.count("}")
    (entry,) = bibtex_of(text).values()
    assert entry["title"] == (
        r"{Li-Mg} \& {50\%} \{of\} {\$x\_1\$} at {Na\_\{2\}\textasciitilde{}\textbackslash{}} {\#1:} a Study"
        r" \textasciicircum{}"
    )
    assert entry["author"] == "van der Waals, J. D. and Müller-Öz, A. and others"
    assert (entry["journal"], entry["pages"], entry["year"]) == (r"J \& K", "12--19", "2019")
    assert entry["doi"] == "10.1000/a_(b)<c>"


def test_csl_json_has_the_types_of_its_schema(graph):
    items = json.loads(graph.bibliography("csl-json"))
    for item in items:
        assert set(item) <= CSL_STRINGS | {"author", "issued"}
        assert all(isinstance(item[name], str) and item[name] for name in CSL_STRINGS & set(item))
        assert item["type"] in {"article-journal", "document"}
        for name in item.get("author", []):
            assert set(name) in ({"family", "given"}, {"literal"})
        for part in item.get("issued", {}).get("date-parts", []):
            assert [type(value) for value in part] == [int]


def test_ris_has_a_line_for_each_field_and_an_end_for_each_entry(store_of):
    text = write_bibliography(store_of(WORK.format(status="verified")), "ris")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in text.splitlines())
    (item,) = rispy.loads(text)
    assert item["type_of_reference"] == "JOUR"
    assert item["authors"] == ["van der Waals, J.D.", "Müller-Öz, A.", "et al."]
    assert (item["start_page"], item["end_page"], item["year"]) == ("12", "19", "2019")
    assert item["doi"] == "10.1000/a_(b)<c>"


def test_a_line_break_within_a_field_does_not_end_it(store_of):
    broken = WORK.replace("a Study", "a\\n\\u2028Study").format(status="verified")
    (item,) = rispy.loads(write_bibliography(store_of(broken), "ris"))
    assert "a Study" in item["title"]


@pytest.mark.parametrize("format_", ["bibtex", "csl-json", "ris"])
def test_the_command_line_writes_the_bibliography(lithio, graph, format_):
    assert lithio("export", "bibliography", "--format", format_).out == graph.bibliography(format_)


def test_bibtex_is_the_usual_format_of_a_bibliography(lithio):
    assert lithio("export", "bibliography").out.startswith("@")


def test_a_bibliography_is_no_table(lithio, graph):
    outcome = lithio("export", "bibliography", "--format", "csv")
    assert outcome.code == 2
    assert "it can as bibtex, csl-json, ris" in outcome.err
    with pytest.raises(UsageError, match="no bibliography format 'csv'"):
        graph.bibliography("csv")
