"""The facts in the words of EMMO, read back through EMMO's own terms."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.errors import InconsistencyError
from lithiokg.export.profiles.emmo import CLASSES, RELATIONS
from lithiokg.linking.slices import slice_of
from lithiokg.reasoning.hermit import hermit_available, realize

ID = "https://w3id.org/lithiokg/id/"
EMMO = "https://w3id.org/emmo"
#: EMMO's classes of units, and how the flat table writes these units.
UNITS = {
    "Ohm": "Ohm", "MilliVolt": "mV", "Volt": "V", "Hour": "h", "Percent": "%", "Degree": "deg", "NanoMetre": "nm",
    "MilliAmperePerSquareCentiMetre": "mA/cm2", "MilliAmpereHourPerSquareCentiMetre": "mAh/cm2",
    "MilliAmpereHourPerGram": "mAh/g", "WattHourPerKilogram": "Wh/kg", "MolePerLitre": "mol/L",
    "JoulePerSquareCentiMetre": "J/cm2",
}  # fmt: skip
#: Units that EMMO has no class of its own for: what they are stands in ours alone.
OURS = {"MeasurementUnit", "UnitOne"}
PREFIXES = """
PREFIX chameo: <https://w3id.org/emmo/domain/characterisation-methodology/chameo#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX emmo: <https://w3id.org/emmo#>
PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX lkgi: <https://w3id.org/lithiokg/id/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
#: A determination with its result and the labels of the classes of the unit, all by EMMO's terms.
RESULTS = """
SELECT ?determination ?quantity ?number ?unit {
  ?determination emmo:EMMO_802b7639_9498_4b47_ad45_1a087fe8fb85 ?quantity .
  ?quantity emmo:EMMO_bed1d005_b04e_4a90_94cf_02bc678a8569/a/skos:prefLabel ?unit .
  OPTIONAL { ?quantity emmo:EMMO_8ef3cd6d_ae58_4a8d_9fc0_ad8f49015cd0/emmo:EMMO_faf79f53_749d_40b2_807c_d34244c192f4 ?number }
}
"""
PARAMETERS = """
SELECT ?determination ?kind ?number {
  ?determination chameo:hasMeasurementParameter ?quantity . ?quantity lkg:quantityKind ?kind .
  OPTIONAL { ?quantity emmo:EMMO_8ef3cd6d_ae58_4a8d_9fc0_ad8f49015cd0/emmo:EMMO_faf79f53_749d_40b2_807c_d34244c192f4 ?exact }
  OPTIONAL { ?quantity lkg:value ?bound }
  BIND(COALESCE(?exact, ?bound) AS ?number)
}
"""


def select(emmo, text):
    for row in emmo.query(PREFIXES + text):
        yield {str(name): value for name, value in row.asdict().items()}


def key_of(node):
    return str(node).removeprefix(ID)


def figure_of(emmo, row):
    """The figure of a quantity, from EMMO's number and unit, and from ours for what EMMO cannot say."""
    quantity = row["quantity"]

    def ours(name):
        value = emmo.value(quantity, rdflib.URIRef("https://w3id.org/lithiokg/" + name))
        return value.toPython() if value is not None else None

    label = str(row["unit"])
    unit = rdflib.URIRef("https://w3id.org/lithiokg/plainSymbol")
    plain = str(emmo.value(emmo.value(quantity, rdflib.URIRef("https://w3id.org/lithiokg/unit")), unit))
    assert label in OURS or UNITS[label] == plain, (quantity, label)
    number = row.get("number")
    return {
        "comparator": ours("comparator"),
        "value": number.toPython() if number is not None else ours("value"),
        "value_min": ours("minimum"),
        "value_max": ours("maximum"),
        "unit": plain if label in OURS else UNITS[label],
        "printed": ours("printed"),
    }


def test_every_figure_survives_with_its_unit_comparator_range_print_and_conditions(emmo, reported, same):
    read = {
        key_of(row["determination"]): {**figure_of(emmo, row), "conditions": {}}
        for row in select(emmo, RESULTS)
    }
    for row in select(emmo, PARAMETERS):
        kind = key_of(row["kind"]).removeprefix("property/")
        read[key_of(row["determination"])]["conditions"][kind] = row["number"].toPython()
    same(read, reported)


def test_turtle_and_json_ld_say_the_same(emmo, emmo_turtle):
    turtle = {quad.triple for quad in ox.parse(emmo_turtle, format=ox.RdfFormat.TURTLE)}
    read = {quad.triple for quad in ox.parse(emmo.serialize(format="nt"), format=ox.RdfFormat.N_TRIPLES)}
    assert turtle == read


