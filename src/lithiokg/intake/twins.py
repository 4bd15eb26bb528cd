"""Rows that are about something the graph knows by another name: told of, never merged."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from lithiokg.identifiers import (
    FormulaError,
    IdentifierError,
    IndefiniteFormulaError,
    normal_doi,
    parse_formula,
)
from lithiokg.intake.cells import short
from lithiokg.intake.keys import split_values
from lithiokg.intake.layout import Part
from lithiokg.names import fold
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Row

__all__ = ["similar_substances", "similar_works", "twins_of"]

#: How alike two labels of substances must be to be worth a question.
_ALIKE = 0.9
_SHORTEST = 5


def twins_of(row: Row, known: Known) -> Iterator[tuple[str, str]]:
    """What a new row may be a twin of, as messages with their mends."""
    match row.plan.name:
        case "substances":
            yield from _substance(row, known)
        case "works":
            yield from _work(row, known)
        case "designs":
            yield from _design(row, known)


def _said(row: Row, name: str) -> str:
    cell = row.get(name)
    return cell.text if cell else ""


def _substance(row: Row, known: Known) -> Iterator[tuple[str, str]]:
    apart = row.get("distinct-from", Part.DIRECTIVE)
    distinct = set(split_values(apart.text)) if apart else set()
    names = [_said(row, "key"), _said(row, "label"), *split_values(_said(row, "alt-label"))]
    found = similar_substances([name for name in names if name], _said(row, "formula"), known)
    for iri, why in found.items():
        if distinct.isdisjoint(known.names(iri)):
            key, called = iri.rpartition("/")[2], short(_said(row, "label") or _said(row, "key"))
            yield (
                f"{called!r} is like what the graph has: {known.described(iri)}, by its {why}",
                f"use {key} and delete the row; if it is another substance, write {key} under 'distinct from'",
            )


def similar_substances(names: list[str], formula: str, known: Known) -> dict[str, str]:
    """The substances of the graph that a new one may be, each with what they have in common.

    By a name but for capitals and punctuation, by the reduced formula, or by a label that is nearly the same: a few
    letters part a chloride from an oxychloride, but where both have formulas, these tell.
    """
    found: dict[str, str] = {}
    for name in names:
        for iri in known.same_name(name, "substance/"):
            found.setdefault(iri, "name")
    own = _reduced(formula)
    for reduced in filter(None, [own] if own else map(_reduced, names)):
        for iri in known.with_text(LKG + "reducedFormula").get(reduced, ()):
            found.setdefault(iri, f"formula ({reduced})")
    labels = {fold(known.label(iri)): iri for iri in known.things("substance/")}
    for name in names:
        if len(name) >= _SHORTEST:
            for close in difflib.get_close_matches(fold(name[:80]), labels, n=1, cutoff=_ALIKE):
                its = known.text(labels[close], LKG + "reducedFormula")
                if not (own and its and own != its):
                    found.setdefault(labels[close], "label")
    return found


def _reduced(text: str) -> str:
    try:
        return parse_formula(text).reduced if text else ""
    except (FormulaError, IndefiniteFormulaError):
        return ""


def _work(row: Row, known: Known) -> Iterator[tuple[str, str]]:
    for iri, why in similar_works(_said(row, "doi"), _said(row, "title"), known).items():
        key = iri.removeprefix(ID + "work/")
        yield (
            f"the graph has this work already, by its {why}: {known.described(iri)}",
            f"delete the row and refer to {key}",
        )


def similar_works(doi: str, title: str, known: Known) -> dict[str, str]:
    """The works of the graph that a new one is, by DOI or by title."""
    found: dict[str, str] = {}
    try:
        wanted = normal_doi(doi) if doi else ""
    except IdentifierError:
        wanted = ""
    if wanted:
        for text, iris in known.with_text(LKG + "doi").items():
            if text.casefold() == wanted:
                found.update(dict.fromkeys(iris, "DOI"))
    if title:
        for text, iris in known.with_text(LKG + "title").items():
            if fold(text) == fold(title):
                for iri in iris:
                    found.setdefault(iri, "title")
    return found


def _design(row: Row, known: Known) -> Iterator[tuple[str, str]]:
    label = _said(row, "label")
    for iri in known.same_name(label, "design/") if label else ():
        yield (
            f"the graph has a design of this name already: {known.described(iri)}",
            "to say more of it, name it as the subject; if it is another, give it a label that tells them apart",
        )
