"""What the answer to a what-if is made of: plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lithiokg.explanation import Justification, WhyNot

__all__ = ["Expected", "Figure", "Member", "Relative", "WhatIf"]


@dataclass(frozen=True, slots=True)
class Member:
    """Something that was inferred of the design or of a body of it.

    Attributes:
        thing: IRI of the design or body.
        of: its label.
        iri: the class, strategy, mechanism or interface type.
        label: its label.
    """

    thing: str
    of: str
    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Expected:
    """A consequence that the class of the design lets one expect; never evidence.

    Attributes:
        iri: the expectation, a rule of the ontology.
        relation: such as ``is not expected to block``.
        phenomenon: label of the phenomenon.
        phenomenon_iri: the phenomenon.
        because: labels of the classes of the design that bring the expectation.
        text: the rule in one sentence.
        source: the document that states the rule.
        sections: where in the document.
    """

    iri: str
    relation: str
    phenomenon: str
    phenomenon_iri: str
    because: tuple[str, ...]
    text: str
    source: str
    sections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported figure of a relative.

    Attributes:
        property: what was measured.
        printed: the figure as the source prints it.
        value: in the canonical unit (the lower end of a range in ``value``, the upper in ``maximum``).
        unit: symbol of that unit.
        comparator: such as ``~`` or ``<``.
        conditions: each as ``name: figure as printed``.
        stage: such as ``after cycling``, where it is told.
        suspect: a doubt about it is recorded.
        iri: the observation.
    """

    property: str
    printed: str
    value: float | None
    maximum: float | None
    unit: str | None
    comparator: str | None
    conditions: tuple[str, ...]
    stage: str | None
    suspect: bool
    iri: str


@dataclass(frozen=True, slots=True)
class Relative:
    """A reported design that resembles the proposed one.

    Attributes:
        iri: the design.
        label: its label.
        similarity: Jaccard index of the two sets of features, from 0 to 1.
        shared: labels of what both have.
        only_here: labels of what only the proposed design has; ``only_there``: only the reported one.
        references: the references that report it, with the work where it is known.
        figures: what was measured on it.
    """

    iri: str
    label: str
    similarity: float
    shared: tuple[str, ...]
    only_here: tuple[str, ...]
    only_there: tuple[str, ...]
    references: tuple[str, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The answer: what follows from a proposed design, and what it resembles.

    Attributes:
        label: of the design.
        record: the design as a YAML record, to keep and edit; empty where it came from a file.
        assumptions: what was taken for granted in reading the flags.
        warnings: rules for records that it breaks without harm, in words.
        classes: the most specific classes of the design that were inferred.
        bodies: the same for its bodies, such as the kind of a layer.
        strategies, mechanisms, interface_types: the most specific of each.
        expected: consequences of its classes; expectations and not evidence.
        why: one justification for each inferred class of the design.
        open: for each interface type that does not follow, what is missing or against it.
        relatives: the nearest reported designs.
        on_solid_electrolyte: whether it has a solid electrolyte, without which there is no interface type.
    """

    label: str
    record: str
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    classes: tuple[Member, ...]
    bodies: tuple[Member, ...]
    strategies: tuple[Member, ...]
    mechanisms: tuple[Member, ...]
    interface_types: tuple[Member, ...]
    expected: tuple[Expected, ...]
    why: tuple[Justification, ...]
    open: tuple[WhyNot, ...]
    relatives: tuple[Relative, ...]
    on_solid_electrolyte: bool
