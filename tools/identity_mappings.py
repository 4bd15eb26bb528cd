"""Write the mapping tables of substances to ChEBI, PubChem and Wikidata from copies of other ontologies.

    python tools/identity_mappings.py --upstream DIR           writes ontology/mappings/{chebi,pubchem,wikidata}.sssom.tsv
    python tools/identity_mappings.py --upstream DIR --check   only says whether they are current (exit code 1 if not)

No identifier is written that was not read in a file. ChEBI classes are those that PMDco and CHMO import; they are
met by InChIKey where the copy gives one, else by name. PubChem and Wikidata are met by way of EMMO's chemical
substances: a class with the same standard InChI names the entry.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = ROOT / "data" / "catalogue"
MAPPINGS = ROOT / "ontology" / "mappings"
DATE = "2026-11-22"
VERSION = "0.1.0"

_EMMO = "https://w3id.org/emmo#EMMO_"
_STANDARD_INCHI = (
    "https://w3id.org/emmo/domain/chemical-substance#substance_33ab8162_934b_4e36_bb43_5528d867d6d6"
)
_PUBCHEM, _WIKIDATA = (
    _EMMO + "371f5265_fa29_4081_b722_2c530b1fdddb",
    _EMMO + "26bf1bef_d192_4da6_b0eb_d2209698fb54",
)
_PREF_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_CHEBI_LABEL = re.compile(r'AnnotationAssertion\(rdfs:label <[^>]*/(CHEBI_\d+)> "([^"]*)"')
_CHEBI_KEY = re.compile(r'chebi/inchikey> <[^>]*/(CHEBI_\d+)> "([A-Z-]*)"')
#: EMMO's class names the element's entry in Wikidata and gives the InChI of its molecules.
NOT_THE_MOLECULE = frozenset({"O2", "I2"})
#: Prefix of the entries of a database, and how sure it is that EMMO names the right one: its InChIs are those of
#: PubChem, the other addresses were put beside them.
_ENTRIES = {"pubchem": ("pubchem.compound", "0.95"), "wikidata": ("wikidata", "0.85")}
#: Names that ChEBI spells in another way.
BRITISH = {"aluminum": "aluminium", "carbon (element)": "carbon", "iodine (element)": "iodine"}
#: Substances met by name, where the copies have no InChIKey: key -> ChEBI's label, and what speaks for it.
BY_NAME = {
    "graphite": ("graphite", "By name and definition; a network has no InChIKey."),
    "Al2O3": ("aluminium oxide", "By name; the copies give neither definition nor InChIKey."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, without what is the same in all."""

    subject: str
    subject_label: str
    predicate: str
    object: str
    object_label: str
    justification: str
    confidence: str
    subject_field: str = ""
    object_field: str = ""
    match: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what its header says, and its rows."""

    name: str
    title: str
    description: str
    prefixes: dict[str, str]
    source: str
    version: str
    rows: list[Row]
    derived_from: str = ""


def labels() -> dict[str, str]:
    """Labels of the substances by key."""
    found = {"Li": "lithium"}  # a term of the ontology
    for path in sorted(CATALOGUE.parent.rglob("*.yaml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        found |= {key: record["label"] for key, record in content.get("substances", {}).items()}
    return found


def identifiers() -> dict[str, dict[str, object]]:
    """What tools/identity.py computed."""
    text = (CATALOGUE / "identifiers.yaml").read_text(encoding="utf-8")
    content: dict[str, dict[str, dict[str, object]]] = yaml.safe_load(text)
    return content["identifiers"]


def chebi(upstream: Path) -> Table:
    """Substances against the ChEBI classes that PMDco and CHMO import."""
    text = "\n".join(
        (upstream / folder / "src/ontology/imports/chebi_import.owl").read_text(encoding="utf-8")
        for folder in ("chmo", "pmdco")
    )
    named = {label: name.replace("_", ":") for name, label in _CHEBI_LABEL.findall(text)}
    labelled = {name: label for label, name in named.items()}
    keyed = {key: name.replace("_", ":") for name, key in _CHEBI_KEY.findall(text)}
    ours, known = labels(), identifiers()
    rows = list(_chebi_terms())
    for key, identity in known.items():
        subject = f"lkgi:substance/{key}"
        number, inchikey = identity.get("atomic-number"), str(identity.get("inchikey", ""))
        name = BRITISH.get(ours[key], ours[key])
        atom = next((named[label] for label in (f"{name} atom", name) if number and label in named), None)
        same = keyed.get(inchikey)
        if same and not number:
            rows.append(
                Row(subject, ours[key], "skos:exactMatch", same, labelled[same], "semapv:LexicalMatching", "0.98",
                    "lkg:inChIKey", "chebi:inchikey", inchikey)
            )  # fmt: skip
        elif atom:
            comment = "ChEBI's is the atom, ours the element, as a substance or in compounds"
            comment += "; the InChIKey is the same." if same == atom else "."
            rows.append(
                Row(subject, ours[key], "skos:relatedMatch", atom, labelled[atom], "semapv:ManualMappingCuration",
                    "0.9", comment=comment)
            )  # fmt: skip
    for key, (label, comment) in BY_NAME.items():
        rows.append(
            Row(f"lkgi:substance/{key}", ours[key], "skos:exactMatch", named[label], label,
                "semapv:ManualMappingCuration", "0.95", comment=comment)
        )  # fmt: skip
    return Table(
        "chebi",
        "Mappings of LithioKG's substances to ChEBI",
        "A substance is matched with the molecular entity that it consists of, an element related to its atom."
        " Looked for in the subsets of ChEBI that CHMO 2025-01-22 and PMDco 3.0.0 import; a substance without a"
        " row is not in them.",
        {"CHEBI": "http://purl.obolibrary.org/obo/CHEBI_", "chebi": "http://purl.obolibrary.org/obo/chebi/"},
        "http://purl.obolibrary.org/obo/chebi.owl",
        "subsets in CHMO 2025-01-22 and PMDco 3.0.0",
        rows,
    )


def _chebi_terms() -> Iterator[Row]:
    """ChEBI's annotation properties for what identifies a molecular entity."""
    for ours, label, theirs, relation, comment in (
        (
            "formula",
            "formula",
            "formula",
            "closeMatch",
            "ChEBI's is in Hill order, ours as chemists write it.",
        ),
        ("inChI", "InChI", "inchi", "exactMatch", ""),
        ("inChIKey", "InChIKey", "inchikey", "exactMatch", ""),
        (
            "smiles",
            "SMILES",
            "smiles",
            "closeMatch",
            "ChEBI's is of the entity, ours of its structure as a record.",
        ),
    ):
        yield Row(f"lkg:{ours}", label, f"skos:{relation}", f"chebi:{theirs}", "", "semapv:ManualMappingCuration",
                  "0.95", comment=comment)  # fmt: skip


