"""``verify``: does each printed figure and key phrase stand where the graph says?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.fidelity.facts import SourcedFact, sourced_facts
from lithiokg.fidelity.passages import Passage, locate

if TYPE_CHECKING:
    from lithiokg.fidelity.text import SourceText
    from lithiokg.store import Store

__all__ = ["Miss", "Verification", "verify"]

_MARKER = re.compile(r"\[([0-9][0-9,;-]*)\]")  # in squeezed text
_SHARED_UNIT = re.compile(r"(?P<number>\W*\d+(?:\.\d+)?)\s*(?P<unit>\D.*|%)")
_LIST_OF_NUMBERS = re.compile(r"(?:(?:,|and|or|to|/|-|vs\.|&)+[-~<>≈]?\d+(?:\.\d+)?)+")
#: The numbers of a marker such as ``[1-400]`` are not more than a list of references is long.
_LONGEST_LIST = 2000


@dataclass(frozen=True, slots=True)
class Miss:
    """Something that does not stand where the graph says.

    Attributes:
        evidence: IRI of the evidence.
        owner: IRI of what rests on it.
        place: the place in words.
        what: ``figure``, ``phrase``, ``reference`` or ``place``.
        text: what was looked for.
        elsewhere: lines of the text on which it does stand.
    """

    evidence: str
    owner: str
    place: str
    what: str
    text: str
    elsewhere: tuple[int, ...]

    def __str__(self) -> str:
        if self.what == "place":
            return f"{self.place}: not found in this text"
        lines = ", ".join(map(str, self.elsewhere[:5]))
        where = f"; it stands on line {lines}" if lines else "; it stands nowhere in the text"
        return f"{self.place}: no {self.what} “{self.text}”{where}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome: how much was looked up, and what was not there."""

    checked: int
    misses: tuple[Miss, ...]


def verify(store: Store, text: SourceText, document: str) -> Verification:
    """Look up every figure, phrase and reference of a document's evidence in its plain text.

    Args:
        store: the graph.
        text: the plain text.
        document: IRI of the work.

    Raises:
        LithioKGError: if the text is not that of the document.
    """
    passages = locate(store, text, document)
    misses = [Miss("", "", part, "place", "", ()) for part in passages.missing]
    misses += [Miss("", iri, place, "reference", mark, ()) for iri, place, mark in passages.misnumbered]
    checked = len(misses)
    for fact in sourced_facts(store, passages, document):
        found = list(_lookups(fact, text))
        checked += len(found)
        misses += [miss for miss in found if isinstance(miss, Miss)]
    return Verification(checked, tuple(misses))


def _lookups(fact: SourcedFact, text: SourceText) -> list[Miss | bool]:
    """One entry for each thing looked up: True, or the miss."""
    if fact.passage is None:
        return [Miss(fact.evidence, fact.owner, fact.place, "place", "", ())]
    outcome: list[Miss | bool] = []
    for what, wanted in fact.texts:
        if any(places_in(text, passage, wanted, what) for passage in {fact.passage, *fact.also_in}):
            outcome.append(True)
        else:
            lines = tuple(sorted({text.line(begin) for begin, _ in text.find_all(wanted)}))
            outcome.append(Miss(fact.evidence, fact.owner, fact.place, what, wanted, lines))
    if fact.printed_reference is not None:
        there = _has_reference(text, fact.passage, fact.printed_reference)
        outcome.append(
            there
            or Miss(fact.evidence, fact.owner, fact.place, "reference", f"[{fact.printed_reference}]", ())
        )
    return outcome


def places_in(text: SourceText, passage: Passage, wanted: str, what: str = "phrase") -> list[tuple[int, int]]:
    """Where a phrase or figure stands in a passage, as squeezed spans.

    The first of two figures that share a unit, as in "0.5 and 1 mA cm-2", stands apart from it; the spans are
    then those of its numerals alone.
    """
    whole = [place for begin, end in passage.spans for place in text.find_all(wanted, begin, end)]
    parts = _SHARED_UNIT.fullmatch(wanted.strip()) if what == "figure" else None
    if whole or parts is None:
        return whole
    return [
        place
        for begin, end in passage.spans
        for place in text.find_all(parts["number"], begin, end)
        if _unit_follows(text, place[1], end, parts["unit"])
    ]


def _unit_follows(text: SourceText, position: int, end: int, unit: str) -> bool:
    """Whether after a list of numbers, and nothing else, the unit stands."""
    shared = _LIST_OF_NUMBERS.match(text.squeezed, position, end)
    return shared is not None and any(
        begin == shared.end() for begin, _ in text.find_all(unit, shared.end(), end)
    )


def _has_reference(text: SourceText, passage: Passage, printed: str) -> bool:
    """Whether the markers of the passage, such as ``[23,79]``, name all the printed numbers."""
    wanted = expand(printed)
    if not wanted:  # such as [S1], which has no number of the list
        return bool(places_in(text, passage, f"[{printed}]"))
    return wanted <= cited(text, passage)


def cited(text: SourceText, passage: Passage) -> set[int]:
    """The reference numbers that the markers of a passage name."""
    named: set[int] = set()
    for begin, end in passage.spans:
        named.update(*map(expand, _MARKER.findall(text.squeezed, begin, end)))
    return named


def expand(marker: str) -> set[int]:
    """The numbers of a reference marker.

    >>> sorted(expand("4,7-9"))
    [4, 7, 8, 9]
    """
    numbers: set[int] = set()
    for part in re.split(r"[,;\s]+", marker.replace("–", "-").strip("[] ")):
        first, _, last = part.partition("-")
        if first.isdecimal():
            end = int(last) if last.isdecimal() else int(first)
            numbers.update(range(int(first), min(end, int(first) + _LONGEST_LIST) + 1))
    return numbers
