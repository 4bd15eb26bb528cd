"""Triples in pieces of a size that servers take, none of which tears a blank node apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["PIECE", "pieces"]

#: Bytes in a piece (8 MiB, some 40,000 triples).
PIECE = 2**23
#: A blank node at the beginning of a line of N-Triples, and one at its end (no text ends so: it has a quote).
_BLANK = re.compile(r'^_:\S+|(?<= )_:[^\s"]+$')


def pieces(lines: Iterable[str], size: int = PIECE) -> Iterator[bytes]:
    r"""Put triples together into pieces of N-Triples.

    The name of a blank node means something in one piece only. So triples that share blank nodes, over
    others if need be, go into the same piece, however large it gets; they come last.

    Args:
        lines: triples as N-Triples, without full stop and newline.
        size: bytes after which a piece is full.

    >>> list(pieces(["<a> <b> _:x", "<a> <b> <c>", "_:x <b> _:y", "_:z <b> <c>"], size=20))
    [b'<a> <b> <c> .\n<a> <b> _:x .\n_:x <b> _:y .\n', b'_:z <b> <c> .\n']
    """
    piece = bytearray()
    for group in _groups(lines):
        for line in group:
            piece += line.encode()
            piece += b" .\n"
        if len(piece) >= size:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


def _groups(lines: Iterable[str]) -> Iterator[list[str]]:
    """Lines that must stay together: each alone, and in the end those that blank nodes hold together."""
    knots: list[tuple[str, str]] = []
    above: dict[str, str] = {}
    for line in lines:
        blanks = _BLANK.findall(line)
        if not blanks:
            yield [line]
            continue
        first, last = (_top(blank, above) for blank in (blanks[0], blanks[-1]))
        above[last] = first
        knots.append((first, line))
    together: dict[str, list[str]] = {}
    for blank, line in knots:
        together.setdefault(_top(blank, above), []).append(line)
    yield from together.values()


def _top(blank: str, above: dict[str, str]) -> str:
    """The blank node that stands for all that are held together with one; paths are shortened on the way."""
    path = []
    while (up := above.setdefault(blank, blank)) != blank:
        path.append(blank)
        blank = up
    above.update(dict.fromkeys(path, blank))
    return blank
