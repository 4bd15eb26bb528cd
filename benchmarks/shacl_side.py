"""Validation here and in pySHACL alone: ``python benchmarks/shacl_side.py ours|pyshacl SNAPSHOT_STORE OBSERVATIONS``.

``same`` compares the two, record by record and rule by rule, on a few records with something wrong in each, which
pySHACL alone finishes. Prints the figures as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib

from lithiokg.conformance.synthetic import Catalogue, synthetic_designs
from lithiokg.sources import find_sources
from lithiokg.validation import read_shapes, validate
from lithiokg.validation.core import to_rdflib
from lithiokg.validation.run import is_left_out
from lithiokg.vocabulary import LKG

__all__ = ["main"]

_SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
_OBSERVED = ox.NamedNode(LKG + "observedProperty")
_EXAMPLES = Path(__file__).parent.parent / "tests" / "shapes"


def _facts(snapshot: str, observations: int) -> list[ox.Quad]:
    shipped = ox.Store.read_only(snapshot)
    quads = [quad for quad in shipped if not is_left_out(quad.graph_name)]
    left = observations - sum(quad.predicate == _OBSERVED for quad in quads)
    for design in synthetic_designs(Catalogue.of(shipped)):
        if left <= 0:
            break
        quads += (quad for quad in design if not is_left_out(quad.graph_name))
        left -= sum(quad.predicate == _OBSERVED for quad in design)
    return quads


def _alone(triples: set[ox.Triple]) -> tuple[float, set[tuple[str, str]]]:
    """Seconds of pySHACL with all shapes, SPARQL constraints too, and what it finds."""
    shapes = read_shapes(find_sources().ontology / "shapes")
    data, rules = to_rdflib(triples), to_rdflib(shapes.triples)
    start = time.perf_counter()
    _, results, _ = pyshacl.validate(data, shacl_graph=rules, inference="none", advanced=False, inplace=True)
    seconds = time.perf_counter() - start
    found = set()
    for result in results.subjects(rdflib.RDF.type, _SH.ValidationResult):
        rule = results.value(result, _SH.sourceConstraint) or results.value(result, _SH.sourceShape)
        if str(rule) in shapes.rules:
            found.add((str(results.value(result, _SH.focusNode)), str(rule)))
    return seconds, found


def _same() -> dict[str, int]:
    """How many findings both have, and only one of the two, on records with every rule broken once."""
    import yaml  # noqa: PLC0415  # only here

    modules = [
        quad.triple
        for path in sorted((find_sources().ontology / "modules").glob("*.ttl"))
        for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]
    background = (_EXAMPLES / "background.ttl").read_text(encoding="utf-8")
    prologue = "".join(line + "\n" for line in background.splitlines() if line.startswith("@"))

    def read(turtle: str) -> set[ox.Triple]:
        return {quad.triple for quad in ox.parse(prologue + turtle, format=ox.RdfFormat.TURTLE)}

    terms = {triple.subject for triple in modules if isinstance(triple.subject, ox.NamedNode)}
    counts = {"both": 0, "only here": 0, "only pySHACL": 0}
    for path in sorted(_EXAMPLES.glob("*/broken.yaml")):
        example = read(background) | read((path.parent / "valid.ttl").read_text(encoding="utf-8"))
        broken = example
        for each in yaml.safe_load(path.read_text(encoding="utf-8")):
            broken = (broken - read(each.get("remove", ""))) | read(each.get("add", ""))
        used = {term for triple in broken for term in (triple.predicate, triple.object)} & terms
        kinds = {
            triple for triple in modules if triple.subject in used or "subClassOf" in triple.predicate.value
        }
        triples = broken | {
            triple for triple in kinds if isinstance(triple.object, ox.NamedNode | ox.Literal)
        }
        nodes = {triple.subject.value for triple in broken if isinstance(triple.subject, ox.NamedNode)}
        report = validate([ox.Quad(t.subject, t.predicate, t.object) for t in triples])
        ours = {(finding.node, finding.shape) for finding in report.findings if finding.node in nodes}
        theirs = {(node, rule) for node, rule in _alone(triples)[1] if node in nodes}
        counts["both"] += len(ours & theirs)
        counts["only here"] += len(ours - theirs)
        counts["only pySHACL"] += len(theirs - ours)
    return counts


def main(arguments: list[str]) -> None:
    """Command line: see the top."""
    figures: dict[str, float]
    if arguments[0] == "same":
        figures = dict(_same())
    else:
        quads = _facts(arguments[1], int(arguments[2]))
        triples = {quad.triple for quad in quads}
        start = time.perf_counter()
        found = len(validate(quads).findings) if arguments[0] == "ours" else len(_alone(triples)[1])
        figures = {"triples": len(triples), "seconds": time.perf_counter() - start, "findings": found}
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
