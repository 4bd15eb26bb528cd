"""Every kind of page in a real browser: nothing asked of others, no barrier, no overflow, light, dark and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_TELL = """.map((each) => each.id + ": " + each.help + each.nodes.slice(0, 3).map((node) => " | " + node.html.slice(0, 160) +
    " [" + node.any.concat(node.all, node.none).map((one) => one.message).join("; ").slice(0, 200) + "]").join(""))"""
_BARRIERS = f"""async (tags) => (await axe.run(document, {{
  runOnly: {{ type: "tag", values: tags }}, resultTypes: ["violations"],
  rules: {{ "label-content-name-mismatch": {{ enabled: true }} }},
}})).violations{_TELL}"""
#: The other rules do not depend on colors.
_CONTRAST = f"""async () => (await axe.run(document, {{
  runOnly: {{ type: "rule", values: ["color-contrast", "link-in-text-block"] }}, resultTypes: ["violations"],
}})).violations{_TELL}"""


_SCREEN_ONLY = ("header nav", "form button", "form select", ".pager", ".skip:focus")


@dataclass
class Visit:
    """What was noticed on one page."""

    status: list[str]
    barriers: list[str]
    dark: list[str]
    printed: list[str]
    wide: list[str]
    complaints: list[str]
    asked: list[str]
    text: str


@pytest.fixture(scope="module")
def visits(watch: Any, axe: str, kinds: dict[str, str], statuses: dict[str, int]) -> dict[str, Visit]:
    """One visit of each page, for all checks: it is the visits that take the time."""
    desk = watch(color_scheme="light")
    desk.page.add_init_script(axe)
    found = {}
    for kind, path in kinds.items():
        page = desk.page
        page.emulate_media(color_scheme="light")
        status = desk.go(path, statuses.get(kind, 200))
        barriers = page.evaluate(_BARRIERS, TAGS)
        page.emulate_media(color_scheme="dark")
        dark = page.evaluate(_CONTRAST)
        page.emulate_media(media="print")
        shown = [each for each in _SCREEN_ONLY if page.locator(each).locator("visible=true").count()]
        page.emulate_media(media="screen")
        text = desk.text()
        page.set_viewport_size({"width": 390, "height": 844})
        wide = desk.wide()
        page.set_viewport_size({"width": 1200, "height": 900})
        found[kind] = Visit(status, barriers, dark, shown, wide, [*desk.complaints], [*desk.asked], text)
        desk.complaints.clear()
        desk.asked.clear()
    page.context.close()
    return found


def told(visits: dict[str, Visit], what: str) -> str:
    """What was noticed of one sort, page by page."""
    return "\n".join(f"{kind}: {each}" for kind, visit in visits.items() for each in getattr(visit, what))


def test_every_page_comes_with_the_status_that_it_ought_to_have(visits: dict[str, Visit]) -> None:
    assert not told(visits, "status")


def test_no_page_has_a_barrier(visits: dict[str, Visit]) -> None:
    assert not told(visits, "barriers")


def test_every_page_can_be_read_in_the_dark(visits: dict[str, Visit]) -> None:
    assert not told(visits, "dark")


def test_no_page_is_wider_than_a_phone(visits: dict[str, Visit]) -> None:
    assert not told(visits, "wide")


def test_navigation_and_forms_are_not_printed(visits: dict[str, Visit]) -> None:
    assert not told(visits, "printed")


def test_the_browser_complains_of_nothing(visits: dict[str, Visit]) -> None:
    assert not told(visits, "complaints")


def test_nothing_is_asked_of_another_host(visits: dict[str, Visit]) -> None:
    assert not told(visits, "asked")


def test_without_javascript_the_content_is_the_same(
    visits: dict[str, Visit], watch: Any, kinds: dict[str, str], statuses: dict[str, int]
) -> None:
    plain = watch(java_script_enabled=False)
    differing = []
    for kind, path in kinds.items():
        if kind.startswith("query"):  # it has an editor in the place of its text field; see test_query_editor
            continue
        plain.go(path, statuses.get(kind, 200))
        text = plain.text()
        assert len(text) > 60, kind
        if text != visits[kind].text.replace(" Copy ", " ").removesuffix(" Copy"):
            differing.append(kind)
    plain.page.context.close()
    assert not differing
