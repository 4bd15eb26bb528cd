"""What all pages of one server share: labels, statements, questions, answers; the snapshot never changes."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, TypeVar

import pyoxigraph as ox

import lithiokg
from lithiokg.errors import LithioKGError, UsageError
from lithiokg.graph.description import describe
from lithiokg.graph.phrases import Phrases
from lithiokg.store import EmbeddedStore, python_value
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES, compact

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from starlette.datastructures import State
    from starlette.requests import Request

    from lithiokg.graph import Answer, Description, Fact, KnowledgeGraph
    from lithiokg.names import NameIndex
    from lithiokg.questions import Question
    from lithiokg.reference import Terms
    from lithiokg.store import Value

__all__ = ["Said", "Site", "site_in", "site_of"]

_T = TypeVar("_T")
#: Descriptions, answers and explanations that are kept, each; the least recently wanted goes first.
_KEPT = 256
#: Statements of these graphs tell of the data set, not of its things.
_ASIDE = frozenset({GRAPH + "void"})
_INFERRED = GRAPH + "inferred"
#: In a graph of millions a page lists so many of what refers to a thing: nobody reads a hundred thousand.
_MOST = 500
#: Parts of the path of a record: its kind and its key; records that are numbered by source have one more.
_RECORD = 2
_BY_SOURCE = frozenset({"reference", "observation", "claim", "discrepancy"})
_TYPE = PREFIXES["rdf"] + "type"


class Said:
    """One value that a thing has by some relation.

    Attributes:
        value: an IRI, or the plain value of a literal.
        iri: whether it is an IRI.
        inferred: whether nobody stated it.
    """

    __slots__ = ("inferred", "iri", "value")

    def __init__(self, value: Value, *, iri: bool, inferred: bool) -> None:
        self.value = value
        self.iri = iri
        self.inferred = inferred


class _Kept:
    """The last few results, by key, for several threads."""

    def __init__(self) -> None:
        self._held: dict[Hashable, object] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], _T]) -> _T:
        with self._lock:
            found = self._held.pop(key, None)
            if found is not None:
                self._held[key] = found
                return found  # type: ignore[return-value]  # a key belongs to one maker
        made = make()
        with self._lock:
            self._held[key] = made
            while len(self._held) > _KEPT:
                self._held.pop(next(iter(self._held)))
        return made


class Site:
    """The graph as pages want it.

    Args:
        graph: an opened snapshot.

    Raises:
        LithioKGError: if the graph is behind an endpoint.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        if not isinstance(graph.store, EmbeddedStore):
            raise LithioKGError(
                "pages are served from a snapshot, not from an endpoint",
                mend="leave the endpoint out: lithiokg serve",
            )
        self.graph = graph
        self.store = graph.store
        #: How many things pages list that refer to one, or are of a class; no limit where that is None.
        self.most = _MOST if graph.is_large else None
        self._engine = graph.store.oxigraph
        self._things: dict[str, dict[str, tuple[Said, ...]]] = {}
        self._words: dict[str, str] = {}
        self._kept = _Kept()
        self._small: dict[Hashable, object] = {}
        self.explaining = Lock()  # the explainer remembers, and does so for one at a time

    def refuse_if_large(self, page: str, instead: str) -> None:
        """Refuse what would go through everything, where that is millions of statements.

        Raises:
            LithioKGError: naming what answers instead.
        """
        if self.most is not None:
            raise LithioKGError(
                f"a graph of {self.store.triples:,} triples is too large for {page}", mend=instead
            )

    def origin(self, iri: str) -> str:
        """The source of a user's collection that a record comes from; empty for what is shipped, and for parts."""
        parts = iri.removeprefix(ID).split("/") if iri.startswith(ID) else []
        whole = len(parts) == _RECORD or (len(parts) > _RECORD and parts[0] in _BY_SOURCE)
        return self.graph.origins.of(iri) if whole else ""

    # --- names ------------------------------------------------------------------------------------

    @property
    def names(self) -> NameIndex:
        """Labels and synonyms of everything."""
        return self.graph.names

    def label(self, iri: str) -> str:
        """What to call a thing: never an IRI."""
        label = self.names.label(iri)
        if label != compact(iri):
            return label
        if iri not in self._words:
            self._words[iri] = self._in_words(iri)
        return self._words[iri]

    def _in_words(self, iri: str) -> str:
        if iri == LKG:
            return "the LithioKG ontology"
        if iri in {ID, GRAPH}:
            return f"the {'things' if iri == ID else 'graphs'} of LithioKG"
        if iri.startswith(ID):
            said = Phrases(self.store, self.names, "", {iri}).title(iri)
            return said if said != compact(iri) else _spelled(iri.removeprefix(ID))
        if iri.startswith(GRAPH):
            return f"{_spelled(iri.removeprefix(GRAPH))} graph"
        if iri.startswith(LKG):
            return _spelled(iri.removeprefix(LKG))
        return self.foreign.get(iri) or _foreign_words(iri)

    def _learn(self, iris: Iterable[str]) -> None:
        """Find words for what has no label, in a few queries for all."""
        unnamed = {
            iri
            for iri in iris
            if iri.startswith(ID) and iri not in self._words and self.names.label(iri) == compact(iri)
        }
        if len(unnamed) > 1:
            phrases = Phrases(self.store, self.names, "", unnamed)
            for iri in unnamed:
                said = phrases.title(iri)
                self._words[iri] = said if said != compact(iri) else _spelled(iri.removeprefix(ID))

    @cached_property
    def foreign(self) -> Mapping[str, str]:
        """Labels of the terms of other ontologies that ours are mapped to."""
        target, label = (
            ox.NamedNode(f"{PREFIXES['owl']}annotatedTarget"),
            ox.NamedNode(f"{PREFIXES['sssom']}object_label"),
        )
        labels = {
            quad.subject: quad.object.value
            for quad in self._engine.quads_for_pattern(None, label, None)
            if isinstance(quad.object, ox.Literal)
        }
        return {
            quad.object.value: labels[quad.subject]
            for quad in self._engine.quads_for_pattern(None, target, None)
            if quad.subject in labels and isinstance(quad.object, ox.NamedNode)
        }

    def words(self, fact: Fact) -> str:
        """The value of a fact as people read it: a thing that the description has no name for by ours."""
        if fact.iri and str(fact.value) in {fact.iri, compact(fact.iri)}:
            return self.label(fact.iri)
        return str(fact.value)

    def relation(self, fact: Fact) -> str:
        """The relation of a fact as people read it."""
        return self.label(fact.predicate) if fact.relation == compact(fact.predicate) else fact.relation

    # --- statements -------------------------------------------------------------------------------

    def knows(self, iri: str) -> bool:
        """Whether anything is said of or with an IRI."""
        try:
            node = ox.NamedNode(iri)
        except ValueError:
            return False
        patterns = ((node, None, None, None), (None, None, node, None), (None, node, None, None),
                    (None, None, None, node))  # fmt: skip
        return any(next(iter(self._engine.quads_for_pattern(*each)), None) is not None for each in patterns)

    def about(self, iri: str) -> Mapping[str, tuple[Said, ...]]:
        """What is said of a thing, by the local name of the relation; relations of others by their IRIs."""
        if not iri:
            return {}
        if iri not in self._things:
            self._things[iri] = self._read(iri)
        return self._things[iri]

    def _read(self, iri: str) -> dict[str, tuple[Said, ...]]:
        found: dict[str, dict[str, Said]] = {}
        for quad in self._engine.quads_for_pattern(ox.NamedNode(iri), None, None, None):
            graph = getattr(quad.graph_name, "value", "")
            if graph in _ASIDE or isinstance(quad.object, ox.BlankNode | ox.Triple):
                continue
            name = "type" if quad.predicate.value == _TYPE else quad.predicate.value.removeprefix(LKG)
            said = Said(
                python_value(quad.object),
                iri=isinstance(quad.object, ox.NamedNode),
                inferred=graph == _INFERRED,
            )
            known = found.setdefault(name, {})
            if str(quad.object) not in known or known[str(quad.object)].inferred:
                known[str(quad.object)] = said
        return {name: tuple(found[name][key] for key in sorted(found[name])) for name in found}

    def all(self, iri: str, name: str) -> tuple[str, ...]:
        """The values of one relation as texts."""
        return tuple(str(said.value) for said in self.about(iri).get(name, ()))

    def first(self, iri: str, name: str) -> str:
        """The first value of one relation, or an empty text."""
        return next(iter(self.all(iri, name)), "")

    def subjects(self, name: str, iri: str) -> list[str]:
        """The things that have a thing as the value of a relation of ours, sorted; in a large graph some of them."""
        quads = self._engine.quads_for_pattern(None, ox.NamedNode(LKG + name), ox.NamedNode(iri), None)
        return sorted(self._some(quads))

    def having(self, name: str) -> list[str]:
        """The things that have any value of a relation of ours, sorted; in a large graph some of them."""
        return sorted(self._some(self._engine.quads_for_pattern(None, ox.NamedNode(LKG + name), None, None)))

    def _some(self, quads: Iterable[ox.Quad]) -> list[str]:
        """The subjects of statements, each once, as many as a page lists."""
        found: dict[str, None] = {}
        for quad in quads:
            if isinstance(quad.subject, ox.NamedNode):
                found[quad.subject.value] = None
            if len(found) == self.most:
                break
        return list(found)

    def members(self, kind: str) -> list[str]:
        """The things of a class, by label; in a large graph some of them."""

        def made() -> list[str]:
            quads = self._engine.quads_for_pattern(None, ox.NamedNode(_TYPE), ox.NamedNode(kind), None)
            return self.by_label(self._some(quads))

        return self.remember(("members", kind), made)

    def count(self, kind: str) -> int:
        """The number of things of a class."""
        quads = self._engine.quads_for_pattern(None, ox.NamedNode(_TYPE), ox.NamedNode(kind), None)
        return self.remember(("count", kind), lambda: len({quad.subject for quad in quads}))

    def by_label(self, iris: Iterable[str]) -> list[str]:
        """IRIs in the order of their labels."""
        found = set(iris)
        self._learn(found)
        return sorted(found, key=lambda iri: (self.label(iri).casefold(), iri))

    def is_a(self, iri: str, kind: str) -> bool:
        """Whether a thing is stated or inferred to be of a class of ours."""
        return LKG + kind in self.all(iri, "type")

    # --- what is costly, once -----------------------------------------------------------------------

    def keep(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """A result by its key: made once, and kept while it is wanted often enough."""
        return self._kept.get(key, make)

    def describe(self, iri: str) -> Description:
        """What is known of a thing, readable."""
        return self.keep(("thing", iri), lambda: describe(self.store, self.names, iri, most=self.most))

    def remember(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """The same for what is small, and no more numerous than the nodes of the graph: kept for good."""
        if key not in self._small:
            self._small[key] = make()
        return self._small[key]  # type: ignore[return-value]  # a key belongs to one maker

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The saved questions, as they were when they were first wanted."""
        return self.graph.questions()

    def ask(self, name: str, parameters: Mapping[str, object]) -> Answer:
        """The answer to a saved question.

        Raises:
            LithioKGError: see :meth:`lithiokg.graph.KnowledgeGraph.ask`.
        """
        for each in ("timeout", "stated_only"):  # options of the call, which no address may set
            if each in parameters:
                raise UsageError(f"{name} has no parameter {each!r}", mend="leave it out")
        key = ("answer", name, tuple(sorted((each, str(value)) for each, value in parameters.items())))
        return self.keep(key, lambda: self.graph.ask(name, timeout=self.graph.patience, **parameters))  # type: ignore[arg-type]  # ours are no options

    @cached_property
    def terms(self) -> Terms:
        """Classes and properties with their axioms."""
        from lithiokg.reference import read_terms  # noqa: PLC0415  # reads the ontology

        return read_terms(self.graph.sources)

    def warm(self) -> None:
        """Read beforehand what the first visitor of a page would wait for."""
        _ = self.questions, self.terms, self.foreign, self.version, self.key
        self.names.closest("lithium")
        with self.explaining:
            _ = self.graph.explainer

    @cached_property
    def key(self) -> str:
        """What every answer of this server depends on: the snapshot and our own files."""
        snapshot = self.graph.snapshot
        content = [lithiokg.__version__, snapshot.key if snapshot else str(id(self.graph))]
        content += [f"{path.name} {path.stat().st_mtime_ns}" for path in _own_files()]
        return hashlib.sha256("\n".join(content).encode()).hexdigest()[:16]

    @cached_property
    def version(self) -> str:
        """The version of ontology and data."""
        return self.first(LKG, PREFIXES["owl"] + "versionInfo") or lithiokg.__version__


def _own_files() -> Iterator[Path]:
    """The files of this package that shape its answers."""
    return (path for path in sorted(Path(__file__).parent.rglob("*")) if path.is_file())


def _spelled(path: str) -> str:
    """The parts of a path as words."""
    return " ".join(part for part in path.replace("-", " ").replace("_", " ").split("/") if part)


def _foreign_words(iri: str) -> str:
    """What to call a term of somebody else's: what stands last in its IRI, and whose it is."""
    curie = compact(iri)
    if "://" not in curie:
        prefix, _, local = curie.partition(":")
        return local or f"the vocabulary {prefix}"
    host, _, path = iri.partition("://")[2].partition("/")
    last = path.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return f"{last} at {host}" if last else host


def site_of(request: Request) -> Site:
    """The site of the server that a request came to."""
    return site_in(request.app.state)


def site_in(state: State) -> Site:
    """The site of an application; made when it is first asked for."""
    if not hasattr(state, "site"):
        state.site = Site(state.graph)
    site: Site = state.site
    return site
