"""Snapshots of more facts than anybody writes by hand: loaded from N-Quads, worked on where they lie on disk.

What a folder of records goes through in memory happens here on disk: bulk load, validation and derivation in
parts, several side by side. What is added later is validated and derived alone.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

import lithiokg
from lithiokg.build.cache import COMPLETE, Cache
from lithiokg.build.integrity import write_manifest
from lithiokg.build.pipeline import SourceProblemsError
from lithiokg.build.reading import read_mapping_tables, read_ontology, read_questions
from lithiokg.build.snapshot import Snapshot
from lithiokg.errors import LithioKGError, Place, UsageError
from lithiokg.vocabulary import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from lithiokg.build.pipeline import Stage
    from lithiokg.reasoning import RuleSet
    from lithiokg.sources import Sources
    from lithiokg.validation import Report

__all__ = ["Loaded", "add_to_snapshot", "load_snapshot", "loaded_snapshot"]

_KEY = "loaded"
#: Snapshots that stay: the one in use, and the one before it, which somebody may be reading.
_KEPT = 2
#: Graphs that never come from a file: the shipped ontology and what is made from it and the facts.
_MADE = tuple(GRAPH + name for name in ("ontology", "inferred", "closures", "questions", "void", "mappings/"))
_COUNTS = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
#: Conclusions that are written to a file at once; the engine loads files faster than quads.
_BATCH = 500_000
_SYNTAXES = {".nq": ox.RdfFormat.N_QUADS, ".trig": ox.RdfFormat.TRIG}


@dataclass(slots=True)
class Loaded:
    """What a load did.

    Attributes:
        snapshot: the snapshot, complete and in place.
        statements: how many were read from files.
        conclusions: how many follow from them, as far as they are new.
        report: what validation found (warnings at most).
        seconds: how long each stage took.
        anew: why everything had to be derived anew though little was added; empty if it had not.
    """

    snapshot: Snapshot
    statements: int
    conclusions: int
    report: Report
    seconds: dict[str, float] = field(default_factory=dict)
    anew: str = ""


def loaded_snapshot(folder: Path) -> Snapshot:
    """The newest complete snapshot in a folder that :func:`load_snapshot` wrote, or the folder's own.

    Raises:
        UsageError: if there is none.
    """
    if (folder / COMPLETE).is_file():
        return Snapshot(folder, folder.name)
    cache = Cache(folder)
    if not cache.holds(_KEY):
        raise UsageError(
            f"there is no snapshot in {folder}", mend="write one: lithiokg load FILE.nq --into FOLDER"
        )
    path = cache.path(_KEY)
    return Snapshot(path, path.name)


def load_snapshot(
    files: Sequence[Path],
    folder: Path,
    *,
    sources: Sources,
    processes: int | None = None,
    stage: Stage | None = None,
) -> Loaded:
    """Write a snapshot of the facts in some files.

    The files hold what was stated, each source in its named graph, normalized values with it, as
    ``lithiokg export graph`` writes them. Ontology, mappings and questions are those of the sources, and
    everything that follows is derived; graphs of these names in the files are passed over.

    Args:
        files: N-Quads or TriG.
        folder: where the snapshot is to be; an earlier one there is replaced, once this one is complete.
        sources: the ontology, the mappings and the questions.
        processes: how many validate and derive at a time; as many as there are processors unless given.
        stage: told the name of each stage as it begins, and how far it is.

    Raises:
        UsageError: if a file is of another kind, or not there.
        LithioKGError: if a file does not read (with its line), a rule is broken, facts and ontology
            contradict each other, or the folder cannot be written. An earlier snapshot stays as it was.
    """
    return _Loading(sources, processes, stage).load(files, folder)


def add_to_snapshot(
    files: Sequence[Path],
    folder: Path,
    *,
    sources: Sources,
    processes: int | None = None,
    stage: Stage | None = None,
) -> Loaded:
    """Add the facts in some files to a snapshot that :func:`load_snapshot` wrote.

    Only what is added, and what it touches, is validated and derived. The new snapshot shares the files of
    the old one's store (hard links), and replaces it when it is complete.

    Args, Raises: see :func:`load_snapshot`.

    Raises:
        UsageError: if there is no snapshot, or it was made with another ontology.
    """
    return _Loading(sources, processes, stage).add(files, folder)


@dataclass(slots=True)
class _Loading:
    sources: Sources
    processes: int | None
    stage: Stage | None
    seconds: dict[str, float] = field(default_factory=dict)

    def load(self, files: Sequence[Path], folder: Path) -> Loaded:
        paths = _checked(files)
        rules = self._rules()
        with Cache(folder).construction(_KEY, replace=True) as scratch:
            store = _opened(scratch / "store")
            with self._timed("loading"):
                statements = self._read(store, paths)
                store.bulk_extend(self._shipped())
                store.flush()
            self._compact(store)  # what follows looks up each record by itself
            del store  # one process at a time may write, and many read
            report = self._validate(scratch)
            conclusions = self._derive(scratch, rules)
            self._finish(scratch, statements, conclusions, report)
        _prune(Cache(folder))
        return Loaded(loaded_snapshot(folder), statements, conclusions, report, self.seconds)

    def add(self, files: Sequence[Path], folder: Path) -> Loaded:
        from lithiokg.reasoning import derive_added  # noqa: PLC0415
        from lithiokg.validation import validate_added  # noqa: PLC0415

        paths = _checked(files)
        old = loaded_snapshot(folder)
        rules = self._rules()
        _same_ontology(old, self._ontology())
        with Cache(folder).construction(_KEY, replace=True) as scratch:
            with self._timed("reading"):
                new = [quad for path in paths for quad in _parsed(path) if not _is_made(quad)]
            known = ox.Store.read_only(str(old.store))
            new = [quad for quad in dict.fromkeys(new) if quad not in known]
            with self._timed("validating"):
                report = validate_added(known, new, sources=self.sources)
            _refuse(report)
            with self._timed("deriving"):
                addition = derive_added(known, rules, new)
            del known
            with self._timed("writing"):
                _link(old.store, scratch / "store")
                store = _opened(scratch / "store")
                store.extend([*new, *addition.conclusions])
                store.flush()
                del store
            counts = Counter(_name(quad.graph_name) for quad in (*new, *addition.conclusions))
            self._finish(scratch, len(new), len(addition.conclusions), report, Counter(old.graphs) + counts)
        _prune(Cache(folder))
        return Loaded(
            loaded_snapshot(folder), len(new), len(addition.conclusions), report, self.seconds, addition.whole
        )

    # --- stages ----------------------------------------------------------------------------------------

    def _read(self, store: ox.Store, paths: Sequence[Path]) -> int:
        for path in paths:
            self._tell(f"loading {path.name}")
            try:
                store.bulk_load(path=str(path), format=_SYNTAXES[path.suffix])
            except SyntaxError as error:
                raise _unreadable(path, error) from error
        for graph in list(store.named_graphs()):
            if isinstance(graph, ox.NamedNode) and graph.value.startswith(_MADE):
                store.remove_graph(graph)
        return len(store)

    def _shipped(self) -> Iterator[ox.Quad]:
        """What every snapshot holds beside the facts: ontology, mappings, questions."""
        from lithiokg.linking import mapping_quads  # noqa: PLC0415

        problems: list[LithioKGError] = []
        yield from self._ontology()
        for mapping_set in read_mapping_tables(self.sources, problems):
            yield from mapping_quads(mapping_set)
        yield from read_questions(self.sources, problems)
        if problems:
            raise SourceProblemsError(problems)

    def _ontology(self) -> list[ox.Quad]:
        problems: list[LithioKGError] = []
        quads = read_ontology(self.sources, problems)
        if problems:
            raise SourceProblemsError(problems)
        return quads

    def _rules(self) -> RuleSet:
        from lithiokg.reasoning import load_rules  # noqa: PLC0415

        return load_rules(self.sources.ontology)

    def _validate(self, scratch: Path) -> Report:
        from lithiokg.validation import validate_on_disk  # noqa: PLC0415

        with self._timed("validating"):
            report = validate_on_disk(
                scratch / "store",
                sources=self.sources,
                processes=self.processes,
                told=lambda words: self._tell(f"validating, {words}"),
            )
        _refuse(report)
        return report

    def _derive(self, scratch: Path, rules: RuleSet) -> int:
        from lithiokg.reasoning import closure_axioms, derive_on_disk, entailed_subclasses  # noqa: PLC0415

        inferred = ox.NamedNode(GRAPH + "inferred")
        with self._timed("deriving"):
            found = derive_on_disk(
                scratch / "store",
                rules,
                processes=self.processes,
                told=lambda words: self._tell(f"deriving, {words}"),
            )
            files = list(_written(found, scratch))
            store = _opened(scratch / "store")
            before = len(store)
            for file in files:
                store.bulk_load(path=str(file), format=ox.RdfFormat.N_QUADS)
                file.unlink()
            store.bulk_extend(
                ox.Quad(triple.subject, triple.predicate, triple.object, inferred)
                for triple in entailed_subclasses(rules)
            )
            store.bulk_extend(list(closure_axioms(store, rules.ontology)))
            store.flush()
            conclusions = len(store) - before
        self._compact(store)
        return conclusions

    def _compact(self, store: ox.Store) -> None:
        with self._timed("compacting"):
            store.optimize()
            store.flush()

    def _finish(
        self,
        scratch: Path,
        statements: int,
        conclusions: int,
        report: Report,
        graphs: Mapping[str, int] | None = None,
    ) -> None:
        """Write what is known of the snapshot beside its store; the graphs are counted unless given."""
        with self._timed("taking stock"):
            counted = graphs if graphs is not None else _counted(scratch / "store")
            description = {
                "snapshot": _KEY,
                "lithiokg": lithiokg.__version__,
                "built": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
                "total_seconds": round(sum(self.seconds.values()), 3),
                "graphs": dict(sorted(counted.items())),
                "statements": statements,
                "conclusions": conclusions,
                "warnings": len(report.warnings),
            }
            write_manifest(scratch)
            text = json.dumps(description, indent=2, ensure_ascii=False) + "\n"
            (scratch / COMPLETE).write_text(text, encoding="utf-8")

    # --- telling ---------------------------------------------------------------------------------------

    def _tell(self, words: str) -> None:
        if self.stage is not None:
            self.stage(words)

    @contextmanager
    def _timed(self, name: str) -> Iterator[None]:
        self._tell(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = self.seconds.get(name, 0.0) + time.perf_counter() - start


def _checked(files: Sequence[Path]) -> list[Path]:
    for path in files:
        if path.suffix not in _SYNTAXES:
            raise UsageError(f"{path.name} has no named graphs", mend="give N-Quads (.nq) or TriG (.trig)")
        if not path.is_file():
            raise UsageError(f"there is no file {path}", mend="correct the name")
    return list(files)


def _opened(path: Path) -> ox.Store:
    try:
        return ox.Store(str(path))
    except (OSError, RuntimeError) as error:
        raise LithioKGError(f"the store {path} cannot be written: {error}") from error


def _parsed(path: Path) -> Iterator[ox.Quad]:
    try:
        yield from ox.parse(path=str(path), format=_SYNTAXES[path.suffix])
    except SyntaxError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: SyntaxError) -> LithioKGError:
    place = Place(str(path), error.lineno or 1, error.offset or 1)
    return LithioKGError(
        f"this does not read: {error.msg}", place=place, mend="correct the file at this place"
    )


def _name(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else ""


def _is_made(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value.startswith(_MADE)


def _refuse(report: Report) -> None:
    if not report.conforms:
        raise SourceProblemsError([], report)


def _same_ontology(old: Snapshot, ontology: Iterable[ox.Quad]) -> None:
    """What was derived with other axioms cannot be added to."""
    store = ox.Store.read_only(str(old.store))
    graph = ox.NamedNode(GRAPH + "ontology")
    stated = (quad for quad in ontology if not isinstance(quad.subject, ox.BlankNode))
    there = store.quads_for_pattern(None, None, None, graph)
    named = sum(1 for quad in there if not isinstance(quad.subject, ox.BlankNode))
    wanted = [quad for quad in stated if not isinstance(quad.object, ox.BlankNode)]
    if any(quad not in store for quad in wanted) or named < len(wanted):
        raise UsageError(
            "the snapshot was made with another version of the ontology",
            mend="load all of its files again: lithiokg load FILE.nq ... --into FOLDER",
        )


def _written(quads: Iterator[ox.Quad], folder: Path) -> Iterator[Path]:
    for number in count():
        several = list(islice(quads, _BATCH))
        if not several:
            return
        path = folder / f"conclusions-{number}.nq"
        ox.serialize(several, str(path), format=ox.RdfFormat.N_QUADS)
        yield path


def _link(old: Path, new: Path) -> None:
    """A copy of a closed store that shares its data files, which the engine never changes once written."""
    new.mkdir()
    for path in old.iterdir():
        if path.suffix == ".sst":
            try:
                os.link(path, new / path.name)
                continue
            except OSError:  # another file system, or one without links
                pass
        if path.name != "LOCK":
            shutil.copy2(path, new / path.name)


def _counted(store: Path) -> dict[str, int]:
    found = ox.Store.read_only(str(store)).query(_COUNTS)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
    return {graph.value: int(number.value) for graph, number in found}


def _prune(cache: Cache) -> None:
    """Drop all but the newest snapshots; they are renamed first, for half of one must not count."""
    complete = sorted(cache.snapshots.glob(f"{_KEY}*/{COMPLETE}"), key=lambda path: path.stat().st_mtime)
    for path in complete[:-_KEPT]:
        aside = cache.root / f"building-aside-{path.parent.name}"
        path.parent.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
