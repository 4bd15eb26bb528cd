"""What reading yields: quads, the place of each, and problems; and the collections that exist."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    import pyoxigraph as ox

    from lithiokg.errors import Place, SourceError

__all__ = ["COLLECTIONS", "DEFAULT_CLASSES", "Collection", "Places", "Records"]


@dataclass(frozen=True, slots=True)
class Collection:
    """A top-level collection: where its records live and what they are unless they say otherwise.

    ``default_class`` is None where each record must give its own ``type``. A collection with ``adds`` holds
    no records: it adds these fields to records that stand elsewhere.
    """

    name: str
    path: str
    default_class: str | None
    adds: frozenset[str] = frozenset()

    def base(self, source: str) -> str:
        """Base IRI of the records of one source folder."""
        return ID + self.path.format(source=source)


#: The collections by name. ``{source}`` is the name of the data folder.
COLLECTIONS: dict[str, Collection] = {
    name: Collection(name, path, LKG + kind if kind else None)
    for name, path, kind in (
        ("substances", "substance/", None),
        ("designs", "design/", "Design"),
        ("works", "work/", "Work"),
        ("references", "reference/{source}/", "Reference"),
        ("sections", "section/{source}/", "Section"),
        ("paragraphs", "paragraph/{source}/", "Paragraph"),
        ("captions", "caption/{source}/", "FigureCaption"),
        ("tables", "table/{source}/", "Table"),
        ("columns", "column/{source}/", "TableColumn"),
        ("table-rows", "row/{source}/", "TableRow"),
        ("cells", "cell/", "CellConfiguration"),
        ("functional-groups", "group/", "FunctionalGroup"),
        ("methods", "method/", None),
        ("discrepancies", "discrepancy/{source}/", "Discrepancy"),
        ("observations", "observation/{source}/", "Observation"),
        ("claims", "claim/{source}/", "Claim"),
    )
}
#: What a program computed of substances stands in files of its own, apart from what people wrote.
COLLECTIONS["identifiers"] = Collection(
    "identifiers",
    "substance/",
    None,
    adds=frozenset({"atomic-number", "inchi", "inchikey", "reduced-formula", "structure"}),
)

#: The class of a nested record that gives no ``type``, by the name of its field.
DEFAULT_CLASSES: dict[str, str] = {
    "observations": LKG + "Observation",
    "evidence": LKG + "Evidence",
    "claims": LKG + "Claim",
    "doubts": LKG + "Doubt",
    "result": LKG + "Quantity",
    "conditions": LKG + "Quantity",
    "discrepancies": LKG + "Discrepancy",
    "exclusions": LKG + "Exclusion",
    "structure": LKG + "ChemicalStructure",
}


@dataclass(slots=True)
class Places:
    """Where each node, each of its fields and each of its values stands."""

    _subjects: dict[str, Place] = field(default_factory=dict)
    _fields: dict[tuple[str, str], Place] = field(default_factory=dict)
    _values: dict[tuple[str, str, str], Place] = field(default_factory=dict)

    def subject(self, node: str, place: Place) -> None:
        """Remember where a node is declared; the first place counts."""
        self._subjects.setdefault(node, place)

    def triple(self, node: str, predicate: str, value: str, *, key: Place, place: Place) -> None:
        """Remember where a field of a node and one of its values stand."""
        self._fields.setdefault((node, predicate), key)
        self._values.setdefault((node, predicate, value), place)

    def of(self, node: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """The closest known place: of the value, else of the field, else of the node.

        Args:
            node: IRI of the subject.
            predicate: IRI of the property.
            value: IRI or lexical form of the object.
        """
        if predicate is not None:
            if value is not None and (node, predicate, value) in self._values:
                return self._values[node, predicate, value]
            if (node, predicate) in self._fields:
                return self._fields[node, predicate]
        return self._subjects.get(node)

    def subjects(self) -> dict[str, Place]:
        """Every node and where it is declared."""
        return dict(self._subjects)


@dataclass(slots=True)
class Records:
    """What was read: quads for the graphs ``lkgg:asserted/<source>``, places, and all problems.

    ``declared`` maps the IRI of every node that a file declares to its place; it is how a record
    that is declared twice, even in two files or folders, is found. ``withdrawn`` is what records that were
    taken back stated, for the graphs ``lkgg:withdrawn/<source>``.
    """

    quads: list[ox.Quad] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    problems: list[SourceError] = field(default_factory=list)
    declared: dict[str, Place] = field(default_factory=dict)
    withdrawn: list[ox.Quad] = field(default_factory=list)
