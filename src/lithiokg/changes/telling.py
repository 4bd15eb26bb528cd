"""Changes as text for a terminal, as Markdown for release notes, and as JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from lithiokg.changes.model import Edit
from lithiokg.errors import printable
from lithiokg.store.sheet import heading, jsonable, short_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lithiokg.changes.model import AnswerChange, Changes, Inference, RecordChange, TermChange, ValueChange
    from lithiokg.store import Value

__all__ = ["CHANGE_FORMATS", "tell"]

Item = TypeVar("Item")

CHANGE_FORMATS = ("text", "md", "json")
_SIGNS = {Edit.ADDED: "+", Edit.WITHDRAWN: "-", Edit.CORRECTED: "~"}
_THINGS = {Edit.ADDED: " (new)", Edit.WITHDRAWN: " (withdrawn)", Edit.CORRECTED: ""}


def tell(changes: Changes, format_: str = "text", *, limit: int | None = 3) -> str:
    """Write changes in one of :data:`CHANGE_FORMATS`.

    Args:
        changes: what was found.
        format_: ``text``, ``md`` or ``json``.
        limit: at most so many rows of each answer, and so many things of each list; all if ``None``. JSON
            always holds all.
    """
    if format_ == "json":
        return json.dumps(changes.as_dict(), indent=2, ensure_ascii=False, default=jsonable)
    paper: _Paper = _Markdown() if format_ == "md" else _Paper()
    paper.title(f"From {changes.old} to {changes.new}")
    if not changes:
        paper.line(0, f"nothing differs; {changes.asked} saved questions have the same answers")
        return printable(paper.text())
    _records(paper, changes.records, limit)
    _inferences(paper, changes.inferences, limit)
    _answers(paper, changes, limit)
    _terms(paper, changes.terms, limit)
    return printable(paper.text())


@dataclass
class _Paper:
    """Lines of plain text."""

    lines: list[str] = field(default_factory=list)

    def title(self, words: str) -> None:
        self.lines.append(words)

    def section(self, words: str) -> None:
        self.lines += ["", words]

    def line(self, depth: int, words: str) -> None:
        self.lines.append("  " * (depth + 1) + words)

    def text(self) -> str:
        return "\n".join(self.lines)


class _Markdown(_Paper):
    """Headings and nested lists."""

    def title(self, words: str) -> None:
        self.lines.append(f"# {words}")

    def section(self, words: str) -> None:
        self.lines += ["", f"## {words[:1].upper()}{words[1:]}", ""]

    def line(self, depth: int, words: str) -> None:
        sign, _, rest = words.partition(" ")
        said = f"**{sign}** {rest}" if sign in _SIGNS.values() else words
        self.lines.append("  " * depth + f"- {said}")


def _counts(edits: Iterable[Edit]) -> str:
    counts = Counter(edits)
    return ", ".join(f"{counts[edit]} {edit.value}" for edit in Edit if counts[edit])


def _cut(paper: _Paper, depth: int, items: Sequence[Item], limit: int | None) -> Iterator[Item]:
    """The first items, and after them a line on how many there are beside."""
    yield from items[:limit]
    if limit is not None and len(items) > limit:
        paper.line(depth, f"and {len(items) - limit} more (--all lists them)")


def _records(paper: _Paper, records: tuple[RecordChange, ...], limit: int | None) -> None:
    if not records:
        return
    paper.section(f"records: {_counts(each.edit for each in records)}")
    for kind in sorted({each.kind for each in records}):
        chosen = [each for each in records if each.kind == kind]
        paper.line(0, f"{kind}: {_counts(each.edit for each in chosen)}")
        for each in _cut(paper, 1, chosen, None if limit is None else 2 * limit):
            paper.line(1, f"{_SIGNS[each.edit]} {each.title}{f'  ({each.place})' if each.place else ''}")
            _values(paper, 2, each.values)


def _values(paper: _Paper, depth: int, values: Iterable[ValueChange]) -> None:
    for value in values:
        before, after = ("; ".join(each) or "nothing" for each in (value.before, value.after))
        paper.line(depth, f"{value.field}: {before} → {after}")


def _inferences(paper: _Paper, inferences: tuple[Inference, ...], limit: int | None) -> None:
    if not inferences:
        return
    known = sum(each.edit is Edit.CORRECTED for each in inferences)
    paper.section(
        f"inferences: about {len(inferences)} thing{'s' * (len(inferences) != 1)}, {known} of them there before"
    )
    # What changed about things that were there before is what a reader has to know.
    ordered = sorted(inferences, key=lambda each: each.edit is not Edit.CORRECTED)
    for each in _cut(paper, 0, ordered, None if limit is None else 2 * limit):
        paper.line(0, f"{each.label}{_THINGS[each.edit]}")
        for sign, facts in (("-", each.lost), ("+", each.gained)):
            for relation, value in facts:
                paper.line(1, f"{sign} {relation} {value}")


def _answers(paper: _Paper, changes: Changes, limit: int | None) -> None:
    if not changes.answers:
        paper.section(f"answers: all {changes.asked} saved questions have the same")
        return
    paper.section(f"answers: {len(changes.answers)} of {changes.asked} saved questions have another")
    for each in changes.answers:
        paper.line(0, f"{each.name}: {each.question}")
        if each.failed:
            paper.line(1, each.failed)
        elif each.reordered:
            paper.line(1, "the same rows in another order")
        _rows(paper, "-", each, each.before, limit)
        _rows(paper, "+", each, each.after, limit)


def _rows(
    paper: _Paper, sign: str, change: AnswerChange, rows: Sequence[Sequence[Value]], limit: int | None
) -> None:
    for row in _cut(paper, 1, rows, limit):
        cells = zip(change.columns, row, strict=True)
        shown = ", ".join(
            f"{heading(name)} {short_cell(value)}" for name, value in cells if value is not None
        )
        paper.line(1, f"{sign} {shown}")


def _terms(paper: _Paper, terms: tuple[TermChange, ...], limit: int | None) -> None:
    if not terms:
        return
    paper.section(f"terms: {_counts(each.edit for each in terms)}")
    for each in _cut(paper, 0, terms, None if limit is None else 2 * limit):
        paper.line(0, f"{_SIGNS[each.edit]} {each.label}")
        _values(paper, 1, each.details)
