"""Terms of the ontology that were added, withdrawn or defined otherwise."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.changes.model import Edit, TermChange, ValueChange
from lithiokg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

__all__ = ["changed_terms"]

_ONTOLOGY = ox.NamedNode(GRAPH + "ontology")
_FIRST, _REST = (PREFIXES["rdf"] + name for name in ("first", "rest"))
_LANGUAGES = tuple(PREFIXES[name] for name in ("rdf", "rdfs", "owl"))
#: Relation -> values, by what they are called in IRIs (so that equal axioms are equal, whatever their blank
#: nodes and terms are called) and in labels.
_Axioms = dict[str, dict[str, str]]


def changed_terms(
    old: ox.Store, new: ox.Store, before: KnowledgeGraph, after: KnowledgeGraph
) -> list[TermChange]:
    """The terms that differ, by edit and label."""
    olds, news = _Ontology(old, before), _Ontology(new, after)
    found: list[TermChange] = []
    for iri in sorted({*olds.terms, *news.terms}):
        if iri not in olds.terms:
            found.append(TermChange(Edit.ADDED, iri, after.names.label(iri)))
        elif iri not in news.terms:
            found.append(TermChange(Edit.WITHDRAWN, iri, before.names.label(iri)))
        else:
            details = _details(olds.terms[iri], news.terms[iri], after)
            if details:
                found.append(TermChange(Edit.CORRECTED, iri, after.names.label(iri), details))
    return sorted(found, key=lambda each: (each.edit.value, each.label, each.iri))


def _details(old: _Axioms, new: _Axioms, graph: KnowledgeGraph) -> tuple[ValueChange, ...]:
    found = []
    for predicate in sorted({*old, *new}):
        before, after = old.get(predicate, {}), new.get(predicate, {})
        gone = sorted(words for key, words in before.items() if key not in after)
        come = sorted(words for key, words in after.items() if key not in before)
        if gone or come:
            found.append(ValueChange(_name(predicate, graph), tuple(gone), tuple(come)))
    return tuple(found)


def _name(iri: str, graph: KnowledgeGraph) -> str:
    """A term by its label; those of the languages themselves by what they are called there."""
    namespace = next((each for each in _LANGUAGES if iri.startswith(each)), None)
    return graph.names.label(iri) if namespace is None else iri.removeprefix(namespace)


class _Ontology:
    """The terms of one state with their axioms."""

    def __init__(self, store: ox.Store, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._of: defaultdict[ox.NamedNode | ox.BlankNode, list[ox.Quad]] = defaultdict(list)
        for quad in store.quads_for_pattern(None, None, None, _ONTOLOGY):
            if isinstance(quad.subject, ox.NamedNode | ox.BlankNode):
                self._of[quad.subject].append(quad)
        self.terms: dict[str, _Axioms] = {
            subject.value: self._axioms(subject) for subject in self._of if isinstance(subject, ox.NamedNode)
        }

    def _axioms(self, subject: ox.NamedNode) -> _Axioms:
        found: _Axioms = defaultdict(dict)
        for quad in self._of[subject]:
            key, words = self._written(quad.object)
            found[quad.predicate.value][key] = words
        return found

    def _written(self, value: object) -> tuple[str, str]:
        """A value in IRIs and in labels."""
        if isinstance(value, ox.Literal):
            return str(value), value.value
        if isinstance(value, ox.NamedNode):
            return value.value, _name(value.value, self._graph)
        if not isinstance(value, ox.BlankNode):
            return str(value), str(value)
        members = self._members(value)
        if members is not None:
            keys, shown = zip(*members, strict=True)
            return f"({', '.join(keys)})", f"({', '.join(shown)})"
        parts = []
        for quad in self._of[value]:
            key, words = self._written(quad.object)
            parts.append(
                (f"{quad.predicate.value} {key}", f"{_name(quad.predicate.value, self._graph)} {words}")
            )
        keys, shown = zip(*sorted(parts), strict=True) if parts else ((), ())
        return f"[{'; '.join(keys)}]", f"[{'; '.join(shown)}]"

    def _members(self, node: ox.BlankNode) -> list[tuple[str, str]] | None:
        """The members of a list in its order, which matters to a chain; no list at all is ``None``."""
        found: list[tuple[str, str]] = []
        while True:
            said = {quad.predicate.value: quad.object for quad in self._of[node]}
            if _FIRST not in said:
                return None
            found.append(self._written(said[_FIRST]))
            rest = said.get(_REST)
            if not isinstance(rest, ox.BlankNode):
                return found
            node = rest
