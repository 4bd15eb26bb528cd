"""A release: what is in it, that it comes out the same everywhere, and that it is whole or not there."""

from __future__ import annotations

import hashlib
import os
import random
import re
import resource
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import yaml
from pyld import jsonld

import lithiokg
from lithiokg.build import build_snapshot
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.release import CHECKSUMS, CONTENT_FILE, canonical_nquads, new_folder, write_release
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from lithiokg.build import Cache
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.release import Release
    from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parents[2]
LKG = "https://w3id.org/lithiokg/"
RDFS, SKOS, OWL, DCTERMS = (
    "http://www.w3.org/2000/01/rdf-schema#",
    "http://www.w3.org/2004/02/skos/core#",
    "http://www.w3.org/2002/07/owl#",
    "http://purl.org/dc/terms/",
)
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
TERMS = [
    ox.NamedNode(OWL + kind) for kind in ("Class", "ObjectProperty", "DatatypeProperty", "NamedIndividual")
]
VARIANTS = ("lithiokg-base", "lithiokg", "lithiokg-inferred")
DAY_OF_ISSUE = 1795305600  # 2026-11-22


def parsed(path: Path) -> set[ox.Quad]:
    dataset = ox.Dataset(ox.parse(path=str(path)))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256)
    return set(dataset)


def named(quads: set[ox.Quad]) -> set[tuple[str, str, str]]:
    """The triples about terms and things of ours, without blank nodes and without the header."""
    return {
        (str(quad.subject), str(quad.predicate), str(quad.object))
        for quad in quads
        if not isinstance(quad.object, ox.BlankNode)
        and str(quad.subject).startswith(f"<{LKG}")
        and not re.fullmatch(rf"<{LKG}(ontology/.*|data/.*)?>", str(quad.subject))
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def write_folder(target: Path, files: dict[str, bytes], *, timestamp: int = 0, force: bool = False) -> None:
    with new_folder(target, timestamp=timestamp, force=force) as add:
        for path, content in files.items():
            add(path, content)


# --- what is in it --------------------------------------------------------------------------------


def test_a_release_holds_ontology_data_description_and_papers(release: Release) -> None:
    files = set(contents(release.path))
    assert files == set(release.files)
    assert {f"ontology/{name}.{ending}" for name in VARIANTS for ending in ("ttl", "rdf", "jsonld")} <= files
    assert {f"data/lithiokg.{ending}" for ending in ("nq", "ttl", "rdf", "jsonld")} <= files
    assert {"data/facts.ttl", "dataset.ttl", "dataset.jsonld", "context.jsonld"} <= files
    assert {"shapes/lithiokg-shapes.ttl", "CHANGELOG.md", "CITATION.cff", "LICENSE-DATA", CHECKSUMS} <= files


def test_every_mapping_table_and_bridge_is_in_it(release: Release, publishable: Sources) -> None:
    for path in (publishable.ontology / "mappings").glob("*.sssom.tsv"):
        assert (release.path / "mappings" / path.name).read_bytes() == path.read_bytes()
    for path in (publishable.ontology / "bridges").glob("*.ttl"):
        assert (release.path / "bridges" / path.name).read_bytes().startswith(path.read_bytes().rstrip())


@pytest.mark.parametrize("name", [*(f"ontology/{each}" for each in VARIANTS), "data/lithiokg"])
def test_the_syntaxes_of_a_document_say_the_same(name: str, release: Release) -> None:
    turtle, xml, json = (parsed(release.path / f"{name}.{ending}") for ending in ("ttl", "rdf", "jsonld"))
    assert len(turtle) > 1000
    assert turtle == xml == json


def test_base_is_part_of_full_and_full_of_inferred(release: Release) -> None:
    base, full, inferred = (named(parsed(release.path / f"ontology/{each}.ttl")) for each in VARIANTS)
    assert base < full < inferred


def test_base_says_nothing_of_individuals_but_what_they_are(release: Release) -> None:
    base = parsed(release.path / "ontology/lithiokg-base.ttl")
    individuals = {quad.subject for quad in base if quad.object == ox.NamedNode(OWL + "NamedIndividual")}
    assert ox.NamedNode(LKG + "id/carrier/electron") in individuals
    said = {quad.predicate.value for quad in base if quad.subject in individuals}
    assert said == {
        TYPE.value, RDFS + "label", RDFS + "isDefinedBy", SKOS + "prefLabel", SKOS + "definition"
    }  # fmt: skip


def test_inferred_adds_the_classified_hierarchy(release: Release) -> None:
    inferred = named(parsed(release.path / "ontology/lithiokg-inferred.ttl"))
    above = (f"<{LKG}AlloyAnodeDesign>", f"<{RDFS}subClassOf>", f"<{LKG}NucleationGuidingDesign>")
    assert above in inferred
    assert above not in named(parsed(release.path / "ontology/lithiokg.ttl"))
    # Two classes that are one are said to be so: a circle of subclasses makes tools stumble.
    pairs = {(one, other) for one, verb, other in inferred if verb == f"<{RDFS}subClassOf>"}
    assert not [pair for pair in pairs if pair[::-1] in pairs]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_term_has_one_label_a_definition_and_its_ontology(name: str, release: Release) -> None:
    quads = parsed(release.path / f"ontology/{name}.ttl")
    terms = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object in TERMS}
    said: dict[str, dict[Any, list[str]]] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, {}).setdefault(quad.subject, []).append(str(quad.object))
    ours = {term for term in terms if term.value.startswith(LKG)}
    assert len(ours) > 400
    for term in ours:
        (label,) = said[RDFS + "label"][term]
        assert label == said[SKOS + "prefLabel"][term][0]
        assert label.endswith('"@en')
        assert said[SKOS + "definition"][term]
    # What the ontology only points at is described with the data, and defined there.
    undefined = {term for term in ours if term not in said[RDFS + "isDefinedBy"]}
    assert all(term.value.startswith(f"{LKG}id/substance/") for term in undefined)


