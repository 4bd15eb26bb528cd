"""Check answers against expectations, and questions against the house rules."""

from __future__ import annotations

import math
import operator
from decimal import Decimal
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, QueryError
from lithiokg.questions.binding import find_markers
from lithiokg.questions.plotting import check_numbers
from lithiokg.store.guard import check_query, syntax_error
from lithiokg.store.services import calls_service, service_hosts, without_services
from lithiokg.store.table import Table, python_value
from lithiokg.store.tokens import declared_prefixes, query_form, tokenize, used_prefixes
from lithiokg.vocabulary import PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lithiokg.questions.model import Question, Scalar
    from lithiokg.store import Answer, Row, Term

__all__ = ["check_expectation", "lint"]

_COMPARE = {"==": operator.eq, ">=": operator.ge, "<=": operator.le}
_WORDS = {"==": "", ">=": "at least ", "<=": "at most "}


def check_expectation(question: Question, answer: Answer, labels: Callable[[str], str]) -> list[str]:
    """Compare an answer with what the header of the question expects.

    Args:
        question: the question.
        answer: its answer, with the default parameters, over the published data.
        labels: gives the label of an IRI.

    Returns:
        Plain sentences of what differs; none if all is as expected.
    """
    if not isinstance(answer, Table):
        return ["The answer is not a table."]
    expect = question.expect
    if answer.variables != expect.columns:
        return [f"The columns are {_listed(answer.variables)}, expected {_listed(expect.columns)}."]
    differences: list[str] = []
    if expect.empty and len(answer):
        differences.append(f"The answer has {_rows(len(answer))}, expected none.")
    if expect.rows:
        comparison, number = expect.rows
        if not _COMPARE[comparison](len(answer), number):
            differences.append(f"The answer has {_rows(len(answer))}, expected {_WORDS[comparison]}{number}.")
    if question.plot:
        differences += check_numbers(question.plot, answer.dicts())
    rows = list(answer)
    differences += [
        _missing(wanted, answer.variables, rows, labels)
        for wanted in expect.contains
        if not any(_matches(wanted, answer.variables, row, labels) == len(wanted) for row in rows)
    ]
    return differences


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(columns) or "none"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _matches(
    wanted: Mapping[str, Scalar], variables: tuple[str, ...], row: Row, labels: Callable[[str], str]
) -> int:
    cells = dict(zip(variables, row, strict=True))
    return sum(_is(value, cells[column], labels) for column, value in wanted.items())


def _is(wanted: Scalar, cell: Term | None, labels: Callable[[str], str]) -> bool:
    if wanted is None or cell is None:
        return wanted is None and cell is None
    if isinstance(cell, ox.NamedNode):
        return wanted in {cell.value, compact(cell.value), labels(cell.value)}
    value = python_value(cell)
    if isinstance(wanted, bool) or isinstance(value, bool):
        return wanted is value or str(wanted).lower() == str(value).lower()
    if isinstance(value, int | float | Decimal):
        try:
            # Headers write doubles in a few digits; 9 of them tell any two reported figures apart.
            return math.isclose(float(value), float(wanted), rel_tol=1e-9)
        except ValueError:
            return False
    return str(wanted) == value


def _missing(
    wanted: Mapping[str, Scalar],
    variables: tuple[str, ...],
    rows: list[Row],
    labels: Callable[[str], str],
) -> str:
    sought = ", ".join(f"{column} = {value}" for column, value in wanted.items())
    best = max(rows, key=lambda row: _matches(wanted, variables, row, labels), default=None)
    if best is None or not _matches(wanted, variables, best, labels):
        return f"No row has {sought}."
    cells = dict(zip(variables, best, strict=True))
    closest = ", ".join(f"{column} = {_shown(cells[column], labels)}" for column in wanted)
    return f"No row has {sought}; the closest has {closest}."


def _shown(cell: Term | None, labels: Callable[[str], str]) -> str:
    if isinstance(cell, ox.NamedNode):
        return labels(cell.value)
    return "nothing" if cell is None else str(python_value(cell))


def lint(question: Question) -> list[str]:
    """What keeps a question from running alone, anywhere, and giving the same answer each time.

    Returns:
        Plain sentences; none if the question keeps the house rules.
    """
    findings: list[str] = []
    if not question.question.rstrip().endswith("?"):
        findings.append("The question does not end with a question mark.")
    text, name = question.text, question.path.name
    declared = declared_prefixes(text)
    used = used_prefixes(text)
    findings += [
        f"The prefix {prefix}: is declared but not used." for prefix in declared if prefix not in used
    ]
    findings += [
        f"The prefix {prefix}: stands for <{iri}>, and everywhere else for <{PREFIXES[prefix]}>."
        for prefix, iri in declared.items()
        if PREFIXES.get(prefix, iri) != iri
    ]
    if calls_service(text):
        findings += _calls(text)
    try:
        check_query(text, name=name, allow_hosts=service_hosts(text))
        variables = _variables(without_services(text), name)
    except LithioKGError as error:
        return [*findings, f"It does not run alone: {error}"]
    if variables is None:
        return [*findings, f"It is a {query_form(text)} query, and saved questions are SELECT queries."]
    if variables != question.expect.columns:
        findings.append(
            f"The columns of expect are {_listed(question.expect.columns)}, those of SELECT {_listed(variables)}."
        )
    if not _is_ordered(text) and question.expect.rows != ("==", 1):
        findings.append("It has no ORDER BY, so that its rows come in any order.")
    return findings


def _calls(text: str) -> list[str]:
    """What is wrong with the ways in which a question calls other endpoints."""
    tokens = [token.text.upper() for token in tokenize(text) if token.kind == "word"]
    findings: list[str] = []
    if tokens.count("SERVICE") != sum(marker.calls for marker in find_markers(text)):
        findings.append(
            "It calls an endpoint that is not a parameter: mark it with #@ behind SERVICE <...> {."
        )
    if "SILENT" in tokens:
        findings.append("SERVICE SILENT makes an answer of a call that failed.")
    return findings


def _variables(text: str, name: str) -> tuple[str, ...] | None:
    try:
        result = ox.Store().query(text)
    except SyntaxError as error:
        raise syntax_error(text, str(error), name) from None
    except ValueError as error:
        raise QueryError(str(error)) from error
    if not isinstance(result, ox.QuerySolutions):
        return None
    return tuple(variable.value for variable in result.variables)


def _is_ordered(text: str) -> bool:
    depth = 0
    for token in tokenize(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "other" else 0
        if depth == 0 and token.kind == "word" and token.text.upper() == "ORDER":
            return True
    return False
