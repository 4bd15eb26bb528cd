from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import lithiokg
from lithiokg.build import Cache, SourceProblemsError, build_snapshot, current_snapshot, fingerprint
from lithiokg.build.cache import KEPT_SNAPSHOTS
from lithiokg.errors import LithioKGError
from lithiokg.graph import open_graph
from lithiokg.reasoning import classified, hermit_available
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore, Table

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph

STAGES = (
    *("reading ontology", "reading data", "reading mappings", "reading questions"),
    *("validating", "deriving", "writing"),
)
FIGURES = "SELECT ?printed { ?o lkg:hasResult/lkg:printed ?printed } ORDER BY ?printed"

BUILD = """
import os, signal, sys
from pathlib import Path
from lithiokg.build import Cache, build_snapshot
from lithiokg.sources import Sources
import lithiokg.store

def stage(name):
    if name == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

def write_store(path, quads, write=lithiokg.store.write_store):
    write(path, quads)
    stage("store written")

lithiokg.store.write_store = write_store

print(build_snapshot(Sources(Path(sys.argv[1])), cache=Cache(Path(sys.argv[2])), stage=stage).path)
"""


def builder(sources: Sources, cache: Path, die_at: str = "") -> subprocess.Popen[str]:
    path = str(Path(lithiokg.__file__).parent.parent)
    return subprocess.Popen(
        [sys.executable, "-c", BUILD, str(sources.root), str(cache), die_at],
        env={**os.environ, "PYTHONPATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def figures(snapshot_store: Path) -> list[object]:
    with EmbeddedStore(snapshot_store) as store:
        table = store.query(f"PREFIX lkg: <https://w3id.org/lithiokg/> {FIGURES}")
        assert isinstance(table, Table)
        return table.column("printed")


def folders(cache: Cache) -> set[str]:
    return {path.name for path in cache.snapshots.iterdir()}


def scratch(cache: Cache) -> list[Path]:
    return list(cache.root.glob("building-*"))


@pytest.fixture
def own(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def test_equal_sources_in_two_folders_have_one_fingerprint(small: Sources, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(small.root, copy)
    assert fingerprint(type(small)(copy)) == fingerprint(small)


def test_a_touched_file_does_not_change_the_fingerprint(small: Sources) -> None:
    before = fingerprint(small)
    os.utime(small.data / "paper-2024-1" / "design.yaml", (1, 1))
    assert fingerprint(small) == before


@pytest.mark.parametrize(
    "file",
    [
        "ontology/modules/substances.ttl",
        "ontology/shapes/claim.ttl",
        "ontology/context.jsonld",
        "data/paper-2024-1/design.yaml",
        "queries/chemistry/lithium-alloys.rq",
    ],
)
def test_a_changed_file_changes_the_fingerprint(small: Sources, file: str) -> None:
    before = fingerprint(small)
    with (small.root / file).open("a", encoding="utf-8") as out:
        out.write("\n")
    assert fingerprint(small) != before


def test_a_renamed_file_changes_the_fingerprint(small: Sources) -> None:
    before = fingerprint(small)
    folder = small.data / "paper-2024-1"
    (folder / "design.yaml").rename(folder / "designs.yaml")
    assert fingerprint(small) != before


def test_a_source_that_cannot_be_read_is_named(small: Sources) -> None:
    (small.data / "paper-2024-1" / "gone.yaml").symlink_to("nowhere.yaml")
    with pytest.raises(LithioKGError, match=r"data/paper-2024-1/gone\.yaml cannot be read: No such file"):
        fingerprint(small)


def test_a_second_build_of_equal_sources_builds_nothing(small: Sources, own: Cache) -> None:
    told: list[str] = []
    first = build_snapshot(small, cache=own, stage=told.append)
    assert list(dict.fromkeys(told)) == list(STAGES)
    again = build_snapshot(small, cache=own, stage=told.append)
    assert (first.fresh, again.fresh) == (True, False)
    assert again.path == first.path
    assert list(dict.fromkeys(told)) == list(STAGES)
    assert not scratch(own)


def test_a_snapshot_says_what_it_is(graph: KnowledgeGraph) -> None:
    assert graph.snapshot is not None
    content = graph.snapshot.description
    assert content["snapshot"] == graph.snapshot.key
    assert content["lithiokg"] == lithiokg.__version__
    time.strptime(str(content["built"]), "%Y-%m-%dT%H:%M:%SZ")
    seconds, counted = content["seconds"], content["graphs"]
    assert isinstance(seconds, dict)
    assert isinstance(counted, dict)
    assert tuple(seconds) == STAGES
    assert counted == graph.store.graphs()
    assert {name.rpartition("/graph/")[2] for name in counted} >= {
        *("ontology", "asserted/catalogue", "asserted/energymater-2021-21", "normalized"),
        *("closures", "inferred", "provenance", "questions"),
    }


def test_a_snapshot_tells_where_each_term_is_declared(graph: KnowledgeGraph) -> None:
    found = graph.sparql(
        """SELECT ?term ?place { GRAPH lkgg:ontology { ?term rdfs:isDefinedBy ?ontology }
        OPTIONAL { GRAPH lkgg:provenance { ?term lkg:curatedAt ?place } } }"""
    )
    assert isinstance(found, Table)
    places = {str(row["term"]): row["place"] for row in found.dicts()}
    assert len(places) > 900
    assert [term for term, place in places.items() if place is None] == []


def test_a_snapshot_holds_no_blank_node_outside_ontology_and_closures(graph: KnowledgeGraph) -> None:
    found = graph.sparql(
        "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } FILTER(ISBLANK(?s) || ISBLANK(?o)) } ORDER BY ?g"
    )
    assert isinstance(found, Table)
    assert {str(name).rpartition("/")[2] for name in found.column("g")} <= {"ontology", "closures"}


def test_a_forced_build_takes_the_place_of_an_equal_snapshot(small: Sources, filled: Cache) -> None:
    first = build_snapshot(small, cache=filled)
    again = build_snapshot(small, cache=filled, force=True)
    assert again.fresh
    assert again.key == first.key
    assert again.path != first.path
    assert filled.path(first.key) == again.path
    assert current_snapshot(small, cache=filled).path == again.path
    assert figures(first.store) == figures(again.store)


def test_two_builds_at_once_both_succeed_and_one_snapshot_stays(small: Sources, own: Cache) -> None:
    both = [builder(small, own.root) for _ in range(2)]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert {out.strip() for out, _ in said} == {str(own.path(fingerprint(small)))}
    assert folders(own) == {fingerprint(small)}
    assert figures(own.path(fingerprint(small)) / "store") == ["20 Ω cm2", "99.2%"]
    assert not scratch(own)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
@pytest.mark.parametrize("stage", STAGES)
def test_a_build_killed_half_way_leaves_the_earlier_snapshot_in_use(
    small: Sources, filled: Cache, stage: str, edit: Callable[[str, str, str], int]
) -> None:
    before = build_snapshot(small, cache=filled)
    content = {path: path.read_bytes() for path in before.path.rglob("*") if path.is_file()}
    edit("data/paper-2024-1/design.yaml", "20 Ω cm2", "21 Ω cm2")
    killed = builder(small, filled.root, die_at=stage)
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    assert filled.last(small) == before.key
    assert folders(filled) == {before.key}
    assert {path: path.read_bytes() for path in content} == content
    assert figures(before.store) == ["20 Ω cm2", "99.2%"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_build_killed_while_it_writes_is_cleared_away_and_made_again(small: Sources, own: Cache) -> None:
    killed = builder(small, own.root, die_at="store written")
    killed.communicate(timeout=120)
    assert killed.returncode == -signal.SIGKILL
    (left,) = scratch(own)
    assert (left / "store").is_dir()
    assert not folders(own)
    os.utime(left, (1, 1))
    build_snapshot(small, cache=own)
    assert not scratch(own)
    assert folders(own) == {fingerprint(small)}


def test_a_folder_without_its_last_file_is_no_snapshot(small: Sources, filled: Cache) -> None:
    first = build_snapshot(small, cache=filled)
    (first.path / "snapshot.json").unlink()
    assert not filled.holds(first.key)
    assert filled.last(small) is None


def test_a_broken_source_leaves_the_last_good_snapshot_in_use(
    small: Sources, filled: Cache, edit: Callable[[str, str, str], int]
) -> None:
    good = build_snapshot(small, cache=filled)
    edit("data/paper-2024-1/design.yaml", "designs:", "designs: [")
    with pytest.raises(SourceProblemsError):
        build_snapshot(small, cache=filled)
    stale = current_snapshot(small, cache=filled)
    assert stale.path == good.path
    assert isinstance(stale.stale_because, SourceProblemsError)


def test_a_broken_source_without_a_good_snapshot_is_an_error(
    small: Sources, own: Cache, edit: Callable[[str, str, str], int]
) -> None:
    edit("data/paper-2024-1/design.yaml", "designs:", "designs: [")
    with pytest.raises(SourceProblemsError, match=r"design\.yaml:\d+:\d+"):
        current_snapshot(small, cache=own)


@pytest.mark.parametrize("content", ["", "{", '{"snapshot": "', "[]", "null", '{"sources": "x"}', "\udcff"])
def test_a_truncated_pointer_counts_as_none(small: Sources, own: Cache, content: str) -> None:
    (own.snapshots / "k").mkdir(parents=True)
    (own.snapshots / "k" / "snapshot.json").write_text("{}")
    own.remember(small, "k")
    assert own.last(small) == "k"
    (pointer,) = own.root.glob("last-*.json")
    pointer.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert own.last(small) is None
    own.remember(small, "k")
    assert own.last(small) == "k"


def finished(cache: Cache, name: str, age: int) -> None:
    folder = cache.snapshots / name
    folder.mkdir(parents=True)
    (folder / "snapshot.json").write_text("{}")
    os.utime(folder / "snapshot.json", (10_000 - age, 10_000 - age))


def test_old_snapshots_are_dropped_and_the_newest_stay(small: Sources, own: Cache) -> None:
    for age in range(KEPT_SNAPSHOTS + 3):
        finished(own, f"k{age}", age)
    own.remember(small, "k0")
    assert folders(own) == {f"k{age}" for age in range(KEPT_SNAPSHOTS)}
    assert not scratch(own)


def test_the_last_good_snapshot_of_another_folder_is_not_dropped(
    small: Sources, own: Cache, tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "gone").mkdir()
    finished(own, "others", 100)
    finished(own, "gone", 100)
    own.remember(Sources(tmp_path / "other"), "others")
    own.remember(Sources(tmp_path / "gone"), "gone")
    (tmp_path / "gone").rmdir()
    for age in range(KEPT_SNAPSHOTS):
        finished(own, f"k{age}", age)
    own.remember(small, "k0")
    assert folders(own) == {"others", *(f"k{age}" for age in range(KEPT_SNAPSHOTS))}
    assert own.last(Sources(tmp_path / "other")) == "others"


def test_a_cache_folder_that_is_a_file_is_named_with_the_mend(small: Sources, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LithioKGError, match="cannot be written") as caught:
        build_snapshot(small, cache=Cache(tmp_path / "file" / "cache"))
    assert str(tmp_path / "file" / "cache") in caught.value.message
    assert "LITHIOKG_CACHE" in str(caught.value.mend)
    assert caught.value.exit_code == 3


def test_a_filled_cache_can_be_read_where_it_cannot_be_written(
    small: Sources, filled: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = build_snapshot(small, cache=filled).key
    for pointer in filled.root.glob("last-*.json"):
        pointer.unlink()

    def refuse(*_: object, **__: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_text", refuse)
    assert build_snapshot(small, cache=filled).key == key


def test_a_snapshot_whose_files_were_taken_is_built_again(
    small: Sources, filled: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITHIOKG_CACHE", str(filled.root))
    first = build_snapshot(small, cache=filled)
    for path in first.store.iterdir():
        path.unlink()
    with open_graph(small) as opened:
        assert opened.snapshot is not None
        assert opened.snapshot.fresh
        found = opened.sparql(FIGURES)
        assert isinstance(found, Table)
        assert found.column("printed") == ["20 Ω cm2", "99.2%"]


def add_harmless_class(sources: Sources) -> None:
    with (sources.ontology / "modules" / "substances.ttl").open("a", encoding="utf-8") as out:
        out.write(
            "\nlkg:Novelty a owl:Class ; rdfs:subClassOf lkg:Metal ;\n"
            '    skos:prefLabel "novelty"@en ; skos:definition "A metal for a test."@en ;\n'
            "    rdfs:isDefinedBy <https://w3id.org/lithiokg/> .\n"
        )


def test_a_changed_ontology_is_classified_by_hermit_where_it_is_installed(small: Sources, own: Cache) -> None:
    if not hermit_available():
        pytest.skip("HermiT and Java (extra 'dl') are not installed")
    add_harmless_class(small)
    snapshot = build_snapshot(small, cache=own)
    with EmbeddedStore(snapshot.store) as store:
        assert store.query("ASK { <https://w3id.org/lithiokg/Novelty> ?p ?o }") is True


def test_a_changed_ontology_without_hermit_is_a_message_with_the_mend(
    small: Sources, own: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classified, "hermit_available", lambda: False)
    add_harmless_class(small)
    with pytest.raises(LithioKGError, match="ontology has changed since it was classified") as caught:
        build_snapshot(small, cache=own)
    assert "lithiokg[dl]" in str(caught.value.mend)
    assert "build --classify" in str(caught.value.mend)
    assert not own.holds(fingerprint(small))


def test_the_pointer_names_the_sources_and_the_snapshot(small: Sources, filled: Cache) -> None:
    key = build_snapshot(small, cache=filled).key
    (pointer,) = filled.root.glob("last-*.json")
    assert json.loads(pointer.read_text()) == {"sources": str(small.root.resolve()), "snapshot": key}
