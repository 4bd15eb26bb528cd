"""Write a data set of a chosen size, and what an engine must answer on it.

A folder gets ``facts.nq`` (sorted N-Quads, for any engine), ``store`` (the reference, for this one) and
``expected.json`` (the digests of the right answers). Statements of the shipped graph, synthetic ones in their shape,
and what follows from both: enough kinds of things for every saved question, and as many of them as wanted.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from importlib.metadata import version
from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

import lithiokg
from lithiokg.conformance.data_probes import DATA_PROBES
from lithiokg.conformance.digests import as_table, digests_of
from lithiokg.conformance.expected import Expected, Known, write_expected
from lithiokg.conformance.synthetic import Catalogue, synthetic
from lithiokg.endpoints import CLOSURES, INFERRED, closure_lines, conclusion_lines
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.reasoning import load_rules
from lithiokg.store import DERIVED_GRAPHS, EmbeddedStore, is_premise, sorted_graphs, write_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from lithiokg.questions import Question
    from lithiokg.reasoning import RuleSet
    from lithiokg.sources import Sources

__all__ = ["EXPECTED", "FACTS", "STORE", "reference_store", "write_data"]

FACTS, STORE, EXPECTED = "facts.nq", "store", "expected.json"
#: Triples that a synthetic triple brings along as a conclusion, itself included.
_GROWTH = 1.25
_LEAST = 10_000


def write_data(
    folder: Path,
    snapshot: EmbeddedStore,
    sources: Sources,
    questions: Iterable[Question],
    *,
    triples: int,
    seed: int = 1,
    told: Callable[[str], None] = lambda _: None,
) -> Expected:
    """Write a data set with its expected answers; the folder is there in the end, or as it was.

    Args:
        folder: where; it must not be there, or be empty.
        snapshot: the shipped graph.
        sources: the ontology, with its classified hierarchy.
        questions: the saved questions to ask; those that call other endpoints are passed over.
        triples: how many statements in all, about.
        seed: another seed gives other figures and compositions.
        told: told what happens, in words.

    Raises:
        UsageError: if so few triples are asked for that none would be synthetic.
        LithioKGError: if the folder holds something, or cannot be written.
    """
    wanted = round((triples - snapshot.triples) / _GROWTH)
    if wanted < _LEAST:
        least = snapshot.triples + round(_LEAST * _GROWTH)
        raise UsageError(
            f"{triples:,} triples are too few: the graph alone has {snapshot.triples:,}",
            mend=f"ask for {least:,} or more",
        )
    with _new_folder(folder) as fresh:
        rules = load_rules(sources.ontology)
        told(f"writing {wanted:,} synthetic statements beside those of the graph")
        _write_store(
            fresh, snapshot, rules, synthetic(Catalogue.of(snapshot.oxigraph), wanted, seed=seed), told
        )
        with EmbeddedStore(fresh / STORE) as reference:
            told(f"sorting {reference.triples:,} statements")
            graphs = _write_facts(reference, fresh / FACTS)
            told("answering")
            answers = list(_answers(reference, questions))
        made_by = f"lithiokg {lithiokg.__version__}, pyoxigraph {version('pyoxigraph')}"
        expected = Expected(made_by, graphs, answers)
        write_expected(fresh / EXPECTED, expected)
    return expected


def reference_store(folder: Path) -> EmbeddedStore:
    """The reference store of a folder that :func:`write_data` wrote.

    Raises:
        LithioKGError: if it has none.
    """
    if not (folder / STORE).is_dir():
        raise LithioKGError(
            f"{folder} has no reference store", mend=f"write it with: lithiokg conformance --write {folder}"
        )
    return EmbeddedStore(folder / STORE)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside, which takes the place of the wanted one once everything is in it."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise LithioKGError(f"{folder} already exists and is not an empty folder", mend="name a fresh folder")
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.new")
    try:
        fresh.mkdir(parents=True)
        yield fresh
        if folder.exists():
            folder.rmdir()
        fresh.rename(folder)
    except OSError as error:
        raise LithioKGError(
            f"{folder} cannot be written: {error.strerror or error}", mend="free some space or name another"
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write_store(
    folder: Path,
    snapshot: EmbeddedStore,
    rules: RuleSet,
    made: Iterator[ox.Quad],
    told: Callable[[str], None],
) -> None:
    """What rules read first, for conclusions are drawn from that alone; then the rest, and what follows."""
    path, conclusions = folder / STORE, folder / "conclusions.nq"
    graphs = snapshot.graphs()
    premises = chain.from_iterable(snapshot.quads(name) for name in graphs if is_premise(name))
    rest = [name for name in graphs if not is_premise(name) and name not in DERIVED_GRAPHS]
    aside = folder / "aside.nq"

    def kept() -> Iterator[ox.Quad]:
        with aside.open("wb") as stream:
            for quad in made:
                if is_premise(quad.graph_name.value):  # type: ignore[union-attr]  # all are in named graphs
                    yield quad
                else:
                    stream.write(f"{quad} .\n".encode())

    write_store(path, chain(premises, kept()))
    told("deriving")
    with conclusions.open("wb") as stream:
        for name, lines in (
            (INFERRED, conclusion_lines(path, rules)),
            (CLOSURES, closure_lines(ox.Store.read_only(str(path)), rules)),
        ):
            stream.writelines(f"{line} <{name}> .\n".encode() for line in lines)
    store = ox.Store(str(path))
    store.bulk_extend(chain.from_iterable(snapshot.quads(name) for name in rest))
    for file in (aside, conclusions):
        store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
        file.unlink()
    store.optimize()
    store.flush()


def _write_facts(store: EmbeddedStore, path: Path) -> dict[str, int]:
    """Everything as sorted N-Quads, and how much there is of each graph."""
    graphs: dict[str, int] = {}
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for name, lines in sorted_graphs(store):
            count = 0
            for count, line in enumerate(lines, 1):  # noqa: B007  # the number of the last one is wanted
                stream.write(f"{line} <{name}> .\n")
            graphs[name] = count
    return graphs


def _answers(store: EmbeddedStore, questions: Iterable[Question]) -> Iterator[Known]:
    asked = [("data", name, text) for name, text in DATA_PROBES.items()]
    asked += [("question", each.name, each.text) for each in questions if not each.endpoints]
    for kind, name, text in asked:
        yield Known(kind, name, text, digests_of(as_table(store.query(text, name=name))))
