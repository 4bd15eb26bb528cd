"""The minimal sets of facts and axioms from which something follows.

Each fact and axiom is a bit. Every conclusion carries the smallest sets of bits that yield it; applying a
rule unites the sets of its premises, and a set that contains another is dropped (an assumption-based
truth maintenance system). Circular reasoning only ever yields larger sets, so it drops out by itself.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.explanation.grounding import Applied, Atom

__all__ = ["KEPT", "Environments", "bits", "derives", "is_minimal"]

#: Sets that are kept for each conclusion: there are hundreds of ways to be a component.
KEPT = 48


def bits(environment: int) -> list[int]:
    """The bits that are set.

    >>> bits(0b1011)
    [0, 1, 3]
    """
    return [n for n in range(environment.bit_length()) if environment >> n & 1]


class Environments:
    """Minimal environments of every conclusion that a goal can rest on.

    Args:
        applied: every application of a rule, premises first.
        given: the bit of each fact (0 for what needs none).
        axioms: the bit of each rule's axiom, by the number of the rule (0 where it needs none).
        weight: bits that make an environment less welcome among those of its size.
    """

    def __init__(
        self,
        applied: Iterable[Applied],
        given: Mapping[Atom, int],
        axioms: Mapping[int, int],
        *,
        weight: int = 0,
        kept: int = KEPT,
    ) -> None:
        self.given = given
        self.axioms = axioms
        self.weight = weight
        self.kept = kept
        self.truncated = False
        self.by_head: defaultdict[Atom, list[Applied]] = defaultdict(list)
        for each in applied:
            self.by_head[each[1]].append(each)

    def of(self, goal: Atom) -> list[int]:
        """The minimal environments of a conclusion, the shortest first."""
        steps = self.below(goal)
        readers: defaultdict[Atom, list[int]] = defaultdict(list)
        for number, (_, _, premises) in enumerate(steps):
            for premise in premises:
                readers[premise].append(number)
        labels: dict[Atom, list[int]] = {}
        for atom in {*readers, goal}:
            if atom in self.given:
                labels[atom] = [self.given[atom]]
        due = set(range(len(steps)))
        while due:
            for number in sorted(due):
                due.discard(number)
                rule, head, premises = steps[number]
                found = self._product([labels.get(premise, []) for premise in premises], self.axioms[rule])
                merged = self._smallest([*labels.get(head, []), *found])
                if merged != labels.get(head, []):
                    labels[head] = merged
                    due.update(readers[head])
        return labels.get(goal, [])

    def below(self, goal: Atom) -> list[Applied]:
        """The applications that a conclusion can rest on, in the order in which they were found."""
        seen, todo = {goal}, [goal]
        found: list[Applied] = []
        while todo:
            for each in self.by_head.get(todo.pop(), ()):
                found.append(each)
                for premise in each[2]:
                    if premise not in seen:
                        seen.add(premise)
                        todo.append(premise)
        # Heads that few others feed on come last: the order of discovery, backwards, is close to that.
        return found[::-1]

    def _product(self, labels: Sequence[list[int]], axiom: int) -> list[int]:
        sets = [axiom]
        for label in sorted(labels, key=len):
            sets = self._smallest([one | other for one in sets for other in label])
        return sets

    def _smallest(self, sets: list[int]) -> list[int]:
        """The sets that contain no other, the shortest first, and not more than are kept."""
        if len(sets) <= 1:
            return sets
        kept: list[int] = []
        for each in sorted(set(sets), key=self.cost):
            if all(each & smaller != smaller for smaller in kept):
                if len(kept) == self.kept:
                    self.truncated = True
                    break
                kept.append(each)
        return kept

    def cost(self, environment: int) -> tuple[int, int, int]:
        """Order of environments: by size, then the more welcome, then in one fixed order."""
        return environment.bit_count(), (environment & self.weight).bit_count(), environment


def derives(
    steps: Iterable[Applied], goal: Atom, given: Mapping[Atom, int], axioms: Mapping[int, int], active: int
) -> dict[Atom, Applied | None] | None:
    """Draw conclusions from some facts and axioms alone.

    Returns:
        Each conclusion with the step that first drew it, or None where the goal does not follow.
    """
    usable = [step for step in steps if axioms[step[0]] & ~active == 0]
    known: dict[Atom, Applied | None] = {atom: None for atom, bit in given.items() if bit & ~active == 0}
    grown = True
    while grown and goal not in known:
        grown, waiting = False, []
        for step in usable:
            if step[1] in known:
                continue
            if all(premise in known for premise in step[2]):
                known[step[1]] = step
                grown = True
            else:
                waiting.append(step)
        usable = waiting
    return known if goal in known else None


def is_minimal(
    steps: Sequence[Applied],
    goal: Atom,
    given: Mapping[Atom, int],
    axioms: Mapping[int, int],
    environment: int,
) -> bool:
    """Whether a set yields the goal, and no longer does if any one bit is dropped."""
    inside = [step for step in steps if axioms[step[0]] & ~environment == 0]
    facts = {atom: bit for atom, bit in given.items() if bit & ~environment == 0}
    if derives(inside, goal, facts, axioms, environment) is None:
        return False
    return all(
        derives(inside, goal, facts, axioms, environment & ~(1 << n)) is None for n in bits(environment)
    )
