"""The part of the graph that decides what one individual is: small enough for a DL reasoner."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.closures import DERIVED_GRAPHS
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.reasoning.rules import Atom, Rule, RuleSet

__all__ = ["NOT_FOLLOWED", "deciding_properties", "module_of"]

#: Links that lead from a design to other designs and to the literature, not into the design.
NOT_FOLLOWED = frozenset(
    LKG + name
    for name in (
        "hasBaseline",
        "hasEvidence",
        "reportedIn",
        "hasDoubt",
        "inTableRow",
        "describes",
        "claimSubject",
    )
)


def deciding_properties(rules: RuleSet) -> frozenset[str]:
    """Object properties through which what a thing is depends on what it leads to.

    That is so where a rule asks more of the value than that it is there, and for every property that
    implies such a one. Through any other (what an observation is about, say) nothing need be followed.
    """
    deciding: set[str] = set(rules.ontology.closes.values())
    every = (*rules.rules, *rules.clashes)
    for rule in every:
        deciding |= {atom.key for atom in rule.body if len(rule.body) > 1 and _asks(atom, rule)}
    changed = True
    while changed:
        changed = False
        for rule in every:
            if rule.head is not None and len(rule.body) == 1 and rule.head.key in deciding:
                changed |= rule.body[0].key not in deciding
                deciding.add(rule.body[0].key)
    return frozenset(deciding & rules.ontology.object_properties)


def _asks(atom: Atom, rule: Rule) -> bool:
    """Whether some other premise speaks of the value (or, read backwards, of the subject)."""
    others = [other for other in rule.body if other != atom]
    mentioned = {part for other in others for part in (other.subject, other.object)}
    return atom.object in mentioned and atom.subject.startswith("?")


def module_of(
    store: ox.Store, individual: str, rules: RuleSet, *, skip: Iterable[str] = NOT_FOLLOWED
) -> Iterator[ox.Quad]:
    """The statements about an individual and everything it reaches, in their named graphs.

    Followed are the properties of :func:`deciding_properties`, forwards: what a design is depends on
    its parts, not on what refers to it. Substances bring their products along. A value that is not
    followed comes with its stated classes only. State a part-whole link forwards, not by its inverse.

    Args:
        store: the statements.
        individual: IRI of a design, component or substance.
        rules: the compiled ontology; names the properties that matter.
        skip: object properties that are not followed.
    """
    ontology = rules.ontology
    followed = deciding_properties(rules) - set(skip)
    wanted = (rules.vocabulary - ontology.classes) | set(ontology.closes) | {RDF_TYPE}
    kind = ox.NamedNode(RDF_TYPE)
    seen: set[str] = set()
    todo = [individual]
    while todo:
        iri = todo.pop()
        if iri in seen:
            continue
        seen.add(iri)
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
            predicate = quad.predicate.value
            if predicate not in wanted or quad.graph_name in DERIVED_GRAPHS:
                continue
            yield quad
            if predicate == RDF_TYPE or not isinstance(quad.object, ox.NamedNode):
                continue
            if predicate in followed:
                todo.append(quad.object.value)
            else:
                types = store.quads_for_pattern(quad.object, kind, None, None)
                yield from (item for item in types if item.graph_name not in DERIVED_GRAPHS)
