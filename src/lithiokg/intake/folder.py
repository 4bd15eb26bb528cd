"""Where imported records stand, which files import wrote itself, and how they change all at once or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from lithiokg.curation.scope import KEY
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.files import create_file, replace_file
from lithiokg.interrupted import JOURNAL, alone, finish_interrupted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from lithiokg.sources import Sources

__all__ = [
    "SCHEMA",
    "Imported",
    "Target",
    "add_schema",
    "find_target",
    "finish_interrupted",
    "header",
    "imported_files",
    "new_file",
    "put",
    "same_body",
]

#: Name of the JSON Schema of the record files, in ``ontology/`` and beside the records of a collection.
SCHEMA = "records.schema.json"

_MARK = re.compile(r"^# lithiokg-import (?P<group>\S+) (?P<digest>[0-9a-f]{16})$", re.MULTILINE)
_FILES = re.compile(r"^# Read from (.+) by 'lithiokg import'", re.MULTILINE)
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


@dataclass(slots=True)
class Imported:
    """What one import wrote.

    Attributes:
        group: its name.
        files: the names of the spreadsheets that it read last.
        paths: its files, relative to the folder of the source; whether each is still as it was written.
    """

    group: str
    files: str
    paths: dict[Path, bool] = field(default_factory=dict)


def imported_files(folder: Path) -> dict[str, Imported]:
    """The files of a source that imports wrote, by the name of the import."""
    found: dict[str, Imported] = {}
    if not folder.is_dir():
        return found
    for path in sorted(folder.rglob("*.yaml")):
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        try:
            if path.stat().st_size > _MAX_READ:
                continue
            text = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            continue  # the build says what is wrong with it
        mark = _MARK.search(text[:2000])
        if mark:
            named = _FILES.search(text[: mark.start()])
            group = mark["group"]
            imported = found.setdefault(group, Imported(group, named[1] if named else group))
            body = text[mark.end() + 1 :]
            imported.paths[path.relative_to(folder)] = (
                hashlib.sha256(body.encode()).hexdigest()[:16] == mark["digest"]
            )
    return found


def same_body(text: str, other: str) -> bool:
    """Whether two files that import wrote say the same, whatever spreadsheets they were read from."""
    one, two = _MARK.search(text[:2000]), _MARK.search(other[:2000])
    return bool(one and two and text[one.start() :] == other[two.start() :])


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
        with alone(target.collection):
            _put(target, files, removed)
    except OSError as error:
        raise LithioKGError(
            f"{target.collection} cannot be written: {error.strerror or error}",
            mend="free some space, or make the folder writable; what was there is as it was",
        ) from error


def _put(target: Target, files: Mapping[Path, str], removed: list[Path]) -> None:
    for old in target.collection.glob(".import-*"):
        # Nobody else is writing, so it was left by an import that was killed before it had anything to move.
        if not (target.collection / JOURNAL).exists():
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
        _write(fresh / JOURNAL, json.dumps(plan))
        (fresh / JOURNAL).replace(target.collection / JOURNAL)
        finish_interrupted(target.collection)
    finally:
        if not (target.collection / JOURNAL).exists():
            shutil.rmtree(fresh, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def new_file(path: Path, text: str) -> None:
    """Write a file that is not there yet.

    Raises:
        UsageError: if it is there.
        LithioKGError: if it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        create_file(path, text.encode())
    except FileExistsError:
        raise UsageError(f"{path} is there already", mend="choose another name, or edit the file") from None
    except OSError as error:
        raise LithioKGError(
            f"{path} cannot be written: {error.strerror or error}",
            mend="free some space or make the folder writable; nothing was written",
        ) from error


def add_schema(collection: Path, sources: Sources) -> None:
    """Put the JSON Schema where editors look for it, before the records: whoever is killed in between can go on.

    One that somebody else made stays.

    Raises:
        LithioKGError: if it cannot be written.
    """
    shipped, place = sources.ontology / SCHEMA, collection / SCHEMA
    if not shipped.exists():
        return
    try:
        collection.mkdir(parents=True, exist_ok=True)
        wanted = shipped.read_bytes()
        there = place.read_bytes() if place.is_file() else None
        if there is None or (there != wanted and b"Written by tools/records_schema.py" in there[:500]):
            replace_file(place, wanted)
    except OSError as error:
        raise LithioKGError(
            f"{place} cannot be written: {error.strerror or error}",
            mend="free some space, or make the folder writable; what was there is as it was",
        ) from error