def test_no_node_is_blank(emmo):
    assert not [node for node in emmo.all_nodes() if isinstance(node, rdflib.BNode)]


def test_each_quantity_has_a_unit_node_of_its_own(emmo):
    has_unit = rdflib.URIRef(RELATIONS["hasMeasurementUnit"])
    owners = Counter(unit for _, unit in emmo.subject_objects(has_unit))
    quantities = set(emmo.subjects(rdflib.RDF.type, rdflib.URIRef("https://w3id.org/lithiokg/Quantity")))
    assert len(owners) == len(quantities) >= 300
    assert set(owners.values()) == {1}


def test_a_bound_and_a_range_have_no_number_of_emmo(emmo):
    bounds = list(
        select(emmo, 'SELECT ?quantity { ?quantity lkg:comparator ?c FILTER(?c NOT IN ("=", "~")) }')
    ) + list(select(emmo, "SELECT ?quantity { ?quantity lkg:minimum ?m }"))
    assert len(bounds) >= 20
    number = rdflib.URIRef(RELATIONS["hasNumericalPart"])
    assert not [row for row in bounds if (row["quantity"], number, None) in emmo]


def test_every_figure_leads_to_its_place_and_the_doi_of_the_document(emmo, graph):
    rows = list(
        select(
            emmo,
            """SELECT ?determination ?citation ?document {
              ?determination emmo:EMMO_802b7639_9498_4b47_ad45_1a087fe8fb85/prov:wasDerivedFrom ?place ;
                dcterms:source ?document .
              ?place dcterms:isPartOf ?document ; dcterms:bibliographicCitation ?citation . }""",
        )
    )
    places = {}
    for row in rows:
        assert str(row["document"]) == "https://doi.org/10.20517/energymater.2021.21"
        places.setdefault(key_of(row["determination"]), []).append(str(row["citation"]))
    told = graph.observations().dicts()
    assert set(places) == {row["id"] for row in told}
    for row in told:
        wanted = f"Table {row['table']}, row {row['row']}," if row["table"] else f"“{row['section']}”"
        assert any(wanted in place for place in places[row["id"]]), row["id"]


# --- Questions in EMMO's words ----------------------------------------------------------------------


def test_all_measured_resistances_in_ohm_below_100_are_found(emmo, reported, term, graph):
    query = f"""
    SELECT ?determination ?number {{
      ?determination a chameo:CharacterisationMeasurementProcess ; <{term("hasDeterminedProperty")}> ?quantity .
      ?quantity a <{term("ElectricResistance", "emmo#")}> ; <{term("hasMeasurementUnit")}>/a <{term("Ohm", "emmo#")}> ;
        <{term("hasNumericalPart")}>/<{term("hasNumberValue")}> ?number .
      FILTER(?number < 100) }}"""
    found = {key_of(row["determination"]): row["number"].toPython() for row in select(emmo, query)}
    resistances = {
        row["id"] for row in graph.observations().dicts() if row["property"] == "interfacial resistance"
    }
    wanted = {key: row["value"] for key, row in reported.items() if key in resistances and row["value"] < 100}
    assert found == wanted
    assert {row["unit"] for key, row in reported.items() if key in found} == {"Ohm"}
    assert len(found) >= 5


def test_area_specific_resistances_below_100_are_found_by_our_unit_and_emmos_number(emmo, reported, term):
    query = f"""
    SELECT ?determination ?number {{
      ?determination <{term("hasDeterminedProperty")}> ?quantity .
      ?quantity lkg:unit <{ID}unit/ohm-square-centimetre> ;
        <{term("hasNumericalPart")}>/<{term("hasNumberValue")}> ?number . FILTER(?number < 100) }}"""
    found = {key_of(row["determination"]) for row in select(emmo, query)}
    wanted = {key for key, row in reported.items() if row["unit"] == "Ohm.cm2" and row["value"] < 100}
    assert found == wanted
    assert len(found) >= 5


def test_an_electric_resistance_is_never_in_a_unit_of_another_dimension(emmo, term):
    query = f"SELECT ?q {{ ?q a <{term('ElectricResistance', 'emmo#')}> ; lkg:unit ?u FILTER(?u != <{ID}unit/ohm>) }}"
    assert list(select(emmo, query)) == []


