"""The worked examples of the template: one invented paper, the same in every sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithiokg.intake.layout import Plan

__all__ = ["example_of"]

_EXAMPLES: dict[str, dict[str, str]] = {
    "works": {
        "key": "inventor-2026",
        "type": "journal article",
        "label": "A. Inventor, Invented Journal 2026;1:1",
        "title": "A tin fluoride film between lithium and garnet",
        "authors": "Inventor A, Helper B",
        "journal": "Invented Journal",
        "year": "2026",
        "volume": "1",
        "pages": "1-9",
        "reference number": "1",
    },
    "references": {
        "reference number": "12",
        "refers to": "inventor-2026",
        "identification": "work-seen",
    },
    "sections": {"key": "results", "section number": "1", "label": "Results", "document": "inventor-2026"},
    "substances": {
        "key": "SnF2",
        "type": "metal halide",
        "label": "tin(II) fluoride",
        "formula": "SnF2",
        "alt label": "stannous fluoride",
        "definition": "The fluoride of divalent tin.",
    },
    "designs": {
        "key": "tin-fluoride-on-garnet",
        "label": "tin fluoride interlayer on garnet",
        "reported in": "1",
        "evidence section": "results",
        "evidence paragraph": "1",
        "evidence key phrase": "coated with a film of SnF2",
    },
    "components": {
        "design": "tin-fluoride-on-garnet",
        "key": "layer",
        "type": "interfacial layer",
        "label": "tin fluoride film",
        "constituents": "SnF2",
        "composition is complete": "yes",
        "completeness reason": "The source calls the film by this one name.",
        "contacts": "lithium; electrolyte",
        "formed at": "before cell assembly",
    },
    "treatments": {
        "design": "tin-fluoride-on-garnet",
        "key": "polishing",
        "type": "chemical polishing",
        "label": "polishing of the lithium",
        "treats": "lithium",
    },
    "observations": {
        "subject": "tin-fluoride-on-garnet",
        "property": "area-specific resistance",
        "result": "25 Ω cm2",
        "stage": "with the modification",
        "evidence section": "results",
        "evidence paragraph": "2",
        "evidence quoted figure": "25 Ω cm2",
    },
    "claims": {
        "subject": "SnF2",
        "relation": "forms with lithium",
        "object": "substance/LiF",
        "polarity": "positive",
        "modality": "asserted",
        "evidence section": "results",
        "evidence paragraph": "2",
        "evidence key phrase": "turned it into LiF and",
    },
}


def example_of(plan: Plan) -> dict[str, str]:
    """The worked example of a sheet, by heading; empty where there is none."""
    return _EXAMPLES.get(plan.name, {})
