"""Answers as tables for people: labels that are links, units in the headings, doubt and silence in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.graph.phrases import Phrases
from lithiokg.store import python_value
from lithiokg.store.sheet import heading, is_numeric, short_cell
from lithiokg.vocabulary import ID, compact
from lithiokg.web import links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.store import Table, Term, Value
    from lithiokg.web.site import Site

__all__ = ["Cell", "Head", "Sheet", "sheet_of"]

#: So many cells fit on a page of a hundred kilobytes, with room for the rest of it.
_CELLS = 420
_FEWEST = 12
#: Columns whose empty cells do not mean that a source is silent: they tell where, or the ends of a range.
_ASIDE = frozenset({"table", "row", "paragraph", "minimum", "maximum", "number", "reference"})
_UNITS, _REFERENCES = f"{ID}unit/", f"{ID}reference/"
_FORMULAS = frozenset({"formula", "reduced_formula"})
#: What names a column of a table of the source.
_COLUMNS = frozenset({"column_name", "printed_in_column"})
_DOUBTFUL = frozenset({"suspect", "doubtful", "in_doubt"})


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its words, and the unit of its numbers."""

    words: str
    unit: str = ""
    number: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell.

    Attributes:
        text: what is seen.
        href: where it leads.
        outside: whether that is another host.
        number: it is set with the other numbers of its column.
        kind: ``text``, ``formula``, ``unit``, ``none`` (nothing is there, in words) or ``doubt``.
        own: the source of a user's collection that the thing comes from.
    """

    text: str
    href: str = ""
    outside: bool = False
    number: bool = False
    kind: str = "text"
    own: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of an answer.

    Attributes:
        heads, rows: what is shown.
        total: rows of the whole answer.
        page: which page it is, counted from 1; ``pages``: how many there are.
        start: the number of the row before the first that is shown.
    """

    heads: tuple[Head, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    page: int
    pages: int
    start: int


def sheet_of(site: Site, table: Table, page: int = 1, *, size: int | None = None) -> Sheet:
    """One page of a table.

    Args:
        site: names and links.
        table: the whole answer.
        page: which page, counted from 1; one beyond the last is the last.
        size: rows of a page; as many as have room unless given.
    """
    columns = table.variables
    size = size or max(_FEWEST, _CELLS // max(1, len(columns)))
    pages = max(1, -(-len(table) // size))
    page = max(1, min(page, pages))
    start = (page - 1) * size
    numeric = [is_numeric([python_value(row[i]) for row in table.rows]) for i in range(len(columns))]
    joined = {i for i, name in enumerate(columns[:-1]) if name.startswith("comparator") and numeric[i + 1]}
    writer = _Writer(site, columns, numeric)
    shown = table.rows[start : start + size]
    writer.learn(shown)
    rows = []
    for row in shown:
        cells = [writer.cell(i, row) for i in range(len(columns))]
        for i in joined:
            sign = cells[i].text if cells[i].kind != "none" else ""
            if sign not in {"", "="} and cells[i + 1].number:
                cells[i + 1] = Cell(f"{sign} {cells[i + 1].text}", number=True)
        rows.append(tuple(cell for i, cell in enumerate(cells) if i not in joined))
    heads = tuple(_head(columns[i], number=numeric[i]) for i in range(len(columns)) if i not in joined)
    return Sheet(heads, tuple(rows), len(table), page, pages, start)


def _head(name: str, *, number: bool) -> Head:
    words, bracket, unit = heading(name).partition(" (")
    return Head(words, unit.removesuffix(")") if bracket else "", number)


class _Writer:
    def __init__(self, site: Site, columns: Sequence[str], numeric: Sequence[bool]) -> None:
        self._site = site
        self._columns = columns
        self._numeric = numeric
        self._phrases: Phrases | None = None
        self._has_ends = {"minimum", "maximum"} <= set(columns)

    def learn(self, rows: Sequence[Sequence[Term | None]]) -> None:
        """Find words for what has no label, in a few queries for all."""
        label = self._site.names.label
        unnamed = {
            term.value
            for row in rows
            for term in row
            if isinstance(term, ox.NamedNode)
            and label(term.value) == compact(term.value)
            and links.local(term.value)
        }
        if unnamed:
            self._phrases = Phrases(self._site.store, self._site.names, "", unnamed)

    def cell(self, index: int, row: Sequence[Term | None]) -> Cell:
        """One cell."""
        name, term = self._columns[index], row[index]
        if term is None:
            return self._silence(index, row)
        if isinstance(term, ox.NamedNode):
            return self._thing(name, term.value)
        return self._value(index, name, python_value(term))

    def _value(self, index: int, name: str, value: Value) -> Cell:
        text = short_cell(value)
        if isinstance(value, bool):
            if name in _DOUBTFUL:
                return Cell("in doubt", kind="doubt") if value else Cell("", kind="none")
            return Cell(text)
        if self._numeric[index]:
            return Cell(text, number=True)
        outside = links.doi(text) if name == "doi" else links.external(text)
        if outside:
            return Cell(text if name == "doi" else self._site.label(text), outside, outside=True)
        if name in _COLUMNS:
            text = text.replace("_", " ")
        return Cell(text, kind="formula" if name in _FORMULAS else "text")

    def _thing(self, name: str, iri: str) -> Cell:
        words = self._site.label(iri)
        if self._phrases is not None and self._site.names.label(iri) == compact(iri) and links.local(iri):
            said = self._phrases.title(iri)
            words = said if said != compact(iri) else words
        here = links.local(iri)
        if iri.startswith(_UNITS):
            return Cell(words, kind="unit")
        number = iri.rpartition("/")[2]
        if (
            iri.startswith(_REFERENCES) and words == f"reference {number}"
        ):  # in a table the number says enough
            words = f"[{number}]"
        if here is not None:
            return Cell(words, here, own=self._site.origin(iri))
        return Cell(words, links.external(iri) or "", outside=True)

    def _silence(self, index: int, row: Sequence[Term | None]) -> Cell:
        """What stands where nothing does: a source's silence on a figure is a finding."""
        name = self._columns[index]
        a_range = self._has_ends and any(
            row[i] is not None for i, each in enumerate(self._columns) if each in {"minimum", "maximum"}
        )
        if self._numeric[index] and name not in _ASIDE and not (a_range and name == "value"):
            return Cell("not reported", kind="none", number=True)
        return Cell("–", kind="none", number=self._numeric[index])
