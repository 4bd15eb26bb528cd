"""Answers as digests, so that one machine can check what another one knows."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.conformance.comparing import Difference, Verdict, row_keys, untyped
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.conformance.comparing import Key
    from lithiokg.store import Answer

__all__ = ["Digests", "as_table", "compare_digests", "digests_of"]


@dataclass(frozen=True, slots=True)
class Digests:
    """An answer, known by its columns, the number of its rows and three SHA-256 sums.

    Attributes:
        columns: the names of the columns.
        rows: how many there are.
        ordered: of the rows with values and types, in their order.
        typed: of the same, whatever their order.
        values: of the values alone, whatever their types and order.
    """

    columns: tuple[str, ...]
    rows: int
    ordered: str
    typed: str
    values: str


def digests_of(table: Table) -> Digests:
    """Digests of an answer, after what does not count was taken out of it; see :func:`compare`."""
    keys = row_keys(table)
    written = [_written(row) for row in keys]
    return Digests(
        columns=table.variables,
        rows=len(keys),
        ordered=_sum(written),
        typed=_sum(sorted(written)),
        values=_sum(sorted(json.dumps([repr(value) for value in untyped(row)]) for row in keys)),
    )


def compare_digests(right: Digests, other: Table) -> Difference:
    """Compare an answer with the digests of the right one, as :func:`compare` does with the right one itself.

    How many rows are missing is known only as far as the numbers differ.
    """
    found = digests_of(other)
    if found.columns != right.columns:
        listed = ", ".join(found.columns) or "none"
        return Difference(Verdict.ROWS, right.rows, found.rows, f"the columns are {listed}")
    if found.ordered == right.ordered:
        return Difference(Verdict.SAME)
    if found.typed == right.typed:
        return Difference(Verdict.ORDER)
    if found.values == right.values:
        return Difference(Verdict.TYPES)
    missing = right.rows - found.rows
    words = "" if missing else f"{right.rows:,} rows, as there should be, but others"
    return Difference(Verdict.ROWS, max(missing, 0), max(-missing, 0), words)


def _written(row: tuple[Key, ...]) -> str:
    return json.dumps([None if key is None else [key[0], str(key[1])] for key in row])


def _sum(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def as_table(answer: Answer) -> Table:
    """An answer of any form as rows: triples sorted, for they have no order, and a truth value as one."""
    if isinstance(answer, Table):
        return answer
    if isinstance(answer, bool):
        return Table(["answer"], [(ox.Literal(answer),)])
    rows = [(triple.subject, triple.predicate, triple.object) for triple in set(answer)]
    return Table(["subject", "predicate", "object"], sorted(rows, key=lambda row: tuple(map(str, row))))
