"""Ask a saved question about the keys of a table, and put its answer beside the rows."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, UsageError
from lithiokg.identifiers import (
    FormulaError,
    IdentifierError,
    normal_doi,
    normal_inchikey,
    parse_formula,
)
from lithiokg.joining.joined import Joined, Match
from lithiokg.joining.tables import TableError
from lithiokg.questions import find_question
from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from lithiokg.identifiers import Formula
    from lithiokg.joining.tables import UserTable
    from lithiokg.names import NameIndex
    from lithiokg.sources import Sources
    from lithiokg.store import Store, Value

__all__ = ["KINDS", "join"]

#: Keys in one query: a server may refuse a query of megabytes.
_BATCH = 500
#: How much the shares of the elements may differ for "nearly": what is left of 1/3 written as 0.33.
_NEARLY = 0.002
#: Ways to meet, the surest first.
_ORDER = ("inchikey", "doi", "formula", "composition", "nearly")
_SHARED = ("lkg_match", "lkg_id", "lkg_name")
_NOTE = "lkg_note"
#: Column -> relations of the saved question whose things stand in it; the last column takes all others.
_RELATIONS = {
    "lkg_forms_with_lithium": {LKG + "formsWithLithium"},
    "lkg_stable_against": {LKG + "isStableAgainst"},
    "lkg_conducts": {LKG + "conducts"},
    "lkg_blocks": {LKG + "blocks"},
}
#: Every reduced formula, for those that meet nothing exactly.
_REDUCED = f"SELECT DISTINCT ?formula {{ ?substance <{LKG}reducedFormula> ?formula }} ORDER BY ?formula"


@dataclass(frozen=True, slots=True)
class _Kind:
    """One way to join.

    Attributes:
        question: the saved question that is asked.
        parameter: its parameter that takes the keys.
        key: the normal form of a value, in which it is asked.
        columns: what is said of each thing.
        facts: the columns from the lines of the answer about one thing.
    """

    question: str
    parameter: str
    key: Callable[[str], str]
    columns: tuple[str, ...]
    facts: Callable[[Sequence[Sequence[str]], NameIndex], tuple[Value, ...]]


def _substance_facts(lines: Sequence[Sequence[str]], names: NameIndex) -> tuple[Value, ...]:
    """The columns of a substance: formula, then the labels of what it is related to, parted by semicolons."""
    found: dict[str, list[str]] = defaultdict(list)
    for _, _, _, relation, thing in lines:
        if thing:
            column = next((name for name, them in _RELATIONS.items() if relation in them), "lkg_designs")
            found[column].append(names.label(thing))
    formula = lines[0][2] or None
    return (formula, *(_listed(found[name]) for name in (*_RELATIONS, "lkg_designs")))


def _work_facts(lines: Sequence[Sequence[str]], names: NameIndex) -> tuple[Value, ...]:
    """The columns of a work: its numbers in the documents, and the designs that it reported."""
    references = [names.label(reference) for _, _, reference, _ in lines if reference]
    designs = [names.label(design) for *_, design in lines if design]
    return _listed(references), _listed(designs)


def _listed(labels: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(labels)) or None


_SUBSTANCES = "substances-by-formula-or-inchikey"
_SUBSTANCE_COLUMNS = ("lkg_formula", *_RELATIONS, "lkg_designs")
KINDS: Mapping[str, _Kind] = {
    "formula": _Kind(
        _SUBSTANCES,
        "keys",
        lambda text: parse_formula(text).reduced,
        _SUBSTANCE_COLUMNS,
        _substance_facts,
    ),
    "inchikey": _Kind(_SUBSTANCES, "keys", normal_inchikey, _SUBSTANCE_COLUMNS, _substance_facts),
    "doi": _Kind("works-by-doi", "dois", normal_doi, ("lkg_references", "lkg_designs"), _work_facts),
}


def join(
    table: UserTable,
    *,
    on: str,
    store: Store,
    sources: Sources,
    names: NameIndex,
    column: str | None = None,
    lenient: bool = False,
    stated_only: bool = False,
) -> Joined:
    """Join a table with the graph.

    Args:
        table: the user's table.
        on: ``formula``, ``inchikey`` or ``doi``.
        store: the graph.
        sources: where the saved questions are.
        names: labels of the graph.
        column: the column that holds the keys; by default the one that is called like ``on``.
        lenient: list a value that cannot be read, instead of stopping.
        stated_only: answer from what was stated alone.

    Raises:
        UsageError: for another ``on``.
        TableError: if there is no such column, or values cannot be read, with the place of each.
    """
    if on not in KINDS:
        raise UsageError(f"there is no join on {on!r}", mend=f"choose one of {', '.join(KINDS)}")
    kind = KINDS[on]
    at = table.index(column or on)
    table.check_free((*_SHARED, *kind.columns, _NOTE))
    keys, notes, problems = _keys(table, at, kind)
    if problems and not lenient:
        raise TableError(problems)
    asking = _Asking(kind, store, sources, stated_only)
    asking.ask(keys.values())
    nearly = _near(keys.values(), asking) if on == "formula" else {}
    matches: list[Match] = []
    for row, fields in enumerate(table.rows):
        if row not in keys:
            matches.append(Match(row, "unreadable" if row in notes else "no value", note=notes.get(row)))
            continue
        key = keys[row]
        found = [
            Match(
                row, _how(on, fields[at], key, other, lines), iri, names.label(iri), kind.facts(lines, names)
            )
            for other in [key, *nearly.get(key, ())]
            for iri, lines in asking.of(other).items()
        ]
        matches += sorted(found, key=lambda match: (_ORDER.index(match.how), match.iri or "")) or [
            Match(row, "none")
        ]
    return _joined(table, kind, matches, notes=bool(notes))


def _keys(
    table: UserTable, at: int, kind: _Kind
) -> tuple[dict[int, str], dict[int, str], list[LithioKGError]]:
    """The keys by row; the notes on rows that cannot be read, and the same with their places."""
    keys: dict[int, str] = {}
    notes: dict[int, str] = {}
    problems: list[LithioKGError] = []
    for row, (fields, place) in enumerate(zip(table.rows, table.places, strict=True)):
        if not fields[at].strip():
            continue
        try:
            keys[row] = kind.key(fields[at])
        except (FormulaError, IdentifierError) as error:
            notes[row] = error.message
            problems.append(LithioKGError(error.message, place=place, mend=error.mend))
    return keys, notes, problems


class _Asking:
    """Asks a saved question in batches, and keeps the lines of its answers by key and thing."""

    def __init__(self, kind: _Kind, store: Store, sources: Sources, stated_only: bool) -> None:
        self._kind = kind
        self._store = store
        self._question = find_question(kind.question, sources.queries)
        self._stated_only = stated_only
        self._lines: dict[str, dict[str, list[list[str]]]] = {}

    def ask(self, keys: Iterable[str]) -> None:
        """Ask for the keys that were not asked for yet."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._lines]
        for start in range(0, len(wanted), _BATCH):
            batch = wanted[start : start + _BATCH]
            self._lines |= {key: {} for key in batch}
            text = self._question.bind({self._kind.parameter: batch}, _no_names)
            for line in self._rows(text):
                self._lines[line[0]].setdefault(line[1], []).append(line)

    def of(self, key: str) -> dict[str, list[list[str]]]:
        """The lines about each thing that has a key."""
        return self._lines[key]

    def reduced_formulas(self) -> Iterator[str]:
        """Every reduced formula of the graph."""
        return (formula for (formula,) in self._rows(_REDUCED))

    def _rows(self, text: str) -> Iterator[list[str]]:
        table = self._store.query(text, stated_only=self._stated_only, name=self._question.path.name)
        assert isinstance(table, Table)  # noqa: S101  # the questions are SELECTs
        return ([getattr(term, "value", "") for term in row] for row in table)


