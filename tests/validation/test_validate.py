"""What the validation of a graph finds, and where it says that it stands."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from lithiokg.errors import Place, SourceError
from lithiokg.validation import StoredPlaces, read_shapes, validate
from lithiokg.vocabulary import ID, LKG


@pytest.fixture
def report(records, ontology, sources, places):
    return validate([*ontology, *records], sources=sources, places=places)


def found(report):
    return {finding.name: finding for finding in report.findings}


def test_all_violations_are_reported_at_once(report):
    assert set(found(report)) == {"design-evidence", "record-reference", "substance-label"}
    assert not report.conforms


def test_a_finding_stands_at_the_line_of_the_value(report):
    assert found(report)["record-reference"].place == Place("data/b.yaml", 6, 24)


def test_without_the_place_of_the_value_it_stands_at_the_field(records, ontology, sources, places):
    for key in [key for key in places.places if len(key) == 3]:
        del places.places[key]
    report = validate([*ontology, *records], sources=sources, places=places)
    assert found(report)["record-reference"].place == Place("data/b.yaml", 6, 9)


def test_without_the_place_of_the_field_it_stands_at_the_record(report):
    assert found(report)["design-evidence"].place == Place("data/b.yaml", 2, 3)


def test_without_the_place_of_the_record_it_stands_at_the_record_around_it(
    records, ontology, sources, written
):
    around = written({(ID + "design/zno",): Place("data/b.yaml", 2, 3)})
    report = validate([*ontology, *records], sources=sources, places=around)
    assert found(report)["record-reference"].place == Place("data/b.yaml", 2, 3)


def test_without_places_findings_have_none(records, ontology, sources):
    report = validate([*ontology, *records], sources=sources)
    assert {finding.place for finding in report.findings} == {None}


def test_findings_come_in_the_order_of_files_and_lines(report):
    assert [str(finding.place) for finding in report.findings] == [
        "data/a.yaml:9:3",
        "data/b.yaml:2:3",
        "data/b.yaml:6:24",
    ]


def test_a_finding_names_record_field_value_rule_and_mend(report):
    finding = found(report)["record-reference"]
    assert finding.label == "ZnO interlayer, components, layer"
    assert finding.path == LKG + "hasConstituent"
    assert finding.value == "lkgi:substance/ZnOO"
    assert finding.rule == "A record refers only to things that exist; lkgi:substance/ZnOO does not."
    assert finding.mend == "Correct the name, or add the record it stands for."


def test_a_quantity_is_shown_as_it_is_printed(quads, ontology, sources):
    wrong = quads("""
        <o> a lkg:Observation, owl:NamedIndividual ; lkg:hasEvidence <o/result> .
        <o/result> a lkg:Quantity, owl:NamedIndividual ; lkg:printed "0.50 Ω" .
    """)
    report = validate([*ontology, *wrong], sources=sources)
    assert found(report)["record-value-kind"].value == "0.50 Ω"


def test_an_ontology_of_its_own_and_one_among_the_quads_give_the_same(records, ontology, sources):
    together = validate([*ontology, *records], sources=sources)
    apart = validate(records, ontology=ontology, sources=sources)
    assert together.findings == apart.findings


def test_a_store_can_be_validated(records, ontology, sources, report):
    store = ox.Store()
    store.extend([*ontology, *records])
    names = {finding.name for finding in validate(store, sources=sources).findings}
    assert names == set(found(report))


def test_a_derived_class_counts_only_where_it_is_stated(records, quads, ontology, sources):
    typed = "<design/zno> a lkg:AlloyingDesign ."
    derived = validate([*ontology, *records, *quads(typed, "inferred")], sources=sources)
    stated = validate([*ontology, *records, *quads(typed)], sources=sources)
    assert "record-class-stated" not in found(derived)
    assert "record-class-stated" in found(stated)


def test_what_one_graph_lacks_another_may_state(records, quads, ontology, sources):
    mended = quads('<substance/ZnO> skos:prefLabel "zinc oxide"@en .', "normalized")
    assert "substance-label" not in found(validate([*ontology, *records, *mended], sources=sources))


def test_a_snapshot_knows_the_places_of_its_nodes(quads):
    store = ox.Store()
    store.extend(quads('<design/zno> lkg:curatedAt "data/b.yaml:2:3" .', "provenance"))
    places = StoredPlaces(store)
    assert places.of(ID + "design/zno", LKG + "hasComponent") == Place("data/b.yaml", 2, 3)
    assert places.of(ID + "design/other") is None


def test_an_ill_written_place_in_a_snapshot_is_no_place(quads):
    store = ox.Store()
    store.extend(quads('<design/zno> lkg:curatedAt "somewhere" .'))
    assert StoredPlaces(store).of(ID + "design/zno") is None


def test_importing_the_package_imports_neither_pyshacl_nor_rdflib():
    code = "import sys, lithiokg.validation; sys.exit('pyshacl' in sys.modules or 'rdflib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


SHAPE = """
shape:thing a sh:NodeShape ; sh:targetClass lkg:Design ; sh:sparql shape:rule .
shape:rule a sh:SPARQLConstraint ; sh:message "M." ; sh:severity sh:Info ; lkg:mend "D." ;
    sh:select "{query}" .
