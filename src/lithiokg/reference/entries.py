"""The entries of the pages: classes, properties, and the individuals that the ontology names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.explanation.words import Words
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import manchester
from lithiokg.reference.markup import code, row, text
from lithiokg.reference.usage import example_query
from lithiokg.vocabulary import ID, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lithiokg.linking import MappingSet
    from lithiokg.names import NameIndex
    from lithiokg.reference.terms import Term, Terms
    from lithiokg.reference.usage import Usage

__all__ = ["Entries"]

_SOURCE = PREFIXES["dcterms"] + "source"
_SKOS = PREFIXES["skos"]
#: How each relation of a mapping is printed.
_RELATIONS = {
    "exactMatch": "=",
    "closeMatch": "≈",
    "broadMatch": "⊂",
    "narrowMatch": "⊃",
    "relatedMatch": "~",
}
#: What the characteristics of properties are called.
_CHARACTERISTICS = {"InverseFunctional": "inverse functional"}
#: So many questions are listed in an entry, and so many classes of a disjointness with links.
_QUESTIONS, _LINKED = 4, 6
_MARKED = re.compile("\x01([^\x02]*)\x02")


@dataclass
class Entries:
    """Writes entries.

    Attributes:
        terms: the terms.
        usage: what the graph says with them.
        names: the labels of everything in the graph.
        mappings: the mapping tables.
        questions: names of saved questions by term.
        fields: fields of record files by property.
    """

    terms: Terms
    usage: Usage
    names: NameIndex
    mappings: Sequence[MappingSet]
    questions: Mapping[str, list[str]]
    fields: Mapping[str, list[str]]
    _links: dict[str, list[str]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Sort the mappings by term."""
        self._words = Words(self.terms.label)
        for mapping_set in self.mappings:
            for mapping in mapping_set.mappings:
                if mapping.finds_no_term:
                    continue
                sign = _RELATIONS[mapping.predicate.removeprefix(_SKOS)]
                theirs = mapping.text("object_label") or mapping_set.compact(mapping.object)
                words = f"{sign} <a href={_attribute(mapping.object)}>{text(theirs)}</a>"
                struck = f"<s>{words}</s>" if mapping.negated else words
                self._links.setdefault(mapping.subject, []).append(f"{struck} {mapping_set.target}")

    # --- links ------------------------------------------------------------------------------------

    def link(self, iri: str, module: str = "", words: str | None = None) -> str:
        """A link to the entry of a term, from a page; anything else by its name."""
        shown = text(words or self.terms.label(iri))
        target = self.target(iri, module)
        return f"<a href={_attribute(target)}>{shown}</a>" if target else shown

    def target(self, iri: str, module: str = "") -> str | None:
        """Where the entry of a term is, seen from the page of a module."""
        term = self.terms.by_iri.get(iri)
        if term is None:
            return None
        return f"{'' if term.module == module else f'{term.module}.html'}#{term.key}"

    def _list(self, iris: Iterable[str], term: Term) -> list[str]:
        return [self.link(iri, term.module) for iri in self.terms.by_label(iris)]

    def _plain(self, iris: Iterable[str]) -> list[str]:
        return [text(self.terms.label(iri)) for iri in self.terms.by_label(iris)]

    def _manchester(self, expression: ax.Expression, term: Term) -> str:
        """Manchester syntax with a link on each name."""
        marked = manchester(expression, lambda iri: f"\x01{iri}\x02")

        def linked(match: re.Match[str]) -> str:
            known = self.terms.by_iri.get(match[1])
            return self.link(match[1], term.module, known.key if known else compact(match[1]))

        return f"<code>{_MARKED.sub(linked, text(marked))}</code>"

    def thing(self, iri: str) -> str:
        """A thing of the graph by its label and key."""
        label, key = self.names.label(iri), compact(iri)
        return code(key) if label == key else f"{text(label)} {code(key)}"

    # --- entries ----------------------------------------------------------------------------------

    def entry(self, term: Term) -> str:
        """The entry of a class or property."""
        rows = self._class_rows(term) if term.kind == "class" else self._property_rows(term)
        inferred = term.iri in self.terms.inferred
        badge = "<b class=i>inferred</b>" if inferred else ""
        head = f"<h3 id={term.key}>{text(term.label)} {code(compact(term.iri))} {badge}</h3>\n"
        return f"{head}{self._annotations(term)}<dl>\n{''.join([*rows, *self._outside(term)])}</dl>\n"

    def _annotations(self, term: Term) -> str:
        parts = [f"<p>{text(term.definition)}\n"]
        parts += [f"<p class=q>{text(note)}\n" for note in term.notes]
        if term.synonyms:
            parts.append(f"<p class=q>Also: {text('; '.join(term.synonyms))}\n")
        return "".join(parts)

    def _outside(self, term: Term) -> Iterator[str]:
        """Questions, mappings, sources."""
        yield row("asked by", self._asked(term))
        yield row("elsewhere", self._links.get(term.iri, []), between="; ")
        yield row("after", [f"<a href={_attribute(each)}>{text(each)}</a>" for each in term.texts(_SOURCE)])

    def _asked(self, term: Term) -> list[str]:
        """Links to the saved questions that name a term, the first few of them."""
        asked = self.questions.get(term.iri, [])
        more = [f"and {len(asked) - _QUESTIONS} more"] if len(asked) > _QUESTIONS else []
        return [*(f"<a href=questions.html#{name}>{name}</a>" for name in asked[:_QUESTIONS]), *more]

    def _class_rows(self, term: Term) -> Iterator[str]:
        terms, iri, axioms = self.terms, term.iri, self.terms.axioms.get(term.iri, [])
        told = [parent for axiom in axioms for parent in _parents(axiom, iri)]
        found = [parent for parent in terms.parents.get(iri, []) if parent not in told]
        yield row("is a", [*self._list(told, term), *(f"{each}*" for each in self._list(found, term))])
        for axiom in axioms:
            yield from self._class_axiom(axiom, term)
        apart = [each for axiom in axioms for each in _others(axiom, iri)]
        few = len(set(apart)) <= _LINKED
        yield row("never also", self._list(apart, term) if few else self._plain(apart))
        yield row("kinds", self._list(terms.children.get(iri, []), term))
        having = [sub for sub in terms.axioms for axiom in terms.axioms[sub] if _domain(axiom) == (sub, iri)]
        leading = [sub for sub in terms.axioms for axiom in terms.axioms[sub] if _range(axiom) == (sub, iri)]
        yield row("has", self._list(having, term))
        yield row("is value of", self._list(leading, term))
        yield from self._members(term)

    def _class_axiom(self, axiom: ax.Axiom, term: Term) -> Iterator[str]:
        iri = term.iri
        match axiom:
            case ax.EquivalentClasses(first, second):
                other = second if first == ax.Named(iri) else first
                yield row("by definition", [f"{self._manchester(other, term)}<br>{self._in_words(axiom)}"])
            case ax.SubClassOf(ax.Named(sub), sup) if sub == iri and not isinstance(sup, ax.Named):
                yield row("always", [f"{self._manchester(sup, term)}<br>{self._in_words(axiom)}"])
            case ax.SubClassOf(sub, ax.Named(sup)) if sup == iri and not isinstance(sub, ax.Named):
                yield row("also whatever", [f"{self._manchester(sub, term)}<br>{self._in_words(axiom)}"])
            case ax.DisjointUnion(_, parts):
                yield row("is one of", [self._manchester(part, term) for part in parts])

    def _in_words(self, axiom: ax.Axiom) -> str:
        return text(f"{self._words.axiom(axiom)}.")

    def _members(self, term: Term) -> Iterator[str]:
        members, stated = self.usage.members.get(term.iri, set()), self.usage.stated.get(term.iri, set())
        typical = self.usage.typical(term.iri)
        if typical is None:
            yield row("in the graph", ["none"])
            return
        how = _how(len(members), len(members - stated))
        yield row("in the graph", [f"{how}; such as {self.thing(typical)}"])
        if not self.questions.get(term.iri):
            query = example_query(self.usage, term.iri, self._defining(term.iri))
            yield row("ask", [code(query)] if query else [])

    def _defining(self, iri: str) -> list[str]:
        """The properties by which a class is defined, in the order of its definition."""
        found: list[str] = []
        for axiom in self.terms.axioms.get(iri, []):
            if isinstance(axiom, ax.EquivalentClasses):
                for side in (axiom.first, axiom.second):
                    found += _MARKED.findall(manchester(side, lambda name: f"\x01{name}\x02"))
        return [each for each in dict.fromkeys(found) if each in self.terms.ontology.object_properties]

    def _property_rows(self, term: Term) -> Iterator[str]:
        iri, axioms = term.iri, self.terms.axioms.get(term.iri, [])
        domains = [self._manchester(a.domain, term) for a in axioms if isinstance(a, ax.Domain)]
        ranges = [self._range_of(a, term) for a in axioms if isinstance(a, ax.Range)]
        if domains or ranges:
            yield row(
                "leads", [f"{' and '.join(domains) or 'anything'} → {' and '.join(ranges) or 'anything'}"]
            )
        subs = [a for a in axioms if isinstance(a, ax.SubRole)]
        yield row("implies", self._list((a.sup.iri for a in subs if a.sub == ax.Role(iri)), term))
        yield row("implied by", self._list((a.sub.iri for a in subs if a.sup == ax.Role(iri)), term))
        inverse = [a for a in axioms if isinstance(a, ax.InverseRoles)]
        yield row(
            "backwards",
            self._list((b.iri for a in inverse for b in (a.first, a.second) if b.iri != iri), term),
        )
        kinds = [a.kind for a in axioms if isinstance(a, ax.RoleCharacteristic)]
        yield row("is", sorted(_CHARACTERISTICS.get(kind, kind.lower()) for kind in kinds))
        chains = [a for a in axioms if isinstance(a, ax.RoleChain)]
        yield row("chains", [self._in_words(a) for a in chains], between="<br>")
        apart = [
            role.iri for a in axioms if isinstance(a, ax.DisjointRoles) for role in a.roles if role.iri != iri
        ]
        yield row("never with", self._list(apart, term))
        closed = self.terms.ontology.closes.get(iri)
        yield row("completes", [self.link(closed, term.module)] if closed else [])
        yield row("in records", [code(f"{name}:") for name in self.fields.get(iri, [])])
        yield from self._statements(term)

    def _range_of(self, axiom: ax.Range, term: Term) -> str:
        if isinstance(axiom.range, ax.Datatype | ax.DataOneOf):
            values = axiom.range
            if isinstance(values, ax.DataOneOf):
                return " or ".join(code(value.value) for value in values.values)
            return code(compact(values.iri))
        return self._manchester(axiom.range, term)

    def _statements(self, term: Term) -> Iterator[str]:
        count, inferred = self.usage.statements[term.iri], self.usage.inferred[term.iri]
        if not count:
            yield row("in the graph", ["not used by a fact"])
            return
        thing, value = self.usage.example[term.iri]
        shown = value.value if isinstance(value, ox.Literal) else self.names.label(value.value)
        yield row(
            "in the graph",
            [f"{_how(count, inferred)}; such as {text(self.names.label(thing))} → {text(shown)}"],
        )

    # --- individuals ------------------------------------------------------------------------------

    def individuals(self, terms: Iterable[Term]) -> str:
        """Tables of individuals, one a class."""
        by_class: dict[str, list[Term]] = {}
        for term in terms:
            for iri in term.classes[:1]:
                by_class.setdefault(iri, []).append(term)
        parts = []
        for iri in self.terms.by_label(by_class):
            group = by_class[iri]
            parts.append(f"<h3>{self.link(iri, group[0].module)} ({len(group)})</h3>\n<table>\n")
            parts += [self._individual(term) for term in group]
            parts.append("</table>\n")
        return "".join(parts)

    def _individual(self, term: Term) -> str:
        also = f"<br><i>{text('; '.join(term.synonyms))}</i>" if term.synonyms else ""
        notes = "".join(f"<br><i>{text(note)}</i>" for note in term.notes)
        said: dict[str, list[str]] = {}
        for predicate, value in term.facts():
            shown = (
                text(value.value) if isinstance(value, ox.Literal) else self.link(value.value, term.module)
            )
            said.setdefault(predicate, []).append(shown)
        facts = [f"{text(self.terms.label(each))}: {', '.join(values)}" for each, values in said.items()]
        count = self.usage.naming[term.iri]
        facts += [f"<i>in the graph</i> {count} statements"] if count else []
        for name, links in (("asked by", self._asked(term)), ("elsewhere", self._links.get(term.iri, []))):
            facts += [f"<i>{name}</i> {'; '.join(links)}"] if links else []
        return (
            f"<tr id={term.key}><td>{text(term.label)}<br>{code(term.iri.removeprefix(ID))}"
            f"<td>{text(term.definition)}{also}{notes}<td>{'<br>'.join(facts)}\n"
        )


