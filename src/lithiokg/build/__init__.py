"""The build: written sources in, an immutable, content-addressed snapshot out."""

from __future__ import annotations

from lithiokg.build.cache import Cache, cache_root
from lithiokg.build.fingerprint import fingerprint
from lithiokg.build.loading import Loaded, add_to_snapshot, load_snapshot, loaded_snapshot
from lithiokg.build.pipeline import Built, SourceProblemsError, Stage, assemble
from lithiokg.build.snapshot import Snapshot, build_snapshot, current_snapshot

__all__ = [
    "Built",
    "Cache",
    "Loaded",
    "Snapshot",
    "SourceProblemsError",
    "Stage",
    "add_to_snapshot",
    "assemble",
    "build_snapshot",
    "cache_root",
    "current_snapshot",
    "fingerprint",
    "load_snapshot",
    "loaded_snapshot",
]
