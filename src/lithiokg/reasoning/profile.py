"""Is it OWL 2 DL? The pitfalls that matter here, checked without a Java library."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.datatypes import OWL_DATATYPES
from lithiokg.reasoning.names import OWL, RDF, RDF_TYPE, RDFS, XSD
from lithiokg.reasoning.normal import parts_of
from lithiokg.reasoning.properties import expressions_in, non_simple, role_supers
from lithiokg.reasoning.reading import Ontology, ontology_from
from lithiokg.reasoning.schedule import components
from lithiokg.reasoning.writing import axiom_words
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["profile_violations"]

_RESERVED = (OWL, RDF, RDFS, XSD)
_BUILT_IN = {OWL + "Thing", OWL + "Nothing", RDFS + "Literal"}
_ANNOTATIONS = {
    RDFS + "label", RDFS + "comment", RDFS + "seeAlso", RDFS + "isDefinedBy", OWL + "versionInfo",
    OWL + "deprecated", OWL + "versionIRI", OWL + "priorVersion", OWL + "backwardCompatibleWith",
    OWL + "incompatibleWith",
}  # fmt: skip
_SIMPLE_ONLY = {"Functional", "InverseFunctional", "Irreflexive", "Asymmetric"}


def profile_violations(triples: Iterable[ox.Triple | ox.Quad]) -> list[str]:
    """What keeps an ontology (with or without facts) out of OWL 2 DL, one sentence each, sorted.

    Checked: constructs that are no OWL at all, undeclared classes and properties, one name declared as
    two kinds of property or as class and datatype, cardinalities and the like on properties that are
    not simple, chains without a regular order, blank nodes used twice, individuals without a type,
    misuse of the reserved vocabulary, and datatypes outside the OWL 2 datatype map.
    """
    plain = [item.triple if isinstance(item, ox.Quad) else item for item in triples]
    ontology = ontology_from(plain)
    found = {
        *ontology.unread,
        *_undeclared(ontology),
        *_punned(ontology),
        *_not_simple(ontology),
        *_irregular(ontology),
        *_shared_blank_nodes(plain),
        *_facts(ontology),
        *_datatypes(ontology),
    }
    return sorted(found)


def _roles_in(axiom: ax.Axiom) -> Iterator[ax.Role]:
    match axiom:
        case ax.SubRole(first, second) | ax.EquivalentRoles(first, second) | ax.InverseRoles(first, second):
            yield from (first, second)
        case ax.RoleChain(chain, sup):
            yield from (*chain, sup)
        case ax.DisjointRoles(roles):
            yield from roles
        case ax.RoleCharacteristic(_, role) | ax.Domain(role, _) | ax.Range(role, _):
            yield role
    for expression in expressions_in(axiom):
        for part in parts_of(expression):
            if not isinstance(part, ax.Named | ax.And | ax.Or | ax.Not | ax.OneOf):
                yield part.role


def _undeclared(ontology: Ontology) -> Iterator[str]:
    declared = ontology.object_properties | ontology.data_properties
    for axiom in ontology.axioms:
        for expression in expressions_in(axiom):
            for part in parts_of(expression):
                if isinstance(part, ax.Named) and part.iri not in ontology.classes | _BUILT_IN:
                    yield f"{compact(part.iri)} is used as a class and not declared as one"
        for role in _roles_in(axiom):
            if role.iri not in declared:
                yield f"{compact(role.iri)} is used as a property and not declared as one"
            elif role.inverse and role.iri in ontology.data_properties:
                yield f"{compact(role.iri)} is a data property and has no inverse"
    for flag, iri in ontology.closes.items():
        if flag not in ontology.data_properties:
            yield f"{compact(flag)} closes {compact(iri)} and is not declared as a data property"


def _punned(ontology: Ontology) -> Iterator[str]:
    kinds = {
        "an object property": ontology.object_properties,
        "a data property": ontology.data_properties,
        "an annotation property": ontology.annotation_properties,
    }
    named = [(kind, iri) for kind, iris in kinds.items() for iri in iris]
    times = Counter(iri for _, iri in named)
    for iri in (iri for iri, count in times.items() if count > 1):
        both = " and ".join(kind for kind, other in named if other == iri)
        yield f"{compact(iri)} is declared as {both}"
    for iri in ontology.classes & (ontology.object_properties | ontology.data_properties):
        yield f"{compact(iri)} is declared as a class and as a property"
    for iri in ontology.classes & ontology.individuals:
        yield f"{compact(iri)} is declared as a class and as an individual; nothing is inherited between the two"
    declared = [*named, *(("a class", iri) for iri in ontology.classes)]
    for kind, iri in declared:
        if iri.startswith(_RESERVED) and iri not in _BUILT_IN | _ANNOTATIONS:
            yield f"{compact(iri)} belongs to the reserved vocabulary and is declared as {kind}"


def _not_simple(ontology: Ontology) -> Iterator[str]:
    composite = non_simple(ontology.axioms)
    for axiom in ontology.axioms:
        if (
            isinstance(axiom, ax.RoleCharacteristic)
            and axiom.kind in _SIMPLE_ONLY
            and axiom.role.iri in composite
        ):
            yield f"{axiom_words(axiom)}, but it is transitive or implied by a chain"
        if isinstance(axiom, ax.DisjointRoles) and any(role.iri in composite for role in axiom.roles):
            yield f"{axiom_words(axiom)}, but one is transitive or implied by a chain"
        for expression in expressions_in(axiom):
            for part in parts_of(expression):
                counted = isinstance(part, ax.HasSelf | ax.AtLeast | ax.AtMost)
                if counted and part.role.iri in composite:  # type: ignore[union-attr]  # narrowed above
                    yield f"{axiom_words(axiom)}: {compact(part.role.iri)} is transitive or implied by a chain"  # type: ignore[union-attr]


def _irregular(ontology: Ontology) -> Iterator[str]:
    """Chains need an order of the properties in which recursion happens at one end only."""
    below: dict[str, set[str]] = {}
    words: dict[tuple[str, str], str] = {}
    for axiom in ontology.axioms:
        if isinstance(axiom, ax.RoleChain):
            for role in _inside(axiom):
                below.setdefault(axiom.sup.iri, set()).add(role.iri)
                words[axiom.sup.iri, role.iri] = axiom_words(axiom)
    above = {
        role.iri: {sup.iri for sup in supers} - {role.iri}
        for role, supers in role_supers(ontology.axioms).items()
        if not role.inverse
    }
    for sub, sups in above.items():
        for sup in sups:
            if sub not in above.get(sup, set()):  # equal properties share a place in the order
                below.setdefault(sup, set()).add(sub)
    graph = {iri: sorted(subs) for iri, subs in below.items()}
    for iri in {sub for subs in below.values() for sub in subs}:
        graph.setdefault(iri, [])
    group_of = {iri: number for number, group in enumerate(components(graph)) for iri in group}
    for (sup, sub), text in words.items():
        if group_of[sup] == group_of[sub]:
            yield f"{text}: the properties of this chain have no regular order"


def _inside(axiom: ax.RoleChain) -> tuple[ax.Role, ...]:
    """The properties of a chain that must come before the one it implies."""
    chain, sup = axiom.chain, axiom.sup
    if chain == (sup, sup):
        return ()
    if chain[0] == sup:
        return chain[1:]
    return chain[:-1] if chain[-1] == sup else chain


def _shared_blank_nodes(triples: list[ox.Triple]) -> Iterator[str]:
    uses = Counter(triple.object for triple in triples if isinstance(triple.object, ox.BlankNode))
    users: dict[ox.BlankNode, list[str]] = {}
    for triple in triples:
        if isinstance(triple.object, ox.BlankNode) and uses[triple.object] > 1:
            users.setdefault(triple.object, []).append(str(triple.subject))
    for names in users.values():
        yield f"one anonymous expression is used {len(names)} times, by {', '.join(sorted(names))}"


def _facts(ontology: Ontology) -> Iterator[str]:
    """Individuals need a type, properties a declaration, and each kind of value its kind of property."""
    typed = {
        triple.subject.value
        for triple in ontology.triples
        if triple.predicate.value == RDF_TYPE and isinstance(triple.subject, ox.NamedNode)
    }
    for triple in ontology.triples:
        predicate = triple.predicate.value
        if predicate == RDF_TYPE:
            if isinstance(triple.object, ox.NamedNode):
                yield from _type_violations(triple.object.value, ontology)
        elif predicate in ontology.object_properties:
            yield from _object_violations(triple, typed)
        elif predicate in ontology.data_properties:
            if not isinstance(triple.object, ox.Literal):
                yield f"{compact(predicate)} is a data property and has the value {triple.object}"
        elif not predicate.startswith(_RESERVED) and predicate not in ontology.annotation_properties:
            yield f"{compact(predicate)} is used as a property and not declared as one"


def _object_violations(triple: ox.Triple, typed: set[str]) -> Iterator[str]:
    predicate = compact(triple.predicate.value)
    if isinstance(triple.object, ox.Literal):
        yield f"{predicate} is an object property and has the literal {triple.object}"
    for node in (triple.subject, triple.object):
        if isinstance(node, ox.NamedNode) and node.value not in typed:
            yield f"{compact(node.value)} is used with {predicate} and has no type"


def _type_violations(iri: str, ontology: Ontology) -> Iterator[str]:
    if not iri.startswith(_RESERVED) and iri not in ontology.classes:
        yield f"{compact(iri)} is used as a class and not declared as one"


def _datatypes(ontology: Ontology) -> Iterator[str]:
    for triple in ontology.triples:
        literal = triple.object
        if triple.predicate.value in ontology.data_properties and isinstance(literal, ox.Literal):
            iri = literal.datatype.value
            if iri not in OWL_DATATYPES:
                yield f"{compact(iri)} is not a datatype of OWL 2 (a value of {compact(triple.predicate.value)})"
    for axiom in ontology.axioms:
        if isinstance(axiom, ax.Range) and isinstance(axiom.range, ax.Datatype):
            iri = axiom.range.iri
            if iri not in OWL_DATATYPES:
                yield f"{compact(axiom.range.iri)} is not a datatype of OWL 2 (range of {compact(axiom.role.iri)})"
