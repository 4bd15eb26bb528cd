from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from lithiokg.errors import LithioKGError, TimeLimitError, UsageError
from lithiokg.store import EmbeddedStore, Table, write_store
from lithiokg.vocabulary import GRAPH, ID, LKG

if TYPE_CHECKING:
    from pathlib import Path

TYPES = f"SELECT ?type {{ <{ID}substance/S0> a ?type }} ORDER BY ?type"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?a != ?d && ?c != ?i) }"
BOMB = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i"


def column(answer: object) -> list[object]:
    assert isinstance(answer, Table)
    return [row[0].value for row in answer]  # type: ignore[union-attr]


def test_the_default_view_is_the_union_of_all_graphs(store: EmbeddedStore):
    assert column(store.query(TYPES)) == [LKG + "Closed", LKG + "Derived", LKG + "Substance"]


def test_stated_only_leaves_out_what_was_derived_and_closed(store: EmbeddedStore):
    assert column(store.query(TYPES, stated_only=True)) == [LKG + "Substance"]
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    assert column(store.query(named, stated_only=True)) == [GRAPH + "asserted/a"]
    assert column(store.query(TYPES, stated_only=True, timeout=20)) == [LKG + "Substance"]


@pytest.mark.parametrize("stated_only", [True, False])
def test_a_query_with_its_own_from_clause_is_used_as_written(store: EmbeddedStore, stated_only: bool):
    text = TYPES.replace("{", f"FROM <{GRAPH}inferred> {{", 1)
    assert column(store.query(text, stated_only=stated_only)) == [LKG + "Derived"]


@pytest.mark.parametrize("timeout", [None, 20.0])
def test_each_form_of_query_has_its_own_kind_of_answer(store: EmbeddedStore, timeout: float | None):
    node = f"<{ID}substance/S1>"
    assert store.query(f"ASK {{ {node} ?p ?o }}", timeout=timeout) is True
    assert store.query("ASK { <x:none> ?p ?o }", timeout=timeout) is False
    built = store.query(f"CONSTRUCT {{ {node} <x:p> ?o }} WHERE {{ {node} <{LKG}rank> ?o }}", timeout=timeout)
    assert built == [ox.Triple(ox.NamedNode(node[1:-1]), ox.NamedNode("x:p"), ox.Literal(1))]
    described = store.query(f"DESCRIBE {node}", timeout=timeout)
    assert isinstance(described, list)
    assert len(described) == 3


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
        "SELECT * {}",
        "SELECT ?u {}",
        r"""SELECT * { VALUES (?a ?b) { ("a\tb\n\"c\\" "x"@en) (UNDEF 1.50) (true 1e0) ("NaN"^^<http://www.w3.org/2001/XMLSchema#double> <x:y>) } }""",
    ],
)
@pytest.mark.parametrize("max_rows", [None, 1000])
def test_a_child_process_gives_the_very_answer_of_this_process(
    store: EmbeddedStore, text: str, max_rows: int | None
):
    assert store.query(text, timeout=20, max_rows=max_rows) == store.query(text)


@pytest.mark.parametrize("timeout", [None, 20.0])
def test_an_answer_cut_at_max_rows_says_so(store: EmbeddedStore, timeout: float | None):
    text = f"SELECT ?n {{ ?s <{LKG}rank> ?n }} ORDER BY ?n"
    cut = store.query(text, max_rows=3, timeout=timeout)
    assert isinstance(cut, Table)
    assert column(cut) == ["0", "1", "2"]
    assert cut.truncated
    whole = store.query(text, max_rows=300, timeout=timeout)
    assert isinstance(whole, Table)
    assert (len(whole), whole.truncated) == (300, False)
    triples = store.query("CONSTRUCT WHERE { ?s ?p ?o }", max_rows=5, timeout=timeout)
    assert isinstance(triples, list)
    assert len(triples) == 5


def test_a_query_that_meets_its_time_limit_is_stopped_and_the_limit_named(store: EmbeddedStore):
    with pytest.raises(TimeLimitError, match=r"time limit of 0\.3 s") as caught:
        store.query(CROSS, timeout=0.3)
    assert caught.value.mend
    assert store.query("ASK {}") is True


