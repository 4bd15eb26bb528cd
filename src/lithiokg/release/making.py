"""Write a release of the ontology, the data and their description."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lithiokg.errors import UsageError
from lithiokg.metadata import read_header
from lithiokg.release.contents import CONTENT_FILE, release_files
from lithiokg.release.folder import new_folder, sha256

if TYPE_CHECKING:
    from pathlib import Path

    from lithiokg.metadata import Header
    from lithiokg.sources import Sources
    from lithiokg.store import EmbeddedStore

__all__ = ["Release", "write_release"]


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was written.

    Attributes:
        path: its folder.
        header: the version and dates.
        files: bytes by path.
        content_hash: SHA-256 of the data set's canonical N-Quads.
    """

    path: Path
    header: Header
    files: dict[str, int]
    content_hash: str


def write_release(store: EmbeddedStore, sources: Sources, target: Path, *, force: bool = False) -> Release:
    """Write a release folder: equal sources and code give equal bytes, wherever and whenever it is done.

    Args:
        store: the snapshot of the sources.
        sources: the written sources, with changelog, citation and license beside them.
        target: the folder; it is there whole or not at all.
        force: replace a release that is there.

    Raises:
        UsageError: if the folder exists, or ``SOURCE_DATE_EPOCH`` is no number.
        LithioKGError: if a source is missing, or the folder cannot be written.
    """
    header = read_header(store)
    timestamp = _timestamp(header)
    with new_folder(target, timestamp=timestamp, force=force) as add:
        files = release_files(store, sources, header)
        for path, content in sorted(files.items()):
            add(path, content)
    sizes = {
        path.relative_to(target).as_posix(): path.stat().st_size
        for path in sorted(target.rglob("*"))
        if path.is_file()
    }
    return Release(target, header, sizes, sha256(files[CONTENT_FILE]))


def _timestamp(header: Header) -> int:
    """The time that files bear: ``SOURCE_DATE_EPOCH``, else the start of the day of issue."""
    named = os.environ.get("SOURCE_DATE_EPOCH")
    if named is None:
        return int(datetime.fromisoformat(header.issued).replace(tzinfo=UTC).timestamp())
    if not named.isdecimal():
        raise UsageError(
            f"SOURCE_DATE_EPOCH is {named!r}, which is no number of seconds",
            mend="unset it, or give a number",
        )
    return int(named)
