"""Load the server: hundreds of clients at once, killer queries among them; writes JSON to standard output.

    python benchmarks/serving.py [--clients 300] [--seconds 20] [--killers 8] [--workers 4] [--store FOLDER]

A server of the shipped graph (or of the store in a folder) runs as a process of its own. Each client asks one
query after the other over a connection that it keeps, and compares each answer with the one that was given
before the load. Killers ask queries that never end, one after the other, each of them another text.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import signal
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from measuring import machine

if TYPE_CHECKING:
    from collections.abc import Sequence

_SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
QUERIES = [
    *(f"{_SKOS}SELECT ?s ?l {{ ?s skos:prefLabel ?l }} ORDER BY ?s ?l LIMIT {n}" for n in (10, 50, 200)),
    f"{_SKOS}SELECT ?s {{ ?s skos:prefLabel 'lithium'@en }} ORDER BY ?s",
    "SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c ORDER BY DESC(?n) ?c LIMIT 20",
    "ASK { ?s ?p 'nothing says this' }",
    "PREFIX lkg: <https://w3id.org/lithiokg/> SELECT ?d { ?d a lkg:Design } ORDER BY ?d",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g ORDER BY ?g",
]
KILLERS = [
    "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?i != {n}) }}",
    "SELECT * {{ ?a ?b ?c . ?d ?e ?f FILTER(?f != {n}) }} ORDER BY ?f ?c",
    "SELECT (COUNT(*) AS ?n) {{ ?a (!<x:{n}>|^!<x:x>)* ?b . ?b (!<x:x>|^!<x:x>)* ?c }}",
    "SELECT * {{ ?a ?b ?c . ?d ?e ?f FILTER(?f != {n}) }}",
]


@dataclass
class Figures:
    """What the clients saw."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)


class Connection:
    """A connection that is kept from one request to the next."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def get(self, query: str) -> tuple[int, bytes]:
        """Ask one query: status and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address)
        reader, writer = self._streams
        path = f"/sparql?query={quote(query)}"
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv, */*;q=0.1\r\n\r\n".encode()
        )
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
        body = await reader.readexactly(length)
        return int(head.split()[1]), body


async def load(address: tuple[str, int], options: argparse.Namespace) -> Figures:
    """Let clients and killers loose for some seconds."""
    figures = Figures()
    alone = Connection(address)
    expected = {query: hashlib.sha256((await alone.get(query))[1]).digest() for query in QUERIES}
    end = time.monotonic() + options.seconds

    async def client(number: int) -> None:
        connection, turn = Connection(address), number
        while time.monotonic() < end:
            query = QUERIES[turn % len(QUERIES)]
            begun = time.perf_counter()
            status, body = await connection.get(query)
            figures.milliseconds.append((time.perf_counter() - begun) * 1000)
            if status != 200 or hashlib.sha256(body).digest() != expected[query]:
                figures.wrong[f"{status} {query[:60]}"] += 1
            turn += 1

    async def killer(number: int) -> None:
        connection, turn = Connection(address), 0
        while time.monotonic() < end:
            query = KILLERS[(number + turn) % len(KILLERS)].format(n=number * 1000 + turn)
            status, body = await connection.get(query)
            figures.killed[json.loads(body)["limit"] if status == 503 else str(status)] += 1
            turn += 1

    await asyncio.gather(
        *(client(number) for number in range(options.clients)),
        *(killer(number) for number in range(options.killers)),
    )
    return figures


def _descendants(pid: int) -> list[int]:
    found = [
        int(child)
        for file in Path(f"/proc/{pid}/task").glob("*/children")
        for child in file.read_text(encoding="ascii").split()
    ]
    return [*found, *(deeper for child in found for deeper in _descendants(child))]


def _size(pid: int) -> float:
    """MiB that a process holds; what several share counts for each in its part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def resident(server: int) -> dict[str, float]:
    """MiB that the server and its workers hold (Linux only)."""
    pids = _descendants(server)
    return {"server": round(_size(server), 1), "workers": round(sum(map(_size, pids)), 1), "count": len(pids)}


def _percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else float("nan")


_SERVE_FOLDER = """
import sys
from lithiokg.graph import KnowledgeGraph
from lithiokg.sources import find_sources
from lithiokg.store import EmbeddedStore
from lithiokg.web import Settings
from lithiokg.web.serving import serve
graph = KnowledgeGraph(EmbeddedStore(sys.argv[1]), find_sources())
settings = Settings(port=0, workers=int(sys.argv[2]), timeout=float(sys.argv[3]))
serve(graph, settings, started=lambda address: print(address, flush=True))
"""


def _command(options: argparse.Namespace) -> list[str]:
    workers, timeout = str(options.workers), str(options.timeout)
    if options.store:
        return [sys.executable, "-c", _SERVE_FOLDER, options.store, workers, timeout]
    return [
        sys.executable,
        "-m",
        "lithiokg",
        "serve",
        "--port",
        "0",
        "--workers",
        workers,
        "--timeout",
        timeout,
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure without killers, then with them, and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(";")[0])
    parser.add_argument("--clients", type=int, default=300)
    parser.add_argument("--killers", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--store", help="the folder of a store to serve instead of the shipped graph")
    options = parser.parse_args(arguments)
    with subprocess.Popen(_command(options), stdout=subprocess.PIPE, text=True) as server:
        try:
            parts = urlsplit(server.stdout.readline().strip() if server.stdout else "")
            address = (str(parts.hostname), int(parts.port or 0))
            found: dict[str, Any] = {
                "machine": machine(),
                "options": vars(options),
                "start": resident(server.pid),
            }
            for name, killers in (("without killers", 0), ("with killers", options.killers)):
                options.killers = killers
                begun = time.perf_counter()
                figures = asyncio.run(load(address, options))
                took = time.perf_counter() - begun
                found[name] = {
                    "answers": len(figures.milliseconds),
                    "answers a second": round(len(figures.milliseconds) / took, 1),
                    "median ms": round(statistics.median(figures.milliseconds), 1),
                    "95 % ms": round(_percentile(figures.milliseconds, 0.95), 1),
                    "longest ms": round(max(figures.milliseconds), 1),
                    "wrong": dict(figures.wrong),
                    "killed by limit": dict(figures.killed),
                    "MiB afterwards": resident(server.pid),
                }
            json.dump(found, sys.stdout, indent=2, default=str)
            print()
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(timeout=30)


if __name__ == "__main__":
    main()
