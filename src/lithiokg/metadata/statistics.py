"""Counts over a snapshot, each by a query that any SPARQL engine answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.store import Table, python_value
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.store import Store, Value

__all__ = ["DESCRIPTION_GRAPH", "Linkset", "PropertyCount", "Statistics", "Variable", "count"]

#: The graph that holds the description; it is no part of what it describes.
DESCRIPTION_GRAPH = GRAPH + "void"
_MAPPINGS = GRAPH + "mappings/"
#: Namespaces that every RDF data set uses, and that say nothing of what it is about.
_EVERYWHERE = (PREFIXES["rdf"], PREFIXES["rdfs"], PREFIXES["xsd"])

_GRAPHS = "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph ORDER BY ?graph"
#: A triple of the data set; where only some of its parts are selected, they are selected once.
_TRIPLE = f"GRAPH ?graph {{ ?s ?p ?o }} FILTER (?graph != <{DESCRIPTION_GRAPH}>)"
_PROPERTIES = f"""
SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) (COUNT(DISTINCT ?o) AS ?objects) {{
  {{ SELECT DISTINCT ?s ?p ?o {{ {_TRIPLE} }} }}
}} GROUP BY ?p ORDER BY ?p"""
_CLASSES = f"""
SELECT ?class (COUNT(DISTINCT ?s) AS ?n) {{
  GRAPH ?graph {{ ?s a ?class }} FILTER (?graph != <{DESCRIPTION_GRAPH}> && isIRI(?class))
}} GROUP BY ?class ORDER BY ?class"""
_SUBJECTS = f"""
SELECT (COUNT(*) AS ?n) (SUM(IF(isIRI(?s) && STRSTARTS(STR(?s), "{ID}"), 1, 0)) AS ?ours) {{
  {{ SELECT DISTINCT ?s {{ {_TRIPLE} }} }}
}}"""
_OBJECTS = f"SELECT (COUNT(*) AS ?n) {{ {{ SELECT DISTINCT ?o {{ {_TRIPLE} }} }} }}"
_LINKS = f"""
SELECT ?graph ?p (COUNT(*) AS ?n) {{
  GRAPH ?graph {{ ?s ?p ?o }}
  FILTER (STRSTARTS(STR(?graph), "{_MAPPINGS}") && STRSTARTS(STR(?p), "{PREFIXES["skos"]}"))
}} GROUP BY ?graph ?p ORDER BY ?graph ?p"""
_TARGETS = f"""
PREFIX sssom: <https://w3id.org/sssom/>
SELECT ?graph ?title ?source ?version {{
  GRAPH ?graph {{
    ?set a sssom:MappingSet ; <{PREFIXES["dcterms"]}title> ?title
    OPTIONAL {{ ?set sssom:object_source ?source }}
    OPTIONAL {{ ?set sssom:object_source_version ?version }}
  }}
}} ORDER BY ?graph ?source"""
_VARIABLES = f"""
PREFIX lkg: <{LKG}>
SELECT ?property (MIN(?name) AS ?label) (MIN(?sign) AS ?symbol) (COUNT(DISTINCT ?seen) AS ?n) {{
  ?seen lkg:observedProperty ?property .
  ?property <{PREFIXES["skos"]}prefLabel> ?name .
  OPTIONAL {{ ?property lkg:canonicalUnit/lkg:symbol ?sign }}
}} GROUP BY ?property ORDER BY ?property"""
_KINDS = " ".join(f"<{LKG}{kind}>" for kind in ("Design", "Substance", "Observation", "Claim", "Work"))
_EXAMPLES = f"""
SELECT ?kind ?s (COUNT(*) AS ?n) {{
  VALUES ?kind {{ {_KINDS} }}
  ?s a ?kind ; ?p ?o
}} GROUP BY ?kind ?s ORDER BY ?kind DESC(?n) ?s"""


@dataclass(frozen=True, slots=True)
class PropertyCount:
    """How often a property is used."""

    triples: int
    subjects: int
    objects: int


@dataclass(frozen=True, slots=True)
class Linkset:
    """The links to one target of the mappings.

    Attributes:
        target: its key.
        title: of the mapping set.
        source: IRI of the target and its version, where the set names them.
        predicates: links by relation.
    """

    target: str
    title: str
    source: str | None
    version: str | None
    predicates: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Variable:
    """A property that is measured.

    Attributes:
        iri: of the observable property.
        label: its name.
        unit: symbol of its canonical unit, where it has one.
        observations: how many there are of it.
    """

    iri: str
    label: str
    unit: str | None
    observations: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What was counted.

    Attributes:
        triples: distinct triples of all graphs together.
        entities: things of ours that something is said of.
        subjects: everything that something is said of.
        objects: everything that is said, literals included.
        graphs: triples by named graph, the description itself left out.
        classes: members by class.
        properties: uses by property.
        vocabularies: namespaces of the classes and properties.
        linksets: links by target.
        variables: measured properties.
        examples: the thing that most is said of, one for each kind of record.
    """

    triples: int
    entities: int
    subjects: int
    objects: int
    graphs: Mapping[str, int]
    classes: Mapping[str, int]
    properties: Mapping[str, PropertyCount]
    vocabularies: tuple[str, ...]
    linksets: tuple[Linkset, ...]
    variables: tuple[Variable, ...]
    examples: tuple[str, ...]


