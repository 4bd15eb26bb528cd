"""A document of two sections with a table and a figure, and a graph that holds all that it says."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.fidelity import SourceText
from lithiokg.graph import KnowledgeGraph
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore

ROOT = Path(__file__).parent.parent.parent
DOCUMENT = "https://w3id.org/lithiokg/id/work/paper"
#: The table cuts the first paragraph; both paragraphs of the results, and the second of the introduction,
#: open alike; "sa fe ty" is letter-spaced; "inter-/layer" and "five-/fold" break at a hyphen.
TEXT = """\
A JOURNAL OF LAYERS, VOLUME 7
INTRODUCTION
Films of lithium fluoride keep dendrites down[1,2] in a 1,3-dioxolane electrolyte. The sa fe ty of a cell
thus rises with each inter-
layer, while the
 Table 1. Figures of two layers
 Ref. Method Resistance Polarization
 [7] LiF coating  20 Ω after 2 h  -
 [8] ZnO inter-
 layer  120 Ω cm-2 ~35 mV at 0.5 and 1 mA cm-2

polarization falls five-
fold to 35 mV at 1 mA cm-2[3].

Layers of oxide react with lithium and so wet it[4-6], as Figure 1A shows.
 Figure 1. Two layers at work. (A) A film of 12 nm. Reproduced from Ref.[3] (Copyright 2017, A Publisher).

RESULTS
Layers of oxide turn into Li2O and an alloy:
2Li + ZnO = Li2O + Zn (1)
Two things remain open:

1. Layers of oxide may crack after 200-300 cycles at -20 °C.
"""
PROLOGUE = """
@base <https://w3id.org/lithiokg/id/> .
@prefix lkg: <https://w3id.org/lithiokg/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
PARTS = """
<section/paper/introduction> skos:prefLabel "INTRODUCTION"@en ; lkg:sectionNumber 1 ; lkg:inDocument <work/paper> .
<section/paper/results> skos:prefLabel "RESULTS"@en ; lkg:sectionNumber 2 ; lkg:inDocument <work/paper> .
<paragraph/1> lkg:inSection <section/paper/introduction> ; lkg:paragraphNumber 1 ;
    lkg:beginsWith "Films of lithium fluoride keep", "polarization falls fivefold to" .
<paragraph/2> lkg:inSection <section/paper/introduction> ; lkg:paragraphNumber 2 ;
    lkg:beginsWith "Layers of oxide" .
<paragraph/3> lkg:inSection <section/paper/results> ; lkg:paragraphNumber 1 ; lkg:beginsWith "Layers of oxide" ;
    lkg:hasExclusion <exclusion/equation> .
<paragraph/4> lkg:inSection <section/paper/results> ; lkg:paragraphNumber 2 ; lkg:beginsWith "Layers of oxide" .
<exclusion/equation> lkg:excludedText "2Li + ZnO" ; lkg:note "Stoichiometry." .
<caption/1> skos:prefLabel "Figure 1"@en ; lkg:inSection <section/paper/introduction> ;
    lkg:beginsWith "Figure 1. Two layers at work" .
<table/1> lkg:tableNumber 1 ; lkg:inSection <section/paper/introduction> ;
    lkg:beginsWith "Table 1. Figures of two layers" .
<row/1> lkg:inTable <table/1> ; lkg:rowNumber 1 ; lkg:printedReference "7" ; lkg:printedMethod "LiF coating" ;
    lkg:resolvedReference <reference/3> .
<row/2> lkg:inTable <table/1> ; lkg:rowNumber 2 ; lkg:printedReference "8" ; lkg:printedMethod "ZnO interlayer" ;
    lkg:resolvedReference <reference/4> .
<reference/3> lkg:referenceNumber 3 . <reference/4> lkg:referenceNumber 4 .
"""
#: Each statement on its own line, so that a test can take one out or change it.
FACTS = """
<claim/a> lkg:claimRelation lkg:prevents ; lkg:hasEvidence <claim/a/evidence> .
<claim/a/evidence> lkg:inSection <section/paper/introduction> ; lkg:inParagraph 1 .
<claim/a/evidence> lkg:keyPhrase "fluoride keep dendrites down" .
<claim/a/evidence> lkg:printedReference "1,2" .
<claim/b> lkg:claimRelation lkg:improves ; lkg:hasEvidence <claim/b/evidence> .
<claim/b/evidence> lkg:inSection <section/paper/introduction> ; lkg:inParagraph 1 .
<claim/b/evidence> lkg:keyPhrase "The safety of a cell" .
<claim/c> lkg:claimRelation lkg:promotes ; lkg:hasEvidence <claim/c/evidence> .
<claim/c/evidence> lkg:inSection <section/paper/introduction> ; lkg:inParagraph 2 .
<claim/c/evidence> lkg:keyPhrase "react with lithium" .
<claim/c/evidence> lkg:printedReference "4-6" .
<claim/d> lkg:claimRelation lkg:forms ; lkg:hasEvidence <claim/d/evidence> .
<claim/d/evidence> lkg:inSection <section/paper/results> ; lkg:inParagraph 1 .
<claim/d/evidence> lkg:keyPhrase "turn into Li2O" .
<claim/e> lkg:claimRelation lkg:causes ; lkg:hasEvidence <claim/e/evidence> .
<claim/e/evidence> lkg:inSection <section/paper/results> ; lkg:inParagraph 2 .
<claim/e/evidence> lkg:keyPhrase "may crack after" .
<figure/a> lkg:observedProperty <property/resistance> ; lkg:hasEvidence <figure/a/evidence> .
<figure/a> lkg:hasResult <figure/a/result> ; lkg:hasCondition <figure/a/rest> .
<figure/a/result> lkg:printed "20 Ω" .
<figure/a/rest> lkg:printed "2 h" .
<figure/a/evidence> lkg:inTableRow <row/1> .
<figure/b> lkg:observedProperty <property/resistance> ; lkg:hasEvidence <figure/b/evidence> .
<figure/b> lkg:hasResult <figure/b/result> .
<figure/b/result> lkg:printed "120 Ω cm-2" .
<figure/b/evidence> lkg:inTableRow <row/2> .
<figure/c> lkg:observedProperty <property/polarization> ; lkg:hasEvidence <figure/c/row>, <figure/c/text> .
<figure/c> lkg:hasResult <figure/c/result> ; lkg:hasCondition <figure/c/current>, <figure/c/other-current> .
<figure/c/result> lkg:printed "~35 mV" .
<figure/c/current> lkg:printed "1 mA cm-2" .
<figure/c/other-current> lkg:printed "0.5 mA cm-2" .
<figure/c/row> lkg:inTableRow <row/2> .
<figure/c/text> lkg:inSection <section/paper/introduction> ; lkg:inParagraph 1 .
<figure/c/text> lkg:quotedFigure "35 mV" .
<figure/c/text> lkg:printedReference "3" .
<figure/d> lkg:observedProperty <property/thickness> ; lkg:hasEvidence <figure/d/evidence> .
<figure/d> lkg:hasResult <figure/d/result> .
<figure/d/result> lkg:printed "12 nm" .
<figure/d/evidence> lkg:inCaption "Figure 1A" .
<figure/d/evidence> lkg:inDocument <work/paper> .
<figure/d/evidence> lkg:printedReference "3" .
<figure/e> lkg:observedProperty <property/life> ; lkg:hasEvidence <figure/e/evidence> .
<figure/e> lkg:hasResult <figure/e/result> ; lkg:hasCondition <figure/e/temperature> .
<figure/e/result> lkg:printed "200-300 cycles" .
<figure/e/temperature> lkg:printed "-20 °C" .
<figure/e/evidence> lkg:inSection <section/paper/results> ; lkg:inParagraph 2 .
"""


