"""What an engine must answer on a data set, in a file beside it: queries, and digests of their right answers."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from lithiokg.conformance.digests import Digests
from lithiokg.errors import LithioKGError, Place

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

__all__ = ["Expected", "Known", "read_expected", "write_expected"]

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Known:
    """A query whose right answer is known by its digests.

    Attributes:
        kind: ``data`` for a fixed query, ``question`` for a saved question.
        name: of the query, in kebab case.
        query: its text, so that the check needs nothing but this file.
        answer: the digests of its right answer.
    """

    kind: str
    name: str
    query: str
    answer: Digests


@dataclass(frozen=True, slots=True)
class Expected:
    """A data set as an engine must hold it, and what it must answer.

    Attributes:
        made_by: the versions of LithioKG and of the engine that answered.
        graphs: the named graphs and their numbers of statements.
        answers: the queries with their right answers.
    """

    made_by: str
    graphs: Mapping[str, int]
    answers: Sequence[Known]

    @property
    def statements(self) -> int:
        """How many statements there are in all graphs."""
        return sum(self.graphs.values())


def write_expected(path: Path, expected: Expected) -> None:
    """Write the file, one query a line so that two of them can be compared."""
    content = {
        "format": _FORMAT,
        "made_by": expected.made_by,
        "statements": expected.statements,
        "graphs": dict(expected.graphs),
        "answers": [asdict(known) for known in expected.answers],
    }
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_expected(path: Path) -> Expected:
    """Read the file.

    Raises:
        LithioKGError: if it is not there, or none.
    """
    mend = "write the data anew: lithiokg conformance --write FOLDER"
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != _FORMAT:
            raise LithioKGError(f"{path} is of another version of LithioKG", mend=mend)
        answers = [_known(entry) for entry in content["answers"]]
        graphs = {str(name): int(count) for name, count in content["graphs"].items()}
        return Expected(str(content["made_by"]), graphs, answers)
    except OSError as error:
        raise LithioKGError(f"{path} cannot be read: {error.strerror or error}", mend=mend) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise LithioKGError(
            f"this is not a file of expected answers: {error}", place=Place(str(path), line), mend=mend
        ) from error


def _known(entry: Any) -> Known:
    answer = entry["answer"]
    digests = Digests(
        columns=tuple(map(str, answer["columns"])),
        rows=int(answer["rows"]),
        ordered=str(answer["ordered"]),
        typed=str(answer["typed"]),
        values=str(answer["values"]),
    )
    return Known(str(entry["kind"]), str(entry["name"]), str(entry["query"]), digests)
