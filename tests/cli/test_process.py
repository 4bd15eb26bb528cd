"""What only a process of its own shows: streams, pipes, terminals, imports."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAVY = {"rdflib", "pint", "pandas", "pyshacl", "owlready2", "SPARQLWrapper"}
QUESTION = "designs-by-mechanism"

IMPORTS = """
import sys
from lithiokg.cli import main
try:
    main({arguments!r})
except SystemExit as stop:
    print("\\n!", stop.code, *sorted(set(name.partition(".")[0] for name in sys.modules)))
"""


def imported(environment: dict[str, str], *arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS.format(arguments=list(arguments))],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, *names = done.stdout.rpartition("!")[2].split()
    assert code == "0"
    return set(names)


def test_help_imports_nothing_heavy(environment: dict[str, str]) -> None:
    assert not imported(environment, "--help") & {*HEAVY, "yaml", "pyoxigraph", "json"}


def test_a_saved_question_imports_nothing_that_only_a_build_needs(environment: dict[str, str]) -> None:
    assert not imported(environment, "questions", "run", QUESTION, "-f", "csv") & HEAVY


def test_answers_go_to_one_stream_and_notes_to_the_other(process: Any) -> None:
    said = process("questions", "run", QUESTION)
    assert said.code == 0
    assert "zinc oxide interlayer on garnet" in said.out
    assert "rows" not in said.out
    assert re.search(r"\d+ rows", said.err)
    quiet = process("--quiet", "questions", "run", QUESTION)
    assert (quiet.code, quiet.out, quiet.err) == (0, said.out, "")


def test_a_query_comes_from_standard_input(process: Any) -> None:
    said = process("sparql", "--file", "-", "-f", "csv", stdin="SELECT ?s { ?s lkg:formula 'ZnO' }")
    assert (said.code, said.out) == (0, "s\nzinc oxide\n")
    wrong = process("sparql", "--file", "-", stdin="SELECT ?s {\n ?s lkg:formula }")
    assert wrong.code == 2
    assert "<standard input>:2:" in wrong.err


def test_there_are_no_colors_in_a_pipe(process: Any) -> None:
    for arguments in (
        ("questions", "list"),
        ("show", "ZnO"),
        ("questions", "run", QUESTION),
        ("questions", "run", "x"),
    ):
        assert "\x1b" not in process(*arguments).everything


def on_terminal(environment: dict[str, str], *arguments: str, columns: int = 100) -> str:
    pty = pytest.importorskip("pty", reason="the system has no pseudo-terminals")
    termios = pytest.importorskip("termios")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (40, columns)) if hasattr(termios, "tcsetwinsize") else None
    child = subprocess.Popen(
        [sys.executable, "-m", "lithiokg", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
        env={**environment, "COLUMNS": str(columns), "TERM": environment.get("TERM", "xterm")},
    )
    os.close(theirs)
    said = b""
    try:
        while chunk := os.read(ours, 65536):
            said += chunk
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert child.wait(60) == 0
    return said.decode().replace("\r\n", "\n")


def test_a_terminal_gets_colors_unless_no_color_is_set(environment: dict[str, str]) -> None:
    environment["TERM"] = "xterm"
    assert "\x1b[1m" in on_terminal(environment, "questions", "list")
    assert "\x1b" not in on_terminal({**environment, "NO_COLOR": "1"}, "questions", "list")
    assert "\x1b" not in on_terminal({**environment, "TERM": "dumb"}, "questions", "list")


@pytest.mark.parametrize("columns", [60, 80, 140])
@pytest.mark.parametrize("question", ["interfacial-resistance-before-and-after", "what-is-not-reported"])
def test_a_table_fits_the_terminal(environment: dict[str, str], question: str, columns: int) -> None:
    said = on_terminal({**environment, "NO_COLOR": "1"}, "-q", "questions", "run", question, columns=columns)
    assert said
    assert max(map(len, said.splitlines())) <= columns


@pytest.mark.parametrize("columns", [80, 140])
def test_a_description_fits_the_terminal(environment: dict[str, str], columns: int) -> None:
    said = on_terminal({**environment, "NO_COLOR": "1"}, "show", "lkgi:substance/Li", columns=columns)
    assert max(map(len, said.splitlines())) <= columns


@pytest.mark.parametrize("arguments", [("export",), ("export", "observations"), ("questions", "list")])
def test_a_reader_who_stops_early_is_no_failure(
    environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "lithiokg", "-q", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    assert child.stdout.read(10)
    child.stdout.close()
    assert child.stderr.read() == b""
    child.stderr.close()
    assert child.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_a_failure_in_words(environment: dict[str, str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "lithiokg", "questions", "list", "-f", "csv"],
            env=environment,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def program() -> str:
    found = shutil.which(
        "oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if found is None:
        pytest.skip("the oxigraph server (dev group) is not installed")
    return found


@pytest.fixture
def endpoint(program: str, process: Any, tmp_path: Path) -> Iterator[str]:
    dump = tmp_path / "lithiokg.nq"
    written = process("export", "--format", "nquads", "--everything", "-o", str(dump))
    assert written.code == 0, written.err
    store, port = tmp_path / "store", free_port()
    subprocess.run([program, "load", "-l", str(store), "-f", str(dump)], check=True, capture_output=True)
    # The server's default graph is empty here: the queries go to the union of all named graphs.
    command = [
        program,
        "serve-read-only",
        "-l",
        str(store),
        "--bind",
        f"127.0.0.1:{port}",
        "--union-default-graph",
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert server.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/query"
    finally:
        server.terminate()
        server.wait(10)


def test_an_endpoint_answers_as_the_snapshot_does(endpoint: str, lithio: Any) -> None:
    for question in (
        *(QUESTION, "interfacial-resistance-before-and-after", "what-is-not-reported", "lithium-alloys"),
        *("printed-against-resolved-references", "coulombic-efficiencies"),
    ):
        near = lithio("questions", "run", question, "-f", "csv")
        far = lithio("questions", "run", question, "-f", "csv", "--endpoint", endpoint)
        assert (far.code, far.out) == (0, near.out)
    arguments = ("questions", "run", QUESTION, "-p", "mechanism=alloying", "-f", "json")
    assert lithio(*arguments, "--endpoint", endpoint).out == lithio(*arguments).out
    stated = ("questions", "run", QUESTION, "--stated", "-f", "json")
    assert lithio(*stated, "--endpoint", endpoint).out == lithio(*stated).out
    assert lithio("show", "ZnO", "--endpoint", endpoint).out == lithio("show", "ZnO").out
    assert lithio("questions", "test", QUESTION, "--endpoint", endpoint).code == 0
    query = "SELECT ?s { ?s lkg:formula 'ZnO' }"
    assert lithio("sparql", query, "--endpoint", endpoint).out == lithio("sparql", query).out


def test_an_endpoint_that_is_not_there_is_named(lithio: Any) -> None:
    said = lithio("questions", "run", QUESTION, "--endpoint", f"http://127.0.0.1:{free_port()}/query")
    assert said.code == 3
    assert "cannot be reached" in said.err
