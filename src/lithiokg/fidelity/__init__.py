"""Faithfulness to a source: does each figure and phrase stand where the graph says, and is anything missing?

Both tools work on any plain text of a document, however its lines are broken: its paragraphs, tables and
captions are found by their opening words (``lkg:beginsWith``), and white space is ignored throughout.
"""

from __future__ import annotations

from lithiokg.fidelity.coverage import Coverage, ParagraphCoverage, cover
from lithiokg.fidelity.passages import Passage, Passages, locate
from lithiokg.fidelity.text import SourceText
from lithiokg.fidelity.verification import Miss, Verification, verify

__all__ = [
    "Coverage",
    "Miss",
    "ParagraphCoverage",
    "Passage",
    "Passages",
    "SourceText",
    "Verification",
    "cover",
    "locate",
    "verify",
]
