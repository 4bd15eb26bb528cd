"""The facts that decide what one thing is, as ground atoms with their origin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.explanation.rulebook import REPORTED
from lithiokg.reasoning import Closure, find_closures, module_of
from lithiokg.reasoning.closures import DERIVED_GRAPHS, distinct_groups
from lithiokg.reasoning.modules import NOT_FOLLOWED
from lithiokg.reasoning.names import CLOSED, DIFFERS, LISTED, LISTING, RDF_TYPE, SIZE, XSD
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from lithiokg.explanation.grounding import Atom
    from lithiokg.explanation.rulebook import Rulebook

__all__ = ["Distinct", "Module", "Origin", "read_module"]

#: Links from a thing to what is said about it; what it *is* does not depend on them.
_SKIPPED = NOT_FOLLOWED | REPORTED | {LKG + "hasObservation", LKG + "hasFeatureOfInterest"}
_DIFFER = "urn:lithiokg:group:"


@dataclass(frozen=True, slots=True)
class Distinct:
    """Things that are declared to be all different."""

    things: tuple[str, ...]


#: What a ground fact comes from: a quad, a completeness flag, or that things differ.
Origin = ox.Quad | Closure | Distinct


@dataclass(frozen=True)
class Module:
    """Facts about one thing and all it reaches.

    Attributes:
        thing: its IRI.
        origins: each stated fact with what it comes from; None for what says nothing of its own.
    """

    thing: str
    origins: dict[Atom, Origin | None] = field(repr=False)


def read_module(store: ox.Store, thing: str, book: Rulebook, *, wide: bool = False) -> Module:
    """Read the module of a thing from a snapshot.

    What a source says about groupings (:data:`~lithiokg.explanation.rulebook.REPORTED`) is left out.

    Args:
        store: the snapshot.
        thing: IRI of the thing.
        book: names the properties that matter.
        wide: also follow links to observations, evidence and other designs.
    """
    origins: dict[Atom, Origin | None] = {}
    skip = REPORTED if wide else _SKIPPED
    quads = list(module_of(store, thing, book.told, skip=skip))
    for other in _referring(store, thing, book, skip):
        quads += module_of(store, other, book.told, skip=skip)
    for quad in (*quads, *book.facts):
        if quad.predicate.value not in REPORTED:
            origins.setdefault(atom_of(quad), quad)
    own = ox.Store()
    own.extend(quads)
    for closure in find_closures(own, book.ontology):
        listing = f"<urn:lithiokg:listing:{' '.join(closure.values)}>"
        size = f'"{len(closure.values)}"^^<{XSD}integer>'
        origins.update({(LISTED, listing, f"<{value}>"): None for value in closure.values})
        origins[LISTING, listing, ""] = None
        origins[SIZE, listing, size] = None
        origins[CLOSED + closure.property, f"<{closure.individual}>", listing] = closure
    if book.counts:
        for number, group in enumerate(distinct_groups(own, book.ontology)):
            differ = Distinct(group)
            origins.update({(DIFFERS, f"<{iri}>", f"<{_DIFFER}{number}>"): differ for iri in group})
    return Module(thing, origins)


def _referring(store: ox.Store, thing: str, book: Rulebook, skip: frozenset[str]) -> list[str]:
    """Things that state a link to the thing which also holds the other way round, as touching does."""
    found: dict[str, None] = {}
    for quad in store.quads_for_pattern(None, None, ox.NamedNode(thing), None):
        iri = quad.predicate.value
        if iri in book.both_ways and iri not in skip and quad.graph_name not in DERIVED_GRAPHS:
            found[str(quad.subject)[1:-1]] = None
    return list(found)


def atom_of(quad: ox.Quad) -> Atom:
    """A quad as a ground fact, whatever its graph.

    >>> atom_of(ox.Quad(ox.NamedNode("x:a"), ox.NamedNode(RDF_TYPE), ox.NamedNode("x:C")))
    ('x:C', '<x:a>', '')
    """
    if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
        return quad.object.value, str(quad.subject), ""
    return quad.predicate.value, str(quad.subject), str(quad.object)
