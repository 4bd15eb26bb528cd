"""The shipped graph, built once a session; a small one to break; and the command line in both its ways."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import lithiokg
from lithiokg.build import Cache, build_snapshot
from lithiokg.cli import main
from lithiokg.graph import KnowledgeGraph
from lithiokg.sources import FOLDERS, Sources
from lithiokg.store import EmbeddedStore

ROOT = Path(__file__).parent.parent
SMALL = Path(__file__).parent / "build" / "small"


# Whole graphs as Python objects: looking through them for circles as often as usual is a tenth of the whole time.
gc.set_threshold(200_000, 50, 50)

#: Files that take longest, the longest first: begun last, they would be waited for alone.
SLOWEST = (
    *("competency/test_shipped.py", "release/test_release.py", "queries/test_saved_questions.py"),
    *("web/browser/test_every_page.py", "competency/test_sentences.py", "competency/test_differential.py"),
    *("docs/test_docs.py", "docs/test_add_a_paper.py", "release/test_w3id.py", "web/pages/test_pages.py"),
    *("whatif/test_what_if.py", "explanation/test_justifications.py", "cli/test_bad_input.py"),
)


#: Folders whose tests compute for long in code that others cover: measuring it again doubles their time.
UNMEASURED = tuple(ROOT / "tests" / name for name in ("competency", "docs", "queries", "web/browser"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first, for a run on several cores, and spare them the coverage."""
    rank = {ROOT / "tests" / name: number for number, name in enumerate(SLOWEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in UNMEASURED):
            item.add_marker(pytest.mark.no_cover)


@dataclass(frozen=True)
class Outcome:
    """What a call of the command line did."""

    code: int
    out: str
    err: str

    @property
    def everything(self) -> str:
        return self.out + self.err


Run = Callable[..., Outcome]


def _copy(folders: tuple[str, ...], target: Path) -> Sources:
    for folder in folders:
        shutil.copytree(ROOT / folder, target / folder)
    return Sources(target)


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """The shipped sources as they were when the session began; nobody may change them."""
    return _copy(FOLDERS, tmp_path_factory.mktemp("shipped"))


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Cache:
    """The cache folder of the session."""
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def graph(shipped: Sources, cache: Cache) -> Iterator[KnowledgeGraph]:
    """The shipped graph."""
    snapshot = build_snapshot(shipped, cache=cache)
    with KnowledgeGraph(EmbeddedStore(snapshot.store), shipped, snapshot) as opened:
        yield opened


@pytest.fixture
def small(tmp_path: Path) -> Sources:
    """The shipped ontology and questions over a few records, which a test may change."""
    target = tmp_path / "sources"
    sources = _copy(("ontology", "queries"), target)
    shutil.copytree(SMALL, target / "data" / "paper-2024-1")
    return sources


@pytest.fixture(scope="session")
def _small_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    sources = _copy(("ontology", "queries"), folder / "sources")
    shutil.copytree(SMALL, sources.data / "paper-2024-1")
    build_snapshot(sources, cache=Cache(folder / "cache"))
    shutil.rmtree(sources.root)
    return folder / "cache"


@pytest.fixture
def filled(small: Sources, _small_built: Path, tmp_path: Path) -> Cache:
    """A cache folder of its own in which the small graph is built."""
    cache = Cache(tmp_path / "filled")
    shutil.copytree(_small_built, cache.root)
    for pointer in cache.root.glob("last-*.json"):
        pointer.unlink()
    build_snapshot(small, cache=cache)
    return cache


@pytest.fixture
def edit(small: Sources) -> Callable[[str, str, str], int]:
    """Replace text that stands once in a small source file; tells the line where it stood."""

    def replace(file: str, old: str, new: str) -> int:
        path = small.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    return replace


@pytest.fixture
def environment(shipped: Sources, cache: Cache, graph: KnowledgeGraph) -> dict[str, str]:
    """An environment in which ``lithiokg`` finds the shipped graph built."""
    path = os.pathsep.join([str(Path(lithiokg.__file__).parent.parent), os.environ.get("PYTHONPATH", "")])
    plain = {
        key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "COLUMNS", "LITHIOKG_WITH"}
    }
    return {
        **plain,
        "LITHIOKG_SOURCES": str(shipped.root),
        "LITHIOKG_CACHE": str(cache.root),
        "PYTHONPATH": path,
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def lithio(
    environment: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Call the command line inside this process."""

    def run(*arguments: str, sources: Sources | None = None, cache: Path | None = None) -> Outcome:
        monkeypatch.setenv(
            "LITHIOKG_SOURCES", str(sources.root) if sources else environment["LITHIOKG_SOURCES"]
        )
        monkeypatch.setenv("LITHIOKG_CACHE", str(cache or environment["LITHIOKG_CACHE"]))
        monkeypatch.setenv("COLUMNS", "100")
        monkeypatch.delenv("LITHIOKG_WITH", raising=False)
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main(list(arguments))
        said = capsys.readouterr()
        return Outcome(int(stop.value.code or 0), said.out, said.err)

    return run


@pytest.fixture
def process(environment: dict[str, str]) -> Run:
    """Call the command line as a process of its own."""

    def run(*arguments: str, stdin: str | None = None, **more: str) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "lithiokg", *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment, **more},
            check=False,
            timeout=120,
        )
        return Outcome(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def interop_python() -> str:
    """The Python of the environment with other people's tools, whose pins clash with ours."""
    programs = "Scripts" if os.name == "nt" else "bin"
    python = Path(os.environ.get("LITHIOKG_INTEROP", ROOT / ".venv-interop" / programs / "python"))
    if not python.exists():
        pytest.skip("needs the environment .venv-interop, which ./test sets up when it runs the whole suite")
    return str(python)


#: What a program does to files, by the names under which Python tells of it.
_STEPS = frozenset(
    {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.chmod", "os.utime"}
)
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
Strike = Callable[[Callable[[], object], Path, int], bool]


def _arm(watched: Path, step: int) -> None:
    """Have this process kill itself, as ``kill -9`` would, before the n-th thing that it does to files of a folder.

    A file that is opened to be written counts twice: it is there untouched, and then with a torn beginning.
    """
    pid, inside, left = os.getpid(), os.fspath(watched), step

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(pid, signal.SIGKILL)

    def hook(event: str, args: tuple[object, ...]) -> None:
        if event not in _STEPS or os.getpid() != pid or not args or left <= 0:
            return
        path = args[0]
        if not isinstance(path, str | os.PathLike) or not os.fspath(path).startswith(inside):
            return
        if event != "open":
            count()
        elif int(args[2]) & _WRITES:  # type: ignore[call-overload]
            count()
            if left == 1:
                os.write(os.open(path, int(args[2])), b"designs:\n  torn")  # type: ignore[call-overload]
            count()

    sys.addaudithook(hook)


def killed_at(step: int, call: Callable[[], object], watched: Path) -> bool:
    """Run something in a child that is killed before its n-th step in a folder; says whether it was.

    Step 0 is never: the child runs to its end.
    """
    child = os.fork()
    if child == 0:
        code = 99
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 1)
            os.dup2(nowhere, 2)
            _arm(watched, step)
            call()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.fixture(scope="session")
def strike() -> Strike:
    """Run something in a child that is killed before its n-th step in a folder; says whether it was."""
    if not hasattr(os, "fork"):
        pytest.skip("needs a system that can fork")
    return lambda call, watched, step: killed_at(step, call, watched)
