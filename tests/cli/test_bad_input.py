"""What bad input gets: a message that names the place and the mend, exit code 1, and never a traceback."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.build import Cache
    from lithiokg.sources import Sources

    Edit = Callable[[str, str, str], int]

DESIGN = "data/paper-2024-1/design.yaml"
SUBSTANCES = "data/paper-2024-1/substances.yaml"
QUESTION = "queries/chemistry/lithium-alloys.rq"

#: file, what stands there, what is put in its place, and what the message says.
BROKEN = {
    "YAML that does not parse": (
        DESIGN,
        "label: oxide layer on garnet",
        "label: [oxide",
        r"not valid YAML|YAML",
    ),
    "Turtle that does not parse": (
        "ontology/modules/interfaces.ttl",
        "@prefix owl:",
        "@prefix owl",
        r"not valid Turtle",
    ),
    "a shape that does not parse": (
        "ontology/shapes/claim.ttl",
        "@prefix sh:",
        "@prefix sh",
        r"not valid Turtle",
    ),
    "a context that is no JSON": ("ontology/context.jsonld", '"@version"', "@version", r"not JSON"),
    "a header that is no YAML": (QUESTION, "#+ title:", "#+ title", r"header|title|YAML"),
    "an unknown field": (DESIGN, "    reported-in:", "    reported-inn:", r"did you mean '?reported-in"),
    "an unknown class": (
        DESIGN,
        "type: InterfacialLayer",
        "type: InterfacialLayr",
        r"did you mean '?InterfacialLayer",
    ),
    "an unknown relation": (SUBSTANCES, "relation: blocks", "relation: blokcs", r"did you mean '?blocks"),
    "an unknown property": (
        DESIGN,
        "property: coulombic-efficiency",
        "property: coulombic-eficiency",
        r"coulombic-eficiency[\s\S]*coulombic-efficiency",
    ),
    "an unknown unit": (DESIGN, '"20 Ω cm2"', '"20 blorps"', r"blorps"),
    "a unit of another dimension": (DESIGN, '"20 Ω cm2"', '"20 mV"', r"20 mV"),
    "ohm per area": (DESIGN, '"20 Ω cm2"', '"20 Ω cm-2"', r"Ω cm-2"),
    "a figure that is no figure": (DESIGN, '"20 Ω cm2"', '"twenty"', r"twenty"),
    "a figure without a unit": (DESIGN, '"20 Ω cm2"', '"20"', r"unit"),
    "an efficiency of 120 %": (DESIGN, 'result: "99.2%"', 'result: "120%"', r"never above 100 %; 120 is"),
    "an observation without evidence": (
        DESIGN,
        '        evidence:\n          text: {section: results, paragraph: 2, figure: "99.2%"}\n',
        "",
        r"evidence",
    ),
    "a reference to nothing": (DESIGN, "constituents: [ZnO]", "constituents: [ZnOO]", r"lkgi:substance/ZnOO"),
    "an evidence in no section": (
        DESIGN,
        "paragraph: 2, figure",
        "paragraph: two, figure",
        r"two",
    ),
}


def found_places(text: str) -> list[tuple[str, int, int]]:
    return [
        (file, int(line), int(column)) for file, line, column in re.findall(r"([\w./-]+):(\d+):(\d+)", text)
    ]


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_bad_input_is_told_with_its_place_and_mend(
    broken: tuple[str, str, str, str], edit: Edit, small: Sources, lithio: Any
) -> None:
    file, old, new, message = broken
    line = edit(file, old, new)
    said = lithio("check", sources=small)
    assert said.code == 1
    assert re.search(message, said.out), said.out
    assert "mend:" in said.out
    assert "Traceback" not in said.everything
    places = [place for place in found_places(said.out) if place[0] == file]
    assert places, said.out
    # A parser may only stumble further on, and a record is known by its first line.
    assert any(line - 5 <= number <= line + 30 for _, number, _ in places), (line, places)


def test_build_refuses_what_check_refuses(edit: Edit, small: Sources, lithio: Any, filled: Cache) -> None:
    line = edit(DESIGN, '"20 Ω cm2"', '"20 mV"')
    said = lithio("build", sources=small, cache=filled.root)
    assert said.code == 1
    assert said.out == ""
    assert f"{DESIGN}:{line}:" in said.err
    assert "mend:" in said.err


@pytest.mark.parametrize("file", [DESIGN, "ontology/modules/interfaces.ttl", QUESTION])
def test_a_file_that_is_not_utf_8_is_named(file: str, small: Sources, lithio: Any) -> None:
    path = small.root / file
    path.write_bytes(path.read_bytes().replace(b"e", b"\xe9", 1))
    said = lithio("check", sources=small)
    assert said.code == 1
    assert f"{file}:1:" in said.out
    assert "UTF-8" in said.out or "utf-8" in said.out
    assert "Traceback" not in said.everything


def test_a_question_that_does_not_parse_is_found_by_its_test(edit: Edit, small: Sources, lithio: Any) -> None:
    path = small.root / QUESTION
    path.write_text(path.read_text(encoding="utf-8") + "\n}\n", encoding="utf-8")
    said = lithio("check", sources=small)
    assert said.code == 1
    assert any(place[0] == QUESTION for place in found_places(said.out)), said.out


def test_a_duplicate_id_is_told_with_both_places(small: Sources, lithio: Any) -> None:
    again = small.data / "paper-2024-1" / "again.yaml"
    again.write_text("substances:\n  ZnO: {type: MetalOxide, label: zinc oxide}\n", encoding="utf-8")
    said = lithio("check", sources=small)
    assert said.code == 1
    assert {("data/paper-2024-1/again.yaml", 2, 3), (SUBSTANCES, 2, 3)} <= set(found_places(said.out))


def test_a_duplicate_key_is_told_with_both_places(edit: Edit, small: Sources, lithio: Any) -> None:
    line = edit(DESIGN, "    label: oxide layer on garnet\n", "    label: one\n    label: two\n")
    said = lithio("check", sources=small)
    assert said.code == 1
    assert {(DESIGN, line, 5), (DESIGN, line + 1, 5)} <= set(found_places(said.out))


def test_a_substance_that_conducts_and_blocks_electrons_is_a_contradiction_with_both_places(
    edit: Edit, small: Sources, lithio: Any
) -> None:
    line = edit(
        SUBSTANCES,
        "      blocks-electrons:\n",
        "      conducts-electrons:\n        relation: conducts\n        object: carrier/electron\n"
        "        evidence:\n          general: {type: GeneralChemistryEvidence, note: Made up too.}\n"
        "      blocks-electrons:\n",
    )
    said = lithio("check", sources=small)
    assert said.code == 1
    assert "“zinc oxide”: conducts: “electron”" in said.out
    assert "“zinc oxide”: blocks: “electron”" in said.out
    assert "mend: take back or correct one of these facts" in said.out
    lines = {number for file, number, _ in found_places(said.out) if file == SUBSTANCES}
    assert any(line <= number <= line + 3 for number in lines), said.out
    assert any(line + 4 <= number <= line + 7 for number in lines), said.out


def test_a_layer_that_is_a_liquid_and_a_solid_electrolyte_is_a_contradiction(
    edit: Edit, small: Sources, lithio: Any
) -> None:
    line = edit(
        DESIGN, "type: InorganicSolidElectrolyte", "type: [InorganicSolidElectrolyte, LiquidElectrolyte]"
    )
    said = lithio("check", sources=small)
    assert said.code == 1
    assert "“garnet electrolyte” is of the class" in said.out
    assert f"{DESIGN}:{line}:" in said.out


def test_all_problems_of_all_files_are_told_at_once(edit: Edit, small: Sources, lithio: Any) -> None:
    lines = {
        (DESIGN, edit(DESIGN, "type: InterfacialLayer", "type: InterfacialLayr")),
        (DESIGN, edit(DESIGN, '"20 Ω cm2"', '"20 blorps"')),
        (SUBSTANCES, edit(SUBSTANCES, "relation: blocks", "relation: blokcs")),
        (QUESTION, edit(QUESTION, "#+ title:", "#+ titel:")),
    }
    said = lithio("check", sources=small)
    assert said.code == 1
    assert {file for file, _ in lines} == {file for file, _, _ in found_places(said.out)}
    assert {each for each in lines if each[0] != QUESTION} <= {(f, n) for f, n, _ in found_places(said.out)}


def test_broken_rules_and_contradictions_are_told_at_once(edit: Edit, small: Sources, lithio: Any) -> None:
    edit(DESIGN, 'result: "99.2%"', 'result: "120%"')
    edit(DESIGN, "type: InorganicSolidElectrolyte", "type: [InorganicSolidElectrolyte, LiquidElectrolyte]")
    edit(DESIGN, "constituents: [ZnO]", "constituents: [ZnOO]")
    said = lithio("check", sources=small)
    assert said.code == 1
    assert "never above 100 %; 120 is" in said.out
    assert "ZnOO" in said.out
    assert "a contradiction" in said.out or "contradictions" in said.out


def test_check_writes_every_problem_as_json(edit: Edit, small: Sources, lithio: Any) -> None:
    line = edit(DESIGN, 'result: "99.2%"', 'result: "120%"')
    said = lithio("check", "-f", "json", sources=small)
    assert said.code == 1
    found = json.loads(said.out)
    assert (DESIGN, line) in {(each["file"], each["line"]) for each in found}
    assert all(each["mend"] for each in found)


def test_check_writes_a_contradiction_as_json(edit: Edit, small: Sources, lithio: Any) -> None:
    edit(DESIGN, "type: InorganicSolidElectrolyte", "type: [InorganicSolidElectrolyte, LiquidElectrolyte]")
    said = lithio("check", "-f", "json", sources=small)
    assert said.code == 1
    assert any("garnet electrolyte" in each.get("message", "") for each in json.loads(said.out))


def test_sources_without_a_problem_pass(small: Sources, lithio: Any) -> None:
    said = lithio("check", sources=small)
    assert said.code == 0
    assert "consistent" in said.err


def test_the_shipped_sources_pass(shipped: Sources, lithio: Any) -> None:
    said = lithio("check", "-f", "json", sources=shipped)
    assert said.code == 0
    assert not {each["severity"] for each in json.loads(said.out)} & {"error", "violation"}


def test_a_missing_folder_is_named(small: Sources, lithio: Any) -> None:
    (small.root / "queries").rename(small.root / "elsewhere")
    said = lithio("check", sources=small)
    assert said.code == 3
    assert str(small.root) in said.err
    assert "LITHIOKG_SOURCES" in said.err


def test_the_last_good_snapshot_answers_while_the_sources_are_broken(
    edit: Edit, small: Sources, lithio: Any, filled: Cache
) -> None:
    edit(DESIGN, '"20 Ω cm2"', '"20 mV"')
    query = "SELECT ?p { ?o lkg:hasResult/lkg:printed ?p } ORDER BY ?p"
    said = lithio("sparql", query, "-f", "csv", sources=small, cache=filled.root)
    assert said.code == 0
    assert said.out.splitlines() == ["p", "20 Ω cm2", "99.2%"]
    assert "last good snapshot" in said.err
    assert "lithiokg check" in said.err
    assert lithio("-q", "sparql", query, sources=small, cache=filled.root).err == ""


def test_a_cache_folder_that_cannot_be_written_is_named(small: Sources, lithio: Any, tmp_path: Any) -> None:
    (tmp_path / "file").write_text("")
    said = lithio("build", sources=small, cache=tmp_path / "file")
    assert said.code == 3
    assert f"the cache folder {tmp_path / 'file'} cannot be written" in said.err
    assert "mend:" in said.err
    assert "LITHIOKG_CACHE" in said.err
    assert "Traceback" not in said.everything


def test_build_tells_whether_it_built(small: Sources, lithio: Any, filled: Cache) -> None:
    said = lithio("build", sources=small, cache=filled.root)
    assert said.code == 0
    assert re.fullmatch(r"snapshot \w{16} is up to date: [\d,]+ triples\n", said.out)
    forced = lithio("build", "--force", sources=small, cache=filled.root)
    assert forced.code == 0
    assert re.fullmatch(r"built snapshot \w{16}: [\d,]+ triples in \d+\.\d s\n", forced.out)
    assert str(filled.root) in forced.err
