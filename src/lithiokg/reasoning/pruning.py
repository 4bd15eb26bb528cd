"""Leave out rules that can never fire and auxiliary classes that nothing asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.reasoning.names import CLOSED, DIFFERS, LISTED, LISTING, SIZE, is_private

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.reasoning.axioms import Axiom
    from lithiokg.reasoning.rules import Rule

__all__ = ["live_rules"]

Group = tuple[tuple[str, ...], "Axiom"]


def _given(key: str) -> bool:
    """Whether facts of this kind come with the data, not from rules."""
    return not is_private(key) or key in (LISTING, LISTED, SIZE, DIFFERS) or key.startswith(CLOSED)


def _possible(rules: Sequence[Rule]) -> set[str]:
    """The private classes that some rule can fill."""
    filled: set[str] = set()
    changed = True
    while changed:
        changed = False
        for rule in rules:
            head = rule.head
            if head is None or not is_private(head.key) or head.key in filled:
                continue
            if all(_given(key) or key in filled for key in rule.needs):
                filled.add(head.key)
                changed = True
    return filled


def live_rules(
    rules: Sequence[Rule], clashes: Sequence[Rule], exclusive: Sequence[Group]
) -> tuple[list[Group], list[Rule], list[Rule]]:
    """Keep the rules that can fire and whose conclusions somebody reads.

    Returns:
        The groups of exclusive classes, the deriving rules and the clash rules that remain.
    """
    filled = _possible(rules)

    def can_fire(rule: Rule) -> bool:
        return all(_given(key) or key in filled for key in rule.needs)

    rules = _distinct([rule for rule in rules if can_fire(rule)])
    clashes = [rule for rule in clashes if can_fire(rule)]
    groups = [
        (tuple(iri for iri in group if _given(iri) or iri in filled), axiom) for group, axiom in exclusive
    ]
    groups = [(group, axiom) for group, axiom in groups if len(group) > 1]
    wanted = {key for rule in clashes for key in rule.reads}
    wanted.update(iri for group, _ in groups for iri in group)
    kept: set[int] = set()
    changed = True
    while changed:
        changed = False
        for position, rule in enumerate(rules):
            head = rule.head
            if position in kept or head is None or (is_private(head.key) and head.key not in wanted):
                continue
            kept.add(position)
            wanted |= rule.reads
            changed = True
    return groups, [rule for position, rule in enumerate(rules) if position in kept], list(clashes)


def _distinct(rules: Sequence[Rule]) -> list[Rule]:
    """Of rules that say the same, the first."""
    seen: dict[tuple[object, ...], Rule] = {}
    for rule in rules:
        seen.setdefault((rule.head, rule.body, rule.filters, rule.every_listed), rule)
    return list(seen.values())
