"""The profiles of the shipped graph, written once and read back by others' parsers."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).parents[3]
UPSTREAM = Path(os.environ.get("LITHIOKG_UPSTREAM", ROOT.parent / "shared" / "upstream"))
#: The columns of conditions in the flat table -> the property they are of.
CONDITIONS = {
    "current_density_mA_cm2": "current-density",
    "areal_capacity_mAh_cm2": "areal-capacity",
    "time_h": "time",
    "rest_time_h": "rest-time",
    "cycles": "cycles",
    "c_rate": "c-rate",
    "temperature_C": "temperature",
}
SAID = ("comparator", "value", "value_min", "value_max", "unit", "printed")


@pytest.fixture(scope="session")
def emmo_jsonld(graph) -> str:
    return graph.profile("emmo")


@pytest.fixture(scope="session")
def emmo_turtle(graph) -> str:
    return graph.profile("emmo", "turtle")


@pytest.fixture(scope="session")
def nanopub_trig(graph) -> str:
    return graph.profile("nanopub")


@pytest.fixture(scope="session")
def schema_jsonld(graph) -> str:
    return graph.profile("schema")


@pytest.fixture(scope="session")
def emmo(emmo_jsonld: str) -> rdflib.Graph:
    """The JSON-LD of the profile as rdflib reads it."""
    return rdflib.Graph().parse(data=emmo_jsonld, format="json-ld")


@pytest.fixture(scope="session")
def schema(schema_jsonld: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=schema_jsonld, format="json-ld")


@pytest.fixture(scope="session")
def reported(graph) -> dict[str, dict[str, Any]]:
    """What the flat table says of each observation: its figure, and the conditions by property."""
    rows = {}
    for row in graph.observations().dicts():
        conditions = {
            key: Decimal(str(row[column])) for column, key in CONDITIONS.items() if row[column] is not None
        }
        rows[str(row["id"])] = {**{name: row[name] for name in SAID}, "conditions": conditions}
    return rows


@pytest.fixture(scope="session")
def upstream() -> Path:
    """The copy of other people's ontologies."""
    if not (UPSTREAM / "emmo").is_dir():
        pytest.skip("needs a copy of EMMO and its domain ontologies; name its folder in LITHIOKG_UPSTREAM")
    return UPSTREAM


@pytest.fixture(scope="session")
def emmo_store(upstream: Path) -> ox.Store:
    """EMMO and its domain ontologies, as the copy has them."""

    def files() -> Iterator[Path]:
        for folder in ("emmo", "electrochemistry", "battery", "chemical-substance", "chameo"):
            yield from sorted((upstream / folder).rglob("*.ttl"))

    store = ox.Store()
    for path in files():
        if path.name != "units.ttl":  # a module header that is not valid Turtle, and holds no term
            store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="session")
def term(emmo_store: ox.Store):
    """The IRI of the term of EMMO that has a label."""
    query = """
    PREFIX owl: <http://www.w3.org/2002/07/owl#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT DISTINCT ?term {{ ?term skos:prefLabel "{label}"@en FILTER NOT EXISTS {{ ?term owl:deprecated true }} }}
    """

    def find(label: str, namespace: str = "") -> str:
        found = [row[0].value for row in emmo_store.query(query.format(label=label))]
        (iri,) = [each for each in found if namespace in each]
        return iri

    return find


@pytest.fixture(scope="session")
def same():
    """Compare what was read back of every observation with what was reported."""

    def compare(read: dict[str, dict[str, Any]], reported: dict[str, dict[str, Any]]) -> Iterable[str]:
        assert len(reported) >= 160
        assert set(read) == set(reported)
        for key, row in reported.items():
            assert read[key] == row, key
        return read

    return compare
