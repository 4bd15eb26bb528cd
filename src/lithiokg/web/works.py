"""The literature: references, the works behind them, and what in the graph rests on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.export import bibliography_entries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.export.bibliography import Entry
    from lithiokg.web.site import Site

__all__ = ["Cited", "cited_works", "supported_by"]


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
    def itself(self) -> bool:
        """Whether it is the paper that was read, and not one that it cites."""
        return bool(self.work) and self.work == self.document

    @property
    def words(self) -> str:
        """Everything that a filter looks through."""
        entry = self.entry
        names = " ".join(" ".join(each) for each in entry.authors)
        return f"{entry.title or ''} {names} {entry.journal or ''} {entry.year or ''} {entry.doi or ''} {entry.note}"


def cited_works(site: Site) -> Mapping[str, Cited]:
    """All references by IRI, by document and number: first those whose work is known.

    Raises:
        LithioKGError: if the graph is too large for a list of all.
    """
    site.refuse_if_large(
        "a list of all works", "search for one, or ask: works-with-most-figures, works-by-doi"
    )

    def made() -> Mapping[str, Cited]:
        entries = {entry.iri: entry for entry in bibliography_entries(site.store)}
        order = {
            iri: (not site.first(iri, "refersTo"), site.first(iri, "inDocument"), entry.number)
            for iri, entry in entries.items()
        }
        return {
            iri: _cited(site, iri, entries[iri]) for iri in sorted(entries, key=lambda iri: (order[iri], iri))
        }

    return site.remember(("works",), made)


def _cited(site: Site, iri: str, entry: Entry) -> Cited:
    work, document = site.first(iri, "refersTo"), site.first(iri, "inDocument")
    figures, claims = supported_by(site, iri, document if work == document else "")
    return Cited(
        iri,
        work,
        entry,
        document,
        site.first(iri, "identificationStatus"),
        tuple(site.by_label(site.subjects("reportedIn", iri))),
        figures,
        claims,
    )


def supported_by(site: Site, reference: str, own: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The figures and the claims whose evidence leads to a reference.

    Args:
        site: the graph.
        reference: the reference.
        own: the document, where the reference names the very paper that was read: what stands there with no
            reference to another work rests on it, too.
    """
    nodes = site.subjects("resolvedReference", reference)
    if own:
        nodes += [
            each for each in site.subjects("inDocument", own) if not site.first(each, "resolvedReference")
        ]
    rows = [each for each in nodes if site.is_a(each, "TableRow")]
    evidence = {each for each in nodes if each not in rows}
    evidence |= {each for row in rows for each in site.subjects("inTableRow", row)}
    held = {each for node in evidence for each in site.subjects("hasEvidence", node)}
    figures = tuple(sorted(each for each in held if site.is_a(each, "Observation")))
    claims = tuple(sorted(each for each in held if site.is_a(each, "Claim")))
    return figures, claims
