"""Exports: flat tables with a stable contract, and RDF in every common syntax."""

from __future__ import annotations

from lithiokg.export.bibliography import BIBLIOGRAPHY_FORMATS, Entry, bibliography_entries, write_bibliography
from lithiokg.export.claims import CLAIM_COLUMNS, claim_rows
from lithiokg.export.flat import DESIGN_COLUMNS, OBSERVATION_COLUMNS, design_rows, observation_rows
from lithiokg.export.profiles import PROFILES, write_profile
from lithiokg.export.rdf import RDF_FORMATS, export_mappings, export_quads, nquads_lines, serialize

__all__ = [
    "BIBLIOGRAPHY_FORMATS",
    "CLAIM_COLUMNS",
    "DESIGN_COLUMNS",
    "OBSERVATION_COLUMNS",
    "PROFILES",
    "RDF_FORMATS",
    "Entry",
    "bibliography_entries",
    "claim_rows",
    "design_rows",
    "export_mappings",
    "export_quads",
    "nquads_lines",
    "observation_rows",
    "serialize",
    "write_bibliography",
    "write_profile",
]
