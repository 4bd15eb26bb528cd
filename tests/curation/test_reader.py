from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from lithiokg.curation import normalized, provenance, read_context, read_data, read_file
from lithiokg.curation.documents import MAX_BYTES
from lithiokg.errors import SourceError
from lithiokg.sources import find_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.curation import Context, Records

DESIGN = """\
designs:
  zno-on-garnet:
    label: ZnO on garnet
    components:
      lithium: {type: Anode, constituents: [Li]}
      interlayer:
        type: Interlayer
        constituents: [ZnO, "lkgi:substance/Li2O"]
        contacts: lithium
        thickness: 5-10 nm
        part: {type: Sublayer, touches: lithium}
    observations:
      before:
        property: area-specific-resistance
        result: {printed: "20 Ω cm-2", read-as: "20 Ω cm2"}
        conditions: {current-density: "~750 μA cm-2", rest-time: 7 days}
        evidence: {table: {row: t3-r13, column: resistance_before}}
    claims:
      forms:
        relation: formsWithLithium
        object: Li-Zn
"""


def test_records_become_triples_by_the_house_rules(
    read: Callable[..., Records], triples: Callable[..., set[tuple[str, str, str]]]
) -> None:
    records = read(DESIGN)
    assert records.problems == []
    d = "design/zno-on-garnet"
    b = f"{d}/observations/before"
    assert triples(records.quads) >= {
        (d, "type", "Design"),
        (d, "type", "NamedIndividual"),
        (d, "prefLabel", "ZnO on garnet"),
        (d, "hasComponent", f"{d}/components/interlayer"),
        (f"{d}/components/interlayer", "hasConstituent", "substance/ZnO"),
        (f"{d}/components/interlayer", "hasConstituent", "substance/Li2O"),
        (f"{d}/components/interlayer", "contacts", f"{d}/components/lithium"),
        (f"{d}/components/interlayer", "hasThickness", f"{d}/components/interlayer/thickness"),
        (f"{d}/components/interlayer/thickness", "quantityKind", "property/thickness"),
        (f"{d}/components/interlayer/thickness", "reportedMinimum", "5"),
        (f"{d}/components/interlayer/part", "contacts", f"{d}/components/lithium"),
        (b, "hasFeatureOfInterest", d),
        (b, "type", "Observation"),
        (b, "hasResult", f"{b}/result"),
        (f"{b}/result", "printed", "20 Ω cm-2"),
        (f"{b}/result", "readAs", "20 Ω cm2"),
        (f"{b}/result", "reportedUnit", "unit/ohm-per-square-centimetre"),
        (f"{b}/conditions/current-density", "comparator", "~"),
        (f"{b}/evidence/table", "inTableRow", "row/paper-1/t3-r13"),
        (f"{b}/evidence/table", "inTableColumn", "column/paper-1/3/resistance_before"),
        (f"{d}/claims/forms", "claimSubject", d),
        (f"{d}/claims/forms", "polarity", "positive"),
    }
    assert {quad.graph_name.value for quad in records.quads} == {
        "https://w3id.org/lithiokg/graph/asserted/paper-1"
    }
    nodes = {term for quad in records.quads for term in (quad.subject, quad.object)}
    assert not any(isinstance(term, ox.BlankNode) for term in nodes)


def test_every_value_field_and_node_has_its_place(read: Callable[..., Records]) -> None:
    places = read(DESIGN).places
    node = "https://w3id.org/lithiokg/id/design/zno-on-garnet/components/interlayer"
    contacts = "https://w3id.org/lithiokg/contacts"
    lithium = node.replace("interlayer", "lithium")
    assert str(places.of(node)) == "data/paper-1/0.yaml:6:7"
    assert str(places.of(node, contacts)) == "data/paper-1/0.yaml:9:9"
    assert str(places.of(node, contacts, lithium)) == "data/paper-1/0.yaml:9:19"
    assert places.of(node, "https://example.org/x") == places.of(node)
    assert places.of("https://example.org/x") is None


