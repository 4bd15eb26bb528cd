"""Discrepancies: rules that find records which cannot all be right, and which of those are recorded already.

A rule only proposes. What it finds is a discrepancy when a curator has looked and written one down
(``lkg:Discrepancy`` with ``lkg:involves``); until then it is a candidate.
"""

from __future__ import annotations

from lithiokg.discrepancies.candidates import Candidate, Kind, find_candidates, unrecorded
from lithiokg.discrepancies.observed import Figure, Observed, observed_records

__all__ = [
    "Candidate",
    "Figure",
    "Kind",
    "Observed",
    "find_candidates",
    "observed_records",
    "unrecorded",
]
