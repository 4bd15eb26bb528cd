"""The shapes as read from Turtle: rules with message, severity and mend, and SPARQL constraints with targets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.validation.report import Severity
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from lithiokg.validation.labels import Term

__all__ = ["Constraint", "Rule", "Shapes", "Target", "parse_shapes", "read_shapes"]

_SH = PREFIXES["sh"]
_DEEPEST_PATH = 8
_MEND = LKG + "mend"
_PROPERTY = _SH + "property"
_PREFIXES = _SH + "prefixes"
_SPARQL = _SH + "sparql"
_TARGETS = ("targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode")
_SEVERITIES = {
    _SH + "Violation": Severity.ERROR,
    _SH + "Warning": Severity.WARNING,
    _SH + "Info": Severity.INFO,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a shape or constraint that has a message.

    Attributes:
        iri: the shape or constraint.
        message: the rule in one sentence; may hold ``{$this}``, ``{?value}`` and other variables.
        severity: how bad it is to break the rule.
        mend: what to do, in one sentence.
        path: the property that the rule is about, where it is about one.
    """

    iri: str
    message: str
    severity: Severity
    mend: str
    path: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Target:
    """One target declaration: ``kind`` is the local name of the SHACL property."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Constraint:
    """A SPARQL constraint, with the targets of every shape that uses it."""

    rule: Rule
    select: str
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Shapes:
    """All shapes: their triples, the rules by IRI, and the SPARQL constraints."""

    triples: tuple[ox.Triple, ...]
    rules: dict[str, Rule]
    constraints: tuple[Constraint, ...]

    @cached_property
    def core(self) -> tuple[ox.Triple, ...]:
        """The triples by which SHACL Core alone runs, fast.

        SPARQL constraints are left out. The targets of a node shape are handed to its property shapes,
        which means the same: pySHACL sets a property shape up once for all focus nodes where it has
        targets of its own, and once for each focus node where a node shape leads to it.
        """
        left_out = {constraint.rule.iri for constraint in self.constraints}
        graph = _Graph(self.triples)
        kept: list[ox.Triple] = []
        for triple in self.triples:
            owner = triple.subject
            handed = [(name, value) for name in _TARGETS for value in graph.objects(owner, _SH + name)]
            if triple.predicate.value == _PROPERTY and handed and not isinstance(triple.object, ox.Literal):
                kept.extend(
                    ox.Triple(triple.object, ox.NamedNode(_SH + name), value) for name, value in handed
                )
            elif triple.predicate.value != _SPARQL and getattr(owner, "value", None) not in left_out:
                kept.append(triple)
        return tuple(kept)


class _Graph:
    """Triples by subject and predicate."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._objects: dict[object, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self._objects[triple.subject][triple.predicate.value].append(triple.object)

    def subjects(self) -> list[ox.NamedNode]:
        return [subject for subject in self._objects if isinstance(subject, ox.NamedNode)]

    def objects(self, subject: object, predicate: str) -> list[Term]:
        return self._objects[subject][predicate] if subject in self._objects else []

    def text(self, subject: object, predicate: str) -> str | None:
        found = self.objects(subject, predicate)
        return found[0].value if found and isinstance(found[0], ox.NamedNode | ox.Literal) else None

    def first_property(self, path: Term, depth: int = 0) -> str | None:
        """The first property of a path; a place in a file can be looked up by it."""
        if isinstance(path, ox.NamedNode):
            return path.value
        if depth < _DEEPEST_PATH:
            steps = ("alternativePath", "inversePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
            for predicate in (PREFIXES["rdf"] + "first", *(_SH + step for step in steps)):
                for inner in self.objects(path, predicate):
                    return self.first_property(inner, depth + 1)
        return None


def read_shapes(folder: Path) -> Shapes:
    """Read every Turtle file of a folder as one shapes graph.

    Args:
        folder: such as ``ontology/shapes``.

    Raises:
        SourceError: if a file is not Turtle, or a rule lacks its severity or mend.
    """
    triples: list[ox.Triple] = []
    for path in sorted(folder.glob("*.ttl")):
        try:
            quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
            triples.extend(quad.triple for quad in quads)
        except SyntaxError as error:
            place = Place(str(path), error.lineno or 1, error.offset or 1)
            message = (error.msg or "not Turtle").split(": ", 1)[-1]
            mend = "correct the file at this place"
            raise SourceError(f"not valid Turtle: {message}", place=place, mend=mend) from error
    if not triples:
        raise SourceError(
            "there are no shapes", place=Place(str(folder)), mend="restore ontology/shapes/*.ttl"
        )
    return parse_shapes(triples)


def parse_shapes(triples: Iterable[ox.Triple]) -> Shapes:
    """Find rules and constraints in the triples of shapes.

    Raises:
        SourceError: if a rule lacks its severity or mend, or a constraint its query.
    """
    kept = tuple(triples)
    graph = _Graph(kept)
    rules: dict[str, Rule] = {}
    for node in graph.subjects():
        message = graph.text(node, _SH + "message")
        if message is None:
            continue
        severity = graph.text(node, _SH + "severity")
        mend = graph.text(node, _MEND)
        if severity not in _SEVERITIES or mend is None:
            raise SourceError(
                f"the shape {node.value} has a message but no severity or no mend",
                mend="give it sh:severity sh:Violation, sh:Warning or sh:Info, and lkg:mend",
            )
        paths = graph.objects(node, _SH + "path")
        path = graph.first_property(paths[0]) if paths else None
        rules[node.value] = Rule(node.value, message, _SEVERITIES[severity], mend, path)
    return Shapes(kept, rules, tuple(_constraints(graph, rules)))


def _constraints(graph: _Graph, rules: dict[str, Rule]) -> list[Constraint]:
    targets: dict[ox.NamedNode, set[Target]] = defaultdict(set)
    for shape in graph.subjects():
        for constraint in graph.objects(shape, _SPARQL):
            if not isinstance(constraint, ox.NamedNode) or constraint.value not in rules:
                raise SourceError(
                    f"a SPARQL constraint of {shape.value} has no name or no message",
                    mend="write it as a resource of its own with sh:message, sh:severity and lkg:mend",
                )
            targets[constraint].update(
                Target(kind, value.value)
                for kind in _TARGETS
                for value in graph.objects(shape, _SH + kind)
                if isinstance(value, ox.NamedNode)
            )
    found = []
    for node, of_node in targets.items():
        select = graph.text(node, _SH + "select")
        if select is None:
            raise SourceError(f"the SPARQL constraint {node.value} has no query", mend="add sh:select")
        text = _prologue(graph, node) + select
        found.append(Constraint(rules[node.value], text, tuple(sorted(of_node))))
    return sorted(found, key=lambda constraint: constraint.rule.iri)


def _prologue(graph: _Graph, constraint: ox.NamedNode) -> str:
    """The PREFIX lines that ``sh:prefixes`` stands for."""
    lines = []
    for source in graph.objects(constraint, _PREFIXES):
        for declaration in graph.objects(source, _SH + "declare"):
            prefix = graph.text(declaration, _SH + "prefix")
            namespace = graph.text(declaration, _SH + "namespace")
            lines.append(f"PREFIX {prefix}: <{namespace}>\n")
    return "".join(sorted(lines))
