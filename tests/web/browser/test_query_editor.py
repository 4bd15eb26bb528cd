"""The query editor as somebody uses it who writes SPARQL."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

TEXT = "document.getElementById('query').value"


@pytest.fixture
def editor(watch: Any) -> Any:
    watched = watch(color_scheme="light")
    watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    watched.go("/query")
    yield watched
    assert not watched.complaints
    assert not watched.asked
    watched.page.context.close()


def empty(editor: Any) -> Any:
    box = editor.page.locator("#query")
    box.click()
    editor.page.keyboard.press("Control+A")
    editor.page.keyboard.press("Delete")
    return box


def names(editor: Any) -> list[str]:
    editor.page.wait_for_selector("#names:not([hidden]) li")
    return [" ".join(each.split()) for each in editor.page.locator("#names li").all_inner_texts()]


def test_a_name_is_completed_from_the_graph_by_a_synonym_and_can_be_undone(editor: Any) -> None:
    empty(editor)
    page = editor.page
    page.keyboard.type("SELECT * { ?electrolyte a LLZ", delay=5)
    assert "garnet electrolyte lkg:GarnetElectrolyte “LLZO electrolyte”, class" in names(editor)
    page.keyboard.press("Escape")
    assert page.locator("#names").is_hidden()
    empty(editor)
    page.keyboard.type("SELECT * { ?body a lkg:Interl", delay=5)
    assert names(editor)[0] == "interlayer lkg:Interlayer class"
    page.keyboard.press("ArrowDown")
    assert page.locator("#query").get_attribute("aria-activedescendant") == "name-0"
    page.keyboard.press("Enter")
    assert page.evaluate(TEXT) == "SELECT * { ?body a lkg:Interlayer"
    page.keyboard.press("Control+Z")
    assert page.evaluate(TEXT) == "SELECT * { ?body a lkg:Interl"


def test_a_thing_is_completed_by_its_formula_as_a_name_that_parses(editor: Any) -> None:
    empty(editor)
    editor.page.keyboard.type("ASK { ?body lkg:hasConstituent Li7P3S", delay=5)
    assert any("lkgi:substance\\/Li7P3S11" in each for each in names(editor))
    editor.page.keyboard.press("ArrowDown")
    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type(" }")
    editor.page.keyboard.press("Control+Enter")
    editor.page.wait_for_selector(".verdict")
    assert editor.page.locator(".verdict").inner_text().startswith("Yes")


def test_variables_and_prefixes_are_proposed_and_enter_stays_a_line_end(editor: Any) -> None:
    empty(editor)
    page = editor.page
    page.keyboard.type("SELECT ?design { ?design a lkg:Design } ORDER BY ?de")
    assert names(editor) == ["?design variable"]
    # Nothing was chosen: the key does what it does in every text field.
    page.keyboard.press("Enter")
    assert page.evaluate(TEXT).endswith("?de\n")
    empty(editor)
    page.keyboard.type("PREFIX sk")
    assert "skos:" in names(editor)[0]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate(TEXT) == "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"


def test_the_parser_of_the_server_says_where_a_query_is_wrong_while_it_is_written(editor: Any) -> None:
    empty(editor)
    editor.page.keyboard.type("SELECT *\n{ ?a ?b [ FILTR ] }")
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(editor.page.locator("#said")).to_have_text(re.compile("Line 2, column "))
    assert editor.page.locator(".paint .wrong").inner_text() == "]"
    assert editor.page.locator("#query").get_attribute("aria-invalid") == "true"
    empty(editor)
    editor.page.keyboard.type("SELECT *\n{ ?a ?b [] }")
    expect(editor.page.locator("#said")).to_have_text("")
    assert editor.page.locator(".paint .wrong").count() == 0


def test_colors_lie_exactly_behind_the_text(editor: Any) -> None:
    text = 'SELECT ?x { # why\n  ?x a lkg:Design ; rdfs:label "a # b"@en , 12.5 ; ?p <https://example.org/#x> .\n}\n\n'
    editor.go("/query?" + urlencode({"query": text}), 200)
    page = editor.page
    assert (
        page.evaluate("document.querySelector('.paint').textContent").rstrip() == page.evaluate(TEXT).rstrip()
    )
    kinds = {name: page.locator(f".paint .{name}").all_inner_texts() for name in "cvisnpk"}
    assert kinds["c"] == ["# why"]
    assert kinds["s"] == ['"a # b"']
    assert kinds["n"] == ["12.5"]
    assert kinds["i"] == ["<https://example.org/#x>"]
    assert kinds["p"] == ["lkg:Design", "rdfs:label"]
    assert kinds["k"] == ["SELECT", "a"]
    same = page.evaluate(
        """() => {
          const style = (name) => { const of = getComputedStyle(document.querySelector(name)); return [of.fontFamily, of.fontSize, of.lineHeight, of.paddingTop, of.tabSize]; };
          const text = document.querySelector(".paint .k").getBoundingClientRect(), box = document.getElementById("query").getBoundingClientRect();
          const padding = parseFloat(getComputedStyle(document.getElementById("query")).paddingLeft) + 1;
          return [style("#query").join() === style(".paint").join(), Math.abs(text.left - box.left - padding) < 1];
        }"""
    )
    assert same == [True, True]


def test_tab_leaves_the_editor(editor: Any) -> None:
    editor.page.locator("#query").focus()
    editor.page.keyboard.press("Tab")
    assert editor.focused()["id"] == "run"
    editor.page.keyboard.press("Shift+Tab")
    assert editor.focused()["id"] == "query"


def test_a_query_that_ran_is_in_the_address_and_in_the_history_of_this_browser(editor: Any) -> None:
    empty(editor)
    page = editor.page
    page.keyboard.type("SELECT ?kind { ?kind a owl:Class } LIMIT 3")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#answer")
    assert parse_qs(urlsplit(page.url).query)["query"] == ["SELECT ?kind { ?kind a owl:Class } LIMIT 3"]
    assert page.locator(".count").inner_text().startswith("3 rows")
    # Writing goes on where it was, once the script of the page has run.
    expect = pytest.importorskip("playwright.sync_api").expect
    expect(page.locator("#query")).to_be_focused()
    assert page.evaluate("document.getElementById('query').selectionStart") == 42
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(copied).query)["query"] == ["SELECT ?kind { ?kind a owl:Class } LIMIT 3"]

    empty(editor)
    page.locator(".history summary").click()
    page.locator(".history li button").first.click()
    assert page.evaluate(TEXT) == "SELECT ?kind { ?kind a owl:Class } LIMIT 3"
    page.get_by_role("button", name="Forget them").click()
    assert page.locator(".history").is_hidden()
    page.reload()
    assert page.evaluate("JSON.parse(localStorage.getItem('lithiokg.queries')).length") == 1


def test_thirty_queries_are_kept_and_no_more(editor: Any) -> None:
    many = [f"ASK {{ ?a ?b {number} }}" for number in range(40)]
    editor.page.evaluate("(many) => localStorage.setItem('lithiokg.queries', JSON.stringify(many))", many)
    editor.go("/query?" + urlencode({"query": "ASK {}"}))
    kept = editor.page.evaluate("JSON.parse(localStorage.getItem('lithiokg.queries'))")
    assert kept == ["ASK {}", *many[:29]]


def test_the_editor_works_where_nothing_may_be_stored(watch: Any) -> None:
    watched = watch()
    watched.page.add_init_script(
        "for (const name of ['localStorage', 'sessionStorage'])"
        " Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    watched.go("/query")
    watched.page.locator("#query").fill("ASK { ?a a lkg:Design }")
    watched.page.keyboard.press("Control+Enter")
    watched.page.wait_for_selector(".verdict")
    assert watched.page.locator(".history").is_hidden()
    assert not watched.complaints
    watched.page.context.close()


def test_without_javascript_the_form_answers_and_marks_the_error(watch: Any) -> None:
    watched = watch(java_script_enabled=False)
    watched.go("/query")
    watched.page.locator("#query").fill("SELECT ?design\n{ ?design a lkg:InterfaceTypeIII }")
    watched.page.get_by_role("button", name="Run").click()
    assert re.match(r"\d+ rows", watched.page.locator(".count").inner_text())
    assert watched.page.locator("table a").first.get_attribute("href").startswith("/page/id/design/")
    watched.expected = 400
    watched.page.locator("#query").fill("SELECT ?design\n{ ?design a lkg:InterfaceTypeIII ")
    watched.page.get_by_role("button", name="Run").click()
    assert "Line 2, column" in watched.page.get_by_role("alert").inner_text()
    assert watched.page.locator("mark").count() == 1
    watched.page.context.close()
