"""The reported designs that resemble a proposed one, with their figures.

The similarity is stated, not learned: the Jaccard index of two sets of features. The features of a design
are its most specific classes and those of its bodies, and the substances that its bodies hold or came from.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lithiokg.store import EmbeddedStore, Table, Value, python_value
from lithiokg.vocabulary import LKG, PREFIXES
from lithiokg.whatif.model import Figure, Relative

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lithiokg.reasoning import Hierarchy

__all__ = ["features", "jaccard", "most_specific", "nearest_relatives"]

_PREFIX = f"PREFIX lkg: <{LKG}> PREFIX skos: <{PREFIXES['skos']}>"
_HELD = "lkg:hasConstituent|lkg:formedFrom|lkg:hasDopant|lkg:hasAdditive|lkg:hasSolute|lkg:hasFiller"
_PARTS = f"""{_PREFIX}
SELECT DISTINCT ?design ?thing ?what ?kind {{
  ?design a lkg:Design ; lkg:reportedIn ?reference .
  {{ ?design a ?what . BIND(?design AS ?thing) BIND(true AS ?kind) }}
  UNION {{ ?design lkg:hasComponent/lkg:hasSublayer* ?thing . ?thing a ?what . BIND(true AS ?kind) }}
  UNION {{ ?design lkg:hasComponent/lkg:hasSublayer* ?thing . ?thing {_HELD} ?what . BIND(false AS ?kind) }}
}}"""
_REFERENCES = """%s
SELECT DISTINCT ?design ?number ?work ?doi {
  VALUES ?design { %s }
  ?design lkg:reportedIn ?reference . ?reference lkg:referenceNumber ?number .
  OPTIONAL { ?reference lkg:refersTo ?node . OPTIONAL { ?node skos:prefLabel ?work } OPTIONAL { ?node lkg:doi ?doi } }
} ORDER BY ?design ?number ?work ?doi"""
_FIGURES = """%s
SELECT ?design ?id ?property ?printed ?value ?minimum ?maximum ?unit ?comparator ?stage ?doubt {
  VALUES ?design { %s }
  ?design lkg:hasComponent? ?thing .
  ?id lkg:hasFeatureOfInterest ?thing ; lkg:observedProperty/skos:prefLabel ?property ; lkg:hasResult ?result .
  ?result lkg:printed ?printed .
  OPTIONAL { ?result lkg:comparator ?comparator }
  OPTIONAL { ?result lkg:value ?value }
  OPTIONAL { ?result lkg:minimum ?minimum ; lkg:maximum ?maximum }
  OPTIONAL { ?result lkg:unit/lkg:symbol ?unit }
  OPTIONAL { ?id lkg:atStage/skos:prefLabel ?stage }
  BIND(EXISTS { ?id lkg:hasDoubt ?any } AS ?doubt)
} ORDER BY ?property ?id"""
_CONDITIONS = """%s
SELECT DISTINCT ?id ?name ?printed {
  VALUES ?id { %s }
  ?id lkg:hasCondition ?condition . ?condition lkg:quantityKind/skos:prefLabel ?name ; lkg:printed ?printed .
} ORDER BY ?id ?name"""


def jaccard(one: set[str], other: set[str]) -> float:
    """Size of the intersection over size of the union.

    >>> jaccard({"a", "b"}, {"b", "c"})
    0.3333333333333333
    """
    union = one | other
    return len(one & other) / len(union) if union else 0.0


def most_specific(classes: Iterable[str], hierarchy: Hierarchy) -> set[str]:
    """Classes without those that another of them implies; of equivalent ones the first by name stays."""
    kept = set(classes)
    return {
        iri
        for iri in kept
        if not any(
            hierarchy.is_sub(other, iri) and (not hierarchy.is_sub(iri, other) or other < iri)
            for other in kept - {iri}
        )
    }


def features(classes: Mapping[str, set[str]], substances: Iterable[str], hierarchy: Hierarchy) -> set[str]:
    """The features of a design: the most specific classes of each of its things, and its substances."""
    found = set(substances)
    for several in classes.values():
        found |= most_specific(several, hierarchy)
    return found


def nearest_relatives(
    own: set[str],
    store: EmbeddedStore,
    hierarchy: Hierarchy,
    name: Callable[[str], str],
    *,
    known: frozenset[str],
    limit: int,
) -> list[Relative]:
    """The reported designs whose features resemble given ones most; equals stand in the order of labels.

    Args:
        own: the features of the proposed design.
        store: the snapshot.
        hierarchy: the entailed hierarchy of the classes.
        name: the label of an IRI.
        known: the classes of the ontology; other types are no features.
        limit: at most so many, and none without any common feature.
    """
    classes: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    held: defaultdict[str, set[str]] = defaultdict(set)
    for row in _rows(store, _PARTS):
        design, what = str(row["design"]), str(row["what"])
        if row["kind"] is False:
            held[design].add(what)
        elif what in known:
            classes[design][str(row["thing"])].add(what)
    sets = {iri: features(things, held[iri], hierarchy) for iri, things in classes.items()}
    ranked = sorted(sets, key=lambda iri: (-jaccard(own, sets[iri]), name(iri), iri))
    chosen = [iri for iri in ranked[:limit] if own & sets[iri]]
    references, figures = _references(store, chosen), _figures(store, chosen)
    return [
        Relative(
            iri,
            name(iri),
            jaccard(own, sets[iri]),
            _named(own & sets[iri], name),
            _named(own - sets[iri], name),
            _named(sets[iri] - own, name),
            tuple(references[iri]),
            tuple(figures[iri]),
        )
        for iri in chosen
    ]


def _named(iris: set[str], name: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(sorted(map(name, iris)))


def _rows(store: EmbeddedStore, text: str) -> list[dict[str, Value]]:
    table = store.query(text)
    assert isinstance(table, Table)  # noqa: S101  # the texts above are SELECTs
    return [dict(zip(table.variables, map(python_value, row), strict=True)) for row in table]


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _references(store: EmbeddedStore, designs: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {iri: [] for iri in designs}
    for row in _rows(store, _REFERENCES % (_PREFIX, _values(designs))):
        work = f" {row['work']}" if row["work"] else ""
        doi = f", doi:{row['doi']}" if row["doi"] else ""
        found[str(row["design"])].append(f"[{row['number']}]{work}{doi}")
    return found


def _figures(store: EmbeddedStore, designs: list[str]) -> dict[str, list[Figure]]:
    rows = _rows(store, _FIGURES % (_PREFIX, _values(designs)))
    conditions: defaultdict[str, list[str]] = defaultdict(list)
    ids = dict.fromkeys(str(row["id"]) for row in rows)
    for row in _rows(store, _CONDITIONS % (_PREFIX, _values(ids))):
        conditions[str(row["id"])].append(f"{row['name']} {row['printed']}")
    found: dict[str, list[Figure]] = {iri: [] for iri in designs}
    for row in rows:
        lowest = row["value"] if row["value"] is not None else row["minimum"]
        figure = Figure(
            str(row["property"]),
            str(row["printed"]),
            _number(lowest),
            _number(row["maximum"]),
            _text(row["unit"]),
            _text(row["comparator"]),
            tuple(conditions[str(row["id"])]),
            _text(row["stage"]),
            bool(row["doubt"]),
            str(row["id"]),
        )
        if figure not in found[str(row["design"])]:
            found[str(row["design"])].append(figure)
    return found


def _number(value: Value) -> float | None:
    return None if value is None else float(value)


def _text(value: Value) -> str | None:
    return None if value is None else str(value)
