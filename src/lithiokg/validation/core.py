"""SHACL Core, by pySHACL."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.errors import LithioKGError
from lithiokg.validation.constraints import Breach
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import rdflib

    from lithiokg.validation.labels import Term
    from lithiokg.validation.shapes import Shapes

__all__ = ["breaches_of_core", "to_rdflib"]

_SH = PREFIXES["sh"]


def breaches_of_core(triples: Iterable[ox.Triple], shapes: Shapes) -> list[Breach]:
    """Run the Core constraints of the shapes.

    Args:
        triples: data and class hierarchy in one graph. OWL expressions are of no use here, and slow.
        shapes: the shapes; their SPARQL constraints are left out.

    Raises:
        LithioKGError: if pySHACL cannot read the shapes.
    """
    import pyshacl  # noqa: PLC0415 - slow to import
    import rdflib  # noqa: PLC0415 - slow to import
    from pyshacl.errors import ConstraintLoadError, ShapeLoadError  # noqa: PLC0415

    needed = _vocabulary(shapes)
    graph = to_rdflib(triple for triple in triples if triple.predicate in needed)
    try:
        # In place: nothing is inferred or written, so that pySHACL need not copy the graph.
        _, results, _ = pyshacl.validate(
            graph, shacl_graph=_graph_of(shapes.core), inference="none", advanced=False, inplace=True
        )
    except (ConstraintLoadError, ShapeLoadError) as error:
        raise LithioKGError(f"the shapes cannot be read: {error}", mend="correct ontology/shapes") from error
    if not isinstance(results, rdflib.Graph):
        raise LithioKGError(f"the shapes cannot be run: {results}", mend="correct ontology/shapes")
    return list(_breaches(results, shapes))


@lru_cache(maxsize=4)
def _graph_of(triples: tuple[ox.Triple, ...]) -> rdflib.Graph:
    """The graph of some shapes, which pySHACL only reads."""
    return to_rdflib(triples)


def _vocabulary(shapes: Shapes) -> set[ox.NamedNode]:
    """The properties that shapes may look at: all that they name, types and subclasses."""
    always = (PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "subClassOf")
    named = {triple.object for triple in shapes.triples if isinstance(triple.object, ox.NamedNode)}
    return named | {ox.NamedNode(iri) for iri in always}


def _breaches(results: rdflib.Graph, shapes: Shapes) -> Iterator[Breach]:
    from rdflib import URIRef  # noqa: PLC0415 - slow to import

    for result in results.subjects(URIRef(PREFIXES["rdf"] + "type"), URIRef(_SH + "ValidationResult")):
        shape = results.value(result, URIRef(_SH + "sourceShape"))
        focus = results.value(result, URIRef(_SH + "focusNode"))
        rule = shapes.rules.get(str(shape))
        # What lies inside sh:or and its like is part of the rule around it.
        if rule is None or focus is None:
            continue
        value = results.value(result, URIRef(_SH + "value"))
        of_node = value if value != focus else None
        yield Breach(rule, str(focus), rule.path, _from_rdflib(of_node))


def _from_rdflib(term: rdflib.term.Node | None) -> Term | None:
    from rdflib import Literal, URIRef  # noqa: PLC0415 - slow to import

    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return (
            ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)))
            if term.datatype
            else ox.Literal(str(term))
        )
    return ox.NamedNode(str(term)) if isinstance(term, URIRef) else None


def to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """The same triples as an rdflib graph, every literal spelled as it is."""
    import rdflib  # noqa: PLC0415 - slow to import

    convert = _converter()
    graph = rdflib.Graph(bind_namespaces="none")
    add = graph.store.add
    for triple in triples:
        add((convert(triple.subject), convert(triple.predicate), convert(triple.object)), graph)
    return graph


def _converter() -> Callable[[Any], Any]:
    from rdflib import BNode, Literal, URIRef  # noqa: PLC0415 - slow to import

    string = PREFIXES["xsd"] + "string"
    known: dict[Any, Any] = {}

    def convert(term: Any) -> Any:
        found = known.get(term)
        if found is None:
            if isinstance(term, ox.NamedNode):
                found = URIRef(term.value)
            elif isinstance(term, ox.BlankNode):
                found = BNode(term.value)
            elif term.language:
                found = Literal(term.value, lang=term.language)
            else:
                # To rdflib a string with its datatype is another term than the plain one of its parsers.
                kind = None if term.datatype.value == string else URIRef(term.datatype.value)
                found = Literal(term.value, datatype=kind, normalize=False)
            known[term] = found
        return found

    return convert
