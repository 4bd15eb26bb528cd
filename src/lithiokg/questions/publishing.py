"""The saved questions as RDF, so that they can be found and run from the graph itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store.tokens import query_form
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.questions.model import Question

__all__ = ["QUESTIONS_GRAPH", "questions_as_rdf"]

QUESTIONS_GRAPH = GRAPH + "questions"

_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")


def questions_as_rdf(questions: Iterable[Question]) -> list[ox.Quad]:
    """Describe questions as ``lkg:SavedQuestion`` and ``sh:SPARQLExecutable`` in ``lkgg:questions``.

    Args:
        questions: the questions.

    Returns:
        Their quads, sorted by question.
    """
    graph = ox.NamedNode(QUESTIONS_GRAPH)
    quads: list[ox.Quad] = []
    for question in sorted(questions, key=lambda each: each.name):
        node = ox.NamedNode(f"{ID}question/{question.name}")
        # sh:select, sh:ask, sh:construct and sh:describe are named after the forms.
        form = (query_form(question.text) or "select").lower()
        facts: list[tuple[ox.NamedNode, ox.NamedNode | ox.Literal]] = [
            (_TYPE, ox.NamedNode(LKG + "SavedQuestion")),
            (_TYPE, ox.NamedNode(PREFIXES["sh"] + "SPARQLExecutable")),
            (ox.NamedNode(PREFIXES["skos"] + "prefLabel"), ox.Literal(question.title, language="en")),
            (ox.NamedNode(PREFIXES["skos"] + "definition"), ox.Literal(question.question, language="en")),
            (ox.NamedNode(PREFIXES["sh"] + form), ox.Literal(question.text)),
            *((ox.NamedNode(PREFIXES["dcterms"] + "subject"), ox.Literal(tag)) for tag in question.tags),
        ]
        quads += [ox.Quad(node, predicate, value, graph) for predicate, value in facts]
    return quads
