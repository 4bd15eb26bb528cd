"""What can be read beside the tools."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from lithiokg.mcp.limits import MOST_BYTES, shortened
from lithiokg.store import Table, python_value
from lithiokg.vocabulary import GRAPH, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

__all__ = ["ontology_overview", "thing_as_turtle"]

_TERMS = f"""
SELECT ?term ?label (SAMPLE(?text) AS ?definition) (SAMPLE(?above) AS ?parent) {{
  GRAPH <{GRAPH}ontology> {{
    VALUES ?kind {{ <{PREFIXES["owl"]}Class> <{PREFIXES["owl"]}ObjectProperty> }}
    ?term a ?kind ; <{PREFIXES["skos"]}prefLabel> ?label .
    OPTIONAL {{ ?term <{PREFIXES["skos"]}definition> ?text }}
    OPTIONAL {{ ?term <{PREFIXES["rdfs"]}subClassOf>|<{PREFIXES["rdfs"]}subPropertyOf> ?above FILTER(ISIRI(?above)) }}
  }}
  FILTER(STRSTARTS(STR(?term), "{LKG}"))
}} GROUP BY ?term ?label ORDER BY ?term
"""
_MODEL = (
    "A design has components (bodies) with constituents (substances); observations have a result (a quantity "
    "with value and unit) and conditions; claims are statements of a source; all have evidence."
)
#: A definition is cut to its first so many characters: the overview is to be read at once.
_DEFINITION = 110


def ontology_overview(graph: KnowledgeGraph) -> str:
    """Classes and relations with their broader term and the beginning of their definition, as Markdown."""
    table = graph.store.query(_TERMS)
    assert isinstance(table, Table)  # noqa: S101  # it is a SELECT
    classes: list[str] = []
    relations: list[str] = []
    for term, label, definition, parent in table:
        iri = str(python_value(term))
        text = str(python_value(definition) or "")
        short = text if len(text) <= _DEFINITION else f"{text[:_DEFINITION].rsplit(' ', 1)[0]} …"
        above = f" < {compact(str(python_value(parent)))}" if parent is not None else ""
        line = f"- {compact(iri)} ({python_value(label)}){above}: {short}"
        (classes if iri.removeprefix(LKG)[:1].isupper() else relations).append(line)
    lines = [
        "# The ontology of LithioKG",
        "",
        "Terms are in lkg: <https://w3id.org/lithiokg/>, individuals in lkgi: <https://w3id.org/lithiokg/id/>.",
        _MODEL,
        "",
        "## Relations",
        *relations,
        "",
        "## Classes",
        *classes,
    ]
    return shortened("\n".join(lines), MOST_BYTES)


def thing_as_turtle(graph: KnowledgeGraph, name: str) -> str:
    """The triples of a thing in Turtle.

    Args:
        graph: the graph.
        name: any of its names, percent-encoded or not.

    Raises:
        UsageError: if nothing bears the name, or more than one thing.
    """
    from lithiokg.export import serialize  # noqa: PLC0415

    triples = graph.sparql(f"DESCRIBE <{graph.find(unquote(name))}>")
    return serialize(triples if isinstance(triples, list) else [], "turtle")
