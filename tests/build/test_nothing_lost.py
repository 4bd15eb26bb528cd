"""What a snapshot survives: damaged files, a full or read-only disk, a clock that jumps."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lithiokg.build import Cache, build_snapshot
from lithiokg.build.integrity import find_damage
from lithiokg.build.pipeline import assemble
from lithiokg.files import _forget_locks, lock, scratch_folder, unlock
from lithiokg.graph import open_graph
from lithiokg.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run
    from lithiokg.sources import Sources


DEEP = pytest.mark.skipif(not os.environ.get("LITHIOKG_DEEP"), reason="a long one, run with LITHIOKG_DEEP=1")


def largest(snapshot: Path) -> Path:
    return max((snapshot / "store").glob("*.sst"), key=lambda path: path.stat().st_size)


def garble(path: Path) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    for index in range(middle, min(middle + 200, len(content))):
        content[index] ^= 0x5A
    path.write_bytes(content)


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [garble, halve, Path.unlink])
def test_a_damaged_snapshot_is_built_again_and_answers(
    small: Sources, filled: Cache, damage: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITHIOKG_CACHE", str(filled.root))
    before = build_snapshot(small, cache=filled)
    with open_graph(small) as graph:
        right = graph.ask("figures-of-a-property").rows()
    damage(largest(before.path))
    assert before.damage is not None
    with open_graph(small) as graph:
        assert graph.snapshot is not None
        assert graph.snapshot.damage is None
        assert graph.ask("figures-of-a-property").rows() == right


def test_files_with_another_time_are_read_and_not_built_again(small: Sources, filled: Cache) -> None:
    snapshot = build_snapshot(small, cache=filled)
    os.utime(largest(snapshot.path), (1, 1))
    assert snapshot.damage is None
    garble(largest(snapshot.path))
    assert snapshot.damage is not None
    assert "does not hold what was written" in snapshot.damage


def test_a_store_that_is_damaged_while_it_is_open_says_so_with_the_mend(
    small: Sources, filled: Cache
) -> None:
    snapshot = build_snapshot(small, cache=filled)
    for path in snapshot.store.glob("*.sst"):
        content = bytearray(path.read_bytes())
        content[:: max(1, len(content) // 400)] = b"\x5a" * len(content[:: max(1, len(content) // 400)])
        path.write_bytes(content)
    script = (
        "import sys; from lithiokg.store import EmbeddedStore\n"
        "from lithiokg.errors import LithioKGError\n"
        "try:\n"
        "    EmbeddedStore(sys.argv[1]).query('SELECT (COUNT(*) AS ?n) { ?s ?p ?o }')\n"
        "except LithioKGError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(snapshot.store)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "lithiokg build" in done.stdout, done.stderr[-500:]
    assert "Traceback" not in done.stderr


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if (
        sys.platform != "linux"
        or os.geteuid() != 0
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("only root may make a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_nothing_half_written_stays(
    small: Sources, tiny_disk: Path, lithio: Run
) -> None:
    done = lithio("build", sources=small, cache=tiny_disk / "cache")
    assert done.code == 3
    assert str(tiny_disk) in done.err
    assert "free some space" in done.err
    assert "Traceback" not in done.everything
    left = [path for path in tiny_disk.rglob("*") if path.is_file()]
    assert left == []


def test_a_read_only_disk_can_be_read(small: Sources, filled: Cache, tiny_disk: Path, lithio: Run) -> None:
    mounted = tiny_disk / "cache"
    mounted.mkdir()
    subprocess.run(["mount", "--bind", str(filled.root), str(mounted)], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(mounted)], check=True)
        with pytest.raises(OSError, match="Read-only"):
            (mounted / "probe").touch()
        done = lithio("questions", "run", "figures-of-a-property", sources=small, cache=mounted)
        assert (done.code, "20 Ω cm2" in done.out) == (0, True)
        forced = lithio("build", "--force", sources=small, cache=mounted)
        assert (forced.code, "cannot be written" in forced.err) == (3, True)
    finally:
        subprocess.run(["umount", "-l", str(mounted)], check=True)


@pytest.fixture
def quick(small: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds that write what was assembled once."""
    once = assemble(small)
    monkeypatch.setattr("lithiokg.build.pipeline.assemble", lambda *_, **__: once)
    monkeypatch.setattr("lithiokg.build.background.begin", lambda function: function)


