"""Commented files to begin a work, a design or a substance with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lithiokg.curation.scope import KEY
from lithiokg.errors import UsageError
from lithiokg.intake.folder import add_schema, find_target, new_file
from lithiokg.intake.known import plain_name
from lithiokg.intake.tree import kebab

if TYPE_CHECKING:
    from lithiokg.sources import Sources

__all__ = ["KINDS", "Begun", "begin"]

KINDS = ("work", "design", "substance")
_HEAD = """\
# yaml-language-server: $schema={schema}
# {title}
# Write what the source says in place of each FILL IN, and delete the lines of which it says nothing. Then:
#   lithiokg --with {collection} check
"""
_WORK = (
    _HEAD
    + """\
works:
  {key}:
    type: JournalArticle                # or Review, Preprint ... 'lithiokg show work' lists the kinds
    label: "FILL IN: a short name, such as Chen et al., Sci Adv 2019"
    title: {label}
    authors: "FILL IN: family names and initials in printed order, such as Chen X, Li Y, et al."
    journal: "FILL IN: title of the journal"
    year: "FILL IN: year of publication, four digits without quotes"
    # volume: "5"
    # pages: "1-9"
    # doi: 10.1000/xyz                  # only where it was seen with the title

# Designs are reported in a reference. A paper that reports its own is reference 1 of itself; a review gets one
# entry for each number of its list, whose 'refers-to' is the work meant.
references:
  "1":
    label: {label}
    reference-number: 1
    document: {key}
    refers-to: {key}
    identification: work-seen           # or verified, with a doi; unconfirmed; unknown

# Evidence names a section and the paragraph in it, counted from 1.
sections:
  results:
    label: "FILL IN: the heading as printed"
    section-number: 1
    document: {key}
"""
)
_DESIGN = (
    _HEAD
    + """\
designs:
  {key}:
    label: {label}
    reported-in: ["FILL IN: number of the reference that reports it, as a key such as 1"]
    # baseline: KEY                     # the unmodified design that it is compared with
    evidence:
      text:
        section: "FILL IN: key of the section"
        paragraph: "FILL IN: number of the paragraph in its section, without quotes"
        phrase: "FILL IN: at most six words, exactly as printed"
    # The bodies, and what touches what. No strategy, mechanism or interface type: these follow.
    components:
      lithium: {{type: LithiumElectrode, label: lithium anode}}
      electrolyte:
        type: "FILL IN: LiquidElectrolyte, InorganicSolidElectrolyte, PolymerElectrolyte, GelElectrolyte ..."
        label: "FILL IN: what the source calls it"
        constituents: ["FILL IN: key of a substance; 'lithiokg show NAME' gives it"]
      layer:                            # or a host, a coating, a current collector; delete what is not there
        type: InterfacialLayer
        label: "FILL IN: what the source calls it"
        constituents: ["FILL IN: key of a substance; 'lithiokg show NAME' gives it"]
        # composition-is-complete: true
        # completeness-reason: "Why you hold the list to be complete."
        # formed-from: [KEY]            # the precursor that was turned into it
        formed-at: "FILL IN: before-cell-assembly or in-the-cell"
        contacts: [lithium, electrolyte]
    # A figure each, as printed, with the conditions that the same sentence or cell prints.
    observations:
      resistance-after:
        property: "FILL IN: area-specific-resistance, coulombic-efficiency, cycle-life-time ..."
        result: "FILL IN: the figure as printed, with its unit, such as ~24 Ω cm2"
        # conditions: {{current-density: "0.5 mA cm-2", areal-capacity: "1 mA h cm-2"}}
        # stage: with-modification
        # cell: li-li
        evidence:
          text:
            section: "FILL IN: key of the section"
            paragraph: "FILL IN: number of the paragraph in its section, without quotes"
            figure: "FILL IN: the figure as printed there"
"""
)
_SUBSTANCE = (
    _HEAD
    + """\
substances:
  {key}:
    type: "FILL IN: MetalOxide, MetalHalide, LithiumSalt, Polymer ... what it is, never what it is for"
    label: {label}
    alt-label: ["FILL IN: other names of it, between commas"]
    definition: "FILL IN: one line that says what it is"
    formula: "FILL IN: such as Li7La3Zr2O12"
    # What it does against lithium and what it conducts: a claim each, with evidence.
    claims:
      becomes:
        relation: formsWithLithium
        object: "FILL IN: what lithium makes of it, such as substance/LiF"
        evidence:
          text:
            section: "FILL IN: key of the section"
            paragraph: "FILL IN: number of the paragraph in its section, without quotes"
            phrase: "FILL IN: at most six words, exactly as printed"
          # What no source states but chemistry knows, instead:
          # general: {{type: GeneralChemistryEvidence, note: "one line why"}}
"""
)
_TEXTS = {
    "work": ("A work, its entry for itself, and its sections.", _WORK),
    "design": ("A design: an interface as a whole, its bodies, and what was measured on it.", _DESIGN),
    "substance": ("A substance that the graph does not have.", _SUBSTANCE),
}


@dataclass(frozen=True, slots=True)
class Begun:
    """A file that was begun.

    Attributes:
        path: where it is.
        key: of its record.
        places: how many places are to be filled in.
    """

    path: Path
    key: str
    places: int


def begin(kind: str, name: str, into: Path, source: str | None, sources: Sources) -> Begun:
    """Write a file to fill in.

    Args:
        kind: one of :data:`KINDS`.
        name: what it is called; a work by its title.
        into: the collection; made if need be.
        source: the source in it; for a work, a new one named by its key unless given.
        sources: the ontology, for the schema.

    Raises:
        UsageError: if the name makes no key, the source is not told, or the file is there.
    """
    label = " ".join(name.split())
    key = plain_name(label) if kind == "substance" and KEY.fullmatch(plain_name(label)) else kebab(label, 8)
    if not key:
        raise UsageError(f"no key can be made of {name!r}", mend="give a name with letters or digits")
    target = find_target(into, source or _source(into, kind, key), source or key)
    relative = Path(f"{key}.yaml") if kind == "work" else Path(f"{kind}s") / f"{key}.yaml"
    if kind == "work" and target.folder == target.collection and not target.collection.is_dir():
        relative = Path(f"{key}.yaml")
    depth = len(relative.parts) - 1 + (0 if target.folder == target.collection else 1)
    title, text = _TEXTS[kind]
    content = text.format(
        schema="../" * depth + "records.schema.json",
        title=title,
        collection=into,
        key=json.dumps(key) if not key[0].isalpha() or kind == "substance" else key,
        label=json.dumps(label, ensure_ascii=False),
    )
    path = target.folder / relative
    add_schema(target.collection, sources)
    new_file(path, content)
    return Begun(path, key, content.count('"FILL IN:'))


def _source(into: Path, kind: str, key: str) -> str | None:
    """The source that a new record belongs to, where nobody said it."""
    if kind == "work":
        return None if _alone(into) else key
    found = [] if not into.is_dir() else sorted(
        path.name for path in into.iterdir()
        if path.is_dir() and path.name != "queries" and not path.name.startswith(".")
    )  # fmt: skip
    if _alone(into) or len(found) == 1:
        return None if _alone(into) else found[0]
    if not found:
        raise UsageError(
            f"there is no source in {into} yet",
            mend=f"begin with its work: lithiokg new work 'TITLE' --into {into}",
        )
    raise UsageError(f"{into} holds several sources", mend=f"name one with --source: {', '.join(found)}")


def _alone(into: Path) -> bool:
    return into.is_dir() and any(path.suffix in {".yaml", ".yml"} for path in into.iterdir())
