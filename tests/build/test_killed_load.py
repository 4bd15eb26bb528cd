"""A load that is killed in any of its phases: the snapshot that was there stays whole and answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lithiokg.build import load_snapshot, loaded_snapshot
from lithiokg.build.snapshot import build_snapshot
from lithiokg.store import EmbeddedStore
from lithiokg.vocabulary import GRAPH

#: Says each phase as it begins, as the command does on a terminal.
SCRIPT = """
import sys
from pathlib import Path
from lithiokg.build import add_to_snapshot, load_snapshot
from lithiokg.sources import Sources

sources, file, folder, add = Sources(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4] == "add"
(add_to_snapshot if add else load_snapshot)([file], folder, sources=sources, stage=lambda words: print(words, flush=True))
"""
PHASES = {
    "load": ("loading", "validating", "deriving", "compacting", "taking stock"),
    "add": ("reading", "validating", "deriving", "writing", "taking stock"),
}
DEEP = pytest.mark.skipif(not os.environ.get("LITHIOKG_DEEP"), reason="a long one, run with LITHIOKG_DEEP=1")
DELAYS = [0.0, *(pytest.param(seconds, marks=DEEP) for seconds in (0.02, 0.1, 0.3))]
QUESTION = "SELECT (COUNT(*) AS ?n) { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
MADE = tuple(GRAPH + name for name in ("inferred", "closures", "questions", "void", "mappings/", "ontology"))


@pytest.fixture
def file(small, filled, tmp_path):
    """What the small records state, as N-Quads."""
    path = tmp_path / "stated.nq"
    with EmbeddedStore(build_snapshot(small, cache=filled).store) as store:
        lines = sorted(f"{quad} ." for quad in store.quads() if not quad.graph_name.value.startswith(MADE))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def count(folder):
    snapshot = loaded_snapshot(folder)
    assert snapshot.damage is None
    with EmbeddedStore(snapshot.store) as store:
        return store.query(QUESTION).dicts()


def killed_in(phase, delay, command):
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            if line.strip() == phase:
                time.sleep(delay)
                process.kill()
                break
        else:
            pytest.fail(f"there was no {phase}: {process.stderr.read()[-2000:]}")
    return process.returncode


@pytest.mark.parametrize("delay", DELAYS)
@pytest.mark.parametrize("how", ["load", pytest.param("add", marks=DEEP)])
def test_a_load_that_is_killed_in_any_phase_leaves_what_was_there_and_the_next_one_tidies_up(
    how, delay, small, file, tmp_path
):
    folder = tmp_path / "loaded"
    load_snapshot([file], folder, sources=small, processes=1)
    before = count(folder)
    more = tmp_path / "more.nq"
    subject = "<https://w3id.org/lithiokg/id/substance/Zn> <http://www.w3.org/2004/02/skos/core#note>"
    more.write_text(f'{subject} "seen again"@en <{GRAPH}asserted/more> .\n', "utf-8")
    command = [
        sys.executable,
        "-c",
        SCRIPT,
        str(small.root),
        str(more if how == "add" else file),
        str(folder),
        how,
    ]
    for phase in PHASES[how]:
        killed_in(phase, delay, command)
        assert count(folder) == before, phase
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert count(folder) == before
    assert not [path.name for path in Path(folder).iterdir() if path.name.startswith(("building-", "."))]
