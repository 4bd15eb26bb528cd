"""How the shipped graph and the saved questions use each term."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store.tokens import declared_prefixes, tokenize
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.questions import Question
    from lithiokg.reasoning import Hierarchy
    from lithiokg.store import Store

__all__ = ["Usage", "example_query", "questions_by_term", "read_usage"]

_TYPE = PREFIXES["rdf"] + "type"
_INFERRED = GRAPH + "inferred"
#: Graphs that hold no facts about the interface, or only the form in which OWL tools want them.
_ASIDE = (*(GRAPH + name for name in ("mappings/", "questions", "void", "provenance", "closures")),)
#: Properties that nearly everything has, and that tell nothing about a class.
_DULL = {
    LKG + name
    for name in (
        "hasEvidence",
        "isEvidenceOf",
        "isComponentOf",
        "hasPart",
        "note",
        "compositionIsComplete",
        "completenessReason",
    )
}


@dataclass
class Usage:
    """What the facts of a snapshot say with each term; the ontology's own statements count as well.

    Attributes:
        members: the individuals of each class.
        stated: those of them that were stated to be of it, or of a narrower class.
        statements: numbers of statements by property: all, and how many of them were inferred.
        example: one statement by property, a stated one where there is one.
        naming: in how many statements each thing stands, whatever its place in them.
        held: the properties that each thing has.
    """

    members: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    stated: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    statements: Counter[str] = field(default_factory=Counter)
    inferred: Counter[str] = field(default_factory=Counter)
    example: dict[str, tuple[str, ox.NamedNode | ox.Literal]] = field(default_factory=dict)
    naming: Counter[str] = field(default_factory=Counter)
    held: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @cached_property
    def holders(self) -> Counter[str]:
        """How many things have each property."""
        return Counter(each for properties in self.held.values() for each in properties)

    def typical(self, iri: str) -> str | None:
        """The member of a class that most is said of."""
        return min(self.members.get(iri, ()), key=lambda thing: (-self.naming[thing], thing), default=None)


def read_usage(store: Store, hierarchy: Hierarchy) -> Usage:
    """Count through a snapshot."""
    usage = Usage()
    said: dict[tuple[str, str, str], tuple[ox.NamedNode | ox.Literal, bool]] = {}
    for quad in store.quads():
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        subject, value = quad.subject, quad.object
        if graph.startswith(_ASIDE) or not (
            isinstance(subject, ox.NamedNode)
            and subject.value.startswith(ID)
            and isinstance(value, ox.NamedNode | ox.Literal)
        ):
            continue
        key = subject.value, quad.predicate.value, str(value)
        stated = graph != _INFERRED or not said.get(key, (value, True))[1]
        said[key] = value, not stated
    for (thing, predicate, _), (value, inferred) in said.items():
        if predicate == _TYPE:
            usage.members[value.value].add(thing)
            if not inferred:
                for above in (value.value, *hierarchy.supers.get(value.value, ())):
                    usage.stated[above].add(thing)
            continue
        usage.statements[predicate] += 1
        usage.inferred[predicate] += inferred
        usage.held[thing].add(predicate)
        for named in {thing, value.value} if isinstance(value, ox.NamedNode) else {thing}:
            usage.naming[named] += 1
    _pick_examples(usage, said)
    return usage


def _pick_examples(
    usage: Usage, said: Mapping[tuple[str, str, str], tuple[ox.NamedNode | ox.Literal, bool]]
) -> None:
    """For each property a stated statement about a thing of which much is said."""
    best: dict[str, tuple[bool, int, str, str]] = {}
    for (thing, predicate, text), (value, inferred) in said.items():
        rank = inferred, -usage.naming[thing], thing, text
        if predicate not in best or rank < best[predicate]:
            best[predicate] = rank
            usage.example[predicate] = thing, value


def example_query(usage: Usage, iri: str, defining: Iterable[str]) -> str | None:
    """A query for the members of a class and what sets them apart, if there are any.

    Its two properties are those of the definition, else those that many members have and few other things.

    Args:
        usage: what the graph holds.
        iri: the class.
        defining: the properties of its definition, if it has one.
    """
    members = usage.members.get(iri)
    if not members:
        return None
    among = Counter(each for thing in members for each in usage.held.get(thing, ()))
    told = [each for each in among if each.startswith(LKG) and each not in _DULL]
    told.sort(key=lambda each: (-(among[each] ** 2) / (len(members) * usage.holders[each]), each))
    told = list(dict.fromkeys([*(each for each in defining if among[each]), *told]))
    first = told[:1]
    # The second must be one that some member has beside the first.
    beside = Counter(
        each for thing in members if set(first) <= usage.held[thing] for each in usage.held[thing]
    )
    chosen = [*first, *[each for each in told[1:] if beside[each]][:1]]
    names = [each.removeprefix(LKG) for each in chosen]
    pattern = "".join(f" ; lkg:{name} ?{name}" for name in names)
    variables = " ".join(["?it", *(f"?{name}" for name in names)])
    return f"SELECT {variables} {{ ?it a lkg:{iri.removeprefix(LKG)}{pattern} }}"


def questions_by_term(questions: Iterable[Question]) -> dict[str, list[str]]:
    """The names of the saved questions whose text names a term, those that name the fewest terms first."""
    named = {question.name: _named(question.text) for question in questions}
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(named, key=lambda name: (len(named[name]), name)):
        for iri in sorted(named[name]):
            found[iri].append(name)
    return found


def _named(text: str) -> set[str]:
    """The IRIs that a query names."""
    prefixes = declared_prefixes(text)
    found: set[str] = set()
    for token in tokenize(text):
        if token.kind == "iri":
            found.add(token.text[1:-1])
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                found.add(prefixes[prefix] + local.replace("\\", ""))
    return found
