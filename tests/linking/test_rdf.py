"""Mappings as RDF: as SSSOM's own tools write them, and in the graph."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.build import assemble
from lithiokg.linking import link_triples, mapping_quads
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.linking import MappingSet
    from lithiokg.sources import Sources

LKG = "https://w3id.org/lithiokg/"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SSSOM = "https://w3id.org/sssom/"

#: Run by the Python of the environment with other people's tools. Prints complaints about any table, and of some
#: tables what sssom writes: the rows without their names, and the set.
SSSOM_SAYS = """
import json, logging, sys
from collections import defaultdict
from rdflib import BNode
from sssom.parsers import parse_sssom_table
from sssom.validators import validate
from sssom.writers import to_rdf_graph

complaints = []

class Heard(logging.Handler):
    def emit(self, record):
        if record.levelno >= logging.WARNING:
            complaints.append([path, record.getMessage()])

logging.getLogger().addHandler(Heard())

def said(node):
    value = node.toPython()
    return str(float(value)) if isinstance(value, float) else str(node)

written = {}
chosen, *paths = sys.argv[1:]
for path in paths:
    table = parse_sssom_table(path)
    for report in validate(table, fail_on_error=False).values():
        complaints.extend([path, result.message] for result in report.results)
    target = path.replace("\\\\", "/").rpartition("/")[2].partition(".")[0]
    if target not in chosen.split():
        continue
    rows, about = defaultdict(list), []
    for s, p, o in to_rdf_graph(table):
        if isinstance(s, BNode):
            rows[s].append([str(p), said(o)])
        elif not isinstance(o, BNode):
            about.append([str(s), str(p), said(o)])
    written[target] = [sorted(map(sorted, rows.values())), sorted(about)]
