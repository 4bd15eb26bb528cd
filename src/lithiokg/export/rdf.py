"""RDF syntaxes, written in a fixed order so that equal graphs give equal bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.store import DERIVED_GRAPHS, sorted_graphs
from lithiokg.vocabulary import GRAPH, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lithiokg.store import Store

__all__ = ["RDF_FORMATS", "export_mappings", "export_quads", "nquads_lines", "serialize"]

Statement: TypeAlias = "ox.Triple | ox.Quad"

#: Name on the command line -> syntax of the engine. TriG, N-Quads and JSON-LD keep the named graphs.
RDF_FORMATS: dict[str, ox.RdfFormat] = {
    "turtle": ox.RdfFormat.TURTLE,
    "ttl": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nquads": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}
#: Graphs that say how the graph was made and how large it is; they stay out of an export of facts.
_HOUSEKEEPING = frozenset({GRAPH + "provenance", GRAPH + "questions", GRAPH + "void"})
#: Graphs of the mappings to other ontologies.
_MAPPINGS = GRAPH + "mappings/"


def export_quads(
    store: Store, *, stated_only: bool = False, everything: bool = False, mappings: bool = False
) -> list[ox.Quad]:
    """The quads to export: ontology and facts, with what was inferred unless told otherwise.

    Args:
        store: the snapshot's store, or an endpoint that holds its export.
        stated_only: leave out what was inferred, and the closure axioms made for reasoners.
        everything: add the graphs on curation places, saved questions and mappings.
        mappings: add the mappings alone. Where graphs are kept apart they do no harm; in a union, OWL tools
            would take them for remarks on axioms that the ontology does not make.
    """
    wanted = _wanted(stated_only=stated_only, everything=everything, mappings=mappings)
    return [quad for quad in store.quads() if wanted(_graph(quad))]


def nquads_lines(store: Store, *, stated_only: bool = False, everything: bool = False) -> Iterator[str]:
    """The quads of :func:`export_quads`, mappings included, as sorted lines of N-Quads, however many.

    Graph follows graph, and each is in the order of the bytes in UTF-8.

    Args:
        store: the snapshot's store, or an endpoint that holds its export.
        stated_only: leave out what was inferred, and the closure axioms made for reasoners.
        everything: add the graphs on curation places and saved questions.
    """
    wanted = _wanted(stated_only=stated_only, everything=everything, mappings=True)
    # An endpoint may hold other people's graphs too.
    for name, lines in sorted_graphs(store, lambda name: name.startswith(GRAPH) and wanted(name)):
        yield from (f"{line} <{name}> .\n" for line in lines)


def _wanted(*, stated_only: bool, everything: bool, mappings: bool) -> Callable[[str], bool]:
    left_out = (DERIVED_GRAPHS if stated_only else frozenset()) | (
        frozenset() if everything else _HOUSEKEEPING
    )
    return lambda name: name not in left_out and (everything or mappings or not name.startswith(_MAPPINGS))


def export_mappings(store: Store) -> list[ox.Quad]:
    """The mappings to other ontologies alone, one graph a target."""
    return [quad for quad in store.quads() if _graph(quad).startswith(_MAPPINGS)]


def _graph(quad: ox.Quad) -> str:
    return getattr(quad.graph_name, "value", "")


def serialize(statements: Iterable[Statement], format_: str) -> str:
    """Write statements in one of :data:`RDF_FORMATS`, sorted, with the usual prefixes.

    Blank nodes are named canonically, so that the text depends on the content alone. A syntax without
    named graphs gets the union of them.
    """
    syntax = RDF_FORMATS[format_]
    dataset = ox.Dataset(
        statement
        if isinstance(statement, ox.Quad) and syntax.supports_datasets
        else _in_default_graph(statement)
        for statement in statements
    )
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    ordered: list[Statement] = sorted(dataset, key=_sort_key)
    if not syntax.supports_datasets:
        ordered = [quad.triple for quad in ordered if isinstance(quad, ox.Quad)]
    text = ox.serialize(ordered, format=syntax, prefixes=PREFIXES)  # type: ignore[arg-type]  # all of one kind
    assert text is not None  # noqa: S101  # without an output the engine returns the bytes
    return text.decode("utf-8")


def _in_default_graph(statement: Statement) -> ox.Quad:
    return ox.Quad(statement.subject, statement.predicate, statement.object)


def _sort_key(statement: Statement) -> tuple[str, str, str, str]:
    graph = str(statement.graph_name) if isinstance(statement, ox.Quad) else ""
    return graph, str(statement.subject), str(statement.predicate), str(statement.object)
