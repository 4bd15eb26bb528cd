"""Run a query in a child process that can be killed.

Neither the engine nor a thread can be interrupted, so a limit that holds needs a process of its own.
Where the system can fork, the child is a fork (a few milliseconds more than the query); elsewhere, and in
a program with several threads (a fork may inherit a lock that nobody will release), a fresh interpreter.
"""

from __future__ import annotations

import faulthandler
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, TimeLimitError
from lithiokg.store import worker

if TYPE_CHECKING:
    from lithiokg.store.worker import Request

__all__ = ["DEFAULT_MEMORY", "ran_out_of_memory", "run_limited", "script_command", "stop_running"]

#: Bytes that a child may allocate unless told otherwise (2 GiB).
DEFAULT_MEMORY = 2 * 2**30
#: The fresh interpreters that answer for threads of this process.
_running: set[subprocess.Popen[bytes]] = set()


def run_limited(
    store: ox.Store,
    path: Path | None,
    request: Request,
    *,
    timeout: float | None,
    max_memory: int,
) -> bytes:
    """Answer a request in a child process.

    Args:
        store: the open store; used by the child only where it lives in memory.
        path: the folder of the store, which the child opens for itself, or ``None`` in memory.
        request: the query and its dataset.
        timeout: wall-clock seconds, or ``None`` for no limit.
        max_memory: bytes that the child may allocate.

    Returns:
        The complete answer as :func:`lithiokg.store.worker.answer` gives it.

    Raises:
        TimeLimitError: if the time is up; the child is gone.
        LithioKGError: if the child ran out of memory or died.
    """
    deadline = None if timeout is None else time.monotonic() + timeout
    forks = hasattr(os, "fork") and sys.platform != "darwin"
    alone = threading.active_count() == 1
    if forks and (alone or path is None):
        payload, status = _run_fork(store, path, request, deadline, max_memory)
    else:
        payload, status = _run_script(store, path, request, deadline, max_memory)
    if payload is None:
        raise TimeLimitError(
            f"the query met its time limit of {timeout:g} s and was stopped",
            mend="give it more time (timeout), or narrow the question",
        )
    if not payload or payload[:1] == worker.MEMORY:
        _fail(status, max_memory, out_of_memory=payload[:1] == worker.MEMORY)
    return payload


def ran_out_of_memory(status: int) -> bool:
    """Whether a child that ended without an answer, with this status, met its memory limit.

    An engine that cannot allocate aborts, or the dynamic loader gives up with 127 when a first call needs
    a library; SIGKILL that is not ours comes from the system's memory guard.
    """
    signals = {signal.SIGABRT, getattr(signal, "SIGKILL", None), getattr(signal, "SIGBUS", None)}
    return -status in signals or status in {worker.OUT_OF_MEMORY, 127}


def script_command(script: str) -> tuple[list[str], dict[str, str]]:
    """The command that runs a script of ours in a fresh interpreter, and its environment."""
    # -P: the folder of the script holds modules of ours, which must not hide other packages.
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    return [sys.executable, "-P", script], environment


def _fail(status: int, max_memory: int, *, out_of_memory: bool) -> NoReturn:
    if out_of_memory or ran_out_of_memory(status):
        raise LithioKGError(
            f"the query needed more memory than its limit of {max_memory // 2**20} MiB and was stopped",
            mend="narrow the question (fewer joins, a LIMIT, no ORDER BY over everything), or raise max_memory",
        )
    raise LithioKGError(
        f"the process that answered the query ended without an answer (status {status})",
        mend="run the query without a time limit to see the engine's own message",
    )


def _run_fork(
    store: ox.Store, path: Path | None, request: Request, deadline: float | None, max_memory: int
) -> tuple[bytes | None, int]:
    read_end, write_end = os.pipe()
    parent = os.getpid()
    with warnings.catch_warnings():
        # Python 3.12 and later warn about forks beside the engine's own idle threads; see the module text.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:  # pragma: no cover  # runs in a process that coverage does not see
        os.close(read_end)  # or writing into it would never fail, should the parent be killed
        _child(store, path, request, write_end, max_memory, parent=parent)
    os.close(write_end)
    done = False
    try:
        payload = _read_until(read_end, deadline)
        done = payload is not None
    finally:
        os.close(read_end)
        if not done:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    return payload, os.waitstatus_to_exitcode(status)


def _child(
    store: ox.Store, path: Path | None, request: Request, write_end: int, max_memory: int, *, parent: int
) -> NoReturn:  # pragma: no cover
    status = 1
    try:
        # No last words in the parent's terminal: not the allocator's, not a fault handler's.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        faulthandler.disable()
        worker.end_with_parent(parent)
        worker.limit_memory(max_memory)
        payload = worker.answer(lambda: store if path is None else ox.Store.read_only(str(path)), request)
        with os.fdopen(write_end, "wb") as pipe:
            pipe.write(payload)
        status = 0
    except MemoryError:
        status = worker.OUT_OF_MEMORY
    finally:
        # Neither the parent's exit handlers nor its buffered output are the child's business.
        os._exit(status)


def _read_until(descriptor: int, deadline: float | None) -> bytes | None:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    chunks: list[bytes] = []
    while True:
        remaining = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        if not poll.poll(remaining):
            return None
        chunk = os.read(descriptor, 1 << 20)
        if not chunk:
            return b"".join(chunks)
        chunks.append(chunk)


def _run_script(
    store: ox.Store, path: Path | None, request: Request, deadline: float | None, max_memory: int
) -> tuple[bytes | None, int]:
    head = {
        "path": None if path is None else str(path),
        "request": request,
        "max_memory": max_memory,
        "parent": os.getpid(),
    }
    quads = b"" if path is not None else store.dump(format=ox.RdfFormat.N_QUADS) or b""
    command, environment = script_command(str(Path(worker.__file__)))
    with subprocess.Popen(  # noqa: S603  # our own interpreter and our own script
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    ) as process:
        _running.add(process)
        try:
            remaining = None if deadline is None else max(0.0, deadline - time.monotonic())
            payload, _ = process.communicate(json.dumps(head).encode() + b"\n" + quads, timeout=remaining)
        except subprocess.TimeoutExpired:
            return None, 0
        finally:
            process.kill()
            _running.discard(process)
    return payload, process.returncode


def stop_running() -> None:
    """Stop the queries that other threads wait for; they are told that the query ended without an answer."""
    for process in tuple(_running):
        process.kill()
