"""One release of the shipped graph, written once a run."""

from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.interrupted import alone
from lithiokg.release import Release, write_release
from lithiokg.sources import Sources
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

ROOT = Path(__file__).resolve().parents[2]
PAPERS = ("CHANGELOG.md", "CITATION.cff", "LICENSE-DATA")


def _with_papers(sources: Sources, target: Path) -> Sources:
    """The sources of a release: what stands beside the three folders belongs to it."""
    target.mkdir(exist_ok=True)
    for folder in ("ontology", "data", "queries"):
        if not (target / folder).exists():
            (target / folder).symlink_to(sources.root / folder)
    for paper in PAPERS:
        shutil.copy(ROOT / paper, target / paper)
    return Sources(target)


@pytest.fixture(scope="session")
def publishable(shipped: Sources, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The shipped sources with changelog, citation and license beside them."""
    return _with_papers(shipped, tmp_path_factory.mktemp("publishable"))


@pytest.fixture(scope="session")
def release(publishable: Sources, graph: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the shipped graph, written once for all processes that run tests; nobody may change it."""
    assert isinstance(graph.store, EmbeddedStore)
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    written = folder / "release.pickle"
    with alone(folder, wait=True):
        if not written.exists():
            (folder / "release").mkdir()
            made = write_release(graph.store, publishable, folder / "release" / "lithiokg")
            written.write_bytes(pickle.dumps(made))
    found = pickle.loads(written.read_bytes())  # noqa: S301  # we wrote it
    assert isinstance(found, Release)
    return found


@pytest.fixture
def small_publishable(small: Sources) -> Sources:
    """The small sources with changelog, citation and license beside them."""
    return _with_papers(small, small.root)
