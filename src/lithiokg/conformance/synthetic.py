"""Synthetic facts in the shape of the real ones, as many as wanted.

Each synthetic source (``lkgg:asserted/synthetic-1`` and so on) is a review of its own: sections, references to
works, designs with their bodies, observations with results, conditions and evidence, printed groupings as
claims, doubts, canonical values and places of curation. Substances, methods and strategies are those that
the real graph uses in the same role, so that the same classes and mechanisms are derived. There are no
tables: every figure rests on a paragraph.

The facts depend on the catalogue, the seed and nothing else, are made one design at a time, and keep their
IRIs whatever the number of triples asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from random import Random
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from lithiokg.vocabulary import GRAPH, ID, LKG, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = ["DESIGNS_IN_A_SOURCE", "Catalogue", "synthetic", "synthetic_designs"]

#: Designs that each synthetic review reports.
DESIGNS_IN_A_SOURCE = 40
_BODIES = ("LiquidElectrolyte", "InterfacialLayer", "Host", "Coating", "InorganicSolidElectrolyte")
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_INDIVIDUAL = ox.NamedNode(PREFIXES["owl"] + "NamedIndividual")
_LABEL = ox.NamedNode(PREFIXES["skos"] + "prefLabel")
_DECIMAL = ox.NamedNode(PREFIXES["xsd"] + "decimal")
_NORMALIZED = ox.NamedNode(GRAPH + "normalized")
_PROVENANCE = ox.NamedNode(GRAPH + "provenance")

_Value: TypeAlias = "ox.NamedNode | ox.Literal | str | int | bool"

#: Property -> key of its canonical unit and how sources print that.
_UNITS = {
    "area-specific-resistance": ("ohm-square-centimetre", " Ω cm2"),
    "interfacial-resistance": ("ohm", " Ω"),
    "voltage-polarization": ("millivolt", " mV"),
    "cycle-life-time": ("hour", " h"),
    "cycle-life-cycles": ("cycle", " cycles"),
    "coulombic-efficiency": ("percent", "%"),
    "current-density": ("milliampere-per-square-centimetre", " mA cm-2"),
    "areal-capacity": ("milliampere-hour-per-square-centimetre", " mA h cm-2"),
    "cycles": ("cycle", " cycles"),
    "time": ("hour", " h"),
}
#: How many layers are formed from something, bodies declared complete, and figures doubted.
_FORMED_SHARE, _CLOSED_SHARE, _DOUBT_SHARE = 0.4, 0.6, 0.1
_CURRENTS = ("0.1", "0.2", "0.5", "1", "2", "2.5", "4", "5")
_CAPACITIES = ("0.1", "0.5", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What synthetic designs draw from: IRIs of the real graph, sorted, by role and class of body.

    The keys are a property and a class, both by local name, such as ``("hasConstituent", "Host")``; the
    class is empty where any body, or a design, may have the property.
    """

    things: Mapping[tuple[str, str], Sequence[ox.NamedNode]]

    @classmethod
    def of(cls, store: ox.Store) -> Catalogue:
        """Read what the bodies and designs of a graph refer to, by role."""
        wanted = [(name, body) for name in ("hasConstituent", "preparedBy") for body in _BODIES]
        wanted += [("hasSolute", ""), ("formedFrom", ""), ("isGroupedUnder", "")]
        found: dict[tuple[str, str], Sequence[ox.NamedNode]] = {}
        for name, body in wanted:
            kind = f"?body a <{LKG}{body}> ." if body else ""
            solutions = store.query(
                f"SELECT DISTINCT ?thing {{ GRAPH ?g {{ ?body <{LKG}{name}> ?thing . {kind} }}"
                f' FILTER(STRSTARTS(STR(?g), "{GRAPH}asserted/") && !CONTAINS(STR(?g), "synthetic")) }}'
            )
            assert isinstance(solutions, ox.QuerySolutions)  # noqa: S101  # a SELECT returns solutions
            things = [thing for (thing,) in solutions if isinstance(thing, ox.NamedNode)]
            found[name, body] = sorted(things, key=lambda thing: thing.value)
        return cls(found)


