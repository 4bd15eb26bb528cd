"""Compare what the rules derived with what HermiT finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Difference", "compare"]


@dataclass(frozen=True, slots=True)
class Difference:
    """Memberships on which two reasoners disagree; pairs of individual and class.

    Attributes:
        missing: HermiT finds them, the rules do not.
        extra: the rules derive them, HermiT does not.
        common: how many both have.
    """

    missing: tuple[tuple[str, str], ...]
    extra: tuple[tuple[str, str], ...]
    common: int

    @property
    def equal(self) -> bool:
        """Whether both reasoners agree on everything."""
        return not (self.missing or self.extra)

    def __str__(self) -> str:
        lines = [f"{self.common} memberships agree, {len(self.missing)} missing, {len(self.extra)} extra"]
        lines += [f"missing: {individual} in {iri}" for individual, iri in self.missing]
        lines += [f"extra: {individual} in {iri}" for individual, iri in self.extra]
        return "\n".join(lines)


def compare(
    derived: Iterable[tuple[str, str]],
    hermit: Iterable[tuple[str, str]],
    *,
    classes: Iterable[str] | None = None,
) -> Difference:
    """Compare two sets of memberships.

    Args:
        derived: what the rules have, for instance :meth:`Derivation.memberships`.
        hermit: what :func:`~lithiokg.reasoning.hermit.realize` returned.
        classes: compare these only.

    >>> print(compare({("x", "A")}, {("x", "A"), ("x", "B")}))
    1 memberships agree, 1 missing, 0 extra
    missing: x in B
    """
    ours, theirs = set(derived), set(hermit)
    if classes is not None:
        kept = set(classes)
        ours = {pair for pair in ours if pair[1] in kept}
        theirs = {pair for pair in theirs if pair[1] in kept}
    return Difference(tuple(sorted(theirs - ours)), tuple(sorted(ours - theirs)), len(ours & theirs))