def by_way_of_emmo(upstream: Path) -> tuple[Table, Table]:
    """Substances against the entries of PubChem and Wikidata that EMMO's classes of the same InChI name."""
    said: dict[str, dict[str, str]] = {}
    wanted = {_STANDARD_INCHI: "inchi", _PUBCHEM: "pubchem", _WIKIDATA: "wikidata", _PREF_LABEL: "label"}
    path = upstream / "chemical-substance" / "chemical-substance.ttl"
    for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
        name = wanted.get(quad.predicate.value)
        if name and isinstance(quad.subject, ox.NamedNode):
            said.setdefault(quad.subject.value, {})[name] = quad.object.value.strip()
    classes = {facts["inchi"]: facts for facts in said.values() if "inchi" in facts}
    ours = labels()
    rows: dict[str, list[Row]] = {"pubchem": [], "wikidata": []}
    for key, identity in identifiers().items():
        facts = classes.get(str(identity.get("inchi", "")), {})
        for target, found in rows.items():
            number = facts.get(target, "").rstrip("/").rpartition("/")[2]
            if not number or (target == "wikidata" and key in NOT_THE_MOLECULE):
                continue
            prefix, confidence = _ENTRIES[target]
            comment = f"EMMO's {facts['label']} has the same InChI and names this entry."
            found.append(
                Row(f"lkgi:substance/{key}", ours[key], "skos:exactMatch", f"{prefix}:{number}", "",
                    "semapv:MappingChaining", confidence, comment=comment)
            )  # fmt: skip
    source = "https://w3id.org/emmo/domain/chemical-substance"
    named = "as named by EMMO chemical-substance 0.14.2"
    how = "An entry is the one that a class of EMMO chemical-substance 0.14.2 with the same standard InChI names;"
    return (
        Table("pubchem", "Mappings of LithioKG's substances to PubChem compounds",
              f"{how} PubChem itself was not asked.",
              {"pubchem.compound": "https://pubchem.ncbi.nlm.nih.gov/compound/"},
              "https://pubchem.ncbi.nlm.nih.gov/", named, rows["pubchem"], source),
        Table("wikidata", "Mappings of LithioKG's substances to Wikidata",
              f"{how} Wikidata itself was not asked. Dioxygen and diiodine are left out: their class names the"
              " entries of the elements.",
              {"wikidata": "http://www.wikidata.org/entity/"},
              "https://www.wikidata.org/", named, rows["wikidata"], source),
    )  # fmt: skip


