"""SPARQL constraints, set-wise: one query a rule instead of one a record.

SHACL runs the query of a constraint once for each focus node, with ``$this`` bound. Here ``$this`` is
joined with the focus nodes instead: they are written into a graph of their own, under the IRI of the
first rule with these targets, and a pattern that matches them is put at the start of the outermost ``WHERE``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import SourceError
from lithiokg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lithiokg.validation.labels import Term
    from lithiokg.validation.shapes import Constraint, Rule, Target

__all__ = ["Breach", "breaches_of_constraints", "focus_nodes"]

_FOCUS = ox.NamedNode(GRAPH + "focus")
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUBCLASS = ox.NamedNode(PREFIXES["rdfs"] + "subClassOf")
_WHERE = re.compile(r"\bWHERE\s*\{")


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule, the node that breaks it, and with what; ``bindings`` are further variables of the query."""

    rule: Rule
    node: str
    path: str | None = None
    value: Term | None = None
    bindings: tuple[tuple[str, Term], ...] = field(default=())


def breaches_of_constraints(
    store: ox.Store, constraints: Iterable[Constraint], *, nodes: Collection[ox.NamedNode] | None = None
) -> list[Breach]:
    """Run constraints over the default graph of a store; the graph of focus nodes is added to it.

    Args:
        store: the data; it is written to.
        constraints: the rules to check.
        nodes: the only nodes to check; all that the targets select unless given.

    Raises:
        SourceError: if the query of a constraint cannot be run.
    """
    kept = list(constraints)
    subclasses = _subclasses(store)
    # Rules of one shape share their focus nodes.
    groups: dict[tuple[Target, ...], ox.NamedNode] = {}
    quads: list[ox.Quad] = []
    for constraint in kept:
        if constraint.targets not in groups:
            group = groups[constraint.targets] = ox.NamedNode(constraint.rule.iri)
            focus = {node for target in constraint.targets for node in focus_nodes(store, target, subclasses)}
            chosen = focus if nodes is None else focus.intersection(nodes)
            quads.extend(ox.Quad(node, _TYPE, group, _FOCUS) for node in chosen)
    store.bulk_extend(quads)
    return [breach for constraint in kept for breach in _run(store, constraint, groups[constraint.targets])]


def _run(store: ox.Store, constraint: Constraint, group: ox.NamedNode) -> Iterator[Breach]:
    rule = constraint.rule
    joined = f"WHERE {{ GRAPH <{_FOCUS.value}> {{ $this a <{group.value}> }} "
    text, count = _WHERE.subn(lambda _: joined, constraint.select, count=1)
    if not count:
        raise SourceError(
            f"the query of {rule.iri} has no WHERE", mend="write SELECT $this ... WHERE { ... }"
        )
    try:
        solutions = store.query(text)
    except SyntaxError as error:
        raise SourceError(
            f"the query of {rule.iri} is not SPARQL: {error}", mend="correct it in ontology/shapes"
        ) from error
    if not isinstance(solutions, ox.QuerySolutions):
        raise SourceError(f"the query of {rule.iri} is not a SELECT", mend="write SELECT $this ...")
    names = [variable.value for variable in solutions.variables]
    for solution in solutions:
        bound = {name: term for name in names if (term := solution[name]) is not None}
        this, path, value = bound.get("this"), bound.get("path"), bound.get("value")
        if isinstance(this, ox.NamedNode):
            field_ = path.value if isinstance(path, ox.NamedNode) else rule.path
            others = tuple((name, term) for name, term in bound.items() if name not in {"this", "value"})
            yield Breach(rule, this.value, field_, value, others)


def focus_nodes(
    store: ox.Store, target: Target, subclasses: dict[ox.NamedNode, set[ox.NamedNode]] | None = None
) -> set[ox.NamedNode]:
    """The nodes with an IRI that a target declaration selects in the default graph."""
    value = ox.NamedNode(target.value)
    graph = ox.DefaultGraph()
    if target.kind == "targetNode":
        return {value}
    if target.kind == "targetSubjectsOf":
        found = [quad.subject for quad in store.quads_for_pattern(None, value, None, graph)]
        return {node for node in found if isinstance(node, ox.NamedNode)}
    if target.kind == "targetObjectsOf":
        objects = [quad.object for quad in store.quads_for_pattern(None, value, None, graph)]
        return {node for node in objects if isinstance(node, ox.NamedNode)}
    known = _subclasses(store) if subclasses is None else subclasses
    return {
        quad.subject
        for kind in _below(value, known)
        for quad in store.quads_for_pattern(None, _TYPE, kind, graph)
        if isinstance(quad.subject, ox.NamedNode)
    }


def _subclasses(store: ox.Store) -> dict[ox.NamedNode, set[ox.NamedNode]]:
    """The direct subclasses of each class."""
    found: dict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None, ox.DefaultGraph()):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            found[quad.object].add(quad.subject)
    return found


def _below(start: ox.NamedNode, subclasses: dict[ox.NamedNode, set[ox.NamedNode]]) -> set[ox.NamedNode]:
    found: set[ox.NamedNode] = set()
    todo = [start]
    while todo:
        item = todo.pop()
        if item not in found:
            found.add(item)
            todo.extend(subclasses.get(item, ()))
    return found
