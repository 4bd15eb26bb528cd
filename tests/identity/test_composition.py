"""What a build computes of formulas, and what it refuses."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.curation import Places, compositions, read_context, read_file
from lithiokg.errors import Place
from lithiokg.sources import find_sources
from lithiokg.vocabulary import ID, LKG, PREFIXES

GRAPH = ox.NamedNode("x:g")


def quads_of(turtle: str) -> list[ox.Quad]:
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    parsed = ox.parse(head + turtle, format=ox.RdfFormat.TURTLE, base_iri=ID)
    return [ox.Quad(*quad.triple, GRAPH) for quad in parsed]


def said(found) -> set[tuple[str, str, str]]:
    return {
        (
            quad.subject.value.rpartition("/")[2],
            quad.predicate.value.removeprefix(LKG),
            quad.object.value.rpartition("/")[2],
        )
        for quad in found.quads
    }


def test_a_formula_gives_the_reduced_formula_and_the_elements_that_are_there() -> None:
    found = compositions(
        quads_of('<substance/ZnO> lkg:formula "ZnO" . <substance/Zn> lkg:formula "Zn" .'), Places()
    )
    assert said(found) == {
        ("ZnO", "reducedFormula", "OZn"),
        ("ZnO", "hasElement", "Zn"),
        ("Zn", "reducedFormula", "Zn"),
        ("Zn", "hasElement", "Zn"),
    }
    assert found.problems == []
    assert {quad.graph_name.value.rpartition("/")[2] for quad in found.quads} == {"normalized"}


def test_only_the_record_called_by_its_symbol_is_the_element() -> None:
    found = compositions(
        quads_of('<substance/graphite> lkg:formula "C" . <substance/C> lkg:formula "C" .'), Places()
    )
    assert ("graphite", "hasElement", "C") in said(found)
    assert not any(value == "graphite" for _, _, value in said(found))


def test_an_open_formula_gives_nothing() -> None:
    assert said(compositions(quads_of('<substance/x> lkg:formula "Li2Sx" .'), Places())) == set()


def test_a_formula_that_does_not_read_is_a_problem_at_its_place() -> None:
    places = Places()
    here = Place("data/a.yaml", 4, 5)
    places.triple(f"{ID}substance/x", LKG + "formula", "LiTFSI", key=here, place=here)
    (problem,) = compositions(quads_of('<substance/x> lkg:formula "LiTFSI" .'), places).problems
    assert problem.place == here
    assert "not a formula" in problem.message


def test_a_committed_reduced_formula_is_not_repeated() -> None:
    stated = '<substance/ZnO> lkg:formula "ZnO" ; lkg:reducedFormula "OZn" .'
    assert said(compositions(quads_of(stated), Places())) == set()


@pytest.mark.parametrize(
    "facts",
    [
        '<substance/x> lkg:formula "ZnO2" ; lkg:reducedFormula "OZn" .',
        '<substance/x> lkg:formula "Li2Sx" ; lkg:reducedFormula "OZn" .',
        '<substance/x> lkg:reducedFormula "OZn" .',
    ],
)
def test_a_reduced_formula_that_is_not_that_of_the_formula_is_a_problem(facts: str) -> None:
    (problem,) = compositions(quads_of(facts), Places()).problems
    assert "the reduced formula of lkgi:substance/x is given as OZn" in problem.message
    assert "tools/identity.py" in str(problem.mend)


@pytest.fixture(scope="module")
def context():
    return read_context(find_sources().ontology / "context.jsonld")


def test_identifiers_are_added_to_a_record_that_stands_elsewhere(tmp_path, context) -> None:
    path = tmp_path / "identifiers.yaml"
    path.write_text(
        "identifiers:\n  LiF:\n    inchikey: K\n    structure: {smiles: '[Li]F'}\n", encoding="utf-8"
    )
    records = read_file(path, context, file="identifiers.yaml")
    assert records.problems == []
    assert f"{ID}substance/LiF" not in records.declared
    assert f"{ID}substance/LiF/structure" in records.declared
    assert str(records.places.of(f"{ID}substance/LiF", LKG + "inChIKey", "K")) == "identifiers.yaml:3:15"
    types = {quad.object.value for quad in records.quads if quad.predicate.value.endswith("#type")}
    assert types == {LKG + "ChemicalStructure", PREFIXES["owl"] + "NamedIndividual"}


@pytest.mark.parametrize("field", ["claims: {a: {}}", "type: Metal", "formula: LiF", "nothing: 1"])
def test_nothing_else_can_be_added_to_a_record_that_stands_elsewhere(tmp_path, context, field: str) -> None:
    path = tmp_path / "identifiers.yaml"
    path.write_text(f"identifiers:\n  LiF:\n    {field}\n", encoding="utf-8")
    records = read_file(path, context, file="identifiers.yaml")
    (problem,) = records.problems
    assert "does not belong under 'identifiers'" in problem.message or "no value" in problem.message
    assert (problem.place.line, records.quads) == (3, [])


def test_an_entry_that_is_no_mapping_is_a_problem(tmp_path, context) -> None:
    path = tmp_path / "identifiers.yaml"
    path.write_text("identifiers:\n  LiF: LiF\n", encoding="utf-8")
    (problem,) = read_file(path, context, file="identifiers.yaml").problems
    assert "is not a mapping" in problem.message
