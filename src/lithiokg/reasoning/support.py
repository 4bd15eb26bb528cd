"""From a conclusion back to the rules and statements that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.reasoning.names import CLOSED, LISTED, RDF_TYPE, is_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.reasoning.axioms import Axiom
    from lithiokg.reasoning.derivation import Derivation
    from lithiokg.reasoning.rules import Atom, Rule

__all__ = ["Grounds", "Support", "bound", "grounds", "stated_facts", "supports"]

Fact = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Support:
    """One application of a rule: what it concluded, and the triples that it used."""

    rule: Rule
    premises: tuple[ox.Triple, ...]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What one derivation rests on: statements, and the axioms by which it goes on from them.

    A subsumption that only the classification found has no axiom of its own.
    """

    facts: tuple[Fact, ...]
    axioms: tuple[Axiom, ...]


def _term(part: str, solution: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]) -> str:
    return str(solution[part]) if part.startswith("?") else part


def _triple(text: str) -> ox.Triple:
    quad: ox.Quad = next(iter(ox.parse(text, format=ox.RdfFormat.N_TRIPLES)))
    return quad.triple


def bound(
    atoms: tuple[Atom, ...], solution: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]
) -> tuple[ox.Triple, ...]:
    """The triples that atoms stand for under a solution."""
    return tuple(
        _triple(f"{_term(a.subject, solution)} {_term(a.predicate, solution)} {_term(a.object, solution)} .")
        for a in atoms
    )


def supports(derivation: Derivation, triple: ox.Triple, *, limit: int | None = None) -> Iterator[Support]:
    """Every way in which one step of a rule concludes a triple.

    Args:
        derivation: a finished run.
        triple: a membership or property value, public or private.
        limit: at most so many ways a rule.
    """
    typed = triple.predicate.value == RDF_TYPE and isinstance(triple.object, ox.NamedNode)
    key = triple.object.value if typed and isinstance(triple.object, ox.NamedNode) else triple.predicate.value
    for rule in derivation.rules.by_head(key):
        assert rule.head is not None  # noqa: S101  # deriving rules have heads
        fixed = _unify(rule.head, triple)
        if fixed is None:
            continue
        for solution in _solutions(derivation, rule, fixed, limit):
            yield Support(rule, (*bound(rule.body, solution), *_listed(derivation, rule, solution)))


def _unify(head: Atom, triple: ox.Triple) -> dict[str, ox.NamedNode | ox.BlankNode | ox.Literal] | None:
    fixed: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal] = {}
    for part, term in ((head.subject, triple.subject), (head.object, triple.object)):
        if isinstance(term, ox.Triple):
            return None
        if part.startswith("?"):
            if fixed.setdefault(part, term) != term:
                return None
        elif part != str(term):
            return None
    return fixed


def _solutions(
    derivation: Derivation,
    rule: Rule,
    fixed: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal],
    limit: int | None,
) -> Iterator[dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]]:
    if not rule.body:
        yield fixed
        return
    values = " ".join(f"VALUES {variable} {{ {term} }}" for variable, term in fixed.items())
    tail = f" LIMIT {limit}" if limit else ""
    found = derivation.working.query(f"SELECT * WHERE {{ {values}\n  {rule.pattern}\n}}{tail}")
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
    for row in found:
        solution: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal] = {}
        for variable in rule.variables:
            term = row[variable[1:]]
            if term is not None and not isinstance(term, ox.Triple):
                solution[variable] = term
        yield solution


def _listed(
    derivation: Derivation, rule: Rule, solution: dict[str, ox.NamedNode | ox.BlankNode | ox.Literal]
) -> Iterator[ox.Triple]:
    """The memberships of the listed values, where a rule speaks of all of them."""
    listing, kind = solution.get("?x"), ox.NamedNode(RDF_TYPE)
    if not rule.every_listed or listing is None or isinstance(listing, ox.Literal):
        return
    for quad in derivation.working.quads_for_pattern(listing, ox.NamedNode(LISTED), None):
        if isinstance(quad.object, ox.Literal) or quad.object == solution.get("?y"):
            continue
        for group in rule.every_listed:
            held = [ox.Triple(quad.object, kind, ox.NamedNode(iri)) for iri in group]
            known = [t for t in held if ox.Quad(t.subject, t.predicate, t.object) in derivation.working]
            # The one found first: what rests on later conclusions may rest on this very rule.
            yield min(known, key=lambda triple: derivation.rank.get(triple, -1))


def grounds(derivation: Derivation, triple: ox.Triple) -> Grounds:
    """The statements and axioms that one derivation of a triple rests on; a statement rests on itself.

    A closure counts as the flag that states it. The derivation followed is the one that was found
    first, so it never runs in a circle.
    """
    facts: dict[Fact, None] = {}
    axioms: dict[Axiom, None] = {}
    seen: set[ox.Triple] = set()
    todo = [triple]
    while todo:
        item = todo.pop()
        if item in seen:
            continue
        seen.add(item)
        number = derivation.rank.get(item)
        if number is not None:
            step = _first(derivation, item, number)
            todo.extend(reversed(step.premises))
            if step.rule.axiom is not None:
                axioms.setdefault(step.rule.axiom)
            continue
        fact = _public(derivation, item)
        if fact is not None:
            facts.setdefault(fact)
    return Grounds(tuple(facts), tuple(axioms))


def stated_facts(derivation: Derivation, triple: ox.Triple) -> list[Fact]:
    """The statements of :func:`grounds`."""
    return list(grounds(derivation, triple).facts)


def _first(derivation: Derivation, triple: ox.Triple, number: int) -> Support:
    wanted = derivation.batches[number][0]
    for support in supports(derivation, triple):
        ranks = (derivation.rank.get(premise, -1) for premise in support.premises)
        if support.rule == wanted and all(rank < number for rank in ranks):
            return support
    raise AssertionError(f"{wanted.id} concluded {triple} from nothing")


def _public(derivation: Derivation, triple: ox.Triple) -> Fact | None:
    if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
        return None
    predicate = triple.predicate.value
    if predicate.startswith(CLOSED):
        closed = predicate.removeprefix(CLOSED)
        for closure in derivation.closures:
            if closure.individual == triple.subject.value and closure.property == closed:
                return (closure.individual, closure.flag, "true")
    if is_private(predicate) or is_private(triple.subject.value) or is_private(triple.object.value):
        return None
    return (triple.subject.value, predicate, triple.object.value)
