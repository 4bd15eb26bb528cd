"""One cell as the values of a field."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.identifiers import (
    FormulaError,
    IdentifierError,
    IndefiniteFormulaError,
    normal_doi,
    parse_formula,
)
from lithiokg.intake.cells import short
from lithiokg.intake.keys import split_values
from lithiokg.intake.known import UnknownNameError, plain_name
from lithiokg.intake.layout import Kind
from lithiokg.intake.tree import Scalar
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.intake.cells import Cell
    from lithiokg.intake.known import Known
    from lithiokg.intake.layout import Column
    from lithiokg.intake.rows import Reading

__all__ = ["CellReader"]

_YES, _NO = {"yes", "true", "x", "1", "ja", "oui"}, {"no", "false", "0", "nein", "non"}
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
#: The end of what is written for a polymer: a repeat unit and how often.
_REPEATED = re.compile(r"[)\]][ _]?[nx]$")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


@dataclass(slots=True)
class CellReader:
    """Reads cells for one source; what it cannot read becomes a problem.

    Attributes:
        known: names that may be used, those of the rows being read included.
        source: name of the source, of which sections, references and rows are.
        reading: takes the problems.
        failed: rows with a problem, by sheet and number.
        taken: substances that were named by a second name, by that name.
    """

    known: Known
    source: str
    reading: Reading
    failed: set[tuple[str, str, int]] = field(default_factory=set)
    taken: dict[str, str] = field(default_factory=dict)

    def problem(self, message: str, cell: Cell, mend: str) -> None:
        """Remember a problem of a cell."""
        self.failed.add((cell.place.file, cell.place.sheet, cell.place.line))
        self.reading.problem(message, cell.place, mend)

    def values(self, cell: Cell, column: Column, bodies: dict[str, str] | None = None) -> list[Scalar]:
        """The values of a cell; none where there was a problem.

        Args:
            cell: the cell.
            column: its column.
            bodies: the keys of the bodies of the same design, by every name of theirs.
        """
        texts = split_values(cell.text) if column.several else [cell.text]
        found = []
        for text in texts:
            try:
                value = self._value(text, cell, column, bodies or {})
            except UnknownNameError as error:
                self.problem(error.message, cell, self._parted(text, cell, column) or error.mend)
            else:
                if value is not None:
                    found.append(value)
        return found

    def _parted(self, text: str, cell: Cell, column: Column) -> str:
        """The mend where several values are parted by commas, or stand where one does."""
        several = split_values(text)
        if not column.several and len(several) > 1:
            return f"write one {column.heading} a row, and a row for each of {', '.join(map(repr, several))}"
        parts = [part.strip() for part in text.split(",")]
        if not column.several or len(parts) == 1 or not all(parts):
            return ""
        try:
            read = [self._value(part, cell, column, {}) for part in parts]
        except UnknownNameError:
            return ""
        return f"several values are parted by semicolons: {'; '.join(parts)}" if all(read) else ""

    def _value(  # noqa: C901, PLR0911  # one return a kind of cell
        self, text: str, cell: Cell, column: Column, bodies: dict[str, str]
    ) -> Scalar | None:
        match column.kind:
            case Kind.NUMBER:
                return self._number(text, cell)
            case Kind.FLAG:
                return self._flag(text, cell)
            case Kind.CHOICE:
                return self._choice(text, cell, column)
            case Kind.CLASS:
                return Scalar(self.known.klass(text, column.root), cell.place)
            case Kind.RELATION:
                return Scalar(self.known.relation(text), cell.place)
            case Kind.THING:
                return Scalar(self.known.anything(text).removeprefix(ID), cell.place)
            case Kind.BODY:
                return self._body(text, cell, bodies)
            case Kind.NAME:
                return self._name(text, cell, column)
            case Kind.ADDRESS:
                if _ADDRESS.fullmatch(text):
                    return Scalar(text, cell.place)
                self.problem(f"{short(text)!r} is not an address", cell, "write it whole, from https:// on")
                return None
            case _:
                return self._text(text, cell, column)

    def _number(self, text: str, cell: Cell) -> Scalar | None:
        if _WHOLE.fullmatch(text):
            return Scalar(str(int(text)), cell.place, bare=True)
        self.problem(f"{short(text)!r} is not a whole number", cell, "write digits alone")
        return None

    def _flag(self, text: str, cell: Cell) -> Scalar | None:
        if text.casefold() in _YES:
            return Scalar("true", cell.place, bare=True)
        if text.casefold() not in _NO:
            self.problem(f"{short(text)!r} is neither yes nor no", cell, "write yes, or leave the cell empty")
        return None

    def _choice(self, text: str, cell: Cell, column: Column) -> Scalar | None:
        if text.casefold() in column.choices:
            return Scalar(text.casefold(), cell.place)
        choices = ", ".join(column.choices)
        self.problem(f"{short(text)!r} cannot be chosen here", cell, f"write one of: {choices}")
        return None

    def _body(self, text: str, cell: Cell, bodies: dict[str, str]) -> Scalar | None:
        name = plain_name(text)
        key = bodies.get(name) or bodies.get(name.casefold())
        if key:
            return Scalar(key, cell.place)
        listed = ", ".join(dict.fromkeys(bodies.values()))
        mend = f"its bodies are: {listed}" if listed else "add the bodies in the sheet components"
        parts = [part.strip() for part in text.split(",")]
        if all(part in bodies or part.casefold() in bodies for part in parts):
            mend = f"several values are parted by semicolons: {'; '.join(parts)}"
        self.problem(f"the design has no body {short(text)!r}", cell, mend)
        return None

    def _name(self, text: str, cell: Cell, column: Column) -> Scalar | None:
        if "{table}" in column.base:  # which table it is of, the row beside it says
            return Scalar(text, cell.place)
        folder = column.base.replace("{source}", self.source)
        iri = self.known.find(text, folder)
        if folder == "substance/" and text not in {self.known.label(iri), iri.rpartition("/")[2]}:
            self.taken.setdefault(text, iri)
        within = iri.startswith(ID + folder)
        return Scalar(iri.removeprefix(ID + folder) if within else "lkgi:" + iri.removeprefix(ID), cell.place)

    def _text(self, text: str, cell: Cell, column: Column) -> Scalar | None:
        check = _CHECKS.get(column.term)
        if check is None:
            return Scalar(text, cell.place)
        try:
            return Scalar(check(text), cell.place)
        except (FormulaError, IdentifierError) as error:
            mend = error.mend or "correct it"
            if _REPEATED.search(text) and isinstance(error, FormulaError):
                mend = "a polymer has no formula: leave the cell empty, and write the repeat unit into the definition"
            self.problem(error.message, cell, mend)
            return None


def _checked_formula(text: str) -> str:
    """A formula with plain digits, as records have them; one with an x in it is a formula, too."""
    plain = plain_name(text)
    with suppress(IndefiniteFormulaError):
        parse_formula(plain)
    return plain


_CHECKS: dict[str, Callable[[str], str]] = {LKG + "doi": normal_doi, LKG + "formula": _checked_formula}
