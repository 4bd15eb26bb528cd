"""What things are called in a report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.vocabulary import ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Labels", "Term", "substitute"]

#: What Oxigraph gives as an object.
Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

_LABEL = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
_PRINTED = ox.NamedNode(LKG + "printed")
_TITLE = ox.NamedNode(LKG + "title")
_VARIABLE = re.compile(r"\{[?$]([A-Za-z_][A-Za-z0-9_]*)\}")


class Labels:
    """Labels of the things in a store."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._names: dict[str, str] = {}

    def name(self, iri: str) -> str:
        """What a node is called: its label, else that of its owner and its own key, else its CURIE."""
        if iri not in self._names:
            self._names[iri] = self._text(iri, _LABEL) or self._text(iri, _TITLE) or self._nested(iri)
        return self._names[iri]

    def value(self, term: Term) -> str:
        """How a value is shown: a figure as printed, a thing by its name, text as it is."""
        if isinstance(term, ox.NamedNode):
            return self._text(term.value, _PRINTED) or self.name(term.value)
        return term.value if isinstance(term, ox.Literal) else str(term)

    def _nested(self, iri: str) -> str:
        """A nested record is called after its owner: ``ZnO interlayer, observations, before``."""
        parts = iri.removeprefix(ID).split("/") if iri.startswith(ID) else []
        for end in range(len(parts) - 1, 1, -1):
            owner = self._text(ID + "/".join(parts[:end]), _LABEL)
            if owner is not None:
                return ", ".join([owner, *parts[end:]])
        return compact(iri)

    def _text(self, iri: str, predicate: ox.NamedNode) -> str | None:
        for quad in self._store.quads_for_pattern(ox.NamedNode(iri), predicate, None, ox.DefaultGraph()):
            if isinstance(quad.object, ox.Literal):
                return quad.object.value
        return None


def substitute(message: str, values: Mapping[str, str]) -> str:
    """Fill ``{$this}``, ``{?value}`` and other variables into a message.

    >>> substitute("A {?kind} is never below {?limit}.", {"kind": "thickness", "limit": "0"})
    'A thickness is never below 0.'
    """
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), message)
