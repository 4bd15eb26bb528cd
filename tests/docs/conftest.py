"""Pages of docs/ as a reader follows them: files to write, edits to make, commands to run."""

from __future__ import annotations

import doctest
import re
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block of a page."""

    language: str
    text: str
    line: int

    @property
    def file(self) -> str:
        """The file that it shows or edits, which its first line names."""
        return self.text.partition("\n")[0].removeprefix("# ").removeprefix("--- ")

    @property
    def content(self) -> str:
        """What stands below its first line."""
        return self.text.partition("\n")[2]

    @property
    def commands(self) -> list[tuple[list[str], str]]:
        """The commands of a console block, each with what it is said to print."""
        found = []
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            command, _, said = part.partition("\n")
            found.append((shlex.split(command), said))
        return found


@dataclass(frozen=True)
class Page:
    """A page of docs/."""

    path: Path

    @property
    def blocks(self) -> list[Block]:
        """Its fenced blocks."""
        text = self.path.read_text(encoding="utf-8")
        return [
            Block(match[1], match[2], text[: match.start()].count("\n") + 1)
            for match in _FENCE.finditer(text)
        ]

    def follow(self, folder: Path, run: Callable[[list[str]], str]) -> list[str]:
        """Do what the page says, in its order; an edit holds until the next commands have run.

        Args:
            folder: where its files are written.
            run: runs one command and gives what it prints.

        Returns:
            The commands.
        """
        done: list[str] = []
        undo: list[tuple[Path, str]] = []
        for block in self.blocks:
            if block.language in {"yaml", "text"}:
                target = folder / block.file
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.content, encoding="utf-8")
            elif block.language == "diff":
                target = folder / block.file
                before = target.read_text(encoding="utf-8")
                target.write_text(edited(before, block.content), encoding="utf-8")
                undo.append((target, before))
            elif block.language == "console":
                for command, said in block.commands:
                    done.append(shlex.join(command))
                    got = run(command)
                    assert agrees(said, got), f"{self.path.name}:{block.line}: {done[-1]} printed\n{got}"
                while undo:
                    target, before = undo.pop()
                    target.write_text(before, encoding="utf-8")
        return done


def edited(text: str, diff: str) -> str:
    """A text after the hunks of a diff, each of which fits one place."""
    for hunk in diff.split("@@\n")[1:]:
        lines = hunk.splitlines()
        old = "".join(f"{line[1:]}\n" for line in lines if line[0] in " -")
        new = "".join(f"{line[1:]}\n" for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"{text.count(old)} places fit\n{old}"
        text = text.replace(old, new)
    return text


def agrees(said: str, got: str) -> bool:
    """Whether an output is the one that is shown, in which dots stand for any text."""
    return doctest.OutputChecker().check_output(said, got, doctest.ELLIPSIS)


@pytest.fixture
def guide() -> Page:
    """The guide for describing an interface of one's own."""
    return Page(ROOT / "docs" / "describe-your-interface.md")
