"""Mapping tables and upstream copies to break, the shipped tables, and where upstream copies may stand."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.graph import KnowledgeGraph
from lithiokg.linking import (
    Bridge,
    MappingSet,
    bridge_names,
    cross,
    load_bridge,
    load_mappings,
    read_mapping_set,
)
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyoxigraph as ox

    from lithiokg.errors import LithioKGError
    from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parents[2]
HEADER = """\
#mapping_set_id: https://example.org/mappings/other
#mapping_set_title: Mappings to another ontology
#mapping_set_version: "1"
#license: https://creativecommons.org/licenses/by/4.0/
#object_source: https://example.org/other
#object_source_version: "2.0"
#curie_map:
#  lkg: https://w3id.org/lithiokg/
#  lkgi: https://w3id.org/lithiokg/id/
#  o: https://example.org/other#
"""
COLUMNS = (
    "subject_id\tsubject_label\tpredicate_id\tpredicate_modifier\tobject_id\tobject_label"
    "\tmapping_justification\tconfidence\tcomment"
)
MANUAL = "semapv:ManualMappingCuration"


class Table:
    """A mapping table in the making.

    Attributes:
        header: its YAML header, each line behind a ``#``.
        columns: the names of its columns, with tabs.
        rows: its rows, with tabs.
    """

    def __init__(self) -> None:
        self.header = HEADER
        self.columns = COLUMNS
        self.rows: list[str] = []

    def row(
        self,
        subject: str = "lkg:Host",
        predicate: str = "skos:closeMatch",
        obj: str = "o:Host",
        *,
        label: str = "",
        modifier: str = "",
        object_label: str = "",
        justification: str = MANUAL,
        confidence: str = "0.9",
        comment: str = "",
    ) -> Table:
        """Add a row."""
        cells = (subject, label, predicate, modifier, obj, object_label, justification, confidence, comment)
        self.rows.append("\t".join(cells))
        return self

    @property
    def text(self) -> str:
        return "\n".join([self.header + self.columns, *self.rows, ""])

    def read(self) -> tuple[MappingSet | None, list[LithioKGError]]:
        return read_mapping_set(self.text, "other", "other.sssom.tsv")

    def good(self) -> MappingSet:
        found, problems = self.read()
        assert problems == []
        assert found is not None
        return found

    def problem(self) -> LithioKGError:
        """The only mistake."""
        found, problems = self.read()
        assert found is None
        assert len(problems) == 1, "\n".join(map(str, problems))
        return problems[0]


@pytest.fixture
def table() -> Table:
    """A mapping table without rows."""
    return Table()


@pytest.fixture(scope="session")
def tables(shipped: Sources) -> list[MappingSet]:
    """The shipped tables."""
    return load_mappings(shipped.ontology / "mappings")


@pytest.fixture(scope="session")
def upstream() -> Path:
    """Copies of the ontologies that are mapped."""
    folder = Path(os.environ.get("LITHIOKG_UPSTREAM", ROOT.parent / "shared" / "upstream"))
    if not folder.is_dir():
        pytest.skip("needs copies of the mapped ontologies in the folder that LITHIOKG_UPSTREAM names")
    return folder


@pytest.fixture
def upstream_of(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder with copies of ontologies: file names and contents."""

    def write(files: dict[str, str]) -> Path:
        folder = tmp_path / "upstream"
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
        return folder

    return write


@pytest.fixture(scope="session")
def bridges() -> dict[str, Bridge]:
    """The shipped bridges by name."""
    return {name: load_bridge(ROOT / "ontology", name) for name in bridge_names(ROOT / "ontology")}


@pytest.fixture(scope="session")
def quads(graph: KnowledgeGraph) -> list[ox.Quad]:
    return list(graph.store.quads())  # type: ignore[attr-defined]  # the store of a snapshot


@pytest.fixture(scope="session")
def crossed(quads: list[ox.Quad], bridges: dict[str, Bridge]) -> dict[str, list[ox.Quad]]:
    """What each bridge adds to the shipped graph."""
    return {name: cross(quads, each) for name, each in bridges.items()}


@pytest.fixture(scope="session")
def bridged(
    quads: list[ox.Quad], crossed: dict[str, list[ox.Quad]], shipped: Sources
) -> dict[str, KnowledgeGraph]:
    """The shipped graph with each bridge applied."""
    return {
        name: KnowledgeGraph(EmbeddedStore.in_memory([*quads, *added]), shipped)
        for name, added in crossed.items()
    }