def test_normalized_holds_canonical_values_and_plain_claims(
    read: Callable[..., Records], triples: Callable[..., set[tuple[str, str, str]]]
) -> None:
    found = normalized(read(DESIGN))
    assert found.problems == []
    d = "design/zno-on-garnet"
    b = f"{d}/observations/before"
    assert triples(found.quads) == {
        (f"{b}/result", "value", "20"),
        (f"{b}/result", "unit", "unit/ohm-square-centimetre"),
        (f"{b}/conditions/current-density", "value", "0.75"),
        (f"{b}/conditions/current-density", "unit", "unit/milliampere-per-square-centimetre"),
        (f"{b}/conditions/rest-time", "value", "168"),
        (f"{b}/conditions/rest-time", "unit", "unit/hour"),
        (f"{d}/components/interlayer/thickness", "minimum", "5"),
        (f"{d}/components/interlayer/thickness", "maximum", "10"),
        (f"{d}/components/interlayer/thickness", "unit", "unit/nanometre"),
        (d, "formsWithLithium", "substance/Li-Zn"),
    }
    claims = {q.graph_name.value for q in found.quads if q.predicate.value.endswith("formsWithLithium")}
    values = {q.graph_name.value for q in found.quads if not q.predicate.value.endswith("formsWithLithium")}
    assert values == {"https://w3id.org/lithiokg/graph/normalized"}
    # What a source claims is stated by that source.
    assert claims == {"https://w3id.org/lithiokg/graph/asserted/paper-1"}


@pytest.mark.parametrize("change", ["polarity: negative", "modality: hedged", "modality: normative"])
def test_a_claim_that_is_not_plainly_stated_yields_no_triple(
    read: Callable[..., Records], change: str
) -> None:
    found = normalized(read(DESIGN + f"        {change}\n"))
    assert not any(quad.predicate.value.endswith("formsWithLithium") for quad in found.quads)


def test_a_figure_in_the_wrong_unit_is_a_problem_with_place_and_reading(read: Callable[..., Records]) -> None:
    records = read(DESIGN.replace(', read-as: "20 Ω cm2"', ""))
    [problem] = normalized(records).problems
    assert str(problem.place) == "data/paper-1/0.yaml:15:27"
    assert 'read-as: "20 Ω cm2"' in (problem.mend or "")


def test_provenance_names_file_line_and_column_of_each_node(
    read: Callable[..., Records], triples: Callable[..., set[tuple[str, str, str]]]
) -> None:
    records = read(DESIGN)
    found = triples(provenance(records))
    assert ("design/zno-on-garnet", "curatedAt", "data/paper-1/0.yaml:2:3") in found
    assert len(found) == len({quad.subject for quad in records.quads})


def test_columns_not_reported_by_a_row_are_those_of_its_table(
    read: Callable[..., Records], triples: Callable[..., set[tuple[str, str, str]]]
) -> None:
    records = read("table-rows: {t2-r1: {not-reported: [polarization, 3/efficiency]}}")
    assert records.problems == []
    found = triples(records.quads)
    assert ("row/paper-1/t2-r1", "reportsNothingIn", "column/paper-1/2/polarization") in found
    assert ("row/paper-1/t2-r1", "reportsNothingIn", "column/paper-1/3/efficiency") in found


def test_a_print_that_is_no_figure_is_kept_when_it_is_read_as_one(
    read: Callable[..., Records], triples: Callable[..., set[tuple[str, str, str]]]
) -> None:
    text = DESIGN.replace("rest-time: 7 days", 'cycles: {printed: after the first cycle, read-as: "1 cycle"}')
    records = read(text)
    assert records.problems == []
    node = "design/zno-on-garnet/observations/before/conditions/cycles"
    assert (node, "value", "1") in triples(normalized(records).quads)


