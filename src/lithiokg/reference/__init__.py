"""The reference of the ontology: self-contained HTML pages, generated from the ontology and the graph."""

from __future__ import annotations

from lithiokg.reference.drawing import draw
from lithiokg.reference.pages import reference_files
from lithiokg.reference.patterns import PATTERNS, Arrow, Box, Pattern
from lithiokg.reference.terms import Module, Term, Terms, read_terms

__all__ = [
    "PATTERNS",
    "Arrow",
    "Box",
    "Module",
    "Pattern",
    "Term",
    "Terms",
    "draw",
    "read_terms",
    "reference_files",
]
