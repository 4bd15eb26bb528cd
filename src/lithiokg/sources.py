"""Where the written sources are: ``ontology/``, ``data/`` and ``queries/``.

In a checkout they stand at the top level; in an installed wheel they travel inside the package.
``LITHIOKG_SOURCES`` names another folder that holds the three.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from lithiokg.errors import LithioKGError

__all__ = ["Sources", "find_sources"]

FOLDERS = ("ontology", "data", "queries")


@dataclass(frozen=True, slots=True)
class Sources:
    """The folder that holds ``ontology/``, ``data/`` and ``queries/``."""

    root: Path

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

    def relative(self, path: Path) -> str:
        """The path as a user should see it: relative to the sources where it lies inside them."""
        for root, inside in ((self.root.absolute(), path.absolute()), (self.root.resolve(), path.resolve())):
            if inside.is_relative_to(root):
                return inside.relative_to(root).as_posix()
        return str(path)


def find_sources() -> Sources:
    """Find the sources: ``LITHIOKG_SOURCES``, else the wheel's copy, else the checkout.

    Raises:
        LithioKGError: if the folder lacks one of the three.
    """
    package = Path(__file__).parent
    named = os.environ.get("LITHIOKG_SOURCES")
    candidates = [Path(named)] if named else [package / "_sources", package.parent.parent]
    for root in candidates:
        if all((root / folder).is_dir() for folder in FOLDERS):
            return Sources(root)
    raise LithioKGError(
        f"the folders {', '.join(FOLDERS)} are not in {candidates[-1]}",
        mend="set LITHIOKG_SOURCES to a folder that holds them, or reinstall lithiokg",
    )
