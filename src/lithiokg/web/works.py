"""The literature: references, the works behind them, and what in the graph rests on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.export import bibliography_entries
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.export.bibliography import Entry
    from lithiokg.web.site import Site

__all__ = ["Cited", "cited_works", "key_of", "supported_by"]


@dataclass(frozen=True, slots=True)
class Cited:
    """One reference of a document, with what rests on it.

    Attributes:
        iri: the reference; ``work``: the work that it names, or empty.
        entry: its bibliographic record.
        document: the citing work.
        status: IRI of how sure the identification is.
        designs, figures, claims: what rests on it.
    """

    iri: str
    work: str
    entry: Entry
    document: str
    status: str
    designs: tuple[str, ...]
    figures: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def authors(self) -> str:
        """The first author, and whether there are more."""
        if not self.entry.authors:
            return ""
        first = " ".join(filter(None, self.entry.authors[0]))
        return f"{first} et al." if len(self.entry.authors) > 1 or self.entry.more else first

    @property
    def words(self) -> str:
        """Everything that a filter looks through."""
        entry = self.entry
        names = " ".join(" ".join(each) for each in entry.authors)
        return f"{entry.title or ''} {names} {entry.journal or ''} {entry.year or ''} {entry.doi or ''} {entry.note}"


def key_of(reference: str) -> str:
    """The key of a reference in a bibliography.

    >>> key_of("https://w3id.org/lithiokg/id/reference/energymater-2021-21/26")
    'energymater-2021-21-ref-26'
    """
    document, _, number = reference.removeprefix(f"{ID}reference/").rpartition("/")
    return f"{document}-ref-{number}"


def cited_works(site: Site) -> Mapping[str, Cited]:
    """All references by IRI, by document and number."""

    def made() -> Mapping[str, Cited]:
        entries = {entry.key: entry for entry in bibliography_entries(site.store)}
        found = [iri for iri in site.members(LKG + "Reference") if key_of(iri) in entries]
        found.sort(key=lambda iri: (site.first(iri, "inDocument"), entries[key_of(iri)].number))
        return {iri: _cited(site, iri, entries[key_of(iri)]) for iri in found}

    return site.remember(("works",), made)


def _cited(site: Site, iri: str, entry: Entry) -> Cited:
    figures, claims = supported_by(site, iri)
    return Cited(
        iri,
        site.first(iri, "refersTo"),
        entry,
        site.first(iri, "inDocument"),
        site.first(iri, "identificationStatus"),
        tuple(site.by_label(site.subjects("reportedIn", iri))),
        figures,
        claims,
    )


def supported_by(site: Site, reference: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures and the claims whose evidence leads to a reference."""
    nodes = site.subjects("resolvedReference", reference)
    rows = [each for each in nodes if site.is_a(each, "TableRow")]
    evidence = {each for each in nodes if each not in rows}
    evidence |= {each for row in rows for each in site.subjects("inTableRow", row)}
    held = {each for node in evidence for each in site.subjects("hasEvidence", node)}
    figures = tuple(sorted(each for each in held if site.is_a(each, "Observation")))
    claims = tuple(sorted(each for each in held if site.is_a(each, "Claim")))
    return figures, claims
