"""Bridges to other ontologies, made to read right alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["with_declarations"]

_OWL, _RDFS = PREFIXES["owl"], PREFIXES["rdfs"]
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_SUB_CLASS, _SUB_PROPERTY = ox.NamedNode(_RDFS + "subClassOf"), ox.NamedNode(_RDFS + "subPropertyOf")
_CLASS, _ANNOTATION = ox.NamedNode(_OWL + "Class"), ox.NamedNode(_OWL + "AnnotationProperty")
_KINDS = frozenset(
    ox.NamedNode(_OWL + kind)
    for kind in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
)
_LANGUAGE = (PREFIXES["rdf"], _RDFS, _OWL)


def with_declarations(text: bytes, ontology: Iterable[ox.Triple]) -> bytes:
    """A bridge with the kind of everything it names declared at its end.

    A tool that reads one document at a time takes an undeclared property for an annotation, and with it
    ``rdfs:subPropertyOf`` for an axiom on annotations. The terms of the other ontology are declared as what
    the axioms make them; the rest of the text stays as it was written.

    Args:
        text: of the bridge, in Turtle.
        ontology: our ontology, which declares our terms.

    Raises:
        SyntaxError: if the text is not Turtle.
    """
    triples = [quad.triple for quad in ox.parse(text, format=ox.RdfFormat.TURTLE)]
    ours = {
        each.subject: each.object for each in ontology if each.predicate == _TYPE and each.object in _KINDS
    }
    kinds: dict[object, object] = {}
    for each in triples:
        if not each.predicate.value.startswith(_LANGUAGE):
            kinds[each.predicate] = _ANNOTATION
        for node in (each.subject, each.object):
            if node in ours:
                kinds[node] = ours[node]
        if isinstance(each.object, ox.NamedNode) and each.object not in ours:
            if each.predicate == _SUB_CLASS:
                kinds[each.object] = _CLASS
            elif each.predicate == _SUB_PROPERTY and each.subject in ours:
                kinds[each.object] = ours[each.subject]
    lines = sorted(f"{node} a {kind} ." for node, kind in kinds.items())
    note = "# Declarations, so that the document reads right alone; added by `lithiokg release`."
    return text.rstrip() + "\n".join(["", "", note, *lines, ""]).encode()
