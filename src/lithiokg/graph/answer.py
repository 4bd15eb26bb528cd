"""The answer to a saved question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from lithiokg.graph.knowledge import KnowledgeGraph
    from lithiokg.questions import Question
    from lithiokg.store import Row, Table, Value

__all__ = ["Answer"]


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
