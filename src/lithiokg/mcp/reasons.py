"""Why, why not and what if, for a model to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lithiokg.errors import UsageError
from lithiokg.mcp.limits import MOST_BYTES, fitted, shortened, size
from lithiokg.mcp.writing import Reply
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lithiokg.explanation import Condition, Justification, StatedFact, WhyNot
    from lithiokg.graph import KnowledgeGraph

__all__ = ["Reasons"]

#: Reasons and relatives that are given at most.
_REASONS, _RELATIVES = 3, 3


class Reasons:
    """Explanations and predictions over one graph.

    Args:
        graph: the graph; behind an endpoint there are none, and the tools say so.
    """

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.graph = graph

    def explain(self, thing: str, target: str) -> Reply:
        """Why a thing is what it is inferred to be; where it is not, why not."""
        found = self.graph.explain(thing, target, limit=_REASONS)
        if not found:
            return self.why_not(thing, target)
        reasons = [_reason(each) for each in found]
        lines = [f"{found[0].conclusion}."]
        for number, reason in enumerate(reasons, start=1):
            lines += ["", f"Reason {number} of {len(reasons)}:"]
            lines += [f"- {fact['text']}{_places(fact['evidence'])}" for fact in reason["facts"]]
            lines += [f"- by the axiom: {axiom}" for axiom in reason["axioms"]]
        return Reply(
            shortened("\n".join(lines)),
            _fitting({"holds": True, "conclusion": found[0].conclusion, "reasons": reasons}, "reasons"),
        )

    def why_not(self, thing: str, target: str) -> Reply:
        """Which conditions a thing meets, contradicts, or is not known to meet."""
        missing = self.graph.why_not(thing, target)
        content = {"holds": missing.status == "holds", **_missing(missing)}
        words = {"holds": "It is so that", "fails": "It cannot be that"}.get(
            missing.status, "It is not known that"
        )
        lines = [f"{words} {missing.question}.", f"{missing.label}: {missing.definition}"]
        lines += [line for each in missing.conditions for line in _condition_lines(each, 0)]
        return Reply(shortened("\n".join(lines)), _fitting(content, "conditions"))

    def what_if(self, **words: Any) -> Reply:
        """What would follow from a design that nobody reported."""
        given = {name: value for name, value in words.items() if value not in (None, [], (), False)}
        if not given:
            raise UsageError(
                "no design is given",
                mend='for a start: electrolyte="garnet", layers=["ZnO"], contacts_lithium=true',
            )
        answer = self.graph.what_if(relatives=_RELATIVES, why=True, **given)
        relatives: list[dict[str, Any]] = [
            {
                "name": each.label,
                "iri": compact(each.iri),
                "similarity": round(each.similarity, 3),
                "shared": list(each.shared),
                "only_proposed": list(each.only_here),
                "only_reported": list(each.only_there),
                "reported_in": list(each.references),
                "figures": [f"{figure.property}: {figure.printed}" for figure in each.figures],
            }
            for each in answer.relatives
        ]
        content: dict[str, Any] = {
            "design": answer.label,
            "assumptions": list(answer.assumptions),
            "warnings": list(answer.warnings),
            "interface_types": [each.label for each in answer.interface_types],
            "strategies": [each.label for each in answer.strategies],
            "mechanisms": [each.label for each in answer.mechanisms],
            "bodies": [f"{each.of}: {each.label}" for each in answer.bodies],
            "expected": [
                {
                    "text": each.text,
                    "relation": each.relation,
                    "phenomenon": each.phenomenon,
                    "source": each.source,
                }
                for each in answer.expected
            ],
            "open": [_missing(each, deep=False) for each in answer.open],
            "relatives": relatives,
            "why": [_reason(each) for each in answer.why],
        }
        shown = ("assumptions", "interface_types", "strategies", "mechanisms", "bodies")
        lines = [f"Proposed, not reported: {answer.label}"]
        lines += [
            f"{each.replace('_', ' ')}: {', '.join(content[each]) or 'none that follows'}" for each in shown
        ]
        lines += [
            f"expected (inferred, never evidence): {each['text']} ({each['source']})"
            for each in content["expected"]
        ]
        lines += [
            f"nearest reported: {each['name']} ({each['similarity']}), {', '.join(map(str, each['reported_in']))}"
            for each in relatives
        ]
        for reason in content["why"]:
            lines += ["", f"{reason['conclusion']}, because"]
            lines += [f"- {fact['text']}{_places(fact['evidence'])}" for fact in reason["facts"]]
        return Reply(shortened("\n".join(lines)), _fitting(content, "why"))


def _fitting(content: dict[str, Any], name: str) -> dict[str, Any]:
    """Structured content whose longest list was cut to the size allowed."""
    records = content[name]
    kept = fitted(records, lambda some: {**content, name: some})
    if kept < len(records):
        content = {
            **content,
            name: records[:kept],
            "more": f"{len(records) - kept} more of {name} left out for size",
        }
    return content if size(content) <= MOST_BYTES else {name: [], "more": "too long to be given"}


def _places(evidence: Sequence[str]) -> str:
    return f" [{'; '.join(evidence)}]" if evidence else ""


def _fact(fact: StatedFact) -> dict[str, Any]:
    evidence = [_with_doi(each.words, each.doi) for each in fact.evidence]
    return {"text": fact.text, "evidence": evidence, "curated_at": fact.curated_at}


def _with_doi(words: str, doi: str | None) -> str:
    return f"{words} doi:{doi}" if doi and doi not in words else words


def _reason(each: Justification) -> dict[str, Any]:
    return {
        "conclusion": each.conclusion,
        "facts": [_fact(fact) for fact in each.facts],
        "axioms": [axiom.words for axiom in each.axioms],
        "steps": [step.text for step in each.steps],
    }


def _missing(missing: WhyNot, *, deep: bool = True) -> dict[str, Any]:
    return {
        "question": missing.question,
        "status": missing.status,
        "definition": missing.definition,
        "conditions": [_condition(each, deep=deep) for each in missing.conditions],
    }


def _condition(each: Condition, *, deep: bool) -> dict[str, Any]:
    return {
        "text": each.text,
        "status": each.status,
        **({"reason": each.reason} if each.reason else {}),
        **({"facts": [_fact(fact) for fact in each.facts]} if each.facts else {}),
        **({"parts": [_condition(part, deep=deep) for part in each.parts]} if deep and each.parts else {}),
    }


def _condition_lines(each: Condition, depth: int) -> list[str]:
    mark = {"holds": "yes", "fails": "no", "unknown": "?"}[each.status]
    lines = [f"{'  ' * depth}- {mark}: {each.text}{f' ({each.reason})' if each.reason else ''}"]
    lines += [
        f"{'  ' * depth}    {_fact(fact)['text']}{_places(_fact(fact)['evidence'])}" for fact in each.facts
    ]
    if each.status != "holds":
        lines += [line for part in each.parts for line in _condition_lines(part, depth + 1)]
    return lines
