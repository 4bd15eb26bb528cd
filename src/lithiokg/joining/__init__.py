"""Join a table of the user's with the graph: by formula, InChIKey or DOI."""

from __future__ import annotations

from lithiokg.joining.joined import Joined, Match
from lithiokg.joining.joiner import KINDS, join
from lithiokg.joining.tables import TableError, UserTable, read_csv, read_table, table_of

__all__ = [
    "KINDS",
    "Joined",
    "Match",
    "TableError",
    "UserTable",
    "join",
    "read_csv",
    "read_table",
    "table_of",
]
