"""Explanations of a snapshot: why something holds, and why something does not."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.explanation.evidence import EvidenceReader
from lithiokg.explanation.model import Justification, StatedFact, Step, UsedAxiom, WhyNot
from lithiokg.explanation.module import Distinct, Module, read_module
from lithiokg.explanation.rulebook import REPORTED
from lithiokg.explanation.search import Proof, Search
from lithiokg.explanation.told import told_axioms
from lithiokg.explanation.words import Words, axiom_manchester
from lithiokg.reasoning import Closure, manchester
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.names import CLOSED, RDF_TYPE, is_private

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lithiokg.explanation.grounding import Atom
    from lithiokg.explanation.module import Origin
    from lithiokg.explanation.rulebook import Rulebook

__all__ = ["Explainer"]

#: Modules that are kept: the last few things that were asked about.
_REMEMBERED = 16


class Explainer:
    """Explains what follows in one snapshot. Nothing is ever written to it.

    Args:
        store: the snapshot.
        book: its rules and axioms.
        name: the label of an IRI.
    """

    def __init__(self, store: ox.Store, book: Rulebook, name: Callable[[str], str]) -> None:
        self.store = store
        self.book = book
        self.words = Words(name)
        self.evidence = EvidenceReader(store, name)
        self._modules: dict[str, Module] = {}
        self._facts: dict[Atom, StatedFact] = {}

    # --- what is asked ----------------------------------------------------------------------------

    def goals(self, thing: str, target: str) -> list[Atom]:
        """What is asked of a thing: that it belongs to a class, or has a thing as a value.

        A property that the graph has comes first, then those whose values are inferred.
        """
        subject = f"<{thing}>"
        if target in self.book.ontology.classes:
            return [(target, subject, "")]
        properties = self.book.ontology.object_properties
        held = {
            quad.predicate.value
            for quad in self.store.quads_for_pattern(ox.NamedNode(thing), None, ox.NamedNode(target), None)
            if quad.predicate.value in properties - REPORTED
        }
        derived = [iri for iri in self._derived if iri in held] or [
            iri for iri in self._derived if self._may_lead_to(iri, target)
        ]
        return [(iri, subject, f"<{target}>") for iri in derived or sorted(held)]

    @cached_property
    def _derived(self) -> list[str]:
        """Properties whose values follow from what a thing is."""
        return list(dict.fromkeys(iri for iri, _ in self.book.values))

    def _may_lead_to(self, iri: str, target: str) -> bool:
        if any(value == target for role, value in self.book.values if role == iri):
            return True
        kinds = {
            quad.object.value
            for quad in self.store.quads_for_pattern(ox.NamedNode(target), ox.NamedNode(RDF_TYPE), None, None)
            if isinstance(quad.object, ox.NamedNode)
        }
        return any(
            isinstance(axiom, ax.Range) and axiom.role.iri == iri and isinstance(axiom.range, ax.Named)
            and axiom.range.iri in kinds
            for axiom in self.book.axioms
        )  # fmt: skip

    def say(self, goal: Atom) -> str:
        """A goal as a sentence."""
        key, subject, value = goal
        if not value:
            return self.words.fact(subject[1:-1], RDF_TYPE, key)
        return self.words.fact(subject[1:-1], key, value[1:-1])

    def module(self, thing: str) -> Module:
        """The facts that decide what a thing is."""
        if thing not in self._modules:
            while len(self._modules) >= _REMEMBERED:
                self._modules.pop(next(iter(self._modules)))
            self._modules[thing] = read_module(self.store, thing, self.book)
        return self._modules[thing]

    def forget(self) -> None:
        """Let go of the modules read so far."""
        self._modules.clear()

    # --- why --------------------------------------------------------------------------------------

    def explain(self, thing: str, target: str, *, limit: int = 10) -> list[Justification]:
        """The minimal justifications of what is asked, the shortest first; none where it does not hold.

        Args:
            thing: IRI of a design, component, substance or any other thing.
            target: IRI of a class, or of a strategy, mechanism, interface type or other value.
            limit: at most so many.
        """
        for goal in self.goals(thing, target):
            for search in self._searches(thing, goal):
                proofs = search.proofs(goal, limit)
                if proofs:
                    return [self._justification(goal, search, proof) for proof in proofs]
        return []

    def _searches(self, thing: str, goal: Atom) -> Iterator[Search]:
        """Where to look, the cheap and exact first."""
        module = self.module(thing)
        yield Search(self.book, module, goal[0])
        yield Search(self.book, module, goal[0], loose=True)
        key, subject, value = goal
        held = ox.NamedNode(key if value else RDF_TYPE), ox.NamedNode(value[1:-1] if value else key)
        if any(self.store.quads_for_pattern(ox.NamedNode(subject[1:-1]), *held, None)):
            # It holds by what others say of the thing: by an observation or a row of a table, say.
            yield Search(self.book, read_module(self.store, thing, self.book, wide=True), key, loose=True)

    def why_not(self, thing: str, target: str) -> WhyNot:
        """The definition that comes closest to what is asked, condition by condition."""
        from lithiokg.explanation.conditions import nearest  # noqa: PLC0415  # it needs this class

        return nearest(self, thing, target)

    def _justification(self, goal: Atom, search: Search, proof: Proof) -> Justification:
        told: tuple[int, ...] | None = None
        if proof.loose:
            told = told_axioms(self.book, [search.origins[atom] for atom in proof.facts], goal)
        axioms = [self.axiom(number) for number in (proof.axioms if told is None else told)]
        if told is None:
            axioms += [self._classified(number) for number in proof.loose]
        key, subject, value = goal
        return Justification(
            self.say(goal),
            subject[1:-1],
            key if value else RDF_TYPE,
            value[1:-1] if value else key,
            tuple(self.stated(atom, search.origins[atom]) for atom in proof.facts),
            tuple(axioms),
            _Steps(self, search, proof).write(goal),
            proof.verified,
        )

    def axiom(self, number: int) -> UsedAxiom:
        """An axiom by its number."""
        axiom = self.book.axioms[number]
        place = f"{axiom.place.file}:{axiom.place.line}" if axiom.place else ""
        return UsedAxiom(self.words.axiom(axiom), axiom_manchester(axiom), place=place, index=number)

    def _classified(self, number: int) -> UsedAxiom:
        """A rule of last resort, in words."""
        rule = self.book.rules[number]
        names = self.book.told.names

        def expression(key: str) -> ax.Expression:
            return names.get(key, ax.Named(key))

        premises = [expression(part[0]) for part in rule.body if part[1] == "?x" and not part[2]]
        known = [each for each in premises if not (isinstance(each, ax.Named) and is_private(each.iri))]
        below = known[0] if len(known) == 1 else ax.And(tuple(known))
        above = expression(rule.head[0])
        if not known or (isinstance(above, ax.Named) and is_private(above.iri)):
            return UsedAxiom("what is left when everything else on a list is excluded", "", classified=True)
        text = f"whatever {self.words.verbs(below)} {self.words.verbs(above)}"
        return UsedAxiom(text, f"{manchester(below)} SubClassOf: {manchester(above)}", classified=True)

    # --- facts ------------------------------------------------------------------------------------

    def stated(self, atom: Atom, origin: Origin | None) -> StatedFact:
        """A stated fact with its evidence."""
        if atom not in self._facts:
            self._facts[atom] = self._stated(atom, origin)
        return self._facts[atom]

    def _stated(self, atom: Atom, origin: Origin | None) -> StatedFact:
        if isinstance(origin, Closure):
            evidence, place = self.evidence.of(origin.individual, origin.flag, "true")
            text = self.words.closure(origin.individual, origin.property, origin.values)
            return StatedFact(
                text, origin.individual, origin.flag, "true", origin.graph, evidence, place,
                listed=origin.values, reason=self.evidence.reason(origin.individual), closed=origin.property,
            )  # fmt: skip
        if isinstance(origin, Distinct):
            return StatedFact("the substances of the catalogue all differ", atom[1][1:-1], atom[0], "", "")
        assert isinstance(origin, ox.Quad)  # noqa: S101  # the only other origin
        subject, predicate, value = str(origin.subject)[1:-1], origin.predicate.value, origin.object
        assert not isinstance(value, ox.Triple)  # noqa: S101  # facts are about things
        literal = isinstance(value, ox.Literal)
        graph = origin.graph_name.value if isinstance(origin.graph_name, ox.NamedNode) else ""
        evidence, place = self.evidence.of(subject, predicate, value.value)
        text = self.words.fact(subject, predicate, value.value, literal=literal)
        return StatedFact(text, subject, predicate, value.value, graph, evidence, place)


class _Steps:
    """Writes a proof as numbered sentences."""

    def __init__(self, explainer: Explainer, search: Search, proof: Proof) -> None:
        self._explainer = explainer
        self._search = search
        self._by_head = {step[1]: step for step in proof.steps}
        self._numbers: dict[Atom, int] = {}
        self._steps: list[Step] = []

    def write(self, goal: Atom) -> tuple[Step, ...]:
        self._add(goal)
        return tuple(self._steps)

    def _add(self, atom: Atom) -> int:
        """The number of the step that says a fact or conclusion, written if it is not there yet."""
        if atom in self._numbers:
            return self._numbers[atom]
        step = self._by_head.get(atom)
        if step is None:
            fact = self._explainer.stated(atom, self._search.origins[atom])
            return self._append(atom, fact.text, fact=fact)
        premises = tuple(dict.fromkeys(self._add(premise) for premise in self._public(step[2])))
        return self._append(atom, self._explainer.say(atom), premises, axiom=self._axiom(step[0]))

    def _axiom(self, number: int) -> UsedAxiom | None:
        rule = self._search.book.rules[number]
        if rule.loose:
            return self._explainer._classified(number)  # noqa: SLF001  # the two belong together
        return self._explainer.axiom(rule.axiom) if rule.axiom >= 0 else None

    def _public(self, atoms: Iterable[Atom]) -> list[Atom]:
        """Facts and conclusions with names, looking through the names of expressions."""
        found: dict[Atom, None] = {}
        for atom in atoms:
            if not is_private(atom[0]) or atom[0].startswith(CLOSED) or self._is_distinct(atom):
                found[atom] = None
            elif atom in self._by_head:
                found.update(dict.fromkeys(self._public(self._by_head[atom][2])))
        return list(found)

    def _is_distinct(self, atom: Atom) -> bool:
        return isinstance(self._search.origins.get(atom), Distinct)

    def _append(
        self,
        atom: Atom,
        text: str,
        premises: tuple[int, ...] = (),
        *,
        fact: StatedFact | None = None,
        axiom: UsedAxiom | None = None,
    ) -> int:
        number = len(self._steps) + 1
        self._numbers[atom] = number
        self._steps.append(Step(number, text, premises, fact, axiom))
        return number
