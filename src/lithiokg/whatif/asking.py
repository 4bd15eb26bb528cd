"""Ask what would follow from a design that nobody reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from lithiokg.errors import LithioKGError
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import load_rules, ontology_files, read_ontology, run_rules
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES
from lithiokg.whatif.flags import Proposal, record_of
from lithiokg.whatif.hypothesis import Hypothesis, own_statements, read_hypothesis, treatments_of
from lithiokg.whatif.model import Expected, Member, Relative, WhatIf
from lithiokg.whatif.relatives import features, most_specific, nearest_relatives

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from lithiokg.explanation import Explainer, Justification, WhyNot
    from lithiokg.names import NameIndex
    from lithiokg.reasoning import Derivation, RuleSet
    from lithiokg.sources import Sources
    from lithiokg.store import Store

__all__ = ["what_if"]

_TYPE = PREFIXES["rdf"] + "type"
_HAS_EXPECTATION = LKG + "hasExpectation"
_HELD = tuple(
    LKG + name
    for name in ("hasConstituent", "formedFrom", "hasDopant", "hasAdditive", "hasSolute", "hasFiller")
)
_STRATEGY, _MECHANISM, _INTERFACE = (
    LKG + name for name in ("followsStrategy", "actsThrough", "hasInterfaceType")
)
#: Relation of the design -> the relation by which its values form a tree.
_TREES = {
    _STRATEGY: LKG + "isPartOfStrategy",
    _MECHANISM: LKG + "isKindOfMechanism",
    _INTERFACE: None,
}
#: Relation of an expectation -> the relation of the design that follows from it.
_EXPECTED = {
    LKG + "expectsOccurrenceOf": LKG + "isExpectedToShow",
    LKG + "expectsBlockingOf": LKG + "isExpectedToBlock",
    LKG + "expectsFailureToBlock": LKG + "isNotExpectedToBlock",
    LKG + "expectsRiskOf": LKG + "isAtRiskOf",
}
#: Asked why they do not follow, where the design has a solid electrolyte and no interface type.
_INTERFACES = (LKG + "InterfaceTypeII", LKG + "InterfaceTypeIII")


def what_if(
    proposal: Proposal | Path | dict[str, Any],
    *,
    store: Store,
    sources: Sources,
    names: NameIndex,
    relatives: int = 3,
    why: bool = True,
    cached: Path | None = None,
) -> WhatIf:
    """Check, classify and explain a proposed design, and find what it resembles. Nothing is written.

    Args:
        proposal: a few words, a YAML file in the format of the records, or such records as plain values.
        store: the snapshot.
        sources: the ontology and its shapes.
        names: labels of everything in the snapshot.
        relatives: how many of the nearest reported designs are wanted.
        why: whether each inferred class of the design is explained.
        cached: the snapshot's folder, where compiled rules are kept for explanations.

    Raises:
        ProposalError: if the proposal does not read or breaks a rule of the shapes.
        InconsistencyError: if it contradicts the ontology or what the graph states of its substances.
        UsageError: if a name is unknown, or the proposal does not hold one design.
        LithioKGError: if the store is behind an endpoint.
    """
    if not isinstance(store, EmbeddedStore):
        raise LithioKGError(
            "a what-if needs the snapshot itself, not an endpoint", mend="open the snapshot: lithiokg.open()"
        )
    ontology = read_ontology(ontology_files(sources.ontology), relative=sources.relative)
    rules = load_rules(sources.ontology, ontology)
    record = ""
    assumed: list[str] = []
    content: Path | dict[str, Any]
    if isinstance(proposal, Proposal):
        key, fields, assumed = record_of(proposal, names, treatments_of(rules))
        content = {"designs": {key: fields}}
        record = _yaml(content)
    else:
        content = proposal
    hypothesis = read_hypothesis(content, sources=sources, rules=rules, store=store.oxigraph, names=names)
    statements = own_statements(hypothesis, rules)
    run = run_rules(statements, rules, places=hypothesis.places.of)
    return _Answer(hypothesis, rules, run, names, store).write(
        record=record,
        assumed=assumed,
        relatives=relatives,
        explained=why,
        statements=statements,
        cached=cached,
    )


def _yaml(content: dict[str, Any]) -> str:
    import yaml  # noqa: PLC0415

    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=100)


class _Answer:
    def __init__(
        self,
        hypothesis: Hypothesis,
        rules: RuleSet,
        run: Derivation,
        names: NameIndex,
        store: EmbeddedStore,
    ) -> None:
        self.hypothesis = hypothesis
        self.rules = rules
        self.run = run
        self.names = names
        self.store = store
        self.types: dict[str, set[str]] = {}
        for thing, iri in run.memberships():
            if thing in hypothesis.own:
                self.types.setdefault(thing, set()).add(iri)
        self.stated = {
            (quad.subject.value, quad.object.value)
            for quad in hypothesis.quads
            if quad.predicate.value == _TYPE and isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.object, ox.NamedNode)
        }  # fmt: skip

    def write(
        self,
        *,
        record: str,
        assumed: list[str],
        relatives: int,
        explained: bool,
        statements: ox.Store,
        cached: Path | None,
    ) -> WhatIf:
        design, own = self.hypothesis.design, self.hypothesis.own
        classes = self._inferred([design])
        found = {relation: self._values(relation, broader) for relation, broader in _TREES.items()}
        solid = LKG + "SolidElectrolyteDesign" in self.types[design]
        why: list[Justification] = []
        unsettled: list[WhyNot] = []
        if explained:
            explainer = self._explainer(statements, cached)
            for member in classes:
                why += explainer.explain(design, member.iri, limit=1)
            if solid and not found[_INTERFACE]:
                unsettled = [explainer.why_not(design, iri) for iri in _INTERFACES]
        bodies = [iri for iri in self._bodies() if iri in own]
        return WhatIf(
            self.name(design),
            record,
            tuple(assumed),
            self.hypothesis.warnings,
            tuple(classes),
            tuple(self._inferred(bodies)),
            tuple(found[_STRATEGY]),
            tuple(found[_MECHANISM]),
            tuple(found[_INTERFACE]),
            tuple(self._expected(classes)),
            tuple(why),
            tuple(unsettled),
            tuple(self._relatives(bodies, relatives)),
            solid,
        )

    def name(self, iri: str) -> str:
        """The label of a thing of the proposal or of the graph."""
        return self.hypothesis.labels.get(iri) or self.names.label(iri)

    def _bodies(self) -> Iterator[str]:
        """The bodies of the design, sublayers included, in the order in which they are written."""
        parts = {LKG + "hasComponent", LKG + "hasSublayer"}
        for quad in self.hypothesis.quads:
            if quad.predicate.value in parts and isinstance(quad.object, ox.NamedNode):
                yield quad.object.value

    def _inferred(self, things: Iterable[str]) -> list[Member]:
        """The most specific classes of things that nobody stated."""
        found = []
        for thing in things:
            kept = most_specific(self.types.get(thing, ()), self.rules.hierarchy)
            new = sorted((iri for iri in kept if (thing, iri) not in self.stated), key=self.name)
            found += [Member(thing, self.name(thing), iri, self.name(iri)) for iri in new]
        return found

    def _objects(self, subject: str, predicate: str) -> set[str]:
        quads = self.run.working.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None)
        return {quad.object.value for quad in quads if isinstance(quad.object, ox.NamedNode)}

    def _values(self, relation: str, broader: str | None) -> list[Member]:
        """The values of a relation of the design, without those that are broader than another of them."""
        design = self.hypothesis.design
        values = self._objects(design, relation)
        if broader is not None:
            above: set[str] = set()
            todo = list(values)
            while todo:
                fresh = self._objects(todo.pop(), broader) - above
                above |= fresh
                todo += fresh
            values -= above
        return [
            Member(design, self.name(design), iri, self.name(iri)) for iri in sorted(values, key=self.name)
        ]

    def _expected(self, classes: list[Member]) -> Iterator[Expected]:
        bringing = self._bringing(classes)
        told = _Annotations(self.rules)
        design = self.hypothesis.design
        for iri in sorted(self._objects(design, _HAS_EXPECTATION), key=self.name):
            for relation, said in _EXPECTED.items():
                for phenomenon in sorted(self._objects(iri, relation)):
                    yield Expected(
                        iri,
                        self.name(said),
                        self.name(phenomenon),
                        phenomenon,
                        tuple(bringing.get(iri, ())),
                        told.first(iri, PREFIXES["skos"] + "definition"),
                        told.first(iri, PREFIXES["dcterms"] + "source"),
                        tuple(told.all(iri, LKG + "statedInSection")),
                    )

    def _bringing(self, classes: list[Member]) -> dict[str, list[str]]:
        """For each expectation the classes that hand it on, as the design has them."""
        held = self.types[self.hypothesis.design]
        found: dict[str, list[str]] = {}
        for axiom in self.rules.ontology.axioms:
            match axiom:
                case ax.SubClassOf(ax.Named(sub), ax.HasValue(ax.Role(role), str(value))):
                    if role == _HAS_EXPECTATION and sub in held:
                        found.setdefault(value, []).append(self.name(sub))
        return found

    def _relatives(self, bodies: list[str], limit: int) -> list[Relative]:
        things = {thing: self.types.get(thing, set()) for thing in (self.hypothesis.design, *bodies)}
        held = {
            quad.object.value
            for quad in self.hypothesis.quads
            if quad.predicate.value in _HELD and isinstance(quad.object, ox.NamedNode)
        }
        own = features(things, held, self.rules.hierarchy)
        known = self.rules.ontology.classes
        return nearest_relatives(
            own, self.store, self.rules.hierarchy, self.name, known=frozenset(known), limit=limit
        )

    def _explainer(self, statements: ox.Store, cached: Path | None) -> Explainer:
        """An explainer of the proposal; what stands behind facts of the graph is taken from there."""
        from lithiokg.explanation import Explainer  # noqa: PLC0415
        from lithiokg.explanation.rulebook import load_rulebook, read_for_rulebook  # noqa: PLC0415

        statements.bulk_extend(self.run.quads())
        statements.bulk_extend(_behind(self.store.oxigraph, self.hypothesis))
        quads = read_for_rulebook(self.store)
        return Explainer(statements, load_rulebook(quads, cached), self.name)


class _Annotations:
    """What the ontology says about its terms."""

    def __init__(self, rules: RuleSet) -> None:
        self._values: dict[tuple[str, str], list[str]] = {}
        for triple in rules.ontology.triples:
            if isinstance(triple.subject, ox.NamedNode) and isinstance(
                triple.object, ox.NamedNode | ox.Literal
            ):
                key = (triple.subject.value, triple.predicate.value)
                self._values.setdefault(key, []).append(triple.object.value)

    def all(self, iri: str, predicate: str) -> list[str]:
        return sorted(self._values.get((iri, predicate), []))

    def first(self, iri: str, predicate: str) -> str:
        return next(iter(self._values.get((iri, predicate), [])), "")


def _behind(store: ox.Store, hypothesis: Hypothesis) -> Iterator[ox.Quad]:
    """Claims, evidence and literature behind what the graph states of the proposal's substances."""
    todo = sorted({quad.subject.value for quad in hypothesis.given if isinstance(quad.subject, ox.NamedNode)})
    seen: set[str] = set()
    while todo:
        iri = todo.pop()
        if iri in seen:
            continue
        seen.add(iri)
        for quad in store.quads_for_pattern(ox.NamedNode(iri), None, None, None):
            if quad.graph_name == ox.NamedNode(GRAPH + "inferred"):
                continue
            yield quad
            value = quad.object
            if isinstance(value, ox.NamedNode) and value.value.startswith(ID) and not value.value.startswith(
                (ID + "design/", ID + "observation/")
            ):  # fmt: skip
                todo.append(value.value)
