"""Designs side by side: what each has in each column, which are chosen, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.plots.typography import typeset_unit
from lithiokg.store import python_value
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.web.site import Site

__all__ = ["FACETS", "QUESTIONS", "Cell", "Column", "Comparison", "Design", "Figure", "Part", "comparison_of"]

#: The saved questions that the comparison rests on: figures, what goes with them, and facets.
QUESTIONS = ("figures-of-all-designs", "what-goes-with-each-figure", "facets-of-all-designs")
#: Facets: the name in an address -> what the answer calls it, and what people do.
FACETS: dict[str, tuple[str, str]] = {
    "strategy": ("strategy", "Strategy"),
    "mechanism": ("mechanism", "Mechanism"),
    "electrolyte": ("electrolyte", "Electrolyte"),
    "body": ("body", "Body"),
    "substance": ("substance", "Substance"),
    "element": ("element", "Element"),
    "interface": ("interface type", "Interface type"),
    "cell": ("cell", "Cell"),
}
#: What an empty cell of a facet means.
_SILENCE = {"mechanism": "none inferred", "strategy": "none inferred", "interface": "not classified"}
_BROADER = (
    "isKindOfMechanism",
    "isPartOfStrategy",
    PREFIXES["rdfs"] + "subClassOf",
)
NOT_REPORTED = "not reported"


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a design.

    Attributes:
        observation: its IRI.
        printed: as the source prints it.
        low, high: its ends in the canonical unit; the same where it is one number.
        unit: the symbol of that unit.
        stage, cell: IRIs, where known.
        conditions: quantities and what is printed of each.
        doubts: kinds and reasons.
        place: table and row.
    """

    observation: str
    printed: str
    low: float | None
    high: float | None
    unit: str
    stage: str | None
    cell: str | None
    conditions: tuple[tuple[str, str], ...]
    doubts: tuple[tuple[str, str], ...]
    place: tuple[int, int] | None


@dataclass(slots=True)
class Design:
    """One design.

    Attributes:
        iri: which it is.
        figures: its figures by property.
        facets: its values by facet, each with how it is known.
        reference: the reference that reports it.
    """

    iri: str
    figures: dict[str, list[Figure]] = field(default_factory=dict)
    facets: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    reference: str | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Where in the tables it first stands; behind all where it does not."""
        places = [each.place for several in self.figures.values() for each in several if each.place]
        return min(places, default=(99, 99))


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes:
        key: its name in an address: a facet, ``reference``, or a property, with a stage behind ``@``.
        words: what people call it.
        property, stage: of a column of figures.
        unit: the canonical unit of its figures.
    """

    key: str
    words: str
    property: str | None = None
    stage: str | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that stands in a cell: its text, where it leads, small print, and what is doubtful."""

    text: str
    iri: str
    small: str = ""
    doubts: tuple[str, ...] = ()
    inferred: bool = False

    @property
    def words(self) -> str:
        """All of it in one line."""
        small = f" [{self.small}]" if self.small else ""
        doubts = f" (in doubt: {'; '.join(self.doubts)})" if self.doubts else ""
        return f"{self.text}{small}{doubts}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its parts, and what it says where there are none."""

    parts: tuple[Part, ...]
    silence: str = NOT_REPORTED

    @property
    def words(self) -> str:
        """All of it in one line."""
        return "; ".join(part.words for part in self.parts) or self.silence


