"""Slips of the pen: the known word that a word was meant for."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.matching.words import distance, stem, tokenize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from lithiokg.matching.words import Token

__all__ = ["Slips"]

#: A word of so many letters may be misspelt by one, by two letters.
_ONE_SLIP, _TWO_SLIPS = 6, 11


class Slips:
    """Corrects words that nothing knows to words that something knows.

    Few letters and a first letter are left alone, as are symbols and abbreviations: another word is worse than
    none. A library for this (RapidFuzz) would bring twelve megabytes for a millisecond.

    Args:
        texts: names and phrasings, whose words are known.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._texts = tuple(texts)

    @cached_property
    def _vocabulary(self) -> tuple[str, ...]:
        """Words as they are written, long enough to be misspelt."""
        written = {
            token.folded
            for text in self._texts
            for token in tokenize(text)
            if token.folded.isalpha() and len(token.folded) >= _ONE_SLIP - 1
        }
        return tuple(sorted(written))

    def corrected(
        self, tokens: Sequence[Token], taken: set[int], knows: Callable[[Token], bool]
    ) -> tuple[tuple[Token, ...], dict[int, str]]:
        """The tokens with the stems of the words that were meant, and those words by token.

        Args:
            tokens: the words of a text.
            taken: those that are numbers, units and keys.
            knows: whether a word is known.
        """
        corrected, misspelt = list(tokens), {}
        for number, token in enumerate(tokens):
            word = token.folded
            if number in taken or len(word) < _ONE_SLIP - 1 or not word.isalpha() or knows(token):
                continue
            if token.text[1:].islower() and (meant := self.meant(word)):
                corrected[number] = replace(token, stem=stem(meant))
                misspelt[number] = meant
        return tuple(corrected), misspelt

    def meant(self, word: str) -> str:
        """The known word that differs from a word by the fewest letters, or nothing if none is near."""
        most = 2 if len(word) >= _TWO_SLIPS else 1
        best, least = "", most + 1
        for known in self._vocabulary:
            # An exchanged letter makes another word of a short one: price is not prime.
            exchanged = len(known) == len(word) and sorted(known) != sorted(word)
            if known[0] != word[0] or (len(word) < _ONE_SLIP and exchanged):
                continue
            apart = distance(word, known, least - 1)
            if apart < least:
                best, least = known, apart
        return best
