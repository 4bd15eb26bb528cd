"""Turtle for people: one block a subject, lists and nested nodes in place, always in the same order.

The engine's own Turtle names every blank node, which makes a definition of OWL unreadable. This writer
nests what is used once, orders by content alone, and uses no feature that older parsers stumble over.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["write_turtle"]

Node: TypeAlias = "ox.NamedNode | ox.BlankNode"

_RDF, _OWL = PREFIXES["rdf"], PREFIXES["owl"]
_TYPE, _FIRST, _REST, _NIL = (ox.NamedNode(_RDF + name) for name in ("type", "first", "rest", "nil"))
_STRING = PREFIXES["xsd"] + "string"
#: Literals that Turtle writes without quotes, where their text has this form.
_PLAIN = {PREFIXES["xsd"] + "integer": r"[+-]?[0-9]+", PREFIXES["xsd"] + "boolean": "true|false"}
#: Local names that every parser reads, without escapes.
_LOCAL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_ESCAPED = re.compile(r'[\\"\n\r\t\b\f]')
#: The order of the blocks: the header, then properties, classes, individuals, and whatever else.
_ORDER = {
    _OWL + kind: rank
    for rank, kind in enumerate(
        (
            *("Ontology", "AnnotationProperty", "ObjectProperty", "DatatypeProperty"),
            *("Class", "NamedIndividual"),
        )
    )
}
#: What is said first of a subject.
_FOREMOST = [
    _RDF + "type",
    *(PREFIXES["rdfs"] + name for name in ("subClassOf", "subPropertyOf", "domain", "range", "label")),
    *(PREFIXES["skos"] + name for name in ("prefLabel", "altLabel", "definition")),
]


def write_turtle(triples: Iterable[ox.Triple], prefixes: Mapping[str, str], *, comment: str = "") -> str:
    """Write triples as Turtle.

    Args:
        triples: with blank nodes named canonically; the text depends on nothing else.
        prefixes: those that may be used; only those that are get declared.
        comment: a line or more to begin with.
    """
    return _Writer(triples, prefixes).text(comment)


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        self.facts: dict[Node, dict[ox.NamedNode, list[ox.NamedNode | ox.BlankNode | ox.Literal]]]
        self.facts = defaultdict(lambda: defaultdict(list))
        self.uses: dict[ox.BlankNode, int] = defaultdict(int)
        for triple in dict.fromkeys(triples):
            self.facts[triple.subject][triple.predicate].append(triple.object)  # type: ignore[index, arg-type]  # no quoted triples
            if isinstance(triple.object, ox.BlankNode):
                self.uses[triple.object] += 1
        self.namespaces = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self.used: set[str] = set()
        self.nested: set[ox.BlankNode] = set()

    def text(self, comment: str) -> str:
        blocks = [
            self.block(subject) for subject in sorted(self.facts, key=self.rank) if self.stands_alone(subject)
        ]
        # What hangs on itself alone is reached by no block; it is written under its label.
        left = [node for node in self.facts if isinstance(node, ox.BlankNode) and self.uses[node] == 1]
        for node in sorted(left, key=str):
            if node not in self.nested:
                self.uses[node] = 2
                blocks.append(self.block(node))
        declared = [
            f"@prefix {name}: <{iri}> ." for name, iri in sorted(self.namespaces) if name in self.used
        ]
        top = [f"# {line}" for line in comment.splitlines()]
        return "\n".join([*top, *declared, "", *blocks]) + ("" if blocks else "\n")

    def stands_alone(self, subject: Node) -> bool:
        return not isinstance(subject, ox.BlankNode) or self.uses[subject] != 1

    def rank(self, subject: Node) -> tuple[int, str]:
        types = self.facts[subject].get(_TYPE, [])
        kinds = (kind.value for kind in types if isinstance(kind, ox.NamedNode))
        return min((_ORDER.get(kind, len(_ORDER)) for kind in kinds), default=len(_ORDER)), str(subject)

    def block(self, subject: Node) -> str:
        alone = isinstance(subject, ox.BlankNode) and not self.uses[subject]
        return f"{'[]' if alone else self.term(subject)} {self.statements(subject, 1)} .\n"

    def statements(self, subject: Node, depth: int) -> str:
        lines = []
        for predicate in sorted(self.facts[subject], key=_predicate_rank):
            verb = "a" if predicate == _TYPE else self.term(predicate)
            values = sorted(self.value(value, depth) for value in self.facts[subject][predicate])
            lines.append(f"{verb} {', '.join(values)}")
        return (" ;\n" + "    " * depth).join(lines)

    def value(self, value: ox.NamedNode | ox.BlankNode | ox.Literal, depth: int) -> str:
        if isinstance(value, ox.Literal):
            return self.literal(value)
        if value == _NIL:
            return "()"
        if isinstance(value, ox.BlankNode) and self.uses[value] == 1 and value in self.facts:
            self.nested.add(value)
            members = self.members(value)
            if members is not None:
                return f"( {' '.join(self.value(member, depth + 1) for member in members)} )"
            return f"[ {self.statements(value, depth + 1)} ]"
        return self.term(value)

    def members(self, head: Node) -> list[ox.NamedNode | ox.BlankNode | ox.Literal] | None:
        """The members of a list of which nothing else is said, or nothing."""
        found = []
        cells: set[ox.BlankNode] = set()
        while head != _NIL:
            facts = self.facts.get(head, {})
            sole = {predicate: values[0] for predicate, values in facts.items() if len(values) == 1}
            single = isinstance(head, ox.BlankNode) and self.uses[head] == 1 and head not in cells
            if not single or sole.keys() != {_FIRST, _REST} or len(facts) != len(sole):
                return None
            cells.add(head)  # type: ignore[arg-type]  # it is a blank node
            found.append(sole[_FIRST])
            head = sole[_REST]  # type: ignore[assignment]  # a literal ends the loop at the next look
        self.nested |= cells
        return found

    def term(self, node: Node) -> str:
        if isinstance(node, ox.BlankNode):
            return str(node)
        for prefix, namespace in self.namespaces:
            local = node.value.removeprefix(namespace)
            if local != node.value and _LOCAL.fullmatch(local):
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return str(node)

    def literal(self, literal: ox.Literal) -> str:
        kind = literal.datatype.value
        if re.fullmatch(_PLAIN.get(kind, "(?!)"), literal.value):
            return literal.value
        quoted = _ESCAPED.sub(lambda match: _ESCAPES[match[0]], literal.value)
        if literal.language:
            return f'"{quoted}"@{literal.language}'
        return f'"{quoted}"' if kind == _STRING else f'"{quoted}"^^{self.term(literal.datatype)}'


def _predicate_rank(predicate: ox.NamedNode) -> tuple[int, str]:
    value = predicate.value
    return (_FOREMOST.index(value) if value in _FOREMOST else len(_FOREMOST)), value
