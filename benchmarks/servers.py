"""Other engines on loopback, to be measured beside ours: the Oxigraph server and, where installed, Virtuoso."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OxigraphServer", "Virtuoso", "virtuoso_is_here"]

_CLIENT = shutil.which("isql-vt") or shutil.which("isql")
_PROGRAM = shutil.which("virtuoso-t")
#: One thread a query: with more, its aggregates change from run to run. Buffers of 8 kB, 1.4 GB in all.
_SETTINGS = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = {limit}
"""


def virtuoso_is_here() -> bool:
    """Whether Virtuoso and its client are installed."""
    return bool(_PROGRAM and _CLIENT)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"{process.args!r} ended with {process.returncode}") from None
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{process.args!r} does not answer")


class OxigraphServer:
    """``oxigraph serve-read-only`` over a store on disk; a query that does not end is ended with it."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> None:
        """Start it, or start it again."""
        self.stop()
        port = _free_port()
        program = Path(sys.executable).with_name("oxigraph")
        command = [str(program), "serve-read-only", "--location", str(self._store), "--union-default-graph"]
        self._process = subprocess.Popen(
            [*command, "--bind", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _await(port, self._process)
        self.url = f"http://127.0.0.1:{port}/query"

    def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()


class Virtuoso:
    """A Virtuoso with a database of its own."""

    def __init__(self, folder: Path, data: Path, limit: float) -> None:
        self._folder, self._data, self._port = folder, data, _free_port()
        http = _free_port()
        settings = folder / "virtuoso.ini"
        text = _SETTINGS.format(folder=folder, data=data.parent, port=self._port, http=http, limit=int(limit))
        settings.write_text(text, encoding="utf-8")
        command = [str(_PROGRAM), "+foreground", "+configfile", str(settings)]
        self._process = subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.url = f"http://127.0.0.1:{http}/sparql"
        _await(http, self._process)

    def load(self) -> float:
        """Load the file; gives the seconds."""
        start = time.perf_counter()
        self._tell(f"ld_dir('{self._data.parent}', '{self._data.name}', 'urn:none')")
        self._tell("rdf_loader_run()")
        seconds = time.perf_counter() - start
        self._tell("checkpoint")
        return seconds

    def size(self) -> int:
        """Bytes of its files."""
        return sum(path.stat().st_size for path in self._folder.iterdir() if path.is_file())

    def stop(self) -> None:
        """Kill it."""
        self._process.kill()
        self._process.wait()

    def _tell(self, command: str) -> None:
        words = [str(_CLIENT), f"127.0.0.1:{self._port}", "dba", "dba", f"exec={command}"]
        subprocess.run(words, capture_output=True, check=True)


@contextmanager
def running(server: OxigraphServer | Virtuoso) -> Iterator[None]:
    """Stop a server in the end."""
    try:
        yield
    finally:
        server.stop()
