"""A whole errand without a mouse."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def reader(watch: Any) -> Any:
    watched = watch()
    watched.go("/")
    yield watched
    assert not watched.complaints
    watched.page.context.close()


def press(reader: Any, wanted: Any, key: str = "Tab", most: int = 80) -> dict[str, Any]:
    """Press a key until something wanted has the focus; every stop on the way is seen."""
    for _ in range(most):
        reader.page.keyboard.press(key)
        at = reader.focused()
        assert at["seen"], f"one does not see that this has the focus: {at}"
        if wanted(at):
            return at
    raise AssertionError("it is not reached by keyboard")


def test_from_the_start_over_a_question_to_its_evidence(reader: Any) -> None:
    page = reader.page
    assert press(reader, lambda at: True, most=1)["href"] == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    # "/" leads to the search from anywhere.
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "site-q"
    page.keyboard.type("designs that cycled long and hard")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")

    press(reader, lambda at: at["href"].startswith("/questions/designs-that-cycled-long-and-hard"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/designs-that-cycled-long-and-hard*")

    press(reader, lambda at: at["id"] == "f-minimum_hours")
    page.keyboard.press("Control+A")
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    page.wait_for_url("**minimum_hours=1000*")
    assert page.locator("#f-minimum_hours").input_value() in {"1000", "1000.0"}

    press(reader, lambda at: at["href"].startswith("/page/id/design/"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/id/design/**")
    press(reader, lambda at: at["href"].startswith("/page/id/reference/"), most=120)
    page.keyboard.press("Enter")
    page.wait_for_url("**/page/id/reference/**")
    assert page.locator("h1").is_visible()


def test_a_table_that_scrolls_can_be_scrolled_by_keyboard(reader: Any) -> None:
    reader.go("/compare")
    press(reader, lambda at: at["tag"] == "DIV", most=60)
    before = reader.page.evaluate("document.activeElement.scrollLeft")
    reader.page.keyboard.press("ArrowRight")
    for _ in range(100):
        if reader.page.evaluate("document.activeElement.scrollLeft") > before:
            return
        reader.page.wait_for_timeout(20)
    raise AssertionError("it does not scroll")


def test_the_tree_opens_and_closes_by_keyboard(reader: Any) -> None:
    reader.go("/tree")
    closed = reader.page.locator(".tree details:not([open])").count()
    reader.page.locator(".tree details:not([open]) > summary").first.focus()
    reader.page.keyboard.press("Enter")
    assert reader.page.locator(".tree details:not([open])").count() < closed