"""


@pytest.fixture
def shapes_of(tmp_path, quads):
    """Shapes read from the Turtle given."""

    def write(turtle: str):
        prefixes = "\n".join(
            f"@prefix {prefix}: <{iri}> ."
            for prefix, iri in (
                ("sh", "http://www.w3.org/ns/shacl#"),
                ("lkg", LKG),
                ("shape", LKG + "shape/"),
            )
        )
        (tmp_path / "a.ttl").write_text(prefixes + turtle, encoding="utf-8")
        return read_shapes(tmp_path)

    return write


def test_a_rule_for_information_does_not_keep_a_graph_from_conforming(shapes_of, records):
    shapes = shapes_of(SHAPE.format(query="SELECT $this WHERE { $this ?p ?o }"))
    report = validate(records, shapes=shapes)
    assert [finding.severity.value for finding in report.findings] == ["info"]
    assert report.conforms
    assert report.as_text().endswith("1 info.")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT $this { $this ?p ?o }", "has no WHERE"),
        ("SELECT $this WHERE { $this ?p }", "is not SPARQL"),
        ("ASK WHERE { $this ?p ?o }", "is not a SELECT"),
    ],
)
def test_a_query_that_cannot_be_run_is_named(shapes_of, records, query, message):
    with pytest.raises(SourceError, match=message):
        validate(records, shapes=shapes_of(SHAPE.format(query=query)))


def test_shapes_that_are_not_turtle_are_reported_with_line_and_column(shapes_of):
    with pytest.raises(SourceError, match="not valid Turtle") as caught:
        shapes_of("\nshape:a shape:b")
    assert caught.value.place.file.endswith("a.ttl")
    assert caught.value.place.line > 3


def test_a_rule_without_a_mend_is_refused(shapes_of):
    with pytest.raises(SourceError, match="no severity or no mend"):
        shapes_of('shape:a a sh:NodeShape ; sh:message "M." ; sh:severity sh:Violation .')


def test_a_constraint_without_a_name_is_refused(shapes_of):
    with pytest.raises(SourceError, match="has no name or no message"):
        shapes_of('shape:a a sh:NodeShape ; sh:sparql [ sh:select "SELECT $this WHERE {}" ] .')


def test_a_constraint_without_a_query_is_refused(shapes_of):
    with pytest.raises(SourceError, match="has no query"):
        shapes_of(SHAPE.replace('sh:select "{query}"', 'sh:name "x"'))


def test_a_folder_without_shapes_is_reported(tmp_path):
    with pytest.raises(SourceError, match="there are no shapes"):
        read_shapes(tmp_path)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("sh:targetNode <https://w3id.org/lithiokg/id/work/r>", {"work/r"}),
        ("sh:targetSubjectsOf lkg:reportedIn", {"design/zno"}),
        ("sh:targetObjectsOf lkg:reportedIn", {"reference/r/26"}),
        ("sh:targetClass lkg:Work", {"work/r"}),
    ],
)
def test_every_kind_of_target_is_understood(shapes_of, records, ontology, target, expected):
    """A review is a work: subclasses count."""
    query = "SELECT $this WHERE { $this ?p ?o }"
    shapes = shapes_of(SHAPE.format(query=query).replace("sh:targetClass lkg:Design", target))
    report = validate(records, ontology=ontology, shapes=shapes)
    assert {finding.node.removeprefix(ID) for finding in report.findings} == expected