@pytest.mark.parametrize("name", [*(f"ontology/{each}" for each in VARIANTS), "data/lithiokg"])
def test_each_document_is_an_ontology_with_a_name_and_version_of_its_own(name: str, release: Release) -> None:
    quads = parsed(release.path / f"{name}.ttl")
    (header,) = {quad.subject for quad in quads if quad.object == ox.NamedNode(OWL + "Ontology")}
    (version,) = {
        quad.object for quad in quads if quad.subject == header and quad.predicate.value == OWL + "versionIRI"
    }
    local = "" if name == "ontology/lithiokg" else name
    assert header.value == LKG + local
    assert version.value == f"{LKG}{release.header.version}/{local}"


def test_rdf_xml_is_well_formed_and_names_every_property(release: Release) -> None:
    for path in sorted(release.path.rglob("*.rdf")):
        names = {element.tag for element in ET.parse(path).iter()}  # noqa: S314  # ours
        assert all(re.fullmatch(r"\{[^}]+[#/]\}[A-Za-z_][\w.-]*", name) for name in names)


def test_turtle_nests_what_is_used_once(release: Release) -> None:
    text = (release.path / "ontology/lithiokg.ttl").read_text(encoding="utf-8")
    assert "_:" not in text
    assert "owl:propertyChainAxiom ( lkg:hasSublayer lkg:containsSubstance )" in text
    assert text.startswith("# LithioKG, an ontology of the lithium-metal interface, version 0.1.0.\n")


def test_the_facts_are_things_alone(release: Release) -> None:
    facts = parsed(release.path / "data/facts.ttl")
    assert {quad.subject.value.startswith(LKG + "id/") for quad in facts} == {True}
    assert ox.NamedNode(LKG + "ElectronicallyIsolatingLayer") in {quad.object for quad in facts}


# --- the same everywhere --------------------------------------------------------------------------


