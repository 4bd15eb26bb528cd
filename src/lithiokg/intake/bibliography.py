"""Works out of BibTeX, RIS and CSL-JSON files, as works and references of a source."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lithiokg.curation import COLLECTIONS
from lithiokg.identifiers import IdentifierError, normal_doi
from lithiokg.intake.cells import RefusedError, forbidden_character, short
from lithiokg.intake.citations import READERS, Entry
from lithiokg.intake.csvs import decoded
from lithiokg.intake.filling import Interpreted
from lithiokg.intake.keys import work_key
from lithiokg.intake.tree import Node, Scalar
from lithiokg.intake.twins import similar_works
from lithiokg.names import fold
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from lithiokg.errors import Place
    from lithiokg.intake.known import Known
    from lithiokg.intake.rows import Reading

__all__ = ["read_bibliographies"]

#: The most entries of one file, and the longest text of one field.
_MOST, _LONGEST = 5_000, 4_000
_REVIEW = re.compile(r"\breview\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(1[89][0-9]{2}|20[0-9]{2})\b")
_ARTICLES = {"article", "jour", "article-journal", "journal article"}


def read_bibliographies(paths: Sequence[Path], known: Known, source: str, reading: Reading) -> Interpreted:
    """Read works, each with an entry for itself, so that designs can be reported in it.

    Args:
        paths: files in one of the three formats, by their endings.
        known: what the graph has already; the works are checked against it.
        source: name of the source that they will be of.
        reading: takes problems and notes.

    Raises:
        UsageError: if the parser of a format is not installed.
    """
    found = Interpreted()
    entries: list[Entry] = []
    for path in paths:
        text = decoded(path, path.name, reading)
        if text is None:
            continue
        reader = READERS[path.suffix.lower()]
        try:
            entries += reader(text, path.name)
        except RefusedError as problem:
            reading.problems.append(problem)
    if len(entries) > _MOST:
        reading.problems.append(
            RefusedError(f"there are {len(entries):,} entries", mend=f"import at most {_MOST:,} at once")
        )
        return found
    maker = _Maker(known, source, reading, found)
    for entry in entries:
        maker.add(entry)
    if maker.known_already:
        more = "" if len(maker.known_already) <= 8 else f" and {len(maker.known_already) - 8} more"  # noqa: PLR2004
        reading.notes.append(
            f"{len(maker.known_already)} works are in the graph already and were left out: "
            f"{', '.join(maker.known_already[:8])}{more}"
        )
    if not found.collections and not reading.problems:
        reading.problems.append(
            RefusedError(
                "every work of the file is in the graph already" if entries else "the file holds no works",
                mend="refer to the works by their keys: " + ", ".join(maker.known_already[:8])
                if maker.known_already
                else "check that it is a BibTeX, RIS or CSL-JSON file",
            )
        )
    return found


class _Maker:
    """Makes records of entries, and sees to keys and twins."""

    def __init__(self, known: Known, source: str, reading: Reading, found: Interpreted) -> None:
        self.known, self.source, self.reading, self.found = known, source, reading, found
        self.known_already: list[str] = []
        self.seen: dict[str, Place] = {}
        self.number = 0
        base = COLLECTIONS["references"].base(source)
        taken = (iri.removeprefix(base) for iri in known.things(f"reference/{source}/"))
        self.number = max((int(key) for key in taken if key.isdecimal()), default=0)

    def _problem(self, message: str, entry: Entry, mend: str) -> None:
        self.reading.problems.append(RefusedError(message, place=entry.place, mend=mend))

    def add(self, entry: Entry) -> None:
        """Make a work and a reference of one entry, unless the graph or the file has it already."""
        if not self._clean(entry):
            return
        similar = similar_works(entry.doi, entry.title, self.known)
        if similar:
            iri, why = next(iter(similar.items()))
            self.known_already.append(f"{iri.removeprefix(ID + 'work/')} (by its {why})")
            return
        for mark in filter(None, (entry.doi, fold(entry.title))):
            if mark in self.seen:
                self._problem(
                    f"the work {short(entry.title)!r} is there twice, first at {self.seen[mark]}", entry,
                    "delete one of the two entries",
                )  # fmt: skip
                return
            self.seen[mark] = entry.place
        key = made = (
            work_key("; ".join(entry.authors[:1]) or entry.journal, entry.year, entry.title) or "work"
        )
        works = self.found.collections.setdefault("works", Node())
        count = 1
        while made in works.fields or self.known.is_record(f"{ID}work/{made}"):
            count += 1
            made = f"{key}-{count}"
        self._write(made, entry)

    def _clean(self, entry: Entry) -> bool:
        """Plain texts, a normal DOI, a year; false where the entry cannot be taken."""
        if not entry.title:
            self._problem(
                "an entry has no title", entry, "add it; a work is told from others by its title and DOI"
            )
            return False
        texts = [entry.title, entry.journal, entry.volume, entry.pages, *entry.authors]
        if any(forbidden_character(text) or len(text) > _LONGEST for text in texts):
            self._problem("an entry holds control characters or a very long text", entry, "correct the entry")
            return False
        if entry.doi:
            try:
                entry.doi = normal_doi(entry.doi)
            except IdentifierError as error:
                self._problem(error.message, entry, error.mend or "correct the DOI")
                return False
        if entry.year and not _YEAR.fullmatch(entry.year):
            found = _YEAR.search(entry.year)
            if found is None:
                self._problem(
                    f"{short(entry.year)!r} is no year", entry, "give the year of publication in four digits"
                )
                return False
            entry.year = found[1]
        return True

    def _write(self, key: str, entry: Entry) -> None:
        place = entry.place
        self.number += 1
        authors = ", ".join(entry.authors) + (", et al." if entry.others else "")
        family = entry.authors[0].rpartition(" ")[0] or entry.authors[0] if entry.authors else "Anonymous"
        several = " et al." if len(entry.authors) > 1 or entry.others else ""
        label = ", ".join(
            filter(None, [family + several, " ".join(filter(None, [entry.journal, entry.year]))])
        )
        article = entry.kind in _ARTICLES or bool(entry.journal)
        kinds = (["Review"] if _REVIEW.search(entry.kind) else []) + (["JournalArticle"] if article else [])
        work = Node(place)
        types = [Scalar(kind, place) for kind in kinds or ["Work"]]
        work.fields["type"] = types if len(types) > 1 else types[0]
        for name, text in (
            ("label", label),
            ("title", entry.title),
            ("authors", authors),
            ("journal", entry.journal),
        ):
            if text:
                work.fields[name] = Scalar(text, place)
        if entry.year:
            work.fields["year"] = Scalar(entry.year, place, bare=True)
        for name, text in (("volume", entry.volume), ("pages", entry.pages), ("doi", entry.doi)):
            if text:
                work.fields[name] = Scalar(text, place)
        number = str(self.number)
        reference = Node(place, {
            "label": Scalar(label, place),
            "reference-number": Scalar(number, place, bare=True),
            "document": Scalar(key, place),
            "refers-to": Scalar(key, place),
            "identification": Scalar("work-seen", place),
        })  # fmt: skip
        self.found.collections["works"].fields[key] = work
        self.found.collections.setdefault("references", Node()).fields[number] = reference
        self.found.nodes[f"work/{key}"] = work
        self.found.nodes[f"reference/{self.source}/{number}"] = reference
