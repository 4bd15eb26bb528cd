"""Keys and names of rows, before any cell is read: a row may use the name of any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.curation import COLLECTIONS
from lithiokg.curation.scope import KEY
from lithiokg.intake.cells import short
from lithiokg.intake.filling import Filler
from lithiokg.intake.keys import made_key, split_values
from lithiokg.intake.known import UnknownNameError, plain_name
from lithiokg.intake.layout import Part
from lithiokg.intake.tree import kebab
from lithiokg.intake.twins import twins_of
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Reading, Row
    from lithiokg.quantities import Registry

__all__ = ["Namer"]


class Namer(Filler):
    """Gives rows their keys, and makes their names known.

    Attributes:
        keys: the key of each row that has one, by the identity of the row.
        bodies: for each design, the keys of its bodies by every name of theirs.
        first: the row of each record, by IRI.
    """

    def __init__(self, reading: Reading, known: Known, source: str, units: Registry) -> None:
        super().__init__(reading, known, source, units)
        self.keys: dict[int, str] = {}
        self.bodies: dict[str, dict[str, str]] = {}
        self.first: dict[str, Row] = {}

    def _key(self, row: Row) -> str | None:
        """The key of a row: as given, else made of what the row says."""
        cell = row.get("key")
        key = cell.text if cell else made_key(row)
        parts = key.split("/") if row.plan.name == "columns" else [key]
        if all(KEY.fullmatch(part) for part in parts):
            return key
        if cell is None:
            self._problem("no key can be made of the row", row, "write one into the column key: a short name")
        else:
            mend = "a key has letters, digits and . _ ( ) + , ~ -, and begins with a letter or digit"
            better = plain if KEY.fullmatch(plain := plain_name(key)) else kebab(key)
            self._problem(f"{short(key)!r} cannot be a key", row, f"{mend}: {better}" if better else mend)
        return None

    def _base(self, sheet: str) -> str:
        return COLLECTIONS[sheet].base(self.source)

    def _name(self, row: Row) -> None:
        """Make the name of a row known, unless somebody else has it."""
        sheet = row.plan.name
        key = self._key(row)
        if key is None:
            return
        iri = self._base(sheet) + key
        if iri in self.first:
            self._problem(
                f"{short(key)!r} is there twice, first in row {self.first[iri].place.line}", row,
                "merge the two rows, or give one another key",
            )  # fmt: skip
            return
        if self.known.is_record(iri):
            place = self.known.place(iri)
            mend = "delete the row; its name may be used in every other sheet"
            if sheet not in {"substances", "works", "functional-groups", "methods", "cells"}:
                mend = "give the row another key; to say more of what is there, name it as the subject"
            self._problem(f"{key} is in the graph already{f', at {place}' if place else ''}", row, mend)
            return
        for message, mend in twins_of(row, self.known):
            self._problem(message, row, mend, at="label")
        self.first[iri] = row
        self.keys[id(row)] = key
        self._declare(iri, row)
        reference = row.get("reference", Part.DIRECTIVE)
        if reference and reference.text.isdecimal():
            self.known.declare(f"{ID}reference/{self.source}/{reference.text}", [])

    def _declare(self, iri: str, row: Row) -> None:
        # A reference is called by its number, whatever its key is.
        of_sheet = ("label", "reference-number") if row.plan.name == "references" else ("label", "formula")
        names = [cell.text for name in of_sheet if (cell := row.get(name))]
        also = row.get("alt-label")
        self.known.declare(iri, [*names, *(split_values(also.text) if also else [])])

    def _name_bodies(self) -> None:
        """Keys for the bodies of each design; a second layer without a key is layer-2."""
        for row in self.reading.of("components"):
            design = self._owner(row, report=False)
            key = self._key(row)
            if key is None or design is None:
                continue
            names = self.bodies.setdefault(design, {})
            made, number = key, 1
            while row.get("key") is None and made in names.values():
                number += 1
                made = f"{key}-{number}"
            self.keys[id(row)] = made
            label = row.get("label")
            for name in filter(None, (made, plain_name(label.text) if label else "")):
                names.setdefault(name, made)
                names.setdefault(name.casefold(), made)
            inside = row.get("part-of", Part.OWNER)
            parent = names.get(plain_name(inside.text)) if inside else None
            path = f"components/{parent}/sublayers" if parent else "components"
            self.known.declare(f"{ID}design/{design}/{path}/{made}", [label.text] if label else [])

    def _owner(self, row: Row, *, report: bool = True) -> str | None:
        """The key of the design that a row belongs to, which must be one of the same file."""
        cell = row.get("design", Part.OWNER)
        if cell is None:
            if report:
                self._problem(
                    "the row says of no design", row, "write the key or label of a design", at="label"
                )
            return None
        try:
            iri = self.known.find(cell.text, "design/")
        except UnknownNameError as error:
            if report:
                self.cells.problem(error.message, cell, error.mend)
            return None
        if iri in self.first:
            return iri.removeprefix(ID + "design/")
        if report:
            self.cells.problem(
                f"the design {short(cell.text)!r} is not one of this file, and its bodies are written elsewhere",
                cell, "add the design in the sheet designs, under a key of its own",
            )  # fmt: skip
        return None

    def _name_treatments(self) -> None:
        for row in self.reading.of("treatments"):
            design, cell = self._owner(row, report=False), row.get("key")
            key = cell.text if cell else made_key(row)
            if design is not None and KEY.fullmatch(key):
                self.known.declare(f"{ID}design/{design}/treatments/{key}", [])
