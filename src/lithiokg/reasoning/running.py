"""Run the rules to a fixpoint over the statements of a store."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.clashes import contradiction, find_clashes
from lithiokg.reasoning.closures import DISTINCT_CLASSES
from lithiokg.reasoning.derivation import Derivation, PlaceLookup
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.reasoning.working import working_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.closures import Closure
    from lithiokg.reasoning.rules import Rule, RuleSet

__all__ = ["conclude", "run_rules"]


def run_rules(
    store: ox.Store,
    rules: RuleSet,
    *,
    places: PlaceLookup | None = None,
    distinct: Iterable[str] = DISTINCT_CLASSES,
    raising: bool = True,
) -> Derivation:
    """Draw every conclusion that the rules allow.

    The store is only read; add :meth:`Derivation.quads` to it.

    Args:
        store: the statements, in any named graphs; ``lkgg:inferred`` and ``lkgg:closures`` are ignored.
        rules: the compiled ontology.
        places: finds where a statement was written, for messages.
        distinct: classes whose individuals all differ from each other.
        raising: whether a contradiction raises; otherwise it is found in ``clashes``.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    working, closures = working_store(store, rules, distinct=distinct)
    derivation = conclude(rules, working, closures, labels=store, places=places)
    if derivation.clashes and raising:
        raise contradiction(derivation.clashes)
    return derivation


def conclude(
    rules: RuleSet,
    working: ox.Store,
    closures: Iterable[Closure],
    *,
    labels: ox.Store,
    places: PlaceLookup | None = None,
) -> Derivation:
    """Run the rules in a working store, which is extended, and look for contradictions.

    Args:
        rules: the compiled ontology.
        working: statements, closures and groups, in the default graph.
        closures: what completeness flags listed, for messages.
        labels: knows what things are called, for messages.
        places: finds where a statement was written, for messages.
    """
    derivation = Derivation(rules, working, tuple(_fixpoint(working, rules)), tuple(closures))
    clashes = find_clashes(derivation, labels, places)
    return replace(derivation, clashes=clashes) if clashes else derivation


def _fixpoint(working: ox.Store, rules: RuleSet) -> Iterator[tuple[Rule, tuple[ox.Triple, ...]]]:
    """Run group after group of mutually recursive rules, each until nothing new follows.

    Inside a group a rule runs again only if something that it reads has grown since, and no rule runs
    before there is something of everything that it needs: a small part meets few of them.
    """
    present = _present(working, rules)
    groups: dict[int, list[Rule]] = {}
    for rule, stratum in zip(rules.rules, rules.strata, strict=True):
        groups.setdefault(stratum, []).append(rule)
    for group in groups.values():
        readers: dict[str, set[int]] = {}
        for position, rule in enumerate(group):
            for key in rule.reads:
                readers.setdefault(key, set()).add(position)
        due = set(range(len(group)))
        while due:
            for position in sorted(due):
                due.discard(position)
                rule = group[position]
                triples = _run(working, rule) if rule.needs <= present else ()
                if triples:
                    assert rule.head is not None  # noqa: S101  # deriving rules have heads
                    present.add(rule.head.key)
                    due |= readers.get(rule.head.key, set())
                    yield rule, triples


def _present(working: ox.Store, rules: RuleSet) -> set[str]:
    """The classes and properties that the statements have some instance of."""
    found: set[str] = set()
    for atom in {atom.key: atom for rule in rules.rules for atom in rule.body}.values():
        key = ox.NamedNode(atom.key)
        if atom.predicate == f"<{RDF_TYPE}>":
            quads = working.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), key)
        else:
            quads = working.quads_for_pattern(None, key, None)
        if next(quads, None) is not None:
            found.add(atom.key)
    return found


def _run(working: ox.Store, rule: Rule) -> tuple[ox.Triple, ...]:
    found = working.query(rule.construct)
    assert isinstance(found, ox.QueryTriples)  # noqa: S101  # a CONSTRUCT returns triples
    triples = tuple(found)
    if triples:
        working.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    return triples
