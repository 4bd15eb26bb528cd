"""What the new rows and the ontology cannot both have right, told row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.intake.cells import CellPlace, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["contradicting_rows"]

_NUMBERED = re.compile(r"^[0-9]+\. ", re.MULTILINE)
_FACT = re.compile(r"^ +- (?P<words>.*) — (?P<file>[^\s:]+):(?P<line>[0-9]+):(?P<column>[0-9]+)$")
#: So many of the other facts of a contradiction are told.
_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Contradiction:
    """One contradiction: the rule, the facts of the rows being read, and those that are there already."""

    rule: str
    own: tuple[tuple[str, CellPlace], ...]
    others: tuple[str, ...]

    @property
    def cells(self) -> frozenset[CellPlace]:
        return frozenset(place for _, place in self.own)


def contradicting_rows(message: str, cell: Callable[[Place], Place | None]) -> Iterator[RefusedError]:
    """The contradictions of a build, each with the row that brings it in.

    One wrong row may break many rules at once: what is told of it is the contradiction with the fewest facts.

    Args:
        message: what the reasoner says of all of them.
        cell: gives the cell behind a place in one of the new files.
    """
    found = [_read(part, cell) for part in _NUMBERED.split(message)[1:]]
    told: dict[frozenset[CellPlace], int] = {}
    chosen: dict[frozenset[CellPlace], _Contradiction] = {}
    for each in sorted(found, key=lambda each: (len(each.cells), len(each.others) + len(each.own))):
        if not each.cells:
            continue
        smaller = next((cells for cells in chosen if cells <= each.cells), None)
        if smaller is None:
            chosen[each.cells], told[each.cells] = each, 1
        else:
            told[smaller] += 1
    for cells, each in chosen.items():
        yield _told(each, told[cells] - 1)


def _read(part: str, cell: Callable[[Place], Place | None]) -> _Contradiction:
    rule, *lines = part.splitlines()
    own: dict[str, CellPlace] = {}
    others: dict[str, None] = {}
    for line in lines:
        fact = _FACT.match(line)
        if fact is None:
            continue
        place = Place(fact["file"], int(fact["line"]), int(fact["column"]))
        at = cell(place)
        if isinstance(at, CellPlace):
            own[fact["words"]] = at
        else:
            others[f"{fact['words']}  ({place})"] = None
    return _Contradiction(rule.removeprefix("the ontology says: "), tuple(own.items()), tuple(others))


def _told(each: _Contradiction, more: int) -> RefusedError:
    (words, place), *rest = each.own
    listed = [f"{said}  ({where})" for said, where in rest] + list(each.others)
    shown = listed[:_SHOWN] + (["..."] if len(listed) > _SHOWN else [])
    lines = [f"{words} cannot be, together with"] if shown else [f"{words} cannot be"]
    lines += [f"    {line}" for line in shown]
    lines.append(f"  since {each.rule}")
    if more:
        lines.append(
            f"  ({more} more contradiction{'s follow' if more > 1 else ' follows'} from the same row)"
        )
    mend = "correct the row, or delete it"
    if place.sheet == "claims" or place.file.startswith("claims"):
        mend += (
            "; if the source says so all the same, give it the modality 'hedged': it is kept as what the source says, "
            "and nothing is concluded from it"
        )
    return RefusedError("\n".join(lines), place=place, mend=mend)
