"""Every page of the explorer: complete, readable, small, and with links that lead somewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from lithiokg.store import Table
from lithiokg.vocabulary import LKG
from lithiokg.web.links import local
from lithiokg.web.pages.start import CARDS
from lithiokg.web.rendering import NAVIGATION

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from lithiokg.graph import KnowledgeGraph

FIXED = (
    "/", "/questions", "/questions?filter=resistance&topic=resistance", "/questions?filter=zzz",
    "/search", "/search?q=garnet", "/search?q=zzzz", "/search?q=which+interlayers+keep+electrons+out%3F",
    "/tree", "/works", "/works?filter=garnet", "/works?thing=id/substance/ZnO", "/discrepancies",
    "/discrepancies?kind=id/discrepancy-kind/unit", "/discrepancies?view=doubts",
    "/what-if", "/what-if?electrolyte=garnet&layers=ZnO&contacts_lithium=1",
    "/what-if?electrolyte=Li7P3S11&layers=LiF&complete=1&contacts_lithium=1", "/about", "/why",
    "/why?thing=id/design/zno-interlayer-on-garnet&class=AlloyInterlayerDesign",
    "/why?thing=id/design/zno-interlayer-on-garnet&class=ElectronicIsolationDesign",
    "/page/", "/page/graph/inferred", "/page/id/substance/Li?relation=hasElement",
    "/page/id/substance/Li?relation=claimObject", "/page/Statement?page=3",
    "/page/id/work/energymater-2021-21?all=claims",
)  # fmt: skip


@pytest.mark.parametrize("path", FIXED)
def test_a_page_is_readable_small_and_needs_no_inline_code(path: str, look: Any, broken_links: Any) -> None:
    page = look(path)
    assert page.status == 200
    assert page.problems() == []
    assert broken_links([page]) == {}


def test_every_saved_question_has_a_page_with_its_answer(
    graph: KnowledgeGraph, look: Any, broken_links: Any
) -> None:
    pages = {name: look(f"/questions/{name}") for name in graph.questions()}
    assert {name: page.status for name, page in pages.items() if page.status != 200} == {}
    assert {name: page.problems() for name, page in pages.items() if page.problems()} == {}
    assert broken_links(list(pages.values())) == {}


def test_every_class_and_relation_has_a_page(
    graph: KnowledgeGraph, client: TestClient, look: Any, broken_links: Any
) -> None:
    table = graph.sparql(
        "SELECT DISTINCT ?term { VALUES ?kind { owl:Class owl:ObjectProperty owl:DatatypeProperty } ?term a ?kind "
        f"FILTER (ISIRI(?term) && STRSTARTS(STR(?term), '{LKG}')) }}"
    )
    assert isinstance(table, Table)
    paths = [local(str(iri)) for iri in table.column("term")]
    assert len(paths) > 400
    assert [path for path in paths if client.get(str(path)).status_code != 200] == []
    pages = [look(path) for path in paths[::7]]  # to read them all takes ten seconds
    assert {page.path: page.problems() for page in pages if page.problems()} == {}
    assert broken_links(pages) == {}


def test_things_of_every_class_have_a_page(graph: KnowledgeGraph, look: Any, broken_links: Any) -> None:
    table = graph.sparql(
        "SELECT ?kind (MIN(?thing) AS ?first) { ?thing a ?kind "
        f"FILTER (STRSTARTS(STR(?thing), '{LKG}') && !CONTAINS(STR(?thing), '/question/')) }} GROUP BY ?kind"
    )
    assert isinstance(table, Table)
    things = {str(iri) for iri in table.column("first")}
    pages = [look(local(iri)) for iri in sorted(things)]
    assert [page.path for page in pages if page.status != 200] == []
    assert {page.path: page.problems() for page in pages if page.problems()} == {}
    assert broken_links(pages) == {}


@pytest.mark.parametrize(
    "thing",
    [
        "id/substance/Li", "id/work/energymater-2021-21", "id/property/lithiophilicity", "id/carrier/electron",
        "id/section/energymater-2021-21/surface-energy-and-chemical-interactions", "Statement", "Evidence",
    ],
)  # fmt: skip
def test_what_is_spoken_of_most_still_fits_on_a_page(thing: str, look: Any) -> None:
    assert look(f"/page/{thing}").problems() == []


def test_every_page_has_the_query_behind_it_and_files_of_what_it_shows(look: Any) -> None:
    for path in ("/", "/questions", "/search?q=ZnO", "/tree", "/works", "/discrepancies", "/about",
                 "/page/id/substance/ZnO", "/page/Interlayer", "/questions/lithium-alloys"):  # fmt: skip
        page = look(path)
        assert "The query behind this" in page.text, path
        assert "Download exactly this" in page.text, path
        assert any(link.startswith("/query?query=") for link in page.links), path
    assert "The command behind this" in look("/what-if").text


def test_the_first_page_begins_with_questions_that_there_are(graph: KnowledgeGraph, look: Any) -> None:
    page = look("/")
    assert 8 <= len(CARDS) <= 12
    assert set(CARDS) <= set(graph.questions())
    assert all(f"/questions/{name}" in page.links for name in CARDS)
    designs = graph.sparql("SELECT DISTINCT ?design { ?design a lkg:Design }")
    assert f"{len(designs)} designs" in page.text  # type: ignore[arg-type]  # a table
    assert "Version 0.1.0" in page.text
    assert "CC BY 4.0" in page.text


def test_the_header_leads_everywhere_and_says_where_one_is(look: Any) -> None:
    page = look("/tree")
    assert [link for link in page.links if link in dict(NAVIGATION)][: len(NAVIGATION)] == [
        path for path, _ in NAVIGATION
    ]
    assert '<a href="/tree" aria-current="page">' in page.html


def test_style_and_script_are_small_and_of_this_server(client: TestClient, look: Any) -> None:
    assert len(client.get("/static/app.css").content) < 16_000
    assert len(client.get("/static/app.js").content) < 6_000
    page = look("/")
    assert 'src="http' not in page.html
    assert '<link rel="stylesheet" href="/static/' in page.html


def test_what_the_client_holds_is_not_sent_again(client: TestClient) -> None:
    for path in ("/", "/page/id/substance/ZnO", "/questions/lithium-alloys?page=1", "/works.bib"):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304, path
        assert again.content == b""
    other = client.get("/page/id/substance/SnO2", headers={"If-None-Match": first.headers["etag"]})
    assert other.status_code == 200


def test_a_page_that_is_not_there_says_so_and_proposes_others(look: Any) -> None:
    page = look("/page/id/substance/ZnOO", accept="text/html")
    assert page.status == 404
    assert page.problems() == []
    assert "/page/id/substance/ZnO" in page.links
    assert look("/questions/interfacial-resistence", accept="text/html").status == 404
    assert (
        "/questions/interfacial-resistance-before-and-after"
        in look("/questions/interfacial-resistance").links
    )
    assert look("/download/everything.zip", accept="text/html").status == 404
    assert look("/no-such-page", accept="text/html").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/search?q={}", "/questions?filter={}", "/questions?topic={}", "/works?filter={}", "/works?thing={}",
        "/discrepancies?kind={}", "/discrepancies?view={}", "/why?thing={0}&class={0}", "/why?thing=ZnO&class={}",
        "/questions/designs-with-a-substance?substance={}", "/questions/designs-that-cycled-long-and-hard?hours={}",
        "/questions/lithium-alloys?{}=1", "/questions/{}", "/page/{}", "/page/id/substance/Li?relation={}",
        "/page/Statement?page={}", "/why?thing=id/design/zno-interlayer-on-garnet&class=AlloyInterlayerDesign&n={}",
        "/download/{}", "/data/{}", "/lithiokg/{}",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "hostile",
    ["<script>alert(1)</script>", "\"'><img src=x onerror=alert(1)>", "javascript:alert(1)", "a\x00b", "../../etc/passwd", "x" * 5000],
)  # fmt: skip
def test_nothing_that_is_typed_becomes_markup(path: str, hostile: str, client: TestClient) -> None:
    response = client.get(path.format(quote(hostile, safe="")), headers={"Accept": "text/html"})
    assert response.status_code in {200, 400, 404}
    assert "<script>alert" not in response.text
    assert "<img src=x" not in response.text
    assert 'href="javascript:' not in response.text
    assert "root:" not in response.text


def test_no_field_of_a_proposal_becomes_markup(client: TestClient) -> None:
    hostile = quote("<script>alert(1)</script>")
    for name in ("electrolyte", "electrolyte_kind", "treatments"):
        response = client.get(
            f"/what-if?electrolyte=garnet&{name}={hostile}", headers={"Accept": "text/html"}
        )
        assert response.status_code == 400
        assert "<script>alert" not in response.text


def test_a_long_answer_is_given_page_by_page(graph: KnowledgeGraph, look: Any) -> None:
    name = "white-spots-by-mechanism-and-electrolyte"
    total = len(graph.ask(name))
    first, last = look(f"/questions/{name}"), look(f"/questions/{name}?page=999999")
    assert f"{total} rows" in first.text
    assert any("page=2" in link for link in first.links)
    rows = [page.cells[1:] for page in (first, last)]
    assert len(rows[0]) + len(rows[1]) <= total
    assert rows[0] != rows[1]
