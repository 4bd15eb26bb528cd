"""The query editor as a form: what it answers without a script, and what the script asks."""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

import lithiokg.web
from lithiokg.web.snippets import snippets

if TYPE_CHECKING:
    from starlette.testclient import TestClient

Ask = Callable[..., "Answered"]
DESIGNS = "SELECT ?design { ?design a lkg:InterfaceTypeIII } ORDER BY ?design"
#: What a text in a program must not trip over.
NASTY = (
    'SELECT ?x\n{ BIND("a\\\\b \\"\\"\\" \'\'\' $HOME `x` )-\\" QUERY" AS ?x)\n  # ends in "\n}\n# QUERY\n#"'
)


class Answered:
    """A page of the editor."""

    def __init__(self, status: int, text: str, headers: Any) -> None:
        self.status, self.html, self.headers = status, text, headers
        main = text.partition("<main")[2].partition("</main>")[0]
        self.text = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main.partition(">")[2]).split()))
        self.query = html.unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", text, re.DOTALL)[1])  # type: ignore[index]
        self.links = [html.unescape(each) for each in re.findall(r'href="([^"]*)"', text)]


@pytest.fixture
def ask(client: TestClient) -> Ask:
    def asked(query: str | None = None, **more: Any) -> Answered:
        given = {**({} if query is None else {"query": query}), **more}
        answer = client.get("/query", params=given, headers={"Accept": "text/html"})
        return Answered(answer.status_code, answer.text, answer.headers)

    return asked


def test_a_query_is_answered_by_labels_that_are_links(ask: Ask) -> None:
    seen = ask(DESIGNS)
    assert seen.status == 200
    assert seen.query == DESIGNS
    assert "9 rows" in seen.text
    assert "/page/id/design/zno-interlayer-on-garnet" in seen.links
    assert "zinc oxide interlayer on garnet" in seen.text
    assert "<title>9 rows · Query editor" in seen.html


def test_terms_can_be_seen_as_they_are_written(ask: Ask) -> None:
    seen = ask(
        'SELECT ?a ?b ?c ?d { BIND(lkgi:substance\\/ZnO AS ?a) BIND(2.5 AS ?b) BIND("x"@en AS ?c) }',
        view="raw",
    )
    assert 'lkgi:substance\\/ZnO "2.5"^^xsd:decimal "x"@en' in seen.text


def test_what_was_inferred_can_be_left_out(ask: Ask) -> None:
    seen = ask(DESIGNS, stated="1")
    assert "Nothing fits the pattern" in seen.text
    csv = next(each for each in seen.links if each.startswith("/sparql"))
    graphs = parse_qs(urlsplit(csv).query)["default-graph-uri"]
    assert any("/asserted/" in graph for graph in graphs)
    assert not any(graph.endswith(("/inferred", "/closures")) for graph in graphs)


def test_the_files_of_an_answer_hold_it_in_every_format(ask: Ask, client: TestClient) -> None:
    expected = {
        DESIGNS: {"text/csv", "text/tab-separated-values", "application/sparql-results+json", "application/sparql-results+xml"},
        "ASK { ?a a lkg:Design }": {"application/sparql-results+json", "application/sparql-results+xml"},
        "CONSTRUCT WHERE { ?a a lkg:InterfaceType }": {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"},
    }  # fmt: skip
    for query, types in expected.items():
        files = [each for each in ask(query).links if each.startswith("/sparql?")]
        answers = [client.get(each) for each in files]
        assert [answer.status_code for answer in answers] == [200] * len(types)
        assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == types


def test_yes_no_and_triples_are_answers_too(ask: Ask) -> None:
    assert "Answer Yes , the pattern is in the graph." in ask("ASK { ?a a lkg:Design }").text
    assert "Answer No : the pattern is not in the graph" in ask("ASK { ?a a lkg:Nothing }").text
    triples = ask("CONSTRUCT { ?a a lkg:Design } WHERE { ?a a lkg:InterfaceTypeIII }")
    assert "9 triples" in triples.text
    assert "zinc oxide interlayer on garnet type design" in triples.text
    turtle = ask("CONSTRUCT { ?a a lkg:Design } WHERE { ?a a lkg:InterfaceTypeIII }", view="raw")
    assert "a lkg:Design ." in turtle.text


def test_an_error_names_the_line_and_the_column_and_marks_the_word(ask: Ask) -> None:
    seen = ask("SELECT ?design\nWHERE {\n  ?design a [ FILTR ] .\n}")
    assert seen.status == 400
    assert "Line 3, column " in seen.text
    assert "<mark>]</mark>" in seen.html
    assert 'data-line="3"' in seen.html
    assert not [each for each in seen.links if each.startswith("/sparql?")]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("DELETE WHERE { ?a ?b ?c }", 400, "update"),
        ("SELECT * { SERVICE <http://example.org/> { ?a ?b ?c } }", 403, "example.org"),
        ("SELECT * { ?a my:own ?b }", 400, "my:"),
    ],
)
def test_what_is_refused_is_refused_in_words(ask: Ask, query: str, status: int, words: str) -> None:
    seen = ask(query)
    assert seen.status == status
    assert words in seen.text


