"""The rules, what they find, and what of it no curated discrepancy covers."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import combinations
from typing import TYPE_CHECKING

from lithiokg.discrepancies.observed import local, observed_records, select
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lithiokg.discrepancies.observed import Observed
    from lithiokg.store import Store

__all__ = ["Candidate", "Kind", "find_candidates", "unrecorded"]

_LABELS = "SELECT ?id ?value { ?id skos:prefLabel ?value }"
_ROWS = """
SELECT ?row ?number ?table ?printed ?resolved {
  ?row lkg:rowNumber ?number ; lkg:inTable/lkg:tableNumber ?table ; lkg:printedReference ?printed ;
    lkg:resolvedReference/lkg:referenceNumber ?resolved .
}
"""
_CLAIMS = """
SELECT ?id ?subject ?relation ?object ?polarity {
  ?id lkg:claimRelation ?relation ; lkg:claimSubject ?subject ; lkg:claimObject ?object ;
    lkg:polarity ?polarity ; lkg:modality "asserted" .
}
"""
_RECORDED = "SELECT ?id ?kind ?record { ?id lkg:discrepancyKind ?kind ; lkg:involves ?record }"
#: Conditions, or results, that say how long a cell was run.
_DURATIONS = {
    f"{ID}property/{key}": unit
    for key, unit in (
        ("time", "time"), ("cycle-life-time", "time"), ("cycles", "cycles"), ("cycle-life-cycles", "cycles"),
    )
}  # fmt: skip
_NUMERAL = re.compile(r"\d+(?:\.\d+)?")
_TEN, _CLOSE = Decimal(10), Decimal("0.01")


class Kind(StrEnum):
    """In what respect the records disagree: keys below ``lkgi:discrepancy-kind/``."""

    VALUE = "value"
    UNIT = "unit"
    CONDITION = "condition"
    CITATION = "citation"
    CLASSIFICATION = "classification"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Records that may disagree.

    Attributes:
        kind: in what respect.
        records: IRIs of the records, sorted; a single one if it disagrees with its own print.
        sides: what each side says, in words.
        note: one line that says what disagrees.
    """

    kind: Kind
    records: tuple[str, ...]
    sides: tuple[str, str]
    note: str

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "severity": "info",
            "rule": "possible-discrepancy",
            "kind": str(self.kind),
            "records": [local(record) for record in self.records],
            "sides": list(self.sides),
            "note": self.note,
        }

    def __str__(self) -> str:
        return "\n".join([f"{self.kind}: {self.note}", *(f"    {side}" for side in self.sides)])


def find_candidates(store: Store) -> list[Candidate]:
    """Everything that the rules find, recorded or not, once for each set of records and kind.

    The rules: figures of one thing and property that exclude each other under comparable conditions, or
    differ by a power of ten; a sentence and a table that disagree, if only in the comparator; a unit that
    its property cannot have; a duration printed twice in a row under different conditions; a reference
    number that leads elsewhere; a claim that another one denies.
    """
    observed = observed_records(store)
    labels = {str(row["id"]): str(row["value"]) for row in select(store, _LABELS)}
    found: dict[tuple[Kind, tuple[str, ...]], Candidate] = {}
    for candidate in (
        *_figures_that_differ(observed, labels),
        *_impossible_units(observed, labels),
        *_durations(observed, labels),
        *_references(store),
        *_opposed_claims(store, labels),
    ):
        found.setdefault((candidate.kind, candidate.records), candidate)
    return sorted(found.values(), key=lambda candidate: (candidate.kind, candidate.records))


