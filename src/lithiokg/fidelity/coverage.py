"""``coverage``: section by section and paragraph by paragraph, what is in the graph and what is not."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.fidelity.facts import SourcedFact, sourced_facts
from lithiokg.fidelity.passages import Passage, locate
from lithiokg.fidelity.verification import cited, expand, places_in
from lithiokg.store import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.fidelity.text import SourceText
    from lithiokg.store import Store

__all__ = ["Coverage", "Numeral", "ParagraphCoverage", "cover"]

_NUMERAL = re.compile(r"\d+(?:[.,]\d+)*")
_SETTLED = """
PREFIX lkg: <https://w3id.org/lithiokg/>
SELECT ?part ?phrase { ?part lkg:hasExclusion/lkg:excludedText ?phrase }
"""
#: Numerals that are no figures, each with its reason: what stands before it, the numeral, what stands after it.
#: White space has been made single blanks, and none is left after a hyphen that ends a line.
_UNIT = r"(?:fold|times|cycles?|[kMµμnm]?[mVAWFSΩgJLh]|°|%|nm|cm|mm|[µμ]m|min|days?|layers?|mAh?|thick)\b"
_NO_FIGURE = tuple(
    (reason, re.compile(left), re.compile(numeral), re.compile(right))
    for reason, left, numeral, right in (
        ("a reference number", r"\[[\d,;\-–\s]*$", r"[\d,]+", r"[\d,;\-–\s]*\]"),
        ("stoichiometry or a name", r"[A-Za-zα-ωΔ)\]'′]$", r"[\d.,]+", r""),
        ("a charge or an exponent", r"[A-Za-zΩ)][-−–]$", r"\d", r"(?!\d|\.\d)"),
        ("an exponent", r"(?<![A-Za-z])(?:cm|m|g|kg|L|s|h|mol|K|V)\s[-−–]?$", r"[1-3]", r"(?!\d|\.\d)"),
        ("a charge", r"(?:CO3|NO3|SO4)\s*$", r"[1-3]", r"[-−+]"),
        (
            "a locant",
            r"(?:^|[\s\-−–(,/\[])$",
            r"\d{1,2}(?:,\d{1,2})*",
            rf"(?:,\s?\d+)*[-−–](?!{_UNIT})[A-Za-z(]",
        ),
        (
            "a figure, table or equation number",
            r"(?:Figures?|Tables?|Schemes?|Eqs?\.|Refs?\.)\s*\[?$",
            r"\d+",
            r"",
        ),
        ("an equation number", r"\($", r"\d{1,2}", r"\)"),
        ("a year", r"Copyright\s*$", r"(?:19|20)\d\d", r""),
        ("the number of a list entry, before its paragraph", r"(?:^|[.:;])\s*$", r"\d{1,2}", r"\.\s*$"),
        ("a dimension", r"(?:^|[\s(\-])$", r"[0-3]", r"D\b"),
    )
)
_CONTEXT = 80


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral of the text that is neither a figure of the graph nor known to be something else."""

    text: str
    line: int
    context: str


@dataclass(frozen=True, slots=True)
class ParagraphCoverage:
    """What the graph holds of one paragraph, table row or caption.

    Attributes:
        claims, observations: how many rest on it.
        numerals: numerals that nothing accounts for.
        references: numbers of references cited there that no fact of it is resolved to.
        needs_claim: whether it is running text without a claim.
    """

    passage: Passage
    claims: int
    observations: int
    numerals: tuple[Numeral, ...]
    references: tuple[int, ...]
    needs_claim: bool

    @property
    def clean(self) -> bool:
        """Whether nothing is missing."""
        return not (self.numerals or self.references or self.needs_claim)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a document, in reading order."""

    parts: tuple[ParagraphCoverage, ...]
    missing: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing is missing anywhere."""
        return not self.missing and all(part.clean for part in self.parts)


def cover(store: Store, text: SourceText, document: str) -> Coverage:
    """Hold a document's plain text against the graph.

    Args:
        store: the graph.
        text: the plain text.
        document: IRI of the work.

    Raises:
        LithioKGError: if the text is not that of the document.
    """
    passages = locate(store, text, document)
    by_passage: dict[str, list[SourcedFact]] = defaultdict(list)
    for fact in sourced_facts(store, passages, document):
        if fact.passage is not None:
            by_passage[fact.passage.iri].append(fact)
    excluded = _excluded(store)
    captions = tuple(passages.captions.values())
    parts = [
        _cover_part(passage, by_passage[passage.iri], excluded.get(passage.iri, []), text, kind)
        for kind, several in (
            ("paragraph", passages.paragraphs),
            ("row", tuple(passages.rows.values())),
            ("caption", captions),
        )
        for passage in several
    ]
    return Coverage(tuple(parts), passages.missing)


def _excluded(store: Store) -> dict[str, list[str]]:
    answer = store.query(_SETTLED)
    assert isinstance(answer, Table)  # noqa: S101  # the text above is a SELECT
    found: dict[str, list[str]] = defaultdict(list)
    for row in answer.dicts():
        found[str(row["part"])].append(str(row["phrase"]))
    return found


def _cover_part(
    passage: Passage, facts: list[SourcedFact], excluded: list[str], text: SourceText, kind: str
) -> ParagraphCoverage:
    claims = sum(fact.kind == "claim" for fact in facts)
    # A phrase only leads to its place: a figure in it counts as held when an observation holds it.
    figures = {wanted for fact in facts for what, wanted in fact.texts if what == "figure"}
    figures |= {figure for fact in facts for figure in fact.figures}
    accounted = [place for figure in figures for place in places_in(text, passage, figure, "figure")]
    accounted += [place for phrase in excluded for place in places_in(text, passage, phrase)]
    known = {number for fact in facts for number in fact.references}
    known |= {number for fact in facts if fact.printed_reference for number in expand(fact.printed_reference)}
    return ParagraphCoverage(
        passage,
        claims,
        sum(fact.kind == "observation" for fact in facts),
        tuple(_open_numerals(text, passage, accounted, is_row=kind == "row")),
        # A row's own number is resolved, not repeated; a caption's reference is the figure's origin.
        tuple(sorted(cited(text, passage) - known)) if kind == "paragraph" else (),
        kind == "paragraph" and claims == 0,
    )


def _open_numerals(
    text: SourceText, passage: Passage, accounted: list[tuple[int, int]], *, is_row: bool
) -> Iterator[Numeral]:
    for begin, end in passage.spans:
        low, high = text.raw_span(begin, end)
        for match in _NUMERAL.finditer(text.raw, low, high):
            at = text.squeezed_position(match.start())
            if any(start <= at < stop for start, stop in accounted) or (is_row and at == begin):
                continue  # a row begins with its reference number, in brackets or not
            before = _joined(text.raw[max(low, match.start() - _CONTEXT) : match.start()])
            after = _joined(text.raw[match.end() : min(high, match.end() + _CONTEXT)])
            if not _is_no_figure(before, match.group(), after):
                context = f"{before[-25:]}{match.group()}{after[:15]}".strip()
                yield Numeral(match.group(), text.line(at), context)


def _joined(context: str) -> str:
    """A stretch of text as if it had no lines."""
    single = re.sub(r"\s+", " ", context)
    return re.sub(r"(?<=\S[-−–‐]) ", "", single)


def _is_no_figure(before: str, numeral: str, after: str) -> bool:
    return any(
        left.search(before) and middle.fullmatch(numeral) and right.match(after)
        for _, left, middle, right in _NO_FIGURE
    )