def snapshots(cache: Cache) -> list[Path]:
    return sorted(path.parent for path in cache.snapshots.glob("*/snapshot.json"))


#: The engine's own threads do not survive a fork, so this runs in a process that has opened no store of its own.
DOOMED = """
import os, shutil, sys
from pathlib import Path
from conftest import killed_at
from lithiokg.build import Cache, background, build_snapshot, pipeline
from lithiokg.build.integrity import find_damage
from lithiokg.sources import Sources

small, filled, root = Sources(Path(sys.argv[1])), Path(sys.argv[2]), Path(sys.argv[3])
force, stride = bool(filled.name), int(sys.argv[4])
once = pipeline.assemble(small)
pipeline.assemble = lambda *_, **__: once
background.begin = lambda function: function
cache, step = Cache(root), 1 - stride
snapshots = lambda: [path.parent for path in cache.snapshots.glob("*/snapshot.json")]
build = lambda: build_snapshot(small, cache=Cache(root), force=force)
while True:
    step += stride
    shutil.rmtree(root, ignore_errors=True)
    if force:
        shutil.copytree(filled, root)
    if not killed_at(step, build, root):
        break
    left = snapshots()
    assert len(left) >= force, step
    assert [find_damage(path) for path in left] == [None] * len(left), step
    if stride == 1 or step % 5 == 0:  # each of these writes a store
        killed_at(0, build, root)
        assert snapshots(), step
        assert cache.last(small), step
        assert not [name for name in os.listdir(root) if name.startswith(("building-", "."))], step
print(step)
"""