def synthetic(catalogue: Catalogue, triples: int = 100_000, *, seed: int = 1) -> Iterator[ox.Quad]:
    """Stream whole designs until at least so many triples are out.

    Args:
        catalogue: what the designs are made of.
        triples: how many triples at least; the last design is not cut.
        seed: another seed gives other figures and compositions under the same IRIs.
    """
    written = 0
    for quads in synthetic_designs(catalogue, seed=seed):
        yield from quads
        written += len(quads)
        if written >= triples:
            return


def synthetic_designs(
    catalogue: Catalogue, *, seed: int = 1, first_source: int = 1
) -> Iterator[list[ox.Quad]]:
    """Stream designs without end, each with its reference and work.

    The first of each source brings the source itself, and two designs that the others are compared with.

    Args:
        catalogue: what the designs are made of.
        seed: another seed gives other figures and compositions under the same IRIs.
        first_source: the number of the source to begin with.
    """
    for number in count(first_source):
        for design in range(1, DESIGNS_IN_A_SOURCE + 1):
            # A generator of its own for each design: the facts do not depend on how many are asked for.
            source = _Source(number, catalogue, Random(f"{seed}/{number}/{design}"), design)  # noqa: S311
            if design == 1:
                source.document()
            source.design()
            yield source.quads


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(LKG + name)


def _thing(key: str) -> ox.NamedNode:
    return ox.NamedNode(ID + key)


