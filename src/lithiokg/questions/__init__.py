"""Saved questions: headers, parameters, expectations."""

from __future__ import annotations

from lithiokg.questions.checking import check_expectation, lint
from lithiokg.questions.loading import find_question, load_question, load_questions
from lithiokg.questions.model import ANY, PARAMETER_TYPES, Expectation, Parameter, Question
from lithiokg.questions.plotting import PLOT_KINDS, PlotSpec
from lithiokg.questions.publishing import QUESTIONS_GRAPH, questions_as_rdf

__all__ = [
    "ANY",
    "PARAMETER_TYPES",
    "PLOT_KINDS",
    "QUESTIONS_GRAPH",
    "Expectation",
    "Parameter",
    "PlotSpec",
    "Question",
    "check_expectation",
    "find_question",
    "lint",
    "load_question",
    "load_questions",
    "questions_as_rdf",
]