def test_neither_order_nor_hash_seed_nor_time_zone_nor_folder_matters(
    small_publishable: Sources, filled: Cache, process: Any, tmp_path: Path
) -> None:
    done = process(
        "release", "-o", str(tmp_path / "deep" / "one"),
        LITHIOKG_SOURCES=str(small_publishable.root), LITHIOKG_CACHE=str(filled.root),
        PYTHONHASHSEED="1", TZ="Asia/Tokyo",
    )  # fmt: skip
    assert done.code == 0, done.err
    one = contents(tmp_path / "deep" / "one")
    assert f"content sha256:{hashlib.sha256(one[CONTENT_FILE]).hexdigest()}" in done.out
    # The same graph from elsewhere: another order, other names of blank nodes, a store in memory.
    with EmbeddedStore(build_snapshot(small_publishable, cache=filled).store) as store:
        lines = ox.serialize(store.quads(), format=ox.RdfFormat.N_QUADS).decode().splitlines()
    random.Random(7).shuffle(lines)  # noqa: S311
    again = ox.parse("\n".join(lines), format=ox.RdfFormat.N_QUADS, rename_blank_nodes=True)
    with EmbeddedStore.in_memory(again) as store:
        write_release(store, small_publishable, tmp_path / "other")
    assert contents(tmp_path / "other") == one


def test_files_bear_the_day_of_issue_or_the_time_they_are_told(
    release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publishable: Sources,
    graph: KnowledgeGraph,
) -> None:  # fmt: skip
    assert {int(path.stat().st_mtime) for path in release.path.rglob("*")} == {DAY_OF_ISSUE}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert isinstance(graph.store, EmbeddedStore)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH is 'soon'"):
        write_release(graph.store, publishable, tmp_path / "out")
    write_folder(tmp_path / "told", {"a/b": b"x"}, timestamp=1000)
    assert {int(path.stat().st_mtime) for path in (tmp_path / "told").rglob("*")} == {1000}


def test_nothing_tells_the_time_or_the_machine(release: Release) -> None:
    machine = re.compile(rb"(?<![a-z])/(home|tmp|root|Users)/|20[0-9]{2}-[0-9]{2}-[0-9]{2}T(?!00:00:00)[0-9]")
    for path, content in contents(release.path).items():
        assert not machine.search(content), path
        assert str(ROOT).encode() not in content, path


def test_the_checksums_are_those_of_the_files(release: Release) -> None:
    listed = dict(
        reversed(line.split("  ", 1))
        for line in (release.path / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    )
    files = contents(release.path)
    del files[CHECKSUMS]
    assert listed == {path: hashlib.sha256(content).hexdigest() for path, content in files.items()}
    if program := shutil.which("sha256sum"):
        done = subprocess.run(
            [program, "--check", "--strict", CHECKSUMS], cwd=release.path, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout


def test_the_content_file_is_the_snapshot_as_canonical_n_quads(
    release: Release, graph: KnowledgeGraph
) -> None:
    text = (release.path / CONTENT_FILE).read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    assert lines == sorted(set(lines))
    graphs = {str(name): count for name, count in graph.store.graphs().items() if not name.endswith("/void")}
    assert len(lines) == sum(graphs.values())
    assert hashlib.sha256(text.encode()).hexdigest() == release.content_hash


def test_canonical_n_quads_are_those_of_another_implementation(release: Release) -> None:
    marker = f"<{LKG}graph/closures>"
    ours = "".join(
        line
        for line in (release.path / CONTENT_FILE).read_text(encoding="utf-8").splitlines(keepends=True)
        if line.endswith(f"{marker} .\n")
    )
    assert "_:c14n" in ours
    canonical = canonical_nquads(ox.parse(ours, format=ox.RdfFormat.N_QUADS, rename_blank_nodes=True))
    theirs = jsonld.normalize(
        canonical,
        {"algorithm": "URDNA2015", "inputFormat": "application/n-quads", "format": "application/n-quads"},
    )
    assert canonical == theirs


# --- whole or not there ---------------------------------------------------------------------------


def test_an_existing_folder_is_left_alone_unless_it_is_an_earlier_release(tmp_path: Path) -> None:
    target = tmp_path / "release"
    write_folder(target, {"a": b"1"})
    with pytest.raises(UsageError, match="already exists"):
        write_folder(target, {"a": b"2"})
    write_folder(target, {"b": b"3"}, force=True)
    assert set(contents(target)) == {"b", CHECKSUMS}
    (target / "thesis.txt").write_text("three years of work")
    with pytest.raises(UsageError, match=r"such as thesis\.txt"):
        write_folder(target, {"b": b"4"}, force=True)
    assert (target / "thesis.txt").exists()
    mine = tmp_path / "documents"
    mine.mkdir()
    (mine / "letter").write_text("dear")
    with pytest.raises(UsageError, match="not replaced"):
        write_folder(mine, {"b": b"4"}, force=True)
    assert {path.name for path in tmp_path.iterdir()} == {"release", "documents"}


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write_folder(tmp_path / "empty", {"a": b"1"})
    assert (tmp_path / "empty" / "a").read_bytes() == b"1"


def test_a_full_disk_leaves_nothing_and_is_told(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    write_folder(tmp_path / "release", {"a": b"1"})
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))
    try:
        with pytest.raises(LithioKGError, match="cannot be written: File too large"):
            write_folder(tmp_path / "release", {"a": b"2", "b": b"x" * 20_000}, force=True)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "release" / "a").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_an_unwritable_place_is_told(tmp_path: Path, lithio: Any, publishable: Sources) -> None:
    (tmp_path / "file").write_text("")
    said = lithio("release", "-o", str(tmp_path / "file" / "release"), sources=publishable)
    assert said.code == 3
    assert "cannot be written: File exists" in said.err
    assert "mend: free some space or make its parent writable, or name another folder" in said.err


