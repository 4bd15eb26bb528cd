"""The same questions in bare rdflib, each under a time limit.

Run in a process of its own (``python benchmarks/rdflib_side.py FACTS.nq LIMIT``); reads ``[[name, text], ...]``
as JSON from standard input. The facts are parsed once; each question runs in a fork, which is killed at the
limit, up to three times as long as the limit allows.
"""

from __future__ import annotations

import json
import multiprocessing
import sys
import time
from typing import TYPE_CHECKING, Any

import rdflib

from measuring import peak_memory

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["measure_rdflib"]

_RUNS = 3


def _answer(dataset: rdflib.Dataset, text: str, results: Connection) -> None:
    for _ in range(_RUNS):
        start = time.perf_counter()
        rows = 0
        for row in dataset.query(text):
            rows += 1
            if not isinstance(row, bool):  # as ASK gives it
                list(row)
        results.send((1e3 * (time.perf_counter() - start), rows))
    results.close()


def _limited(dataset: rdflib.Dataset, text: str, limit: float) -> tuple[list[float], int]:
    """Milliseconds of the runs that ended in time, and the number of rows."""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(dataset, text, sender))
    child.start()
    sender.close()
    deadline = time.monotonic() + limit
    times: list[float] = []
    rows = -1
    try:
        while len(times) < _RUNS and receiver.poll(max(0.0, deadline - time.monotonic())):
            taken, rows = receiver.recv()
            times.append(taken)
    except EOFError:  # the child failed, and said why on standard error
        rows = -2
    finally:
        child.kill()
        child.join()
    return times, rows


def measure_rdflib(facts: str, questions: list[tuple[str, str]], limit: float) -> dict[str, Any]:
    """Parse the facts into a dataset whose default graph is the union, and time each question."""
    start = time.perf_counter()
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(facts, format="nquads")
    parsed = time.perf_counter() - start
    answers = {name: _limited(dataset, text, limit) for name, text in questions}
    return {"parse": parsed, "triples": len(dataset), "peak": peak_memory(), "answers": answers}


if __name__ == "__main__":
    measured = measure_rdflib(sys.argv[1], json.load(sys.stdin), float(sys.argv[2]))
    print(json.dumps(measured))
