"""Answers of saved questions that are kept beside the snapshot they are of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest

from lithiokg.build import build_snapshot
from lithiokg.errors import TimeLimitError
from lithiokg.graph import keep_answers, keeping, knowledge, open_graph
from lithiokg.graph.knowledge import KnowledgeGraph
from lithiokg.store import EmbeddedStore, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from lithiokg.build import Cache
    from lithiokg.sources import Sources

NAME = "figures-of-all-designs"
SLOW = """#+ title: Everything with everything
#+ question: What stands in one graph with what?
#+ description: A product of all triples with all triples, which no engine ends soon.
#+ tags: [test]
#+ expect:
#+   columns: [n]
SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }
"""


@pytest.fixture
def own(small: Sources, filled: Cache) -> Iterator[KnowledgeGraph]:
    """The small graph, in a snapshot of its own."""
    snapshot = build_snapshot(small, cache=filled)
    with KnowledgeGraph(EmbeddedStore(snapshot.store), small, snapshot) as opened:
        yield opened


def ask(graph: KnowledgeGraph, name: str = NAME, **given: object) -> Table:
    """The answer, kept however little it took."""
    return graph.answer(graph.question(name), given, keep_from=0.0).table


def files(graph: KnowledgeGraph) -> list[Path]:
    assert graph.kept is not None
    return sorted(graph.kept.folder.glob("*"))


def as_if_kept(graph: KnowledgeGraph, file: Path, table: Table) -> None:
    """Put another table in the place of a kept one: whoever gets it has not asked the store."""
    assert graph.kept is not None
    name = graph.question(NAME).bind({}, graph.find)
    graph.kept.keep(name, table)
    assert files(graph) == [file]


def two_questions(sources: Sources, name: str) -> None:
    """Leave one saved question, and one beside it that never ends."""
    for path in sources.queries.rglob("*.rq"):
        if path.stem != name:
            path.unlink()
    (sources.queries / "whole").mkdir()
    (sources.queries / "whole" / "everything-with-everything.rq").write_text(SLOW, "utf-8")


def test_an_answer_that_took_little_is_not_kept(own: KnowledgeGraph):
    own.ask(NAME)
    assert files(own) == []


def test_a_kept_answer_is_read_and_is_the_same(own: KnowledgeGraph):
    first = ask(own)
    (file,) = files(own)
    assert ask(own) == first
    assert len(first) > 0
    as_if_kept(own, file, Table(first.variables, []))
    assert len(ask(own)) == 0


def test_other_values_of_parameters_and_what_was_stated_have_answers_of_their_own(own: KnowledgeGraph):
    ask(own)
    ask(own, "designs-with-a-substance", substance="Li")
    ask(own, "designs-with-a-substance", substance="ZnO")
    own.answer(own.question(NAME), stated_only=True, keep_from=0.0)
    assert len(files(own)) == 4


def test_a_kept_answer_that_is_damaged_is_made_anew(own: KnowledgeGraph):
    first = ask(own)
    (file,) = files(own)
    whole = file.read_bytes()
    for broken in (b"", whole[:-3], whole.replace(b"?", b"!", 1), b"\xff" * 100):
        file.write_bytes(broken)
        assert ask(own) == first
        assert file.read_bytes() == whole


@pytest.mark.parametrize(
    "text", ["SELECT (NOW() AS ?t) {}", "SELECT (rand() AS ?t) {}", "SELECT ?t { BIND (UUID() AS ?t) }"]
)
def test_what_differs_each_time_is_never_kept(own: KnowledgeGraph, text: str):
    assert own.kept is not None
    table = own.sparql(text)
    assert isinstance(table, Table)
    own.kept.keep(text, table)
    assert files(own) == []


def test_what_only_a_comment_or_a_string_says_is_no_reason_against_keeping(own: KnowledgeGraph):
    assert own.kept is not None
    text = "# now\nSELECT ('rand' AS ?t) {}"
    table = own.sparql(text)
    assert isinstance(table, Table)
    own.kept.keep(text, table)
    assert own.kept.find(text) == table


def test_an_answer_out_of_proportion_to_the_store_is_not_kept(
    own: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(keeping, "_LARGEST", 1e-7)
    assert len(ask(own)) > 0
    assert files(own) == []


def test_the_oldest_answers_make_room_for_new_ones(own: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch):
    ask(own)
    (first,) = files(own)
    os.utime(first, (1, 1))
    ask(own, "mixed-conductors")
    (second,) = {*files(own)} - {first}
    ask(own, "false-friends")
    (third,) = {*files(own)} - {first, second}
    room = second.stat().st_size + third.stat().st_size
    third.unlink()
    store = sum(path.stat().st_size for path in own.snapshot.store.iterdir())  # type: ignore[union-attr]
    monkeypatch.setattr(keeping, "_SHARE", room / store)
    ask(own, "false-friends")
    assert {*files(own)} == {second, third}


def test_where_nothing_can_be_written_the_store_answers_each_time(own: KnowledgeGraph):
    assert own.kept is not None
    own.kept.folder.write_text("no folder can be here")
    assert ask(own) == ask(own)
    assert own.kept.folder.is_file()


def test_a_graph_with_a_bridge_keeps_nothing_for_its_store_is_another(small: Sources, own: KnowledgeGraph):
    assert own.snapshot is not None
    bridged = KnowledgeGraph(EmbeddedStore.in_memory(own.store.quads()), small, own.snapshot)
    assert bridged.kept is None
    ask(bridged)
    assert files(own) == []


def test_all_saved_questions_can_be_answered_once_and_for_all(small: Sources, own: KnowledgeGraph):
    two_questions(small, NAME)
    told: list[str] = []
    done = keep_answers(own, limit=2.0, processes=2, told=told.append)
    assert {name for name, error in done.items() if error is None} == {NAME}
    assert isinstance(done["everything-with-everything"], TimeLimitError)
    assert len(files(own)) == 1
    assert told[-1] == "answering the saved questions, 2 of 2"


def test_a_saved_question_of_a_large_graph_is_stopped_and_its_kept_answer_is_not(
    small: Sources, own: KnowledgeGraph, lithio, monkeypatch: pytest.MonkeyPatch, filled: Cache
):
    assert own.patience is None
    monkeypatch.setattr(knowledge, "LARGE", 100)
    monkeypatch.setattr(knowledge, "ANSWER_LIMIT", 0.001)
    assert own.patience == 0.001
    stopped = lithio("questions", "run", NAME, sources=small, cache=filled.root)
    assert (stopped.code, "time limit of 0.001 s" in stopped.err) == (4, True)
    assert lithio("questions", "run", NAME, "--timeout", "60", sources=small, cache=filled.root).code == 0
    ask(own)
    assert lithio("questions", "run", NAME, sources=small, cache=filled.root).code == 0


ANSWERING = """
import sys
from pathlib import Path
from lithiokg.graph import keep_answers
from lithiokg.graph.knowledge import KnowledgeGraph
from lithiokg.build import Snapshot
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore

