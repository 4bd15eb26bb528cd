"""How profiles are asked for and written."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lithiokg.cli.export import _PROFILES
from lithiokg.errors import UsageError
from lithiokg.export.profiles import PROFILES
from lithiokg.export.profiles.matches import Match, Matches, read_matches
from lithiokg.export.profiles.turtle import TurtleWriter
from lithiokg.linking import read_mapping_set

LKG = "https://w3id.org/lithiokg/"
TABLE = """# mapping_set_id: https://w3id.org/lithiokg/mappings/{target}
# mapping_set_title: some mappings
# mapping_set_version: "1"
# license: https://creativecommons.org/licenses/by/4.0/
# subject_source: https://w3id.org/lithiokg/
# object_source: https://example.org/
# object_source_version: "1"
# curie_map:
#   lkg: https://w3id.org/lithiokg/
#   lkgi: https://w3id.org/lithiokg/id/
#   ex: https://example.org/
#   semapv: https://w3id.org/semapv/vocab/
#   skos: http://www.w3.org/2004/02/skos/core#
#   sssom: https://w3id.org/sssom/
subject_id\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label\tmapping_justification
"""


def table(target, *rows):
    lines = ["\t".join([*row, "semapv:ManualMappingCuration"]) for row in rows]
    found, problems = read_mapping_set(
        TABLE.format(target=target) + "\n".join(lines) + "\n", target, "x.sssom.tsv"
    )
    assert problems == []
    return found


def labels(matches, *ours):
    return [match.label for match in matches.of(*ours)]


# --- Asking -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "written"),
    [
        (("emmo", "--format", "turtle"), "emmo_turtle"),
        (("nanopub",), "nanopub_trig"),
    ],
)
def test_the_command_line_writes_every_profile(lithio, request, arguments, written):
    assert lithio("export", "--profile", *arguments).out == request.getfixturevalue(written)


def test_the_command_line_and_the_package_offer_the_same():
    assert _PROFILES == PROFILES


def test_a_profile_is_written_to_a_file(lithio, tmp_path, schema_jsonld):
    outcome = lithio(
        "export", "--profile", "schema", "--format", "jsonld", "--output", str(tmp_path / "data.jsonld")
    )
    assert "wrote the profile schema to" in outcome.err
    assert (tmp_path / "data.jsonld").read_text(encoding="utf-8") == schema_jsonld


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (
            ("--profile", "nanopub", "--format", "turtle"),
            "nanopub cannot be written as turtle; it can as trig",
        ),
        (("--profile", "emmo", "--format", "csv"), "emmo cannot be written as csv; it can as jsonld, turtle"),
        (("observations", "--profile", "emmo"), "--profile is for the graph, not for the observations"),
        (("--profile", "emmo", "--stated"), "are for the graph in our own words, not a profile"),
        (("--profile", "dublin-core"), "'dublin-core' is not one of 'emmo', 'nanopub', 'schema'"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_would(lithio, arguments, complaint):
    outcome = lithio("export", *arguments)
    assert outcome.code == 2
    assert complaint in " ".join(outcome.err.split())


def test_python_is_told_the_same(graph):
    with pytest.raises(UsageError, match="no profile 'dublin-core'"):
        graph.profile("dublin-core")
    with pytest.raises(UsageError, match="cannot be written as turtle"):
        graph.profile("nanopub", "turtle")


# --- Writing ----------------------------------------------------------------------------------------

DIGESTS = """
import hashlib, lithiokg
with lithiokg.open() as graph:
    for name in ("emmo", "nanopub", "schema"):
        print(hashlib.sha256(graph.profile(name).encode()).hexdigest())
