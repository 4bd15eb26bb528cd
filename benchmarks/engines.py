"""One engine on one set of facts, in a process of its own: ``python benchmarks/engines.py ENGINE FOLDER``.

The folder holds the facts, once as N-Quads with their completeness flags (``facts.nq``, for LithioKG) and once
with the ontology and the closure axioms that say the same in OWL (``everything.ttl``, for the others). Prints
the seconds, and writes every membership found in a named class to ``ENGINE.json``.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.conformance.synthetic import Catalogue, synthetic_designs
from lithiokg.reasoning import closure_axioms, find_cut, load_rules, realize, run_rules
from lithiokg.reasoning.closures import DISTINCT_CLASSES
from lithiokg.reasoning.gathering import Reader
from lithiokg.reasoning.hermit import axiom_triples
from lithiokg.sources import find_sources
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.reasoning import RuleSet

__all__ = ["ENGINES", "prepare"]

_Found = tuple[float, set[tuple[str, str]]]
_TYPE = PREFIXES["rdf"] + "type"


def prepare(snapshot: ox.Store, rules: RuleSet, designs: int, folder: Path) -> dict[str, int]:
    """Write some synthetic designs, with all that decides what they are, for every engine.

    Of the catalogue come the substances that they refer to, what becomes of these, and what the rules name.
    """
    store = ox.Store()
    store.bulk_extend(snapshot)
    made = [quad for design in islice(synthetic_designs(Catalogue.of(snapshot)), designs) for quad in design]
    store.bulk_extend(made)
    reader = Reader(store, rules, find_cut(rules, narrow=True), distinct=DISTINCT_CLASSES)
    part = reader.gather(dict.fromkeys(quad.subject for quad in made))
    facts = ox.Store()
    facts.bulk_extend(part.facts)
    axioms = [*axiom_triples(rules.ontology), *(q.triple for q in closure_axioms(facts, rules.ontology))]
    everything = dict.fromkeys([*axioms, *(quad.triple for quad in facts)])
    ox.serialize(facts, str(folder / "facts.nq"), format=ox.RdfFormat.N_QUADS)
    ox.serialize(everything, str(folder / "everything.ttl"), format=ox.RdfFormat.N_TRIPLES)
    return {"individuals": len(part.individuals), "facts": len(facts), "triples": len(everything)}


def _lithiokg(folder: Path) -> _Found:
    rules = load_rules(find_sources().ontology)
    facts = ox.Store()
    facts.bulk_load(path=str(folder / "facts.nq"), format=ox.RdfFormat.N_QUADS)
    start = time.perf_counter()
    run = run_rules(facts, rules)
    return time.perf_counter() - start, run.memberships()


def _hermit(folder: Path) -> _Found:
    triples = [quad.triple for quad in ox.parse(path=str(folder / "everything.ttl"))]
    start = time.perf_counter()
    found = realize(triples, memory=4000)
    return time.perf_counter() - start, found


def _owlrl(folder: Path) -> _Found:
    import owlrl  # noqa: PLC0415  # only where it is measured
    import rdflib  # noqa: PLC0415

    graph = rdflib.Graph()
    graph.parse(folder / "everything.ttl", format="turtle")
    start = time.perf_counter()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    seconds = time.perf_counter() - start
    return seconds, {(str(s), str(o)) for s, o in graph.subject_objects(rdflib.RDF.type)}


def _reasonable(folder: Path) -> _Found:
    import reasonable  # noqa: PLC0415  # only where it is measured

    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(folder / "everything.ttl"))
    start = time.perf_counter()
    triples = reasoner.reason()
    seconds = time.perf_counter() - start
    return seconds, {(str(s), str(o)) for s, p, o in triples if str(p) == _TYPE}


ENGINES: dict[str, Callable[[Path], _Found]] = {
    "LithioKG": _lithiokg,
    "HermiT": _hermit,
    "owlrl": _owlrl,
    "reasonable": _reasonable,
}


def main(engine: str, folder: Path) -> None:
    """Run one engine."""
    seconds, found = ENGINES[engine](folder)
    (folder / f"{engine}.json").write_text(json.dumps(sorted(found)), encoding="utf-8")
    print(json.dumps(seconds))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