_PREFIXES = {
    "lkg": "https://w3id.org/lithiokg/",
    "lkgi": "https://w3id.org/lithiokg/id/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
}
_COLUMNS = {
    "subject_id": "subject",
    "subject_label": "subject_label",
    "predicate_id": "predicate",
    "object_id": "object",
    "object_label": "object_label",
    "mapping_justification": "justification",
    "subject_match_field": "subject_field",
    "object_match_field": "object_field",
    "match_string": "match",
    "confidence": "confidence",
    "comment": "comment",
}


def text_of(table: Table) -> str:
    """The table as SSSOM; columns in which no row has anything are left out."""
    prefixes = dict(sorted({**_PREFIXES, **table.prefixes}.items()))
    head = ["#curie_map:", *(f"#  {prefix}: {namespace}" for prefix, namespace in prefixes.items())]
    values = {
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "mapping_date": f"'{DATE}'",
        "mapping_set_description": f'"{table.description}"',
        "mapping_set_id": f"https://w3id.org/lithiokg/mappings/{table.name}",
        "mapping_set_title": f'"{table.title}"',
        "mapping_set_version": f'"{VERSION}"',
        "object_source": f'"{table.source}"',
        "object_source_version": f'"{table.version}"',
        "sssom_version": "'1.1'",
        "subject_source": '"https://w3id.org/lithiokg/"',
        "subject_source_version": f'"{VERSION}"',
    }
    head += [f"#{name}: {value}" for name, value in values.items()]
    if table.derived_from:
        head += ["#mapping_set_source:", f"#- {table.derived_from}"]
    rows = sorted(table.rows, key=lambda row: (row.subject, row.predicate, row.object))
    columns = {name: field for name, field in _COLUMNS.items() if any(getattr(row, field) for row in rows)}
    lines = ["\t".join(columns)]
    lines += ["\t".join(getattr(row, field) for field in columns.values()) for row in rows]
    return "\n".join([*head, *lines]) + "\n"


def main() -> int:
    """Write or check the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--upstream", type=Path, required=True, help="folder with copies of the ontologies")
    parser.add_argument("--check", action="store_true", help="only say whether the tables are current")
    given = parser.parse_args()
    current = True
    for table in (chebi(given.upstream), *by_way_of_emmo(given.upstream)):
        path, text = MAPPINGS / f"{table.name}.sssom.tsv", text_of(table)
        if not given.check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            current = False
            print(f"{path.name} is not current: run python tools/identity_mappings.py", file=sys.stderr)
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main())
