"""One address of every kind of page that the server has, for screenshots, browser tests and benchmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from lithiokg.graph import KnowledgeGraph

__all__ = ["ERRORS", "page_kinds"]

WRONG = "SELECT ?design\nWHERE {\n  ?design a lkg:Design ;\n    lkg:hasComponent [ FILTR ] .\n}"
NAMES = "SELECT ?design ?layer WHERE { ?design a lkg:InterfaceTypeIII ; lkg:hasComponent ?layer } ORDER BY ?design"
#: Kinds of page that say what is wrong, with the status they come with.
ERRORS = {
    "question refused": 400,
    "query error": 400,
    "query limit": 503,
    "not found": 404,
    "thing not found": 404,
}


def page_kinds(graph: KnowledgeGraph) -> dict[str, str]:
    """The kinds of page by name, each with an address.

    Args:
        graph: the shipped graph; of its questions one is taken for each kind of plot.
    """
    question = "/questions/designs-that-cycled-long-and-hard"
    plots = {each.plot.kind: name for name, each in reversed(graph.questions().items()) if each.plot}
    return {
        "start": "/",
        "search": "/search?q=ZnO",
        "search in words": "/search?q=which+interlayers+keep+electrons+out%3F",
        "search without a hit": "/search?q=unobtainium",
        "questions": "/questions",
        "question": question,
        "question without rows": f"{question}?set=1&minimum_hours=90000",
        "question refused": "/questions/designs-with-a-substance?substance=unobtainium",
        "question with a plot": "/questions/interfacial-resistance-before-and-after",
        "design": "/page/id/design/zno-interlayer-on-garnet",
        "substance": "/page/id/substance/ZnO",
        "property": "/page/id/property/area-specific-resistance",
        "mechanism": "/page/id/mechanism/alloying",
        "reference": "/page/id/reference/energymater-2021-21/22",
        "why": "/why?"
        + urlencode({"thing": "id/design/zno-interlayer-on-garnet", "class": "InterfaceTypeIII"}),
        "why form": "/why",
        "class": "/page/Interlayer",
        "relation": "/page/hasInterfaceType",
        "tree": "/tree",
        "compare": "/compare",
        "compare sorted": "/compare?by=property%2Farea-specific-resistance&order=down",
        "plots": "/plots",
        **{f"plot, {kind}": f"/plots/{name}" for kind, name in sorted(plots.items())},
        "map": "/map",
        "elements": "/elements",
        "discrepancies": "/discrepancies",
        "works": "/works",
        "what if": "/what-if",
        "what follows": "/what-if?electrolyte=garnet&layers=ZnO&contacts_lithium=1",
        "query": "/query",
        "query answer": "/query?" + urlencode({"query": NAMES}),
        "query answer as written": "/query?" + urlencode({"query": NAMES, "view": "raw"}),
        "query error": "/query?" + urlencode({"query": WRONG}),
        "about": "/about",
        "not found": "/nothing",
        "thing not found": "/page/id/substance/unobtainium",
    }
