"""A filled-in template becomes records of a collection, or a list of everything that is wrong."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.build import assemble
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.intake import CellPlace, IntakeError, take_in
from lithiokg.intake import folder as folders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.sources import Sources

LAYER = "nitride layer on LLZO"
PLACE = {"evidence_section": "results", "evidence_paragraph": 2}


def problems_of(take: Callable[..., Any], *paths: Path, **options: Any) -> dict[str, str]:
    """The problems of an import: place -> message and mend."""
    with pytest.raises(IntakeError) as caught:
        take(*paths, **options)
    return {str(problem.place): str(problem) for problem in caught.value.problems}


def test_a_paper_becomes_records_that_build_and_know_what_follows(
    paper: Any, take: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    taken = take(paper.save(tmp_path / "meyer-2027.xlsx"))
    lab = tmp_path / "our-lab"
    assert taken.written
    assert {path: state for path, state in taken.files.items() if "design" in path} == {
        "meyer-2027/designs/nitride-layer-on-llzo.yaml": "new"
    }
    assert taken.counts == {"works": 1, "references": 1, "sections": 1, "substances": 1, "designs": 1,
                            "components": 3, "observations": 2, "claims": 1}  # fmt: skip
    assert "interlayer" in taken.derived["nitride-layer-on-llzo/components/layer"]
    text = (lab / "meyer-2027" / "designs" / "nitride-layer-on-llzo.yaml").read_text("utf-8")
    assert 'result: "~31 Ohm·cm²"' in text, "figures stay as printed"
    built = assemble(replace(base, collections=(lab,)))
    said = {(quad.subject.value.rpartition("id/")[2], quad.object.value) for quad in built.quads
            if quad.predicate.value.endswith("/unit")}  # fmt: skip
    about = "design/nitride-layer-on-llzo/observations/area-specific-resistance-with-modification/result"
    assert (about, "https://w3id.org/lithiokg/id/unit/ohm-square-centimetre") in said


def test_a_dry_run_says_the_same_and_writes_nothing(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    path = paper.save(tmp_path / "meyer-2027.xlsx")
    tried = take(path, dry_run=True)
    assert not (tmp_path / "our-lab").exists()
    done = take(path)
    assert (tried.files, tried.derived, tried.written) == (done.files, done.derived, False)


def test_every_problem_is_told_at_once_with_its_cell_and_nothing_is_written(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("substances", type="metal nitrid", label="tin nitride", formula="Sn3N4")
    paper.add("components", design=LAYER, type="artificial SEI", label="x", constituents="zinc-oxide")
    paper.add("observations", subject=LAYER, property="area specific resistence", result="5 Ω cm2", **PLACE)
    paper.add("observations", subject=LAYER, property="area-specific resistance", result="0,5 Ω cm2",
              at_current_density="1 mA", **PLACE)  # fmt: skip
    paper.add("observations", subject="nitride layer on LLZ", property="area-specific resistance",
              result="20 Ω cm-2", **PLACE)  # fmt: skip
    paper.add("claims", subject="zinc nitride", relation="conduct", object="electron", polarity="perhaps")
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    expected = {
        "sheet substances, row 5, column C (type)": "did you mean 'metal nitride'",
        "sheet components, row 7, column E (type)": "derived, never typed in",
        "sheet components, row 7, column G (constituents)": "did you mean ZnO (zinc oxide)?",
        "sheet observations, row 6, column D (property)": "did you mean area-specific-resistance",
        "sheet observations, row 7, column E (result)": "between thousands: 0.5",
        "sheet observations, row 7, column G (at current density)": "mA cm-2",
        "sheet observations, row 8, column B (subject)": "did you mean design/nitride-layer-on-llzo",
        "sheet observations, row 8, column E (result)": "'20 Ω cm-2 [read as 20 Ω cm2]'",
        "sheet claims, row 5, column D (relation)": "did you mean 'conducts'",
        "sheet claims, row 5, column F (polarity)": "write one of: positive, negative",
    }
    assert {place.removeprefix("meyer.xlsx, ") for place in found} == set(expected)
    for place, words in expected.items():
        assert words in found[f"meyer.xlsx, {place}"]
    assert not (tmp_path / "our-lab").exists()


def test_a_rule_that_the_records_break_is_told_of_the_row(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    row = paper.add("observations", subject=LAYER, property="area-specific resistance", result="40 Ω cm2")
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    [(place, said)] = found.items()
    assert place == f"meyer.xlsx, sheet observations, row {row}"
    assert "The rule observation-evidence" in said
    assert "mend: Add evidence" in said


def test_importing_again_changes_nothing_and_says_so(
    paper: Any, take: Callable[..., Any], tmp_path: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    path = paper.save(tmp_path / "meyer.xlsx")
    take(path)
    before = contents(tmp_path / "our-lab")
    again = take(path)
    assert again.unchanged
    assert not again.written
    assert contents(tmp_path / "our-lab") == before


def test_what_is_merely_added_is_written_and_a_change_needs_replace(
    paper: Any, take: Callable[..., Any], tmp_path: Path, contents: Callable[[Path], dict[str, bytes]]
) -> None:
    take(paper.save(tmp_path / "meyer.xlsx"))
    paper.add("observations", subject=LAYER, property="interfacial resistance", result="12 Ω",
              evidence_quoted_figure="12 Ω", **PLACE)  # fmt: skip
    added = take(paper.save(tmp_path / "meyer.xlsx"))
    assert added.written
    assert added.changes == []
    paper.cell("observations", 4, "result").value = "~33 Ohm·cm²"
    path = paper.save(tmp_path / "meyer.xlsx")
    before = contents(tmp_path / "our-lab")
    with pytest.raises(IntakeError) as caught:
        take(path)
    assert "printed '~31 Ohm·cm²' becomes '~33 Ohm·cm²'" in str(caught.value)
    assert "--replace" in str(caught.value)
    assert contents(tmp_path / "our-lab") == before
    assert take(path, replace_own=True).written
    assert contents(tmp_path / "our-lab") != before


def test_a_design_that_is_no_longer_in_the_file_is_withdrawn_only_when_asked(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    row = paper.add("designs", label="bare LLZO", reported_in=1, evidence_section="results", evidence_paragraph=1,
                    evidence_key_phrase="bare LLZO")  # fmt: skip
    paper.add("components", design="bare LLZO", type="lithium electrode", label="lithium")
    take(paper.save(tmp_path / "meyer.xlsx"))
    paper.book["designs"].delete_rows(row)
    paper.book["components"].delete_rows(7)
    path = paper.save(tmp_path / "meyer.xlsx")
    with pytest.raises(IntakeError, match="design/bare-llzo is withdrawn"):
        take(path)
    gone = tmp_path / "our-lab" / "meyer" / "designs" / "bare-llzo.yaml"
    assert gone.exists()
    assert take(path, replace_own=True).files["meyer/designs/bare-llzo.yaml"] == "removed"
    assert not gone.exists()


def test_a_file_that_somebody_edited_or_wrote_is_never_replaced(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    path = paper.save(tmp_path / "meyer.xlsx")
    take(path)
    written = tmp_path / "our-lab" / "meyer" / "designs" / "nitride-layer-on-llzo.yaml"
    edited = written.read_text("utf-8").replace("Li foil", "my own foil")
    written.write_text(edited, encoding="utf-8")
    with pytest.raises(IntakeError, match="was edited by hand"):
        take(path, replace_own=True)
    assert written.read_text("utf-8") == edited
    mine = tmp_path / "our-lab" / "meyer" / "works.yaml"
    mine.write_text(mine.read_text("utf-8").replace("# lithiokg-import", "# mine:"), encoding="utf-8")
    with pytest.raises(IntakeError, match=r"results is in the graph already, at our-lab/meyer/works.yaml"):
        take(path, replace_own=True)


def test_what_the_graph_has_already_is_told_of_and_never_merged(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("substances", key="ZnO", type="metal oxide", label="zinc oxide of ours", formula="ZnO")
    paper.add("substances", key="Zincite", type="metal oxide", label="Zinc Oxide (ZnO)")
    paper.add("substances", type="garnet-type oxide", label="our garnet", formula="Zr2Li7La3O12")
    paper.add("works", key="again", type="journal article", label="again", title="A Paper on One Layer")
    paper.add("designs", label="Oxide layer on garnet")
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    told = {place.partition("sheet ")[2]: text for place, text in found.items()}
    assert (
        "ZnO is in the graph already, at data/paper-2024-1/substances.yaml"
        in told["substances, row 5, column B (key)"]
    )
    assert "use ZnO and delete the row" in told["substances, row 6, column D (label)"]
    assert (
        "LLZO (lithium garnet), by its formula (La3Li7O12Zr2)" in told["substances, row 7, column D (label)"]
    )
    assert "refer to paper-2024-1" in told["works, row 5, column D (label)"]
    assert "layer-on-garnet (oxide layer on garnet)" in told["designs, row 5, column C (label)"]


def test_a_substance_that_is_merely_like_another_is_taken_when_somebody_says_so(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("substances", key="wurtzite-ZnO", type="metal oxide", label="wurtzite", formula="ZnO",
              definition="A form of zinc oxide.", distinct_from="ZnO")  # fmt: skip
    assert take(paper.save(tmp_path / "meyer.xlsx")).written


def test_the_same_figure_from_the_same_place_is_refused_and_another_value_is_told_of(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    same = {"subject": LAYER, "property": "area-specific resistance", "stage": "with the modification"}
    row = paper.add("observations", **same, result="~ 31 ohm cm2", evidence_quoted_figure="31", **PLACE)
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    assert list(found) == [f"meyer.xlsx, sheet observations, row {row}"]
    assert "row 4" in next(iter(found.values()))
    paper.cell("observations", row, "result").value = "310 ohm cm2"
    paper.cell("observations", row, "evidence paragraph").value = 3
    taken = take(paper.save(tmp_path / "meyer.xlsx"))
    assert taken.written
    assert any("area-specific resistance of nitride layer" in each for each in taken.disagreements)


def test_a_new_substance_must_be_asked_for(paper: Any, take: Callable[..., Any], tmp_path: Path) -> None:
    paper.add("components", design=LAYER, type="coating", label="coat", constituents="unobtainium")
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    [said] = found.values()
    assert "there is no substance 'unobtainium'" in said
    assert "add a row for it in the sheet substances" in said


def test_a_second_name_of_a_substance_is_understood_and_told_of(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("components", design=LAYER, type="coating", label="coat", constituents="Li₇La₃Zr₂O₁₂")
    taken = take(paper.save(tmp_path / "meyer.xlsx"))
    assert any("'Li₇La₃Zr₂O₁₂' was taken for LLZO (lithium garnet)" in note for note in taken.notes)


def test_several_csv_files_are_one_import(take: Callable[..., Any], tmp_path: Path, base: Sources) -> None:
    (tmp_path / "works.csv").write_text(
        "key;type;label;title;reference number\npaper-9;journal article;P9;Ninth paper;9\n", encoding="utf-16"
    )
    (tmp_path / "sections.csv").write_text("section number,label\n1,Results\n", encoding="utf-8-sig")
    paths = [tmp_path / "works.csv", tmp_path / "sections.csv"]
    with pytest.raises(UsageError, match="needs a name"):
        take(*paths)
    taken = take(*paths, source="paper-9")
    assert taken.counts == {"works": 1, "references": 1, "sections": 1}
    text = (tmp_path / "our-lab" / "paper-9" / "works.yaml").read_text("utf-8")
    assert "results: {section-number: 1, label: Results, document: paper-9}" in text


def test_a_collection_that_holds_records_itself_is_the_source(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    lab = tmp_path / "our-lab"
    lab.mkdir()
    (lab / "own.yaml").write_text(
        "substances:\n  X1: {type: MetalOxide, label: my oxide}\n", encoding="utf-8"
    )
    path = paper.save(tmp_path / "meyer.xlsx")
    with pytest.raises(UsageError, match="is the source our-lab"):
        take(path, source="meyer")
    assert take(path).target.source == "our-lab"
    assert (lab / "meyer-works.yaml").exists()
    assert (lab / "own.yaml").read_text("utf-8").startswith("substances:")


@pytest.mark.parametrize("name", ["../evil", "a/b", "..", "a b", ".hidden", "x\x00y", "queries", "a" * 200])
def test_a_source_cannot_lead_out_of_the_collection(
    name: str, paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(UsageError):
        take(paper.save(tmp_path / "meyer.xlsx"), source=name)
    assert not (tmp_path / "our-lab").exists()


def test_a_key_cannot_lead_out_of_the_folder(paper: Any, take: Callable[..., Any], tmp_path: Path) -> None:
    keys = ["../../evil", "a/b", "a b", "-x", "C:evil"]
    rows = [paper.add("designs", key=key, label=f"evil {number}") for number, key in enumerate(keys)]
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    assert set(found) == {f"meyer.xlsx, sheet designs, row {row}, column B (key)" for row in rows}
    assert all("cannot be a key" in said for said in found.values())


def test_a_collection_that_is_broken_already_is_mended_first(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    lab = tmp_path / "our-lab" / "other"
    lab.mkdir(parents=True)
    (lab / "x.yaml").write_text("designs: [", encoding="utf-8")
    with pytest.raises(IntakeError, match=r"our-lab/other/x.yaml:\d+:\d+"):
        take(paper.save(tmp_path / "meyer.xlsx"))


def test_a_full_disk_leaves_what_was_there(
    paper: Any,
    take: Callable[..., Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    contents: Callable[[Path], dict[str, bytes]],
) -> None:
    take(paper.save(tmp_path / "meyer.xlsx"))
    before = contents(tmp_path / "our-lab")
    paper.cell("observations", 4, "result").value = "~33 Ohm·cm²"
    paper.add("substances", type="metal nitride", label="tin nitride", formula="Sn3N4", definition="One.")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LithioKGError, match="No space left"):
        take(paper.save(tmp_path / "meyer.xlsx"), replace_own=True)
    assert contents(tmp_path / "our-lab") == before


def test_an_import_that_was_killed_while_moving_files_is_finished_by_the_next(
    paper: Any, take: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(paper.save(tmp_path / "meyer.xlsx"))
    paper.cell("observations", 4, "result").value = "~33 Ohm·cm²"
    paper.cell("works", 4, "title").value = "Nitride films"
    path = paper.save(tmp_path / "meyer.xlsx")

    class KilledError(BaseException):
        pass

    def die(collection: Path) -> bool:
        plan = json.loads((collection / ".lithiokg-import.json").read_text("utf-8"))
        first = plan["files"][0]
        (collection / plan["fresh"] / first).replace(collection / plan["folder"] / first)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(folders, "finish_interrupted", die)
        with pytest.raises(KilledError):
            take(path, replace_own=True)
    assert take(path).unchanged
    written = tmp_path / "our-lab" / "meyer"
    assert "~33" in (written / "designs" / "nitride-layer-on-llzo.yaml").read_text("utf-8")
    assert "Nitride films" in (written / "works.yaml").read_text("utf-8")
    assert not list((tmp_path / "our-lab").glob(".import-*"))


def test_a_journal_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".lithiokg-import.json").write_text(
        json.dumps({"fresh": "../x", "folder": ".", "files": [], "removed": ["../../etc/passwd"]}), "utf-8"
    )
    with pytest.raises(LithioKGError, match="cannot be read"):
        folders.finish_interrupted(tmp_path)


def test_the_command_line_tells_problems_as_text_and_json_and_exits_with_one(
    paper: Any, lithio: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    paper.add("observations", subject=LAYER, property="thicknes", result="1 nm")
    path = str(paper.save(tmp_path / "meyer.xlsx"))
    call = ("import", path, "--into", str(tmp_path / "lab"), "--dry-run")
    told = lithio(*call, sources=base, cache=tmp_path / "cache")
    assert told.code == 1
    assert "column D (property)" in told.out
    assert "Traceback" not in told.everything
    listed = json.loads(lithio(*call, "-f", "json", sources=base, cache=tmp_path / "cache").out)
    assert {(each["sheet"], each["row"], each["heading"]) for each in listed} >= {
        ("observations", 6, "property")
    }


def test_the_command_line_imports_and_the_graph_answers(
    paper: Any, lithio: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    path, lab = str(paper.save(tmp_path / "meyer.xlsx")), str(tmp_path / "lab")
    done = lithio("import", path, "--into", lab, sources=base, cache=tmp_path / "cache")
    assert (done.code, "wrote 1 work," in done.out) == (0, True)
    shown = lithio("--with", lab, "show", LAYER, sources=base, cache=tmp_path / "cache").out
    assert "curated at lab/meyer/designs/nitride-layer-on-llzo.yaml" in shown
    assert "Zn3N2 film" in shown


def test_places_of_cells_are_in_the_order_of_a_reader() -> None:
    places = [CellPlace("a.xlsx", 10, 1), CellPlace("a.xlsx", 9, 28), CellPlace("a.xlsx", 9, 2)]
    assert [str(place) for place in sorted(places)] == [
        "a.xlsx, row 9, column B", "a.xlsx, row 9, column AB", "a.xlsx, row 10, column A",
    ]  # fmt: skip


def test_two_imports_do_not_write_into_one_collection_at_once(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    fcntl = pytest.importorskip("fcntl")
    (tmp_path / "our-lab").mkdir()
    descriptor = os.open(tmp_path / "our-lab", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    path = paper.save(tmp_path / "meyer.xlsx")
    with pytest.raises(LithioKGError, match="another import is writing"):
        take(path)
    os.close(descriptor)
    assert take(path).written


def test_what_a_killed_import_left_before_it_moved_anything_is_cleared_away(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "our-lab" / ".import-1-abc").mkdir(parents=True)
    take(paper.save(tmp_path / "meyer.xlsx"))
    assert not list((tmp_path / "our-lab").glob(".import-*"))


def test_a_file_that_is_not_there_or_of_another_kind_is_told_of(
    take: Callable[..., Any], tmp_path: Path
) -> None:
    with pytest.raises(IntakeError, match="cannot be read: No such file"):
        take(tmp_path / "nowhere.xlsx")
    with pytest.raises(UsageError, match="of no kind that can be imported"):
        take(tmp_path / "paper.xls")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="is a file, not a folder"):
        take(tmp_path / "a.csv", into=tmp_path / "file")


def test_a_claim_that_contradicts_the_graph_is_told_of_its_row_alone(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    row = paper.add("claims", subject="ZnO", relation="conducts", object="carrier/electron",
                    evidence_key_phrase="is a semiconductor", **PLACE)  # fmt: skip
    [(place, said)] = problems_of(take, paper.save(tmp_path / "meyer.xlsx")).items()
    assert place == f"meyer.xlsx, sheet claims, row {row}, column E (object)"
    assert "“zinc oxide”: conducts: “electron” cannot be, together with" in said
    assert "“zinc oxide”: blocks: “electron”  (data/paper-2024-1/substances.yaml:" in said
    assert "give it the modality 'hedged'" in said
    assert "by:" not in said, "axioms are not what is to be mended"
    paper.cell("claims", row, "modality").value = "hedged"
    assert take(paper.save(tmp_path / "meyer.xlsx")).written


def test_what_would_follow_is_told_by_labels(paper: Any, take: Callable[..., Any], tmp_path: Path) -> None:
    taken = take(paper.save(tmp_path / "meyer.xlsx"), dry_run=True)
    assert taken.labels["nitride-layer-on-llzo"] == LAYER
    assert taken.labels["nitride-layer-on-llzo/components/layer"] == f"{LAYER}, Zn3N2 film"
    assert set(taken.labels) == set(taken.derived)


def test_the_paper_itself_is_called_by_its_label_and_other_references_by_their_source(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("references", reference_number=7)
    take(paper.save(tmp_path / "meyer.xlsx"))
    text = (tmp_path / "our-lab" / "meyer" / "works.yaml").read_text("utf-8")
    assert text.count("label: Meyer 2027") == 2
    assert "label: reference 7 of meyer" in text


def test_what_the_rules_find_doubtful_in_the_rows_is_remarked(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    row = paper.add("observations", subject=LAYER, property="coulombic efficiency", result="99 %",
                    evidence_quoted_figure="99 %", **PLACE)  # fmt: skip
    taken = take(paper.save(tmp_path / "meyer.xlsx"))
    [note] = [note for note in taken.notes if "without conditions" in note]
    assert note.startswith(f"meyer.xlsx, sheet observations, row {row}")


def test_remarks_are_told_in_the_order_of_the_rows(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    rows = [
        paper.add("observations", subject=LAYER, property="coulombic efficiency", result=f"{number} %",
                  evidence_quoted_figure=str(number), **PLACE)
        for number in (97, 93, 99, 91, 98, 92)
    ]  # fmt: skip
    notes = take(paper.save(tmp_path / "meyer.xlsx")).notes
    told = [note.partition(": ")[0] for note in notes if "without conditions" in note]
    assert told == [f"meyer.xlsx, sheet observations, row {row}" for row in rows]


def test_a_rule_about_a_figure_apart_names_the_design(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    take(paper.save(tmp_path / "meyer.xlsx"))
    more = tmp_path / "more.csv"
    more.write_text(
        "subject,property,result,evidence section,evidence paragraph,evidence quoted figure\n"
        f"{LAYER},coulombic efficiency,120 % [read as 99 %],results,2,120\n",
        encoding="utf-8",
    )
    [said] = problems_of(take, more, source="meyer").values()
    assert f"row 2: {LAYER}, observations, nitride-layer-on-llzo-coulombic-efficiency: 120 %." in said
    assert "The rule observation-read-value" in said
    assert "lkgi:" not in said


def test_a_source_of_the_same_name_elsewhere_is_told_with_the_ways_out(
    paper: Any, take: Callable[..., Any], tmp_path: Path, base: Sources
) -> None:
    path = paper.save(tmp_path / "meyer.xlsx")
    take(path)
    beside = replace(base, collections=((tmp_path / "our-lab").resolve(),))
    with pytest.raises(UsageError, match="a source meyer already, in the collection") as caught:
        take_in([path], sources=beside, into=tmp_path / "other-lab")
    assert "--source NAME" in (caught.value.mend or "")
    with pytest.raises(UsageError, match="among the shipped ones"):
        take(path, source="paper-2024-1")


def test_values_parted_by_commas_are_told_of_semicolons(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("components", design=LAYER, type="coating", label="x", constituents="ZnO, LLZO",
              contacts="lithium, pellet")  # fmt: skip
    paper.add("substances", type="polymer", label="a polymer", formula="(C2H4O)n")
    found = problems_of(take, paper.save(tmp_path / "meyer.xlsx"))
    told = "\n".join(found.values())
    assert "several values are parted by semicolons: ZnO; LLZO" in told
    assert "several values are parted by semicolons: lithium; pellet" in told
    assert "a polymer has no formula" in told


def test_what_is_wrong_with_many_rows_is_told_once_and_counted_row_by_row(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    rows = [
        paper.add("observations", subject=LAYER, property="area specific resistence", result=f"{number} Ω cm2",
                  evidence_quoted_figure=str(number), **PLACE)
        for number in range(10, 19)
    ]  # fmt: skip
    with pytest.raises(IntakeError) as caught:
        take(paper.save(tmp_path / "meyer.xlsx"))
    assert len(caught.value.problems) == 9
    told = str(caught.value).splitlines()
    assert len(told) == 3
    assert f"rows {', '.join(map(str, rows[:5]))} and 4 more, column D (property)" in told[0]
    assert "did you mean" in told[1]
    assert told[2] == "9 problems; nothing was written"


def test_a_rule_that_many_records_break_is_told_once(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    for number in range(4):
        paper.add("designs", label=f"layer {number}", reported_in=1, **PLACE)
        paper.add(
            "components", design=f"layer {number}", type="InterfacialLayer", label="film", constituents="ZnO"
        )
    with pytest.raises(IntakeError) as caught:
        take(paper.save(tmp_path / "meyer.xlsx"))
    text = str(caught.value)
    assert text.count("The rule evidence-mark") == 1
    assert "rows 5, 6, 7, 8: The rule evidence-mark" in text
    assert "layer 3" in str(caught.value.problems[3])


def test_a_reference_is_found_by_its_number_whatever_its_key(
    paper: Any, take: Callable[..., Any], tmp_path: Path
) -> None:
    paper.add("references", key="the-second", reference_number=12, refers_to="meyer-2027")
    paper.add("designs", label="another layer", reported_in=12, evidence_key_phrase="one more", **PLACE)
    paper.add("components", design="another layer", type="InterfacialLayer", label="film", constituents="ZnO")
    take(paper.save(tmp_path / "meyer-2027.xlsx"))
    text = (tmp_path / "our-lab" / "meyer-2027" / "designs" / "another-layer.yaml").read_text("utf-8")
    assert "the-second" in text
