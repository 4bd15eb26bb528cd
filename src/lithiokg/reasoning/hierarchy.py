"""The entailed class hierarchy: what HermiT says of the classes alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["Hierarchy"]


@dataclass(frozen=True)
class Hierarchy:
    """Entailed subsumptions between classes with names, auxiliary names of expressions included.

    Attributes:
        supers: every class with all its superclasses (itself left out, equivalent classes included).
        unsatisfiable: classes that can have no member.
    """

    supers: Mapping[str, frozenset[str]]
    unsatisfiable: frozenset[str] = field(default_factory=frozenset)

    @staticmethod
    def closed(pairs: Iterable[tuple[str, str]], unsatisfiable: Iterable[str] = ()) -> Hierarchy:
        """Build a hierarchy from subclass pairs, adding what follows by transitivity.

        >>> sorted(Hierarchy.closed([("a", "b"), ("b", "c")]).supers["a"])
        ['b', 'c']
        """
        direct: dict[str, set[str]] = {}
        for sub, sup in pairs:
            direct.setdefault(sub, set()).add(sup)
        supers: dict[str, frozenset[str]] = {}
        for start in sorted(direct):
            found: set[str] = set()
            todo = list(direct[start])
            while todo:
                item = todo.pop()
                if item not in found:
                    found.add(item)
                    todo.extend(direct.get(item, ()))
            supers[start] = frozenset(found - {start})
        return Hierarchy(supers, frozenset(unsatisfiable))

    def is_sub(self, sub: str, sup: str) -> bool:
        """Whether every ``sub`` is a ``sup``."""
        return sub == sup or sup in self.supers.get(sub, frozenset())

    def subs(self, sup: str) -> frozenset[str]:
        """All classes strictly below (or equivalent to) a class."""
        return frozenset(sub for sub, above in self.supers.items() if sup in above)

    def direct(self, among: Iterable[str]) -> Iterator[tuple[str, str]]:
        """The subsumptions among some classes that do not follow from others, sorted.

        Of a group of equivalent classes the first by name stands for the group; the others are tied to
        it both ways.

        >>> list(Hierarchy.closed([("a", "b"), ("b", "c"), ("a", "c")]).direct("abc"))
        [('a', 'b'), ('b', 'c')]
        """
        kept = sorted(set(among))
        known = set(kept)
        leader: dict[str, str] = {}
        for item in kept:
            equals = [
                other for other in self.supers.get(item, ()) if other in known and self.is_sub(other, item)
            ]
            leader[item] = min([item, *equals])
        for item in kept:
            if leader[item] != item:
                yield item, leader[item]
                yield leader[item], item
                continue
            above = {
                sup
                for sup in self.supers.get(item, ())
                if sup in known and leader[sup] == sup and not self.is_sub(sup, item)
            }
            covered = {top for sup in above for top in self.supers.get(sup, ()) if not self.is_sub(top, sup)}
            for sup in sorted(above - covered):
                yield item, sup
