"""Files read within bounds, and written whole or not at all.

What is written appears under its name in one step: whoever kills the program, and whatever fills the disk,
leaves what was there before. What is being written stands beside it under a name that begins with a dot, and
is locked; the system opens the lock of a process that was killed, so that the next one knows what nobody will
finish, and clears it away.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "SCRATCH",
    "create_file",
    "lock",
    "read_bounded",
    "read_kept",
    "remove_abandoned",
    "replace_file",
    "replacing",
    "scratch_folder",
    "swap",
    "temporary_folder",
    "unlock",
    "write_kept",
]

#: How the name of what is being written ends.
SCRATCH = ".partial"
#: Where nothing can be locked, what is older than this many seconds was left by a killed process.
_ABANDONED = 3600.0
#: What a system answers that has no locks, or none for folders; not: somebody else has it.
_NO_LOCKS = frozenset({errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP})
#: The locks of this process.
_held: set[int] = set()
#: For what is given to :func:`os.close` of a lock that there is none of.
_UNLOCKABLE = -1
_HERE, _EXCHANGE = -100, 2
_NAMES = 10


def read_bounded(path: Path, most: int) -> bytes:
    """The content of a file.

    Args:
        path: a file. A pipe or a device may never end, or never begin, and is refused.
        most: bytes that it may have.

    Raises:
        OSError: if it cannot be read, is no file, or has more.
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, not a file", str(path))
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        limit = f"{most >> 20} MiB" if most >= 1 << 20 else f"{most >> 10} KiB"
        raise OSError(errno.EFBIG, f"it is larger than {limit}", str(path))
    return content


def replace_file(path: Path, content: bytes) -> None:
    """Write a file, in place of one that may be there; see :func:`replacing`."""
    with replacing(path) as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A file to write into, which takes the place of one that may be there when the block ends well.

    A link stays a link, what is no file (such as ``/dev/stdout``) is written into, and who may read it stays as
    it was.

    Args:
        path: the file; its folder must be there.

    Raises:
        OSError: if it cannot be written; what was there is as it was.
    """
    target = Path(os.path.realpath(path)) if path.is_symlink() else path
    mode = None
    with suppress(FileNotFoundError):
        mode = target.stat().st_mode
    if mode is not None and not stat.S_ISREG(mode):
        with path.open("wb") as stream:  # a folder says itself that it is none
            yield stream
        return
    with _scratch_file(target) as (scratch, descriptor):
        with _written(descriptor, path) as stream:
            yield stream
        if mode is not None:
            scratch.chmod(stat.S_IMODE(mode))
        scratch.replace(target)


def write_kept(path: Path, content: bytes) -> None:
    """Keep what can be computed again, with a checksum; that it cannot be written is no failure."""
    with suppress(OSError):
        replace_file(path, _sum(content) + content)


def read_kept(path: Path) -> bytes | None:
    """What :func:`write_kept` wrote; nothing if it is not there, or is not what was written."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    size = len(_sum(b""))
    return content[size:] if content[:size] == _sum(content[size:]) else None


