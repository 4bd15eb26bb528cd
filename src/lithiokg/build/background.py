"""A computation beside this one, in a forked child, where the system can fork."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from lithiokg.store.worker import end_with_parent

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

__all__ = ["begin"]

Result = TypeVar("Result")


def begin(function: Callable[[], Result]) -> Callable[[], Result]:
    """Begin a computation in a child process; call what is returned to wait for its result.

    Where forking is not safe (other systems, other threads, one core) nothing begins, and the computation
    runs here when the result is asked for. A child that dies is made up for in the same way.

    >>> begin(lambda: 6 * 7)()
    42
    """
    alone = threading.active_count() == 1
    if not (alone and hasattr(os, "fork") and sys.platform != "darwin" and (os.cpu_count() or 1) > 1):
        return function
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(function, sender, receiver, os.getpid()), daemon=True)
    child.start()
    sender.close()

    def result() -> Result:
        try:
            outcome, raised = receiver.recv()
        except EOFError:  # killed, for want of memory perhaps
            return function()
        finally:
            child.join()
            receiver.close()
        if raised is not None:
            raise raised
        return outcome  # type: ignore[no-any-return]  # what the child's function returned

    return result


def _send(function: Callable[[], object], sender: Connection, receiver: Connection, parent: int) -> None:
    receiver.close()  # or sending would never fail, should the parent be killed
    end_with_parent(parent)
    try:
        sender.send((function(), None))
    except Exception as error:  # noqa: BLE001  # raised again in the parent
        with suppress(OSError):  # which is no more
            sender.send((None, error))
