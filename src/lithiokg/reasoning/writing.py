"""Write class expressions and axioms: as RDF, in Manchester syntax, and in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import OWL, RDF, RDF_TYPE, XSD, local_name
from lithiokg.vocabulary import compact

__all__ = ["axiom_words", "manchester", "rdf_list", "restriction_quads", "write_expression"]

Namer = Callable[[str], str]
_FACETS = {
    "minInclusive": ">=",
    "maxInclusive": "<=",
    "minExclusive": ">",
    "maxExclusive": "<",
}


def _term(iri: str) -> str:
    return local_name(iri) if iri.startswith("https://w3id.org/lithiokg/") else compact(iri)


def _literal(value: ox.Literal) -> str:
    bare = value.datatype.value in {XSD + kind for kind in ("integer", "decimal", "boolean", "double")}
    return value.value if bare else f'"{value.value}"'


def _range(values: ax.DataRange) -> str:
    if isinstance(values, ax.DataOneOf):
        return "{" + ", ".join(_literal(value) for value in values.values) + "}"
    if not values.facets:
        return compact(values.iri)
    facets = (f"{_FACETS.get(local_name(f), local_name(f))} {_literal(v)}" for f, v in values.facets)
    return f"{compact(values.iri)}[{', '.join(facets)}]"


def manchester(  # noqa: C901, PLR0911, PLR0912  # one case a construct
    expression: ax.Expression, name: Namer = _term
) -> str:
    """The expression in Manchester syntax.

    Args:
        expression: what to write.
        name: how to write an IRI; the local name where it is not given.

    >>> from lithiokg.reasoning.axioms import And, Named, Role, Some
    >>> manchester(And((Named("https://w3id.org/lithiokg/A"), Some(Role("https://w3id.org/lithiokg/p"), Named("https://w3id.org/lithiokg/B")))))
    'A and (p some B)'
    """

    def role(item: ax.Role) -> str:
        return f"inverse {name(item.iri)}" if item.inverse else name(item.iri)

    def inner(part: ax.Expression) -> str:
        text = manchester(part, name)
        return text if isinstance(part, ax.Named | ax.OneOf) else f"({text})"

    match expression:
        case ax.Named(iri):
            return name(iri)
        case ax.And(parts):
            return " and ".join(inner(part) for part in parts)
        case ax.Or(parts):
            return " or ".join(inner(part) for part in parts)
        case ax.Not(part):
            return f"not {inner(part)}"
        case ax.Some(r, filler):
            return f"{role(r)} some {inner(filler)}"
        case ax.Only(r, filler):
            return f"{role(r)} only {inner(filler)}"
        case ax.HasValue(r, value):
            return f"{role(r)} value {_literal(value) if isinstance(value, ox.Literal) else name(value)}"
        case ax.HasSelf(r):
            return f"{role(r)} Self"
        case ax.OneOf(individuals):
            return "{" + ", ".join(name(individual) for individual in individuals) + "}"
        case ax.AtLeast(count, r, filler):
            return f"{role(r)} min {count} {inner(filler)}"
        case ax.AtMost(count, r, filler):
            return f"{role(r)} max {count} {inner(filler)}"
        case ax.DataSome(r, values):
            return f"{role(r)} some {_range(values)}"
        case ax.DataOnly(r, values):
            return f"{role(r)} only {_range(values)}"


def axiom_words(  # noqa: C901, PLR0911, PLR0912  # one case a construct
    axiom: ax.Axiom, name: Namer = _term
) -> str:
    """The axiom as one plain line, with :func:`manchester` for its expressions.

    >>> axiom_words(ax.SubClassOf(ax.Named("https://w3id.org/lithiokg/A"), ax.Named("https://w3id.org/lithiokg/B")))
    'every A is B'
    """

    def say(expression: ax.Expression) -> str:
        return manchester(expression, name)

    def role(item: ax.Role) -> str:
        return f"inverse of {name(item.iri)}" if item.inverse else name(item.iri)

    match axiom:
        case ax.SubClassOf(sub, sup):
            return f"every {say(sub)} is {say(sup)}"
        case ax.EquivalentClasses(first, second):
            return f"{say(first)} is the same as {say(second)}"
        case ax.DisjointClasses(classes):
            return f"nothing is two of these at once: {', '.join(say(item) for item in classes)}"
        case ax.DisjointUnion(whole, parts):
            return f"every {say(whole)} is exactly one of: {', '.join(say(part) for part in parts)}"
        case ax.SubRole(sub, sup):
            return f"{role(sub)} implies {role(sup)}"
        case ax.RoleChain(chain, sup):
            return f"{' followed by '.join(role(item) for item in chain)} implies {role(sup)}"
        case ax.EquivalentRoles(first, second):
            return f"{role(first)} is the same as {role(second)}"
        case ax.InverseRoles(first, second):
            return f"{role(first)} is {role(second)} read backwards"
        case ax.RoleCharacteristic(kind, r):
            return f"{role(r)} is {kind[0].lower()}{kind[1:]}"
        case ax.DisjointRoles(roles):
            return f"no two things are linked by two of these at once: {', '.join(role(r) for r in roles)}"
        case ax.Domain(r, domain):
            return f"whatever has {role(r)} is {say(domain)}"
        case ax.Range(r, values):
            if isinstance(values, ax.Datatype | ax.DataOneOf):
                return f"a value of {role(r)} is {_range(values)}"
            return f"a value of {role(r)} is {say(values)}"


class _Writer:
    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def node(self) -> ox.BlankNode:
        self._count += 1
        return ox.BlankNode(f"{self._prefix}{self._count}")


def _triple(subject: ox.NamedNode | ox.BlankNode, predicate: str, value: object) -> ox.Triple:
    if isinstance(value, str):
        value = ox.NamedNode(value)
    assert isinstance(value, ox.NamedNode | ox.BlankNode | ox.Literal)  # noqa: S101  # narrows for the type checker
    return ox.Triple(subject, ox.NamedNode(predicate), value)


def rdf_list(
    members: list[ox.NamedNode | ox.BlankNode | ox.Literal], prefix: str
) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    """An RDF list: its head and its triples, with blank nodes named ``prefix`` + number."""
    if not members:
        return ox.NamedNode(RDF + "nil"), []
    nodes = [ox.BlankNode(f"{prefix}{number}") for number in range(len(members))]
    triples: list[ox.Triple] = []
    for number, member in enumerate(members):
        rest = nodes[number + 1] if number + 1 < len(nodes) else RDF + "nil"
        triples.append(_triple(nodes[number], RDF + "first", member))
        triples.append(_triple(nodes[number], RDF + "rest", rest))
    return nodes[0], triples


def write_expression(
    expression: ax.Expression, prefix: str
) -> tuple[ox.NamedNode | ox.BlankNode, list[ox.Triple]]:
    """A class expression as RDF: its node and the triples that describe it.

    Args:
        expression: what to write.
        prefix: begins the names of all blank nodes; give each expression of a file its own.
    """
    triples: list[ox.Triple] = []
    node = _write(expression, _Writer(prefix), triples)
    return node, triples


def _write(expression: ax.Expression, writer: _Writer, out: list[ox.Triple]) -> ox.NamedNode | ox.BlankNode:
    if isinstance(expression, ax.Named):
        return ox.NamedNode(expression.iri)
    node = writer.node()
    if isinstance(expression, ax.And | ax.Or | ax.Not | ax.OneOf):
        out.append(_triple(node, RDF_TYPE, OWL + "Class"))
    match expression:
        case ax.And(parts) | ax.Or(parts):
            kind = "intersectionOf" if isinstance(expression, ax.And) else "unionOf"
            members: list[ox.NamedNode | ox.BlankNode | ox.Literal] = [
                _write(part, writer, out) for part in parts
            ]
            head, triples = rdf_list(members, f"{node.value}x")
            out += [_triple(node, OWL + kind, head), *triples]
        case ax.Not(part):
            out.append(_triple(node, OWL + "complementOf", _write(part, writer, out)))
        case ax.OneOf(individuals):
            head, triples = rdf_list([ox.NamedNode(iri) for iri in individuals], f"{node.value}x")
            out += [_triple(node, OWL + "oneOf", head), *triples]
        case _:
            # A list first: writing the restriction appends to ``out`` itself.
            out += list(_write_restriction(node, expression, writer, out))
    return node


def _write_restriction(
    node: ox.BlankNode, expression: ax.Expression, writer: _Writer, out: list[ox.Triple]
) -> Iterator[ox.Triple]:
    assert not isinstance(expression, ax.Named | ax.And | ax.Or | ax.Not | ax.OneOf)  # noqa: S101
    role: ox.NamedNode | ox.BlankNode = ox.NamedNode(expression.role.iri)
    if expression.role.inverse:
        role = writer.node()
        out.append(_triple(role, OWL + "inverseOf", expression.role.iri))
    yield _triple(node, RDF_TYPE, OWL + "Restriction")
    yield _triple(node, OWL + "onProperty", role)
    match expression:
        case ax.Some(_, filler):
            yield _triple(node, OWL + "someValuesFrom", _write(filler, writer, out))
        case ax.Only(_, filler):
            yield _triple(node, OWL + "allValuesFrom", _write(filler, writer, out))
        case ax.HasValue(_, value):
            yield _triple(node, OWL + "hasValue", value)
        case ax.HasSelf(_):
            yield _triple(node, OWL + "hasSelf", ox.Literal("true", datatype=ox.NamedNode(XSD + "boolean")))
        case ax.AtLeast(count, _, filler) | ax.AtMost(count, _, filler):
            kind = (
                "minQualifiedCardinality" if isinstance(expression, ax.AtLeast) else "maxQualifiedCardinality"
            )
            number = ox.Literal(str(count), datatype=ox.NamedNode(XSD + "nonNegativeInteger"))
            yield _triple(node, OWL + kind, number)
            yield _triple(node, OWL + "onClass", _write(filler, writer, out))
        case ax.DataSome(_, values):
            yield _triple(node, OWL + "someValuesFrom", _write_range(values, writer, out))
        case ax.DataOnly(_, values):
            yield _triple(node, OWL + "allValuesFrom", _write_range(values, writer, out))


def _write_range(values: ax.DataRange, writer: _Writer, out: list[ox.Triple]) -> ox.NamedNode | ox.BlankNode:
    if isinstance(values, ax.Datatype) and not values.facets:
        return ox.NamedNode(values.iri)
    node = writer.node()
    out.append(_triple(node, RDF_TYPE, "http://www.w3.org/2000/01/rdf-schema#Datatype"))
    if isinstance(values, ax.DataOneOf):
        head, triples = rdf_list(list(values.values), f"{node.value}x")
        out += [_triple(node, OWL + "oneOf", head), *triples]
        return node
    facets: list[ox.NamedNode | ox.BlankNode | ox.Literal] = []
    for facet, value in values.facets:
        item = writer.node()
        out.append(_triple(item, facet, value))
        facets.append(item)
    head, triples = rdf_list(facets, f"{node.value}x")
    out += [
        _triple(node, OWL + "onDatatype", values.iri),
        _triple(node, OWL + "withRestrictions", head),
        *triples,
    ]
    return node


def restriction_quads(
    subject: str, expression: ax.Expression, graph: ox.NamedNode, prefix: str
) -> Iterator[ox.Quad]:
    """The quads that say ``subject rdf:type expression`` in a graph."""
    node, triples = write_expression(expression, prefix)
    yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(RDF_TYPE), node, graph)
    for triple in triples:
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