def _no_names(name: str, _: str | None) -> str:
    """Keys are texts: nothing is looked up by name."""
    return name


def _how(on: str, text: str, key: str, other: str, lines: Sequence[Sequence[str]]) -> str:
    """In what way a row met a thing."""
    if on != "formula":
        return on
    if key != other:
        return "nearly"
    return "formula" if _read(lines[0][2]) == _read(text) else "composition"


def _read(text: str) -> Formula | None:
    """A formula, or nothing where it does not read: an endpoint may hold what a build here would refuse."""
    try:
        return parse_formula(text)
    except FormulaError:
        return None


def _near(keys: Iterable[str], asking: _Asking) -> dict[str, list[str]]:
    """For each formula that nothing has, those that nearly are the same; they are asked for too."""
    missed = {key: _read(key) for key in dict.fromkeys(keys) if not asking.of(key)}
    if not missed:
        return {}
    known: dict[tuple[str, ...], list[tuple[str, Formula]]] = defaultdict(list)
    for reduced in asking.reduced_formulas():
        if other := _read(reduced):
            known[other.elements].append((reduced, other))
    found = {
        key: [reduced for reduced, other in known.get(one.elements, ()) if _is_near(one, other)]
        for key, one in missed.items()
        if one
    }
    asking.ask(formula for near in found.values() for formula in near)
    return found


def _is_near(one: Formula, other: Formula) -> bool:
    """Whether two formulas of the same elements have nearly the same ratio."""
    shares, others = one.fractions, other.fractions
    return all(abs(shares[symbol] - others[symbol]) <= _NEARLY for symbol in shares)


def _joined(table: UserTable, kind: _Kind, matches: Sequence[Match], *, notes: bool) -> Joined:
    columns = (*table.columns, *_SHARED, *kind.columns, *((_NOTE,) if notes else ()))
    rows = tuple(
        (
            *table.rows[match.row],
            match.how,
            match.iri and match.iri.removeprefix(ID),
            match.label,
            *(match.facts or (None,) * len(kind.columns)),
            *((match.note,) if notes else ()),
        )
        for match in matches
    )
    return Joined(columns, rows, tuple(matches))
