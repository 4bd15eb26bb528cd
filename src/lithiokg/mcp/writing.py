"""Readable text beside the structured content."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lithiokg.mcp.limits import shortened
from lithiokg.store.sheet import jsonable, write_sheet
from lithiokg.vocabulary import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lithiokg.questions import Question

__all__ = ["Reply", "plain", "question_entry", "rows_text", "sources_text"]


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer of a tool.

    Attributes:
        text: for reading.
        content: the same for programs.
    """

    text: str
    content: dict[str, Any]


def plain(value: object) -> object:
    """A value that JSON can hold; things as CURIEs."""
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if isinstance(value, Decimal | float):
        return jsonable(value)
    return compact(value) if isinstance(value, str) else value


def question_entry(question: Question, *, whole: bool = False) -> dict[str, Any]:
    """A saved question with its parameters, typed.

    Args:
        question: the question.
        whole: with its description, tags and wordings too.
    """
    entry: dict[str, Any] = {
        "name": question.name,
        "topic": question.topic,
        "question": question.question,
        "parameters": {
            name: {
                key: value
                for key, value in (
                    ("type", parameter.type),
                    ("label", parameter.label),
                    ("kind", parameter.kind),
                    ("unit", parameter.unit),
                    ("choices", list(parameter.choices) or None),
                    ("default", parameter.default),
                )
                if value is not None
            }
            for name, parameter in question.params.items()
        },
    }
    if whole:
        entry |= {
            "title": question.title,
            "description": question.description,
            "tags": list(question.tags),
            "columns": list(question.expect.columns),
            "asks": list(question.asks),
        }
    return entry


def rows_text(
    columns: Sequence[str], rows: Sequence[Sequence[Any]], evidence: Sequence[Mapping[str, Any]]
) -> str:
    """Rows as a Markdown table, and where each is said."""
    lines = [write_sheet(columns, rows, "md")] if rows else ["(no rows)"]
    said = [
        f"{number}. {'; '.join(piece['places'])}{_numbers(piece['references'])}"
        for number, piece in enumerate(evidence, start=1)
        if piece["places"] or piece["references"]
    ]
    if said:
        lines += ["", "Evidence, row by row:", *said]
    return shortened("\n".join(lines), 16_000)


def _numbers(references: Sequence[int]) -> str:
    return f" [{', '.join(map(str, references))}]" if references else ""


def sources_text(sources: Iterable[Mapping[str, Any]], documents: Iterable[Mapping[str, Any]]) -> str:
    """The works to cite."""
    lines = [f"[{each['number']}] {_work(each)}" for each in sources]
    lines += [f"Taken from: {_work(each)}" for each in documents]
    return shortened("\n".join(["Sources:", *lines]), 6_000)


def _work(each: Mapping[str, Any]) -> str:
    return f"{each['citation']} doi:{each['doi']}" if each["doi"] else str(each["citation"])
