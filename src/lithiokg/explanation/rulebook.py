"""The ontology as rules that each stand for one axiom, ready for proof search.

The rules of a build use the classified hierarchy, so a rule may stand for several axioms at once. For an
explanation the ontology is compiled again *without* the hierarchy: then each rule comes from one axiom,
or says what an expression means and needs none. What only the classified hierarchy knows is added as
rules of last resort.
"""

from __future__ import annotations

import hashlib
import pickle  # our own cache beside the snapshot, as with compiled Python files
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place
from lithiokg.files import read_kept, write_kept
from lithiokg.reasoning import Hierarchy, Rule, RuleSet, compile_rules, ontology_from
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import CLOSED, DIFFERS, LISTED, RDF_TYPE, RDFS, is_private
from lithiokg.vocabulary import GRAPH, LKG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lithiokg.reasoning import Ontology
    from lithiokg.store import EmbeddedStore

__all__ = [
    "REPORTED",
    "GroundRule",
    "Pattern",
    "Rulebook",
    "load_rulebook",
    "read_for_rulebook",
    "rulebook_of",
]

_ONTOLOGY, _INFERRED = ox.NamedNode(GRAPH + "ontology"), ox.NamedNode(GRAPH + "inferred")
_SUBCLASS, _CURATED_AT = ox.NamedNode(RDFS + "subClassOf"), ox.NamedNode(LKG + "curatedAt")
#: What a source *says* about the grouping of a thing. It is compared with what follows and must never be
#: a reason for it.
REPORTED = frozenset(
    LKG + name
    for name in ("isGroupedUnder", "isCreditedWith", "isReportedAsType", "isReportedToConduct", "hasClaim")
)
#: A class or property, then subject and value (empty for a class): IRIs, literals or variables.
Pattern = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class GroundRule:
    """One rule, taken apart for matching.

    Attributes:
        head: what follows.
        body: the premises.
        filters: SPARQL conditions over the variables.
        every: for rules about lists of values: a class for each group of alternatives (see
            :attr:`lithiokg.reasoning.Rule.every_listed`); None where there can be no such value.
        axiom: number of the axiom that it stands for, or -1 where it needs none.
        loose: it rests on axioms, but which is not recorded (found by classification or by elimination).
        id: readable.
    """

    head: Pattern
    body: tuple[Pattern, ...]
    filters: tuple[str, ...] = ()
    every: tuple[str | None, ...] | None = None
    axiom: int = -1
    loose: bool = False
    id: str = ""


