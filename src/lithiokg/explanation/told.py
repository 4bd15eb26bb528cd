"""The written axioms behind what only the classified hierarchy, or an elimination, knows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.explanation.module import atom_of
from lithiokg.reasoning import Closure, compile_rules, run_rules
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.normal import parts_of
from lithiokg.reasoning.properties import expressions_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lithiokg.explanation.grounding import Atom
    from lithiokg.explanation.module import Origin
    from lithiokg.explanation.rulebook import Rulebook

__all__ = ["entails", "quads_of", "told_axioms"]


def quads_of(origins: Iterable[Origin | None]) -> ox.Store:
    """Some facts as a store of their own; a completeness flag brings the values along that it lists."""
    store = ox.Store()
    true = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
    for origin in origins:
        if isinstance(origin, ox.Quad):
            store.add(origin)
        elif isinstance(origin, Closure):
            graph = ox.NamedNode(origin.graph) if origin.graph else ox.DefaultGraph()
            subject = ox.NamedNode(origin.individual)
            store.add(ox.Quad(subject, ox.NamedNode(origin.flag), true, graph))
            for value in origin.values:
                store.add(ox.Quad(subject, ox.NamedNode(origin.property), ox.NamedNode(value), graph))
    return store


def entails(book: Rulebook, store: ox.Store, axioms: Sequence[ax.Axiom], goal: Atom) -> bool:
    """Whether the engine of the build draws a conclusion from some facts and axioms alone."""
    rules = compile_rules(replace(book.ontology, axioms=tuple(axioms)))
    run = run_rules(store, rules, raising=False)
    return any(atom_of(quad) == goal for quad in run.working.quads_for_pattern(None, None, None))


def told_axioms(book: Rulebook, origins: Iterable[Origin | None], goal: Atom) -> tuple[int, ...] | None:
    """A minimal set of written axioms from which facts entail a goal, without the classified hierarchy.

    Returns:
        The numbers of the axioms, or None where told axioms alone do not suffice for the rules.
    """
    store = quads_of(origins)
    candidates = _related(book, store, goal)

    def holds(numbers: Sequence[int]) -> bool:
        return entails(book, store, [book.axioms[n] for n in numbers], goal)

    if not holds(candidates):
        return None
    return tuple(sorted(_shrink([], candidates, holds, grown=False)))


def _shrink(
    kept: list[int], rest: list[int], holds: Callable[[Sequence[int]], bool], *, grown: bool
) -> list[int]:
    """The smallest part of ``rest`` that holds together with ``kept`` (QuickXplain)."""
    if grown and holds(kept):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    left, right = rest[:half], rest[half:]
    needed_right = _shrink([*kept, *left], right, holds, grown=True)
    needed_left = _shrink([*kept, *needed_right], left, holds, grown=bool(needed_right))
    return [*needed_left, *needed_right]


def _related(book: Rulebook, store: ox.Store, goal: Atom) -> list[int]:
    """The axioms that share a chain of names with the goal and with the facts."""
    names = [_names(axiom) for axiom in book.axioms]
    down = _reach(names, {goal[0]})
    stated = {atom_of(quad)[0] for quad in store}
    up = _reach(names, stated)
    return [n for n, used in enumerate(names) if n in down and n in up and used]


def _reach(names: Sequence[set[str]], start: set[str]) -> set[int]:
    known, found = set(start), set[int]()
    grown = True
    while grown:
        fresh = [n for n, used in enumerate(names) if n not in found and used & known]
        grown = bool(fresh)
        for number in fresh:
            found.add(number)
            known |= names[number]
    return found


def _names(axiom: ax.Axiom) -> set[str]:
    found: set[str] = set()
    for expression in expressions_in(axiom):
        for part in parts_of(expression):
            if isinstance(part, ax.Named):
                found.add(part.iri)
            elif isinstance(
                part,
                ax.Some
                | ax.Only
                | ax.HasValue
                | ax.HasSelf
                | ax.AtLeast
                | ax.AtMost
                | ax.DataSome
                | ax.DataOnly,
            ):
                found.add(part.role.iri)
    match axiom:
        case ax.SubRole(first, second) | ax.EquivalentRoles(first, second) | ax.InverseRoles(first, second):
            found |= {first.iri, second.iri}
        case ax.RoleChain(chain, sup):
            found |= {sup.iri, *(role.iri for role in chain)}
        case ax.RoleCharacteristic(_, role) | ax.Domain(role, _) | ax.Range(role, _):
            found.add(role.iri)
        case ax.DisjointRoles(roles):
            found |= {role.iri for role in roles}
    return found
