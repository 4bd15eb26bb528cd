"""What the spreadsheets look like: one sheet a record kind, one column a field.

Only which fields stand in which sheet is decided here. What a field takes comes from the JSON-LD context,
what it means from the ontology, and what may be chosen from both.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.curation.context import QUANTITY
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from lithiokg.curation import Context

__all__ = [
    "CONDITIONS",
    "CORE_SHEETS",
    "MARK",
    "Column",
    "Kind",
    "Layout",
    "Part",
    "Plan",
    "read_layout",
]

#: Heading of the first column: a row with something in it that begins with ``#`` is not read.
MARK = "#"
#: Conditions that have a column of their own.
CONDITIONS = ("current-density", "areal-capacity", "time", "rest-time", "cycles", "c-rate", "temperature")
_EVIDENCE = (
    "section", "paragraph", "caption", "row", "column", "printed-reference", "resolved-reference",
    "figure", "phrase", "type", "resolution-note", "note",
)  # fmt: skip
#: Sheet -> its fields. ``*`` stands before a field that a row needs.
_FIELDS: dict[str, str] = {
    "works": "key type *label *title authors journal year volume pages doi reference licence note",
    "references": "key *reference-number label document refers-to identification note",
    "sections": "key *section-number *label part-of document note",
    "substances": "key *type *label formula alt-label definition products-are-complete completeness-reason "
    "distinct-from note",
    "designs": "key *label reported-in baseline alt-label definition evidence note",
    "components": "*design key part-of *type *label constituents composition-is-complete completeness-reason "
    "contacts formed-from formed-at prepared-by solutes additives dopants fillers coated-by derived-from "
    "position sublayers-are-complete note",
    "treatments": "*design key *type *label treats uses-method uses-substance note",
    "observations": "*subject key *property *result read-as conditions other-conditions stage cell evidence doubt "
    "note apart",
    "claims": "*claim-subject key *relation *object polarity modality evidence note apart",
    "more evidence": "*record *key evidence",
    "more doubts": "*record *key *kind *reason",
    "paragraphs": "key *section *paragraph-number *begins",
    "captions": "key *label *section *begins",
    "tables": "key *table-number label section document begins",
    "columns": "*key *table *column-name *column-heading label heading-states-cell",
    "table-rows": "*key *table *row-number *printed-reference resolved-reference resolution-note *printed-method "
    "printed-strategy *describes not-reported note",
    "cells": "*key *label alt-label definition cathode note",
    "methods": "*key *type *label alt-label definition note",
    "functional-groups": "*key *label alt-label definition note",
    "discrepancies": "*key *label *discrepancy-kind *involves evidence note",
}
#: The sheets by which a chemist enters a paper; the others are for what stands in tables and for exports.
CORE_SHEETS = (
    "works", "sections", "references", "substances", "designs", "components", "treatments", "observations",
    "claims",
)  # fmt: skip
#: The collection of the records of a sheet, where the two are not called the same.
_NESTED = {"components", "treatments", "more evidence", "more doubts"}
#: The class under which a type must be, by sheet.
_ROOTS = {
    "works": "Work", "substances": "Substance", "components": "Component", "treatments": "Treatment",
    "methods": "Method",
}  # fmt: skip
#: Fields whose cells hold several texts.
_SEVERAL = {"alt-label", "begins"}
#: References of which a record has one.
_ONE = {
    "document", "refers-to", "identification", "property", "stage", "cell", "kind", "section", "table", "row",
    "column", "relation", "formed-at", "discrepancy-kind", "heading-states-cell", "subject", "claim-subject",
    "object", "part-of",
}  # fmt: skip
_CHOICES = {"polarity": ("positive", "negative"), "modality": ("asserted", "hedged", "normative")}


class Kind(StrEnum):
    """What a cell holds."""

    KEY = "key"
    TEXT = "text"
    NUMBER = "whole number"
    FLAG = "yes or nothing"
    CLASS = "class"
    NAME = "name"
    BODY = "body of the same design"
    THING = "anything"
    RELATION = "relation"
    FIGURE = "figure"
    CHOICE = "choice"
    ADDRESS = "address"


class Part(StrEnum):
    """Which part of the record a column belongs to."""

    OWN = "own"
    OWNER = "owner"
    EVIDENCE = "evidence"
    DOUBT = "doubt"
    CONDITION = "condition"
    DIRECTIVE = "directive"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet.

    Attributes:
        field: the field of the record, as in the YAML files.
        heading: what stands in the first row.
        kind: what its cells hold.
        part: the part of the record it belongs to.
        base: where names are looked up, below ``id/``; may hold ``{source}``.
        root: the IRI of the class that a type, or the named thing, is under.
        several: whether a cell may hold several values, between semicolons.
        needed: whether a row needs it.
        term: IRI of the property, for its label and definition.
        choices: what may be chosen, where that is fixed.
    """

    field: str
    heading: str
    kind: Kind
    part: Part = Part.OWN
    base: str = ""
    root: str = ""
    several: bool = False
    needed: bool = False
    term: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One sheet: its name, its collection, its columns."""

    name: str
    collection: str
    columns: tuple[Column, ...]

    @cached_property
    def by_heading(self) -> dict[str, Column]:
        """The columns by their folded headings."""
        return {fold_heading(column.heading): column for column in self.columns}

    def column(self, field: str, part: Part = Part.OWN) -> Column | None:
        """The column of a field."""
        return next((each for each in self.columns if (each.field, each.part) == (field, part)), None)


class Layout(dict[str, Plan]):
    """The sheets by name."""

    def find(self, name: str) -> Plan | None:
        """A sheet by its name, whatever its capitals, hyphens and blanks."""
        wanted = fold_heading(name)
        return next((plan for key, plan in self.items() if fold_heading(key) == wanted), None)


def fold_heading(text: str) -> str:
    """A heading without what people type differently.

    >>> fold_heading(" Current_Density* ")
    'current density'
    """
    return " ".join(
        text.replace("_", " ").replace("-", " ").replace("*", " ").replace(":", " ").casefold().split()
    )


def read_layout(context: Context) -> Layout:
    """The sheets, with what the context says of each field."""
    found = Layout()
    for name, fields in _FIELDS.items():
        columns: list[Column] = []
        for spelled in fields.split():
            field, needed = spelled.removeprefix("*"), spelled.startswith("*")
            columns += _columns(name, field, context, needed=needed)
        found[name] = Plan(name, "" if name in _NESTED else name, tuple(columns))
    return found


def _columns(sheet: str, field: str, context: Context, *, needed: bool) -> list[Column]:
    if field == "evidence":
        return [_evidence(each, context) for each in _EVIDENCE]
    if field == "doubt":
        return [
            _column(sheet, each, context, part=Part.DOUBT, heading=f"doubt {each}")
            for each in ("kind", "reason")
        ]
    if field == "conditions":
        return [
            Column(
                key, f"at {key.replace('-', ' ')}", Kind.FIGURE, Part.CONDITION, term=f"{ID}property/{key}"
            )
            for key in CONDITIONS
        ]
    special = _special(sheet, field, needed=needed)
    return [special or _column(sheet, field, context, needed=needed)]


def _evidence(field: str, context: Context) -> Column:
    words = {"type": "kind", "row": "table row", "column": "table column", "figure": "quoted figure",
             "phrase": "key phrase"}  # fmt: skip
    heading = f"evidence {words.get(field, field.replace('-', ' '))}"
    if field == "type":
        return Column("type", heading, Kind.CLASS, Part.EVIDENCE, root=LKG + "Evidence")
    return _column("more evidence", field, context, part=Part.EVIDENCE, heading=heading)


def _special(  # noqa: C901, PLR0911  # one return a column
    sheet: str, field: str, *, needed: bool
) -> Column | None:
    """Columns that are no field of the context."""
    if field == "key":
        return Column("key", "key", Kind.KEY, needed=needed)
    if field == "type":
        return Column("type", "type", Kind.CLASS, root=LKG + _ROOTS[sheet], several=True, needed=needed)
    if field == "design":
        return Column("design", "design", Kind.NAME, Part.OWNER, base="design/", needed=True)
    if sheet == "components" and field == "part-of":
        return Column("part-of", "part of", Kind.BODY, Part.OWNER)
    if field in {"subject", "claim-subject"}:
        return Column(
            field, "subject", Kind.THING, Part.OWNER, needed=True, term=LKG + "hasFeatureOfInterest"
        )
    if field == "record":
        return Column("record", "record", Kind.TEXT, Part.OWNER, needed=True)
    if field == "reference":
        return Column("reference", "reference number", Kind.NUMBER, Part.DIRECTIVE)
    if field == "distinct-from":
        return Column(field, "distinct from", Kind.NAME, Part.DIRECTIVE, base="substance/", several=True)
    if field == "apart":
        return Column("apart", "apart", Kind.FLAG, Part.DIRECTIVE)
    if field == "other-conditions":
        return Column(field, "at other conditions", Kind.FIGURE, Part.CONDITION, several=True)
    return None


def _column(
    sheet: str,
    field: str,
    context: Context,
    *,
    part: Part = Part.OWN,
    heading: str = "",
    needed: bool = False,
) -> Column:
    """A column of a field of the context."""
    term = context.terms[field]
    base = str((term.scope or {}).get("@base", ""))
    heading = heading or field.replace("-", " ")
    kind, several = Kind.TEXT, field in _SEVERAL
    if field in _CHOICES:
        kind = Kind.CHOICE
    elif term.type == QUANTITY:
        kind = Kind.FIGURE
    elif term.type == "@vocab":
        kind = Kind.RELATION
    elif term.type == "@id":
        several = field not in _ONE
        kind = Kind.NAME if base.startswith(ID) else Kind.BODY if base else Kind.ADDRESS
        kind = Kind.THING if base == ID else kind
    elif term.type == PREFIXES["xsd"] + "integer":
        kind = Kind.NUMBER
    elif term.type == PREFIXES["xsd"] + "boolean":
        kind = Kind.FLAG
    return Column(
        field, heading, kind, part, base.removeprefix(ID), several=several, needed=needed, term=term.iri,
        choices=_CHOICES.get(field, ()),
    )  # fmt: skip
