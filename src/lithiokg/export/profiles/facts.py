"""What the profiles tell: the stated records, read once and at hand by subject.

A profile walks over thousands of small records. One pass over the stated triples costs less than a query
for each kind of thing, and every profile then draws on the same reading of them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.store import Table, python_value
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lithiokg.store import Store, Term

__all__ = [
    "FOAF",
    "RDF_TYPE",
    "SCHEMA",
    "Claim",
    "Evidence",
    "Facts",
    "Observation",
    "Quantity",
    "Release",
    "Source",
]

RDF_TYPE = PREFIXES["rdf"] + "type"
_DCTERMS, _OWL, _SKOS = PREFIXES["dcterms"], PREFIXES["owl"], PREFIXES["skos"]
_STATED = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(ISIRI(?s)) }"
_TYPES = f"SELECT ?s ?p ?o {{ VALUES ?p {{ <{RDF_TYPE}> }} ?s ?p ?o FILTER(ISIRI(?s) && ISIRI(?o)) }}"
FOAF, SCHEMA = "http://xmlns.com/foaf/0.1/", "https://schema.org/"
#: What a name of an agent can be.
_NAMES = (FOAF + "name", SCHEMA + "name", _SKOS + "prefLabel", PREFIXES["rdfs"] + "label")
_VERIFIED = ID + "identification/verified"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure in the canonical unit of its property.

    Attributes:
        kind: IRI of the property it is a figure of.
        value: the number; none for a range and for a mixing ratio.
        unit: IRI of the canonical unit.
    """

    iri: str
    kind: str
    comparator: str
    printed: str
    value: Decimal | None
    minimum: Decimal | None
    maximum: Decimal | None
    ratio: str | None
    unit: str

    @property
    def is_bound(self) -> bool:
        """Whether the number only bounds the quantity."""
        return self.comparator not in {"=", "~"}


@dataclass(frozen=True, slots=True)
class Source:
    """A work, by its DOI where one is verified, else by its IRI here or that of the reference to it."""

    iri: str
    label: str
    doi: str | None = None

    @property
    def address(self) -> str:
        """The IRI to cite."""
        return f"https://doi.org/{self.doi}" if self.doi else self.iri


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a statement rests.

    Attributes:
        document: what it was read in; none for general chemistry.
        place: in words, such as ``Table 1, row 2, column polarization``.
        originals: the works that the document cites there, as resolved by content.
    """

    iri: str
    document: Source | None
    place: str
    originals: tuple[Source, ...] = ()

    @property
    def citation(self) -> str:
        """The document and the place in it, in one line."""
        return f"{self.document.label}, {self.place}" if self.document else self.place


@dataclass(frozen=True, slots=True)
class Observation:
    """One reported quantity of one thing, with what it depends on and where it stands."""

    iri: str
    kind: str
    feature: str
    result: Quantity
    conditions: tuple[Quantity, ...]
    cell: str | None
    stage: str | None
    note: str | None
    doubts: tuple[str, ...]
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """One qualitative statement of a source."""

    iri: str
    subject: str
    relation: str
    object: str
    polarity: str
    modality: str
    evidence: tuple[Evidence, ...]

    @property
    def holds(self) -> bool:
        """Whether it also stands as a plain triple: only what is affirmed without a hedge does."""
        return self.polarity == "positive" and self.modality == "asserted"


@dataclass(frozen=True, slots=True)
class Release:
    """What the ontology's header says of the release."""

    title: str
    description: str
    creator: Source
    license: str
    version: str
    date: str