def store_of(turtle: str) -> EmbeddedStore:
    return EmbeddedStore.in_memory(
        ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("x:g"))
        for quad in ox.parse(PROLOGUE + turtle, format=ox.RdfFormat.TURTLE)
    )


@pytest.fixture(scope="session")
def document() -> str:
    return DOCUMENT


@pytest.fixture(scope="session")
def raw() -> str:
    return TEXT


@pytest.fixture(scope="session")
def text() -> SourceText:
    return SourceText(TEXT)


@pytest.fixture(scope="session")
def store() -> EmbeddedStore:
    return store_of(PARTS + FACTS)


@pytest.fixture(scope="session")
def changed():
    """The graph with one piece of its Turtle put in place of another."""

    def change(old: str, new: str) -> EmbeddedStore:
        whole = PARTS + FACTS
        assert old in whole
        return store_of(whole.replace(old, new))

    return change


@pytest.fixture(scope="session")
def without():
    """The graph without a record."""

    def leave_out(record: str) -> EmbeddedStore:
        lines = [line for line in FACTS.splitlines() if not line.startswith(f"<{record}")]
        assert len(lines) < len(FACTS.splitlines())
        return store_of(PARTS + "\n".join(lines))

    return leave_out


@pytest.fixture
def run(monkeypatch, capsys, store):
    """The command line upon the small graph: exit code, standard output, standard error."""

    def session() -> KnowledgeGraph:
        return KnowledgeGraph(store, Sources(ROOT))

    monkeypatch.setattr("lithiokg.cli.verify.open_session", session)
    monkeypatch.setattr("lithiokg.cli.coverage.open_session", session)

    def call(*arguments: object) -> tuple[int, str, str]:
        from lithiokg.cli import main  # noqa: PLC0415

        with pytest.raises(SystemExit) as stop:
            main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call


@pytest.fixture
def written(tmp_path, raw):
    path = tmp_path / "paper.txt"
    path.write_text(raw, encoding="utf-8")
    return path
