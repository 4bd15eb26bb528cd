"""What follows when a few statements join a store that has been derived: only their own part runs.

Rules only ever add conclusions, so what stands in the store stays. New ones can follow wherever something
reaches what the statements are about, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.clashes import contradiction
from lithiokg.reasoning.closures import DISTINCT_CLASSES, INFERRED_GRAPH
from lithiokg.reasoning.cutting import find_cut
from lithiokg.reasoning.division import derive_in_parts
from lithiokg.reasoning.gathering import Individual, Reader
from lithiokg.reasoning.names import OWL, RDF_TYPE, local_name
from lithiokg.reasoning.parts import PartRunner
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lithiokg.reasoning.derivation import PlaceLookup
    from lithiokg.reasoning.parts import Part
    from lithiokg.reasoning.rules import RuleSet

__all__ = ["Addition", "derive_added"]

#: If more things than this reach what is added, everything is derived anew.
MOST_SEEDS = 2_000
_TYPE = ox.NamedNode(RDF_TYPE)
_ONTOLOGY = ox.NamedNode(GRAPH + "ontology")


@dataclass(frozen=True, slots=True)
class Addition:
    """What follows from added statements.

    Attributes:
        conclusions: in ``lkgg:inferred``; those that the store does not hold yet.
        statements: how many were read to find out.
        whole: why everything had to be derived anew, in words; empty if it had not.
    """

    conclusions: frozenset[ox.Quad]
    statements: int
    whole: str = ""


class _WholeError(Exception):
    """The addition cannot be derived on its own; says why."""


def derive_added(
    store: ox.Store,
    rules: RuleSet,
    added: Iterable[ox.Quad],
    *,
    places: PlaceLookup | None = None,
    distinct: Iterable[str] = DISTINCT_CLASSES,
    told: Callable[[str], None] = lambda _: None,
) -> Addition:
    """Derive what follows from a store with some more statements, and not without them.

    Read are the added statements, what they reach, and what reaches the things that they are about. A
    design that refers to known substances is derived alone. Everything is derived anew if the statements
    add to a list that a flag calls complete, or are about something that very much else rests on.

    Args:
        store: statements, and in ``lkgg:inferred`` all that follows from them. It is only read.
        rules: the compiled ontology, the same as that of the store.
        added: the statements to add, each in its named graph.
        places: finds where a statement was written, for messages.
        distinct: classes whose individuals all differ from each other.
        told: told in words if everything is derived anew.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
    """
    new = [quad for quad in added if quad not in store]
    try:
        return _Adding(store, rules, new, places, tuple(distinct)).run()
    except _WholeError as reason:
        told(f"everything is derived anew: {reason}")
        found = derive_in_parts(store, rules, added=new, places=places, distinct=distinct, told=told)
        return Addition(
            frozenset(quad for quad in found if quad not in store), len(store) + len(new), str(reason)
        )


class _Adding:
    def __init__(
        self,
        store: ox.Store,
        rules: RuleSet,
        new: list[ox.Quad],
        places: PlaceLookup | None,
        distinct: tuple[str, ...],
    ) -> None:
        cut = find_cut(rules, narrow=True)
        if cut.obstacles:
            raise _WholeError(cut.obstacles[0])
        self.store = store
        self.rules = rules
        self.new = new
        self.backwards = cut.backwards
        self.reader = Reader(store, rules, cut, added=new, distinct=distinct)
        self.runner = PartRunner(self.reader, places)

    def run(self) -> Addition:
        """Derive the part of what is added, and again with what its news reach, until there are no more."""
        self._refuse_corrections()
        seeds: dict[Individual, None] = {}
        touched = {quad.subject for quad in self.new if self.reader.is_read(quad)}
        touched |= {
            quad.object
            for quad in self.new
            if quad.predicate.value in self.backwards and isinstance(quad.object, Individual)
        }
        statements = 0
        while True:
            self._grow(seeds, touched)
            part = self._part(seeds)
            statements += part.statements
            conclusions = frozenset(self._fresh(part))
            touched = {
                quad.subject for quad in conclusions if quad.predicate == _TYPE and quad.subject not in seeds
            }
            if not touched:
                return Addition(conclusions, statements)

    def _refuse_corrections(self) -> None:
        """Conclusions may have to be taken back where a complete list grows, or the ontology changes."""
        flags: dict[str, list[str]] = {}
        for flag, iri in self.rules.ontology.closes.items():
            flags.setdefault(iri, []).append(flag)
        for quad in self.new:
            if quad.graph_name == _ONTOLOGY:
                raise _WholeError("the ontology is added to")
            if quad.predicate.value.startswith(OWL):
                raise _WholeError(f"{local_name(quad.predicate.value)} says which things differ")
            for flag in flags.get(quad.predicate.value, ()):
                closed = self.store.quads_for_pattern(quad.subject, ox.NamedNode(flag), None, quad.graph_name)
                if next(closed, None) is not None:
                    raise _WholeError(f"{local_name(flag)} already lists all that {quad.subject} has")

    def _grow(self, seeds: dict[Individual, None], touched: Iterable[Individual]) -> None:
        """Add what was touched to the seeds, with everything that reaches it."""
        todo = list(touched)
        while todo:
            individual = todo.pop()
            if individual in seeds:
                continue
            seeds[individual] = None
            if len(seeds) > MOST_SEEDS:
                raise _WholeError(f"more than {MOST_SEEDS:,} things reach what is added")
            for quad in self.reader.links_to(individual):
                todo.append(quad.subject)
                if len(todo) > MOST_SEEDS:
                    raise _WholeError(f"more than {MOST_SEEDS:,} things reach what is added")

    def _part(self, seeds: Iterable[Individual]) -> Part:
        """Derive a part; what only others concluded of its individuals is looked up in the store."""
        gathered = self.reader.gather(seeds)
        part = self.runner.derive(gathered, {})
        known = self._known(part)
        if known and not part.clashes:
            part = self.runner.derive(gathered, known)
        if part.clashes:
            raise contradiction(part.clashes)
        return part

    def _known(self, part: Part) -> dict[Individual, int]:
        """Classes in the store that the part does not find by itself, as bits."""
        known: dict[Individual, int] = {}
        for individual, mask in part.classes.items():
            for quad in self.store.quads_for_pattern(individual, _TYPE, None, INFERRED_GRAPH):
                bit = (
                    self.runner.bits.get(quad.object.value, 0) if isinstance(quad.object, ox.NamedNode) else 0
                )
                if bit & ~mask:
                    known[individual] = known.get(individual, 0) | bit
        return known

    def _fresh(self, part: Part) -> Iterator[ox.Quad]:
        for triple in part.conclusions:
            known = self.store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
            if next(known, None) is None:
                yield ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
