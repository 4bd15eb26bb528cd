"""One nanopublication a fact, in TriG."""

from __future__ import annotations

import json
import re
import subprocess
from decimal import Decimal

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.export.profiles.nanopub import nanopub_iri

ID, NP = "https://w3id.org/lithiokg/id/", "https://w3id.org/lithiokg/np/"
PREFIXES = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX np: <http://www.nanopub.org/nschema#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
REVIEW = "https://doi.org/10.20517/energymater.2021.21"


@pytest.fixture(scope="module")
def store(nanopub_trig):
    store = ox.Store()
    store.bulk_load(nanopub_trig.encode(), format=ox.RdfFormat.TRIG)
    return store


@pytest.fixture(scope="module")
def select(store):
    def rows(text, **options):
        solutions = store.query(PREFIXES + text, **options)
        names = [variable.value for variable in solutions.variables]
        return [
            {name: value.value for name, value in zip(names, row, strict=True) if value is not None}
            for row in solutions
        ]

    return rows


def test_each_observation_and_each_claim_is_one_nanopublication(select, graph):
    published = {row["np"] for row in select("SELECT ?np { GRAPH ?head { ?np a np:Nanopublication } }")}
    records = [*graph.observations().column("id"), *graph.claims().column("id")]
    assert published == {nanopub_iri(ID + str(key)) for key in records}
    assert len(published) == len(records) >= 1500


def test_each_has_its_four_graphs_and_no_graph_belongs_to_two(select, store):
    rows = select(
        """SELECT ?np ?head ?a ?p ?i { GRAPH ?head { ?np a np:Nanopublication ; np:hasAssertion ?a ;
           np:hasProvenance ?p ; np:hasPublicationInfo ?i } }"""
    )
    graphs = [row[part] for row in rows for part in ("head", "a", "p", "i")]
    assert len(graphs) == len(set(graphs)) == 4 * len(rows)
    assert set(graphs) == {graph.value for graph in store.named_graphs()}
    assert not list(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))


def test_what_is_said_of_the_assertion_stands_in_the_provenance_and_of_the_publication_in_its_info(select):
    silent = select(
        """SELECT ?np { GRAPH ?head { ?np np:hasAssertion ?a ; np:hasProvenance ?p ; np:hasPublicationInfo ?i }
           FILTER(NOT EXISTS { GRAPH ?p { ?a ?any ?thing } } || NOT EXISTS { GRAPH ?i {
             ?np dcterms:created ?date ; dcterms:creator ?who ; dcterms:license ?license . ?who foaf:name ?name } }) }"""
    )
    assert silent == []


def test_date_and_license_are_those_of_the_release_and_not_of_the_clock(select, graph):
    (release,) = graph.sparql(
        """SELECT ?date ?license { <https://w3id.org/lithiokg/> <http://purl.org/dc/terms/license> ?license ;
           <http://purl.org/dc/terms/issued> ?date }"""
    ).dicts()
    found = select("SELECT DISTINCT ?d ?l { GRAPH ?i { ?np dcterms:created ?d ; dcterms:license ?l } }")
    assert found == [{"d": f"{release['date']}T00:00:00Z", "l": str(release["license"])}]


def test_every_figure_survives(select, reported, same):
    result = """SELECT ?o ?comparator ?printed ?value ?min ?max ?unit { GRAPH ?g {
      ?o a lkg:Observation ; lkg:hasResult ?q . ?q lkg:comparator ?comparator ; lkg:printed ?printed ; lkg:unit ?unit .
      OPTIONAL { ?q lkg:value ?value } OPTIONAL { ?q lkg:minimum ?min ; lkg:maximum ?max } } }"""
    conditions = """SELECT ?o ?kind ?value { GRAPH ?g { ?o a lkg:Observation ; lkg:hasCondition ?q .
      ?q lkg:quantityKind ?kind ; lkg:value ?value } }"""
    # The unit stands there by its IRI, whose flat form another profile has been compared on.
    plain = {key: {**row, "unit": None} for key, row in reported.items()}
    read = {
        row["o"].removeprefix(ID): {
            "comparator": row["comparator"],
            "value": Decimal(row["value"]) if "value" in row else None,
            "value_min": Decimal(row["min"]) if "min" in row else None,
            "value_max": Decimal(row["max"]) if "max" in row else None,
            "unit": None,
            "printed": row["printed"],
            "conditions": {},
        }
        for row in select(result)
    }
    for row in select(conditions):
        kind = row["kind"].removeprefix(ID + "property/")
        read[row["o"].removeprefix(ID)]["conditions"][kind] = Decimal(row["value"])
    same(read, plain)


def test_units_survive_by_their_iris(select, graph):
    read = select("SELECT ?o ?unit { GRAPH ?g { ?o lkg:hasResult/lkg:unit ?unit } }")
    ours = graph.sparql("SELECT ?o ?unit { ?o lkg:hasResult/lkg:unit ?unit }").dicts()
    assert {(row["o"], row["unit"]) for row in read} == {(row["o"], row["unit"]) for row in ours}


