"""What the cells of a row say of its record: fields, figures with their conditions, evidence, a doubt."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.intake.cells import Cell, CellPlace, short
from lithiokg.intake.figures import ambiguity, check_figure, split_read_as
from lithiokg.intake.keys import split_values
from lithiokg.intake.known import UnknownNameError
from lithiokg.intake.layout import Column, Kind, Part
from lithiokg.intake.tree import Node, Scalar
from lithiokg.intake.values import CellReader
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Reading, Row
    from lithiokg.quantities import Registry

__all__ = ["Filler", "Interpreted", "evidence_key", "text_of"]

_LISTS = {"reported-in", "constituents", "contacts", "formed-from", "solutes", "additives", "dopants", "fillers",
          "alt-label", "begins", "not-reported", "treats", "uses-method", "involves"}  # fmt: skip


@dataclass(slots=True)
class Interpreted:
    """Records by collection and key.

    Attributes:
        collections: the records.
        nodes: each record by its path below ``id/``.
        failed: rows with a problem, by file, sheet and number.
    """

    collections: dict[str, Node] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    failed: set[tuple[str, str, int]] = field(default_factory=set)


class Filler:
    """Writes the fields of records.

    Args:
        reading: the rows; takes problems and notes.
        known: names that may be used.
        source: name of the source.
        units: units and properties.
    """

    def __init__(self, reading: Reading, known: Known, source: str, units: Registry) -> None:
        self.reading, self.known, self.source, self.units = reading, known, source, units
        self.found = Interpreted()
        self.cells = CellReader(known, source, reading, self.found.failed)
        places = [problem.place for problem in reading.problems]
        self.unread = {(at.file, at.sheet, at.line) for at in places if isinstance(at, CellPlace)}
        self.found.failed |= self.unread

    def _problem(self, message: str, row: Row, mend: str, at: str = "key") -> None:
        cell = row.get(at)
        self.cells.problem(message, cell or Cell("", row.place), mend)

    def _fill(self, node: Node, row: Row, bodies: dict[str, str] | None = None) -> None:
        """Write the fields of a record, then its conditions, evidence and doubt."""
        self._missing(row)
        self._fields(node, row, Part.OWN, bodies)
        if row.plan.name == "observations":
            self._figures(node, row)
        evidence = Node(row.place)
        self._fields(evidence, row, Part.EVIDENCE, None)
        if evidence.fields:
            node.node("evidence").fields[evidence_key(evidence.fields)] = evidence
        doubt = Node(row.place)
        self._fields(doubt, row, Part.DOUBT, None)
        if doubt.fields:
            node.node("doubts").fields[text_of(doubt, "kind") or "doubt"] = doubt
        # A remark is read last, as it is written last by hand.
        if "note" in node.fields:
            node.fields["note"] = node.fields.pop("note")

    def _missing(self, row: Row) -> None:
        if (row.place.file, row.place.sheet, row.place.line) in self.unread:
            return  # what is missing may be what could not be read
        for column in row.plan.columns:
            if column.needed and column not in row.cells and column.kind is not Kind.KEY:
                if column.part is Part.OWNER:
                    continue  # told of where the owner is looked for
                here = type(row.place)(row.place.file, row.place.line, 0, row.place.sheet)
                self.cells.problem(
                    f"the row lacks its {column.heading}", Cell("", here),
                    f"fill in the column {column.heading}",
                )  # fmt: skip

    def _fields(self, node: Node, row: Row, part: Part, bodies: dict[str, str] | None) -> None:
        for column in row.plan.columns:
            cell = row.cells.get(column)
            if column.kind is Kind.BODY and bodies is None:
                continue
            if cell is None or column.part is not part or column.kind in {Kind.KEY, Kind.FIGURE}:
                continue
            if row.plan.name == "observations" and column.field == "read-as":
                continue
            values = self.cells.values(cell, column, bodies)
            if values:
                several = len(values) > 1 or column.field in _LISTS
                node.fields[column.field] = values if several else values[0]

    def _figures(self, node: Node, row: Row) -> None:
        result, read_as = row.get("result"), row.get("read-as")
        kind = text_of(node, "property")
        if result and not kind and (ambiguous := ambiguity(result.text)):
            self.cells.problem(ambiguous[0], result, ambiguous[1])
        if result and kind:
            said = self._figure(result, result.text, f"{ID}property/{kind}", read_as)
            if said is not None:
                node.fields["result"] = said
        conditions = Node(row.place)
        for column, cell in row.cells.items():
            if column.part is Part.CONDITION:
                for key, figure in self._conditions(column, cell):
                    said = self._figure(cell, figure, f"{ID}property/{key}", None)
                    if said is not None and key in conditions.fields:
                        self.cells.problem(f"{key} is given twice", cell, "keep one of the two")
                    elif said is not None:
                        conditions.fields[key] = said
        if conditions.fields:
            node.fields["conditions"] = conditions
        order = ("subject", "property", "result", "conditions")
        node.fields = {**{name: node.fields[name] for name in order if name in node.fields}, **node.fields}

    def _conditions(self, column: Column, cell: Cell) -> list[tuple[str, str]]:
        """The conditions of a cell: one of a column of its own, or several with their names before them."""
        if column.field != "other-conditions":
            return [(column.field, cell.text)]
        found = []
        for each in split_values(cell.text):
            name, sign, figure = each.partition("=" if "=" in each.partition(":")[0] else ":")
            if not sign:
                self.cells.problem(
                    f"{short(each)!r} names no condition",
                    cell,
                    "write it like 'temperature = 60 °C; thickness = 5 nm'",
                )
                continue
            try:
                iri = self.known.find(name.strip(), "property/")
            except UnknownNameError as error:
                self.cells.problem(error.message, cell, error.mend)
            else:
                found.append((iri.rpartition("/")[2], figure.strip()))
        return found

    def _figure(self, cell: Cell, text: str, kind: str, read_as: Cell | None) -> Scalar | Node | None:
        printed, meant = split_read_as(text)
        meant_cell = read_as if read_as and not meant else cell
        meant = meant or (read_as.text if read_as else "")
        if self.units.property(kind) is None:
            self.cells.problem(
                f"{short(kind.rpartition('/')[2])!r} is no property that is measured", cell, "choose one"
            )
            return None
        problem = check_figure(printed, meant, kind, meant_cell.place if meant else cell.place, self.units)
        if problem is not None:
            self.cells.problem(problem.message, meant_cell if meant else cell, problem.mend or "correct it")
            return None
        if not meant:
            return Scalar(printed, cell.place)
        return Node(
            cell.place, {"printed": Scalar(printed, cell.place), "read-as": Scalar(meant, meant_cell.place)}
        )


def text_of(node: Node, name: str) -> str:
    """The text of a field of a record; empty where it has none."""
    value = node.fields.get(name)
    return value.text if isinstance(value, Scalar) else ""


def evidence_key(fields: Mapping[str, object]) -> str:
    """The key of a record's first piece of evidence, by what kind it is.

    >>> evidence_key({"row": "t1-r1", "column": "efficiency"})
    'table'
    """
    kind = fields.get("type")
    if (kind.text if isinstance(kind, Scalar) else kind) == "GeneralChemistryEvidence":
        return "general"
    if "row" in fields:
        return "table" if "column" in fields else "row"
    return "caption" if "caption" in fields else "text"
