"""What the graph knows already, as far as names go: to read a cell by, to choose from, to warn of twins."""

from __future__ import annotations

import difflib
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.intake.cells import short
from lithiokg.intake.words import (
    UnknownNameError,
    direct,
    key_of,
    named_apart,
    plain_name,
    spellings,
    suggest,
)
from lithiokg.names import fold
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.curation import Places
    from lithiokg.errors import Place

__all__ = ["Known", "UnknownNameError", "plain_name"]

_SKOS, _RDF, _RDFS, _OWL = (PREFIXES[name] for name in ("skos", "rdf", "rdfs", "owl"))
_LABEL, _ALSO = _SKOS + "prefLabel", _SKOS + "altLabel"
_NAMING = (_LABEL, _ALSO, LKG + "formula", LKG + "symbol")
_KEPT = {
    *_NAMING,
    _SKOS + "definition",
    LKG + "doi",
    LKG + "title",
    LKG + "reducedFormula",
    LKG + "publicationYear",
}
_BEST = 3
#: The kind of what a row declares, before it is read.
_OWN = "(a row)"


class Known:
    """Names, classes and places of everything in some records and the ontology.

    Args:
        quads: ontology and records.
        places: where the records stand.
    """

    def __init__(self, quads: Iterable[ox.Quad], places: Places | None = None) -> None:
        self._texts: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._parents: defaultdict[str, set[str]] = defaultdict(set)
        self._derived: set[str] = set()
        self._relations: defaultdict[str, int] = defaultdict(int)
        self._places = places
        self._class_names: dict[str, dict[str, str]] = {}
        self._texts_of: dict[str, dict[str, list[str]]] = {}
        for quad in quads:
            self._take(quad)

    def _take(self, quad: ox.Quad) -> None:
        if not isinstance(quad.subject, ox.NamedNode):
            return
        about, relation, value = quad.subject.value, quad.predicate.value, quad.object
        if relation in _KEPT and isinstance(value, ox.Literal):
            self._texts[about][relation].append(value.value)
        elif relation == _RDF + "type" and isinstance(value, ox.NamedNode):
            self._types[about].add(value.value)
        elif relation == _RDFS + "subClassOf" and isinstance(value, ox.NamedNode):
            self._parents[about].add(value.value)
        elif relation == _OWL + "equivalentClass":
            self._derived.add(about)
        elif relation == LKG + "claimRelation" and isinstance(value, ox.NamedNode):
            self._relations[value.value] += 1

    # --- single things --------------------------------------------------------------------------------

    def __contains__(self, iri: str) -> bool:
        return iri in self._types

    def is_record(self, iri: str) -> bool:
        """Whether a thing is described, rather than just named by the ontology."""
        return bool(self._types.get(iri, set()) - {_OWL + "NamedIndividual", _OWN})

    def place(self, iri: str) -> Place | None:
        """Where a record is written."""
        return self._places.of(iri) if self._places else None

    def text(self, iri: str, relation: str) -> str:
        """The first text that a thing has of a property, else nothing."""
        found = self._texts[iri][relation] if iri in self._texts and relation in self._texts[iri] else []
        return found[0] if found else ""

    def label(self, iri: str) -> str:
        """The preferred label, else the last part of the IRI."""
        return self.text(iri, _LABEL) or iri.rpartition("/")[2]

    def definition(self, iri: str) -> str:
        """The definition, else nothing."""
        return self.text(iri, _SKOS + "definition")

    def names(self, iri: str) -> list[str]:
        """Every name of a thing: key, labels, formula."""
        texts: Mapping[str, list[str]] = self._texts.get(iri, {})
        return [iri.rpartition("/")[2], *(text for relation in _NAMING for text in texts.get(relation, ()))]

    def described(self, iri: str) -> str:
        """A thing as a message names it.

        For a record the key, which is what a cell takes, with the label behind it.
        """
        key, label = key_of(iri), self.label(iri)
        return key if key == label else f"{key} ({short(label)})"

    def declare(self, iri: str, names: list[str]) -> None:
        """Add a thing that is about to be, under its names."""
        folder = iri.rpartition("/")[0].removeprefix(ID) + "/"
        self._types[iri].add(_OWN)
        for relation, name in zip((_LABEL, *[_ALSO] * len(names)), names, strict=False):
            self._texts[iri][relation].append(name)
        self._folders.setdefault(folder, set()).add(iri)
        spelled = self._spelled.setdefault(folder, {})
        for name in self.names(iri):
            spelled.setdefault(plain_name(name), set()).add(iri)

    def spelling(self, iri: str, folder: str) -> str:
        """How a thing of a folder is best written into a cell: its label where that names nothing else."""
        label = self.label(iri)
        try:
            return label if self.find(label, folder) == iri else iri.removeprefix(ID + folder)
        except UnknownNameError:
            return iri.removeprefix(ID + folder)

    def same_name(self, text: str, folder: str) -> list[str]:
        """The things of the graph in a folder that bear a name but for capitals, blanks and punctuation."""
        wanted = {fold(spelling) for spelling in spellings(text)} - {""}
        return sorted(
            iri for iri in self._folders.get(folder, ())
            if self.is_record(iri) and not wanted.isdisjoint(map(fold, self.names(iri)))
        )  # fmt: skip

    # --- classes --------------------------------------------------------------------------------------

    def is_below(self, kind: str, root: str) -> bool:
        """Whether a class is another or one of its subclasses."""
        waiting, seen = [kind], set[str]()
        while waiting:
            current = waiting.pop()
            if current == root:
                return True
            if current not in seen:
                seen.add(current)
                waiting += self._parents.get(current, ())
        return False

    def stated_classes(self, root: str) -> list[str]:
        """The classes below one (below any, for none) that a record may be given, by label.

        A class with a definition is derived instead.
        """
        classes = {
            iri for iri, kinds in self._types.items() if _OWL + "Class" in kinds and iri.startswith(LKG)
        }
        found = {iri for iri in classes - self._derived if not root or self.is_below(iri, root)}
        return sorted(found, key=lambda iri: self.label(iri).casefold())

    def klass(self, text: str, root: str) -> str:
        """The class that a name means, as its local name.

        Raises:
            UnknownNameError: if there is none below the root, or a record may not be given it.
        """
        wanted = text.strip().casefold()
        if root not in self._class_names:
            self._class_names[root] = {
                name.casefold(): iri.removeprefix(LKG)
                for iri in reversed(self.stated_classes(root))
                for name in reversed(self.names(iri))
            }
        if wanted in self._class_names[root]:
            return self._class_names[root][wanted]
        allowed = self.stated_classes(root)
        for iri in self._derived:
            if wanted in {iri.removeprefix(LKG).casefold(), self.label(iri).casefold()}:
                raise UnknownNameError(
                    f"{short(text)!r} is derived, never typed in",
                    "state the facts that lead to it: bodies, constituents, contacts, precursors, treatments, "
                    "reactions; what a source calls the thing is a claim",
                )
        spelled = {name.casefold(): self.label(iri) for iri in allowed for name in self.names(iri)}
        kind = self.label(root)
        raise UnknownNameError(f"{short(text)!r} is no kind of {kind}", suggest(wanted, spelled))

    # --- names ----------------------------------------------------------------------------------------

    @cached_property
    def _folders(self) -> defaultdict[str, set[str]]:
        """Everything below ``id/`` by its folder."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for iri, kinds in self._types.items():
            if iri.startswith(ID) and kinds:
                found[iri.rpartition("/")[0].removeprefix(ID) + "/"].add(iri)
        return found

    @cached_property
    def _spelled(self) -> dict[str, dict[str, set[str]]]:
        """For each folder, what is called by a name exactly."""
        return {folder: self._index(iris) for folder, iris in self._folders.items()}

    def _index(self, iris: Iterable[str]) -> dict[str, set[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for iri in iris:
            for name in self.names(iri):
                found[plain_name(name)].add(iri)
        return found

    def things(self, folder: str) -> list[str]:
        """Everything of the graph in a folder, by label."""
        there = (iri for iri in self._folders.get(folder, ()) if self.is_record(iri))
        return sorted(there, key=lambda iri: self.label(iri).casefold())

    def find(self, text: str, folder: str) -> str:
        """The IRI of the thing in a folder that a text names: its key, a CURIE, or one of its names exactly.

        A name that is merely like one is not taken for it. In a vocabulary, where names cannot be mistaken
        for formulas, capitals do not count.

        Raises:
            UnknownNameError: if nothing or more than one thing bears the name.
        """
        found = self._bearers(text, folder)
        if len(found) == 1:
            return next(iter(found))
        what = folder.partition("/")[0].replace("-", " ")
        if found:
            listed = ", ".join(sorted(map(self.described, found)))
            raise UnknownNameError(
                f"{short(text)!r} is the name of several", f"write the key of one: {listed}"
            )
        raise UnknownNameError(f"there is no {what} {short(text)!r}", self.mend(text, folder))

    def lookup(self, text: str, folder: str) -> str | None:
        """What :meth:`find` finds, or nothing."""
        found = self._bearers(text, folder)
        return next(iter(found)) if len(found) == 1 else None

    def _bearers(self, text: str, folder: str) -> set[str]:
        """The things in a folder that bear a name."""
        name = plain_name(text)
        iri = direct(name, folder)
        if iri in self._types:
            return {iri}
        spelled = self._spelled.get(folder, {})
        found = spelled.get(name, set())
        if not found and not folder.startswith(("substance/", "design/", "work/")):
            lower = name.casefold()
            found = {iri for key, iris in spelled.items() if key.casefold() == lower for iri in iris}
        return found

    def mend(self, text: str, folder: str) -> str:
        """What a name in a folder may have been meant for."""
        apart = self._apart(text) if folder == "substance/" else self._elsewhere(text, folder)
        close = self.near(text, folder)
        if close and not (apart and folder == "substance/"):
            meant = f"did you mean {' or '.join(map(self.described, close))}?"
            return f"{meant} {apart}".rstrip()
        if apart:
            return apart
        listed = [key_of(iri) for iri in self.things(folder)]
        if folder == "substance/":
            return "add a row for it in the sheet substances, if it is a substance of its own"
        if folder.startswith(("design/", "work/", "section/", "reference/")):
            return f"add a row for it in the sheet {folder.partition('/')[0]}s"
        return f"known are: {', '.join(listed[:12])}{' ...' if len(listed) > 12 else ''}"  # noqa: PLR2004

    def _apart(self, text: str, *, substances: bool = True) -> str:
        """The mend for a cell that names several substances in one, or says how much there is of one.

        Where it may name other things, too, all parts must be substances that are known.
        """
        parts, amount = named_apart(text)
        found = [self.lookup(part, "substance/") for part in parts]
        listed = "; ".join(key_of(iri) if iri else part for iri, part in zip(found, parts, strict=True))
        if amount and parts and (substances or all(found)):
            return (
                f"leave the amount out of this cell and write {listed}; how much there is goes into the note, or is "
                "an observation, such as a salt concentration"
            )
        return f"write each substance by itself: {listed}" if len(parts) > 1 and all(found) else ""

    def _elsewhere(self, text: str, folder: str) -> str:
        """The mend where another source has the section of this name."""
        if not folder.startswith("section/"):
            return ""  # references are numbered alike in every source
        others = [
            other for other in sorted(self._spelled) if other.startswith("section/") and other != folder
        ]
        found = [iri for other in others if (iri := self.lookup(text, other))]
        if not found:
            return ""
        sources = [iri.split("/")[-2] for iri in found]
        given = f"import with --source {sources[0]} if the rows belong there, or " if len(found) == 1 else ""
        written = " or ".join(f"lkgi:{iri.removeprefix(ID)}" for iri in found[:_BEST])
        return (
            f"there is one in the source {' and '.join(sources[:_BEST])}: {given}write {written} if it is meant; "
            "else add a row for it in the sheet sections"
        )

    def near(self, text: str, folder: str) -> list[str]:
        """The things in a folder whose names are most like a text, the likest first."""
        found: dict[str, None] = {}
        folded: defaultdict[str, set[str]] = defaultdict(set)
        for name, iris in self._spelled.get(folder, {}).items():
            folded[fold(name)] |= iris
        for spelling in spellings(text):
            found.update(dict.fromkeys(sorted(folded.get(fold(spelling), ()))))
        if not found:
            # Long names are told apart by less than short ones, in which a letter is an element.
            cutoff = 0.75 if folder == "substance/" else 0.6
            close = difflib.get_close_matches(fold(text[:80]), folded, n=_BEST, cutoff=cutoff)
            found.update((iri, None) for match in close for iri in sorted(folded[match]))
        return list(found)[:_BEST]

    def anything(self, text: str) -> str:
        """The IRI of whatever a text names, anywhere below ``id/``.

        Raises:
            UnknownNameError: if nothing or more than one thing bears the name.
        """
        name = plain_name(text)
        iri = direct(name, "")
        if iri in self._types:
            return iri
        found = {iri for folder in self._usual for iri in self._spelled[folder].get(name, ())}
        if not found:
            lower = name.casefold()
            found = {
                iri for folder in self._usual for key, iris in self._spelled[folder].items()
                if key.casefold() == lower and not folder.startswith("substance/") for iri in iris
            }  # fmt: skip
        if len(found) == 1:
            return next(iter(found))
        if found:
            listed = ", ".join(sorted(iri.removeprefix(ID) for iri in found))
            raise UnknownNameError(f"{short(text)!r} is the name of several", f"write one of: {listed}")
        if apart := self._apart(text, substances=False):
            raise UnknownNameError(f"nothing is called {short(text)!r}", apart)
        nearest = {iri for folder in self._usual for iri in self.near(text, folder)}
        close = sorted(nearest, key=lambda iri: (-self._likeness(text, iri), iri))[:_BEST]
        mend = f"did you mean {' or '.join(iri.removeprefix(ID) for iri in close)}?" if close else ""
        raise UnknownNameError(
            f"nothing is called {short(text)!r}", mend or "write its folder and key, such as substance/ZnO"
        )

    def _likeness(self, text: str, iri: str) -> float:
        wanted = fold(text[:80])
        return max(difflib.SequenceMatcher(None, wanted, fold(name)).ratio() for name in self.names(iri))

    @cached_property
    def _usual(self) -> list[str]:
        """The folders that a name alone is looked up in; sections, rows and observations need their path."""
        apart = ("section/", "row/", "column/", "table/", "paragraph/", "caption/", "claim/", "reference/",
                 "unit/", "discrepancy", "observation/", "work/", "identification/", "doubt/")  # fmt: skip
        return sorted(
            folder for folder in self._folders if folder.count("/") == 1 and not folder.startswith(apart)
        )

    def relation(self, text: str) -> str:
        """The object property that a name means, as its local name.

        Raises:
            UnknownNameError: if there is none.
        """
        wanted = text.strip().casefold()
        if wanted in self._relation_names:
            return self._relation_names[wanted].removeprefix(LKG)
        spelled = {name: self.label(iri) for name, iri in self._relation_names.items()}
        raise UnknownNameError(f"there is no relation {short(text)!r}", suggest(wanted, spelled))

    @cached_property
    def _relation_names(self) -> dict[str, str]:
        properties = [iri for iri, kinds in self._types.items() if _OWL + "ObjectProperty" in kinds]
        return {
            name.casefold(): iri for iri in properties for name in (self.label(iri), iri.removeprefix(LKG))
        }

    def relations(self) -> list[str]:
        """The relations that claims use, by label."""
        return sorted(self._relations, key=lambda iri: self.label(iri).casefold())

    def with_text(self, relation: str) -> dict[str, list[str]]:
        """The things that have a text of a property, by the text."""
        if relation not in self._texts_of:
            found: defaultdict[str, list[str]] = defaultdict(list)
            for iri, texts in self._texts.items():
                for text in texts.get(relation, ()):
                    found[text].append(iri)
            self._texts_of[relation] = dict(found)
        return self._texts_of[relation]
