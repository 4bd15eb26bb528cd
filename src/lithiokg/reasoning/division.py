"""Derive part after part: in memory that a part needs, in time that grows with the data.

A part is some individuals with everything that they reach (:mod:`~lithiokg.reasoning.cutting` tells when
that suffices). What several parts reach, substances and baselines above all, is derived in each of them.
A part may also learn something about such an individual that the others cannot see, as when a layer that
is known to be organic makes its constituent organic. Parts must agree on the classes of what they share:
those that lack some are told and run again, until nobody has news.
"""

from __future__ import annotations

import os
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.clashes import contradiction, in_order
from lithiokg.reasoning.closures import DISTINCT_CLASSES, INFERRED_GRAPH
from lithiokg.reasoning.cutting import find_cut
from lithiokg.reasoning.gathering import Reader
from lithiokg.reasoning.parts import PartRunner
from lithiokg.reasoning.running import run_rules
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from lithiokg.reasoning.derivation import PlaceLookup
    from lithiokg.reasoning.gathering import Individual
    from lithiokg.reasoning.parts import Part
    from lithiokg.reasoning.rules import Clash, RuleSet

__all__ = ["PART_SIZE", "ROOT_CLASSES", "derive_in_parts", "derive_on_disk"]

#: Classes of things that bring their parts along: gathering begins there.
ROOT_CLASSES = (LKG + "Design",)
#: Statements in a part. What every part holds is few among them, and a larger store is slower to query.
PART_SIZE = 100_000