CASES = [
    (
        "designs:\n  a: {label: x}\n  a: {label: y}\n",
        "2.yaml:3:3",
        "twice, first at data/paper-1/2.yaml:2:3",
        "",
    ),
    ("designs:\n  a:\n    lable: x\n", "3:5", "no field 'lable'", "label"),
    ("desings: {a: {label: x}}\n", "1:1", "no collection 'desings'", "designs"),
    ("designs: {a: {label: }}\n", "1:15", "'label' has no value", "leave the field out"),
    ("works: {a: {year: twenty}}\n", "1:19", "not a whole number", "write a whole number"),
    ("works: {a: {year: {x: 1}}}\n", "1:19", "plain text, not a mapping", ""),
    ("works: {a: {label: [[x]]}}\n", "1:21", "a list inside the list", ""),
    ("works: {a: {note: 1.5}}\n", "1:19", "gives the field no type", "quotes"),
    ("designs: {a: {thickness: 5 nn}}\n", "1:26", "unknown unit 'nn'", "nm"),
    ("designs: {a: {thickness: {printd: 5 nm}}}\n", "1:27", "no field 'printd'", "printed"),
    (
        "designs: {a: {conditions: {currant-density: 1 V}}}\n",
        "1:28",
        "no condition 'currant-density'",
        "current-density",
    ),
    ("observations: {a: {result: 1 V}}\n", "1:20", "without an observed property", "property"),
    ("observations: {a: {property: overpotental}}\n", "1:30", "'overpotental'", "overpotential"),
    ("designs: {a: &x {label: x}}\n", "1:14", "the anchor &x", "remove"),
    ("designs: {a: {label: *x}}\n", "1:22", "the alias *x", "write the value out"),
    ("designs: !!python/object:os.system {a: 1}\n", "1:10", "the tag", "remove"),
    ("designs:\n\ta: 1\n", "2:1", "a tab", "spaces"),
    ("designs: {a: [}\n", "1:15", "not YAML", "indentation"),
    ("designs: {a: {label: x}}\n---\nworks: {}\n", "2:1", "second document", "file of its own"),
    (b"designs:\n  \xe9: 1\n", "2:3", "0xe9 is not UTF-8", "UTF-8"),
    ("", "1:1", "holds no records", ""),
    ("- a\n", "1:1", "not a mapping of collections", ""),
    ("substances: {ZnO: {label: x}}\n", "1:14", "has no type", "type"),
    ("substances: {Zn O: {type: X}}\n", "1:14", "cannot be the key", "letters"),
    ("designs: {a: {components: {x: {type: X, constituents: Zn O}}}}\n", "1:55", "cannot be a key", ""),
    (
        "designs: {a: {components: {x: {type: X, constituents: 'foo:O'}}}}\n",
        "1:55",
        "prefix of 'foo:O'",
        "lkgi",
    ),
    ("designs: {a: {part: [{type: X}, {type: X}]}}\n", "1:22", "several records in a list", "key"),
    ("designs: {a: {evidence: {t: {column: x}}}}\n", "1:38", "table of column", "3/x"),
    ("designs: " + "[" * 5000 + "\n", "1:33", "levels", "flatten"),
    ("designs: {a: {label: \x07}}\n", "1:", "not YAML", "control"),
]


@pytest.mark.parametrize(("text", "place", "message", "mend"), CASES)
def test_a_problem_names_place_and_mend(
    read: Callable[..., Records], text: str | bytes, place: str, message: str, mend: str
) -> None:
    [problem, *_] = read("works: {w: {year: 1}}\n", "works: {v: {year: 1}}\n", text).problems
    assert message in problem.message
    assert place in str(problem.place)
    assert mend in (problem.mend or "")


def test_all_problems_of_all_files_are_reported_at_once(read: Callable[..., Records]) -> None:
    texts = [text for text, *_ in CASES]
    files = {problem.place.file for problem in read(*texts).problems if problem.place}
    assert len(files) == len(CASES)