def test_every_claim_survives_with_polarity_and_modality(select, graph):
    query = """SELECT ?c ?s ?r ?o ?polarity ?modality {{ {graph} {{ ?c lkg:claimSubject ?s ; lkg:claimRelation ?r ;
      lkg:claimObject ?o ; lkg:polarity ?polarity ; lkg:modality ?modality }} {end} }}"""
    read = {tuple(sorted(row.items())) for row in select(query.format(graph="GRAPH ?g", end=""))}
    ours = graph.sparql(query.format(graph="", end="")).dicts()
    assert read == {tuple(sorted((name, str(value)) for name, value in row.items())) for row in ours}


def test_only_what_is_affirmed_without_a_hedge_stands_as_a_plain_triple(select):
    plain = select(
        """SELECT ?c ?polarity ?modality ?held { GRAPH ?g { ?c lkg:claimSubject ?s ; lkg:claimRelation ?r ;
           lkg:claimObject ?o ; lkg:polarity ?polarity ; lkg:modality ?modality . BIND(EXISTS { ?s ?r ?o } AS ?held) } }"""
    )
    held = {(row["polarity"], row["modality"]): set() for row in plain}
    for row in plain:
        held[row["polarity"], row["modality"]].add(row["held"])
    assert held.pop(("positive", "asserted")) == {"true"}
    assert set(held) >= {("positive", "hedged"), ("negative", "asserted")}
    assert all(values == {"false"} for values in held.values())


def test_a_fact_of_a_document_is_derived_from_its_doi_and_leads_to_the_place(select):
    rows = select(
        """SELECT ?a ?place ?document { GRAPH ?head { ?np np:hasAssertion ?a ; np:hasProvenance ?p }
           GRAPH ?p { ?a prov:wasDerivedFrom ?place . ?place dcterms:bibliographicCitation ?citation .
             OPTIONAL { ?place dcterms:isPartOf ?document . ?a prov:wasDerivedFrom ?document } } }"""
    )
    by_document = {row.get("document") for row in rows}
    assert by_document == {REVIEW, None}
    assert len({row["a"] for row in rows}) >= 1500


def test_what_no_document_says_is_attributed_to_whoever_published_it(select):
    unsourced = select(
        """SELECT ?a ?who { GRAPH ?head { ?np np:hasAssertion ?a ; np:hasProvenance ?p ; np:hasPublicationInfo ?i }
           FILTER NOT EXISTS { GRAPH ?p { ?place dcterms:isPartOf ?document } }
           OPTIONAL { GRAPH ?p { ?a prov:wasAttributedTo ?who } GRAPH ?i { ?np dcterms:creator ?who } } }"""
    )
    assert len(unsourced) >= 100
    assert all("who" in row for row in unsourced)


def test_a_doubt_stands_in_the_provenance_and_not_in_the_assertion(select, graph):
    rows = select("SELECT DISTINCT ?g { GRAPH ?g { ?o lkg:hasDoubt ?d . ?d lkg:reason ?why } }")
    suspects = [row for row in graph.observations().dicts() if row["suspect"]]
    assert len([row for row in rows if row["g"].endswith("/provenance")]) == len(rows) == len(suspects)


def test_rdflib_reads_the_trig(nanopub_trig):
    head, *blocks = nanopub_trig.split("\n\n")
    dataset = rdflib.Dataset()
    dataset.parse(data="\n\n".join([head, *blocks[:40]]), format="trig")
    kind = rdflib.URIRef("http://www.nanopub.org/nschema#Nanopublication")
    assert len({quad[0] for quad in dataset.quads((None, rdflib.RDF.type, kind, None))}) == 40


CHECK = """
import base64, json, sys, warnings
warnings.simplefilter("ignore")
from Crypto.PublicKey import RSA
from nanopub import Nanopub, NanopubConf, Profile
from rdflib import ConjunctiveGraph

def read(text, conf=NanopubConf()):
    graph = ConjunctiveGraph()
    graph.parse(data=text, format="trig")
    return Nanopub(rdf=graph, conf=conf)

texts = json.load(sys.stdin)
valid = [read(text).is_valid for text in texts]
key = RSA.generate(2048)
private, public = (base64.b64encode(each.export_key("DER")).decode() for each in (key, key.publickey()))
person = Profile(name="T", orcid_id="https://orcid.org/0000-0000-0000-0000", private_key=private, public_key=public)
signed = read(texts[0], NanopubConf(profile=person))
signed.sign()
graphs = sorted(str(each.identifier) for each in signed.rdf.contexts() if len(each))
print(json.dumps([valid, signed.source_uri, graphs, signed.has_valid_signature and signed.has_valid_trusty]))
"""


def test_the_nanopub_library_accepts_them_and_signs_one(interop_python, nanopub_trig):
    """Every 60th; then one gets a trusty URI and a signature, all its graphs with it."""
    head, *blocks = nanopub_trig.split("\n\n")
    done = subprocess.run(
        [interop_python, "-c", CHECK], input=json.dumps([f"{head}\n{block}" for block in blocks[::60]]),
        capture_output=True, text=True, encoding="utf-8", check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    valid, iri, graphs, verified = json.loads(done.stdout.splitlines()[-1])
    assert len(valid) >= 25
    assert all(valid)
    assert re.fullmatch(re.escape(NP) + r".+/RA[\w-]{43}", iri)
    assert graphs == [f"{iri}#{name}" for name in ("Head", "assertion", "provenance", "pubinfo")]
    assert verified is True
