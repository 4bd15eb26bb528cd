"""What a server may be told: its address and its limits."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

__all__ = ["DEFAULT_PORT", "MIB", "Settings"]

MIB = 2**20
#: The port unless told otherwise; any free one where it is 0.
DEFAULT_PORT = 8018


def _workers() -> int:
    """Two more than there are cores, at least four: half of them are kept for short queries."""
    return max(4, min(16, (os.cpu_count() or 2) + 2))


@dataclass(frozen=True, slots=True)
class Settings:
    """Address and limits of a server.

    Attributes:
        host: the address to listen on.
        port: the port to listen on; 0 for any that is free.
        names: further names under which clients may call the server, as in the ``Host`` header.
        timeout: seconds that a user's query may run.
        max_rows: rows or triples that an answer may have.
        max_bytes: bytes that an answer may have, before compression.
        max_request: bytes that the body of a request may have.
        workers: processes that answer users' queries.
        queue: queries that may wait for a worker.
        max_wait: seconds that a query may wait for a worker.
        memory: bytes that a query may allocate in its worker.
        max_held: bytes of answers that may wait for their clients, on disk, over all clients.
        send_timeout: seconds in which a client must take the next part of an answer.
        allow_hosts: hosts that ``SERVICE`` may call, such as ``example.org`` or ``localhost:7878``.
        cors: whether pages of other origins may read the answers of the machine endpoints.
        compress: whether answers are compressed for clients that say they understand it.
    """

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    names: tuple[str, ...] = ()
    timeout: float = 20.0
    max_rows: int = 500_000
    max_bytes: int = 64 * MIB
    max_request: int = MIB
    workers: int = field(default_factory=_workers)
    queue: int = 1000
    max_wait: float = 60.0
    memory: int = 1024 * MIB
    max_held: int = 2048 * MIB
    send_timeout: float = 60.0
    allow_hosts: frozenset[str] = frozenset()
    cors: bool = True
    compress: bool = True
