"""What a template says beside its headings: what each column takes, means and offers to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.intake.layout import CORE_SHEETS, Column, Kind, Layout, Part, Plan
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from lithiokg.intake.known import Known
    from lithiokg.quantities import Registry

__all__ = ["READ_ME", "choices_of", "chosen_plans", "comment_of", "heading_of", "hint_of", "list_name"]

#: Vocabularies from which a cell is chosen; other names are of records, and there are too many.
_VOCABULARIES = (
    "property/", "stage/", "cell/", "method/", "identification/", "doubt/", "discrepancy-kind/", "substance/",
)  # fmt: skip
_HINTS = {
    "key": "short name; may be left empty",
    "reported-in": "number of the reference",
    "reference": "the number by which designs are reported in this very paper",
    "contacts": "key or label of bodies of this design",
    "part-of": "the layer that this is a sublayer of",
    "subject": "key of a design, or e.g. substance/ZnO",
    "claim-subject": "key of a design, or e.g. substance/ZnO",
    "object": "e.g. substance/LiF, phenomenon/dendrite-growth",
    "read-as": "what it must be, if the print cannot be",
    "other-conditions": "temperature = 60 °C; thickness = 5 nm",
    "distinct-from": "keys of like substances that it is not",
    "apart": "leave empty",
    "record": "path, e.g. design/KEY/observations/KEY",
    "phrase": "at most six words as printed",
    "figure": "the figure as printed there",
    "doi": "only where seen with the title",
    "formula": "Li7La3Zr2O12",
    "authors": "Chen X, Li Y, et al.",
    "begins": "its first words, at most six",
    "label": "what it is called",
}
_KINDS = {
    Kind.NUMBER: "a whole number", Kind.FLAG: "yes, or nothing", Kind.CLASS: "choose", Kind.RELATION: "choose",
    Kind.CHOICE: "choose", Kind.TEXT: "text",
}  # fmt: skip

READ_ME = (
    "How to enter a paper",
    "",
    "Each sheet is one kind of record, each row one record. Fill in what the paper says and leave the rest empty.",
    "Columns with a * are needed. Point at a heading to read what it means. Lists to choose from open in the cell.",
    "Rows whose first cell begins with # are not read: the hints, and an example, which may stay or go.",
    "",
    "works          the paper itself. Its 'reference number' is the one by which your designs are 'reported in' it.",
    "sections       the headings under which you found things. Evidence names the section and the paragraph in it.",
    "references     only for papers that report the designs of others: the numbers of its list.",
    "substances     only substances that the graph does not have: look first with  lithiokg show NAME",
    "designs        one row a design: an interface as a whole, also the bare one it is compared with (its baseline).",
    "components     one row a body of a design: lithium, electrolyte, each layer, host or coating; what is in it, what",
    "               it touches. Never choose what should follow (a strategy, a mechanism, an interface type).",
    "observations   one row a figure, written as printed, with its unit: ~24 Ω   < 0.15 V   99.2 %   0.5 mA cm-2",
    "               Any spelling of the unit will do. Decimal points, nothing between thousands: 0.5, 1400.",
    "claims         what the paper says of something beyond figures; for a substance: what it becomes with lithium.",
    "",
    "Several values in a cell are parted by semicolons: LiF; Li3N",
    "Keep figures as text (format the column as Text), or the spreadsheet program makes a date of 1-2.",
    "A figure that cannot be what it says is kept:  20 Ω cm-2 [read as 20 Ω cm2]  with a doubt that says why.",
    "",
    "Then, in a terminal:",
    "    lithiokg import FILE.xlsx --into my-collection --dry-run      says what would be written, and every problem",
    "    lithiokg import FILE.xlsx --into my-collection                writes it",
    "    lithiokg --with my-collection show NAME                       asks the graph, with your records in it",
)


def heading_of(column: Column) -> str:
    """What stands in the first row; a star says that every row needs it."""
    return f"{column.heading} *" if column.needed else column.heading


def hint_of(column: Column, units: Registry) -> str:
    """What a cell takes, in a few words, for the row below the headings."""
    if column.field in {"note", "reason", "completeness-reason", "resolution-note"}:
        return "one line"
    if column.part is Part.CONDITION and column.field != "other-conditions":
        item = units.property(column.term)
        unit = units.units[item.canonical_unit].symbol if item and item.canonical_unit else ""
        return f"as printed, e.g. 1 {unit}" if unit else "as printed"
    if column.kind is Kind.FIGURE and column.field == "result":
        return "as printed, with unit: ~24 Ω"
    if column.field in _HINTS:
        return _HINTS[column.field]
    if column.kind is Kind.NAME:
        what = column.base.replace("{source}/", "").replace("{table}/", "").rstrip("/")
        chosen = any(column.base == each for each in _VOCABULARIES) and column.base != "substance/"
        return "choose" if chosen else f"key of a {what}{', ; between several' if column.several else ''}"
    return _KINDS.get(column.kind, "text")


def comment_of(column: Column, known: Known, units: Registry) -> str:
    """What a heading means: the label and definition of the ontology, and what the cell takes."""
    label, definition = (known.label(column.term), known.definition(column.term)) if column.term else ("", "")
    parts = [f"{label}: {definition}" if definition else "", f"Takes: {hint_of(column, units)}."]
    if column.several:
        parts.append("Several are parted by semicolons.")
    return "\n".join(filter(None, parts))


def list_name(column: Column) -> str:
    """The name of the list of what may be chosen; empty where there is none."""
    if column.kind is Kind.FLAG:
        return "yes"
    if column.choices:
        return column.field
    if column.kind is Kind.CLASS:
        return f"kinds of {column.root.rpartition('/')[2].casefold()}"
    if column.kind is Kind.RELATION:
        return "relations"
    if column.base in _VOCABULARIES:
        return column.base.rstrip("/").replace("-", " ")
    return ""


def choices_of(column: Column, known: Known) -> list[str]:
    """What may be chosen in a column, in words that the import reads back."""
    if column.kind is Kind.FLAG:
        return ["yes"]
    if column.choices:
        return list(column.choices)
    if column.kind is Kind.CLASS:
        return [known.label(iri) for iri in known.stated_classes(column.root)]
    if column.kind is Kind.RELATION:
        return [known.label(iri) for iri in known.relations()]
    if column.base == "substance/":
        return sorted(
            (iri.removeprefix(ID + column.base) for iri in known.things(column.base)), key=str.casefold
        )
    return [known.spelling(iri, column.base) for iri in known.things(column.base)]


def chosen_plans(layout: Layout, kinds: tuple[str, ...]) -> list[Plan]:
    """The sheets of a template: those asked for, else those by which a chemist enters a paper."""
    return [layout[name] for name in (kinds or CORE_SHEETS)]