"""


def test_equal_graphs_give_equal_text(environment, emmo_jsonld, nanopub_trig, schema_jsonld):
    """Another process, which hashes otherwise and so visits sets in another order, writes the same bytes."""
    done = subprocess.run(
        [sys.executable, "-c", DIGESTS], env={**environment, "PYTHONHASHSEED": "4711"},
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    texts = (emmo_jsonld, nanopub_trig, schema_jsonld)
    assert done.stdout.split() == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


SEGMENT = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "Pc", "Pd"), include_characters=".,:;!'()*&=+$@~"),
    min_size=1,
)
IRIS = st.builds(
    lambda base, steps: ox.NamedNode(base + "/".join(steps)),
    st.sampled_from([LKG, LKG + "id/", "https://example.org/", "https://w3id.org/emmo#"]),
    st.lists(SEGMENT.filter(lambda text: text.strip(".") != ""), min_size=1, max_size=3),
)
LITERALS = st.one_of(
    st.builds(ox.Literal, st.text(st.characters(codec="utf-8"))),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text(st.characters(codec="utf-8"))),
    st.builds(
        lambda number: ox.Literal(
            f"{number:f}", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
        ),
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1000, max_value=1000),
    ),
)


@given(st.lists(st.builds(ox.Triple, IRIS, IRIS, st.one_of(IRIS, LITERALS)), max_size=8))
def test_what_the_writer_writes_is_what_a_parser_reads(triples):
    prefixes = {"lkg": LKG, "emmo": "https://w3id.org/emmo#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
    writer = TurtleWriter(LKG + "id/", prefixes)
    text = writer.head() + writer.block(triples) + writer.graph(LKG + "g", triples)
    read = list(ox.parse(text.encode("utf-8"), format=ox.RdfFormat.TRIG))
    assert {quad.triple for quad in read} == set(triples)
    assert {quad.triple for quad in read if quad.graph_name == ox.NamedNode(LKG + "g")} == set(triples)


# --- Matching ---------------------------------------------------------------------------------------


def test_only_exact_and_broad_matches_give_a_type():
    rows = [
        ("lkg:A", "skos:broadMatch", "", "ex:Broad", "Broad"),
        ("lkg:B", "skos:closeMatch", "", "ex:Close", "Close"),
        ("lkg:C", "skos:narrowMatch", "", "ex:Narrow", "Narrow"),
        ("lkg:D", "skos:relatedMatch", "", "ex:Related", "Related"),
        ("lkg:E", "skos:exactMatch", "Not", "ex:Friend", "Friend"),
        ("lkg:F", "skos:exactMatch", "", "sssom:NoTermFound", ""),
    ]
    matches = Matches([table("emmo", *rows)])
    assert labels(matches, *(LKG + name for name in "ABCDEF")) == ["Broad"]


def test_beside_an_exact_match_a_broad_one_of_the_same_table_adds_nothing():
    emmo = table(
        "emmo",
        ("lkg:A", "skos:exactMatch", "", "ex:Same", "Same"),
        ("lkg:A", "skos:broadMatch", "", "ex:Above", "Above"),
    )
    battery = table("battery", ("lkg:A", "skos:broadMatch", "", "ex:Wide", "Wide"))
    assert labels(Matches([battery, emmo]), LKG + "A") == ["Same", "Wide"]


def test_tables_of_others_are_passed_over():
    assert Matches([table("qudt", ("lkg:A", "skos:exactMatch", "", "ex:Same", "Same"))]).of(LKG + "A") == []


def test_a_bridge_gives_types_of_classes_and_of_figures():
    bridge = """
    @prefix lkg: <https://w3id.org/lithiokg/> . @prefix ex: <https://example.org/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
    lkg:A rdfs:subClassOf ex:Above , lkg:B . lkg:p rdfs:subPropertyOf ex:q .
    [] owl:onProperty lkg:quantityKind ; owl:hasValue <https://w3id.org/lithiokg/id/property/x> ; rdfs:subClassOf ex:Figure .
    [] owl:intersectionOf () ; rdfs:subClassOf ex:Never .
    """
    labelled = '<https://example.org/Above> <http://www.w3.org/2004/02/skos/core#prefLabel> "Above"@en .'
    parts = (list(ox.parse(text, format=ox.RdfFormat.TURTLE)) for text in (bridge, labelled))
    matches = Matches([], *([quad.triple for quad in part] for part in parts))
    assert matches.of(LKG + "A") == [Match("Above", "https://example.org/Above")]
    assert [match.iri for match in matches.of(LKG + "p", LKG + "id/property/x")] == [
        "https://example.org/Figure",
        "https://example.org/q",
    ]


def test_an_ontology_without_mappings_and_bridges_gives_no_type(tmp_path):
    assert read_matches(tmp_path).of(LKG + "Electrolyte") == []
