"""The main patterns of the graph as boxes and arrows; every one of them stands in the shipped graph."""

from __future__ import annotations

from dataclasses import dataclass

from lithiokg.vocabulary import ID, LKG, PREFIXES

__all__ = ["IS_A", "PATTERNS", "Arrow", "Box", "Pattern"]

IS_A = PREFIXES["rdf"] + "type"


@dataclass(frozen=True, slots=True)
class Box:
    """A class, or a thing of the graph.

    Attributes:
        key: what arrows call it.
        term: the local name of a class, or the key of a thing below ``id/``.
        place: its column and row; halves are allowed.
        fields: local names of properties with a literal value that its members have.
    """

    key: str
    term: str
    place: tuple[float, float]
    fields: tuple[str, ...] = ()

    @property
    def is_class(self) -> bool:
        """Whether it stands for any member of a class."""
        return "/" not in self.term

    @property
    def iri(self) -> str:
        """The IRI of the class or thing."""
        return (LKG if self.is_class else ID) + self.term


@dataclass(frozen=True, slots=True)
class Arrow:
    """A property from one box to another.

    Attributes:
        start: key of the box it leads from.
        relation: the local name of the property, or ``a``.
        end: key of the box it leads to.
        inferred: whether a reasoner draws it.
        at: where on its way the label stands, between 0 and 1.
    """

    start: str
    relation: str
    end: str
    inferred: bool = False
    at: float = 0.5

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return IS_A if self.relation == "a" else LKG + self.relation


@dataclass(frozen=True, slots=True)
class Pattern:
    """One diagram.

    Attributes:
        key: the name of its file.
        title: what it shows.
        caption: how to read it.
        boxes: its boxes.
        arrows: its arrows.
        step: distances between columns and rows, in pixels.
    """

    key: str
    title: str
    caption: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    step: tuple[int, int] = (236, 118)


_ZNO = "design/zno-interlayer-on-garnet"

