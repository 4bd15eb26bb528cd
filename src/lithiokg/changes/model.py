"""What a comparison of two states finds, in labels and plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithiokg.store import Value

__all__ = ["AnswerChange", "Changes", "Edit", "Inference", "RecordChange", "TermChange", "ValueChange"]


class Edit(StrEnum):
    """What became of something."""

    ADDED = "added"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class ValueChange:
    """The values of one field before and after.

    Attributes:
        field: the relation, or the relations that lead to it, by their labels.
        before: the values that are no longer there.
        after: the values that are new.
    """

    field: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record of the data that was added, withdrawn or corrected.

    Attributes:
        edit: which of the three.
        kind: its class, by its label.
        iri: the record.
        title: what to call it, with its sources.
        place: file, line and column; of the earlier state where it was withdrawn.
        values: what differs, if it was corrected.
    """

    edit: Edit
    kind: str
    iri: str
    title: str
    place: str | None
    values: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class TermChange:
    """A class, property or individual of the ontology; ``details`` are the axioms that differ."""

    edit: Edit
    iri: str
    label: str
    details: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Inference:
    """What is inferred of one thing now and was not before, or the other way round.

    Attributes:
        iri: the thing.
        label: what to call it.
        edit: whether the thing itself was added, withdrawn, or was there all the time ("corrected").
        gained: relation and value, by their labels.
        lost: the same.
    """

    iri: str
    label: str
    edit: Edit
    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A saved question that is answered otherwise.

    Attributes:
        name: of the question.
        question: its sentence.
        columns: of its answer.
        before: the rows that are no longer there, by labels.
        after: the rows that are new.
        reordered: whether only the order of the rows differs.
        failed: why one of the two states does not answer it, if so.
    """

    name: str
    question: str
    columns: tuple[str, ...]
    before: tuple[tuple[Value, ...], ...] = ()
    after: tuple[tuple[Value, ...], ...] = ()
    reordered: bool = False
    failed: str | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs between two states.

    Attributes:
        old: what the earlier state is called.
        new: what the later state is called.
        records: of the data.
        terms: of the ontology.
        inferences: memberships and relations that nobody stated.
        answers: saved questions.
        asked: how many questions were asked of both.
    """

    old: str
    new: str
    records: tuple[RecordChange, ...]
    terms: tuple[TermChange, ...]
    inferences: tuple[Inference, ...]
    answers: tuple[AnswerChange, ...]
    asked: int

    def __bool__(self) -> bool:
        return bool(self.records or self.terms or self.inferences or self.answers)

    def as_dict(self) -> dict[str, object]:
        """Everything as plain values, for JSON."""
        return asdict(self)
