"""Find things by any of their names: labels, synonyms, formulas, titles, DOIs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.names import fold
from lithiokg.vocabulary import ID, LKG
from lithiokg.web.links import local

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.web.site import Site

__all__ = ["Hit", "search"]

#: Groups of what is found, by class, the more wanted first; classes and relations themselves come after.
_GROUPS = (
    ("Design", "Designs"),
    ("Substance", "Substances"),
    ("FunctionalGroup", "Functional groups"),
    ("Strategy", "Strategies"),
    ("Mechanism", "Mechanisms"),
    ("InterfaceType", "Interface types"),
    ("ObservableProperty", "Properties"),
    ("Phenomenon", "Phenomena"),
    ("Method", "Methods"),
    ("Component", "Layers, hosts and electrolytes"),
    ("Work", "Works"),
    ("Reference", "Works"),
    ("Discrepancy", "Discrepancies"),
    ("SavedQuestion", "Questions"),
)
_TERMS, _OTHER = "Classes and relations", "Other"
#: How a name can fit, the better way first.
_EXACT, _BEGINS, _WORD, _WITHIN, _ALL = range(5)
_QUESTION = f"{ID}question/"
_LONG = ("title", "authorList", "doi")


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found.

    Attributes:
        iri: what it is.
        group: of what sort.
        name: the name that fits, where it is not the label.
        rank: how well it fits; less is better.
    """

    iri: str
    group: str
    name: str
    rank: tuple[int, int, str]


def search(site: Site, text: str) -> list[Hit]:
    """What bears a name that fits a text, the best first; each thing once."""
    asked = fold(text)
    if not asked:
        return []
    words = asked.split()
    best: dict[str, Hit] = {}
    for iri, name, folded in _names(site):
        how = _fit(folded, asked, words)
        if how is None:
            continue
        # A question is about many things, and is none of them.
        rank = max(how, _ALL) if iri.startswith(_QUESTION) else how, len(folded), folded
        if iri not in best or rank < best[iri].rank:
            label = site.label(iri)
            best[iri] = Hit(iri, _group(site, iri), "" if name == label else name, rank)
    return sorted(best.values(), key=lambda hit: (hit.rank, site.label(hit.iri), hit.iri))


def _fit(name: str, asked: str, words: Sequence[str]) -> int | None:
    if name == asked:
        return _EXACT
    if name.startswith(asked):
        return _BEGINS
    if f" {asked}" in f" {name}":
        return _WORD
    if len(asked) > 2 and asked in name:  # noqa: PLR2004  # two letters stand within nearly every name
        return _WITHIN
    if len(words) > 1 and all(f" {word}" in f" {name}" for word in words):
        return _ALL
    return None


def _names(site: Site) -> list[tuple[str, str, str]]:
    """Every name of what has a page: the thing, the name, and the name folded."""

    def made() -> list[tuple[str, str, str]]:
        found = {
            (entry.iri, entry.text): fold(entry.text)
            for entry in site.names.entries()
            if local(entry.iri) and not entry.property.endswith("inChIKey")
        }
        for kind in ("Work", "Discrepancy"):
            for iri in site.members(LKG + kind):
                found.update({(iri, text): fold(text) for name in _LONG for text in site.all(iri, name)})
        for name, question in site.questions.items():
            iri = f"{ID}question/{name}"
            for text in (question.title, question.question, *question.tags):
                found[iri, text] = fold(text)
        return [(iri, text, folded) for (iri, text), folded in found.items() if folded]

    return site.remember(("search",), made)


def _group(site: Site, iri: str) -> str:
    if not iri.startswith(ID):
        return _TERMS
    kinds = set(site.all(iri, "type"))
    return next((words for kind, words in _GROUPS if LKG + kind in kinds), _OTHER)
