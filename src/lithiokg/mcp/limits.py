"""Answers that a model can hold: cut to a size, with a word on how to ask for less."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["MOST_BYTES", "fitted", "shortened", "size"]

#: The whole of a tool's answer, text and structure together, stays below this.
MOST_BYTES = 48_000
#: Of that, each of the two may have half.
_HALF = MOST_BYTES // 2


def size(content: object) -> int:
    """How many bytes a value takes as JSON."""
    return len(json.dumps(content, ensure_ascii=False, default=str).encode())


def fitted(records: Sequence[Any], make: Callable[[Sequence[Any]], object], most: int = _HALF) -> int:
    """How many of some records fit, the first ones first.

    Args:
        records: what is to be given.
        make: gives the whole content for some of the records.
        most: bytes that the content may take.
    """
    low, high = 0, len(records)
    while low < high:
        middle = (low + high + 1) // 2
        if size(make(records[:middle])) <= most:
            low = middle
        else:
            high = middle - 1
    return low


def shortened(text: str, most: int = _HALF) -> str:
    r"""A text cut at the end of a line so that it takes no more bytes than allowed.

    >>> print(shortened("a\nb\nc", 40))
    a
    b
    c
    """
    if len(text.encode()) <= most:
        return text
    note = "\n… cut here: ask for less, or see the structured content"
    kept = text.encode()[: most - len(note.encode())].decode("utf-8", "ignore")
    return kept[: max(kept.rfind("\n"), 0)] + note
