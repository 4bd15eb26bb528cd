"""Answer tasks in a process that may be killed at any moment: queries, with formats and limits.

The process itself is :mod:`lithiokg.store.nursery`. A query's text is examined here and not where the server runs, since a hostile text may take long to read.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, NamedTuple, NotRequired, TypedDict

import pyoxigraph as ox

from lithiokg.errors import QueryError
from lithiokg.store import results, worker
from lithiokg.store.guard import check_query, has_dataset_clause, syntax_error
from lithiokg.store.merging import dataset_clauses, merge, overlapping, overlaps
from lithiokg.store.services import check_services, service_failure, service_hosts
from lithiokg.store.tokens import declared_prefixes, missing_prefixes, query_form
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from lithiokg.store.results import Result

__all__ = ["Report", "Source", "Task", "load", "perform"]

_OURS = (QueryError, results.LimitMetError, results.UnacceptableError, results.UnwritableError)
_FORMS = {"SELECT": "table", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}


class Task(TypedDict):
    """A query to answer.

    ``dataset`` (default graphs, named graphs) replaces what the query says; ``graphs`` are those that are
    seen, all where it is ``None``. ``formats`` names the format of each kind of answer. ``cut`` gives the
    first rows of a longer answer; otherwise that is an error. With ``check`` the query is only read.
    ``base`` is what relative IRIs are relative to. ``prefixes``: the usual ones need not be declared.
    ``seconds`` is a limit beside the parent's.
    """

    query: str
    base: str | None
    dataset: tuple[list[str], list[str]] | None
    graphs: list[str] | None
    formats: dict[str, str | None]
    max_rows: int
    max_bytes: int
    seconds: float
    cut: bool
    check: bool
    gzip: bool
    prefixes: bool
    allow_hosts: list[str]


class Report(TypedDict):
    """How a task ended: ``ok``, or why not, with words for the user."""

    outcome: str
    form: NotRequired[str]
    format: NotRequired[str]
    rows: NotRequired[int]
    bytes: NotRequired[int]
    cut: NotRequired[bool]
    gzip: NotRequired[bool]
    message: NotRequired[str]
    mend: NotRequired[str | None]
    line: NotRequired[int]
    column: NotRequired[int]
    retire: NotRequired[bool]
    pid: NotRequired[int]


class Source(NamedTuple):
    """What to answer from.

    Attributes:
        store: the engine.
        in_memory: whether it needs no files.
        united: whether its default graph holds the union of the named ones, each triple once.
        overlaps: the pairs of graphs that have triples in common.
    """

    store: ox.Store
    in_memory: bool = False
    united: bool = False
    overlaps: Collection[tuple[str, str]] = ()

    def evaluate(self, request: worker.Request) -> Result:
        """Start the evaluation of a request (see :func:`lithiokg.store.worker.evaluate`)."""
        default, named = request.get("dataset") or (request["graphs"] or [], request["graphs"] or [])
        if request["as_written"] and not request.get("dataset"):
            default, named = dataset_clauses(request["query"])
        text, base = request["query"], request.get("base")
        if overlapping(default, self.overlaps):
            merged = merge(self.store, default, named)
            return merged.store.query(
                text, base_iri=base, default_graph=[ox.DefaultGraph()], named_graphs=merged.named
            )
        if self.united and not (request["as_written"] or request.get("dataset") or request["graphs"]):
            return self.store.query(text, base_iri=base)
        if self.united and request["graphs"] and not request.get("dataset"):
            request = {**request, "dataset": (default, named)}
        return worker.evaluate(self.store, request)


def load(path: str, up_to: int) -> Source:
    """What is in a folder: in memory, with the union of all graphs, or from disk where it is large.

    Args:
        path: the folder of a store.
        up_to: quads that are taken into memory.
    """
    disk = ox.Store.read_only(path)
    if len(disk) > up_to:
        return Source(disk)
    quads = list(disk.quads_for_pattern(None, None, None, None))
    store = ox.Store()
    store.bulk_extend(quads)
    common = overlaps(quads)
    if common:
        store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return Source(store, True, bool(common), common)


def perform(source: Source, task: Task, write: Callable[[bytes], object]) -> Report:
    """Answer one task; failures are reports too.

    Args:
        source: what to answer from.
        task: the query.
        write: takes the parts of the body.
    """
    missing = missing_prefixes(task["query"]) if task["prefixes"] else []
    if not missing:
        try:
            return _answer(source, task, write)
        except (SyntaxError, MemoryError, OSError, RuntimeError, ValueError, *_OURS) as error:
            return _failure(task, error)
    declared = " ".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in missing)
    report = perform(source, {**task, "query": f"{declared}\n{task['query']}", "prefixes": False}, write)
    if "line" in report:
        report["line"] -= 1
    return report


def _failure(task: Task, error: Exception) -> Report:
    """The report of what came instead of an answer."""
    text = task["query"]
    report: Report = {"outcome": "failed", "message": f"the query failed: {error}"}
    if isinstance(error, SyntaxError):
        error = syntax_error(text, str(error), "<query>", based=bool(task["base"]))
    if isinstance(error, QueryError):
        report = _query_report("query", error)
    elif isinstance(error, results.LimitMetError):
        report = {"outcome": str(error)}
    elif isinstance(error, results.UnacceptableError):
        report = {"outcome": "unacceptable", "form": str(error)}
    elif isinstance(error, results.UnwritableError):
        report = {"outcome": "unwritable", "message": str(error)}
    elif isinstance(error, MemoryError):
        report = {"outcome": "memory", "retire": True}
    elif service_hosts(text):
        failure = service_failure(text, str(error))
        report = {"outcome": "service", "message": failure.message, "mend": failure.mend}
    return report


def _answer(source: Source, task: Task, write: Callable[[bytes], object]) -> Report:
    text, allowed = task["query"], task["allow_hosts"]
    try:
        check_services(text, name="<query>", allow_hosts=allowed)
    except QueryError as error:
        return _query_report("refused", error)
    check_query(text, name="<query>", allow_hosts=allowed)
    request: worker.Request = {
        "query": text,
        "as_written": has_dataset_clause(text),
        "graphs": task["graphs"],
        "max_rows": None,
        "dataset": task["dataset"],
        "base": task["base"],
    }
    form = _FORMS.get(query_form(text) or "", "")
    lacking = not task["cut"] and bool(form) and task["formats"].get(form) is None
    if task["check"] or lacking:
        # Over nothing, it is only read; a call of another host must not be made even so.
        if not service_hosts(text):
            worker.evaluate(ox.Store(), request)
        return {"outcome": "unacceptable", "form": form} if lacking else {"outcome": "ok", "form": form}
    result = source.evaluate(request)
    compressor = zlib.compressobj(4, zlib.DEFLATED, 31) if task["gzip"] else None
    written = results.write_result(
        result,
        write if compressor is None else lambda data: write(compressor.compress(data)),
        task["formats"],
        max_rows=task["max_rows"],
        max_bytes=task["max_bytes"],
        cut=task["cut"],
        prefixes=_usable(declared_prefixes(text)),
    )
    if compressor is not None:
        write(compressor.flush())
    return {"outcome": "ok", "gzip": compressor is not None, **written._asdict()}  # type: ignore[typeddict-item]


def _query_report(outcome: str, error: QueryError) -> Report:
    report: Report = {"outcome": outcome, "message": error.message, "mend": error.mend}
    if error.place is not None:
        report["line"], report["column"] = error.place.line, error.place.column
    return report


def _usable(prefixes: dict[str, str]) -> dict[str, str]:
    """The prefixes of a query that can be written as they are: relative ones and escapes cannot."""
    return {name: iri for name, iri in prefixes.items() if "://" in iri and "\\" not in iri}
