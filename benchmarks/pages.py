"""Measure every kind of page: how large it is, and how long the server takes for it.

``python benchmarks/pages.py`` writes ``benchmarks/PAGES.md``, and the same to the terminal.

The application is called as the server calls it (ASGI), in this process, without a network between: what is
measured is all that the server does, compression included. *First* is the very first call after the graph was
opened, in the order of the table, so that a page pays for what nobody needed before it; the others are warm.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import importlib.util
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import lithiokg
from lithiokg.web import Settings, create_app
from measuring import Spread, machine, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.applications import Starlette

__all__ = ["main"]

_HERE = Path(__file__).parent
#: Bytes and milliseconds that a page may take.
_BYTES, _MILLISECONDS = 100_000, 50
_HEAD = """# Pages

Written by `python benchmarks/pages.py` on {date}, one run, nothing edited. Every kind of page of the explorer over
the shipped graph, {runs} warm calls each: the time that the server takes (median, and the slowest), with compression
and without a network; *first* is the first call after the graph was opened, in the order of the table. The goals
are {kilobytes:.0f} KB, before compression, and {milliseconds} ms.

Machine: {machine}; load {load:.1f}

| page | KB | KB compressed | first, ms | median, ms | slowest, ms | |
| --- | --- | --- | --- | --- | --- | --- |"""


@dataclass(frozen=True, slots=True)
class _Measured:
    kind: str
    size: int
    sent: int
    first: float
    warm: Spread

    @property
    def fails(self) -> bool:
        """Whether a goal is missed."""
        return self.size > _BYTES or self.warm.median > _MILLISECONDS


def _kinds(graph: lithiokg.KnowledgeGraph) -> dict[str, str]:
    path = _HERE.parent / "tools" / "page_kinds.py"
    spec = importlib.util.spec_from_file_location("page_kinds", path)
    if spec is None or spec.loader is None:
        sys.exit(f"{path} cannot be read")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = module.page_kinds(graph)
    return found


async def _call(app: Starlette, path: str, *, compressed: bool) -> tuple[int, float]:
    """Call the application as a server does; gives the size of the body, and milliseconds."""
    parts = urlsplit(path)
    headers = [(b"host", b"localhost"), (b"accept", b"text/html")]
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": parts.path,
        "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
        "headers": [*headers, (b"accept-encoding", b"gzip")] if compressed else headers,
        "client": ("127.0.0.1", 1), "server": ("localhost", 80), "asgi": {"version": "3.0"},
    }  # fmt: skip
    size = 0
    asked = False

    async def receive() -> dict[str, Any]:
        nonlocal asked
        if asked:
            await asyncio.sleep(3600)  # the client stays
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        nonlocal size
        size += len(message.get("body", b""))

    start = time.perf_counter()
    await app(scope, receive, send)
    return size, 1e3 * (time.perf_counter() - start)


async def _measure(app: Starlette, kind: str, path: str, runs: int) -> _Measured:
    sent, first = await _call(app, path, compressed=True)
    size, _ = await _call(app, path, compressed=False)
    times = [(await _call(app, path, compressed=True))[1] for _ in range(runs)]
    return _Measured(kind, size, sent, first, spread(times))


def _row(each: _Measured) -> str:
    cells = [
        each.kind,
        f"{each.size / 1e3:.1f}",
        f"{each.sent / 1e3:.1f}",
        f"{each.first:.0f}",
        f"{each.warm.median:.1f}",
        f"{each.warm.maximum:.1f}",
        "misses a goal" if each.fails else "",
    ]
    return f"| {' | '.join(cells)} |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and write the report."""
    parser = argparse.ArgumentParser(description="Measure every kind of page and write benchmarks/PAGES.md.")
    parser.add_argument("--runs", type=int, default=20, help="warm calls of each page (20)")
    parser.add_argument("--report", type=Path, default=_HERE / "PAGES.md")
    options = parser.parse_args(arguments)

    with lithiokg.open() as graph:
        app = create_app(graph, Settings(workers=2))
        app.state.pool.start()
        try:
            kinds = _kinds(graph)
            found = [asyncio.run(_measure(app, kind, path, options.runs)) for kind, path in kinds.items()]
        finally:
            app.state.pool.close()
    head = _HEAD.format(
        date=dt.datetime.now(tz=dt.UTC).date(),
        runs=options.runs,
        kilobytes=_BYTES / 1e3,
        milliseconds=_MILLISECONDS,
        machine=machine(),
        load=os.getloadavg()[0],
    )
    text = "\n".join([head, *map(_row, found)]) + "\n"
    options.report.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
