"""Two answers to one query side by side."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.store import python_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.store import Row, Table, Term

__all__ = ["Difference", "Key", "Verdict", "compare", "row_keys", "untyped"]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
#: Engines keep different numbers of digits of a quotient; this many tell any two reported figures apart.
_DIGITS = 9

Key: TypeAlias = "tuple[str, object] | None"


class Verdict(StrEnum):
    """How an answer compares with the right one, the best first."""

    SAME = "same"
    ORDER = "other order"
    TYPES = "other types"
    ROWS = "other rows"
    NO_ANSWER = "no answer"


@dataclass(frozen=True, slots=True)
class Difference:
    """What two answers have in common and what not.

    Attributes:
        verdict: in one word.
        missing: the number of right rows that are not there.
        extra: the number of rows that are not right.
        words: more on it, where there is more to say.
    """

    verdict: Verdict
    missing: int = 0
    extra: int = 0
    words: str = ""


def compare(right: Table, other: Table) -> Difference:
    """Compare an answer with the right one, row by row: values, types and order.

    Numbers of one type are equal where they are as numbers (``2.5`` and ``2.50``); the last digits of a
    quotient do not count. Blank nodes are equal, whatever they are called.

    >>> from lithiokg.store import Table
    >>> right, other = Table(["n"], [(ox.Literal(True),)]), Table(["n"], [(ox.Literal(1),)])
    >>> compare(right, other).verdict
    <Verdict.TYPES: 'other types'>
    """
    if right.variables != other.variables:
        listed = ", ".join(other.variables) or "none"
        return Difference(Verdict.ROWS, len(right), len(other), f"the columns are {listed}")
    ours, theirs = row_keys(right), row_keys(other)
    if ours == theirs:
        return Difference(Verdict.SAME)
    if Counter(ours) == Counter(theirs):
        return Difference(Verdict.ORDER)
    values = Counter(map(untyped, ours)), Counter(map(untyped, theirs))
    if values[0] == values[1]:
        return Difference(Verdict.TYPES, words=_changed(ours, theirs, right.variables))
    missing, extra = values[0] - values[1], values[1] - values[0]
    return Difference(Verdict.ROWS, missing.total(), extra.total())


def row_keys(table: Iterable[Row]) -> list[tuple[Key, ...]]:
    """The rows as what counts of them: of each term its type and value."""
    return [tuple(map(_key, row)) for row in table]


def _key(term: Term | None) -> Key:
    """A term as its type and value."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return "IRI", term.value
    if not isinstance(term, ox.Literal):
        return "blank node", ""
    kind = term.datatype.value.rpartition("#")[2] + (f"@{term.language}" if term.language else "")
    value = python_value(term)
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return kind, value
    return kind, _rounded(value)


def _rounded(value: float | Decimal) -> object:
    number = Decimal(str(value))
    if not number.is_finite():
        return str(number)
    digits = _DIGITS - number.adjusted() - 1 if number else 0
    return round(number, digits).normalize()


def untyped(row: tuple[Key, ...]) -> tuple[object, ...]:
    """The row as values alone; a truth value is the number that some engines make of it."""
    return tuple(
        None if key is None else Decimal(int(key[1])) if isinstance(key[1], bool) else key[1] for key in row
    )


def _changed(ours: list[tuple[Key, ...]], theirs: list[tuple[Key, ...]], variables: tuple[str, ...]) -> str:
    """Which columns come in which other types."""
    said: list[str] = []
    for index, name in enumerate(variables):
        right = {key[0] for row in ours if (key := row[index]) is not None}
        other = {key[0] for row in theirs if (key := row[index]) is not None}
        if right != other:
            said.append(f"{name} is {' or '.join(sorted(other))}, not {' or '.join(sorted(right))}")
    return "; ".join(said)
