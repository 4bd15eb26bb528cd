"""Flat tables of observations and designs: a public contract (see ``docs/flat-exports.md``).

Columns keep their names and order; a new one is only ever added at the end.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lithiokg.store import Store, Value

__all__ = ["DESIGN_COLUMNS", "OBSERVATION_COLUMNS", "design_rows", "observation_rows"]

#: Condition columns -> key of the property under ``lkgi:property/``; values are in its canonical unit.
CONDITIONS = {
    "current_density_mA_cm2": "current-density",
    "areal_capacity_mAh_cm2": "areal-capacity",
    "time_h": "time",
    "rest_time_h": "rest-time",
    "cycles": "cycles",
    "c_rate": "c-rate",
    "temperature_C": "temperature",
}
#: The tables' columns in the order in which they are printed.
_PRINT_ORDER = ("resistance_before", "resistance_after", "polarization", "efficiency", "cycle_life")
OBSERVATION_COLUMNS = (
    "id", "work", "section", "table", "row", "column", "printed_ref", "resolved_ref", "design", "property",
    "comparator", "value", "value_min", "value_max", "unit", "printed", "suspect",
    *CONDITIONS, "cell", "stage", "note",
)  # fmt: skip
DESIGN_COLUMNS = (
    "id", "label", "work", "table", "row", "printed_ref", "resolved_ref", "side", "strategy_inferred",
    "strategy_printed", "interface_type_inferred", "mechanisms_inferred", "components", "electrolyte", "cell",
)  # fmt: skip

#: Comparators that make a bound of a number.
_BOUNDS = frozenset({"<", "<=", ">", ">="})

_PREFIXES = f"""
PREFIX lkg: <{LKG}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
_OBSERVATIONS = """
SELECT ?id ?feature ?about ?whole ?property ?comparator ?value ?value_min ?value_max ?unit ?printed ?cell ?stage ?note {
  ?id lkg:observedProperty/skos:prefLabel ?property ; lkg:hasFeatureOfInterest ?feature ; lkg:hasResult ?result .
  ?result lkg:printed ?printed .
  OPTIONAL { ?feature skos:prefLabel ?about }
  OPTIONAL { ?whole lkg:hasComponent ?feature }
  OPTIONAL { ?result lkg:comparator ?comparator }
  OPTIONAL { ?result lkg:value ?value }
  OPTIONAL { ?result lkg:minimum ?value_min ; lkg:maximum ?value_max }
  OPTIONAL { ?result lkg:unit/lkg:plainSymbol ?unit }
  OPTIONAL { ?id lkg:inCell/skos:prefLabel ?cell }
  OPTIONAL { ?id lkg:atStage/skos:prefLabel ?stage }
  OPTIONAL { ?id lkg:note ?note }
}
"""
_IS_DESIGN = "SELECT ?design { ?design a lkg:Design }"
_CONDITIONS = """
SELECT ?id ?kind ?label ?comparator ?value ?minimum ?maximum ?printed {
  ?id a lkg:Observation ; lkg:hasCondition ?condition . ?condition lkg:quantityKind ?kind ; lkg:printed ?printed .
  ?kind skos:prefLabel ?label .
  OPTIONAL { ?condition lkg:comparator ?comparator }
  OPTIONAL { ?condition lkg:value ?value }
  OPTIONAL { ?condition lkg:minimum ?minimum ; lkg:maximum ?maximum }
}
"""
_EVIDENCE = """
SELECT ?id ?evidence ?work ?section ?table ?row ?column ?printed_ref ?resolved_ref {
  ?id a lkg:Observation ; lkg:hasEvidence ?evidence .
  {
    ?evidence lkg:inTableRow ?node ; lkg:inTableColumn/lkg:columnName ?column .
    ?node lkg:rowNumber ?row ; lkg:inTable ?in . ?in lkg:tableNumber ?table ; lkg:inSection ?place .
  } UNION {
    ?evidence lkg:inSection ?place .
    FILTER NOT EXISTS { ?evidence lkg:inTableRow ?any }
    BIND(?evidence AS ?node)
  }
  ?place skos:prefLabel ?section ; lkg:inDocument ?work .
  OPTIONAL { ?node lkg:printedReference ?printed_ref }
  OPTIONAL { ?node lkg:resolvedReference/lkg:referenceNumber ?resolved_ref }
}
"""
_DOUBTS = "SELECT ?id ?reason { ?id a lkg:Observation ; lkg:hasDoubt/lkg:reason ?reason }"