@dataclass(frozen=True)
class Rulebook:
    """The rules and axioms of one snapshot.

    Attributes:
        told: the ontology compiled without its classified hierarchy.
        axioms: the axioms, by number.
        rules: one axiom each, or none; then those of last resort.
        hierarchy: the entailed hierarchy of the named classes.
        facts: what the ontology states of its own individuals, such as the tree of strategies.
    """

    told: RuleSet
    axioms: tuple[ax.Axiom, ...]
    rules: tuple[GroundRule, ...]
    hierarchy: Hierarchy
    facts: tuple[ox.Quad, ...] = field(repr=False)

    @property
    def ontology(self) -> Ontology:
        """The ontology, without its triples."""
        return self.told.ontology

    @cached_property
    def counts(self) -> bool:
        """Whether any rule asks whether things differ."""
        return any(part[0] == DIFFERS for rule in self.rules for part in rule.body)

    @cached_property
    def both_ways(self) -> frozenset[str]:
        """Properties that are symmetric or have an inverse."""
        found: set[str] = set()
        for axiom in self.axioms:
            match axiom:
                case ax.RoleCharacteristic("Symmetric", role):
                    found.add(role.iri)
                case ax.InverseRoles(first, second):
                    found |= {first.iri, second.iri}
        return frozenset(found)

    @cached_property
    def by_head(self) -> dict[str, list[int]]:
        """Numbers of the rules that conclude a class or property."""
        heads: defaultdict[str, list[int]] = defaultdict(list)
        for number, rule in enumerate(self.rules):
            heads[rule.head[0]].append(number)
        return dict(heads)

    def relevant(self, key: str, *, loose: bool) -> tuple[list[int], frozenset[str]]:
        """The rules that can take part in a conclusion about ``key``, and all they read."""
        known = self._relevant.get((key, loose))
        if known is not None:
            return known
        wanted, todo, found = {key}, [key], list[int]()
        while todo:
            for number in self.by_head.get(todo.pop(), ()):
                rule = self.rules[number]
                if rule.loose and not loose:
                    continue
                found.append(number)
                reads = [part[0] for part in rule.body]
                if rule.every is not None:
                    reads += [LISTED, *(iri for iri in rule.every if iri is not None)]
                fresh = [iri for iri in dict.fromkeys(reads) if iri not in wanted]
                wanted.update(fresh)
                todo += fresh
        self._relevant[key, loose] = sorted(found), frozenset(wanted)
        return self._relevant[key, loose]

    @cached_property
    def _relevant(self) -> dict[tuple[str, bool], tuple[list[int], frozenset[str]]]:
        return {}

    @cached_property
    def definitions(self) -> dict[str, list[tuple[ax.Expression, int]]]:
        """For each defined class its definitions, with the numbers of their axioms."""
        found: defaultdict[str, list[tuple[ax.Expression, int]]] = defaultdict(list)
        for number, axiom in enumerate(self.axioms):
            if isinstance(axiom, ax.EquivalentClasses):
                for one, other in ((axiom.first, axiom.second), (axiom.second, axiom.first)):
                    if isinstance(one, ax.Named):
                        found[one.iri].append((other, number))
        return dict(found)

    @cached_property
    def values(self) -> dict[tuple[str, str], list[tuple[str, int]]]:
        """Classes whose members have a fixed value of a property: (property, value) -> class, axiom."""
        found: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for number, axiom in enumerate(self.axioms):
            match axiom:
                case ax.SubClassOf(ax.Named(sub), ax.HasValue(role, str() as value)) if not role.inverse:
                    found[role.iri, value].append((sub, number))
        return dict(found)

    @cached_property
    def exclusive(self) -> dict[str, list[tuple[str, int]]]:
        """For each class those that are declared to share no member with it, with the axiom."""
        found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, axiom in enumerate(self.axioms):
            match axiom:
                case ax.DisjointClasses(parts) | ax.DisjointUnion(_, parts):
                    names = [part.iri for part in parts if isinstance(part, ax.Named)]
                    for one in names:
                        found[one] += [(other, number) for other in names if other != one]
        return dict(found)

    @cached_property
    def disjoint_roles(self) -> dict[str, list[tuple[str, int]]]:
        """For each property those that share no pair with it, with the axiom."""
        found: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for number, axiom in enumerate(self.axioms):
            if isinstance(axiom, ax.DisjointRoles):
                names = [role.iri for role in axiom.roles if not role.inverse]
                for one in names:
                    found[one] += [(other, number) for other in names if other != one]
        return dict(found)


def read_for_rulebook(store: EmbeddedStore) -> Iterator[ox.Quad]:
    """What a rulebook is compiled from: the ontology, the entailed subclasses, and where terms are declared.

    Nothing of it grows with the data.
    """
    own = list(store.quads(_ONTOLOGY.value))
    yield from own
    yield from store.oxigraph.quads_for_pattern(None, _SUBCLASS, None, _INFERRED)
    for term in dict.fromkeys(quad.subject for quad in own):
        yield from store.oxigraph.quads_for_pattern(term, _CURATED_AT, None, None)


def rulebook_of(quads: Iterable[ox.Quad]) -> Rulebook:
    """Compile the rulebook of a snapshot.

    Args:
        quads: at least what :func:`read_for_rulebook` reads.
    """
    own: list[ox.Triple] = []
    subclasses: list[tuple[str, str]] = []
    declared: dict[str, str] = {}
    for quad in quads:
        if quad.predicate.value == LKG + "curatedAt" and isinstance(quad.object, ox.Literal):
            declared[str(quad.subject)] = quad.object.value
        graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if graph == GRAPH + "ontology":
            own.append(quad.triple)
        sub, sup = quad.subject, quad.object
        named = isinstance(sub, ox.NamedNode) and isinstance(sup, ox.NamedNode)
        if quad.predicate.value == RDFS + "subClassOf" and named:
            subclasses.append((str(sub)[1:-1], str(sup)[1:-1]))
    ontology = ontology_from(own, _places(own, declared))
    facts = tuple(_own_facts(ontology))
    told = compile_rules(ontology)
    _ = told.vocabulary  # found once, and cached with the rest
    # The triples are only needed to compile, and are the bulk of what would be cached.
    told = replace(told, ontology=replace(ontology, triples=(), places={}))
    hierarchy = Hierarchy.closed(subclasses)
    rules = (*_ground(told), *_last_resort(hierarchy, told))
    return Rulebook(told, ontology.axioms, rules, hierarchy, facts)


def _places(own: Iterable[ox.Triple], declared: Mapping[str, str]) -> dict[str, Place]:
    """Where the term of each axiom is declared, so that an axiom can name its file and line."""
    places: dict[str, Place] = {}
    for triple in own:
        file, line, column = declared.get(str(triple.subject), "::").rsplit(":", 2)
        if line:
            places[str(triple)] = Place(file, int(line), int(column))
    return places