def test_a_record_declared_in_two_files_is_reported_with_both_places(read: Callable[..., Records]) -> None:
    records = read("works: {a: {label: x}}\n", "works:\n  a: {label: y}\n")
    [problem] = records.problems
    assert "first at data/paper-1/0.yaml:1:9" in problem.message
    assert str(problem.place) == "data/paper-1/1.yaml:2:3"
    assert "y" not in {quad.object.value for quad in records.quads}


def test_a_record_declared_in_two_folders_is_reported(tmp_path: Path, context: Context) -> None:
    for name in ("p", "q"):
        (tmp_path / "data" / name).mkdir(parents=True)
        (tmp_path / "data" / name / "a.yaml").write_text("works: {a: {year: 1}}\n", encoding="utf-8")
    assert (
        "data/p/a.yaml:1:9"
        in read_data(sorted((tmp_path / "data").iterdir()), context, relative=str).problems[0].message
    )


def test_a_large_or_missing_or_misnamed_file_is_reported(tmp_path: Path, context: Context) -> None:
    big = tmp_path / "big.yaml"
    big.write_text("#" * (MAX_BYTES + 1), encoding="utf-8")
    assert "larger than 1024 KiB" in read_file(big, context).problems[0].message
    assert "cannot be read" in read_file(tmp_path / "none.yaml", context).problems[0].message


def test_a_misspelt_class_is_reported_where_the_terms_are_known(read: Callable[..., Records]) -> None:
    records = read("substances: {ZnO: {type: MetalOxid}}", terms={"https://w3id.org/lithiokg/MetalOxide"})
    [problem] = records.problems
    assert "MetalOxide" in (problem.mend or "")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=60), st.text("designs: {}[]-a\n\"'&*!#|>%@?,x", max_size=60).map(str.encode))
)
def test_arbitrary_content_never_raises_and_never_changes_the_file(
    tmp_path: Path, context: Context, content: bytes
) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    records = read_file(path, context)
    assert path.read_bytes() == content
    assert all(problem.place and problem.mend for problem in records.problems)


def test_the_json_ld_processor_reads_the_same_triples(
    read: Callable[..., Records], definition: dict[str, Any]
) -> None:
    text = """\
works:
  a:
    type: Work
    label: A work
    names: {en: [One, Two], de: Eins}
    formula: ZnO
    year: 2021
    share: "0.50"
    complete: true
    note: plain
    constituents: [ZnO, lkgi:substance/Si]
    relation: formsWithLithium
    part: {id: lkgi:part/x, type: [Layer, Sublayer], year: 7, part: {id: part/y, type: Layer}}
"""
    records = read(text)
    assert records.problems == []
    record = yaml.safe_load(text)["works"]["a"]
    plain = {key: value for key, value in definition.items() if key != "observations"}
    document = {"@context": plain, "@id": "https://w3id.org/lithiokg/id/work/a", **record}
    nquads = jsonld.to_rdf(json.loads(json.dumps(document)), {"format": "application/n-quads"})
    expected = {str(quad.triple) for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS)}
    individual = "http://www.w3.org/2002/07/owl#NamedIndividual"
    assert {str(q.triple) for q in records.quads if q.object.value != individual} == expected


def test_the_shipped_context_is_read() -> None:
    context = read_context(find_sources().ontology / "context.jsonld")
    assert context.terms["result"].iri == "https://w3id.org/lithiokg/hasResult"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not an object"),
        ('{"@context": {"@import": "x"}}', "@import is not read"),
        ('{"x": {"@id": "http://e/x", "@nest": "y"}}', "@nest in the definition of 'x'"),
        ('{"x": {"@id": "http://e/x", "@container": "@list"}}', "container @list"),
        ('{"x": "y"}', "is not an IRI"),
        ('{"x": {"@id": 5}}', "not a string"),
        ('{"x": {"@id": "http://e/x", "@container": 5}}', "neither a string nor a list"),
        ('{"x": {"@id": "http://e/x", "@context": {"@base": 1}}}', "is not a string"),
    ],
)
def test_a_context_that_cannot_be_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "context.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_context(path)
