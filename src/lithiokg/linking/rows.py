"""The rows of a mapping table, every cell with its place."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, Place, SourceError
from lithiokg.linking.header import MistakeError, closest, valid_value
from lithiokg.linking.model import Mapping
from lithiokg.linking.slots import JUSTIFICATIONS, NO_TERM_FOUND, PREDICATES, ROW_SLOTS
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from lithiokg.linking.header import Header

__all__ = ["Rows", "cells_of"]

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
#: Each row says of which ontology its object is, and in which version (or, of what has none, when it was looked
#: at); the header may say it for all.
_ANYWHERE = (("object_source",), ("object_source_version", "mapping_date"))
_NEGATION = "Not"


def cells_of(line: str) -> list[tuple[int, str]]:
    r"""The cells of a line with the columns where they begin; a cell with a tab or quote is quoted.

    Raises:
        MistakeError: if quotation marks open a cell and do not close it.

    >>> cells_of('a\t"b ""c"" d"\te')
    [(1, 'a'), (3, 'b "c" d'), (15, 'e')]
    """
    try:
        values = next(csv.reader([line], delimiter="\t", strict=True))
    except csv.Error as error:
        raise MistakeError(
            f"this row does not read: {error}",
            'a quoted cell is quoted whole, "" stands for a mark inside, and no cell has a line break',
        ) from error
    starts, quoted, inside, fresh = [1], False, False, True
    for column, character in enumerate(line, start=1):
        if fresh:
            quoted = character == '"'
        if character == '"' and quoted:
            inside = not inside
        fresh = character == "\t" and not inside
        if fresh:
            starts.append(column + 1)
    return list(zip(starts, values, strict=True))


class Rows:
    """The rows of one table.

    Attributes:
        mappings: those without a mistake.
        problems: the mistakes found, each with its place.
    """

    def __init__(self, lines: list[str], first: int, target: str, header: Header) -> None:
        self.file = header.file
        self.target = target
        self.header = header
        self.mappings: list[Mapping] = []
        self.problems: list[LithioKGError] = []
        if first >= len(lines) or not lines[first].strip():
            self._complain(first + 1, 1, "the table has no row of column names", "begin it with subject_id")
            return
        columns = self._columns(lines[first], first + 1)
        if columns is None:
            return
        for number, line in enumerate(lines[first + 1 :], start=first + 2):
            if line.strip():
                self._row(line, number, columns)

    def _complain(self, line: int, column: int, message: str, mend: str | None = None) -> None:
        self.problems.append(SourceError(message, place=Place(self.file, line, column), mend=mend))

    def _cells(self, line: str, number: int) -> list[tuple[int, str]] | None:
        try:
            return cells_of(line)
        except MistakeError as mistake:
            self._complain(number, 1, mistake.message, mistake.mend)
            return None

    def _columns(self, line: str, number: int) -> list[str] | None:
        cells = self._cells(line, number)
        if cells is None:
            return None
        names: list[str] = []
        for start, name in cells:
            if name in names:
                self._complain(number, start, f"the column {name} stands here twice", "keep one")
            elif name not in ROW_SLOTS:
                self._complain(
                    number, start, f"{name!r} is no SSSOM slot of a mapping", closest(name, ROW_SLOTS)
                )
            names.append(name)
        for name in _REQUIRED:
            if name not in names:
                self._complain(number, 1, f"the column {name} is missing", f"add it ({', '.join(_REQUIRED)})")
        given = {*names, *self.header.values}
        for one_of in _ANYWHERE:
            if not given & set(one_of):
                mend = f"say it once in the header ('#{one_of[0]}: ...'), or in a column"
                self._complain(number, 1, f"neither header nor columns give {' or '.join(one_of)}", mend)
        return names if set(_REQUIRED) <= set(names) else None

    def _row(self, line: str, number: int, columns: list[str]) -> None:
        cells = self._cells(line, number)
        if cells is None:
            return
        if len(cells) > len(columns):
            start = cells[len(columns)][0]
            message = f"this row has {len(cells)} cells, and the table {len(columns)} columns"
            self._complain(number, start, message, "take out a tab, or name the column")
            return
        before = len(self.problems)
        starts = {name: start for name, (start, _) in zip(columns, cells, strict=False)}
        texts = {name: text.strip() for name, (_, text) in zip(columns, cells, strict=False)}
        values = {
            name: self._values(name, text, number, starts[name])
            for name, text in texts.items()
            if text and name in ROW_SLOTS
        }
        for one_of in (*((name,) for name in _REQUIRED), *_ANYWHERE):
            if not any(texts.get(name) or name in self.header.values for name in one_of):
                name = next(iter({*one_of} & {*columns}), "")
                if name:
                    self._complain(number, starts.get(name, 1), f"{name} is empty", "every row needs it")
        if len(self.problems) == before:
            self._check(values, number, starts)
        if len(self.problems) == before:
            self.mappings.append(self._mapping(values, number, starts))

    def _values(self, name: str, text: str, number: int, start: int) -> tuple[str, ...]:
        slot = ROW_SLOTS[name]
        found: list[str] = []
        for part in text.split("|") if slot.many else [text]:
            try:
                found.append(valid_value(slot, part.strip(), self.header.prefixes))
            except MistakeError as mistake:
                self._complain(number, start, f"{name}: {mistake.message}", mistake.mend)
        return tuple(found)

    def _check(self, values: dict[str, tuple[str, ...]], number: int, starts: dict[str, int]) -> None:
        """What a row as a whole must keep to."""

        def complain(name: str, message: str, mend: str | None) -> None:
            self._complain(number, starts[name], message, mend)

        predicate, justification = values["predicate_id"][0], values["mapping_justification"][0]
        if predicate not in PREDICATES:
            known = ", ".join(map(compact, PREDICATES))
            complain(
                "predicate_id",
                f"{compact(predicate)} is no relation that a mapping states",
                f"choose one of {known}; subclasses and equivalences stand in ontology/bridges",
            )
        if justification not in JUSTIFICATIONS:
            names = sorted(map(compact, JUSTIFICATIONS))
            mend = closest(compact(justification), names) or f"choose one of {', '.join(names)}"
            complain("mapping_justification", f"{compact(justification)} is no justification of SSSOM", mend)
        modifier = values.get("predicate_modifier", ("",))[0]
        absent = values["object_id"][0] == NO_TERM_FOUND
        if modifier not in ("", _NEGATION):
            complain("predicate_modifier", f"{modifier!r} is no modifier", "write Not, or nothing")
        elif modifier and absent:
            complain("predicate_modifier", "a term that was not found cannot be denied", "leave Not out")
        if absent and "object_label" in values:
            complain("object_label", "a term that was not found has no label", "leave it empty")
        confidence = Decimal(values.get("confidence", ("1",))[0])
        if not 0 <= confidence <= 1:
            complain("confidence", f"{confidence} is not between 0 and 1", "write it as a share of 1")

    def _mapping(self, values: dict[str, tuple[str, ...]], number: int, starts: dict[str, int]) -> Mapping:
        confidence = values.get("confidence")
        return Mapping(
            self.target,
            values["subject_id"][0],
            values["predicate_id"][0],
            values["object_id"][0],
            "predicate_modifier" in values,
            Decimal(confidence[0]) if confidence else None,
            values,
            Place(self.file, number),
            starts,
        )
