"""What an explanation is made of: plain values, without the machinery that finds them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = [
    "Condition",
    "Evidence",
    "Justification",
    "StatedFact",
    "Status",
    "Step",
    "UsedAxiom",
    "WhyNot",
]

Status = Literal["holds", "fails", "unknown"]
#: What a condition counts for of which nothing is known.
_UNKNOWN = 0.4


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something is said.

    Attributes:
        kind: ``text`` (running text, caption or abstract), ``table``, or ``general`` chemistry.
        words: the place in one line, references and works included.
        iri: the evidence node.
        printed_reference: the number as printed there, without brackets.
        reference: IRI of the reference that the number stands for.
        work: IRI of the work that the reference names, else of the document that says it.
        doi: of that work, where it has one; else of the document.
    """

    kind: Literal["text", "table", "general"]
    words: str
    iri: str
    printed_reference: str | None = None
    reference: str | None = None
    work: str | None = None
    doi: str | None = None


@dataclass(frozen=True, slots=True)
class StatedFact:
    """One asserted fact, with everything that stands behind it.

    Attributes:
        text: the fact as a sentence.
        subject, predicate, value: IRIs, or for a literal its text. Of a closure the predicate is the
            completeness flag.
        graph: the named graph in which it is stated.
        evidence: where sources say so; what is said of a whole design counts for its parts.
        curated_at: file, line and column.
        listed: of a closure the values that are declared to be all.
        reason: of a closure why the curator holds it to be complete.
        closed: of a closure the property that it closes.
    """

    text: str
    subject: str
    predicate: str
    value: str
    graph: str
    evidence: tuple[Evidence, ...] = ()
    curated_at: str | None = None
    listed: tuple[str, ...] = ()
    reason: str | None = None
    closed: str | None = None


@dataclass(frozen=True, slots=True)
class UsedAxiom:
    """One axiom of the ontology.

    Attributes:
        words: in plain words, with labels.
        manchester: in Manchester syntax, with local names.
        classified: it is no axiom as written, but a subsumption that the reasoner found.
        place: file and line of the term that it defines, empty where it belongs to none.
        index: its number in the rulebook, -1 for what is classified.
    """

    words: str
    manchester: str
    classified: bool = False
    place: str = ""
    index: int = field(default=-1, repr=False)


@dataclass(frozen=True, slots=True)
class Step:
    """One numbered sentence: a fact, or a conclusion from earlier steps.

    Attributes:
        number: counted from 1.
        text: the sentence.
        premises: numbers of the steps that it rests on.
        fact: the asserted fact, where it is one.
        axiom: the axiom applied, where it is a conclusion.
    """

    number: int
    text: str
    premises: tuple[int, ...] = ()
    fact: StatedFact | None = None
    axiom: UsedAxiom | None = None


@dataclass(frozen=True, slots=True)
class Justification:
    """A minimal set of facts and axioms from which something follows.

    Attributes:
        conclusion: what follows, as a sentence.
        subject, predicate, value: the same as IRIs; the predicate is ``rdf:type`` for a membership.
        facts: what is asserted.
        axioms: what the ontology says.
        steps: the way from the one to the other; the last is the conclusion.
        verified: it was found to entail the conclusion alone, and no fact or axiom can be dropped.
    """

    conclusion: str
    subject: str
    predicate: str
    value: str
    facts: tuple[StatedFact, ...]
    axioms: tuple[UsedAxiom, ...]
    steps: tuple[Step, ...]
    verified: bool

    def __len__(self) -> int:
        return len(self.facts) + len(self.axioms)


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a definition, and how the thing stands to it.

    Attributes:
        text: the condition, said of the thing.
        status: ``holds``, ``fails`` (facts and axioms contradict it) or ``unknown`` (open world).
        reason: why it fails or is not known.
        facts: the asserted facts that make it hold or fail.
        parts: the conditions that it consists of.
        alternatives: one of the parts suffices.
    """

    text: str
    status: Status
    reason: str = ""
    facts: tuple[StatedFact, ...] = ()
    parts: tuple[Condition, ...] = ()
    alternatives: bool = False

    @property
    def closeness(self) -> float:
        """How much of it is met, between 0 and 1: what is unknown counts for less than half."""
        if self.status == "holds":
            return 1.0
        if not self.parts:
            return _UNKNOWN if self.status == "unknown" else 0.0
        met = [part.closeness for part in self.parts]
        share = max(met) if self.alternatives else sum(met) / len(met)
        return share if self.status == "unknown" else share / 2


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why something does not hold: what is missing, and what forbids it.

    Attributes:
        question: what was asked, as a sentence.
        status: ``fails`` if it cannot hold, ``unknown`` if it is merely not known.
        nearest: IRI of the defined class that comes closest; None where nothing concludes what was asked.
        label: its label.
        definition: its definition in words; ``manchester``: in Manchester syntax.
        conditions: the parts of the definition.
    """

    question: str
    status: Status
    nearest: str | None
    label: str
    definition: str
    manchester: str
    conditions: tuple[Condition, ...]