def derive_in_parts(
    store: ox.Store,
    rules: RuleSet,
    *,
    places: PlaceLookup | None = None,
    distinct: Iterable[str] = DISTINCT_CLASSES,
    roots: Iterable[str] = ROOT_CLASSES,
    added: Iterable[ox.Quad] = (),
    size: int = PART_SIZE,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[ox.Quad]:
    """Draw every conclusion that the rules allow, in ``lkgg:inferred``.

    The store is only read. What fits into one part is derived in one piece, and so is everything if
    the rules do not let themselves be cut. Conclusions about what parts share may come more than once.
    Those drawn before an error is raised are worth nothing.

    Args:
        store: the statements, in any named graphs; ``lkgg:inferred`` and ``lkgg:closures`` are ignored.
        rules: the compiled ontology.
        places: finds where a statement was written, for messages.
        distinct: classes whose individuals all differ from each other.
        roots: classes of things that bring their parts along; where parts begin.
        added: more statements, read as if they were in the store.
        size: statements in a part.
        told: told what happens, in words.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    added = list(added)
    if len(added) + sum(1 for _ in islice(store, size)) >= size:
        cut = find_cut(rules, _stated_properties(store, added, rules))
        if not cut.obstacles:
            reader = Reader(store, rules, cut, added=added, distinct=distinct)
            yield from _Run(PartRunner(reader, places), told).conclusions(roots, size)
            return
        told(f"derived in one piece: {cut.obstacles[0]}")
    if added:
        together = ox.Store()
        together.bulk_extend(store)
        together.bulk_extend(added)
        store = together
    yield from run_rules(store, rules, places=places, distinct=distinct).quads()


def derive_on_disk(
    path: Path,
    rules: RuleSet,
    *,
    distinct: Iterable[str] = DISTINCT_CLASSES,
    roots: Iterable[str] = ROOT_CLASSES,
    size: int = PART_SIZE,
    processes: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Iterator[ox.Quad]:
    """The same as :func:`derive_in_parts` for a store on disk, several parts side by side.

    Args:
        path: the folder of the store. It is only read, and nobody may write to it meanwhile.
        rules: the compiled ontology.
        distinct: classes whose individuals all differ from each other.
        roots: classes of things that bring their parts along; where parts begin.
        size: statements in a part.
        processes: how many work at a time; as many as there are processors unless given.
        told: told what happens, in words.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    from lithiokg.reasoning.workers import Workers  # noqa: PLC0415  # only large stores need processes

    store = ox.Store.read_only(str(path))
    processes = processes or os.cpu_count() or 1
    cut = find_cut(rules, _stated_properties(store, (), rules))
    small = sum(1 for _ in islice(store, size)) < size
    if cut.obstacles or small or processes == 1:
        yield from derive_in_parts(store, rules, distinct=distinct, roots=roots, size=size, told=told)
        return
    with Workers(path, rules, cut, distinct=tuple(distinct), processes=processes) as workers:
        yield from _Run(workers, told).conclusions(roots, size)


def _stated_properties(store: ox.Store, added: Iterable[ox.Quad], rules: RuleSet) -> set[str]:
    found = {quad.predicate.value for quad in added}
    properties = rules.vocabulary & (rules.ontology.object_properties | rules.ontology.data_properties)
    for iri in properties - found:
        if next(store.quads_for_pattern(None, ox.NamedNode(iri), None, None), None) is not None:
            found.add(iri)
    return found


class _Run:
    """All parts of a store, one after the other."""

    def __init__(self, runner: PartRunner, told: Callable[[str], None]) -> None:
        self.runner = runner
        self.told = told
        self.shares = _Shares()
        self.seeds: list[tuple[Individual, ...]] = []
        self.clashes: dict[object, Clash] = {}

    def conclusions(self, roots: Iterable[str], size: int) -> Iterator[ox.Quad]:
        """The conclusions of every part; raises in the end if there were contradictions."""
        for part in self.parts(roots, size):
            for triple in part.conclusions:
                yield ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
        found = in_order(self.clashes.values(), self.runner.rules)
        if found:
            raise contradiction(found)

    def parts(self, roots: Iterable[str], size: int) -> Iterator[Part]:
        """Every part, and once more those that lack what others found."""
        for seeds in (self._roots(roots), self._rest()):
            for part in self.runner.run_all(seeds, limit=size):
                self.seeds.append(part.seeds)
                yield self._noted(len(self.seeds) - 1, part)
        known: dict[int, dict[Individual, int]] = {}
        while lacking := self.shares.lacking():
            for number, news in lacking.items():
                held = known.setdefault(number, {})
                for individual, mask in news.items():
                    held[individual] = held.get(individual, 0) | mask
                self.told(f"part {number + 1} again: others know more about {len(news)} of its individuals")
                part = self.runner.run(self.seeds[number], known=held)
                yield self._noted(number, self._explained(part, held) if part.clashes else part)

    def _roots(self, classes: Iterable[str]) -> list[Individual]:
        """The members of the root classes, in the order of their names.

        Things of one source have similar names, and what they share is then in few parts.
        """
        members = self.runner.reader.members
        return sorted({member for iri in classes for member in members(iri)}, key=str)

    def _rest(self) -> Iterator[Individual]:
        """What no part holds so far."""
        return (one for one in self.runner.reader.subjects() if one not in self.shares)

    def _explained(self, part: Part, held: Mapping[Individual, int]) -> Part:
        """Explain contradictions with the statements of other parts on which they rest."""
        numbers = {number for item in held.items() for number in self.shares.knowing(*item)}
        seeds = dict.fromkeys(seed for number in sorted(numbers) for seed in self.seeds[number])
        together = self.runner.run([*part.seeds, *seeds])
        return replace(part, clashes=together.clashes or part.clashes)

    def _noted(self, number: int, part: Part) -> Part:
        self.told(
            f"part {number + 1}: {len(part.seeds):,} seeds, {part.statements:,} statements,"
            f" {len(part.conclusions):,} conclusions"
        )
        self.shares.note(number, part.classes)
        for clash in part.clashes:
            self.clashes.setdefault((clash.rule, clash.facts), clash)
        return part


class _Shares:
    """Which individuals stand in several parts, and what each of these knows about them."""

    def __init__(self) -> None:
        self._first: dict[Individual, tuple[int, int]] = {}
        self._shared: dict[Individual, dict[int, int]] = {}
        self._marks: dict[tuple[int, int], tuple[int, int]] = {}

    def __contains__(self, individual: object) -> bool:
        return individual in self._first

    def note(self, number: int, classes: Mapping[Individual, int]) -> None:
        """Take note of the individuals of a part, and of their classes there."""
        for individual, mask in classes.items():
            mark = self._marks.setdefault((number, mask), (number, mask))
            first = self._first.setdefault(individual, mark)
            if first[0] != number or individual in self._shared:
                self._shared.setdefault(individual, {first[0]: first[1]})[number] = mask

    def knowing(self, individual: Individual, mask: int) -> Iterator[int]:
        """The parts that know some of these classes of an individual."""
        for number, held in self._shared[individual].items():
            if held & mask:
                yield number

    def lacking(self) -> dict[int, dict[Individual, int]]:
        """For each part the classes, as bits, that only other parts know of individuals that it has."""
        found: dict[int, dict[Individual, int]] = {}
        for individual, masks in self._shared.items():
            everything = 0
            for mask in masks.values():
                everything |= mask
            for number, mask in masks.items():
                if mask != everything:
                    found.setdefault(number, {})[individual] = everything & ~mask
        return found