def count(store: Store) -> Statistics:
    """Count what a snapshot holds.

    Raises:
        LithioKGError: if the store fails.
    """
    graphs = {str(graph): _whole(n) for graph, n in _rows(store, _GRAPHS) if graph != DESCRIPTION_GRAPH}
    properties = {
        str(iri): PropertyCount(_whole(n), _whole(subjects), _whole(objects))
        for iri, n, subjects, objects in _rows(store, _PROPERTIES)
    }
    classes = {str(iri): _whole(n) for iri, n in _rows(store, _CLASSES)}
    ((subjects, ours),) = _rows(store, _SUBJECTS)
    ((objects,),) = _rows(store, _OBJECTS)
    examples: dict[str, str] = {}
    for kind, thing, _ in _rows(store, _EXAMPLES):
        examples.setdefault(str(kind), str(thing))
    return Statistics(
        triples=sum(each.triples for each in properties.values()),
        entities=_whole(ours),
        subjects=_whole(subjects),
        objects=_whole(objects),
        graphs=graphs,
        classes=classes,
        properties=properties,
        vocabularies=_namespaces([*classes, *properties]),
        linksets=_linksets(store),
        variables=tuple(
            Variable(str(iri), str(label), None if unit is None else str(unit), _whole(n))
            for iri, label, unit, n in _rows(store, _VARIABLES)
        ),
        examples=tuple(sorted(examples.values())),
    )


def _linksets(store: Store) -> tuple[Linkset, ...]:
    links: dict[str, dict[str, int]] = {}
    for graph, predicate, n in _rows(store, _LINKS):
        links.setdefault(str(graph), {})[str(predicate)] = _whole(n)
    targets: dict[str, Linkset] = {}
    for graph, title, source, version in _rows(store, _TARGETS):
        # A set that names several sources is described by the first of them.
        if str(graph) in links and str(graph) not in targets:
            targets[str(graph)] = Linkset(
                target=str(graph).removeprefix(_MAPPINGS),
                title=str(title),
                source=None if source is None else str(source),
                version=None if version is None else str(version),
                predicates=links[str(graph)],
            )
    return tuple(targets.values())


def _namespaces(iris: list[str]) -> tuple[str, ...]:
    """The namespaces of terms: up to the last ``#`` or ``/``.

    >>> _namespaces(["http://www.w3.org/2004/02/skos/core#prefLabel", "https://w3id.org/lithiokg/Design"])
    ('http://www.w3.org/2004/02/skos/core#', 'https://w3id.org/lithiokg/')
    """
    found = {iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in iris}
    return tuple(sorted(found.difference(_EVERYWHERE)))


def _rows(store: Store, query: str) -> list[tuple[Value, ...]]:
    table = store.query(query)
    if not isinstance(table, Table):
        raise LithioKGError("a count came back as something that is no table")
    return [tuple(map(python_value, row)) for row in table]


def _whole(value: Value) -> int:
    return int(str(value))
