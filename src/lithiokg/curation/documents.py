"""YAML files as trees of nodes with marks, safely: every problem is collected, nothing is executed.

Refused: anchors and aliases (a few lines of them fill the memory), tags, several documents in one
file, deep nesting, large files, tabs, and anything but UTF-8.
"""

from __future__ import annotations

import errno
from functools import partial
from typing import TYPE_CHECKING

from lithiokg.errors import Place, SourceError, not_utf8
from lithiokg.files import read_bounded
from lithiokg.yamls import find_refused, place_of, safe_loader

if TYPE_CHECKING:
    from pathlib import Path

    import yaml

__all__ = ["MAX_BYTES", "place_of", "read_document"]

#: The largest file that is read, in bytes.
MAX_BYTES = 1 << 20


def read_document(path: Path, file: str, problems: list[SourceError]) -> yaml.nodes.Node | None:
    """Read one file into a tree; None where it cannot be, with the reasons added to ``problems``.

    Args:
        path: the file.
        file: its name in messages.
        problems: where problems are added.
    """
    text = _text(path, file, problems)
    if text is None:
        return None
    found = [*_tabs(text, file), *find_refused(text, partial(_place, file))]
    problems.extend(found)
    if found:
        return None
    loader = safe_loader()(text)
    try:
        node: yaml.nodes.Node | None = loader.get_single_node()
    finally:
        loader.dispose()
    if node is None:
        problems.append(
            SourceError("the file holds no records", place=Place(file), mend="add records or delete the file")
        )
    return node


def _text(path: Path, file: str, problems: list[SourceError]) -> str | None:
    try:
        content = read_bounded(path, MAX_BYTES)
    except OSError as error:
        large = error.errno == errno.EFBIG
        problems.append(
            SourceError(
                f"the file is larger than {MAX_BYTES // 1024} KiB"
                if large
                else f"the file cannot be read: {error.strerror or error}",
                place=Place(file),
                mend="split it: one small file a work or design"
                if large
                else "check that it exists and that you may read it",
            )
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(not_utf8(error, file))
        return None


def _place(file: str, line: int, column: int) -> Place:
    return Place(file, line + 1, column + 1)


def _tabs(text: str, file: str) -> list[SourceError]:
    return [
        SourceError("a tab", place=Place(file, number, line.index("\t") + 1), mend="indent with spaces")
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line
    ]