PATTERNS = (
    Pattern(
        "design",
        "A design, its bodies and what they hold",
        "A curator states which bodies there are, what touches what, what each contains, and from what and how "
        "it was made. Substances are shared by all designs, bodies by none. The figures stand on the design, and "
        "those without the modification may stand on its baseline.",
        (
            Box("work", "Work", (0, 0), ("title", "doi")),
            Box("reference", "Reference", (1, 0), ("referenceNumber",)),
            Box("design", "Design", (2, 0)),
            Box("baseline", "Design", (3, 0)),
            Box("treatment", "Treatment", (0, 1)),
            Box("lithium", "LithiumElectrode", (1, 1)),
            Box("layer", "InterfacialLayer", (2, 1), ("compositionIsComplete",)),
            Box("electrolyte", "SolidElectrolyte", (3, 1)),
            Box("sublayer", "InterfacialLayer", (0, 2), ("sublayerPosition",)),
            Box("precursor", "Substance", (1, 2)),
            Box("substance", "Substance", (2, 2), ("formula", "inChIKey")),
            Box("method", "PreparationMethod", (3, 2)),
        ),
        (
            Arrow("design", "reportedIn", "reference"),
            Arrow("reference", "refersTo", "work"),
            Arrow("design", "hasBaseline", "baseline"),
            Arrow("design", "hasTreatment", "treatment", at=0.6),
            Arrow("design", "hasComponent", "lithium"),
            Arrow("design", "hasComponent", "layer"),
            Arrow("design", "hasComponent", "electrolyte"),
            Arrow("layer", "contacts", "lithium"),
            Arrow("layer", "contacts", "electrolyte"),
            Arrow("layer", "hasSublayer", "sublayer", at=0.6),
            Arrow("layer", "formedFrom", "precursor"),
            Arrow("layer", "hasConstituent", "substance"),
            Arrow("layer", "preparedBy", "method"),
        ),
    ),
    Pattern(
        "observation",
        "An observation: figure, conditions, evidence, doubt",
        "What is printed, what the print says and what it is in the canonical unit stay apart. Conditions are those "
        "that the same table cell or sentence prints, and no others. Every observation has evidence; where its "
        "figure cannot be taken at its word, it has a doubt too.",
        (
            Box("design", "Design", (0, 0)),
            Box("property", "ObservableProperty", (1, 0)),
            Box("stage", "Stage", (2, 0)),
            Box("cell", "CellConfiguration", (3, 0)),
            Box("observation", "Observation", (1.5, 1)),
            Box("result", "Quantity", (0, 2), ("printed", "comparator", "reportedValue", "value")),
            Box("condition", "Quantity", (1, 2), ("printed", "value")),
            Box("evidence", "TableEvidence", (2, 2)),
            Box("doubt", "Doubt", (3, 2), ("reason",)),
            Box("unit", "Unit", (0, 3), ("symbol",)),
            Box("setting", "OperatingCondition", (1, 3)),
            Box("row", "TableRow", (2, 3), ("rowNumber", "printedReference")),
            Box("doubt-kind", "DoubtKind", (3, 3)),
            Box("work", "Work", (0.5, 4)),
            Box("reference", "Reference", (1.5, 4)),
            Box("table", "Table", (2.5, 4), ("tableNumber",)),
        ),
        (
            Arrow("observation", "hasFeatureOfInterest", "design", at=0.6),
            Arrow("observation", "observedProperty", "property", at=0.4),
            Arrow("observation", "atStage", "stage"),
            Arrow("observation", "inCell", "cell"),
            Arrow("observation", "hasResult", "result"),
            Arrow("observation", "hasCondition", "condition"),
            Arrow("observation", "hasEvidence", "evidence"),
            Arrow("observation", "hasDoubt", "doubt"),
            Arrow("result", "unit", "unit"),
            Arrow("condition", "quantityKind", "setting"),
            Arrow("evidence", "inTableRow", "row"),
            Arrow("doubt", "doubtKind", "doubt-kind"),
            Arrow("row", "resolvedReference", "reference"),
            Arrow("row", "inTable", "table"),
            Arrow("reference", "refersTo", "work"),
        ),
        (236, 122),
    ),
    Pattern(
        "claim",
        "A claim, the fact it yields, and a discrepancy",
        "A claim is a statement of a source with polarity, modality and evidence. If it is positive and asserted, its "
        "subject, relation and object are a fact of the graph as well (top). Where statements do not fit together, "
        "a discrepancy points at them all, and none is dropped.",
        (
            Box("subject", "Substance", (0, 0)),
            Box("object", "Substance", (2, 0)),
            Box("claim", "Claim", (1, 1), ("claimRelation", "polarity", "modality")),
            Box("observation", "Observation", (3, 1)),
            Box("evidence", "TextEvidence", (1, 2), ("inParagraph", "keyPhrase", "printedReference")),
            Box("discrepancy", "Discrepancy", (2, 2), ("note",)),
            Box("kind", "DiscrepancyKind", (3, 2)),
            Box("section", "Section", (0, 3)),
            Box("reference", "Reference", (1, 3)),
            Box("work", "Work", (2, 3)),
        ),
        (
            Arrow("subject", "formsWithLithium", "object"),
            Arrow("claim", "claimSubject", "subject"),
            Arrow("claim", "claimObject", "object"),
            Arrow("claim", "hasEvidence", "evidence"),
            Arrow("discrepancy", "involves", "claim"),
            Arrow("discrepancy", "involves", "observation"),
            Arrow("discrepancy", "discrepancyKind", "kind"),
            Arrow("evidence", "inSection", "section"),
            Arrow("evidence", "resolvedReference", "reference"),
            Arrow("reference", "refersTo", "work"),
        ),
        (264, 128),
    ),
    Pattern(
        "inference",
        "From facts to interface type and mechanism",
        "Solid arrows are stated, dashed ones inferred. Zinc oxide is no electron conductor, but lithium makes an alloy "
        "of it that is one: so the layer conducts electrons in operation, and the design is of type III. "
        '`lithiokg explain zno-interlayer-on-garnet "type III"` gives every step with its source.',
        (
            Box("mechanism", "mechanism/alloying", (0, 0)),
            Box("type", "interface-type/III", (1, 0)),
            Box("lithium", f"{_ZNO}/components/lithium", (2, 0)),
            Box("design", _ZNO, (0, 1)),
            Box("layer", f"{_ZNO}/components/layer", (1, 1)),
            Box("oxide", "substance/ZnO", (2, 1)),
            Box("alloy", "substance/Li-Zn", (3, 1)),
            Box("electron", "carrier/electron", (4, 1)),
            Box("type-class", "InterfaceTypeIII", (0, 2)),
            Box("layer-class", "ElectronConductingLayer", (1, 2)),
            Box("oxide-class", "ElectronConductingInOperation", (2, 2)),
            Box("alloy-class", "ElectronConductor", (3, 2)),
        ),
        (
            Arrow("design", "hasComponent", "layer"),
            Arrow("layer", "contacts", "lithium"),
            Arrow("layer", "hasConstituent", "oxide"),
            Arrow("oxide", "formsWithLithium", "alloy"),
            Arrow("alloy", "conducts", "electron"),
            Arrow("alloy", "a", "alloy-class", inferred=True),
            Arrow("oxide", "a", "oxide-class", inferred=True),
            Arrow("layer", "a", "layer-class", inferred=True),
            Arrow("design", "a", "type-class", inferred=True),
            Arrow("design", "actsThrough", "mechanism", inferred=True),
            Arrow("design", "hasInterfaceType", "type", inferred=True),
        ),
        (312, 112),
    ),
    Pattern(
        "expectation",
        "From a class to what it lets one expect",
        "What the source says of a whole class is handed to each member as an expectation. It has relations of its own "
        "and is never evidence: what was claimed or measured of the design stands beside it.",
        (
            Box("class", "InterfaceTypeIII", (0, 0)),
            Box("expectation", "expectation/conducting-does-not-block-side-reactions", (1, 0)),
            Box("design", _ZNO, (0, 1)),
            Box("phenomenon", "phenomenon/continuous-side-reactions", (2, 1)),
        ),
        (
            Arrow("design", "a", "class", inferred=True),
            Arrow("design", "hasExpectation", "expectation", inferred=True),
            Arrow("expectation", "expectsFailureToBlock", "phenomenon"),
            Arrow("design", "isNotExpectedToBlock", "phenomenon", inferred=True),
        ),
        (330, 118),
    ),
)