def test_durations_at_1_ma_cm2_and_more_are_found_by_the_parameters_of_the_measurement(emmo, reported, term):
    number = f"<{term('hasNumericalPart')}>/<{term('hasNumberValue')}>"
    query = f"""
    SELECT ?determination {{
      ?determination <{term("hasDeterminedProperty")}> ?life ; <{term("hasMeasurementParameter")}> ?current .
      ?life a <{term("Duration", "emmo#")}> ; {number} ?hours .
      ?current a <{term("ElectricCurrentDensity", "emmo#")}> ; {number} ?density .
      FILTER(?hours >= 500 && ?density >= 1) }}"""
    found = {key_of(row["determination"]) for row in select(emmo, query)}
    wanted = {
        key
        for key, row in reported.items()
        if row["unit"] == "h" and row["comparator"] in "=~" and row["value"] is not None and row["value"] >= 500
        and row["conditions"].get("current-density", 0) >= 1
    }  # fmt: skip
    assert found == wanted != set()


def test_every_electrolyte_is_found_through_the_hierarchy_of_emmo(emmo, emmo_store, term, graph):
    below = emmo_store.query(
        PREFIXES
        + f"SELECT DISTINCT ?c {{ ?c rdfs:subClassOf* <{term('Electrolyte', 'electrochemistry#')}> }}"
    )
    classes = {rdflib.URIRef(row[0].value) for row in below}
    found = {str(each) for kind in classes for each in emmo.subjects(rdflib.RDF.type, kind)}
    ours = graph.sparql("SELECT DISTINCT ?c { ?c a lkg:Electrolyte ; a lkg:Component }").column("c")
    assert found == set(ours)
    assert len(found) >= 80


def test_lithium_fluoride_is_found_in_the_layers_that_hold_it(emmo, term, graph):
    query = f"""SELECT ?layer {{ ?layer <{term("hasConstituent")}> ?portion .
      ?portion a <{term("LithiumFluoride", "chemical-substance#")}> }}"""
    found = {str(row["layer"]) for row in select(emmo, query)}
    ours = graph.sparql(
        "SELECT ?c { ?c lkg:hasConstituent <https://w3id.org/lithiokg/id/substance/LiF> }", stated_only=True
    )
    assert found == set(ours.column("c")) != set()


# --- Against EMMO itself ----------------------------------------------------------------------------


def test_every_term_of_emmo_stands_in_emmo_under_its_label_and_is_not_deprecated(emmo_jsonld, emmo_store):
    context = json.loads(emmo_jsonld)["@context"]
    terms = {
        name: value["@id"] if isinstance(value, dict) else value
        for name, value in context.items()
        if EMMO in str(value)
    }
    assert {**CLASSES, **RELATIONS}.items() <= {**terms, **CLASSES}.items()
    for name, iri in terms.items():
        node = ox.NamedNode(iri)
        said = {
            (quad.predicate.value.rsplit("#", 1)[-1], getattr(quad.object, "value", ""))
            for quad in emmo_store.quads_for_pattern(node, None, None)
        }
        assert ("prefLabel", name) in said, (name, iri)
        assert ("deprecated", "true") not in said, name


def test_every_class_in_use_is_a_class_of_emmo_or_ours(emmo, emmo_store):
    for kind in set(emmo.objects(None, rdflib.RDF.type)):
        if str(kind).startswith(EMMO):
            owl_class = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")
            rdf_type = ox.NamedNode(str(rdflib.RDF.type))
            assert list(emmo_store.quads_for_pattern(ox.NamedNode(str(kind)), rdf_type, owl_class)), kind


@pytest.fixture(scope="module")
def axioms(emmo_turtle, emmo_store):
    """The facts, and of EMMO what stands above the terms they use, with its cardinalities."""
    facts = [quad.triple for quad in ox.parse(emmo_turtle, format=ox.RdfFormat.TURTLE)]
    everything = [quad.triple for quad in emmo_store]
    sub_class, sub_property = (
        ox.NamedNode(f"http://www.w3.org/2000/01/rdf-schema#sub{kind}Of") for kind in ("Class", "Property")
    )
    anything = ox.NamedNode("https://w3id.org/lithiokg/anything")
    used = {
        node.value
        for each in facts
        for node in (each.predicate, each.object)
        if isinstance(node, ox.NamedNode)
    }
    bridge = [
        ox.Triple(anything, relation, ox.NamedNode(iri))
        for iri in used
        if iri.startswith(EMMO)
        for relation in (sub_class, sub_property)
    ]
    above = slice_of(everything, bridge)
    kept = {each.subject for each in above}
    restrictions = []
    for quad in emmo_store.quads_for_pattern(
        None, ox.NamedNode("http://www.w3.org/2002/07/owl#qualifiedCardinality"), None
    ):
        inside = [each.triple for each in emmo_store.quads_for_pattern(quad.subject, None, None)]
        owners = [
            each.triple
            for each in emmo_store.quads_for_pattern(None, sub_class, quad.subject)
            if each.subject in kept
        ]
        named = {
            each.object
            for each in inside
            if isinstance(each.object, ox.NamedNode) and EMMO in each.object.value
        }
        if owners and named <= kept:
            restrictions += [*inside, *owners]
    assert restrictions
    return facts, [*above, *restrictions]


