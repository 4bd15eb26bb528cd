"""What if: a design that nobody reported, checked, classified, explained, and set beside its relatives."""

from __future__ import annotations

from lithiokg.whatif.asking import what_if
from lithiokg.whatif.flags import Proposal
from lithiokg.whatif.hypothesis import WAIVED_RULES
from lithiokg.whatif.model import Expected, Figure, Member, Relative, WhatIf
from lithiokg.whatif.relatives import jaccard

__all__ = [
    "WAIVED_RULES",
    "Expected",
    "Figure",
    "Member",
    "Proposal",
    "Relative",
    "WhatIf",
    "jaccard",
    "what_if",
]
