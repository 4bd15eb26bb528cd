"""Units and observable properties, read from ``ontology/modules/quantities.ttl``.

The ontology module is the single source of truth for which units and properties exist; this module
only indexes it.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.quantities.spelling import Factors, factors, plain_typography
from lithiokg.sources import find_sources
from lithiokg.vocabulary import ID, LKG, PREFIXES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["PROPERTY", "UNIT", "Property", "Registry", "Unit", "load", "registry"]

#: Base of the IRIs of units.
UNIT = f"{ID}unit/"
#: Base of the IRIs of observable properties.
PROPERTY = f"{ID}property/"

_SKOS = PREFIXES["skos"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of measurement; ``multiplier`` and ``offset`` lead to the coherent SI unit.

    ``si = (figure + offset) * multiplier``, as QUDT has it.
    """

    iri: str
    label: str
    symbol: str
    plain_symbol: str
    ucum_code: str
    dimension_vector: str
    multiplier: Decimal
    offset: Decimal
    factors: Factors
    spellings: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The last part of the IRI, such as ``ohm-square-centimetre``."""
        return self.iri.removeprefix(UNIT)


@dataclass(frozen=True, slots=True)
class Property:
    """An observable property; bounds are in the canonical unit.

    A property without canonical unit is stated in words or, for a solvent ratio, as proportions.
    """

    iri: str
    label: str
    canonical_unit: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    required_conditions: tuple[str, ...] = ()
    any_condition_of: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The last part of the IRI, such as ``coulombic-efficiency``."""
        return self.iri.removeprefix(PROPERTY)


@dataclass(frozen=True)
class Registry:
    """All units and properties, and the spellings by which they are found."""

    units: dict[str, Unit]
    properties: dict[str, Property]
    _by_factors: dict[Factors, Unit] = field(default_factory=dict)
    _by_words: dict[str, Unit] = field(default_factory=dict)

    def find_unit(self, spelling: str) -> Unit | None:
        """The unit of a spelling, in any typography; None where there is none.

        >>> registry().find_unit("ohm*cm^2").label
        'ohm square centimetre'
        """
        product = factors(spelling)
        if product is not None and product in self._by_factors:
            return self._by_factors[product]
        return self._by_words.get(_words(spelling))

    def unit_of(self, product: Factors) -> Unit | None:
        """The unit that is exactly this product of factors."""
        return self._by_factors.get(product)

    def close_units(self, spelling: str, limit: int = 3) -> list[Unit]:
        """Units whose spelling resembles a misspelt one, best first."""
        known = {name: unit for unit in self.units.values() for name in unit.spellings}
        plain = plain_typography(spelling[:80])
        folded: dict[str, Unit] = {}
        for name, unit in known.items():
            folded.setdefault(name.casefold(), unit)
        found = difflib.get_close_matches(plain.casefold(), folded, n=3 * limit, cutoff=0.6)
        return list({folded[name].iri: folded[name] for name in found}.values())[:limit]

    def property(self, name: str) -> Property | None:
        """The property of an IRI or of a key such as ``thickness``."""
        return self.properties.get(name) or self.properties.get(PROPERTY + name)

    def close_properties(self, name: str, limit: int = 3) -> list[str]:
        """Keys of properties whose key or label resembles a misspelt one, best first."""
        names: dict[str, str] = {}
        for item in self.properties.values():
            for spelling in (item.key, *item.labels):
                names.setdefault(spelling.casefold().replace(" ", "-"), item.key)
        folded = name[:80].casefold().replace(" ", "-").replace("_", "-")
        found = difflib.get_close_matches(folded, names, n=3 * limit, cutoff=0.6)
        return list(dict.fromkeys(names[match] for match in found))[:limit]


_WORD = re.compile(r"[^\W\d_]+")
_LONGEST_SYMBOL = 4


def _words(spelling: str) -> str:
    """A spelling in which case means nothing, but where it tells units apart: M and m, MPa and mPa."""
    return " ".join(_WORD.sub(_folded, plain_typography(spelling)).split())


def _folded(word: re.Match[str]) -> str:
    letters = word.group()
    if len(letters) == 1:
        return letters
    kept = 1 if letters[0] in "mM" and len(letters) <= _LONGEST_SYMBOL else 0
    return letters[:kept] + letters[kept:].casefold()