def test_a_limit_is_named_with_how_to_narrow_the_query(graph: Any, serve: Any) -> None:
    served = serve(graph, workers=2, timeout=0.5)
    seen = served.ask(
        "/query?query=SELECT+(COUNT(*)+AS+%3Fn)+%7B%3Fa+%3Fb+%3Fc.+%3Fd+%3Fe+%3Ff.+%3Fg+%3Fh+%3Fi%7D"
    )
    assert seen.status == 503
    assert int(seen.headers["retry-after"]) > 0
    assert "time limit of 0.5 s" in seen.text
    assert "Narrow the query" in seen.text


def test_a_name_that_the_graph_does_not_know_is_pointed_out(ask: Ask) -> None:
    seen = ask("SELECT ?a { ?a a lkg:Desing ; lkg:hasComponent ?b }")
    assert "The graph knows nothing of: lkg:Desing ; did you mean lkg:Design ?" in seen.text
    assert (
        "lkg:hasComponent" not in seen.text.partition("knows nothing of")[2].partition("Use it elsewhere")[0]
    )


def test_long_answers_come_in_pages_and_say_that_there_is_more(ask: Ask) -> None:
    seen = ask("SELECT * { ?a ?b ?c }")
    assert "More than 2,000 rows; the first 2,000 can be seen here" in seen.text
    following = next(each for each in seen.links if each.startswith("/query?") and "page=2" in each)
    second = ask(**{name: values[0] for name, values in parse_qs(urlsplit(following).query).items()})
    assert "101 to 200 on this page" in second.text
    assert len(seen.html.encode()) < 100_000


def test_the_graphs_that_an_address_names_are_asked_and_stay_named(ask: Ask) -> None:
    graph = "https://w3id.org/lithiokg/graph/inferred"
    seen = ask("SELECT (COUNT(*) AS ?n) { ?a a lkg:InterfaceTypeIII }", **{"default-graph-uri": graph})
    assert "Asked of the graphs that the address names alone" in seen.text
    assert f'name="default-graph-uri" value="{graph}"' in seen.html
    other = ask("SELECT (COUNT(*) AS ?n) { ?a a lkg:Design }", **{"default-graph-uri": "not an IRI"})
    assert other.status == 400


def test_every_saved_question_can_be_loaded_and_runs(graph: Any, ask: Ask) -> None:
    names = [name for name, each in graph.questions().items() if not each.endpoints]
    offered = re.findall(r'<option value="([^"]+)"', ask().html)
    assert set(names) <= set(offered)
    for name in names[::12]:
        seen = ask(question=name)
        assert seen.status == 200, name
        assert seen.query.startswith(f"# {graph.question(name).question}\n"), name
        assert "#+" not in seen.query


def test_text_is_shown_as_it_was_sent(ask: Ask) -> None:
    text = 'SELECT ?x { BIND("</textarea><script>alert(1)</script>" AS ?x) }'
    seen = ask(text)
    assert seen.query == text
    assert "<script>alert" not in seen.html
    assert ask("\r\nSELECT ?x\r\n{ ?x a lkg:InterfaceType }").query == "SELECT ?x\n{ ?x a lkg:InterfaceType }"


def test_prefixes_that_were_supplied_can_be_written_into_the_query(ask: Ask) -> None:
    seen = ask(DESIGNS)
    address = next(each for each in seen.links if each.startswith("/query?query=PREFIX"))
    written = parse_qs(urlsplit(address).query)["query"][0]
    assert written == f"PREFIX lkg: <https://w3id.org/lithiokg/>\n{DESIGNS}"
    assert "Added for you" not in ask(written).text


