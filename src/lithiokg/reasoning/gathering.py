"""Gather what the rules read of some individuals and of all that they reach."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.closures import (
    DERIVED_GRAPHS,
    Closure,
    distinct_groups,
    find_closures,
    listing_vocabulary,
    stated,
    stated_groups,
)
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.reasoning.working import filled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.cutting import Cut
    from lithiokg.reasoning.rules import RuleSet

__all__ = ["Gathered", "Individual", "Reader"]

_TYPE = ox.NamedNode(RDF_TYPE)
#: Whatever can be the subject of a statement.
Individual = ox.NamedNode | ox.BlankNode | ox.Triple


@dataclass(slots=True)
class Gathered:
    """Some individuals with everything that they reach, and all that is stated of these.

    Attributes:
        seeds: where gathering began, but for those of which nothing is stated.
        individuals: the ones reached.
        facts: their statements, each in its named graph.
        listing: those of the facts that closures and groups of different things are made from.
    """

    seeds: list[Individual] = field(default_factory=list)
    individuals: set[Individual] = field(default_factory=set)
    facts: list[ox.Quad] = field(default_factory=list)
    listing: list[ox.Quad] = field(default_factory=list)


class Reader:
    """Looks up single individuals in a store.

    Args:
        store: the statements; conclusions in it are passed over.
        rules: the compiled ontology; names the classes and properties that matter.
        cut: what parts must hold.
        added: statements that are not in the store, read as if they were.
        distinct: classes whose individuals all differ from each other.
    """

    def __init__(
        self,
        store: ox.Store,
        rules: RuleSet,
        cut: Cut,
        *,
        added: Iterable[ox.Quad] = (),
        distinct: Iterable[str],
    ) -> None:
        ontology = rules.ontology
        self.store = store
        self.rules = rules
        self.distinct = tuple(distinct)
        self._followed = cut.followed
        self._always = [ox.NamedNode(iri) for iri in sorted(cut.always)]
        self._backwards = [ox.NamedNode(iri) for iri in sorted(cut.backwards)]
        self._added = ox.Store()
        self._added.extend(added)
        self._stores = (store, self._added) if len(self._added) else (store,)
        read = (rules.vocabulary | set(ontology.closes)) & (
            ontology.data_properties | ontology.object_properties
        )
        listing = listing_vocabulary(ontology, self.distinct)
        #: For each property, and for each class, whether it is followed and whether lists are made from it.
        self._properties = {iri: (iri in cut.followed, iri in listing) for iri in read}
        self._classes = {iri: (False, iri in listing) for iri in ontology.classes}

    def _kind(self, quad: ox.Quad) -> tuple[bool, bool] | None:
        """Whether a statement is followed, and whether lists are made from it; None if it is not read."""
        kind = self._properties.get(quad.predicate.value)
        if kind is None and quad.predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            kind = self._classes.get(quad.object.value)
        return None if kind is None or quad.graph_name in DERIVED_GRAPHS else kind

    def is_read(self, quad: ox.Quad) -> bool:
        """Whether the rules read a statement; a conclusion is none."""
        return self._kind(quad) is not None

    def members(self, iri: str) -> Iterator[Individual]:
        """The stated members of a class."""
        for store in self._stores:
            yield from (quad.subject for quad in stated(store, RDF_TYPE, ox.NamedNode(iri)))

    def subjects(self) -> Iterator[Individual]:
        """Everything that anything is stated of; some of it more than once."""
        query = "SELECT REDUCED ?x { { GRAPH ?g { ?x ?p ?y } } UNION { ?x ?p ?y } }"
        for store in self._stores:
            found = store.query(query)
            assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
            for (subject,) in found:
                if isinstance(subject, Individual):
                    yield subject

    def links_to(self, individual: Individual, predicate: ox.NamedNode | None = None) -> Iterator[ox.Quad]:
        """The links over which others lead to an individual, all or those of one property."""
        for store in self._stores:
            for quad in store.quads_for_pattern(None, predicate, individual, None):
                if quad.predicate.value in self._followed and self.is_read(quad):
                    yield quad

    def gather(self, seeds: Iterable[Individual], *, limit: int | None = None) -> Gathered:
        """Gather seed after seed with what it reaches, and what every part must hold.

        Args:
            seeds: where to begin.
            limit: begin no further seed once there are so many statements.
        """
        found = Gathered()
        for individual in self._always:
            self._reach(individual, found)
        for seed in seeds:
            if seed in found.individuals:
                continue
            before = len(found.facts)
            self._reach(seed, found)
            if len(found.facts) == before:
                continue
            found.seeds.append(seed)
            if limit is not None and len(found.facts) >= limit:
                break
        return found

    def _reach(self, seed: Individual, found: Gathered) -> None:
        if seed in found.individuals:
            return
        found.individuals.add(seed)
        todo = [seed]
        while todo:
            individual = todo.pop()
            for store in self._stores:
                for quad in store.quads_for_pattern(individual, None, None, None):
                    if (kind := self._kind(quad)) is not None:
                        followed, listed = kind
                        found.facts.append(quad)
                        if followed:
                            _meet(quad.object, found.individuals, todo)
                        if listed:
                            found.listing.append(quad)
            for predicate in self._backwards:
                for quad in self.links_to(individual, predicate):
                    _meet(quad.subject, found.individuals, todo)

    @cached_property
    def _told_apart(self) -> tuple[tuple[str, ...], ...]:
        return tuple(group for store in self._stores for group in stated_groups(store))

    def working(self, part: Gathered) -> tuple[ox.Store, list[Closure]]:
        """The working store of a part, with its closures and groups of different things."""
        listing = ox.Store()
        listing.extend(part.listing)
        closures = find_closures(listing, self.rules.ontology)
        groups: list[Iterable[str]] = list(
            distinct_groups(listing, self.rules.ontology, distinct=self.distinct)
        )
        groups += [
            [iri for iri in group if ox.NamedNode(iri) in part.individuals] for group in self._told_apart
        ]
        facts = (ox.Quad(quad.subject, quad.predicate, quad.object) for quad in part.facts)
        return filled(facts, closures, groups), closures


def _meet(value: object, individuals: set[Individual], todo: list[Individual]) -> None:
    if isinstance(value, Individual) and value not in individuals:
        individuals.add(value)
        todo.append(value)
