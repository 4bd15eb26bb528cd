"""The shipped graph: what stands in it is what HermiT finds, individual by individual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.reasoning import compare_with_hermit, hermit_available
from lithiokg.vocabulary import GRAPH, LKG

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

pytestmark = pytest.mark.skipif(
    not hermit_available(), reason="needs HermiT and Java: pip install 'lithiokg[dl]'"
)


def test_every_individual_is_what_hermit_finds(graph: KnowledgeGraph) -> None:
    judged: list[tuple[int, int]] = []
    difference = compare_with_hermit(graph.quads(), progress=lambda *counts: judged.append(counts))
    assert difference.equal, str(difference)
    seen, individuals = judged[-1]
    assert seen >= individuals > 4000
    assert difference.common > 10_000


def test_no_conclusion_stands_outside_its_graph(graph: KnowledgeGraph) -> None:
    """What was inferred can be told from what was stated: it stands in one graph, and nowhere else."""
    store = graph.store.oxigraph  # type: ignore[attr-defined]
    inferred = ox.NamedNode(GRAPH + "inferred")
    for name in (
        "isExpectedToShow",
        "isExpectedToBlock",
        "isNotExpectedToBlock",
        "isAtRiskOf",
        "actsThrough",
    ):
        graphs = {quad.graph_name for quad in store.quads_for_pattern(None, ox.NamedNode(LKG + name), None)}
        assert graphs == {inferred}, name
