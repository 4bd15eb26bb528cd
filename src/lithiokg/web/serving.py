"""Run the server: bind, say where, serve until told to stop."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING

import uvicorn
from starlette.concurrency import run_in_threadpool

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.web.app import create_app
from lithiokg.web.site import site_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.web.settings import Settings

__all__ = ["address_of", "bind", "is_loopback", "serve"]

_WAITING_CONNECTIONS = 2048
#: Seconds that answers under way have to end once the server is told to stop.
_GRACE = 3
#: A longer address is refused; the query then goes into the body of a POST.
_LONGEST_HEAD = 1 << 17


def is_loopback(host: str) -> bool:
    """Whether only this computer can call an address.

    >>> is_loopback("localhost"), is_loopback("::1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def bind(settings: Settings) -> socket.socket:
    """A socket that listens where the settings say.

    Raises:
        LithioKGError: if the port is taken or the address is not ours.
        UsageError: if it is no address.
    """
    host, port = settings.host.strip("[]"), settings.port
    try:
        family, kind, number, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError, OverflowError) as error:
        raise UsageError(f"{host!r} is no address to listen on", mend="leave --host out") from error
    listener = socket.socket(family, kind, number)
    # So that a server can follow another at once; on Windows it would let two share a port.
    with suppress(OSError):
        if socket.SO_REUSEADDR and not hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(_WAITING_CONNECTIONS)
    except OSError as error:
        listener.close()
        raise LithioKGError(
            f"cannot listen on {host} port {port}: {(error.strerror or str(error)).lower()}",
            mend="stop the other program, or choose another port: --port 0 takes any that is free",
        ) from error
    return listener


def address_of(listener: socket.socket, settings: Settings) -> str:
    """The address for a browser on this computer, or the first of the server's names."""
    port = listener.getsockname()[1]
    everywhere = settings.host in {"", "0.0.0.0", "::"}  # noqa: S104  # compared, not bound
    host = (settings.names[0] if settings.names else "localhost") if everywhere else settings.host.strip("[]")
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(graph: KnowledgeGraph, settings: Settings, *, started: Callable[[str], None]) -> None:
    """Serve until the process is interrupted or told to end.

    Args:
        graph: what is served.
        settings: address and limits.
        started: told the address once requests are answered.

    Raises:
        LithioKGError: if the port is taken.
    """
    listener = bind(settings)
    app = create_app(graph, settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        http="h11",
        ws="none",
        loop="asyncio",
    )
    server = _Server(
        config,
        started=lambda: started(address_of(listener, settings)),
        warm=site_in(app.state).warm,
        stopping=app.state.pool.close,
    )
    try:
        app.state.pool.start()
        with suppress(KeyboardInterrupt):  # how a server is stopped, and no accident
            server.run(sockets=[listener])
    finally:
        app.state.pool.close()
        listener.close()


class _Server(uvicorn.Server):
    def __init__(
        self,
        config: uvicorn.Config,
        *,
        started: Callable[[], None],
        warm: Callable[[], None],
        stopping: Callable[[], None],
    ) -> None:
        super().__init__(config)
        self._say = started
        self._warm = warm
        self._stop = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            self._say()
            # What the first visitor would wait for is read while nobody waits; a failure is told to whoever
            # asks for the page.
            Thread(target=self._read_ahead, daemon=True).start()

    def _read_ahead(self) -> None:
        with suppress(LithioKGError):
            self._warm()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Clients that wait for a worker are told, and not cut off.
        await run_in_threadpool(self._stop)
        await super().shutdown(sockets=sockets)
