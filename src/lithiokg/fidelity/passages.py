"""Where the paragraphs, tables, table rows and captions of a document stand in its plain text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError
from lithiokg.store import Table
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lithiokg.fidelity.text import SourceText
    from lithiokg.store import Store, Value

__all__ = ["Passage", "Passages", "locate"]

_PREFIXES = """
PREFIX lkg: <https://w3id.org/lithiokg/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_PARTS = """
SELECT ?part ?label ?section ?section_number ?number ?table ?begins {
  ?part lkg:beginsWith ?begins ; lkg:inSection ?place .
  ?place skos:prefLabel ?section ; lkg:sectionNumber ?section_number ; lkg:inDocument <DOCUMENT> .
  OPTIONAL { ?part skos:prefLabel ?label }
  OPTIONAL { ?part lkg:paragraphNumber ?number }
  OPTIONAL { ?part lkg:tableNumber ?table }
}
"""
_ROWS = """
SELECT ?row ?table ?number ?printed ?method {
  ?row lkg:inTable ?in ; lkg:rowNumber ?number ; lkg:printedReference ?printed ; lkg:printedMethod ?method .
  ?in lkg:tableNumber ?table ; lkg:inSection/lkg:inDocument <DOCUMENT> .
}
"""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a document and the spans of the text that belong to it.

    Attributes:
        iri: the paragraph, table, row or caption.
        name: what a reader calls it, such as ``In-situ SEIs, paragraph 1``.
        section: heading of its section.
        spans: (begin, end) in squeezed positions; more than one where a table or figure cuts through it.
    """

    iri: str
    name: str
    section: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Passages:
    """All located parts of a document, and those whose opening words were not found."""

    paragraphs: tuple[Passage, ...]
    tables: Mapping[int, Passage]
    rows: Mapping[str, Passage]
    captions: Mapping[str, Passage]
    missing: tuple[str, ...] = field(default=())
    #: Rows beside whose method another number stands: IRI, name and the marker that was looked for.
    misnumbered: tuple[tuple[str, str, str], ...] = field(default=())

    def paragraph(self, section: str, number: int) -> Passage | None:
        """The paragraph of a section (by heading), counted from 1."""
        name = _paragraph_name(section, number)
        return next((passage for passage in self.paragraphs if passage.name == name), None)


@dataclass(frozen=True, slots=True)
class _Anchor:
    begin: int
    iri: str
    name: str
    section: str
    kind: str
    order: tuple[int, int]


def locate(store: Store, text: SourceText, document: str) -> Passages:
    """Find the parts of a document by their opening words.

    Paragraphs are looked for in reading order, each after the one before, since two may open alike;
    tables and captions anywhere, since extractors put them where they like.

    Args:
        store: the graph.
        text: the plain text.
        document: IRI of the work.

    Raises:
        LithioKGError: if the graph knows no opening words for the document, or none is in the text.
    """
    parts = _select(store, _PARTS, document)
    if not parts:
        raise LithioKGError(
            f"the graph does not know how the paragraphs of {document.removeprefix(ID)} begin",
            mend="add the opening words of its paragraphs (begins: ...) to its document files",
        )
    anchors, missing = _anchors(parts, text)
    if not anchors:
        raise LithioKGError(
            "no paragraph of the document begins in this text as the graph says",
            mend="check that the text is that of the document",
        )
    spans: dict[str, list[tuple[int, int]]] = {}
    ends = [*sorted(anchor.begin for anchor in anchors), len(text.squeezed)]
    for anchor in anchors:
        end = next(end for end in ends if end > anchor.begin)
        spans.setdefault(anchor.iri, []).append((anchor.begin, end))
    first = {anchor.iri: anchor for anchor in sorted(anchors, key=lambda anchor: anchor.begin, reverse=True)}
    passages = {
        iri: Passage(iri, anchor.name, anchor.section, tuple(sorted(spans[iri])))
        for iri, anchor in first.items()
    }
    ordered = sorted(first.values(), key=lambda anchor: anchor.order)
    tables = {anchor.order[1]: passages[anchor.iri] for anchor in ordered if anchor.kind == "table"}
    rows, lost, misnumbered = _rows(store, text, document, tables)
    return Passages(
        tuple(passages[anchor.iri] for anchor in ordered if anchor.kind == "paragraph"),
        tables,
        rows,
        {anchor.name: passages[anchor.iri] for anchor in ordered if anchor.kind == "caption"},
        (*missing, *lost),
        misnumbered,
    )


