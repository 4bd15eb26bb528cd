"""Identifiers that other people's data carry: formulas, InChIKeys and DOIs, each in one normal form."""

from __future__ import annotations

from lithiokg.identifiers.elements import SYMBOLS, atomic_number
from lithiokg.identifiers.formula import Formula, FormulaError, IndefiniteFormulaError, parse_formula
from lithiokg.identifiers.keys import IdentifierError, normal_doi, normal_inchikey

__all__ = [
    "SYMBOLS",
    "Formula",
    "FormulaError",
    "IdentifierError",
    "IndefiniteFormulaError",
    "atomic_number",
    "normal_doi",
    "normal_inchikey",
    "parse_formula",
]
