"""Every way in which rules conclude something from the facts of one module."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.names import LISTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.explanation.rulebook import GroundRule, Pattern

__all__ = ["Applications", "Applied", "Atom", "apply_rules"]

#: A ground fact: class or property, subject, value (empty for a class).
Atom = tuple[str, str, str]
#: Number of a rule, what it concluded, and from what.
Applied = tuple[int, Atom, tuple[Atom, ...]]

_NO_STORE = ox.Store()


class Applications:
    """Facts, conclusions, and each application of a rule, premises first.

    Attributes:
        applied: every application of a rule.
        atoms: everything known.
    """

    def __init__(self) -> None:
        self.applied: dict[Applied, None] = {}
        self.atoms: set[Atom] = set()
        self.values: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self.subjects: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))


def apply_rules(rules: Iterable[tuple[int, GroundRule]], facts: Iterable[Atom]) -> Applications:
    """Apply rules to facts until nothing new follows.

    Args:
        rules: with their numbers.
        facts: what is stated.
    """
    return _Run(dict(rules)).run(facts)


class _Run:
    def __init__(self, rules: dict[int, GroundRule]) -> None:
        self.rules = rules
        self.found = Applications()
        self.queue: list[Atom] = []
        self.readers: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self.askers: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in rules.items():
            for position, part in enumerate(rule.body):
                self.readers[part[0]].append((number, position))
            for iri in rule.every or ():
                if iri is not None:
                    self.askers[iri].append(number)

    def run(self, facts: Iterable[Atom]) -> Applications:
        # What is on a list comes before what is said of the whole list.
        for atom in sorted(facts, key=lambda atom: atom[0] != LISTED):
            self._add(atom)
        for number, rule in self.rules.items():
            if not rule.body:
                self._apply(number, rule, {})
        done = 0
        while done < len(self.queue):
            atom = self.queue[done]
            done += 1
            self._learn(atom)
        return self.found

    def _add(self, atom: Atom) -> None:
        if atom not in self.found.atoms:
            self.found.atoms.add(atom)
            self.queue.append(atom)

    def _learn(self, atom: Atom) -> None:
        key, subject, value = atom
        self.found.values[key][subject].append(value)
        self.found.subjects[key][value].append(subject)
        for number, position in self.readers.get(key, ()):
            rule = self.rules[number]
            binding = _match(rule.body[position], atom, {})
            if binding is None:
                continue
            rest = [part for n, part in enumerate(rule.body) if n != position]
            for solution in self._join(rest, binding):
                self._apply(number, rule, solution)
        for number in self.askers.get(key, ()):
            rule = self.rules[number]
            for listing in self.found.subjects[LISTED].get(subject, ()):
                for solution in self._join(list(rule.body), {"?x": listing}):
                    self._apply(number, rule, solution)

    def _join(self, parts: list[Pattern], binding: dict[str, str]) -> Iterator[dict[str, str]]:
        if not parts:
            yield binding
            return
        # First what is bound: there are few answers to that.
        parts = sorted(parts, key=lambda part: -_bound(part, binding))
        (key, subject, value), rest = parts[0], parts[1:]
        subject, value = binding.get(subject, subject), binding.get(value, value)
        if not subject.startswith("?"):
            candidates = [(subject, found) for found in self.found.values[key].get(subject, ())]
        elif not value.startswith("?"):
            candidates = [(found, value) for found in self.found.subjects[key].get(value, ())]
        else:
            candidates = [(s, v) for s, values in self.found.values[key].items() for v in values]
        for s, v in candidates:
            matched = _match((key, subject, value), (key, s, v), binding)
            if matched is not None:
                yield from self._join(rest, matched)

    def _apply(self, number: int, rule: GroundRule, binding: dict[str, str]) -> None:
        if rule.filters and not _passes(rule.filters, binding):
            return
        premises = [_ground(part, binding) for part in rule.body]
        if rule.every is not None:
            more = self._listed(rule, binding)
            if more is None:
                return
            premises += more
        head = _ground(rule.head, binding)
        application = (number, head, tuple(dict.fromkeys(premises)))
        if head not in application[2] and application not in self.found.applied:
            self.found.applied[application] = None
            self._add(head)

    def _listed(self, rule: GroundRule, binding: dict[str, str]) -> list[Atom] | None:
        """What must hold of each value on a list; None where it does not."""
        premises: list[Atom] = []
        for member in self.found.values[LISTED].get(binding["?x"], ()):
            if member == binding.get("?y"):
                continue
            for iri in rule.every or ():
                if iri is None or (iri, member, "") not in self.found.atoms:
                    return None
                premises.append((iri, member, ""))
        return premises


def _bound(part: Pattern, binding: dict[str, str]) -> int:
    return sum(not item.startswith("?") or item in binding for item in part[1:])


def _match(part: Pattern, atom: Atom, binding: dict[str, str]) -> dict[str, str] | None:
    extended = binding
    for wanted, found in zip(part[1:], atom[1:], strict=True):
        if not wanted.startswith("?"):
            if wanted != found:
                return None
        elif wanted in extended:
            if extended[wanted] != found:
                return None
        else:
            extended = {**extended, wanted: found}
    return extended


def _ground(part: Pattern, binding: dict[str, str]) -> Atom:
    return part[0], binding.get(part[1], part[1]), binding.get(part[2], part[2])


def _passes(filters: tuple[str, ...], binding: dict[str, str]) -> bool:
    values = " ".join(f"VALUES {variable} {{ {term} }}" for variable, term in binding.items())
    tests = " ".join(f"FILTER({text})" for text in filters)
    return bool(_NO_STORE.query(f"ASK {{ {values} {tests} }}"))
