"""Whole processes: how long a person at a terminal waits."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.build import Cache
from measuring import Process, Spread, command, python, run_process, spread

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Build", "Commands", "measure_build", "measure_commands"]


@dataclass(frozen=True, slots=True)
class Commands:
    """Seconds of whole processes; ``cpu`` is the processor time of the first three."""

    bare: Spread
    help: Spread
    question: Spread
    cpu: tuple[Spread, Spread, Spread]
    every_question: Spread
    slowest: str


@dataclass(frozen=True, slots=True)
class Build:
    """Seconds of whole builds and of their stages, and processor seconds."""

    wall: Spread
    cpu: Spread
    stages: Mapping[str, Spread]
    triples: int


def measure_build(cache: Path, scratch: Path, *, runs: int) -> Build:
    """Build the shipped graph from nothing, without Java on the path."""
    empty = scratch / "no-programs"
    empty.mkdir()
    environment = {**os.environ, "PATH": str(empty), "LITHIOKG_CACHE": str(cache)}
    environment.pop("JAVA_HOME", None)
    walls: list[float] = []
    cpus: list[float] = []
    stages: dict[str, list[float]] = {}
    triples = 0
    for _ in range(runs):
        process = run_process(command("build", "--force"), environment)
        walls.append(process.wall)
        cpus.append(process.cpu)
        newest = max(Cache(cache).snapshots.glob("*/snapshot.json"), key=lambda path: path.stat().st_mtime)
        description = json.loads(newest.read_text("utf-8"))
        triples = sum(description["graphs"].values())
        for name, seconds in description["seconds"].items():
            stages.setdefault(name, []).append(seconds)
        time.sleep(0.1)
    return Build(
        spread(walls), spread(cpus), {name: spread(values) for name, values in stages.items()}, triples
    )


def measure_commands(name: str, names: Sequence[str], *, runs: int) -> Commands:
    """``python -c pass``, ``lithiokg --help`` and saved questions, in turn; and every question once.

    Args:
        name: the question that is measured ``runs`` times.
        names: all of them.
        runs: how often each of the three.
    """
    environment = dict(os.environ)
    commands = [python("pass"), command("--help"), command("questions", "run", name)]
    taken: list[list[Process]] = [[], [], []]
    for number in range(runs + 1):
        for processes, arguments in zip(taken, commands, strict=True):
            process = run_process(arguments, environment)
            if number:  # the first round only warms the files up
                processes.append(process)
    every = {each: run_process(command("questions", "run", each), environment).wall for each in names}
    bare, help_, question = (spread([process.wall for process in processes]) for processes in taken)
    cpus = [spread([process.cpu for process in processes]) for processes in taken]
    slowest = max(every, key=lambda each: every[each])
    return Commands(bare, help_, question, (cpus[0], cpus[1], cpus[2]), spread(list(every.values())), slowest)
