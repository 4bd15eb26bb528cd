"""The reference of the shipped graph, written once a session, and a reader of its pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from lithiokg.reference import Terms, read_terms, reference_files

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.sources import Sources


@dataclass
class Page:
    """What a browser finds in a page."""

    anchors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.page.anchors.append(said["id"])
        if tag == "a":
            self.page.links.append(said["href"])
        if tag in {"script", "link", "img", "iframe", "object"}:
            self.page.loads.append(tag)
        self.page.loads += [said[name] for name in ("src", "data") if name in said]

    def handle_data(self, data: str) -> None:
        self.page.words.append(data)


def read_page(text: str) -> Page:
    reader = _Reader()
    reader.feed(text)
    return reader.page


@pytest.fixture(scope="session")
def terms(shipped: Sources) -> Terms:
    """The terms of the shipped ontology."""
    return read_terms(shipped)


@pytest.fixture(scope="session")
def files(graph: KnowledgeGraph, shipped: Sources) -> dict[str, str]:
    """The reference of the shipped graph."""
    return reference_files(graph.store, shipped)


@pytest.fixture(scope="session")
def pages(files: dict[str, str]) -> dict[str, Page]:
    """The same, as a browser reads it."""
    return {name: read_page(text) for name, text in files.items()}
