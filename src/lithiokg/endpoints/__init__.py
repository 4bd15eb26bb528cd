"""Other people's servers: put the graph there, and what follows from it."""

from __future__ import annotations

from lithiokg.endpoints.concluding import CLOSURES, INFERRED, closure_lines, conclusion_lines
from lithiokg.endpoints.deriving import DerivedThere, derive_there
from lithiokg.endpoints.fetching import premises
from lithiokg.endpoints.pieces import PIECE, pieces
from lithiokg.endpoints.uploading import Sent, counted, discrepancies, others, put_graph, upload

__all__ = [
    "CLOSURES",
    "INFERRED",
    "PIECE",
    "DerivedThere",
    "Sent",
    "closure_lines",
    "conclusion_lines",
    "counted",
    "derive_there",
    "discrepancies",
    "others",
    "pieces",
    "premises",
    "put_graph",
    "upload",
]
