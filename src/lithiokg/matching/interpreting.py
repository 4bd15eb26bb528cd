"""Match a plain question to the saved ones.

Each saved question is a set of phrasings (title, question and ``asks`` of its header). A text is compared with
each phrasing as a bag of concepts weighted by how rare they are among the questions (inverse document
frequency, as in BM25), after the parts of it that fill parameters were replaced by the parameters' slots:
"what prevents dendrites" is compared as "prevent @phenomenon". Two shares decide: how much of the *text* the
question takes into account, which is the confidence, and how much of the *phrasing* the text says. A text of
which too much is left over has no answer here, and the reason names what was left.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from lithiokg.matching.filling import Filling, fill, in_words
from lithiokg.matching.mentions import Lexicon
from lithiokg.matching.model import Interpretation, Interpretations, Recognized
from lithiokg.questions.model import ANY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.matching.cards import Card, Phrasing
    from lithiokg.matching.index import Index
    from lithiokg.matching.reading import Mention, Reading

__all__ = ["Matcher"]

#: How much a slot counts at least and at most: the fewer questions take such a thing, the more it tells.
_SLOT_LEAST, _SLOT_MOST = 2.2, 3.4
#: How much a word counts that no question is put in: it may be another way to say something, or another subject.
_UNHEARD = 3.0
#: The same of a word that is not even part of a name in the graph.
_UNKNOWN = 3.6
#: How much an ordinary word counts at most that a question leaves out.
_PLAIN = 0.9
#: How much a word counts at most, however few questions are put in it.
_RAREST = 4.0
#: How much a number counts that fills no parameter, and one with a unit, which narrows what is asked for.
_NUMBER, _AMOUNT = 1.0, 2.6
#: How much more a name counts for each further word of it, in shares, and at most.
_LONGER, _LONGEST_NAME = 0.2, 1.6
#: How much a word of little meaning counts, in shares of what it would.
_WEAK = 0.3
#: What a word is worth that stands not in the phrasing, but in another of the question, or in its description.
_ELSEWHERE, _DESCRIBED = 0.85, 0.35
#: What it costs to answer with a default where the question wants a thing named.
_NOT_NAMED = 0.75
#: Recall of the text counts so many times more than the precision of the phrasing (F-measure).
_BETA = 1.4
#: By so much a fit must be better that leaves out what would fill a parameter.
_SURELY = 0.02
#: What the order of words adds.
_ORDER = 0.06
#: Below these, nothing fits: how much of the text must be taken into account, and how well it must fit.
_LEAST_CONFIDENCE, _LEAST_SCORE = 0.6, 0.53
#: Of a long text more may be left over: for each unit of weight that is taken into account beyond the first few,
#: the least confidence falls, down to a floor.
_ENOUGH, _RELIEF, _FLOOR = 6.0, 0.045, 0.4
#: So much weight must be taken into account at all: a text of words that say little asks for nothing.
_LEAST_EVIDENCE = 1.2
#: A text of more characters is no question.
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class _Fit:
    card: Card
    filling: Filling
    phrasing: Phrasing
    score: float
    confidence: float
    evidence: float
    explained: frozenset[int]


class Matcher:
    """Interprets texts.

    Args:
        index: what the graph and the questions offer.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.lexicon = Lexicon(index)

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much each concept tells one question from the others."""
        having: Counter[str] = Counter()
        for card in self.index.cards:
            having.update(
                {each for phrasing in card.phrasings for each in phrasing.features if each[0] != "@"}
            )
        total = len(self.index.cards)
        return {concept: min(math.log(1 + total / number), _RAREST) for concept, number in having.items()}

    def weight(self, stemmed: str) -> float:
        """How much a word of a text counts."""
        words = self.index.words
        return 0.0 if stemmed in words.ignored else self._concept_weight(words.concept(stemmed), stemmed)

    def _concept_weight(self, concept: str, stemmed: str = "") -> float:
        plain = (stemmed or concept) in self.index.words.plain
        weight = self._weights.get(concept, _PLAIN if plain else _UNHEARD)
        return weight * _WEAK if (stemmed or concept) in self.index.words.weak else weight

    def interpret(self, text: str, *, limit: int = 3) -> Interpretations:
        """What a text may mean.

        Args:
            text: a question in plain words.
            limit: how many questions to give at most, the best included.
        """
        reading = self.lexicon.read(text[:_LONGEST])
        recognized = tuple(self._recognized(reading))
        if not any(self.weight(token.stem) for token in reading.tokens) and not reading.mentions:
            return Interpretations(text, None, (), "the text names nothing to ask for", recognized)
        fits = sorted(
            (fit for card in self.index.cards if (fit := self._fit(card, reading)) is not None),
            key=lambda fit: (-round(fit.score, 2), -self._literal(fit), -fit.score, fit.card.name),
        )
        shown = [self._interpretation(fit, reading) for fit in fits[:limit]]
        reason = self._reason(fits[0] if fits else None, reading)
        if reason:
            return Interpretations(text, None, tuple(shown), reason, recognized)
        return Interpretations(text, shown[0], tuple(shown[1:]), "", recognized)

    def _literal(self, fit: _Fit) -> float:
        """Of questions that fit alike, the one whose own words stand in the text is the more special one."""
        return round(sum(self._concept_weight(each) for each in fit.phrasing.features if each[0] != "@"), 3)

    # --- scoring -----------------------------------------------------------------------------------

    def _fit(self, card: Card, reading: Reading) -> _Fit | None:
        """The best fit of a question: with all that fills a parameter, or without things it need not be told."""
        filling = fill(card, reading, self.lexicon, self.index)
        best = self._fit_filled(card, reading, filling)
        kept = {slot.name for slot in card.slots if slot.required or not slot.kinds}
        if any(name not in kept for name in filling.tokens):
            less = self._fit_filled(card, reading, filling.only(kept))
            if less is not None and (best is None or less.score > best.score + _SURELY):
                return less
        return best

    def _fit_filled(self, card: Card, reading: Reading, filling: Filling) -> _Fit | None:
        features = self._features(card, reading, filling)
        said = {feature for phrasing in card.phrasings for feature in phrasing.features}
        described = set(card.described)
        best: _Fit | None = None
        for phrasing in card.phrasings:
            inside = set(phrasing.features)
            explained: set[int] = set()
            recall = matched = total = 0.0
            for feature, counted, tokens in features:
                # Of a name that stands there in part, the rest is not explained.
                weight = counted * filling.whole.get(feature[1:], 1.0) if feature[0] == "@" else counted
                if feature in inside:
                    recall += weight
                    matched += min(weight, self._phrasing_weight(card, feature))
                    explained.update(tokens)
                elif feature[0] == "@" or feature in said:
                    recall += weight * _ELSEWHERE
                    explained.update(tokens)
                elif feature in described:
                    recall += weight * _DESCRIBED
                    explained.update(tokens)
                else:
                    counted = self._left(feature, counted)  # noqa: PLW2901
                total += counted
            if not matched:
                continue
            recall /= total
            precision = min(1.0, matched / sum(self._phrasing_weight(card, each) for each in inside))
            score = (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)
            score += _ORDER * self._in_order(phrasing, [feature for feature, _, _ in features])
            if any(slot.required and slot.name not in filling.tokens for slot in card.slots):
                score *= _NOT_NAMED
            score /= 1 + _ORDER
            if best is None or score > best.score:
                best = _Fit(card, filling, phrasing, score, recall, recall * total, frozenset(explained))
        return best

    def _left(self, feature: str, weight: float) -> float:
        """How much it counts that a question leaves something out of account."""
        if feature in self.index.words.weak:
            return 0.0
        return min(weight, _PLAIN) if feature in self.index.words.plain else weight

    def _features(
        self, card: Card, reading: Reading, filling: Filling
    ) -> list[tuple[str, float, tuple[int, ...]]]:
        """What the text says, each with its weight and its tokens, in order and each once."""
        slots = {number: name for name, numbers in filling.tokens.items() for number in numbers}
        found: dict[str, tuple[float, tuple[int, ...]]] = {}
        named = self._named(reading)
        counted = {n for _, numbers in reading.amounts for n in numbers}
        measured = {
            next((n for n in numbers if reading.tokens[n].folded[0].isdigit()), numbers[0])
            for amount, numbers in reading.amounts
            if amount.unit is not None or amount.bound != "exact"
        }
        counted_slots = {name for name, numbers in filling.tokens.items() if counted & set(numbers)}
        for concept, tokens in self._concepts(reading, frozenset(slots)):
            number = tokens[0]
            token = reading.tokens[number]
            if number in slots:
                name = slots[number]
                inside = filling.tokens[name]
                # A name that many questions are put in, such as lithium, says less than others.
                said = sum(self.weight(reading.tokens[n].stem) for n in inside)
                longer = min(1 + _LONGER * (len({*inside}) - 1), _LONGEST_NAME)
                most = self._slot_weight(card, name) * (1.0 if name in counted_slots else longer)
                found.setdefault(f"@{name}", (most if name in counted_slots else min(most, said), inside))
                continue
            feature, weight = concept, self._concept_weight(concept, token.stem if len(tokens) == 1 else "")
            if number in measured or (number in counted and token.folded[0].isdigit()):
                # A number that fills nothing is left over, though less gravely than a thing.
                feature, weight = f"#{token.folded}", _AMOUNT if number in measured else _NUMBER
            elif number in counted:
                # Comparators say nothing by themselves; of units, cycles and hours do.
                weight = self._weights.get(concept, 0.0)
            elif number in named:
                weight = max(weight, _SLOT_LEAST)
            elif number in reading.unknown:
                weight = _UNKNOWN
            if number in reading.asides:
                weight *= _WEAK
            if weight:
                before = found.get(feature, (0.0, ()))
                found[feature] = (max(before[0], weight), (*before[1], *tokens))
        return [(feature, weight, tokens) for feature, (weight, tokens) in found.items()]

    def _concepts(self, reading: Reading, slots: frozenset[int]) -> Iterable[tuple[str, tuple[int, ...]]]:
        """The concepts of the text in order; what fills a slot parts what stands before and behind it."""
        run: list[int] = []
        for number in range(len(reading.tokens) + 1):
            if number < len(reading.tokens) and number not in slots:
                run.append(number)
                continue
            for concept, places in self.index.words.concepts([reading.tokens[n].stem for n in run]):
                yield concept, tuple(run[place] for place in places)
            run = []
            if number < len(reading.tokens):
                yield "", (number,)

    def _named(self, reading: Reading) -> set[int]:
        """Tokens of the names of substances and designs: to leave one of these out is to answer another text."""
        things = self.index.kinds.get("lkg:Substance", frozenset()) | self.index.kinds.get(
            "lkg:Design", frozenset()
        )
        return {
            number
            for mention in reading.mentions
            if mention.whole == 1.0 and set(mention.iris) <= things
            for number in mention.tokens
            if self.index.words.concept(reading.tokens[number].stem) not in self._weights
        }

    def _phrasing_weight(self, card: Card, feature: str) -> float:
        return self._slot_weight(card, feature[1:]) if feature[0] == "@" else self._concept_weight(feature)

    def _slot_weight(self, card: Card, name: str) -> float:
        """How much a slot tells this question from the others: kinds of discrepancy more than substances."""
        slot = next(each for each in card.slots if each.name == name)
        having = self._takers[slot.kinds or (slot.unit or slot.type,)]
        return min(_SLOT_MOST, max(_SLOT_LEAST, math.log(1 + len(self.index.cards) / having)))

    @cached_property
    def _takers(self) -> Counter[tuple[str, ...]]:
        """How many questions take each kind of thing, or figures of each unit."""
        having: Counter[tuple[str, ...]] = Counter()
        for card in self.index.cards:
            having.update({slot.kinds or (slot.unit or slot.type,) for slot in card.slots})
        return having

    @staticmethod
    def _in_order(phrasing: Phrasing, features: list[str]) -> float:
        """The share of neighbors in the phrasing that stand in the same order in the text."""
        places = {feature: place for place, feature in enumerate(features)}
        pairs = [
            (places[one], places[other])
            for one, other in zip(phrasing.features, phrasing.features[1:], strict=False)
            if one in places and other in places
        ]
        if not pairs:
            return float(len(set(phrasing.features)) == 1)
        return sum(one < other for one, other in pairs) / len(pairs)

    # --- words for the answer ----------------------------------------------------------------------

    def _reason(self, fit: _Fit | None, reading: Reading) -> str:
        if reading.nameless:
            names = " and ".join(repr(name) for name, _ in reading.nameless)
            return f"the graph has nothing that is called {names}"
        if fit is None:
            return "no saved question shares a word with the text" + self._unknown(reading)
        if fit.evidence < _LEAST_EVIDENCE:
            return "the text says too little of what it wants to know"
        foreign = len(reading.unknown - fit.explained - reading.asides)
        relief = _RELIEF * max(fit.evidence - _ENOUGH, 0.0) / (1 + foreign)
        if fit.confidence < max(_LEAST_CONFIDENCE - relief, _FLOOR):
            left = self._left_over(fit, reading)
            return f"the closest question leaves {left} out of account" + self._unknown(reading)
        if fit.score < _LEAST_SCORE:
            return (
                "no saved question asks for that; the text says too little of what it wants to know"
                + self._unknown(reading)
            )
        return ""

    def _left_over(self, fit: _Fit, reading: Reading) -> str:
        left = [
            repr(token.text)
            for number, token in enumerate(reading.tokens)
            if number not in fit.explained and self.weight(token.stem)
        ]
        return ", ".join(dict.fromkeys(left)) or "much of the text"

    def _unknown(self, reading: Reading) -> str:
        words = list(dict.fromkeys(repr(reading.tokens[number].text) for number in sorted(reading.unknown)))
        if not words:
            return ""
        return f"; neither the graph nor a question knows {' or '.join(words)}"

    def _interpretation(self, fit: _Fit, reading: Reading) -> Interpretation:
        card = fit.card
        filled = fit.filling.tokens
        recognized = [*self._used(fit, reading), *self._leftovers(fit, reading)]
        recognized.sort(key=lambda each: (each.start, each.end))
        defaults = tuple(
            (slot.label, in_words(slot.default, slot.unit, dict(self.index.labels)))
            for slot in card.slots
            if slot.name not in filled and slot.default not in (ANY, None) and not self._is_all(slot.default)
        )
        return Interpretation(
            question=card.name,
            title=card.title,
            sentence=card.sentence,
            parameters={each.name: each.value for each in fit.filling.filled},
            filled=fit.filling.filled,
            defaults=defaults,
            recognized=tuple(recognized),
            unused=tuple(each for each in recognized if each.role in {"unused", "unknown"}),
            phrasing=fit.phrasing.text,
            score=round(fit.score, 3),
            confidence=round(fit.confidence, 3),
        )

    @staticmethod
    def _is_all(default: object) -> bool:
        """Whether a default leaves nothing out: a least of nothing."""
        return isinstance(default, int | float) and not default

    def _used(self, fit: _Fit, reading: Reading) -> Iterable[Recognized]:
        for each in fit.filling.filled:
            role = (
                "amount"
                if isinstance(each.value, int | float) or hasattr(each.value, "as_tuple")
                else "thing"
            )
            iris = each.value if isinstance(each.value, list) else [each.value] if role == "thing" else []
            words = f"{each.label}: {each.words}"
            yield Recognized(each.text, each.start, each.end, role, tuple(map(str, iris)), words)  # type: ignore[arg-type]
        for number in sorted(fit.explained - fit.filling.used):
            token = reading.tokens[number]
            meant = reading.misspelt.get(number)
            yield Recognized(
                token.text, token.start, token.end, "words", (), f"read as {meant}" if meant else ""
            )

    def _leftovers(self, fit: _Fit, reading: Reading) -> Iterable[Recognized]:
        counted: set[int] = set()
        for amount, numbers in reading.amounts:
            if not fit.filling.used & set(numbers):
                counted |= set(numbers) - fit.explained
                yield Recognized(
                    amount.text,
                    amount.start,
                    amount.end,
                    "unused",
                    (),
                    "no parameter of this question takes it",
                )
        for number, token in enumerate(reading.tokens):
            if number in fit.explained | fit.filling.used | counted or not self.weight(token.stem):
                continue
            if number in reading.unknown:
                yield Recognized(token.text, token.start, token.end, "unknown", (), "not known here")
            else:
                yield Recognized(token.text, token.start, token.end, "unused", self._iris(number, reading))

    @staticmethod
    def _iris(number: int, reading: Reading) -> tuple[str, ...]:
        mentions: list[Mention] = [each for each in reading.mentions if number in each.tokens]
        return max(mentions, key=lambda each: len(each.tokens)).iris if mentions else ()

    def _recognized(self, reading: Reading) -> Iterable[Recognized]:
        for mention in reading.mentions:
            start, end = reading.tokens[mention.first].start, reading.tokens[mention.last - 1].end
            labels = ", ".join(self.index.labels[iri] for iri in mention.iris[:3])
            yield Recognized(reading.text[start:end], start, end, "thing", mention.iris, labels)
        for amount, _ in reading.amounts:
            unit = f" {amount.unit.symbol}" if amount.unit else ""
            yield Recognized(amount.text, amount.start, amount.end, "amount", (), f"{amount.number:f}{unit}")
        for number in sorted(reading.unknown):
            token = reading.tokens[number]
            yield Recognized(token.text, token.start, token.end, "unknown")
