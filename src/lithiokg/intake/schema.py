"""The JSON Schema of the record files, by which editors complete and check while somebody types.

It says less than the rules of ``lithiokg check``: which fields there are, what each takes, what may be
chosen. JSON Schema draft 2020-12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lithiokg.curation import COLLECTIONS, read_context
from lithiokg.curation.context import QUANTITY
from lithiokg.curation.scope import KEY
from lithiokg.intake.known import Known
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from lithiokg.curation import Term
    from lithiokg.sources import Sources

__all__ = ["records_schema"]

_XSD = PREFIXES["xsd"]
#: Vocabularies of the ontology to which no record adds, and those to which one may.
_CLOSED = ("property/", "stage/", "doubt/", "identification/", "discrepancy-kind/")
_OPEN = ("cell/", "method/")
#: Fields and collections whose records have a type below a class.
_TYPED = {
    "works": "Work", "substances": "Substance", "methods": "Method", "components": "Component",
    "sublayers": "Component", "treatments": "Treatment", "evidence": "Evidence",
}  # fmt: skip
_KEYWORDS = {"polarity": ["positive", "negative"], "modality": ["asserted", "hedged", "normative"]}
_ELSEWHERE = "^(lkgi:|https?://)"


def records_schema(sources: Sources) -> dict[str, Any]:
    """The schema, from the context, the collections and the ontology.

    Args:
        sources: the written sources; only the ontology is read.

    Raises:
        LithioKGError: if the ontology does not read.
    """
    from lithiokg.build.reading import read_ontology  # noqa: PLC0415

    problems: list[Any] = []
    known = Known(read_ontology(sources, problems))
    if problems:
        raise problems[0]
    context = read_context(sources.ontology / "context.jsonld")
    fields = {
        name: _field(name, term, known)
        for name, term in sorted(context.terms.items())
        if not term.iri.startswith("@")
    }
    fields["type"] = _several({"$ref": "#/$defs/class"})
    fields["id"] = {"type": "string"}
    classes = sorted(iri.removeprefix(LKG) for iri in known.stated_classes(""))
    definitions: dict[str, Any] = {
        "record": {
            "type": "object",
            "properties": dict(sorted(fields.items())),
            "additionalProperties": False,
        },
        "class": {"enum": classes},
        "figure": {
            "anyOf": [
                {"type": ["string", "number"]},
                {
                    "type": "object",
                    "properties": {
                        "printed": {"type": ["string", "number"]},
                        "read-as": {"type": ["string", "number"]},
                    },
                    "required": ["printed"],
                    "additionalProperties": False,
                },
            ],
            "description": "A figure as printed, such as ~24 Ω; {printed: ..., read-as: ...} where the print cannot be.",
        },
    }
    for root in sorted(set(_TYPED.values())):
        names = [iri.removeprefix(LKG) for iri in known.stated_classes(LKG + root)]
        definitions[root] = {"properties": {"type": _several({"enum": sorted(names)})}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://w3id.org/lithiokg/records.schema.json",
        "$comment": "Written by tools/records_schema.py from ontology/context.jsonld and the ontology; do not edit.",
        "title": "Records of LithioKG",
        "type": "object",
        "properties": {name: _keyed(name) for name in COLLECTIONS},
        "additionalProperties": False,
        "$defs": dict(sorted(definitions.items())),
    }


def _keyed(name: str) -> dict[str, Any]:
    """Records by their keys."""
    key = KEY.pattern
    pattern = rf"^{key}(/{key})*$" if name == "columns" else f"^{key}$"
    return {"type": "object", "propertyNames": {"pattern": pattern}, "additionalProperties": _record(name)}


def _record(name: str) -> dict[str, Any]:
    record = {"$ref": "#/$defs/record"}
    return {"allOf": [record, {"$ref": f"#/$defs/{_TYPED[name]}"}]} if name in _TYPED else record


def _several(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one, "minItems": 1}]}


def _field(name: str, term: Term, known: Known) -> dict[str, Any]:
    said = known.definition(term.iri)
    label = known.label(term.iri)
    description = {"description": f"{label}: {said}" if said else label}
    if term.type == QUANTITY:
        figure = {"$ref": "#/$defs/figure"}
        if not term.keyed:
            return {**description, **figure}
        keys = sorted(iri.rpartition("/")[2] for iri in known.things("property/"))
        return {
            **description,
            "type": "object",
            "propertyNames": {"enum": keys},
            "additionalProperties": figure,
        }
    if term.keyed:
        return {**description, **_keyed(name)}
    return {**description, **_several(_value(name, term, known))}


def _value(  # noqa: PLR0911  # one return a kind of value
    name: str, term: Term, known: Known
) -> dict[str, Any]:
    """What one value of a field may be."""
    if name in _KEYWORDS:
        return {"enum": _KEYWORDS[name]}
    if term.type == _XSD + "integer":
        return {"type": "integer"}
    if term.type == _XSD + "boolean":
        return {"type": "boolean"}
    if term.type == "@vocab":
        return {"type": "string", "pattern": r"^(\w+:)?[A-Za-z]\w*$"}
    if term.type != "@id":
        return {"type": ["string", "number"]}
    if name == "structure":
        return {"$ref": "#/$defs/record"}
    base = str((term.scope or {}).get("@base", "")).removeprefix(ID)
    if base in (*_CLOSED, *_OPEN):
        keys = sorted(iri.rpartition("/")[2] for iri in known.things(base))
        other = _ELSEWHERE if base in _CLOSED else f"{_ELSEWHERE}|^{KEY.pattern}$"
        return {"anyOf": [{"enum": keys}, {"type": "string", "pattern": other}]}
    return {"type": ["string", "integer"]}
