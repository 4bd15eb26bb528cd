"""The flat table of claims: a public contract (see ``docs/flat-exports.md``)."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.store import Store, Value

__all__ = ["CLAIM_COLUMNS", "claim_rows"]

CLAIM_COLUMNS = (
    "id", "work", "section", "printed_ref", "resolved_ref", "subject", "relation", "object", "polarity",
    "modality", "key_phrase",
)  # fmt: skip

_PREFIXES = f"""
PREFIX lkg: <{LKG}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_CLAIMS = """
SELECT ?id ?subject ?relation ?object ?polarity ?modality {
  ?id lkg:claimRelation ?relation ; lkg:claimSubject ?subject ; lkg:claimObject ?object ;
    lkg:polarity ?polarity ; lkg:modality ?modality .
}
"""
_LABELS = "SELECT ?id ?value { ?id skos:prefLabel ?value }"
# What is said of a piece of evidence, one plain pattern a query: together they would be optional parts.
_EVIDENCE = "SELECT ?id ?value { ?id lkg:claimRelation ?any ; lkg:hasEvidence ?value }"
_ROWS = "SELECT ?id ?value { ?id lkg:inTableRow ?value }"
_TABLES = "SELECT ?id ?value { ?id lkg:inTable/lkg:inSection ?value ; lkg:rowNumber ?number }"
_SECTIONS = "SELECT ?id ?value { ?id lkg:inSection ?value }"
_NUMBERS = "SELECT ?id ?value { ?id lkg:sectionNumber ?value }"
_WORKS = "SELECT ?id ?value { ?id lkg:sectionNumber ?number ; lkg:inDocument ?value }"
_PARAGRAPHS = "SELECT ?id ?value { ?id lkg:inParagraph ?value }"
_PRINTED = "SELECT ?id ?value { ?id lkg:printedReference ?value }"
_RESOLVED = "SELECT ?id ?value { ?id lkg:resolvedReference/lkg:referenceNumber ?value }"
_PHRASES = "SELECT ?id ?value { ?id lkg:keyPhrase ?value }"


def claim_rows(store: Store) -> list[tuple[Value, ...]]:
    """One row a claim, in the order of :data:`CLAIM_COLUMNS`: in reading order, general chemistry last.

    Subject, relation and object stand by their labels. A claim that rests on several places gives the
    section and phrase of the first, and the references of all, separated by ``", "``.
    """
    labels = _one(store, _LABELS)
    evidence = _all(store, _EVIDENCE)
    places = _Places(store)
    rows: list[tuple[tuple[object, ...], tuple[Value, ...]]] = []
    for claim in _select(store, _CLAIMS):
        key = str(claim["id"])
        several = sorted(evidence.get(key, ()), key=places.order)
        first = several[0] if several else ""
        section = places.section.get(first)
        row = {
            "id": key.removeprefix(ID),
            "work": _below(places.works.get(section or ""), "work/"),
            "section": labels.get(section or ""),
            "printed_ref": _joined(places.printed, several),
            "resolved_ref": _joined(places.resolved, several),
            **{name: _name(claim[name], labels) for name in ("subject", "relation", "object")},
            "polarity": str(claim["polarity"]),
            "modality": str(claim["modality"]),
            "key_phrase": next((places.phrases[one] for one in several if one in places.phrases), None),
        }
        rows.append(((*places.order(first), key), tuple(row[column] for column in CLAIM_COLUMNS)))
    return [row for _, row in sorted(rows, key=lambda pair: pair[0])]


class _Places:
    """Where each piece of evidence stands, and what is printed there."""

    def __init__(self, store: Store) -> None:
        rows, tables = _one(store, _ROWS), _one(store, _TABLES)
        self.section = {
            **_one(store, _SECTIONS),
            **{key: tables[row] for key, row in rows.items() if row in tables},
        }
        self.works = _one(store, _WORKS)
        self.phrases = _one(store, _PHRASES)
        self._numbers = _one(store, _NUMBERS)
        self._paragraphs = _one(store, _PARAGRAPHS)
        self.printed, self.resolved = _all(store, _PRINTED), _all(store, _RESOLVED)
        for key, row in rows.items():
            self.printed.setdefault(key, self.printed.get(row, []))
            self.resolved.setdefault(key, self.resolved.get(row, []))

    def order(self, evidence: str) -> tuple[bool, str, int, int, str]:
        """Reading order; what stands in no document comes last, a caption or table before the text."""
        section = self.section.get(evidence)
        if section is None:
            return True, "", 0, 0, evidence
        number, paragraph = self._numbers.get(section, "0"), self._paragraphs.get(evidence, "0")
        return False, self.works.get(section, ""), int(number), int(paragraph), evidence


def _joined(values: Mapping[str, list[str]], evidence: Iterable[str]) -> str | None:
    """The distinct values of several pieces of evidence, numbers in their order."""
    found = {value for one in evidence for value in values.get(one, ())}
    ordered = sorted(
        found, key=lambda value: (not value.isdecimal(), int(value) if value.isdecimal() else 0, value)
    )
    return ", ".join(ordered) or None


def _name(iri: Value, labels: Mapping[str, str]) -> str:
    return labels.get(str(iri)) or str(iri).removeprefix(ID).removeprefix(LKG)


def _below(iri: str | None, folder: str) -> str | None:
    return None if iri is None else iri.removeprefix(ID).removeprefix(folder)


def _one(store: Store, text: str) -> dict[str, str]:
    return {key: values[0] for key, values in _all(store, text).items()}


def _all(store: Store, text: str) -> dict[str, list[str]]:
    """The values of a query's two columns, sorted, by the first."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in _select(store, text):
        found[str(row["id"])].add(str(row["value"]))
    return {key: sorted(values) for key, values in found.items()}


def _select(store: Store, text: str) -> list[dict[str, Value]]:
    answer = store.query(_PREFIXES + text)
    assert isinstance(answer, Table)  # noqa: S101  # every text above is a SELECT
    return answer.dicts()
