"""What the README counts is what the graph holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.store import Table

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
COUNTED = {
    "designs": "?x a lkg:Design",
    "observations": "?x a lkg:Observation",
    "claims": "?x a lkg:Claim",
    "substances": "?x a lkg:Substance",
    "discrepancies": "?x a lkg:Discrepancy",
    "references": "?x a lkg:Reference",
    "classes": "GRAPH lkgg:ontology { ?x a owl:Class FILTER(ISIRI(?x)) }",
    "properties": "VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty } "
    "GRAPH lkgg:ontology { ?x a ?kind FILTER(ISIRI(?x)) }",
}


def stated(what: str) -> int:
    (section,) = re.findall(r"## What is in it\n\n(.*?)\n\n", README, flags=re.DOTALL)
    (number,) = re.findall(rf"\b([0-9,]+)\s+(?:saved )?{what}\b", section)
    return int(number.replace(",", ""))


@pytest.mark.parametrize("what", COUNTED)
def test_the_readme_counts_what_is_there(what: str, graph: KnowledgeGraph) -> None:
    found = graph.sparql(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {COUNTED[what]} }}")
    assert isinstance(found, Table)
    assert found.dicts() == [{"n": stated(what)}]


def test_the_readme_counts_the_questions(graph: KnowledgeGraph) -> None:
    assert len(graph.questions()) == stated("questions")
