"""Whether another engine that holds our data answers as the embedded one does, question by question."""

from __future__ import annotations

from lithiokg.conformance.comparing import Difference, Verdict, compare
from lithiokg.conformance.data_probes import DATA_PROBES
from lithiokg.conformance.digests import Digests, as_table, compare_digests, digests_of
from lithiokg.conformance.expected import Expected, Known, read_expected, write_expected
from lithiokg.conformance.generating import EXPECTED, FACTS, STORE, reference_store, write_data
from lithiokg.conformance.probes import PROBES, Probe
from lithiokg.conformance.running import (
    GRAPHS,
    Finding,
    examine_data,
    examine_expected,
    examine_graphs,
    examine_probes,
    examine_questions,
)

__all__ = [
    "DATA_PROBES",
    "EXPECTED",
    "FACTS",
    "GRAPHS",
    "PROBES",
    "STORE",
    "Difference",
    "Digests",
    "Expected",
    "Finding",
    "Known",
    "Probe",
    "Verdict",
    "as_table",
    "compare",
    "compare_digests",
    "digests_of",
    "examine_data",
    "examine_expected",
    "examine_graphs",
    "examine_probes",
    "examine_questions",
    "read_expected",
    "reference_store",
    "write_data",
    "write_expected",
]
