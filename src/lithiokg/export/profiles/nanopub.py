"""Each observation and each claim as a nanopublication of its own, in TriG.

A nanopublication is the smallest thing that can be cited: one assertion, where it comes from, and who
published it, each in a named graph (https://nanopub.net/guidelines/working_draft/). The assertion is in
the terms of LithioKG. Its IRI follows that of the record, so it is the same in every release; the code
of a *trusty* URI is left to signing, which adds the signer's key to what the code is made of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.export.profiles.facts import FOAF, RDF_TYPE
from lithiokg.export.profiles.turtle import TurtleWriter
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.export.profiles.facts import Claim, Evidence, Facts, Observation, Quantity

__all__ = ["NANOPUB", "nanopub_iri", "nanopublications", "write_nanopub"]

NANOPUB = "https://w3id.org/lithiokg/np/"
_NP, _NPX = "http://www.nanopub.org/nschema#", "http://purl.org/nanopub/x/"
_DCTERMS, _PROV, _RDFS, _XSD = (PREFIXES[prefix] for prefix in ("dcterms", "prov", "rdfs", "xsd"))
_PAV = "http://purl.org/pav/"
_PREFIXES = {
    **{name: PREFIXES[name] for name in ("dcterms", "lkg", "prov", "rdfs", "xsd")},
    "foaf": FOAF,
    "np": _NP,
    "npx": _NPX,
    "pav": _PAV,
}
#: What a record says beside its assertion: in the provenance, or (where it was typed in) nowhere.
_ASIDE = frozenset({LKG + "hasEvidence", LKG + "hasDoubt", LKG + "hasDiscrepancy", LKG + "curatedAt"})
_INDIVIDUAL = ox.NamedNode(PREFIXES["owl"] + "NamedIndividual")


def nanopub_iri(record: str) -> str:
    """The IRI of the nanopublication of a record.

    >>> nanopub_iri("https://w3id.org/lithiokg/id/claim/a")
    'https://w3id.org/lithiokg/np/claim/a'
    """
    return NANOPUB + record.removeprefix(ID)


def write_nanopub(facts: Facts) -> Iterator[str]:
    """All nanopublications, one after the other, observations first."""
    writer = TurtleWriter(LKG, _PREFIXES)
    yield writer.head()
    for graphs in nanopublications(facts):
        yield "\n" + "".join(writer.graph(name, triples) for name, triples in graphs.items())


def nanopublications(facts: Facts) -> Iterator[dict[str, list[ox.Triple]]]:
    """The nanopublications, each as its four graphs by name."""
    for observation in facts.observations:
        title = _title_of_observation(facts, observation)
        yield _nanopublication(facts, observation, "Observation", title, _figures(facts, observation))
    for claim in facts.claims:
        yield _nanopublication(facts, claim, "Claim", _title_of_claim(facts, claim), _claimed(facts, claim))


def _nanopublication(
    facts: Facts, record: Observation | Claim, kind: str, title: str, assertion: Iterable[ox.Triple]
) -> dict[str, list[ox.Triple]]:
    iri = nanopub_iri(record.iri)
    head, said, provenance, pubinfo = (
        f"{iri}/{name}" for name in ("Head", "assertion", "provenance", "pubinfo")
    )
    return {
        head: [
            _link(iri, RDF_TYPE, _NP + "Nanopublication"),
            _link(iri, _NP + "hasAssertion", said),
            _link(iri, _NP + "hasProvenance", provenance),
            _link(iri, _NP + "hasPublicationInfo", pubinfo),
        ],
        said: list(assertion),
        provenance: list(_provenance(facts, record, said)),
        pubinfo: _publication(facts, iri, kind, title),
    }


# --- Assertions -----------------------------------------------------------------------------------


def _figures(facts: Facts, observation: Observation) -> Iterator[ox.Triple]:
    quantities: tuple[Quantity, ...] = (observation.result, *observation.conditions)
    for node in (observation.iri, *(quantity.iri for quantity in quantities)):
        yield from _said(facts, node)


def _claimed(facts: Facts, claim: Claim) -> Iterator[ox.Triple]:
    """The claim with its polarity and modality, and the plain triple where it holds as one."""
    yield from _said(facts, claim.iri)
    if claim.holds:
        yield _link(claim.subject, claim.relation, claim.object)


def _said(facts: Facts, node: str) -> Iterator[ox.Triple]:
    return (
        triple
        for triple in facts.triples(node)
        if triple.predicate.value not in _ASIDE and triple.object != _INDIVIDUAL
    )


# --- Provenance and publication info --------------------------------------------------------------


def _provenance(facts: Facts, record: Observation | Claim, assertion: str) -> Iterator[ox.Triple]:
    for source in sorted({place.document.address for place in record.evidence if place.document}):
        yield _link(assertion, _PROV + "wasDerivedFrom", source)
    for place in record.evidence:
        yield _link(assertion, _PROV + "wasDerivedFrom", place.iri)
    for source in sorted({work.address for place in record.evidence for work in place.originals}):
        yield _link(assertion, _PROV + "hadPrimarySource", source)
    if not any(place.document for place in record.evidence):  # no source says so: whoever published it does
        yield _link(assertion, _PROV + "wasAttributedTo", facts.release.creator.iri)
    for place in record.evidence:
        yield from _place(facts, place)
    for doubt in facts.iris(record.iri, "hasDoubt"):
        yield _link(record.iri, LKG + "hasDoubt", doubt)
        yield from _said(facts, doubt)


def _place(facts: Facts, place: Evidence) -> Iterator[ox.Triple]:
    yield from _said(facts, place.iri)
    yield _literal(place.iri, _DCTERMS + "bibliographicCitation", place.citation)
    if place.document:
        yield _link(place.iri, _DCTERMS + "isPartOf", place.document.address)


def _publication(facts: Facts, iri: str, kind: str, title: str) -> list[ox.Triple]:
    release = facts.release
    return [
        _literal(iri, _RDFS + "label", title),
        _literal(iri, _DCTERMS + "created", f"{release.date}T00:00:00Z", _XSD + "dateTime"),
        _link(iri, _DCTERMS + "creator", release.creator.iri),
        _link(iri, _DCTERMS + "license", release.license),
        _literal(iri, _PAV + "version", release.version),
        _link(iri, _NPX + "hasNanopubType", LKG + kind),
        _literal(release.creator.iri, FOAF + "name", release.creator.label),
    ]


def _title_of_observation(facts: Facts, observation: Observation) -> str:
    about = f"{facts.label(observation.kind)} of {facts.label(observation.feature)}"
    return f"{about}: {observation.result.printed}"


def _title_of_claim(facts: Facts, claim: Claim) -> str:
    said = " ".join(map(facts.label, (claim.subject, claim.relation, claim.object)))
    return said if claim.holds else f"{said} ({claim.polarity}, {claim.modality})"


def _link(subject: str, predicate: str, object_: str) -> ox.Triple:
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.NamedNode(object_))


def _literal(subject: str, predicate: str, text: str, datatype: str | None = None) -> ox.Triple:
    kind = ox.NamedNode(datatype) if datatype else None
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), ox.Literal(text, datatype=kind))
