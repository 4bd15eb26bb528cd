"""Curated YAML records as triples, with the place of each and every problem at once."""

from __future__ import annotations

from lithiokg.curation.composition import compositions
from lithiokg.curation.context import Context, Term, read_context
from lithiokg.curation.normalize import Normalized, normalized, provenance
from lithiokg.curation.reader import read_data, read_file, read_folder
from lithiokg.curation.records import COLLECTIONS, DEFAULT_CLASSES, Collection, Places, Records
from lithiokg.curation.withdrawal import WITHDRAWN, set_withdrawn_aside

__all__ = [
    "COLLECTIONS",
    "DEFAULT_CLASSES",
    "WITHDRAWN",
    "Collection",
    "Context",
    "Normalized",
    "Places",
    "Records",
    "Term",
    "compositions",
    "normalized",
    "provenance",
    "read_context",
    "read_data",
    "read_file",
    "read_folder",
    "set_withdrawn_aside",
]