snapshot = Snapshot(Path(sys.argv[2]), "own")
graph = KnowledgeGraph(EmbeddedStore(snapshot.store), Sources(Path(sys.argv[1])), snapshot)
keep_answers(graph, limit=60.0, processes=2, told=lambda words: print(words, flush=True))
"""


@pytest.mark.skipif(os.name != "posix", reason="groups of processes are there on POSIX only")
def test_whoever_interrupts_the_answering_need_not_wait_for_it(small: Sources, own: KnowledgeGraph):
    two_questions(small, NAME)  # one after the other by name, and more that never end behind them
    text = (small.queries / "whole" / "everything-with-everything.rq").read_text("utf-8")
    for number in range(6):
        (small.queries / "whole" / f"more-of-everything-{number}.rq").write_text(text, "utf-8")
    assert own.snapshot is not None
    command = [sys.executable, "-c", ANSWERING, str(small.root), str(own.snapshot.path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline()
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does on Ctrl-C
        try:
            assert process.wait(timeout=30) != 0
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert len(files(own)) == 1


def test_load_answers_the_saved_questions_and_what_is_added_makes_the_answers_void(
    lithio, small: Sources, filled: Cache, tmp_path: Path
):
    file, into = str(tmp_path / "stated.nq"), str(tmp_path / "into")
    export = ("export", "graph", "--stated", "--everything", "-f", "nquads", "-o", file)
    lithio(*export, sources=small, cache=filled.root)
    two_questions(small, NAME)
    said = lithio("load", file, "--into", into, "--answers", "2", sources=small)
    assert "answered 1 saved question in" in said.err
    assert "no answer is kept of everything-with-everything: the query met its time limit of 2 s" in said.err
    with open_graph(small, snapshot=into) as graph:
        assert len(files(graph)) == 1
        first = graph.ask(NAME).rows()
    assert "answered" not in lithio("load", file, "--into", into, "--add", sources=small).err
    with open_graph(small, snapshot=into) as graph:
        assert files(graph) == []
        assert graph.ask(NAME).rows() == first
