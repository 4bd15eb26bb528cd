from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.curation import Context, Records, read_folder
from lithiokg.curation.context import parse_context

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ID = "https://w3id.org/lithiokg/id/"


def _ref(name: str, base: str | None = None, **more: str) -> dict[str, Any]:
    scope = {"@context": {"@base": base}} if base else {}
    return {"@id": f"lkg:{name}", "@type": "@id", **scope, **more}


@pytest.fixture(scope="session")
def definition() -> dict[str, Any]:
    return {
        "@version": 1.1,
        "@vocab": "https://w3id.org/lithiokg/",
        "@base": ID,
        "lkg": "https://w3id.org/lithiokg/",
        "lkgi": ID,
        "skos": "http://www.w3.org/2004/02/skos/core#",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        "id": "@id",
        "type": "@type",
        "label": {"@id": "skos:prefLabel", "@language": "en"},
        "names": {"@id": "skos:altLabel", "@container": "@language"},
        "formula": {"@id": "lkg:formula", "@type": "xsd:string"},
        "note": "lkg:note",
        "year": {"@id": "lkg:publicationYear", "@type": "xsd:integer"},
        "share": {"@id": "lkg:share", "@type": "xsd:decimal"},
        "complete": {"@id": "lkg:compositionIsComplete", "@type": "xsd:boolean"},
        "components": _ref("hasComponent", **{"@container": "@id"}),
        "part": _ref("hasPart"),
        "claims": _ref("hasClaim", **{"@container": "@id"}),
        "observations": {"@reverse": "lkg:hasFeatureOfInterest", "@container": "@index"},
        "evidence": _ref("hasEvidence", **{"@container": "@id"}),
        "constituents": _ref("hasConstituent", f"{ID}substance/"),
        "contacts": _ref("contacts", "../components/"),
        "touches": _ref("contacts", "{record}/components/"),
        "property": _ref("observedProperty", f"{ID}property/"),
        "result": {"@id": "lkg:hasResult", "@type": "lkg:Quantity"},
        "thickness": {"@id": "lkg:hasThickness", "@type": "lkg:Quantity"},
        "conditions": {"@id": "lkg:hasCondition", "@type": "lkg:Quantity", "@container": "@index"},
        "row": _ref("inTableRow", f"{ID}row/{{source}}/"),
        "column": _ref("inTableColumn", f"{ID}column/{{source}}/{{table}}/"),
        "not-reported": _ref("reportsNothingIn", f"{ID}column/{{source}}/{{table}}/"),
        "relation": {"@id": "lkg:claimRelation", "@type": "@vocab"},
        "object": _ref("claimObject", f"{ID}substance/"),
        "polarity": {"@id": "lkg:polarity", "@type": "xsd:string"},
        "modality": {"@id": "lkg:modality", "@type": "xsd:string"},
    }


@pytest.fixture(scope="session")
def context(definition: dict[str, Any]) -> Context:
    return parse_context(definition)


@pytest.fixture
def read(tmp_path: Path, context: Context) -> Callable[..., Records]:
    """Write files of one source and read them."""

    def write_and_read(*texts: str, **options: Any) -> Records:
        folder = tmp_path / "data" / "paper-1"
        folder.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (folder / f"{number}.yaml").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return read_folder(folder, context, **options)

    return write_and_read


@pytest.fixture
def triples() -> Callable[..., set[tuple[str, str, str]]]:
    """The triples of quads, shortened for reading."""

    def short(iri: str) -> str:
        return iri.removeprefix(ID).removeprefix("https://w3id.org/lithiokg/").rpartition("#")[2]

    def of(quads: Any) -> set[tuple[str, str, str]]:
        return {(short(q.subject.value), short(q.predicate.value), short(q.object.value)) for q in quads}

    return of
