"""Queries on their way through the pool, and the seats of the workers that answer them."""

from __future__ import annotations

import time
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING

from lithiokg.web.problems import ProblemError

if TYPE_CHECKING:
    from lithiokg.errors import LithioKGError
    from lithiokg.store.resident import Task
    from lithiokg.web.process import Process
    from lithiokg.web.reply import Reply

__all__ = ["Job", "Seat", "fail", "stopping"]


class Job:
    """A query on its way.

    Attributes:
        future: the reply, or why there is none; cancel it when nobody waits any more.
    """

    def __init__(self, task: Task, client: str) -> None:
        self.task = task
        self.client = client
        self.future: Future[Reply] = Future()
        self.waiting_since = time.monotonic()
        self.begun: float | None = None
        self.long = False
        self.stopped: str | None = None
        self.busy_before: float | None = None
        self.work = 0.0
        self.digest = sha256(f"{task['query']}\0{task['dataset']}".encode()).digest()

    def work_of(self, process: Process) -> float:
        """Seconds that a process has worked on it.

        By the processor's clock, so that a crowd of others does not make a short query look long, and where
        the system does not tell, by the wall's.
        """
        busy = process.busy()
        if busy is not None and self.busy_before is not None:
            self.work = busy - self.busy_before
        elif self.begun is not None and self.busy_before is None:
            self.work = time.monotonic() - self.begun
        return self.work


class Seat:
    """One worker: the thread that waits for it, what it works on, and its process."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.job: Job | None = None
        self.process: Process | None = None


def stopping() -> ProblemError:
    """What is said to those who wait while the server stops."""
    return ProblemError("stopping", "the server is stopping")


def fail(job: Job, error: LithioKGError) -> None:
    """Give up a query, unless nobody waits any more."""
    with suppress(InvalidStateError):
        job.future.set_exception(error)
