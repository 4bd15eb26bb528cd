from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.build import Cache
from lithiokg.changes import Changes, Edit, compare_states, open_state, tell
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.release import CONTENT_FILE
from lithiokg.sources import Sources

if TYPE_CHECKING:
    from conftest import Run

ROOT = Path(__file__).parent.parent.parent
OBSERVATION = """\
      resistance:
        property: area-specific-resistance
        result: "20 Ω cm2"
"""
MORE = """\
      polarization:
        property: voltage-polarization
        result: "30 mV"
        conditions: {current-density: "0.5 mA cm-2"}
        evidence:
          text: {section: results, paragraph: 3, figure: "30"}
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The small graph."""
    root = tmp_path_factory.mktemp("before")
    for folder in ("ontology", "queries"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(ROOT / "tests" / "build" / "small", root / "data" / "paper-2024-1")
    return Sources(root)


@pytest.fixture(scope="module")
def after(before: Sources, tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The same with one figure corrected, one withdrawn, one added, another substance in the layer."""
    root = tmp_path_factory.mktemp("after") / "sources"
    shutil.copytree(before.root, root)
    design = root / "data" / "paper-2024-1" / "design.yaml"
    text = design.read_text("utf-8")
    start = text.index("      efficiency:")
    text = text[:start] + MORE
    text = text.replace(OBSERVATION, OBSERVATION.replace("20 Ω", "25 Ω")).replace("[ZnO]", "[LiF]")
    text = text.replace("contacts: [lithium, electrolyte]", "contacts: [lithium]")
    design.write_text(text, "utf-8")
    substances = root / "data" / "paper-2024-1" / "substances.yaml"
    lines = (
        substances.read_text("utf-8")
        .replace("ZnO:", "LiF:")
        .replace("type: MetalOxide", "type: LithiumHalide")
    )
    substances.write_text(
        lines.replace("zinc oxide", "lithium fluoride")
        .replace("[ZnO]", "[LiF]")
        .replace("formula: ZnO", "formula: LiF"),
        "utf-8",
    )
    return Sources(root)


@pytest.fixture(scope="module")
def changes(before: Sources, after: Sources, kept: Cache) -> Changes:
    old, new = (open_state(str(each.root), before, cache=kept) for each in (before, after))
    return compare_states(old, new)


def test_a_corrected_figure_is_told_with_both_figures(changes: Changes) -> None:
    (change,) = (each for each in changes.records if each.iri.endswith("/observations/resistance"))
    assert (change.edit, change.kind) == (Edit.CORRECTED, "observation")
    assert change.place == "data/paper-2024-1/design.yaml:21:7"
    fields = {each.field: (each.before, each.after) for each in change.values}
    assert fields["has result, printed"] == (("20 Ω cm2",), ("25 Ω cm2",))


def test_an_added_and_a_withdrawn_record_are_told_with_their_places(changes: Changes) -> None:
    edits = {each.iri.rpartition("/")[2]: each for each in changes.records}
    assert edits["polarization"].edit is Edit.ADDED
    assert "30 mV" in edits["polarization"].title
    assert edits["efficiency"].edit is Edit.WITHDRAWN
    assert edits["efficiency"].place is not None
    assert edits["efficiency"].place.startswith("data/paper-2024-1/design.yaml:")


def test_what_is_not_changed_is_not_told(changes: Changes) -> None:
    told = {each.iri for each in changes.records}
    assert not any(iri.endswith(("/design/layer-on-garnet", "/components/lithium", "LLZO")) for iri in told)


def test_what_is_inferred_otherwise_of_a_thing_that_was_there_is_told(changes: Changes) -> None:
    (layer,) = (each for each in changes.inferences if each.iri.endswith("/components/layer"))
    assert layer.edit is Edit.CORRECTED
    assert ("is an", "interlayer") in layer.lost


def test_saved_questions_whose_answers_changed_are_told_with_their_rows(changes: Changes) -> None:
    answers = {each.name: each for each in changes.answers}
    figures = answers["figures-of-a-property"]
    printed = figures.columns.index("printed")
    assert [row[printed] for row in figures.before] == ["20 Ω cm2"]
    assert [row[printed] for row in figures.after] == ["25 Ω cm2"]
    assert "printed-against-resolved-references" not in answers
    assert changes.asked > len(changes.answers)


def test_a_state_does_not_differ_from_itself(before: Sources, kept: Cache) -> None:
    state = open_state(str(before.root), before, cache=kept)
    same = compare_states(state, state)
    assert not same
    assert "nothing differs" in tell(same)


def test_terms_of_the_ontology_are_compared_axiom_by_axiom(
    before: Sources, kept: Cache, tmp_path: Path
) -> None:
    root = tmp_path / "sources"
    shutil.copytree(before.root, root)
    module = root / "ontology" / "modules" / "methods.ttl"
    text = module.read_text("utf-8")
    label = text.index("skos:prefLabel")
    begin = text.index('"', label)
    module.write_text(text[: begin + 1] + "renamed " + text[begin + 1 :], "utf-8")
    old, new = (open_state(str(each), before, cache=kept) for each in (before.root, root))
    found = compare_states(old, new)
    assert [each.edit for each in found.terms] == [Edit.CORRECTED]
    (detail,) = found.terms[0].details
    assert [each.removeprefix("renamed ") for each in detail.after] == list(detail.before)


def test_a_release_file_and_a_snapshot_are_states_too(before: Sources, kept: Cache, tmp_path: Path) -> None:
    built = open_state(str(before.root), before, cache=kept)
    assert built.graph.snapshot is not None
    by_key = open_state(built.graph.snapshot.key[:8], before, cache=kept)
    file = tmp_path / CONTENT_FILE
    file.parent.mkdir()
    quads = "".join(f"{quad} .\n" for quad in built.graph.store.quads())
    file.write_text(quads, "utf-8")
    for state in (
        by_key,
        open_state(str(tmp_path), before, cache=kept),
        open_state(str(file), before, cache=kept),
    ):
        assert not compare_states(built, state)


def test_what_is_no_state_is_refused_with_what_is(before: Sources, kept: Cache, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no snapshot, folder or file 'nowhere'"):
        open_state("nowhere", before, cache=kept)
    with pytest.raises(UsageError, match="not the name of a snapshot"):
        open_state("abcdef012345", before, cache=kept)
    with pytest.raises(UsageError, match="neither sources nor a release"):
        open_state(str(tmp_path), before, cache=kept)
    bad = tmp_path / "bad.nq"
    bad.write_text("<x> <y", "utf-8")
    with pytest.raises(LithioKGError, match="does not read"):
        open_state(str(bad), before, cache=kept)
    with pytest.raises(UsageError, match="syntax with named graphs"):
        open_state(str(ROOT / "README.md"), before, cache=kept)


def test_markdown_and_json_hold_the_same_as_the_text(changes: Changes) -> None:
    assert "**~** layer" in tell(changes, "md") or "**~** oxide layer" in tell(changes, "md")
    content = json.loads(tell(changes, "json"))
    assert {each["edit"] for each in content["records"]} == {"added", "withdrawn", "corrected"}
    assert len(content["answers"]) == len(changes.answers)
    everything = tell(changes, limit=None)
    assert "more (--all" not in everything
    assert "more (--all" in tell(changes, limit=1)


def test_the_verb_tells_and_its_exit_code_can_be_asked_for(
    before: Sources, after: Sources, kept: Cache, lithio: Run
) -> None:
    told = lithio("diff", str(before.root), str(after.root), "--exit-code", cache=kept.root)
    assert told.code == 1
    assert "25 Ω cm2" in told.out
    same = lithio("diff", str(after.root), str(after.root), "--exit-code", cache=kept.root)
    assert (same.code, "nothing differs" in same.out) == (0, True)
