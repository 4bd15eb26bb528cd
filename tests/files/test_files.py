"""Files that are there whole or not at all, whoever is killed, and whatever stands there already."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg import files
from lithiokg.files import (
    create_file,
    read_bounded,
    read_kept,
    remove_abandoned,
    replace_file,
    replacing,
    scratch_folder,
    swap,
    write_kept,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Strike
    from lithiokg.sources import Sources


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("write", [replace_file, create_file])
def test_a_file_that_is_written_when_the_writer_is_killed_is_the_old_one_or_the_new_one(
    write: Callable[[Path, bytes], None], strike: Strike, tmp_path: Path
) -> None:
    target, old, step, seen = tmp_path / "a b.txt", b"old", 0, set()
    while True:
        step += 1
        for path in tmp_path.iterdir():
            if step == 1 or path == target:
                path.unlink()
        if write is replace_file:
            target.write_bytes(old)
        if not strike(lambda: write(target, b"new" * 10_000), tmp_path, step):
            break
        left = target.read_bytes() if target.exists() else None
        assert left in (old if write is replace_file else None, b"new" * 10_000)
        seen.add(left)
        replace_file(target, b"next")  # whoever writes next clears away what was left
        assert (names(tmp_path), target.read_bytes()) == (["a b.txt"], b"next")
    assert step >= 4
    assert len(seen) == 2


@pytest.mark.parametrize(
    "arguments",
    [("new", "work", "A title", "--into", "{lab}"), ("template", "schema", "-o", "{lab}.json")],
    ids=["new", "template"],
)
def test_a_verb_that_is_killed_while_it_writes_leaves_a_whole_file_or_none_and_can_be_called_again(
    arguments: tuple[str, ...], strike: Strike, lithio: Any, small: Sources, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    call = [each.format(lab=place / "lab") for each in arguments]
    place.mkdir()
    assert lithio(*call, sources=small).code == 0
    whole = {path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    assert whole
    step = 0
    while True:
        step += 1
        for path in sorted(place.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        if not strike(lambda: lithio(*call, sources=small), place, step):
            break
        left = {
            path.name: path.read_bytes()
            for path in place.rglob("*")
            if path.is_file() and not path.name.startswith(".")
        }
        assert left.items() <= whole.items()
        assert lithio(*call, sources=small).code in (0, 2)  # there already, if it was killed at the very end
        assert {
            path.name: path.read_bytes() for path in place.rglob("*") if path.is_file()
        }.items() <= whole.items()
    assert step >= 4


def test_a_file_that_is_there_is_not_created_again(tmp_path: Path) -> None:
    create_file(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a", b"2")
    (tmp_path / "b").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "b", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert names(tmp_path) == ["a", "b"]


def test_a_file_system_without_links_is_written_to_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    create_file(tmp_path / "a", b"1")
    assert names(tmp_path) == ["a"]


def test_a_link_stays_a_link_and_permissions_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to("real")
    replace_file(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "real").stat().st_mode) == 0o640


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with named pipes")
def test_a_pipe_is_written_into_and_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    replace_file(tmp_path / "pipe", b"content")
    assert os.read(reader, 100) == b"content"
    os.close(reader)
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    with pytest.raises(IsADirectoryError):
        replace_file(tmp_path, b"")
    with pytest.raises(OSError, match="a pipe or a device"):
        read_bounded(tmp_path / "pipe", 10)


def test_what_fails_in_between_leaves_what_was_there(tmp_path: Path) -> None:
    replace_file(tmp_path / "a", b"1")

    def half() -> None:
        with replacing(tmp_path / "a") as stream:
            stream.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        half()
    assert ((tmp_path / "a").read_bytes(), names(tmp_path)) == (b"1", ["a"])
    with pytest.raises(OSError, match="nowhere"):
        replace_file(tmp_path / "nowhere" / "a", b"")


def test_a_file_that_is_longer_than_it_may_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 2049)
    assert len(read_bounded(tmp_path / "a", 2049)) == 2049
    with pytest.raises(OSError, match="larger than 2 KiB"):
        read_bounded(tmp_path / "a", 2048)


def test_what_another_process_is_still_writing_is_left_alone_and_what_nobody_will_finish_is_not(
    tmp_path: Path,
) -> None:
    with scratch_folder(tmp_path, "work-") as ours:
        (ours / "a").touch()
        (tmp_path / "work-0-dead").mkdir()
        (tmp_path / "work-0-dead" / "file").touch()
        (tmp_path / "work-0-link").symlink_to(tmp_path)
        with scratch_folder(tmp_path, "work-") as other:
            assert {ours.name, other.name} <= set(names(tmp_path))
            assert "work-0-dead" not in names(tmp_path)
    assert names(tmp_path) == ["work-0-link"]  # nothing that a link leads to was touched
    remove_abandoned(tmp_path / "nowhere", "x")


def test_where_nothing_can_be_locked_only_what_is_old_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_flock", lambda _descriptor: files._UNLOCKABLE)
    (tmp_path / "x-new").mkdir()
    (tmp_path / "x-old").mkdir()
    os.utime(tmp_path / "x-old", (1, 1))
    with scratch_folder(tmp_path, "x-") as folder:
        assert names(tmp_path) == sorted([folder.name, "x-new"])
    replace_file(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"


def test_what_is_kept_comes_back_as_it_was_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "kept"
    assert read_kept(path) is None
    write_kept(path, b"content")
    assert read_kept(path) == b"content"
    whole = path.read_bytes()
    for place in range(len(whole)):
        damaged = bytearray(whole)
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert read_kept(path) is None
    path.write_bytes(whole[:-1])
    assert read_kept(path) is None
    write_kept(tmp_path / "nowhere" / "kept", b"")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are not exchanged")
def test_two_names_are_exchanged_in_one_step(tmp_path: Path) -> None:
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if swap(tmp_path / "a", tmp_path / "b"):  # not every file system can
        assert (names(tmp_path / "a"), names(tmp_path / "b")) == (["b"], ["a"])
    assert swap(tmp_path / "a", tmp_path / "nowhere") is False
