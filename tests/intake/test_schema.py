"""The JSON Schema by which editors complete and check the record files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
import yaml

from lithiokg.intake import write_template
from lithiokg.intake.schema import records_schema
from lithiokg.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads((ROOT / "ontology" / "records.schema.json").read_text("utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def errors(schema: dict[str, Any]) -> Callable[[str], list[str]]:
    """What is wrong with a file."""
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    def call(text: str) -> list[str]:
        found: Iterator[Any] = validator.iter_errors(yaml.load(text, Loader=_LOADER))  # noqa: S506  # a safe loader
        return [error.message for error in found]

    return call


def test_the_schema_is_current(schema: dict[str, Any]) -> None:
    assert records_schema(Sources(ROOT)) == schema, "run python tools/records_schema.py"


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "data").iterdir() if path.is_dir()))
def test_every_shipped_file_fits_the_schema(folder: str, errors: Callable[[str], list[str]]) -> None:
    for path in (ROOT / "data" / folder).rglob("*.yaml"):
        assert errors(path.read_text("utf-8")) == [], path


@pytest.mark.parametrize(
    "text",
    [
        "design: {}",
        "designs: {a: {lable: x}}",
        "designs: {'a b': {label: x}}",
        "designs: {a: {components: {l: {type: ArtificialSEI, label: x}}}}",
        "designs: {a: {observations: {o: {property: resistence, result: 1 Ω}}}}",
        "designs: {a: {observations: {o: {result: {read-as: 1 Ω}}}}}",
        "designs: {a: {observations: {o: {conditions: {curent-density: 1}}}}}",
        "designs: {a: {claims: {c: {polarity: maybe}}}}",
        "works: {a: {year: soon}}",
    ],
)
def test_slips_are_seen_while_typing(text: str, errors: Callable[[str], list[str]]) -> None:
    assert errors(text)


def test_fields_are_explained_while_typing(schema: dict[str, Any]) -> None:
    fields = schema["$defs"]["record"]["properties"]
    assert fields["stage"]["description"].startswith("at stage: ")
    assert all("description" in field for name, field in fields.items() if name not in {"type", "id"})


def test_the_schema_is_handed_out(tmp_path: Path) -> None:
    write_template(tmp_path / "s.json", ("schema",), Sources(ROOT))
    assert json.loads((tmp_path / "s.json").read_text("utf-8"))["title"] == "Records of LithioKG"
