"""Engines that answer right are told from those that do not, query by query."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from lithiokg.conformance import PROBES, Verdict, compare, examine_probes, examine_questions
from lithiokg.store import EmbeddedStore, RemoteStore, Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.conformance import Probe
    from lithiokg.graph import KnowledgeGraph

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, kind: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + kind))


def table(*values: object) -> Table:
    return Table(["x"], [(None if value is None else value,) for value in values])  # type: ignore[misc]


ONE, TWO = ox.Literal(1), ox.Literal(2)


@pytest.mark.parametrize(
    ("right", "other", "verdict"),
    [
        (table(ONE, TWO), table(ONE, TWO), "same"),
        (table(typed("2.5", "decimal")), table(typed("2.50", "decimal")), "same"),
        (table(typed("true", "boolean")), table(typed("1", "boolean")), "same"),
        (table(ox.Literal(1 / 3)), table(ox.Literal(0.33333333333)), "same"),
        (table(ox.BlankNode("a")), table(ox.BlankNode("b")), "same"),
        (table(None), table(None), "same"),
        (table(ONE, TWO), table(TWO, ONE), "other order"),
        (table(ox.Literal(True)), table(ONE), "other types"),
        (table(typed("2", "decimal")), table(TWO), "other types"),
        (table(ox.Literal("a", language="en")), table(ox.Literal("a")), "other types"),
        (table(ONE), table(TWO), "other rows"),
        (table(ONE), table(ONE, ONE), "other rows"),
        (table(ONE), table(), "other rows"),
        (table(None), table(ONE), "other rows"),
        (table(typed("2.5", "decimal")), table(TWO), "other rows"),
        (table(ox.Literal("1")), table(ox.Literal("2")), "other rows"),
        (table(ONE), Table(["y"], [(ONE,)]), "other rows"),
    ],
)
def test_answers_are_compared_by_rows_values_types_and_order(
    right: Table, other: Table, verdict: str
) -> None:
    assert compare(right, other).verdict == verdict


def test_the_difference_says_how_much_and_what() -> None:
    found = compare(table(ONE, TWO, TWO), table(ONE, ox.Literal(3)))
    assert (found.missing, found.extra) == (2, 1)
    assert compare(table(ox.Literal(True)), table(ONE)).words == "x is integer, not boolean"


@pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)
def test_a_probe_reads_no_data_and_the_embedded_engine_answers_it_right(probe: Probe) -> None:
    (finding,) = examine_probes(EmbeddedStore.in_memory([]), [probe])
    assert finding.difference.verdict is Verdict.SAME


def test_an_engine_that_is_right_passes(endpoint: str, lithio: Any) -> None:
    # The whole library is compared in test_questions.
    said = lithio("conformance", endpoint, "--only", "lithium-alloys", "--only", "works-with-most-figures")
    assert (said.code, said.out.strip()) == (0, f"{len(PROBES) + 2} answers: {len(PROBES) + 2} same")
    every = lithio("conformance", endpoint, "--only", "lithium-alloys", "--all", "-f", "json")
    assert {row["answer"] for row in json.loads(every.out)} == {"same"}


def test_an_engine_that_lost_a_fact_is_told_apart(nquads: str, graph: KnowledgeGraph) -> None:
    lost = f"<{ID}substance/ZnO> <{LKG}formsWithLithium> <{ID}substance/Li-Zn> "
    kept = [line for line in nquads.splitlines() if not line.startswith(lost)]
    store = ox.Store()
    store.bulk_load("\n".join(kept).encode(), format=ox.RdfFormat.N_QUADS)
    asked = [graph.question(name) for name in ("lithium-alloys", "works-with-most-figures")]
    alloys, works = examine_questions(graph.store, EmbeddedStore(store), asked)
    assert alloys.difference.verdict is Verdict.ROWS
    assert alloys.difference.missing > 0
    assert works.right


def test_an_engine_that_refuses_or_lies_is_reported_and_one_that_is_not_there_is_named(
    stub: Callable[..., Any], lithio: Any
) -> None:
    lying = stub(
        json.dumps(
            {
                "head": {"vars": ["x"]},
                "results": {
                    "bindings": [{"x": {"type": "literal", "value": "2", "datatype": XSD + "integer"}}]
                },
            }
        ).encode()
    )
    found = {each.name: each.difference for each in examine_probes(RemoteStore(lying.url))}
    assert found["quotient-of-integers"].verdict is Verdict.ROWS
    refusing = RemoteStore(stub(b"cannot", "text/plain", 500).url)
    assert {each.difference.verdict for each in examine_probes(refusing)} == {Verdict.NO_ANSWER}
    said = lithio("conformance", "http://127.0.0.1:9/query")
    assert (said.code, "cannot be reached" in said.err) == (3, True)
    assert len(found) == len(PROBES)
