"""Where the written sources are: ``ontology/``, ``data/`` and ``queries/``.

In a checkout they stand at the top level; in an installed wheel they travel inside the package.
``LITHIOKG_SOURCES`` names another folder that holds the three. Beside them a user may keep collections of
their own: folders of records and questions, which ``LITHIOKG_WITH`` or ``--with`` names.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["COLLECTIONS", "Sources", "find_sources"]

FOLDERS = ("ontology", "data", "queries")


#: Environment variable that names collections, separated as in ``PATH``.
COLLECTIONS = "LITHIOKG_WITH"


@dataclass(frozen=True, slots=True)
class Sources:
    """The folder that holds ``ontology/``, ``data/`` and ``queries/``, and collections beside it.

    Attributes:
        root: the folder of the three.
        collections: folders of a user's own records. One that holds YAML files itself is one source, and
            the name of the folder names it; otherwise each folder in it is a source, as in ``data/``.
            Saved questions stand in its ``queries/``.
    """

    root: Path
    collections: tuple[Path, ...] = ()

    @property
    def ontology(self) -> Path:
        """The OWL modules, shapes, JSON-LD context and the generated class hierarchy."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The curated records, one folder a source document."""
        return self.root / "data"

    @property
    def queries(self) -> Path:
        """The saved questions, one folder a topic."""
        return self.root / "queries"

    @property
    def question_folders(self) -> tuple[Path, ...]:
        """Every folder of saved questions: ours, and those of the collections."""
        own = (collection / "queries" for collection in self.collections)
        return (self.queries, *(folder for folder in own if folder.is_dir()))

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """Every folder of records, each a source."""
        found = _folders(self.data)
        for collection in self.collections:
            found += [collection] if _has_records(collection) else _folders(collection)
        return tuple(found)

    def relative(self, path: Path) -> str:
        """The path as a user should see it: relative to the sources, or with the name of its collection."""
        roots = (self.root, *(collection.absolute().parent for collection in self.collections))
        for root in roots:
            for above, inside in ((root.absolute(), path.absolute()), (_resolved(root), _resolved(path))):
                if inside.is_relative_to(above):
                    return inside.relative_to(above).as_posix()
        return str(path)


def _resolved(path: Path) -> Path:
    """Where links lead to; a link that leads to itself leads nowhere."""
    return Path(os.path.realpath(path))


def _folders(folder: Path) -> list[Path]:
    inside = (path for path in folder.iterdir() if path.is_dir() and path.name != "queries")
    return sorted(path for path in inside if not path.name.startswith("."))


def _has_records(folder: Path) -> bool:
    return any(path.suffix in {".yaml", ".yml"} for path in folder.iterdir())


def find_sources(collections: Iterable[Path | str] | None = None) -> Sources:
    """Find the sources: ``LITHIOKG_SOURCES``, else the wheel's copy, else the checkout.

    Args:
        collections: folders of a user's own records; those that ``LITHIOKG_WITH`` names unless given.

    Raises:
        LithioKGError: if the folder lacks one of the three.
        UsageError: if a collection is not a folder, or two have one name.
    """
    package = Path(__file__).parent
    named = os.environ.get("LITHIOKG_SOURCES")
    candidates = [Path(named)] if named else [package / "_sources", package.parent.parent]
    if collections is None:
        collections = filter(None, os.environ.get(COLLECTIONS, "").split(os.pathsep))
    for root in candidates:
        if all((root / folder).is_dir() for folder in FOLDERS):
            return Sources(root, _collections(collections))
    raise LithioKGError(
        f"the folders {', '.join(FOLDERS)} are not in {candidates[-1]}",
        mend="set LITHIOKG_SOURCES to a folder that holds them, or reinstall lithiokg",
    )


def _collections(named: Iterable[Path | str]) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    for each in named:
        path = Path(each).expanduser()
        if not path.is_dir():
            raise UsageError(
                f"there is no folder {each}, which was to be read beside the shipped graph",
                mend="name a folder of records (docs/collections.md), or begin one: lithiokg new work",
            )
        path = path.resolve()
        if found.setdefault(path.name, path) != path:
            raise UsageError(
                f"two collections are called {path.name}: {found[path.name]} and {path}",
                mend="rename one of the folders",
            )
    return tuple(found.values())
