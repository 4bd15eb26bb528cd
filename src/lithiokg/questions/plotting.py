"""The written form of a plot: the field ``plot`` of a saved question, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["PLOT_KINDS", "PlotKind", "PlotSpec", "check_numbers", "read_plot"]

PlotKind: TypeAlias = Literal["dumbbell", "bar", "strip", "scatter", "bubble", "heatmap"]
PLOT_KINDS: tuple[str, ...] = get_args(PlotKind)

#: The columns that each kind needs, and those that it can use beside the ones that all can use.
_NEEDS: dict[str, tuple[str, ...]] = {
    "dumbbell": ("label", "before", "after"),
    "bar": ("label", "value"),
    "strip": ("label", "value"),
    "scatter": ("label", "x", "y"),
    "bubble": ("label", "x", "y", "size"),
    "heatmap": ("x", "y", "value"),
}
_USES: dict[str, tuple[str, ...]] = {
    "dumbbell": ("factor",),
    "bar": (),
    "strip": ("low", "high", "color"),
    "scatter": ("color",),
    "bubble": ("color",),
    "heatmap": (),
}
_FOR_ALL = ("unit", "doubt", "link")
#: Roles whose column must hold numbers, for each kind.
_NUMBERS: dict[str, tuple[str, ...]] = {
    "dumbbell": ("before", "after", "factor"),
    "bar": ("value",),
    "strip": ("value", "low", "high"),
    "scatter": ("x", "y"),
    "bubble": ("x", "y", "size"),
    "heatmap": ("value",),
}
#: Axes that may be logarithmic, for each kind; a bar's length is its value, so that it begins at 0.
_LOG: dict[str, tuple[str, ...]] = {
    "dumbbell": ("value",),
    "strip": ("value",),
    "scatter": ("x", "y"),
    "bubble": ("x", "y"),
}
_OTHERS = ("kind", "panel", "detail", "log", "words", "rule", "note")


@dataclass(frozen=True, slots=True)
class PlotSpec:
    """How the answer of a question is drawn.

    Attributes:
        kind: one of :data:`PLOT_KINDS`.
        columns: the column of the answer in each role, such as ``{"x": "current_density_mA_cm2"}``.
        panel: columns whose values are kept apart in panels, beside the one of the role ``unit``.
        detail: columns that stand in small print under a label.
        log: the axes that are logarithmic: ``x`` and ``y``, or ``value``.
        words: what an axis is called, by role, where the name of its column does not say it.
        rule: a value at which a line is drawn across, such as 1 for "no change".
        note: a sentence that stands under the plot.
    """

    kind: PlotKind
    columns: Mapping[str, str]
    panel: tuple[str, ...] = ()
    detail: tuple[str, ...] = ()
    log: frozenset[str] = frozenset()
    words: Mapping[str, str] | None = None
    rule: float | None = None
    note: str | None = None

    def column(self, role: str) -> str | None:
        """The column in a role, if it is filled."""
        return self.columns.get(role)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The roles that are filled and need numbers."""
        return tuple(role for role in _NUMBERS[self.kind] if role in self.columns)


def read_plot(
    value: Mapping[str, Any],
    columns: tuple[str, ...],
    contains: Iterable[Mapping[str, object]],
    complain: Callable[..., None],
) -> PlotSpec | None:
    """Read the field ``plot`` of a header.

    Args:
        value: what the header holds.
        columns: the columns of the answer.
        contains: rows that the answer contains, each with some of the columns.
        complain: told each mistake, and the keys that lead to it.

    Returns:
        The specification; ``None`` if there is a mistake.
    """
    mistakes: list[str] = []

    def wrong(message: str, *path: str) -> None:
        mistakes.append(message)
        complain(message, "plot", *path)

    kind = value.get("kind")
    if kind not in PLOT_KINDS:
        said = f"has the unknown kind {kind!r}" if "kind" in value else "has no kind"
        wrong(f"the plot {said}; known are {', '.join(PLOT_KINDS)}", "kind")
        return None
    roles = (*_NEEDS[kind], *_USES[kind], *_FOR_ALL)
    chosen = {str(role): column for role, column in value.items() if role in roles}
    for name in value:
        if name not in roles and name not in _OTHERS:
            known = ", ".join((*roles, *_OTHERS[1:]))
            wrong(f"a {kind} plot has no field {str(name)!r}; it has {known}", str(name))
    _check_columns(kind, chosen, columns, wrong)
    panel, detail = (_names(value.get(field), field, columns, wrong) for field in ("panel", "detail"))
    if "unit" in columns and "unit" not in {*panel, chosen.get("unit")}:
        wrong("figures in two units would share an axis: name the column unit as unit: or in panel:")
    for role, column in chosen.items():
        if role in _NUMBERS[kind]:
            _check_samples(role, column, contains, wrong)
    spec = PlotSpec(
        kind=kind,
        columns=chosen,
        panel=panel,
        detail=detail,
        log=_logs(kind, value.get("log"), wrong),
        words=_words(value.get("words"), (*roles, "value"), wrong),
        rule=_rule(value.get("rule"), wrong),
        note=_note(value.get("note"), wrong),
    )
    return None if mistakes else spec