@pytest.mark.parametrize("force", [True, pytest.param(False, marks=DEEP)])
def test_a_build_that_is_killed_at_any_step_leaves_whole_snapshots_and_the_next_one_tidies_up(
    force: bool, small: Sources, filled: Cache, tmp_path: Path, environment: dict[str, str]
) -> None:
    stride = 1 if os.environ.get("LITHIOKG_DEEP") else 2
    before = str(filled.root) if force else ""
    done = subprocess.run(
        [sys.executable, "-c", DOOMED, str(small.root), before, str(tmp_path / "killed"), str(stride)],
        env={
            **environment,
            "PYTHONPATH": f"{environment['PYTHONPATH']}{os.pathsep}{Path(__file__).parents[1]}",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) > 8


def open_store(cache: Cache, sources: Sources) -> EmbeddedStore:
    return EmbeddedStore(build_snapshot(sources, cache=cache).store)


@DEEP
def test_a_build_that_is_killed_at_any_time_leaves_what_answers(
    small: Sources, tmp_path: Path, environment: dict[str, str]
) -> None:
    cache = Cache(tmp_path / "cache")
    build = [sys.executable, "-m", "lithiokg", "build", "--force"]
    settings = {**environment, "LITHIOKG_SOURCES": str(small.root), "LITHIOKG_CACHE": str(cache.root)}
    begun = time.monotonic()
    subprocess.run(build, env=settings, check=True, capture_output=True)
    whole = time.monotonic() - begun
    for moment in range(100):
        process = subprocess.Popen(build, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * moment / 90)
        process.kill()
        process.wait()
        assert all(find_damage(path) is None for path in snapshots(cache))
        with open_store(cache, small) as store:
            assert store.triples > 1000
    subprocess.run(build, env=settings, check=True, capture_output=True)
    assert not [path for path in cache.root.iterdir() if path.name.startswith(("building-", "."))]


@pytest.mark.usefixtures("quick")
def test_a_damaged_description_of_a_snapshot_is_damage_and_build_mends_it(
    small: Sources, filled: Cache, lithio: Run
) -> None:
    snapshot = build_snapshot(small, cache=filled)
    for name in ("snapshot.json", "files.json"):
        path = snapshot.path / name
        kept = path.read_text("utf-8")
        for content in ("", "{", "1", '{"graphs": 1}', "[" * 100_000, "9" * 5000):
            path.write_text(content, "utf-8")
            assert find_damage(snapshot.path) is not None, content
        said = lithio("diff", snapshot.key, "current", sources=small, cache=filled.root)
        assert (said.code, "is damaged" in said.err) == (3, True), said.everything
        path.write_text(kept, "utf-8")
    path.write_text("{", "utf-8")
    said = lithio("build", sources=small, cache=filled.root)
    assert (said.code, said.out.startswith("built snapshot")) == (0, True), said.everything


def test_what_is_kept_beside_a_snapshot_is_made_again_where_it_is_damaged(
    small: Sources, filled: Cache, lithio: Run
) -> None:
    folder = build_snapshot(small, cache=filled).path
    calls = (("ask", "which figures are there of resistance?"), ("explain", "ZnO", "metal oxide"))
    right = [lithio(*call, sources=small, cache=filled.root) for call in calls]
    kept = [*folder.glob("matching*"), *folder.glob("explanations-*")]
    assert len(kept) == 2
    for path in kept:
        whole = bytearray(path.read_bytes())
        whole[len(whole) // 3] ^= 1
        path.write_bytes(whole)
    assert [lithio(*call, sources=small, cache=filled.root) for call in calls] == right


def test_a_clock_set_forward_does_not_clear_away_a_build_that_runs(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    with cache.construction("aaaaaaaaaaaaaaaa") as ours:
        long_ago = time.time() - 1e6
        os.utime(ours, (long_ago, long_ago))
        gone = cache.root / "building-999999999-deadbeef"
        gone.mkdir()
        os.utime(gone, (long_ago, long_ago))
        with cache.construction("bbbbbbbbbbbbbbbb"):
            assert ours.is_dir()
            assert not gone.exists()


def test_a_clock_set_back_keeps_the_snapshot_in_use(small: Sources, filled: Cache) -> None:
    snapshot = build_snapshot(small, cache=filled)
    os.utime(snapshot.path / "snapshot.json", (1, 1))
    for number in range(6):
        with filled.construction(f"{number:016x}") as folder:
            (folder / "snapshot.json").write_text("{}", encoding="utf-8")
    filled.remember(small, snapshot.key)
    assert filled.holds(snapshot.key)


#: Begins what the product begins beside itself, tells the numbers of the processes, and waits to be killed.
PARENT = """
import os, sys, threading, time
import pyoxigraph as ox
from lithiokg.build import background
from lithiokg.store import EmbeddedStore

if sys.argv[1] == "background":
    background.begin(lambda: time.sleep(1) or "x" * 10_000_000)
    time.sleep(600)
else:
    if sys.argv[1] == "script":
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
    node = ox.NamedNode("http://a/b")
    quads = [ox.Quad(node, node, ox.Literal(n)) for n in range(3000)]
    long = "SELECT (COUNT(*) AS ?n) { ?a ?p ?x . ?b ?p ?y . ?c ?p ?z . FILTER(?x + ?y > ?z * 100000) }"
    EmbeddedStore.in_memory(quads).query(long, timeout=600)
"""


@pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere nobody tells a process that its parent has ended"
)
@pytest.mark.parametrize("kind", ["background", "query", "script"])
def test_what_runs_beside_a_process_that_is_killed_ends_too(kind: str, environment: dict[str, str]) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, kind], env=environment)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
    until = time.monotonic() + 60
    while not (beside := [Path("/proc", number) for number in children.read_text().split()]):
        assert time.monotonic() < until
        time.sleep(0.05)
    time.sleep(0.3)
    parent.kill()
    parent.wait()
    while any(
        process.exists() and "Z" not in (process / "stat").read_text().split()[2] for process in beside
    ):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_forked_child_keeps_no_lock_of_its_parent(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, "work-") as folder:
        end, begun = os.pipe()
        runs, running = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(begun)
            os.write(running, b"x")
            os.read(end, 1)
            os._exit(0)
        os.close(end)
        os.read(runs, 1)
        assert lock(folder) is None
        _forget_locks()  # as when this process is killed
        held = lock(folder)
        assert held is not None
        unlock(held)
        os.close(begun)
        os.waitpid(child, 0)
