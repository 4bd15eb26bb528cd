"""Draw the conclusions of what an endpoint holds, and put them there.

The rules run here, not there: what follows must not hang on how an engine joins, counts or closes paths, which is
what engines differ in, and nothing has to be trusted there but that it gives back what it holds, which is counted.
The statements come once, as far as rules read them, onto the disk; they are derived in parts; the conclusions
go back as two graphs. No more memory is needed than for a part, and no more of the engine than queries and ``PUT``.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.endpoints.concluding import CLOSURES, INFERRED, closure_lines, conclusion_lines
from lithiokg.endpoints.fetching import MOST, ONTOLOGY, premises
from lithiokg.endpoints.pieces import PIECE
from lithiokg.endpoints.uploading import counted, put_graph
from lithiokg.errors import LithioKGError
from lithiokg.files import temporary_folder
from lithiokg.reasoning import (
    load_rules,
    ontology_files,
    ontology_from,
    read_ontology,
)
from lithiokg.store import write_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lithiokg.endpoints.uploading import Sent
    from lithiokg.reasoning import Ontology, RuleSet
    from lithiokg.sources import Sources
    from lithiokg.store import GraphStore, RemoteStore

__all__ = ["DerivedThere", "derive_there"]


@dataclass(frozen=True, slots=True)
class DerivedThere:
    """What was read from an endpoint and put there.

    Attributes:
        read: statements that were copied.
        inferred: the graph of the conclusions.
        closures: the graph of the closure axioms.
    """

    read: int
    inferred: Sent
    closures: Sent


def derive_there(
    far: RemoteStore,
    to: GraphStore,
    sources: Sources,
    *,
    piece: int = PIECE,
    most: int = MOST,
    told: Callable[[str], None] = lambda _: None,
) -> DerivedThere:
    """Derive everything that follows from the stated graphs of an endpoint.

    ``lkgg:inferred`` and ``lkgg:closures`` are replaced there once all is derived, so that a contradiction or a
    failure to read changes nothing.

    Args:
        far: the endpoint, for queries.
        to: its graphs, for writing.
        sources: the ontology with its classified hierarchy; it must be the one that the endpoint holds.
        piece: bytes in a request.
        most: statements that are asked for at once.
        told: told what happens, in words.

    Raises:
        InconsistencyError: if the statements contradict the ontology, explained in words.
        LithioKGError: if the endpoint holds another ontology, gives less than it holds, or refuses.
    """
    ontology = read_ontology(ontology_files(sources.ontology), relative=sources.relative)
    rules = load_rules(sources.ontology, ontology)
    with temporary_folder("lithiokg-derive-") as folder:
        path = folder / "store"
        told("reading what was stated")
        read = write_store(path, chain.from_iterable(premises(far, rules, most=most)))
        inferred, closures = _replace(far, to, path, rules, piece=piece, told=told)
    counted(far, {INFERRED: inferred.statements, CLOSURES: closures.statements})
    return DerivedThere(read, inferred, closures)


def _replace(
    far: RemoteStore, to: GraphStore, path: Path, rules: RuleSet, *, piece: int, told: Callable[[str], None]
) -> tuple[Sent, Sent]:
    store = ox.Store.read_only(str(path))
    _check_ontology(far, store, rules.ontology)
    told("deriving")
    # No line comes before the last conclusion was drawn: until then, nobody knows that nothing contradicts.
    inferred = put_graph(to, INFERRED, conclusion_lines(path, rules, told=told), piece=piece)
    closures = put_graph(to, CLOSURES, closure_lines(store, rules), piece=piece)
    return inferred, closures


def _check_ontology(far: RemoteStore, store: ox.Store, ours: Ontology) -> None:
    theirs = ontology_from(store.quads_for_pattern(None, None, None, ox.NamedNode(ONTOLOGY)))
    if set(theirs.axioms) != set(ours.axioms) or theirs.closes != ours.closes:
        count = len(set(theirs.axioms) ^ set(ours.axioms))
        raise LithioKGError(
            f"{far.url} holds another version of the ontology: {count} of the axioms differ",
            mend="put the stated graphs of this version there: lithiokg upload --stated",
        )
