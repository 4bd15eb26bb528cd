"""The graph goes to a server, what follows is derived there, and both are counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lithiokg
from lithiokg.endpoints import counted, derive_there, discrepancies, pieces, upload
from lithiokg.endpoints.fetching import ONTOLOGY, premises
from lithiokg.errors import InconsistencyError, LithioKGError
from lithiokg.export import nquads_lines
from lithiokg.reasoning import load_rules
from lithiokg.store import DERIVED_GRAPHS, GraphStore, RemoteStore
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from lithiokg.graph import KnowledgeGraph

names = st.sampled_from(["<x:a>", "<x:b>", *(f"_:b{number}" for number in range(8))])
lines = st.lists(st.tuples(names, names).map(lambda ends: f"{ends[0]} <x:p> {ends[1]}"), unique=True)


@given(lines, st.integers(1, 200))
def test_every_triple_is_in_one_piece_and_every_blank_node_in_one_too(found: list[str], size: int) -> None:
    bodies = [body.decode().splitlines() for body in pieces(found, size)]
    assert sorted(line for body in bodies for line in body) == sorted(f"{line} ." for line in found)
    blanks = [{word for line in body for word in line.split() if word.startswith("_:")} for body in bodies]
    assert sum(map(len, blanks)) == len(set().union(*blanks))
    assert all(bodies)


def test_a_text_that_looks_like_a_blank_node_is_none() -> None:
    found = ['<x:a> <x:p> "see _:b"', '<x:a> <x:p> " _:b"', "<x:a> <x:p> _:b"]
    assert len(list(pieces(found, 1))) == 3


@pytest.fixture(scope="module")
def addresses(serve: Callable[..., str]) -> tuple[str, str]:
    """The query endpoint and the graph store of a server that holds somebody else's graph."""
    server = serve("--union-default-graph")
    GraphStore(f"{server}/store").put("https://example.org/theirs", b"<x:s> <x:p> <x:o> .\n")
    return f"{server}/query", f"{server}/store"


@pytest.fixture(scope="module")
def derived_there(addresses: tuple[str, str], graph: KnowledgeGraph) -> tuple[RemoteStore, GraphStore]:
    """The server, once what was stated was sent in small pieces, and derived there."""
    far, to = RemoteStore(addresses[0]), GraphStore(addresses[1])
    sent = list(upload(graph.store, to, wanted=lambda name: name not in DERIVED_GRAPHS, piece=2**19))
    assert max(each.requests for each in sent) > 5
    assert not DERIVED_GRAPHS & far.graphs().keys()
    done = derive_there(far, to, graph.sources, piece=2**19, most=20_000)
    assert done.inferred.requests > 1
    return far, to


def test_what_is_derived_on_an_endpoint_is_what_the_build_derives(
    derived_there: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph
) -> None:
    # The same lines, blank nodes included: nothing is lost, torn apart or concluded otherwise.
    assert list(nquads_lines(derived_there[0], everything=True)) == list(
        nquads_lines(graph.store, everything=True)
    )


