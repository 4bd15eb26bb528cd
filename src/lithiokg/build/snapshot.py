"""Snapshots: build one if the sources changed, open it if they did not."""

from __future__ import annotations

import json
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import lithiokg
from lithiokg.build.cache import Cache, cache_root
from lithiokg.build.fingerprint import fingerprint
from lithiokg.build.integrity import COMPLETE, find_damage, write_manifest
from lithiokg.errors import LithioKGError
from lithiokg.interrupted import settle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from lithiokg.build.pipeline import Built, Stage
    from lithiokg.sources import Sources

__all__ = ["Snapshot", "build_snapshot", "current_snapshot"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A complete, immutable snapshot on disk.

    Attributes:
        path: its folder; the Oxigraph store is in ``store``.
        key: the fingerprint of what it was built from.
        fresh: whether it was built by this call.
        stale_because: the failure of the build that should have replaced it, where there was one.
    """

    path: Path
    key: str
    fresh: bool = False
    stale_because: LithioKGError | None = None

    @property
    def store(self) -> Path:
        """The folder of the Oxigraph store."""
        return self.path / "store"

    @property
    def withdrawn(self) -> Path:
        """The file of what withdrawn records stated, as N-Quads; there only if there are any."""
        return self.path / "withdrawn.nq"

    @property
    def damage(self) -> str | None:
        """What is wrong with its files, in words; nothing if they are as they were written."""
        return find_damage(self.path)

    @property
    def description(self) -> dict[str, object]:
        """What ``snapshot.json`` says: version, time of build, triples by graph, seconds by stage."""
        try:
            content: dict[str, object] = json.loads((self.path / COMPLETE).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise LithioKGError(
                f"{self.path / COMPLETE} cannot be read: {error}", mend="build it again: lithiokg build"
            ) from error
        return content

    @property
    def graphs(self) -> dict[str, int]:
        """The named graphs and their numbers of triples, as they were when it was written."""
        content: dict[str, dict[str, int]] = json.loads((self.path / COMPLETE).read_text(encoding="utf-8"))
        return content["graphs"]


def build_snapshot(
    sources: Sources, *, cache: Cache | None = None, force: bool = False, stage: Stage | None = None
) -> Snapshot:
    """Build the snapshot of the sources, unless the cache holds it already.

    Args:
        sources: the written sources.
        cache: where snapshots are kept (the user's cache folder unless given).
        force: build even if it is there; one that is damaged is built again in any case.
        stage: told the name of each stage as it begins.

    Raises:
        LithioKGError: if the sources do not read, break a rule or contradict each other, or the cache
            cannot be written. An earlier snapshot stays as it was.
    """
    cache = cache or Cache(cache_root())
    for collection in sources.collections:
        settle(collection)
    key = fingerprint(sources)
    if cache.holds(key) and Snapshot(cache.path(key), key).damage is not None:
        force = True
    if cache.holds(key) and not force:
        # A cache that somebody else filled may be read-only, and can be read all the same.
        with suppress(LithioKGError):
            _remember(cache, sources, key)
        return Snapshot(cache.path(key), key)
    from lithiokg.build.pipeline import assemble  # noqa: PLC0415  # only a build needs the readers

    start = time.perf_counter()
    built = assemble(sources, stage=stage)
    if stage is not None:
        stage("writing")
    with cache.construction(key, replace=force) as folder:
        _write(folder, key, built, start)
    _remember(cache, sources, key)
    return Snapshot(cache.path(key), key, fresh=True)


def current_snapshot(sources: Sources, *, cache: Cache | None = None, stage: Stage | None = None) -> Snapshot:
    """The snapshot to answer from: of the sources as they are, else the last good one.

    A source folder that somebody is editing may not build for a while. Then the last good snapshot
    answers, and ``stale_because`` says why; without one, the failure is raised.

    Raises:
        LithioKGError: see :func:`build_snapshot`.
    """
    cache = cache or Cache(cache_root())
    try:
        return build_snapshot(sources, cache=cache, stage=stage)
    except LithioKGError as error:
        last = cache.last(sources)
        if last is None:
            raise
        return Snapshot(cache.path(last), last, stale_because=error)


def _remember(cache: Cache, sources: Sources, key: str) -> None:
    if cache.last(sources) != key:
        cache.remember(sources, key)


def _write(folder: Path, key: str, built: Built, start: float) -> None:
    from lithiokg.build.background import begin  # noqa: PLC0415
    from lithiokg.metadata import describe_dataset  # noqa: PLC0415
    from lithiokg.store import EmbeddedStore, write_store  # noqa: PLC0415

    begun = time.perf_counter()
    # Counting takes about as long as writing, and neither waits for the other.
    counted = begin(lambda: describe_dataset(EmbeddedStore.in_memory(built.quads), built.description))
    described: list[ox.Quad] = []

    def everything() -> Iterator[ox.Quad]:
        yield from built.quads
        described.extend(counted())
        yield from described

    write_store(folder / "store", everything())
    built.seconds["writing"] = time.perf_counter() - begun
    if built.withdrawn:
        text = "".join(f"{line}\n" for line in sorted(f"{quad} ." for quad in built.withdrawn))
        (folder / "withdrawn.nq").write_text(text, encoding="utf-8")
    quads = {*built.quads, *described}
    graphs = Counter(quad.graph_name.value for quad in quads if hasattr(quad.graph_name, "value"))
    description = {
        "snapshot": key,
        "lithiokg": lithiokg.__version__,
        "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "seconds": {name: round(value, 3) for name, value in built.seconds.items()},
        "total_seconds": round(time.perf_counter() - start, 3),
        "graphs": dict(sorted(graphs.items())),
        "warnings": len(built.report.warnings),
    }
    write_manifest(folder)
    text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
    (folder / COMPLETE).write_text(text, encoding="utf-8")