def unrecorded(store: Store, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Those that no curated discrepancy covers.

    One covers a candidate if it involves all of its records; for a single record its kind must agree too.
    """
    records: defaultdict[str, set[str]] = defaultdict(set)
    kinds: dict[str, str] = {}
    for row in select(store, _RECORDED):
        records[str(row["id"])].add(str(row["record"]))
        kinds[str(row["id"])] = str(row["kind"]).rpartition("/")[2]
    return [
        candidate
        for candidate in candidates
        if not any(
            held.issuperset(candidate.records)
            and (len(candidate.records) > 1 or kinds[discrepancy] == candidate.kind)
            for discrepancy, held in records.items()
        )
    ]


def _pair(kind: Kind, one: Observed, other: Observed, note: str) -> Candidate:
    first, second = sorted((one, other), key=lambda observed: observed.iri)
    return Candidate(kind, (first.iri, second.iri), (str(first), str(second)), note)


def _about(observed: Observed, labels: dict[str, str]) -> str:
    thing = labels.get(observed.of, local(observed.of))
    return f"{labels.get(observed.prop, local(observed.prop))} of {thing}"


def _figures_that_differ(observed: Iterable[Observed], labels: dict[str, str]) -> Iterator[Candidate]:
    groups: defaultdict[tuple[str, str], list[Observed]] = defaultdict(list)
    for one in observed:
        groups[one.of, one.prop].append(one)
    for group in groups.values():
        for one, other in combinations(group, 2):
            if (
                not _same(one.stage, other.stage)
                or not _same(one.cell, other.cell)
                or _in_contrast(one, other)
            ):
                continue
            about = _about(one, labels)
            comparable = _comparable(one, other)
            if (power := _power_of_ten(one, other)) and (comparable or _same_conditions_stated(one, other)):
                yield _pair(Kind.VALUE, one, other, f"{about}: the figures differ by a factor of {power}")
            elif comparable and one.result.disagrees(other.result):
                across = _across(one, other)
                where = "table and text differ" if across else "figures differ under comparable conditions"
                yield _pair(Kind.VALUE, one, other, f"{about}: {where}")
            elif comparable and _across(one, other) and _same_number(one, other):
                yield _pair(Kind.VALUE, one, other, f"{about}: table and text differ in the comparator")


def _same(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


def _comparable(one: Observed, other: Observed) -> bool:
    """Whether all conditions that both state agree."""
    shared = one.conditions.keys() & other.conditions.keys()
    return not any(one.conditions[key].disagrees(other.conditions[key]) for key in shared)


def _same_conditions_stated(one: Observed, other: Observed) -> bool:
    """Whether both name the same conditions, be it with other values: a slip may be in either."""
    return bool(one.conditions) and one.conditions.keys() == other.conditions.keys() and _across(one, other)


def _across(one: Observed, other: Observed) -> bool:
    """Whether one stands in a table only, and the other in the text only."""
    return (bool(one.rows) != bool(one.texts)) and bool(one.rows) == bool(other.texts) != bool(other.rows)


def _in_contrast(one: Observed, other: Observed) -> bool:
    """Whether both stand in one paragraph only: a writer who gives two figures there means two things."""
    return not one.rows and not other.rows and bool(one.texts) and one.texts == other.texts


def _same_number(one: Observed, other: Observed) -> bool:
    """Whether both give one number, with another comparator."""
    number = one.result.point
    return (
        number is not None
        and number == other.result.point
        and one.result.comparator != other.result.comparator
    )


def _power_of_ten(one: Observed, other: Observed) -> Decimal | None:
    """The power of ten by which two numbers differ, if they differ by one."""
    a, b = one.result.point, other.result.point
    if a is None or b is None or a * b <= 0:
        return None
    ratio = max(a, b) / min(a, b) if a > 0 else min(a, b) / max(a, b)
    for exponent in (1, 2, 3):
        power = _TEN**exponent
        if abs(ratio / power - 1) <= _CLOSE:
            return power
    return None


def _impossible_units(observed: Iterable[Observed], labels: dict[str, str]) -> Iterator[Candidate]:
    for one in observed:
        for figure in (one.result, *one.conditions.values()):
            if figure.read_as is not None and _number(figure.printed) == _number(figure.read_as) is not None:
                note = f"{_about(one, labels)}: the unit printed is impossible"
                yield Candidate(
                    Kind.UNIT, (one.iri,), (f"printed: {figure.printed}", f"must be: {figure.read_as}"), note
                )


def _number(text: str) -> str | None:
    found = _NUMERAL.search(text)
    return found and found[0]


def _durations(observed: Iterable[Observed], labels: dict[str, str]) -> Iterator[Candidate]:
    """The same hours or cycles twice in one row, where both cells print a condition and it differs."""
    rows: defaultdict[str, list[Observed]] = defaultdict(list)
    for one in observed:
        for row in one.rows:
            rows[row].append(one)
    for group in rows.values():
        for one, other in combinations(group, 2):
            shared = (one.conditions.keys() & other.conditions.keys()) - _DURATIONS.keys()
            if any(one.conditions[key].disagrees(other.conditions[key]) for key in shared):
                for duration in sorted(_runs(one) & _runs(other)):
                    about = labels.get(one.of, local(one.of))
                    said = f"{about}: {duration[1]:f} {'h' if duration[0] == 'time' else 'cycles'}"
                    yield _pair(
                        Kind.CONDITION, one, other, f"{said} stand in two cells under different conditions"
                    )


def _runs(one: Observed) -> set[tuple[str, Decimal]]:
    """How long the cell was run, by kind of duration."""
    figures = [*one.conditions.items(), (one.prop, one.result)]
    return {
        (_DURATIONS[key], figure.point.normalize())
        for key, figure in figures
        if key in _DURATIONS and figure.point is not None
    }


def _references(store: Store) -> Iterator[Candidate]:
    for row in select(store, _ROWS):
        if str(row["printed"]) != str(row["resolved"]):
            yield Candidate(
                Kind.CITATION,
                (str(row["row"]),),
                (f"printed: [{row['printed']}]", f"meant: [{row['resolved']}]"),
                f"Table {row['table']}, row {row['number']}: the printed number leads to another work",
            )


def _opposed_claims(store: Store, labels: dict[str, str]) -> Iterator[Candidate]:
    groups: defaultdict[tuple[str, str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in select(store, _CLAIMS):
        key = (str(row["subject"]), str(row["relation"]), str(row["object"]))
        groups[key][str(row["polarity"])].append(str(row["id"]))
    for triple, by_polarity in groups.items():
        said = " ".join(labels.get(iri, local(iri).removeprefix(LKG)) for iri in triple)
        for positive in by_polarity["positive"]:
            for negative in by_polarity["negative"]:
                sides = (f"asserted: {local(positive)}", f"denied: {local(negative)}")
                records = (min(positive, negative), max(positive, negative))
                yield Candidate(Kind.CLASSIFICATION, records, sides, f"{said}: asserted and denied")
