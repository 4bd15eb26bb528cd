"""A folder that is there whole or not at all, with checksums."""

from __future__ import annotations

import hashlib
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.files import SCRATCH, lock, remove_abandoned, scratch_folder, swap, unlock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

__all__ = ["CHECKSUMS", "checksums", "new_folder", "sha256"]

#: The file that lists the others, in the form that ``sha256sum --check`` reads.
CHECKSUMS = "SHA256SUMS"
#: How the name of a folder ends that steps aside for its successor.
_ASIDE = ".replaced"


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
    _recover(target)
    _may_replace(target, force=force)
    with _telling(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        with scratch_folder(target.parent, f".{target.name}.", SCRATCH) as scratch:
            written: dict[str, str] = {}

            def add(path: str, content: bytes) -> None:
                _write(scratch / path, content, timestamp)
                written[path] = sha256(content)

            yield add
            add(CHECKSUMS, checksums(written))
            folders = (scratch, *(each for each in scratch.rglob("*") if each.is_dir()))
            for folder in sorted(folders, reverse=True):
                os.utime(folder, (timestamp, timestamp))
            _move_into_place(scratch, target)


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
    written = {
        line.partition("  ")[2] for line in listed.read_text(encoding="utf-8", errors="replace").splitlines()
    }
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


def _recover(target: Path) -> None:
    """Give a folder its name back that stepped aside for a successor which was killed before it came."""
    if not target.parent.is_dir():
        return
    prefix = f".{target.name}."
    with _telling(target):
        for aside in sorted(target.parent.iterdir()):
            if not (aside.name.startswith(prefix) and aside.name.endswith(_ASIDE)) or os.path.lexists(target):
                continue
            held = lock(aside)
            if held is not None:
                aside.rename(target)
                unlock(held)
    remove_abandoned(target.parent, prefix, _ASIDE)


def _write(file: Path, content: bytes, timestamp: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())  # a full disk is to be met here, not after the folder has its name
    os.utime(file, (timestamp, timestamp))


def _move_into_place(scratch: Path, target: Path) -> None:
    if not target.exists() or not any(target.iterdir()):
        scratch.rename(target)
        return
    # A folder cannot be renamed over a full one. Where names cannot be exchanged either, the old one steps
    # aside, and back if anything goes wrong.
    if swap(scratch, target):
        return
    aside = target.with_name(f".{target.name}.{uuid4().hex[:8]}{_ASIDE}")
    held = lock(target)
    target.rename(aside)
    try:
        scratch.rename(target)
    except OSError:
        aside.rename(target)
        raise
    finally:
        if held is not None:
            unlock(held)
    shutil.rmtree(aside, ignore_errors=True)
