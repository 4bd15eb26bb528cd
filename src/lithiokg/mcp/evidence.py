"""The evidence behind the rows of an answer: where each is said, and which works said it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.store import Table, python_value
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.store import Store

__all__ = ["Evidence", "RowEvidence", "find_evidence"]

_TYPE = PREFIXES["rdf"] + "type"
#: So many things of an answer are looked up at most, and so many pieces of evidence given for a row.
_MOST_THINGS, _MOST_PIECES = 400, 4
#: Columns that say where a row comes from.
_PLACES = frozenset({"table", "row", "section", "paragraph", "caption", "phrase", "general_ground", "ground"})
_REFERENCE = f"{ID}reference/"


@dataclass(frozen=True, slots=True)
class RowEvidence:
    """What stands behind one row.

    Attributes:
        places: where it is said, each in words.
        references: IRIs of the references that it rests on.
    """

    places: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind an answer.

    Attributes:
        rows: the evidence of each row, in the order of the rows.
        sources: the references of all rows, each with its work: ``number``, ``citation``, ``doi``.
        documents: the documents that the facts were taken from, with their DOI.
    """

    rows: tuple[RowEvidence, ...]
    sources: tuple[Mapping[str, Any], ...] = ()
    documents: tuple[Mapping[str, Any], ...] = field(default=())


def find_evidence(graph: KnowledgeGraph, table: Table, given: Iterable[str] = ()) -> Evidence:
    """The evidence behind each row of a table.

    A row that says in its own columns where it stands is taken at its word. Otherwise the claims are looked up
    that connect two things of the row, or of the row and the parameters; then what is claimed of a thing of the
    row at all; and designs bring the reference that reports them.

    Args:
        graph: the graph that gave the answer.
        table: the answer.
        given: the things that the question was asked with.
    """
    store, names = graph.store, graph.names
    things = [[term.value for term in row if isinstance(term, ox.NamedNode)] for row in table]
    wanted = list(dict.fromkeys([*given, *(iri for row in things for iri in row if iri.startswith(LKG))]))
    claims = _claims(store, wanted[:_MOST_THINGS])
    reported = _reported(store, [iri for iri in wanted if iri.startswith(f"{ID}design/")][:_MOST_THINGS])
    pieces = [_pieces(row, list(given), claims) for row in things]
    described = _described(graph, {piece for row in pieces for piece in row})
    rows = []
    for row, iris, found in zip(table, things, pieces, strict=True):
        own = _own_place(names.label, table.variables, row)
        references = [iri for iri in iris if iri.startswith(_REFERENCE)]
        places = [own] if own else []
        if not own:
            for piece in found:
                words, reference = described[piece]
                places.append(words)
                references += [reference] if reference else []
        references += [iri for thing in iris for iri in reported.get(thing, ())] if not references else []
        rows.append(RowEvidence(tuple(dict.fromkeys(filter(None, places))), tuple(dict.fromkeys(references))))
    cited = list(dict.fromkeys(iri for row in rows for iri in row.references))
    return Evidence(tuple(rows), tuple(_sources(store, cited)), tuple(_documents(store)))


