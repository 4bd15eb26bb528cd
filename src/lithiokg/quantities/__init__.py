"""Figures as papers print them: parsed, checked against units, converted to canonical units.

>>> from lithiokg.quantities import parse
>>> reported = parse("~24 Ω")
>>> reported.comparator, str(reported.value), reported.unit.rpartition("/")[2]
('~', '24', 'ohm')
"""

from __future__ import annotations

from lithiokg.quantities.conversion import Canonical, convert, to_canonical
from lithiokg.quantities.notation import COMPARATORS, QuantityError, Reported, parse
from lithiokg.quantities.units import Property, Registry, Unit, registry

__all__ = [
    "COMPARATORS",
    "Canonical",
    "Property",
    "QuantityError",
    "Registry",
    "Reported",
    "Unit",
    "convert",
    "parse",
    "registry",
    "to_canonical",
]
