"""All that matching needs, read from graph and headers once and kept in a file beside the snapshot.

To read a hundred headers, the classes of some thousand things and their names takes most of a second; from
the file it takes a few hundredths. The file is made anew when a question, ``words.yaml`` or the snapshot changes.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import astuple, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import lithiokg
from lithiokg.files import read_kept, write_kept
from lithiokg.identifiers import FormulaError, parse_formula
from lithiokg.matching.cards import Card, Phrasing, Slot, card_of
from lithiokg.matching.words import WORDS, Words, load_words, tokenize
from lithiokg.names import Name
from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG, PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from lithiokg.names import NameIndex
    from lithiokg.questions import Question
    from lithiokg.sources import Sources
    from lithiokg.store import Store

__all__ = ["Index", "Named", "open_index"]

#: To be raised when what is in the file changes.
_FORMAT = 3
_FILE = "matching.json"
_ABBREVIATION = re.compile(r"[A-Z]{2,5}")
_OWL_CLASS = PREFIXES["owl"] + "Class"
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_TYPE = PREFIXES["rdf"] + "type"
_FORMULAS = f"SELECT ?thing ?formula {{ ?thing <{LKG}reducedFormula> ?formula }} ORDER BY ?thing"
_COUNTS = "SELECT ?thing (COUNT(*) AS ?number) { ?s ?p ?thing FILTER(ISIRI(?thing)) } GROUP BY ?thing"
#: Kinds of things whose keys are words.
_KEYED = frozenset({"substance", "design", "phenomenon", "property", "strategy", "mechanism", "group"})
#: Nobody means these by their names: they have units, numbers and places of their own to be asked by.
_UNNAMED = tuple(f"{ID}{kind}/" for kind in ("unit", "question", "table", "column", "row", "caption"))


@dataclass(frozen=True, slots=True)
class Named:
    """A name of a thing.

    Attributes:
        iri: the thing.
        text: the name as it is written.
        stems: the stems of its words that say something.
    """

    iri: str
    text: str
    stems: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """What matching knows.

    Attributes:
        cards: the questions.
        words: words that mean the same or say nothing.
        names: the names of things.
        kinds: which things may fill slots, by the keys of :func:`lithiokg.matching.cards.kinds_of`.
        common: how many statements speak of a thing.
        formulas: things by reduced formula.
        labels: the name by which people know a thing.
    """

    cards: tuple[Card, ...]
    words: Words
    names: tuple[Named, ...]
    kinds: Mapping[str, frozenset[str]]
    common: Mapping[str, int]
    formulas: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str] = field(default_factory=dict)

    def write(self, path: Path, stamp: str) -> None:
        """Write the index to a file; that it cannot be written is no failure."""
        content = {
            "stamp": stamp,
            "cards": [astuple(card) for card in self.cards],
            "words": [
                sorted(self.words.ignored),
                sorted(self.words.weak),
                self.words.same,
                self.words.short,
                sorted(self.words.plain),
            ],
            "names": [astuple(name) for name in self.names],
            "kinds": {key: sorted(iris) for key, iris in self.kinds.items()},
            "common": dict(self.common),
            "formulas": dict(self.formulas),
            "labels": dict(self.labels),
        }
        write_kept(path, json.dumps(content).encode())

    @classmethod
    def read(cls, path: Path, stamp: str) -> Index | None:
        """The index of a file, or ``None`` if it is not there or of another stamp."""
        kept = read_kept(path)
        content = None if kept is None else json.loads(kept)
        if content is None or content["stamp"] != stamp:
            return None
        ignored, weak, same, short, plain = content["words"]
        return cls(
            cards=tuple(map(_card, content["cards"])),
            words=Words(
                frozenset(ignored),
                frozenset(weak),
                tuple((one, other) for one, other in same),
                tuple((one, tuple(stems)) for one, stems in short),
                frozenset(plain),
            ),
            names=tuple(Named(iri, text, tuple(stems)) for iri, text, stems in content["names"]),
            kinds={key: frozenset(iris) for key, iris in content["kinds"].items()},
            common=content["common"],
            formulas={key: tuple(iris) for key, iris in content["formulas"].items()},
            labels=content["labels"],
        )


def open_index(
    store: Store, sources: Sources, load_names: Callable[[], NameIndex], folder: Path | None = None
) -> Index:
    """The index of a graph and its questions.

    Args:
        store: the graph.
        sources: where the questions are.
        load_names: gives the names in the graph, where they must be read.
        folder: the folder of the snapshot, where there is one to keep the index in.

    Raises:
        LithioKGError: if a question or ``words.yaml`` is malformed.
    """
    stamp = _stamp(sources)
    if folder is not None and (kept := Index.read(folder / _FILE, stamp)):
        return kept
    from lithiokg.questions import load_questions  # noqa: PLC0415

    questions = load_questions(*sources.question_folders).values()
    index = _make(store, load_names(), questions, load_words(sources.queries))
    if folder is not None:
        index.write(folder / _FILE, stamp)
    return index


def _stamp(sources: Sources) -> str:
    """What changes with each question, each word and each version of the program."""
    digest = hashlib.sha256(f"{_FORMAT} {lithiokg.__version__}".encode())
    for folder in sources.question_folders:
        for path in (*sorted(folder.glob("*/*.rq")), folder / WORDS):
            try:
                state = path.stat()
            except OSError:
                continue
            digest.update(f"\n{path} {state.st_mtime_ns} {state.st_size}".encode())
    return digest.hexdigest()


def _make(store: Store, names: NameIndex, questions: Iterable[Question], words: Words) -> Index:
    named = tuple(_named(names, words))
    questions = list(questions)
    words = replace(words, short=tuple(sorted(_abbreviations(named, names, questions).items())))
    cards = tuple(card_of(question, words) for question in questions)
    iris = {name.iri for name in named}
    counts = {iri: int(number) for iri, number in _rows(store, _COUNTS)}
    formulas: dict[str, tuple[str, ...]] = {}
    synonyms = ((name.iri, reduced) for name in named if (reduced := _reduced(name.text)))
    for iri, formula in (*_rows(store, _FORMULAS), *synonyms):
        formulas[formula] = tuple(dict.fromkeys((*formulas.get(formula, ()), iri)))
    return Index(
        cards=cards,
        words=words,
        names=named,
        kinds=_kinds(store, cards, iris),
        common={iri: counts[iri] for iri in sorted(iris) if iri in counts},
        formulas=formulas,
        labels={iri: names.label(iri) for iri in sorted(iris)},
    )


def _abbreviations(
    named: Iterable[Named], names: NameIndex, questions: Iterable[Question]
) -> dict[str, tuple[str, ...]]:
    """What the abbreviations of the ontology stand for, where questions are put in it: ASR, but not SEI."""
    found: dict[str, tuple[str, ...]] = {}
    said = {
        f" {' '.join(token.stem for token in tokenize(text))} "
        for question in questions
        for text in (question.title, question.question, *question.asks)
    }
    for name in named:
        spelled = name.iri.startswith((f"{ID}property/", f"{ID}phenomenon/")) or not name.iri.startswith(ID)
        if not spelled or not _ABBREVIATION.fullmatch(name.text):
            continue
        stems = tuple(token.stem for token in tokenize(names.label(name.iri)))
        spelled_out = f" {' '.join(stems)} "
        if stems[0][0] == name.text[0].lower() and any(spelled_out in each for each in said):
            found.setdefault(name.stems[0], stems)
    return found


def _reduced(name: str) -> str:
    """The reduced formula of a name that is a formula: of garnet, Li7La3Zr2O12 is but a synonym."""
    if not (
        name.isascii() and name[0].isupper() and any(each.isdigit() for each in name) and " " not in name
    ):
        return ""
    try:
        return parse_formula(name).reduced
    except FormulaError:
        return ""


def _named(names: NameIndex, words: Words) -> Iterable[Named]:
    seen: set[tuple[str, tuple[str, ...]]] = set()
    entries = [name for name in names.entries() if name.iri.startswith(LKG)]
    for name in (*entries, *_keys(dict.fromkeys(name.iri for name in entries))):
        if name.iri.startswith(_UNNAMED):
            continue
        # An ignored word in capitals may be a symbol: the In of Li-In.
        stems = tuple(
            token.stem
            for token in tokenize(name.text)
            if token.stem not in words.ignored or not token.text.islower()
        )
        if stems and (name.iri, stems) not in seen:
            seen.add((name.iri, stems))
            yield Named(name.iri, name.text, stems)


def _keys(iris: Iterable[str]) -> Iterable[Name]:
    """The keys of records are names too: garnet, zno-interlayer-on-garnet."""
    for iri in iris:
        kind, _, key = iri.removeprefix(ID).partition("/")
        if iri.startswith(ID) and key and "/" not in key and kind in _KEYED:
            yield Name(iri, key, "")


def _kinds(store: Store, cards: Iterable[Card], iris: set[str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {"*": frozenset(iris)}
    for key in sorted({key for card in cards for slot in card.slots for key in slot.kinds} - {"*"}):
        kind, _, curie = key.rpartition("class:")
        of_class = kind == "" and key.startswith("class:")
        if curie == "*":
            pattern = f"?thing a <{_OWL_CLASS}>"
        elif of_class:
            pattern = f"?thing <{_SUBCLASS}>* <{expand(curie)}>"
        else:
            pattern = f"?thing a/<{_SUBCLASS}>* <{expand(curie)}>"
        rows = _rows(store, f"SELECT DISTINCT ?thing {{ {pattern} }}")
        found[key] = frozenset(iri for (iri,) in rows if iri in iris)
    return found


def _rows(store: Store, text: str) -> Iterable[tuple[str, ...]]:
    table = store.query(text)
    assert isinstance(table, Table)  # noqa: S101  # it is a SELECT
    return (tuple(getattr(term, "value", str(term)) for term in row) for row in table)


def _card(content: list[Any]) -> Card:
    name, title, sentence, slots, phrasings, described = content
    return Card(
        name,
        title,
        sentence,
        tuple(
            Slot(n, label, type_, tuple(kinds), tuple(choices), unit, bound, default, required)
            for n, label, type_, kinds, choices, unit, bound, default, required in slots
        ),
        tuple(Phrasing(text, tuple(each)) for text, each in phrasings),
        tuple(described),
    )
