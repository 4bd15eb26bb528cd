"""Loading a snapshot from N-Quads on disk, and adding to it."""

from __future__ import annotations

import shutil
from itertools import islice

import pyoxigraph as ox
import pytest

from lithiokg.build import SourceProblemsError, add_to_snapshot, load_snapshot, loaded_snapshot
from lithiokg.conformance.synthetic import Catalogue, synthetic_designs
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.graph import open_graph
from lithiokg.vocabulary import GRAPH, ID, LKG

DESIGN = ID + "design/zno-interlayer-on-garnet"
DESCRIPTION = GRAPH + "void"


def graph_of(quad):
    return quad.graph_name.value


def named(store):
    """The quads without blank nodes, whose names differ from build to build, and without the description."""
    return {
        quad
        for quad in store
        if not isinstance(quad.subject, ox.BlankNode)
        and not isinstance(quad.object, ox.BlankNode)
        and graph_of(quad) != DESCRIPTION
    }


def written(quads, path):
    ox.serialize(quads, str(path), format=ox.RdfFormat.N_QUADS)
    return path


def read(snapshot):
    return named(ox.Store.read_only(str(snapshot.store)))


@pytest.fixture(scope="module")
def stated(graph):
    left_out = ("inferred", "closures", "questions", "void", "mappings/", "ontology")
    return [
        quad
        for quad in graph.store.oxigraph
        if not graph_of(quad).startswith(tuple(GRAPH + name for name in left_out))
    ]


@pytest.fixture(scope="module")
def parts(graph, stated, tmp_path_factory):
    """Two files: what the shipped sources state, and three more designs of another source."""
    folder = tmp_path_factory.mktemp("parts")
    made = islice(synthetic_designs(Catalogue.of(graph.store.oxigraph)), 3)
    more = [quad for design in made for quad in design]
    return written(stated, folder / "shipped.nq"), written(more, folder / "more.nq")


@pytest.fixture(scope="module")
def loaded(parts, shipped, tmp_path_factory):
    """The folder of a snapshot of what the shipped sources state."""
    folder = tmp_path_factory.mktemp("loaded")
    load_snapshot(parts[:1], folder, sources=shipped, processes=1)
    return folder


@pytest.fixture
def copied(loaded, tmp_path):
    target = tmp_path / "copied"
    shutil.copytree(loaded, target, copy_function=shutil.copy2)
    return target


def test_what_is_loaded_makes_the_snapshot_that_a_build_makes(graph, loaded):
    assert read(loaded_snapshot(loaded)) == named(graph.store.oxigraph)


def test_what_is_added_later_makes_what_is_loaded_at_once(copied, parts, shipped, tmp_path):
    done = add_to_snapshot(parts[1:], copied, sources=shipped)
    assert not done.anew
    assert done.conclusions > 50
    at_once = load_snapshot(parts, tmp_path / "at-once", sources=shipped, processes=2)
    assert read(done.snapshot) == read(at_once.snapshot)


def test_saved_questions_are_answered_from_it(copied, parts, shipped):
    add_to_snapshot(parts[1:], copied, sources=shipped)
    with open_graph(shipped, snapshot=copied) as opened:
        rows = opened.ask("works-with-most-figures").table
        assert any("synthetic-1" in str(value) for row in rows for value in row)


def test_statements_that_are_there_already_change_nothing(copied, parts, shipped):
    before = read(loaded_snapshot(copied))
    done = add_to_snapshot(parts[:1], copied, sources=shipped)
    assert (done.statements, done.conclusions) == (0, 0)
    assert read(done.snapshot) == before


def test_conclusions_in_a_file_are_not_believed(loaded, parts, shipped, tmp_path):
    """A file that says what follows is heard on what is stated alone."""
    lie = ox.Quad(
        ox.NamedNode(ID + "substance/ZnO"),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ox.NamedNode(LKG + "LithiumAlloy"),
        ox.NamedNode(GRAPH + "inferred"),
    )
    done = add_to_snapshot([written([lie], tmp_path / "lie.nq")], loaded, sources=shipped)
    assert done.statements == 0
    assert lie not in read(done.snapshot)


