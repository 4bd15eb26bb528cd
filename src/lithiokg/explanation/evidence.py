"""What stands behind an asserted fact: places in documents, general chemistry, the record itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.explanation.model import Evidence
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["EvidenceReader"]


class EvidenceReader:
    """Reads evidence from the store of a snapshot.

    Args:
        store: the snapshot.
        name: the label of an IRI.
    """

    def __init__(self, store: ox.Store, name: Callable[[str], str]) -> None:
        self._store = store
        self._name = name
        self._known: dict[str, dict[str, list[str]]] = {}
        self._claims: dict[str, list[str]] = {}
        self._read: dict[str, Evidence] = {}

    def of(self, subject: str, predicate: str, value: str) -> tuple[tuple[Evidence, ...], str | None]:
        """The evidence of a fact, and where it was curated.

        A relation that was curated as a claim has the claim's own evidence. Anything else has that of
        its record, or of the nearest record around it: a layer is as its design's source describes it.
        """
        claims = self._claims_for(subject, predicate, value)
        found: dict[str, None] = {}
        for node in claims or self._around(subject, "hasEvidence")[:1]:
            found.update(dict.fromkeys(self._all(node, "hasEvidence")))
        curated = self._first((claims or [subject])[0], "curatedAt")
        if not curated:
            near = self._around(subject, "curatedAt")
            curated = self._first(near[0], "curatedAt") if near else ""
        return tuple(self.read(iri) for iri in found), curated or None

    def reason(self, subject: str) -> str | None:
        """Why a list is declared complete."""
        return self._first(subject, "completenessReason") or None

    def read(self, iri: str) -> Evidence:
        """One evidence node."""
        if iri not in self._read:
            self._read[iri] = self._evidence(iri)
        return self._read[iri]

    def _evidence(self, iri: str) -> Evidence:
        row = self._first(iri, "inTableRow")
        holder = row or iri
        document = self._first(holder, "inDocument") or self._first(
            self._first(holder, "inSection"), "inDocument"
        )
        if not document and not row and not self._first(iri, "inSection"):
            note = self._first(iri, "note")
            return Evidence("general", f"general chemistry: {note}" if note else "general chemistry", iri)
        printed = self._first(iri, "printedReference") or self._first(holder, "printedReference")
        reference = self._first(iri, "resolvedReference") or self._first(holder, "resolvedReference")
        work = self._first(reference, "refersTo") or document
        doi = self._first(work, "doi") or self._first(document, "doi")
        place = self._row(row, iri) if row else self._place(iri)
        cited = self._cited(printed, reference) if printed or reference else ""
        words = "; ".join(filter(None, (f"{place}, of {self._work(document)}" if document else place, cited)))
        return Evidence(
            "table" if row else "text",
            words,
            iri,
            printed or None,
            reference or None,
            work or None,
            doi or None,
        )

    def _place(self, iri: str) -> str:
        section = self._name(self._first(iri, "inSection"))
        heading = section.capitalize() if section.isupper() else section
        if caption := self._first(iri, "inCaption"):
            return f"caption of {caption}, in “{heading}”"
        paragraph = self._first(iri, "inParagraph")
        return f"“{heading}”, paragraph {paragraph}" if paragraph else f"“{heading}”"

    def _row(self, row: str, iri: str) -> str:
        table = self._first(self._first(row, "inTable"), "tableNumber")
        column = self._first(self._first(iri, "inTableColumn"), "columnName").replace("_", " ")
        return f"Table {table}, row {self._first(row, 'rowNumber')}{f', {column}' if column else ''}"

    def _cited(self, printed: str, reference: str) -> str:
        """The reference as printed, what it is, and the work behind it."""
        number = self._first(reference, "referenceNumber")
        work = self._first(reference, "refersTo")
        shown = f"reference [{printed or number}]"
        if printed and number and printed != number:
            shown += f", which is [{number}]"
        return f"{shown}: {self._work(work)}" if work else shown

    def _work(self, iri: str) -> str:
        doi = self._first(iri, "doi")
        return f"{self._name(iri)}{f' (doi:{doi})' if doi else ''}"

    def _claims_for(self, subject: str, predicate: str, value: str) -> list[str]:
        if subject not in self._claims:
            about = self._store.quads_for_pattern(
                None, ox.NamedNode(LKG + "claimSubject"), ox.NamedNode(subject), None
            )
            self._claims[subject] = sorted({str(quad.subject)[1:-1] for quad in about})
        return [
            claim
            for claim in self._claims[subject]
            if self._first(claim, "claimRelation") == predicate
            and self._first(claim, "claimObject") == value
            and self._first(claim, "polarity") != "negative"
            and self._first(claim, "modality") in ("", "asserted")
        ]

    def _around(self, iri: str, name: str) -> list[str]:
        """The node and those around it, from the inside out, that have a property."""
        found = []
        while iri.startswith(ID) and iri.count("/") > ID.count("/"):
            if self._first(iri, name):
                found.append(iri)
            iri = iri.rpartition("/")[0]
        return found

    def _all(self, iri: str, name: str) -> list[str]:
        if iri not in self._known:
            values: dict[str, list[str]] = {}
            if iri:
                for quad in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
                    if isinstance(quad.object, ox.NamedNode | ox.Literal):
                        kind = quad.predicate.value.removeprefix(LKG)
                        if quad.object.value not in values.setdefault(kind, []):
                            values[kind].append(quad.object.value)
            self._known[iri] = {kind: sorted(found) for kind, found in values.items()}
        return self._known[iri].get(name, [])

    def _first(self, iri: str, name: str) -> str:
        return next(iter(self._all(iri, name)), "")