print(json.dumps([complaints, written]))
"""
COMPARED = ("electrochemistry", "sosa", "wikidata", "qudt")


@pytest.fixture(scope="module")
def sssom_says(
    shipped: Sources, tmp_path_factory: pytest.TempPathFactory, interop_python: str
) -> tuple[list[list[str]], dict[str, Any]]:
    """What sssom complains of in the shipped tables and one broken one, and how it writes some of them."""
    sosa = shipped.ontology / "mappings" / "sosa.sssom.tsv"
    broken = tmp_path_factory.mktemp("broken") / "broken.sssom.tsv"
    text = sosa.read_text(encoding="utf-8")
    broken.write_text(text.replace("\t0.85\t", "\t7.85\t", 1), encoding="utf-8")
    done = subprocess.run(
        [
            *(interop_python, "-c", SSSOM_SAYS, " ".join(COMPARED)),
            *map(str, [*sorted(sosa.parent.glob("*.sssom.tsv")), broken]),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    complaints, written = json.loads(done.stdout)
    return complaints, written


def test_the_shipped_tables_are_valid_for_the_validator_of_sssom(sssom_says: Any) -> None:
    complaints, _ = sssom_says
    assert any("broken" in path and "7.85" in said for path, said in complaints)  # it does complain
    assert [each for each in complaints if "broken" not in each[0]] == []


@pytest.mark.parametrize("target", COMPARED)
def test_the_rdf_is_that_of_sssom_itself_but_for_the_names_of_rows_and_the_links(
    target: str, tables: list[MappingSet], sssom_says: Any
) -> None:
    (each,) = (each for each in tables if each.target == target)
    rows, about = _told(each)
    theirs, about_theirs = sssom_says[1][target]
    assert rows == [[tuple(pair) for pair in row] for row in theirs]
    assert about == [tuple(triple) for triple in about_theirs]


def _told(each: MappingSet) -> tuple[list[list[tuple[str, str]]], list[tuple[str, str, str]]]:
    """What our RDF says of rows and set, without the names of rows and without the links."""
    names = {row.iri for row in each.mappings}
    links = set(link_triples(each))
    rows: dict[str, list[tuple[str, str]]] = {}
    about: list[tuple[str, str, str]] = []
    for quad in mapping_quads(each):
        value = getattr(quad.object, "value", "")
        if isinstance(quad.object, ox.Literal) and quad.object.datatype.value.endswith("#double"):
            value = str(float(value))
        if quad.subject.value in names:
            rows.setdefault(quad.subject.value, []).append((quad.predicate.value, value))
        elif value not in names and quad.triple not in links:
            about.append((quad.subject.value, quad.predicate.value, value))
    return sorted(map(sorted, rows.values())), sorted(about)


def test_only_what_is_affirmed_becomes_a_link(table: Any) -> None:
    table.row(obj="o:Body").row("lkg:Coating", modifier="Not").row("lkg:Separator", obj="sssom:NoTermFound")
    found = table.good()
    (link,) = link_triples(found)
    assert (link.subject.value, link.predicate.value) == (LKG + "Host", SKOS + "closeMatch")
    triples = {quad.triple for quad in mapping_quads(found)}
    matches = [triple for triple in triples if triple.predicate.value.startswith(SKOS)]
    assert matches == [link]
    kinds = [triple for triple in triples if triple.object == ox.NamedNode(OWL + "Axiom")]
    assert len(kinds) == 3
    modifiers = [t.object.value for t in triples if t.predicate.value == SSSOM + "predicate_modifier"]
    assert modifiers == [SSSOM + "NegatedPredicate"]


def test_no_node_is_blank_and_all_stand_in_the_graph_of_the_target(tables: list[MappingSet]) -> None:
    for each in tables:
        quads = list(mapping_quads(each))
        assert {quad.graph_name.value for quad in quads} == {f"{LKG}graph/mappings/{each.target}"}
        assert not any(isinstance(term, ox.BlankNode) for q in quads for term in (q.subject, q.object))


# In the graph


def test_a_snapshot_holds_every_table_in_a_graph_of_its_own(
    graph: KnowledgeGraph, tables: list[MappingSet]
) -> None:
    sizes = graph.store.graphs()
    for each in tables:
        assert sizes[each.graph] == len(set(mapping_quads(each)))


def test_a_question_finds_the_counterparts_of_a_term_with_their_confidence(graph: KnowledgeGraph) -> None:
    answer = graph.sparql(
        """SELECT ?target ?label ?confidence ?version {
             ?row owl:annotatedSource lkg:LiquidElectrolyte ; owl:annotatedProperty ?relation ;
                  owl:annotatedTarget ?theirs ; sssom:object_label ?label ; sssom:confidence ?confidence .
             lkg:LiquidElectrolyte ?relation ?theirs .
             ?row sssom:object_source ?target ; sssom:object_source_version ?version
           }"""
    )
    assert isinstance(answer, Table)
    found = {(row["target"].rpartition("/")[2], row["label"]) for row in answer.dicts()}
    assert ("electrochemistry", "LiquidElectrolyte") in found
    assert all(row["version"] for row in answer.dicts())
    assert all(0 <= row["confidence"] <= 1 for row in answer.dicts())


def test_a_term_is_shown_with_its_counterparts(graph: KnowledgeGraph) -> None:
    facts = {(fact.relation, fact.value) for fact in graph.show("lkg:Separator").facts}
    assert any(str(value).endswith("[electrochemistry]") for _, value in facts), facts


def test_nothing_is_derived_from_mappings_and_no_rule_reads_them(
    small: Sources, edit: Callable[[str, str, str], int]
) -> None:
    with_them = assemble(small)
    for path in (small.ontology / "mappings").glob("*.tsv"):
        path.unlink()
    without = assemble(small)
    assert not without.mappings
    rest = {quad for quad in with_them.quads if "/graph/mappings/" not in quad.graph_name.value}
    assert {_named(quad) for quad in rest} == {_named(quad) for quad in without.quads}
    assert with_them.report.as_dicts() == without.report.as_dicts()


def _named(quad: ox.Quad) -> tuple[str, ...]:
    """A quad without the names of its blank nodes."""
    terms = (quad.subject, quad.predicate, quad.object, quad.graph_name)
    return tuple("_" if isinstance(term, ox.BlankNode) else str(term) for term in terms)


def test_a_table_with_a_mistake_ends_a_build_with_its_place(
    small: Sources, edit: Callable[[str, str, str], int], lithio: Any
) -> None:
    line = edit(
        "ontology/mappings/sosa.sssom.tsv",
        "lkg:ComputationalMethod\tcomputational method\tskos:broadMatch",
        "lkg:ComputationalMethod\tcomputational method\tskos:broadMtch",
    )
    said = lithio("check", sources=small)
    assert said.code == 1
    assert f"ontology/mappings/sosa.sssom.tsv:{line}:" in said.out
    assert "skos:broadMtch is no relation that a mapping states" in said.out


@pytest.mark.parametrize("folder", ["ontology/mappings"])
def test_an_edited_table_makes_a_new_snapshot(small: Sources, folder: str) -> None:
    from lithiokg.build import fingerprint  # noqa: PLC0415

    before = fingerprint(small)
    path = small.root / folder / "sosa.sssom.tsv"
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert fingerprint(small) != before
