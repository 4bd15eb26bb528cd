"""The rot check: mapped terms that vanished, are deprecated or were renamed in a copy of the target."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.errors import UsageError
from lithiokg.linking.notations import functional_statements, obo_statements
from lithiokg.linking.rot import check_rot
from lithiokg.linking.upstream import read_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.linking import MappingSet
    from lithiokg.sources import Sources

    Copies = Callable[[dict[str, str]], Path]

TURTLE = """
@prefix o: <https://example.org/other#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
<https://example.org/other> a owl:Ontology ; owl:versionInfo "3.0" .
o:Host a owl:Class ; skos:prefLabel "Host"@en, "Wirt"@de .
o:Frame a owl:Class ; rdfs:label "Scaffold" .
o:Matrix a owl:Class ; rdfs:label "Matrix" ; owl:deprecated true ; dcterms:isReplacedBy o:Frame .
o:Bulk a owl:Class ; rdfs:label "Framework" .
o:Sub rdfs:subClassOf o:Mentioned .
"""
#: Names no other vocabulary than its own beside the mapped one.
OTHER = "<https://else.org/x#A> a <http://www.w3.org/2002/07/owl#Class> .\n"


@pytest.fixture
def mapped(table: Any) -> MappingSet:
    """Rows about terms that are there, renamed, deprecated, gone with the label elsewhere, and only mentioned."""
    return (
        table.row(obj="o:Host", object_label="Host")
        .row("lkg:Coating", obj="o:Frame", object_label="Frame")
        .row("lkg:Component", obj="o:Matrix", object_label="Matrix", modifier="Not")
        .row("lkg:Design", obj="o:Framework", object_label="Framework")
        .row("lkg:Claim", obj="o:Mentioned", object_label="Mentioned")
        .row("lkg:Work", "skos:exactMatch", "sssom:NoTermFound")
        .good()
    )


def changes(mapped: MappingSet, folder: Path) -> list[tuple[str, str, str]]:
    report = check_rot([mapped], read_copy(folder))
    return [(rot.counterpart, rot.change, rot.now) for rot in report.findings]


def test_each_change_is_told_with_what_the_copy_knows_instead(
    mapped: MappingSet, upstream_of: Copies
) -> None:
    assert changes(mapped, upstream_of({"other.ttl": TURTLE})) == [
        ("o:Frame", "renamed", "Scaffold"),
        ("o:Matrix", "deprecated", "Scaffold (o:Frame)"),
        ("o:Framework", "vanished", "o:Bulk"),
        ("o:Mentioned", "vanished", ""),
    ]


def test_a_label_in_any_language_will_do(table: Any, upstream_of: Copies) -> None:
    mapped = table.row(obj="o:Host", object_label="Wirt").row("lkg:Coating", obj="o:Bulk").good()
    assert changes(mapped, upstream_of({"other.ttl": TURTLE})) == []


def test_what_one_file_declares_another_may_deprecate(mapped: MappingSet, upstream_of: Copies) -> None:
    more = "<https://example.org/other#Host> <http://www.w3.org/2002/07/owl#deprecated> true ."
    folder = upstream_of({"a/other.ttl": TURTLE, "b/deprecated.ttl": more})
    assert ("o:Host", "deprecated", "") in changes(mapped, folder)


def test_rows_and_versions_are_counted_and_told(mapped: MappingSet, upstream_of: Copies) -> None:
    report = check_rot([mapped], read_copy(upstream_of({"other.ttl": TURTLE})))
    assert report.checked == {"other": 5}
    assert report.notes == ("other: made from 2.0, the copy is 3.0",)


def test_a_copy_without_the_target_is_refused(mapped: MappingSet, upstream_of: Copies) -> None:
    folder = upstream_of({"x.ttl": OTHER})
    with pytest.raises(UsageError, match="holds no copy of other"):
        check_rot([mapped], read_copy(folder))


def test_a_term_that_another_ontology_declares_in_passing_makes_no_copy(
    mapped: MappingSet, upstream_of: Copies
) -> None:
    own = "".join(OTHER.replace("#A", f"#A{n}") for n in range(6))
    stub = "<https://example.org/other#Host> a <http://www.w3.org/2002/07/owl#Class> .\n"
    with pytest.raises(UsageError, match="holds no copy of other"):
        check_rot([mapped], read_copy(upstream_of({"x.ttl": own + stub})))


def test_targets_without_a_copy_may_be_left_out_with_a_note(
    table: Any, mapped: MappingSet, upstream_of: Copies
) -> None:
    table.rows.clear()
    table.header = table.header.replace("https://example.org/other", "https://gone.org/gone")
    gone = table.row().good()
    copy = read_copy(upstream_of({"other.ttl": TURTLE}))
    report = check_rot([mapped, gone], copy, all_of_them=False)
    assert report.notes[0] == "other: not checked, there is no copy of it"
    assert len(report.findings) == 4
    with pytest.raises(UsageError):
        check_rot([gone], copy, all_of_them=False)


# What is read


def test_a_fault_costs_its_statement_and_is_told_with_its_place(
    mapped: MappingSet, upstream_of: Copies
) -> None:
    broken = TURTLE.replace('"Scaffold" .', '"Scaffold" . "stray" ;')
    folder = upstream_of({"other.ttl": broken})
    copy = read_copy(folder)
    (unread,) = copy.unread
    assert str(unread).startswith("other.ttl:9:")
    assert copy.declares("https://example.org/other#Bulk")


def test_obo_is_read(table: Any, upstream_of: Copies) -> None:
    table.header = table.header.replace("https://example.org/other#", "http://purl.obolibrary.org/obo/CHMO_")
    obo = """format-version: 1.2
