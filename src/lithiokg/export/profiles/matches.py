"""What mappings and bridge say that a thing of ours is in EMMO's words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.linking import read_mapping_set
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lithiokg.linking import MappingSet

__all__ = ["EMMO_TABLES", "Match", "Matches", "read_matches"]

#: The mapping tables of EMMO and its domain ontologies, those first that win where two use one label.
EMMO_TABLES = ("emmo", "electrochemistry", "battery", "chemical-substance", "chameo")
#: What is of a class is of every class that is the same or broader; a close match promises neither.
_SOUND = frozenset(PREFIXES["skos"] + name for name in ("exactMatch", "broadMatch"))
_RDFS, _OWL = PREFIXES["rdfs"], PREFIXES["owl"]
_ABOVE = frozenset({_RDFS + "subClassOf", _RDFS + "subPropertyOf"})


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """A term of EMMO."""

    label: str
    iri: str


class Matches:
    """The exact and broad matches of the tables in :data:`EMMO_TABLES`, and what a bridge says to be above.

    Where one of ours has an exact match in a table, its broad matches there add nothing and are left out.

    Args:
        sets: the mapping tables, as read; others than EMMO's are passed over.
        bridge: axioms such as ``lkg:Electrolyte rdfs:subClassOf ...``. Those about figures of a property
            (``lkg:quantityKind`` has a value) count as of that property.
        labels: labels of EMMO's terms beside those in the tables.
    """

    def __init__(
        self,
        sets: Iterable[MappingSet],
        bridge: Iterable[ox.Triple] = (),
        labels: Iterable[ox.Triple] = (),
    ) -> None:
        by_target = {each.target: each for each in sets}
        tables = [by_target[target].mappings for target in EMMO_TABLES if target in by_target]
        self._labels = {
            each.subject.value: each.object.value
            for each in labels
            if isinstance(each.subject, ox.NamedNode)
            and isinstance(each.object, ox.Literal)
            and each.predicate.value == PREFIXES["skos"] + "prefLabel"
        }
        self._found: dict[str, set[str]] = defaultdict(set)
        for rows in tables:
            self._labels.update({row.object: row.text("object_label") for row in rows if row.is_link})
            links = [row for row in rows if row.is_link and row.predicate in _SOUND]
            exact = {row.subject for row in links if row.predicate.endswith("exactMatch")}
            for row in links:
                if row.predicate.endswith("exactMatch") or row.subject not in exact:
                    self._found[row.subject].add(row.object)
        for ours, theirs in _bridged(bridge):
            if not theirs.startswith(LKG):
                self._found[ours].add(theirs)

    def of(self, *ours: str) -> list[Match]:
        """The terms that things of any of these classes are of, or that any of these names stands for."""
        found = {theirs for iri in ours for theirs in self._found.get(iri, ())}
        return sorted(Match(self._labels.get(iri, iri), iri) for iri in found)


def read_matches(ontology: Path) -> Matches:
    """Read the mapping tables and the bridge to EMMO of an ontology folder.

    Raises:
        SourceError: for a mistake in one of them.
    """
    bridges = ontology / "bridges"
    return Matches(
        filter(None, (_table(ontology / "mappings", target) for target in EMMO_TABLES)),
        _triples(bridges / "emmo.ttl"),
        _triples(bridges / "slices" / "emmo.ttl"),
    )


def _table(folder: Path, target: str) -> MappingSet | None:
    path = folder / f"{target}.sssom.tsv"
    if not path.exists():
        return None
    found, problems = read_mapping_set(path.read_text(encoding="utf-8"), target, str(path))
    if problems:
        raise problems[0]
    return found


def _bridged(triples: Iterable[ox.Triple]) -> Iterator[tuple[str, str]]:
    """Pairs of a term of ours, or the property of a figure, and the term that the bridge sets above it."""
    said = list(triples)
    figures = {each.subject: each.object for each in said if each.predicate.value == _OWL + "hasValue"}
    for triple in said:
        ours, theirs = figures.get(triple.subject, triple.subject), triple.object
        above = triple.predicate.value in _ABOVE
        if above and isinstance(ours, ox.NamedNode) and isinstance(theirs, ox.NamedNode):
            yield ours.value, theirs.value


def _triples(path: Path) -> list[ox.Triple]:
    try:
        return [quad.triple for quad in ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE)]
    except FileNotFoundError:  # bridges are opt-in
        return []
    except SyntaxError as error:
        place = Place(str(path), error.lineno or 1, error.offset or 1)
        raise SourceError(f"this is not valid Turtle: {error.msg}", place=place) from error
