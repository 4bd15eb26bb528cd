"""What follows from the formula of a substance: its reduced formula and its elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.curation.normalize import Normalized
from lithiokg.errors import SourceError
from lithiokg.identifiers import FormulaError, IndefiniteFormulaError, parse_formula
from lithiokg.vocabulary import GRAPH, ID, LKG, compact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.curation.records import Places
    from lithiokg.identifiers import Formula

__all__ = ["compositions"]

_FORMULA, _REDUCED, _HAS_ELEMENT = (LKG + name for name in ("formula", "reducedFormula", "hasElement"))
_NORMALIZED = ox.NamedNode(GRAPH + "normalized")


def compositions(quads: Iterable[ox.Quad], places: Places) -> Normalized:
    """Compute the reduced formula of each substance, and relate it to its elements.

    A formula that leaves something open (Li2Sx, ROLi) gives neither. An element that is not in the graph
    is not related to; a test sees that the catalogue has them all.

    Args:
        quads: ontology and records; a reduced formula that stands there already is compared, not repeated.
        places: where the formulas stand; the triples that follow are placed there too.

    Returns:
        The triples in ``lkgg:normalized``, and a problem for each formula that does not read or that gives
        another reduced formula than the stated one.
    """
    found = Normalized()
    texts, stated = _texts(quads)
    formulas = dict(_read(texts, places, found))
    elements = {
        formula.reduced: ox.NamedNode(iri)
        for iri, formula in formulas.items()
        if iri == f"{ID}substance/{formula.reduced}" and len(formula.elements) == 1
    }
    for iri, formula in formulas.items():
        if iri not in stated:
            found.quads.append(_quad(iri, _REDUCED, ox.Literal(formula.reduced)))
        place = places.of(iri, _FORMULA)
        for element in filter(None, map(elements.get, formula.elements)):
            found.quads.append(_quad(iri, _HAS_ELEMENT, element))
            if place is not None:
                places.triple(iri, _HAS_ELEMENT, element.value, key=place, place=place)
    for iri, text in stated.items():
        if iri not in formulas or formulas[iri].reduced != text:
            found.problems.append(_stale(iri, text, texts.get(iri), places))
    return found


def _texts(quads: Iterable[ox.Quad]) -> tuple[dict[str, str], dict[str, str]]:
    """The formulas and the stated reduced formulas by substance."""
    texts: dict[str, dict[str, str]] = {_FORMULA: {}, _REDUCED: {}}
    for quad in quads:
        about, value = quad.subject, quad.object
        if (
            quad.predicate.value in texts
            and isinstance(about, ox.NamedNode)
            and isinstance(value, ox.Literal)
        ):
            texts[quad.predicate.value][about.value] = value.value
    return texts[_FORMULA], texts[_REDUCED]


def _quad(iri: str, relation: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(ox.NamedNode(iri), ox.NamedNode(relation), value, _NORMALIZED)


def _read(texts: dict[str, str], places: Places, found: Normalized) -> Iterable[tuple[str, Formula]]:
    for iri, text in texts.items():
        try:
            yield iri, parse_formula(text)
        except IndefiniteFormulaError:
            continue
        except FormulaError as error:
            place = places.of(iri, _FORMULA, text)
            found.problems.append(SourceError(error.message, place=place, mend=error.mend))


def _stale(iri: str, reduced: str, formula: str | None, places: Places) -> SourceError:
    gives = "it has no formula" if formula is None else f"its formula is {formula}"
    return SourceError(
        f"the reduced formula of {compact(iri)} is given as {reduced}, but {gives}",
        place=places.of(iri, _REDUCED, reduced),
        mend="correct the formula, or compute the identifiers anew (in a checkout: tools/identity.py)",
    )
