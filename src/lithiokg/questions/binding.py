"""Put values into the marked places of a query, and nowhere else."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import UsageError
from lithiokg.questions.terms import term_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lithiokg.questions.model import Question

__all__ = ["Marker", "bind", "find_markers", "stray_markers"]

_MARKED = re.compile(
    r"^[^#\n\"'<]*\bVALUES\s+[?$]\w+\s*\{(?P<body>[^\n]*)\}[ \t]*#@[ \t]*(?P<name>[\w-]+)[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_ANY_MARK = re.compile(r"(?:^|\s)#@[ \t]*([^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marked place: the name behind ``#@`` and the extent of what stands between the braces."""

    name: str
    start: int
    end: int
    body: str


def find_markers(text: str) -> list[Marker]:
    """The marked ``VALUES`` rows of a query, in order.

    >>> [(m.name, m.body) for m in find_markers("VALUES ?x { 500 } #@ minimum")]
    [('minimum', '500')]
    """
    return [
        Marker(match["name"], match.start("body"), match.end("body"), match["body"].strip())
        for match in _MARKED.finditer(text)
    ]


def stray_markers(text: str) -> list[tuple[int, str]]:
    """Offsets and texts of ``#@`` that stand behind anything but a one-variable ``VALUES`` row."""
    lines = {match.start() for match in _MARKED.finditer(text)}
    return [
        (match.start(1), match.group(1).strip())
        for match in _ANY_MARK.finditer(text)
        if text.rfind("\n", 0, match.start(1)) + 1 not in lines
    ]


def bind(question: Question, values: Mapping[str, object], resolve: Callable[[str, str | None], str]) -> str:
    """The text of a question with values in place; see :meth:`lithiokg.questions.Question.bind`."""
    if not values:
        return question.text
    for name in values:
        if name not in question.params:
            raise _unknown(question, name)
    terms = {name: term_of(question.params[name], value, resolve) for name, value in values.items()}
    text = question.text
    # From the back, so that the offsets of the markers before stay true.
    for marker in reversed(find_markers(text)):
        if marker.name in terms:
            text = f"{text[: marker.start]} {terms[marker.name]} {text[marker.end :]}"
    return text


def _unknown(question: Question, name: str) -> UsageError:
    close = difflib.get_close_matches(name, question.params, n=1)
    if close:
        mend = f"did you mean {close[0]}?"
    elif question.params:
        mend = f"its parameters are {', '.join(question.params)}"
    else:
        mend = "leave it out: this question has no parameters"
    return UsageError(f"{question.name} has no parameter {name!r}", mend=mend)
