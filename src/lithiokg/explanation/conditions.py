"""Why something does not hold: a definition, condition by condition, under the open world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lithiokg.explanation.model import Condition, StatedFact, Status, WhyNot
from lithiokg.explanation.search import Search
from lithiokg.reasoning import axioms as ax
from lithiokg.reasoning import manchester
from lithiokg.reasoning.names import CLOSED, LISTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.explanation.explainer import Explainer
    from lithiokg.explanation.grounding import Atom

__all__ = ["nearest"]

#: Definitions within definitions that are opened; what lies deeper is named and not opened.
_DEPTH = 8
_STRATEGY_DEPTH = 6


def nearest(explainer: Explainer, thing: str, target: str) -> WhyNot:
    """Of all defined classes that would make it hold, the one that comes closest."""
    goals = explainer.goals(thing, target)
    question = explainer.say(goals[0]) if goals else _unasked(explainer, thing, target)
    checker = _Checker(explainer, thing)
    candidates = [
        (iri, checker.named(ax.Named(iri), f"<{thing}>", 0))
        for goal in goals[:1]
        for iri in _concluding(explainer, goal)
    ]
    if not candidates:
        reason = "no definition concludes it, and it is not stated"
        status: Status = "unknown"
        if goals and not goals[0][2]:
            condition = checker.named(ax.Named(goals[0][0]), f"<{thing}>", 0)
            reason, status = condition.reason or reason, condition.status
        return WhyNot(question, status, None, "", reason, "", ())
    iri, best = max(candidates, key=lambda item: item[1].closeness)
    expression = explainer.book.definitions[iri][0][0]
    conditions = best.parts or (best,)
    if len(conditions) == 1 and conditions[0].parts and conditions[0].text == best.text:
        conditions = conditions[0].parts
    return WhyNot(
        question,
        best.status,
        iri,
        explainer.words.name(iri),
        explainer.words.noun(expression),
        manchester(expression),
        conditions,
    )


def _unasked(explainer: Explainer, thing: str, target: str) -> str:
    return f"{explainer.words.name(thing)} has anything to do with {explainer.words.name(target)}"


def _concluding(explainer: Explainer, goal: Atom) -> list[str]:
    """The defined classes whose members are what is asked, the class itself first."""
    book, (key, _, value) = explainer.book, goal
    starts = [key]
    if value:
        broader = _values_below(explainer, key, value[1:-1])
        starts = [iri for wanted in broader for iri, _ in book.values.get((key, wanted), ())]
    found: dict[str, None] = {}
    for start in starts:
        if start in book.definitions:
            found[start] = None
    if not found:
        below = [iri for start in starts for iri in sorted(book.hierarchy.subs(start))]
        found = {iri: None for iri in below if iri in book.definitions}
    return list(found)


def _values_below(explainer: Explainer, key: str, value: str) -> list[str]:
    """The value, and others that lead to it by a chain: a strategy and those that are part of it."""
    links = {
        axiom.chain[1].iri
        for axiom in explainer.book.axioms
        if isinstance(axiom, ax.RoleChain) and [role.iri for role in axiom.chain[:1]] == [key] == [axiom.sup.iri]
        and len(axiom.chain) == 2  # noqa: PLR2004  # a property carried on along one other
    }  # fmt: skip
    found, todo = {value: None}, [value]
    for _ in range(_STRATEGY_DEPTH):
        todo = [
            str(quad.subject)[1:-1]
            for quad in explainer.book.facts
            if quad.predicate.value in links and str(quad.object)[1:-1] in todo
        ]
        todo = [iri for iri in todo if iri not in found]
        found.update(dict.fromkeys(todo))
    return list(found)


@dataclass(frozen=True, slots=True)
class _Values:
    """What is known of a thing's values of a property.

    Attributes:
        known: the values.
        closure: the fact that these are all, where it is stated.
    """

    known: tuple[str, ...]
    closure: Atom | None


class _Checker:
    """Says of each part of a definition whether it holds, fails or is unknown."""

    def __init__(self, explainer: Explainer, thing: str) -> None:
        self._explainer = explainer
        self._book = explainer.book
        self._words = explainer.words
        self._search = Search(explainer.book, explainer.module(thing), None)
        self._atoms = self._search.found.atoms
        self._open: list[tuple[str, str]] = []
        self._kinds: dict[str, list[str]] = {}
        for key, subject, value in self._atoms:
            if not value:
                self._kinds.setdefault(subject, []).append(key)

    # --- classes ----------------------------------------------------------------------------------

    def named(self, expression: ax.Named, thing: str, depth: int) -> Condition:
        """Whether a thing is known to be of a class."""
        iri = expression.iri
        text = f"{self._name(thing)} {self._words.member(iri)}"
        if expression == ax.THING:
            return Condition(text, "holds")
        atom = (iri, thing, "")
        if atom in self._atoms:
            return Condition(text, "holds", facts=self._facts([atom]))
        opened = self._defined(iri, thing, depth)
        if opened is not None and opened.status == "fails":
            return opened
        clash = self._excluded(iri, thing)
        if clash is not None:
            other, excluded = clash
            pair = f"{self._words.noun(ax.Named(other))} and {self._words.noun(ax.Named(excluded))}"
            reason = f"it {self._words.member(other)}, and nothing is both {pair}"
            facts = self._facts([(other, thing, "")])
            if opened is None:
                return Condition(text, "fails", reason, facts)
            return replace(opened, status="fails", reason=reason, facts=facts)
        return opened or Condition(text, "unknown", "this is neither stated nor excluded")

    def _defined(self, iri: str, thing: str, depth: int) -> Condition | None:
        """How a thing stands to the definition of a class; None where there is none."""
        definitions = self._book.definitions.get(iri, ())
        if not definitions:
            return None
        text = f"{self._name(thing)} {self._words.member(iri)}"
        if depth >= _DEPTH or (iri, thing) in self._open:
            return Condition(text, "unknown", "its definition leads back here, or further than is followed")
        self._open.append((iri, thing))
        parts = tuple(self.check(definition, thing, depth + 1) for definition, _ in definitions)
        self._open.pop()
        status: Status = "fails" if any(part.status == "fails" for part in parts) else "unknown"
        if len(parts) == 1 and parts[0].parts:
            return Condition(text, status, parts=parts[0].parts, alternatives=parts[0].alternatives)
        return Condition(text, status, parts=parts)

    def _excluded(self, iri: str, thing: str) -> tuple[str, str] | None:
        """A class of the thing, and a class above (or equal to) the asked one that excludes it."""
        wanted = {iri, *self._book.hierarchy.supers.get(iri, ())}
        for key in sorted(self._kinds.get(thing, ())):
            for other, _ in self._book.exclusive.get(key, ()):
                if other in wanted:
                    return key, other
        return None

    # --- expressions ------------------------------------------------------------------------------

    def check(  # noqa: PLR0911  # one return a construct
        self, expression: ax.Expression, thing: str, depth: int
    ) -> Condition:
        """Whether a thing is known to satisfy an expression."""
        text = f"{self._name(thing)} {self._words.verbs(expression)}"
        match expression:
            case ax.Named():
                return self.named(expression, thing, depth)
            case ax.And(parts) | ax.Or(parts):
                checked = tuple(self.check(part, thing, depth) for part in parts)
                return self._combined(text, checked, every=isinstance(expression, ax.And))
            case ax.Not(part):
                return self._opposite(text, self.check(part, thing, depth))
            case ax.Some(role, filler):
                return self._some(text, role, filler, thing, depth)
            case ax.Only(role, filler):
                return self._only(text, role, filler, thing, depth)
            case ax.HasValue(role, str() as value):
                return self._value(text, role, value, thing)
        return Condition(text, "unknown", "this is not known")

    def _combined(self, text: str, parts: tuple[Condition, ...], *, every: bool) -> Condition:
        decisive: Status = "fails" if every else "holds"
        other: Status = "holds" if every else "fails"
        if any(part.status == decisive for part in parts):
            return Condition(text, decisive, parts=parts, alternatives=not every)
        status: Status = other if all(part.status == other for part in parts) else "unknown"
        return Condition(text, status, parts=parts, alternatives=not every)

    def _opposite(self, text: str, part: Condition) -> Condition:
        turned: dict[Status, Status] = {"holds": "fails", "fails": "holds", "unknown": "unknown"}
        return replace(part, text=text, status=turned[part.status])

    def _some(self, text: str, role: ax.Role, filler: ax.Expression, thing: str, depth: int) -> Condition:
        values = self._values(role, thing)
        checked = {value: self.check(filler, value, depth + 1) for value in values.known}
        for value, part in checked.items():
            if part.status == "holds":
                links = self._facts([self._link(role, thing, value)])
                return Condition(text, "holds", facts=tuple(dict.fromkeys((*links, *part.facts))), parts=())
        closest = sorted(checked.values(), key=lambda part: -part.closeness)[:1]
        if values.closure is not None and all(part.status == "fails" for part in checked.values()):
            reason = f"{self._listed(role, thing)}, and none of them fits"
            return Condition(text, "fails", reason, self._facts([values.closure]), tuple(closest))
        if not checked:
            return Condition(text, "unknown", f"no value of “{self._words.name(role.iri)}” is stated")
        extent = self._openness(role) if values.closure is None else self._listed(role, thing)
        more = "" if len(checked) == 1 else f"; of {len(checked)} known, this one comes closest"
        return Condition(text, "unknown", f"{extent}{more}", parts=tuple(closest))

    def _only(self, text: str, role: ax.Role, filler: ax.Expression, thing: str, depth: int) -> Condition:
        values = self._values(role, thing)
        checked = {value: self.check(filler, value, depth + 1) for value in values.known}
        for value, part in checked.items():
            if part.status == "fails":
                links = self._facts([self._link(role, thing, value)])
                return Condition(text, "fails", facts=links, parts=(part,))
        if values.closure is None:
            return Condition(text, "unknown", self._openness(role))
        missing = tuple(part for part in checked.values() if part.status != "holds")
        if missing:
            return Condition(text, "unknown", self._listed(role, thing), parts=missing)
        return Condition(text, "holds", facts=self._facts([values.closure]))

    def _value(self, text: str, role: ax.Role, value: str, thing: str) -> Condition:
        link = self._link(role, thing, f"<{value}>")
        if link in self._atoms:
            return Condition(text, "holds", facts=self._facts([link]))
        for other, _ in self._book.disjoint_roles.get(role.iri, ()):
            clash = self._link(ax.Role(other, role.inverse), thing, f"<{value}>")
            if clash in self._atoms:
                both = f"nothing both {self._words.verb(other)} and {self._verb(role)} the same"
                reason = f"{self._explainer.say(clash)}, and {both}"
                return Condition(text, "fails", reason, self._facts([clash]))
        values = self._values(role, thing)
        if values.closure is not None:
            return Condition(text, "fails", self._listed(role, thing), self._facts([values.closure]))
        return Condition(text, "unknown", "this is neither stated nor excluded")

    # --- values -----------------------------------------------------------------------------------

    def _values(self, role: ax.Role, thing: str) -> _Values:
        found = self._search.found
        table = found.subjects if role.inverse else found.values
        known = tuple(
            value for value in dict.fromkeys(table[role.iri].get(thing, ())) if value.startswith("<")
        )
        listings: Sequence[str] = () if role.inverse else found.values[CLOSED + role.iri].get(thing, ())
        if not listings:
            return _Values(known, None)
        listed = found.values[LISTED].get(listings[0], [])
        return _Values(tuple(listed), (CLOSED + role.iri, thing, listings[0]))

    def _link(self, role: ax.Role, thing: str, value: str) -> Atom:
        return (role.iri, value, thing) if role.inverse else (role.iri, thing, value)

    def _facts(self, atoms: Sequence[Atom]) -> tuple[StatedFact, ...]:
        behind = dict.fromkeys(fact for atom in atoms for fact in self._search.behind(atom))
        return tuple(self._explainer.stated(atom, self._search.origins[atom]) for atom in behind)

    def _name(self, thing: str) -> str:
        return self._words.name(thing[1:-1])

    def _verb(self, role: ax.Role) -> str:
        return self._words.verb(role.iri)

    def _listed(self, role: ax.Role, thing: str) -> str:
        values = [value[1:-1] for value in self._values(role, thing).known]
        return f"{self._words.closure(thing[1:-1], role.iri, values)}, and that list is declared complete"

    def _openness(self, role: ax.Role) -> str:
        """That there may be more values than are known."""
        for flag, closed in self._book.ontology.closes.items():
            if closed == role.iri and not role.inverse:
                label = self._words.name(flag)
                for word in ("is", "are"):
                    what, found, _ = label.partition(f" {word} complete")
                    if found:
                        return f"its {what} {word} not known to be complete"
        return "there may be others that are not stated"
