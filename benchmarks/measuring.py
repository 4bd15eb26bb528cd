"""Runs, spreads and the machine they were measured on."""

from __future__ import annotations

import gc
import os
import platform
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = [
    "Process",
    "Spread",
    "command",
    "interleaved",
    "machine",
    "peak_memory",
    "python",
    "run_process",
    "spread",
]

#: A pair is measured at least as often as asked for, and on until this many seconds are spent on it.
_SECONDS_FOR_A_PAIR = 0.3
_MOST_RUNS = 101


@dataclass(frozen=True, slots=True)
class Spread:
    """Smallest, median and largest of some runs."""

    minimum: float
    median: float
    maximum: float
    runs: int

    def text(self, digits: int = 3) -> str:
        """The three as a cell of a table, and from how many runs."""
        values = (self.minimum, self.median, self.maximum)
        return " / ".join(f"{value:.{digits}f}" for value in values) + f" ({self.runs})"


def spread(values: Sequence[float]) -> Spread:
    """Smallest, median and largest of a sequence."""
    return Spread(min(values), statistics.median(values), max(values), len(values))


@dataclass(frozen=True, slots=True)
class Process:
    """A process that has ended: wall-clock and processor seconds, and its output."""

    wall: float
    cpu: float
    output: str


def python(code: str) -> list[str]:
    """The command that lets this interpreter run some code."""
    return [sys.executable, "-c", code]


def command(*arguments: str) -> list[str]:
    """The command line of LithioKG: the installed program, or else the module."""
    program = Path(sys.executable).with_name("lithiokg")
    start = [str(program)] if program.is_file() else [sys.executable, "-m", "lithiokg"]
    return [*start, *arguments]


def run_process(
    arguments: Sequence[str], environment: Mapping[str, str], *, given: str = "", limit: float | None = None
) -> Process:
    """Run a command to its end, output and errors into pipes.

    Raises:
        RuntimeError: if it fails, with what it said.
        subprocess.TimeoutExpired: if it takes longer than the limit, in seconds; it is stopped then.
    """
    start = time.perf_counter()
    with subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        start_new_session=limit is not None,
    ) as process:
        before = os.times()
        try:
            output, errors = process.communicate(given, timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # what it has started, too
            raise
        wall = time.perf_counter() - start
        after = os.times()
    if process.returncode:
        raise RuntimeError(f"{Path(arguments[0]).name} {' '.join(arguments[1:3])} failed:\n{errors}")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Process(wall, cpu, output)


def peak_memory() -> float:
    """The most memory that this process has had so far, in MB."""
    import resource  # noqa: PLC0415  # not there on Windows, where nothing else of the benchmarks needs it

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def interleaved(*functions: Callable[[], object], runs: int) -> list[Spread]:
    """Measure functions in turn, A B A B ..., so that a disturbance meets all of them; in milliseconds."""
    times: list[list[float]] = [[] for _ in functions]
    for function in functions:
        function()
    gc.collect()
    begin = time.perf_counter()
    while len(times[0]) < runs or (
        time.perf_counter() - begin < _SECONDS_FOR_A_PAIR and len(times[0]) < _MOST_RUNS
    ):
        for taken, function in zip(times, functions, strict=True):
            start = time.perf_counter()
            function()
            taken.append(1e3 * (time.perf_counter() - start))
    return [spread(taken) for taken in times]


def machine() -> str:
    """Processor count, memory, system, Python and the versions that matter, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in ("lithiokg", "pyoxigraph", "rdflib"))
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, {versions}"
    )
