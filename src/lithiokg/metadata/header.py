"""What the ontology's header says of itself: version, dates, license."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.store import Table
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from lithiokg.store import Store

__all__ = ["Header", "read_header"]

#: Attribute -> the predicate that gives it.
_FACTS = {
    "version": PREFIXES["owl"] + "versionInfo",
    "version_iri": PREFIXES["owl"] + "versionIRI",
    "title": PREFIXES["dcterms"] + "title",
    "license": PREFIXES["dcterms"] + "license",
    "created": PREFIXES["dcterms"] + "created",
    "issued": PREFIXES["dcterms"] + "issued",
    "modified": PREFIXES["dcterms"] + "modified",
}


@dataclass(frozen=True, slots=True)
class Header:
    """The header's facts; dates are written YYYY-MM-DD."""

    version: str
    version_iri: str
    title: str
    license: str
    created: str
    issued: str
    modified: str


def read_header(store: Store) -> Header:
    """Read the header out of a snapshot.

    Raises:
        LithioKGError: if it lacks a fact, or the store fails.
    """
    table = store.query(f"SELECT ?p ?o {{ <{LKG}> ?p ?o }}")
    said = {str(row["p"]): str(row["o"]) for row in table.dicts()} if isinstance(table, Table) else {}
    missing = [predicate for predicate in _FACTS.values() if predicate not in said]
    if missing:
        raise LithioKGError(
            f"the header of the ontology lacks {', '.join(missing)}", mend="add it to ontology/lithiokg.ttl"
        )
    return Header(**{attribute: said[predicate] for attribute, predicate in _FACTS.items()})
