"""Set up ``.venv`` (and ``.venv-interop``) in the checkout, whatever Python the machine has.

Standard library only.

Debian's Python is externally managed and may lack ``ensurepip`` or even ``pip``; nothing outside the
checkout is touched in any case.
"""

from __future__ import annotations

import configparser
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
OLDEST = (3, 11)
DEFAULT_INDEX = "https://pypi.org/simple"


def ensure(kind: str) -> Path:
    """Make an environment ready and return its folder of programs.

    Args:
        kind: ``"use"`` for the program alone, ``"dev"`` for tests and linters too (both in ``.venv``),
            ``"interop"`` for other people's tools that tests call (in ``.venv-interop``).
    """
    if sys.version_info < OLDEST:
        stop(
            f"LithioKG needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}",
            "call this script with a newer one, such as: python3.12 run",
        )
    venv = ROOT / (".venv-interop" if kind == "interop" else ".venv")
    stamp = venv / f"ready-{kind}"
    wanted = hashlib.sha256(f"{sys.version}{(ROOT / 'pyproject.toml').read_text()}".encode()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return venv / PROGRAMS
    print(f"setting up {venv.name} (once) ...", file=sys.stderr, flush=True)
    python = venv / PROGRAMS / ("python.exe" if os.name == "nt" else "python")
    if not works(python):
        create(venv, python)
    if kind == "use":
        pip(python, "--editable", str(ROOT))
    else:
        pip(python, "--upgrade", "pip>=25.1")  # the first that reads dependency groups
        project = ("--editable", f"{ROOT}[all]") if kind == "dev" else ()
        pip(python, *project, "--group", f"{ROOT / 'pyproject.toml'}:{kind}")
    stamp.write_text(wanted)
    return venv / PROGRAMS


def works(python: Path) -> bool:
    """Whether there is an environment with pip that runs (a copied or outdated one does not)."""
    return (
        python.exists()
        and subprocess.run([python, "-m", "pip", "--version"], check=False, capture_output=True).returncode
        == 0
    )


def create(venv: Path, python: Path) -> None:
    """Create the environment, with a pip in it."""
    has_ensurepip = importlib.util.find_spec("ensurepip") is not None
    options = ["--clear"] if has_ensurepip else ["--clear", "--without-pip"]
    made = subprocess.run(
        [sys.executable, "-m", "venv", *options, str(venv)], check=False, capture_output=True, text=True
    )
    if made.returncode and has_ensurepip:  # Debian ships an ensurepip that refuses to work
        subprocess.run([sys.executable, "-m", "venv", "--clear", "--without-pip", str(venv)], check=True)
    elif made.returncode:
        stop(f"no virtual environment could be made: {made.stderr.strip()}", "install Python's venv module")
    if works(python):
        return
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch_pip(Path(folder))
        environment = {**os.environ, "PYTHONPATH": str(wheel)}
        run([str(python), "-m", "pip", "install", "--quiet", str(wheel)], environment)


def fetch_pip(folder: Path) -> Path:
    """Download the newest wheel of pip from the package index that the machine is set up for."""
    index = index_url().rstrip("/") + "/pip/"
    try:
        with urllib.request.urlopen(index, timeout=60) as page:
            links = re.findall(r'href="([^"]+/(pip-([0-9.]+)-py3-none-any\.whl)[^"]*)"', page.read().decode())
        link, name, _ = max(links, key=lambda found: [int(part) for part in found[2].split(".")])
        target = folder / name
        urllib.request.urlretrieve(urljoin(index, link.split("#")[0]), target)
    except (OSError, ValueError) as error:
        stop(f"pip could not be fetched from {index}: {error}", "connect to the network, or install pip")
    return target


def index_url() -> str:
    """The package index: ``PIP_INDEX_URL``, else pip's own configuration files, else PyPI."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    files = [
        "/etc/pip.conf",
        "~/.pip/pip.conf",
        "~/.config/pip/pip.conf",
        os.environ.get("PIP_CONFIG_FILE", ""),
    ]
    parser = configparser.ConfigParser(interpolation=None)
    parser.read([Path(name).expanduser() for name in files if name])
    return parser.get("global", "index-url", fallback=DEFAULT_INDEX)


def pip(python: Path, *arguments: str) -> None:
    """Install into the environment."""
    quiet = ["--quiet", "--disable-pip-version-check"]
    run([str(python), "-m", "pip", "install", *quiet, *arguments], dict(os.environ))


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run a step; stop with its own words if it fails."""
    if subprocess.run(command, check=False, env=environment, stdin=subprocess.DEVNULL).returncode:
        stop("a package could not be installed (see above)", "connect to the network and call this again")


def stop(problem: str, mend: str) -> None:
    """End with a message and exit code 3."""
    print(f"error: {problem}\n  mend: {mend}", file=sys.stderr)
    sys.exit(3)
