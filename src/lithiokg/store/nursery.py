"""Processes that answer query after query over one snapshot, until they are killed or dismissed.

This module is started as a plain script, with one JSON object as its argument. Where the system can fork, it
loads the snapshot once and listens on a socket; each connection gets a child of its own, which has the
loaded snapshot at hand at once and shares its memory. Elsewhere one process serves its standard input and
output, and loads for itself.

A child reads one task a line (JSON). It answers in frames, each with its length (four bytes) before it: the
parts of the body, an empty frame, and a report (JSON). The body counts only if the report says ``ok``.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from typing import IO, TYPE_CHECKING, NoReturn

import pyoxigraph as ox

from lithiokg.store import worker
from lithiokg.store.resident import Source, load, perform

if TYPE_CHECKING:
    from lithiokg.store.resident import Report, Task

__all__ = ["READY", "STATUS", "WORKER", "can_fork", "main"]

#: What the nursery says once it listens.
READY = b"ready\n"
#: What a connection begins with: the wish for a child, or for the status in which a child ended.
WORKER, STATUS = b"w", b"s"
_PART = 1 << 16
#: A child whose memory has grown by more than this is replaced.
_GROWTH = 96 * 2**20


def can_fork() -> bool:
    """Whether processes are forked here (macOS can, but its libraries do not bear it)."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class _Frames:
    """A stream in frames, of a size that suits a pipe."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self._parts: list[bytes] = []
        self._size = 0

    def write(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size >= _PART:
            self._send()

    def report(self, report: Report) -> None:
        self._send()
        self._out.write(bytes(4))
        self._frame(json.dumps(report).encode())
        self._out.flush()

    def _send(self) -> None:
        if self._size:
            self._frame(b"".join(self._parts))
            self._parts, self._size = [], 0

    def _frame(self, data: bytes) -> None:
        self._out.write(len(data).to_bytes(4, "big"))
        self._out.write(data)


def _resident_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123  # asked after each query
            return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:  # elsewhere than on Linux nothing is known, and nothing retires for it
        return 0


def _serve(source: Source, tasks: IO[bytes], out: IO[bytes], max_memory: int) -> None:
    """Answer the tasks of one stream until it ends."""
    frames = _Frames(out)
    worker.limit_memory(max_memory)
    begun = _resident_bytes()
    frames.report({"outcome": "ready", "pid": os.getpid()})
    for line in tasks:
        task: Task = json.loads(line)
        _alarm(task["seconds"])
        report = perform(source, task, frames.write)
        _alarm(0.0)
        if begun and _resident_bytes() - begun > _GROWTH:
            report["retire"] = True
        frames.report(report)
        if report.get("retire"):
            return


def _alarm(seconds: float) -> None:
    """The system ends this process when the time is up, should the parent not live to do so."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _listen(path: str, folder: str, source: Source | None, max_memory: int) -> None:
    """Give each connection a child, until standard input ends, which is when the server is gone."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        sys.stdout.buffer.write(READY)
        sys.stdout.buffer.flush()
        while True:
            readable, _, _ = select.select([listener, sys.stdin], [], [])
            if sys.stdin in readable:
                return
            connection, _ = listener.accept()
            with connection:
                wish = connection.recv(32)
                if wish[:1] == STATUS:
                    # Only now is a child cleared away, so that its number cannot be another's before.
                    _, status = os.waitpid(int(wish[1:]), 0)
                    connection.sendall(str(os.waitstatus_to_exitcode(status)).encode())
                elif wish[:1] == WORKER and os.fork() == 0:  # pragma: no cover  # coverage does not see it
                    listener.close()
                    _child(connection, folder, source, max_memory)


def _child(
    connection: socket.socket, folder: str, source: Source | None, max_memory: int
) -> NoReturn:  # pragma: no cover  # coverage does not see it
    status = 1
    try:
        with connection.makefile("rb") as tasks, connection.makefile("wb") as out:
            # The files of a store cannot be shared with a parent that has them open.
            _serve(source or Source(ox.Store.read_only(folder)), tasks, out, max_memory)
        status = 0
    except MemoryError:
        status = worker.OUT_OF_MEMORY
    finally:
        os._exit(status)


def main() -> None:
    """Load the snapshot and serve, as the argument says."""
    settings = json.loads(sys.argv[1])
    # The allocator's last words must not appear in the terminal of the parent.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    folder, memory = settings["path"], settings["max_memory"]
    try:
        source = load(folder, settings["up_to"])
    except (OSError, RuntimeError, ValueError) as error:
        sys.stdout.buffer.write(f"{error}\n".encode())
        return
    if settings["socket"] is None:
        _serve(source, sys.stdin.buffer, sys.stdout.buffer, memory)
    else:
        _listen(settings["socket"], folder, source if source.in_memory else None, memory)


if __name__ == "__main__":
    try:
        main()
    except MemoryError:
        sys.exit(worker.OUT_OF_MEMORY)