def _check_columns(
    kind: str, chosen: Mapping[str, object], columns: tuple[str, ...], wrong: Callable[..., None]
) -> None:
    for role in _NEEDS[kind]:
        if role not in chosen and not (
            kind == "strip" and role == "value" and {"low", "high"} <= set(chosen)
        ):
            wrong(f"a {kind} plot needs {role}:, a column of the answer")
    if ("low" in chosen) != ("high" in chosen):
        wrong("a range needs both low: and high:")
    for role, column in chosen.items():
        if column not in columns:
            wrong(f"{role} is {column!r}, which is not a column of the answer", role)


def _names(
    value: object, field: str, columns: tuple[str, ...], wrong: Callable[..., None]
) -> tuple[str, ...]:
    """One column or a list of columns."""
    names = [] if value is None else value if isinstance(value, list) else [value]
    for name in names:
        if name not in columns:
            wrong(f"{field} names {name!r}, which is not a column of the answer", field)
    return tuple(map(str, names))


def _check_samples(
    role: str, column: object, contains: Iterable[Mapping[str, object]], wrong: Callable[..., None]
) -> None:
    for row in contains:
        sample = row.get(str(column))
        if sample is not None and (isinstance(sample, bool) or not isinstance(sample, int | float)):
            wrong(f"{role} needs numbers, and the column {column} holds {sample!r}", role)
            return


def _logs(kind: str, value: object, wrong: Callable[..., None]) -> frozenset[str]:
    axes = [] if value is None else value if isinstance(value, list) else [value]
    able = _LOG.get(kind, ())
    for axis in axes:
        if axis not in able:
            of = f"it can be {' and '.join(able)}" if able else f"a {kind} plot has none, as it begins at 0"
            wrong(f"{axis!r} cannot be a logarithmic axis: {of}", "log")
    return frozenset(map(str, axes))


def _words(value: object, roles: tuple[str, ...], wrong: Callable[..., None]) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        wrong("words must be a mapping from roles to what they are called", "words")
        return {}
    for role in value:
        if role not in roles:
            wrong(f"words speaks of {role!r}, which is not a role of this kind of plot", "words", str(role))
    return {str(role): str(words) for role, words in value.items()}


def _rule(value: object, wrong: Callable[..., None]) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        wrong("rule must be a number", "rule")
        return None
    return float(value)


def _note(value: object, wrong: Callable[..., None]) -> str | None:
    if value is None or isinstance(value, str):
        return value
    wrong("note must be a text", "note")
    return None


def check_numbers(spec: PlotSpec, rows: Iterable[Mapping[str, object]]) -> list[str]:
    """What of an answer cannot be drawn, in sentences.

    Args:
        spec: how the answer is drawn.
        rows: the answer as plain values.
    """
    found: dict[str, object] = {}
    for row in rows:
        for role in spec.numeric:
            cell = row.get(spec.columns[role])
            if cell is not None and (isinstance(cell, bool | str)):
                found.setdefault(role, cell)
    return [
        f"The plot takes {spec.columns[role]} for {role}, which needs numbers and holds {cell!r}."
        for role, cell in found.items()
    ]