def observation_rows(store: Store) -> list[tuple[Value, ...]]:
    """One row an observation, in the order of :data:`OBSERVATION_COLUMNS`.

    Values and conditions are in the canonical unit of their property. An observation with evidence in
    a table and in the text gives its place in the table. ``suspect`` is true where a doubt is recorded;
    ``note`` holds the reasons. A condition that is a range or a bound has its (lower) end in its column and
    stands in the note as printed; so does one that has no column. A figure of a component names the component's design; one of a substance
    names none; the note says what either is about.
    """
    rows = {str(row["id"]): row for row in _select(store, _OBSERVATIONS)}
    designs = {row["design"] for row in _select(store, _IS_DESIGN)}
    conditions = _select(store, _CONDITIONS)
    for found in conditions:
        for column, key in CONDITIONS.items():
            if found["kind"] == f"{ID}property/{key}":
                rows[str(found["id"])][column] = (
                    found["value"] if found["value"] is not None else found["minimum"]
                )
    in_words = _grouped(map(_as_words, filter(_needs_words, conditions)), "words")
    evidence = _select(store, _EVIDENCE)
    evidence.sort(key=lambda row: (row["table"] is None, str(row["evidence"])), reverse=True)
    for found in evidence:  # evidence in a table comes last and so counts
        rows[str(found["id"])].update(found, work=_local(found["work"], "work/"))
    reasons = _grouped(_select(store, _DOUBTS), "reason")
    for key, row in rows.items():
        design = row["feature"] if row["feature"] in designs else row["whole"]
        about = f"About {row['about']}." if row["about"] and row["feature"] != design else None
        notes = [about, *reasons.get(key, ()), *in_words.get(key, ()), row["note"]]
        row.update(
            id=_local(key, ""),
            design=_local(design, "design/"),
            suspect=key in reasons,
            note=" ".join(str(note) for note in notes if note) or None,
        )
    ordered = sorted(rows.values(), key=_reading_order)
    return [tuple(row.get(column) for column in OBSERVATION_COLUMNS) for row in ordered]


def _needs_words(condition: Mapping[str, Value]) -> bool:
    """Whether one number is not all that a condition says, or it has no column."""
    has_column = str(condition["kind"]).removeprefix(f"{ID}property/") in CONDITIONS.values()
    return not has_column or condition["value"] is None or condition["comparator"] in _BOUNDS


def _as_words(condition: Mapping[str, Value]) -> dict[str, Value]:
    words = f"At {condition['label']} {condition['printed']}."
    return {"id": condition["id"], "words": words}


_DESIGNS = """
SELECT ?id ?label ?work ?table ?row ?printed_ref ?resolved_ref ?strategy_printed {
  ?id a lkg:Design ; skos:prefLabel ?label .
  OPTIONAL {
    ?node lkg:describes ?id ; lkg:rowNumber ?row ; lkg:inTable ?in .
    ?in lkg:tableNumber ?table ; lkg:inSection/lkg:inDocument ?work .
    OPTIONAL { ?node lkg:printedReference ?printed_ref }
    OPTIONAL { ?node lkg:printedStrategy ?strategy_printed }
  }
  OPTIONAL { ?id lkg:reportedIn/lkg:referenceNumber ?resolved_ref }
}
"""
_SIDES = """
SELECT ?id ?side {
  VALUES (?class ?side) { (lkg:LiquidElectrolyteDesign "liquid") (lkg:SolidElectrolyteDesign "solid") }
  ?id a ?class
}
"""
_INFERRED = """
SELECT ?id ?thing ?label {{
  ?id a lkg:Design ; lkg:{relation} ?thing . ?thing skos:prefLabel ?label .
  FILTER NOT EXISTS {{ ?id lkg:{relation} ?narrower . ?narrower lkg:{broader} ?thing . FILTER(?narrower != ?thing) }}
}}
"""
_COMPONENTS = """
SELECT ?id ?component ?label ?substance {
  ?id lkg:hasComponent ?component . ?component skos:prefLabel ?label .
  OPTIONAL { ?component lkg:containsSubstance/skos:prefLabel ?substance }
}
"""
_ELECTROLYTES = """
SELECT DISTINCT ?id ?label { ?id lkg:hasComponent ?c . ?c a lkg:Electrolyte ; skos:prefLabel ?label }
"""
_CELLS = """
SELECT DISTINCT ?id ?label {
  ?o lkg:hasFeatureOfInterest ?id ; lkg:inCell/skos:prefLabel ?label . ?id a lkg:Design
}
"""


