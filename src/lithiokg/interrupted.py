"""A collection of records in which an import was killed while it moved its files into place.

Import writes every file beside the collection's own, then a list of what is to be moved, and then moves. As
long as the list is there the files may be of two states, which nobody may read as one: whoever comes next,
to read or to import, moves the rest.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["JOURNAL", "alone", "finish_interrupted", "settle"]

#: The list of what is to be moved, in the collection.
JOURNAL = ".lithiokg-import.json"


def settle(collection: Path) -> None:
    """See to it that a collection is in one state, before it is read.

    Raises:
        LithioKGError: if an import was interrupted in it and what is left cannot be moved.
    """
    if not (collection / JOURNAL).exists():
        return
    with alone(collection, wait=True):
        finish_interrupted(collection)


@contextmanager
def alone(collection: Path, *, wait: bool = False) -> Iterator[None]:
    """Keep other imports out of a collection while this one writes; the system opens the lock of a killed one.

    Args:
        collection: the folder, which must be there.
        wait: whether to wait for another import; it holds the lock only while it moves files.

    Raises:
        LithioKGError: if another one is writing, and is not waited for.
        OSError: if the folder cannot be opened.
    """
    try:
        import fcntl  # noqa: PLC0415  # not on every system
    except ImportError:
        yield
        return
    descriptor = os.open(collection, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        raise LithioKGError(
            f"another import is writing into {collection} now",
            mend="wait until it has finished, and try again",
        ) from None
    try:
        yield
    finally:
        os.close(descriptor)


def finish_interrupted(collection: Path) -> bool:
    """Move what an import that was killed had still to move; says whether there was any.

    Raises:
        LithioKGError: if the folder cannot be written.
    """
    journal = collection / JOURNAL
    try:
        plan = json.loads(journal.read_text(encoding="utf-8"))
        fresh, folder = (_inside(collection, plan[name]) for name in ("fresh", "folder"))
        files = [(_inside(fresh, name), _inside(folder, name)) for name in plan["files"]]
        removed = [_inside(folder, name) for name in plan["removed"]]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise LithioKGError(
            f"{journal} cannot be read, which an interrupted import left",
            mend="delete it, and import again",
        ) from error
    try:
        for source, place in files:
            if source.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                source.replace(place)
        for path in removed:
            path.unlink(missing_ok=True)
        journal.unlink()
    except OSError as error:
        raise LithioKGError(
            f"an import into {collection} was interrupted, and the rest of its files cannot be moved: "
            f"{error.strerror or error}",
            mend="free some space or make the folder writable; whoever comes next goes on from here",
        ) from error
    shutil.rmtree(fresh, ignore_errors=True)
    return True


def _inside(folder: Path, name: str) -> Path:
    """A path below a folder; a journal that leads elsewhere is not one of ours."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return folder / path
