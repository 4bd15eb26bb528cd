"""Validation part by part, and of what joins a graph, against validation of the whole."""

from __future__ import annotations

import subprocess
import sys

import pyoxigraph as ox
import pytest

from lithiokg.validation import validate, validate_added, validate_in_parts
from lithiokg.vocabulary import GRAPH

ONTOLOGY, SOURCE = ox.NamedNode(GRAPH + "ontology"), ox.NamedNode(GRAPH + "asserted/example")


def store_of(example, background):
    store = ox.Store()
    for triples, graph in ((background, ONTOLOGY), (example, SOURCE)):
        store.extend(ox.Quad(triple.subject, triple.predicate, triple.object, graph) for triple in triples)
    return store


def test_each_record_by_itself_breaks_the_rules_that_it_breaks_among_all(far, break_it, shapes):
    """Parts of one record each: whatever a rule looks at elsewhere must have been gathered."""
    store = store_of(*break_it(far))
    whole = validate(store, shapes=shapes)
    assert whole.findings
    assert validate_in_parts(store, shapes=shapes, size=1).as_text() == whole.as_text()


def test_what_is_broken_by_an_addition_is_found_with_the_addition_alone(far, break_it, shapes):
    example, background = break_it(far)
    records = {triple.subject for triple in example}
    whole = validate(store_of(example, background), shapes=shapes)
    # What is there is right: the example without the records that break the rule, one of them at a time.
    for culprit in sorted({finding.node for finding in whole.findings}):
        own = {triple for triple in example if triple.subject.value == culprit}
        there = store_of(example - own, background)
        added = [ox.Quad(triple.subject, triple.predicate, triple.object, SOURCE) for triple in own]
        found = validate_added(there, added, shapes=shapes)
        expected = [finding for finding in whole.findings if finding.node == culprit]
        assert [finding for finding in found.findings if finding.node == culprit] == expected
    assert records


@pytest.fixture(scope="module")
def whole(graph):
    """What is found in the shipped graph in one piece."""
    return validate(graph.store.oxigraph, sources=graph.sources)


LEFT_BY_A_PART = """
import gc, os, sys
from pathlib import Path
import pyoxigraph as ox
from lithiokg.sources import find_sources
from lithiokg.validation import parts, read_shapes
shapes = read_shapes(find_sources().ontology / "shapes")
parts._begin(Path(sys.argv[1]), shapes, os.getppid())
record = next(parts._parts(ox.Store.read_only(sys.argv[1]), 1))[0].value
parts._check([record])
print(gc.collect())
"""


def test_a_process_that_checks_part_after_part_keeps_nothing_of_the_last(graph):
    """pySHACL leaves half a million objects in circles; kept, they were gigabytes after some hundred parts."""
    command = [sys.executable, "-c", LEFT_BY_A_PART, str(graph.snapshot.store)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert int(done.stdout) < 1000


@pytest.mark.parametrize("size", [4_000])
def test_the_shipped_graph_has_the_same_findings_in_parts(graph, whole, size):
    parts = validate_in_parts(graph.store.oxigraph, sources=graph.sources, size=size)
    assert {(finding.shape, finding.node, finding.value) for finding in parts.findings} == {
        (finding.shape, finding.node, finding.value) for finding in whole.findings
    }
