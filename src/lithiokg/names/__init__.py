"""Names: find a thing by label, synonym, formula, CURIE or IRI, and label any IRI."""

from __future__ import annotations

from lithiokg.names.index import Name, NameIndex, fold
from lithiokg.names.stored import LARGE, StoredNames

__all__ = ["LARGE", "Name", "NameIndex", "StoredNames", "fold"]
