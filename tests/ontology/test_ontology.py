"""The ontology as a whole: its profile, its consistency, its classified hierarchy, its context and its page."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.build.reading import Problems, read_ontology
from lithiokg.reasoning import (
    check_classified,
    classified_hierarchy,
    hermit_available,
    profile_violations,
    write_classified,
)
from lithiokg.sources import Sources, find_sources

OWL = "http://www.w3.org/2002/07/owl#"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
LKG = "https://w3id.org/lithiokg/"
ROOT = Path(__file__).resolve().parents[2]

needs_hermit = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return find_sources()


@pytest.fixture(scope="module")
def ontology(sources: Sources) -> list[ox.Quad]:
    problems: Problems = []
    quads = read_ontology(sources, problems)
    assert problems == []
    return quads


def test_the_ontology_imports_nothing(ontology: list[ox.Quad]) -> None:
    assert [quad for quad in ontology if quad.predicate.value == OWL + "imports"] == []


def test_the_ontology_is_in_the_owl_2_dl_profile(ontology: list[ox.Quad]) -> None:
    assert profile_violations(ontology) == []


@needs_hermit
def test_the_classified_hierarchy_is_what_hermit_says_of_the_modules(
    sources: Sources, tmp_path: Path
) -> None:
    # It is also a proof of consistency: an inconsistent ontology or an unsatisfiable class is refused.
    copy = tmp_path / "ontology"
    shutil.copytree(sources.ontology, copy)
    shipped = (copy / "classified.ttl").read_bytes()
    assert write_classified(copy).read_bytes() == shipped


def test_the_classified_hierarchy_was_made_from_the_modules_as_they_are(sources: Sources) -> None:
    assert check_classified(sources.ontology)


@pytest.mark.parametrize(
    ("narrower", "broader"),
    [
        ("DisplacementDesign", "ConversionDesign"),
        ("MixedConductionDesign", "ElectronConductionDesign"),
        ("AlloyingDesign", "ChemicallyInteractingDesign"),
        ("DopingDesign", "NucleationGuidingDesign"),
        ("InorganicArtificialSEIDesign", "ArtificialSEIDesign"),
        ("MixedConductingInterlayerDesign", "InterfaceTypeIII"),
        ("IsolatingInterlayerDesign", "InterfaceTypeII"),
        ("AlloyingElement", "AlloyingConstituent"),
        ("DisplacementReactant", "ConversionReactant"),
        ("InSituSEI", "ElectrolyteDerivedLayer"),
    ],
)
def test_a_narrower_class_is_found_below_the_broader(sources: Sources, narrower: str, broader: str) -> None:
    assert classified_hierarchy(sources.ontology).is_sub(LKG + narrower, LKG + broader)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("InterfaceTypeII", "InterfaceTypeIII"),
        ("ArtificialSEI", "InSituSEI"),
        ("ElectronConductingLayer", "MixedConductingLayer"),
        ("Interlayer", "SolidElectrolyteInterphase"),
    ],
)
def test_what_does_not_follow_is_not_found(sources: Sources, one: str, other: str) -> None:
    assert not classified_hierarchy(sources.ontology).is_sub(LKG + one, LKG + other)


def test_every_field_of_the_context_stands_for_a_declared_term(
    sources: Sources, ontology: list[ox.Quad]
) -> None:
    context = json.loads((sources.ontology / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    declared = {
        quad.subject.value
        for quad in ontology
        if quad.predicate == RDF_TYPE and hasattr(quad.subject, "value")
    }
    used = {str(term["@id"]) for term in context.values() if isinstance(term, dict)}
    ours = {LKG + name.removeprefix("lkg:") for name in used if name.startswith("lkg:")}
    assert ours - declared == set()


@pytest.mark.skipif(not (ROOT / "tools").is_dir(), reason="the tools are not part of an installed copy")
def test_the_page_of_record_fields_is_current() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "records_page.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
