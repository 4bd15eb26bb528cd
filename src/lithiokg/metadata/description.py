"""The description of a snapshot that stands in the snapshot itself, in ``lkgg:void``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.metadata.header import read_header
from lithiokg.metadata.statistics import DESCRIPTION_GRAPH, count
from lithiokg.metadata.terms import about, date, name, number, term, words
from lithiokg.vocabulary import ID, LKG, compact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lithiokg.metadata.header import Header
    from lithiokg.metadata.statistics import Linkset, Statistics
    from lithiokg.sources import Sources
    from lithiokg.store import Store

__all__ = ["DATASET", "DESCRIPTION_GRAPH", "describe_dataset", "read_written"]

#: The data set.
DATASET = ID + "dataset/lithiokg"
_WRITTEN = "dataset.ttl"


def read_written(sources: Sources) -> list[ox.Triple]:
    """What ``ontology/dataset.ttl`` says of the data set; nothing without the file.

    Raises:
        SourceError: if it does not read.
    """
    path = sources.ontology / _WRITTEN
    try:
        return [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except FileNotFoundError:
        return []
    except SyntaxError as error:
        raise SourceError(
            f"this is not valid Turtle: {error.msg}",
            place=Place(str(path), error.lineno or 1, error.offset or 1),
            mend="correct the file at this place",
        ) from error
    except OSError as error:
        raise SourceError(f"the file cannot be read: {error.strerror}", place=Place(str(path))) from error


def describe_dataset(store: Store, written: Sequence[ox.Triple]) -> list[ox.Quad]:
    """Describe what a store holds as ``void:Dataset``, ``dcat:Dataset`` and ``schema:Dataset``.

    Names, makers and license are written by hand, version and dates stand in the header of the ontology;
    everything else is counted. Nothing depends on the clock or on the machine.

    Args:
        store: the snapshot's graphs; a description that is among them is left out of the counts.
        written: what is said by hand, see :func:`read_written`. Without it nothing is described.

    Raises:
        LithioKGError: if the ontology's header lacks a fact.
    """
    if not written:
        return []
    statistics = count(store)
    header = read_header(store)
    graph = name(DESCRIPTION_GRAPH)
    triples = (
        *written,
        *_dates(header),
        *_for_search_engines(written, header, statistics),
        *_sizes(statistics),
        *_partitions(statistics),
        *(triple for linkset in statistics.linksets for triple in _linkset(linkset)),
    )
    return [ox.Quad(each.subject, each.predicate, each.object, graph) for each in dict.fromkeys(triples)]


def _dates(header: Header) -> Iterator[ox.Triple]:
    return about(
        name(DATASET),
        ("dcat:version", words(header.version, None)),
        ("dcterms:created", date(header.created)),
        ("dcterms:issued", date(header.issued)),
        ("dcterms:modified", date(header.modified)),
    )


#: What DCAT says, and how schema.org says it.
_ECHOES = {
    "dcterms:title": "schema:name",
    "dcterms:description": "schema:description",
    "dcat:keyword": "schema:keywords",
    "dcterms:language": "schema:inLanguage",
    "dcterms:license": "schema:license",
    "dcterms:creator": "schema:creator",
    "dcterms:publisher": "schema:publisher",
    "dcterms:source": "schema:isBasedOn",
    "foaf:name": "schema:name",
}


def _for_search_engines(
    written: Sequence[ox.Triple], header: Header, statistics: Statistics
) -> Iterator[ox.Triple]:
    echoes = {term(one): term(other) for one, other in _ECHOES.items()}
    for triple in written:
        if triple.predicate in echoes:
            yield ox.Triple(triple.subject, echoes[triple.predicate], triple.object)
    dataset = name(DATASET)
    titles = [triple.object.value for triple in written if triple.predicate == term("dcterms:title")]  # type: ignore[union-attr]
    cited = f"The LithioKG developers ({header.issued[:4]}). {titles[0] if titles else header.title}. Version {header.version}. {LKG}{header.version}/"
    yield from about(
        dataset,
        ("dcterms:bibliographicCitation", words(cited)),
        ("schema:creditText", words(cited)),
        ("schema:version", words(header.version, None)),
        ("schema:dateCreated", date(header.created)),
        ("schema:datePublished", date(header.issued)),
        ("schema:dateModified", date(header.modified)),
        ("schema:isAccessibleForFree", ox.Literal("true", datatype=term("xsd:boolean"))),
    )
    for variable in statistics.variables:
        node = name(f"{DATASET}/variable/{variable.iri.rsplit('/', 1)[-1]}")
        yield from about(
            dataset,
            ("schema:variableMeasured", node),
        )
        yield from about(
            node,
            ("a", term("schema:PropertyValue")),
            ("schema:name", words(variable.label)),
            ("schema:propertyID", name(variable.iri)),
        )
        if variable.unit is not None:
            yield from about(node, ("schema:unitText", words(variable.unit, None)))


def _sizes(statistics: Statistics) -> Iterator[ox.Triple]:
    dataset = name(DATASET)
    yield from about(
        dataset,
        ("void:triples", number(statistics.triples)),
        ("void:entities", number(statistics.entities)),
        ("void:classes", number(len(statistics.classes))),
        ("void:properties", number(len(statistics.properties))),
        ("void:distinctSubjects", number(statistics.subjects)),
        ("void:distinctObjects", number(statistics.objects)),
        ("void:uriSpace", words(ID, None)),
        *(("void:vocabulary", name(iri)) for iri in statistics.vocabularies),
        *(("void:exampleResource", name(iri)) for iri in statistics.examples),
    )
    for graph, triples in statistics.graphs.items():
        yield from about(dataset, ("void:subset", name(graph)))
        yield from about(
            name(graph),
            ("a", term("void:Dataset")),
            ("dcterms:title", words(compact(graph))),
            ("void:triples", number(triples)),
        )


def _partitions(statistics: Statistics) -> Iterator[ox.Triple]:
    dataset = name(DATASET)
    for iri, members in statistics.classes.items():
        node = name(f"{DATASET}/class/{_key(iri)}")
        yield from about(dataset, ("void:classPartition", node))
        yield from about(
            node,
            ("a", term("void:Dataset")),
            ("void:class", name(iri)),
            ("void:entities", number(members)),
        )
    for iri, uses in statistics.properties.items():
        node = name(f"{DATASET}/property/{_key(iri)}")
        yield from about(dataset, ("void:propertyPartition", node))
        yield from about(
            node,
            ("a", term("void:Dataset")),
            ("void:property", name(iri)),
            ("void:triples", number(uses.triples)),
            ("void:distinctSubjects", number(uses.subjects)),
            ("void:distinctObjects", number(uses.objects)),
        )


def _key(iri: str) -> str:
    """A path segment for a term: its CURIE with a hyphen.

    >>> _key(LKG + "Design"), _key("http://example.org/terms#A/b")
    ('lkg-Design', 'http-example.org-terms-A-b')
    """
    kept = (character if character.isalnum() or character in "._" else "-" for character in compact(iri))
    return "-".join(part for part in "".join(kept).split("-") if part)


def _linkset(linkset: Linkset) -> Iterator[ox.Triple]:
    """All links to one target, and those of each relation apart, as VoID wants it."""
    dataset = name(DATASET)
    node = name(f"{DATASET}/links/{linkset.target}")
    target = name(linkset.source) if linkset.source else name(f"{node.value}/target")
    yield from about(dataset, ("void:subset", node))
    yield from about(
        node,
        ("a", term("void:Linkset")),
        ("dcterms:title", words(linkset.title)),
        ("void:triples", number(sum(linkset.predicates.values()))),
    )
    yield from about(target, ("a", term("void:Dataset")))
    if linkset.version is not None:
        yield from about(node, ("dcterms:description", words(f"Version of the target: {linkset.version}")))
    for predicate, links in linkset.predicates.items():
        part = name(f"{node.value}/{_key(predicate)}")
        yield from about(node, ("void:subset", part))
        yield from about(
            part,
            ("a", term("void:Linkset")),
            ("void:linkPredicate", name(predicate)),
            ("void:triples", number(links)),
        )
    for each in (node, *(name(f"{node.value}/{_key(predicate)}") for predicate in linkset.predicates)):
        yield from about(each, ("void:subjectsTarget", dataset), ("void:objectsTarget", target))
