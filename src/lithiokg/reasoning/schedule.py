"""The order in which rules run: groups of mutually recursive rules, premises first."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lithiokg.reasoning.rules import Rule

__all__ = ["components", "scheduled"]


def components(graph: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Strongly connected components, each after those it points to (Tarjan, without recursion).

    >>> components({"a": ["b"], "b": ["a", "c"], "c": []})
    [['c'], ['a', 'b']]
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in graph:
        if root in index:
            continue
        work = [(root, iter(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, successors = work[-1]
            step = next(successors, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_pop_component(stack, on_stack, node))
            elif step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                on_stack.add(step)
                work.append((step, iter(graph.get(step, ()))))
            elif step in on_stack:
                low[node] = min(low[node], index[step])
    return found


def _pop_component(stack: list[str], on_stack: set[str], root: str) -> list[str]:
    members: list[str] = []
    while True:
        item = stack.pop()
        on_stack.discard(item)
        members.append(item)
        if item == root:
            return sorted(members)


def scheduled(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], tuple[int, ...]]:
    """Order rules so that a rule runs after those it feeds on, wherever they are not recursive.

    Returns:
        The rules, and for each the number of its group; rules of one group may feed each other.
    """
    graph: dict[str, list[str]] = {}
    for rule in rules:
        if rule.head is not None:
            graph.setdefault(rule.head.key, []).extend(sorted(rule.reads))
            for key in sorted(rule.reads):
                graph.setdefault(key, [])
    stratum = {key: number for number, group in enumerate(components(graph)) for key in group}
    numbered = sorted(
        (
            (stratum[rule.head.key], position, rule)
            for position, rule in enumerate(rules)
            if rule.head is not None
        ),
        key=lambda item: item[:2],
    )
    return tuple(rule for _, _, rule in numbered), tuple(number for number, _, _ in numbered)
