"""What a text speaks of: things of the graph by any of their names, amounts, and what nothing is called."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.identifiers import FormulaError, parse_formula
from lithiokg.matching.amounts import find_amounts, has_figure
from lithiokg.matching.elements import ELEMENT_NAMES
from lithiokg.matching.reading import Mention, Reading
from lithiokg.matching.slips import Slips
from lithiokg.matching.words import tokenize
from lithiokg.vocabulary import ID, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lithiokg.matching.amounts import Amount
    from lithiokg.matching.index import Index
    from lithiokg.matching.words import Token

__all__ = ["Lexicon"]

#: A run of characters that may be a formula.
#: Possessive: what it took it does not give back, or a long number would be cut in all ways there are.
_FORMULA = re.compile(r"(?<![\w.])(?:[A-Z][a-z]?+|[0-9]++(?:\.[0-9]++)?|[()\[\]])++(?![\w])")
_ELEMENT = re.compile(r"[A-Z][a-z]?")
_ASIDE = re.compile(
    r"(?<=\s)\([^()]*\)|\b(?:such as|e\.g\.|i\.e\.|for example|for instance)[^?!;]*", re.IGNORECASE
)
#: Not the letters e and i.
_LATIN = re.compile(r"\b(?:e\.g\.|i\.e\.)", re.IGNORECASE)
_DOI = re.compile(r"\b10\.[0-9]{4,9}/[^\s\"<>?]+[^\s\"<>?.,;)]")
_INCHIKEY = re.compile(r"\b[A-Z]{14}-[A-Z]{10}-[A-Z]\b")
_ADDRESS = re.compile(r"\bhttps?://[^\s\"<>]+[^\s\"<>?.,;)]")
#: Units, where no number stands before them.
_UNIT = re.compile(r"k?(?:ohms?|ω)|(?:[cmnuμ]?m|s|h|min)-?[1-3]?|[mkuμ]?[avw]h?|g-1|kg")
#: What stands between the metal and its battery.
_BEFORE_BATTERY = frozenset({"ion", "metal", "air", "anod", "sulfur"})
#: So many lookups of parts of names are remembered: many questions look for the same kinds in one text.
_MOST_PARTS = 500
_CITED = re.compile(r"\[([0-9]{1,3})\]")
#: An unknown word of more letters, all of them capitals, is a shout and no name.
_ABBREVIATION = 5
#: Names of so many letters mean a thing only in the case they are written in: In, As, CE.
_SHORT = 2
#: How whole a name is of which other words of the same meaning stand in the text.
_ALIKE = 0.9
#: Of a name that stands in the text only in part, so much must.
_PART, _PART_OF_ONE_WORD = 0.45, 0.75


class Lexicon:
    """Finds names in texts.

    Args:
        index: the names, kinds and words.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._by_first: defaultdict[str, list[int]] = defaultdict(list)
        self._by_stem: defaultdict[str, set[int]] = defaultdict(set)
        self._short: defaultdict[str, set[str]] = defaultdict(set)
        self._rarities: dict[tuple[str, tuple[str, ...]], float] = {}
        self._parts: dict[tuple[tuple[str, ...], str], Mention | None] = {}
        for number, name in enumerate(index.names):
            if len(name.stems) == 1 and len(name.stems[0]) <= _SHORT:
                self._short[name.text].add(name.iri)
                continue
            self._by_first[index.words.concept(name.stems[0])].append(number)
            for each in name.stems:
                self._by_stem[each].add(number)

    @cached_property
    def _slips(self) -> Slips:
        return Slips(
            (
                *(name.text for name in self._index.names),
                *(phrasing.text for card in self._index.cards for phrasing in card.phrasings),
            )
        )

    @cached_property
    def _said(self) -> frozenset[str]:
        """Concepts that some question is put in."""
        return frozenset(
            feature
            for card in self._index.cards
            for feature in (*card.described, *(each for p in card.phrasings for each in p.features))
        )

    def read(self, text: str) -> Reading:
        """Read a text."""
        tokens = tuple(tokenize(_LATIN.sub(lambda match: " " * len(match[0]), text)))
        keys = self._keys(text, tokens)
        taken = {number for _, _, numbers in keys for number in numbers}
        cited = {number for mention in self._cited(text, tokens) for number in mention.tokens}
        amounts = self._amounts(text, tokens, taken | cited)
        taken |= {number for _, numbers in amounts for number in numbers}
        tokens, misspelt = self._slips.corrected(tokens, taken, self.knows)
        mentions = [*self._mentions(tokens, taken), *self._cited(text, tokens)]
        formulas, nameless = self._formulas(text, tokens, mentions)
        known = {number for mention in mentions for number in mention.tokens}
        known |= {number for mention in formulas for number in mention.tokens}
        unknown = {
            number
            for number in range(len(tokens))
            if number not in known | taken and not self.knows(tokens[number])
        }
        nameless += self._other_batteries(tokens, mentions)
        nameless += [
            (tokens[number].text, (number,))
            for number in sorted(unknown)
            if (tokens[number].folded in ELEMENT_NAMES or _looks_like_a_name(tokens[number].text))
            and not _UNIT.fullmatch(tokens[number].folded)
            and not any(number in numbers for _, numbers in nameless)
        ]
        return Reading(
            text,
            tokens,
            amounts,
            (*formulas, *mentions),
            keys,
            frozenset(unknown | {number for _, numbers in nameless for number in numbers}),
            misspelt,
            tuple(nameless),
            frozenset(n for aside in _ASIDE.finditer(text) for n in _within(tokens, *aside.span()))
            | {n for n, token in enumerate(tokens) if n not in taken and _UNIT.fullmatch(token.folded)},
        )

    def knows(self, token: Token) -> bool:
        """Whether a word is one of a name or of a question, or one that says nothing."""
        words = self._index.words
        return (
            token.stem in words.ignored
            or token.stem in words.weak
            or token.stem in words.plain
            or token.stem in self._by_stem
            or words.concept(token.stem) in self._said
        )

    # --- numbers and keys --------------------------------------------------------------------------

    def _keys(self, text: str, tokens: Sequence[Token]) -> tuple[tuple[str, str, tuple[int, ...]], ...]:
        found = []
        taken: list[tuple[int, int]] = []
        for kind, pattern in (("address", _ADDRESS), ("doi", _DOI), ("inchikey", _INCHIKEY)):
            for match in pattern.finditer(text):
                if not any(start < match.end() and match.start() < end for start, end in taken):
                    taken.append(match.span())
                    value = match[0].lower() if kind == "doi" else match[0]
                    found.append((kind, value, _within(tokens, *match.span())))
        return tuple(found)

    def _amounts(
        self, text: str, tokens: Sequence[Token], taken: set[int]
    ) -> tuple[tuple[Amount, tuple[int, ...]], ...]:
        if not has_figure(text):
            return ()
        from lithiokg.quantities import registry  # noqa: PLC0415  # reads a file

        found = []
        for amount in find_amounts(text, registry()):
            numbers = _within(tokens, amount.start, amount.end)
            if numbers and not taken & set(numbers) and not self._is_in_name(tokens, amount):
                found.append((amount, numbers))
        return tuple(found)

    def _is_in_name(self, tokens: Sequence[Token], amount: Amount) -> bool:
        """Whether a number without a unit belongs to a name: reference 84, NCM 811."""
        if amount.unit is not None or amount.upper is not None:
            return False
        inside = _within(tokens, amount.figure, amount.figure_end)
        return (
            any(inside[0] in range(mention.first, mention.last) for mention in self._whole(tokens, set()))
            if inside
            else True
        )

    # --- names -------------------------------------------------------------------------------------

    def _mentions(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        return [*self._whole(tokens, taken), *self._short_names(tokens, taken)]

    def _whole(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        """Names that stand in the text whole, but for words that say nothing."""
        kept = [n for n, token in enumerate(tokens) if n not in taken and self._counts(n, token)]
        found: dict[tuple[int, int], dict[str, str]] = {}
        alike: dict[tuple[int, int], dict[str, str]] = {}
        concept = self._index.words.concept
        for place, number in enumerate(kept):
            for candidate in self._by_first.get(concept(tokens[number].stem), ()):
                name = self._index.names[candidate]
                span = kept[place : place + len(name.stems)]
                if len(span) != len(name.stems) or any(
                    concept(tokens[n].stem) != concept(each) for n, each in zip(span, name.stems, strict=True)
                ):
                    continue
                literal = all(tokens[n].stem == each for n, each in zip(span, name.stems, strict=True))
                bearers = found if literal else alike
                bearers.setdefault((span[0], span[-1] + 1), {}).setdefault(name.iri, name.text)
        # What is called so in other words of the same meaning counts where nothing is called so itself.
        wholes = [(span, iris, 1.0) for span, iris in found.items()]
        wholes += [(span, iris, _ALIKE) for span, iris in alike.items() if span not in found]
        return [
            Mention(
                first, last, self.ranked(iris), next(iter(iris.values())), whole, tuple(range(first, last))
            )
            for (first, last), iris, whole in wholes
        ]

    def _other_batteries(
        self, tokens: Sequence[Token], mentions: Sequence[Mention]
    ) -> list[tuple[str, tuple[int, ...]]]:
        """Batteries of another metal than lithium: what is said of its interface is not said of theirs."""
        elements = self._index.kinds.get("lkg:Element", frozenset()) - {f"{ID}substance/Li"}
        found = []
        for mention in mentions:
            behind = [token.stem for token in tokens[mention.last : mention.last + 3]]
            between = behind[: behind.index("batteri")] if "batteri" in behind else ["other"]
            if mention.iris[0] in elements and set(between) <= _BEFORE_BATTERY:
                last = mention.last + len(between) + 1
                words = " ".join(token.text for token in tokens[mention.first : last])
                found.append((words, tuple(range(mention.first, last))))
        return found

    def _cited(self, text: str, tokens: Sequence[Token]) -> list[Mention]:
        """Numbers of references as they are printed: [77]."""
        found = []
        for match in _CITED.finditer(text):
            numbers = _within(tokens, *match.span())
            iris = [
                iri
                for iri in self._index.kinds.get("lkg:Reference", ())
                if iri.rpartition("/")[2] == match[1]
            ]
            if iris and numbers:
                found.append(Mention(numbers[0], numbers[-1] + 1, self.ranked(iris), match[0], 1.0, numbers))
        return found

    def _counts(self, number: int, token: Token) -> bool:
        return token.stem not in self._index.words.ignored or (number > 0 and not token.text.islower())

    def _short_names(self, tokens: Sequence[Token], taken: set[int]) -> list[Mention]:
        """Symbols and the like, in the case they are written in; no sentence begins with the In of indium."""
        alone = len(tokens) == 1
        return [
            Mention(number, number + 1, self.ranked(self._short[token.text]), token.text, 1.0, (number,))
            for number, token in enumerate(tokens)
            if token.text in self._short
            and number not in taken
            and (alone or (token.text != "I" and (number or token.stem not in self._index.words.ignored)))
        ]

    def ranked(self, iris: Iterable[str]) -> tuple[str, ...]:
        """Things in the order of how much the graph says of them."""
        return tuple(sorted(iris, key=lambda iri: (-self._index.common.get(iri, 0), iri)))

    def of_kind(self, mention: Mention, kinds: Iterable[str], choices: Iterable[str] = ()) -> tuple[str, ...]:
        """The things of a mention that are of one of some kinds, and among the choices if there are any."""
        sets = [self._index.kinds.get(kind, frozenset()) for kind in kinds]
        chosen = {expand(choice) for choice in choices}
        return tuple(
            iri for iri in mention.iris if any(iri in each for each in sets) and (not chosen or iri in chosen)
        )

    def in_part(self, reading: Reading, kinds: Iterable[str]) -> Mention | None:
        """The thing of some kinds most of whose name stands in the text, though not all of it."""
        key = (tuple(kinds), reading.text)
        if key not in self._parts:
            if len(self._parts) > _MOST_PARTS:
                self._parts.clear()
            self._parts[key] = self._in_part(reading, key[0])
        return self._parts[key]

    def _in_part(self, reading: Reading, kinds: tuple[str, ...]) -> Mention | None:
        things: set[str] = set().union(*(self._index.kinds.get(kind, frozenset()) for kind in kinds))
        places: dict[str, int] = {}
        counted = {number for _, numbers in reading.amounts for number in numbers}
        for number, token in enumerate(reading.tokens):
            if number not in counted and not token.stem.isdigit() and self._counts(number, token):
                places.setdefault(token.stem, number)
        # "Zinc oxide on garnet" is in part the name of what is called "ZnO interlayer on garnet".
        written = frozenset(places)
        substances = self._index.kinds.get("lkg:Substance", frozenset())
        for mention in reading.mentions:
            if mention.iris[0] in substances:
                for other in self._other_words.get(mention.iris[0], ()):
                    places.setdefault(other, mention.first)
        candidates = {
            n for each in places for n in self._by_stem.get(each, ()) if self._index.names[n].iri in things
        }
        best: tuple[tuple[float, int, float], Mention] | None = None
        for candidate in sorted(candidates):
            name = self._index.names[candidate]
            weights = {each: self._rarity(each, things, tuple(kinds)) for each in name.stems}
            total = sum(weights.values())
            inside = [each for each in name.stems if each in places]
            # Another name of a thing alone is that thing: LiNO3 is no lithium, though it is lithium nitrate.
            if not written.intersection(inside):
                continue
            share = sum(weights[each] for each in inside) / total if total else 0.0
            numbers = tuple(sorted({places[each] for each in inside}))
            # One word is not half a name: it may be half of a hundred others.
            if share < (_PART if len(numbers) > 1 else _PART_OF_ONE_WORD):
                continue
            whole = _ALIKE * (1 + share) / 2  # the words that are missing may well be understood
            order = [places[each] for each in inside]
            mention = Mention(
                numbers[0], numbers[-1] + 1, (name.iri,), name.text, whole, numbers, order == sorted(order)
            )
            # What stands there comes first, then what the graph says most of, then what is missing.
            said = round(sum(weights[each] for each in inside), 6)
            rank = (said, self._index.common.get(name.iri, 0), share)
            if best is None or rank > best[0]:
                best = (rank, mention)
        return best[1] if best else None

    @cached_property
    def _other_words(self) -> dict[str, set[str]]:
        """The words of the short names of each thing."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in self._index.names:
            if len(name.stems) <= _SHORT:
                found[name.iri].update(name.stems)
        return found

    def _rarity(self, stemmed: str, things: set[str], kinds: tuple[str, ...]) -> float:
        """How much a word tells one thing of a kind from the others."""
        key = (stemmed, kinds)
        if key not in self._rarities:
            having = {self._index.names[n].iri for n in self._by_stem[stemmed]} & things
            # A word that all of them have tells next to nothing.
            self._rarities[key] = math.log(1 + len(things) / max(len(having), 1)) - math.log(2) + 0.05
        return self._rarities[key]

    # --- formulas and slips ------------------------------------------------------------------------

    def _formulas(
        self, text: str, tokens: Sequence[Token], mentions: Sequence[Mention]
    ) -> tuple[list[Mention], list[tuple[str, tuple[int, ...]]]]:
        """Formulas in another spelling than the graph's, and those of which it has nothing."""
        found: list[Mention] = []
        nameless: list[tuple[str, tuple[int, ...]]] = []
        named = {number for mention in mentions for number in mention.tokens}
        for match in _FORMULA.finditer(text):
            written = match[0].strip("()[]") if match[0].count("(") != match[0].count(")") else match[0]
            if not _looks_like_a_formula(written):
                continue
            numbers = _within(tokens, *match.span())
            if not numbers or set(numbers) <= named:
                continue
            try:
                reduced = parse_formula(written).reduced
            except FormulaError:
                reduced = ""
            iris = self._index.formulas.get(reduced, ())
            if iris:
                found.append(Mention(numbers[0], numbers[-1] + 1, self.ranked(iris), written, 1.0, numbers))
            elif len(_ELEMENT.findall(written)) > 1:
                nameless.append((written, numbers))
        return found, nameless


def _within(tokens: Sequence[Token], start: int, end: int) -> tuple[int, ...]:
    return tuple(n for n, token in enumerate(tokens) if token.start < end and start < token.end)


def _looks_like_a_formula(text: str) -> bool:
    """Whether a run of letters and digits is meant as a formula: ZnO and Li5NbO5 are, CCD and In are not."""
    symbols = _ELEMENT.findall(text)
    mixed = any(character.islower() for character in text) or any(character.isdigit() for character in text)
    return len(symbols) > 1 and mixed


def _looks_like_a_name(text: str) -> bool:
    """Whether an unknown word is an abbreviation or formula rather than a word: LGPS, li5nbo4."""
    letters = [character for character in text if character.isalpha()]
    if any(character.isdigit() for character in text):
        return bool(letters)
    capitals = sum(map(str.isupper, letters))
    return (
        len(letters) > _SHORT and capitals > 1 and (capitals < len(letters) or len(letters) <= _ABBREVIATION)
    )
