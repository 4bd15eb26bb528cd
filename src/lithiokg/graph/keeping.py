"""Answers of saved questions, kept beside the snapshot that they are of.

A snapshot never changes, so neither does the answer of a query to it. What took long is therefore written down
beside the store, as the table of SPARQL (TSV), and read the next time; it goes with the snapshot.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError
from lithiokg.files import read_kept, write_kept
from lithiokg.store import Table, stop_running, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.build import Snapshot
    from lithiokg.graph.knowledge import KnowledgeGraph
    from lithiokg.questions import Question

__all__ = ["ANSWER_LIMIT", "WORTH_KEEPING", "KeptAnswers", "keep_answers"]

#: Seconds that a saved question may take of a large graph.
ANSWER_LIMIT = 60.0
#: Seconds that an answer must have taken to be kept without being asked for.
WORTH_KEEPING = 0.25
#: Kept answers take up at most this share of the room that the store does, and one alone the other; the oldest go.
_SHARE, _LARGEST = 0.25, 0.05
#: What does not give the same twice, or not from this graph.
_FLEETING = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})


class KeptAnswers:
    """The kept answers of one snapshot.

    Args:
        snapshot: whose store the queries are put to.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.folder: Path = snapshot.path / "answers"

    def find(self, text: str, *, stated_only: bool = False) -> Table | None:
        """The answer that was kept of a query; nothing if there is none, or it is not as it was written."""
        written = read_kept(self._file(text, stated_only))
        return None if written is None else Table.from_tsv(written)

    def keep(self, text: str, table: Table, *, stated_only: bool = False) -> None:
        """Keep an answer, if it is the same each time and there is room; that there is none is no failure.

        Args:
            text: the query, with its parameters in place.
            table: its whole answer.
            stated_only: whether it was answered from what was stated alone.
        """
        if any(token.kind == "word" and token.text.upper() in _FLEETING for token in tokenize(text)):
            return
        content = table.to_tsv()
        # A snapshot that somebody else wrote may be read-only, and answers all the same.
        with suppress(OSError):
            self._make_room(len(content))
            self.folder.mkdir(exist_ok=True)
            write_kept(self._file(text, stated_only), content)

    def _make_room(self, size: int) -> None:
        """Remove the oldest answers until one of this size finds room.

        Raises:
            OSError: if it is too large to be kept.
        """
        store = sum(path.stat().st_size for path in self._snapshot.store.iterdir())
        if size > _LARGEST * store:
            raise OSError(errno.EFBIG, f"an answer of {size} bytes is out of proportion")
        room = _SHARE * store - size
        kept = [(path, path.stat()) for path in self.folder.glob("*.tsv")]
        for path, stat in sorted(kept, key=lambda each: -each[1].st_mtime_ns):
            room -= stat.st_size
            if room < 0:
                path.unlink(missing_ok=True)

    def _file(self, text: str, stated_only: bool) -> Path:
        # Another engine may answer otherwise: one of the two has a mistake that the other has not.
        said = "\n".join((ox.__version__, "stated" if stated_only else "all", text))
        return self.folder / f"{hashlib.sha256(said.encode()).hexdigest()[:32]}.tsv"


def keep_answers(
    graph: KnowledgeGraph,
    *,
    limit: float = ANSWER_LIMIT,
    processes: int | None = None,
    told: Callable[[str], None] = lambda _words: None,
) -> dict[str, LithioKGError | None]:
    """Answer each saved question of a snapshot once, so that it answers at once from then on.

    Args:
        graph: opened from a snapshot.
        limit: seconds that a question may take; it has no kept answer then.
        processes: how many are answered at a time; as many as there are processors unless given.
        told: told how many there are, and how many are done.

    Returns:
        The questions by name, those that call another endpoint left out; why one was not answered, else nothing.
    """
    if graph.kept is None:
        return {}
    asked = {name: each for name, each in graph.questions().items() if not each.endpoints}

    def answer(question: Question) -> LithioKGError | None:
        try:
            graph.answer(question, timeout=limit, keep_from=0.0)
        except LithioKGError as error:
            return error
        return None

    done: dict[str, LithioKGError | None] = {}
    with ThreadPoolExecutor(processes or os.cpu_count() or 1) as pool:
        waiting = {pool.submit(answer, each): name for name, each in asked.items()}
        try:
            for future in as_completed(waiting):
                done[waiting[future]] = future.result()
                told(f"answering the saved questions, {len(done)} of {len(asked)}")
        except BaseException:  # whoever interrupts this does not want the rest
            pool.shutdown(wait=False, cancel_futures=True)
            while not all(future.done() for future in waiting):  # one may have begun in this moment
                stop_running()
                time.sleep(0.05)
            raise
    return done
