"""Words of a text: where they stand, their stems, and which of them mean the same.

Stems are those of the Snowball project's English stemmer (the package ``snowballstemmer``: no dependencies,
kept by the makers of the algorithm, in use in Sphinx for years). What words mean the same, and which say
nothing, is data: ``queries/words.yaml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from lithiokg.errors import Place, SourceError, not_utf8
from lithiokg.files import read_bounded
from lithiokg.names import fold
from lithiokg.yamls import find_refused, place_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["Token", "Words", "distance", "load_words", "stem", "tokenize"]

#: The file of words below the folder of saved questions.
WORDS = "words.yaml"
#: The largest file that is read, in bytes.
_MAX_BYTES = 1 << 20
_WORD = re.compile(r"[^\W_]+(?:['’](?:t|s|re|ve|ll|d|m)\b)?", re.IGNORECASE)
#: What an apostrophe cuts short: a "not", or a word that says nothing.
_CUT = re.compile(r"(?P<word>\w+?)(?:(?P<no>n['’]t)|['’]\w+)", re.IGNORECASE)
#: Several of an abbreviation: CCDs, SEIs.
_PLURAL = re.compile(r"[A-Z]{2,}s")
#: British spellings, and what they are here; that "promise" is none does no harm, as both sides are read alike.
_BRITISH = (
    (re.compile(r"(?<=[lrtmndg])is(?=e[ds]?$|ing$|ation$|er$)"), "iz"),
    (re.compile("sulph"), "sulf"),
    (re.compile(r"(?<=[vlb])our(?=$|s$|able|ed$|ing$)"), "or"),
    (re.compile(r"(?<=[bt])re(?=s?$)"), "er"),
    (re.compile(r"aluminium"), "aluminum"),
    (re.compile(r"^grey$"), "gray"),
    (re.compile(r"lysed?$"), "lyze"),
)
#: Words whose stem would be that of something else: of a salt its element, of a maker what is made.
_OTHER = re.compile(r"(carbonate|manufacturer|producer)s?")
#: Abbreviations have at most so many letters.
_ABBREVIATION = 5
#: Shorter words are no inflections that a stemmer should touch.
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a text.

    Attributes:
        text: as it is written.
        start: where it begins; ``end``: where it ends.
        folded: without case, accents, sub- and superscripts.
        stem: without inflection; ``folded`` where it looks like a formula or an abbreviation.
    """

    text: str
    start: int
    end: int
    folded: str
    stem: str


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer  # noqa: PLC0415  # only who asks in words needs it

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A folded word without its inflection.

    >>> stem("interlayers"), stem("suppressing"), stem("zno"), stem("li7p3s11")
    ('interlay', 'suppress', 'zno', 'li7p3s11')
    >>> stem("characterised") == stem("characterized"), stem("sulphide") == stem("sulfide")
    (True, True)
    """
    if len(word) <= _SHORTEST or not word.isascii() or not word.isalpha():
        return word
    if other := _OTHER.fullmatch(word):
        return other[1]
    for british, american in _BRITISH:
        word = british.sub(american, word)
    stemmed: str = _stemmer().stemWord(word)
    return stemmed


def _is_inflected(text: str) -> bool:
    """Whether a word as written may be an inflected one: formulas and abbreviations are not, shouts are."""
    return text.isalpha() and (
        text.islower() or text[1:].islower() or (text.isupper() and len(text) > _ABBREVIATION)
    )


def tokenize(text: str) -> list[Token]:
    """The words of a text, in order.

    >>> [token.stem for token in tokenize("Which LiF-rich interlayers?")]
    ['which', 'lif', 'rich', 'interlay']
    """
    tokens = []
    shouted = text.isupper() and " " in text.strip()
    for match in _WORD.finditer(text):
        if cut := _CUT.fullmatch(match[0]):
            end = match.start() + len(cut["word"])
            tokens += [
                Token(cut["word"], match.start(), end, word, stem(word)) for word in fold(cut["word"]).split()
            ]
            tokens += [Token("not", end, match.end(), "not", "not")] if cut["no"] else []
            continue
        # Folding may split what one match holds, or leave nothing of it.
        for folded in fold(match[0]).split():
            key = stem(folded) if shouted or _is_inflected(match[0]) else folded
            if _PLURAL.fullmatch(match[0]):
                key = folded[:-1]
            tokens.append(Token(match[0], match.start(), match.end(), folded, key))
    return tokens


@dataclass(frozen=True)
class Words:
    """What is known of words beside the names of things.

    Attributes:
        ignored: stems that say nothing.
        weak: stems that say little.
        plain: stems of ordinary words, which count for little where a question leaves them out.
        same: what stands for several spellings of one meaning, by each of them: by a stem, or by several
            with spaces between.
        short: the stems that an abbreviation stands for, by the abbreviation, folded.
    """

    ignored: frozenset[str] = frozenset()
    weak: frozenset[str] = frozenset()
    same: tuple[tuple[str, str], ...] = ()
    short: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plain: frozenset[str] = frozenset()

    @cached_property
    def _same(self) -> dict[str, str]:
        return dict(self.same)

    @cached_property
    def _short(self) -> dict[str, tuple[str, ...]]:
        return dict(self.short)

    @cached_property
    def _longest(self) -> int:
        return max((spelling.count(" ") + 1 for spelling in self._same), default=1)

    def concept(self, stemmed: str) -> str:
        """What a stem means: itself, or the stem that stands for all of its meaning."""
        return self._same.get(stemmed, stemmed)

    def concepts(self, stems: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
        """What a run of stems means, in order, each with the places of its stems; ignored ones are left out.

        >>> Words(frozenset({"how"}), frozenset(), (("how mani", "count"),)).concepts(["how", "mani", "cycl"])
        [('count', (0, 1)), ('cycl', (2,))]
        """
        found: list[tuple[str, tuple[int, ...]]] = []
        place = 0
        while place < len(stems):
            for length in range(min(self._longest, len(stems) - place), 1, -1):
                meaning = self._same.get(" ".join(stems[place : place + length]))
                if meaning is not None:
                    found.append((meaning, tuple(range(place, place + length))))
                    place += length
                    break
            else:
                if stems[place] in self._short:
                    found += [(self.concept(each), (place,)) for each in self._short[stems[place]]]
                elif stems[place] not in self.ignored:
                    found.append((self.concept(stems[place]), (place,)))
                place += 1
        return found


def load_words(folder: Path) -> Words:
    """Read ``words.yaml`` of a folder of saved questions; without the file no word is known.

    Raises:
        SourceError: if it is not YAML, or not lists of words.
    """
    import yaml  # noqa: PLC0415  # only when the index is made

    path = folder / WORDS
    if not path.exists():
        return Words()
    file = f"{folder.name}/{WORDS}"
    try:
        text = read_bounded(path, _MAX_BYTES).decode("utf-8")
    except UnicodeDecodeError as error:
        raise not_utf8(error, file) from error
    except OSError as error:
        message = f"the words cannot be read: {error.strerror or error}"
        raise SourceError(message, place=Place(file)) from error
    for problem in find_refused(text, lambda line, column: Place(file, line + 1, column + 1)):
        raise problem
    try:
        # Every scalar is a word here, also "no" and "false".
        content = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader)) or {}  # noqa: S506  # texts only
    except yaml.YAMLError as error:
        message = f"the words cannot be read: {getattr(error, 'problem', None) or error}"
        raise SourceError(message, place=place_of(file, getattr(error, "problem_mark", None))) from error
    rows = content.get("same", []) if isinstance(content, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows):
        raise SourceError("same must be a list of lists of words", place=Place(file))
    same: dict[str, str] = {}
    for row in rows:
        first = _spelled(str(row[0]))
        for word in row:
            stemmed = _spelled(str(word))
            if same.setdefault(stemmed, first) != first:
                raise SourceError(
                    f"{word!r} means the same as {row[0]!r} and as words of another row",
                    place=Place(file),
                    mend="leave it in one of the two rows",
                )
    ignored, weak, plain = (
        frozenset(_spelled(word) for word in str(content.get(name, "")).split())
        for name in ("ignored", "weak", "plain")
    )
    return Words(ignored - weak, weak, tuple(sorted(same.items())), plain=plain)


def _spelled(words: str) -> str:
    return " ".join(map(stem, fold(words).split()))


def distance(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, exchanged or swapped, if at most so many; else ``most + 1``.

    >>> distance("garent", "garnet", 2), distance("cathode", "catode", 2), distance("price", "pride", 0)
    (1, 1, 1)
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [i] + [0] * len(other)
        for j, against in enumerate(other, start=1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                row[j] = min(row[j], earlier[j - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)