def design_rows(store: Store) -> list[tuple[Value, ...]]:
    """One row a design, in the order of :data:`DESIGN_COLUMNS`.

    Inferred strategies and mechanisms are the most specific ones; several are separated by ``"; "``.
    """
    rows: dict[str, dict[str, Value]] = {}
    for row in _select(store, _DESIGNS):
        key = str(row["id"])
        references = {str(row["resolved_ref"] or ""), str(rows.get(key, row)["resolved_ref"] or "")} - {""}
        rows[key] = {**row, "resolved_ref": ", ".join(sorted(references)) or None}
    strategies = _INFERRED.format(relation="followsStrategy", broader="isPartOfStrategy")
    mechanisms = _INFERRED.format(relation="actsThrough", broader="isKindOfMechanism")
    types = "SELECT ?id ?type { ?id lkg:hasInterfaceType ?type }"
    columns: dict[str, Mapping[str, list[str]]] = {
        "side": _grouped(_select(store, _SIDES), "side"),
        "strategy_inferred": _grouped(_select(store, strategies), "label"),
        "mechanisms_inferred": _grouped(_select(store, mechanisms), "label"),
        "interface_type_inferred": _grouped(
            ({**row, "type": _local(row["type"], "interface-type/")} for row in _select(store, types)), "type"
        ),
        "components": _components(store),
        "electrolyte": _grouped(_select(store, _ELECTROLYTES), "label"),
        "cell": _grouped(_select(store, _CELLS), "label"),
    }
    for key, row in rows.items():
        row.update(id=_local(key, "design/"), work=_local(row["work"], "work/"))
        row.update({name: "; ".join(found.get(key, ())) or None for name, found in columns.items()})
    ordered = sorted(rows.values(), key=_reading_order)
    return [tuple(row.get(column) for column in DESIGN_COLUMNS) for row in ordered]


def _components(store: Store) -> dict[str, list[str]]:
    """``label (substance, substance)`` for each component of each design."""
    bodies: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in _select(store, _COMPONENTS):
        held = bodies[str(row["id"]), str(row["component"]), str(row["label"])]
        if row["substance"] is not None:
            held.add(str(row["substance"]))
    found: dict[str, list[str]] = defaultdict(list)
    for (design, _, label), substances in sorted(bodies.items()):
        found[design].append(f"{label} ({', '.join(sorted(substances))})" if substances else label)
    return found


def _select(store: Store, text: str) -> list[dict[str, Value]]:
    answer = store.query(_PREFIXES + text)
    assert isinstance(answer, Table)  # noqa: S101  # every text above is a SELECT
    return answer.dicts()


def _grouped(rows: Iterable[Mapping[str, Value]], column: str) -> dict[str, list[str]]:
    """The distinct values of a column by ``id``, sorted."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        found[str(row["id"])].add(str(row[column]))
    return {key: sorted(values) for key, values in found.items()}


def _local(iri: Value, below: str) -> str | None:
    return None if iri is None else str(iri).removeprefix(ID).removeprefix(below)


def _reading_order(row: Mapping[str, Value]) -> tuple[bool, int, int, int, str]:
    """Tables first, row by row and cell by cell as printed, then the rest by id."""
    table, number, column = row.get("table"), row.get("row"), row.get("column")
    cell = _PRINT_ORDER.index(str(column)) if column in _PRINT_ORDER else len(_PRINT_ORDER)
    return table is None, int(str(table or 0)), int(str(number or 0)), cell, str(row["id"])
