"""A small snapshot in memory and on disk, and the real Oxigraph server over it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from lithiokg.store import EmbeddedStore, RemoteStore, write_store
from lithiokg.vocabulary import GRAPH, ID, LKG

SKOS = "http://www.w3.org/2004/02/skos/core#"


def _quads() -> list[ox.Quad]:
    asserted = ox.NamedNode(GRAPH + "asserted/a")
    inferred = ox.NamedNode(GRAPH + "inferred")
    closures = ox.NamedNode(GRAPH + "closures")
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads = []
    for number in range(300):
        node = ox.NamedNode(f"{ID}substance/S{number}")
        quads += [
            ox.Quad(node, kind, ox.NamedNode(LKG + "Substance"), asserted),
            ox.Quad(node, ox.NamedNode(LKG + "rank"), ox.Literal(number), asserted),
            ox.Quad(
                node, ox.NamedNode(SKOS + "prefLabel"), ox.Literal(f"s\t{number}", language="en"), asserted
            ),
        ]
    first = ox.NamedNode(f"{ID}substance/S0")
    quads.append(ox.Quad(first, kind, ox.NamedNode(LKG + "Derived"), inferred))
    quads.append(ox.Quad(first, kind, ox.NamedNode(LKG + "Closed"), closures))
    return quads


@pytest.fixture(scope="session")
def quads() -> list[ox.Quad]:
    return _quads()


@pytest.fixture(scope="session")
def disk(tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad]) -> Path:
    path = tmp_path_factory.mktemp("stores") / "snapshot"
    write_store(path, quads)
    return path


@pytest.fixture(params=["memory", "disk"])
def store(request: pytest.FixtureRequest, quads: list[ox.Quad], disk: Path) -> EmbeddedStore:
    return EmbeddedStore.in_memory(quads) if request.param == "memory" else EmbeddedStore(disk)


@pytest.fixture
def on_disk(disk: Path) -> EmbeddedStore:
    return EmbeddedStore(disk)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def endpoint(disk: Path):
    port = _free_port()
    # The server that stands beside this very interpreter, whatever PATH says.
    program = Path(sys.executable).parent / ("oxigraph.exe" if os.name == "nt" else "oxigraph")
    command = [program, "serve-read-only", "--location", disk, "--bind", f"127.0.0.1:{port}"]
    with subprocess.Popen([*map(str, command), "--union-default-graph"], stderr=subprocess.DEVNULL) as server:
        try:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/query"
        finally:
            server.kill()


@pytest.fixture
def remote(endpoint: str) -> RemoteStore:
    return RemoteStore(endpoint)
