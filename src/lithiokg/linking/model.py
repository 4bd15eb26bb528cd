"""Mappings and sets of them, as read from a table."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.linking.slots import NO_TERM_FOUND
from lithiokg.vocabulary import GRAPH, ID, PREFIXES

if TYPE_CHECKING:
    from decimal import Decimal

__all__ = ["Mapping", "MappingSet", "Values"]

#: Values of slots by name: CURIEs written out, everything else as it stands in the table.
Values = MappingOf[str, tuple[str, ...]]


@dataclass(frozen=True)
class Mapping:
    """One row: how a term of ours relates to a term of the target, or that the target has none.

    Attributes:
        target: the key of the set it belongs to.
        subject: IRI of our term.
        predicate: IRI of the relation, one of :data:`~lithiokg.linking.slots.PREDICATES`.
        object: IRI of the target's term, or :data:`~lithiokg.linking.slots.NO_TERM_FOUND`.
        negated: whether the row says that the relation does not hold (a false friend).
        confidence: between 0 and 1, where given.
        values: everything that the row says, the above included, by SSSOM slot.
        place: where its row stands.
        columns: where in the row each slot stands, counted from 1.
    """

    target: str
    subject: str
    predicate: str
    object: str
    negated: bool
    confidence: Decimal | None
    values: Values = field(repr=False)
    place: Place = field(compare=False)
    columns: MappingOf[str, int] = field(repr=False, compare=False)

    def __hash__(self) -> int:
        return hash(self.identity)

    @property
    def identity(self) -> tuple[str, str, str, bool]:
        """What a set states once at most."""
        return self.subject, self.predicate, self.object, self.negated

    @property
    def finds_no_term(self) -> bool:
        """Whether the row says that the target has no such term."""
        return self.object == NO_TERM_FOUND

    @property
    def is_link(self) -> bool:
        """Whether the relation is affirmed of a term of the target."""
        return not (self.negated or self.finds_no_term)

    @cached_property
    def iri(self) -> str:
        """The row's own IRI: the same whatever the order of the rows, and whatever is said beside them."""
        named = self.values.get("record_id")
        if named:
            return named[0]
        text = "\n".join((self.subject, self.predicate, self.object, str(self.negated)))
        return f"{ID}mapping/{self.target}/{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    def text(self, slot: str) -> str:
        """The value of a slot, or nothing."""
        return "|".join(self.values.get(slot, ()))

    def place_of(self, slot: str) -> Place:
        """Where a slot of the row stands."""
        return Place(self.place.file, self.place.line, self.columns.get(slot, 1))


@dataclass(frozen=True)
class MappingSet:
    """One table: all mappings to one target.

    Attributes:
        target: its key, the name of the file without ``.sssom.tsv``.
        iri: the identifier of the set.
        prefixes: the prefixes that its header declares.
        values: what the header says, by SSSOM slot.
        mappings: the rows, in their order.
        place: the file.
    """

    target: str
    iri: str
    prefixes: MappingOf[str, str]
    values: Values = field(repr=False)
    mappings: tuple[Mapping, ...] = field(repr=False)
    place: Place = field(compare=False)

    @property
    def graph(self) -> str:
        """The named graph that holds the set in a snapshot."""
        return f"{GRAPH}mappings/{self.target}"

    def text(self, slot: str) -> str:
        """What the header says for a slot, or nothing."""
        return "|".join(self.values.get(slot, ()))

    def compact(self, iri: str) -> str:
        """An IRI as a CURIE of this table, where one of its prefixes fits (the longest namespace wins)."""
        known = {**PREFIXES, **self.prefixes}
        fitting = [(namespace, prefix) for prefix, namespace in known.items() if iri.startswith(namespace)]
        if not fitting:
            return iri
        namespace, prefix = max(fitting, key=lambda pair: len(pair[0]))
        return f"{prefix}:{iri[len(namespace) :]}"
