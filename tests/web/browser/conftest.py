"""A browser that watches: what a page asks of other hosts, what it complains of, what axe finds."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from types import ModuleType

    from lithiokg.graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: Wide enough for two columns, and as small as a small phone.
DESK, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}


def _page_kinds() -> ModuleType:
    path = ROOT / "tools" / "page_kinds.py"
    if not path.exists():
        pytest.skip("the tools are not part of an installed copy", allow_module_level=True)
    spec = importlib.util.spec_from_file_location("tools_page_kinds", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Watched:
    """A page of the browser, and what was noticed while it was open."""

    page: Any
    address: str
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    #: A problem that a page was expected to answer with, which the browser logs too.
    expected: int = 200

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.page.context.route("**/*", self._route)

    def _said(self, message: Any) -> None:
        if message.type in {"error", "warning"} and f"status of {self.expected} " not in message.text:
            self.complaints.append(f"{message.type}: {message.text}")

    def _route(self, route: Any) -> None:
        host = urlsplit(route.request.url).netloc
        if route.request.url.startswith("data:") or host == urlsplit(self.address).netloc:
            route.continue_()
        else:
            self.asked.append(route.request.url)
            route.abort()

    def go(self, path: str, status: int = 200) -> list[str]:
        """Open a page; tells if it has not the status that it ought to have."""
        self.expected = status
        answer = self.page.goto(self.address + path)
        return [] if answer.status == status else [f"status {answer.status}"]

    def wide(self) -> list[str]:
        """What sticks out of the window at the side, unless it is in something that scrolls."""
        return self.page.evaluate(
            """() => {
              const room = document.documentElement.clientWidth;
              if (document.documentElement.scrollWidth <= room) return [];
              return [...document.querySelectorAll("body *")].filter((each) => each.getBoundingClientRect().right > room + 1)
                .map((each) => each.tagName + "." + each.className + " " + each.textContent.trim().slice(0, 40)).slice(-3)
                .concat("the page is " + document.documentElement.scrollWidth + " px wide");
            }"""
        )

    def text(self) -> str:
        """What the content of the page says."""
        return " ".join(self.page.locator("main").inner_text().split())

    def focused(self) -> dict[str, Any]:
        """What has the focus, and whether one sees that it does."""
        return self.page.evaluate(
            """() => {
              const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
              return { tag: at.tagName, id: at.id, text: (at.textContent || at.value || "").trim().slice(0, 80),
                href: at.getAttribute("href") || "",
                seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0 && box.height > 0 };
            }"""
        )


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The chromium of the system, without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium (Debian: apt-get install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as running:
        opened = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


Watch = Callable[..., Watched]


@pytest.fixture(scope="module")
def watch(browser: Any, served: Any) -> Iterator[Watch]:
    """Open pages of the browser, each by itself."""
    contexts = []
    served.pool.start()

    def opened(**options: Any) -> Watched:
        context = browser.new_context(**{"viewport": DESK, **options})
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Watched(context.new_page(), served.url.rstrip("/"))

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def kinds(graph: KnowledgeGraph) -> dict[str, str]:
    """An address of every kind of page."""
    found: dict[str, str] = _page_kinds().page_kinds(graph)
    return found


@pytest.fixture(scope="module")
def statuses() -> dict[str, int]:
    """The status of each kind of page that tells what is wrong."""
    found: dict[str, int] = _page_kinds().ERRORS
    return found


@pytest.fixture(scope="module")
def axe() -> str:
    """The script that looks for barriers."""
    package = pytest.importorskip("axe_playwright_python", reason="axe-playwright-python is not installed")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
