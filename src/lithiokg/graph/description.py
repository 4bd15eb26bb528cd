"""What is known of one thing: kinds, names, facts, and who refers to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from lithiokg.graph.phrases import Phrases
from lithiokg.store import Table, python_value
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lithiokg.names import NameIndex
    from lithiokg.store import Store, Value

__all__ = ["Description", "Fact", "describe", "with_former_facts"]

_NAMES = {PREFIXES["skos"] + "prefLabel", PREFIXES["skos"] + "altLabel", PREFIXES["skos"] + "definition"}
_TYPE = PREFIXES["rdf"] + "type"
_SUBCLASS = PREFIXES["rdfs"] + "subClassOf"
_SUBPROPERTY = PREFIXES["rdfs"] + "subPropertyOf"
#: Relations of the languages themselves, which have no label in the graph; as said of a thing, and from afar.
_WORDS = {
    _TYPE: ("is a", "has member"),
    _SUBCLASS: ("is a", "has kind"),
    _SUBPROPERTY: ("narrower than", "has narrower relation"),
    PREFIXES["rdfs"] + "domain": ("said of", "is said of it"),
    PREFIXES["rdfs"] + "range": ("leads to", "leads to it"),
    PREFIXES["owl"] + "inverseOf": ("inverse of", "inverse of"),
}
#: Relations to the terms of other ontologies, as mappings state them.
_MATCHES = {
    f"{PREFIXES['skos']}{name}Match": words
    for name, words in (
        ("exact", "elsewhere"),
        ("close", "much the same as"),
        ("broad", "narrower than"),
        ("narrow", "broader than"),
        ("related", "related to"),
    )
}
#: Relations that come first in a description, and those that come last; the others are in between.
_FIRST = (
    *("formula", "hasComponent", "hasConstituent", "hasObservation", "followsStrategy", "hasInterfaceType"),
    *("actsThrough", "hasBaseline", "reportedIn", "formsWithLithium", "observedProperty", "hasResult"),
)
_LAST = frozenset(
    {"note", "hasClaim", "hasEvidence", "isDescribedBy", "claimSubject", "claimObject", *_MATCHES}
)
_Rows = list[tuple[str, "Value", str]]
_HIDDEN = {PREFIXES["owl"] + "NamedIndividual", PREFIXES["owl"] + "Class"}
#: Relations that say nothing to a reader of the description.
_SILENT = {
    PREFIXES["rdfs"] + "isDefinedBy",
    PREFIXES["owl"] + "equivalentClass",
    PREFIXES["owl"] + "disjointWith",
    LKG + "closesProperty",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement about a thing, readable.

    Attributes:
        relation: the relation by its label.
        value: the value; a thing by its label, or by words where it has none.
        inferred: whether it was inferred, not stated.
        iri: the thing that the value is, where it is one.
        implied: whether it says no more than another fact of the same description.
        predicate: the relation itself.
    """

    relation: str
    value: Value
    inferred: bool
    iri: str | None = None
    implied: bool = False
    predicate: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of one thing.

    Attributes:
        iri: the thing.
        label: its preferred label (a unit's symbol), or words for what has none.
        synonyms: its other names.
        definition: its definition, where it has one.
        kinds: classes it is stated or inferred to belong to; for a class, its superclasses.
        facts: outgoing statements; ``incoming``: statements of other things about it.
        curated_at: file, line and column of its record, where it was curated.
        formerly: what a withdrawn record stated.
        more: by relation, how many statements about it are not among ``incoming``, where that was limited.
    """

    iri: str
    label: str
    synonyms: tuple[str, ...]
    definition: str | None
    kinds: tuple[Fact, ...]
    facts: tuple[Fact, ...]
    incoming: tuple[Fact, ...]
    curated_at: str | None
    formerly: tuple[Fact, ...] = ()
    more: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_withdrawn(self) -> bool:
        """Whether the thing is a record that was taken back."""
        return any(kind.iri == LKG + "WithdrawnRecord" for kind in self.kinds)


def with_former_facts(description: Description, whole: Description) -> Description:
    """The description of a withdrawn record with what it stated.

    Args:
        description: from what questions read.
        whole: of the same record, from that and what was set aside.
    """
    known = {(fact.relation, fact.value) for fact in (*description.kinds, *description.facts)}
    former = (fact for fact in (*whole.kinds, *whole.facts) if (fact.relation, fact.value) not in known)
    return replace(description, formerly=tuple(former))


def describe(store: Store, names: NameIndex, iri: str, *, most: int | None = None) -> Description:
    """Describe a thing from everything in the store.

    Args:
        store: where everything is.
        names: its names.
        iri: the thing.
        most: how many things are told that refer to it by one relation; the rest is counted. All unless
            given; in a graph of millions a hundred thousand may refer to one substance.
    """
    outgoing = _rows(
        store, f"SELECT ?p ?v ?g {{ GRAPH ?g {{ <{iri}> ?p ?v }} FILTER(!ISBLANK(?v)) }} ORDER BY ?p ?v"
    )
    incoming, more = _incoming(store, iri, most)
    text = {p: [str(v) for q, v, _ in outgoing if q == p] for p in _NAMES}
    kinds = [row for row in outgoing if row[0] in {_TYPE, _SUBCLASS} and row[1] not in _HIDDEN]
    facts = [
        row for row in outgoing if row[0] not in _NAMES | _SILENT | {_TYPE, _SUBCLASS, LKG + "curatedAt"}
    ]
    about = [row for row in incoming if not _of_the_language(row[0])]
    said = {value for _, value, _ in (*kinds, *facts)}
    phrases = Phrases(store, names, iri, {iri, *(str(v) for _, v, _ in (*facts, *about) if _is_iri(v))})
    narrower = _pairs(store, _SUBCLASS, [str(value) for _, value, _ in kinds])
    special = _pairs(store, _SUBPROPERTY, [predicate for predicate, _, _ in (*facts, *about)])
    place = next((str(value) for predicate, value, _ in outgoing if predicate == LKG + "curatedAt"), None)
    label = phrases.title(iri)
    synonyms = sorted({*text[PREFIXES["skos"] + "altLabel"], *text[PREFIXES["skos"] + "prefLabel"]} - {label})
    definition = next(iter(text[PREFIXES["skos"] + "definition"]), None)
    return Description(
        iri,
        label,
        tuple(synonyms),
        definition,
        _facts(names, phrases, kinds, {row for row in kinds if any(b == row[1] for _, b in narrower)}),
        _facts(names, phrases, facts, _said_narrower(facts, special), foreign=_foreign(store, iri)),
        _facts(names, phrases, about, _no_news(iri, about, said) | _said_narrower(about, special), afar=True),
        place,
        more={_words(names, predicate, afar=True): number for predicate, number in more.items()},
    )


def _incoming(store: Store, iri: str, most: int | None) -> tuple[_Rows, dict[str, int]]:
    """What other things state of one, and by predicate how much of it is left out."""
    pattern = (
        f"GRAPH ?g {{ ?v ?p <{iri}> }} FILTER(ISIRI(?v) && ?g != <{GRAPH}void>)"  # counts say nothing of it
    )
    more: dict[str, int] = {}
    if most is not None:
        counted = store.query(f"SELECT ?p (COUNT(*) AS ?n) {{ {pattern} }} GROUP BY ?p")
        assert isinstance(counted, Table)  # noqa: S101  # it is a SELECT
        numbers = {str(python_value(p)): int(str(python_value(n))) for p, n in counted}
        more = {p: n - most for p, n in numbers.items() if n > most and not _of_the_language(p)}
    left_out = f" FILTER(?p NOT IN ({', '.join(f'<{p}>' for p in more)}))" if more else ""
    rows = _rows(store, f"SELECT ?p ?v ?g {{ {pattern}{left_out} }} ORDER BY ?p ?v")
    for p in more:
        some = _rows(store, f"SELECT ?p ?v ?g {{ VALUES ?p {{ <{p}> }} {pattern} }} LIMIT {most}")
        rows += sorted(some, key=str)
    return rows, more


def _of_the_language(predicate: str) -> bool:
    """Whether a relation only tells how the ontology is written."""
    if predicate in _WORDS:
        return False
    return predicate in _SILENT or predicate.startswith((PREFIXES["owl"], PREFIXES["rdf"], PREFIXES["rdfs"]))


def _rows(store: Store, text: str) -> _Rows:
    answer = store.query(text)
    assert isinstance(answer, Table)  # noqa: S101  # the texts above are SELECTs
    return [(str(python_value(p)), python_value(v), str(python_value(g))) for p, v, g in answer]


def _foreign(store: Store, iri: str) -> dict[str, str]:
    """The terms of other ontologies that a thing is mapped to, by their labels there."""
    row = f"?row <{PREFIXES['owl']}annotatedSource> <{iri}> ; <{PREFIXES['owl']}annotatedTarget> ?term"
    label = f"<{PREFIXES['sssom']}object_label> ?label"
    rows = _rows(store, f"SELECT ?term ?label ?g {{ GRAPH ?g {{ {row} ; {label} }} }}")
    return {term: f"{label} [{graph.rpartition('/')[2]}]" for term, label, graph in rows}


def _pairs(store: Store, relation: str, terms: Sequence[str]) -> set[tuple[str, str]]:
    """Which of some terms is narrower than which other of them."""
    # The ontology has some hundred such steps; a path between two ends that are both listed stops Virtuoso.
    answer = store.query(f"SELECT DISTINCT ?n ?b {{ ?n <{relation}> ?b FILTER(ISIRI(?b)) }}")
    assert isinstance(answer, Table)  # noqa: S101  # it is a SELECT
    broader: dict[str, set[str]] = {}
    for narrow, broad in answer:
        broader.setdefault(str(python_value(narrow)), set()).add(str(python_value(broad)))
    wanted = set(terms)
    pairs = {(term, each) for term in wanted for each in _reached(broader, term) & wanted - {term}}
    return {(narrow, broad) for narrow, broad in pairs if (broad, narrow) not in pairs}  # not for equals


def _reached(steps: Mapping[str, set[str]], start: str) -> set[str]:
    """Everything that one or more steps lead to."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        new = steps.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _no_news(iri: str, about: _Rows, said: set[Value]) -> set[tuple[str, Value, str]]:
    """What a thing's own parts say of it, and what it says itself."""
    return {row for row in about if row[1] in said or str(row[1]).startswith(iri + "/")}


def _said_narrower(facts: _Rows, special: set[tuple[str, str]]) -> set[tuple[str, Value, str]]:
    """The facts whose value a narrower relation has too."""
    held = {(predicate, value) for predicate, value, _ in facts}
    return {
        row for row in facts if any((narrow, row[1]) in held for narrow, broad in special if broad == row[0])
    }


def _facts(
    names: NameIndex,
    phrases: Phrases,
    rows: _Rows,
    implied: set[tuple[str, Value, str]],
    *,
    afar: bool = False,
    foreign: dict[str, str] | None = None,
) -> tuple[Fact, ...]:
    """Readable facts, each once: what matters most first, and what was stated before what was inferred."""
    foreign = foreign or {}
    kept: dict[tuple[str, Value, str | None], Fact] = {}
    for row in sorted(rows, key=lambda row: (_rank(row[0]), row[2] == GRAPH + "inferred")):
        predicate, value, graph = row
        thing = str(value) if _is_iri(value) else None
        shown = value if thing is None else foreign.get(thing) or phrases.of(thing)
        relation = _words(names, predicate, afar=afar)
        fact = Fact(relation, shown, graph == GRAPH + "inferred", thing, predicate=predicate)
        kept.setdefault((relation, shown, thing), replace(fact, implied=row in implied))
    return tuple(kept.values())


def _words(names: NameIndex, predicate: str, *, afar: bool) -> str:
    """What to call a relation, as said of a thing or from afar."""
    if predicate in _WORDS:
        return _WORDS[predicate][afar]
    return _MATCHES.get(predicate) or names.label(predicate)


def _rank(predicate: str) -> int:
    name = predicate.removeprefix(LKG)
    return _FIRST.index(name) if name in _FIRST else len(_FIRST) + (name in _LAST)


def _is_iri(value: Value) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))
