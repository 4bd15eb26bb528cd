"""A small graph to import into, a template to fill in, and a whole invented paper in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from lithiokg.build import background, reading
from lithiokg.intake import Taken, take_in
from lithiokg.intake.example import example_of
from lithiokg.intake.layout import CORE_SHEETS, Layout
from lithiokg.intake.offering import layout_of, shipped_names, write_template
from lithiokg.intake.rows import Reading, read_rows
from lithiokg.intake.xlsx import read_workbook
from lithiokg.reasoning import load_rules, reasoner
from lithiokg.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.intake.known import Known
    from lithiokg.quantities import Registry

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The shipped ontology over a few records; nobody may change it."""
    root = tmp_path_factory.mktemp("base")
    shutil.copytree(ROOT / "ontology", root / "ontology", ignore=shutil.ignore_patterns("*.sssom.tsv"))
    shutil.copytree(ROOT / "tests" / "build" / "small", root / "data" / "paper-2024-1")
    (root / "queries").mkdir()
    return Sources(root)


@pytest.fixture(scope="session")
def template(base: Sources, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The empty workbook, with every sheet there is."""
    path = tmp_path_factory.mktemp("template") / "template.xlsx"
    write_template(path, (*CORE_SHEETS, "more evidence", "more doubts"), base)
    return path


@pytest.fixture(scope="session")
def read_once(base: Sources) -> dict[tuple[object, str], Any]:
    """What builds read of the ontology, which no test of these changes: read once for all of them."""
    ontology = reasoner.read_ontology(reasoner.ontology_files(base.ontology), relative=base.relative)
    return {
        (reasoner, "load_rules"): load_rules(base.ontology, ontology),
        (reasoner, "read_ontology"): ontology,
        (reading, "read_ontology"): reading.read_ontology(base, []),
        (reading, "read_shapes"): reading.read_shapes(base, []),
        (reading, "read_description"): reading.read_description(base, []),
        (reading, "term_places"): reading.term_places(base),
    }


@pytest.fixture
def quick(read_once: dict[tuple[object, str], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds over the small graph that do not read the ontology again and again."""
    for (module, name), value in read_once.items():
        monkeypatch.setattr(module, name, lambda *_, value=value, **__: value)
    monkeypatch.setattr(background, "begin", lambda function: function)


@pytest.fixture(scope="session")
def layout(base: Sources) -> Layout:
    """The sheets."""
    return layout_of(base)[0]


@pytest.fixture(scope="session")
def units(base: Sources) -> Registry:
    """The units."""
    return layout_of(base)[1]


@pytest.fixture
def known(base: Sources) -> Known:
    """The names of the small graph."""
    return shipped_names(base)


@dataclass
class Book:
    """A workbook being filled in."""

    book: Any
    next: dict[str, int] = field(default_factory=dict)

    def columns(self, sheet: str) -> dict[str, int]:
        return {str(cell.value).rstrip(" *"): cell.column for cell in self.book[sheet][1] if cell.value}

    def add(self, sheet: str, **cells: object) -> int:
        """Write one row, and tell its number."""
        row = self.next.setdefault(sheet, 4)
        self.next[sheet] = row + 1
        for name, value in cells.items():
            self.book[sheet].cell(row, self.columns(sheet)[name.replace("_", " ")], value)
        return row

    def cell(self, sheet: str, row: int, name: str) -> Any:
        return self.book[sheet].cell(row, self.columns(sheet)[name])

    def save(self, path: Path) -> Path:
        self.book.save(path)
        return path


@pytest.fixture
def empty(template: Path) -> Book:
    """The template, not filled in."""
    return Book(openpyxl.load_workbook(template))


LAYER = "nitride layer on LLZO"
PLACE = {"evidence_section": "results", "evidence_paragraph": 2}


@pytest.fixture
def paper(empty: Book) -> Book:
    """A whole invented paper."""
    add = empty.add
    add("works", key="meyer-2027", type="journal article", label="Meyer 2027", title="Nitride layers", year=2027,
        reference_number=1)  # fmt: skip
    add("sections", section_number=1, label="Results")
    add(
        "substances",
        type="metal nitride",
        label="zinc nitride",
        formula="Zn3N2",
        definition="A nitride of zinc.",
    )
    add("designs", label=LAYER, reported_in=1, evidence_section="results", evidence_paragraph=1,
        evidence_key_phrase="a layer of Zn3N2")  # fmt: skip
    add("components", design=LAYER, type="lithium electrode", label="Li foil")
    add("components", design=LAYER, type="inorganic solid electrolyte", label="pellet", constituents="LLZO")
    add("components", design=LAYER, type="InterfacialLayer", label="Zn3N2 film", constituents="Zn3N2; ZnO",
        contacts="lithium; pellet", formed_at="before cell assembly")  # fmt: skip
    add("observations", subject=LAYER, property="area-specific resistance", result="~31 Ohm·cm²",
        stage="with the modification", evidence_quoted_figure="31", **PLACE)  # fmt: skip
    add("observations", subject=LAYER, property="cycle life in hours", result="> 1200 h",
        at_current_density="0.3 mA/cm²", at_areal_capacity="0.3 mAh cm-2", cell="Li|Li",
        evidence_key_phrase="more than 1200 h", **PLACE)  # fmt: skip
    add("claims", subject="zinc nitride", relation="conducts", object="electron",
        evidence_key_phrase="conducts electrons", **PLACE)  # fmt: skip
    return empty


@pytest.fixture
def take(base: Sources, tmp_path: Path, quick: None) -> Callable[..., Taken]:
    """Import files into a collection of this test."""

    def call(*paths: Path, into: Path | None = None, **options: Any) -> Taken:
        return take_in(paths, sources=base, into=into or tmp_path / "our-lab", **options)

    return call


@pytest.fixture
def read(layout: Layout, tmp_path: Path) -> Callable[[Book], Reading]:
    """Read the rows of a workbook, without a look at what they say."""

    def call(book: Book) -> Reading:
        reading = Reading()
        path = book.save(tmp_path / "read.xlsx")
        read_rows(read_workbook(path, path.name, reading), layout, reading, example_of)
        return reading

    return call


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def contents() -> Callable[[Path], dict[str, bytes]]:
    """Every file of a folder with its content."""
    return files_of