def test_a_broken_rule_is_refused_with_its_place_and_what_was_there_stays(copied, shipped, tmp_path):
    graph = ox.NamedNode(GRAPH + "asserted/energymater-2021-21")
    broken = ox.Quad(
        ox.NamedNode(DESIGN + "/components/layer"),
        ox.NamedNode(LKG + "hasConstituent"),
        ox.NamedNode(ID + "substance/Unobtainium"),
        graph,
    )
    before = loaded_snapshot(copied)
    with pytest.raises(SourceProblemsError, match="refers only to things that exist"):
        add_to_snapshot([written([broken], tmp_path / "broken.nq")], copied, sources=shipped)
    assert loaded_snapshot(copied) == before


def test_facts_that_contradict_the_ontology_are_refused(copied, shipped, tmp_path):
    graph = ox.NamedNode(GRAPH + "asserted/other")
    both = ox.Quad(
        ox.NamedNode(ID + "substance/ZnO"),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ox.NamedNode(LKG + "Polymer"),
        graph,
    )
    with pytest.raises(LithioKGError, match=r"(?i)polymer"):
        add_to_snapshot([written([both], tmp_path / "both.nq")], copied, sources=shipped)


def test_a_file_that_does_not_read_is_told_with_its_line(shipped, tmp_path):
    path = tmp_path / "half.nq"
    path.write_text("<x:a> <x:b> <x:c> <x:g> .\n<x:a> <x:b\n", encoding="utf-8")
    with pytest.raises(LithioKGError, match=r"half\.nq:2"):
        load_snapshot([path], tmp_path / "into", sources=shipped)
    with pytest.raises(UsageError, match="no snapshot"):
        loaded_snapshot(tmp_path / "into")
    assert not list((tmp_path / "into").glob("building-*"))


@pytest.mark.parametrize(("name", "message"), [("absent.nq", "no file"), ("facts.ttl", "no named graphs")])
def test_a_file_of_another_kind_is_refused(name, message, shipped, tmp_path):
    with pytest.raises(UsageError, match=message):
        load_snapshot([tmp_path / name], tmp_path / "into", sources=shipped)


def test_another_ontology_is_not_added_to(copied, parts, small):
    path = small.ontology / "modules" / "quantities.ttl"
    text = path.read_text(encoding="utf-8")
    more = '\nlkg:someNewTerm a owl:DatatypeProperty ; skos:prefLabel "new"@en .\n'
    path.write_text(text + more, encoding="utf-8")
    with pytest.raises(LithioKGError, match=r"another version of the ontology|classif"):
        add_to_snapshot(parts[1:], copied, sources=small)


def test_the_new_snapshot_shares_the_files_of_the_old_one(copied, parts, shipped):
    done = add_to_snapshot(parts[1:], copied, sources=shipped)
    shared = [path for path in done.snapshot.store.glob("*.sst") if path.stat().st_nlink > 1]
    assert shared
    assert done.snapshot.damage is None


def test_the_command_line_loads_adds_and_asks(lithio, parts, tmp_path):
    into, exported = str(tmp_path / "into"), str(tmp_path / "exported.nq")
    lithio("export", "graph", "--stated", "--everything", "-f", "nquads", "-o", exported)
    assert "statements" in lithio("load", exported, "--into", into, "--answers", "0").out
    assert "added" in lithio("load", str(parts[1]), "--into", into, "--add").out
    shown = lithio("--snapshot", into, "show", "ZnO interlayer on garnet")
    assert shown.code == 0
    mixed = lithio("--with", str(tmp_path), "--snapshot", into, "questions", "run", "lithium-alloys")
    assert (mixed.code, "collections" in mixed.err) == (2, True)
    refused = lithio("--snapshot", str(tmp_path / "nowhere"), "questions", "run", "lithium-alloys")
    assert refused.code == 2
    assert "lithiokg load" in refused.err
