"""Let HermiT judge a whole snapshot, module after module.

HermiT takes minutes for a few hundred individuals at once and a second for a module. An individual's
classes depend on what it reaches, so modules of everything that nothing else reaches cover the graph.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.closures import CLOSURES_GRAPH, INFERRED_GRAPH, closure_axioms
from lithiokg.reasoning.compare import Difference, compare
from lithiokg.reasoning.compiler import compile_rules
from lithiokg.reasoning.hermit import axiom_triples, realize
from lithiokg.reasoning.modules import module_of
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.reasoning.reading import ontology_from
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lithiokg.reasoning.rules import RuleSet

__all__ = ["compare_with_hermit"]

_ONTOLOGY_GRAPH = ox.NamedNode(GRAPH + "ontology")
#: Individuals that HermiT gets at once: fewer calls, but its time grows faster than their number.
_BATCH = 300


def compare_with_hermit(
    quads: Iterable[ox.Quad], *, progress: Callable[[int, int], None] | None = None
) -> Difference:
    """Let HermiT find every membership anew and compare with what the quads hold.

    Args:
        quads: a whole snapshot: ontology, facts, closures and conclusions.
        progress: told how many individuals of how many have been judged.

    Raises:
        InconsistencyError: if HermiT finds a contradiction.
        LithioKGError: if HermiT or Java is missing.
    """
    everything = list(quads)
    store = ox.Store()
    store.bulk_extend(q for q in everything if q.graph_name not in (INFERRED_GRAPH, CLOSURES_GRAPH))
    rules = compile_rules(ontology_from(store.quads_for_pattern(None, None, None, _ONTOLOGY_GRAPH)))
    axioms = list(axiom_triples(rules.ontology))
    held = set(_memberships(everything))
    individuals = _individuals(store, rules)
    found: set[tuple[str, str]] = set()
    seen: set[str] = set()
    batches = list(_batches(store, rules, individuals))
    # HermiT uses one core of its own process; the threads only wait for it.
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        judged = pool.map(_judge, batches, repeat(axioms), repeat(rules))
        for batch, memberships in zip(batches, judged, strict=True):
            found |= memberships
            seen |= {quad.subject.value for quad in batch if isinstance(quad.subject, ox.NamedNode)}
            if progress is not None:
                progress(len(seen), len(individuals))
    known = set(individuals)
    return compare(
        (pair for pair in held if pair[0] in known),
        (pair for pair in found if pair[0] in known),
        classes=rules.ontology.classes,
    )


def _judge(batch: list[ox.Quad], axioms: list[ox.Triple], rules: RuleSet) -> set[tuple[str, str]]:
    part = ox.Store()
    part.bulk_extend(batch)
    return realize([*axioms, *part, *closure_axioms(part, rules.ontology)])


def _memberships(quads: Iterable[ox.Quad]) -> Iterator[tuple[str, str]]:
    for quad in quads:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        if quad.predicate.value == RDF_TYPE:
            yield subject.value, value.value


def _individuals(store: ox.Store, rules: RuleSet) -> list[str]:
    """Everything with a type or a property value; what nothing points to comes first."""
    ontology = rules.ontology
    named: set[str] = set()
    reached: set[str] = set()
    for quad in store:
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
            continue
        if quad.predicate.value in ontology.object_properties:
            named |= {quad.subject.value, quad.object.value}
            reached.add(quad.object.value)
        elif quad.predicate.value == RDF_TYPE and quad.object.value in ontology.classes:
            named.add(quad.subject.value)
    return sorted(named, key=lambda iri: (iri in reached, iri))


def _batches(store: ox.Store, rules: RuleSet, individuals: list[str]) -> Iterator[list[ox.Quad]]:
    """Modules of everything, put together until HermiT has enough to do."""
    covered: set[str] = set()
    batch: dict[ox.Quad, None] = {}
    members: set[str] = set()
    for individual in individuals:
        if individual in covered:
            continue
        module = list(module_of(store, individual, rules, skip=()))
        batch.update(dict.fromkeys(module))
        # A value at the rim has its stated classes only; it comes again with a module of its own.
        inner = {q.subject.value for q in module if isinstance(q.subject, ox.NamedNode) and _is_fact(q)}
        members |= inner | {individual}
        covered |= inner | {individual}
        if len(members) >= _BATCH:
            yield list(batch)
            batch, members = {}, set()
    if batch:
        yield list(batch)


def _is_fact(quad: ox.Quad) -> bool:
    return quad.predicate.value != RDF_TYPE
