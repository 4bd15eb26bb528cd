"""The answer to a saved question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import pandas as pd

    from lithiokg.export import Entry
    from lithiokg.graph.knowledge import KnowledgeGraph
    from lithiokg.plots import Plot
    from lithiokg.questions import Question
    from lithiokg.store import Row, Table, Value

__all__ = ["ORIGIN", "Answer"]

#: The column that names the source of rows from a user's collections.
ORIGIN = "from"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a saved question answered, with the query that was run.

    Attributes:
        question: the saved question.
        text: the SPARQL that was run, parameters in place.
        parameters: the values that were given.
        table: the rows as RDF terms.
    """

    graph: KnowledgeGraph
    question: Question
    text: str
    parameters: Mapping[str, object]
    table: Table

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.table.variables

    def __len__(self) -> int:
        return len(self.table)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.table)

    def rows(self, *, iris: bool = False) -> list[tuple[Value, ...]]:
        """The rows as plain values, things by their labels (or, with ``iris``, as CURIEs)."""
        return self.graph.readable(self.table, iris=iris)

    def origins(self) -> list[str]:
        """For each row the sources of collections that its things come from; empty if all are shipped.

        A row that only counts names nothing, and so has no origin of its own.
        """
        return [self.graph.origins.of_row(row) for row in self.table]

    def sheet(
        self, *, iris: bool = False, always: bool = True
    ) -> tuple[tuple[str, ...], list[tuple[Value, ...]]]:
        """Columns and rows as :meth:`rows` gives them, and, where collections are read, a column ``from``.

        Args:
            iris: write things as CURIEs instead of labels.
            always: give that column even if all rows are shipped.
        """
        rows = self.rows(iris=iris)
        origins = self.origins() if self.graph.origins else []
        if not origins and not (always and self.graph.origins):
            return self.columns, rows
        if not always and not any(origins):
            return self.columns, rows
        told = [(*row, origin or None) for row, origin in zip(rows, origins, strict=True)]
        return (*self.columns, ORIGIN), told

    def to_pandas(self, *, iris: bool = False) -> pd.DataFrame:
        """A typed data frame; things by their labels (or, with ``iris``, as CURIEs).

        Raises:
            LithioKGError: if pandas is not installed.
        """
        frame = self.table.to_pandas()
        import pandas as pd  # noqa: PLC0415  # the line above said so if it is not installed

        readable = self.rows(iris=iris)
        for index, (name, column) in enumerate(
            zip(self.columns, zip(*self.table.rows, strict=True), strict=False)
        ):
            if any(hasattr(term, "value") and not hasattr(term, "datatype") for term in column):
                frame[name] = pd.Series([row[index] for row in readable], dtype="string")
        return frame

    def plot(self, *, link: Callable[[str], str | None] | None = None) -> Plot:
        """The answer drawn as its question says; see ``docs/plots.md``.

        Args:
            link: gives the address of the page of an IRI; by default things lead to their IRIs.

        Raises:
            UsageError: if the question says nothing of a plot; the message names those that do.
        """
        import lithiokg  # noqa: PLC0415
        from lithiokg.plots import Plot, spec_of  # noqa: PLC0415  # a plain answer draws nothing

        return Plot(
            question=self.question,
            spec=spec_of(self.question, self.graph.questions),
            table=self.table,
            label=self.graph.names.label,
            text=self.text,
            given=self._given(),
            works=self._works,
            credit=f"LithioKG {lithiokg.__version__}, w3id.org/lithiokg; data under CC BY 4.0",
            link=link or _its_iri,
        )

    def _given(self) -> str:
        """The parameters that were given, in words."""
        said = []
        for name, value in self.parameters.items():
            parameter = self.question.params[name]
            unit = parameter.unit if parameter.unit and not isinstance(value, str) else None
            words = " and ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            said.append(f"{parameter.label}: {words}{f' {unit}' if unit else ''}")
        return ", ".join(said)

    def _works(self) -> list[str]:
        """The works that the rows cite, in the words of a list of references."""
        from lithiokg.export import bibliography_entries  # noqa: PLC0415  # only a page needs it

        cells = {str(getattr(cell, "value", "")) for row in self.table for cell in row}
        return [_cited(entry) for entry in bibliography_entries(self.graph.store) if entry.iri in cells]


def _cited(entry: Entry) -> str:
    """A work in the words of a list of references, with no more than was identified."""
    names = ", ".join(" ".join(filter(None, name)) for name in entry.authors) + (
        " et al." if entry.more else ""
    )
    printed = " ".join(filter(None, (entry.journal, str(entry.year or ""), entry.volume, entry.pages)))
    doi = f"doi:{entry.doi}" if entry.doi else ""
    said = ". ".join(part.rstrip(".") for part in (names, entry.title, printed, doi) if part)
    return f"[{entry.number}] {said or entry.note}"


def _its_iri(iri: str) -> str | None:
    return iri if iri.startswith(("http://", "https://")) else None
