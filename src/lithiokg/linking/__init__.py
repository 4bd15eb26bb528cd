"""Links to other ontologies: mappings (SSSOM), their rot, and opt-in bridges of axioms."""

from __future__ import annotations

from lithiokg.linking.bridging import Bridge, bridge_names, cross, load_bridge
from lithiokg.linking.checking import Terms, check_mappings, strange_to_data, terms_of
from lithiokg.linking.model import Mapping, MappingSet
from lithiokg.linking.rdf import link_triples, mapping_quads
from lithiokg.linking.reading import load_mappings, read_mapping_set, read_mappings

__all__ = [
    "Bridge",
    "Mapping",
    "MappingSet",
    "Terms",
    "bridge_names",
    "check_mappings",
    "cross",
    "link_triples",
    "load_bridge",
    "load_mappings",
    "mapping_quads",
    "read_mapping_set",
    "read_mappings",
    "strange_to_data",
    "terms_of",
]