needs_hermit = pytest.mark.skipif(not hermit_available(), reason="needs HermiT: pip install 'lithiokg[dl]'")


@needs_hermit
def test_hermit_finds_the_facts_consistent_with_emmo(axioms):
    facts, emmo_axioms = axioms
    classes = realize([*facts, *emmo_axioms])
    polarization = ID + "design/fec-dual-layered-sei/observations/polarization"
    assert (
        polarization,
        "https://w3id.org/emmo#EMMO_463bcfda_867b_41d9_a967_211d4d437cfb",
    ) in classes  # Measurement


@needs_hermit
def test_quantities_that_shared_a_unit_node_would_contradict_emmo(axioms):
    """Why each has its own: one unit node makes them one quantity, which then has two numbers."""
    facts, emmo_axioms = axioms
    has_unit = ox.NamedNode(RELATIONS["hasMeasurementUnit"])
    owner = ID + "design/fec-dual-layered-sei/observations/resistance-"
    some = [each for each in facts if each.subject.value.startswith((owner, "https://w3id.org/emmo"))]
    shared = [
        ox.Triple(each.subject, each.predicate, ox.NamedNode(ID + "unit/ohm")) if each.predicate == has_unit
        and each.subject.value.endswith("/result") else each
        for each in some
    ]  # fmt: skip
    with pytest.raises(InconsistencyError):
        realize([*shared, *emmo_axioms])


READ_WITH_EMMONTOPY = """
import json, sys, warnings
warnings.simplefilter("ignore")
from ontopy import get_ontology
onto = get_ontology(sys.argv[1]).load()
by_label = onto.get_by_label
number, part, unit = by_label("hasNumberValue"), by_label("hasNumericalPart"), by_label("hasMeasurementUnit")
found = {}
for measurement in by_label("CharacterisationMeasurementProcess").instances():
    (quantity,) = by_label("hasDeterminedProperty")[measurement]
    numbers = [value for each in part[quantity] for value in number[each]]
    kinds = sorted(kind.iri for each in unit[quantity] for kind in each.is_a)
    found[measurement.iri] = [str(numbers[0]) if numbers else None, kinds]
print(json.dumps(found))
"""


def test_emmontopy_loads_the_turtle_and_finds_measurements_by_label(
    interop_python, emmo_turtle, reported, tmp_path
):
    file = tmp_path / "emmo.ttl"
    file.write_text(emmo_turtle, encoding="utf-8")
    done = subprocess.run(
        [interop_python, "-c", READ_WITH_EMMONTOPY, str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = {key_of(iri): value for iri, value in json.loads(done.stdout.splitlines()[-1]).items()}
    assert len(found) >= 140
    for key, (number, units) in found.items():
        row = reported[key]
        exact = row["comparator"] in {"=", "~"} and row["value"] is not None
        assert (number is not None) == exact, key
        assert number is None or Decimal(number) == row["value"], key
        # EMMO names its units by what they are, but for the unit one and the class of them all.
        assert any(UNITS.get(unit.rsplit("#", 1)[-1], row["unit"]) == row["unit"] for unit in units), key


def test_owlready2_sees_every_individual_and_relation(emmo_turtle, tmp_path):
    owlready2 = pytest.importorskip("owlready2")
    triples = [quad.triple for quad in ox.parse(emmo_turtle, format=ox.RdfFormat.TURTLE)]
    file = tmp_path / "emmo.nt"
    file.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES))
    world = owlready2.World()
    onto = world.get_ontology(file.as_uri()).load()
    measured = world[
        "https://w3id.org/emmo/domain/characterisation-methodology/chameo#CharacterisationMeasurementProcess"
    ]
    assert len(list(measured.instances())) >= 140
    resistance = world[ID + "design/fec-dual-layered-sei/observations/resistance-before"]
    (quantity,) = world[RELATIONS["hasDeterminedProperty"]][resistance]
    (part,) = world[RELATIONS["hasNumericalPart"]][quantity]
    assert world["https://w3id.org/emmo#EMMO_faf79f53_749d_40b2_807c_d34244c192f4"][part] == [186]
    assert len(list(onto.individuals())) >= 1900
