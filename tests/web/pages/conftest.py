"""What a page says and where it leads, read as a browser would."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

import pytest

from lithiokg.vocabulary import LKG
from lithiokg.web.linked import FORMATS
from lithiokg.web.pages.about import DUMPS

if TYPE_CHECKING:
    from starlette.testclient import TestClient

#: What no reader should have to read.
_IRI = re.compile(r"https?://\S+|\b(?:lkgi?|lkgg|skos|owl|rdfs?|dcterms|void|sh|sssom|xsd):[A-Za-z]\S*")
_HIDDEN = {"script", "style", "pre", "code", "datalist", "title"}
_VOID = {"meta", "link", "input", "br", "hr", "img", "option", "path", "rect"}
LIMIT = 100_000
#: What stands where a template was given nothing.
_SLIPS = ("None", "Undefined", "True", "False")


@dataclass
class Seen:
    """What a page says."""

    path: str
    status: int
    html: str
    text: str = ""
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    fields: list[dict[str, str | None]] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)
    cells: list[list[str]] = field(default_factory=list)

    def problems(self) -> list[str]:
        """Everything that no page may have."""
        found = []
        if len(self.html.encode()) > LIMIT:
            found.append(f"{len(self.html.encode())} bytes")
        found += [f"an IRI is seen: {each}" for each in _IRI.findall(self.text)[:3]]
        if len(self.headings) != 1:
            found.append(f"{len(self.headings)} headings of the first rank")
        found += [f"inline: {each}" for each in self.inline]
        found += [f"the id {each} twice" for each in {each for each in self.ids if self.ids.count(each) > 1}]
        found += [
            f"a link to {each}" for each in self.links if urlsplit(each).scheme not in {"", "http", "https"}
        ]
        found += [
            f"a field without a label: {each.get('name')}"
            for each in self.fields
            if each.get("type") != "hidden" and each.get("id") not in self.labels and "within" not in each
        ]
        found += [f"the word {word!r}" for word in _SLIPS if f">{word}<" in self.html]
        return found


class _Reader(HTMLParser):
    def __init__(self, seen: Seen) -> None:
        super().__init__()
        self.seen = seen
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        seen = self.seen
        if tag not in _VOID:
            self.open.append(tag)
        if given.get("id"):
            seen.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            seen.links.append(str(given["href"]))
        seen.inline += [name for name in given if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not given.get("src")):
            seen.inline.append(tag)
        if tag == "label" and given.get("for"):
            seen.labels.add(str(given["for"]))
        if tag in {"input", "select", "textarea"}:
            seen.fields.append({**given, **({"within": "label"} if "label" in self.open else {})})
        if tag == "h1":
            seen.headings.append("")
        if tag == "tr":
            seen.cells.append([])
        if tag in {"td", "th"} and seen.cells:
            seen.cells[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open and self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if _HIDDEN & set(self.open):
            return
        self.words.append(data)
        if "h1" in self.open and self.seen.headings:
            self.seen.headings[-1] += data
        if {"td", "th"} & set(self.open) and self.seen.cells and self.seen.cells[-1]:
            self.seen.cells[-1][-1] += data


Look = Callable[..., Seen]


@pytest.fixture(scope="session")
def look(client: TestClient) -> Look:
    """Read a page."""

    def read(path: str, **headers: Any) -> Seen:
        response = client.get(path, headers=headers)
        seen = Seen(path, response.status_code, response.text)
        reader = _Reader(seen)
        reader.feed(response.text)
        seen.text = " ".join(" ".join(reader.words).split())
        seen.cells = [[" ".join(cell.split()) for cell in row] for row in seen.cells if row]
        return seen

    return read


Broken = Callable[[list[Seen]], dict[str, str]]


class _Links:
    """Whether links lead somewhere, each asked once."""

    def __init__(self, client: TestClient) -> None:
        self._client = client
        self._known: dict[str, bool] = {}

    def lead(self, target: str) -> bool:
        parts = urlsplit(target)
        knows = self._client.app.state.site.knows  # type: ignore[attr-defined]  # it is Starlette's
        # As many as there are things, or as there is to explain: asked of the graph itself.
        if parts.path.startswith("/page/"):
            return bool(knows(LKG + unquote(parts.path.removeprefix("/page/"))))
        if parts.path.startswith("/data/"):
            stem, _, ending = unquote(parts.path.removeprefix("/data/")).rpartition(".")
            return ending in FORMATS and bool(knows(LKG + stem))
        if parts.path in {"/why", "/works.bib", "/works.ris", "/works.json"}:
            return all(
                knows(LKG + value) for name, value in parse_qsl(parts.query) if name in {"thing", "class"}
            )
        if parts.path.startswith("/download/"):  # a dump takes a second to write, and has a test of its own
            return parts.path.removeprefix("/download/") in DUMPS
        if parts.path in {"/sparql", "/query"}:
            return True  # they have tests of their own
        if target not in self._known:
            self._known[target] = self._client.get(target).status_code in {200, 303}
        return self._known[target]

    def broken(self, pages: list[Seen]) -> dict[str, str]:
        first: dict[str, str] = {}
        for page in pages:
            for link in page.links:
                if urlsplit(link).scheme or urlsplit(link).netloc:
                    continue
                if link.startswith("#"):
                    if unquote(link[1:]) not in page.ids:
                        first.setdefault(link, page.path)
                    continue
                first.setdefault(urljoin(page.path, link.partition("#")[0]), page.path)
        return {link: path for link, path in first.items() if link.startswith("#") or not self.lead(link)}


@pytest.fixture(scope="session")
def broken_links(client: TestClient) -> Broken:
    """The internal links of some pages that lead nowhere, and one page each that has them."""
    return _Links(client).broken
