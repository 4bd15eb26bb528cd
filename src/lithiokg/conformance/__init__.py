"""Whether another engine that holds our data answers as the embedded one does, question by question."""

from __future__ import annotations

from lithiokg.conformance.comparing import Difference, Verdict, compare
from lithiokg.conformance.probes import PROBES, Probe
from lithiokg.conformance.running import Finding, examine_probes, examine_questions

__all__ = [
    "PROBES",
    "Difference",
    "Finding",
    "Probe",
    "Verdict",
    "compare",
    "examine_probes",
    "examine_questions",
]
