"""OWL 2 class expressions and axioms as immutable values.

Only what the ontology language of LithioKG uses is modelled; :mod:`lithiokg.reasoning.reading` lists
whatever it meets beyond that. Two expressions that are written alike are equal, so they can be keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.reasoning.names import OWL

if TYPE_CHECKING:
    from pyoxigraph import Literal

    from lithiokg.errors import Place

__all__ = [
    "NOTHING",
    "THING",
    "And",
    "AtLeast",
    "AtMost",
    "Axiom",
    "DataOneOf",
    "DataOnly",
    "DataRange",
    "DataSome",
    "Datatype",
    "DisjointClasses",
    "DisjointRoles",
    "DisjointUnion",
    "Domain",
    "EquivalentClasses",
    "EquivalentRoles",
    "Expression",
    "HasSelf",
    "HasValue",
    "InverseRoles",
    "Named",
    "Not",
    "OneOf",
    "Only",
    "Or",
    "Range",
    "Role",
    "RoleChain",
    "RoleCharacteristic",
    "Some",
    "SubClassOf",
    "SubRole",
]


@dataclass(frozen=True, slots=True, order=True)
class Role:
    """An object or data property, or the inverse of an object property."""

    iri: str
    inverse: bool = False

    def inverted(self) -> Role:
        """The same property read the other way."""
        return Role(self.iri, not self.inverse)


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype, with facets such as ``xsd:minInclusive`` where it is restricted."""

    iri: str
    facets: tuple[tuple[str, Literal], ...] = ()


@dataclass(frozen=True, slots=True)
class DataOneOf:
    """An enumeration of literals."""

    values: tuple[Literal, ...]


DataRange = Datatype | DataOneOf


@dataclass(frozen=True, slots=True)
class Named:
    """A class with a name."""

    iri: str


@dataclass(frozen=True, slots=True)
class And:
    """Intersection."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Union."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Complement."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Some:
    """Existential restriction."""

    role: Role
    filler: Expression


@dataclass(frozen=True, slots=True)
class Only:
    """Universal restriction."""

    role: Role
    filler: Expression


@dataclass(frozen=True, slots=True)
class HasValue:
    """A fixed value: the IRI of an individual, or a literal."""

    role: Role
    value: str | Literal


@dataclass(frozen=True, slots=True)
class HasSelf:
    """Local reflexivity."""

    role: Role


@dataclass(frozen=True, slots=True)
class OneOf:
    """An enumeration of individuals."""

    individuals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """Qualified minimum cardinality, ``count`` >= 2 (1 is read as :class:`Some`)."""

    count: int
    role: Role
    filler: Expression


@dataclass(frozen=True, slots=True)
class AtMost:
    """Qualified maximum cardinality, ``count`` >= 1 (0 is read as :class:`Only`)."""

    count: int
    role: Role
    filler: Expression


@dataclass(frozen=True, slots=True)
class DataSome:
    """A value of a data property within a data range."""

    role: Role
    range: DataRange


@dataclass(frozen=True, slots=True)
class DataOnly:
    """All values of a data property within a data range."""

    role: Role
    range: DataRange


Expression = (
    Named | And | Or | Not | Some | Only | HasValue | HasSelf | OneOf | AtLeast | AtMost | DataSome | DataOnly
)

THING = Named(OWL + "Thing")
NOTHING = Named(OWL + "Nothing")


@dataclass(frozen=True, slots=True)
class _Located:
    place: Place | None = field(default=None, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SubClassOf(_Located):
    """Every ``sub`` is a ``sup``."""

    sub: Expression
    sup: Expression


@dataclass(frozen=True, slots=True)
class EquivalentClasses(_Located):
    """Both have the same members."""

    first: Expression
    second: Expression


@dataclass(frozen=True, slots=True)
class DisjointClasses(_Located):
    """No two share a member."""

    classes: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DisjointUnion(_Located):
    """A class is the union of others, no two of which share a member."""

    whole: Named
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class SubRole(_Located):
    """Every pair of ``sub`` is a pair of ``sup``."""

    sub: Role
    sup: Role


@dataclass(frozen=True, slots=True)
class RoleChain(_Located):
    """The properties of ``chain`` one after the other imply ``sup``."""

    chain: tuple[Role, ...]
    sup: Role


@dataclass(frozen=True, slots=True)
class EquivalentRoles(_Located):
    """Both have the same pairs."""

    first: Role
    second: Role


@dataclass(frozen=True, slots=True)
class InverseRoles(_Located):
    """Each is the other read backwards."""

    first: Role
    second: Role


@dataclass(frozen=True, slots=True)
class RoleCharacteristic(_Located):
    """One of ``Functional``, ``InverseFunctional``, ``Symmetric``, ``Asymmetric``, ``Transitive`` ..."""

    kind: str
    role: Role


@dataclass(frozen=True, slots=True)
class DisjointRoles(_Located):
    """No two share a pair."""

    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Domain(_Located):
    """Whatever has the property is a ``domain``."""

    role: Role
    domain: Expression


@dataclass(frozen=True, slots=True)
class Range(_Located):
    """Whatever is a value of the property is a ``range``."""

    role: Role
    range: Expression | DataRange


Axiom = (
    SubClassOf
    | EquivalentClasses
    | DisjointClasses
    | DisjointUnion
    | SubRole
    | RoleChain
    | EquivalentRoles
    | InverseRoles
    | RoleCharacteristic
    | DisjointRoles
    | Domain
    | Range
)
