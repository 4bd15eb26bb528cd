"""Queries with answers known beforehand, each for something that engines are known to get wrong."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store.table import Table

if TYPE_CHECKING:
    from lithiokg.store import Term

__all__ = ["PROBES", "Probe"]

_DECIMAL = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")


@dataclass(frozen=True, slots=True)
class Probe:
    """A query and its right answer.

    Attributes:
        name: what it probes, in kebab case.
        text: the query; it reads no data, so that it may be asked of any endpoint.
        right: its answer.
    """

    name: str
    text: str
    right: Table


def _probe(name: str, text: str, columns: str, *rows: tuple[object, ...]) -> Probe:
    return Probe(name, text, Table(columns.split(), [tuple(map(_term, row)) for row in rows]))


def _term(value: object) -> Term | None:
    if value is None:
        return None
    if isinstance(value, Decimal):
        return ox.Literal(f"{value:f}", datatype=_DECIMAL)
    if isinstance(value, bool | int | str):
        return ox.Literal(value)
    raise TypeError(value)


PROBES: tuple[Probe, ...] = (
    _probe("quotient-of-integers", "SELECT (10 / 4 AS ?x) {}", "x", (Decimal("2.5"),)),
    _probe("sum-of-decimals", "SELECT (0.1 + 0.2 AS ?x) {}", "x", (Decimal("0.3"),)),
    _probe(
        "decimal-with-18-digits",
        "SELECT ?x { VALUES ?x { 0.000000000000000001 } }",
        "x",
        (Decimal("0.000000000000000001"),),
    ),
    _probe("truth-value-of-a-comparison", "SELECT (1 < 2 AS ?x) {}", "x", (True,)),
    _probe("truth-value-as-written", "SELECT ?x { VALUES ?x { true } }", "x", (True,)),
    _probe(
        "counts-and-sums-by-group",
        "SELECT ?k (COUNT(*) AS ?n) (SUM(?v) AS ?s) (MAX(?v) AS ?m)"
        " { VALUES (?k ?v) { ('b' 3) ('a' 1) ('a' 2) ('a' 2) } } GROUP BY ?k ORDER BY ?k",
        "k n s m",
        ("a", 3, 5, 2),
        ("b", 1, 3, 3),
    ),
    _probe(
        "count-of-different-values",
        "SELECT (COUNT(DISTINCT ?v) AS ?n) { VALUES ?v { 1 1 2 } }",
        "n",
        (2,),
    ),
    _probe("count-of-nothing", "SELECT (COUNT(?v) AS ?n) { VALUES ?v { 1 } FILTER (?v > 1) }", "n", (0,)),
    _probe(
        "groups-that-are-left",
        "SELECT ?k { VALUES (?k ?v) { ('a' 1) ('b' 1) ('b' 2) } } GROUP BY ?k HAVING (COUNT(?v) > 1)",
        "k",
        ("b",),
    ),
    _probe(
        "optional-that-does-not-fit",
        "SELECT ?a ?b { VALUES ?a { 1 2 } OPTIONAL { VALUES (?a ?b) { (1 'x') } } } ORDER BY ?a",
        "a b",
        (1, "x"),
        (2, None),
    ),
    _probe(
        "minus",
        "SELECT ?a { VALUES ?a { 1 2 } MINUS { VALUES ?a { 2 } } }",
        "a",
        (1,),
    ),
    _probe(
        "undef-joins-with-anything",
        "SELECT ?a { VALUES ?a { UNDEF } VALUES ?a { 1 2 } } ORDER BY ?a",
        "a",
        (1,),
        (2,),
    ),
    _probe(
        "union-keeps-what-is-there-twice",
        "SELECT ?a { { VALUES ?a { 1 } } UNION { VALUES ?a { 1 } } }",
        "a",
        (1,),
        (1,),
    ),
    _probe(
        "order-by-code-point",
        "SELECT ?a { VALUES ?a { 'a' 'Z' 'é' 'B' } } ORDER BY ?a",
        "a",
        *((letter,) for letter in "BZaé"),
    ),
    _probe(
        "order-of-numbers-of-two-types",
        "SELECT ?a { VALUES ?a { 10 1.5 2 } } ORDER BY DESC(?a)",
        "a",
        (10,),
        (2,),
        (Decimal("1.5"),),
    ),
    _probe(
        "unbound-comes-first",
        "SELECT ?a { VALUES (?a ?b) { (1 1) (UNDEF 2) } } ORDER BY ?a",
        "a",
        (None,),
        (1,),
    ),
    _probe(
        "first-of-a-sub-select",
        "SELECT ?a { { SELECT ?a { VALUES ?a { 3 1 2 } } ORDER BY ?a LIMIT 2 } } ORDER BY DESC(?a)",
        "a",
        (2,),
        (1,),
    ),
    _probe(
        "errors-are-passed-over",
        "SELECT (COALESCE(1 / 0, 'none') AS ?x) (IF(BOUND(?u), 'bound', 'unbound') AS ?y) {}",
        "x y",
        ("none", "unbound"),
    ),
    _probe(
        "number-and-text-do-not-compare",
        "SELECT ?a { VALUES ?a { 1 'b' 3 } FILTER (?a > 2) }",
        "a",
        (3,),
    ),
    _probe(
        "letters-beyond-ascii",
        "SELECT (STRLEN('Ω cm²') AS ?n) (UCASE('é') AS ?u) (CONTAINS('Li₂O', '₂') AS ?c) {}",
        "n u c",
        (5, "É", True),
    ),
    _probe(
        "pattern-without-case",
        "SELECT ?a { VALUES ?a { 'Zinc' 'tin' } FILTER REGEX(?a, '^z', 'i') }",
        "a",
        ("Zinc",),
    ),
    _probe(
        "language-of-a-text",
        "SELECT (STR(?t) AS ?a) { VALUES ?t { 'zinc'@en 'Zink'@de 'zinc' } FILTER (LANG(?t) = 'de') }",
        "a",
        ("Zink",),
    ),
)
