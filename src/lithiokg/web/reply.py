"""The answer to a user's query: complete, in memory while it is small and on disk beyond."""

from __future__ import annotations

import tempfile
import threading
from typing import IO, TYPE_CHECKING

from lithiokg.web.outcomes import limit_problem

if TYPE_CHECKING:
    from lithiokg.store.resident import Report

__all__ = ["Held", "Reply"]

_IN_MEMORY = 2**20


class Held:
    """How many bytes of answers wait for their clients, over all of them."""

    def __init__(self, limit: int) -> None:
        self.bytes = 0
        self._limit = limit
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        """Count more.

        Raises:
            ProblemError: if that is too much.
        """
        with self._lock:
            if self.bytes + size > self._limit:
                raise limit_problem("held", self._limit)
            self.bytes += size

    def release(self, size: int) -> None:
        """Count no longer."""
        with self._lock:
            self.bytes -= size


class Reply:
    """A body as it came from a worker, and the worker's report.

    Attributes:
        report: the kind of answer, its format, its number of rows.
        size: bytes of the body as it is, that is, compressed where the report says so.
    """

    def __init__(self, held: Held) -> None:
        self.report: Report = {"outcome": "ok"}
        self.size = 0
        self._held = held
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # see close

    def take(self, data: bytes) -> None:
        """Add a part of the body."""
        self._held.add(len(data))
        self.size += len(data)
        self._file.write(data)

    def rewind(self) -> None:
        """Begin to read."""
        self._file.seek(0)

    def read(self, size: int = -1) -> bytes:
        """The next part of the body."""
        return self._file.read(size)

    def body(self) -> bytes:
        """The whole body; the reply is closed."""
        self.rewind()
        try:
            return self.read()
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the body."""
        if not self._file.closed:
            self._file.close()
            self._held.release(self.size)
