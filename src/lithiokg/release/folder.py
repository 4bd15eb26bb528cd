"""A folder that is there whole or not at all, with checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from lithiokg.errors import LithioKGError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["CHECKSUMS", "checksums", "new_folder", "sha256"]

#: The file that lists the others, in the form that ``sha256sum --check`` reads.
CHECKSUMS = "SHA256SUMS"
#: A folder under construction that is older than this many seconds was left by a killed run.
_ABANDONED = 3600.0


def sha256(content: bytes) -> str:
    """The SHA-256 in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def checksums(sums: Mapping[str, str]) -> bytes:
    """The list of checksums, one line a file, sorted by name.

    >>> checksums({"b": "00", "a": "ff"}).decode().splitlines()
    ['ff  a', '00  b']
    """
    return "".join(f"{total}  {path}\n" for path, total in sorted(sums.items())).encode()


@contextmanager
def new_folder(
    target: Path, *, timestamp: int, force: bool = False
) -> Iterator[Callable[[str, bytes], None]]:
    """A folder to put files into, and the list of their checksums.

    They are written beside the folder, which takes its name when the block ends well: whoever stops the
    program, or whatever fills the disk, leaves no half a folder. What cannot be done is refused before the
    block begins.

    Args:
        target: the folder; where it exists it must be empty, unless ``force``.
        timestamp: seconds since 1970, the time that every file bears.
        force: replace a folder that an earlier call wrote. Any other is left alone.

    Yields:
        A function that writes a file: its path inside the folder, its content.

    Raises:
        UsageError: if the folder exists and may not be replaced.
        LithioKGError: if it cannot be written.
    """
    target = target.absolute()
    _may_replace(target, force=force)
    scratch = target.parent / f".{target.name}.{uuid4().hex[:8]}.partial"
    written: dict[str, str] = {}

    def add(path: str, content: bytes) -> None:
        with _telling(target):
            _write(scratch / path, content, timestamp)
        written[path] = sha256(content)

    with _telling(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target)
        scratch.mkdir()
    try:
        yield add
        add(CHECKSUMS, checksums(written))
        with _telling(target):
            for folder in sorted(
                (scratch, *(each for each in scratch.rglob("*") if each.is_dir())), reverse=True
            ):
                os.utime(folder, (timestamp, timestamp))
            _move_into_place(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def _telling(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise LithioKGError(
            f"the folder {target} cannot be written: {error.strerror or error}",
            mend="free some space or make its parent writable, or name another folder",
        ) from error


def _may_replace(target: Path, *, force: bool) -> None:
    if not os.path.lexists(target) or (target.is_dir() and not any(target.iterdir())):
        return
    if not force:
        raise UsageError(f"{target} already exists", mend="name another folder, or replace it with --force")
    listed = target / CHECKSUMS
    if target.is_symlink() or not listed.is_file():
        raise UsageError(
            f"{target} is no folder that was written by this command, and is not replaced",
            mend="name another folder",
        )
    written = {line.partition("  ")[2] for line in listed.read_text(encoding="utf-8").splitlines()}
    others = [
        path.relative_to(target).as_posix()
        for path in sorted(target.rglob("*"))
        if not path.is_dir() and path.relative_to(target).as_posix() not in {*written, CHECKSUMS}
    ]
    if others:
        raise UsageError(
            f"{target} holds what is not listed in its {CHECKSUMS}, such as {others[0]}, and is not replaced",
            mend="move that file elsewhere, or name another folder",
        )


def _remove_abandoned(target: Path) -> None:
    for folder in target.parent.glob(f".{target.name}.*.partial"):
        if time.time() - folder.stat().st_mtime > _ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)


def _write(file: Path, content: bytes, timestamp: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())  # a full disk is to be met here, not after the folder has its name
    os.utime(file, (timestamp, timestamp))


def _move_into_place(scratch: Path, target: Path) -> None:
    if not target.exists():
        scratch.rename(target)
        return
    # A folder cannot be renamed over a full one: the old one steps aside, and back if anything goes wrong.
    aside = scratch.with_suffix(".replaced")
    target.rename(aside)
    try:
        scratch.rename(target)
    except OSError:
        aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)