ontology: chmo

[Term]
id: CHMO:0000001
name: colorimetry {source="x"} ! remark

[Term]
id: CHMO:0000002
name: obsolete method
is_obsolete: true
replaced_by: CHMO:0000001
"""
    mapped = (
        table.row(obj="o:0000001", object_label="photometry")
        .row("lkg:Coating", obj="o:0000002", object_label="method")
        .row("lkg:Claim", obj="o:0000003")
        .good()
    )
    found = changes(mapped, upstream_of({"chmo.obo": obo}))
    assert [(curie, change) for curie, change, _ in found] == [
        ("o:0000001", "renamed"),
        ("o:0000002", "deprecated"),
        ("o:0000003", "vanished"),
    ]
    assert found[1][2].startswith("colorimetry")


def test_functional_syntax_is_read_as_far_as_needed_and_said_so(table: Any, upstream_of: Copies) -> None:
    text = """Prefix(o:=<https://example.org/other#>)
Prefix(rdfs:=<http://www.w3.org/2000/01/rdf-schema#>)
Ontology(<https://example.org/other>
Declaration(Class(o:Host))
AnnotationAssertion(rdfs:label o:Host "A \\"host\\""@en)
)"""
    folder = upstream_of({"import.owl": text})
    mapped = table.row(object_label="host").row("lkg:Coating", obj="o:Gone").good()
    assert changes(mapped, folder) == [("o:Host", "renamed", 'A "host"'), ("o:Gone", "vanished", "")]
    (unread,) = read_copy(folder).unread
    assert "OWL functional syntax" in unread.why


def test_rdf_xml_and_turtle_are_told_apart_behind_owl(upstream_of: Copies) -> None:
    xml = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="https://example.org/x#A">'
        '<rdf:type rdf:resource="http://www.w3.org/2002/07/owl#Class"/></rdf:Description></rdf:RDF>'
    )
    copy = read_copy(upstream_of({"a.owl": xml, "b.owl": TURTLE.strip(), "c.owl": "Ontology: <x:y>"}))
    assert copy.declares("https://example.org/x#A")
    assert copy.declares("https://example.org/other#Host")
    assert [(unread.place.file, unread.why) for unread in copy.unread] == [
        ("c.owl", "this notation is not read")
    ]


def test_hidden_folders_and_other_files_are_left_alone(upstream_of: Copies) -> None:
    copy = read_copy(upstream_of({".git/x.ttl": "no turtle", "README.md": "no turtle", "o.ttl": TURTLE}))
    assert (copy.files, copy.unread) == (1, ())


def test_a_folder_that_is_none_or_holds_nothing_is_refused(tmp_path: Path, upstream_of: Copies) -> None:
    with pytest.raises(UsageError, match="is no folder"):
        read_copy(tmp_path / "none")
    with pytest.raises(UsageError, match="holds no ontology file"):
        read_copy(upstream_of({"a.txt": ""}))


@pytest.mark.parametrize("text", ["", "[Term]\nname: x\n", "[Typedef]\nid: part_of\n", "junk\n\n[Term]"])
def test_odd_obo_breaks_nothing(text: str) -> None:
    assert all(len(statement) == 3 for statement in obo_statements(text))


@pytest.mark.parametrize(
    "text", ["", "Ontology(", 'AnnotationAssertion(a:b c:d "x")', "Declaration(Class(A))"]
)
def test_odd_functional_syntax_breaks_nothing(text: str) -> None:
    assert all(len(statement) == 3 for statement in functional_statements(text))


# The shipped tables, and the verbs


def test_no_mapped_term_has_changed_in_the_copies_that_the_tables_were_made_from(
    tables: list[MappingSet], upstream: Path
) -> None:
    report = check_rot(tables, read_copy(upstream), all_of_them=False)
    assert [(str(rot.row.place), rot.counterpart, rot.change) for rot in report.findings] == []
    assert sum(report.checked.values()) > 1_000
    assert {"emmo", "electrochemistry", "chameo", "qudt", "chmo", "pmdco"} <= set(report.checked)


def test_the_defects_of_the_copies_are_told(upstream: Path) -> None:
    told = [str(unread) for unread in read_copy(upstream).unread]
    assert any("emmo/disciplines/units/units.ttl" in each for each in told)
    assert any("functional syntax" in each for each in told)


@pytest.fixture
def few(small: Sources, table: Any) -> Sources:
    """The small sources with one short table in place of the shipped ones."""
    for path in (small.ontology / "mappings").glob("*.tsv"):
        path.unlink()
    table.row(obj="o:Host", object_label="Host", label="host").row(
        "lkg:Coating", obj="o:Frame", label="coating"
    )
    table.row("lkg:Claim", obj="o:Gone", object_label="Gone", label="claim", modifier="Not")
    table.row("lkg:Work", "skos:exactMatch", "sssom:NoTermFound", label="work")
    (small.ontology / "mappings" / "other.sssom.tsv").write_text(table.text, encoding="utf-8")
    return small


def test_check_writes_a_table_of_what_changed_and_exits_with_1(
    few: Sources, upstream_of: Copies, lithio: Any
) -> None:
    folder = str(upstream_of({"other.ttl": TURTLE}))
    said = lithio("map", "check", "--upstream", folder, sources=few)
    assert said.code == 1
    assert said.out.splitlines()[-1].split() == [
        *("other", "claim", "not", "close", "Gone", "(o:Gone)", "vanished"),
        "ontology/mappings/other.sssom.tsv:14:1",
    ]
    assert "3 rows about 1 target checked: 1 term has changed" in said.err
    (record,) = json.loads(lithio("map", "check", "--upstream", folder, "-f", "json", sources=few).out)
    assert (record["change"], record["now"]) == ("vanished", None)


def test_check_exits_with_0_if_nothing_changed(few: Sources, upstream_of: Copies, lithio: Any) -> None:
    folder = upstream_of({"other.ttl": TURTLE + "o:Gone a owl:Class ; rdfs:label 'Gone' .\n"})
    said = lithio("map", "check", "other", "--upstream", str(folder), sources=few)
    assert (said.code, said.out) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("other",), "holds no copy of other"),
        ((), "holds no copy of other"),
        (("othr",), "did you mean other?"),
    ],
)
def test_check_is_refused_where_there_is_nothing_to_check(
    few: Sources, upstream_of: Copies, lithio: Any, arguments: tuple[str, ...], said: str
) -> None:
    folder = str(upstream_of({"x.ttl": OTHER}))
    outcome = lithio("map", "check", *arguments, "--upstream", folder, sources=few)
    assert outcome.code == 2
    assert said in outcome.err


def test_list_sums_up_the_targets_and_lists_the_rows_of_one(few: Sources, lithio: Any) -> None:
    (target,) = json.loads(lithio("map", "list", "-f", "json", sources=few).out)
    assert {key: target[key] for key in ("target", "version", "close", "denied", "no_term")} == {
        "target": "other",
        "version": "2.0",
        "close": 2,
        "denied": 1,
        "no_term": 1,
    }
    rows = json.loads(lithio("map", "list", "other", "-f", "json", sources=few).out)
    assert [row["relation"] for row in rows] == ["close", "close", "not close", "exact"]
    for option, count in (("--denied", 1), ("--missing", 1), ("--relation=close", 3)):
        assert len(json.loads(lithio("map", "list", option, "-f", "json", sources=few).out)) == count


def test_show_finds_a_term_of_theirs_by_label_curie_and_iri(few: Sources, lithio: Any) -> None:
    for name in ("Gone", "o:Gone", "https://example.org/other#Gone"):
        (row,) = json.loads(lithio("map", "show", name, "-f", "json", sources=few).out)
        assert (row["term"], row["relation"]) == ("claim", "not close")


def test_show_finds_a_term_of_ours_by_any_of_its_names(lithio: Any) -> None:
    said = lithio("map", "show", "lithium anode", "--iris", "-f", "csv")
    assert said.code == 0
    assert "echem:electrochemistry_47346d85_b9be_4480_8993_6307b1c58fcd" in said.out


def test_show_of_an_unknown_term_is_refused_with_a_guess(lithio: Any) -> None:
    said = lithio("map", "show", "lithium anodes and more")
    assert said.code == 2
