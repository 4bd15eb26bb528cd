"""What was made of a text: questions, values for their parameters, and what was recognized where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Filled", "Interpretation", "Interpretations", "Recognized", "Role"]

#: What a piece of a text is to an interpretation.
Role: TypeAlias = Literal["thing", "amount", "words", "unknown", "unused"]


@dataclass(frozen=True, slots=True)
class Recognized:
    """A piece of the text, and what it was taken for.

    Attributes:
        text: as it is written.
        start: where it begins; ``end``: where it ends.
        role: ``thing`` (a name in the graph), ``amount`` (a number), ``words`` (words that the question is
            put in), ``unused`` (understood, but of no use for this question) or ``unknown``.
        iris: the things that bear the name, the likeliest first.
        words: what it was taken for, in words.
    """

    text: str
    start: int
    end: int
    role: Role
    iris: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A parameter that was filled from the text.

    Attributes:
        name: the parameter.
        label: what it is, for people.
        value: the value, as :meth:`lithiokg.graph.KnowledgeGraph.ask` takes it.
        words: the value for people: labels and units.
        text: the piece of the text that gave it.
        start: where that begins; ``end``: where it ends.
        note: what the asker should know of the value, such as a conversion; empty if nothing.
    """

    name: str
    label: str
    value: object
    words: str
    text: str
    start: int
    end: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One saved question that a text may mean, with the values it gives.

    Attributes:
        question: the name of the saved question.
        title: its title.
        sentence: the question in one sentence, as its header has it.
        parameters: the values found in the text, by parameter; the others keep their defaults.
        filled: the same with what gave them.
        defaults: parameters that keep a default that is a restriction, with that default in words.
        recognized: what was recognized where, in the order of the text.
        unused: pieces of the text that the question leaves out of account.
        phrasing: the wording of the question that the text resembles most.
        score: how well text and question fit, from 0 to 1.
        confidence: how much of what the text says the question takes into account, from 0 to 1.
    """

    question: str
    title: str
    sentence: str
    parameters: Mapping[str, object]
    filled: tuple[Filled, ...]
    defaults: tuple[tuple[str, str], ...]
    recognized: tuple[Recognized, ...]
    unused: tuple[Recognized, ...]
    phrasing: str
    score: float
    confidence: float

    @property
    def in_words(self) -> str:
        """The title with the parameters in words, such as ``Designs with a substance (substance: ZnO)``."""
        values = [f"{each.label}: {each.words}" for each in self.filled]
        values += [f"{label}: {words}" for label, words in self.defaults]
        return f"{self.title} ({'; '.join(values)})" if values else self.title


@dataclass(frozen=True, slots=True)
class Interpretations:
    """What a text may mean, the likeliest first.

    Attributes:
        text: the text.
        best: the question that the text asks, or ``None`` where nothing fits.
        others: the next best, or, where nothing fits, the closest.
        reason: where nothing fits, why, in words.
        recognized: what was recognized in the text whatever the question.
    """

    text: str
    best: Interpretation | None
    others: tuple[Interpretation, ...] = ()
    reason: str = ""
    recognized: tuple[Recognized, ...] = field(default=())

    def __iter__(self) -> Iterator[Interpretation]:
        if self.best is not None:
            yield self.best
        yield from self.others

    def __len__(self) -> int:
        return len(self.others) + (self.best is not None)
