"""Observations as the rules compare them: intervals, conditions, and where each stands."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lithiokg.store import Store, Value

__all__ = ["Figure", "Observed", "observed_records", "select"]

_PREFIXES = f"""
PREFIX lkg: <{LKG}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_OBSERVATIONS = """
SELECT ?id ?of ?property ?result { ?id lkg:hasFeatureOfInterest ?of ; lkg:observedProperty ?property ; lkg:hasResult ?result }
"""
_CONDITIONS = (
    "SELECT ?id ?kind ?quantity { ?id lkg:hasCondition ?quantity . ?quantity lkg:quantityKind ?kind }"
)
_ROWS = """
SELECT ?id ?row ?number ?table {
  ?id lkg:observedProperty ?any ; lkg:hasEvidence ?evidence . ?evidence lkg:inTableRow ?row .
  ?row lkg:rowNumber ?number ; lkg:inTable/lkg:tableNumber ?table .
}
"""
_TEXTS = """
SELECT ?id ?section ?paragraph {
  ?id lkg:observedProperty ?any ; lkg:hasEvidence ?evidence . ?evidence lkg:inParagraph ?paragraph ;
    lkg:inSection/skos:prefLabel ?section .
}
"""
_CAPTIONS = """
SELECT ?id ?caption { ?id lkg:observedProperty ?any ; lkg:hasEvidence/lkg:inCaption ?caption }
"""
#: Two figures whose ends are closer than this are not told apart; nor is an approximate one by less than that.
_EXACT, _APPROXIMATE = Decimal("1e-6"), Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Figure:
    """A quantity as an interval in the canonical unit of its property; an open end is ``None``.

    Attributes:
        printed: as in the source.
        comparator: one of ``=``, ``~``, ``<``, ``>``, ``<=``, ``>=``.
        read_as: what an impossible print must be, where it is.
    """

    printed: str
    comparator: str
    low: Decimal | None
    high: Decimal | None
    read_as: str | None = None

    @property
    def point(self) -> Decimal | None:
        """The number itself, whatever the comparator; nothing for a range."""
        if self.low is not None and self.high is not None and self.low != self.high:
            return None
        return self.high if self.low is None else self.low

    def disagrees(self, other: Figure) -> bool:
        """Whether no value is within both.

        >>> one, more = Figure("1 h", "=", Decimal(1), Decimal(1)), Figure("> 1 h", ">", Decimal(1), None)
        >>> one.disagrees(more), one.disagrees(one)
        (True, False)
        """
        return self._below(other) or other._below(self)

    def _below(self, other: Figure) -> bool:
        if self.high is None or other.low is None:
            return False
        slack = _APPROXIMATE if "~" in {self.comparator, other.comparator} else _EXACT
        if abs(self.high - other.low) <= slack * max(abs(self.high), abs(other.low)):
            # At a common end, "less than 40" leaves 40 out, "at most 40" does not.
            strict = self.comparator == "<" or other.comparator == ">"
            return strict and "~" not in {self.comparator, other.comparator}
        return self.high < other.low


@dataclass(slots=True)
class Observed:
    """One observation.

    Attributes:
        of, prop: IRIs of what was observed and of its property.
        conditions: by IRI of their property.
        stage, cell: IRIs, where stated.
        rows: IRIs of the table rows it stands in.
        texts: places of the running text and captions it stands in, in words.
    """

    iri: str
    of: str
    prop: str
    result: Figure
    conditions: dict[str, Figure] = field(default_factory=dict)
    stage: str | None = None
    cell: str | None = None
    rows: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        place = "; ".join([*sorted(self.rows.values()), *sorted(self.texts)])
        with_ = ", ".join(condition.printed for _, condition in sorted(self.conditions.items()))
        return f"{self.result.printed}{f' ({with_})' if with_ else ''}" + (f", {place}" if place else "")


def observed_records(store: Store) -> list[Observed]:
    """Every observation with a normalized result, in the order of its IRI."""
    figures = _figures(store)
    found: dict[str, Observed] = {}
    for row in select(store, _OBSERVATIONS):
        if figure := figures.get(str(row["result"])):
            key = str(row["id"])
            found[key] = Observed(key, str(row["of"]), str(row["property"]), figure)
    for row in select(store, _CONDITIONS):
        observed, figure = found.get(str(row["id"])), figures.get(str(row["quantity"]))
        if observed and figure:
            observed.conditions[str(row["kind"])] = figure
    for name in ("stage", "cell"):
        relation = {"stage": "atStage", "cell": "inCell"}[name]
        for row in select(
            store, f"SELECT ?id ?value {{ ?id lkg:observedProperty ?p ; lkg:{relation} ?value }}"
        ):
            if str(row["id"]) in found:
                setattr(found[str(row["id"])], name, str(row["value"]))
    _add_places(store, found)
    return [found[key] for key in sorted(found)]


def _add_places(store: Store, found: Mapping[str, Observed]) -> None:
    for row in select(store, _ROWS):
        if observed := found.get(str(row["id"])):
            observed.rows[str(row["row"])] = f"Table {row['table']}, row {row['number']}"
    for row in select(store, _TEXTS):
        if observed := found.get(str(row["id"])):
            observed.texts.add(f"{row['section']}, paragraph {row['paragraph']}")
    for row in select(store, _CAPTIONS):
        if observed := found.get(str(row["id"])):
            observed.texts.add(str(row["caption"]))


def _figures(store: Store) -> dict[str, Figure]:
    """Quantities by IRI, of those that have a value or a range."""
    parts: defaultdict[str, dict[str, Value]] = defaultdict(dict)
    for name in ("printed", "comparator", "value", "minimum", "maximum", "readAs"):
        for row in select(store, f"SELECT ?id ?value {{ ?id lkg:printed ?any ; lkg:{name} ?value }}"):
            parts[str(row["id"])][name] = row["value"]
    return {key: figure for key, part in parts.items() if (figure := _figure(part))}


def _figure(part: Mapping[str, Value]) -> Figure | None:
    comparator = str(part.get("comparator") or "=")
    low = high = None
    if "value" in part:
        low = high = Decimal(str(part["value"]))
        if comparator.startswith("<"):
            low = None
        elif comparator.startswith(">"):
            high = None
    elif "minimum" in part and "maximum" in part:
        low, high = Decimal(str(part["minimum"])), Decimal(str(part["maximum"]))
    if low is None and high is None:
        return None
    read_as = part.get("readAs")
    return Figure(str(part["printed"]), comparator, low, high, None if read_as is None else str(read_as))


def select(store: Store, text: str) -> list[dict[str, Value]]:
    """The rows of a SELECT query, whose prefixes need not be declared."""
    answer = store.query(_PREFIXES + text)
    assert isinstance(answer, Table)  # noqa: S101  # every text is a SELECT
    return answer.dicts()


def local(iri: str) -> str:
    """An individual's IRI below ``lkgi:``, for messages."""
    return iri.removeprefix(ID)
