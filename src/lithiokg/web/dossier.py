"""What the page of a thing shows, gathered from its description, its figures and the claims about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.vocabulary import ID, LKG
from lithiokg.web.evidence import Claim, Observation, Place, claim, observation, places

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.graph import Fact
    from lithiokg.web.site import Site

__all__ = ["Body", "Dossier", "Group", "dossier", "references_behind"]

#: Relations that have a part of the page of their own.
_ELSEWHERE = frozenset(
    LKG + name
    for name in (
        "hasObservation",
        "hasClaim",
        "hasEvidence",
        "hasComponent",
        "hasPart",
        "hasDoubt",
        "formula",
    )
)
_BACKWARD = frozenset(
    LKG + name
    for name in (
        "hasFeatureOfInterest",
        "claimSubject",
        "claimObject",
        "isEvidenceOf",
        "isComponentOf",
        "hasPart",
    )
)
#: What bodies are made of, in the order in which it is told.
_MADE = ("hasConstituent", "hasSolute", "hasAdditive", "hasFiller", "hasDopant", "formedFrom", "contacts")
#: What is inferred and can be explained, beside classes.
_EXPLAINED = frozenset(LKG + name for name in ("followsStrategy", "actsThrough", "hasInterfaceType"))
#: How many values of one relation of others are shown at once.
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Group:
    """The facts of one relation.

    Attributes:
        relation: its label; ``predicate``: its IRI.
        facts: what is shown of them.
        total: how many there are.
    """

    relation: str
    predicate: str
    facts: tuple[Fact, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Body:
    """A body of a design: what it is, and what it is made of."""

    iri: str
    kinds: tuple[Fact, ...]
    made: tuple[tuple[str, tuple[str, ...]], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """What a page shows of a thing.

    Attributes:
        kinds: the classes that say most; ``further``: those that follow from them.
        groups: stated and inferred facts by relation; ``further_groups``: those that follow from these.
        bodies: of a design.
        observations: figures of it and its bodies; ``single``: the thing is one itself.
        claims: what sources say of it; ``named_in``: what they say of others with it.
        places: where its record is said, or the thing itself where it is evidence.
        doubts: reasons of doubts about it that are no figure's.
        incoming: who else refers to it.
        explained: what can be explained: IRI and label of class, strategy, mechanism or interface type.
    """

    kinds: tuple[Fact, ...]
    further: tuple[Fact, ...]
    groups: tuple[Group, ...]
    further_groups: tuple[Group, ...]
    bodies: tuple[Body, ...]
    observations: tuple[Observation, ...]
    claims: tuple[Claim, ...]
    named_in: tuple[Claim, ...]
    places: tuple[Place, ...]
    incoming: tuple[Group, ...]
    explained: tuple[tuple[str, str], ...]
    proof: dict[tuple[str, str], str]


def dossier(site: Site, iri: str) -> Dossier:
    """Gather what is known of a thing."""
    return site.keep(("dossier", iri), lambda: _dossier(site, iri))


def _dossier(site: Site, iri: str) -> Dossier:
    told = site.describe(iri)
    claims = tuple(claim(site, each) for each in site.subjects("claimSubject", iri))
    facts = [fact for fact in told.facts if fact.predicate not in _ELSEWHERE]
    proof = {(each.relation, each.object): each.iri.removeprefix(ID) for each in claims if each.plain}
    backward = [fact for fact in told.incoming if fact.predicate not in _BACKWARD and not fact.implied]
    return Dossier(
        tuple(fact for fact in told.kinds if not fact.implied),
        tuple(fact for fact in told.kinds if fact.implied),
        _groups(site, (fact for fact in facts if not fact.implied), None),
        _groups(site, (fact for fact in facts if fact.implied), None),
        tuple(_body(site, each) for each in site.all(iri, "hasComponent")),
        _observations(site, iri),
        _ordered(claims),
        _ordered(claim(site, each) for each in site.subjects("claimObject", iri)),
        _places(site, iri),
        _groups(site, backward, _SHOWN, told.more),
        tuple(
            (str(fact.iri), str(fact.value))
            for fact in (*told.kinds, *told.facts)
            if fact.inferred and fact.iri and (fact in told.kinds or fact.predicate in _EXPLAINED)
        ),
        proof,
    )


def _groups(
    site: Site, facts: Iterable[Fact], shown: int | None, more: Mapping[str, int] | None = None
) -> tuple[Group, ...]:
    by_relation: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        by_relation.setdefault((site.relation(fact), fact.predicate), []).append(fact)
    return tuple(
        Group(
            relation,
            predicate,
            tuple(several[:shown]),
            len(several) + (more or {}).get(several[0].relation, 0),
        )
        for (relation, predicate), several in by_relation.items()
    )


def _ordered(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Claims by relation, what is said plainly before what is denied or hedged."""
    return tuple(sorted(claims, key=lambda each: (not each.plain, each.relation, each.object, each.iri)))


def _observations(site: Site, iri: str) -> tuple[Observation, ...]:
    if site.first(iri, "hasResult"):
        return (observation(site, iri),)
    about = [iri, *(each for each in site.all(iri, "hasComponent"))]
    measured = [each for thing in about for each in site.subjects("hasFeatureOfInterest", thing)]
    if not measured:
        measured = site.subjects("observedProperty", iri)
    found = [observation(site, each) for each in dict.fromkeys(measured)]
    return tuple(sorted(found, key=lambda each: (site.label(each.property), site.label(each.of), each.iri)))


def _places(site: Site, iri: str) -> tuple[Place, ...]:
    if site.is_a(iri, "Evidence"):
        from lithiokg.web.evidence import place  # noqa: PLC0415

        return (place(site, iri),)
    return () if site.first(iri, "hasResult") else places(site, iri)


def _body(site: Site, iri: str) -> Body:
    kinds = [fact for fact in site.describe(iri).kinds if not fact.implied]
    made = tuple(
        (site.label(LKG + name), found)
        for name in _MADE
        if (found := tuple(site.by_label(site.all(iri, name))))
    )
    return Body(iri, tuple(kinds), made, site.first(iri, "note"))


def references_behind(site: Site, iri: str) -> list[str]:
    """The references on which what is known of a thing rests, by number."""
    found: set[str] = set()
    if iri.startswith(f"{ID}reference/"):
        found.add(iri)
    found |= set(site.subjects("refersTo", iri))
    waiting, seen = [iri], {iri}
    while waiting:
        node = waiting.pop()
        found.update(each for name in ("reportedIn", "resolvedReference") for each in site.all(node, name))
        parts = [*(each for name in _RESTS_ON for each in site.all(node, name))]
        if node == iri:
            parts += [each for name in _ABOUT for each in site.subjects(name, node)]
        for each in parts:
            if each not in seen:
                seen.add(each)
                waiting.append(each)
    return sorted(found, key=lambda each: (int(site.first(each, "referenceNumber") or 0), each))


_ABOUT = ("claimSubject", "claimObject", "hasFeatureOfInterest")
_RESTS_ON = ("hasEvidence", "hasClaim", "hasObservation", "hasComponent", "inTableRow")
