"""What follows from a store on disk, as sorted lines: however much it is."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from lithiokg.reasoning import closure_axioms, derive_on_disk, entailed_subclasses
from lithiokg.store import sorted_lines, triple_lines
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from lithiokg.reasoning import RuleSet

__all__ = ["CLOSURES", "INFERRED", "closure_lines", "conclusion_lines"]

INFERRED, CLOSURES = GRAPH + "inferred", GRAPH + "closures"


def conclusion_lines(
    path: Path, rules: RuleSet, *, told: Callable[[str], None] = lambda _: None
) -> Iterator[str]:
    """The triples of ``lkgg:inferred`` as N-Triples; none comes before the last conclusion was drawn.

    Args:
        path: the folder of a store that holds what was stated and nothing else.
        rules: the compiled ontology.
        told: told what happens, in words.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if a flag closes a property whose values can be derived.
    """
    drawn = (quad.triple for quad in derive_on_disk(path, rules, told=told))
    return sorted_lines(map(str, chain(drawn, entailed_subclasses(rules))))


def closure_lines(store: ox.Store, rules: RuleSet) -> Iterator[str]:
    """The triples of ``lkgg:closures`` as N-Triples.

    Args:
        store: what was stated and nothing else.
        rules: the compiled ontology.
    """
    return sorted_lines(triple_lines(closure_axioms(store, rules.ontology), CLOSURES))
