"""The folder of snapshots: each is written beside the others and renamed into place when complete."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from lithiokg.build.integrity import COMPLETE
from lithiokg.errors import LithioKGError
from lithiokg.files import replace_file, scratch_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.sources import Sources

__all__ = ["COMPLETE", "KEPT_SNAPSHOTS", "Cache", "cache_root"]

#: How many snapshots stay: the one in use and some earlier ones, which other processes may be reading.
KEPT_SNAPSHOTS = 4
#: How the name of a folder under construction begins.
_BUILDING = "building-"


def cache_root() -> Path:
    """The user's cache folder for LithioKG; ``LITHIOKG_CACHE`` names another."""
    named = os.environ.get("LITHIOKG_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path  # noqa: PLC0415  # only where nothing was named

    return user_cache_path("lithiokg", appauthor=False)


@dataclass(frozen=True, slots=True)
class Cache:
    """Snapshots under ``root/snapshots``, and which one each source folder used last."""

    root: Path

    @property
    def snapshots(self) -> Path:
        """The folder of complete snapshots, by fingerprint."""
        return self.root / "snapshots"

    def path(self, key: str) -> Path:
        """Where the newest complete snapshot of a fingerprint is, or would be."""
        return max(self._copies(key), key=_age, default=self.snapshots / key)

    def holds(self, key: str) -> bool:
        """Whether a complete snapshot is there."""
        return bool(self._copies(key))

    def _copies(self, key: str) -> list[Path]:
        """The complete snapshots of a fingerprint: more than one after a forced build."""
        return [path.parent for path in self.snapshots.glob(f"{key}*/{COMPLETE}")]

    @contextmanager
    def construction(self, key: str, *, replace: bool = False) -> Iterator[Path]:
        """A fresh folder that becomes the snapshot of ``key`` if the block ends well.

        Nothing else is touched: a killed or failing build leaves at most a folder that the next build
        removes, whatever the clock says: see :mod:`lithiokg.files`. Of two builds of one snapshot at the same time, the first to finish wins and the other's
        equal copy is dropped; one that is to ``replace`` what is there stands beside it, as the newer.

        Raises:
            LithioKGError: if the cache folder cannot be written.
        """
        try:
            self.snapshots.mkdir(parents=True, exist_ok=True)
            with scratch_folder(self.root, _BUILDING) as scratch:
                yield scratch
                self._move_into_place(scratch, key, replace=replace)
        except OSError as error:
            raise self._unwritable(error) from error

    def _move_into_place(self, scratch: Path, key: str, *, replace: bool) -> None:
        # A name of its own, and not a swap: at no moment is there no complete snapshot.
        name = f"{key}-{uuid4().hex[:8]}" if replace else key
        try:
            scratch.rename(self.snapshots / name)
        except OSError:
            if not self.holds(key):  # else another process finished the same snapshot first
                raise

    def _unwritable(self, error: OSError) -> LithioKGError:
        return LithioKGError(
            f"the cache folder {self.root} cannot be written: {error.strerror or error}",
            mend="free some space or make it writable, or set LITHIOKG_CACHE to a folder that is",
        )

    # --- which snapshot a source folder used last -------------------------------------------------

    def _pointer(self, sources: Sources) -> Path:
        from hashlib import sha256  # noqa: PLC0415

        folders = (sources.root, *sources.collections)
        name = sha256("\n".join(str(folder.resolve()) for folder in folders).encode()).hexdigest()[:16]
        return self.root / f"last-{name}.json"

    def remember(self, sources: Sources, key: str) -> None:
        """Note, atomically, that ``key`` is the last good snapshot of some sources, and tidy up.

        Raises:
            LithioKGError: if the cache folder cannot be written.
        """
        try:
            text = json.dumps({"sources": str(sources.root.resolve()), "snapshot": key})
            replace_file(self._pointer(sources), text.encode())
        except OSError as error:
            raise self._unwritable(error) from error
        self._prune()

    def last(self, sources: Sources) -> str | None:
        """The last good snapshot of some sources, if it is still there."""
        key = _read_pointer(self._pointer(sources)).get("snapshot")
        return key if key is not None and self.holds(key) else None

    def _prune(self) -> None:
        """Drop old snapshots, but none that is the last good one of a source folder that is still there."""
        pointers = [_read_pointer(path) for path in self.root.glob("last-*.json")]
        kept = {self.path(each["snapshot"]) for each in pointers if each and Path(each["sources"]).is_dir()}
        newest = sorted(
            (path.parent for path in self.snapshots.glob(f"*/{COMPLETE}")), key=_age, reverse=True
        )
        for path in newest[KEPT_SNAPSHOTS:]:
            if path not in kept:
                # Renamed first: a half-removed snapshot must not count as one.
                aside = self.root / f"{_BUILDING}aside-{uuid4().hex[:8]}"
                with suppress(OSError):  # another process drops it too
                    path.rename(aside)
                shutil.rmtree(aside, ignore_errors=True)


def _age(path: Path) -> float:
    """When a snapshot was finished; nothing is older than one that another process has just dropped."""
    try:
        return (path / COMPLETE).stat().st_mtime
    except OSError:
        return 0.0


def _read_pointer(path: Path) -> dict[str, str]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return {"sources": str(content["sources"]), "snapshot": str(content["snapshot"])}
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
        RecursionError,
    ):  # no pointer, or one that a full disk cut short
        return {}