def _own_facts(ontology: Ontology) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(GRAPH + "ontology")
    for triple in ontology.triples:
        value = triple.object
        if not isinstance(triple.subject, ox.NamedNode) or not isinstance(value, ox.NamedNode):
            continue
        predicate = triple.predicate.value
        if predicate in ontology.object_properties or (
            predicate == RDF_TYPE and value.value in ontology.classes
        ):
            yield ox.Quad(triple.subject, triple.predicate, value, graph)


def _ground(told: RuleSet) -> Iterator[GroundRule]:
    number = {axiom: n for n, axiom in enumerate(told.ontology.axioms)}
    seen: set[str] = set()
    fillers = dict(_listed_fillers(told))
    for rule in told.rules:
        every: tuple[str | None, ...] | None = None
        if rule.every_listed:
            groups = [_alternatives(group, seen) for group in rule.every_listed]
            for _, more in groups:
                yield from more
            every = tuple(iri for iri, _ in groups)
        assert rule.head is not None  # noqa: S101  # deriving rules have heads
        yield GroundRule(
            _pattern(rule.head.subject, rule.head.predicate, rule.head.object),
            tuple(_pattern(atom.subject, atom.predicate, atom.object) for atom in rule.body),
            rule.filters,
            every,
            number[rule.axiom] if rule.axiom is not None else -1,
            loose=_is_loose(rule, told, fillers),
            id=rule.id,
        )


def _pattern(subject: str, predicate: str, value: str) -> Pattern:
    if predicate == f"<{RDF_TYPE}>":
        return value[1:-1], subject, ""
    return predicate[1:-1], subject, value


def _alternatives(group: tuple[str, ...], seen: set[str]) -> tuple[str | None, list[GroundRule]]:
    """One class for a group of alternatives, with the rules that fill it."""
    if len(group) <= 1:
        return (group[0] if group else None), []
    name = "urn:lithiokg:any:" + "|".join(group)
    if name in seen:
        return name, []
    seen.add(name)
    return name, [GroundRule((name, "?x", ""), ((iri, "?x", ""),), id="any") for iri in group]


def _listed_fillers(told: RuleSet) -> Iterator[tuple[str, ax.Expression]]:
    """What the members of a list are asked to be, by the class of such lists."""
    for rule in told.rules:
        assert rule.head is not None  # noqa: S101  # deriving rules have heads
        expression = told.names.get(rule.head.key)
        if isinstance(expression, ax.Only):
            for atom in rule.body:
                if atom.key.startswith("urn:lithiokg:every:"):
                    yield atom.key, expression.filler


def _is_loose(rule: Rule, told: RuleSet, fillers: dict[str, ax.Expression]) -> bool:
    """Whether a rule without an axiom still rests on some: on what excludes what."""
    if rule.axiom is not None or rule.head is None:
        return False
    if rule.every_listed:
        filler = fillers.get(rule.head.key)
        parts = filler.parts if isinstance(filler, ax.Or) else (filler,)
        return any(part is None or isinstance(part, ax.Not) for part in parts)
    expression = told.names.get(rule.head.key)
    if isinstance(expression, ax.Only):
        return not any(atom.key.startswith(CLOSED) for atom in rule.body)
    return isinstance(expression, ax.Not) or not is_private(rule.head.key)


def _last_resort(hierarchy: Hierarchy, told: RuleSet) -> Iterator[GroundRule]:
    """What is entailed between named classes and not told in one step."""
    steps = {
        (rule.body[0].key, rule.head.key)
        for rule in told.rules
        if rule.head is not None and len(rule.body) == 1
    }
    for sub, sup in hierarchy.direct(told.ontology.classes):
        if (sub, sup) not in steps:
            yield GroundRule((sup, "?x", ""), ((sub, "?x", ""),), loose=True, id="classified")


def load_rulebook(quads: Iterable[ox.Quad], cached: Path | None) -> Rulebook:
    """The rulebook of a snapshot, from its cache file where there is one.

    Args:
        quads: see :func:`rulebook_of`; only read where nothing is cached.
        cached: the file; it is written where it is missing and can be written.
    """
    # The snapshot is named after the code of the rules, but not after that of this module.
    own = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:8]
    file = cached / f"explanations-{own}.pickle" if cached is not None else None
    kept = None if file is None else read_kept(file)
    if kept is not None:
        try:
            book = pickle.loads(kept)  # noqa: S301  # see the import
            if isinstance(book, Rulebook):
                return book
        except (EOFError, AttributeError, ImportError, TypeError, pickle.UnpicklingError):
            pass  # written by another version: it is made anew
    book = rulebook_of(quads)
    if file is not None:
        write_kept(file, pickle.dumps(book, protocol=pickle.HIGHEST_PROTOCOL))
    return book
