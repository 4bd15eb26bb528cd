from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from lithiokg.build import Cache, SourceProblemsError, assemble, build_snapshot, current_snapshot, fingerprint
from lithiokg.errors import UsageError
from lithiokg.graph import KnowledgeGraph
from lithiokg.sources import Sources, find_sources
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

DESIGN = """
works:
  lab-2025:
    {type: JournalArticle, label: Our paper, title: Layers of ours, journal: A Journal, year: 2025}
references:
  "1": {label: our paper, reference-number: 1, document: lab-2025, refers-to: lab-2025, identification: work-seen}
sections:
  results: {label: Results, section-number: 1, document: lab-2025}
designs:
  our-layer:
    label: our oxide layer on garnet
    reported-in: ["1"]
    evidence: {text: {section: results, paragraph: 1, phrase: "our layer"}}
    components:
      lithium: {type: LithiumElectrode, label: lithium}
      electrolyte: {type: InorganicSolidElectrolyte, label: garnet, constituents: [LLZO]}
      layer: {type: InterfacialLayer, label: oxide layer, constituents: [ZnO], contacts: [lithium, electrolyte]}
"""
QUESTION = """\
#+ title: Our designs
#+ question: Which designs are ours?
#+ description: All designs.
#+ tags: [ours]
#+ expect:
#+   columns: [design]
PREFIX lkg: <https://w3id.org/lithiokg/>
SELECT ?design { ?design a lkg:Design } ORDER BY ?design
"""


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    folder = tmp_path / "our-lab"
    (folder / "queries" / "lab").mkdir(parents=True)
    (folder / "paper.yaml").write_text(DESIGN, encoding="utf-8")
    (folder / "queries" / "lab" / "our-designs.rq").write_text(QUESTION, encoding="utf-8")
    (folder / ".git").mkdir()
    (folder / ".git" / "config.yaml").write_text("not: [records", encoding="utf-8")
    return folder


def test_a_collection_is_read_beside_the_shipped_records_and_each_fact_says_where_it_stands(
    small: Sources, collection: Path, tmp_path: Path
) -> None:
    both = replace(small, collections=(collection,))
    snapshot = build_snapshot(both, cache=Cache(tmp_path / "cache"))
    with KnowledgeGraph(EmbeddedStore(snapshot.store), both, snapshot) as graph:
        shown = graph.show("our oxide layer on garnet")
        assert shown.curated_at == "our-lab/paper.yaml:10:3"
        assert "https://w3id.org/lithiokg/graph/asserted/our-lab" in graph.store.graphs()
        ours = graph.sparql(
            "SELECT ?g { GRAPH ?g { <https://w3id.org/lithiokg/id/design/our-layer> a lkg:Design } }"
        ).dicts()
        assert ours == [{"g": "https://w3id.org/lithiokg/graph/asserted/our-lab"}]
        assert ("oxide layer on garnet",) in graph.ask("our-designs").rows()
        assert "our-designs" in graph.questions()
        assert any(kind.inferred for kind in shown.kinds)


def test_a_folder_of_folders_is_one_source_each(small: Sources, collection: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    collection.rename(shelf / "our-lab")
    both = replace(small, collections=(shelf,))
    assert [path.name for path in both.data_folders] == ["paper-2024-1", "our-lab"]
    assert both.relative(shelf / "our-lab" / "paper.yaml") == "shelf/our-lab/paper.yaml"


def test_a_record_that_the_shipped_graph_has_already_is_refused_with_both_places(
    small: Sources, collection: Path
) -> None:
    (collection / "more.yaml").write_text("substances:\n  ZnO: {type: MetalOxide, label: ours}\n", "utf-8")
    with pytest.raises(SourceProblemsError) as caught:
        assemble(replace(small, collections=(collection,)))
    assert "our-lab/more.yaml:2:3" in str(caught.value)
    assert "data/paper-2024-1/substances.yaml" in str(caught.value)


def test_a_broken_collection_leaves_its_last_good_snapshot_and_that_of_the_shipped_records(
    small: Sources, filled: Cache, collection: Path
) -> None:
    both = replace(small, collections=(collection,))
    alone, together = fingerprint(small), fingerprint(both)
    build_snapshot(both, cache=filled)
    (collection / "paper.yaml").write_text(DESIGN + "  broken: [", encoding="utf-8")
    stale = current_snapshot(both, cache=filled)
    assert (stale.key, stale.stale_because is not None) == (together, True)
    assert current_snapshot(small, cache=filled).key == alone


def test_only_what_has_to_be_mended_is_told_when_a_build_fails(small: Sources, collection: Path) -> None:
    text = DESIGN.replace("LLZO", "LLZOO")
    (collection / "paper.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SourceProblemsError) as caught:
        assemble(replace(small, collections=(collection,)))
    assert "our-lab/paper.yaml:16:" in str(caught.value)
    assert "warning" not in str(caught.value)


def test_a_missing_collection_and_two_of_one_name_are_refused(collection: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no folder"):
        find_sources([tmp_path / "nowhere"])
    twin = tmp_path / "elsewhere" / "our-lab"
    twin.mkdir(parents=True)
    with pytest.raises(UsageError, match="two collections are called our-lab"):
        find_sources([collection, twin])
    assert find_sources([collection, str(collection)]).collections == (collection,)


def test_a_source_of_the_same_name_as_a_shipped_one_is_refused(small: Sources, tmp_path: Path) -> None:
    twin = tmp_path / "shelf" / "paper-2024-1"
    twin.mkdir(parents=True)
    (twin / "paper.yaml").write_text("substances: {}\n", encoding="utf-8")
    with pytest.raises(
        SourceProblemsError, match=r"source paper-2024-1 is read already, from data/paper-2024-1"
    ):
        assemble(replace(small, collections=(tmp_path / "shelf",)))


def test_the_environment_names_collections_as_it_names_programs(
    collection: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("LITHIOKG_WITH", os.pathsep.join([str(collection), str(other)]))
    assert find_sources().collections == (collection, other)


def test_every_verb_sees_the_collection(
    small: Sources, collection: Path, tmp_path: Path, lithio: Run
) -> None:
    cache = tmp_path / "cache"

    def run(*arguments: str) -> str:
        done = lithio("--with", str(collection), *arguments, sources=small, cache=cache)
        assert done.code == 0, done.everything
        return done.out

    assert "our oxide layer on garnet" in run("show", "our-layer")
    assert "our-designs" in run("questions", "list")
    assert "our oxide layer on garnet" in run("questions", "run", "our-designs")
    assert "our-layer" in run("export", "designs", "--format", "csv")
    assert "our-layer" not in lithio("export", "designs", "-f", "csv", sources=small, cache=cache).out