def _attribute(value: str) -> str:
    """The value of an attribute, quoted where HTML wants it."""
    return f'"{escape(value)}"' if re.search(r"[\s\"'=<>`]", value) else value.replace("&", "&amp;")


def _how(count: int, inferred: int) -> str:
    """How many of some there are by inference."""
    if inferred == count:
        return f"{count}, by inference"
    return f"{count}, {inferred} of them by inference" if inferred else str(count)


def _parents(axiom: ax.Axiom, iri: str) -> list[str]:
    """The superclass that an axiom gives a class."""
    match axiom:
        case ax.SubClassOf(ax.Named(sub), ax.Named(sup)) if sub == iri:
            return [sup]
    return []


def _others(axiom: ax.Axiom, iri: str) -> list[str]:
    """The classes that an axiom sets apart from one."""
    if not isinstance(axiom, ax.DisjointClasses):
        return []
    return [each.iri for each in axiom.classes if isinstance(each, ax.Named) and each.iri != iri]


def _domain(axiom: ax.Axiom) -> tuple[str, str] | None:
    match axiom:
        case ax.Domain(role, ax.Named(iri)):
            return role.iri, iri
    return None


def _range(axiom: ax.Axiom) -> tuple[str, str] | None:
    match axiom:
        case ax.Range(role, ax.Named(iri)):
            return role.iri, iri
    return None
