"""The plain text of a document, read so that line breaks and letter spacing do not matter."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SourceText", "squeeze"]

# One sign for each that fonts and extractors exchange freely. What is compatible by Unicode (superscripts,
# ligatures, the micro and ohm signs) is made one by the normal form.
_SAME = str.maketrans(
    {"−": "-", "–": "-", "‐": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "∆": "Δ", "∼": "~"}
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
# Before white space of any kind, so that a text whose lines are joined reads as one whose lines are not.
_BREAK = re.compile(r"[-‐](?=\s)")


def squeeze(text: str) -> str:
    """The text without white space, with look-alike signs made one.

    Signs are taken apart one by one, so that the squeezed forms of two texts in a row are that of both.

    >>> squeeze("sa fe ty and  good 5–10 nm")
    'safetyandgood5-10nm'
    >>> squeeze("2 Ω cm²")
    '2Ωcm2'
    """
    plain = unicodedata.normalize("NFKD", text).translate(_SAME)
    return "".join(sign for sign in plain if not sign.isspace() and sign not in _INVISIBLE)


@dataclass(frozen=True, slots=True)
class SourceText:
    """A text and its squeezed forms, with the way back to lines.

    A hyphen before white space may belong to the word or to the break of a line: phrases are looked for in
    the text with all hyphens and, failing that, in the text without those.

    Attributes:
        raw: the text as it came.
        squeezed: without white space.
    """

    raw: str
    squeezed: str = field(init=False, repr=False)
    _offsets: tuple[int, ...] = field(init=False, repr=False)
    _unhyphenated: str = field(init=False, repr=False)
    _kept: tuple[int, ...] = field(init=False, repr=False)
    _line_ends: tuple[int, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        characters: list[str] = []
        offsets: list[int] = []
        known: dict[str, str] = {}
        for offset, character in enumerate(self.raw):
            if character not in known:
                known[character] = squeeze(character)
            for plain in known[character]:
                characters.append(plain)
                offsets.append(offset)
        broken = {match.start() for match in _BREAK.finditer(self.raw)}
        kept = tuple(index for index, offset in enumerate(offsets) if offset not in broken)
        object.__setattr__(self, "squeezed", "".join(characters))
        object.__setattr__(self, "_offsets", tuple(offsets))
        object.__setattr__(self, "_unhyphenated", "".join(characters[index] for index in kept))
        object.__setattr__(self, "_kept", kept)
        ends = tuple(match.start() for match in re.finditer("\n", self.raw))
        object.__setattr__(self, "_line_ends", ends)

    @classmethod
    def read(cls, path: Path) -> SourceText:
        """Read a file of UTF-8 text.

        Raises:
            LithioKGError: if it cannot be read, is no text, or is empty.
        """
        try:
            raw = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise LithioKGError(f"{path} cannot be read: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise LithioKGError(
                f"{path} is not UTF-8 text (byte {error.start})",
                mend="give the plain text of the document, such as 'pdftotext paper.pdf' writes",
            ) from error
        if not raw.strip():
            raise LithioKGError(f"{path} is empty")
        return cls(raw)

    def find_all(self, phrase: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
        """Every place of a phrase between two squeezed positions, as (begin, end) in :attr:`squeezed`.

        A phrase is whole: ``20 mV`` does not stand in ``120 mV``, nor ``2 Li`` in ``2 Lithium``.
        """
        wanted = squeeze(phrase)
        stop = len(self.squeezed) if end is None else end
        if not wanted:
            return []
        found = [(at, at + len(wanted)) for at in _occurrences(self.squeezed, wanted, start, stop)]
        found = [place for place in found if self._is_whole(*place)]
        if found:
            return found
        low, high = bisect_left(self._kept, start), bisect_left(self._kept, stop)
        places = [
            (self._kept[at], self._kept[at + len(wanted) - 1] + 1)
            for at in _occurrences(self._unhyphenated, wanted, low, high)
        ]
        return [place for place in places if self._is_whole(*place)]

    def _is_whole(self, begin: int, end: int) -> bool:
        return not (self._goes_on(begin) or self._goes_on(end))

    def _goes_on(self, position: int) -> bool:
        """Whether the signs before and after a position are of one word or one number."""
        if not 0 < position < len(self.squeezed):
            return False
        before, after = self.squeezed[position - 1], self.squeezed[position]
        if self._offsets[position] - self._offsets[position - 1] > 1:
            return False  # white space stands between them
        if before.isdigit() and after.isdigit():
            return True
        if before in ".," and after.isdigit():
            return position > 1 and self.squeezed[position - 2].isdigit()
        if before.isdigit() and after in ".,":
            return position + 1 < len(self.squeezed) and self._digit_follows(position)
        return before.isalpha() and after.isalpha()

    def _digit_follows(self, position: int) -> bool:
        adjacent = self._offsets[position + 1] - self._offsets[position] == 1
        return adjacent and self.squeezed[position + 1].isdigit()

    def line(self, position: int) -> int:
        """The line of the raw text, counted from 1, on which a squeezed position stands."""
        offset = self._offsets[min(position, len(self._offsets) - 1)]
        return bisect_left(self._line_ends, offset) + 1

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw offsets of a squeezed span."""
        return self._offsets[start], self._offsets[end - 1] + 1

    def squeezed_position(self, offset: int) -> int:
        """The squeezed position of the first sign at or after a raw offset."""
        return bisect_left(self._offsets, offset)


def _occurrences(text: str, wanted: str, start: int, end: int) -> list[int]:
    found = []
    at = text.find(wanted, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1, end)
    return found