def _anchors(parts: list[dict[str, Value]], text: SourceText) -> tuple[list[_Anchor], list[str]]:
    anchors: list[_Anchor] = []
    missing: list[str] = []
    reached = 0
    by_part: dict[str, list[dict[str, Value]]] = {}
    for part in sorted(parts, key=_reading_order):
        by_part.setdefault(str(part["part"]), []).append(part)
    for several in by_part.values():
        begins: list[int] = []
        for part in several:
            kind, name = _kind_and_name(part)
            places = text.find_all(str(part["begins"]), reached if kind == "paragraph" else 0)
            if not places:
                missing.append(f"{name} begins with “{part['begins']}”")
                continue
            begin = places[0][0]
            order = (int(str(part["section_number"])), int(str(part["number"] or part["table"] or 0)))
            anchors.append(_Anchor(begin, str(part["part"]), name, str(part["section"]), kind, order))
            if kind == "paragraph":
                begins.append(begin)
        reached = min(begins) + 1 if begins else reached
    return anchors, missing


def _kind_and_name(part: Mapping[str, Value]) -> tuple[str, str]:
    if part["number"] is not None:
        return "paragraph", _paragraph_name(str(part["section"]), int(str(part["number"])))
    if part["table"] is not None:
        return "table", f"Table {part['table']}"
    return "caption", str(part["label"])


def _paragraph_name(section: str, number: int) -> str:
    return f"{section}, paragraph {number}"


def _reading_order(part: Mapping[str, Value]) -> tuple[int, int, str]:
    return int(str(part["section_number"])), int(str(part["number"] or 0)), str(part["part"])


def _rows(
    store: Store, text: SourceText, document: str, tables: Mapping[int, Passage]
) -> tuple[dict[str, Passage], tuple[str, ...], tuple[tuple[str, str, str], ...]]:
    """Each row from where its reference number and method stand to where the next row's do."""
    rows: dict[str, Passage] = {}
    missing: list[str] = []
    misnumbered: list[tuple[str, str, str]] = []
    found: dict[int, list[tuple[int, str, str]]] = {}
    for row in sorted(_select(store, _ROWS, document), key=lambda row: int(str(row["number"]))):
        number, iri = int(str(row["table"])), str(row["row"])
        name = f"Table {number}, row {row['number']}"
        taken = {begin for begin, _, _ in found.get(number, ())}
        begin, numbered = _row_begin(row, text, tables.get(number), taken)
        if begin is None:
            missing.append(f"{name} begins with [{row['printed']}] “{row['method']}”")
            continue
        if not numbered:
            misnumbered.append((iri, name, f"[{row['printed']}]"))
        found.setdefault(number, []).append((begin, iri, name))
    for number, several in found.items():
        table = tables[number]
        ends = [*sorted(begin for begin, _, _ in several)[1:], table.spans[-1][1]]
        for (begin, iri, name), end in zip(sorted(several), ends, strict=True):
            rows[iri] = Passage(iri, name, table.section, ((begin, end),))
    return rows, tuple(missing), tuple(misnumbered)


def _row_begin(
    row: Mapping[str, Value], text: SourceText, table: Passage | None, taken: Collection[int]
) -> tuple[int | None, bool]:
    """Where a row begins, unless another row has the place, and whether its number stands there."""
    if table is None:
        return None, False
    low, high = table.spans[0][0], table.spans[-1][1]
    for mark, numbered in (
        (f"[{row['printed']}]{row['method']}", True),
        (f"{row['printed']}{row['method']}", True),
        (str(row["method"]), False),
    ):
        free = (begin for begin, _ in text.find_all(mark, low, high) if begin not in taken)
        begin = next(free, None)
        if begin is not None:
            return begin, numbered
    return None, False


def _select(store: Store, query: str, document: str) -> list[dict[str, Value]]:
    answer = store.query(_PREFIXES + query.replace("DOCUMENT", document))
    assert isinstance(answer, Table)  # noqa: S101  # the texts above are SELECTs
    return answer.dicts()
