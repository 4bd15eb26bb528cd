"""Write docs/examples/inventor-2026.xlsx: the template, filled in with the invented paper of docs/add-a-paper.md.

python tools/example_spreadsheet.py
"""

from __future__ import annotations

from pathlib import Path

from lithiokg.intake.layout import CORE_SHEETS
from lithiokg.intake.offering import layout_of, shipped_names
from lithiokg.intake.template import template_xlsx
from lithiokg.sources import Sources

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "examples" / "inventor-2026.xlsx"
FILM, BARE = "tin fluoride interlayer on garnet", "bare garnet pellet of the invented paper"
SECOND = {"evidence section": "results", "evidence paragraph": "2"}
THIRD = {"evidence section": "results", "evidence paragraph": "3"}

ROWS = {
    "works": [
        {"key": "inventor-2026", "type": "journal article", "label": "A. Inventor, Invented Journal 2026;1:1",
         "title": "A tin fluoride film between lithium and garnet", "authors": "Inventor A", "journal": "Invented Journal",
         "year": "2026", "volume": "1", "pages": "1", "reference number": "43"},
    ],
    "sections": [{"section number": "1", "label": "Results"}],
    "substances": [
        {"key": "SnF2", "type": "metal halide", "label": "tin(II) fluoride", "formula": "SnF2",
         "alt label": "stannous fluoride", "definition": "The fluoride of divalent tin."},
    ],
    "designs": [
        {"label": BARE},
        {"key": "tin-fluoride-on-garnet", "label": FILM, "reported in": "43", "baseline": BARE,
         "evidence section": "results", "evidence paragraph": "1", "evidence key phrase": "coated with a film of SnF2"},
    ],
    "components": [
        {"design": BARE, "type": "lithium electrode", "label": "lithium anode", "contacts": "electrolyte"},
        {"design": BARE, "type": "inorganic solid electrolyte", "label": "garnet pellet", "constituents": "garnet"},
        {"design": FILM, "type": "lithium electrode", "label": "lithium anode"},
        {"design": FILM, "type": "inorganic solid electrolyte", "label": "garnet pellet", "constituents": "garnet"},
        {"design": FILM, "type": "interfacial layer", "label": "tin fluoride film", "constituents": "SnF2",
         "composition is complete": "yes", "completeness reason": "The source calls the film by this one name.",
         "contacts": "lithium anode; garnet pellet", "formed at": "before cell assembly"},
    ],
    "observations": [
        {"subject": FILM, "property": "area-specific resistance", "result": "~900 Ohm·cm²",
         "stage": "without the modification", "evidence quoted figure": "~900 Ω cm2", **SECOND},
        {"subject": FILM, "property": "area-specific resistance", "result": "25 Ω cm2",
         "stage": "with the modification", "evidence quoted figure": "25 Ω cm2", **SECOND},
        {"subject": FILM, "property": "cycle life in hours", "result": "more than 600 h",
         "at current density": "0.2 mA/cm²", "at areal capacity": "0.1 mAh cm-2", "cell": "Li|Li",
         "evidence key phrase": "more than 600 h", **THIRD},
    ],
    "claims": [
        {"subject": "SnF2", "relation": "forms with lithium", "object": "LiF",
         "evidence key phrase": "turned it into LiF and", **SECOND},
        {"subject": "SnF2", "relation": "forms with lithium", "object": "Li-Sn",
         "evidence key phrase": "a Li-Sn alloy", **SECOND},
        {"subject": FILM, "relation": "suppresses", "object": "dendrite growth", "modality": "hedged",
         "evidence key phrase": "may also keep dendrites down", **THIRD},
    ],
}  # fmt: skip


def main() -> None:
    """Write the file."""
    sources = Sources(ROOT)
    layout, units = layout_of(sources)
    plans = [layout[name] for name in CORE_SHEETS]
    TARGET.write_bytes(template_xlsx(plans, shipped_names(sources), units, ROWS))


if __name__ == "__main__":
    main()
