"""The facts of the graph that point into a document, with what they say stands there."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.fidelity.passages import Passage, Passages
    from lithiokg.store import Store, Value

__all__ = ["SourcedFact", "sourced_facts"]

_PREFIXES = """
PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# One plain pattern a query, put together here: an engine that picks a bad order for one long query with
# many optional parts takes a hundred times as long.
_OWNERS = "SELECT ?evidence ?value { ?value lkg:hasEvidence ?evidence }"
_IN_ROWS = """
SELECT ?evidence ?value {
  ?evidence lkg:inTableRow ?value . ?value lkg:inTable/lkg:inSection/lkg:inDocument <DOCUMENT>
}
"""
_IN_SECTIONS = """
SELECT ?evidence ?value {
  ?evidence lkg:inSection ?place . ?place lkg:inDocument <DOCUMENT> ; skos:prefLabel ?value
}
"""
_IN_DOCUMENT = """
SELECT ?evidence ?value { ?evidence lkg:inDocument <DOCUMENT> ; lkg:inCaption ?value }
"""
_ATTRIBUTES = {
    "paragraph": "lkg:inParagraph",
    "caption": "lkg:inCaption",
    "printed": "lkg:printedReference",
    "resolved": "lkg:resolvedReference/lkg:referenceNumber",
    "figure": "lkg:quotedFigure",
    "phrase": "lkg:keyPhrase",
}
_ROW_REFERENCES = (
    "SELECT ?evidence ?value { ?evidence lkg:inTableRow/lkg:resolvedReference/lkg:referenceNumber ?value }"
)
_FIGURES = """
SELECT ?evidence ?value {
  { ?evidence lkg:hasResult/lkg:printed ?value } UNION { ?evidence lkg:hasCondition/lkg:printed ?value }
}
"""
_KINDS = {"claim": "lkg:claimRelation", "observation": "lkg:observedProperty"}


@dataclass(slots=True)
class SourcedFact:
    """One piece of evidence: who rests on it, where it is, and the texts that must stand there.

    Attributes:
        kind: ``claim``, ``observation`` or ``record``.
        passage: the located place, if the text has it.
        place: the place in words.
        texts: figures and phrases, each with what it is.
        figures: printed figures of the observation, result and conditions.
        also_in: where else the observation stands, since a figure may be printed in one of its places.
        references: reference numbers, of the running text, that it is resolved to.
    """

    evidence: str
    owner: str
    kind: str
    place: str
    passage: Passage | None
    texts: list[tuple[str, str]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    also_in: list[Passage] = field(default_factory=list)
    printed_reference: str | None = None
    references: set[int] = field(default_factory=set)


def sourced_facts(store: Store, passages: Passages, document: str) -> list[SourcedFact]:
    """Every piece of evidence that points into a document, in the order of its IRI."""
    rows = _values(store, _IN_ROWS.replace("DOCUMENT", document))
    sections = _values(store, _IN_SECTIONS.replace("DOCUMENT", document))
    captions = _values(store, _IN_DOCUMENT.replace("DOCUMENT", document))
    owners = _values(store, _OWNERS)
    figures = _values(store, _FIGURES)
    kinds = {kind: _values(store, _about(path)) for kind, path in _KINDS.items()}
    attributes = {name: _values(store, _about(path)) for name, path in _ATTRIBUTES.items()}
    for evidence, numbers in _values(store, _ROW_REFERENCES).items():
        attributes["resolved"].setdefault(evidence, []).extend(numbers)

    def fact(evidence: str, owner: str) -> SourcedFact:
        def first(name: str) -> str | None:
            return next((str(value) for value in attributes[name].get(evidence, ())), None)

        row = next((str(value) for value in rows.get(evidence, ())), None)
        section = next((str(value) for value in sections.get(evidence, ())), None)
        place, passage = _place(row, section, first("paragraph"), first("caption"), passages)
        kind = next((kind for kind, of in kinds.items() if owner in of), "record")
        return SourcedFact(
            evidence,
            owner,
            kind,
            place,
            passage,
            texts=[
                (name, str(v)) for name in ("figure", "phrase") for v in attributes[name].get(evidence, ())
            ],
            figures=sorted(map(str, figures.get(owner, ()))),
            printed_reference=first("printed") if row is None else None,
            references={int(str(number)) for number in attributes["resolved"].get(evidence, ())},
        )

    facts = [
        fact(evidence, str(owner))
        for evidence in sorted({*rows, *sections, *captions})
        for owner in sorted(map(str, owners.get(evidence, ())))
    ]
    _expect_figures(facts, rows)
    return facts


def _expect_figures(facts: Iterable[SourcedFact], rows: dict[str, list[Value]]) -> None:
    """Say where the printed figures of each observation must stand.

    In its row, if it has one: a sentence that reports the same may put it differently, and quotes that.
    Otherwise each in one of the sentences that it rests on, result and conditions.
    """
    by_owner: dict[str, list[SourcedFact]] = defaultdict(list)
    for fact in facts:
        by_owner[fact.owner].append(fact)
    for several in by_owner.values():
        in_rows = [fact for fact in several if fact.evidence in rows]
        for fact in in_rows or several[:1]:
            fact.texts += [("figure", figure) for figure in fact.figures]
            if not in_rows:
                fact.also_in = [other.passage for other in several if other.passage is not None]


def _place(
    row: str | None, section: str | None, paragraph: str | None, caption: str | None, passages: Passages
) -> tuple[str, Passage | None]:
    if row is not None:
        passage = passages.rows.get(row)
        return (passage.name if passage else row), passage
    if caption is not None:
        # "Figure 1A" is a part of Figure 1, "Figure 10" is not.
        whole = (re.fullmatch(rf"{re.escape(name)}(?!\d).*", caption) for name in passages.captions)
        found = (each for name, each in zip(whole, passages.captions.values(), strict=True) if name)
        return caption, next(found, None)
    number = int(paragraph or 0)
    return f"{section}, paragraph {number}", passages.paragraph(section or "", number)


def _about(path: str) -> str:
    return f"SELECT ?evidence ?value {{ ?evidence {path} ?value }}"


def _values(store: Store, query: str) -> dict[str, list[Value]]:
    """The values of a query's two columns, by the first."""
    answer = store.query(_PREFIXES + query)
    assert isinstance(answer, Table)  # noqa: S101  # the texts above are SELECTs
    found: dict[str, list[Value]] = defaultdict(list)
    for row in answer.dicts():
        if row["value"] not in found[str(row["evidence"])]:
            found[str(row["evidence"])].append(row["value"])
    return dict(found)
