"""A store of a few substances and works, and files of the user's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.graph import KnowledgeGraph
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import ID, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
FACTS = """
<substance/ZnO> lkg:formula "ZnO" ; lkg:reducedFormula "OZn" ; skos:prefLabel "zinc oxide"@en ;
  lkg:formsWithLithium <substance/Li-Zn>, <substance/Li2O> .
<substance/wurtzite> lkg:formula "ZnO" ; lkg:reducedFormula "OZn" ; skos:prefLabel "wurtzite"@en .
<substance/Li-Zn> skos:prefLabel "Li-Zn alloy"@en .
<substance/Li2O> skos:prefLabel "lithium oxide"@en .
<substance/O2> lkg:formula "O2" ; lkg:reducedFormula "O" ; skos:prefLabel "dioxygen"@en .
<substance/O> lkg:formula "O" ; lkg:reducedFormula "O" ; skos:prefLabel "oxygen"@en .
<substance/NCM111> lkg:formula "Li3NiCoMnO6" ; lkg:reducedFormula "CoLi3MnNiO6" ; skos:prefLabel "NCM111"@en .
<substance/FEC> lkg:formula "C3H3FO3" ; lkg:reducedFormula "C3FH3O3" ; skos:prefLabel "FEC"@en ;
  lkg:inChIKey "SBLRHMKNNHXPHG-UHFFFAOYSA-N" ; lkg:conducts <carrier/nothing> .
<design/coated> skos:prefLabel "coated host"@en ; lkg:hasComponent <design/coated/components/host> ;
  lkg:reportedIn <reference/s/7> .
<design/coated/components/host> lkg:hasSublayer <design/coated/components/host/sublayers/film> .
<design/coated/components/host/sublayers/film> lkg:hasConstituent <substance/ZnO> ; lkg:formedFrom <substance/ZnO> .
<work/w> lkg:doi "10.1000/ABC" ; skos:prefLabel "A work"@en .
<reference/s/7> lkg:refersTo <work/w> ; skos:prefLabel "reference 7"@en .
<reference/s/9> lkg:refersTo <work/w> ; skos:prefLabel "reference 9"@en .
"""


@pytest.fixture(scope="session")
def few() -> KnowledgeGraph:
    """A graph of a few things, with the shipped questions."""
    head = "".join(f"@prefix {prefix}: <{iri}> .\n" for prefix, iri in PREFIXES.items())
    quads = ox.parse(head + FACTS, format=ox.RdfFormat.TURTLE, base_iri=ID)
    graph = ox.NamedNode("x:g")
    return KnowledgeGraph(
        EmbeddedStore.in_memory(ox.Quad(*quad.triple, graph) for quad in quads), Sources(ROOT)
    )


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """Writes a file of the user's."""

    def write(content: str | bytes) -> Path:
        path = tmp_path / "mine.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write
