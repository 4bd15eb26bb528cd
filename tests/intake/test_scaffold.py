"""``lithiokg new``: files that say what is to be filled in, and build once it is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.build import SourceProblemsError, assemble
from lithiokg.errors import UsageError
from lithiokg.intake import begin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.sources import Sources

WORDS = {
    "a short name": "Meyer 2027", "family names": "Meyer A", "title of the journal": "J Test", "year of pub": "2027",
    "the heading": "Results", "number of the reference": "1", "key of the section": "results",
    "number of the paragraph": "1", "at most six": "a few words", "LiquidElectrolyte": "InorganicSolidElectrolyte",
    "what the source calls": "a body", "key of a substance": "LLZO", "before-cell": "before-cell-assembly",
    "area-specific": "area-specific-resistance", "the figure as printed, with": "24 Ω cm2",
    "the figure as printed there": "24", "MetalOxide": "MetalNitride", "other names": "nitride of zinc",
    "one line that": "A nitride.", "such as Li7": "Zn3N2", "what lithium makes": "substance/Li",
}  # fmt: skip


@pytest.fixture
def lab(base: Sources, tmp_path: Path) -> Path:
    """A collection in which a work, a design and a substance were begun."""
    into = tmp_path / "our-lab"
    begin("work", "Nitride Layers: a Test", into, None, base)
    begin("design", "nitride layer on LLZO", into, None, base)
    begin("substance", "Zn3N2", into, None, base)
    return into


def fill(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        word = next(value for start, value in WORDS.items() if found[1].strip().startswith(start))
        number = word.isdecimal() and "quotes" in found[1]
        return word if number else f'"{word}"'

    return re.sub(r'"FILL IN:(.*?)"', meant, text)


def test_unfilled_places_are_told_in_words_and_nothing_else_is(lab: Path, base: Sources) -> None:
    with pytest.raises(SourceProblemsError) as caught:
        assemble(replace(base, collections=(lab,)))
    told = [problem.message for problem in caught.value.problems]
    assert all(message.startswith("not filled in yet: ") for message in told)
    assert "not filled in yet: title of the journal" in told
    marked = sum(path.read_text("utf-8").count('"FILL IN:') for path in lab.rglob("*.yaml"))
    assert len(told) == marked


def test_a_scaffold_builds_once_its_places_are_filled_in(lab: Path, base: Sources) -> None:
    for path in lab.rglob("*.yaml"):
        path.write_text(fill(path.read_text("utf-8")), encoding="utf-8")
    built = assemble(replace(base, collections=(lab,)))
    assert not built.report.errors
    subjects = {quad.subject.value for quad in built.quads if hasattr(quad.subject, "value")}
    assert (
        "https://w3id.org/lithiokg/id/design/nitride-layer-on-llzo/observations/resistance-after" in subjects
    )


def test_each_file_names_the_schema_which_stands_beside_it(lab: Path) -> None:
    for path in lab.rglob("*.yaml"):
        first = path.read_text("utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / schema).resolve() == (lab / "records.schema.json").resolve()
    assert (lab / "records.schema.json").exists()


def test_a_file_that_is_there_is_not_written_over(lab: Path, base: Sources) -> None:
    with pytest.raises(UsageError, match="is there already"):
        begin("substance", "Zn3N2", lab, None, base)


def test_a_design_needs_a_source_to_belong_to(lab: Path, base: Sources, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="begin with its work"):
        begin("design", "x", tmp_path / "nowhere", None, base)
    begin("work", "Another", lab, None, base)
    with pytest.raises(UsageError, match="--source: another, nitride-layers-a-test"):
        begin("design", "x", lab, None, base)


@pytest.mark.parametrize("name", ["../../etc/passwd", 'a"b\n: [', "№ {x}", "../x"])
def test_a_strange_name_stays_inside_and_is_quoted(name: str, base: Sources, tmp_path: Path) -> None:
    begun = begin("work", name, tmp_path / "lab", None, base)
    assert begun.path.resolve().is_relative_to((tmp_path / "lab").resolve())
    with pytest.raises(SourceProblemsError) as caught:
        assemble(replace(base, collections=(tmp_path / "lab",)))
    assert all("not filled in" in problem.message for problem in caught.value.problems)


def test_a_name_without_letters_is_refused(base: Sources, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no key"):
        begin("design", "///", tmp_path / "lab", "a", base)


def test_the_command_line_begins_and_says_how_many_places_there_are(
    lithio: Callable[..., Any], base: Sources, tmp_path: Path
) -> None:
    done = lithio(
        "new", "work", "A title", "--into", str(tmp_path / "lab"), sources=base, cache=tmp_path / "cache"
    )
    assert done.out.strip() == str(tmp_path / "lab" / "a-title" / "a-title.yaml")
    assert "5 places to fill in" in done.err
