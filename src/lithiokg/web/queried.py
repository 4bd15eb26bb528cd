"""A user's query and what comes of it, ready to be shown: a table, yes or no, triples, or what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import LithioKGError, QueryError
from lithiokg.store import Table
from lithiokg.store.tokens import missing_prefixes
from lithiokg.vocabulary import PREFIXES, compact
from lithiokg.web import links
from lithiokg.web.answers import sheet_of
from lithiokg.web.completing import EXAMINED, unknown_names
from lithiokg.web.problems import ProblemError

if TYPE_CHECKING:
    from lithiokg.store import Term
    from lithiokg.web.answers import Cell, Sheet
    from lithiokg.web.completing import Proposal
    from lithiokg.web.reply import Reply
    from lithiokg.web.site import Site

__all__ = ["Fault", "Line", "Shown", "declared", "fault_of", "shown_of"]

#: So many cells are on a page of a hundred kilobytes, with the query itself, its files and programs.
_CELLS, _FEWEST = 300, 20
#: So many characters of triples are shown.
_CHARACTERS = 40_000
#: So much of a line is shown where a query does not parse.
_WIDTH = 500
_WORD = re.compile(r"[?$]?[\w:]+|<[^>\s]*>?|\S")
_LOCAL = re.compile(r"[\w/.-]*[\w/-]")
_STRING = f"{PREFIXES['xsd']}string"
_TITLES = {
    "limit": "The query met a limit.",
    "refused": "The query is refused.",
    "read-only": "The graph is read-only.",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer.

    Attributes:
        form: ``table``, ``boolean`` or ``graph``.
        count: rows or triples, as far as they were looked at.
        cut: whether there are more.
        holds: the answer yes or no.
        sheet: a page of rows or triples, by labels.
        columns, raw: the same page as terms, each as it is written in a query and with where it leads.
        turtle: triples as Turtle, or the beginning of it.
        unknown: where nothing was found, the names that the graph knows nothing of.
    """

    form: str
    count: int = 1
    cut: bool = False
    holds: bool = False
    sheet: Sheet | None = None
    columns: tuple[str, ...] = ()
    raw: tuple[tuple[tuple[str, str], ...], ...] = ()
    turtle: str = ""
    unknown: tuple[tuple[str, list[Proposal]], ...] = ()

    @property
    def title(self) -> str:
        """The answer in a few words."""
        if self.form == "boolean":
            return "Yes" if self.holds else "No"
        noun = "row" if self.form == "table" else "triple"
        return f"{'more than ' if self.cut else ''}{self.count:,} {noun}{'s' if self.count != 1 else ''}"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a query: its number, its text, and the part that is marked."""

    number: int
    before: str
    marked: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why there is no answer.

    Attributes:
        title: in a few words.
        words: in a sentence.
        mend: how it is put right.
        status: of the response; ``headers``: that it has.
        line, column: where in the query, counted from 1.
        lines: the query around that place.
    """

    title: str
    words: str
    mend: str
    status: int
    headers: dict[str, str]
    line: int | None = None
    column: int | None = None
    lines: tuple[Line, ...] = ()


