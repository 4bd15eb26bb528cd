r"""Turtle and TriG for people: short names, IRIs relative to a base, in the order given.

The engine's writer turns every IRI below a prefix into a prefixed name, and those of LithioKG hold
slashes, which it must escape: ``lkgi:design\/al-interlayer``. Here only plain names are prefixed.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lithiokg.store import Term

__all__ = ["TurtleWriter"]

_TYPE = PREFIXES["rdf"] + "type"
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
#: A path that stays what it is when it is resolved: no scheme, no dots to take steps back.
_RELATIVE = re.compile(r"[^/:?#.][^/:?#]*(?:/(?!\.{1,2}(?:/|$))[^/?#]+)*(?:#[^#]*)?")
_SPLIT = re.compile(r"(.*[/#])([^/#]*)")


class TurtleWriter:
    r"""Writes triples without blank nodes.

    Args:
        base: IRIs below it are written relative to it; it ends in a slash.
        prefixes: names of namespaces.

    >>> writer = TurtleWriter("https://w3id.org/lithiokg/", {"lkg": "https://w3id.org/lithiokg/"})
    >>> iri = [ox.NamedNode("https://w3id.org/lithiokg/" + name) for name in ("id/a/b", "unit", "id/c")]
    >>> print(writer.block([ox.Triple(*iri), ox.Triple(*iri[:2], ox.Literal('"'))]), end="")
    <id/a/b> lkg:unit <id/c>, "\"" .
    """

    def __init__(self, base: str, prefixes: Mapping[str, str]) -> None:
        self._base = base
        self._prefixes = dict(prefixes)
        self._names = {namespace: name for name, namespace in prefixes.items()}
        self._seen: dict[str, str] = {}

    def head(self) -> str:
        """The declarations that the blocks need."""
        lines = [f"@prefix {name}: <{iri}> ." for name, iri in sorted(self._prefixes.items())]
        return "\n".join([f"@base <{self._base}> .", *lines, ""])

    def block(self, triples: Iterable[ox.Triple], indent: str = "") -> str:
        """Triples; those of one subject, and of one predicate, that stand together are written together."""
        return "".join(self._lines(triples, indent))

    def graph(self, name: str, triples: Iterable[ox.Triple]) -> str:
        """A named graph of TriG."""
        return f"{self._iri(name)} {{\n{self.block(triples, '    ')}}}\n"

    def _lines(self, triples: Iterable[ox.Triple], indent: str) -> Iterator[str]:
        for subject, about in groupby(triples, key=lambda triple: triple.subject):
            said = [
                f"{self._verb(predicate.value)} {', '.join(self._term(triple.object) for triple in same)}"
                for predicate, same in groupby(about, key=lambda triple: triple.predicate)
            ]
            joined = f" ;\n{indent}    ".join(said)
            yield f"{indent}{self._term(subject)} {joined} .\n"

    def _verb(self, iri: str) -> str:
        return "a" if iri == _TYPE else self._iri(iri)

    def _term(self, term: Term) -> str:
        if isinstance(term, ox.NamedNode):
            return self._iri(term.value)
        assert isinstance(term, ox.Literal)  # noqa: S101  # data have no blank nodes
        kind = f"^^<{term.datatype.value}>"
        text = str(term)
        return text.removesuffix(kind) + f"^^{self._iri(kind[3:-1])}" if text.endswith(kind) else text

    def _iri(self, iri: str) -> str:
        written = self._seen.get(iri)
        if written is None:
            written = self._seen[iri] = self._shortened(iri)
        return written

    def _shortened(self, iri: str) -> str:
        split = _SPLIT.fullmatch(iri)
        if split and split[1] in self._names and _PLAIN_NAME.fullmatch(split[2]):
            return f"{self._names[split[1]]}:{split[2]}"
        below = iri.removeprefix(self._base)
        return f"<{below}>" if iri != below and _RELATIVE.fullmatch(below) else f"<{iri}>"
