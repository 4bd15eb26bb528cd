"""From the rows of an answer to what is drawn: marks with numbers, in panels of one unit each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.plots.typography import formula, heading, number, typeset_unit
from lithiokg.store import python_value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lithiokg.questions import PlotSpec
    from lithiokg.store import Row, Table, Term

__all__ = ["NOT_REPORTED", "Chart", "Mark", "Panel", "chart", "written"]

#: A text that is the name of a column of a table, for people without its underscores.
_COLUMN_NAME = re.compile(r"[a-z]+(_[a-z]+)+")
#: What stands for a class that no source gives.
NOT_REPORTED = "not reported"
_SIGNS = {"=": "", "~": "~", "<": "<", ">": ">", "<=": "≤", ">=": "≥"}
#: Roles that have the unit of the column ``unit``.
_MEASURED = {"value", "before", "after", "low", "high", "y"}
#: Roles whose absence does not keep a mark from being drawn.
_OPTIONAL = {"size", "factor", "low", "high"}


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is drawn.

    Attributes:
        label: what it is, as it is set in print.
        detail: what stands under the label in small print.
        numbers: its numbers, by role; a role that is not reported is missing.
        signs: the comparators of those numbers that are bounds or approximate, by role.
        across: its column in a matrix.
        group: its class, which has a color and a shape.
        doubtful: whether a doubt is recorded.
        target: the IRI behind its link.
        place: where in the tables of the source it stands, in brief.
        name: all of it in words.
    """

    label: str
    detail: str
    numbers: Mapping[str, float]
    signs: Mapping[str, str]
    across: str
    group: str
    doubtful: bool
    target: str | None
    place: str
    name: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Marks that share an axis, and so a unit.

    Attributes:
        title: what keeps them apart from those of other panels.
        unit: their unit, as it is set in print.
        marks: the marks, in the order of the answer.
    """

    title: str
    unit: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that a drawing needs to know of an answer.

    Attributes:
        spec: how it is drawn.
        panels: the panels, in the order of the answer.
        groups: the classes of marks.
        notes: sentences that stand under the plot, such as how many rows are not drawn.
    """

    spec: PlotSpec
    panels: tuple[Panel, ...]
    groups: tuple[str, ...]
    notes: tuple[str, ...]

    def axis(self, role: str, unit: str = "") -> str:
        """What an axis is called, with its unit."""
        words, own = self._words(role)
        unit = unit if role in _MEASURED and self.spec.column("unit") else own
        return f"{words} ({unit})" if unit else words

    def words(self, role: str) -> str:
        """What a role is called."""
        return self._words(role)[0]

    def _words(self, role: str) -> tuple[str, str]:
        return _role_words(self.spec, role)


def _role_words(spec: PlotSpec, role: str) -> tuple[str, str]:
    column = spec.column(role)
    words, unit = heading(column) if column else ("", "")
    return (spec.words or {}).get(role) or words, unit


def written(value: float, sign: str = "") -> str:
    """A number with its comparator.

    >>> written(1500.0, ">"), written(0.5)
    ('>1500', '0.5')
    """
    return _SIGNS.get(sign, sign) + number(value)


