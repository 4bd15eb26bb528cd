"""Everything else that a connected graph does, and what it says where it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

import lithiokg
from lithiokg.cli.session import ENDPOINT
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.store import RemoteStore
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.graph import KnowledgeGraph

QUESTIONS = ("designs-by-mechanism", "why-a-design-has-its-interface-type", "works-with-most-figures")


@pytest.mark.parametrize("name", ["Li3PO4", "zinc oxide interlayer on garnet"])
def test_things_are_found_and_described_alike(
    name: str, graph: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    assert remote.find(name) == graph.find(name)
    assert remote.show(name) == graph.show(name)


def test_a_name_that_nothing_bears_is_met_with_the_closest_alike(
    graph: KnowledgeGraph, remote: KnowledgeGraph
) -> None:
    said = []
    for each in (graph, remote):
        with pytest.raises(UsageError, match="did you mean") as caught:
            each.find("interlaier")
        said.append(str(caught.value))
    assert said[0] == said[1]


@pytest.mark.parametrize("table", ["observations", "designs", "claims"])
def test_tables_are_alike(table: str, graph: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    assert getattr(remote, table)() == getattr(graph, table)()


def test_bibliographies_are_alike(graph: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    assert remote.bibliography("bibtex") == graph.bibliography("bibtex")


def test_the_whole_graph_comes_back_as_it_was_loaded(
    nquads: str, endpoint: str, lithio: Any, tmp_path: Path
) -> None:
    file = tmp_path / "back.nq"
    said = lithio("export", "graph", "--everything", "-f", "nquads", "-o", str(file), "--endpoint", endpoint)
    assert said.code == 0
    assert file.read_text("utf-8") == nquads


def test_a_server_that_keeps_its_graphs_apart_is_asked_for_their_union(
    serve: Callable[..., str], nquads: str, graph: KnowledgeGraph, put: Callable[..., None]
) -> None:
    server = serve()  # whose default graph is empty, as the SPARQL recommendations have it
    by_graph: dict[str, list[ox.Triple]] = {}
    for quad in ox.parse(nquads, format=ox.RdfFormat.N_QUADS):
        by_graph.setdefault(getattr(quad.graph_name, "value", ""), []).append(quad.triple)
    for name, triples in by_graph.items():
        content = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        put(f"{server}/store?graph={name}", content, "application/n-triples", "PUT")
    apart = lithiokg.connect(f"{server}/query")
    for question in QUESTIONS:
        for stated in (False, True):
            near = graph.ask(question, stated_only=stated).table
            assert apart.ask(question, stated_only=stated).table == near
    assert apart.show("Li3PO4") == graph.show("Li3PO4")  # which asks for the graph of each statement
    assert apart.store.graphs() == graph.store.graphs()


def test_an_endpoint_that_holds_something_else_is_not_asked_on(other: str) -> None:
    with pytest.raises(LithioKGError, match=r"does not hold <https://w3id\.org/lithiokg/>") as caught:
        lithiokg.connect(other).ask("designs-by-mechanism")
    assert "lithiokg export graph --everything -f nquads" in str(caught.value.mend)


def test_what_was_stated_is_not_made_up_where_the_graphs_were_thrown_together(
    serve: Callable[..., str], put: Callable[..., None]
) -> None:
    server = serve()
    put(f"{server}/store?default", b"<https://w3id.org/lithiokg/> <x:p> <x:o> .", "text/turtle", "PUT")
    flat = lithiokg.connect(f"{server}/query")
    assert len(flat.sparql("SELECT * { ?s ?p ?o }")) == 1  # type: ignore[arg-type]
    with pytest.raises(LithioKGError, match="no named graphs"):
        flat.sparql("SELECT * { ?s ?p ?o }", stated_only=True)


def test_a_server_that_gives_less_than_it_holds_is_caught(
    remote: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RemoteStore, "graphs", lambda _: {GRAPH + "closures": 10**6})
    with pytest.raises(LithioKGError, match=r"of the 1,000,000 statements of <.*/graph/closures>"):
        remote.quads()


def test_what_needs_a_snapshot_says_so(remote: KnowledgeGraph) -> None:
    with pytest.raises(LithioKGError, match="explanations need the snapshot itself") as caught:
        remote.explain("ZnO", "metal oxide")
    assert "lithiokg.open()" in str(caught.value.mend)
    with pytest.raises(LithioKGError, match="a what-if needs the snapshot itself"):
        remote.what_if(electrolyte="garnet", layers=["ZnO"])


VERBS = [
    ("questions", "run", "designs-by-mechanism", "-f", "csv"),
    ("questions", "test", "designs-by-mechanism"),
    ("sparql", "SELECT ?s { ?s lkg:formula 'ZnO' }"),
    ("export", "designs"),
]


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_that_reads_takes_an_endpoint(
    words: tuple[str, ...], endpoint: str, lithio: Any, tmp_path: Path
) -> None:
    # Without sources that build there is no snapshot to fall back on, so the answer is the endpoint's.
    near = lithio(*words)
    far = lithio(*words, "--endpoint", endpoint, cache=tmp_path)
    assert (far.code, far.out) == (0, near.out)
    assert not any(tmp_path.iterdir())


def test_the_environment_may_name_the_endpoint(
    endpoint: str, lithio: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ENDPOINT, endpoint)
    ask = ("sparql", "ASK { ?s lkg:formula 'ZnO' }")
    assert lithio(*ask, cache=tmp_path).out == "true\n"
    assert not any(tmp_path.iterdir())
    monkeypatch.setenv(ENDPOINT, "http://127.0.0.1:9/query")
    assert lithio(*ask).code == 3
    assert lithio(*ask, "--endpoint", endpoint).out == "true\n"
    assert lithio(*ask, "--endpoint", "").out == "true\n"
    assert f"not from the endpoint that {ENDPOINT} names" in lithio("explain", "nothing", "metal oxide").err
