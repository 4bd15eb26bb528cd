"""The shapes of ``ontology/shapes`` run over the graph, and what they find, in words.

SHACL Core runs in pySHACL; SPARQL constraints run set-wise in Oxigraph, one query a rule. Large stores are
validated part by part, and statements that join one together with what they touch.
"""

from __future__ import annotations

from lithiokg.validation.parts import validate_added, validate_in_parts, validate_on_disk
from lithiokg.validation.places import PlaceLookup, StoredPlaces
from lithiokg.validation.report import Finding, Report, Severity
from lithiokg.validation.run import validate
from lithiokg.validation.shapes import Constraint, Rule, Shapes, Target, read_shapes

__all__ = [
    "Constraint",
    "Finding",
    "PlaceLookup",
    "Report",
    "Rule",
    "Severity",
    "Shapes",
    "StoredPlaces",
    "Target",
    "read_shapes",
    "validate",
    "validate_added",
    "validate_in_parts",
    "validate_on_disk",
]