def _sum(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode() + b"\n"


def create_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet.

    Args:
        path: the file; its folder must be there.
        content: all of it.

    Raises:
        FileExistsError: if it is there.
        OSError: if it cannot be written; nothing is there then.
    """
    remove_abandoned(path.parent, _prefix(path), SCRATCH)
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    with _scratch_file(path) as (scratch, descriptor):
        with _written(descriptor, path) as stream:
            stream.write(content)
        try:
            # A second name, which is not given where there is a file of that name by now; a renaming would
            # replace it.
            os.link(scratch, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without links
            scratch.rename(path)


@contextmanager
def _written(descriptor: int, path: Path) -> Iterator[IO[bytes]]:
    try:
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            yield stream
        os.fsync(descriptor)  # a full disk is to be met here, not after the file has its name
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _prefix(target: Path) -> str:
    """How the name begins of what is written beside a file; not every name may be longer than its own."""
    return f".{target.name}."[:200]


@contextmanager
def _scratch_file(target: Path) -> Iterator[tuple[Path, int]]:
    """A fresh file beside another, locked while it is written; what killed writers left of it is cleared away."""
    prefix = _prefix(target)
    remove_abandoned(target.parent, prefix, SCRATCH)
    for _ in range(_NAMES):
        path = target.parent / f"{prefix}{uuid4().hex[:8]}{SCRATCH}"
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(target)) from error
        held = _flock(descriptor)
        if held is not None and _is_still(descriptor, path):
            break
        os.close(descriptor)  # somebody took it for abandoned in the moment before it was locked
    else:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(target))
    try:
        yield path, descriptor
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder for the owner's eyes in the system's place for such; what killed processes left is cleared away.

    Args:
        prefix: how its name begins, such as ``lithiokg-import-``.

    Raises:
        OSError: if it cannot be made.
    """
    with scratch_folder(Path(tempfile.gettempdir()), prefix, mode=0o700) as folder:
        yield folder


@contextmanager
def scratch_folder(parent: Path, prefix: str, suffix: str = "", *, mode: int = 0o777) -> Iterator[Path]:
    """A fresh folder, which is gone at the end unless it was renamed; what killed writers left is cleared away.

    Args:
        parent: the folder that it is made in.
        prefix: how its name begins, and those of the folders that may be cleared away.
        suffix: how the name ends.
        mode: who may do what with it.

    Raises:
        OSError: if it cannot be made.
    """
    remove_abandoned(parent, prefix, suffix)
    for _ in range(_NAMES):
        path = parent / f"{prefix}{os.getpid()}-{uuid4().hex[:8]}{suffix}"
        path.mkdir(mode)
        held = lock(path)
        if held is not None:
            break
    else:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        unlock(held)


def remove_abandoned(parent: Path, prefix: str, suffix: str = "") -> None:
    """Remove the scratch files and folders that processes left which are no more."""
    try:
        found = [
            path for path in parent.iterdir() if path.name.startswith(prefix) and path.name.endswith(suffix)
        ]
    except OSError:
        return  # whoever writes there next says why it cannot be written
    for path in found:
        held = lock(path)
        if held is None:
            continue
        try:
            if held == _UNLOCKABLE and not _is_old(path):
                continue
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                with suppress(OSError):
                    path.unlink()
        finally:
            unlock(held)


def lock(path: Path) -> int | None:
    """Lock a file or folder for this process, as long as it runs or until :func:`unlock`.

    Returns:
        What to give to :func:`unlock`; nothing if another process has it locked, or it is gone.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        return None
    except OSError:  # folders cannot be opened everywhere
        return _UNLOCKABLE
    held = _flock(descriptor)
    if held is None or not _is_still(descriptor, path):
        os.close(descriptor)
        return None
    if held == _UNLOCKABLE:
        os.close(descriptor)
    else:
        _held.add(held)
    return held


def unlock(held: int) -> None:
    """Give back what :func:`lock` gave."""
    if held in _held:
        _held.remove(held)
        os.close(held)


def _forget_locks() -> None:
    """A forked child may outlive a parent that was killed, and must not keep its locks."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_locks)


def _flock(descriptor: int) -> int | None:
    """The descriptor once it is locked; nothing where another process holds the lock."""
    try:
        import fcntl  # noqa: PLC0415  # not on every system
    except ImportError:
        return _UNLOCKABLE
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return None
    except OSError as error:
        if error.errno in _NO_LOCKS:
            return _UNLOCKABLE
        raise
    return descriptor


def _is_still(descriptor: int, path: Path) -> bool:
    """Whether a name still stands for what was opened by it."""
    try:
        return os.path.samestat(os.fstat(descriptor), os.lstat(path))
    except FileNotFoundError:
        return False


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > _ABANDONED
    except OSError:
        return False


def swap(one: Path, other: Path) -> bool:
    """Exchange two names in one step, so that at no moment either is missing.

    Returns:
        Whether it was done; not every system can.
    """
    if sys.platform != "linux":
        return False
    import ctypes  # noqa: PLC0415  # only who replaces a folder needs it

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and not rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE)
