"""Figures, claims and the places that say them, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.store.sheet import short_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.web.site import Site

__all__ = [
    "Claim",
    "Doubt",
    "Observation",
    "Place",
    "claim",
    "observation",
    "place",
    "places",
    "references_of",
]

#: How comparators are printed.
_SIGNS = {"=": "", "<=": "≤ ", ">=": "≥ ", "<": "< ", ">": "> ", "~": "~ "}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said.

    Attributes:
        iri: the evidence node.
        words: the place, such as ``Table 3, row 13, resistance after``.
        within: the section or table row, to link to.
        quotation: the figure or the few words that stand there.
        printed: the reference number as printed.
        reference: the reference that is meant.
        number: its number.
        note: why another number is meant than is printed, or the ground in general chemistry.
        work: the work that the reference names, else the document that says it.
        doi: of the work.
        general: it is general chemistry, and no source is needed.
        itself: the reference names the very document that says it.
    """

    iri: str
    words: str
    within: str = ""
    quotation: str = ""
    printed: str = ""
    reference: str = ""
    number: str = ""
    note: str = ""
    work: str = ""
    doi: str = ""
    general: bool = False
    itself: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """A mark that something as printed cannot be taken at its word."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Observation:
    """One reported figure.

    Attributes:
        iri: the observation.
        of: what was observed.
        property: what was measured.
        printed: the figure as the source prints it.
        read_as: what it must be, where the print is impossible.
        value: in the canonical unit, with comparator and unit, where that says more than the print.
        conditions: property and figure as printed.
        stage, cell: IRIs, or empty.
        doubts: what is doubtful, and why.
        discrepancies: IRIs of what contradicts it.
        places: where it is said.
        note: of the curator.
    """

    iri: str
    of: str
    property: str
    printed: str
    read_as: str
    value: str
    conditions: tuple[tuple[str, str], ...]
    stage: str
    cell: str
    doubts: tuple[Doubt, ...]
    discrepancies: tuple[str, ...]
    places: tuple[Place, ...]
    note: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of a source.

    Attributes:
        iri: the claim.
        subject, relation, object: what it says.
        denied: the source says that it is not so.
        modality: ``asserted``, ``hedged`` or ``normative``.
        places: where it is said.
        note: of the curator.
    """

    iri: str
    subject: str
    relation: str
    object: str
    denied: bool
    modality: str
    places: tuple[Place, ...]
    note: str

    @property
    def plain(self) -> bool:
        """Whether it is said without denial or reserve."""
        return not self.denied and self.modality == "asserted"


def place(site: Site, iri: str) -> Place:
    """One evidence node."""
    return site.remember(("place", iri), lambda: _place(site, iri))


def _place(site: Site, iri: str) -> Place:
    row, section = site.first(iri, "inTableRow"), site.first(iri, "inSection")
    if site.is_a(iri, "GeneralChemistryEvidence"):
        return Place(iri, "general chemistry", note=site.first(iri, "note"), general=True)
    holder = row or iri
    document = site.first(holder, "inDocument") or site.first(section, "inDocument")
    printed = site.first(iri, "printedReference") or site.first(holder, "printedReference")
    reference = site.first(iri, "resolvedReference") or site.first(holder, "resolvedReference")
    work = site.first(reference, "refersTo") if reference else document
    notes = (site.first(each, "resolutionNote") for each in (iri, holder))
    return Place(
        iri,
        _row_words(site, row, iri) if row else _text_words(site, iri, section),
        row or section,
        site.first(iri, "quotedFigure") or site.first(iri, "keyPhrase"),
        printed,
        reference,
        site.first(reference, "referenceNumber") if reference else "",
        next(filter(None, notes), ""),
        work,
        site.first(work, "doi") if work else "",
        itself=bool(reference) and work == document,
    )


def _row_words(site: Site, row: str, iri: str) -> str:
    table = site.first(site.first(row, "inTable"), "tableNumber")
    column = site.first(site.first(iri, "inTableColumn"), "columnName").replace("_", " ")
    return f"Table {table}, row {site.first(row, 'rowNumber')}{f', {column}' if column else ''}"


def _text_words(site: Site, iri: str, section: str) -> str:
    heading = site.label(section) if section else ""
    heading = heading.capitalize() if heading.isupper() else heading
    if caption := site.first(iri, "inCaption"):
        return f"caption of {caption}, in “{heading}”" if heading else f"caption of {caption}"
    paragraph = site.first(iri, "inParagraph")
    return f"“{heading}”, paragraph {paragraph}" if paragraph else f"“{heading}”"


def places(site: Site, iri: str) -> tuple[Place, ...]:
    """Where something is said: tables first."""
    found = [place(site, each) for each in site.all(iri, "hasEvidence")]
    return tuple(
        sorted(found, key=lambda each: (each.general, not each.words.startswith("Table"), each.words))
    )


def observation(site: Site, iri: str) -> Observation:
    """One observation."""
    return site.remember(("observation", iri), lambda: _observation(site, iri))


def _observation(site: Site, iri: str) -> Observation:
    result = site.first(iri, "hasResult")
    printed, read_as = site.first(result, "printed"), site.first(result, "readAs")
    value = quantity(site, result)
    doubts = tuple(
        Doubt(site.label(site.first(each, "doubtKind")), site.first(each, "reason"))
        for each in site.all(iri, "hasDoubt")
    )
    conditions = sorted(
        (site.first(each, "quantityKind"), site.first(each, "printed"))
        for each in site.all(iri, "hasCondition")
    )
    return Observation(
        iri,
        site.first(iri, "hasFeatureOfInterest"),
        site.first(iri, "observedProperty"),
        printed,
        read_as,
        value if _bare(value) != _bare(printed) else "",
        tuple(conditions),
        site.first(iri, "atStage"),
        site.first(iri, "inCell"),
        doubts,
        site.all(iri, "hasDiscrepancy"),
        places(site, iri),
        site.first(iri, "note"),
    )


def quantity(site: Site, iri: str) -> str:
    """A quantity in its canonical unit, with its comparator."""
    held = site.about(iri)
    numbers = [
        short_cell(said[0].value) for name in ("value", "minimum", "maximum") if (said := held.get(name))
    ]
    if not numbers:
        return ""
    sign = _SIGNS.get(site.first(iri, "comparator"), "")
    unit = site.first(iri, "unit")
    return f"{sign}{' to '.join(numbers)} {site.label(unit) if unit else ''}".strip()


def _bare(text: str) -> str:
    """A figure as it is compared with another: without what is only a matter of print."""
    for sign, plain in (("²", "2"), ("³", "3"), ("⁻", "-"), ("·", ""), ("−", "-"), (" ", "")):
        text = text.replace(sign, plain)
    return text


def claim(site: Site, iri: str) -> Claim:
    """One claim."""
    return site.remember(("claim", iri), lambda: _claim(site, iri))


def _claim(site: Site, iri: str) -> Claim:
    return Claim(
        iri,
        site.first(iri, "claimSubject"),
        site.first(iri, "claimRelation"),
        site.first(iri, "claimObject"),
        site.first(iri, "polarity") == "negative",
        site.first(iri, "modality") or "asserted",
        places(site, iri),
        site.first(iri, "note"),
    )


def references_of(found: Iterable[Place]) -> list[str]:
    """The references among places, each once."""
    return list(dict.fromkeys(each.reference for each in found if each.reference))
