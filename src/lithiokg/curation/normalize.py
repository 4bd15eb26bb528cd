"""What follows from the records by arithmetic and by reading them plainly.

* Each quantity in the canonical unit of its property, from what it is read as where it is.
* Each positive, asserted claim as the triple that it states.
* The place of each node.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.curation.literals import typed
from lithiokg.curation.records import Records
from lithiokg.quantities import QuantityError, parse, registry, to_canonical
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from lithiokg.errors import SourceError
    from lithiokg.quantities import Registry

__all__ = ["Normalized", "normalized", "provenance"]

_DECIMAL = PREFIXES["xsd"] + "decimal"
_NORMALIZED = ox.NamedNode(GRAPH + "normalized")
_PROVENANCE = ox.NamedNode(GRAPH + "provenance")
_CURATED_AT = ox.NamedNode(LKG + "curatedAt")

#: The properties of one node, by local name of the property.
_Fields = dict[str, list["ox.NamedNode | ox.Literal"]]
_READ = {
    LKG + name: name
    for name in (
        "printed",
        "readAs",
        "quantityKind",
        "claimSubject",
        "claimRelation",
        "claimObject",
        "polarity",
        "modality",
    )
}


@dataclass(slots=True)
class Normalized:
    """Canonical values (in ``lkgg:normalized``), triples of claims, and the figures that do not convert."""

    quads: list[ox.Quad] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)


def normalized(
    records: Records | Iterable[ox.Quad],
    *,
    units: Registry | None = None,
    object_properties: Collection[str] | None = None,
) -> Normalized:
    """Compute canonical quantities and the triples of positive, asserted claims.

    Args:
        records: what was read; with :class:`Records`, problems carry their places.
        units: units and properties; those of the shipped ontology by default.
        object_properties: IRIs of the object properties; where given, a claim with another
            relation yields no triple. A claim whose object is a literal never does.
    """
    quads = records.quads if isinstance(records, Records) else list(records)
    known = units or registry()
    nodes: dict[ox.NamedNode, _Fields] = defaultdict(lambda: defaultdict(list))
    graphs: dict[ox.NamedNode, ox.NamedNode] = {}
    for quad in quads:
        name = _READ.get(quad.predicate.value)
        value = quad.object
        if name and isinstance(quad.subject, ox.NamedNode) and isinstance(value, ox.NamedNode | ox.Literal):
            nodes[quad.subject][name].append(value)
            if name == "claimRelation" and isinstance(quad.graph_name, ox.NamedNode):
                graphs[quad.subject] = quad.graph_name
    found = Normalized()
    for node, fields in nodes.items():
        if "quantityKind" in fields:
            _quantity(node, fields, known, found, records)
        if "claimRelation" in fields:
            found.quads.extend(_claim(fields, graphs.get(node, _NORMALIZED), object_properties))
    return found


def _quantity(
    node: ox.NamedNode,
    fields: _Fields,
    known: Registry,
    found: Normalized,
    records: Records | Iterable[ox.Quad],
) -> None:
    name = "readAs" if "readAs" in fields else "printed"
    if name not in fields:
        return
    text, kind = fields[name][0].value, fields["quantityKind"][0].value
    try:
        canonical = to_canonical(parse(text, kind=kind, units=known), kind, units=known)
    except QuantityError as error:
        place = records.places.of(node.value, LKG + name, text) if isinstance(records, Records) else None
        found.problems.append(QuantityError(error.message, place=place, mend=error.mend))
        return
    numbers = {"value": canonical.value, "minimum": canonical.minimum, "maximum": canonical.maximum}
    for local, number in numbers.items():
        if number is not None:
            found.quads.append(_quad(node, local, typed(format(number, "f"), _DECIMAL)))
    if canonical.ratio is not None:
        found.quads.append(_quad(node, "ratio", ox.Literal(canonical.ratio)))
    found.quads.append(_quad(node, "unit", ox.NamedNode(canonical.unit)))


def _quad(node: ox.NamedNode, local: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(node, ox.NamedNode(LKG + local), value, _NORMALIZED)


def _claim(fields: _Fields, graph: ox.NamedNode, object_properties: Collection[str] | None) -> list[ox.Quad]:
    """The triples that a claim states, where it states them plainly, in the graph of the claim.

    They are statements of that source, so that a list which the source declares complete counts them.
    """
    plain = {"polarity": "positive", "modality": "asserted"}
    if any([value.value for value in fields.get(name, [])] != [wanted] for name, wanted in plain.items()):
        return []
    return [
        ox.Quad(subject, relation, target, graph)
        for subject in fields.get("claimSubject", [])
        for relation in fields["claimRelation"]
        for target in fields.get("claimObject", [])
        if isinstance(subject, ox.NamedNode)
        and isinstance(relation, ox.NamedNode)
        and isinstance(target, ox.NamedNode)
        and (object_properties is None or relation.value in object_properties)
    ]


def provenance(records: Records) -> list[ox.Quad]:
    """Where each node was curated: ``?node lkg:curatedAt "data/x.yaml:12:3"``."""
    return [
        ox.Quad(ox.NamedNode(node), _CURATED_AT, ox.Literal(str(place)), _PROVENANCE)
        for node, place in records.places.subjects().items()
    ]
