"""Where imported records stand, which files import wrote itself, and how they change all at once or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from lithiokg.curation.scope import KEY
from lithiokg.errors import LithioKGError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lithiokg.sources import Sources

__all__ = [
    "SCHEMA",
    "Target",
    "add_schema",
    "find_target",
    "finish_interrupted",
    "header",
    "new_file",
    "own_files",
    "put",
]

#: Name of the JSON Schema of the record files, in ``ontology/`` and beside the records of a collection.
SCHEMA = "records.schema.json"

_MARK = re.compile(r"^# lithiokg-import (?P<group>\S+) (?P<digest>[0-9a-f]{16})$", re.MULTILINE)
_JOURNAL = ".lithiokg-import.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_MAX_READ = 2 << 20


@dataclass(frozen=True, slots=True)
class Target:
    """Where records go.

    Attributes:
        collection: the folder that ``--with`` names.
        folder: the folder of the source, which may be the collection itself.
        source: its name.
        group: what is imported together, and replaced together.
    """

    collection: Path
    folder: Path
    source: str
    group: str

    @property
    def prefix(self) -> str:
        """What tells the files of one import in a source from those of another."""
        return "" if self.group == self.source else f"{self.group}-"


def find_target(into: Path, source: str | None, group: str) -> Target:
    """The folder of the source that records go to.

    A collection that holds YAML files is one source itself. In any other, each source has a folder, called
    like the imported file unless a name is given.

    Args:
        into: the collection; it need not be there yet.
        source: the name of the source, if it was given.
        group: what is imported together.

    Raises:
        UsageError: if the names cannot be part of an IRI, or do not fit what is there.
    """
    collection = into.expanduser().absolute()
    if collection.exists() and not collection.is_dir():
        raise UsageError(f"{into} is a file, not a folder", mend="name a folder for your collection")
    if collection.is_symlink():
        collection = collection.resolve()
    for what, name in (("source", source), ("folder", collection.name), ("file", group)):
        if name is not None and not (_NAME.fullmatch(name) and KEY.fullmatch(name)):
            raise UsageError(
                f"{name!r} cannot be the name of a {what}: it becomes part of web addresses",
                mend="use letters, digits, hyphens and dots, and begin with a letter or digit",
            )
    alone = collection.is_dir() and any(path.suffix in {".yaml", ".yml"} for path in collection.iterdir())
    if alone:
        if source not in {None, collection.name}:
            raise UsageError(
                f"{into} holds records itself and is the source {collection.name}; it cannot hold {source} too",
                mend="leave --source out, or move its files into a folder of their own",
            )
        return Target(collection, collection, collection.name, group)
    name = source or group
    if name == "queries":
        raise UsageError(
            "the folder queries is for saved questions", mend="choose another name for the source"
        )
    return Target(collection, collection / name, name, group)


def header(target: Target, files: Iterable[str], body: str, schema: str | None) -> str:
    """The text of a file that import writes: who wrote it, and a digest by which an edit is seen."""
    digest = hashlib.sha256(body.encode()).hexdigest()[:16]
    named = " and ".join(re.sub(r"[^\w .,()+-]", "_", file)[:80] for file in files)
    lines = [f"# yaml-language-server: $schema={schema}"] if schema else []
    lines += [
        f"# Read from {named} by 'lithiokg import'. Mend it there, and import it again with --replace;",
        "# or delete the next line, and the file is yours to edit.",
        f"# lithiokg-import {target.group} {digest}",
    ]
    return "\n".join(lines) + "\n" + body


def own_files(target: Target) -> dict[Path, bool]:
    """The files that an earlier import of the same wrote; whether each is still as it was written.

    Paths are relative to the folder of the source.
    """
    found: dict[Path, bool] = {}
    if not target.folder.is_dir():
        return found
    for path in sorted(target.folder.rglob("*.yaml")):
        if any(part.startswith(".") for part in path.relative_to(target.folder).parts):
            continue
        try:
            if path.stat().st_size > _MAX_READ:
                continue
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # the build says what is wrong with it
        mark = _MARK.search(text[:2000])
        if mark and mark["group"] == target.group:
            body = text[mark.end() + 1 :]
            found[path.relative_to(target.folder)] = (
                hashlib.sha256(body.encode()).hexdigest()[:16] == mark["digest"]
            )
    return found


def put(target: Target, files: Mapping[Path, str], removed: Iterable[Path]) -> None:
    """Write files into the folder of a source, and remove others: all of it, or nothing.

    A source that is not there yet appears whole, by one renaming. In one that is, new files are written
    beside it first; should the process be killed while they are moved, the next import moves the rest.

    Raises:
        LithioKGError: if the folder cannot be written.
    """
    removed = list(removed)
    try:
        target.collection.mkdir(parents=True, exist_ok=True)
        with _alone(target.collection):
            _put(target, files, removed)
    except OSError as error:
        raise LithioKGError(
            f"{target.collection} cannot be written: {error.strerror or error}",
            mend="free some space, or make the folder writable; what was there is as it was",
        ) from error


@contextmanager
def _alone(collection: Path) -> Iterator[None]:
    """Keep other imports out of a collection while this one writes; the system opens the lock of a killed one.

    Raises:
        LithioKGError: if another one is writing.
    """
    try:
        import fcntl  # noqa: PLC0415  # not on every system
    except ImportError:
        yield
        return
    descriptor = os.open(collection, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
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


def _put(target: Target, files: Mapping[Path, str], removed: list[Path]) -> None:
    for old in target.collection.glob(".import-*"):
        # Nobody else is writing, so it was left by an import that was killed before it had anything to move.
        if not (target.collection / _JOURNAL).exists():
            shutil.rmtree(old, ignore_errors=True)
    fresh = target.collection / f".import-{os.getpid()}-{uuid4().hex[:8]}"
    try:
        fresh.mkdir()
        for path, text in files.items():
            place = fresh / path
            place.parent.mkdir(parents=True, exist_ok=True)
            _write(place, text)
        if not target.folder.exists():
            fresh.rename(target.folder)
            return
        plan = {
            "fresh": fresh.name,
            "folder": target.folder.relative_to(target.collection).as_posix(),
            "files": [path.as_posix() for path in files],
            "removed": [path.as_posix() for path in removed],
        }
        _write(fresh / _JOURNAL, json.dumps(plan))
        (fresh / _JOURNAL).replace(target.collection / _JOURNAL)
        finish_interrupted(target.collection)
    finally:
        if not (target.collection / _JOURNAL).exists():
            shutil.rmtree(fresh, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def finish_interrupted(collection: Path) -> bool:
    """Move what an import that was killed had still to move; says whether there was any.

    Raises:
        LithioKGError: if the folder cannot be written.
    """
    journal = collection / _JOURNAL
    try:
        plan = json.loads(journal.read_text(encoding="utf-8"))
        fresh, folder = (_inside(collection, plan[name]) for name in ("fresh", "folder"))
        files = [(_inside(fresh, name), _inside(folder, name)) for name in plan["files"]]
        removed = [_inside(folder, name) for name in plan["removed"]]
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError) as error:
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
            f"{collection} cannot be written: {error.strerror or error}",
            mend="free some space or make it writable; the next import goes on from here",
        ) from error
    shutil.rmtree(fresh, ignore_errors=True)
    return True


def _inside(folder: Path, name: str) -> Path:
    """A path below a folder; a journal that leads elsewhere is not one of ours."""
    path = Path(name)
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(name)
    return folder / path


def new_file(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: if it is there.
        LithioKGError: if it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{path} is there already", mend="choose another name, or edit the file") from None
    except OSError as error:
        raise LithioKGError(f"{path} cannot be written: {error.strerror or error}") from error


def add_schema(collection: Path, sources: Sources) -> None:
    """Put the JSON Schema beside the records, where editors look for it; one that somebody else made stays."""
    shipped, place = sources.ontology / SCHEMA, collection / SCHEMA
    if not shipped.exists():
        return
    wanted = shipped.read_bytes()
    there = place.read_bytes() if place.is_file() else None
    if there is None or (there != wanted and b"Written by tools/records_schema.py" in there[:500]):
        fresh = collection / f".{SCHEMA}.new"
        fresh.write_bytes(wanted)
        fresh.replace(place)
