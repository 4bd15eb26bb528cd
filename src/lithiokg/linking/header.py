"""The YAML header of a mapping table, every value with its place."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place, SourceError
from lithiokg.linking.slots import ENTITY_TYPES, SET_SLOTS, Slot
from lithiokg.vocabulary import PREFIXES
from lithiokg.yamls import find_refused, safe_loader

if TYPE_CHECKING:
    from collections.abc import Iterable

    import yaml

__all__ = ["Header", "MistakeError", "closest", "valid_value"]

_REQUIRED = ("mapping_set_id", "mapping_set_title", "mapping_set_version", "license", "curie_map")
#: SSSOM fixes these prefixes; a header need not declare them, and must not change them.
_FIXED = ("owl", "rdf", "rdfs", "semapv", "skos", "sssom")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_PREFIX = re.compile(r"[A-Za-z_][\w.-]*")
_WRITTEN_OUT = Slot("uri", "")


class MistakeError(ValueError):
    """What is wrong with a value, and how it is mended."""

    def __init__(self, message: str, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.mend = mend


def closest(name: str, known: Iterable[str]) -> str | None:
    """Words that name the closest of some names, where one is close.

    >>> closest("confidance", ["comment", "confidence"])
    'did you mean confidence?'
    """
    close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else None


def valid_value(slot: Slot, text: str, prefixes: dict[str, str]) -> str:
    """A value as it is kept: CURIEs and kinds of entity written out as IRIs.

    Raises:
        MistakeError: if the text is no value of the slot.
    """
    match slot.kind:
        case "entity":
            return _expanded(text, prefixes)
        case "uri":
            return _iri(text)
        case "type" if text not in ENTITY_TYPES:
            raise MistakeError(f"{text!r} is no kind of entity", closest(text, ENTITY_TYPES))
        case "type":
            return ENTITY_TYPES[text]
        case "date" if not _DATE.fullmatch(text):
            raise MistakeError(f"{text!r} is no date", "write it as YYYY-MM-DD")
        case "number" if not _NUMBER.fullmatch(text):
            raise MistakeError(f"{text!r} is no number", "write it with a decimal point, such as 0.9")
        case _:
            return text


def _expanded(curie: str, prefixes: dict[str, str]) -> str:
    prefix, colon, local = curie.partition(":")
    if not colon or local.startswith("//"):
        raise MistakeError(
            f"{curie!r} is no CURIE", "write prefix:name, with the prefix declared in curie_map"
        )
    known = {**{name: PREFIXES[name] for name in _FIXED}, **prefixes}
    if prefix not in known:
        raise MistakeError(
            f"the prefix {prefix}: of {curie!r} is not declared",
            closest(prefix, known) or f"declare {prefix}: in the header's curie_map",
        )
    return _iri(known[prefix] + local)


def _iri(text: str) -> str:
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", text):
        raise MistakeError(f"{text!r} is no IRI", "write it in full, such as https://example.org/")
    try:
        return ox.NamedNode(text).value
    except ValueError as error:
        raise MistakeError(f"{text!r} is no IRI", "write it without blanks, quotes and braces") from error


class Header:
    """The header of one table.

    Attributes:
        values: what it says, by slot.
        prefixes: the prefixes it declares.
        problems: the mistakes found, each with its place.
        readable: whether the rows make sense with it: that it is YAML, and declares prefixes.
    """

    def __init__(self, lines: list[str], file: str) -> None:
        self.file = file
        self.values: dict[str, tuple[str, ...]] = {}
        self.prefixes: dict[str, str] = {}
        self.problems: list[LithioKGError] = []
        fields = self._fields(lines)
        self.readable = fields is not None and "curie_map" in fields
        if fields is None:
            return
        if "curie_map" in fields:
            self._read_prefixes(fields["curie_map"])
        for name, node in fields.items():
            if name in SET_SLOTS:
                self._read(name, node)
        for name in _REQUIRED:
            if name not in fields:
                self.complain(1, 1, f"the header lacks {name}", f"add a line '#{name}: ...'")

    def complain(self, line: int, column: int, message: str, mend: str | None = None) -> None:
        """Note a mistake."""
        self.problems.append(SourceError(message, place=Place(self.file, line, column), mend=mend))

    def _complain_at(self, node: yaml.Node, message: str, mend: str | None = None) -> None:
        # The text stands behind `#`, one column in.
        self.complain(node.start_mark.line + 1, node.start_mark.column + 2, message, mend)

    def _fields(self, lines: list[str]) -> dict[str, yaml.Node] | None:
        """The keys that are known, with their nodes; scalars stay the text that was written."""
        import yaml  # noqa: PLC0415  # only a build and the verbs on mappings need it

        text = "\n".join(line[1:] for line in lines)
        # The text stands behind `#`, one column in.
        refused = find_refused(text, lambda line, column: Place(self.file, line + 1, column + 2))
        for problem in refused:
            message = f"in the header: {problem.message}"
            self.problems.append(SourceError(message, place=problem.place, mend=problem.mend))
        if refused:
            return None
        root = yaml.compose(text, Loader=safe_loader())
        if root is None:
            self.complain(1, 1, "the table has no header", "begin with '#mapping_set_id: ...'")
            return None
        if not isinstance(root, yaml.MappingNode):
            self._complain_at(root, "the header is no list of names and values", "write 'name: value' lines")
            return None
        found: dict[str, yaml.Node] = {}
        for key, value in root.value:
            name = str(key.value)
            if name in found:
                self._complain_at(key, f"{name} is given twice", "keep one")
            elif name not in SET_SLOTS and name != "curie_map":
                mend = closest(name, (*SET_SLOTS, "curie_map"))
                self._complain_at(key, f"{name!r} is no SSSOM slot of a mapping set", mend)
            found[name] = value
        return found

    def _read_prefixes(self, node: yaml.Node) -> None:
        import yaml  # noqa: PLC0415

        if not isinstance(node, yaml.MappingNode):
            self._complain_at(
                node, "curie_map is no map of prefixes", "write one '#  prefix: namespace' a line"
            )
            return
        for key, value in node.value:
            prefix, namespace = str(key.value), value.value
            if not isinstance(value, yaml.ScalarNode):
                self._complain_at(value, f"the namespace of {prefix}: is no text", "write it in one line")
            elif prefix in self.prefixes:
                self._complain_at(key, f"the prefix {prefix}: is declared twice", "keep one")
            elif not _PREFIX.fullmatch(prefix):
                self._complain_at(key, f"{prefix!r} is no prefix", "use letters, digits, '_', '-' and '.'")
            elif prefix in _FIXED and namespace != PREFIXES[prefix]:
                mend = f"write {PREFIXES[prefix]}"
                self._complain_at(value, f"SSSOM fixes the prefix {prefix}: to another namespace", mend)
            else:
                self._value(value, _WRITTEN_OUT)
                self.prefixes[prefix] = namespace

    def _read(self, name: str, node: yaml.Node) -> None:
        import yaml  # noqa: PLC0415

        slot = SET_SLOTS[name]
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not all(isinstance(each, yaml.ScalarNode) for each in nodes):
            self._complain_at(node, f"{name} is no text", "write it in one line")
        elif len(nodes) != 1 and not slot.many:
            self._complain_at(node, f"{name} takes one value", "keep one")
        elif not all(each.value.strip() for each in nodes):
            self._complain_at(node, f"{name} is empty", "give it a value, or take it out")
        else:
            values = (self._value(each, slot) for each in nodes)
            self.values[name] = tuple(value for value in values if value is not None)

    def _value(self, node: yaml.Node, slot: Slot) -> str | None:
        text = node.value.strip()
        # An ontology's own IRI may be written out: it often is no name in a namespace.
        if slot.kind == "entity" and "://" in text:
            slot = _WRITTEN_OUT
        try:
            return valid_value(slot, text, self.prefixes)
        except MistakeError as mistake:
            self._complain_at(node, mistake.message, mistake.mend)
            return None
