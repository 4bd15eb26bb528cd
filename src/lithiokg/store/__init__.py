"""Stores: embedded (Oxigraph) or remote (any SPARQL 1.1 endpoint), one protocol, results as typed rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lithiokg.store.embedded import EmbeddedStore
from lithiokg.store.guard import check_query, syntax_error
from lithiokg.store.limits import DEFAULT_MEMORY, stop_running
from lithiokg.store.lines import has_blank_node, sorted_graphs, sorted_lines, triple_lines
from lithiokg.store.protocol import DERIVED_GRAPHS, Answer, Store, is_premise
from lithiokg.store.services import service_hosts, without_services
from lithiokg.store.table import Row, Table, Term, Value, python_value
from lithiokg.store.tokens import missing_prefixes, tokenize
from lithiokg.store.writing import write_store

if TYPE_CHECKING:
    from lithiokg.store.graph_store import GraphStore
    from lithiokg.store.remote import RemoteStore

__all__ = [
    "DEFAULT_MEMORY",
    "DERIVED_GRAPHS",
    "Answer",
    "EmbeddedStore",
    "GraphStore",
    "RemoteStore",
    "Row",
    "Store",
    "Table",
    "Term",
    "Value",
    "check_query",
    "has_blank_node",
    "is_premise",
    "missing_prefixes",
    "python_value",
    "service_hosts",
    "sorted_graphs",
    "sorted_lines",
    "stop_running",
    "syntax_error",
    "tokenize",
    "triple_lines",
    "without_services",
    "write_store",
]


def __getattr__(name: str) -> object:
    """Import what speaks HTTP on first use: a snapshot does not need it."""
    if name == "GraphStore":
        from lithiokg.store.graph_store import GraphStore  # noqa: PLC0415

        return GraphStore
    if name == "RemoteStore":
        from lithiokg.store.remote import RemoteStore  # noqa: PLC0415

        return RemoteStore
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
