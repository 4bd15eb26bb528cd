"""YAML files as trees of nodes with marks, safely: every problem is collected, nothing is executed.

Refused: anchors and aliases (a few lines of them fill the memory), tags, several documents in one
file, deep nesting, large files, tabs, and anything but UTF-8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import yaml

from lithiokg.errors import Place, SourceError

if TYPE_CHECKING:
    from pathlib import Path


class _Mark(Protocol):
    """What the Python and the C scanner have in common."""

    line: int
    column: int


__all__ = ["MAX_BYTES", "MAX_DEPTH", "place_of", "read_document"]

#: The largest file that is read, in bytes.
MAX_BYTES = 1 << 20
#: The deepest nesting of mappings and lists.
MAX_DEPTH = 24

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def place_of(file: str, mark: _Mark | None) -> Place:
    """The place of a YAML mark, counted from 1."""
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


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
    found = [*_tabs(text, file), *_events(text, file)]
    problems.extend(found)
    if found:
        return None
    loader = _LOADER(text)
    try:
        node: yaml.nodes.Node | None = loader.get_single_node()
    except yaml.YAMLError as error:
        problems.append(_syntax(error, file, text))
        return None
    finally:
        loader.dispose()
    if node is None:
        problems.append(
            SourceError("the file holds no records", place=Place(file), mend="add records or delete the file")
        )
    return node


def _text(path: Path, file: str, problems: list[SourceError]) -> str | None:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        problems.append(
            SourceError(
                f"the file cannot be read: {error.strerror or error}",
                place=Place(file),
                mend="check that it exists and that you may read it",
            )
        )
        return None
    if len(content) > MAX_BYTES:
        problems.append(
            SourceError(
                f"the file is larger than {MAX_BYTES // 1024} KiB",
                place=Place(file),
                mend="split it: one small file a work or design",
            )
        )
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        problems.append(
            SourceError(
                f"the byte 0x{content[error.start]:02x} is not UTF-8",
                place=Place(file, line, column),
                mend="save the file as UTF-8",
            )
        )
        return None


def _tabs(text: str, file: str) -> list[SourceError]:
    return [
        SourceError("a tab", place=Place(file, number, line.index("\t") + 1), mend="indent with spaces")
        for number, line in enumerate(text.split("\n"), 1)
        if "\t" in line
    ]


def _events(text: str, file: str) -> list[SourceError]:
    """Find what is refused before a tree is built: composing recurses, reading events does not."""
    problems: list[SourceError] = []
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    problems.append(
                        _refused("a second document", event, file, "put it into a file of its own")
                    )
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    problems.append(
                        _refused(
                            f"nesting of more than {MAX_DEPTH} levels", event, file, "flatten the record"
                        )
                    )
                    return problems
            problems.extend(_node_refusals(event, file))
    except yaml.YAMLError as error:
        problems.append(_syntax(error, file, text))
    return problems


def _node_refusals(event: yaml.Event, file: str) -> list[SourceError]:
    problems = []
    if isinstance(event, yaml.AliasEvent):
        problems.append(_refused(f"the alias *{event.anchor}", event, file, "write the value out"))
    elif isinstance(event, yaml.NodeEvent):
        if event.anchor is not None:
            problems.append(_refused(f"the anchor &{event.anchor}", event, file, "remove it"))
        if getattr(event, "tag", None) is not None:
            tag = str(getattr(event, "tag", ""))
            problems.append(_refused(f"the tag {tag}", event, file, "remove it"))
    return problems


def _refused(what: str, event: yaml.Event, file: str, mend: str) -> SourceError:
    return SourceError(f"{what} is not allowed here", place=place_of(file, event.start_mark), mend=mend)


def _syntax(error: yaml.YAMLError, file: str, text: str) -> SourceError:
    """A YAML error in one line, with its place."""
    if isinstance(error, yaml.MarkedYAMLError):
        context = f" {error.context}" if error.context else ""
        problem = error.problem or "the structure cannot be read"
        return SourceError(
            f"not YAML: {problem}{context}",
            place=place_of(file, error.problem_mark or error.context_mark),
            mend="check indentation, quotes, and the colon and space after each key",
        )
    position = min(getattr(error, "position", 0) or 0, len(text))
    before = text[:position]
    return SourceError(
        f"not YAML: {getattr(error, 'reason', None) or 'a character that YAML does not allow'}",
        place=Place(file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1),
        mend="remove the control character",
    )
