"""Stores: embedded (Oxigraph) or remote (any SPARQL 1.1 endpoint), one protocol, results as typed rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.store.embedded import EmbeddedStore
from lithiokg.store.guard import check_query, syntax_error
from lithiokg.store.limits import DEFAULT_MEMORY
from lithiokg.store.protocol import DERIVED_GRAPHS, Answer, Store
from lithiokg.store.services import service_hosts, without_services
from lithiokg.store.table import Row, Table, Term, Value, python_value
from lithiokg.store.tokens import missing_prefixes
from lithiokg.store.writing import write_store

if TYPE_CHECKING:
    from lithiokg.store.remote import RemoteStore

__all__ = [
    "DEFAULT_MEMORY",
    "DERIVED_GRAPHS",
    "Answer",
    "EmbeddedStore",
    "RemoteStore",
    "Row",
    "Store",
    "Table",
    "Term",
    "Value",
    "check_query",
    "missing_prefixes",
    "python_value",
    "service_hosts",
    "syntax_error",
    "without_services",
    "write_store",
]


def __getattr__(name: str) -> object:
    """Import the remote store on first use: it brings the HTTP client, which a snapshot does not need."""
    if name == "RemoteStore":
        from lithiokg.store.remote import RemoteStore  # noqa: PLC0415

        return RemoteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
