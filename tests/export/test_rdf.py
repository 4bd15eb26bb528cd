"""RDF out and in again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.build import build_snapshot
from lithiokg.export import serialize
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.build import Cache
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources

DATASETS = {"trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
GRAPHS = {"turtle": "turtle", "ntriples": "nt", "rdfxml": "xml"}
HOUSEKEEPING = {f"https://w3id.org/lithiokg/graph/{name}" for name in ("provenance", "questions", "void")}


@pytest.fixture
def export(small: Sources, filled: Cache, lithio: Any, tmp_path: Path) -> Callable[[str], tuple[Path, str]]:
    """Export the small graph: the file, and what was said."""

    def write(format_: str) -> tuple[Path, str]:
        target = tmp_path / "graph"
        said = lithio("export", "graph", "-f", format_, "-o", str(target), sources=small, cache=filled.root)
        assert said.code == 0
        return target, said.err

    return write


@pytest.fixture
def quads(small: Sources, filled: Cache) -> set[Any]:
    """What an export of the small graph must hold."""
    with EmbeddedStore(build_snapshot(small, cache=filled).store) as store:
        return {quad for quad in store.quads() if getattr(quad.graph_name, "value", "") not in HOUSEKEEPING}


@pytest.mark.parametrize("format_", DATASETS)
def test_a_syntax_with_named_graphs_keeps_every_quad(
    format_: str, export: Callable[[str], tuple[Path, str]], quads: set[Any]
) -> None:
    target, said = export(format_)
    dataset = rdflib.Dataset()
    dataset.parse(target, format=DATASETS[format_])
    sizes = {str(each.identifier): len(each) for each in dataset.graphs() if len(each)}
    assert sizes == Counter(quad.graph_name.value for quad in quads)
    assert f"wrote {len(quads)} statements" in said.replace(",", "")


@pytest.mark.parametrize("format_", GRAPHS)
def test_a_syntax_without_named_graphs_holds_their_union(
    format_: str, export: Callable[[str], tuple[Path, str]], quads: set[Any]
) -> None:
    parsed = rdflib.Graph().parse(export(format_)[0], format=GRAPHS[format_])
    kept = (quad for quad in quads if "/graph/mappings/" not in quad.graph_name.value)
    assert len(parsed) == len({quad.triple for quad in kept})


@pytest.mark.parametrize("format_", [*DATASETS, *GRAPHS])
def test_two_runs_give_equal_bytes(format_: str, quads: set[Any]) -> None:
    some = sorted(quads, key=str)
    assert serialize(some, format_) == serialize(reversed(some), format_)


def test_turtle_is_the_default_and_has_prefixes(lithio: Any) -> None:
    said = lithio("export")
    assert "@prefix lkgi: <https://w3id.org/lithiokg/id/> ." in said.out[:1500]
    assert "\nlkg:Interlayer " in said.out
    assert said.err == ""


def test_stated_only_leaves_out_what_was_inferred(lithio: Any) -> None:
    said = lithio("export", "-f", "nquads", "--stated").out
    assert "graph/asserted/catalogue>" in said
    assert "graph/inferred>" not in said
    assert "graph/closures>" not in said


def test_everything_adds_places_and_questions(lithio: Any, graph: KnowledgeGraph) -> None:
    said = lithio("export", "-f", "nquads", "--everything").out
    assert len(said.splitlines()) == sum(graph.store.graphs().values())
    assert "graph/provenance>" in said
    assert "graph/questions>" in said


def test_the_mappings_are_an_export_of_their_own(lithio: Any, graph: KnowledgeGraph) -> None:
    said = lithio("export", "mappings", "-f", "nquads").out
    sizes = {name: size for name, size in graph.store.graphs().items() if "/graph/mappings/" in name}
    assert len(said.splitlines()) == sum(sizes.values())
    assert sizes
    assert all("/graph/mappings/" in line.split()[-2] for line in said.splitlines())


def test_blank_nodes_are_named_after_their_content() -> None:
    text = "@prefix : <https://example.org/> . :a :b [ :c [ :d 1 ] ], [ :c 2 ] ."
    one = list(ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    two = list(ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True))
    assert serialize(one, "ntriples") == serialize(reversed(two), "ntriples")


def test_nquads_are_sorted_graph_by_graph_and_hold_the_same_as_the_other_syntaxes(
    lithio: Any, graph: KnowledgeGraph, tmp_path: Path
) -> None:
    file = tmp_path / "all.nq"
    said = lithio("export", "--everything", "-f", "nquads", "-o", str(file))
    lines = file.read_bytes().splitlines(keepends=True)
    assert said.err == f"wrote {len(lines)} statements to {file}\n"
    assert lines == sorted(lines, key=lambda line: (line.split()[-2], line))
    whole = ox.Dataset(ox.parse(path=str(file)))
    right = ox.Dataset(graph.store.quads())
    for dataset in (whole, right):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    assert whole == right


def test_a_failing_export_of_nquads_leaves_what_was_there(
    lithio: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_: object, **__: object) -> Any:
        yield "<x:a> <x:b> <x:c> <x:g> .\n"
        raise OSError(28, "No space left on device")

    file = tmp_path / "all.nq"
    file.write_text("as it was")
    monkeypatch.setattr("lithiokg.export.nquads_lines", broken)
    said = lithio("export", "-f", "nquads", "-o", str(file))
    assert (said.code, "No space left" in said.err) == (3, True)
    assert [path.name for path in tmp_path.iterdir()] == ["all.nq"]
    assert file.read_text() == "as it was"
