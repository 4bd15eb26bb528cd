"""Read class expressions, properties and data ranges from their RDF form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import OWL, RDF, RDF_TYPE, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.reasoning.graphs import Node, Term, TripleIndex

__all__ = ["ExpressionReader", "UnreadableError"]

_MAXIMUM = {OWL + "maxCardinality", OWL + "maxQualifiedCardinality"}
_MINIMUM = {OWL + "minCardinality", OWL + "minQualifiedCardinality"}
_EXACT = {OWL + "cardinality", OWL + "qualifiedCardinality"}


class UnreadableError(Exception):
    """A construct that this reader does not know; the message names it."""


class ExpressionReader:
    """Reads expressions from an index of triples, taking note of what it has used.

    Args:
        index: the triples.
        data_properties: IRIs of the declared data properties.
    """

    def __init__(self, index: TripleIndex, data_properties: frozenset[str]) -> None:
        self._index = index
        self._data = data_properties

    def role(self, node: Term) -> ax.Role:
        """A property, or ``[owl:inverseOf p]``."""
        if isinstance(node, ox.NamedNode):
            return ax.Role(node.value)
        if isinstance(node, ox.BlankNode):
            inverse = self._index.take(node, OWL + "inverseOf")
            self._take_type(node)
            if len(inverse) == 1:
                return self.role(inverse[0]).inverted()
        raise UnreadableError("a property that is neither named nor the inverse of a named one")

    def expression(self, node: Term) -> ax.Expression:
        """A class expression.

        Raises:
            UnreadableError: if it uses a construct that is not modelled.
        """
        if isinstance(node, ox.NamedNode):
            return ax.Named(node.value)
        if not isinstance(node, ox.BlankNode):
            raise UnreadableError(f"{node} stands where a class belongs")
        self._take_type(node)
        for predicate, build in self._booleans().items():
            if self._index.peek(node, predicate):
                return build(self._single(node, predicate))
        if self._index.peek(node, OWL + "onProperty"):
            return self._restriction(node)
        raise UnreadableError(
            f"a class expression with {', '.join(self._index.predicates(node)) or 'no parts'}"
        )

    def data_range(self, node: Term) -> ax.DataRange:
        """A datatype, a restriction of one, or an enumeration of literals."""
        if isinstance(node, ox.NamedNode):
            return ax.Datatype(node.value)
        if not isinstance(node, ox.BlankNode):
            raise UnreadableError(f"{node} stands where a datatype belongs")
        self._take_type(node)
        if self._index.peek(node, OWL + "oneOf"):
            values = self._list(self._single(node, OWL + "oneOf"))
            return ax.DataOneOf(tuple(value for value in values if isinstance(value, ox.Literal)))
        if self._index.peek(node, OWL + "onDatatype"):
            base = self._single(node, OWL + "onDatatype")
            facets: list[tuple[str, ox.Literal]] = []
            for item in self._list(self._single(node, OWL + "withRestrictions")):
                facets += self._facets(item)
            return ax.Datatype(self._iri(base), tuple(facets))
        raise UnreadableError("a data range that is neither a datatype with facets nor an enumeration")

    def _facets(self, item: Term) -> list[tuple[str, ox.Literal]]:
        if not isinstance(item, ox.BlankNode):
            raise UnreadableError("a facet that is not written in place")
        return [
            (predicate, value)
            for predicate in self._index.predicates(item)
            for value in self._index.take(item, predicate)
            if isinstance(value, ox.Literal)
        ]

    def _booleans(self) -> dict[str, Callable[[Term], ax.Expression]]:
        return {
            OWL + "intersectionOf": lambda head: ax.And(self._expressions(head)),
            OWL + "unionOf": lambda head: ax.Or(self._expressions(head)),
            OWL + "complementOf": lambda part: ax.Not(self.expression(part)),
            OWL + "oneOf": lambda head: ax.OneOf(tuple(self._iri(m) for m in self._list(head))),
        }

    def _restriction(self, node: Node) -> ax.Expression:
        role = self.role(self._single(node, OWL + "onProperty"))
        data = role.iri in self._data
        for predicate in self._index.predicates(node):
            kind = predicate.removeprefix(OWL)
            if kind in ("someValuesFrom", "allValuesFrom"):
                return self._quantified(role, self._single(node, predicate), kind, data=data)
            if kind == "hasValue":
                value = self._single(node, predicate)
                return ax.HasValue(role, value if isinstance(value, ox.Literal) else self._iri(value))
            if kind == "hasSelf":
                self._single(node, predicate)
                return ax.HasSelf(role)
            if predicate in _MINIMUM | _MAXIMUM | _EXACT:
                return self._counted(node, role, predicate, data=data)
        raise UnreadableError(f"a restriction on <{role.iri}> without a filler")

    def _quantified(self, role: ax.Role, filler: Term, kind: str, *, data: bool) -> ax.Expression:
        if data:
            values = self.data_range(filler)
            return ax.DataSome(role, values) if kind == "someValuesFrom" else ax.DataOnly(role, values)
        inner = self.expression(filler)
        return ax.Some(role, inner) if kind == "someValuesFrom" else ax.Only(role, inner)

    def _counted(self, node: Node, role: ax.Role, predicate: str, *, data: bool) -> ax.Expression:
        number = self._single(node, predicate)
        if not isinstance(number, ox.Literal) or not number.value.isdigit():
            raise UnreadableError(f"a cardinality on <{role.iri}> that is not a number")
        count = int(number.value)
        if data:
            ranges = self._index.take(node, OWL + "onDataRange")
            values = self.data_range(ranges[0]) if ranges else ax.Datatype(RDFS + "Literal")
            if predicate in _MINIMUM and count == 1:
                return ax.DataSome(role, values)
            raise UnreadableError(f"a cardinality on the data property <{role.iri}>, other than min 1")
        classes = self._index.take(node, OWL + "onClass")
        filler = self.expression(classes[0]) if classes else ax.THING
        least: ax.Expression = ax.Some(role, filler) if count == 1 else ax.AtLeast(count, role, filler)
        most: ax.Expression = ax.AtMost(count, role, filler)
        if count == 0:
            least, most = ax.THING, ax.Only(role, ax.Not(filler))
        if predicate in _MINIMUM:
            return least
        return most if predicate in _MAXIMUM or count == 0 else ax.And((least, most))

    def _expressions(self, head: Term) -> tuple[ax.Expression, ...]:
        return tuple(self.expression(member) for member in self._list(head))

    def _list(self, head: Term) -> list[Term]:
        try:
            return self._index.take_list(head)
        except ValueError as error:
            raise UnreadableError(str(error)) from error

    def _single(self, node: Node, predicate: str) -> Term:
        values = self._index.take(node, predicate)
        if len(values) != 1:
            raise UnreadableError(f"{len(values)} values of {predicate} where one belongs")
        return values[0]

    def _iri(self, node: Term) -> str:
        if isinstance(node, ox.NamedNode):
            return node.value
        raise UnreadableError("an anonymous individual or datatype")

    def _take_type(self, node: ox.BlankNode) -> None:
        for value in self._index.peek(node, RDF_TYPE):
            if isinstance(value, ox.NamedNode) and value.value.startswith((OWL, RDFS, RDF, XSD)):
                self._index.mark(node, RDF_TYPE, value)
