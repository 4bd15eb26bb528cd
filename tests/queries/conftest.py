"""The shipped graph in memory, the same in rdflib, and the saved questions."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
import rdflib

from lithiokg.build import assemble
from lithiokg.names import NameIndex
from lithiokg.questions import Question, load_questions
from lithiokg.sources import Sources, find_sources
from lithiokg.store import EmbeddedStore, Table
from lithiokg.store.table import python_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lithiokg.store import Value

Cell: TypeAlias = "str | bool | Decimal | None"
Rows: TypeAlias = "Counter[tuple[Cell, ...]]"


@pytest.fixture(scope="session")
def sources() -> Sources:
    return find_sources()


@pytest.fixture(scope="session")
def questions(sources: Sources) -> Mapping[str, Question]:
    return load_questions(sources.queries)


@pytest.fixture(scope="session")
def quads(sources: Sources) -> list[ox.Quad]:
    return assemble(sources).quads


@pytest.fixture(scope="session")
def store(quads: list[ox.Quad]) -> EmbeddedStore:
    return EmbeddedStore.in_memory(quads)


@pytest.fixture(scope="session")
def shuffled(quads: list[ox.Quad]) -> EmbeddedStore:
    """The same graph, put into the store in another order."""
    return EmbeddedStore.in_memory(reversed(quads))


@pytest.fixture(scope="session")
def dataset(quads: list[ox.Quad]) -> rdflib.Dataset:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=ox.serialize(quads, format=ox.RdfFormat.N_QUADS), format="nquads")
    return dataset


@pytest.fixture(scope="session")
def names(store: EmbeddedStore) -> NameIndex:
    return NameIndex.from_store(store)


@pytest.fixture(scope="session")
def ask(
    questions: Mapping[str, Question], store: EmbeddedStore, names: NameIndex
) -> Callable[..., list[dict[str, Value]]]:
    """Ask a saved question with values for its parameters; rows as plain values, IRIs written out."""

    def resolve(name: str, kind: str | None) -> str:
        return names.resolve(name, kinds=kind)

    def ask(name: str, **parameters: object) -> list[dict[str, Value]]:
        return answered(store, questions[name].bind(parameters, resolve)).dicts()

    return ask


def answered(store: EmbeddedStore, text: str) -> Table:
    table = store.query(text)
    assert isinstance(table, Table)
    return table


@pytest.fixture(scope="session")
def answer(store: EmbeddedStore) -> Callable[[str], Table]:
    def answer(text: str) -> Table:
        return answered(store, text)

    return answer


def _plain(value: object) -> Cell:
    """A value such that two engines' ways of writing it are equal."""
    if value is None or isinstance(value, bool | str):
        return value
    # Engines keep different numbers of digits of a quotient.
    return round(Decimal(str(value)), 9)


@pytest.fixture(scope="session")
def rows_of() -> Callable[[Iterable[Iterable[object]]], Rows]:
    """Rows of either engine as a multiset of plain values."""

    def value(term: object) -> object:
        if isinstance(term, rdflib.Literal):
            return term.toPython()
        if isinstance(term, rdflib.URIRef):
            return str(term)
        if isinstance(term, ox.NamedNode | ox.Literal):
            return python_value(term)
        assert term is None, f"a blank node in an answer: {term}"
        return None

    def rows_of(rows: Iterable[Iterable[object]]) -> Rows:
        return Counter(tuple(_plain(value(term)) for term in row) for row in rows)

    return rows_of
