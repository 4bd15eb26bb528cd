"""Hundreds of clients at once, killer queries among them: every answer right, and memory as before."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

CLIENTS, EACH = 240, 3
MIB = 2**20
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
ASKED = [f"SELECT ?s ?l {{ ?s <{LABEL}> ?l }} ORDER BY ?s LIMIT {20 + 10 * n}" for n in range(8)] + [
    "ASK { ?s ?p 500 }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "CONSTRUCT WHERE { <https://w3id.org/lithiokg/id/substance/S7> ?p ?o }",
]
#: Killers that are told apart, since one that is known waits with its like.
RUNAWAYS = [
    "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i != {n}) }}",
    "SELECT * {{ ?a ?b ?c . ?d ?e ?f FILTER(?f != {n}) }} ORDER BY ?f ?c",
    "SELECT * {{ ?a ?b ?c . ?d ?e ?f FILTER(?f != {n}) }}",
]


async def _get(address: tuple[str, int], query: str) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection(*address)
    path = f"/sparql?query={quote(query)}"
    accept = "application/sparql-results+json, application/n-triples"
    writer.write(
        f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\nConnection: close\r\n\r\n".encode()
    )
    whole = await reader.read()
    writer.close()
    head, _, body = whole.partition(b"\r\n\r\n")
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length"))
    assert int(length.split(b":")[1]) == len(body)
    return int(head.split()[1]), body


def _digest(body: bytes) -> str:
    return hashlib.sha256(b"\n".join(sorted(body.split(b"\n")))).hexdigest()


def _resident(pids: list[int]) -> int:
    pages = (int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")


async def _storm(
    address: tuple[str, int], expected: dict[str, str], clients: int, killers: int
) -> tuple[list[str], list[dict]]:
    async def client(number: int) -> list[str]:
        wrong = []
        for turn in range(EACH):
            query = ASKED[(number + turn) % len(ASKED)]
            status, body = await _get(address, query)
            if status != 200 or _digest(body) != expected[query]:
                wrong.append(f"{status} {query}: {body[:200]!r}")
        return wrong

    async def killer(number: int) -> dict:
        status, body = await _get(address, RUNAWAYS[number % len(RUNAWAYS)].format(n=number))
        assert status == 503
        return json.loads(body)

    running = [asyncio.ensure_future(killer(number)) for number in range(killers)]
    answered = await asyncio.gather(*(client(number) for number in range(clients)))
    return [each for wrong in answered for each in wrong], list(await asyncio.gather(*running))


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_hundreds_of_clients_among_killers_get_right_answers_from_flat_memory(plain, serve):
    served = serve(plain, workers=4, timeout=1.0, max_rows=50_000, max_bytes=4 * MIB, memory=256 * MIB)
    parts = urlsplit(served.url)
    address = (str(parts.hostname), int(parts.port or 0))

    async def first() -> dict[str, str]:
        return {query: _digest((await _get(address, query))[1]) for query in ASKED}

    expected = asyncio.run(first())
    assert len(set(expected.values())) == len(ASKED)
    asyncio.run(_storm(address, expected, 60, 3))  # so that what is allocated once is
    before = _resident([os.getpid(), *served.pool.pids()])
    wrong, told = asyncio.run(_storm(address, expected, CLIENTS, 9))
    assert wrong == []
    assert {each["limit"] for each in told} <= {"time", "rows", "bytes", "memory"}
    _settle(served)
    after = _resident([os.getpid(), *served.pool.pids()])
    assert after - before < 80 * MIB
    assert served.pool.figures() == {"running": 0, "waiting": 0, "held": 0}


def _settle(served) -> None:
    deadline = time.monotonic() + 20
    while served.pool.figures() != {"running": 0, "waiting": 0, "held": 0} or len(served.pool.pids()) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.02)