class _Reader:
    """Reads rows; made once an answer."""

    def __init__(self, spec: PlotSpec, table: Table, label: Callable[[str], str]) -> None:
        self.spec = spec
        self.variables = table.variables
        self.label = label
        self._signs = {role: self._comparator(column) for role, column in spec.columns.items()}

    def _comparator(self, column: str) -> str | None:
        """The column of the comparator, which by convention stands right before its number."""
        index = self.variables.index(column)
        before = self.variables[index - 1] if index else ""
        return before if before.startswith("comparator") else None

    def cells(self, row: Row) -> dict[str, Term | None]:
        return dict(zip(self.variables, row, strict=True))

    def shown(self, cell: Term | None) -> str:
        """A cell for people."""
        if cell is None:
            return ""
        if isinstance(cell, ox.NamedNode):
            return self.label(cell.value)
        value = python_value(cell)
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, int | float | Decimal):
            return number(float(value))
        words = str(value)
        return words.replace("_", " ") if _COLUMN_NAME.fullmatch(words) else words

    def role(self, cells: Mapping[str, Term | None], role: str) -> str:
        column = self.spec.column(role)
        return self.shown(cells[column]) if column else ""

    def unit(self, cells: Mapping[str, Term | None]) -> str:
        unit = typeset_unit(self.role(cells, "unit"))
        return "" if unit == "1" else unit

    def key(self, cells: Mapping[str, Term | None]) -> tuple[str, str]:
        """The title of the panel of a row, and its unit."""
        parts: list[str] = []
        for column in self.spec.panel:
            cell = cells[column]
            said = self.shown(cell) or NOT_REPORTED
            if column == "unit":
                parts.append(f"in {typeset_unit(said)}")
                continue
            named = isinstance(cell, ox.NamedNode) or (cell is not None and not said[:1].isdigit())
            said = formula(said) if named else f"{heading(column)[0]} {said}"
            if column.endswith("_after") and column.removesuffix("_after") + "_before" in self.spec.panel:
                said = f"{parts.pop()} → {said}"
            parts.append(said)
        return " · ".join(parts), self.unit(cells)

    def mark(self, cells: Mapping[str, Term | None]) -> Mark:
        spec = self.spec
        numbers, signs = self._numbers(cells)
        label = formula(self.role(cells, "y" if spec.kind == "heatmap" else "label")) or NOT_REPORTED
        across = formula(self.role(cells, "x")) if spec.kind == "heatmap" else ""
        group = (formula(self.role(cells, "color")) or NOT_REPORTED) if spec.column("color") else ""
        doubt = cells.get(spec.column("doubt") or "suspect")
        doubtful = doubt is not None and python_value(doubt) is True
        place = self._place(cells)
        detail = self._detail(cells)
        facts = [self._fact(role, numbers, signs, self.unit(cells)) for role in spec.numeric]
        said = [", ".join(filter(None, (label, across))) + ": " + ", ".join(filter(None, facts))]
        said += [detail, group, self._long_place(cells)]
        name = "; ".join(filter(None, said)) + ("; doubtful, see its evidence" if doubtful else "")
        return Mark(
            label=label,
            detail=detail,
            numbers=numbers,
            signs=signs,
            across=across,
            group=group,
            doubtful=doubtful,
            target=self._target(cells),
            place=place,
            name=name,
        )

    def _numbers(self, cells: Mapping[str, Term | None]) -> tuple[dict[str, float], dict[str, str]]:
        numbers: dict[str, float] = {}
        signs: dict[str, str] = {}
        for role in self.spec.numeric:
            cell = cells[self.spec.columns[role]]
            value = python_value(cell)
            if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
                numbers[role] = float(value)
                comparator = self._signs[role]
                sign = self.shown(cells[comparator]) if comparator else ""
                if sign and sign != "=":
                    signs[role] = sign
        return numbers, signs

    def _fact(self, role: str, numbers: Mapping[str, float], signs: Mapping[str, str], unit: str) -> str:
        words, own = _role_words(self.spec, role)
        unit = unit if role in _MEASURED and self.spec.column("unit") else own
        if role not in numbers:
            return "" if role in {"low", "high", "factor"} or "low" in numbers else f"{words} not reported"
        return f"{words} {written(numbers[role], signs.get(role, ''))} {unit}".rstrip()

    def _detail(self, cells: Mapping[str, Term | None]) -> str:
        parts = []
        for column in self.spec.detail:
            said = self.shown(cells[column])
            if said and isinstance(python_value(cells[column]), int | float | Decimal):
                counted = heading(column)[0]
                said = f"{said}\u00a0{counted.removesuffix('s') if said == '1' else counted}"
            parts.append(formula(said))
        return (" → " if self.spec.kind == "dumbbell" else " · ").join(filter(None, parts))

    def _place(self, cells: Mapping[str, Term | None]) -> str:
        table, row = self.shown(cells.get("table")), self.shown(cells.get("row"))
        return f"T{table}.{row}" if table and row else ""

    def _long_place(self, cells: Mapping[str, Term | None]) -> str:
        table, row = self.shown(cells.get("table")), self.shown(cells.get("row"))
        return f"table {table}, row {row}" if table and row else ""

    def _target(self, cells: Mapping[str, Term | None]) -> str | None:
        """The IRI behind the link: that of the column ``link``, else the first thing that names the mark."""
        roles = ("link", "label", "y", "x")
        for role in roles:
            cell = cells[self.spec.columns[role]] if role in self.spec.columns else None
            if isinstance(cell, ox.NamedNode):
                return cell.value
        return None