def test_programs_say_what_the_query_says(served: Any, graph: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = str(graph.sparql(NASTY).rows[0][0].value)
    monkeypatch.setattr("lithiokg.open", lambda: _Opened(graph), raising=False)
    found = {each.title: each.text for each in snippets(NASTY, "table", f"{served.url}sparql")}
    assert set(found) == {
        "curl",
        "Python with SPARQLWrapper",
        "pandas",
        "Python with LithioKG, without a server",
        "R",
    }
    for title in ("Python with SPARQLWrapper", "pandas", "Python with LithioKG, without a server"):
        if title == "pandas":
            pytest.importorskip("pandas")
        said = io.StringIO()
        with redirect_stdout(said):
            exec(found[title], {})  # noqa: S102  # that is what it is for
        shown = said.getvalue()
        assert wanted in shown or repr(wanted)[1:-1] in shown, title
    if shutil.which("curl") and shutil.which("sh"):
        done = subprocess.run(
            ["sh", "-c", found["curl"]], capture_output=True, text=True, check=True, timeout=60
        )
        assert wanted.replace('"', '""') in done.stdout
    # R reads what stands between the brackets as it is; the end must not stand within.
    opened = re.search(r'r"(-+)\(', found["R"])
    assert opened
    assert found["R"].count(f'){opened[1]}"') == 1


class _Opened:
    def __init__(self, graph: Any) -> None:
        self.graph = graph

    def __enter__(self) -> Any:
        return self.graph

    def __exit__(self, *_: object) -> None:
        pass


def test_programs_for_triples_and_for_yes_or_no_run(served: Any) -> None:
    queries = {"boolean": "ASK { ?a ?b ?c }", "graph": "CONSTRUCT { <x:a> <x:b> <x:c> } WHERE {}"}
    for form, query in queries.items():
        text = next(
            each.text for each in snippets(query, form, f"{served.url}sparql") if "Wrapper" in each.title
        )
        said = io.StringIO()
        with redirect_stdout(said):
            exec(text, {})  # noqa: S102
        assert said.getvalue().strip() in {"True", "<x:a> <x:b> <x:c> ."}


def test_the_parser_answers_whether_a_query_is_right(client: TestClient) -> None:
    assert client.post("/query/check", content="SELECT * { ?a a lkg:Design }").json() == {}
    wrong = client.post("/query/check", content="SELECT *\n{ ?a lkg:x [ FILTR ] }").json()
    assert wrong["line"] == 2
    assert "\n" not in wrong["message"]
    refused = client.post("/query/check", content="SELECT * { SERVICE <http://example.org/> {} }").json()
    assert "example.org" in refused["message"]
    large = client.post("/query/check", content="#" * 2**21)
    assert "the limit" in large.json()["message"]


@pytest.mark.parametrize(
    ("typed", "more", "iri"),
    [
        ("Interl", {"kind": "class"}, "Interlayer"),
        ("llzo", {}, "id/substance/garnet"),
        ("Li7P3S11", {}, "id/substance/Li7P3S11"),
        ("hasInter", {"in": "https://w3id.org/lithiokg/"}, "hasInterfaceType"),
        ("interface type", {}, "hasInterfaceType"),
        ("zinc ox", {}, "id/substance/ZnO"),
    ],
)
def test_names_are_completed_from_what_the_graph_calls_its_things(
    client: TestClient, typed: str, more: dict[str, str], iri: str
) -> None:
    found = client.get("/complete", params={"q": typed, **more}).json()
    assert f"https://w3id.org/lithiokg/{iri}" in [each["iri"] for each in found]
    assert len(found) <= 12


def test_completion_knows_the_relations_of_others_that_the_graph_uses(client: TestClient) -> None:
    found = client.get(
        "/complete", params={"q": "prefLab", "in": "http://www.w3.org/2004/02/skos/core#"}
    ).json()
    assert [each["iri"] for each in found] == ["http://www.w3.org/2004/02/skos/core#prefLabel"]
    assert client.get("/complete", params={"q": ""}).json() == []
    assert client.get("/complete").headers["etag"]


def test_a_browser_that_opens_the_endpoint_finds_the_editor(client: TestClient) -> None:
    answer = client.get("/sparql", params={"query": DESIGNS}, headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/query?query=")


def test_the_script_is_small_and_ours_alone() -> None:
    text = (Path(lithiokg.web.__file__).parent / "static" / "editor.js").read_text(encoding="utf-8")
    assert len(text.encode()) <= 12 * 1024
    assert "http" not in text
    assert not re.search(r"\beval\(|innerHTML|document\.write|new Function|setAttribute\(.style", text)
