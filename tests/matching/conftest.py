"""Phrasings with what they mean, and how to tell whether they were understood."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from lithiokg.errors import LithioKGError
from lithiokg.vocabulary import expand

if TYPE_CHECKING:
    from collections.abc import Callable

    from lithiokg.graph import KnowledgeGraph
    from lithiokg.matching import Interpretation, Matcher

HERE = Path(__file__).parent
Phrasing = dict[str, Any]


@pytest.fixture(scope="session")
def matcher(graph: KnowledgeGraph) -> Matcher:
    return graph.matcher


@pytest.fixture(scope="session")
def phrasings() -> Callable[[str], list[Phrasing]]:
    def read(name: str) -> list[Phrasing]:
        found: list[Phrasing] = yaml.safe_load((HERE / f"{name}.yaml").read_text("utf-8"))
        return found

    return read


def _same(graph: KnowledgeGraph, given: object, wanted: object, kind: str | None) -> bool:
    if isinstance(wanted, list):
        return (
            isinstance(given, list)
            and len(given) == len(wanted)
            and all(any(_same(graph, one, other, kind) for one in given) for other in wanted)
        )
    if isinstance(given, list):
        return len(given) == 1 and _same(graph, given[0], wanted, kind)
    if isinstance(wanted, int | float):
        return given is not None and Decimal(str(given)) == Decimal(str(wanted))
    if given == expand(str(wanted)) or str(given) == str(wanted):
        return True
    try:
        return given == graph.names.resolve(str(wanted), kinds=kind)
    except LithioKGError:
        return False


@pytest.fixture(scope="session")
def understood(graph: KnowledgeGraph) -> Callable[[Phrasing, Interpretation | None], bool]:
    """Whether the best interpretation is the one that is expected, with the parameters that are listed."""

    def check(phrasing: Phrasing, best: Interpretation | None) -> bool:
        if phrasing["expect"] == "nothing":
            return best is None
        if best is None:
            return False
        # Other questions may be right too: by their name alone, or with parameters of their own.
        others = [each if isinstance(each, dict) else {"name": each} for each in phrasing.get("also", [])]
        accepted = [(phrasing["expect"], phrasing.get("parameters", {}))]
        accepted += [(each["name"], each.get("parameters", {})) for each in others]
        for name, parameters in accepted:
            params = graph.question(name).params
            if best.question == name and all(
                _same(graph, best.parameters.get(each, params[each].default), value, params[each].kind)
                for each, value in parameters.items()
            ):
                return True
        return False

    return check
