"""The slots of SSSOM 1.1: what the header and the columns of a mapping table may say, and their RDF.

Names, ranges and properties are those of https://w3id.org/sssom/ (schema 1.1); a slot without a property
of its own stands in the namespace of SSSOM.
"""

from __future__ import annotations

from dataclasses import dataclass

from lithiokg.vocabulary import PREFIXES

__all__ = [
    "ENTITY_TYPES",
    "JUSTIFICATIONS",
    "NO_TERM_FOUND",
    "PREDICATES",
    "PROPAGATED",
    "ROW_SLOTS",
    "SET_SLOTS",
    "SSSOM",
    "Slot",
]

SSSOM = PREFIXES["sssom"]
#: Stands for the object of a row that says that the target has no such term.
NO_TERM_FOUND = SSSOM + "NoTermFound"

#: The relations a row may state. Logical ones (subclass, equivalence) belong to ``ontology/bridges``.
PREDICATES = tuple(
    PREFIXES["skos"] + name
    for name in ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
)

#: What a mapping can rest on, in the namespace ``semapv:``.
JUSTIFICATIONS = frozenset(
    PREFIXES["semapv"] + name
    for name in (
        *("MappingReview", "ManualMappingCuration", "LogicalReasoning", "LexicalMatching"),
        *("CompositeMatching", "UnspecifiedMatching", "SemanticSimilarityThresholdMatching"),
        *("LexicalSimilarityThresholdMatching", "MappingChaining", "MappingInversion"),
        *("StructuralMatching", "InstanceBasedMatching", "BackgroundKnowledgeBasedMatching"),
    )
)

#: Words for the kinds of entity -> their classes; ``composed entity expression`` has none.
ENTITY_TYPES = {
    "owl class": PREFIXES["owl"] + "Class",
    "owl object property": PREFIXES["owl"] + "ObjectProperty",
    "owl data property": PREFIXES["owl"] + "DatatypeProperty",
    "owl annotation property": PREFIXES["owl"] + "AnnotationProperty",
    "owl named individual": PREFIXES["owl"] + "NamedIndividual",
    "skos concept": PREFIXES["skos"] + "Concept",
    "rdfs resource": PREFIXES["rdfs"] + "Resource",
    "rdfs class": PREFIXES["rdfs"] + "Class",
    "rdfs literal": PREFIXES["rdfs"] + "Literal",
    "rdfs datatype": PREFIXES["rdfs"] + "Datatype",
    "rdf property": PREFIXES["rdf"] + "Property",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot.

    Attributes:
        kind: ``entity`` (a CURIE or IRI), ``uri``, ``string``, ``date``, ``number`` or ``type``.
        property: the IRI of the property that carries it in RDF.
        many: whether it takes several values, in a table separated by ``|``.
    """

    kind: str
    property: str
    many: bool = False


#: Properties of other vocabularies that carry a slot.
_OWN = {
    "subject_id": PREFIXES["owl"] + "annotatedSource",
    "predicate_id": PREFIXES["owl"] + "annotatedProperty",
    "object_id": PREFIXES["owl"] + "annotatedTarget",
    "author_id": "http://purl.org/pav/authoredBy",
    "creator_id": PREFIXES["dcterms"] + "creator",
    "license": PREFIXES["dcterms"] + "license",
    "mapping_date": PREFIXES["dcterms"] + "created",
    "publication_date": PREFIXES["dcterms"] + "issued",
    "see_also": PREFIXES["rdfs"] + "seeAlso",
    "comment": PREFIXES["rdfs"] + "comment",
    "mapping_set_version": PREFIXES["owl"] + "versionInfo",
    "mapping_set_source": PREFIXES["prov"] + "wasDerivedFrom",
    "mapping_set_title": PREFIXES["dcterms"] + "title",
    "mapping_set_description": PREFIXES["dcterms"] + "description",
}


def _slots(names: dict[str, str]) -> dict[str, Slot]:
    """Slots from the names of each kind; a star marks a kind of several values."""
    return {
        name: Slot(kind.removesuffix("*"), _OWN.get(name, SSSOM + name), kind.endswith("*"))
        for kind, together in names.items()
        for name in together.split()
    }


#: What a header says for all rows at once.
PROPAGATED = _slots(
    {
        "type": "subject_type object_type predicate_type",
        "entity": "subject_source object_source mapping_tool_id",
        "entity*": "curation_rule subject_match_field object_match_field subject_preprocessing "
        "object_preprocessing",
        "uri": "mapping_provider",
        "string": "subject_source_version object_source_version mapping_tool mapping_tool_version "
        "similarity_measure",
        "string*": "cardinality_scope curation_rule_text",
        "date": "mapping_date",
    }
)
#: What rows and sets say each of themselves.
_SHARED = _slots(
    {
        "entity*": "creator_id",
        "string": "other comment",
        "string*": "creator_label",
        "uri": "license",
        "uri*": "see_also",
        "date": "publication_date",
    }
)
#: What the columns of a table may be.
ROW_SLOTS = (
    PROPAGATED
    | _SHARED
    | _slots(
        {
            "entity": "record_id subject_id predicate_id object_id mapping_justification mapping_source "
            "issue_tracker_item",
            "entity*": "author_id reviewer_id",
            "string": "subject_label subject_category predicate_label predicate_modifier object_label "
            "object_category mapping_cardinality",
            "string*": "author_label reviewer_label match_string",
            "number": "confidence reviewer_agreement similarity_score",
            "date": "review_date",
        }
    )
)
#: What the header of a table may say, the map of prefixes apart.
SET_SLOTS = (
    PROPAGATED
    | _SHARED
    | _slots(
        {
            "string": "sssom_version mapping_set_version mapping_set_title mapping_set_description",
            "uri": "mapping_set_id issue_tracker",
            "uri*": "mapping_set_source",
            "number": "mapping_set_confidence",
        }
    )
)