def shown_of(site: Site, text: str, reply: Reply, *, raw: bool, page: int) -> Shown:
    """What is shown of an answer.

    Args:
        site: names and links.
        text: the query.
        reply: what a worker gave: rows as TSV, triples as N-Triples, or as Turtle if they are shown so.
        raw: whether terms are shown as they are written.
        page: which page of the rows.
    """
    report, body = reply.report, reply.body()
    form, cut = report["form"], report.get("cut", False)
    if form == "boolean":
        return Shown(form, holds=b"true" in body)
    if form == "graph" and raw:
        turtle = body.decode()
        more = "\n…" if len(turtle) > _CHARACTERS else ""
        return Shown(form, report.get("rows", 0), cut=cut, turtle=turtle[:_CHARACTERS] + more)
    table = _table(body) if form == "table" else _triples(body)
    sheet = sheet_of(site, table, page, size=max(_FEWEST, _CELLS // max(1, len(table.variables))))
    part = table.rows[sheet.start : sheet.start + len(sheet.rows)] if raw else ()
    return Shown(
        form,
        len(table),
        cut=cut,
        sheet=replace(sheet, rows=_without_silence(sheet)),
        columns=table.variables,
        raw=tuple(tuple(map(_written, row)) for row in part),
        unknown=() if len(table) else tuple(unknown_names(site, text)),
    )


def _table(body: bytes) -> Table:
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.TSV)
    if not isinstance(solutions, ox.QuerySolutions):
        raise LithioKGError("the worker answered with something else than rows")
    return Table([variable.value for variable in solutions.variables], map(tuple, solutions))


def _triples(body: bytes) -> Table:
    triples = ox.parse(body, format=ox.RdfFormat.N_TRIPLES)
    return Table(
        ("subject", "relation", "object"), [(each.subject, each.predicate, each.object) for each in triples]
    )


def _without_silence(sheet: Sheet) -> tuple[tuple[Cell, ...], ...]:
    """The rows without a word on what nobody reports: of a query of any kind that is not known."""
    return tuple(
        tuple(replace(cell, text="–") if cell.kind == "none" and cell.text else cell for cell in row)
        for row in sheet.rows
    )


def _written(term: Term | None) -> tuple[str, str]:
    """A term as it is written in a query, and where it leads."""
    if term is None:
        return "", ""
    if isinstance(term, ox.NamedNode):
        return _name(term.value), links.local(term.value) or ""
    if isinstance(term, ox.Literal) and not term.language and term.datatype.value != _STRING:
        return f"{str(term).rpartition('^^')[0]}^^{_name(term.datatype.value)}", ""
    return str(term), ""


def _name(iri: str) -> str:
    r"""An IRI with one of the usual prefixes, where it has one.

    >>> print(_name("https://w3id.org/lithiokg/id/substance/ZnO"), _name("https://example.org/x"))
    lkgi:substance\/ZnO <https://example.org/x>
    """
    prefix, _, local = compact(iri).partition(":")
    if compact(iri) == iri or not _LOCAL.fullmatch(local):
        return f"<{iri}>"
    return f"{prefix}:{local}".replace("/", "\\/")


def fault_of(error: LithioKGError, text: str) -> Fault:
    """What is shown of an error.

    Args:
        error: why there is no answer.
        text: the query.
    """
    line, column = (error.place.line, error.place.column) if error.place else (None, None)
    status, kind, headers = (400, "query", {}) if isinstance(error, QueryError) else (500, "error", {})
    if isinstance(error, ProblemError):
        status, kind, headers = error.status, error.kind, error.headers
        line, column = error.members.get("line", line), error.members.get("column", column)
    words, mend = (
        error.message.partition("\n")[0],
        error.mend or "",
    )  # further lines show the place, as lines do here
    return Fault(
        title=_TITLES.get(kind, "The query has no answer."),
        words=_sentence(words),
        mend=_sentence(mend),
        status=status,
        headers=headers,
        line=line,
        column=column,
        lines=_around(text, line, column),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if not text or text.endswith(('.', '?', '!')) else '.'}"


def _around(text: str, line: int | None, column: int | None) -> tuple[Line, ...]:
    """The line with the error, the word that is wrong marked, and the lines beside it."""
    lines = text.split("\n")
    if line is None or not 0 < line <= len(lines):
        return ()
    found = []
    for number in range(max(1, line - 2), min(len(lines), line + 1) + 1):
        written = lines[number - 1][:_WIDTH]
        if number != line or column is None:
            found.append(Line(number, written))
            continue
        word = _WORD.search(written, min(column - 1, len(written)))
        start, end = word.span() if word else (len(written), len(written))
        found.append(Line(number, written[:start], written[start:end] or " ", written[end:]))
    return tuple(found)


def declared(text: str) -> tuple[str, list[str]]:
    """A query with the usual prefixes that it uses without declaring them, and the declarations.

    >>> declared("ASK { ?s a lkg:Design }")[1]
    ['PREFIX lkg: <https://w3id.org/lithiokg/>']
    """
    if len(text) <= EXAMINED:
        missing = missing_prefixes(text)
    else:  # a declaration too many does no harm
        missing = [
            each
            for each in PREFIXES
            if f"{each}:" in text and not re.search(rf"(?i)\bPREFIX\s+{each}:", text)
        ]
    added = [f"PREFIX {each}: <{PREFIXES[each]}>" for each in missing]
    return "\n".join([*added, text]), added
