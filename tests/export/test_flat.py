"""The flat tables: a public contract."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

OBSERVATIONS = (
    "id,work,section,table,row,column,printed_ref,resolved_ref,design,property,comparator,value,value_min,"
    "value_max,unit,printed,suspect,current_density_mA_cm2,areal_capacity_mAh_cm2,time_h,rest_time_h,cycles,"
    "c_rate,temperature_C,cell,stage,note"
)
DESIGNS = (
    "id,label,work,table,row,printed_ref,resolved_ref,side,strategy_inferred,strategy_printed,"
    "interface_type_inferred,mechanisms_inferred,components,electrolyte,cell"
)
CLAIMS = "id,work,section,printed_ref,resolved_ref,subject,relation,object,polarity,modality,key_phrase"


def rows(lithio: Any, what: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(lithio("export", what, "--format", "csv").out)))


def test_the_headers_are_the_contract(lithio: Any) -> None:
    assert lithio("export", "observations").out.splitlines()[0] == OBSERVATIONS
    assert lithio("export", "designs").out.splitlines()[0] == DESIGNS
    assert lithio("export", "claims").out.splitlines()[0] == CLAIMS


def test_the_contract_is_documented_column_by_column() -> None:
    text = (Path(__file__).parents[2] / "docs" / "flat-exports.md").read_text(encoding="utf-8")
    named = re.findall(r"`([\w]+)`", "".join(re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)))
    contract = [*OBSERVATIONS.split(","), *DESIGNS.split(",")]
    assert named[: len(contract)] == contract


@pytest.mark.parametrize("what", ["observations", "designs"])
@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "md"])
def test_two_runs_give_equal_bytes(what: str, format_: str, lithio: Any) -> None:
    first = lithio("export", what, "-f", format_)
    assert first.code == 0
    assert first.out.endswith("\n")
    assert first.out == lithio("export", what, "-f", format_).out


def test_all_formats_hold_the_same(lithio: Any) -> None:
    flat = rows(lithio, "observations")
    tabbed = csv.DictReader(io.StringIO(lithio("export", "observations", "-f", "tsv").out), delimiter="\t")
    assert list(tabbed) == flat
    records = json.loads(lithio("export", "observations", "-f", "json").out)
    assert [row["id"] for row in records] == [row["id"] for row in flat]
    assert all(isinstance(row["value"], int | float | None) for row in records)
    assert all(isinstance(row["suspect"], bool) for row in records)


def test_values_are_of_their_kind(lithio: Any) -> None:
    number = re.compile(r"-?\d+(\.\d+)?")
    for row in rows(lithio, "observations"):
        assert row["comparator"] in {"=", "~", "<", ">", "<=", ">="}
        assert row["suspect"] in {"true", "false"}
        # A ratio such as 2:6:2 has no one value.
        ends = bool(row["value_min"] and row["value_max"])
        assert bool(row["value"]) + ends == (row["property"] != "solvent ratio"), row["id"]
        assert row["printed"]
        assert row["unit"]
        assert row["design"] or row["note"].startswith("About "), row["id"]
        assert row["suspect"] == "false" or row["note"], row["id"]
        for column in (*("value", "value_min", "value_max"), *OBSERVATIONS.split(",")[17:24]):
            assert not row[column] or number.fullmatch(row[column]), (row["id"], column, row[column])


def test_units_are_canonical(lithio: Any) -> None:
    units: dict[str, set[str]] = {}
    for row in rows(lithio, "observations"):
        units.setdefault(row["property"], set()).add(row["unit"])
    assert units.pop("solvent ratio") == {"v/v", "w/w"}  # by volume or by weight, which do not convert
    assert all(len(found) == 1 for found in units.values()), units
    assert units["interfacial resistance"] == {"Ohm"}
    assert units["area-specific resistance"] == {"Ohm.cm2"}
    assert units["voltage polarization"] == {"mV"}
    assert units["coulombic efficiency"] == {"%"}
    assert units["cycle life in hours"] == {"h"}
    assert units["cycle life in cycles"] == {"cycles"}


def test_ids_are_unique_and_name_things_in_the_graph(lithio: Any, graph: KnowledgeGraph) -> None:
    ids = [row["id"] for row in rows(lithio, "observations")]
    assert len(ids) == len(set(ids))
    assert graph.sparql(f"ASK {{ <https://w3id.org/lithiokg/id/{ids[0]}> a lkg:Observation }}") is True
    designs = {row["id"] for row in rows(lithio, "designs")}
    assert {row["design"] for row in rows(lithio, "observations")} - {""} <= designs


def test_a_figure_of_a_component_names_its_design_and_one_of_a_substance_none(lithio: Any) -> None:
    by_id = {row["id"].rpartition("/")[2]: row for row in rows(lithio, "observations")}
    layer = by_id["rea-li3ps4-transference-number"]
    assert layer["design"] == "single-ion-conducting-li3ps4-sei"
    assert layer["note"].startswith("About ")
    metal = by_id["solid-p02-lithium-melting-point"]
    assert (metal["design"], metal["note"].partition(".")[0]) == ("", "About lithium")


def test_the_forty_rows_of_the_tables_are_designs_with_side_and_strategy(lithio: Any) -> None:
    listed = [row for row in rows(lithio, "designs") if row["table"]]
    assert [(row["table"], int(row["row"])) for row in listed] == [
        *(("1", n) for n in range(1, 14)),
        *(("2", n) for n in range(1, 12)),
        *(("3", n) for n in range(1, 17)),
    ]
    assert len({row["id"] for row in listed}) == 40
    for row in listed:
        assert row["side"] == ("solid" if row["table"] == "3" else "liquid"), row["id"]
        assert row["strategy_inferred"], row["id"]
        assert row["strategy_printed"], row["id"]
        assert row["components"], row["id"]
        assert row["printed_ref"], row["id"]
        assert row["resolved_ref"], row["id"]
        assert row["interface_type_inferred"] in {"", "I", "II", "III"}, row["id"]


def test_a_design_is_listed_once(lithio: Any) -> None:
    ids = [row["id"] for row in rows(lithio, "designs")]
    assert len(ids) == len(set(ids))


def test_reasons_and_remarks_are_joined_by_a_blank(lithio: Any) -> None:
    notes = [row["note"] for row in rows(lithio, "observations") if row["note"]]
    assert notes
    assert not any(".; " in note for note in notes)


def test_a_table_cannot_be_written_as_turtle_nor_the_graph_as_csv(lithio: Any) -> None:
    for wrong in (
        ("observations", "-f", "ttl"),
        ("graph", "-f", "csv"),
        ("designs", "--stated"),
        ("observations", "--everything"),
        ("nonsense",),
        ("graph", "-f", "nonsense"),
    ):
        said = lithio("export", *wrong)
        assert said.code == 2
        assert said.out == ""


def test_a_file_is_written_whole_or_not_at_all(lithio: Any, tmp_path: Path) -> None:
    target = tmp_path / "observations.csv"
    target.write_text("old")
    said = lithio("export", "observations", "-o", str(target))
    assert said.code == 0
    assert said.out == ""
    assert re.search(r"wrote \d+ observations to", said.err)
    assert target.read_text(encoding="utf-8") == lithio("export", "observations").out
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    missing = lithio("export", "observations", "-o", str(tmp_path / "none" / "x.csv"))
    assert missing.code == 3
    assert "No such file" in missing.err
    assert "Traceback" not in missing.err


def test_a_condition_that_is_a_bound_stands_in_the_note_as_printed(lithio: Any) -> None:
    header, *rows = csv.reader(lithio("export", "observations").out.splitlines())
    bounded = [row for row in rows if "over 830 h" in row[header.index("note")]]
    assert [row[header.index("time_h")] for row in bounded] == ["830"]
