"""Whether the files of a snapshot are as they were written.

The engine notices a damaged block only when a query comes by it, and may fail in any way then. So the files
are written down with size, time and checksum. A look at size and time is all that it costs to open a snapshot;
files whose time differs, as after a restored backup, are read and compared.
"""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COMPLETE", "find_damage", "write_manifest"]

_MANIFEST = "files.json"
#: Written last: a snapshot with this file in it is complete.
COMPLETE = "snapshot.json"
#: Files that the engine writes even when it only reads, or that hold nothing of the data.
_PASSING = ("LOG", "LOCK")
_CHUNK = 1 << 20


def write_manifest(snapshot: Path) -> None:
    """Write down the files of a finished store.

    Raises:
        OSError: if it cannot be written.
    """
    listed = {
        path.name: {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns, "crc32": _checksum(path)}
        for path in sorted((snapshot / "store").iterdir())
        if not path.name.startswith(_PASSING)
        for stat in (path.stat(),)
    }
    (snapshot / _MANIFEST).write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def find_damage(snapshot: Path) -> str | None:
    """What is wrong with the files of a snapshot, in words; nothing if they are as they were written."""
    try:
        listed, described = (
            json.loads((snapshot / name).read_text(encoding="utf-8")) for name in (_MANIFEST, COMPLETE)
        )
        graphs = described["graphs"]
        if not all(isinstance(number, int) for number in graphs.values()):
            return f"{COMPLETE} does not hold what was written"
        for name, entry in listed.items():
            path = snapshot / "store" / name
            stat = path.stat()
            if stat.st_size != entry["size"]:
                return f"{name} has {stat.st_size} bytes and was written with {entry['size']}"
            if stat.st_mtime_ns != entry["mtime_ns"] and _checksum(path) != entry["crc32"]:
                return f"{name} does not hold what was written"
    except FileNotFoundError as error:
        return f"{error.filename} is missing"
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        return f"what is written down of its files does not read: {error}"
    return None


def _checksum(path: Path) -> int:
    found = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            found = zlib.crc32(chunk, found)
    return found
