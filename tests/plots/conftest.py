"""Questions written for one test, answers made of plain values, and what stands in a drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.plots import Plot
from lithiokg.questions import load_question
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.questions import Question

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = "https://w3id.org/lithiokg/id/design/"


def header(columns: str, plot: str, contains: str = "[]") -> str:
    """A question with a plot, of which nothing else matters."""
    lines = [
        "title: Things",
        "question: Which things are there?",
        "description: All of them.",
        "tags: [test]",
        "expect:",
        f"  columns: [{columns}]",
        f"  contains: {contains}",
        f"plot: {plot}",
    ]
    names = " ".join(f"?{name.strip()}" for name in columns.split(","))
    return (
        "\n".join(f"#+ {line}" for line in lines)
        + f"\n\nSELECT {names} WHERE {{ ?a ?b ?c }} ORDER BY {names}\n"
    )


@pytest.fixture
def question(tmp_path: Path) -> Callable[..., Question]:
    """Write and load a question."""

    def load(columns: str, plot: str, contains: str = "[]") -> Question:
        path = tmp_path / "queries" / "topic" / "which-things.rq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header(columns, plot, contains), encoding="utf-8")
        return load_question(path)

    return load


def term(value: object) -> ox.NamedNode | ox.Literal | None:
    if value is None:
        return None
    if isinstance(value, str):
        return ox.NamedNode(value) if value.startswith("https://") else ox.Literal(value)
    if isinstance(value, float | Decimal):
        return ox.Literal(str(value), datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    return ox.Literal(value)  # type: ignore[arg-type]


@pytest.fixture
def plot_of(question: Callable[..., Question]) -> Callable[..., Plot]:
    """A plot of rows of plain values."""

    def make(columns: str, plot: str, rows: Sequence[Sequence[object]], **more: object) -> Plot:
        asked = question(columns, plot)
        table = Table([name.strip() for name in columns.split(",")], [tuple(map(term, row)) for row in rows])
        assert asked.plot is not None
        label = more.pop("label", lambda iri: iri.rpartition("/")[2])
        link = more.pop("link", lambda iri: iri)
        return Plot(asked, asked.plot, table, label, link=link, **more)  # type: ignore[arg-type]

    return make


@pytest.fixture(scope="session")
def shipped_plots(graph: KnowledgeGraph) -> dict[str, Plot]:
    """The plots of all shipped questions that have one."""
    return {
        name: graph.ask(name).plot()
        for name, asked in graph.questions().items()
        if asked.plot and not asked.endpoints
    }


class Drawing:
    """A drawing, parsed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = ET.fromstring(text)  # noqa: S314  # our own drawing

    def all(self, tag: str, class_: str | None = None) -> list[ET.Element]:
        return [
            each
            for each in self.root.iter(SVG + tag)
            if class_ is None or class_ in each.get("class", "").split()
        ]

    def words(self) -> list[str]:
        return ["".join(each.itertext()) for each in self.all("text")]

    @property
    def size(self) -> tuple[float, float]:
        _, _, width, height = map(float, self.root.get("viewBox", "").split())
        return width, height

    def marks(self) -> list[ET.Element]:
        """The links and groups that have a title of their own."""
        return [
            each
            for each in self.root.iter()
            if each.tag in {SVG + "a", SVG + "g"} and each.find(SVG + "title") is not None
        ]


@pytest.fixture
def parsed() -> type[Drawing]:
    return Drawing
