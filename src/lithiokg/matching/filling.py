"""Fill the parameters of a question from what a text names and counts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lithiokg.matching.model import Filled
from lithiokg.matching.words import tokenize
from lithiokg.vocabulary import compact, expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from decimal import Decimal

    from lithiokg.matching.amounts import Amount
    from lithiokg.matching.cards import Card, Slot
    from lithiokg.matching.index import Index
    from lithiokg.matching.mentions import Lexicon
    from lithiokg.matching.reading import Mention, Reading
    from lithiokg.quantities import Unit

__all__ = ["Filling", "fill", "in_words"]

#: Which keys of a text a parameter takes, by a word of its name.
_KEYS = {"doi": ("doi",), "dois": ("doi",), "keys": ("inchikey",)}
#: How whole a name is all of whose words stand in the text, but not next to each other.
_PARTED = 0.9
#: Words behind or before a pure number that make it a factor.
_FACTORS = re.compile(r"\bfactor\b|fold\b|\btimes\b|[0-9]\s*[x×]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filling:
    """The parameters of one question that a text fills.

    Attributes:
        filled: what was filled.
        tokens: the tokens used by each parameter.
        whole: how much of its name stands there, where it names a thing.
    """

    filled: tuple[Filled, ...]
    tokens: dict[str, tuple[int, ...]]
    whole: dict[str, float]

    @property
    def used(self) -> frozenset[int]:
        """All tokens used."""
        return frozenset(number for numbers in self.tokens.values() for number in numbers)

    def only(self, names: Iterable[str]) -> Filling:
        """The same with some of the parameters."""
        kept = set(names)
        return Filling(
            tuple(each for each in self.filled if each.name in kept),
            {name: numbers for name, numbers in self.tokens.items() if name in kept},
            self.whole,
        )


def fill(card: Card, reading: Reading, lexicon: Lexicon, index: Index) -> Filling:
    """Fill as many parameters of a question as a text can."""
    filled: list[Filled] = []
    tokens: dict[str, tuple[int, ...]] = {}
    filler = _Filler(card, reading, lexicon, index)
    # A slot that few things fit chooses first, and of like slots the first one.
    order = sorted(card.slots, key=lambda slot: (slot.kinds in {("*",), ("class:*",)}, not slot.choices))
    for slot in order:
        found = filler.value(slot, frozenset(n for numbers in tokens.values() for n in numbers))
        if found is not None:
            filled.append(found[0])
            tokens[slot.name] = found[1]
    names = [slot.name for slot in card.slots]
    filled.sort(key=lambda each: names.index(each.name))
    return Filling(tuple(filled), tokens, filler.whole)


class _Filler:
    def __init__(self, card: Card, reading: Reading, lexicon: Lexicon, index: Index) -> None:
        # What becomes of something "with lithium" is not asked of lithium.
        self._own = {token.stem for token in tokenize(card.title)}
        self._reading = reading
        self._lexicon = lexicon
        self._index = index
        self.whole: dict[str, float] = {}

    def value(self, slot: Slot, used: frozenset[int]) -> tuple[Filled, tuple[int, ...]] | None:
        if slot.kinds:
            return self._things(slot, used)
        if slot.type in {"quantity", "decimal", "integer"}:
            return self._amount(slot, used)
        if slot.choices:
            return self._choice(slot, used)
        return self._key(slot, used)

    # --- things ------------------------------------------------------------------------------------

    def _things(self, slot: Slot, used: frozenset[int]) -> tuple[Filled, tuple[int, ...]] | None:
        found = self._named(slot, used)
        if not found:
            part = (
                None
                if slot.choices or "*" in slot.kinds
                else self._lexicon.in_part(self._reading, slot.kinds)
            )
            # An oxide that lithium reduces is no reduced oxide.
            turned = part is not None and not part.in_order and "lkg:Substance" in slot.kinds
            if part is None or turned or used & set(part.tokens):
                return None
            found = [(part, part.iris)]
        elif "*" not in slot.kinds and not slot.choices:
            # Of "dendrite propagation in solids", "dendrite" is a name too, but not the one that is meant.
            part = self._lexicon.in_part(self._reading, slot.kinds)
            first = found[0][0]
            if (
                part
                and set(part.tokens) > set(first.tokens)
                and part.in_order
                and not used & set(part.tokens)
            ):
                found = [(part, part.iris)]
            elif part and self._is_parted(part, first) and not used & set(part.tokens):
                tokens = tuple(sorted({*part.tokens, *first.tokens}))
                found = [(replace(part, tokens=tokens), part.iris)]
        self.whole[slot.name] = min(mention.whole for mention, _ in found)
        if slot.type == "things":
            return self._several(slot, found)
        mention, iris = found[0]
        # "Garnet (LLZO)" names one thing twice.
        again = [
            other
            for other in self._reading.mentions
            if iris[0] in other.iris and not used & set(other.tokens)
        ]
        tokens = tuple(sorted({number for each in (mention, *again) for number in each.tokens}))
        return self._filled(slot, iris[0], self._index.labels[iris[0]], [mention], self._also(iris)), tokens

    def _named(self, slot: Slot, used: frozenset[int]) -> list[tuple[Mention, tuple[str, ...]]]:
        """Mentions that fit, none inside another: the longest first, and of those the first in the text."""
        fitting = [
            (mention, iris)
            for mention in self._reading.mentions
            if not used & set(mention.tokens)
            and not self._is_own(mention)
            and (iris := self._lexicon.of_kind(mention, slot.kinds, slot.choices))
        ]
        fitting.sort(key=lambda each: (-len(each[0].tokens), each[0].first))
        kept: list[tuple[Mention, tuple[str, ...]]] = []
        for mention, iris in fitting:
            if not any(set(mention.tokens) & set(other.tokens) for other, _ in kept):
                kept.append((mention, iris))
        default = expand(str(slot.default))
        # What is the default of the kind itself ("electrolyte" where any will do) says less than any other.
        return sorted(kept, key=lambda each: (each[1][0] == default and slot.type == "class", each[0].first))

    def _is_parted(self, part: Mention, named: Mention) -> bool:
        """Whether a whole name is parted by words of another: sulfide *solid* electrolyte."""
        return (
            part.in_order
            and part.whole >= _PARTED
            and part.first < named.first < part.last == named.last
            and set(range(part.first, part.last)) <= {*part.tokens, *named.tokens}
        )

    def _is_own(self, mention: Mention) -> bool:
        concept = self._index.words.concept
        own = {concept(each) for each in self._own}
        return all(concept(self._reading.tokens[number].stem) in own for number in mention.tokens)

    def _several(
        self, slot: Slot, found: Sequence[tuple[Mention, tuple[str, ...]]]
    ) -> tuple[Filled, tuple[int, ...]]:
        chosen = list(dict.fromkeys(iris[0] for _, iris in found))
        words = " and ".join(self._index.labels[iri] for iri in chosen)
        mentions = [mention for mention, _ in found]
        tokens = tuple(sorted({number for mention in mentions for number in mention.tokens}))
        return self._filled(slot, chosen, words, mentions), tokens

    def _also(self, iris: Sequence[str]) -> str:
        others = [f"{self._index.labels[iri]} ({compact(iri)})" for iri in iris[1:4]]
        return f"the name is also that of {', '.join(others)}" if others else ""

    def _filled(
        self, slot: Slot, value: object, words: str, mentions: Iterable[Mention], note: str = ""
    ) -> Filled:
        numbers = sorted({number for mention in mentions for number in mention.tokens})
        start, end = self._reading.tokens[numbers[0]].start, self._reading.tokens[numbers[-1]].end
        return Filled(slot.name, slot.label, value, words, self._reading.text[start:end], start, end, note)

    # --- numbers -----------------------------------------------------------------------------------

    def _amount(self, slot: Slot, used: frozenset[int]) -> tuple[Filled, tuple[int, ...]] | None:
        target = _unit(slot.unit)
        for amount, tokens in self._reading.amounts:
            if used & set(tokens) or not self._fits(slot, amount):
                continue
            number = self._number(slot, amount, tokens, target)
            if number is None:
                continue
            note = ""
            if amount.upper is not None and slot.bound == "least":
                note = f"the upper end of {amount.text!r} is left out of account"
            words = f"{number:f}{f' {target.symbol}' if target else ''}"
            filled = Filled(slot.name, slot.label, number, words, amount.text, amount.start, amount.end, note)
            return filled, tokens
        return None

    def _fits(self, slot: Slot, amount: Amount) -> bool:
        """Whether the comparator goes the way of the parameter."""
        return amount.upper is not None or slot.bound is None or amount.bound in {slot.bound, "exact"}

    def _number(
        self, slot: Slot, amount: Amount, tokens: Sequence[int], target: Unit | None
    ) -> Decimal | None:
        number = amount.upper if amount.upper is not None and slot.bound == "most" else amount.number
        if target is None:
            around = self._reading.tokens[max(tokens[0] - 2, 0) : tokens[-1] + 2]
            near = self._reading.text[around[0].start : around[-1].end]
            return number if amount.unit is None and _FACTORS.search(near) else None
        if amount.unit is None:
            return None
        from lithiokg.matching.amounts import in_unit  # noqa: PLC0415  # only where there are numbers

        converted = in_unit(number, amount.unit, target)
        return None if converted is None else converted

    # --- texts -------------------------------------------------------------------------------------

    def _choice(self, slot: Slot, used: frozenset[int]) -> tuple[Filled, tuple[int, ...]] | None:
        """The choice all of whose words stand in the text; of several, the one of most words."""
        places = {
            self._index.words.concept(token.stem): number
            for number, token in reversed(list(enumerate(self._reading.tokens)))
            if number not in used
        }
        best: tuple[str, tuple[int, ...]] | None = None
        for choice in slot.choices:
            stems = [self._index.words.concept(token.stem) for token in tokenize(choice.replace("_", " "))]
            if (
                stems
                and all(each in places for each in stems)
                and (best is None or len(stems) > len(best[1]))
            ):
                best = choice, tuple(sorted(places[each] for each in stems))
        if best is None:
            return None
        choice, tokens = best
        # The efficiency of a coulombic efficiency is the whole of it.
        around = [each.tokens for each in self._reading.mentions if set(tokens) <= set(each.tokens)]
        tokens = max([tokens, *(each for each in around if not used & set(each))], key=len)
        start, end = self._reading.tokens[tokens[0]].start, self._reading.tokens[tokens[-1]].end
        words = choice.replace("_", " ")
        return Filled(slot.name, slot.label, choice, words, self._reading.text[start:end], start, end), tokens

    def _key(self, slot: Slot, used: frozenset[int]) -> tuple[Filled, tuple[int, ...]] | None:
        wanted = ("address",) if slot.type in {"iri", "endpoint"} else _KEYS.get(slot.name, ())
        found = [each for each in self._reading.keys if each[0] in wanted and not used & set(each[2])]
        if not found:
            return None
        values = [value for _, value, _ in found]
        tokens = tuple(number for _, _, numbers in found for number in numbers)
        start, end = self._reading.tokens[tokens[0]].start, self._reading.tokens[tokens[-1]].end
        value: object = values if slot.type == "strings" else values[0]
        return Filled(
            slot.name, slot.label, value, ", ".join(values), self._reading.text[start:end], start, end
        ), tokens


def _unit(symbol: str | None) -> Unit | None:
    if symbol is None:
        return None
    from lithiokg.quantities import registry  # noqa: PLC0415  # only where there are numbers

    return registry().find_unit(symbol)


def in_words(value: object, unit: str | None, labels: dict[str, str]) -> str:
    """A default value for people: things by their labels, numbers with their unit."""
    if isinstance(value, list | tuple):
        return " and ".join(in_words(each, None, labels) for each in value)
    text = str(value)
    label = labels.get(expand(text)) if ":" in text else None
    return label or (f"{text} {unit}" if unit else text)
