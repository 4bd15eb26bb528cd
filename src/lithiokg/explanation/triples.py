"""Explanations as triples in the terms of PROV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lithiokg.explanation.model import Justification, StatedFact

__all__ = ["justification_triples"]

_RDF, _PROV, _DC = PREFIXES["rdf"], PREFIXES["prov"], PREFIXES["dcterms"]
Node = ox.NamedNode | ox.BlankNode


def justification_triples(justifications: Sequence[Justification]) -> Iterator[ox.Triple]:
    """Justifications of one conclusion as triples.

    The conclusion is a reified statement; it ``prov:wasDerivedFrom`` each justification, a
    ``prov:Collection`` of reified facts and of axioms (in words and in Manchester syntax); each fact
    ``prov:wasDerivedFrom`` its evidence and tells its file and line (``prov:atLocation``).
    """
    for number, justification in enumerate(justifications, start=1):
        conclusion = ox.BlankNode("conclusion")
        if number == 1:
            yield from _statement(
                conclusion, justification.subject, justification.predicate, ox.NamedNode(justification.value)
            )
            yield _said(conclusion, justification.conclusion)
        node = ox.BlankNode(f"justification{number}")
        yield ox.Triple(conclusion, ox.NamedNode(_PROV + "wasDerivedFrom"), node)
        yield ox.Triple(node, ox.NamedNode(_RDF + "type"), ox.NamedNode(_PROV + "Collection"))
        for position, fact in enumerate(justification.facts, start=1):
            member = ox.BlankNode(f"fact{number}x{position}")
            yield ox.Triple(node, ox.NamedNode(_PROV + "hadMember"), member)
            yield from _fact(member, fact)
        for position, axiom in enumerate(justification.axioms, start=1):
            member = ox.BlankNode(f"axiom{number}x{position}")
            yield ox.Triple(node, ox.NamedNode(_PROV + "hadMember"), member)
            yield _said(member, axiom.words)
            if axiom.manchester:
                yield ox.Triple(member, ox.NamedNode(_PROV + "value"), ox.Literal(axiom.manchester))


def _fact(node: Node, fact: StatedFact) -> Iterator[ox.Triple]:
    value: ox.NamedNode | ox.Literal = ox.Literal(fact.value)
    if fact.listed or fact.closed:
        value = ox.Literal(True)  # the value of the flag
    elif fact.value.startswith(("http://", "https://")):
        value = ox.NamedNode(fact.value)
    yield from _statement(node, fact.subject, fact.predicate, value)
    yield _said(node, fact.text)
    for evidence in fact.evidence:
        yield ox.Triple(node, ox.NamedNode(_PROV + "wasDerivedFrom"), ox.NamedNode(evidence.iri))
    if fact.curated_at:
        yield ox.Triple(node, ox.NamedNode(_PROV + "atLocation"), ox.Literal(fact.curated_at))


def _statement(
    node: Node, subject: str, predicate: str, value: ox.NamedNode | ox.Literal
) -> Iterator[ox.Triple]:
    yield ox.Triple(node, ox.NamedNode(_RDF + "type"), ox.NamedNode(_RDF + "Statement"))
    yield ox.Triple(node, ox.NamedNode(_RDF + "subject"), ox.NamedNode(subject))
    yield ox.Triple(node, ox.NamedNode(_RDF + "predicate"), ox.NamedNode(predicate))
    yield ox.Triple(node, ox.NamedNode(_RDF + "object"), value)


def _said(node: Node, text: str) -> ox.Triple:
    return ox.Triple(node, ox.NamedNode(_DC + "description"), ox.Literal(text, language="en"))
