"""Servers on loopback, as they are run, each in a thread of this process; and one over the shipped graph."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.testclient import TestClient

from lithiokg.web import Settings, create_app
from lithiokg.web.serving import address_of, bind

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph
    from lithiokg.web.workers import Pool


@dataclass
class Answer:
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Served:
    """A server that runs."""

    url: str
    pool: Pool
    settings: Settings
    _address: tuple[str, int] = field(init=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        assert parts.hostname
        assert parts.port
        self._address = (parts.hostname, parts.port)

    def ask(
        self, path: str, method: str = "GET", body: bytes | str | None = None, **headers: str | list[str]
    ) -> Answer:
        """One request, with exactly these headers (``content_type`` is ``content-type``)."""
        connection = http.client.HTTPConnection(*self._address, timeout=60)
        try:
            connection.putrequest(method, path, skip_host="host" in headers, skip_accept_encoding=True)
            data = body.encode() if isinstance(body, str) else body
            for name, values in headers.items():
                for value in [values] if isinstance(values, str) else values:
                    connection.putheader(name.replace("_", "-"), value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            response = connection.getresponse()
            said = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, said, response.read())
        finally:
            connection.close()


@contextmanager
def _running(graph: KnowledgeGraph, settings: Settings) -> Iterator[Served]:
    listener = bind(settings)
    app = create_app(graph, settings)
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield Served(address_of(listener, settings), app.state.pool, settings)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        app.state.pool.close()
        listener.close()


Serve = Callable[..., Served]


@pytest.fixture(scope="session")
def serve_for_session() -> Iterator[Serve]:
    """Start servers that run until the session ends."""
    with ExitStack() as stack:
        yield lambda graph, **given: stack.enter_context(_running(graph, Settings(port=0, **given)))


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start servers that run until the test ends."""
    with ExitStack() as stack:
        yield lambda graph, **given: stack.enter_context(_running(graph, Settings(port=0, **given)))


@pytest.fixture(scope="session")
def served(graph: KnowledgeGraph, serve_for_session: Serve) -> Served:
    """A server of the shipped graph."""
    return serve_for_session(graph, workers=2)


@pytest.fixture(scope="session")
def client(graph: KnowledgeGraph) -> Iterator[TestClient]:
    """The application of the shipped graph, called without a server between."""
    app = create_app(graph, Settings(workers=2))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client
