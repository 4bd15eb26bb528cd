"""Proof search: from a conclusion to the minimal sets of facts and axioms behind it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.explanation.environments import KEPT, Environments, bits, derives, is_minimal
from lithiokg.explanation.grounding import apply_rules

if TYPE_CHECKING:
    from lithiokg.explanation.grounding import Applications, Applied, Atom
    from lithiokg.explanation.module import Module, Origin
    from lithiokg.explanation.rulebook import Rulebook

__all__ = ["Proof", "Search"]


@dataclass(frozen=True)
class Proof:
    """One minimal way to a conclusion.

    Attributes:
        facts: what is stated.
        axioms: numbers of the axioms; those of rules of last resort apart.
        loose: numbers of the rules of last resort.
        steps: the first step to each conclusion on the way, premises before conclusions.
        verified: it entails the goal alone, and nothing of it can be dropped.
    """

    facts: tuple[Atom, ...]
    axioms: tuple[int, ...]
    loose: tuple[int, ...]
    steps: tuple[Applied, ...] = field(repr=False)
    verified: bool


class Search:
    """Everything that follows from a module, as far as it bears on one class or property.

    Args:
        book: the rules.
        module: the facts.
        key: the class or property; None for everything.
        loose: also use what only the classified hierarchy knows.
    """

    def __init__(self, book: Rulebook, module: Module, key: str | None, *, loose: bool = False) -> None:
        self.book = book
        self.module = module
        if key is None:
            self._rules, keys = list(range(len(book.rules))), None
        else:
            self._rules, keys = book.relevant(key, loose=loose)
        self.origins: dict[Atom, Origin | None] = {
            atom: origin for atom, origin in module.origins.items() if keys is None or atom[0] in keys
        }
        self.truncated = False

    @cached_property
    def found(self) -> Applications:
        """Facts and conclusions."""
        return apply_rules(((number, self.book.rules[number]) for number in self._rules), self.origins)

    @cached_property
    def _given(self) -> dict[Atom, int]:
        """The bit of each stated fact; facts of one origin share theirs, structure has none."""
        taken: dict[int, int] = {}
        given: dict[Atom, int] = {}
        for atom, origin in self.origins.items():
            given[atom] = 0 if origin is None else 1 << taken.setdefault(id(origin), len(taken))
        self._facts = len(taken)
        return given

    @cached_property
    def _axioms(self) -> tuple[dict[int, int], list[tuple[int, bool]]]:
        """The bit of each rule, and what each of these bits stands for: an axiom or a loose rule."""
        offset = len(self._given) and self._facts
        taken: dict[tuple[int, bool], int] = {}
        of_rule: dict[int, int] = {}
        for number in self._rules:
            rule = self.book.rules[number]
            if rule.loose:
                source = (number, True)
            elif rule.axiom >= 0:
                source = (rule.axiom, False)
            else:
                of_rule[number] = 0
                continue
            of_rule[number] = 1 << (offset + taken.setdefault(source, len(taken)))
        return of_rule, list(taken)

    def proofs(self, goal: Atom, limit: int) -> list[Proof]:
        """The minimal proofs of a conclusion, the shortest first."""
        if goal not in self.found.atoms:
            return []
        given, (of_rule, _) = self._given, self._axioms
        environments = Environments(
            self.found.applied, given, of_rule, weight=self._unwelcome(), kept=max(KEPT, 4 * limit)
        )
        minimal = environments.of(goal)
        self.truncated = environments.truncated
        steps = environments.below(goal)
        return [self._proof(goal, each, steps) for each in minimal[:limit]]

    def _unwelcome(self) -> int:
        """What makes a proof longwinded: that a thing is a component because it has a filler, say."""
        of_rule, _ = self._axioms
        mask = 0
        for number, bit in of_rule.items():
            parts = self.book.rules[number].id.split("/")
            if "domain" in parts or "range" in parts or "inverse" in parts:
                mask |= bit
        return mask

    def _proof(self, goal: Atom, environment: int, steps: list[Applied]) -> Proof:
        given, (of_rule, sources) = self._given, self._axioms
        facts: dict[int, Atom] = {}
        for atom, bit in given.items():
            if bit and bit & environment:
                facts.setdefault(bit, atom)
        used = [sources[n - self._facts] for n in bits(environment) if n >= self._facts]
        known = derives(steps, goal, given, of_rule, environment) or {}
        ordered: dict[Atom, Applied] = {}
        _collect(goal, known, ordered)
        return Proof(
            tuple(facts.values()),
            tuple(number for number, loose in used if not loose),
            tuple(number for number, loose in used if loose),
            tuple(ordered.values()),
            is_minimal(steps, goal, given, of_rule, environment),
        )

    # --- one way to a conclusion, quickly ---------------------------------------------------------

    @cached_property
    def _first(self) -> dict[Atom, Applied]:
        first: dict[Atom, Applied] = {}
        for each in self.found.applied:
            first.setdefault(each[1], each)
        return first

    def behind(self, atom: Atom) -> list[Atom]:
        """The stated facts that the first derivation of something rests on."""
        stated: dict[Atom, None] = {}
        seen: set[Atom] = set()
        todo = [atom]
        while todo:
            item = todo.pop()
            if item in seen:
                continue
            seen.add(item)
            if item in self.origins:
                if self.origins[item] is not None:
                    stated[item] = None
            elif item in self._first:
                todo += reversed(self._first[item][2])
        return list(stated)


def _collect(atom: Atom, known: dict[Atom, Applied | None], ordered: dict[Atom, Applied]) -> None:
    step = known.get(atom)
    if step is None or atom in ordered:
        return
    for premise in step[2]:
        _collect(premise, known, ordered)
    ordered[atom] = step
