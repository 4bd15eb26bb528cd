"""Names for the query editor: the terms and things of the graph itself, found by whatever they are called."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.names import fold
from lithiokg.store import Table
from lithiokg.store.tokens import declared_prefixes, tokenize
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from lithiokg.web.site import Site

__all__ = ["EXAMINED", "Proposal", "propose", "unknown_names"]

#: A longer text is not looked at word by word in the server: a hostile one could take long.
EXAMINED = 5000
#: Names of a letter or two stand within nearly every other.
_SHORT = 2
_OWL = PREFIXES["owl"]
_KINDS = {
    f"{_OWL}Class": "class",
    f"{_OWL}ObjectProperty": "relation",
    f"{_OWL}DatatypeProperty": "attribute",
    f"{_OWL}AnnotationProperty": "annotation",
}
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may be meant.

    Attributes:
        iri: what it is.
        label: what people call it.
        kind: what sort of thing it is, in a word or two.
        found: the name that fits, where the label does not.
    """

    iri: str
    label: str
    kind: str
    found: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    text: str
    folded: str
    kind: str


def propose(site: Site, text: str, *, within: str = "", kind: str = "", limit: int = 12) -> list[Proposal]:
    """What bears a name that begins with, or holds, what was typed; the best first.

    Args:
        site: the graph.
        text: a name, a synonym, a formula or the end of an IRI, or the beginning of one.
        within: the namespace in which it must be.
        kind: the kind that it must be of, such as ``class``.
        limit: how many.
    """
    asked = fold(text)
    if not asked:
        return []
    best: dict[str, tuple[tuple[int, int, int, str], _Entry]] = {}
    for entry in _entries(site):
        if not entry.iri.startswith(within) or (kind and entry.kind != kind):
            continue
        how = _fit(entry.folded, asked)
        if how is None:
            continue
        nested = max(0, entry.iri.count("/") - ID.count("/") - 1) if entry.iri.startswith(ID) else 0
        rank = (how, nested, len(entry.folded), entry.iri)
        if entry.iri not in best or rank < best[entry.iri][0]:
            best[entry.iri] = rank, entry
    found = []
    for _, entry in sorted(best.values(), key=lambda each: each[0])[:limit]:
        label = site.label(entry.iri)
        seen = asked in fold(label) or asked in fold(_ending(entry.iri))
        found.append(Proposal(entry.iri, label, entry.kind, "" if seen else entry.text))
    return found


def _fit(name: str, asked: str) -> int | None:
    if name == asked:
        return 0
    if name.startswith(asked):
        return 1
    if f" {asked}" in name:
        return 2
    return 3 if len(asked) > _SHORT and asked in name else None


def _entries(site: Site) -> list[_Entry]:
    """Every name of every term and thing."""

    def made() -> list[_Entry]:
        kinds = {iri: words for kind, words in _KINDS.items() for iri in site.members(kind)}
        names: dict[tuple[str, str], None] = {}
        for entry in site.names.entries():
            if entry.iri.startswith(LKG) and not entry.property.endswith("inChIKey"):
                names[entry.iri, entry.text] = None
        used = _relations(site)
        for iri in (*dict.fromkeys(iri for iri, _ in names), *kinds, *sorted(used)):
            if "://" not in compact(iri):
                names[iri, _ending(iri)] = None
        found = []
        for iri, text in names:
            kind = kinds.get(iri) or ("relation" if iri in used else _kind(iri))
            if kind != "question":
                found += [
                    _Entry(iri, text, folded, kind) for folded in {fold(text), fold(_words(text))} if folded
                ]
        return found

    return site.remember(("completion",), made)


def _relations(site: Site) -> set[str]:
    """The relations that anything has; in a large graph those of the ontology, for counting takes long there."""
    if site.most is not None:
        return {iri for iri, term in site.terms.by_iri.items() if term.kind != "class"}
    answer = site.store.query("SELECT DISTINCT ?relation { ?thing ?relation ?value }")
    return {str(relation) for relation in answer.column("relation")} if isinstance(answer, Table) else set()


def _kind(iri: str) -> str:
    if not iri.startswith(ID):
        return "graph" if iri.startswith(GRAPH) else "term"
    return (
        "body of a design"
        if "/components/" in iri
        else iri.removeprefix(ID).partition("/")[0].replace("-", " ")
    )


def _ending(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _words(text: str) -> str:
    """The words of a name in camel case."""
    return _CAPITAL.sub(" ", text)


def unknown_names(site: Site, text: str) -> list[tuple[str, list[Proposal]]]:
    """The names of ours in a query that the graph knows nothing of, each with what may have been meant."""
    if len(text) > EXAMINED:
        return []
    known = {**PREFIXES, **declared_prefixes(text)}
    found: dict[str, list[Proposal]] = {}
    for token in tokenize(text):
        if token.kind == "iri":
            iri = token.text[1:-1]
        elif token.kind == "name" and token.text.partition(":")[0] in known:
            prefix, _, local = token.text.partition(":")
            iri = known[prefix] + local.replace("\\", "")
        else:
            continue
        if (
            iri.startswith(LKG)
            and iri not in known.values()
            and token.text not in found
            and not site.knows(iri)
        ):
            found[token.text] = _closest(site, iri)
    return list(found.items())


def _closest(site: Site, iri: str) -> list[Proposal]:
    names = {
        entry.folded: entry for entry in _entries(site) if entry.iri.startswith(ID) == iri.startswith(ID)
    }
    close = difflib.get_close_matches(fold(_words(_ending(iri))), names, n=6, cutoff=0.75)
    meant = {names[each].iri: names[each] for each in close}
    return [Proposal(each, site.label(each), entry.kind) for each, entry in list(meant.items())[:3]]
