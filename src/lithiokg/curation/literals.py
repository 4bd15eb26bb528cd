"""Literals of the types that a context may name, checked before they enter the graph."""

from __future__ import annotations

import re

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

__all__ = ["YAML", "literal_problem", "typed", "untyped"]

_XSD = PREFIXES["xsd"]
#: Prefix of the tags that YAML resolves for plain scalars.
YAML = "tag:yaml.org,2002:"

_LEXICAL: dict[str, tuple[str, str]] = {
    _XSD + "integer": (r"[+-]?[0-9]+", "a whole number"),
    _XSD + "positiveInteger": (r"\+?0*[1-9][0-9]*", "a whole number above zero"),
    _XSD + "nonNegativeInteger": (r"\+?[0-9]+", "a whole number, zero or above"),
    _XSD + "decimal": (r"[+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)", "a number such as 0.25"),
    _XSD + "boolean": (r"true|false", "true or false"),
    _XSD + "gYear": (r"-?[0-9]{4}", "a year of four digits"),
    _XSD + "date": (r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])", "a date such as 2021-06-30"),
    _XSD + "anyURI": (r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", "an absolute address"),
}


def literal_problem(text: str, datatype: str) -> str | None:
    """What is wrong with a literal of a datatype, in words; None where nothing is.

    >>> literal_problem("many", "http://www.w3.org/2001/XMLSchema#integer")
    'a whole number'
    """
    pattern, wanted = _LEXICAL.get(datatype, (r"(?s:.*)", ""))
    return None if re.fullmatch(pattern, text) else wanted


def typed(text: str, datatype: str) -> ox.Literal:
    """A literal with a datatype."""
    return ox.Literal(text, datatype=ox.NamedNode(datatype))


def untyped(text: str, tag: str) -> ox.Literal | None:
    """The literal of a field whose context names no type, as JSON-LD takes native values.

    Returns:
        None for a number with a point: whether it is exact only a type can say.
    """
    if tag == YAML + "int" and re.fullmatch(r"-?[0-9]+", text):
        digits = text.removeprefix("-").lstrip("0") or "0"
        return typed(f"-{digits}" if text.startswith("-") and digits != "0" else digits, _XSD + "integer")
    if tag == YAML + "bool":
        return typed("true" if text.casefold() in {"true", "yes", "on"} else "false", _XSD + "boolean")
    if tag == YAML + "float":
        return None
    return ox.Literal(text)
