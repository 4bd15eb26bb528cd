"""The tools that compute identifiers, as modules."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parent.parent.parent


def tool(name: str) -> ModuleType:
    path = ROOT / "tools" / f"{name}.py"
    if not path.is_file():
        pytest.skip("the tools are not part of an installed copy")
    spec = importlib.util.spec_from_file_location(f"tools_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def identity() -> ModuleType:
    """``tools/identity.py``."""
    return tool("identity")


@pytest.fixture(scope="session")
def mappings() -> ModuleType:
    """``tools/identity_mappings.py``."""
    return tool("identity_mappings")


@pytest.fixture(scope="session")
def upstream() -> Path:
    """Copies of other ontologies, where there are any."""
    folder = Path(os.environ.get("LITHIOKG_UPSTREAM", ROOT.parent / "shared" / "upstream"))
    if not (folder / "chemical-substance").is_dir():
        pytest.skip(f"there are no copies of other ontologies in {folder}")
    return folder
