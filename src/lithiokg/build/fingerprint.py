"""The content hash that names a snapshot."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph

import lithiokg
from lithiokg.errors import LithioKGError, Place, SourceError
from lithiokg.files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.sources import Sources

__all__ = ["fingerprint", "source_files", "special_files"]

#: Packages whose code decides what a snapshot holds.
_BUILDING_CODE = (
    *("build", "curation", "identifiers", "linking", "metadata", "quantities"),
    *("questions", "reasoning", "store", "validation"),
)
#: The largest source file that is read, in bytes; the readers of each kind are content with less.
_MAX_BYTES = 64 << 20
_SUFFIXES = frozenset({".ttl", ".tsv", ".yaml", ".yml", ".rq", ".jsonld"})


def source_files(sources: Sources) -> Iterator[Path]:
    """Every source file that a snapshot is made from, in a fixed order."""
    for folder in (sources.ontology, sources.data, sources.queries, *sources.collections):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
            # Hidden is what an editor keeps, or an import has not yet moved into place: nobody reads it.
            if not any(part.startswith(".") for part in path.relative_to(folder).parts):
                yield path


def special_files(sources: Sources) -> list[LithioKGError]:
    """What stands among the source files and is none: pipes and devices, which may never end or never begin."""
    return [
        SourceError(
            "this is a pipe or a device, not a file",
            place=Place(sources.relative(path)),
            mend="take it out of the folder",
        )
        for path in source_files(sources)
        if path.exists() and not path.is_file() and not path.is_dir()
    ]


def fingerprint(sources: Sources) -> str:
    """SHA-256 (first 16 hexadecimal digits) over ontology, data, queries and the code that builds.

    File names count as well as contents; times and the folder they stand in do not, so that a fresh
    clone finds the same snapshot.

    Raises:
        LithioKGError: if a file cannot be read.
    """
    # The engine counts too: a later version may write its files in another way.
    digest = hashlib.sha256(f"{lithiokg.__version__} {pyoxigraph.__version__}".encode())
    package = Path(lithiokg.__file__).parent
    code = sorted(package.glob("*.py"))
    code += (path for name in _BUILDING_CODE for path in sorted((package / name).rglob("*.py")))
    named = [(sources.relative(path), path) for path in source_files(sources)]
    named += [(f"lithiokg/{path.relative_to(package).as_posix()}", path) for path in code]
    for name, path in named:
        try:
            content = read_bounded(path, _MAX_BYTES)
        except OSError as error:
            raise LithioKGError(
                f"{name} cannot be read: {error.strerror}",
                mend="see what stands there, or take it out of the folder",
            ) from error
        digest.update(f"\n{name} {len(content)}\n".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.hexdigest()[:16]