def _select(store: Store, text: str) -> list[tuple[str, ...]]:
    table = store.query(text)
    assert isinstance(table, Table)  # noqa: S101  # it is a SELECT
    return [tuple("" if term is None else str(python_value(term)) for term in row) for row in table]


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _claims(store: Store, things: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """Objects and evidence of the claims with each thing as subject."""
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    if things:
        for subject, target, evidence in _select(
            store,
            f"SELECT ?s ?o ?e {{ VALUES ?s {{ {_values(things)} }} ?c <{LKG}claimSubject> ?s ; <{LKG}claimObject> ?o ;"
            f" <{LKG}hasEvidence> ?e }} ORDER BY ?s ?c ?e",
        ):
            found[subject].append((target, evidence))
    return found


def _pieces(
    row: Sequence[str], given: Sequence[str], claims: Mapping[str, list[tuple[str, str]]]
) -> list[str]:
    """Evidence of claims between things of a row, else of claims about them."""
    around = {*row, *given}
    between = [
        e for one in (*row, *given) for other, e in claims.get(one, ()) if other in around and other != one
    ]
    about = [e for one in row for _, e in claims.get(one, ())[:1]]
    return list(dict.fromkeys(between or about))[:_MOST_PIECES]


def _reported(store: Store, designs: Sequence[str]) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if designs:
        query = (
            f"SELECT ?d ?r {{ VALUES ?d {{ {_values(designs)} }} ?d <{LKG}reportedIn> ?r }} ORDER BY ?d ?r"
        )
        for design, reference in _select(store, query):
            found[design].append(reference)
    return found


def _own_place(label: Any, columns: Sequence[str], row: Sequence[ox.NamedNode | ox.Literal | Any]) -> str:
    """Where a row says itself that it stands."""
    cells = {
        name: label(term.value) if isinstance(term, ox.NamedNode) else str(python_value(term))
        for name, term in zip(columns, row, strict=True)
        if name in _PLACES and term is not None
    }
    if not cells.keys() & {"table", "section", "general_ground", "ground"}:
        return ""
    parts = [
        f"Table {cells['table']}" if "table" in cells else "",
        f"row {cells['row']}" if "row" in cells else "",
    ]
    parts += [f"“{cells['section']}”" if "section" in cells else "", cells.get("caption", "")]
    parts.append(f"paragraph {cells['paragraph']}" if "paragraph" in cells else "")
    parts.append(f"“… {cells['phrase']} …”" if "phrase" in cells else "")
    ground = cells.get("general_ground") or cells.get("ground")
    parts.append(f"general chemistry: {ground}" if ground else "")
    return ", ".join(filter(None, parts))


def _described(graph: KnowledgeGraph, pieces: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The words for pieces of evidence, and the reference each is resolved to."""
    wanted = sorted(pieces)
    if not wanted:
        return {}
    from lithiokg.graph.phrases import Phrases  # noqa: PLC0415  # only where rows do not speak for themselves

    phrases = Phrases(graph.store, graph.names, "", wanted)
    values = _values(wanted)
    references: dict[str, str] = {}
    quoted: dict[str, str] = {}
    for piece, which, value in _select(
        graph.store,
        f"SELECT ?e ?p ?v {{ VALUES ?e {{ {values} }} VALUES ?p {{ <{LKG}resolvedReference> <{LKG}keyPhrase>"
        f" <{LKG}quotedFigure> }} ?e ?p ?v }} ORDER BY ?e ?p ?v",
    ):
        (references if which.endswith("resolvedReference") else quoted).setdefault(piece, value)
    return {
        piece: (
            f"{phrases.of(piece)}{f', “… {quoted[piece]} …”' if piece in quoted else ''}",
            references.get(piece, ""),
        )
        for piece in wanted
    }


def _sources(store: Store, references: Sequence[str]) -> Iterable[dict[str, Any]]:
    """The works behind references, in the order of their numbers."""
    if not references:
        return
    names = ("referenceNumber", "authorList", "title", "journal", "publicationYear", "doi")
    optional = " ".join(f"OPTIONAL {{ ?w <{LKG}{name}> ?{name} }}" for name in names[1:])
    query = (
        f"SELECT ?r {' '.join(f'?{name}' for name in names)} {{ VALUES ?r {{ {_values(references)} }} "
        f"?r <{LKG}referenceNumber> ?referenceNumber OPTIONAL {{ ?r <{LKG}refersTo> ?w {optional} }} }} "
        "ORDER BY ?referenceNumber"
    )
    seen: set[str] = set()
    for reference, number, authors, title, journal, year, doi in _select(store, query):
        if reference in seen:
            continue
        seen.add(reference)
        yield {
            "iri": reference,
            "number": int(number),
            "citation": _citation(authors, title, journal, year)
            or f"reference {number} (work not identified)",
            "doi": doi or None,
        }


def _documents(store: Store) -> Iterable[dict[str, Any]]:
    """The documents whose references are in the graph: the facts were taken from them."""
    query = (
        f"SELECT DISTINCT ?w ?authors ?title ?journal ?year ?doi {{ {{ SELECT DISTINCT ?w {{ ?r a <{LKG}Reference> ; "
        f"<{LKG}inDocument> ?w }} }} OPTIONAL {{ ?w <{LKG}authorList> ?authors }} OPTIONAL {{ ?w <{LKG}title> ?title }} "
        f"OPTIONAL {{ ?w <{LKG}journal> ?journal }} OPTIONAL {{ ?w <{LKG}publicationYear> ?year }} "
        f"OPTIONAL {{ ?w <{LKG}doi> ?doi }} }} ORDER BY ?w"
    )
    for work, authors, title, journal, year, doi in _select(store, query):
        yield {"iri": work, "citation": _citation(authors, title, journal, year), "doi": doi or None}


def _citation(authors: str, title: str, journal: str, year: str) -> str:
    first, comma, _ = authors.partition(",")
    by = f"{first} et al." if comma else first
    return ". ".join(filter(None, [by.rstrip("."), title, " ".join(filter(None, [journal, year]))]))
