"""Data ranges as SPARQL filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import RDF, RDFS, XSD, local_name

if TYPE_CHECKING:
    import pyoxigraph as ox

__all__ = ["OWL_DATATYPES", "literal_filter", "range_filter"]

_INTEGERS = (
    "integer",
    "nonNegativeInteger",
    "positiveInteger",
    "nonPositiveInteger",
    "negativeInteger",
    "long",
    "int",
    "short",
    "byte",
    "unsignedLong",
    "unsignedInt",
    "unsignedShort",
    "unsignedByte",
)
#: For each datatype those whose literals always lie in its value space.
_WITHIN: dict[str, tuple[str, ...]] = {
    XSD + "decimal": ("decimal", *_INTEGERS),
    XSD + "integer": _INTEGERS,
    XSD + "string": ("string", "normalizedString", "token"),
    XSD + "boolean": ("boolean",),
    XSD + "double": ("double",),
    XSD + "float": ("float",),
    XSD + "anyURI": ("anyURI",),
    XSD + "dateTime": ("dateTime", "dateTimeStamp"),
}
_BOUNDED = {
    XSD + "nonNegativeInteger": ">= 0",
    XSD + "positiveInteger": "> 0",
    XSD + "nonPositiveInteger": "<= 0",
    XSD + "negativeInteger": "< 0",
}
_COMPARISONS = {"minInclusive": ">=", "maxInclusive": "<=", "minExclusive": ">", "maxExclusive": "<"}

#: The datatypes of the OWL 2 datatype map: any other stops HermiT.
OWL_DATATYPES = frozenset(
    {RDFS + "Literal", RDF + "PlainLiteral", RDF + "XMLLiteral", RDF + "langString"}
    | {XSD + name for name in _INTEGERS}
    | {
        XSD + name
        for name in (
            "decimal", "double", "float", "string", "normalizedString", "token", "language", "Name", "NCName",
            "NMTOKEN", "boolean", "hexBinary", "base64Binary", "anyURI", "dateTime", "dateTimeStamp",
        )
    }
    | {"http://www.w3.org/2002/07/owl#real", "http://www.w3.org/2002/07/owl#rational"}
)  # fmt: skip


def literal_filter(variable: str, literal: ox.Literal) -> str:
    """A filter for one literal, compared by value.

    >>> import pyoxigraph as ox
    >>> literal_filter("?v", ox.Literal(True))
    '?v = "true"^^<http://www.w3.org/2001/XMLSchema#boolean>'
    """
    return f"{variable} = {literal}"


def range_filter(variable: str, values: ax.DataRange) -> str | None:
    """A filter for the literals of a data range; None where every literal is in it.

    A datatype that is not among the usual ones is compared by its name.
    """
    if isinstance(values, ax.DataOneOf):
        return " || ".join(literal_filter(variable, value) for value in values.values)
    if values.iri == RDFS + "Literal":
        return None
    tests = [_datatype_test(variable, values.iri)]
    for facet, bound in values.facets:
        comparison = _COMPARISONS.get(local_name(facet))
        if comparison is None:
            tests.append("false")  # an unknown facet: conclude nothing
        else:
            tests.append(f"{variable} {comparison} {bound}")
    return " && ".join(tests)


def _datatype_test(variable: str, iri: str) -> str:
    if iri == RDF + "PlainLiteral":
        return f"DATATYPE({variable}) IN (<{RDF}langString>, <{XSD}string>)"
    if iri in _BOUNDED:
        return f"{_datatype_test(variable, XSD + 'integer')} && {variable} {_BOUNDED[iri]}"
    names = [XSD + name for name in _WITHIN[iri]] if iri in _WITHIN else [iri]
    test = f"DATATYPE({variable}) IN ({', '.join(f'<{name}>' for name in names)})"
    if iri == XSD + "integer":
        # 5.0 is an integer to OWL, whatever its datatype is called.
        return f"({test} || (DATATYPE({variable}) = <{XSD}decimal> && FLOOR({variable}) = {variable}))"
    return test
