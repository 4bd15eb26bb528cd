"""Facts out as a spreadsheet and in again: the same facts, and what cannot go along is listed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lithiokg.curation import read_context, read_folder
from lithiokg.intake import write_spreadsheet
from lithiokg.intake.handing import hand_out

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pyoxigraph as ox

    from lithiokg.sources import Sources

LAYER = "nitride layer on LLZO"


def facts(folder: Path, base: Sources) -> set[ox.Quad]:
    return set(read_folder(folder, read_context(base.ontology / "context.jsonld")).quads)


def test_the_shipped_review_goes_through_the_sheets_whole(shipped: Sources) -> None:
    handed = hand_out("energymater-2021-21", shipped)
    assert handed.lost == [
        "paragraph/energymater-2021-21/reactive-artificial-seis-1/exclusions/saying: the whole record",
        handed.lost[1],
    ]
    assert handed.lost[1].startswith("paragraph/energymater-2021-21/reactive-artificial-seis-1: exclusions")
    assert len(handed.sheets["designs"]) == 82
    assert len(handed.sheets["observations"]) == 160


def test_what_the_sheets_cannot_carry_is_listed_in_the_file_too(shipped: Sources, tmp_path: Path) -> None:
    counts, lost = write_spreadsheet("catalogue", shipped, tmp_path / "c.xlsx")
    assert [each for each in lost if not each.startswith("identifiers: what was computed of 103")] == []
    said = "\n".join(str(row[0].value) for row in openpyxl.load_workbook(tmp_path / "c.xlsx")["read me"].rows)
    assert lost[0] in said
    assert counts["substances"] == 153


@pytest.mark.parametrize("format_", ["xlsx", "csv"])
def test_an_imported_paper_is_written_and_imported_again_as_the_same_facts(
    format_: str, paper: Any, take: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    paper.add("more evidence", record="design/nitride-layer-on-llzo", key="text-2", evidence_section="results",
              evidence_paragraph=4, evidence_key_phrase="=a; \"layer\"")  # fmt: skip
    if format_ == "xlsx":
        paper.cell("more evidence", 4, "evidence key phrase").value = 'a; "layer"'
    else:
        paper.cell("more evidence", 4, "evidence key phrase").value = "-a layer, +1"
    take(paper.save(tmp_path / "meyer.xlsx"))
    first = tmp_path / "our-lab"
    with_lab = replace(base, collections=(first,))
    out = tmp_path / ("again.xlsx" if format_ == "xlsx" else "again")
    assert write_spreadsheet("meyer", with_lab, out, format_)[1] == []
    paths = [out] if format_ == "xlsx" else sorted(out.iterdir())
    take(*paths, into=tmp_path / "other-lab", source="meyer")
    assert facts(first / "meyer", base) == facts(tmp_path / "other-lab" / "meyer", base)


_WORD = st.text(
    st.characters(min_codepoint=33, max_codepoint=0x24F, exclude_characters="\x7f\xad"),
    min_size=1,
    max_size=8,
).filter(lambda word: not any(0x7F <= ord(sign) < 0xA1 for sign in word))
_TEXT = st.lists(_WORD, min_size=1, max_size=4).map(" ".join).filter(lambda text: not text.startswith("="))
_NUMBER = st.integers(1, 999).map(str) | st.decimals(0, 99, places=2).map(str)
_EVIDENCE = st.fixed_dictionaries(
    {"section": st.just("results"), "paragraph": st.integers(1, 9), "phrase": _TEXT},
    optional={"printed-reference": _TEXT},
)
_OBSERVATION = st.fixed_dictionaries(
    {"property": st.just("cycle-life-time"), "result": _NUMBER.map(lambda n: f"~{n} h"),
     "evidence": st.dictionaries(st.sampled_from(["text", "text-2", "other"]), _EVIDENCE, min_size=1)},
    optional={
        "conditions": st.fixed_dictionaries(
            {"current-density": _NUMBER.map(lambda n: f"{n} mA/cm²")},
            optional={"thickness": _NUMBER.map(lambda n: {"printed": n, "read-as": f"{n} nm"}),
                      "temperature": _NUMBER.map(lambda n: f"{n} °C")}),
        "stage": st.sampled_from(["after-cycling", "initial"]), "cell": st.sampled_from(["li-li", "li-cu"]), "note": _TEXT,
        "doubts": st.dictionaries(
            st.sampled_from(["stage", "unit", "mine"]), st.fixed_dictionaries({"kind": st.sampled_from(["stage", "unit"]), "reason": _TEXT}), min_size=1),
    },
)  # fmt: skip
_DESIGNS = st.dictionaries(
    st.sampled_from(["a", "b-2", "c.d"]),
    st.fixed_dictionaries(
        {"label": _TEXT, "components": st.dictionaries(
            st.sampled_from(["layer", "x", "Y1"]),
            st.fixed_dictionaries({"type": st.sampled_from(["InterfacialLayer", "Host"]), "label": _TEXT}, optional={
                "constituents": st.lists(st.sampled_from(["ZnO", "LLZO", "Cu"]), unique=True, min_size=1),
                "composition-is-complete": st.just(True), "note": _TEXT}), min_size=1)},
        optional={"alt-label": st.lists(_TEXT, unique=True, min_size=1, max_size=3), "note": _TEXT, "evidence": st.dictionaries(
            st.sampled_from(["text", "k"]), _EVIDENCE, min_size=1),
            "observations": st.dictionaries(st.sampled_from(["o", "p"]), _OBSERVATION, min_size=1)},
    ), min_size=1, max_size=3,
)  # fmt: skip


@settings(deadline=None, max_examples=12, suppress_health_check=list(HealthCheck))
@given(designs=_DESIGNS)
def test_whatever_a_file_says_in_these_fields_comes_back(
    designs: dict[str, Any], base: Sources, tmp_path: Path
) -> None:
    import json  # noqa: PLC0415

    folder = tmp_path / "lab" / "generated"
    folder.mkdir(parents=True, exist_ok=True)
    section = {"results": {"label": "Results", "section-number": 1}}
    (folder / "d.yaml").write_text(json.dumps({"sections": section, "designs": designs}), encoding="utf-8")
    handed = hand_out("generated", replace(base, collections=(tmp_path / "lab",)))
    assert handed.lost == []


def test_the_command_line_writes_a_spreadsheet_and_says_what_is_not_in_it(
    lithio: Callable[..., Any], base: Sources, tmp_path: Path
) -> None:
    out = str(tmp_path / "p.xlsx")
    done = lithio(
        "export", "spreadsheet", "--source", "paper-2024-1", "-o", out, sources=base, cache=tmp_path / "c"
    )
    assert (done.code, "1 design," in done.err) == (0, True)
    wrong = lithio(
        "export", "spreadsheet", "--source", "nowhere", "-o", out, sources=base, cache=tmp_path / "c"
    )
    assert (wrong.code, "name one with --source: paper-2024-1" in wrong.err) == (2, True)
