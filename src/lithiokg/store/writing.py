"""Write a store once, in bulk, for others to open read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["write_store"]


def write_store(path: Path, quads: Iterable[ox.Quad]) -> int:
    """Write quads into a fresh store on disk, compacted and flushed, and close it.

    Args:
        path: the folder of the store; it must be absent or empty.
        quads: the content.

    Returns:
        The number of distinct quads written.

    Raises:
        LithioKGError: if the folder already holds something, or cannot be written.
    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise LithioKGError(f"{path} already exists and is not an empty folder", mend="name a fresh folder")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        store = ox.Store(str(path))
        store.bulk_extend(quads)
        store.optimize()
        store.flush()
        # The engine closes its files when the last reference goes, which is at this return.
        return len(store)
    except OSError as error:
        raise LithioKGError(
            f"the store {path} cannot be written: {error}",
            mend="free some space or make it writable, or set LITHIOKG_CACHE to a folder that is",
        ) from error
