"""Find a thing by any of its names, and a name for any thing."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG, PREFIXES, compact, expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from lithiokg.store import Store

__all__ = ["NAMING", "RDF_TYPE", "SUBCLASS", "Name", "NameIndex", "fold", "preference"]

_SKOS = PREFIXES["skos"]
RDF_TYPE = PREFIXES["rdf"] + "type"
SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
#: What a name can be, the better label first: a unit is best known by its symbol.
NAMING = (LKG + "symbol", _SKOS + "prefLabel", LKG + "formula", _SKOS + "altLabel", LKG + "inChIKey")

# Values of one property at a time join with nothing, which keeps this one pass over four indexes.
_NAMES = f"""
SELECT DISTINCT ?thing ?property ?name (LANG(?name) AS ?language) {{
  VALUES ?property {{ {" ".join(f"<{iri}>" for iri in NAMING)} }}
  ?thing ?property ?name
  FILTER(ISIRI(?thing))
}}
"""
_KINDS = f"""
SELECT DISTINCT ?thing ?property ?kind {{
  VALUES ?property {{ <{RDF_TYPE}> <{SUBCLASS}> }}
  ?thing ?property ?kind
  FILTER(ISIRI(?thing) && ISIRI(?kind))
}}
"""
#: Kinds of nodes that describe the data set and its mappings to machines: nobody asks for one by name.
_UNNAMED = (
    PREFIXES["owl"] + "Axiom",
    "http://rdfs.org/ns/void#",
    "http://www.w3.org/ns/dcat#",
    "http://xmlns.com/foaf/0.1/",
    "https://schema.org/",
    "https://w3id.org/sssom/",
)
_DASHES = re.compile(r"[\W_]+")
_BEST = 5

Classes: TypeAlias = "Mapping[str, set[str]]"


def fold(text: str) -> str:
    """The text without what people type differently: case, sub- and superscripts, punctuation, accents.

    >>> fold("Li₇La₃Zr₂O₁₂") == fold("li7la3zr2o12")
    True
    >>> fold("Area-specific  resistance") == fold("area_specific_resistance")
    True
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    # Folding twice must change nothing, and decomposing can bring new capitals and marks (ϔ, for one).
    folded = _DASHES.sub(" ", unicodedata.normalize("NFKC", plain.casefold())).strip()
    return folded if folded == text else fold(folded)


@dataclass(frozen=True, slots=True)
class Name:
    """One name of one thing."""

    iri: str
    text: str
    property: str
    language: str = ""