class Comparison:
    """All designs with all that can be compared; made once a server.

    Args:
        site: gives answers and labels.

    Raises:
        LithioKGError: if the graph is too large.
    """

    def __init__(self, site: Site) -> None:
        site.refuse_if_large(
            "a comparison of all designs", "ask for some: designs-by-mechanism, designs-with-a-substance"
        )
        self._site = site
        self.designs: dict[str, Design] = {}
        aside = self._aside()
        for row in site.ask(QUESTIONS[0], {}).table:
            self._add(
                dict(zip(site.ask(QUESTIONS[0], {}).columns, map(python_value, row), strict=True)), aside
            )
        for row in site.ask(QUESTIONS[2], {}).table:
            design, facet, value, how = map(str, map(python_value, row))
            of_it = self.designs.setdefault(design, Design(design)).facets.setdefault(facet, {})
            of_it.setdefault(value, set()).add(how)

    def _aside(self) -> dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]]:
        """Conditions and doubts of each observation."""
        found: dict[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]] = {}
        for row in self._site.ask(QUESTIONS[1], {}).table:
            observation, aspect, said = map(str, map(python_value, row))
            conditions, doubts = found.setdefault(observation, ([], []))
            (doubts if aspect.startswith(f"{ID}doubt/") else conditions).append((aspect, said))
        return found

    def _add(
        self,
        row: Mapping[str, object],
        aside: Mapping[str, tuple[list[tuple[str, str]], list[tuple[str, str]]]],
    ) -> None:
        iri, observation = str(row["design"]), str(row["observation"])
        design = self.designs.setdefault(iri, Design(iri))
        design.reference = design.reference or self._site.first(iri, "reportedIn") or None
        several = design.figures.setdefault(str(row["property"]), [])
        if any(figure.observation == observation for figure in several):
            return  # one more place of the same figure
        low = row["value"] if row["value"] is not None else row["minimum"]
        high = row["value"] if row["value"] is not None else row["maximum"]
        conditions, doubts = aside.get(observation, ([], []))
        several.append(
            Figure(
                observation=observation,
                printed=str(row["printed"]),
                low=None if low is None else float(str(low)),
                high=None if high is None else float(str(high)),
                unit=self._site.label(str(row["unit"])) if row["unit"] else "",
                stage=str(row["stage"]) if row["stage"] else None,
                cell=str(row["cell"]) if row["cell"] else None,
                conditions=tuple(conditions),
                doubts=tuple(doubts),
                place=(int(str(row["table"])), int(str(row["row"]))) if row["table"] else None,
            )
        )

    # --- columns ----------------------------------------------------------------------------------

    @cached_property
    def columns(self) -> dict[str, Column]:
        """All columns there can be, by key."""
        found = {
            name: Column(name, words.lower())
            for name, (_, words) in FACETS.items()
            if name not in {"cell", "body"}
        }
        found["reference"] = Column("reference", "reported in")
        counts: dict[str, dict[str | None, int]] = {}
        units: dict[str, str] = {}
        for design in self.designs.values():
            for property_, figures in design.figures.items():
                for figure in figures:
                    stages = counts.setdefault(property_, {})
                    stages[figure.stage] = stages.get(figure.stage, 0) + 1
                    units.setdefault(property_, figure.unit)
        for property_ in sorted(counts, key=lambda iri: (-sum(counts[iri].values()), iri)):
            key, words = property_.removeprefix(ID), self._site.label(property_)
            unit = "" if units[property_] == "1" else typeset_unit(units[property_])
            found[key] = Column(key, words, property_, None, unit)
            stages_ = [stage for stage in counts[property_] if stage]
            if len(counts[property_]) > 1:
                for stage in sorted(stages_):
                    inner = f"{key}@{stage.rpartition('/')[2]}"
                    found[inner] = Column(
                        inner, f"{words}, {self._site.label(stage)}", property_, stage, unit
                    )
        return found

    def cell(self, design: Design, column: Column) -> Cell:
        """What a design has in a column."""
        if column.property is not None:
            return Cell(tuple(self._figure(figure, column) for figure in figures_of(design, column)))
        if column.key == "reference":
            label = self._site.label(design.reference) if design.reference else ""
            return Cell((Part(label, design.reference),) if design.reference else ())
        values = design.facets.get(FACETS[column.key][0], {})
        narrowest = self._narrowest(values)
        parts = tuple(
            Part(self._site.label(iri), iri, inferred=values[iri] == {"inferred"})
            for iri in self._site.by_label(narrowest)
        )
        return Cell(parts, _SILENCE.get(column.key, NOT_REPORTED))

    def _narrowest(self, values: Iterable[str]) -> set[str]:
        """The values of which none other is a kind."""
        chosen = set(values)
        broader = {
            other for iri in chosen for relation in _BROADER for other in self._site.all(iri, relation)
        }
        return chosen - broader

    def _figure(self, figure: Figure, column: Column) -> Part:
        label = self._site.label
        small = [label(figure.stage)] if figure.stage and column.stage is None else []
        small += [f"{label(kind)} {typeset_unit(said)}" for kind, said in figure.conditions]
        small += [label(figure.cell)] if figure.cell else []
        doubts = tuple(reason for _, reason in figure.doubts)
        return Part(figure.printed, figure.observation, ", ".join(small), doubts)

    # --- choosing ---------------------------------------------------------------------------------

    def options(self, facet: str) -> list[tuple[str, str, int]]:
        """The values of a facet: name in an address, words, and how many designs have it."""
        counts: dict[str, int] = {}
        for design in self.designs.values():
            for iri in design.facets.get(FACETS[facet][0], ()):
                counts[iri] = counts.get(iri, 0) + 1
        return [(named(iri), self._site.label(iri), counts[iri]) for iri in self._site.by_label(counts)]

    def chosen(self, facets: Mapping[str, str], *, everything: bool) -> list[Design]:
        """The designs that have all of some facets, in the order of the tables of the sources."""
        found = [
            design
            for design in self.designs.values()
            if (everything or design.figures)
            and all(_iri(value) in design.facets.get(FACETS[facet][0], ()) for facet, value in facets.items())
        ]
        return sorted(found, key=lambda design: (design.place, self._site.label(design.iri).casefold()))


def figures_of(design: Design, column: Column) -> list[Figure]:
    """The figures of a design in a column."""
    figures = design.figures.get(column.property or "", [])
    return [figure for figure in figures if column.stage is None or figure.stage == column.stage]


def within(design: Design, column: Column, least: float | None, most: float | None) -> bool:
    """Whether a design has a figure in a column between two numbers in its unit."""
    return any(
        figure.low is not None
        and figure.high is not None
        and (least is None or figure.high >= least)
        and (most is None or figure.low <= most)
        for figure in figures_of(design, column)
    )


def sorted_by(designs: Sequence[Design], column: Column, *, descending: bool) -> list[Design]:
    """Designs by their lowest figure in a column, or by their highest from the top; the silent come last."""

    def number(design: Design) -> float | None:
        figures = figures_of(design, column)
        ends = [end for figure in figures for end in (figure.low, figure.high) if end is not None]
        return (max(ends) if descending else min(ends)) if ends else None

    numbers = {design.iri: number(design) for design in designs}
    told = [design for design in designs if numbers[design.iri] is not None]
    told.sort(key=lambda design: numbers[design.iri] or 0.0, reverse=descending)
    return told + [design for design in designs if numbers[design.iri] is None]


def named(iri: str) -> str:
    """The name of an IRI of ours in an address."""
    return iri.removeprefix(ID).removeprefix(LKG)


def _iri(name: str) -> str:
    return f"{ID}{name}" if "/" in name else f"{LKG}{name}"


def comparison_of(site: Site) -> Comparison:
    """The comparison of a server."""
    return site.remember(("comparison",), lambda: Comparison(site))
