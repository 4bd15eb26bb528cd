"""Facts and axioms as plain sentences, with labels in place of IRIs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from lithiokg.reasoning import axiom_words, manchester
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import RDF_TYPE, local_name

__all__ = ["Words", "axiom_manchester"]

Namer = Callable[[str], str]
#: Labels that end like this are no nouns: "electron-conducting in operation".
_ADJECTIVE = " in operation"
_SYMBOLS = {
    "Symmetric": "holds in both directions",
    "Transitive": "carries on along a chain",
    "Functional": "has at most one value",
    "InverseFunctional": "has each value for one thing at most",
    "Asymmetric": "never holds in both directions",
    "Irreflexive": "never leads from a thing to itself",
    "Reflexive": "leads from each thing to itself",
}


class Words:
    """Writes sentences.

    Args:
        name: the label of an IRI.
    """

    def __init__(self, name: Namer) -> None:
        self.name = name

    # --- facts ------------------------------------------------------------------------------------

    def fact(self, subject: str, predicate: str, value: str, *, literal: bool = False) -> str:
        """One fact as a sentence, without its full stop."""
        if predicate == RDF_TYPE:
            return f"{self.name(subject)} {self.member(value)}"
        if literal:
            return f"{self.name(subject)}: {self.name(predicate)} {value}"
        return f"{self.name(subject)} {_joined(self.verb(predicate), self.name(value))}"

    def closure(self, subject: str, closed: str, values: Sequence[str]) -> str:
        """What a completeness flag says."""
        listed = " and ".join(self.name(value) for value in values)
        return f"{self.name(subject)} {self.verb(closed)} {f'nothing but {listed}' if values else 'nothing'}"

    def member(self, iri: str) -> str:
        """``is a ...``."""
        label = self.name(iri)
        return f"is {label}" if label.endswith(_ADJECTIVE) else f"is {_article(label)} {label}"

    def verb(self, iri: str) -> str:
        """A relation as a verb."""
        label = self.name(iri)
        return f"was {label}" if label.split()[0].endswith("ed") else label

    # --- expressions ------------------------------------------------------------------------------

    def noun(self, expression: ax.Expression) -> str:
        """An expression as something: ``a design that ...``."""
        match expression:
            case ax.Named(iri):
                if expression == ax.THING:
                    return "anything"
                label = self.name(iri)
                return f"something {label}" if label.endswith(_ADJECTIVE) else f"{_article(label)} {label}"
            case ax.And(parts):
                heads = [part for part in parts if isinstance(part, ax.Named)]
                head = self.noun(heads[0]) if heads else "something"
                rest = [self.verbs(part) for part in parts if not heads or part != heads[0]]
                return f"{head} that {' and '.join(rest)}" if rest else head
            case ax.Or(parts):
                return f"either {' or '.join(self.noun(part) for part in parts)}"
            case ax.OneOf(individuals):
                return " or ".join(self.name(iri) for iri in individuals)
        return f"something that {self.verbs(expression)}"

    def verbs(self, expression: ax.Expression) -> str:  # noqa: C901, PLR0911  # one return a construct
        """An expression said of a thing: ``has ...``, ``is a ...``."""
        match expression:
            case ax.Named(iri):
                return self.member(iri)
            case ax.And(parts):
                return " and ".join(self._apart(part) for part in parts)
            case ax.Or(parts):
                return f"either {' or '.join(self._apart(part) for part in parts)}"
            case ax.Not(part):
                return f"is not {self._inner(part)}"
            case ax.Some(role, filler):
                return f"{self._role(role)} {self._inner(filler)}"
            case ax.Only(role, filler):
                return f"{self._role(role)} nothing but {self._inner(filler)}"
            case ax.HasValue(role, value):
                shown = self.name(value) if isinstance(value, str) else value.value
                return _joined(self._role(role), shown)
            case ax.HasSelf(role):
                return f"{self._role(role)} itself"
            case ax.AtLeast(count, role, filler):
                return f"{self._role(role)} at least {count} times {self._inner(filler)}"
            case ax.AtMost(count, role, filler):
                return f"{self._role(role)} at most {count} times {self._inner(filler)}"
        return f"is {manchester(expression, self.name)}"

    def _apart(self, part: ax.Expression) -> str:
        text = self.verbs(part)
        return f"({text})" if isinstance(part, ax.And | ax.Or) else text

    def _inner(self, filler: ax.Expression) -> str:
        text = self.noun(filler)
        return text if isinstance(filler, ax.Named | ax.OneOf) else f"({text})"

    def _role(self, role: ax.Role) -> str:
        return f"has “{self.name(role.iri)}” said of it by" if role.inverse else self.verb(role.iri)

    # --- axioms -----------------------------------------------------------------------------------

    def axiom(self, axiom: ax.Axiom) -> str:  # noqa: C901, PLR0911  # one return a kind of axiom
        """One axiom as a sentence, without its full stop."""
        match axiom:
            case ax.SubClassOf(sub, sup):
                return f"whatever {self.verbs(sub)} {self.verbs(sup)}"
            case ax.EquivalentClasses(first, second):
                return f"{self.noun(first)} is by definition {self.noun(second)}"
            case ax.DisjointClasses(classes):
                return f"nothing is two of these at once: {', '.join(self.noun(item) for item in classes)}"
            case ax.DisjointRoles((first, second)) if not (first.inverse or second.inverse):
                return f"nothing both {self._role(first)} and {self._role(second)} the same thing"
            case ax.Domain(role, domain):
                return f"whatever {self._role(role)} anything {self.verbs(domain)}"
            case ax.Range(role, values) if not isinstance(values, ax.Datatype | ax.DataOneOf):
                return f"whatever is a value of {self._quoted(role)} {self.verbs(values)}"
            case ax.SubRole(sub, sup):
                return f"{self._quoted(sub)} implies {self._quoted(sup)}"
            case ax.RoleChain(chain, sup):
                links = " followed by ".join(self._quoted(role) for role in chain)
                return f"{links} implies {self._quoted(sup)}"
            case ax.InverseRoles(first, second):
                return f"{self._quoted(first)} is {self._quoted(second)} read backwards"
            case ax.RoleCharacteristic(kind, role) if kind in _SYMBOLS:
                return f"{self._quoted(role)} {_SYMBOLS[kind]}"
        return axiom_words(axiom, self.name)

    def _quoted(self, role: ax.Role) -> str:
        return f"“{self.name(role.iri)}”{' read backwards' if role.inverse else ''}"


def _joined(verb: str, label: str) -> str:
    """A verb and what it leads to, where the one ends as the other begins.

    >>> _joined("has interface type", "type III")
    'has interface type III'
    >>> _joined("forms with lithium", "lithium oxide")
    'forms with lithium: lithium oxide'
    """
    start, _, last = verb.rpartition(" ")
    if verb.startswith("has ") and label.partition(" ")[0] == last:
        return f"{start} {label}"
    return f"{verb}: {label}" if label.startswith(last) else f"{verb} {label}"


def _article(label: str) -> str:
    return "an" if label[:1].lower() in "aeiou" else "a"


def axiom_manchester(axiom: ax.Axiom) -> str:  # noqa: C901, PLR0911  # one return a kind of axiom
    """One axiom in the Manchester syntax, on one line.

    >>> lkg = "https://w3id.org/lithiokg/"
    >>> axiom_manchester(ax.SubClassOf(ax.Named(lkg + "A"), ax.Some(ax.Role(lkg + "p"), ax.Named(lkg + "B"))))
    'A SubClassOf: p some B'
    """
    match axiom:
        case ax.SubClassOf(sub, sup):
            return f"{manchester(sub)} SubClassOf: {manchester(sup)}"
        case ax.EquivalentClasses(first, second):
            return f"{manchester(first)} EquivalentTo: {manchester(second)}"
        case ax.DisjointClasses(classes):
            return f"DisjointClasses: {', '.join(manchester(item) for item in classes)}"
        case ax.DisjointUnion(whole, parts):
            return f"{manchester(whole)} DisjointUnionOf: {', '.join(manchester(item) for item in parts)}"
        case ax.Domain(role, domain):
            return f"{_role(role)} Domain: {manchester(domain)}"
        case ax.Range(role, values) if not isinstance(values, ax.Datatype | ax.DataOneOf):
            return f"{_role(role)} Range: {manchester(values)}"
        case ax.SubRole(sub, sup):
            return f"{_role(sub)} SubPropertyOf: {_role(sup)}"
        case ax.RoleChain(chain, sup):
            return f"{_role(sup)} SubPropertyChain: {' o '.join(_role(role) for role in chain)}"
        case ax.EquivalentRoles(first, second):
            return f"{_role(first)} EquivalentTo: {_role(second)}"
        case ax.InverseRoles(first, second):
            return f"{_role(first)} InverseOf: {_role(second)}"
        case ax.RoleCharacteristic(kind, role):
            return f"{_role(role)} Characteristics: {kind}"
        case ax.DisjointRoles(roles):
            return f"DisjointProperties: {', '.join(_role(role) for role in roles)}"
    return axiom_words(axiom)


def _role(role: ax.Role) -> str:
    return f"inverse ({local_name(role.iri)})" if role.inverse else local_name(role.iri)
