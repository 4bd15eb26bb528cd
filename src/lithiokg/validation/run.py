"""The validation of a graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.sources import find_sources
from lithiokg.validation.constraints import Breach, breaches_of_constraints
from lithiokg.validation.core import breaches_of_core
from lithiokg.validation.labels import Labels, substitute
from lithiokg.validation.report import Finding, Report
from lithiokg.validation.shapes import Shapes, read_shapes
from lithiokg.vocabulary import GRAPH, ID

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from lithiokg.errors import Place
    from lithiokg.sources import Sources
    from lithiokg.validation.places import PlaceLookup

__all__ = ["find", "is_left_out", "validate"]

# What was derived is not stated, and rules are about what is stated.
_LEFT_OUT = tuple(
    GRAPH + name for name in ("inferred", "closures", "provenance", "questions", "mappings/", "void")
)


def validate(
    quads: Iterable[ox.Quad],
    *,
    ontology: Iterable[ox.Quad | ox.Triple] = (),
    shapes: Shapes | None = None,
    sources: Sources | None = None,
    places: PlaceLookup | None = None,
) -> Report:
    """Check a graph against the shapes.

    Args:
        quads: the stated graph, normalized quantities included; an Oxigraph store is fine too. The graphs
            of derived triples, of provenance, of saved questions and of mappings are left out.
        ontology: the triples of the ontology, unless they are among the quads.
        shapes: the shapes; by default those of the sources.
        sources: where ``ontology/shapes`` is; by default found as :func:`lithiokg.sources.find_sources` does.
        places: where nodes, fields and values are written.

    Returns:
        Every finding at once. A graph conforms if none of them is an error.

    Raises:
        SourceError: if the shapes cannot be read.
    """
    rules = shapes or read_shapes((sources or find_sources()).ontology / "shapes")
    triples = {
        ox.Triple(quad.subject, quad.predicate, quad.object)
        for part in (quads, ontology)
        for quad in part
        if not (isinstance(quad, ox.Quad) and is_left_out(quad.graph_name))
    }
    return Report(find(triples, rules, places=places))


def find(
    triples: Collection[ox.Triple],
    rules: Shapes,
    *,
    nodes: Collection[ox.NamedNode] | None = None,
    places: PlaceLookup | None = None,
) -> Iterator[Finding]:
    """Check what is stated in some triples.

    Args:
        triples: ontology and data, each triple once.
        rules: the shapes.
        nodes: the records to check, where the others are there only because these refer to them.
        places: where nodes, fields and values are written.
    """
    store = ox.Store()
    store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples)
    wanted = None if nodes is None else {node.value for node in nodes}
    labels = Labels(store)
    for breach in (
        *breaches_of_core((triple for triple in triples if _is_plain(triple)), rules),
        *breaches_of_constraints(store, rules.constraints, nodes=nodes),
    ):
        if wanted is None or breach.node in wanted:
            yield _finding(breach, labels, places)


def is_left_out(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> bool:
    """Whether no rule looks at a graph."""
    return isinstance(graph, ox.NamedNode) and graph.value.startswith(_LEFT_OUT)


def _is_plain(triple: ox.Triple) -> bool:
    """Whether Core needs the triple: class expressions are blank nodes and axioms, which it does not."""
    return isinstance(triple.subject, ox.NamedNode) and isinstance(triple.object, ox.NamedNode | ox.Literal)


def _finding(breach: Breach, labels: Labels, places: PlaceLookup | None) -> Finding:
    rule = breach.rule
    shown = {name: labels.value(term) for name, term in breach.bindings}
    shown["this"] = labels.name(breach.node)
    if breach.value is not None:
        shown["value"] = labels.value(breach.value)
    return Finding(
        severity=rule.severity,
        shape=rule.iri,
        rule=substitute(rule.message, shown),
        mend=rule.mend,
        node=breach.node,
        label=shown["this"],
        path=breach.path,
        value=shown.get("value"),
        place=_place(breach, places),
    )


def _place(breach: Breach, places: PlaceLookup | None) -> Place | None:
    """The place of the value, else of the field, else of the record, else of the record it is nested in."""
    if places is None:
        return None
    value = getattr(breach.value, "value", None)
    node = breach.node
    found = places.of(node, breach.path, value)
    while found is None and node.startswith(ID) and "/" in node[len(ID) :]:
        node = node.rpartition("/")[0]
        found = places.of(node)
    return found
