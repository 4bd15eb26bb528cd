"""Records on their way from cells to a YAML file: each value keeps the cell that it came from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from lithiokg.curation.scope import KEY

if TYPE_CHECKING:
    from lithiokg.errors import Place

__all__ = ["Node", "Scalar", "Value", "Written", "kebab", "write_records"]

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 _.()+/|;-]*[A-Za-z0-9_.()+/;]|[A-Za-z]")
#: Words that YAML takes for something else than text.
_TAKEN = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class Scalar:
    """One value. ``bare`` values (numbers, true) are written without quotes."""

    text: str
    place: Place | None = None
    bare: bool = False


@dataclass(slots=True)
class Node:
    """A mapping: a record, or the keyed records of a field."""

    place: Place | None = None
    fields: dict[str, Value] = field(default_factory=dict)

    def node(self, name: str, place: Place | None = None) -> Node:
        """The mapping under a name, made where it is not there."""
        found = self.fields.setdefault(name, Node(place))
        assert isinstance(found, Node)  # noqa: S101  # fields with records hold nothing else
        return found


Value: TypeAlias = "Node | Scalar | list[Scalar]"


@dataclass(slots=True)
class Written:
    """The text of a file, and the cell that each stretch of each line came from."""

    text: str
    spans: dict[int, list[tuple[int, Place]]]

    def origin(self, line: int, column: int) -> Place | None:
        """The cell that a place of the file came from, else the closest one above."""
        for at in range(line, 0, -1):
            found = [place for start, place in self.spans.get(at, ()) if at < line or start <= column]
            if found:
                return found[-1] if at == line else found[0]
        return None


def kebab(text: str, words: int = 12) -> str:
    """A key made of a text.

    >>> kebab("Tin fluoride interlayer on Li₇La₃Zr₂O₁₂!")
    'tin-fluoride-interlayer-on-li7la3zr2o12'
    """
    from lithiokg.names import fold  # noqa: PLC0415  # the only use

    parts = re.findall(r"[a-z0-9]+", fold(text))
    return "-".join(parts[:words])[:80].strip("-")


class _Writer:
    """Writes blocks, lines and the places where values begin."""

    def __init__(self, header: list[str]) -> None:
        self.lines = list(header)
        self.spans: dict[int, list[tuple[int, Place]]] = {}

    def mark(self, column: int, place: Place | None) -> None:
        """Remember that what stands from a column of the next line on came from a cell."""
        if place is not None:
            self.spans.setdefault(len(self.lines) + 1, []).append((column, place))

    def mapping(self, node: Node, indent: int) -> None:
        for name, value in node.fields.items():
            head = f"{' ' * indent}{_key(name)}:"
            if isinstance(value, Node):
                self.mark(indent + 1, value.place)
                flow = self._flow(value, len(head) + 2)
                if flow is not None:
                    self.lines.append(f"{head} {flow}")
                    continue
                self.lines.append(head)
                self.mapping(value, indent + 2)
            elif isinstance(value, list):
                self._list(head, value)
            else:
                self.mark(indent + 1, value.place)
                self.lines.append(f"{head} {_scalar(value)}")

    def _list(self, head: str, values: list[Scalar]) -> None:
        line, marks = head + " [", []
        for number, value in enumerate(values):
            line += ", " if number else ""
            marks.append((len(line) + 1, value.place))
            line += _scalar(value)
        if len(line) < _WIDTH:
            for column, place in marks:
                self.mark(column, place)
            self.lines.append(line + "]")
            return
        self.lines.append(head)
        indent = len(head) - len(head.lstrip()) + 2
        for value in values:
            self.mark(indent + 3, value.place)
            self.lines.append(f"{' ' * indent}- {_scalar(value)}")

    def _flow(self, node: Node, start: int) -> str | None:
        """A small record on one line, with the places of its values; nothing where it does not fit."""
        if not node.fields or not all(isinstance(value, Scalar) for value in node.fields.values()):
            return None
        text, marks = "{", []
        for number, (name, value) in enumerate(node.fields.items()):
            assert isinstance(value, Scalar)  # noqa: S101  # seen above
            text += ", " if number else ""
            marks.append((start + len(text), value.place))
            text += f"{_key(name)}: {_scalar(value)}"
        if start + len(text) > _WIDTH:
            return None
        for column, place in marks:
            self.mark(column, place)
        return text + "}"


def write_records(collections: dict[str, Node], header: list[str]) -> Written:
    """Write collections of records as the text of a YAML file in the house style.

    Args:
        collections: the records by collection and key.
        header: comment lines at the top, with their ``#``.
    """
    writer = _Writer(header)
    for name, node in collections.items():
        if node.fields:
            writer.lines.append(f"{name}:")
            writer.mapping(node, 2)
    return Written("\n".join(writer.lines) + "\n", writer.spans)


def _key(name: str) -> str:
    plain = KEY.fullmatch(name) and name[0].isalpha() and name.casefold() not in _TAKEN
    plain = plain and not set(name) & set("(),~")
    return name if plain else _quoted(name)


def _scalar(value: Scalar) -> str:
    text = value.text
    if value.bare or (_PLAIN.fullmatch(text) and text.casefold() not in _TAKEN and "  " not in text):
        return text
    return _quoted(text)


def _quoted(text: str) -> str:
    """A text between double quotes, as both JSON and YAML read it."""
    quoted = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", quoted)
