"""The premises of one rule, and the names of expressions that stand in them."""

from __future__ import annotations

import hashlib
import re
from itertools import count
from typing import TYPE_CHECKING

from lithiokg.reasoning.names import AUXILIARY, RDF_TYPE, is_private
from lithiokg.reasoning.rules import Atom, iri_term
from lithiokg.reasoning.writing import manchester

if TYPE_CHECKING:
    from lithiokg.reasoning import axioms as ax

__all__ = ["Premises", "expression_name", "role_atom"]


def expression_name(expression: ax.Expression) -> str:
    """The IRI of the auxiliary class of an expression: readable, and the same in every run.

    >>> from lithiokg.reasoning.axioms import Named, Role, Some
    >>> expression_name(Some(Role("https://w3id.org/lithiokg/p"), Named("https://w3id.org/lithiokg/A")))
    'urn:lithiokg:expression:p-some-A-4b1c6c07'
    """
    text = manchester(expression, lambda iri: f"<{iri}>")
    slug = re.sub(r"[^A-Za-z0-9]+", "-", manchester(expression)).strip("-")[:60].strip("-")
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return f"{AUXILIARY}expression:{slug}-{digest}"


def role_atom(role: ax.Role, subject: str, value: str) -> Atom:
    """``subject`` has ``value`` for the property, read backwards where it is an inverse."""
    if role.inverse:
        subject, value = value, subject
    return Atom(subject, iri_term(role.iri), value)


class Premises:
    """The premises of one rule, being collected."""

    def __init__(self, head: str | None = None) -> None:
        self.head = head
        self.atoms: list[Atom] = []
        self.filters: list[str] = []
        self._numbers = count(1)

    def fresh(self) -> str:
        """A variable that the rule does not use yet."""
        return f"?y{next(self._numbers)}"

    def copy(self, head: str | None = None) -> Premises:
        """The same premises, to be continued in another way."""
        twin = Premises(head)
        twin.atoms, twin.filters = list(self.atoms), list(self.filters)
        taken = {part for atom in self.atoms for part in (atom.subject, atom.object)}
        numbers = [int(part[2:]) for part in taken if re.fullmatch(r"\?y\d+", part)]
        twin._numbers = count(max(numbers, default=0) + 1)
        return twin

    def guard(self, subject: str) -> str | None:
        """A named class to which the premises already confine the subject."""
        for atom in self.atoms:
            if atom.subject == subject and atom.predicate == iri_term(RDF_TYPE) and not is_private(atom.key):
                return atom.key
        return None

    def is_membership_of(self, subject: str) -> bool:
        """Whether the premises are one membership of the subject and nothing else."""
        if len(self.atoms) != 1 or self.filters:
            return False
        return self.atoms[0] == Atom.member(subject, self.atoms[0].key)