def chart(spec: PlotSpec, table: Table, label: Callable[[str], str]) -> Chart:
    """Sort the rows of an answer into panels of marks.

    Args:
        spec: how the answer is drawn.
        table: the answer.
        label: gives the label of an IRI.
    """
    reader = _Reader(spec, table, label)
    panels: dict[tuple[str, str], dict[tuple[object, ...], Mark]] = {}
    missing: dict[str, int] = {}
    unplaced: dict[str, int] = {}
    for row in table:
        cells = reader.cells(row)
        mark = reader.mark(cells)
        lacking = _lacking(spec, mark)
        if lacking:
            missing[lacking] = missing.get(lacking, 0) + 1
            continue
        off = next((role for role in spec.numeric if _off(spec, role, mark)), None)
        if off:
            unplaced[off] = unplaced.get(off, 0) + 1
            continue
        panel = panels.setdefault(reader.key(cells), {})
        # Evidence in two places makes two rows of one figure; it is drawn once.
        look = (mark.label, mark.across, *sorted(mark.numbers.items()), mark.group, mark.detail)
        if look not in panel or (mark.place and not panel[look].place):
            panel[look] = mark
    made = tuple(Panel(title, unit, tuple(marks.values())) for (title, unit), marks in panels.items())
    marks = [mark for panel in made for mark in panel.marks]
    groups = sorted({mark.group for mark in marks} - {"", NOT_REPORTED})
    if any(mark.group == NOT_REPORTED for mark in marks):
        groups.append(NOT_REPORTED)
    return Chart(spec, made, tuple(groups), _notes(spec, len(table), marks, missing, unplaced))


def _lacking(spec: PlotSpec, mark: Mark) -> str | None:
    """The role without whose number a mark has no place."""
    for role in spec.numeric:
        if role not in mark.numbers and role not in _OPTIONAL:
            if role == "value" and {"low", "high"} <= set(mark.numbers):
                continue
            return role
    if spec.kind == "strip" and "value" not in spec.columns and not {"low", "high"} <= set(mark.numbers):
        return "low"
    return None


def _off(spec: PlotSpec, role: str, mark: Mark) -> bool:
    """Whether a number has no place on its axis: 0 and below on a logarithmic one."""
    axis = role if role in {"x", "y"} else "value"
    if role in {"size", "factor"} or role not in mark.numbers:
        return False
    return axis in spec.log and mark.numbers[role] <= 0


def _notes(
    spec: PlotSpec,
    rows: int,
    marks: Sequence[Mark],
    missing: Mapping[str, int],
    unplaced: Mapping[str, int],
) -> tuple[str, ...]:
    notes = [spec.note] if spec.note else []
    for role, count in missing.items():
        words, verb = _role_words(spec, role)[0], "is" if count == 1 else "are"
        notes.append(f"{count} of {rows} rows {verb} not drawn: {words} not reported.")
    for role, count in unplaced.items():
        verb = "is" if count == 1 else "are"
        notes.append(
            f"{count} of {rows} rows {verb} not drawn: {_role_words(spec, role)[0]} of 0 or less has no place "
            "on a logarithmic axis."
        )
    without_size = sum("size" in spec.columns and "size" not in mark.numbers for mark in marks)
    if without_size:
        notes.append(f"× {without_size} without {_role_words(spec, 'size')[0]}: not reported.")
    doubtful = sum(mark.doubtful for mark in marks)
    if doubtful:
        notes.append(f"⚠ Hollow marks ({doubtful}) are doubtful; the evidence of each says why.")
    if any(sign in {"<", ">", "<=", ">="} for mark in marks for sign in mark.signs.values()):
        notes.append("An arrow marks a figure that is printed as a bound (more than, less than).")
    if any(mark.place for mark in marks) and spec.kind in {"scatter", "bubble"}:
        notes.append("T1.10 stands for row 10 of table 1 of the source.")
    return tuple(notes)
