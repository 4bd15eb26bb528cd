"""The guide and the notebooks of docs/, followed as a reader follows them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lithiokg.sources import FOLDERS, Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.build import Cache

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
INVENTED = DOCS / "examples" / "invented-2026-1"


@pytest.fixture
def copied(shipped: Sources, tmp_path: Path) -> Sources:
    """A copy of the shipped sources, to which a reader adds."""
    for folder in FOLDERS:
        shutil.copytree(shipped.root / folder, tmp_path / folder)
    return Sources(tmp_path)


@pytest.fixture
def run(
    copied: Sources, cache: Cache, graph: object, lithio: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Callable[[list[str]], str]:
    """Run a command of a page in the folder of the copy."""
    monkeypatch.chdir(copied.root)

    def call(command: list[str]) -> str:
        assert command[0] == "lithiokg"
        return str(lithio(*command[1:], sources=copied, cache=cache.root).out)

    return call


def test_the_guide_does_what_it_says(guide: Any, copied: Sources, run: Callable[[list[str]], str]) -> None:
    done = guide.follow(copied.root, run)
    assert [each.split()[1] for each in done] == [
        *("what-if", "what-if", "what-if", "check", "check"),
        *("show", "explain", "questions", "verify", "coverage"),
    ]


def test_the_files_of_the_guide_are_those_that_it_shows(guide: Any) -> None:
    shown = {block.file: block.content for block in guide.blocks if block.language == "yaml"}
    files = {f"data/{INVENTED.name}/{path.name}": path for path in INVENTED.glob("*.yaml")}
    files["proposal.yaml"] = DOCS / "examples" / "proposal.yaml"
    assert {name: path.read_text(encoding="utf-8") for name, path in files.items()} == shown


def test_nothing_of_the_guide_is_shipped_as_data() -> None:
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            assert INVENTED.name not in path.name
            if path.suffix in {".yaml", ".ttl", ".rq"}:
                assert "invented-2026-1" not in path.read_text(encoding="utf-8"), path


def test_every_page_is_listed_and_every_link_between_pages_leads_somewhere() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = sorted(DOCS.rglob("*.md")) + sorted(DOCS.rglob("*.ipynb"))
    for page in pages:
        name = page.relative_to(DOCS).as_posix()
        assert name == "README.md" or f"]({name})" in index, f"docs/README.md does not list {name}"
    for page in pages:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


# --- notebooks ------------------------------------------------------------------------------------


def run_notebooks(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "tools" / "notebooks.py"), *arguments],
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=500,
    )


# After the guide, which builds the very graph that one of them builds.
def test_the_notebooks_run_and_print_what_they_hold(environment: dict[str, str]) -> None:
    done = run_notebooks(environment, "--check")
    assert done.returncode == 0, done.stderr


def test_the_check_of_the_notebooks_notices_what_is_wrong(
    environment: dict[str, str], tmp_path: Path
) -> None:
    def cell(source: str, printed: str) -> dict[str, object]:
        output = {"output_type": "stream", "name": "stdout", "text": printed}
        return {
            "cell_type": "code",
            "id": "cell-1",
            "metadata": {},
            "source": source,
            "execution_count": None,
            "outputs": [output],
        }

    for name, source in (("other", "print(1 + 1)"), ("broken", "print(1 / 0)"), ("right", "print(3)")):
        notebook = {"cells": [cell(source, "3\n")], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (tmp_path / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    done = run_notebooks(environment, "--check", *(str(path) for path in tmp_path.glob("*.ipynb")))
    assert done.returncode == 1
    assert "other.ipynb, cell 1 holds ['3'], and prints ['2']" in done.stderr
    assert "broken.ipynb stops" in done.stderr
    assert "ZeroDivisionError" in done.stderr
    assert "right" not in done.stderr
    assert "\x1b" not in done.stderr


def test_the_notebooks_hold_their_outputs_and_no_path_of_a_machine() -> None:
    notebooks = sorted((DOCS / "notebooks").glob("*.ipynb"))
    assert [path.stem for path in notebooks] == ["add-a-paper", "explore", "link", "reason"]
    for path in notebooks:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<![\w.])/(home|root|tmp|usr|var|work|Users)/|[A-Z]:\\\\", text), path.name
        outputs = [cell["outputs"] for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        assert sum(map(bool, outputs)) >= len(outputs) - 3, f"{path.name} was stored without its outputs"
