"""What a run of the rules concluded, and from which batch each conclusion came."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import InconsistencyError, Place
from lithiokg.reasoning.closures import INFERRED_GRAPH, Closure
from lithiokg.reasoning.names import RDF_TYPE, is_private

if TYPE_CHECKING:
    from lithiokg.reasoning.rules import Clash, Rule, RuleSet

__all__ = ["Derivation", "PlaceLookup"]

#: Where a statement (subject, predicate, object; IRIs or the literal's text) was written.
PlaceLookup = Callable[[str, str, str], Place | None]


@dataclass(frozen=True)
class Derivation:
    """What the rules concluded.

    Attributes:
        rules: the rules that ran.
        working: statements, conclusions and private facts, in the default graph.
        batches: conclusions in the order they were drawn, each batch by one rule from what stood
            before it; private conclusions included.
        closures: what completeness flags listed.
        clashes: contradictions found; no conclusion may be used if there are any.
    """

    rules: RuleSet
    working: ox.Store = field(repr=False)
    batches: tuple[tuple[Rule, tuple[ox.Triple, ...]], ...] = field(repr=False)
    closures: tuple[Closure, ...] = field(repr=False)
    clashes: tuple[Clash, ...] = ()

    def quads(self) -> Iterator[ox.Quad]:
        """The conclusions as quads of ``lkgg:inferred``: memberships and property values.

        Raises:
            InconsistencyError: if the statements contradict the ontology.
        """
        if self.clashes:
            raise InconsistencyError(self.clashes[0].words, mend="take back or correct one of these facts")
        for rule, triples in self.batches:
            if rule.head is not None and not is_private(rule.head.key):
                for triple in triples:
                    yield ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)

    def memberships(self) -> set[tuple[str, str]]:
        """Every individual with every class it is known to belong to, stated or inferred."""
        classes = self.rules.ontology.classes
        return {
            (quad.subject.value, quad.object.value)
            for quad in self.working.quads_for_pattern(None, ox.NamedNode(RDF_TYPE), None)
            if isinstance(quad.object, ox.NamedNode)
            and isinstance(quad.subject, ox.NamedNode)
            and quad.object.value in classes
        }

    @cached_property
    def rank(self) -> dict[ox.Triple, int]:
        """The batch in which each conclusion was first drawn; statements have no rank."""
        return {triple: number for number, (_, triples) in enumerate(self.batches) for triple in triples}
