"""The IRIs of RDF, RDFS and OWL that the reasoning layer speaks of, and its own private ones."""

from __future__ import annotations

__all__ = [
    "AUXILIARY",
    "CLOSED",
    "CLOSES_PROPERTY",
    "DIFFERS",
    "LISTED",
    "LISTING",
    "OWL",
    "RDF",
    "RDFS",
    "RDF_TYPE",
    "SIZE",
    "XSD",
    "is_private",
    "local_name",
]

OWL = "http://www.w3.org/2002/07/owl#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF_TYPE = RDF + "type"

#: Annotation of a completeness flag: names the object property that the flag closes.
CLOSES_PROPERTY = "https://w3id.org/lithiokg/closesProperty"

#: Everything below lives in the working store of a derivation and never leaves it.
AUXILIARY = "urn:lithiokg:"
#: Class of the sets of values that closures list.
LISTING = AUXILIARY + "Listing"
#: From a listing to each of its members.
LISTED = AUXILIARY + "listed"
#: From a listing to the number of its members.
SIZE = AUXILIARY + "size"
#: From an individual to a group whose members are declared to differ.
DIFFERS = AUXILIARY + "differs"
#: ``CLOSED + property IRI``: from a closed individual to the listing of its values.
CLOSED = AUXILIARY + "closed:"


def is_private(iri: str) -> bool:
    """Whether an IRI is one of the engine's own, never to be shown.

    >>> is_private("urn:lithiokg:listed")
    True
    """
    return iri.startswith(AUXILIARY)


def local_name(iri: str) -> str:
    """The last part of an IRI, for readable identifiers.

    >>> local_name("https://w3id.org/lithiokg/Interlayer")
    'Interlayer'
    """
    return iri.rstrip("/#").replace("#", "/").rsplit("/", 1)[-1]
