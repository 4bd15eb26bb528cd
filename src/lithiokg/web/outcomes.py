"""How a query ended that has no answer, as an error for the client."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from lithiokg.errors import LithioKGError, Place, QueryError
from lithiokg.store.limits import ran_out_of_memory
from lithiokg.web.problems import ProblemError

if TYPE_CHECKING:
    from lithiokg.store.resident import Report, Task
    from lithiokg.web.settings import Settings

__all__ = ["end_of", "failure_of", "limit_problem"]

#: The limits by name: the unit, what is said, and after how many seconds it may be tried again.
_LIMITS: dict[str, tuple[str, str, int]] = {
    "time": ("seconds", "the query met the time limit of {value:g} s and was stopped", 30),
    "rows": ("rows", "the answer has more than {value:,} rows, the limit, and no part of it is sent", 300),
    "bytes": ("bytes", "the answer has more than {value:,} bytes, the limit, and no part of it is sent", 300),
    "memory": ("bytes", "the query needed more memory than the limit of {value:,} bytes and was stopped", 30),
    "depth": ("bytes", "the query is nested more deeply than the engine can follow", 300),
    "queue": ("queries", "{value:,} queries are waiting already, the limit", 5),
    "wait": ("seconds", "no worker was free for {value:g} s, the limit, while other queries ran", 15),
    "held": ("bytes", "answers of more than {value:,} bytes, the limit, wait for their clients", 10),
}
_MENDS = {
    "time": "narrow the query, for instance by joining what is named first, or by a LIMIT without ORDER BY",
    "rows": "add LIMIT and OFFSET, or take the whole graph as a file (see /about)",
    "bytes": "ask for fewer columns, add LIMIT, or take the whole graph as a file (see /about)",
    "memory": "narrow the query: fewer joins, no ORDER BY or GROUP_CONCAT over everything",
    "depth": "write the query with fewer brackets inside brackets",
}


def limit_problem(name: str, value: float | None) -> ProblemError:
    """The problem that a limit was met.

    Args:
        name: of the limit.
        value: how far it goes, where that is known.
    """
    unit, words, seconds = _LIMITS[name]
    return ProblemError(
        "limit",
        words.format(value=value),
        mend=_MENDS.get(name, "try again in a moment"),
        headers={"Retry-After": str(seconds)},
        limit=name,
        value=value,
        unit=unit,
    )


def failure_of(report: Report, task: Task, settings: Settings) -> LithioKGError:
    """The error that a worker's report stands for."""
    outcome = report["outcome"]
    message, mend = report.get("message", ""), report.get("mend")
    limits = {"rows": task["max_rows"], "bytes": task["max_bytes"], "memory": settings.memory}
    where = {key: report[key] for key in ("line", "column") if key in report}
    if outcome in limits:
        return limit_problem(outcome, limits[outcome])
    place = Place("<query>", **where) if where else None
    errors: dict[str, LithioKGError] = {
        "query": QueryError(message, place=place, mend=mend),
        "refused": ProblemError("refused", message, mend=mend, headers=None, **where),
        "unacceptable": ProblemError("not-acceptable", "", form=report.get("form")),
        "unwritable": ProblemError("not-acceptable", message, mend="ask for another format"),
        "service": ProblemError("service", message, mend=mend),
    }
    return errors.get(outcome) or LithioKGError(message or "the query failed", mend=mend)


def end_of(settings: Settings, status: int, *, timed_out: bool) -> LithioKGError:
    """The error for a worker that ended without a report.

    Args:
        settings: the limits.
        status: of the process, negative for a signal.
        timed_out: whether it was killed because its time was up.
    """
    if timed_out or status == -getattr(signal, "SIGALRM", 0):
        return limit_problem("time", settings.timeout)
    if status in {-signal.SIGSEGV, -getattr(signal, "SIGBUS", signal.SIGSEGV)}:
        return limit_problem("depth", None)
    if ran_out_of_memory(status):
        return limit_problem("memory", settings.memory)
    return LithioKGError(f"the process that answered the query ended without an answer (status {status})")
