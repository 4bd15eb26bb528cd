"""The committed identifiers: computed anew, held against other libraries and against the graph."""

from __future__ import annotations

import re
import subprocess
from fractions import Fraction
from pathlib import Path

import molmass
import pytest
import yaml

from lithiokg.identifiers import normal_inchikey, parse_formula
from lithiokg.vocabulary import ID, LKG

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "data" / "catalogue"


@pytest.fixture(scope="module")
def committed() -> dict[str, dict]:
    return yaml.safe_load((CATALOGUE / "identifiers.yaml").read_text(encoding="utf-8"))["identifiers"]


def test_the_committed_file_was_made_from_the_inputs_as_they_are(identity) -> None:
    head = (CATALOGUE / "identifiers.yaml").read_text(encoding="utf-8").partition("identifiers:")[0]
    assert identity.inputs_hash() in head
    assert "do not edit" in head


def test_every_substance_with_a_definite_formula_has_identifiers_and_no_other(committed, identity) -> None:
    assert committed.keys() == identity.formulas().keys()


def test_rdkit_computes_the_same_inchi_and_key_from_each_structure(committed, identity) -> None:
    given = identity.structures()
    drawn = {key: entry for key, entry in committed.items() if "structure" in entry}
    assert drawn.keys() == given.keys()
    for key, entry in drawn.items():
        assert entry["structure"]["smiles"] == given[key]["smiles"]
        assert identity.inchi_of(entry["structure"]["smiles"]) == (entry["inchi"], entry["inchikey"]), key


def test_each_structure_has_the_atoms_of_the_formula_and_no_charge(identity) -> None:
    formulas = identity.formulas()
    for key, row in identity.structures().items():
        atoms, charge = identity.atoms_of(row["smiles"])
        assert charge == 0, key
        assert parse_formula(formulas[key]).amounts == atoms, key


def test_each_salt_has_one_inchi_whether_bonds_or_ions_are_drawn(identity) -> None:
    redrawn = {key: row for key, row in identity.structures().items() if row["drawn_otherwise"]}
    assert len(redrawn) >= 15
    for key, row in redrawn.items():
        assert identity.inchi_of(row["smiles"]) == identity.inchi_of(row["drawn_otherwise"]), key


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"smiles": "[Li]F", "drawn_otherwise": "[Li]Br"}, "two InChIs"),
        ({"smiles": "[Li+].[Br-]"}, "the formula is LiF"),
        ({"smiles": "[Li+]"}, "charge 1"),
        ({"smiles": "not a structure"}, "does not read"),
        ({"checked": "memory"}, "'checked' names"),
        ({"checked": ""}, "'checked' names"),
    ],
)
def test_a_structure_that_cannot_be_right_is_refused(identity, wrong: dict[str, str], words: str) -> None:
    row = {"substance": "LiF", "name": "x", "smiles": "[Li]F", "drawn_otherwise": "", "checked": "opsin"}
    identity.check_structure("LiF", row, "LiF")
    with pytest.raises(identity.IdentityError, match=words):
        identity.check_structure("LiF", row | wrong, "LiF")


@pytest.mark.parametrize(
    ("bonds", "ions"),
    [
        ("[Li]O[Li]", "[Li+].[Li+].[O-2]"),
        ("O=[Zn]", "[Zn+2].[O-2]"),
        ("[Li]N([Li])[Li]", "[Li+].[Li+].[Li+].[N-3]"),
    ],
)
def test_what_is_left_out_has_two_inchis(identity, bonds: str, ions: str) -> None:
    assert identity.inchi_of(bonds) != identity.inchi_of(ions)


def test_this_reader_reduces_each_formula_to_what_is_committed(committed, identity) -> None:
    for key, formula in identity.formulas().items():
        assert parse_formula(formula).reduced == committed[key]["reduced-formula"], key


def test_molmass_finds_the_same_composition_in_each_whole_formula(committed, identity) -> None:
    whole = {key: text for key, text in identity.formulas().items() if "." not in text}
    assert len(whole) >= 80
    for key, formula in whole.items():
        theirs = molmass.Formula(formula, parse_groups=False).composition()
        counts = {symbol: Fraction(item.count) for symbol, item in theirs.items()}
        mine = parse_formula(committed[key]["reduced-formula"]).amounts
        assert len({counts[symbol] / mine[symbol] for symbol in mine}) == 1, key
        assert counts.keys() == mine.keys(), key


