"""Premises: class expressions on the left of an axiom, as atoms and auxiliary classes.

Every expression that is not a conjunction of names gets a name of its own (an auxiliary class). HermiT
classifies these names together with the ontology, so that "every garnet has an oxide part" also
satisfies "has an oxide part" when the part itself is not in the data. Where nothing but the facts
themselves can satisfy an expression, its atoms are written in place and the name is not needed.

Complements and universals are left to :meth:`Bodies.settle`: HermiT takes minutes to classify names for
them, and what establishes them can be read off the axioms (exclusive classes, "only" in a consequent).
"""

from __future__ import annotations

import hashlib
from itertools import combinations
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.datatypes import literal_filter, range_filter
from lithiokg.reasoning.hierarchy import Hierarchy
from lithiokg.reasoning.names import AUXILIARY, CLOSED, DIFFERS, LISTED, SIZE, local_name
from lithiokg.reasoning.normal import complement, is_positive
from lithiokg.reasoning.premises import Premises, expression_name, role_atom
from lithiokg.reasoning.rules import LISTING_ATOM, Atom, Rule, iri_term
from lithiokg.reasoning.writing import manchester

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Bodies"]

_EMPTY = Hierarchy({})


class Bodies:
    """Turns expressions into premises, and defines auxiliary classes on the way.

    Args:
        hierarchy: the classified hierarchy; None to give every expression its name (first pass).
        closable: object properties that a completeness flag may close.
        role_supers: every property with its superproperties, itself included.
    """

    def __init__(
        self,
        hierarchy: Hierarchy | None,
        closable: frozenset[str],
        role_supers: Mapping[ax.Role, frozenset[ax.Role]],
    ) -> None:
        self.names: dict[str, ax.Expression] = {}
        self._guards: dict[str, str | None] = {}
        self.rules: list[Rule] = []
        self._lasts: dict[ax.Expression, str] = {}
        self._negatives: list[tuple[Premises, str, ax.Expression]] = []
        self._universals: list[tuple[Premises, str, ax.Role, ax.Expression]] = []
        self._hierarchy = hierarchy
        self._closable = closable
        self._role_supers = role_supers

    def add(self, premises: Premises, expression: ax.Expression, subject: str) -> None:
        """Add "``subject`` is an ``expression``" to the premises."""
        if expression == ax.THING:
            return
        if isinstance(expression, ax.And):
            for part in expression.parts:
                self.add(premises, part, subject)
            return
        if isinstance(expression, ax.Named):
            premises.atoms.append(Atom.member(subject, expression.iri))
            return
        # Nearly everything is "no electrolyte": a complement is asked only of what the rule is about.
        guard = None if is_positive(expression) else premises.guard(subject)
        name = self.class_of(expression, guard, define=False)
        if self._in_place(expression, name, premises.head):
            self._write(premises, expression, subject)
        else:
            premises.atoms.append(Atom.member(subject, self.class_of(expression, guard)))

    def class_of(self, expression: ax.Expression, guard: str | None = None, *, define: bool = True) -> str:
        """The class of an expression: its own IRI, or an auxiliary one, defined at the first call.

        Args:
            expression: what shall have a name.
            guard: the name is needed for members of this class only.
            define: whether to add the rules that conclude it.
        """
        if isinstance(expression, ax.Named):
            return expression.iri
        name = expression_name(expression) + (f"-in-{local_name(guard)}" if guard else "")
        if define and name not in self.names:
            self.names[name] = expression
            self._guards[name] = guard
            self._define(expression, name)
        return name

    def exclude(self, premises: Premises, subject: str, excluded: ax.Expression) -> None:
        """Take note that whatever satisfies the premises is no ``excluded``."""
        self._negatives.append((premises.copy(), subject, excluded))

    def restrict(self, premises: Premises, subject: str, role: ax.Role, filler: ax.Expression) -> None:
        """Take note that whatever satisfies the premises has values of ``role`` in ``filler`` only."""
        self._universals.append((premises.copy(), subject, role, filler))

    def add_last(self, premises: Premises, role: ax.Role, filler: ax.Expression, subject: str) -> str | None:
        """Add "all values of ``subject`` but one are known to be no ``filler``".

        Returns:
            The variable of the value that remains, or None where the property cannot be closed.
        """
        if role.inverse or role.iri not in self._closable:
            return None
        key = self._lasts.setdefault(filler, f"{AUXILIARY}last:{_tail(expression_name(filler))}")
        listing, value = premises.fresh(), premises.fresh()
        premises.atoms += [
            Atom(subject, iri_term(CLOSED + role.iri), listing),
            Atom(listing, iri_term(key), value),
        ]
        return value

    def settle(self) -> None:
        """Add the rules that establish complements and universals, once all axioms are known."""
        for filler, key in self._lasts.items():
            self._settle_last(filler, key)
        done: set[str] = set()
        while pending := [item for item in self.names.items() if item[0] not in done]:
            for name, expression in pending:
                done.add(name)
                if isinstance(expression, ax.Not):
                    self._settle_not(expression.part, name)
                elif isinstance(expression, ax.Only):
                    self._settle_only(expression.role, expression.filler, name)

    def _guarded(self, name: str, subject: str = "?x") -> Premises:
        """Premises that confine the subject to the members for whom the name is needed."""
        premises = Premises(name)
        guard = self._guards.get(name)
        if guard is not None:
            premises.atoms.append(Atom.member(subject, guard))
        return premises

    def _noted(self, name: str, noted: Premises, subject: str) -> Premises:
        premises = self._guarded(name, subject)
        premises.atoms += noted.atoms
        premises.filters += noted.filters
        return premises

    def _settle_not(self, part: ax.Expression, name: str) -> None:
        for premises, subject, excluded in self._negatives:
            if self._implies(part, excluded):
                self._rule(name, self._noted(name, premises, subject), subject)

    def _in_place(self, expression: ax.Expression, name: str, head: str | None) -> bool:
        """Whether nothing but the expression's own atoms can add to the conclusion ``head``."""
        if self._hierarchy is None:
            return False
        if not isinstance(expression, ax.Some | ax.HasValue | ax.HasSelf | ax.DataSome):
            return False
        return all(
            (head is not None and self._hierarchy.is_sub(sub, head)) or sub in self._written_below(expression)
            for sub in self._hierarchy.subs(name)
        )

    def _written_below(self, expression: ax.Expression) -> set[str]:
        """Names of expressions whose atoms imply those of ``expression`` anyway."""
        if not isinstance(expression, ax.Some):
            return set()
        below: set[str] = set()
        for name, other in self.names.items():
            if isinstance(other, ax.Some):
                supers = self._role_supers.get(other.role, frozenset({other.role}))
                if expression.role in supers and self._implies(other.filler, expression.filler):
                    below.add(name)
        return below

    def _implies(self, narrow: ax.Expression, wide: ax.Expression) -> bool:
        if wide in (narrow, ax.THING) or narrow == ax.NOTHING:
            return True
        if isinstance(narrow, ax.Or):
            return all(self._implies(part, wide) for part in narrow.parts)
        if isinstance(wide, ax.Or) and any(self._implies(narrow, part) for part in wide.parts):
            return True
        if isinstance(wide, ax.And):
            return all(self._implies(narrow, part) for part in wide.parts)
        if isinstance(narrow, ax.And):
            return any(self._implies(part, wide) for part in narrow.parts)
        hierarchy = self._hierarchy or _EMPTY
        return hierarchy.is_sub(self.class_of(narrow, define=False), self.class_of(wide, define=False))

    def _write(self, premises: Premises, expression: ax.Expression, subject: str) -> None:
        """The atoms of an expression that facts alone can satisfy."""
        match expression:
            case ax.Some(role, filler):
                value = premises.fresh()
                premises.atoms.append(role_atom(role, subject, value))
                self.add(premises, filler, value)
            case ax.HasValue(role, str() as value):
                premises.atoms.append(role_atom(role, subject, iri_term(value)))
            case ax.HasValue(role, ox.Literal() as literal):
                variable = premises.fresh()
                premises.atoms.append(role_atom(role, subject, variable))
                premises.filters.append(literal_filter(variable, literal))
            case ax.HasSelf(role):
                premises.atoms.append(role_atom(role, subject, subject))
            case ax.DataSome(role, values):
                variable = premises.fresh()
                premises.atoms.append(role_atom(role, subject, variable))
                condition = range_filter(variable, values)
                if condition is not None:
                    premises.filters.append(condition)

    def _define(self, expression: ax.Expression, name: str) -> None:  # noqa: C901  # one case a construct
        """Rules that conclude the auxiliary class of an expression."""
        match expression:
            case ax.Some() | ax.HasValue() | ax.HasSelf() | ax.DataSome():
                premises = Premises(name)
                self._write(premises, expression, "?x")
                self._rule(name, premises)
            case ax.And(parts):
                premises = self._guarded(name)
                for part in parts:
                    self.add(premises, part, "?x")
                self._rule(name, premises)
            case ax.Or(parts):
                for part in parts:
                    premises = self._guarded(name)
                    self.add(premises, part, "?x")
                    self._rule(name, premises)
            case ax.OneOf(individuals):
                for individual in individuals:
                    self._rule(name, Premises(name), subject=iri_term(individual))
            case ax.AtLeast(number, role, filler):
                self._define_at_least(number, role, filler, name)
            case ax.AtMost(number, role, _):
                self._define_at_most(number, role, name)
            case ax.Not(part):
                self.class_of(part)  # its name takes part in the classification

    def _settle_only(self, role: ax.Role, filler: ax.Expression, name: str) -> None:
        """An "only" holds of a closed individual if every listed value belongs to the filler."""
        supers = self._role_supers.get(role, frozenset({role}))
        for premises, subject, wider, inner in self._universals:
            if wider in supers and self._implies(inner, filler):
                self._rule(name, self._noted(name, premises, subject), subject)
        if role.inverse or role.iri not in self._closable:
            return
        alternatives = self._alternatives(filler)
        digest = hashlib.sha256(" ".join(alternatives).encode()).hexdigest()[:8]
        every = Atom.member("?x", f"{AUXILIARY}every:{digest}")
        words = f"every/{manchester(filler)}"
        self.rules.append(Rule(words, every, (LISTING_ATOM,), every_listed=(alternatives,)))
        premises = self._guarded(name)
        premises.atoms += [
            Atom("?x", iri_term(CLOSED + role.iri), "?y1"),
            Atom("?y1", every.predicate, every.object),
        ]
        self._rule(name, premises)

    def _settle_last(self, filler: ax.Expression, key: str) -> None:
        opposite = complement(filler)
        parts = opposite.parts if isinstance(opposite, ax.And) else (opposite,)
        # What is a filler already need not be concluded; nearly every set of one is left out here.
        known = Atom.member("?y", filler.iri) if isinstance(filler, ax.Named) else None
        self.rules.append(
            Rule(
                f"last/{manchester(filler)}",
                Atom("?x", iri_term(key), "?y"),
                (LISTING_ATOM, Atom("?x", iri_term(LISTED), "?y")),
                every_listed=tuple(self._alternatives(part) for part in parts),
                unless=known,
            )
        )

    def _alternatives(self, filler: ax.Expression) -> tuple[str, ...]:
        """Classes, membership in any of which is membership in the filler.

        A complement is replaced by the classes that exclude it: only listed values are asked about, so
        there is no need to write "not" of every individual there is.
        """
        match filler:
            case ax.Or(parts):
                found = {iri for part in parts for iri in self._alternatives(part)}
            case ax.Not(part):
                found = {
                    premises.atoms[0].key
                    for premises, subject, excluded in self._negatives
                    if premises.is_membership_of(subject) and self._implies(part, excluded)
                }
            case _:
                found = {self.class_of(filler)} - {ax.NOTHING.iri}
        hierarchy = self._hierarchy or _EMPTY
        return tuple(
            sorted(
                iri
                for iri in found
                if not any(
                    iri != other and hierarchy.is_sub(iri, other) and not hierarchy.is_sub(other, iri)
                    for other in found
                )
            )
        )

    def _define_at_least(self, number: int, role: ax.Role, filler: ax.Expression, name: str) -> None:
        premises = Premises(name)
        self.add_distinct(premises, number, role, filler, "?x")
        self._rule(name, premises)

    def add_distinct(
        self, premises: Premises, number: int, role: ax.Role, filler: ax.Expression, subject: str
    ) -> None:
        """Add "``subject`` has ``number`` values in ``filler`` that are declared to differ"."""
        group = "?group"
        values = [premises.fresh() for _ in range(number)]
        for value in values:
            premises.atoms += [role_atom(role, subject, value), Atom(value, iri_term(DIFFERS), group)]
            self.add(premises, filler, value)
        # An order on the names keeps each set of values from matching in all its permutations.
        premises.filters += [f"STR({first}) < STR({second})" for first, second in combinations(values, 2)]

    def _define_at_most(self, number: int, role: ax.Role, name: str) -> None:
        if role.inverse or role.iri not in self._closable:
            return
        premises = self._guarded(name)
        premises.atoms += [
            Atom("?x", iri_term(CLOSED + role.iri), "?y1"),
            Atom("?y1", iri_term(SIZE), "?y2"),
        ]
        premises.filters.append(f"?y2 <= {number}")
        self._rule(name, premises)

    def _rule(self, name: str, premises: Premises, subject: str = "?x") -> None:
        self.rules.append(
            Rule(
                f"{_tail(name)}/{sum(1 for rule in self.rules if rule.head and rule.head.key == name) + 1}",
                Atom.member(subject, name),
                tuple(dict.fromkeys(premises.atoms)),
                tuple(premises.filters),
            )
        )


def _tail(iri: str) -> str:
    return iri.removeprefix(AUXILIARY) if iri.startswith(AUXILIARY) else local_name(iri)