class _Source:
    """One design of one synthetic review, with its reference and work."""

    def __init__(self, number: int, catalogue: Catalogue, random: Random, design: int) -> None:
        self.key = f"synthetic-{number}"
        self.graph = ox.NamedNode(f"{GRAPH}asserted/{self.key}")
        self.catalogue = catalogue
        self.random = random
        self.number = design
        self.quads: list[ox.Quad] = []

    # --- records ----------------------------------------------------------------------------------

    def add(self, node: ox.NamedNode, name: str, *values: _Value) -> None:
        """State values of a property, in the graph of the source."""
        for value in values:
            term = value if isinstance(value, ox.NamedNode | ox.Literal) else ox.Literal(value)
            self.quads.append(ox.Quad(node, _term(name), term, self.graph))

    def record(self, key: str, kind: str, label: str = "", **fields: _Value) -> ox.NamedNode:
        """A record: its types, its label, its place of curation and some single-valued fields."""
        node = _thing(key)
        place = ox.Literal(f"data/{self.key}/design-{self.number}.yaml:{len(self.quads) + 1}:3")
        self.quads += [
            ox.Quad(node, _TYPE, _INDIVIDUAL, self.graph),
            ox.Quad(node, _TYPE, _term(kind), self.graph),
            ox.Quad(node, _term("curatedAt"), place, _PROVENANCE),
        ]
        if label:
            self.quads.append(ox.Quad(node, _LABEL, ox.Literal(label, language="en"), self.graph))
        for name, value in fields.items():
            self.add(node, name, value)
        return node

    def any(self, name: str, body: str = "") -> ox.NamedNode:
        """One of the things that the real graph has in this role."""
        return self.random.choice(self.catalogue.things[name, body])

    # --- the document -----------------------------------------------------------------------------

    def document(self) -> None:
        """The review itself, its sections, and the two unmodified designs that the others refer to."""
        work = self.record(f"work/{self.key}", "JournalArticle", f"Synthetic review {self.key}")
        self.add(work, "title", f"A synthetic review of interfaces: {self.key}")
        self.add(work, "publicationYear", 2024)
        for number in range(1, 7):
            self.record(
                f"section/{self.key}/part-{number}",
                "Section",
                f"Part {number}",
                sectionNumber=number,
                inDocument=work,
            )
        for kind, electrolyte in (("liquid", "LiquidElectrolyte"), ("solid", "InorganicSolidElectrolyte")):
            design = self.record(
                f"design/{self.key}-bare-{kind}", "Design", f"bare lithium, {kind} electrolyte"
            )
            self.add(design, "reportedIn", self.reference)
            self.evidence(design)
            self.bodies(design, electrolyte)

    @property
    def reference(self) -> ox.NamedNode:
        """The entry of the bibliography that reports the design."""
        return _thing(f"reference/{self.key}/{self.number}")

    def cited(self) -> None:
        """The entry of the bibliography and the work behind it."""
        year = self.random.randint(2014, 2024)
        work = self.record(
            f"work/{self.key}-article-{self.number}",
            "JournalArticle",
            f"Author et al., {self.key}, {year}",
            title=f"Synthetic article {self.number} of {self.key}",
            authorList="Author A, Author B, et al.",
            journal=f"J Synth Interf {self.random.randint(1, 30)}",
            publicationYear=year,
            volume=str(self.random.randint(1, 60)),
            pages=f"{self.random.randint(1, 900)}",
        )
        self.record(
            self.reference.value.removeprefix(ID),
            "Reference",
            f"reference {self.number}",
            referenceNumber=self.number,
            inDocument=_thing(f"work/{self.key}"),
            identificationStatus=_thing("identification/work-seen"),
            refersTo=work,
        )

    def evidence(self, owner: ox.NamedNode, figure: str = "") -> None:
        """A paragraph of the review that the owner rests on."""
        node = self.record(
            f"{owner.value.removeprefix(ID)}/evidence/text",
            "Evidence",
            inSection=_thing(f"section/{self.key}/part-{self.random.randint(1, 6)}"),
            inParagraph=self.random.randint(1, 9),
            printedReference=str(self.number),
            resolvedReference=self.reference,
        )
        self.add(node, "quotedFigure" if figure else "keyPhrase", figure or "a synthetic paragraph")
        self.add(owner, "hasEvidence", node)

    # --- the design -------------------------------------------------------------------------------

    def design(self) -> None:
        """The design with everything below it."""
        self.cited()
        kind = ("liquid", "host", "solid")[self.number % 3]
        design = self.record(
            f"design/{self.key}-{self.number}", "Design", f"synthetic {kind} design {self.number}"
        )
        self.add(design, "reportedIn", self.reference)
        self.add(
            design,
            "hasBaseline",
            _thing(f"design/{self.key}-bare-{'solid' if kind == 'solid' else 'liquid'}"),
        )
        self.evidence(design)
        electrolyte = "InorganicSolidElectrolyte" if kind == "solid" else "LiquidElectrolyte"
        lithium, other = self.bodies(design, electrolyte)
        if kind == "host":
            self.host(design, lithium, other)
        else:
            self.layer(design, lithium, other)
        self.claim(design)
        self.observations(design, kind)

    def body(self, design: ox.NamedNode, name: str, kind: str, *, constituents: int = 0) -> ox.NamedNode:
        """A component with constituents that real bodies of its class have."""
        node = self.record(f"{design.value.removeprefix(ID)}/components/{name}", kind, f"synthetic {name}")
        self.add(design, "hasComponent", node)
        known = self.catalogue.things.get(("hasConstituent", kind), ())
        for substance in self.random.sample(known, min(constituents, len(known))):
            self.add(node, "hasConstituent", substance)
        return node

    def bodies(self, design: ox.NamedNode, electrolyte: str) -> tuple[ox.NamedNode, ox.NamedNode]:
        """Lithium and an electrolyte."""
        lithium = self.body(design, "lithium", "LithiumElectrode")
        other = self.body(design, "electrolyte", electrolyte, constituents=self.random.randint(1, 2))
        if electrolyte == "LiquidElectrolyte":
            self.add(other, "hasSolute", self.any("hasSolute"))
        return lithium, other

    def layer(self, design: ox.NamedNode, lithium: ox.NamedNode, electrolyte: ox.NamedNode) -> None:
        """A layer between the two."""
        layer = self.body(design, "layer", "InterfacialLayer", constituents=self.random.randint(1, 2))
        self.add(layer, "contacts", lithium, electrolyte)
        self.add(layer, "preparedBy", self.any("preparedBy", "InterfacialLayer"))
        self.add(layer, "formedAt", _thing("stage/before-cell-assembly"))
        if self.random.random() < _FORMED_SHARE:
            self.add(layer, "formedFrom", self.any("formedFrom"))
        self.closed(layer)

    def host(self, design: ox.NamedNode, lithium: ox.NamedNode, electrolyte: ox.NamedNode) -> None:
        """A coated host for the lithium."""
        host = self.body(design, "host", "Host", constituents=1)
        coating = self.body(design, "coating", "Coating", constituents=1)
        self.add(host, "hasCoating", coating)
        self.add(coating, "contacts", lithium, electrolyte)
        self.add(coating, "preparedBy", self.any("preparedBy", "Coating"))
        self.closed(coating)

    def closed(self, body: ox.NamedNode) -> None:
        """Sometimes, the composition of a body is declared complete."""
        if self.random.random() < _CLOSED_SHARE:
            self.add(body, "compositionIsComplete", True)
            self.add(body, "completenessReason", "The synthetic source lists all of it.")

    def claim(self, design: ox.NamedNode) -> None:
        """The strategy under which the source groups the design, and the triple that this states."""
        strategy = self.any("isGroupedUnder")
        claim = self.record(
            f"{design.value.removeprefix(ID)}/claims/printed-strategy",
            "Claim",
            claimSubject=design,
            claimRelation=_term("isGroupedUnder"),
            claimObject=strategy,
            polarity="positive",
            modality="asserted",
        )
        self.add(design, "hasClaim", claim)
        self.add(design, "isGroupedUnder", strategy)
        self.evidence(claim)

    # --- figures ----------------------------------------------------------------------------------

    def observations(self, design: ox.NamedNode, kind: str) -> None:
        """The figures that a row of the real tables has."""
        random = self.random
        resistance = "area-specific-resistance" if kind == "solid" else "interfacial-resistance"
        before = random.randint(50, 3000)
        self.observation(design, "resistance-before", resistance, str(before), "before-cycling")
        after = str(max(1, before // random.randint(2, 40)))
        cycles = {"cycles": str(random.randint(1, 200))}
        self.observation(design, "resistance-after", resistance, after, "after-cycling", **cycles)
        current = {"current-density": random.choice(_CURRENTS), "areal-capacity": random.choice(_CAPACITIES)}
        self.observation(
            design,
            "polarization",
            "voltage-polarization",
            str(random.randint(10, 400)),
            "after-cycling",
            time=str(random.randint(20, 1500)),
            **current,
        )
        life = random.choice(("cycle-life-time", "cycle-life-cycles"))
        self.observation(design, "cycle-life", life, str(random.randint(50, 2000)), "", **current)
        if kind != "solid":
            efficiency = f"{random.randint(900, 999) / 10:.1f}"
            self.observation(design, "efficiency", "coulombic-efficiency", efficiency, "", **current)

    def observation(
        self, design: ox.NamedNode, name: str, kind: str, figure: str, stage: str, **conditions: str
    ) -> None:
        """One figure with its conditions, its paragraph and, now and then, a doubt."""
        key = f"{design.value.removeprefix(ID)}/observations/{name}"
        node = self.record(
            key, "Observation", hasFeatureOfInterest=design, observedProperty=_thing(f"property/{kind}")
        )
        self.add(design, "hasObservation", node)
        if stage:
            self.add(node, "atStage", _thing(f"stage/{stage}"))
        printed = self.quantity(node, "hasResult", f"{key}/result", kind, figure)
        for condition, value in conditions.items():
            self.quantity(node, "hasCondition", f"{key}/conditions/{condition}", condition, value)
        self.evidence(node, printed)
        if self.random.random() < _DOUBT_SHARE:
            doubt = self.record(
                f"{key}/doubts/value",
                "Doubt",
                doubtKind=_thing("doubt/value"),
                reason="The synthetic source contradicts itself here.",
            )
            self.add(node, "hasDoubt", doubt)

    def quantity(self, owner: ox.NamedNode, role: str, key: str, kind: str, figure: str) -> str:
        """A quantity as printed, as reported and in its canonical unit; the print is returned."""
        unit, symbol = _UNITS[kind]
        comparator = "=" if role == "hasCondition" else self.random.choice("===~>")
        printed = f"{comparator.strip('=')}{figure}{symbol}"
        number = ox.Literal(figure, datatype=_DECIMAL)
        node = self.record(
            key,
            "Quantity",
            quantityKind=_thing(f"property/{kind}"),
            printed=printed,
            comparator=comparator,
            reportedValue=number,
            reportedUnit=_thing(f"unit/{unit}"),
        )
        self.add(owner, role, node)
        self.quads += [
            ox.Quad(node, _term("value"), number, _NORMALIZED),
            ox.Quad(node, _term("unit"), _thing(f"unit/{unit}"), _NORMALIZED),
        ]
        return printed