def test_a_memory_bomb_ends_only_the_child(store: EmbeddedStore):
    with pytest.raises(LithioKGError, match=r"more memory than its limit of 64 MiB"):
        store.query(BOMB, timeout=60, max_memory=64 * 2**20)
    assert store.query("ASK {}") is True


def test_limits_hold_in_a_program_with_several_threads(store: EmbeddedStore):
    waiting = threading.Event()
    thread = threading.Thread(target=waiting.wait)
    thread.start()
    try:
        assert store.query(TYPES, timeout=30) == store.query(TYPES)
        with pytest.raises(TimeLimitError):
            store.query(CROSS, timeout=0.5)
    finally:
        waiting.set()
        thread.join()


def test_a_store_in_memory_is_handed_to_an_interpreter_where_nothing_forks(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert store.query(TYPES, timeout=30) == store.query(TYPES)
    with pytest.raises(LithioKGError, match="more memory"):
        store.query(BOMB, timeout=60, max_memory=64 * 2**20)


def test_a_mistake_is_placed_the_same_way_from_a_child(store: EmbeddedStore):
    with pytest.raises(LithioKGError, match=r"^a\.rq:1:15: .*not declared"):
        store.query("SELECT * { ?s ex:p ?o }", timeout=20, name="a.rq")


@pytest.mark.parametrize("limits", [{"timeout": 0}, {"timeout": -1.0}, {"max_rows": -1}])
def test_limits_that_make_no_sense_are_refused(store: EmbeddedStore, limits: dict[str, int]):
    with pytest.raises(UsageError):
        store.query("ASK {}", **limits)  # type: ignore[arg-type]


def test_graphs_are_counted_by_name(store: EmbeddedStore):
    assert store.graphs() == {GRAPH + "asserted/a": 900, GRAPH + "closures": 1, GRAPH + "inferred": 1}
    assert store.triples == 902
    assert len(list(store.quads(GRAPH + "inferred"))) == 1


def test_a_closed_store_says_so(disk: Path):
    with EmbeddedStore(disk) as store:
        assert store.query("ASK {}") is True
    with pytest.raises(LithioKGError, match="closed"):
        store.query("ASK {}")


def test_a_folder_without_a_store_is_reported_with_the_mend(tmp_path: Path):
    with pytest.raises(LithioKGError, match="lithiokg build"):
        EmbeddedStore(tmp_path / "nothing")


def test_a_written_store_is_closed_and_can_be_opened_by_another_process(tmp_path: Path, quads: list[ox.Quad]):
    path = tmp_path / "deep" / "store"
    assert write_store(path, quads) == 902
    # A second writer is refused as long as the first has not let go of the lock.
    script = "import sys, pyoxigraph as ox; print(len(ox.Store(sys.argv[1])))"
    done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, check=True)
    assert done.stdout.split() == [b"902"]


def test_a_store_is_never_written_over_something(tmp_path: Path, quads: list[ox.Quad]):
    (tmp_path / "file").write_text("precious")
    with pytest.raises(LithioKGError, match="already exists"):
        write_store(tmp_path, quads)
    assert (tmp_path / "file").read_text() == "precious"


def test_a_session_that_asks_much_is_answered_from_memory_with_the_same_rows(disk: Path, monkeypatch):
    monkeypatch.setattr("lithiokg.store.embedded._COPY_RATE", 10**9)  # any query is then long enough
    store = EmbeddedStore(disk)
    first = column(store.query(TYPES))
    assert store._copy is None, "one question never waits for a copy"
    assert column(store.query(TYPES)) == first
    assert store._copy is not None
    assert column(store.query(TYPES, stated_only=True)) == [LKG + "Substance"]
    store.close()
    with pytest.raises(LithioKGError, match="closed"):
        store.query(TYPES)


def test_a_large_store_stays_on_disk(disk: Path, monkeypatch):
    monkeypatch.setattr("lithiokg.store.embedded._COPY_RATE", 10**9)
    monkeypatch.setattr("lithiokg.store.embedded._MEMORY_LIMIT", 3)
    store = EmbeddedStore(disk)
    assert column(store.query(TYPES)) == column(store.query(TYPES)) == column(store.query(TYPES))
    assert store._copy is None