def test_large_graphs_are_read_predicate_by_predicate_as_far_as_rules_need_them(
    derived_there: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, asked = derived_there[0], []
    copied = RemoteStore.copied

    def listening(self: RemoteStore, graph: str, count: int, predicates: Any = ()) -> list[ox.Quad]:
        asked.append((graph, count, len(predicates)))
        return copied(self, graph, count, predicates)

    monkeypatch.setattr(RemoteStore, "copied", listening)
    rules = load_rules(graph.sources.ontology)
    whole = {quad for part in premises(far, rules) for quad in part}
    assert {count for _, _, count in asked} == {0}
    asked.clear()
    parts = [quad for part in premises(far, rules, most=20_000) for quad in part]
    large = [count for name, count, number in asked if number]
    assert len(large) > 1
    assert max(large) <= 20_000
    assert len(parts) == len(set(parts)) < len(whole)
    assert {name for name, _, _ in asked} == {quad.graph_name.value for quad in whole}  # type: ignore[union-attr]
    assert not {f"{GRAPH}provenance", f"{GRAPH}questions"} & {name for name, _, _ in asked}


@pytest.fixture
def bare(serve: Callable[..., str], graph: KnowledgeGraph) -> tuple[RemoteStore, GraphStore]:
    """A server that holds the ontology alone."""
    server = serve("--union-default-graph")
    to = GraphStore(f"{server}/store")
    list(upload(graph.store, to, wanted=lambda name: name == ONTOLOGY))
    return RemoteStore(f"{server}/query"), to


def test_what_contradicts_the_ontology_is_told_and_changes_nothing(
    bare: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph
) -> None:
    far, to = bare
    kind = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    wrong = f"<{ID}x> {kind} <{LKG}Design> .\n<{ID}x> {kind} <{LKG}Substance> .\n"
    to.put(f"{GRAPH}asserted/somebody-else", wrong.encode())
    before = far.graphs()
    with pytest.raises(InconsistencyError):
        derive_there(far, to, graph.sources)
    assert far.graphs() == before


def test_another_version_of_the_ontology_is_refused(
    bare: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph
) -> None:
    far, to = bare
    to.post(ONTOLOGY, f"<{LKG}Host> <{PREFIXES['rdfs']}subClassOf> <{LKG}Coating> .\n".encode())
    before = far.graphs()
    with pytest.raises(LithioKGError, match="another version of the ontology: 1 of the axioms differ"):
        derive_there(far, to, graph.sources)
    assert far.graphs() == before


def test_a_server_that_drops_statements_is_reported(
    bare: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, to = bare
    put = GraphStore.put
    monkeypatch.setattr(GraphStore, "put", lambda self, name, body: put(self, name, body.split(b"\n", 1)[1]))
    ours = {ONTOLOGY: graph.store.graphs()[ONTOLOGY]}
    list(upload(graph.store, to, wanted=ours.__contains__))
    (sent,) = ours.values()
    words = f"does not hold what it was sent:\n  ontology: {sent - 1:,} statements, not {sent:,}"
    with pytest.raises(LithioKGError, match=words):
        counted(far, ours)


def test_an_upload_may_be_made_again_resumed_and_counted(
    addresses: tuple[str, str],
    derived_there: tuple[RemoteStore, GraphStore],
    graph: KnowledgeGraph,
    lithio: Any,
) -> None:
    far, to = derived_there
    words = ("upload", addresses[0], "--graph-store", addresses[1])
    # One graph was left in the middle, another is of a release that had more of them.
    to.put(f"{GRAPH}void", b"<x:s> <x:p> <x:o> .\n")
    to.put(f"{GRAPH}asserted/gone", b"<x:s> <x:p> <x:o> .\n")
    said = lithio(*words, "--resume")
    assert (said.code, said.err.count("is there")) == (1, len(graph.store.graphs()) - 1)
    assert f"{GRAPH}asserted/gone" in said.err
    assert "--prune" in said.err
    said = lithio(*words, "--resume", "--prune")
    assert (said.code, "removed 1 graphs" in said.err) == (0, True)
    assert "sent 0 graphs in 0 requests" in said.err
    total = sum(graph.store.graphs().values())
    assert f"holds the {len(graph.store.graphs())} graphs with {total:,} statements" in said.out
    expected = {**graph.store.graphs(), "https://example.org/theirs": 1}
    assert far.graphs() == expected
    said = lithio(*words, "--resume", "--stated")
    assert (said.code, "'lithiokg derive' replaces it" in said.err) == (0, True)
    assert far.graphs() == expected


def test_questions_are_answered_there_after_an_upload(
    derived_there: tuple[RemoteStore, GraphStore], graph: KnowledgeGraph
) -> None:
    far = lithiokg.KnowledgeGraph(derived_there[0], graph.sources)
    for name in ("designs-by-mechanism", "claims-that-inference-does-not-bear-out"):
        assert far.ask(name).table == graph.ask(name).table


def test_a_store_that_may_not_be_written_to_or_is_none_is_named(
    addresses: tuple[str, str], lithio: Any
) -> None:
    said = lithio("upload", addresses[0], "--graph-store", addresses[0])
    assert said.code == 3
    assert "address of the Graph Store Protocol" in said.err
    said = lithio("upload", "http://127.0.0.1:9/query", "--graph-store", addresses[1])
    assert (said.code, "cannot be reached" in said.err) == (3, True)
    said = lithio("derive", addresses[0])
    assert (said.code, "--graph-store" in said.err) == (2, True)


def test_an_endpoint_without_the_ontology_has_nothing_to_derive_from(
    other: str, graph: KnowledgeGraph
) -> None:
    with pytest.raises(LithioKGError, match="does not hold the graph") as caught:
        derive_there(RemoteStore(other), GraphStore("http://127.0.0.1:9/store"), graph.sources)
    assert "lithiokg upload --stated" in str(caught.value.mend)


def test_discrepancies_name_graph_and_numbers() -> None:
    assert discrepancies({f"{GRAPH}a": 1000, f"{GRAPH}b": 2}, {f"{GRAPH}b": 2, "x:c": 1}) == [
        "a: 0 statements, not 1,000"
    ]