class Facts:
    """The stated triples of a graph by subject, and its records made of them.

    Args:
        store: of the snapshot or behind an endpoint.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._triples = self._by_subject(_STATED, stated_only=True)

    def _by_subject(self, query: str, *, stated_only: bool) -> dict[str, dict[str, set[Term]]]:
        answer = self._store.query(query, stated_only=stated_only)
        assert isinstance(answer, Table)  # noqa: S101  # both queries are SELECTs
        found: dict[str, dict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
        for subject, predicate, object_ in answer:
            found[subject.value][predicate.value].add(object_)  # type: ignore[union-attr,arg-type]  # all bound
        return found

    @cached_property
    def _inferred_types(self) -> dict[str, dict[str, set[Term]]]:
        return self._by_subject(_TYPES, stated_only=False)

    # --- single values ----------------------------------------------------------------------------

    def terms(self, subject: str, predicate: str) -> list[Term]:
        """The objects of stated triples, in a fixed order; ``predicate`` is local to ``lkg:``, or an IRI."""
        iri = predicate if ":" in predicate else LKG + predicate
        return sorted(self._triples.get(subject, {}).get(iri, ()), key=str)

    def triples(self, subject: str) -> list[ox.Triple]:
        """The stated triples of a subject, in a fixed order."""
        about = ox.NamedNode(subject)
        return [
            ox.Triple(about, ox.NamedNode(predicate), object_)
            for predicate in sorted(self._triples.get(subject, ()))
            for object_ in self.terms(subject, predicate)
        ]

    def iris(self, subject: str, predicate: str) -> list[str]:
        """The objects that are IRIs."""
        return [term.value for term in self.terms(subject, predicate) if isinstance(term, ox.NamedNode)]

    def iri(self, subject: str, predicate: str) -> str | None:
        """The first object that is an IRI."""
        return next(iter(self.iris(subject, predicate)), None)

    def texts(self, subject: str, predicate: str) -> list[str]:
        """The objects that are literals, as text."""
        return [term.value for term in self.terms(subject, predicate) if isinstance(term, ox.Literal)]

    def text(self, subject: str, predicate: str) -> str | None:
        """The first object that is a literal, as text."""
        return next(iter(self.texts(subject, predicate)), None)

    def number(self, subject: str, predicate: str) -> Decimal | None:
        """The first object that is a decimal."""
        values = (python_value(term) for term in self.terms(subject, predicate))
        return next((value for value in values if isinstance(value, Decimal)), None)

    def label(self, iri: str) -> str:
        """The preferred label, or else the IRI without its namespace."""
        return self.text(iri, _SKOS + "prefLabel") or iri.removeprefix(ID).removeprefix(LKG)

    def types(self, iri: str) -> list[str]:
        """The classes of a thing, inferred ones included."""
        found = self._inferred_types.get(iri, {}).get(RDF_TYPE, ())
        return sorted(term.value for term in found if isinstance(term, ox.NamedNode))

    def of(self, kind: str) -> list[str]:
        """The things of one class, by IRI."""
        wanted = ox.NamedNode(LKG + kind)
        types = self._inferred_types
        return sorted(iri for iri, values in types.items() if wanted in values[RDF_TYPE])

    # --- records ----------------------------------------------------------------------------------

    def quantity(self, iri: str) -> Quantity:
        """One figure; see :class:`Quantity`."""
        return Quantity(
            iri=iri,
            kind=self.iri(iri, "quantityKind") or "",
            comparator=self.text(iri, "comparator") or "=",
            printed=self.text(iri, "printed") or "",
            value=self.number(iri, "value"),
            minimum=self.number(iri, "minimum"),
            maximum=self.number(iri, "maximum"),
            ratio=self.text(iri, "ratio"),
            unit=self.iri(iri, "unit") or "",
        )

    @cached_property
    def observations(self) -> list[Observation]:
        """All observations, by IRI."""
        return [self._observation(iri) for iri in self.of("Observation")]

    def _observation(self, iri: str) -> Observation:
        return Observation(
            iri=iri,
            kind=self.iri(iri, "observedProperty") or "",
            feature=self.iri(iri, "hasFeatureOfInterest") or "",
            result=self.quantity(self.iri(iri, "hasResult") or ""),
            conditions=tuple(map(self.quantity, self.iris(iri, "hasCondition"))),
            cell=self.iri(iri, "inCell"),
            stage=self.iri(iri, "atStage"),
            note=self.text(iri, "note"),
            doubts=tuple(
                reason for doubt in self.iris(iri, "hasDoubt") for reason in self.texts(doubt, "reason")
            ),
            evidence=self._evidence_of(iri),
        )

    @cached_property
    def claims(self) -> list[Claim]:
        """All claims, by IRI."""
        return [
            Claim(
                iri=iri,
                subject=self.iri(iri, "claimSubject") or "",
                relation=self.iri(iri, "claimRelation") or "",
                object=self.iri(iri, "claimObject") or "",
                polarity=self.text(iri, "polarity") or "",
                modality=self.text(iri, "modality") or "",
                evidence=self._evidence_of(iri),
            )
            for iri in self.of("Claim")
        ]

    def _evidence_of(self, iri: str) -> tuple[Evidence, ...]:
        return tuple(map(self._evidence, self.iris(iri, "hasEvidence")))

    def _evidence(self, iri: str) -> Evidence:
        row = self.iri(iri, "inTableRow")
        if row is not None:
            return self._in_table(iri, row)
        section = self.iri(iri, "inSection")
        if section is None:
            return Evidence(iri, None, self.text(iri, "note") or "general chemistry")
        caption, paragraph = self.text(iri, "inCaption"), self.text(iri, "inParagraph")
        place = [
            f"section “{self.label(section)}”",
            *([f"caption of {caption}"] if caption else []),
            *([f"paragraph {paragraph}"] if paragraph else []),
            *self._reference_printed(iri),
        ]
        return Evidence(iri, self._document(section), ", ".join(place), self._originals(iri))

    def _in_table(self, iri: str, row: str) -> Evidence:
        table = self.iri(row, "inTable") or ""
        column = self.iri(iri, "inTableColumn")
        place = [
            f"Table {self.text(table, 'tableNumber')}",
            f"row {self.text(row, 'rowNumber')}",
            *([f"column {self.text(column, 'columnName')}"] if column else []),
            *self._reference_printed(row),
        ]
        document = self._document(self.iri(table, "inSection") or "")
        return Evidence(iri, document, ", ".join(place), self._originals(row))

    def _reference_printed(self, iri: str) -> Iterable[str]:
        printed = self.text(iri, "printedReference")
        return [f"citing {printed}"] if printed else []

    def _document(self, section: str) -> Source:
        return self.source(self.iri(section, "inDocument") or "")

    def source(self, work: str) -> Source:
        """A work that is cited as itself, such as the document that was read."""
        return Source(work, self.label(work), self.text(work, "doi"))

    def _originals(self, node: str) -> tuple[Source, ...]:
        return tuple(map(self._original, self.iris(node, "resolvedReference")))

    def _original(self, reference: str) -> Source:
        """What a reference means: its DOI stands only where title and DOI were seen together."""
        work = self.iri(reference, "refersTo")
        if work is None:
            document = self.label(self.iri(reference, "inDocument") or "")
            return Source(reference, f"{self.label(reference)} of {document}")
        verified = self.iri(reference, "identificationStatus") == _VERIFIED
        return Source(work, self.label(work), self.text(work, "doi") if verified else None)

    @cached_property
    def release(self) -> Release:
        """What the ontology's header says of the release."""

        def header(*names: str) -> str:
            values = [*self.texts(LKG, names[0]), *self.iris(LKG, names[0])]
            return values[0] if values else header(*names[1:]) if len(names) > 1 else ""

        return Release(
            title=header(_DCTERMS + "title"),
            description=header(_DCTERMS + "description"),
            creator=self._creator,
            license=header(_DCTERMS + "license"),
            version=header(_OWL + "versionInfo"),
            date=header(_DCTERMS + "issued", _DCTERMS + "created"),
        )

    @property
    def _creator(self) -> Source:
        """Who made the graph: an IRI with a name, or a name that is given an IRI here."""
        for iri in self.iris(self.dataset, _DCTERMS + "creator"):
            names = (self.text(iri, predicate) for predicate in _NAMES)
            return Source(iri, next(filter(None, names), iri))
        name = self.text(LKG, _DCTERMS + "creator") or "unknown"
        return Source(f"{ID}agent/{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}", name)

    @cached_property
    def dataset(self) -> str:
        """The IRI of the data set, by which the graph describes itself."""
        wanted = ox.NamedNode(SCHEMA + "Dataset")
        types = self._inferred_types
        return next((iri for iri in sorted(types) if wanted in types[iri][RDF_TYPE]), ID + "dataset/lithiokg")
