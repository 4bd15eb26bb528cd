"""RDF merges as sets, where the engine counts a triple once for each graph that holds it.

By the letter of SPARQL 1.1 (section 13.1) a default graph made of several graphs holds each triple once.
Oxigraph matches it as often as it is stated, which shows in counts and in rows. So where graphs overlap,
the merge is made: of all graphs when a snapshot is loaded, of others when they are asked for.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from lithiokg.store.tokens import declared_prefixes, tokenize

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lithiokg.store.tokens import Token

__all__ = ["Merged", "dataset_clauses", "merge", "overlapping", "overlaps"]


class Merged(NamedTuple):
    """A store whose default graph is a merge, and the named graphs that go with it."""

    store: ox.Store
    named: list[ox.NamedNode | ox.BlankNode]


def overlaps(quads: Iterable[ox.Quad]) -> set[tuple[str, str]]:
    """The pairs of named graphs that have a triple in common, each in order.

    >>> graphs = [ox.NamedNode("x:b"), ox.NamedNode("x:a")]
    >>> node = ox.NamedNode("x:n")
    >>> overlaps(ox.Quad(node, node, node, graph) for graph in graphs)
    {('x:a', 'x:b')}
    """
    first: dict[ox.Triple, str] = {}
    several: dict[ox.Triple, set[str]] = {}
    for quad in quads:
        graph = getattr(quad.graph_name, "value", "")
        held = first.setdefault(quad.triple, graph)
        if held != graph:
            several.setdefault(quad.triple, {held}).add(graph)
    return {pair for graphs in several.values() for pair in combinations(sorted(graphs), 2)}


def overlapping(graphs: Collection[str], known: Collection[tuple[str, str]]) -> bool:
    """Whether any two of some graphs are known to have a triple in common."""
    asked = set(graphs)
    return any(one in asked and other in asked for one, other in known)


def merge(store: ox.Store, default: Collection[str], named: Collection[str]) -> Merged:
    """A store in memory for one dataset.

    Args:
        store: what holds the graphs.
        default: the graphs to merge.
        named: the graphs to keep apart.
    """
    merged = ox.Store()
    for iri in dict.fromkeys(default):
        quads = store.quads_for_pattern(None, None, None, ox.NamedNode(iri))
        merged.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for iri in dict.fromkeys(named):
        merged.bulk_extend(store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))
    return Merged(merged, [ox.NamedNode(iri) for iri in named])


def dataset_clauses(text: str) -> tuple[list[str], list[str]]:
    """The graphs of ``FROM`` and of ``FROM NAMED``; an IRI that is relative is passed over.

    >>> dataset_clauses("PREFIX e: <http://e/> SELECT * FROM e:a FROM NAMED <http://e/b> {}")
    (['http://e/a'], ['http://e/b'])
    """
    found: tuple[list[str], list[str]] = ([], [])
    prefixes = declared_prefixes(text)
    tokens = list(tokenize(text))
    for index, token in enumerate(tokens):
        if token.kind != "word" or token.text.upper() != "FROM":
            continue
        rest = tokens[index + 1 : index + 3]
        is_named = bool(rest) and rest[0].kind == "word" and rest[0].text.upper() == "NAMED"
        iri = _iri(rest[is_named : is_named + 1], prefixes)
        if iri is not None:
            found[is_named].append(iri)
    return found


def _iri(tokens: list[Token], prefixes: dict[str, str]) -> str | None:
    if not tokens:
        return None
    if tokens[0].kind == "iri":
        return tokens[0].text[1:-1]
    prefix, colon, local = tokens[0].text.partition(":")
    return prefixes[prefix] + local if colon and prefix in prefixes else None
