"""Write docs/records.md, the list of all fields of a record file, from the JSON-LD context and the ontology.

python tools/records_page.py            writes it
python tools/records_page.py --check    only says whether it is current (exit code 1 if not)
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "records.md"
SKOS = "http://www.w3.org/2004/02/skos/core#"
LKG = "https://w3id.org/lithiokg/"
ID = LKG + "id/"

INTRODUCTION = """\
# Fields of a record file

<!-- Written by tools/records_page.py from ontology/context.jsonld and the ontology; do not edit. -->

A file under `data/<source>/` is YAML read with the JSON-LD context `ontology/context.jsonld`: the file *is* triples.
At the top stand collections; in a collection each key is a record:

```yaml
designs:
  zno-interlayer-on-garnet:                # https://w3id.org/lithiokg/id/design/zno-interlayer-on-garnet
    label: zinc oxide interlayer on garnet
    components:
      layer: {type: InterfacialLayer, label: zinc oxide interlayer, constituents: [ZnO], contacts: [lithium]}
    observations:
      resistance-after: {property: area-specific-resistance, result: "20 Ω cm2", ...}
```

Three rules go beyond JSON-LD:

1. A nested record's IRI is that of its parent, `/`, the field, `/`, its key (a single nested record: parent, `/`, field).
2. A figure is written as printed, `"~24 Ω"`; comparator, value and unit are read from it. A print that cannot be is
   `{printed: "20 Ω cm-2", read-as: "20 Ω cm2"}`, with a doubt of kind `unit`.
3. A name is looked up below the folder in the last column; a full CURIE such as `lkgi:reference/other-paper/7` or an
   IRI is taken as it is. `{source}` is the name of the data folder, `{table}` the table of the row beside it.

Quote every figure. Anchors, aliases, tags, tabs and files above 1 MiB are refused.

## Fields

| field | says | takes |
|---|---|---|
"""


def annotations() -> dict[str, tuple[str, str]]:
    """Label and definition of every term."""
    labels: dict[str, str] = {}
    definitions: dict[str, str] = {}
    for file in sorted((ROOT / "ontology" / "modules").glob("*.ttl")):
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                if quad.predicate.value == SKOS + "prefLabel":
                    labels[quad.subject.value] = quad.object.value
                elif quad.predicate.value == SKOS + "definition":
                    definitions[quad.subject.value] = quad.object.value
    return {iri: (label, definitions.get(iri, "")) for iri, label in labels.items()}


def takes(term: dict[str, object]) -> str:
    """What a field takes, in words."""
    kind, container = str(term.get("@type", "")), term.get("@container")
    context = term.get("@context")
    if kind == "lkg:Quantity":
        return "figures as printed, keyed by property" if container else "a figure as printed"
    if container == "@id":
        return "nested records by key"
    if kind == "@vocab":
        return "a term of the ontology"
    if kind == "@id":
        base = str(context.get("@base", "")) if isinstance(context, dict) else ""
        if base.startswith(".."):
            return "a component of the same design"
        return f"names below `{base.removeprefix(ID) or 'id/'}`" if base else "an IRI"
    return {"xsd:integer": "a whole number", "xsd:boolean": "`true`"}.get(kind, "text")


def page() -> str:
    """The text of the page."""
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    known = annotations()
    rows = []
    for field, term in sorted(context.items()):
        if not isinstance(term, dict):
            continue
        prefix, _, local = str(term["@id"]).partition(":")
        iri = {"lkg": LKG, "skos": SKOS}.get(prefix, prefix + ":") + local
        label, definition = known.get(iri, (local, ""))
        says = f"**{label}**: {definition}" if definition else f"**{label}**"
        rows.append(f"| `{field}` | {says} | {takes(term)} |")
    return INTRODUCTION + "\n".join(rows) + "\n"


def main() -> int:
    """Write or check the page."""
    text = page()
    if "--check" in sys.argv[1:]:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
        if not current:
            print("docs/records.md is not current: run python tools/records_page.py", file=sys.stderr)
        return 0 if current else 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
