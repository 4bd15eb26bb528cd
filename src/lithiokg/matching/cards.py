"""Saved questions as the matcher sees them: phrasings with slots, and what may fill each slot."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.matching.words import tokenize
from lithiokg.questions.model import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.matching.words import Words
    from lithiokg.questions import Parameter, Question

__all__ = ["Card", "Phrasing", "Slot", "card_of", "kinds_of"]

_SLOT = re.compile(r"\{([\w-]+)\}")
_OR = re.compile(r"(\w+) or (\w+)")
#: Words of a name or label that say which way a bound goes.
_LEAST = frozenset({"minimum", "least", "min", "lowest", "shortest"})
_MOST = frozenset({"maximum", "most", "max", "highest", "longest"})


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter, as something that words may fill.

    Attributes:
        name: its name; ``label``: what it is, for people; ``type``: its type.
        kinds: keys of the sets of things that may fill it (see :func:`kinds_of`).
        choices: what it must be one of, where not anything.
        unit: the unit of a quantity.
        bound: whether the number is the least or the most that counts, where it is one of them.
        default: the default as the header has it; ``required``: whether nothing is known without a value.
    """

    name: str
    label: str
    type: str
    kinds: tuple[str, ...]
    choices: tuple[str, ...]
    unit: str | None
    bound: str | None
    default: object
    required: bool


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One way to put a question.

    Attributes:
        text: as the header has it.
        features: concepts of its words, and ``@name`` for a slot, in order; ignored words are left out.
    """

    text: str
    features: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A question and all that finds it."""

    name: str
    title: str
    sentence: str
    slots: tuple[Slot, ...]
    phrasings: tuple[Phrasing, ...]
    described: tuple[str, ...]


def kinds_of(parameter: Parameter) -> tuple[str, ...]:
    """Keys of the sets of things that may fill a parameter: a CURIE, or ``class:`` and a CURIE.

    The first stands for the things of a class, the second for the class and its kinds; ``*`` is anything.
    """
    if not parameter.names_things:
        return ()
    if parameter.type == "class":
        return tuple(f"class:{curie}" for curie in parameter.within) or ("class:*",)
    return parameter.within or ((parameter.kind,) if parameter.kind else ("*",))


def card_of(question: Question, words: Words) -> Card:
    """What the matcher keeps of a question."""
    texts = dict.fromkeys(
        each for text in (question.title, question.question, *question.asks) for each in _alternatives(text)
    )
    described = " ".join((question.description, " ".join(question.tags)))
    return Card(
        name=question.name,
        title=question.title,
        sentence=question.question,
        slots=tuple(map(_slot, question.params.values())),
        phrasings=tuple(
            phrasing
            for phrasing in (Phrasing(text, features(text, words)) for text in texts)
            if phrasing.features and (_SLOT.fullmatch(phrasing.text) or not _is_bare(phrasing))
        ),
        described=tuple(sorted(set(features(described, words)))),
    )


def _alternatives(text: str) -> list[str]:
    """A phrasing with "one or other" in it, once with the one and once with the other.

    >>> _alternatives("how is {x} made or prepared")
    ['how is {x} made', 'how is {x} prepared']
    """
    match = _OR.search(text)
    if match is None:
        return [text]
    return [f"{text[: match.start()]}{each}{text[match.end() :]}" for each in match.groups()]


def _is_bare(phrasing: Phrasing) -> bool:
    """Whether nothing is left of a phrasing but a slot: only one that *is* a slot may be as short as that."""
    return len(phrasing.features) == 1 and phrasing.features[0].startswith("@")


def features(text: str, words: Words) -> tuple[str, ...]:
    """The concepts and slots of a phrasing, in order.

    >>> from lithiokg.matching.words import Words
    >>> features("what prevents {phenomenon}?", Words(ignored=frozenset({"what"})))
    ('prevent', '@phenomenon')
    """
    found: list[str] = []
    place = 0
    for match in [*_SLOT.finditer(text), None]:
        piece = text[place : match.start() if match else len(text)]
        found += [concept for concept, _ in words.concepts([token.stem for token in tokenize(piece)])]
        if match:
            found.append(f"@{match[1]}")
            place = match.end()
    return tuple(found)


def _slot(parameter: Parameter) -> Slot:
    said = {*re.split(r"[^a-z]+", parameter.name.lower()), *re.split(r"[^a-z]+", parameter.label.lower())}
    bound = "least" if said & _LEAST else "most" if said & _MOST else None
    return Slot(
        name=parameter.name,
        label=parameter.label,
        type=parameter.type,
        kinds=kinds_of(parameter),
        choices=_texts(parameter.choices),
        unit=parameter.unit,
        bound=bound,
        default=parameter.default,
        required=parameter.names_things and parameter.default not in (ANY, None),
    )


def _texts(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(str(value) for value in values)
