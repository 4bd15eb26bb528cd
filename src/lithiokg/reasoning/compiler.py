"""Compile OWL axioms to rules; list what has no rule."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, permutations
from typing import TYPE_CHECKING

from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning.bodies import Bodies
from lithiokg.reasoning.datatypes import range_filter
from lithiokg.reasoning.hierarchy import Hierarchy
from lithiokg.reasoning.names import CLOSED, LISTED, RDF_TYPE, is_private, local_name
from lithiokg.reasoning.normal import complement, is_positive, normal
from lithiokg.reasoning.premises import Premises, role_atom
from lithiokg.reasoning.properties import check_closable, role_supers
from lithiokg.reasoning.pruning import live_rules
from lithiokg.reasoning.rules import Atom, Rule, RuleSet, Uncompiled, iri_term
from lithiokg.reasoning.schedule import scheduled
from lithiokg.reasoning.writing import manchester

if TYPE_CHECKING:
    from lithiokg.reasoning.reading import Ontology

__all__ = ["compile_rules", "expression_names"]


def expression_names(ontology: Ontology) -> dict[ax.Expression, str]:
    """The auxiliary classes that HermiT shall classify: expressions of premises without complements."""
    compiler = _Compiler(ontology, None)
    compiler.run()
    positive = ((part, name) for name, part in compiler.bodies.names.items() if is_positive(part))
    return dict(sorted(positive, key=lambda item: item[1]))


def compile_rules(ontology: Ontology, hierarchy: Hierarchy | None = None) -> RuleSet:
    """Compile an ontology.

    Args:
        ontology: what :func:`~lithiokg.reasoning.reading.read_ontology` returns.
        hierarchy: the classified hierarchy; without it only what is told becomes rules.

    Raises:
        LithioKGError: if a completeness flag closes a property that can be derived.
    """
    check_closable(ontology)
    compiler = _Compiler(ontology, hierarchy)
    compiler.run()
    return compiler.result()


class _Compiler:
    def __init__(self, ontology: Ontology, hierarchy: Hierarchy | None) -> None:
        self.ontology = ontology
        self.hierarchy = hierarchy
        closable = frozenset(ontology.closes.values())
        self.bodies = Bodies(hierarchy, closable, role_supers(ontology.axioms))
        self.rules: dict[Rule, None] = {}
        self.clashes: dict[Rule, None] = {}
        self.exclusive: list[tuple[tuple[str, ...], ax.Axiom]] = []
        self.uncompiled: list[Uncompiled] = []
        self.taken: Counter[str] = Counter()
        self.axiom: ax.Axiom | None = None

    def run(self) -> None:
        for axiom in self.ontology.axioms:
            self.axiom = axiom
            self._axiom(axiom)
        self.axiom = None
        self._surplus()
        self.bodies.settle()

    def result(self) -> RuleSet:
        hierarchy = self.hierarchy or Hierarchy({})
        self._entailed(hierarchy, self.ontology.classes | self._asked())
        every = [*self.rules, *self.bodies.rules]
        groups, rules, clashes = live_rules(every, list(self.clashes), self.exclusive)
        ordered, strata = scheduled(rules)
        return RuleSet(
            ontology=self.ontology,
            hierarchy=hierarchy,
            rules=ordered,
            strata=strata,
            clashes=tuple(clashes),
            exclusive=tuple(groups),
            uncompiled=tuple(dict.fromkeys(self.uncompiled)),
            names=self.bodies.names,
        )

    def _asked(self) -> set[str]:
        """The auxiliary classes that premises refer to, directly or through other auxiliary classes."""
        defining: dict[str, set[str]] = {}
        for rule in self.bodies.rules:
            assert rule.head is not None  # noqa: S101  # definitions always conclude something
            defining.setdefault(rule.head.key, set()).update(rule.reads)
        todo = [key for rule in (*self.rules, *self.clashes) for key in rule.reads]
        todo += [iri for group, _ in self.exclusive for iri in group]
        asked: set[str] = set()
        while todo:
            key = todo.pop()
            if is_private(key) and key not in asked:
                asked.add(key)
                todo.extend(defining.get(key, ()))
        return asked

    # Rules as they are found

    def _id(self) -> str:
        subject, kind = _signature(self.axiom)
        self.taken[f"{subject}/{kind}"] += 1
        return f"{subject}/{kind}/{self.taken[f'{subject}/{kind}']}"

    def _rule(self, head: Atom, premises: Premises) -> None:
        body = tuple(dict.fromkeys(premises.atoms))
        if not body:
            self._skip(ax.THING, "holds of everything; individuals are not enumerated")
        elif head not in body:
            rule = Rule(self._id(), head, body, tuple(premises.filters), axiom=self.axiom)
            self.rules.setdefault(rule)

    def _clash(self, premises: Premises, reason: str = "", filters: tuple[str, ...] = ()) -> None:
        body = tuple(dict.fromkeys(premises.atoms))
        if body:
            rule = Rule(
                self._id(), None, body, (*premises.filters, *filters), axiom=self.axiom, reason=reason
            )
            self.clashes.setdefault(rule)

    def _skip(self, part: ax.Expression, reason: str) -> None:
        assert self.axiom is not None  # noqa: S101  # only called while an axiom is compiled
        self.uncompiled.append(Uncompiled(self.axiom, manchester(part), reason))

    # Axioms

    def _axiom(self, axiom: ax.Axiom) -> None:
        match axiom:
            case ax.SubClassOf(sub, sup):
                self._implies(sub, sup)
            case ax.EquivalentClasses(first, second):
                self._implies(first, second)
                self._implies(second, first)
            case ax.DisjointClasses(classes):
                self._exclusive(classes)
            case ax.DisjointUnion(whole, parts):
                self._implies(ax.Or(parts), whole)
                self._implies(whole, ax.Or(parts))
                self._exclusive(parts)
            case ax.Domain(role, domain):
                premises = Premises()
                premises.atoms.append(role_atom(role, "?x", "?y"))
                self._conclude(premises, normal(domain), "?x")
            case ax.Range(role, values):
                premises = Premises()
                premises.atoms.append(role_atom(role, "?x", "?y"))
                if isinstance(values, ax.Datatype | ax.DataOneOf):
                    self._data_clash(premises, "?y", values)
                else:
                    self._conclude(premises, normal(values), "?y")
            case _:
                self._property_axiom(axiom)

    def _implies(self, sub: ax.Expression, sup: ax.Expression) -> None:
        body = normal(sub)
        # A union of premises is one rule for each: a UNION inside a rule joins quadratically.
        for part in body.parts if isinstance(body, ax.Or) else (body,):
            heads = normal(sup)
            for head in heads.parts if isinstance(heads, ax.And) else (heads,):
                premises = Premises(head.iri if isinstance(head, ax.Named) else None)
                self.bodies.add(premises, part, "?x")
                self._conclude(premises, head, "?x")

    def _conclude(  # noqa: C901, PLR0912  # one case a construct
        self, premises: Premises, head: ax.Expression, subject: str
    ) -> None:
        """Compile "whatever satisfies the premises is a ``head``" (in negation normal form)."""
        match head:
            case ax.Named():
                self._conclude_named(premises, head, subject)
            case ax.And(parts):
                for part in parts:
                    self._conclude(premises.copy(), part, subject)
            case ax.HasValue(role, value):
                term = iri_term(value) if isinstance(value, str) else str(value)
                self._rule(role_atom(role, subject, term), premises)
            case ax.HasSelf(role):
                self._rule(role_atom(role, subject, subject), premises)
            case ax.Only(role, filler):
                if premises.atoms:
                    self.bodies.restrict(premises, subject, role, filler)
                value = premises.fresh()
                premises.atoms.append(role_atom(role, subject, value))
                self._conclude(premises, filler, value)
            case ax.DataOnly(role, values):
                value = premises.fresh()
                premises.atoms.append(role_atom(role, subject, value))
                self._data_clash(premises, value, values)
            case ax.Not(part):
                if premises.atoms:
                    self.bodies.exclude(premises, subject, part)
                self.bodies.add(premises, part, subject)
                self._clash(premises)
            case ax.Or(parts):
                self._conclude_union(premises, parts, subject)
            case ax.AtMost(number, role, filler):
                self.bodies.add_distinct(premises, number + 1, role, filler, subject)
                self._clash(premises)
                self._skip(head, "more values than that are refused where they are declared to differ")
            case _:
                self._refuse(premises, head, subject)

    def _conclude_named(self, premises: Premises, head: ax.Named, subject: str) -> None:
        if head == ax.NOTHING:
            self._clash(premises)
        elif head != ax.THING:
            self._rule(Atom.member(subject, head.iri), premises)

    def _conclude_union(self, premises: Premises, parts: tuple[ax.Expression, ...], subject: str) -> None:
        """One part follows where all others are excluded; a complement is excluded by its opposite."""
        if sum(not isinstance(part, ax.Not) for part in parts) > 1:
            self._skip(ax.Or(parts), "a choice: known as far as the other parts are excluded")
        for part in parts:
            if isinstance(part, ax.Not) and len(parts) > 1:
                continue
            own = premises.copy(part.iri if isinstance(part, ax.Named) else None)
            for other in parts:
                if other != part:
                    self.bodies.add(own, complement(other), subject)
            self._conclude(own, part, subject)
        if all(isinstance(part, ax.Not) for part in parts):
            for part in parts:
                self.bodies.add(premises, complement(part), subject)
            self._clash(premises)

    def _refuse(self, premises: Premises, head: ax.Expression, subject: str) -> None:
        """No rule can make the value that ``head`` promises; facts that exclude it are a clash."""
        self._skip(head, "promises a value without naming it")
        if isinstance(head, ax.Some):
            last = premises.copy()
            value = self.bodies.add_last(last, head.role, head.filler, subject)
            if value is not None and head.filler != ax.THING:
                self._conclude(last, head.filler, value)
        if isinstance(head, ax.DataSome) and self._is_functional(head.role):
            # The one value there can be is the promised one, so it must be in the range.
            stated = premises.copy()
            value = stated.fresh()
            stated.atoms.append(role_atom(head.role, subject, value))
            self._data_clash(stated, value, head.range)
        opposite = complement(head)
        self.bodies.add(premises, opposite, subject)
        self._clash(premises, reason=f"{manchester(head)} is impossible here")

    def _is_functional(self, role: ax.Role) -> bool:
        return ax.RoleCharacteristic("Functional", role) in self.ontology.axioms

    def _data_clash(self, premises: Premises, variable: str, values: ax.DataRange) -> None:
        condition = range_filter(variable, values)
        if condition is not None:
            self._clash(premises, filters=(f"!({condition})",))

    def _exclusive(self, classes: tuple[ax.Expression, ...]) -> None:
        assert self.axiom is not None  # noqa: S101  # only called while an axiom is compiled
        parts = [normal(item) for item in classes]
        self.exclusive.append((tuple(self.bodies.class_of(part) for part in parts), self.axiom))
        for part, other in permutations(parts, 2):
            premises = Premises()
            self.bodies.add(premises, part, "?x")
            self.bodies.exclude(premises, "?x", other)

    # Properties

    def _property_axiom(self, axiom: ax.Axiom) -> None:
        match axiom:
            case ax.SubRole(sub, sup):
                self._role_rule((sub,), sup)
            case ax.RoleChain(chain, sup):
                self._role_rule(chain, sup)
            case ax.EquivalentRoles(first, second):
                self._role_rule((first,), second)
                self._role_rule((second,), first)
            case ax.InverseRoles(first, second):
                self._role_rule((first,), second.inverted())
                self._role_rule((second,), first.inverted())
            case ax.DisjointRoles(roles):
                for first, second in combinations(roles, 2):
                    premises = Premises()
                    premises.atoms += [role_atom(first, "?x", "?y"), role_atom(second, "?x", "?y")]
                    self._clash(premises)
            case ax.RoleCharacteristic(kind, role):
                self._characteristic(kind, role)

    def _role_rule(self, chain: tuple[ax.Role, ...], sup: ax.Role) -> None:
        steps = ["?x", *(f"?y{number}" for number in range(1, len(chain))), "?z"]
        premises = Premises()
        premises.atoms += [
            role_atom(role, steps[position], steps[position + 1]) for position, role in enumerate(chain)
        ]
        self._rule(role_atom(sup, "?x", "?z"), premises)

    def _characteristic(self, kind: str, role: ax.Role) -> None:
        premises = Premises()
        match kind:
            case "Symmetric":
                self._role_rule((role,), role.inverted())
            case "Transitive":
                self._role_rule((role, role), role)
            case "Asymmetric":
                premises.atoms += [role_atom(role, "?x", "?y"), role_atom(role, "?y", "?x")]
                self._clash(premises)
            case "Irreflexive":
                premises.atoms.append(role_atom(role, "?x", "?x"))
                self._clash(premises)
            case "Functional" if role.iri in self.ontology.data_properties:
                premises.atoms += [role_atom(role, "?x", "?y1"), role_atom(role, "?x", "?y2")]
                self._clash(premises, filters=("?y1 != ?y2", "STR(?y1) < STR(?y2)"))
            case "Functional":
                self.bodies.add_distinct(premises, 2, role, ax.THING, "?x")
                self._clash(premises)
            case "InverseFunctional":
                self.bodies.add_distinct(premises, 2, role.inverted(), ax.THING, "?x")
                self._clash(premises)
            case _:
                self._skip(ax.HasSelf(role), "holds of everything; individuals are not enumerated")

    def _surplus(self) -> None:
        """A value of a closed property that its closure does not list."""
        for flag, iri in self.ontology.closes.items():
            atoms = (
                Atom("?x", iri_term(CLOSED + iri), "?s"),
                Atom("?x", iri_term(iri), "?y"),
            )
            listed = f"NOT EXISTS {{ ?s {iri_term(LISTED)} ?y }}"
            rule = Rule(f"{local_name(flag)}/surplus", None, atoms, (listed,), reason=flag)
            self.clashes.setdefault(rule)

    def _entailed(self, hierarchy: Hierarchy, known: frozenset[str] | set[str]) -> None:
        """Subsumptions that the classification found and no axiom states in one step."""
        told = {(rule.body[0].key, rule.head.key) for rule in self.rules if _is_step(rule) and rule.head}
        for sub, sup in hierarchy.direct(known):
            if (sub, sup) not in told:
                head = Atom.member("?x", sup)
                name = f"{_short(sub)}/entailed/{_short(sup)}"
                self.rules.setdefault(Rule(name, head, (Atom.member("?x", sub),)))


def _is_step(rule: Rule) -> bool:
    head = rule.head
    return (
        len(rule.body) == 1
        and not rule.filters
        and head is not None
        and rule.body[0].predicate == head.predicate == iri_term(RDF_TYPE)
        and rule.body[0].subject == head.subject
    )


def _short(iri: str) -> str:
    return iri.rsplit(":", 1)[-1] if is_private(iri) else local_name(iri)


def _signature(  # noqa: C901, PLR0911  # one case a kind of axiom
    axiom: ax.Axiom | None,
) -> tuple[str, str]:
    """What an axiom is about, and of which kind it is, for the names of its rules."""
    match axiom:
        case ax.SubClassOf(sub, _):
            return _about(sub), "subclass"
        case ax.EquivalentClasses(first, _):
            return _about(first), "definition"
        case ax.DisjointClasses(classes):
            return _about(classes[0]) if classes else "nothing", "disjoint"
        case ax.DisjointUnion(whole, _):
            return _about(whole), "union"
        case ax.SubRole(sub, _):
            return local_name(sub.iri), "subproperty"
        case ax.RoleChain(_, sup):
            return local_name(sup.iri), "chain"
        case ax.EquivalentRoles(first, _):
            return local_name(first.iri), "same"
        case ax.InverseRoles(first, _):
            return local_name(first.iri), "inverse"
        case ax.RoleCharacteristic(kind, role):
            return local_name(role.iri), kind.lower()
        case ax.DisjointRoles(roles):
            return local_name(roles[0].iri), "disjoint"
        case ax.Domain(role, _):
            return local_name(role.iri), "domain"
        case ax.Range(role, _):
            return local_name(role.iri), "range"
    return "rule", "general"


def _about(expression: ax.Expression) -> str:
    return local_name(expression.iri) if isinstance(expression, ax.Named) else "general"
