"""YAML without what makes it dangerous: what is refused is found before a tree is built.

Refused: anchors and aliases (a few lines of them fill the memory), tags, several documents in one file, deep
nesting (on which the parser in C ends the process), and characters that a terminal obeys or that no text holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

from lithiokg.errors import Place, SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import yaml

    PlaceOf = Callable[[int, int], Place]

__all__ = ["MAX_DEPTH", "Mark", "find_refused", "place_of", "safe_loader"]

#: The deepest nesting of mappings and lists.
MAX_DEPTH = 24
#: Control characters but for the ends of lines, halves of pairs, what is no character, and what turns the
#: direction of the text around it.
_STRANGE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


class Mark(Protocol):
    """What the Python and the C scanner have in common."""

    line: int
    column: int


def safe_loader() -> Any:
    """The loader that executes nothing: in C where there is one."""
    import yaml  # noqa: PLC0415  # ten milliseconds that only readers pay

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def place_of(file: str, mark: Mark | None) -> Place:
    """The place of a YAML mark, counted from 1."""
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)


def find_refused(text: str, place: PlaceOf) -> list[SourceError]:
    """Everything that is refused in a text, or what is no YAML in it.

    Args:
        text: the YAML.
        place: gives the place of a line and a column of it, both counted from 0.

    >>> [problem.message for problem in find_refused("a: &x 1", lambda line, column: Place("a.yaml", line + 1))]
    ['the anchor &x is not allowed here']
    """
    import yaml  # noqa: PLC0415

    problems: list[SourceError] = []
    depth = documents = 0

    def refuse(what: str, event: yaml.Event, mend: str) -> None:
        mark: Any = event.start_mark  # which the parser's events always have
        problems.append(
            SourceError(f"{what} is not allowed here", place=place(mark.line, mark.column), mend=mend)
        )

    try:
        for event in yaml.parse(text, Loader=safe_loader()):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    refuse("a second document", event, "put it into a file of its own")
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    refuse(f"nesting of more than {MAX_DEPTH} levels", event, "flatten it")
                    return problems
            for what, mend in _of_node(event, yaml):
                refuse(what, event, mend)
    except yaml.YAMLError as error:
        problems.append(_syntax(error, text, place))
    return problems


def _of_node(event: Any, kinds: Any) -> Iterator[tuple[str, str]]:  # events, and the module of their kinds
    if isinstance(event, kinds.AliasEvent):
        yield f"the alias *{event.anchor}", "write the value out"
    elif isinstance(event, kinds.NodeEvent):
        if event.anchor is not None:
            yield f"the anchor &{event.anchor}", "remove it"
        if getattr(event, "tag", None) is not None:
            yield f"the tag {event.tag}", "remove it"
        if isinstance(event, kinds.ScalarEvent) and (strange := _STRANGE.search(event.value)):
            yield f"the character U+{ord(strange[0]):04X}, which cannot be seen,", "write what it stands for"


def _syntax(error: yaml.YAMLError, text: str, place: PlaceOf) -> SourceError:
    """A YAML error in one line, with its place."""
    import yaml  # noqa: PLC0415

    if isinstance(error, yaml.MarkedYAMLError):
        context = f" {error.context}" if error.context else ""
        problem = error.problem or "the structure cannot be read"
        mark = error.problem_mark or error.context_mark
        return SourceError(
            f"not YAML: {problem}{context}",
            place=place(mark.line, mark.column) if mark else place(0, 0),
            mend="check indentation, quotes, and the colon and space after each key",
        )
    before = text[: min(getattr(error, "position", 0) or 0, len(text))]
    return SourceError(
        f"not YAML: {getattr(error, 'reason', None) or 'a character that YAML does not allow'}",
        place=place(before.count("\n"), len(before.rpartition("\n")[2])),
        mend="remove the control character",
    )
