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
#: No SILENT: it would make no answer of one that failed.
_MARKED_SERVICE = re.compile(
    r"^[^#\n\"'<]*\bSERVICE\s+(?P<body><[^<>\s]*>)\s*\{[ \t]*#@[ \t]*(?P<name>[\w-]+)[ \t]*\r?$",
    re.MULTILINE | re.IGNORECASE,
)
_ANY_MARK = re.compile(r"(?:^|\s)#@[ \t]*([^\n]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Marker:
    """A marked place.

    Attributes:
        name: the name behind ``#@``.
        start: where what stands between the braces begins, or the address behind ``SERVICE``.
        end: where it ends.
        body: what stands there.
        calls: whether it is the address of a ``SERVICE``.
    """

    name: str
    start: int
    end: int
    body: str
    calls: bool = False


def find_markers(text: str) -> list[Marker]:
    """The marked ``VALUES`` rows and ``SERVICE`` addresses of a query, in order.

    >>> [(m.name, m.body) for m in find_markers("VALUES ?x { 500 } #@ minimum")]
    [('minimum', '500')]
    >>> [(m.name, m.body) for m in find_markers("SERVICE <http://h/query> { #@ endpoint")]
    [('endpoint', '<http://h/query>')]
    """
    found = [
        Marker(match["name"], match.start("body"), match.end("body"), match["body"].strip(), calls)
        for pattern, calls in ((_MARKED, False), (_MARKED_SERVICE, True))
        for match in pattern.finditer(text)
    ]
    return sorted(found, key=lambda marker: marker.start)


def stray_markers(text: str) -> list[tuple[int, str]]:
    """Offsets and texts of ``#@`` that stand behind neither a one-variable ``VALUES`` row nor ``SERVICE``."""
    lines = {match.start() for pattern in (_MARKED, _MARKED_SERVICE) for match in pattern.finditer(text)}
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
            # rdflib takes no more than one space behind SERVICE.
            term = terms[marker.name] if marker.calls else f" {terms[marker.name]} "
            text = f"{text[: marker.start]}{term}{text[marker.end :]}"
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
