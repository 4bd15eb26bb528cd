"""A query that runs away is stopped, its client is told which limit it met, and nobody else notices."""

from __future__ import annotations

import json
import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, urlsplit

import pytest

from lithiokg.web import Settings
from lithiokg.web.workers import Pool

FORM = "application/x-www-form-urlencoded"
LABELS = "SELECT ?s ?l { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?s ?l LIMIT 50"


def post(served, query: str, **headers: str):
    return served.ask("/sparql", "POST", f"query={quote(query)}", content_type=FORM, **headers)


def limit(answer) -> dict:
    assert answer.status == 503, answer.text[:500]
    assert int(answer.headers["retry-after"]) > 0
    assert answer.headers["content-type"] == "application/problem+json"
    return json.loads(answer.body)


def test_every_killer_gets_an_honest_503_and_others_are_answered_meanwhile(narrow, killers):
    expected = post(narrow, LABELS).body
    with ThreadPoolExecutor(max_workers=len(killers)) as threads:
        running = {name: threads.submit(post, narrow, query) for name, (query, _) in killers.items()}
        answered = 0
        while not all(future.done() for future in running.values()):
            answer = post(narrow, LABELS)
            assert (answer.status, answer.body) == (200, expected)
            answered += 1
    assert answered > 3
    for name, future in running.items():
        told = limit(future.result())
        assert told["limit"] in killers[name][1], (name, told)
        if told["limit"] != "depth":
            assert str(told["value"]).split(".")[0] in told["detail"].replace(",", "")


def test_a_union_too_long_for_the_planner_is_refused_before_it_sees_it(narrow):
    answer = post(narrow, "SELECT * { " + " UNION ".join(f"{{ ?s ?p {n} }}" for n in range(20_000)) + " }")
    told = json.loads(answer.body)
    assert (answer.status, told["line"]) == (400, 1)
    assert "words and signs" in told["detail"]


def test_groups_too_deep_for_the_parser_are_refused_before_it_sees_them(narrow):
    answer = post(narrow, "SELECT * " + "{" * 20_000 + "}" * 20_000)
    told = json.loads(answer.body)
    assert (answer.status, told["line"]) == (400, 1)
    assert "brackets inside each other" in told["detail"]


def test_a_limit_is_named_with_its_value_and_unit(narrow):
    rows = limit(post(narrow, "SELECT (1 AS ?x) { ?a ?b ?c . ?d ?e ?f }"))
    assert (rows["limit"], rows["value"], rows["unit"]) == ("rows", 10_000, "rows")
    size = limit(post(narrow, "SELECT * { ?a ?b ?c . ?d ?e ?f }"))
    assert (size["limit"], size["value"], size["unit"]) == ("bytes", 2 * 2**20, "bytes")
    time_ = limit(post(narrow, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    assert (time_["limit"], time_["value"], time_["unit"]) == ("time", 1.5, "seconds")


@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv"])
def test_an_answer_of_exactly_the_limit_is_given_and_one_row_more_is_not(format_: str, narrow):
    def ask(rows: int):
        query = f"SELECT (1 AS ?x) {{ ?a ?b ?c . ?d ?e ?f }} LIMIT {rows}"
        return narrow.ask(f"/sparql?query={quote(query)}&format={format_}")

    assert ask(10_000).status == 200
    assert limit(ask(10_001))["limit"] == "rows"


def test_no_worker_keeps_what_a_killer_allocated(narrow):
    pids = set(narrow.pool.pids())
    limit(post(narrow, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    deadline = time.monotonic() + 20
    while narrow.pool.figures()["running"] or len(narrow.pool.pids()) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert set(narrow.pool.pids()) != pids
    assert narrow.pool.figures() == {"running": 0, "waiting": 0, "held": 0}


def test_a_client_that_hangs_up_takes_its_query_with_it(narrow):
    parts = urlsplit(narrow.url)
    query = quote("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?j }")
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        _until(lambda: narrow.pool.figures()["running"] == 1)
        begun = time.monotonic()
    _until(lambda: narrow.pool.figures()["running"] == 0)
    assert time.monotonic() - begun < narrow.settings.timeout


def _until(condition) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_who_comes_when_too_many_wait_is_told_so(plain, serve):
    full = serve(plain, workers=2, queue=1, timeout=1.0, max_wait=30.0)
    killer = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i != %d) }"
    with ThreadPoolExecutor(max_workers=8) as threads:
        answers = list(threads.map(lambda n: post(full, killer % n), range(8)))
    told = [limit(answer) for answer in answers]
    assert {each["limit"] for each in told} == {"time", "queue"}
    assert next(each["value"] for each in told if each["limit"] == "queue") == 1


def test_who_waits_too_long_is_told_so(plain, serve):
    slow = serve(plain, workers=2, timeout=1.5, max_wait=0.5)
    killer = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i != %d) }"
    with ThreadPoolExecutor(max_workers=6) as threads:
        told = [limit(answer) for answer in threads.map(lambda n: post(slow, killer % n), range(6))]
    assert "wait" in {each["limit"] for each in told}


def test_answers_that_nobody_takes_do_not_fill_the_disk(plain, serve):
    tight = serve(plain, workers=2, max_held=200_000)
    told = limit(post(tight, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 5000"))
    assert (told["limit"], told["value"]) == ("held", 200_000)
    assert post(tight, LABELS).status == 200
    _until(lambda: tight.pool.figures()["held"] == 0)


def test_a_client_that_does_not_read_is_dropped_in_time(plain, serve):
    impatient = serve(plain, workers=2, send_timeout=0.5)
    parts = urlsplit(impatient.url)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((parts.hostname, parts.port))
        query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 80000")
        connection.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        _until(lambda: impatient.pool.figures()["held"] > 0)
        _until(lambda: impatient.pool.figures()["held"] == 0)


def test_workers_end_with_their_server(plain):
    pool = Pool(plain.store, Settings(workers=2))
    pool.start()
    _until(lambda: len(pool.pids()) == 2)
    pids = pool.pids()
    job = pool.submit(
        pool.task("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {"table": "json"})
    )
    _until(lambda: pool.figures()["running"] == 1)
    pool.close()
    assert job.future.exception() is not None
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not [
        thread
        for thread in threading.enumerate()
        if thread.name == "lithiokg-pool" and thread in pool._threads
    ]
