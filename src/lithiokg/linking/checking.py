"""Do the mappings speak of our terms, and of every one of them?"""

from __future__ import annotations

import difflib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, Place, SourceError
from lithiokg.vocabulary import ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.linking.model import Mapping as Row
    from lithiokg.linking.model import MappingSet

__all__ = ["Terms", "check_mappings", "strange_to_data", "terms_of"]

_TYPE = PREFIXES["rdf"] + "type"
_OWL = PREFIXES["owl"]
_LABEL = PREFIXES["skos"] + "prefLabel"
#: Kinds of term of which each one is mapped, or said to have no counterpart.
_COVERED = {
    _OWL + "Class": "class",
    _OWL + "ObjectProperty": "object property",
    _OWL + "DatatypeProperty": "data property",
    _OWL + "AnnotationProperty": "annotation property",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What mappings may speak of.

    Attributes:
        known: the IRIs of everything that has a type.
        covered: our classes and properties, with their kinds in words.
        labels: English labels.
    """

    known: frozenset[str]
    covered: Mapping[str, str]
    labels: Mapping[str, str]


def terms_of(quads: Iterable[ox.Quad]) -> Terms:
    """The terms of ontology and records."""
    known: set[str] = set()
    covered: dict[str, str] = {}
    labels: dict[str, str] = {}
    for quad in quads:
        if not isinstance(quad.subject, ox.NamedNode):
            continue
        subject, predicate = quad.subject.value, quad.predicate.value
        if predicate == _TYPE and isinstance(quad.object, ox.NamedNode):
            known.add(subject)
            if subject.startswith(LKG) and quad.object.value in _COVERED:
                covered[subject] = _COVERED[quad.object.value]
        elif predicate == _LABEL and isinstance(quad.object, ox.Literal):
            labels.setdefault(subject, quad.object.value)
    return Terms(frozenset(known), covered, labels)


def check_mappings(sets: Sequence[MappingSet], terms: Terms) -> list[LithioKGError]:
    """Everything in which mappings and ontology disagree, sorted by place.

    Reported are rows about something that is no term of the ontology, rows that call a term by a label that is
    not its own, and terms with no row at all.
    """
    found = [*_about_terms(_unknown(sets, terms)), *_about_terms(_other_labels(sets, terms))]
    return sorted([*found, *_without_row(sets, terms)], key=lambda problem: problem.place or Place(""))


def strange_to_data(sets: Iterable[MappingSet], terms: Terms) -> list[LithioKGError]:
    """Rows about a thing, such as a substance, that these data have no record of or call otherwise.

    They are no mistake where somebody has other data than ours: the tables speak of the shipped catalogue.
    """
    found = [*_unknown(sets, terms), *_other_labels(sets, terms)]
    return [problem for row, problem in found if row.subject.startswith(ID)]


def _about_terms(found: Iterable[tuple[Row, LithioKGError]]) -> Iterable[LithioKGError]:
    return (problem for row, problem in found if not row.subject.startswith(ID))


def _unknown(sets: Iterable[MappingSet], terms: Terms) -> Iterable[tuple[Row, LithioKGError]]:
    siblings: defaultdict[str, list[str]] = defaultdict(list)
    for iri in terms.known:
        folder, _, name = iri.rpartition("/")
        siblings[folder].append(name)
    for mapping_set in sets:
        for row in mapping_set.mappings:
            if row.subject in terms.known:
                continue
            folder, _, name = row.subject.rpartition("/")
            close = difflib.get_close_matches(name, sorted(siblings[folder]), n=1, cutoff=0.7)
            mend = "give the CURIE of a term of ours"
            if close:
                mend = f"did you mean {compact(f'{folder}/{close[0]}')}?"
            message = f"{compact(row.subject)} is no term of ontology or data"
            yield row, SourceError(message, place=row.place_of("subject_id"), mend=mend)


def _other_labels(sets: Iterable[MappingSet], terms: Terms) -> Iterable[tuple[Row, LithioKGError]]:
    for mapping_set in sets:
        for row in mapping_set.mappings:
            label, written = terms.labels.get(row.subject), row.text("subject_label")
            if label and written and written != label:
                yield (
                    row,
                    SourceError(
                        f"{compact(row.subject)} is called {label!r}, not {written!r}",
                        place=row.place_of("subject_label"),
                        mend="write the label that it has now, and see whether the row still holds",
                    ),
                )


def _without_row(sets: Sequence[MappingSet], terms: Terms) -> Iterable[LithioKGError]:
    if not sets:  # an ontology without mappings is no half-mapped one
        return
    told: dict[str, set[str]] = defaultdict(set)
    for mapping_set in sets:
        for row in mapping_set.mappings:
            told[row.subject].add(mapping_set.target)
    for iri in sorted(set(terms.covered) - set(told)):
        label = terms.labels.get(iri)
        yield SourceError(
            f"the {terms.covered[iri]} {compact(iri)}{f' ({label})' if label else ''} is mapped to nothing",
            mend="add a row to a table in ontology/mappings, with the object sssom:NoTermFound where no "
            "ontology has such a term, and a comment on where you looked",
        )
