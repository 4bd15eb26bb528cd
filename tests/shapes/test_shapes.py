"""Every rule of ``ontology/shapes`` against valid examples and examples with one broken triple."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from lithiokg.validation import validate


@pytest.fixture
def report_on(shapes):
    def report(example, background):
        quads = [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in example]
        return validate(quads, ontology=background, shapes=shapes)

    return report


def test_a_valid_example_has_no_findings(valid_path, build, report_on):
    report = report_on(*build(valid_path))
    assert report.as_text() == "No findings."


def test_one_broken_triple_breaks_exactly_one_rule(broken, break_it, report_on):
    report = report_on(*break_it(broken))
    assert {finding.name for finding in report.findings} == {broken.rule}, report.as_text()
    assert any(broken.message in finding.rule for finding in report.findings), report.as_text()
    assert {finding.severity.value for finding in report.findings} == {broken.severity}


def test_every_rule_has_an_example_that_breaks_it(shapes, all_broken):
    rules = {iri.rpartition("/")[2] for iri in shapes.rules}
    assert rules == {broken.rule for broken in all_broken}


def test_every_file_of_shapes_has_its_examples(sources):
    files = {path.stem for path in (sources.ontology / "shapes").glob("*.ttl")}
    folders = {path.parent.name for path in (sources.root / "tests" / "shapes").glob("*/valid.ttl")}
    assert files == folders


def test_every_shape_that_checks_something_is_a_rule_with_a_name(shapes):
    """No constraint hides in a blank node, and no node shape checks anything without a message."""
    sh = "http://www.w3.org/ns/shacl#"
    allowed = {"targetClass", "targetSubjectsOf", "targetObjectsOf", "property", "sparql"}
    node_shapes = {
        triple.subject
        for triple in shapes.triples
        if triple.object == ox.NamedNode(sh + "NodeShape") and triple.subject.value not in shapes.rules
    }
    for triple in shapes.triples:
        local = triple.predicate.value.removeprefix(sh)
        if local in {"property", "sparql"}:
            assert isinstance(triple.object, ox.NamedNode)
            assert triple.object.value in shapes.rules
        if triple.subject in node_shapes and triple.predicate.value.startswith(sh):
            assert local in allowed, triple


def test_every_rule_is_reached_by_a_target(shapes):
    targeted = {constraint.rule.iri for constraint in shapes.constraints if constraint.targets}
    core = {triple.subject.value for triple in shapes.core if "#target" in triple.predicate.value}
    assert set(shapes.rules) <= targeted | core


def test_messages_and_mends_are_sentences(shapes):
    for rule in shapes.rules.values():
        for text in (rule.message, rule.mend):
            assert text.endswith("."), rule.iri
            assert text[0].isupper() or text[0] == "{", rule.iri
