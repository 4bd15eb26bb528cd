"""Damage to files that are sound: what a disk, an editor or somebody who means harm may do to them."""

from __future__ import annotations

import os
import random
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Damage = Callable[[bytes, int], bytes]

#: What is put in: characters that mean something to one of the formats, or that no text holds.
PIECES = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        *("\0", "\x07", "\x1b[31m", "\ufeff", "\ud800", "\u2028", "\u202e", "\x85", "\r", "\n", "\t"),
        *(
            "{",
            "}",
            "[",
            "]",
            ": ",
            "- ",
            "'",
            '"',
            "&a ",
            "*a",
            "!!python/object:os.system ",
            "<<: ",
            "|",
            ">",
        ),
        *(
            "%",
            "@",
            "#",
            "<",
            "<>",
            "<http://a b>",
            "\\",
            "\\u0000",
            '"\\ud800"',
            '"\\e]0;x\\a"',
            "1e999",
            "-0",
        ),
        *(
            "9" * 5000,
            "0x" + "f" * 5000,
            "NaN",
            "INF",
            "null",
            "~",
            "2020-02-31",
            "1:30",
            "../../etc",
            "=1+1",
        ),
        *("lkg:", "_:b", '"""', "^^xsd:integer", "@en--ltr", ";", ",", ".", "(", ")", "[" * 60, "{a: " * 60),
        *("--- ", "...\n", "Ω", "µ", "?x", "$", "%41", "{0}", "SERVICE <http://x> {", "//["),
    )
)


def damaged(content: bytes, seed: int) -> bytes:
    """A file with one to eight changes."""
    chance = random.Random(seed)  # noqa: S311  # damage, not secrets
    data = bytearray(content)
    for _ in range(chance.choice([1, 1, 1, 2, 3, 8])):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(7):
            case 0:
                data[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[at : at + chance.choice([1, 5, 30, 300])]
            case 2 | 3:
                data[at : at + chance.choice([0, 0, 1, 10])] = chance.choice(PIECES)
            case 4:
                data[at:at] = data[at : at + chance.choice([3, 20, 200])] * chance.choice([1, 3])
            case 5:
                lines = bytes(data).split(b"\n")
                one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
                lines[one] = chance.choice([lines[other], b"  " + lines[one], lines[one].lstrip(), b""])
                data = bytearray(b"\n".join(lines))
            case _:
                words = list(re.finditer(rb"[\w.:/-]+", data)) or [re.match(b"", b"")]
                one, other = chance.choice(words), chance.choice(words)
                if one and other:
                    data[slice(*one.span())] = chance.choice([other[0], b"", chance.choice(PIECES)])
    return bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.05 else data)


@pytest.fixture(scope="session")
def damage() -> Damage:
    """A file with some changes, by the number of the attempt."""
    return damaged


@pytest.fixture(scope="session")
def attempts() -> int:
    """How many changed files each reader is given."""
    return 5_000 if os.environ.get("LITHIOKG_DEEP") else 80
