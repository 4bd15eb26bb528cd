"""What is written to a terminal: never what the terminal would obey, whoever wrote it into the data.

A label from somebody's endpoint or file may hold an escape sequence that moves the cursor, renames the window or
answers for the user. Pipes and files get every character as it is.
"""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from lithiokg.errors import printable

if TYPE_CHECKING:
    from typing import TextIO

__all__ = ["Guarded", "guard_output"]

#: Our own: colors, and the line of progress that is overwritten.
_OURS = re.compile(r"(\x1b\[[0-9;]*m|\r(?:\x1b\[K)?)")


class Guarded:
    r"""A stream to a terminal that passes text on, control characters spelled out.

    >>> import io
    >>> stream = Guarded(io.StringIO())
    >>> _ = stream.write("\x1b[1mbold\x1b[0m and \x1b]0;title\x07")
    >>> stream.getvalue()
    '\x1b[1mbold\x1b[0m and \\x1b]0;title\\x07'
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text."""
        parts = _OURS.split(text)
        self._stream.write(
            "".join(part if number % 2 else printable(part) for number, part in enumerate(parts))
        )
        return len(text)

    def __getattr__(self, name: str) -> Any:  # whatever else a stream has
        return getattr(self._stream, name)


def guard_output() -> None:
    """See that nothing that is said ends in an encoding error, or in a terminal that obeys."""
    for name in ("stdout", "stderr"):
        stream: Any = getattr(sys, name)
        with suppress(AttributeError, ValueError):  # no stream of ours, or one that is closed
            # Such as the bytes of a file name, which need not be text.
            stream.reconfigure(errors="backslashreplace")
        if stream is not None and not isinstance(stream, Guarded) and stream.isatty():
            setattr(sys, name, Guarded(stream))
