"""Worker processes, as the server sees them (the other side is :mod:`lithiokg.store.nursery`)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

from lithiokg.errors import LithioKGError
from lithiokg.store import nursery
from lithiokg.store.limits import script_command

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.store.resident import Report, Task

__all__ = ["Nursery", "Process"]

#: A snapshot with more quads is read from disk; in memory, which all workers share, each takes some 700 bytes.
_IN_MEMORY = 500_000
#: How much a process is told to step back behind the others once its query takes long.
_NICER = 10
#: The longest name that a socket can have on all systems.
_LONGEST_NAME = 100


class _Handle(Protocol):
    """What can be done to a process beside talking to it."""

    def kill(self) -> None: ...

    def wait(self) -> int: ...


class Process:
    """A worker process that answers one task after the other.

    Args:
        tasks: where it reads.
        answers: where it writes.
        handle: to kill it by; by default it is known by its number.
        wait: waits for the end of the process with a number, and tells its status.

    Raises:
        LithioKGError: if it does not start.
    """

    def __init__(
        self,
        tasks: IO[bytes],
        answers: IO[bytes],
        handle: _Handle | None = None,
        *,
        wait: Callable[[int], int] | None = None,
    ) -> None:
        self._tasks = tasks
        self._answers = answers
        self._status: int | None = None
        ready = self._report(lambda _data: None)
        if ready is None or ready["outcome"] != "ready":
            raise LithioKGError("a process that answers queries did not start")
        self.pid = ready["pid"]
        self._handle = handle
        self._wait = wait

    def busy(self) -> float | None:
        """Processor seconds that it has taken, where the system tells (Linux)."""
        try:
            with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:  # noqa: PTH123  # asked often
                fields = stat.read().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def perform(self, task: Task, take: Callable[[bytes], Any]) -> Report | None:
        """Let it answer; the calling thread waits.

        Args:
            task: the query.
            take: takes the parts of the body.

        Returns:
            The report, or ``None`` if the process is gone.
        """
        try:
            self._tasks.write(json.dumps(task).encode() + b"\n")
            self._tasks.flush()
        except OSError:
            return None
        return self._report(take)

    def _report(self, take: Callable[[bytes], Any]) -> Report | None:
        while True:
            size = self._read(4)
            if size is None:
                return None
            length = int.from_bytes(size, "big")
            if not length:
                break
            part = self._read(length)
            if part is None:
                return None
            take(part)
        size = self._read(4)
        text = self._read(int.from_bytes(size, "big")) if size else None
        if text is None:
            return None
        report: Report = json.loads(text)
        return report

    def _read(self, length: int) -> bytes | None:
        try:
            data = self._answers.read(length)
        except (OSError, ValueError):  # closed under our hands as the server stops
            return None
        return data if len(data) == length else None

    def step_back(self) -> None:
        """Let others have the processor first (POSIX only)."""
        if hasattr(os, "setpriority"):
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, self.pid, _NICER)

    def kill(self) -> None:
        """Stop it in the middle of whatever it does; its reader then finds that it is gone."""
        if self._status is not None:
            return
        with suppress(OSError):
            if self._handle is not None:
                self._handle.kill()
            else:
                os.kill(self.pid, 9)

    def end(self) -> int:
        """Kill it, clear away what it leaves, and tell how it ended, negative for a signal."""
        if self._status is None:
            self.kill()
            for stream in (self._tasks, self._answers):
                with suppress(OSError):  # what was not written has no reader now
                    stream.close()
            self._status = self._handle.wait() if self._handle else self._wait(self.pid) if self._wait else 0
        return self._status


class Nursery:
    """What worker processes come from: forks of one that has the snapshot loaded, or fresh ones.

    Args:
        files: the folder of the snapshot's store.
        memory: bytes that a query may allocate.
    """

    def __init__(self, files: Path, memory: int) -> None:
        self._files = files
        self._memory = memory
        self._lock = threading.Lock()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._parent: subprocess.Popen[bytes] | None = None

    def process(self) -> Process:
        """A fresh worker.

        Raises:
            LithioKGError: if it does not start.
        """
        if not nursery.can_fork():
            return self._alone()
        try:
            connection = self._connection()
            connection.sendall(nursery.WORKER)
            return Process(connection.makefile("wb"), connection.makefile("rb"), wait=self._status_of)
        except OSError as error:
            raise LithioKGError(f"a process that answers queries did not start: {error}") from error

    def _alone(self) -> Process:
        popen = self._popen(None)
        if popen.stdin is None or popen.stdout is None:  # pragma: no cover  # they are pipes
            raise LithioKGError("a process without pipes")
        return Process(popen.stdin, popen.stdout, popen)

    def _popen(self, address: str | None) -> subprocess.Popen[bytes]:
        settings = {
            "path": str(self._files),
            "up_to": _IN_MEMORY,
            "max_memory": self._memory,
            "socket": address,
        }
        command, environment = script_command(nursery.__file__)
        return subprocess.Popen(  # noqa: S603  # our own interpreter and our own script
            [*command, json.dumps(settings)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
            # A signal for the group of the server is for the server, which ends its workers in its own time.
            start_new_session=True,
        )

    def _connection(self) -> socket.socket:
        """A connection to the parent of the workers, which is started where it is not there (any more)."""
        with self._lock:
            if self._parent is None or self._parent.poll() is not None:
                self._clear()
                self._folder = tempfile.TemporaryDirectory(prefix="lithiokg-")
                self._parent = self._popen(self._address)
                said = self._parent.stdout.readline() if self._parent.stdout else b""
                if said != nursery.READY:
                    raise LithioKGError(f"the snapshot cannot be loaded: {said.decode().strip()}")
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self._address)
        return connection

    @property
    def _address(self) -> str:
        name = str(Path(self._folder.name) / "s") if self._folder else ""
        if len(name) > _LONGEST_NAME:
            raise LithioKGError(
                "the folder for temporary files has too long a name", mend="set TMPDIR to a shorter one"
            )
        return name

    def _status_of(self, pid: int) -> int:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.connect(self._address)
                connection.sendall(nursery.STATUS + str(pid).encode())
                return int(connection.recv(32) or 0)
        except OSError:  # its parent is gone, too
            return 0

    def close(self) -> None:
        """Let no more processes come from here; those that did are ended first."""
        with self._lock:
            self._clear()

    def _clear(self) -> None:
        if self._parent is not None:
            self._parent.kill()
            self._parent.wait()
            for pipe in (self._parent.stdin, self._parent.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
            self._parent = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
