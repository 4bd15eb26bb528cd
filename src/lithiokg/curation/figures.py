"""Quantity notation in records: figures as printed become ``lkg:Quantity`` nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import yaml

from lithiokg.curation.context import QUANTITY
from lithiokg.curation.emitter import RDF_TYPE, Emitter
from lithiokg.curation.literals import typed
from lithiokg.quantities import QuantityError, parse
from lithiokg.vocabulary import LKG, PREFIXES

if TYPE_CHECKING:
    from lithiokg.curation.records import Records
    from lithiokg.quantities import Registry, Reported

__all__ = ["FigureReader"]

_DECIMAL = PREFIXES["xsd"] + "decimal"
_FIELDS = ("printed", "read-as")


class FigureReader(Emitter):
    """Reads figures; needs to know the units and properties."""

    def __init__(self, records: Records, source: str, file: str, units: Registry) -> None:
        super().__init__(records, source, file)
        self.units = units

    def figure(self, iri: str, kind: str, key: yaml.nodes.Node, node: yaml.nodes.Node) -> bool:
        """Read one figure of a property into a quantity node.

        Args:
            iri: the IRI of the quantity.
            kind: the IRI of the property.
            key: the key under which the figure stands.
            node: the figure: text, or a mapping of ``printed`` and ``read-as``.

        Returns:
            Whether the node was declared.
        """
        texts = self._texts(node)
        if texts is None or not self.declare(iri, key):
            return False
        printed, read_as = texts
        self.emit(iri, RDF_TYPE, ox.NamedNode(QUANTITY), key, node)
        self.emit(iri, LKG + "quantityKind", ox.NamedNode(kind), key, key)
        self.emit(iri, LKG + "printed", ox.Literal(printed.value), key, printed)
        meant = None
        if read_as is not None:
            self.emit(iri, LKG + "readAs", ox.Literal(read_as.value), key, read_as)
            meant = self._parsed(read_as, kind, report=True)
        # A print such as "after the first cycle" is no figure; what it is read as is one.
        said = self._parsed(printed, kind, report=read_as is None)
        if said is not None:
            self._said(iri, said, key, printed)
        elif meant is not None:
            self.emit(iri, LKG + "comparator", ox.Literal(meant.comparator), key, printed)
        return True

    def _texts(self, node: yaml.nodes.Node) -> tuple[yaml.ScalarNode, yaml.ScalarNode | None] | None:
        """The node of what is printed and of what it is read as."""
        if isinstance(node, yaml.ScalarNode):
            return node, None
        if not isinstance(node, yaml.MappingNode):
            self.problem("a list where one figure is wanted", node, "write an observation for each figure")
            return None
        fields: dict[str, yaml.ScalarNode] = {}
        for key, value in self.entries(node):
            if key.value not in _FIELDS:
                self.problem(f"a figure has no field {key.value!r}", key, self.suggest(key.value, _FIELDS))
            elif not isinstance(value, yaml.ScalarNode):
                self.problem(f"{key.value!r} is not plain text", value, "write the figure as text")
            else:
                fields[key.value] = value
        if "printed" not in fields:
            self.problem("a figure without 'printed'", node, "give the figure exactly as it is printed")
            return None
        return fields["printed"], fields.get("read-as")

    def _parsed(self, node: yaml.ScalarNode, kind: str, *, report: bool) -> Reported | None:
        try:
            return parse(node.value, kind=kind, units=self.units)
        except QuantityError as error:
            if report:
                self.placed(error, node)
            return None

    def _said(self, iri: str, said: Reported, key: yaml.nodes.Node, node: yaml.nodes.Node) -> None:
        self.emit(iri, LKG + "comparator", ox.Literal(said.comparator), key, node)
        self.emit(iri, LKG + "reportedUnit", ox.NamedNode(said.unit), key, node)
        numbers = {
            "reportedValue": said.value,
            "reportedMinimum": said.minimum,
            "reportedMaximum": said.maximum,
        }
        for name, number in numbers.items():
            if number is not None:
                self.emit(iri, LKG + name, typed(format(number, "f"), _DECIMAL), key, node)
        if said.ratio is not None:
            self.emit(iri, LKG + "reportedRatio", ox.Literal(said.ratio), key, node)
