"""The wheel in an environment of its own, in an empty folder, with no network."""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NO_NETWORK = """
import socket

class Blocked(socket.socket):
    def __init__(self, *_, **__):
        raise RuntimeError("a socket was opened")

socket.socket = Blocked
socket.create_connection = Blocked
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("build") is None:
        pytest.skip("hatchling and build (dev group) are not installed")
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("lithiokg-*.whl")
    return built


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; its dependencies come from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment") / "venv"
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, capture_output=True
    )
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / Path(sys.executable).name
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "--python",
            str(python),
            "install",
            "--no-deps",
            "--no-index",
            str(wheel),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (packages / "sitecustomize.py").write_text(NO_NETWORK)
    return scripts


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    dropped = {"PYTHONPATH", "LITHIOKG_SOURCES", "VIRTUAL_ENV", "PYTHONHOME"}
    kept = {key: value for key, value in os.environ.items() if key not in dropped}
    return {
        **kept,
        "LITHIOKG_CACHE": str(tmp_path / "cache"),
        "HOME": str(tmp_path),
        "PYTHONIOENCODING": "utf-8",
    }


def test_the_wheel_holds_the_sources_and_nothing_else_of_the_checkout(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"lithiokg"}
    held = {
        name.removeprefix("lithiokg/_sources/") for name in names if name.startswith("lithiokg/_sources/")
    }
    written = {
        path.relative_to(ROOT).as_posix()
        for folder in ("ontology", "data", "queries")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert held == written | {"CHANGELOG.md", "CITATION.cff", "LICENSE-DATA"}
    licenses = {Path(name).name for name in names if "/licenses/" in name}
    assert licenses == {"LICENSE", "LICENSE-DATA"}
    assert "lithiokg/py.typed" in names
    for folder in ("templates", "static"):
        inside = {
            f"lithiokg/web/{folder}/{path.name}" for path in (ROOT / "src/lithiokg/web" / folder).iterdir()
        }
        assert inside
        assert inside <= set(names)


def test_the_installed_wheel_answers_without_a_network(
    programs: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()

    def call(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(programs / program), *arguments],
            cwd=empty,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    blocked = call(Path(sys.executable).name, "-c", "import socket; socket.socket()")
    assert "a socket was opened" in blocked.stderr
    where = call(
        Path(sys.executable).name,
        "-c",
        "import lithiokg.sources as s; print(s.__file__, s.find_sources().root)",
    )
    assert all(part.startswith(str(programs.parent)) for part in where.stdout.split()), where.stdout
    assert where.stdout.split()[1].endswith("_sources")

    asked = call("lithiokg", "questions", "run", "designs-by-mechanism", "-f", "csv")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "zinc oxide interlayer on garnet" in asked.stdout
    said = call("lithiokg", "ask", "which interlayers keep electrons out?", "-f", "csv")
    assert (said.returncode, "lithium nitride" in said.stdout) == (0, True), said.stderr
    drawn = tmp_path / "resistance.svg"
    call("lithiokg", "questions", "run", "interfacial-resistance-before-and-after", "--plot", str(drawn))
    assert "zinc oxide interlayer on garnet" in drawn.read_text("utf-8")
    exported = call("lithiokg", "export", "observations")
    assert exported.returncode == 0
    assert len([row for row in csv.DictReader(io.StringIO(exported.stdout)) if row["table"]]) > 100
    assert list(empty.iterdir()) == []
