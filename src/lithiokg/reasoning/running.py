"""Run the rules to a fixpoint over the statements of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import InconsistencyError
from lithiokg.reasoning.clashes import clash_message, find_clashes
from lithiokg.reasoning.closures import DISTINCT_CLASSES
from lithiokg.reasoning.derivation import Derivation, PlaceLookup
from lithiokg.reasoning.working import working_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.rules import Rule, RuleSet

__all__ = ["run_rules"]


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
    batches = tuple(_fixpoint(working, rules))
    derivation = Derivation(rules, working, batches, tuple(closures))
    clashes = find_clashes(derivation, store, places)
    if not clashes:
        return derivation
    if raising:
        message, place = clash_message(clashes, derivation, places)
        raise InconsistencyError(message, place=place, mend="take back or correct one of these facts")
    return Derivation(rules, working, batches, tuple(closures), clashes)


def _fixpoint(working: ox.Store, rules: RuleSet) -> Iterator[tuple[Rule, tuple[ox.Triple, ...]]]:
    """Run group after group of mutually recursive rules, each until nothing new follows.

    Inside a group a rule runs again only if something that it reads has grown since.
    """
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
                triples = _run(working, group[position])
                if triples:
                    head = group[position].head
                    assert head is not None  # noqa: S101  # deriving rules have heads
                    due |= readers.get(head.key, set())
                    yield group[position], triples


def _run(working: ox.Store, rule: Rule) -> tuple[ox.Triple, ...]:
    found = working.query(rule.construct)
    assert isinstance(found, ox.QueryTriples)  # noqa: S101  # a CONSTRUCT returns triples
    triples = tuple(found)
    if triples:
        working.extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    return triples
