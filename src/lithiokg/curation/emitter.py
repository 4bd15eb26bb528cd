"""The part of the reader that writes: quads with their places, and problems with theirs."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pyoxigraph as ox
import yaml

from lithiokg.curation.documents import place_of
from lithiokg.curation.literals import YAML
from lithiokg.errors import LithioKGError, Place, SourceError
from lithiokg.vocabulary import GRAPH, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.curation.records import Records

__all__ = ["RDF_TYPE", "Emitter", "Entry"]

RDF_TYPE = PREFIXES["rdf"] + "type"
_INDIVIDUAL = PREFIXES["owl"] + "NamedIndividual"

#: A field of a mapping: the node of its key and the node of its value.
Entry = tuple[yaml.ScalarNode, yaml.nodes.Node]


#: How many known names a mend lists where none is similar.
_LISTED = 12


class Emitter:
    """Adds to one :class:`~lithiokg.curation.records.Records` on behalf of one file."""

    def __init__(self, records: Records, source: str, file: str) -> None:
        self.records = records
        self.source = source
        self.file = file
        self._graph = ox.NamedNode(f"{GRAPH}asserted/{source}")
        self._seen: set[ox.Quad] = set()

    def place(self, node: yaml.nodes.Node) -> Place:
        """Where a YAML node starts."""
        return place_of(self.file, node.start_mark)

    def problem(self, message: str, node: yaml.nodes.Node, mend: str) -> None:
        """Remember a problem at a node."""
        self.records.problems.append(SourceError(message, place=self.place(node), mend=mend))

    def placed(self, error: LithioKGError, node: yaml.nodes.Node) -> None:
        """Remember an error that was raised without knowing its place."""
        self.problem(error.message, node, error.mend or "correct the value")

    def suggest(self, name: str, known: Iterable[str]) -> str:
        """A mend for an unknown name: similar names, else the first of them."""
        names = sorted(known)
        close = difflib.get_close_matches(name[:80], names, n=3, cutoff=0.6)
        if close:
            return f"did you mean {' or '.join(close)}?"
        more = f" ... and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        return f"known are: {', '.join(names[:_LISTED])}{more}"

    def named(self, iri: str, node: yaml.nodes.Node) -> ox.NamedNode | None:
        """An IRI as a term, or None and a problem where it is not one."""
        try:
            return ox.NamedNode(iri)
        except ValueError:
            self.problem(f"{iri!r} is not an IRI", node, "use letters, digits and hyphens")
            return None

    def emit(
        self,
        subject: str,
        predicate: str,
        value: ox.NamedNode | ox.Literal,
        key: yaml.nodes.Node,
        node: yaml.nodes.Node,
        *,
        reverse: bool = False,
    ) -> None:
        """Add one triple and remember its places; ``reverse`` turns it around."""
        about: ox.NamedNode = ox.NamedNode(subject)
        if reverse and isinstance(value, ox.NamedNode):
            about, value = value, about
        quad = ox.Quad(about, ox.NamedNode(predicate), value, self._graph)
        if quad not in self._seen:
            self._seen.add(quad)
            self.records.quads.append(quad)
        self.records.places.triple(
            about.value, predicate, value.value, key=self.place(key), place=self.place(node)
        )

    def declare(self, iri: str, key: yaml.nodes.Node) -> bool:
        """Declare a node once; a second declaration is reported with both places."""
        here = self.place(key)
        if self.named(iri, key) is None:
            return False
        first = self.records.declared.setdefault(iri, here)
        if first is not here:
            self.problem(
                f"{compact(iri)} is declared twice, first at {first}",
                key,
                "merge the two records, or rename one",
            )
            return False
        self.records.places.subject(iri, here)
        self.emit(iri, RDF_TYPE, ox.NamedNode(_INDIVIDUAL), key, key)
        return True

    def entries(self, mapping: yaml.MappingNode) -> list[Entry]:
        """The fields of a mapping; duplicate keys and empty values are reported and left out."""
        found: dict[str, Entry] = {}
        for key, value in mapping.value:
            if not isinstance(key, yaml.ScalarNode):
                self.problem("a key is not plain text", key, "write a field name or a record key")
            elif key.value in found:
                first = self.place(found[key.value][0])
                self.problem(
                    f"the key {key.value!r} is there twice, first at {first}",
                    key,
                    "merge the two, or rename one",
                )
            elif self.is_empty(value):
                found[key.value] = (key, value)
                self.problem(f"{key.value!r} has no value", key, "give a value, or leave the field out")
            else:
                found[key.value] = (key, value)
        return [(key, value) for key, value in found.values() if not self.is_empty(value)]

    @staticmethod
    def is_empty(node: yaml.nodes.Node) -> bool:
        """Whether a value is null, blank text, or a list or mapping without members."""
        if isinstance(node, yaml.ScalarNode):
            return node.tag == YAML + "null" or not node.value.strip()
        return not node.value