def registry(path: Path | None = None) -> Registry:
    """The registry of the shipped ontology, or of another file; read once per path.

    Raises:
        SourceError: if the file is missing, is not Turtle, or describes a unit incompletely.
    """
    return load(path or find_sources().ontology / "modules" / "quantities.ttl")


@lru_cache(maxsize=8)
def load(path: Path) -> Registry:
    """Read one Turtle file; see :func:`registry`."""
    try:
        graph = ox.Dataset(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    except OSError as error:
        raise SourceError(
            f"the units cannot be read: {error.strerror or error}",
            place=Place(str(path)),
            mend="restore ontology/modules/quantities.ttl",
        ) from error
    except SyntaxError as error:
        place = Place(str(path), error.lineno or 1, error.offset or 1)
        raise SourceError(f"not Turtle: {error.msg}", place=place, mend="correct the syntax") from error
    reader = _GraphReader(graph, str(path))
    units = {unit.iri: unit for unit in map(reader.unit, reader.individuals(UNIT))}
    properties = {item.iri: item for item in map(reader.property, reader.individuals(PROPERTY))}
    by_factors: dict[Factors, Unit] = {}
    by_words: dict[str, Unit] = {}
    for unit in units.values():
        for spelling in unit.spellings:
            # A symbol wins over another unit's alternative label because symbols come first.
            product = factors(spelling)
            if product is not None:
                by_factors.setdefault(product, unit)
            by_words.setdefault(_words(spelling), unit)
    return Registry(units, properties, by_factors, by_words)


class _GraphReader:
    """Reads units and properties out of the parsed module."""

    def __init__(self, graph: ox.Dataset, file: str) -> None:
        self._graph = graph
        self._file = file

    def individuals(self, base: str) -> list[ox.NamedNode]:
        kind = ox.NamedNode(PREFIXES["owl"] + "NamedIndividual")
        found = {
            quad.subject
            for quad in self._graph.quads_for_object(kind)
            if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(base)
        }
        return sorted(found, key=lambda node: node.value)

    def _values(self, node: ox.NamedNode, predicate: str) -> list[str]:
        return sorted(
            quad.object.value
            for quad in self._graph.quads_for_subject(node)
            if quad.predicate.value == predicate and isinstance(quad.object, ox.NamedNode | ox.Literal)
        )

    def _one(self, node: ox.NamedNode, predicate: str) -> str:
        values = self._values(node, predicate)
        if len(values) != 1:
            raise SourceError(
                f"{node.value} has {len(values)} values of {predicate}",
                place=Place(self._file),
                mend="give it exactly one",
            )
        return values[0]

    def _decimal(self, node: ox.NamedNode, name: str) -> Decimal | None:
        values = self._values(node, LKG + name)
        return Decimal(values[0]) if values else None

    def unit(self, node: ox.NamedNode) -> Unit:
        symbol = self._one(node, LKG + "symbol")
        product = factors(symbol)
        if product is None:
            raise SourceError(
                f"the symbol {symbol!r} of {node.value} is not a product of factors",
                place=Place(self._file),
                mend="write it like 'mA h cm-2'",
            )
        label = self._one(node, _SKOS + "prefLabel")
        plain = self._one(node, LKG + "plainSymbol")
        code = self._one(node, LKG + "ucumCode")
        return Unit(
            iri=node.value,
            label=label,
            symbol=symbol,
            plain_symbol=plain,
            ucum_code=code,
            dimension_vector=self._one(node, LKG + "dimensionVector"),
            multiplier=Decimal(self._one(node, LKG + "conversionMultiplier")),
            offset=Decimal(self._one(node, LKG + "conversionOffset")),
            factors=product,
            spellings=tuple(dict.fromkeys((symbol, plain, label, *self._values(node, _SKOS + "altLabel")))),
        )

    def property(self, node: ox.NamedNode) -> Property:
        label = self._one(node, _SKOS + "prefLabel")
        units = self._values(node, LKG + "canonicalUnit")
        return Property(
            iri=node.value,
            label=label,
            canonical_unit=units[0] if units else None,
            minimum=self._decimal(node, "admissibleMinimum"),
            maximum=self._decimal(node, "admissibleMaximum"),
            required_conditions=tuple(self._values(node, LKG + "requiresCondition")),
            any_condition_of=tuple(self._values(node, LKG + "requiresAnyConditionOf")),
            labels=tuple(dict.fromkeys((label, *self._values(node, _SKOS + "altLabel")))),
        )
