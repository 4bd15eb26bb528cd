"""Where the data may be cut, so that rules run on parts of it find what they find on the whole.

A *part* holds some individuals with everything that they reach over stated links, and parts agree on the
classes of the individuals that they share. Nothing is lost if for every rule all individuals that its
premises speak of stand together in one part, whatever they are. That is so where one of them, a *root*,
leads to all others. Which way a link leads depends on how it came about: a stated one from subject to
object, one that was derived from its inverse the other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING

from lithiokg.reasoning.names import DIFFERS, RDF_TYPE, is_private, local_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from lithiokg.reasoning.rules import Atom, Rule, RuleSet

__all__ = ["Cut", "find_cut"]


class _Way(Enum):
    """In which parts a link is known for sure."""

    FORTH = "in every part that has its subject"
    BACK = "in every part that has its object"
    BOTH = "in every part that has either"
    APART = "in a part that has both"


class _End(Enum):
    SUBJECT = "subject"
    OBJECT = "object"

    def of(self, atom: Atom) -> str:
        return atom.subject if self is _End.SUBJECT else atom.object


#: A premise, and the way in which it came about.
_Link = tuple["Atom", _Way]
#: For each property the ways in which its links come about, each with the stated properties behind it.
_Ways = dict[str, dict[_Way, frozenset[str]]]
_TYPE = f"<{RDF_TYPE}>"


@dataclass(frozen=True, slots=True)
class Cut:
    """How data may be cut into parts.

    Attributes:
        always: individuals that rules name; every part must hold them and what they reach.
        followed: object properties that a part must follow from subject to object.
        backwards: those of them that it must also follow from object to subject.
        obstacles: why the rules must run on the whole all the same, in words; empty if they need not.
    """

    always: frozenset[str]
    followed: frozenset[str]
    backwards: frozenset[str]
    obstacles: tuple[str, ...]


def find_cut(rules: RuleSet, stated: Collection[str] | None = None, *, narrow: bool = False) -> Cut:
    """Find out whether rules may run on parts of the data, and what a part must hold.

    Args:
        rules: the compiled ontology.
        stated: the properties of which there are statements; all that rules read unless given.
        narrow: leave out of a part what matters for nothing else in it, such as the evidence of a claim.
            What a narrow part finds out about such things must be compared with a store of conclusions.
            Auxiliary classes are in no store: they must follow from what their members lead to.
    """
    matters = _mattering(rules)
    always = _named(rules, matters if narrow else None)
    objects = (rules.vocabulary | set(rules.ontology.closes.values())) & rules.ontology.object_properties
    asked = {key for key, end in matters if end is _End.OBJECT} | set(rules.ontology.closes.values())
    followed = objects & asked if narrow else objects
    backwards: frozenset[str] = frozenset()
    while True:
        ways = _ways(rules, stated, backwards, always)
        obstacles = [
            (rule, links)
            for rule in (*rules.rules, *rules.clashes)
            for links, roots in _combinations(rule, ways, always)
            if not roots or (narrow and _is_auxiliary(rule) and not _holds(rule.head, roots))
        ]
        more = {iri for _, links in obstacles for iri in _origins(links, ways)} - backwards
        if not more:
            words = (*_counted(rules), *(_words(rule, links) for rule, links in obstacles))
            return Cut(always, frozenset(followed), backwards, tuple(dict.fromkeys(words)))
        backwards |= more


def _mattering(rules: RuleSet) -> set[tuple[str, _End]]:
    """The ends of links of which rules ask more than that they are there, or whatever is derived from them."""
    matters: set[tuple[str, _End]] = set()
    every = (*rules.rules, *rules.clashes)
    steps: list[tuple[tuple[str, _End], tuple[str, _End]]] = []
    for rule in every:
        for atom in _links(rule):
            others = [other for other in rule.body if other != atom]
            for end in _End:
                thing = end.of(atom)
                if any(thing in (other.subject, other.object) for other in others):
                    matters.add((atom.key, end))
                if rule.head is not None and rule.head.predicate != _TYPE:
                    steps += [
                        ((atom.key, end), (rule.head.key, other))
                        for other in _End
                        if other.of(rule.head) == thing
                    ]
    changed = True
    while changed:
        before = len(matters)
        matters.update(first for first, then in steps if then in matters)
        changed = len(matters) > before
    return matters


def _named(rules: RuleSet, matters: set[tuple[str, _End]] | None) -> frozenset[str]:
    """The individuals that rules conclude something about, and those that they ask something of."""
    found = {atom.subject for rule in (*rules.rules, *rules.clashes) for atom in rule.body}
    for rule in rules.rules:
        assert rule.head is not None  # noqa: S101  # deriving rules have heads
        found.add(rule.head.subject)
        if rule.head.predicate != _TYPE and (matters is None or (rule.head.key, _End.OBJECT) in matters):
            found.add(rule.head.object)
    return frozenset(part[1:-1] for part in found if part.startswith("<"))


def _is_auxiliary(rule: Rule) -> bool:
    head = rule.head
    return head is not None and head.predicate == _TYPE and is_private(head.key)


def _words(rule: Rule, links: tuple[_Link, ...]) -> str:
    told = "; ".join(f"{local_name(atom.key)} is known {way.value}" for atom, way in links)
    return f"the premises of {rule.id} need not stand in one part: {told}"


def _counted(rules: RuleSet) -> Iterator[str]:
    """Values that are counted must be stated: only of those is it known everywhere that they differ."""
    derived = {
        rule.head.key for rule in rules.rules if rule.head and (len(rule.body) != 1 or not _links(rule))
    }
    for rule in (*rules.rules, *rules.clashes):
        counted = {atom.subject for atom in rule.body if atom.key == DIFFERS}
        for atom in _links(rule):
            if counted & {atom.subject, atom.object} and atom.key in derived:
                yield f"{rule.id} counts values of {local_name(atom.key)}, which can be derived"


def _ways(
    rules: RuleSet, stated: Collection[str] | None, backwards: frozenset[str], always: frozenset[str]
) -> _Ways:
    """Every way in which links of a property may come about, with the stated properties at its beginning."""
    ways: _Ways = {}
    for rule in (*rules.rules, *rules.clashes):
        for atom in _links(rule):
            if stated is None or atom.key in stated or is_private(atom.key):
                way = _Way.BOTH if atom.key in backwards else _Way.FORTH
                ways.setdefault(atom.key, {})[way] = frozenset({atom.key})
    deriving = [rule for rule in rules.rules if rule.head is not None and rule.head.predicate != _TYPE]
    changed = True
    while changed:
        changed = False
        for rule in deriving:
            assert rule.head is not None  # noqa: S101  # only deriving rules are in the list
            known = ways.setdefault(rule.head.key, {})
            for links, roots in list(_combinations(rule, ways, always)):
                way = _way(rule.head, roots)
                origins = known.get(way, frozenset()) | _origins(links, ways)
                if roots and known.get(way) != origins:
                    known[way] = origins
                    changed = True
    return ways


def _origins(links: tuple[_Link, ...], ways: _Ways) -> frozenset[str]:
    """Stated properties because of which links are known here and not there.

    Followed backwards as well, these would be known wherever either of their ends is.
    """
    turned = [link for link in links if link[1] in (_Way.BACK, _Way.APART)] or links
    found = (iri for atom, way in turned for iri in ways[atom.key][way])
    return frozenset(iri for iri in found if not is_private(iri))


def _combinations(
    rule: Rule, ways: _Ways, always: frozenset[str]
) -> Iterator[tuple[tuple[_Link, ...], frozenset[str]]]:
    """Each way in which the premises of a rule may come about, and the roots that they then have."""
    atoms = _links(rule)
    for chosen in product(*(tuple(ways.get(atom.key, ())) for atom in atoms)):
        links = tuple(zip(atoms, chosen, strict=True))
        yield links, _roots(rule, links, always)


def _links(rule: Rule) -> list[Atom]:
    return [atom for atom in rule.body if atom.predicate != _TYPE]


#: Stands among the roots where the premises are known in every part.
_EVERYWHERE = "*"


def _holds(head: Atom | None, roots: frozenset[str]) -> bool:
    """Whether every part that has the subject of a conclusion draws it."""
    return head is not None and (head.subject in roots or _EVERYWHERE in roots)


def _way(head: Atom, roots: frozenset[str]) -> _Way:
    forth = head.subject in roots or _EVERYWHERE in roots
    back = head.object in roots or _EVERYWHERE in roots
    if forth and back:
        return _Way.BOTH
    return _Way.FORTH if forth else _Way.BACK if back else _Way.APART


def _roots(rule: Rule, links: tuple[_Link, ...], always: frozenset[str]) -> frozenset[str]:
    """Those of the things that the premises speak of that lead to all others."""
    leads: dict[str, set[str]] = {}
    nodes = set(rule.variables)
    for number, (atom, way) in enumerate(links):
        ends = atom.subject, atom.object
        if way is _Way.APART:
            nodes.add(f"!{number}")
            leads[f"!{number}"] = set(ends)
        if way in (_Way.FORTH, _Way.BOTH):
            leads.setdefault(ends[0], set()).add(ends[1])
        if way in (_Way.BACK, _Way.BOTH):
            leads.setdefault(ends[1], set()).add(ends[0])
    nodes -= _reached({node for node in leads if node[1:-1] in always}, leads)
    if not nodes:
        return frozenset({_EVERYWHERE})
    return frozenset(node for node in {*nodes, *leads} if nodes <= _reached({node}, leads))


def _reached(start: set[str], leads: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    todo = list(start)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo.extend(leads.get(node, ()))
    return seen
