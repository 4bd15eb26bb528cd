"""The reasoning of a build in one call each: derive, hand over to owlready2."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError
from lithiokg.reasoning.classified import entailed_subclasses, load_rules
from lithiokg.reasoning.closures import INFERRED_GRAPH, closure_axioms
from lithiokg.reasoning.division import derive_in_parts
from lithiokg.reasoning.names import RDF_TYPE
from lithiokg.reasoning.reading import ontology_files, ontology_from, read_ontology
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable

    import owlready2

    from lithiokg.curation import Places
    from lithiokg.reasoning.rules import RuleSet
    from lithiokg.sources import Sources

__all__ = ["Derived", "derive", "to_world"]

_ONTOLOGY_GRAPH = ox.NamedNode(GRAPH + "ontology")


@dataclass(frozen=True, slots=True)
class Derived:
    """What reasoning adds to the statements.

    Attributes:
        inferred: memberships, property values and entailed subclasses, in ``lkgg:inferred``.
        closures: the closure axioms, in ``lkgg:closures``.
    """

    inferred: list[ox.Quad]
    closures: list[ox.Quad]


def derive(
    stated: Iterable[ox.Quad],
    *,
    sources: Sources,
    places: Places | None = None,
    rules: RuleSet | None = None,
) -> Derived:
    """Derive everything that follows from statements and ontology, without Java.

    Args:
        stated: ontology and facts, in their named graphs.
        sources: where the ontology and its classified hierarchy are.
        places: where each fact was written, for messages.
        rules: the compiled ontology, where it is at hand.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if the hierarchy is stale and HermiT is not installed.
    """
    if rules is None:
        ontology = read_ontology(ontology_files(sources.ontology), relative=sources.relative)
        rules = load_rules(sources.ontology, ontology)
    store = ox.Store()
    store.bulk_extend(stated)
    inferred = derive_in_parts(store, rules, places=places.of if places is not None else None)
    subclasses = (
        ox.Quad(triple.subject, triple.predicate, triple.object, INFERRED_GRAPH)
        for triple in entailed_subclasses(rules)
    )
    # What parts share comes more than once.
    return Derived([*dict.fromkeys(inferred), *subclasses], list(closure_axioms(store, rules.ontology)))


def to_world(quads: Iterable[ox.Quad]) -> owlready2.World:
    """An owlready2 world of its own with ontology, facts and closure axioms; conclusions are left out.

    Every individual is declared, as owlready2 needs it.

    Raises:
        LithioKGError: if owlready2 is not installed.
    """
    try:
        import owlready2  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise LithioKGError("owlready2 is not installed", mend='pip install "lithiokg[dl]"') from error
    triples = {quad.triple: None for quad in quads if quad.graph_name != INFERRED_GRAPH}
    classes = ontology_from(triples).classes
    individuals = {
        triple.subject
        for triple in triples
        if triple.predicate.value == RDF_TYPE
        and isinstance(triple.object, ox.NamedNode)
        and triple.object.value in classes
    }
    kind, named = ox.NamedNode(RDF_TYPE), ox.NamedNode("http://www.w3.org/2002/07/owl#NamedIndividual")
    triples.update((ox.Triple(individual, kind, named), None) for individual in individuals)
    world = owlready2.World()
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b""
    world.get_ontology("https://w3id.org/lithiokg/").load(fileobj=io.BytesIO(data), format="ntriples")
    return world
