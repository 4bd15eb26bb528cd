"""Queries that read data, one for each kind of work in which engines are known to differ.

Their right answers hang on the data and are kept with it. All are of many rows or of sums over many, for some
engines are right on a few rows and wrong on a hundred thousand. Each fixes the order of its rows.
"""

from __future__ import annotations

from lithiokg.vocabulary import PREFIXES

__all__ = ["DATA_PROBES"]

_USED = ("lkg", "lkgi", "rdfs", "skos")
_PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in _USED)

_TEXTS: dict[str, str] = {
    "look-up-of-one-design": """
SELECT ?property ?printed ?value {
  <https://w3id.org/lithiokg/id/design/synthetic-1-7> lkg:hasObservation ?observation .
  ?observation lkg:observedProperty ?property ; lkg:hasResult ?result .
  ?result lkg:printed ?printed ; lkg:value ?value .
} ORDER BY ?property ?value ?printed""",
    "join-of-six-patterns": """
SELECT ?substance (COUNT(DISTINCT ?design) AS ?designs) {
  ?design lkg:hasComponent ?layer ; lkg:hasObservation ?observation .
  ?layer a lkg:InterfacialLayer ; lkg:hasConstituent ?substance .
  ?observation lkg:atStage <https://w3id.org/lithiokg/id/stage/after-cycling> ; lkg:hasResult ?result .
  ?result lkg:value ?value .
  FILTER (?value < 40)
} GROUP BY ?substance ORDER BY ?substance""",
    "five-aggregates-by-group": """
SELECT ?property ?unit (COUNT(*) AS ?figures) (SUM(?value) AS ?sum) (AVG(?value) AS ?mean)
  (MIN(?value) AS ?least) (MAX(?value) AS ?most) {
  ?observation lkg:observedProperty ?property ; lkg:hasResult ?result .
  ?result lkg:value ?value ; lkg:unit ?unit .
} GROUP BY ?property ?unit ORDER BY ?property ?unit""",
    "aggregate-over-inferred-classes": """
SELECT ?mechanism (COUNT(?value) AS ?figures) (AVG(?value) AS ?mean) {
  { SELECT DISTINCT ?design ?mechanism { ?design lkg:actsThrough ?mechanism } }
  ?observation lkg:hasFeatureOfInterest ?design ; lkg:hasResult ?result ;
    lkg:observedProperty <https://w3id.org/lithiokg/id/property/voltage-polarization> .
  ?result lkg:value ?value .
} GROUP BY ?mechanism ORDER BY ?mechanism""",
    "aggregate-over-a-path-of-classes": """
SELECT ?class (COUNT(DISTINCT ?body) AS ?bodies) {
  ?body a ?stated . ?stated rdfs:subClassOf* ?class . ?class rdfs:subClassOf* lkg:Component .
} GROUP BY ?class ORDER BY ?class""",
    "ranges-of-two-conditions": """
SELECT ?current (COUNT(DISTINCT ?observation) AS ?figures) {
  ?observation lkg:hasCondition ?one , ?other .
  ?one lkg:quantityKind <https://w3id.org/lithiokg/id/property/current-density> ; lkg:value ?current .
  ?other lkg:quantityKind <https://w3id.org/lithiokg/id/property/areal-capacity> ; lkg:value ?capacity .
  FILTER (?current >= 0.5 && ?current <= 2.5 && ?capacity > 0.1)
} GROUP BY ?current ORDER BY ?current""",
    "four-optionals": """
SELECT ?design ?precursor ?efficiency ?doubt ?strategy {
  ?design a lkg:Design ; lkg:hasBaseline ?baseline .
  OPTIONAL { ?design lkg:hasComponent ?layer . ?layer a lkg:InterfacialLayer ; lkg:formedFrom ?precursor }
  OPTIONAL {
    ?design lkg:hasObservation ?measured .
    ?measured lkg:observedProperty <https://w3id.org/lithiokg/id/property/coulombic-efficiency> ;
      lkg:hasResult ?result .
    ?result lkg:value ?efficiency .
  }
  OPTIONAL { ?design lkg:hasObservation ?doubted . ?doubted lkg:hasDoubt ?doubt }
  OPTIONAL { ?design lkg:isGroupedUnder ?strategy }
} ORDER BY ?design ?precursor ?efficiency ?doubt ?strategy""",
    "pattern-in-texts": """
SELECT ?comparator (COUNT(?result) AS ?figures) {
  ?result lkg:printed ?printed ; lkg:comparator ?comparator .
  FILTER (REGEX(?printed, "^[~>]?1[0-9]* (h|cycles)$"))
} GROUP BY ?comparator ORDER BY ?comparator""",
    "text-of-some-length": """
SELECT ?label (COUNT(?thing) AS ?things) {
  ?thing skos:prefLabel ?label .
  FILTER (LANG(?label) = "en" && CONTAINS(LCASE(STR(?label)), "synth") && STRLEN(STR(?label)) < 18)
} GROUP BY ?label ORDER BY ?label""",
    "path-of-any-length": """
SELECT ?design (COUNT(DISTINCT ?below) AS ?things) {
  ?design a lkg:Design ; lkg:reportedIn/lkg:inDocument <https://w3id.org/lithiokg/id/work/synthetic-1> ;
    (lkg:hasComponent|lkg:hasObservation|lkg:hasResult|lkg:hasCondition|lkg:hasClaim|lkg:hasEvidence)+ ?below .
} GROUP BY ?design ORDER BY ?design""",
    "path-there-and-back": """
SELECT ?substance (COUNT(DISTINCT ?other) AS ?others) {
  ?substance a lkg:Substance ; (^lkg:hasConstituent/lkg:contacts/^lkg:contacts/lkg:hasConstituent) ?other .
} GROUP BY ?substance ORDER BY ?substance""",
    "first-hundred-of-many": """
SELECT ?value ?observation {
  ?observation lkg:observedProperty <https://w3id.org/lithiokg/id/property/interfacial-resistance> ;
    lkg:hasResult/lkg:value ?value .
} ORDER BY DESC(?value) ?observation LIMIT 100""",
    "second-hundred-of-many": """
SELECT ?value ?observation {
  ?observation lkg:observedProperty <https://w3id.org/lithiokg/id/property/interfacial-resistance> ;
    lkg:hasResult/lkg:value ?value .
} ORDER BY DESC(?value) ?observation LIMIT 100 OFFSET 100""",
    "count-of-different-things": """
SELECT (COUNT(DISTINCT ?printed) AS ?prints) (COUNT(DISTINCT ?value) AS ?values) (COUNT(*) AS ?results) {
  ?observation lkg:hasResult ?result . ?result lkg:printed ?printed ; lkg:value ?value .
}""",
    "best-of-each-group": """
SELECT ?property ?best (COUNT(?observation) AS ?times) {
  { SELECT ?property (MAX(?value) AS ?best) {
      ?any lkg:observedProperty ?property ; lkg:hasResult/lkg:value ?value } GROUP BY ?property }
  ?observation lkg:observedProperty ?property ; lkg:hasResult/lkg:value ?best .
} GROUP BY ?property ?best ORDER BY ?property ?best""",
    "groups-of-some-size": """
SELECT ?source (COUNT(?design) AS ?designs) {
  ?design a lkg:Design ; lkg:reportedIn/lkg:inDocument ?source .
} GROUP BY ?source HAVING (COUNT(?design) > 10) ORDER BY ?source""",
    "what-is-not-there": """
SELECT ?property (COUNT(?observation) AS ?figures) {
  ?observation lkg:observedProperty ?property ; lkg:hasResult ?result .
  FILTER NOT EXISTS { ?observation lkg:hasDoubt ?doubt }
  MINUS { ?result lkg:comparator ">" }
} GROUP BY ?property ORDER BY ?property""",
    "union-and-bind": """
SELECT ?role ?thing (COUNT(?body) AS ?bodies) {
  { ?body lkg:hasConstituent ?thing . BIND ("constituent" AS ?role) }
  UNION { ?body lkg:hasSolute ?thing . BIND ("solute" AS ?role) }
  UNION { ?body lkg:formedFrom ?thing . BIND ("precursor" AS ?role) }
} GROUP BY ?role ?thing ORDER BY ?role ?thing""",
    "every-graph-for-itself": """
SELECT ?g (COUNT(*) AS ?statements) (COUNT(DISTINCT ?s) AS ?subjects) {
  GRAPH ?g { ?s ?p ?o } FILTER (STRSTARTS(STR(?g), "https://w3id.org/lithiokg/graph/"))
} GROUP BY ?g ORDER BY ?g""",
    "every-figure": """
SELECT ?observation ?value {
  ?observation a lkg:Observation ; lkg:hasResult ?result . ?result lkg:value ?value .
} ORDER BY ?observation ?value""",
    "triples-made-of-others": """
CONSTRUCT { ?design lkg:hasConstituent ?substance } WHERE {
  ?design a lkg:Design ; lkg:hasComponent/lkg:hasConstituent ?substance .
}""",
}

#: Name -> query. The answers are read from a store that is trusted, and compared as tables or sets of triples.
DATA_PROBES: dict[str, str] = {name: _PROLOGUE + text.strip() + "\n" for name, text in _TEXTS.items()}
