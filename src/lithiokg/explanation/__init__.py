"""Explanations: why something holds, down to work and place, and why something does not."""

from __future__ import annotations

from lithiokg.explanation.asking import explain, find_target, open_explainer, why_not
from lithiokg.explanation.explainer import Explainer
from lithiokg.explanation.model import (
    Condition,
    Evidence,
    Justification,
    StatedFact,
    Status,
    Step,
    UsedAxiom,
    WhyNot,
)
from lithiokg.explanation.triples import justification_triples

__all__ = [
    "Condition",
    "Evidence",
    "Explainer",
    "Justification",
    "StatedFact",
    "Status",
    "Step",
    "UsedAxiom",
    "WhyNot",
    "explain",
    "find_target",
    "justification_triples",
    "open_explainer",
    "why_not",
]
