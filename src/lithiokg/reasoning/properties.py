"""The hierarchy of properties, and which of them are simple, derived or closable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import local_name
from lithiokg.reasoning.normal import parts_of
from lithiokg.reasoning.writing import axiom_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.reasoning.reading import Ontology

__all__ = ["check_closable", "counted_roles", "expressions_in", "non_simple", "role_supers"]


def expressions_in(axiom: ax.Axiom) -> tuple[ax.Expression, ...]:
    """The class expressions that stand directly in an axiom."""
    match axiom:
        case ax.SubClassOf(first, second) | ax.EquivalentClasses(first, second):
            return (first, second)
        case ax.DisjointClasses(classes):
            return classes
        case ax.DisjointUnion(whole, parts):
            return (whole, *parts)
        case ax.Domain(_, domain):
            return (domain,)
        case ax.Range(_, values) if not isinstance(values, ax.Datatype | ax.DataOneOf):
            return (values,)
    return ()


def _told(axioms: Iterable[ax.Axiom]) -> dict[ax.Role, set[ax.Role]]:
    """Direct superproperties as the axioms say them, inverses spelled out."""
    told: dict[ax.Role, set[ax.Role]] = {}

    def tell(sub: ax.Role, sup: ax.Role) -> None:
        told.setdefault(sub, set()).add(sup)
        told.setdefault(sub.inverted(), set()).add(sup.inverted())

    for axiom in axioms:
        match axiom:
            case ax.SubRole(sub, sup):
                tell(sub, sup)
            case ax.EquivalentRoles(first, second):
                tell(first, second)
                tell(second, first)
            case ax.InverseRoles(first, second):
                tell(first, second.inverted())
                tell(second, first.inverted())
            case ax.RoleCharacteristic("Symmetric", role):
                tell(role, role.inverted())
    return told


def role_supers(axioms: Iterable[ax.Axiom]) -> Mapping[ax.Role, frozenset[ax.Role]]:
    """Every property that has superproperties, with all of them, itself included."""
    told = _told(axioms)
    supers: dict[ax.Role, frozenset[ax.Role]] = {}
    for role in told:
        found = {role}
        todo = [role]
        while todo:
            for sup in told.get(todo.pop(), ()):
                if sup not in found:
                    found.add(sup)
                    todo.append(sup)
        supers[role] = frozenset(found)
    return supers


def non_simple(axioms: Iterable[ax.Axiom]) -> frozenset[str]:
    """Properties that are transitive or implied by a chain, or lie above one that is."""
    listed = list(axioms)
    composite = {
        axiom.sup
        for axiom in listed
        if isinstance(axiom, ax.RoleChain)
    } | {axiom.role for axiom in listed if isinstance(axiom, ax.RoleCharacteristic) and axiom.kind == "Transitive"}  # fmt: skip
    supers = role_supers(listed)
    return frozenset(sup.iri for role in composite for sup in supers.get(role, frozenset({role})))


def check_closable(ontology: Ontology) -> None:
    """Refuse completeness flags on properties that reasoning can extend.

    What a flag lists is what was *stated*; a value that is derived later would contradict it. An inverse
    is allowed: a value stated backwards must be listed as well, or the facts clash.

    Raises:
        LithioKGError: naming the flag, the property and the axiom.
    """
    closed = {iri: flag for flag, iri in ontology.closes.items()}
    for axiom in ontology.axioms:
        for iri in _derived(axiom) & closed.keys():
            raise LithioKGError(
                f"{local_name(closed[iri])} closes {local_name(iri)}, but its values can be derived: "
                f"{axiom_words(axiom)}",
                place=axiom.place,
                mend="close the stated property below it, or take this axiom away",
            )
    for iri, flag in closed.items():
        if iri not in ontology.object_properties:
            raise LithioKGError(
                f"{local_name(flag)} closes {local_name(iri)}, which is not an object property",
                mend=f"declare {local_name(iri)} as owl:ObjectProperty, or correct lkg:closesProperty",
            )


def _derived(axiom: ax.Axiom) -> set[str]:
    """Object properties to which an axiom can add values, inverses apart."""
    match axiom:
        case ax.SubRole(_, sup) | ax.RoleChain(_, sup):
            return {sup.iri}
        case ax.EquivalentRoles(first, second):
            return {first.iri, second.iri}
        case ax.RoleCharacteristic("Symmetric" | "Transitive" | "Reflexive", role):
            return {role.iri}
        case ax.SubClassOf(_, sup):
            return _fixed_values(sup)
        case ax.EquivalentClasses(first, second):
            return _fixed_values(first) | _fixed_values(second)
    return {iri for expression in expressions_in(axiom) for iri in _fixed_values(expression)}


def _fixed_values(expression: ax.Expression) -> set[str]:
    return {part.role.iri for part in parts_of(expression) if isinstance(part, ax.HasValue | ax.HasSelf)}


def counted_roles(ontology: Ontology) -> frozenset[ax.Role]:
    """Object properties whose values some axiom counts, so that it matters which of them differ."""
    counted: set[ax.Role] = set()
    for axiom in ontology.axioms:
        match axiom:
            case ax.RoleCharacteristic("Functional", role) if role.iri in ontology.object_properties:
                counted.add(role)
            case ax.RoleCharacteristic("InverseFunctional", role):
                counted.add(role.inverted())
            case _:
                for expression in expressions_in(axiom):
                    counted.update(
                        part.role for part in parts_of(expression) if isinstance(part, ax.AtLeast | ax.AtMost)
                    )
    return frozenset(counted)
