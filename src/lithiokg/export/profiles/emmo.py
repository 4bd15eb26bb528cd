"""The facts in the words of EMMO and its battery domain ontologies, in the manner of BattINFO.

The pattern (EMMO 1.0.3, electrochemistry 0.37, CHAMEO 1.0.3)::

    design  --hasConstituent-->  component  --hasConstituent-->  portion of a substance
       |                                                                                 .
       +--hasProperty--> quantity --hasNumericalPart--> number --hasNumberValue--> "24"
                            |
                            +--hasMeasurementUnit--> unit of its own, of the class Ohm
    measurement --hasMeasuredObject--> design
        +--hasDeterminedProperty--> quantity --prov:wasDerivedFrom--> place in a document
        +--hasMeasurementParameter--> quantity (a condition)
        +--hasParticipant--> cell

Each quantity has a unit node of its own. ``hasMeasurementUnit`` is inverse functional in EMMO: of two
quantities that share a unit node a reasoner concludes that they are one, and of one with two numbers
that there is none. A bound is not a value: ``> 99.5 %`` and a range have no number of EMMO's, only the
unit, and what is said stands in ``lkg:`` terms beside it, as comparator and printed figure always do.

Types come from ``ontology/mappings`` (:class:`~lithiokg.export.profiles.matches.Matches`); only the
terms of the pattern itself stand here.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from lithiokg.export.profiles.facts import FOAF, RDF_TYPE
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.export.profiles.facts import Evidence, Facts, Observation, Quantity, Source
    from lithiokg.export.profiles.matches import Match, Matches

__all__ = ["CLASSES", "RELATIONS", "TURTLE_PREFIXES", "emmo_document"]

EMMO = "https://w3id.org/emmo#"
_CHAMEO = "https://w3id.org/emmo/domain/characterisation-methodology/chameo#"
_VALUE = EMMO + "EMMO_faf79f53_749d_40b2_807c_d34244c192f4"

#: The object properties of the pattern, by their labels.
RELATIONS = {
    "hasConstituent": EMMO + "EMMO_dba27ca1_33c9_4443_a912_1519ce4c39ec",
    "hasDeterminedProperty": EMMO + "EMMO_802b7639_9498_4b47_ad45_1a087fe8fb85",
    "hasMeasuredObject": EMMO + "EMMO_ae081613_1d3a_49af_ba03_7195fcc9ebba",
    "hasMeasurementParameter": _CHAMEO + "hasMeasurementParameter",
    "hasMeasurementUnit": EMMO + "EMMO_bed1d005_b04e_4a90_94cf_02bc678a8569",
    "hasNumericalPart": EMMO + "EMMO_8ef3cd6d_ae58_4a8d_9fc0_ad8f49015cd0",
    "hasParticipant": EMMO + "EMMO_ae2d1a96_bfa1_409a_a7d2_03d69e8a125a",
    "hasProperty": EMMO + "EMMO_e1097637_70d2_4895_973f_2396f04fa204",
    "hasReferent": EMMO + "EMMO_8fb6d667_f2af_482d_97a9_ec97cd81274d",
}
#: The classes of the pattern, by their labels.
CLASSES = {
    "CharacterisationMeasurementProcess": _CHAMEO + "CharacterisationMeasurementProcess",
    "ConventionalProperty": EMMO + "EMMO_d8aa8e1f_b650_416d_88a0_5118de945456",
    "Determination": EMMO + "EMMO_10a5fd39_06aa_4648_9e70_f962a9cb2069",
    "MeasuredProperty": EMMO + "EMMO_873b0ab3_88e6_4054_b901_5531e01f14a4",
    "MeasurementParameter": _CHAMEO + "MeasurementParameter",
    "MeasurementUnit": EMMO + "EMMO_b081b346_7279_46ef_9a3d_2c088fcd79f4",
    "PhysicalQuantity": EMMO + "EMMO_02c0621e_a527_4790_8a0f_2bb51973c819",
    "RealData": EMMO + "EMMO_18d180e4_5e3e_42f7_820c_e08951223486",
}
_PREFIXES = {name: PREFIXES[name] for name in ("dcterms", "lkg", "owl", "prov", "rdfs", "skos", "xsd")}
#: What the Turtle of the profile declares.
TURTLE_PREFIXES = {
    **_PREFIXES,
    "battery": "https://w3id.org/emmo/domain/battery#",
    "chameo": _CHAMEO,
    "electrochemistry": "https://w3id.org/emmo/domain/electrochemistry#",
    "emmo": EMMO,
    "foaf": FOAF,
    "substance": "https://w3id.org/emmo/domain/chemical-substance#",
}
#: Our relations that are kept beside, with their kind, for what EMMO has no word for.
_OWN = {
    **dict.fromkeys(("atStage", "hasBaseline", "quantityKind", "unit"), "ObjectProperty"),
    **dict.fromkeys(
        ("comparator", "note", "plainSymbol", "printed", "ratio", "ucumCode"), "DatatypeProperty"
    ),
    **dict.fromkeys(("maximum", "minimum", "value"), "DatatypeProperty"),
}
_ANNOTATIONS = ("bibliographicCitation", "identifier", "isPartOf", "references", "source")
#: A body holds a body.
_BODIES = ("hasComponent", "hasSublayer", "hasCoating")
#: A body holds a portion of a substance.
_MATTER = ("hasConstituent", "hasSolute", "hasAdditive", "hasDopant", "hasFiller")
_INDIVIDUAL = "owl:NamedIndividual"

Node = dict[str, Any]


def emmo_document(facts: Facts, matches: Matches) -> Node:
    """Designs, bodies, measurements and quantities as one JSON-LD document, self-contained and sorted."""
    return _Document(facts, matches).node()


class _Document:
    """One writing: what it told already, and which terms it used."""

    def __init__(self, facts: Facts, matches: Matches) -> None:
        self._facts = facts
        self._matches = matches
        self._terms = {**RELATIONS, **CLASSES}
        self._relations = set(RELATIONS)
        self._sources: dict[str, Source] = {}
        self._own_classes = {"Observation", "Quantity", "Unit"}

    def node(self) -> Node:
        facts = self._facts
        observations = facts.observations
        properties: dict[str, list[Node]] = {}
        told = [self._determination(each, properties) for each in observations]
        designs = [self._body(iri, properties) for iri in facts.of("Design")]
        quantities = [each for one in observations for each in (one.result, *one.conditions)]
        vocabulary = [
            *[self._unit(iri) for iri in sorted({quantity.unit for quantity in quantities})],
            *[self._named(iri) for iri in sorted({quantity.kind for quantity in quantities})],
            *[self._named(iri) for iri in sorted({o.stage for o in observations if o.stage})],
        ]
        sources = [_source(self._sources[address]) for address in sorted(self._sources)]
        graph = [self._header(), *designs, *told, *sources, *vocabulary, *self._declarations()]
        return {"@context": self._context(), "@graph": graph}

    # --- things -----------------------------------------------------------------------------------

    def _body(self, iri: str, properties: dict[str, list[Node]]) -> Node:
        """A design or a body of one, with what it holds."""
        facts = self._facts
        stated = [term.removeprefix(LKG) for term in facts.iris(iri, RDF_TYPE) if term.startswith(LKG)]
        self._own_classes.update(stated)
        node = self._thing(iri, [f"lkg:{term}" for term in stated])
        for relation in _BODIES:
            parts = [self._body(part, properties) for part in facts.iris(iri, relation)]
            self._relate(node, relation, parts)
        for relation in _MATTER:
            portions = [self._portion(iri, substance) for substance in facts.iris(iri, relation)]
            self._relate(node, relation, portions)
        baseline = facts.iri(iri, "hasBaseline")
        if baseline:
            node["lkg:hasBaseline"] = _local(baseline)
        if iri in properties:
            node["hasProperty"] = properties[iri]
        return node

    def _relate(self, node: Node, relation: str, parts: list[Node]) -> None:
        """Relate a whole to its parts as the mappings say, or as constituents."""
        if not parts:
            return
        matched = self._matches.of(LKG + relation)
        names = [self._name(match) for match in matched] or ["hasConstituent"]
        self._relations.update(names)
        node.setdefault(names[0], []).extend(parts)
        for name in names[1:]:
            node.setdefault(name, []).extend({"@id": part["@id"]} for part in parts)

    def _portion(self, body: str, substance: str) -> Node:
        """So much of a substance as is in one body; the substance itself is a kind, not a body."""
        return self._instance(f"{body}/portion/{substance.rsplit('/', 1)[-1]}", substance)

    def _instance(self, iri: str, kind: str) -> Node:
        """A thing of a kind that is an individual here: a substance, a battery type, a cell configuration."""
        types = self._types(kind, *self._facts.types(kind))
        label = self._facts.label(kind)
        return _node(iri, types, prefLabel=label, **{"rdfs:seeAlso": _local(kind)})

    def _thing(self, iri: str, ours: list[str]) -> Node:
        types = [*self._types(*self._facts.types(iri)), *ours]
        return _node(iri, types, prefLabel=self._facts.label(iri))

    # --- measurements -----------------------------------------------------------------------------

    def _determination(self, observation: Observation, properties: dict[str, list[Node]]) -> Node:
        """An observation, taken at its word: a determination, and where it was made on a body, a measurement."""
        facts = self._facts
        on_body = observation.feature in self._bodies
        recipe = LKG + "CompositionProperty" in facts.types(observation.kind)
        measured = on_body and not recipe
        kind = "CharacterisationMeasurementProcess" if measured else "Determination"
        nature = ["MeasuredProperty"] if measured else ["ConventionalProperty"] if recipe else []
        result = self._quantity(observation.result, nature, observation.evidence)
        owner: Node = {"@id": _local(observation.feature)}
        if on_body:
            properties.setdefault(observation.feature, []).append({"@id": result["@id"]})
        else:
            owner = self._instance(f"{observation.iri}/object", observation.feature)
            owner["hasProperty"] = {"@id": result["@id"]}
        said = {
            "prefLabel": f"{facts.label(observation.kind)} of {facts.label(observation.feature)}",
            "hasMeasuredObject" if measured else "hasReferent": owner,
            "hasDeterminedProperty": result,
            "hasMeasurementParameter": [self._quantity(each) for each in observation.conditions],
            "hasParticipant": observation.cell
            and self._instance(f"{observation.iri}/cell", observation.cell),
            "dcterms:source": sorted(
                {each.document.address for each in observation.evidence if each.document}
            ),
            "lkg:atStage": _local(observation.stage or ""),
            "lkg:note": " ".join(filter(None, (*observation.doubts, observation.note))),
        }
        told = {name: value for name, value in said.items() if value}
        return _node(observation.iri, [kind, "lkg:Observation"], **told)

    def _quantity(
        self, quantity: Quantity, nature: Iterable[str] = (), evidence: Iterable[Evidence] = ()
    ) -> Node:
        types = self._types(quantity.kind) or ["PhysicalQuantity"]
        node = _node(quantity.iri, [*types, *nature, "lkg:Quantity"])
        if quantity.value is not None and not quantity.is_bound:
            number = {"hasNumberValue": f"{quantity.value:f}"}
            node["hasNumericalPart"] = _node(f"{quantity.iri}/number", ["RealData"], **number)
        units = self._types(quantity.unit) or ["MeasurementUnit"]
        node["hasMeasurementUnit"] = _node(f"{quantity.iri}/unit", units)
        said = {
            "lkg:quantityKind": _local(quantity.kind),
            "lkg:printed": quantity.printed,
            "lkg:comparator": quantity.comparator,
            "lkg:value": f"{quantity.value:f}" if quantity.value is not None and quantity.is_bound else None,
            "lkg:minimum": None if quantity.minimum is None else f"{quantity.minimum:f}",
            "lkg:maximum": None if quantity.maximum is None else f"{quantity.maximum:f}",
            "lkg:ratio": quantity.ratio,
            "lkg:unit": _local(quantity.unit),
            "prov:wasDerivedFrom": [self._place(place) for place in evidence],
        }
        return {**node, **{key: value for key, value in said.items() if value}}

    def _place(self, place: Evidence) -> Node:
        node: Node = {
            "@id": _local(place.iri),
            "@type": ["prov:Entity", _INDIVIDUAL],
            "dcterms:bibliographicCitation": place.citation,
        }
        if place.document:
            self._sources[place.document.address] = place.document
            node["dcterms:isPartOf"] = place.document.address
        for work in place.originals:
            self._sources[work.address] = work
        if place.originals:
            node["dcterms:references"] = sorted(work.address for work in place.originals)
        return node

    # --- what the nodes are of --------------------------------------------------------------------

    @cached_property
    def _bodies(self) -> frozenset[str]:
        return frozenset([*self._facts.of("Design"), *self._facts.of("Component")])

    def _types(self, *ours: str) -> list[str]:
        return [self._name(match) for match in self._matches.of(*ours)]

    def _name(self, match: Match) -> str:
        """A term by its label; by its IRI where another has the label already."""
        name = match.label if self._terms.get(match.label, match.iri) == match.iri else match.iri
        self._terms[name] = match.iri
        return name

    def _named(self, iri: str) -> Node:
        return {"@id": _local(iri), "@type": [_INDIVIDUAL], "prefLabel": self._facts.label(iri)}

    def _unit(self, iri: str) -> Node:
        facts = self._facts
        codes = {f"lkg:{name}": facts.text(iri, name) for name in ("plainSymbol", "ucumCode")}
        return {
            **self._named(iri),
            "@type": ["lkg:Unit", _INDIVIDUAL],
            **{name: code for name, code in codes.items() if code},
        }

    def _header(self) -> Node:
        release = self._facts.release
        return {
            "@id": LKG + "profile/emmo",
            "@type": "owl:Ontology",
            "dcterms:title": f"{release.title}: the facts in the words of EMMO",
            "dcterms:creator": {"@id": release.creator.iri, FOAF + "name": release.creator.label},
            "dcterms:license": {"@id": release.license},
            "dcterms:created": {"@value": release.date, "@type": "xsd:date"},
            "owl:versionInfo": release.version,
            "dcterms:source": sorted(self._sources),
        }

    def _declarations(self) -> Iterator[Node]:
        """The terms in use with kind and label: OWL tools drop what is not declared."""
        yield {"@id": _VALUE, "@type": "owl:DatatypeProperty", "prefLabel": "hasNumberValue"}
        for label, iri in sorted(self._terms.items()):
            kind = "ObjectProperty" if label in self._relations else "Class"
            yield {"@id": iri, "@type": f"owl:{kind}", "prefLabel": label}
        for name, kind in sorted(_OWN.items()):
            yield {"@id": LKG + name, "@type": f"owl:{kind}", "prefLabel": self._facts.label(LKG + name)}
        for name in sorted(self._own_classes):
            yield {"@id": LKG + name, "@type": "owl:Class", "prefLabel": self._facts.label(LKG + name)}
        yield {"@id": "prov:Entity", "@type": "owl:Class"}
        yield {"@id": "prov:wasDerivedFrom", "@type": "owl:ObjectProperty"}
        for name in _ANNOTATIONS:
            yield {"@id": f"dcterms:{name}", "@type": "owl:AnnotationProperty"}

    def _context(self) -> Node:
        links = [
            *(f"lkg:{name}" for name, kind in _OWN.items() if kind == "ObjectProperty"),
            *(f"dcterms:{name}" for name in ("isPartOf", "references", "source")),
            *("prov:wasDerivedFrom", "rdfs:seeAlso"),
        ]
        return {
            "@base": ID,
            **_PREFIXES,
            "prefLabel": {"@id": "skos:prefLabel", "@language": "en"},
            "hasNumberValue": {"@id": _VALUE, "@type": "xsd:decimal"},
            **{name: {"@type": "@id"} for name in sorted(links)},
            **{f"lkg:{name}": {"@type": "xsd:decimal"} for name in ("maximum", "minimum", "value")},
            **{
                label: {"@id": iri, "@type": "@id"} if label in self._relations else iri
                for label, iri in sorted(self._terms.items())
                if label != iri
            },
        }


def _local(iri: str) -> str:
    """An individual of ours relative to the base of the document."""
    return iri.removeprefix(ID)


def _node(iri: str, types: list[str], **said: Any) -> Node:
    return {"@id": _local(iri), "@type": [*types, _INDIVIDUAL], **said}


def _source(source: Source) -> Node:
    node: Node = {
        "@id": _local(source.address),
        "@type": ["prov:Entity", _INDIVIDUAL],
        "prefLabel": source.label,
    }
    return {**node, "dcterms:identifier": f"doi:{source.doi}"} if source.doi else node
