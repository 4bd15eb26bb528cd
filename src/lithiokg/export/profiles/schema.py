"""The figures for search engines: a schema.org ``Dataset`` and an ``Observation`` for each figure.

An ``Observation`` of schema.org is a ``QuantitativeValue``: it has ``value``, ``minValue`` and ``maxValue``,
a unit, and by ``valueReference`` the conditions under which it holds. A bound is no value: ``> 500 h`` has
a ``minValue`` only. What schema.org has no word for, comparator and printed figure, are additional
properties with the IRI of ours.

References: https://schema.org/Observation, https://schema.org/QuantitativeValue and
https://developers.google.com/search/docs/appearance/structured-data/dataset.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lithiokg.export.profiles.facts import SCHEMA
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from lithiokg.export.profiles.facts import Facts, Observation, Quantity, Source

__all__ = ["schema_document"]

#: Terms whose values are IRIs, as in schema.org's own context, which is not fetched.
_LINKS = ("license", "propertyID", "url")

Node = dict[str, Any]


def schema_document(facts: Facts) -> Node:
    """The data set, what it observes, and its observations, as one JSON-LD document."""
    observations = facts.observations
    documents, originals = _works(observations)
    works = {**originals, **documents}
    graph = [
        _dataset(facts, sorted(documents), sorted(set(originals) - set(documents))),
        *[_source(works[address]) for address in sorted(works)],
        *[_named(facts, iri, "DefinedTerm") for iri in _kinds(facts)],
        *[_named(facts, iri, "Thing") for iri in sorted({each.feature for each in observations})],
        *[_observation(facts, each) for each in observations],
    ]
    links = {name: {"@type": "@id"} for name in _LINKS}
    return {"@context": {"@vocab": "https://schema.org/", **links}, "@graph": graph}


def _dataset(facts: Facts, read: list[str], cited: list[str]) -> Node:
    """The data set as the graph describes itself, with the works that its figures come from."""
    release = facts.release
    node: Node = {
        "@id": facts.dataset,
        "@type": "Dataset",
        "name": release.title,
        "description": release.description,
        "version": release.version,
        "license": release.license,
        "datePublished": release.date,
        "creator": {"@id": release.creator.iri, "@type": "Organization", "name": release.creator.label},
        "isBasedOn": [{"@id": address} for address in read],
        "url": LKG,
        "identifier": LKG,
        "citation": [{"@id": address} for address in cited],
        "variableMeasured": [
            {"@type": "PropertyValue", "propertyID": iri, "name": facts.label(iri)} for iri in _kinds(facts)
        ],
    }
    for name in ("name", "description", "creditText", "keywords", "inLanguage"):
        texts = facts.texts(facts.dataset, SCHEMA + name)
        if texts:
            node[name] = texts if name == "keywords" else texts[0]
    return {**node, "isAccessibleForFree": True}


def _kinds(facts: Facts) -> list[str]:
    return sorted({each.kind for each in facts.observations})


def _works(observations: Iterable[Observation]) -> tuple[dict[str, Source], dict[str, Source]]:
    """The documents that were read, and the works that they cite for the figures, by address."""
    places = [place for observation in observations for place in observation.evidence]
    documents = {place.document.address: place.document for place in places if place.document}
    return documents, {work.address: work for place in places for work in place.originals}


def _named(facts: Facts, iri: str, kind: str) -> Node:
    return {"@id": iri, "@type": kind, "name": facts.label(iri)}


def _observation(facts: Facts, observation: Observation) -> Node:
    result = observation.result
    node: Node = {
        "@id": observation.iri,
        "@type": "Observation",
        "name": f"{facts.label(observation.kind)} of {facts.label(observation.feature)}",
        "measuredProperty": {"@id": observation.kind},
        "observationAbout": {"@id": observation.feature},
        **_value(result),
        **_unit(facts, result.unit),
    }
    references = [_condition(facts, each) for each in observation.conditions]
    told = {"inCell": observation.cell, "atStage": observation.stage}
    references += [
        _property_value(facts, LKG + name, facts.label(iri)) for name, iri in told.items() if iri is not None
    ]
    if references:
        node["valueReference"] = references
    node["additionalProperty"] = [
        _property_value(facts, LKG + "comparator", result.comparator),
        _property_value(facts, LKG + "printed", result.printed),
        *[_property_value(facts, LKG + "hasEvidence", place.citation) for place in observation.evidence],
    ]
    remarks = " ".join(filter(None, (*observation.doubts, observation.note)))
    if remarks:
        node["description"] = remarks
    documents, originals = _works([observation])
    node["subjectOf"] = [{"@id": each} for each in (facts.dataset, *sorted({**documents, **originals}))]
    return node


def _condition(facts: Facts, quantity: Quantity) -> Node:
    return {
        "@type": "PropertyValue",
        "propertyID": quantity.kind,
        "name": facts.label(quantity.kind),
        "description": quantity.printed,
        **_value(quantity),
        **_unit(facts, quantity.unit),
    }


def _property_value(facts: Facts, iri: str, value: str) -> Node:
    return {"@type": "PropertyValue", "propertyID": iri, "name": facts.label(iri), "value": value}


def _value(quantity: Quantity) -> Node:
    """A number, or what bounds it."""
    if quantity.value is None:
        found: Node = {"minValue": quantity.minimum, "maxValue": quantity.maximum, "value": quantity.ratio}
    elif quantity.is_bound:
        found = {"minValue" if quantity.comparator.startswith(">") else "maxValue": quantity.value}
    else:
        found = {"value": quantity.value}
    told = {name: value for name, value in found.items() if value is not None}
    return {name: value if isinstance(value, str) else _number(value) for name, value in told.items()}


def _number(value: Decimal) -> int | float:
    """A number of JSON; the shortest form of a binary float has the figures of the decimal."""
    return int(value) if value == value.to_integral_value() else float(value)


def _unit(facts: Facts, unit: str) -> Node:
    """The unit for people, and its code with the name of the code system before it."""
    text, code = facts.text(unit, "plainSymbol"), facts.text(unit, "ucumCode")
    return {
        **({"unitText": text} if text else {}),
        **({"unitCode": f"UCUM:{code}"} if code else {}),
    }


def _source(source: Source) -> Node:
    node: Node = {"@id": source.address, "@type": "ScholarlyArticle", "name": source.label}
    return {**node, "identifier": f"doi:{source.doi}"} if source.doi else node
