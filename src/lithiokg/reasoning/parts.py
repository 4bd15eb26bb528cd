"""One part of the data: its individuals, with all that is stated of them, and what follows from that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.names import RDF_TYPE, is_private
from lithiokg.reasoning.running import conclude

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lithiokg.reasoning.derivation import PlaceLookup
    from lithiokg.reasoning.gathering import Gathered, Individual, Reader
    from lithiokg.reasoning.rules import Clash

__all__ = ["Part", "PartRunner"]

_TYPE = ox.NamedNode(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one part.

    Attributes:
        seeds: where it began.
        statements: how many it holds.
        classes: the classes concluded of each individual, as bits (see :attr:`PartRunner.bits`).
        conclusions: memberships and property values.
        clashes: contradictions.
    """

    seeds: tuple[Individual, ...]
    statements: int
    classes: dict[Individual, int]
    conclusions: Sequence[ox.Triple]
    clashes: tuple[Clash, ...]


class PartRunner:
    """Runs the rules on parts.

    Args:
        reader: looks up the statements.
        places: finds where a statement was written, for messages.
    """

    def __init__(self, reader: Reader, places: PlaceLookup | None = None) -> None:
        self.reader = reader
        self.rules = reader.rules
        self.places = places
        heads = {rule.head.key for rule in self.rules.rules if rule.head and _is_class(rule.head.predicate)}
        #: One bit for each class that rules conclude, auxiliary ones included.
        self.bits = {iri: 1 << number for number, iri in enumerate(sorted(heads))}

    def run(
        self,
        seeds: Iterable[Individual],
        *,
        known: Mapping[Individual, int] | None = None,
        limit: int | None = None,
    ) -> Part:
        """Gather a part and derive what follows.

        Args:
            seeds: where to begin; as many are taken as fit.
            known: classes of individuals, as bits, that other parts concluded.
            limit: begin no further seed once there are so many statements.
        """
        return self.derive(self.reader.gather(seeds, limit=limit), known or {})

    def run_all(self, seeds: Iterable[Individual], *, limit: int) -> Iterator[Part]:
        """Run part after part until no seed is left."""
        remaining = iter(seeds)
        while (part := self.run(remaining, limit=limit)).seeds:
            yield part

    def derive(self, part: Gathered, known: Mapping[Individual, int]) -> Part:
        """Derive what follows in a part that has been gathered."""
        working, closures = self.reader.working(part)
        working.extend(quad for quad in self._told(known) if quad.subject in part.individuals)
        run = conclude(self.rules, working, closures, labels=self.reader.store, places=self.places)
        classes = dict.fromkeys(part.individuals, 0)
        conclusions: list[ox.Triple] = []
        for rule, triples in run.batches:
            assert rule.head is not None  # noqa: S101  # deriving rules have heads
            if not is_private(rule.head.key):
                conclusions += triples
            if _is_class(rule.head.predicate):
                bit = self.bits[rule.head.key]
                for triple in triples:
                    if triple.subject in classes:  # and no list of a closure
                        classes[triple.subject] |= bit
        for individual, mask in known.items():
            if individual in classes:
                classes[individual] |= mask
        return Part(tuple(part.seeds), len(part.facts), classes, conclusions, run.clashes)

    def _told(self, known: Mapping[Individual, int]) -> Iterator[ox.Quad]:
        for individual, mask in known.items():
            for iri, bit in self.bits.items():
                if mask & bit:
                    yield ox.Quad(individual, _TYPE, ox.NamedNode(iri))


def _is_class(predicate: str) -> bool:
    return predicate == f"<{RDF_TYPE}>"
