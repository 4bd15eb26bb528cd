"""Take a picture of every kind of page, in light, in dark and on a phone.

python tools/screenshots.py FOLDER [WORD ...]       only kinds of page that hold one of the words

It serves the graph on loopback and drives the chromium of the system (Debian: apt-get install chromium).
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from page_kinds import page_kinds
from playwright.sync_api import sync_playwright

import lithiokg
from lithiokg.web import Settings, create_app
from lithiokg.web.serving import address_of, bind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lithiokg.graph import KnowledgeGraph

#: What is no taller is taken whole.
TALLEST = 2600
LOOKS = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light", "device_scale_factor": 2},
}


@contextmanager
def serving(graph: KnowledgeGraph) -> Iterator[str]:
    """Serve a graph in a thread; gives the address."""
    settings = Settings(port=0, workers=2)
    listener = bind(settings)
    app = create_app(graph, settings)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        app.state.pool.start()
        yield address_of(listener, settings).rstrip("/")
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()


def main(folder: Path, words: list[str]) -> None:
    """Take the pictures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("there is no chromium; install it, on Debian by: apt-get install chromium")
    folder.mkdir(parents=True, exist_ok=True)
    with lithiokg.open() as graph, serving(graph) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        kinds = page_kinds(graph)
        chosen = {
            kind: path for kind, path in kinds.items() if not words or any(word in kind for word in words)
        }
        for look, options in LOOKS.items():
            page = browser.new_context(**options).new_page()
            for kind, path in chosen.items():
                page.goto(address + path)
                tall = page.evaluate("document.documentElement.scrollHeight")
                clip = {"x": 0, "y": 0, "width": options["viewport"]["width"], "height": min(tall, TALLEST)}
                page.screenshot(
                    path=folder / f"{kind.replace(', ', '-').replace(' ', '-')}.{look}.png",
                    full_page=True,
                    clip=clip,
                )
        browser.close()
    print(f"{len(chosen) * len(LOOKS)} pictures in {folder}")


if __name__ == "__main__":
    _, *given = sys.argv
    if not given:
        sys.exit(__doc__)
    main(Path(given[0]), given[1:])