def test_the_tool_writes_what_is_committed(interop_python: str) -> None:
    libraries = "import rdkit, pymatgen.core, yaml"
    if subprocess.run([interop_python, "-c", libraries], check=False, capture_output=True).returncode:
        pytest.skip("needs rdkit and pymatgen-core in .venv-interop")
    done = subprocess.run(
        [interop_python, str(ROOT / "tools" / "identity.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_other_ontologies_give_the_inchis_that_the_structures_claim(identity, upstream: Path) -> None:
    emmo = (upstream / "chemical-substance" / "chemical-substance.ttl").read_text(encoding="utf-8")
    folder = upstream / "chmo" / "src" / "ontology" / "imports"
    chebi = (folder / "chebi_import.owl").read_text(encoding="utf-8")
    for key, row in identity.structures().items():
        inchi, inchikey = identity.inchi_of(row["smiles"])
        stated = set(re.split(r";\s*", row["checked"]))
        assert ("emmo" in stated) is (f'"{inchi}"' in emmo), key
        assert ("chebi" in stated) is (f'"{inchikey}"' in chebi), key


def test_the_mapping_tables_are_what_the_copies_say(mappings, upstream: Path) -> None:
    for table in (mappings.chebi(upstream), *mappings.by_way_of_emmo(upstream)):
        path = ROOT / "ontology" / "mappings" / f"{table.name}.sssom.tsv"
        assert path.read_text(encoding="utf-8") == mappings.text_of(table)
        assert len({row.subject for row in table.rows}) >= 50


def test_a_substance_with_an_inchikey_is_a_molecule_a_salt_or_a_metal(graph) -> None:
    never = (
        "Polymer GarnetTypeOxide NasiconTypePhosphate ThioLisicon CarbonMaterial Alloy MetalOxide MetalNitride "
        "LithiumNitride LithiumAntiperovskite MetalOrganicFramework CarbonNitride"
    )
    classes = " ".join(f"lkg:{name}" for name in never.split())
    found = graph.sparql(
        f"SELECT DISTINCT ?s {{ VALUES ?c {{ {classes} }} ?s a/rdfs:subClassOf* ?c ; lkg:inChIKey ?k }}"
    )
    assert found.dicts() == []
    keys = graph.sparql("SELECT ?s ?k { ?s lkg:inChIKey ?k }").dicts()
    assert len(keys) >= 70
    assert all(normal_inchikey(row["k"]) == row["k"] for row in keys)
    assert len({row["k"] for row in keys}) == len(keys)


def test_every_definite_formula_leads_to_its_elements_and_every_element_to_its_number(graph) -> None:
    rows = graph.sparql(
        """SELECT ?s ?f (GROUP_CONCAT(?symbol; separator=" ") AS ?symbols) {
             ?s lkg:formula ?f ; lkg:reducedFormula ?reduced .
             OPTIONAL { ?s lkg:hasElement ?e . ?e lkg:formula ?symbol ; lkg:atomicNumber ?number }
           } GROUP BY ?s ?f"""
    ).dicts()
    assert len(rows) >= 100
    for row in rows:
        assert sorted(row["symbols"].split()) == list(parse_formula(row["f"]).elements), row["s"]


def test_a_formula_that_leaves_something_open_has_no_reduced_formula(graph) -> None:
    found = graph.sparql("SELECT ?s { ?s lkg:formula ?f FILTER NOT EXISTS { ?s lkg:reducedFormula ?r } }")
    keys = {row["s"].removeprefix(ID + "substance/") for row in found.dicts()}
    assert keys == {"Li2Sx", "LixSiSy", "LiNxOy", "ROLi", "ROCO2Li"}


def test_each_structure_has_evidence_and_names_its_program(graph) -> None:
    found = graph.sparql(
        """SELECT ?s ?note ?program { ?s lkg:hasStructure ?x . ?x lkg:smiles ?smiles ; lkg:computedWith ?program ;
             lkg:hasEvidence ?e . ?e a lkg:GeneralChemistryEvidence ; lkg:note ?note }"""
    ).dicts()
    assert len(found) >= 70
    assert all("OPSIN" in row["note"] and row["program"].startswith("RDKit ") for row in found)


def test_a_substance_is_found_by_its_inchikey(graph) -> None:
    assert graph.find("SBLRHMKNNHXPHG-UHFFFAOYSA-N") == ID + "substance/FEC"
    assert graph.show("FEC").label == "fluoroethylene carbonate"
    structure = next(fact for fact in graph.show("FEC").facts if fact.iri == ID + "substance/FEC/structure")
    assert structure.value == "O=C1OCC(F)O1"


def test_a_registry_entry_is_linked_as_the_same_substance(graph) -> None:
    same = graph.sparql(f"SELECT ?x {{ <{ID}substance/DMSO> skos:exactMatch ?x }}").column("x")
    assert "http://purl.obolibrary.org/obo/CHEBI_28262" in same
    assert "https://pubchem.ncbi.nlm.nih.gov/compound/679" in same
    assert f"{LKG}inChIKey" not in same
