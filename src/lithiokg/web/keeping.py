"""The files that the workers of a server open: the snapshot as it was when the server started.

A snapshot may be replaced or tidied away while a server runs, and a worker that is started later must
still see the same data. So the server keeps links of its own to the files, which cost nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.store import EmbeddedStore, write_store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.store import Store

__all__ = ["kept_files"]

#: Copying is an answer where linking is not possible, up to so many bytes.
_COPIED = 512 * 2**20
_NAME = "serving-"


@contextmanager
def kept_files(store: Store) -> Iterator[Path]:
    """A folder with the store's files, which nobody else touches, until the block ends.

    Raises:
        LithioKGError: if the graph is behind an endpoint of somebody else.
    """
    if not isinstance(store, EmbeddedStore):
        raise LithioKGError(
            "the graph is behind another endpoint, which cannot be served on",
            mend="serve the snapshot: start without --endpoint",
        )
    if store.path is None:
        with tempfile.TemporaryDirectory(prefix="lithiokg-") as folder:
            write_store(Path(folder) / "store", store.quads())
            yield Path(folder) / "store"
        return
    linked = _linked(store.path)
    try:
        yield linked or store.path
    finally:
        if linked is not None:
            shutil.rmtree(linked.parent, ignore_errors=True)


def _linked(path: Path) -> Path | None:
    """A folder with links to (or copies of) the files of a store; ``None`` where neither is possible."""
    parents = path.resolve().parents
    # <cache>/snapshots/<key>/store: links only work on the same file system.
    beside = parents[2] if len(parents) > 2 and parents[1].name == "snapshots" else None  # noqa: PLR2004
    if beside is not None:
        _remove_abandoned(beside)
        with suppress(OSError):
            folder = Path(tempfile.mkdtemp(prefix=f"{_NAME}{os.getpid()}-", dir=beside))
            with suppress(OSError):
                return Path(shutil.copytree(path, folder / "store", copy_function=os.link))
            shutil.rmtree(folder, ignore_errors=True)
    if sum(file.stat().st_size for file in path.iterdir()) > _COPIED:
        return None
    folder = Path(tempfile.mkdtemp(prefix="lithiokg-"))
    return Path(shutil.copytree(path, folder / "store"))


def _remove_abandoned(root: Path) -> None:
    """Remove what servers left behind that were killed."""
    for folder in root.glob(f"{_NAME}*"):
        number = folder.name.removeprefix(_NAME).partition("-")[0]
        if number.isdecimal() and not _lives(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process: int) -> bool:
    if os.name == "nt":
        return True  # asking with signal 0 would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