@pytest.mark.parametrize("exchanging", [True, False])
def test_a_run_that_is_killed_at_any_step_leaves_the_earlier_release_or_the_new_one(
    exchanging: bool, strike: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not exchanging:  # as on a system that cannot exchange two names at once
        monkeypatch.setattr("lithiokg.release.folder.swap", lambda one, other: False)
    place = tmp_path / "place"
    release = place / "release"
    old, new = {"a": b"old", "b/c": b"old"}, {"a": b"new", "d/e": b"new"}
    write_folder(release, old)
    before = contents(release)
    write_folder(release, new, force=True)
    after = contents(release)
    step, seen = 0, set()
    while True:
        step += 1
        shutil.rmtree(place)
        write_folder(release, old)
        if not strike(lambda: write_folder(release, new, force=True), place, step):
            break
        left = contents(release) if release.exists() else None
        assert left in (before, after) or (left is None and not exchanging), step
        seen.add(left is None)
        # What the next run finds is the earlier release, also where it had stepped aside.
        with pytest.raises(UsageError, match="already exists"):
            write_folder(release, new)
        assert contents(release) in (before, after)
        write_folder(release, new, force=True)
        assert contents(release) == after
        assert [path.name for path in place.iterdir()] == ["release"], step
    assert step > 15
    assert seen == ({False} if exchanging else {False, True})


def test_a_run_that_is_still_at_work_is_left_alone_whatever_the_clock_says(tmp_path: Path) -> None:
    with new_folder(tmp_path / "release", timestamp=0) as add:
        add("a", b"1")
        (ours,) = tmp_path.iterdir()
        os.utime(ours, (1, 1))
        left = tmp_path / ".release.0-aaaaaaaa.partial"
        left.mkdir()
        os.utime(left, (4e9, 4e9))
        write_folder(tmp_path / "release", {"a": b"2"})
        assert ours.exists()
        assert not left.exists()
        shutil.rmtree(tmp_path / "release")
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_a_list_of_checksums_that_is_damaged_is_no_release_to_replace(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", {"a": b"1"})
    (tmp_path / "release" / CHECKSUMS).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="holds what is not listed"):
        write_folder(tmp_path / "release", {"a": b"2"}, force=True)


def test_sources_that_do_not_build_are_not_released(
    small_publishable: Sources, filled: Cache, lithio: Any, tmp_path: Path
) -> None:
    (small_publishable.ontology / "dataset.ttl").write_text("this is no Turtle")
    said = lithio("release", "-o", str(tmp_path / "out"), sources=small_publishable, cache=filled.root)
    assert said.code == 1
    assert "ontology/dataset.ttl:1:" in said.err
    assert not (tmp_path / "out").exists()


def test_a_missing_license_is_told(
    small_publishable: Sources, filled: Cache, lithio: Any, tmp_path: Path
) -> None:
    (small_publishable.root / "LICENSE-DATA").unlink()
    said = lithio("release", "-o", str(tmp_path / "out"), sources=small_publishable, cache=filled.root)
    assert said.code == 3
    assert "LICENSE-DATA, which belongs into a release, cannot be read: No such file" in said.err
    assert not (tmp_path / "out").exists()


def test_the_version_alone_is_told_without_writing(
    lithio: Any, publishable: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert lithio("release", "--version", sources=publishable).out == f"{lithiokg.__version__}\n"
    assert not list(tmp_path.iterdir())


# --- version, title, license: said once -----------------------------------------------------------


def test_package_header_citation_and_changelog_agree(release: Release) -> None:
    header = release.header
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert header.version == lithiokg.__version__ == project["version"]
    assert header.version_iri == f"{LKG}{header.version}/"
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == header.version
    assert str(citation["date-released"]) == header.issued
    assert citation["license"] == ["Apache-2.0", "CC-BY-4.0"]
    assert project["license"] == " AND ".join(citation["license"])
    assert header.license == "https://creativecommons.org/licenses/by/4.0/"
    said = {
        (quad.subject.value, quad.predicate.value): quad.object.value
        for quad in parsed(release.path / "dataset.ttl")
    }
    assert said[f"{LKG}id/dataset/lithiokg", DCTERMS + "title"] == citation["title"]
    assert said[f"{LKG}id/dataset/lithiokg", DCTERMS + "license"] == header.license
    (author,) = citation["authors"]
    assert said[f"{LKG}id/agent/lithiokg-developers", "http://xmlns.com/foaf/0.1/name"] == author["name"]
    assert project["authors"] == [{"name": author["name"]}]


def test_the_citation_names_the_source_that_the_ontology_names(release: Release) -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    sources = {
        quad.object.value
        for quad in parsed(release.path / "ontology/lithiokg.ttl")
        if quad.subject.value == LKG and quad.predicate.value == DCTERMS + "source"
    }
    assert sources == {f"https://doi.org/{each['doi']}" for each in citation["references"]}


# --- the description ------------------------------------------------------------------------------


def test_the_description_lists_the_files_with_their_checksums_and_the_content_hash(
    release: Release,
) -> None:
    quads = parsed(release.path / "dataset.ttl")
    said: dict[str, dict[str, str]] = {}
    for quad in quads:
        said.setdefault(quad.subject.value, {})[quad.predicate.value] = quad.object.value
    dcat = "http://www.w3.org/ns/dcat#"
    nodes = {quad.object.value for quad in quads if quad.predicate.value == dcat + "distribution"}
    named = set()
    for node in nodes:
        path = said[node][dcat + "downloadURL"].removeprefix(release.header.version_iri)
        content = (release.path / path).read_bytes()
        checksum = said[said[node]["http://spdx.org/rdf/terms#checksum"]]
        assert checksum["http://spdx.org/rdf/terms#checksumValue"] == hashlib.sha256(content).hexdigest()
        assert said[node][dcat + "byteSize"] == str(len(content))
        named.add(path)
    folders = ("ontology/", "data/", "mappings/", "profiles/")
    assert named == {path for path in release.files if path.startswith(folders)}
    dataset = said[f"{LKG}id/dataset/lithiokg"]
    assert dataset[DCTERMS + "identifier"] == f"sha256:{release.content_hash}"
    assert quads == parsed(release.path / "dataset.jsonld")
