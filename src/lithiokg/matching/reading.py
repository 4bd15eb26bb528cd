"""A text as it was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithiokg.matching.amounts import Amount
    from lithiokg.matching.words import Token

__all__ = ["Mention", "Reading"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A place in a text where things are named.

    Attributes:
        first: the first token; ``last``: the one behind the last.
        iris: what bears the name, the likeliest first.
        name: the name that was found.
        whole: how much of the name stands there, from 0 to 1.
        tokens: the tokens that belong to it; of a part of a name they need not follow each other.
        in_order: whether they stand in the order of the name: a host coating is no coated host.
    """

    first: int
    last: int
    iris: tuple[str, ...]
    name: str
    whole: float = 1.0
    tokens: tuple[int, ...] = ()
    in_order: bool = True


@dataclass(frozen=True)
class Reading:
    """A text as it was read.

    Attributes:
        text: the text.
        tokens: its words.
        amounts: numbers with units, each with its tokens.
        mentions: things named, overlapping ones too.
        keys: texts that are a DOI, an InChIKey, an address or a formula, each with its tokens.
        unknown: tokens that neither the graph nor a question knows, among them formulas.
        misspelt: the word that was read, by token.
        asides: tokens in brackets, and behind "such as", which are examples of what is meant; units without a
            number.
        nameless: tokens of a formula or abbreviation of which the graph has nothing.
    """

    text: str
    tokens: tuple[Token, ...]
    amounts: tuple[tuple[Amount, tuple[int, ...]], ...]
    mentions: tuple[Mention, ...]
    keys: tuple[tuple[str, str, tuple[int, ...]], ...] = ()
    unknown: frozenset[int] = frozenset()
    misspelt: dict[int, str] = field(default_factory=dict)
    nameless: tuple[tuple[str, tuple[int, ...]], ...] = ()
    asides: frozenset[int] = frozenset()
