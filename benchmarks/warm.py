"""Saved questions in a running process, against the same text on bare pyoxigraph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.store import EmbeddedStore
from lithiokg.store.guard import check_query, has_dataset_clause
from measuring import Spread, interleaved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lithiokg.graph import KnowledgeGraph

__all__ = ["Warm", "measure_warm", "read"]


@dataclass(frozen=True, slots=True)
class Warm:
    """One question: milliseconds of ours and of bare pyoxigraph, and of the steps that only we take."""

    name: str
    rows: int
    ours: Spread
    bare: Spread
    steps: tuple[Spread, Spread, Spread]

    @property
    def ratio(self) -> float:
        """Median by median."""
        return self.ours.median / self.bare.median


def read(rows: Iterable[Iterable[object]]) -> int:
    """Read every value of every row."""
    return sum(1 for row in rows for _ in row)


def measure_warm(graph: KnowledgeGraph, names: Sequence[str], *, runs: int) -> list[Warm]:
    """Ask each question with its defaults, A B A B, over one opened store and the same default graph."""
    return [_measure(graph, name, runs) for name in names]


def _measure(graph: KnowledgeGraph, name: str, runs: int) -> Warm:
    answer = graph.ask(name)
    question, text = answer.question, answer.text
    ours, bare = interleaved(lambda: read(graph.ask(name)), _bare(graph, text), runs=runs)
    steps = interleaved(
        lambda: graph.question(name),
        lambda: question.bind({}, _unused),
        lambda: _guard(text, name),
        runs=5,
    )
    return Warm(name, len(answer), ours, bare, (steps[0], steps[1], steps[2]))


def _guard(text: str, name: str) -> bool:
    check_query(text, name=name)
    return has_dataset_clause(text)


def _unused(name: str, _: str | None) -> str:
    return name


def _bare(graph: KnowledgeGraph, text: str) -> Callable[[], int]:
    store = graph.store
    assert isinstance(store, EmbeddedStore)
    engine = store.oxigraph
    if has_dataset_clause(text):  # LithioKG runs a text with FROM clauses as it is written
        return lambda: read(engine.query(text))  # type: ignore[arg-type]
    return lambda: read(engine.query(text, use_default_graph_as_union=True))  # type: ignore[arg-type]
