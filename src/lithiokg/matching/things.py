"""Find things by what people type: any name, a part of one, a formula in any spelling, an element, a slip."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.identifiers import FormulaError, parse_formula
from lithiokg.matching.words import distance, tokenize
from lithiokg.names import fold
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.matching.index import Index, Named

__all__ = ["FoundThing", "Things", "search_things"]

#: What kinds of things are called; the kinds that people ask for most come first.
_KINDS = {
    "substance": "substance",
    "design": "design",
    "component": "body of a design",
    "property": "property",
    "phenomenon": "phenomenon",
    "strategy": "strategy",
    "mechanism": "mechanism",
    "interface-type": "interface type",
    "group": "functional group",
    "class": "class",
    "method": "method",
    "reference": "reference",
    "work": "work",
    "section": "section",
    "cell": "cell",
    "relation": "relation",
}
_ELEMENT = re.compile(r"[A-Z][a-z]?")
#: How well each way of matching fits; commonness decides between equals.
_IS, _FORMULA, _BEGINS, _WORDS, _PARTS, _CONTAINS, _SLIP = 100.0, 95.0, 80.0, 70.0, 55.0, 40.0, 30.0
#: A text of fewer letters has no slips.
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class FoundThing:
    """A thing that a text may mean.

    Attributes:
        iri: the thing; ``label``: the name by which people know it.
        kind: what kind of thing it is, in words.
        why: why it was found, in words: the name that fits, or what it contains.
        score: how well it fits, to 100.
    """

    iri: str
    label: str
    kind: str
    why: str
    score: float


@dataclass(frozen=True, slots=True)
class Things:
    """What was found, best first.

    Attributes:
        text: what was looked for.
        found: the things, best first, at most so many as were asked for.
        total: how many there are.
    """

    text: str
    found: tuple[FoundThing, ...]
    total: int

    def __iter__(self) -> Iterator[FoundThing]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    @property
    def groups(self) -> dict[str, tuple[FoundThing, ...]]:
        """The things by kind, the kind of the best thing first."""
        groups: dict[str, list[FoundThing]] = {}
        for each in self.found:
            groups.setdefault(each.kind, []).append(each)
        return {kind: tuple(several) for kind, several in groups.items()}


def search_things(index: Index, text: str, *, limit: int = 30) -> Things:
    """Find things by a text.

    Found are things one of whose names (label, synonym, formula, symbol, InChIKey) is the text, begins with
    it or holds its words; substances of the same formula however it is written; substances that contain the
    element; and, where nothing else is found, names that differ by a slip or two.

    Args:
        index: the names.
        text: what somebody typed, such as ``LLZO``, ``zinc ox``, ``Li7La3Zr2O12`` or ``dendrits``.
        limit: how many things to give at most.
    """
    asked = fold(text[:200])
    found: dict[str, tuple[float, str]] = {}
    if asked:
        for score, iri, why in (
            *_by_name(index, asked),
            *_by_formula(index, text),
            *_by_element(index, text),
        ):
            if score > found.get(iri, (0.0, ""))[0]:
                found[iri] = score, why
        if not found:
            for score, iri, why in _by_slip(index, asked):
                if score > found.get(iri, (0.0, ""))[0]:
                    found[iri] = score, why
    ranked = sorted(found.items(), key=lambda each: (-each[1][0], -index.common.get(each[0], 0), each[0]))
    things = [
        FoundThing(iri, index.labels[iri], kind_of(iri), f"{why}{_owner(index, iri)}", score)
        for iri, (score, why) in ranked[:limit]
    ]
    return Things(text, tuple(things), len(ranked))


def _owner(index: Index, iri: str) -> str:
    """Of a body, the design that it is in: many are called alike."""
    design, _, body = iri.partition("/components/")
    return f", in {index.labels.get(design, design)}" if body else ""


def kind_of(iri: str) -> str:
    """What kind of thing an IRI is of, in words.

    >>> kind_of("https://w3id.org/lithiokg/id/substance/ZnO"), kind_of("https://w3id.org/lithiokg/Interlayer")
    ('substance', 'class')
    """
    if iri.startswith(ID):
        key = "component" if "/components/" in iri else iri.removeprefix(ID).partition("/")[0]
    else:
        key = "class" if iri.removeprefix(LKG)[:1].isupper() else "relation"
    return _KINDS.get(key, key.replace("-", " "))


def _by_name(index: Index, asked: str) -> Iterable[tuple[float, str, str]]:
    words = asked.split()
    stems = {token.stem for token in tokenize(asked)}
    for name in index.names:
        folded = fold(name.text)
        if folded == asked:
            yield _IS, name.iri, _called(index, name)
        elif folded.startswith(asked):
            # The shorter the rest of the name, the better.
            yield _BEGINS - min(len(folded) - len(asked), 40) / 4, name.iri, _called(index, name)
        elif stems <= set(name.stems):
            yield _WORDS - len(name.stems), name.iri, _called(index, name)
        elif all(any(part.startswith(word) for part in folded.split()) for word in words):
            yield _PARTS - len(name.stems), name.iri, _called(index, name)


def _called(index: Index, name: Named) -> str:
    return "its name" if name.text == index.labels[name.iri] else f"also called {name.text}"


def _by_formula(index: Index, text: str) -> Iterable[tuple[float, str, str]]:
    try:
        reduced = parse_formula(text.strip()).reduced
    except FormulaError:
        return
    for iri in index.formulas.get(reduced, ()):
        yield _FORMULA, iri, f"its reduced formula is {reduced}"


def _by_element(index: Index, text: str) -> Iterable[tuple[float, str, str]]:
    asked = fold(text)
    symbols = {
        formula
        for formula, iris in index.formulas.items()
        if _ELEMENT.fullmatch(formula)
        and (formula == text.strip() or any(fold(index.labels[iri]) == asked for iri in iris))
    }
    for formula, iris in index.formulas.items():
        if symbols & set(_ELEMENT.findall(formula)) and formula not in symbols:
            for iri in iris:
                yield _CONTAINS, iri, f"contains {', '.join(sorted(symbols))}"


def _by_slip(index: Index, asked: str) -> Iterable[tuple[float, str, str]]:
    if len(asked) < _SHORTEST or any(character.isdigit() for character in asked):
        return
    most = 1 if len(asked) <= 2 * _SHORTEST else 2
    for name in index.names:
        folded = fold(name.text)
        # The whole name, or one word of it, if the text is one word.
        against = [folded, *(folded.split() if " " not in asked else ())]
        apart = min(distance(asked, each, most) for each in against)
        if apart <= most:
            yield _SLIP - 5 * apart - (asked[:1] != folded[:1]), name.iri, f"much like {name.text}"
