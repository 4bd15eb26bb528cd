"""Plots, comparison, map and periodic table as pages: right, linked, small, and the same as their files."""

from __future__ import annotations

import csv
import io
import re
import xml.etree.ElementTree as ET
from html import unescape
from typing import TYPE_CHECKING

import pytest

from lithiokg.identifiers import SYMBOLS
from lithiokg.plots.layered import Box, Link, layers_of, ordered
from lithiokg.web.pages.elements import place_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from lithiokg.graph import KnowledgeGraph

PAGES = [
    "/plots",
    "/plots/interfacial-resistance-before-and-after",
    "/plots/cycle-life-in-hours",
    "/plots/what-each-table-row-reports",
    "/plots/white-spots-by-mechanism-and-property",
    "/compare",
    "/compare?transpose=1&all=1",
    "/map",
    "/map?focus=strategy/gel-interlayer",
    "/elements",
]


def rows_of(client: TestClient, address: str) -> list[list[str]]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(io.StringIO(answer.text)))


def seen(page: str) -> str:
    """What is seen of a page, without space between."""
    shown = re.sub(r"<pre\b.*?</pre>", " ", re.sub(r"</?sub>", "", page), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", shown)).split())


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_small_and_has_nothing_inline(address: str, client: TestClient) -> None:
    answer = client.get(address)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000
    assert not re.search(r"\sstyle=|<style|\son\w+=|javascript:", answer.text)
    assert "https://w3id.org" not in seen(answer.text)
    assert len(re.findall("<h1", answer.text)) == 1
    ids = re.findall(r'\sid="([^"]+)"', answer.text)
    assert len(ids) == len(set(ids))
    for drawing in re.findall(r"<svg.*?</svg>", answer.text, flags=re.DOTALL):
        ET.fromstring(unescape_entities(drawing))  # noqa: S314  # our own page


def unescape_entities(drawing: str) -> str:
    return drawing.replace("&nbsp;", " ")


@pytest.mark.parametrize("address", [PAGES[1], PAGES[6], PAGES[8], PAGES[9]])
def test_every_link_of_a_page_leads_somewhere(address: str, client: TestClient) -> None:
    page = client.get(address).text
    addresses = {unescape(each) for each in re.findall(r'href="(/[^"#]*)', page)}
    some = sorted(addresses)[:: 1 + len(addresses) // 25]
    wrong = [each for each in some if client.get(each).status_code >= 400]
    assert wrong == []


# --- plots --------------------------------------------------------------------------------------------


def test_all_plots_are_listed_and_shown(client: TestClient, graph: KnowledgeGraph) -> None:
    listed = set(re.findall(r'href="/plots/([a-z0-9-]+)"', client.get("/plots").text))
    assert listed == {name for name, question in graph.questions().items() if question.plot}
    for name in listed:
        answer = client.get(f"/plots/{name}")
        assert answer.status_code == 200
        assert len(answer.content) < 100_000, name


def test_a_mark_leads_to_its_figure(client: TestClient) -> None:
    page = client.get("/plots/interfacial-resistance-before-and-after").text
    (address,) = set(
        re.findall(
            r'<a class="mark" href="([^"]+)"><title>zinc oxide interlayer on garnet: [^<]*table 3, row 13',
            page,
        )
    )
    found = seen(client.get(address).text)
    assert "20 Ω cm2" in found
    assert "Table 3" in found or "table 3" in found


def test_a_plot_follows_its_parameters(client: TestClient) -> None:
    name = "/plots/largest-fold-reduction-of-area-specific-resistance"
    page = client.get(f"{name}?minimum_fold=15").text
    assert page.count('<a class="mark') == 2 * 3
    assert client.get(f"{name}.svg?minimum_fold=15").text.count('<a class="mark') == 3
    refused = client.get(f"{name}?minimum_fold=much")
    assert refused.status_code == 400
    assert client.get(f"{name}?nonsense=1").status_code == 400


@pytest.mark.parametrize(
    ("ending", "kind"), [("svg", "image/svg+xml"), ("png", "image/png"), ("html", "text/html"), ("csv", None)]
)
def test_a_plot_can_be_taken_along(ending: str, kind: str | None, client: TestClient) -> None:
    if ending == "png":
        pytest.importorskip("resvg_py")
    name = "cycle-life-in-hours"
    if kind is None:
        assert f'href="/questions/{name}.{ending}"' in client.get(f"/plots/{name}").text
        return
    answer = client.get(f"/plots/{name}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)


@pytest.mark.parametrize(
    "address", ["/plots/what-is-not-reported", "/plots/nothing", "/plots/cycle-life-in-hours.pdf"]
)
def test_what_cannot_be_drawn_is_said(address: str, client: TestClient) -> None:
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "There is no such" in seen(answer.text)


# --- compare ------------------------------------------------------------------------------------------


def test_figures_are_sorted_within_one_unit(client: TestClient) -> None:
    column = "property/area-specific-resistance@with-modification"
    heads, *rows = rows_of(client, f"/compare.csv?col={column}&by={column}")
    assert heads == ["design", "area-specific resistance, with the modification (Ω cm²)"]
    found = [row[1] for row in rows]
    told = [float(re.match(r"[~<>]?\s*([\d.]+)", figure)[1]) for figure in found if figure[0].isdigit()]  # type: ignore[index]
    assert told == sorted(told)
    assert told[0] == 6.95
    assert set(found[len(told) :]) == {"not reported"}


def test_a_limit_needs_a_column_and_keeps_what_lies_within(client: TestClient) -> None:
    refused = client.get("/compare?most=50")
    assert refused.status_code == 400
    assert "has a unit" in seen(refused.text)
    rows = rows_of(
        client, "/compare.csv?col=property/cycle-life-time&by=property/cycle-life-time&least=1400&order=down"
    )
    assert [row[1].partition(" [")[0] for row in rows[1:3]] == ["2000 h", "1700 h"]
    assert len(rows) == 6


def test_the_file_says_what_the_page_says(client: TestClient) -> None:
    state = "strategy=strategy/gel-interlayer&col=mechanism&col=property/cycle-life-cycles"
    page = seen(client.get(f"/compare?{state}").text)
    for row in rows_of(client, f"/compare.csv?{state}")[1:]:
        for cell in row:
            for part in cell.split("; "):
                assert part.partition(" [")[0].partition(" (in doubt")[0] in page


def test_all_designs_of_a_facet_are_there_and_no_others(client: TestClient, graph: KnowledgeGraph) -> None:
    rows = client.get("/compare.json?mechanism=mechanism/alloying&all=1").json()
    wanted = graph.ask("designs-by-mechanism", mechanism="alloying").table.column("design")
    assert {row["iri"] for row in rows} == set(wanted)


def test_a_transposed_table_has_the_same_cells(client: TestClient) -> None:
    state = "strategy=strategy/polymer-interlayer"
    upright = rows_of(client, f"/compare.csv?{state}")
    assert [list(row) for row in zip(*upright, strict=True)] == rows_of(
        client, f"/compare.csv?{state}&transpose=1"
    )
    page = client.get(f"/compare?{state}&transpose=1").text
    assert f'<th scope="col">design</th>{"<th"}' in page


def test_columns_in_which_all_are_equal_can_be_hidden(client: TestClient) -> None:
    state = "strategy=strategy/electron-conducting-interlayer&col=strategy&col=interface&col=property/area-specific-resistance"
    every, different = (
        rows_of(client, f"/compare.csv?{state}"),
        rows_of(client, f"/compare.csv?{state}&differ=1"),
    )
    hidden = set(every[0]) - set(different[0])
    assert hidden
    for head in hidden:
        assert len({row[every[0].index(head)] for row in every[1:]}) == 1
    assert "All equal, and so hidden" in seen(client.get(f"/compare?{state}&differ=1").text)


def test_pinned_designs_come_first_whatever_is_chosen(client: TestClient) -> None:
    rows = rows_of(
        client, "/compare.csv?strategy=strategy/gel-interlayer&pin=design/zno-interlayer-on-garnet"
    )
    assert rows[1][0] == "zinc oxide interlayer on garnet"
    page = client.get("/compare?strategy=strategy/gel-interlayer&pin=design/zno-interlayer-on-garnet").text
    assert "unpin" in page


def test_doubts_come_with_their_reason(client: TestClient) -> None:
    page = client.get("/compare?substance=substance/Li3PS4").text
    assert re.search(r'<summary class="tag tag-doubt">in doubt</summary><p>[^<]{20,}', page)


def test_the_bibliography_has_the_works_that_are_seen(client: TestClient) -> None:
    text = client.get("/compare.bib?strategy=strategy/ionic-liquid-interlayer").text
    assert sorted(re.findall(r"-ref-(\d+),", text)) == ["63", "64", "65"]


def test_an_empty_comparison_says_what_emptied_it(client: TestClient) -> None:
    page = client.get(
        "/compare?mechanism=mechanism/alloying&strategy=strategy/gel-interlayer&cell=cell/li-cu"
    ).text
    assert "No design has all of that." in seen(page)
    assert "Without cell" in seen(page)


@pytest.mark.parametrize(
    "query",
    [
        "col=nothing",
        "by=mechanism",
        "by=property/cycle-life-time&least=many",
        "by=property/cycle-life-time&most=nan",
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(query: str, client: TestClient) -> None:
    answer = client.get(f"/compare?{query}")
    assert answer.status_code == 400
    assert "That cannot be compared" in seen(answer.text)


# --- map and elements ---------------------------------------------------------------------------------


def test_the_map_has_at_most_sixty_boxes_and_a_name_for_each_line(client: TestClient) -> None:
    page = client.get("/map").text
    assert 40 <= page.count('<a class="box') <= 60
    lines = re.findall(r'<a class="link (stated|inferred)[^"]*" href="([^"]+)"><title>([^<]+)', page)
    assert len(lines) > 80
    assert all(address.startswith("/page/id/") for how, address, _ in lines if how == "stated")
    assert all(address.startswith("/compare?") for how, address, _ in lines if how == "inferred")
    assert all("stated" in name if how == "stated" else "inferred of" in name for how, _, name in lines)


def test_a_focus_follows_paths_both_ways(client: TestClient) -> None:
    page = client.get("/map?focus=mechanism/alloying").text
    boxes = set(re.findall(r"<title>(?:strategy|mechanism|effect): ([^;]+);", page))
    assert {"additive in molten lithium", "alloying", "wetting by molten lithium"} <= boxes
    assert "gel interlayer" not in boxes
    assert client.get("/map?focus=mechanism/nothing").status_code == 404


def test_only_what_is_stated_can_be_shown(client: TestClient) -> None:
    page = client.get("/map?stated=1").text
    assert not re.search(r'class="link inferred[^"]*" href', page)


def test_a_box_stands_behind_all_that_lead_to_it() -> None:
    boxes = [Box(key, key, 0) for key in "abcd"]
    links = [
        Link("a", "b", ""),
        Link("b", "c", ""),
        Link("a", "d", ""),
        Link("d", "c", ""),
        Link("a", "c", ""),
    ]
    layers = layers_of(boxes, links)
    assert layers == {"a": 0, "b": 1, "d": 1, "c": 2}
    rows = ordered(boxes, links, layers)
    assert sorted(box.key for row in rows for box in row) == ["a", "b", "c", "d"]


def test_a_circle_of_links_is_drawn_all_the_same() -> None:
    boxes = [Box(key, key, 0) for key in "abc"]
    links = [Link("a", "b", ""), Link("b", "c", ""), Link("c", "a", ""), Link("b", "b", "")]
    assert sorted(layers_of(boxes, links).values()) == [0, 1, 2]


def test_every_element_has_a_place_of_its_own() -> None:
    places = [place_of(number) for number in range(1, len(SYMBOLS) + 1)]
    assert len(set(places)) == 118
    by_symbol = dict(zip(SYMBOLS, places, strict=True))
    assert by_symbol["He"] == (1, 18)
    assert by_symbol["Zn"] == (4, 12)
    assert by_symbol["Au"] == (6, 11)
    assert by_symbol["Cl"] == (3, 17)
    assert by_symbol["Og"] == (7, 18)


def test_the_periodic_table_counts_designs_and_links_to_them(client: TestClient) -> None:
    page = client.get("/elements").text
    (zinc,) = re.findall(r'<td class="(\w+)"><a href="#Zn" title="zinc"><b>Zn</b><small>(\d+)', page)
    assert zinc == ("alloy", "4")
    (copper,) = re.findall(r'<td class="(\w+)"><a href="#Cu"', page)
    assert copper == "stable"
    compared = client.get("/compare.json?element=substance/Zn&all=1").json()
    assert len(compared) == 4
    assert re.search(r'href="/compare\?element=substance%2FZn"', page)
