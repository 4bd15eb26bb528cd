"""Find contradictions between statements and ontology, and say them in plain words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import InconsistencyError
from lithiokg.reasoning.names import CLOSED, RDF_TYPE, RDFS, is_private, local_name
from lithiokg.reasoning.rules import Clash, Rule
from lithiokg.reasoning.support import Fact, bound, grounds, stated_facts
from lithiokg.reasoning.writing import axiom_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lithiokg.errors import Place
    from lithiokg.reasoning.axioms import Axiom
    from lithiokg.reasoning.derivation import Derivation, PlaceLookup
    from lithiokg.reasoning.rules import RuleSet

__all__ = ["contradiction", "find_clashes", "in_order"]

#: Contradictions come in heaps; the first few of each kind tell the story.
_PER_RULE = 5
_SHOWN = 10
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


class _Words:
    """Facts in words, with the labels that the store and the ontology know."""

    def __init__(self, derivation: Derivation, store: ox.Store) -> None:
        self._labels = derivation.rules.ontology.labels
        self._store = store

    def name(self, iri: str) -> str:
        if iri in self._labels:
            return self._labels[iri]
        for predicate in (_LABEL, RDFS + "label"):
            for quad in self._store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(predicate), None, None):
                if isinstance(quad.object, ox.Literal) and quad.object.language in (None, "en"):
                    return quad.object.value
        return local_name(iri)

    def fact(self, fact: Fact) -> str:
        subject, predicate, value = fact
        shown = self.name(value) if ":" in value else value
        if predicate == RDF_TYPE:
            return f"“{self.name(subject)}” is of the class “{shown}”"
        return f"“{self.name(subject)}”: {self.name(predicate)}: “{shown}”"

    def axiom(self, axiom: Axiom) -> str:
        where = f" ({axiom.place.file}:{axiom.place.line})" if axiom.place else ""
        return f"{axiom_words(axiom, self.name)}{where}"


def find_clashes(derivation: Derivation, store: ox.Store, places: PlaceLookup | None) -> tuple[Clash, ...]:
    """Every contradiction, a few of each kind, each explained with the facts that it rests on."""
    words = _Words(derivation, store)
    found: dict[object, Clash] = {}
    for rule, premises in _breaches(derivation):
        facts = tuple(fact for triple in premises if (fact := _shown(derivation, triple)) is not None)
        # The same facts may break a rule in more than one way, as things may differ for several reasons.
        if (rule.id, facts) not in found:
            clash = Clash(rule.id, rule.axiom, facts, "", _place(facts, derivation, places))
            text = _explain(clash, rule, premises, derivation=derivation, words=words, places=places)
            found[rule.id, facts] = replace(clash, words=text)
    return in_order(found.values(), derivation.rules)


def in_order(clashes: Iterable[Clash], rules: RuleSet) -> tuple[Clash, ...]:
    """Contradictions in the order of the rules that they break, a few of each kind."""
    names = [rule.id for rule in rules.clashes]
    names += [_exclusive(number) for number in range(len(rules.exclusive))]
    kinds: dict[str, list[Clash]] = {}
    for clash in clashes:
        kinds.setdefault(clash.rule, []).append(clash)
    return tuple(
        clash
        for name in dict.fromkeys(names)
        for clash in sorted(kinds.get(name, ()), key=lambda clash: clash.facts)[:_PER_RULE]
    )


def _exclusive(number: int) -> str:
    return f"exclusive/{number + 1}"


def _place(facts: tuple[Fact, ...], derivation: Derivation, places: PlaceLookup | None) -> Place | None:
    """Where the first of the statements stands on which the facts rest."""
    if places is None:
        return None
    for fact in facts:
        triple = _find(derivation, fact)
        for stated in stated_facts(derivation, triple) if triple is not None else [fact]:
            place = places(*stated)
            if place is not None:
                return place
    return None


def _shown(derivation: Derivation, triple: ox.Triple) -> Fact | None:
    if triple.predicate.value.startswith(CLOSED):
        return next(iter(stated_facts(derivation, triple)), None)
    if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
        return None
    fact = (triple.subject.value, triple.predicate.value, triple.object.value)
    return None if any(is_private(part) for part in fact) else fact


def _breaches(derivation: Derivation) -> Iterator[tuple[Rule, tuple[ox.Triple, ...]]]:
    for rule in derivation.rules.clashes:
        found = derivation.working.query(rule.select(_PER_RULE))
        assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
        for row in found:
            solution = {
                variable: term
                for variable in rule.variables
                if (term := row[variable[1:]]) is not None and not isinstance(term, ox.Triple)
            }
            yield rule, bound(rule.body, solution)
    for number, (group, axiom) in enumerate(derivation.rules.exclusive):
        rule = Rule(_exclusive(number), None, (), axiom=axiom)
        for individual, classes in _shared(derivation.working, group):
            kind = ox.NamedNode(RDF_TYPE)
            yield rule, tuple(ox.Triple(individual, kind, ox.NamedNode(iri)) for iri in classes[:2])


def _shared(
    working: ox.Store, group: tuple[str, ...]
) -> Iterator[tuple[ox.NamedNode | ox.BlankNode, list[str]]]:
    """Members of two classes of a group: one pass over the members, not one join a pair."""
    if len(group) == 2:  # noqa: PLR2004  # a pair is a plain join
        query = f"SELECT ?x WHERE {{ ?x a <{group[0]}> . ?x a <{group[1]}> }} LIMIT {_PER_RULE}"
    else:
        classes = " ".join(f"<{iri}>" for iri in group)
        query = (
            f"SELECT ?x WHERE {{ VALUES ?c {{ {classes} }} ?x a ?c }} "
            f"GROUP BY ?x HAVING (COUNT(?c) > 1) LIMIT {_PER_RULE}"
        )
    found = working.query(query)
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
    for row in found:
        individual = row["x"]
        if isinstance(individual, ox.NamedNode | ox.BlankNode):
            kind = ox.NamedNode(RDF_TYPE)
            held = [iri for iri in group if ox.Quad(individual, kind, ox.NamedNode(iri)) in working]
            yield individual, held


def _explain(
    clash: Clash,
    rule: Rule,
    premises: tuple[ox.Triple, ...],
    *,
    derivation: Derivation,
    words: _Words,
    places: PlaceLookup | None,
) -> str:
    lines = [_headline(clash, rule, words)]
    told: set[Fact] = set()
    for triple in premises:
        shown = _shown(derivation, triple)
        rests = grounds(derivation, triple)
        stated = rests.facts
        if shown is not None and stated != (shown,):
            lines.append(f"  - {words.fact(shown)}, inferred from:")
            lines += [f"      - {words.fact(fact)}{_where(fact, places)}" for fact in stated]
            lines += [f"      by: {words.axiom(axiom)}" for axiom in rests.axioms]
        else:
            fresh = [fact for fact in stated if fact not in told]
            lines += [f"  - {words.fact(fact)}{_where(fact, places)}" for fact in fresh]
        told.update(stated)
    return "\n".join(lines)


def _headline(clash: Clash, rule: Rule, words: _Words) -> str:
    if clash.axiom is None:
        subject = words.name(clash.facts[0][0])
        return f"the list of “{subject}” is stated to be complete ({words.name(rule.reason)}), but a value is not on it"
    detail = f"; {rule.reason}" if rule.reason else ""
    return f"the ontology says: {words.axiom(clash.axiom)}{detail}"


def _where(fact: Fact, places: PlaceLookup | None) -> str:
    place = places(*fact) if places is not None else None
    return f" — {place}" if place is not None else ""


def contradiction(clashes: Sequence[Clash]) -> InconsistencyError:
    """One error for all contradictions, with the place of the first statement involved."""
    count = f"{len(clashes)} contradictions" if len(clashes) > 1 else "a contradiction"
    lines = [f"the facts and the ontology do not fit together: {count}; nothing was derived"]
    lines += [f"{number}. {clash.words}" for number, clash in enumerate(clashes[:_SHOWN], start=1)]
    if len(clashes) > _SHOWN:
        lines.append(f"... and {len(clashes) - _SHOWN} more")
    place = next((clash.place for clash in clashes if clash.place is not None), None)
    return InconsistencyError("\n".join(lines), place=place, mend="take back or correct one of these facts")


def _find(derivation: Derivation, fact: Fact) -> ox.Triple | None:
    subject, predicate, value = fact
    for quad in derivation.working.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None):
        if not isinstance(quad.object, ox.Triple) and quad.object.value == value:
            return quad.triple
    return None
