"""Do mappings and ontology fit: known terms, their labels, and every term covered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.errors import Place
from lithiokg.linking import check_mappings, strange_to_data, terms_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.linking import MappingSet, Terms
    from lithiokg.sources import Sources

OWN = """
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
lkg:Host a owl:Class ; skos:prefLabel "host"@en .
lkg:Coating a owl:Class ; skos:prefLabel "coating"@en .
lkg:contacts a owl:ObjectProperty ; skos:prefLabel "contacts"@en .
lkg:formula a owl:DatatypeProperty ; skos:prefLabel "formula"@en .
<https://w3id.org/lithiokg/id/unit/ohm> a owl:NamedIndividual, lkg:Unit .
skos:prefLabel a owl:AnnotationProperty .
"""


@pytest.fixture
def terms() -> Terms:
    return terms_of(ox.parse(OWN, format=ox.RdfFormat.TURTLE))


@pytest.fixture
def covered(table: Any) -> Any:
    """A table that speaks of every term but one."""
    return table.row("lkg:Host").row("lkg:Coating").row("lkg:contacts").row("lkgi:unit/ohm")


def test_a_term_without_a_row_is_named_with_its_kind_and_label(covered: Any, terms: Terms) -> None:
    (problem,) = check_mappings([covered.good()], terms)
    assert problem.message == "the data property lkg:formula (formula) is mapped to nothing"
    assert "sssom:NoTermFound" in str(problem.mend)


@pytest.mark.parametrize("row", [{"modifier": "Not"}, {"obj": "sssom:NoTermFound"}, {}])
def test_a_row_of_any_kind_covers_a_term(covered: Any, terms: Terms, row: dict[str, str]) -> None:
    assert check_mappings([covered.row("lkg:formula", **row).good()], terms) == []


def test_terms_of_other_vocabularies_need_no_row(covered: Any, terms: Terms) -> None:
    found = check_mappings([covered.row("lkg:formula").good()], terms)
    assert not any("skos" in problem.message for problem in found)


def test_a_row_about_no_term_of_ours_is_told_with_a_guess(covered: Any, terms: Terms) -> None:
    covered.row("lkg:formula").row("lkg:Coatng", label="coating")
    (problem,) = check_mappings([covered.good()], terms)
    assert problem.message == "lkg:Coatng is no term of ontology or data"
    assert problem.mend == "did you mean lkg:Coating?"
    assert problem.place == Place("other.sssom.tsv", 17, 1)


def test_a_thing_that_the_data_do_not_hold_is_no_mistake_but_is_told(covered: Any, terms: Terms) -> None:
    mapped = [covered.row("lkg:formula").row("lkgi:unit/ohms").good()]
    assert check_mappings(mapped, terms) == []
    (problem,) = strange_to_data(mapped, terms)
    assert problem.mend == "did you mean lkgi:unit/ohm?"


def test_a_label_that_a_term_does_not_have_any_more_is_told(covered: Any, terms: Terms) -> None:
    covered.row("lkg:formula", label="chemical formula")
    (problem,) = check_mappings([covered.good()], terms)
    assert problem.message == "lkg:formula is called 'formula', not 'chemical formula'"
    assert problem.place == Place("other.sssom.tsv", 16, len("lkg:formula\t") + 1)


def test_an_ontology_without_any_mapping_is_not_asked_for_them(terms: Terms) -> None:
    assert check_mappings([], terms) == []


# The shipped tables


def test_every_class_and_property_of_ours_is_mapped_or_said_to_have_no_counterpart(
    graph: KnowledgeGraph, tables: list[MappingSet]
) -> None:
    terms = terms_of(graph.store.quads())  # type: ignore[attr-defined]  # the store of a snapshot
    assert len(terms.covered) > 480
    assert "\n".join(map(str, check_mappings(tables, terms))) == ""


def test_every_mapped_thing_is_in_the_shipped_data(graph: KnowledgeGraph, tables: list[MappingSet]) -> None:
    terms = terms_of(graph.store.quads())  # type: ignore[attr-defined]
    assert "\n".join(map(str, strange_to_data(tables, terms))) == ""


def test_check_finds_an_uncovered_term_in_a_graph_that_builds(
    small: Sources, edit: Callable[[str, str, str], int], lithio: Any
) -> None:
    for path in (small.ontology / "mappings").glob("*.tsv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = (line for line in lines if not line.startswith("lkg:hasFiller\t"))
        path.write_text("".join(kept), encoding="utf-8")
    said = lithio("check", sources=small)
    assert said.code == 1
    assert "No findings" in said.out  # of the shapes: it was built and validated
    assert "the object property lkg:hasFiller (has filler) is mapped to nothing" in said.out
    assert "about things that the data do not hold" in said.out  # the small data have few substances
