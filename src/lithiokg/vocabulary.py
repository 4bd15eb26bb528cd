"""Namespaces and prefixes of LithioKG, and CURIEs to and from them.

This is the lowest layer: it imports nothing but the standard library.
"""

from __future__ import annotations

__all__ = [
    "CONVENTIONS",
    "GRAPH",
    "ID",
    "LKG",
    "PREFIXES",
    "compact",
    "expand",
]

#: Terms: classes and properties.
LKG = "https://w3id.org/lithiokg/"
#: Individuals: substances, designs, observations, units, works ...
ID = "https://w3id.org/lithiokg/id/"
#: Named graphs of a snapshot.
GRAPH = "https://w3id.org/lithiokg/graph/"

#: Prefixes understood wherever a CURIE is accepted, and declared in every export.
PREFIXES: dict[str, str] = {
    "lkg": LKG,
    "lkgi": ID,
    "lkgg": GRAPH,
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

#: Longest namespace first, so that ``lkgi:`` wins over ``lkg:`` for an individual.
CONVENTIONS: tuple[tuple[str, str], ...] = tuple(
    sorted(PREFIXES.items(), key=lambda item: len(item[1]), reverse=True)
)


def compact(iri: str) -> str:
    """Write an IRI as a CURIE where one of :data:`PREFIXES` fits.

    >>> compact("https://w3id.org/lithiokg/Interlayer")
    'lkg:Interlayer'
    >>> compact("https://w3id.org/lithiokg/id/substance/ZnO")
    'lkgi:substance/ZnO'
    >>> compact("https://example.org/x")
    'https://example.org/x'
    """
    for prefix, namespace in CONVENTIONS:
        if iri.startswith(namespace):
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


def expand(curie: str) -> str:
    """Write a CURIE out as an IRI; anything else is returned as it is.

    >>> expand("lkg:Interlayer")
    'https://w3id.org/lithiokg/Interlayer'
    >>> expand("https://example.org/x")
    'https://example.org/x'
    """
    prefix, colon, local = curie.partition(":")
    if colon and not local.startswith("//") and prefix in PREFIXES:
        return PREFIXES[prefix] + local
    return curie
