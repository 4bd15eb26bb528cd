"""Real servers on loopback that hold the shipped graph or other data, and servers that misbehave."""

from __future__ import annotations

import http.client
import http.server
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

import lithiokg
from lithiokg.conformance import write_data
from lithiokg.export import nquads_lines
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lithiokg.graph import KnowledgeGraph

#: Saved questions that are asked of the data set: an aggregate, a class that is inferred, a list, a union.
DATA_QUESTIONS = (
    "works-with-most-figures",
    "lithium-alloys",
    "coulombic-efficiencies",
    "full-cells-by-cathode",
)

OTHER = """
@prefix schema: <https://schema.org/> .
@prefix ex: <https://example.org/> .
ex:salt schema:inChIKey "PQXKHYXIUOZZFA-UHFFFAOYSA-M" ; ex:formula "FLi" ; schema:name "lithium fluoride"@en ;
  ex:bandGap 13.6 .
ex:oxide ex:formula "OZn" ; ex:bandGap 3.3 .
ex:unknown schema:inChIKey "AAAAAAAAAAAAAA-UHFFFAOYSA-N" ; ex:formula "Xx" ; ex:bandGap 0 .
ex:paper ex:doi "10.1021/jacs.8b10488" ; ex:readers 99 .
"""


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _put(address: str, content: bytes, kind: str, method: str) -> None:
    """Load a graph or dataset with the Graph Store Protocol."""
    server = urlsplit(address)
    connection = http.client.HTTPConnection(server.netloc, timeout=60)
    connection.request(method, f"{server.path}?{server.query}", content, {"Content-Type": kind})
    assert connection.getresponse().status in {201, 204}
    connection.close()


@pytest.fixture(scope="session")
def serve() -> Iterator[Callable[..., str]]:
    """Start an Oxigraph server in memory, and give its address."""
    program = Path(sys.executable).parent / ("oxigraph.exe" if os.name == "nt" else "oxigraph")
    if not program.exists():
        pytest.skip("the Oxigraph server is not installed beside this interpreter")
    servers: list[subprocess.Popen[bytes]] = []

    def start(*options: str) -> str:
        port = _free_port()
        command = [str(program), "serve", "--bind", f"127.0.0.1:{port}", *options]
        servers.append(subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert servers[-1].poll() is None
                time.sleep(0.02)
        return f"http://127.0.0.1:{port}"

    yield start
    for server in servers:
        server.kill()
        server.wait(10)


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return _free_port


@pytest.fixture(scope="session")
def put() -> Callable[..., None]:
    return _put


@pytest.fixture(scope="session")
def nquads(graph: KnowledgeGraph) -> str:
    """What ``lithiokg export graph --everything -f nquads`` writes."""
    return "".join(nquads_lines(graph.store, everything=True))


@pytest.fixture(scope="session")
def endpoint(serve: Callable[..., str], nquads: str) -> str:
    """A server that holds the shipped graph, and whose default graph is the union of its graphs."""
    server = serve("--union-default-graph")
    _put(f"{server}/store", nquads.encode(), "application/n-quads", "POST")
    return f"{server}/query"


@pytest.fixture(scope="session")
def remote(endpoint: str, graph: KnowledgeGraph) -> KnowledgeGraph:
    connected = lithiokg.connect(endpoint)
    connected.sources = graph.sources
    return connected


@pytest.fixture(scope="session")
def other(serve: Callable[..., str]) -> str:
    """A server that holds other people's data."""
    server = serve()
    _put(f"{server}/store?default", OTHER.encode(), "text/turtle", "PUT")
    return f"{server}/query"


@pytest.fixture(scope="session")
def data(graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``lithiokg conformance --write --triples 130000`` writes, with some of the questions."""
    folder: Path = tmp_path_factory.mktemp("data") / "set"
    questions = [graph.question(name) for name in DATA_QUESTIONS]
    assert isinstance(graph.store, EmbeddedStore)
    write_data(folder, graph.store, graph.sources, questions, triples=130_000)
    return folder


@dataclass
class Stub:
    """A server that gives one answer to everything, and remembers what it was asked.

    Attributes:
        url: its address.
        asked: the headers of each request.
        sent: method, address and body of each.
        answers: statuses (with headers) for the first requests, before the one that all others get.
    """

    url: str
    asked: list[dict[str, str]] = field(default_factory=list)
    sent: list[tuple[str, str, bytes]] = field(default_factory=list)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)


@pytest.fixture
def stub() -> Iterator[Callable[..., Stub]]:
    servers: list[http.server.HTTPServer] = []
    over = threading.Event()

    def start(
        body: bytes = b"",
        kind: str = "application/sparql-results+json",
        status: int = 200,
        *,
        headers: dict[str, str] | None = None,
        wait: float = 0,
        pieces: int = 1,
    ) -> Stub:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                made.asked.append(dict(self.headers))
                made.sent.append((self.command, self.path, content))
                code, more = made.answers.pop(0) if made.answers else (status, headers or {})
                self.send_response(code)
                for name, value in {"Content-Type": kind, **more}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body) * pieces))
                self.end_headers()
                for _ in range(pieces if self.command != "HEAD" else 0):
                    over.wait(wait)
                    try:
                        self.wfile.write(body)
                    except OSError:  # the client has gone
                        return

            do_HEAD = do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # as the handler names its methods

            def log_message(self, *_: object) -> None:
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        servers.append(server)
        made = Stub(f"http://127.0.0.1:{server.server_port}/sparql")
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return made

    yield start
    over.set()
    for server in servers:
        server.shutdown()
        server.server_close()
