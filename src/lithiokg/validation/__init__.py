"""The shapes of ``ontology/shapes`` run over the graph, and what they find, in words.

SHACL Core runs in pySHACL; SPARQL constraints run set-wise in Oxigraph, one query a rule.
"""

from __future__ import annotations

from lithiokg.validation.places import CuratedPlaces, PlaceLookup
from lithiokg.validation.report import Finding, Report, Severity
from lithiokg.validation.run import validate
from lithiokg.validation.shapes import Constraint, Rule, Shapes, Target, read_shapes

__all__ = [
    "Constraint",
    "CuratedPlaces",
    "Finding",
    "PlaceLookup",
    "Report",
    "Rule",
    "Severity",
    "Shapes",
    "Target",
    "read_shapes",
    "validate",
]
