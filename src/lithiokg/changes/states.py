"""States of the graph that can be compared: snapshots, source folders, releases, RDF files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.build import Cache, Snapshot, build_snapshot, cache_root
from lithiokg.errors import LithioKGError, Place, UsageError
from lithiokg.graph import KnowledgeGraph
from lithiokg.release import CONTENT_FILE
from lithiokg.sources import FOLDERS, Sources
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from lithiokg.build import Stage

__all__ = ["CURRENT", "SHIPPED", "State", "open_state"]

#: The sources in use, with the user's collections.
CURRENT = "current"
#: The shipped sources alone.
SHIPPED = "shipped"
_KEY = re.compile(r"[0-9a-f]{6,16}")
_SYNTAXES = {
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


@dataclass(frozen=True, slots=True)
class State:
    """One state of the graph, and what it is called."""

    name: str
    graph: KnowledgeGraph


def open_state(
    name: str, sources: Sources, *, cache: Cache | None = None, stage: Stage | None = None
) -> State:
    """Open a state by what the user calls it.

    Args:
        name: ``current`` (the sources in use), ``shipped`` (without the user's collections), the first six
            or more digits of a snapshot's name, a folder that holds ``ontology/``, ``data/`` and
            ``queries/``, a release, a collection, or a file of N-Quads, TriG or JSON-LD.
        sources: the sources in use; a state without questions of its own is asked theirs.
        cache: where snapshots are kept (the user's cache folder unless given).
        stage: told the name of each stage of a build as it begins.

    Raises:
        UsageError: if there is nothing of that name, or it is no state of the graph.
        LithioKGError: if it cannot be built or read.
    """
    cache = cache or Cache(cache_root())
    path = Path(name).expanduser()
    if name in {CURRENT, SHIPPED}:
        return _built(name, sources if name == CURRENT else Sources(sources.root), cache, stage)
    if path.is_dir():
        return _folder(name, path, sources, cache, stage)
    if path.is_file():
        return State(name, _loaded(path, sources))
    if _KEY.fullmatch(name):
        return State(name, _snapshot(name, sources, cache))
    raise UsageError(
        f"there is no snapshot, folder or file {name!r}",
        mend=f"name one, or {CURRENT!r} or {SHIPPED!r}; 'lithiokg build' tells the snapshot's name and folder",
    )


def _built(name: str, sources: Sources, cache: Cache, stage: Stage | None) -> State:
    # Never the last good snapshot in place of sources that do not build: it would be another state.
    snapshot = build_snapshot(sources, cache=cache, stage=stage)
    return State(name, _opened(snapshot, sources))


def _opened(snapshot: Snapshot, sources: Sources) -> KnowledgeGraph:
    if snapshot.damage is not None:
        raise LithioKGError(
            f"the snapshot {snapshot.path} is damaged: {snapshot.damage}",
            mend="build it again from its sources: lithiokg build",
        )
    return KnowledgeGraph(EmbeddedStore(snapshot.store), sources, snapshot)


def _folder(name: str, path: Path, sources: Sources, cache: Cache, stage: Stage | None) -> State:
    if all((path / folder).is_dir() for folder in FOLDERS):
        return _built(name, Sources(path), cache, stage)
    if (path / CONTENT_FILE).is_file():
        return State(name, _loaded(path / CONTENT_FILE, sources))
    if (path / "snapshot.json").is_file():
        return State(name, _opened(Snapshot(path, path.name), sources))
    own = Sources(sources.root, (path.resolve(),))
    if any(
        next(folder.rglob("*.yaml"), None)
        for folder in own.data_folders
        if path.resolve() in (folder, *folder.parents)
    ):
        return _built(name, own, cache, stage)
    raise UsageError(
        f"{name} is neither sources nor a release, a snapshot or a collection of records",
        mend=f"name a folder with {', '.join(FOLDERS)}, with {CONTENT_FILE}, or with records in YAML",
    )


def _snapshot(key: str, sources: Sources, cache: Cache) -> KnowledgeGraph:
    found = {
        path.name.partition("-")[0] for path in cache.snapshots.glob(f"{key}*") if cache.holds(path.name)
    }
    if len(found) != 1:
        kept = ", ".join(sorted(path.name for path in cache.snapshots.glob("*"))) or "none"
        words = "is the beginning of several snapshots" if found else "is not the name of a snapshot"
        raise UsageError(f"{key} {words} in {cache.snapshots}", mend=f"there are: {kept}")
    (whole,) = found
    return _opened(Snapshot(cache.path(whole), whole), sources)


def _loaded(path: Path, sources: Sources) -> KnowledgeGraph:
    syntax = _SYNTAXES.get(path.suffix)
    if syntax is None:
        raise UsageError(
            f"{path} is not in a syntax with named graphs", mend=f"give a file in {', '.join(_SYNTAXES)}"
        )
    store = ox.Store()
    try:
        store.bulk_load(path=str(path), format=syntax)
    except SyntaxError as error:
        place = Place(str(path), error.lineno or 1, error.offset or 1)
        raise LithioKGError(
            f"this does not read: {error.msg}", place=place, mend="write the file again"
        ) from error
    except (
        MemoryError,
        ValueError,
    ) as error:  # one value of many megabytes, for which the engine has no room
        raise LithioKGError(f"{path} does not read: {error}", mend="write the file again") from error
    except OSError as error:
        raise LithioKGError(f"{path} cannot be read: {error.strerror or error}") from error
    return KnowledgeGraph(EmbeddedStore(store), sources)
