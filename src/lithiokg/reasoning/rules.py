"""Rules: Horn clauses over class memberships and property values, and their SPARQL."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.reasoning.names import LISTED, LISTING, RDF_TYPE, is_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.errors import Place
    from lithiokg.reasoning.axioms import Axiom, Expression
    from lithiokg.reasoning.hierarchy import Hierarchy
    from lithiokg.reasoning.reading import Ontology

__all__ = ["Atom", "Clash", "Rule", "RuleSet", "Uncompiled", "iri_term"]


def iri_term(iri: str) -> str:
    """An IRI as a SPARQL term."""
    return f"<{iri}>"


_TYPE = iri_term(RDF_TYPE)


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """A triple pattern: each part a variable (``?x``), an IRI (``<...>``) or a literal."""

    subject: str
    predicate: str
    object: str

    @staticmethod
    def member(subject: str, iri: str) -> Atom:
        """``subject`` is a member of the class ``iri``."""
        return Atom(subject, _TYPE, iri_term(iri))

    @property
    def key(self) -> str:
        """The class or property that the atom reads or writes."""
        return (self.object if self.predicate == _TYPE else self.predicate)[1:-1]

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."


def _no_other(classes: tuple[str, ...], body: tuple[Atom, ...]) -> str:
    """No listed value of ``?x`` lies outside the classes, ``?y`` apart where the body speaks of it."""
    inner = ""
    if len(classes) == 1:
        inner = f"FILTER NOT EXISTS {{ {Atom.member('?z', classes[0])} }} "
    elif classes:
        names = ", ".join(iri_term(iri) for iri in classes)
        inner = f"FILTER NOT EXISTS {{ ?z {_TYPE} ?class . FILTER(?class IN ({names})) }} "
    if any(atom.object == "?y" for atom in body):
        inner = f"FILTER(?z != ?y) {inner}"
    return f"FILTER NOT EXISTS {{ ?x {iri_term(LISTED)} ?z . {inner}}}"


@dataclass(frozen=True)
class Rule:
    """If the body holds, so does the head; a rule without a head detects a contradiction.

    Attributes:
        id: readable, and the same as long as the axiom is.
        head: what follows, or None for a clash.
        body: the premises, all of which must hold.
        filters: SPARQL filters over the variables of the body.
        every_listed: the rule is about sets of values that closures list: each member of the set
            ``?x``, ``?y`` apart where the body speaks of it, must belong to one class of each of these
            groups (an empty group: there must be no such member).
        unless: where this is known the conclusion is of no use and is not drawn.
        axiom: where the rule comes from; None for a subsumption that the classification found.
        reason: the rule in words where the axiom alone does not say it.
    """

    id: str
    head: Atom | None
    body: tuple[Atom, ...]
    filters: tuple[str, ...] = ()
    every_listed: tuple[tuple[str, ...], ...] = ()
    unless: Atom | None = None
    axiom: Axiom | None = field(default=None, compare=False)
    reason: str = field(default="", compare=False)

    @cached_property
    def reads(self) -> frozenset[str]:
        """Classes and properties whose growth can make the rule fire again."""
        return self.needs | {iri for group in self.every_listed for iri in group}

    @cached_property
    def needs(self) -> frozenset[str]:
        """Those of :attr:`reads` without which the rule can never fire."""
        return frozenset(atom.key for atom in self.body)

    @cached_property
    def pattern(self) -> str:
        """The body as a SPARQL group, without its braces."""
        lines = [str(atom) for atom in self.body]
        lines += [_no_other(group, self.body) for group in self.every_listed]
        lines += [f"FILTER({text})" for text in self.filters]
        return "\n  ".join(lines)

    @cached_property
    def construct(self) -> str:
        """A query for what follows and is not there yet."""
        assert self.head is not None  # noqa: S101  # clash rules are selected, not constructed
        known = [self.head] if self.unless is None else [self.head, self.unless]
        fresh = "\n  ".join(f"FILTER NOT EXISTS {{ {atom} }}" for atom in known)
        return f"CONSTRUCT {{ {self.head} }} WHERE {{\n  {self.pattern}\n  {fresh}\n}}"

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The variables of the body, sorted."""
        parts = (part for atom in self.body for part in (atom.subject, atom.predicate, atom.object))
        return tuple(sorted({part for part in parts if part.startswith("?")}))

    def select(self, limit: int | None = None) -> str:
        """A query for the bindings that satisfy the body."""
        tail = f"\nLIMIT {limit}" if limit else ""
        return f"SELECT {' '.join(self.variables) or '*'} WHERE {{\n  {self.pattern}\n}}{tail}"


@dataclass(frozen=True, slots=True)
class Uncompiled:
    """A consequent that does not become a rule: the boundary of the fast path.

    It is covered as far as it entails subsumptions between classes (HermiT classifies them first) and
    as far as an outright contradiction with it is detected; reasoning by cases over facts is not.
    """

    axiom: Axiom
    part: str
    reason: str

    def __str__(self) -> str:
        return f"{self.part}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Clash:
    """A contradiction: facts that an axiom does not allow together, and where the first of them stands."""

    rule: str
    axiom: Axiom | None
    facts: tuple[tuple[str, str, str], ...]
    words: str
    place: Place | None = None


@dataclass(frozen=True)
class RuleSet:
    """The rules of an ontology.

    Attributes:
        rules: those that derive, in an order that runs premises before conclusions.
        strata: for each rule, the number of its group of mutually recursive rules.
        clashes: those that detect contradictions.
        exclusive: groups of classes no two of which share a member, with the axiom.
        uncompiled: the boundary of the fast path.
        names: what each auxiliary class means.
    """

    ontology: Ontology
    hierarchy: Hierarchy
    rules: tuple[Rule, ...]
    strata: tuple[int, ...]
    clashes: tuple[Rule, ...]
    exclusive: tuple[tuple[tuple[str, ...], Axiom], ...]
    uncompiled: tuple[Uncompiled, ...]
    names: Mapping[str, Expression]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Every public class and property that some rule reads or writes."""
        used: set[str] = set()
        for rule in (*self.rules, *self.clashes):
            used |= rule.reads
            if rule.head is not None:
                used.add(rule.head.key)
        used.update(iri for group, _ in self.exclusive for iri in group)
        return frozenset(iri for iri in used if not is_private(iri))

    def by_head(self, key: str) -> Iterable[Rule]:
        """The rules that can conclude a class or property."""
        return self._heads.get(key, ())

    @cached_property
    def _heads(self) -> Mapping[str, tuple[Rule, ...]]:
        heads: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.head is not None:
                heads.setdefault(rule.head.key, []).append(rule)
        return {key: tuple(rules) for key, rules in heads.items()}


LISTING_ATOM = Atom.member("?x", LISTING)
