"""An import that is killed, whenever that is, or whose disk is full: each file is the old or the new one, whole."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.build import build_snapshot
from lithiokg.build.fingerprint import source_files
from lithiokg.errors import LithioKGError
from lithiokg.intake import importing
from lithiokg.intake.folder import add_schema, put
from lithiokg.interrupted import JOURNAL, settle
from lithiokg.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Strike

    Contents = Callable[[Path], dict[str, bytes]]
    Take = Callable[..., Any]


MINE = (
    "substances:\n  Mg3N2: {type: MetalNitride, label: magnesium nitride, formula: Mg3N2, definition: One.}\n"
)


class SeenError(Exception):
    """What was about to be written was seen, and is not written."""


@pytest.fixture
def writing(
    paper: Any, take: Take, tmp_path: Path, base: Sources, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], None]:
    """The writing of a second import, which changes a file, removes one and adds one; of the first, all is there."""
    paper.add("substances", type="metal nitride", label="tin nitride", formula="Sn3N4", definition="One.")
    take(paper.save(tmp_path / "meyer.xlsx"))
    (tmp_path / "our-lab" / "meyer" / "mine.yaml").write_text(MINE, "utf-8")
    paper.cell("observations", 4, "result").value = "~33 Ohm·cm²"
    paper.cell("designs", 4, "label").value = "nitride film on LLZO"
    for sheet in ("components", "observations"):
        for row in range(4, paper.next[sheet]):
            paper.cell(
                sheet, row, "design" if sheet == "components" else "subject"
            ).value = "nitride film on LLZO"
    seen: list[Any] = []

    def see(*arguments: Any) -> None:
        seen.extend(arguments)
        raise SeenError

    with monkeypatch.context() as patch:
        patch.setattr(importing, "put", see)
        with pytest.raises(SeenError):
            take(paper.save(tmp_path / "meyer.xlsx"), replace_own=True)
    target, files, removed = seen
    assert files
    assert removed

    def write() -> None:
        add_schema(target.collection, base)
        put(target, files, removed)

    return write


def whole(contents: dict[str, bytes]) -> dict[str, bytes]:
    """The records: what a reader looks at."""
    return {name: text for name, text in contents.items() if not name.startswith(".")}


def test_an_import_that_is_killed_at_any_step_leaves_whole_files_and_is_finished_by_whoever_comes_next(
    writing: Callable[[], None], strike: Strike, tmp_path: Path, contents: Contents
) -> None:
    lab, kept = tmp_path / "our-lab", tmp_path / "kept"
    shutil.copytree(lab, kept)
    before = contents(lab)
    writing()
    after = contents(lab)
    assert before.keys() != after.keys()
    step, seen = 0, set()
    while True:
        step += 1
        shutil.rmtree(lab)
        shutil.copytree(kept, lab)
        if not strike(writing, lab, step):
            break
        left = whole(contents(lab))
        for name, text in left.items():
            assert text in (before.get(name), after.get(name)), (step, name)
        assert left.keys() >= before.keys() & after.keys()
        settle(lab)  # what a reader does first
        settled = whole(contents(lab))
        assert settled in (before, after), step
        seen.add(settled == after)
        writing()  # what the next import does
        assert contents(lab) == after, step
    assert contents(lab) == after
    assert step > 12
    assert seen == {True, False}
    _first_import(writing, strike, lab, contents)


def _first_import(writing: Callable[[], None], strike: Strike, lab: Path, contents: Contents) -> None:
    """Of a source that is not there yet, there is all or nothing."""
    shutil.rmtree(lab)
    writing()
    after = contents(lab)
    records = {name: text for name, text in after.items() if name != "records.schema.json"}
    step = 0
    while True:
        step += 1
        shutil.rmtree(lab)
        if not strike(writing, lab, step):
            break
        left = whole(contents(lab)) if lab.exists() else {}
        left.pop("records.schema.json", None)
        assert left in ({}, records), step
        writing()
        assert contents(lab) == after, step
    assert step > 8


def test_an_import_that_is_killed_before_it_writes_changes_nothing_and_the_next_one_does(
    paper: Any, take: Take, strike: Strike, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, lab = paper.save(tmp_path / "meyer.xlsx"), tmp_path / "our-lab"
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    killed = False
    for step in (1, 2, 5, 9) if not os.environ.get("LITHIOKG_DEEP") else range(1, 400):
        with monkeypatch.context() as patch:
            patch.setattr(tempfile, "tempdir", str(scratch))
            killed = strike(lambda: take(path), scratch, step)
        if not killed:
            break
        assert not lab.exists()
    assert killed or os.environ.get("LITHIOKG_DEEP")
    assert path.stat().st_size
    shutil.rmtree(lab, ignore_errors=True)
    (scratch / "lithiokg-import-0-gone").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(scratch))
        assert take(path).written
    assert not list(scratch.iterdir())


def test_a_reader_finishes_what_a_killed_import_had_still_to_move_and_answers(
    writing: Callable[[], None], strike: Strike, tmp_path: Path, base: Sources, cache: Any
) -> None:
    lab, kept = tmp_path / "our-lab", tmp_path / "kept"
    shutil.copytree(lab, kept)
    for step in range(1, 100):
        shutil.rmtree(lab)
        shutil.copytree(kept, lab)
        assert strike(writing, lab, step)
        if (lab / JOURNAL).exists() and any(
            "33" in p.read_text("utf-8") for p in lab.glob("meyer/designs/*.yaml")
        ):
            break
    together = Sources(base.root, (lab,))
    assert not any(
        part.startswith(".") for path in source_files(together) for part in path.relative_to("/").parts
    )
    snapshot = build_snapshot(together, cache=cache)
    assert snapshot.fresh
    assert not (lab / JOURNAL).exists()
    writing()
    assert build_snapshot(together, cache=cache).key == snapshot.key


def test_an_interrupted_import_that_cannot_be_finished_is_told_of_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / JOURNAL).write_text("[" * 100_000, "utf-8")
    with pytest.raises(LithioKGError, match="cannot be read, which an interrupted import left"):
        settle(tmp_path)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of some 200 kB, on which the collection stands."""
    folder = tmp_path / "our-lab"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("only root may make a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_an_import_onto_a_full_or_read_only_disk_leaves_what_was_there(
    tiny_disk: Path, writing: Callable[[], None], contents: Contents
) -> None:
    before = contents(tiny_disk)
    filler = tiny_disk / ".filler"
    room = 0
    with filler.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
        while True:
            room += stream.write(b"x" * 512)
    subprocess.run(["mount", "-o", "remount,ro", str(tiny_disk)], check=True)
    with pytest.raises(LithioKGError, match="cannot be written: Read-only file system"):
        writing()
    subprocess.run(["mount", "-o", "remount,rw", str(tiny_disk)], check=True)
    told = []
    while True:
        try:
            writing()
            break
        except LithioKGError as error:
            told.append(error.message)
        left = {name: text for name, text in contents(tiny_disk).items() if name != ".filler"}
        assert left == before
        room -= 4096  # a page more room, each time
        os.truncate(filler, max(room, 0))
    assert len(told) > 1
    assert all("No space left" in message for message in told)