class NameIndex:
    """The names of everything in a snapshot.

    Labels are there at once; what only :meth:`resolve` needs is made when it is first needed.

    Args:
        names: the names as found.
        load_classes: gives the classes of each thing and the superclasses of each class.
    """

    def __init__(
        self, names: Iterable[Name], load_classes: Callable[[], tuple[Classes, Classes]] | None = None
    ) -> None:
        self._names = sorted(names, key=preference)
        self._load_classes = load_classes
        self._labels: dict[str, str] = {}
        for name in self._names:
            self._labels.setdefault(name.iri, name.text)

    @classmethod
    def from_store(cls, store: Store) -> NameIndex:
        """Read the names of everything in a store (one query), and its classes when they are first needed.

        Raises:
            LithioKGError: if the store answers with anything but a table.
        """
        names = (
            Name(thing, text, which, language)
            for thing, which, text, language in _rows(store, _NAMES)
            if language in {"", "en"} or language.startswith("en-")
        )

        def load_classes() -> tuple[Classes, Classes]:
            kinds: defaultdict[str, set[str]] = defaultdict(set)
            parents: defaultdict[str, set[str]] = defaultdict(set)
            for thing, which, kind in _rows(store, _KINDS):
                if which == RDF_TYPE and kind.startswith(_UNNAMED):
                    continue
                (kinds if which == RDF_TYPE else parents)[thing].add(kind)
            return kinds, parents

        return cls(names, load_classes)

    @cached_property
    def _classes(self) -> tuple[Classes, Classes]:
        return self._load_classes() if self._load_classes else ({}, {})

    @cached_property
    def _exact(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for name in self._names:
            found[name.text].add(name.iri)
        for iri in self._things:
            for key in _keys(iri):
                found[key].add(iri)
        return found

    @cached_property
    def _folded(self) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for text, iris in self._exact.items():
            found[fold(text)] |= iris
        found.pop("", None)  # punctuation alone names nothing
        return found

    @cached_property
    def _things(self) -> frozenset[str]:
        kinds, parents = self._classes
        return frozenset({*self._labels, *kinds, *parents})

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, iri: object) -> bool:
        return iri in self._things

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing is stated or derived to be of a class or one of its subclasses."""
        kinds, parents = self._classes
        waiting, seen = list(kinds.get(iri, ())), set[str]()
        while waiting:
            current = waiting.pop()
            if current == kind:
                return True
            if current not in seen:
                seen.add(current)
                waiting += parents.get(current, ())
        return False

    def resolve(self, text: str, *, kinds: str | None = None) -> str:
        """The IRI of the thing that a text names.

        Tried in this order: IRI and CURIE; any name, local name or path below ``id/`` as written; the
        same with case, punctuation, sub- and superscripts folded. A ``kinds`` class narrows each step.

        Args:
            text: what the user wrote.
            kinds: the IRI or CURIE of a class that the thing must belong to.

        Returns:
            The IRI.

        Raises:
            UsageError: if nothing or more than one thing bears the name; the message lists what does.
        """
        asked = text.strip()
        kind = expand(kinds) if kinds else None
        iri = expand(asked.removeprefix("<").removesuffix(">"))
        if self._is_thing(iri):
            if kind and not self.is_a(iri, kind):
                raise UsageError(f"{self._described(iri)} is not of the kind {self.label(kind)}")
            return iri
        of_other_kinds: set[str] = set()
        for found in (self._called(asked), self._folded.get(fold(asked), set())):
            fitting = {each for each in found if kind is None or self.is_a(each, kind)}
            # Beside a bridge to another ontology, a name of ours is meant.
            fitting = {each for each in fitting if each.startswith(LKG)} or fitting
            if len(fitting) == 1:
                return fitting.pop()
            if fitting:
                raise self._ambiguous(text, fitting)
            of_other_kinds |= found
        raise self._unknown(text, kind, of_other_kinds)

    def _is_thing(self, iri: str) -> bool:
        return iri in self._things

    def _called(self, text: str) -> set[str]:
        """What bears a name as it is written, or has it for its key."""
        return self._exact.get(text, set())

    def closest(self, text: str, *, kinds: str | None = None) -> list[str]:
        """The IRIs of the few things whose names are spelled most like a text, the likest first.

        Args:
            text: what nothing is called.
            kinds: the IRI or CURIE of a class that the things must belong to.
        """
        names: Mapping[str, set[str]] = self._folded
        if kinds:
            kind = expand(kinds)
            names = {name: fit for name, all_ in names.items() if (fit := self._of(kind, all_))}
        best: dict[str, None] = {}
        for close in difflib.get_close_matches(fold(text), names, n=3 * _BEST, cutoff=0.6):
            best.update(dict.fromkeys(sorted(names[close])))
        return list(best)[:_BEST]

    def entries(self) -> Iterator[Name]:
        """Every name of every thing, the best of each thing before its others."""
        return iter(self._names)

    def label(self, iri: str) -> str:
        """The name by which people know a thing: a symbol, else the preferred label, else the CURIE."""
        return self._labels.get(iri) or compact(iri)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """The labels of several things, by IRI."""
        return {iri: self.label(iri) for iri in iris}

    def _described(self, iri: str) -> str:
        label, curie = self.label(iri), compact(iri)
        return curie if label == curie else f"{label} ({curie})"

    def _ambiguous(self, text: str, found: set[str]) -> UsageError:
        candidates = "\n".join(f"    {self._described(iri)}" for iri in sorted(found))
        return UsageError(
            f"{text!r} names {len(found)} things:\n{candidates}", mend="write one of the CURIEs in brackets"
        )

    def _unknown(self, text: str, kind: str | None, of_other_kinds: set[str]) -> UsageError:
        what = f"no {self.label(kind)}" if kind else "nothing"
        if of_other_kinds:
            others = ", ".join(self._described(iri) for iri in sorted(of_other_kinds)[:_BEST])
            return UsageError(f"{what} is called {text!r}; of another kind: {others}")
        best = self.closest(text, kinds=kind)
        if not best:
            return UsageError(f"{what} is called {text!r}", mend="search the labels, or give an IRI or CURIE")
        guesses = ", ".join(map(self._described, best))
        return UsageError(f"{what} is called {text!r}", mend=f"did you mean {guesses}?")

    def _of(self, kind: str, iris: set[str]) -> set[str]:
        return {iri for iri in iris if self.is_a(iri, kind)}


def preference(name: Name) -> tuple[int, bool, str, str]:
    """Sorts the names of a thing, the best label first."""
    return (NAMING.index(name.property), name.language != "en", name.text, name.iri)


def _rows(store: Store, text: str) -> Iterable[tuple[str, ...]]:
    table = store.query(text)
    if not isinstance(table, Table):
        raise LithioKGError("the store did not answer with a table")
    return (tuple("" if term is None else getattr(term, "value", str(term)) for term in row) for row in table)


def _keys(iri: str) -> tuple[str, ...]:
    """What may stand for an IRI: its last part, and below ``id/`` the whole path."""
    if iri.startswith(ID):
        path = iri.removeprefix(ID)
        return tuple({path, path.rpartition("/")[2]} - {""})
    local = re.split(r"[/#]", iri)[-1]
    return (local,) if local else ()
