"""What goes wrong, where it stands, and how it is mended.

Every error that a user can cause is a :class:`LithioKGError`: it names the place and the mend, and
carries the exit code of the command line. Anything else that escapes is a bug of ours.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import IntEnum

__all__ = [
    "ExitCode",
    "InconsistencyError",
    "LithioKGError",
    "Place",
    "QueryError",
    "SourceError",
    "TimeLimitError",
    "UsageError",
    "not_utf8",
    "printable",
]


class ExitCode(IntEnum):
    """Exit codes of the command line, as documented in the README."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    FAILURE = 3
    TIME_LIMIT = 4


#: What a terminal obeys, what turns the direction of the text around it, and halves of pairs.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    r"""A text as people may be shown it, whoever wrote what is quoted in it.

    >>> print(printable("no \x1b[31mred\nand no bell\x07"))
    no \x1b[31mred
    and no bell\x07
    """
    return _UNPRINTABLE.sub(lambda sign: sign[0].encode("unicode_escape").decode("ascii"), text)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a text file; ``line`` and ``column`` count from 1.

    >>> str(Place("data/a.yaml", 3, 7))
    'data/a.yaml:3:7'
    """

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        # A name with the end of a line in it would be taken for two lines.
        name = self.file.replace("\n", "\\n") if "\n" in self.file else self.file
        return f"{name}:{self.line}:{self.column}"


class LithioKGError(Exception):
    """A failure with a place (where known) and a mend (where there is one)."""

    exit_code: ExitCode = ExitCode.FAILURE

    def __init__(self, message: str, *, place: Place | None = None, mend: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self.mend = mend

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        mend = f"\n  mend: {self.mend}" if self.mend else ""
        return printable(f"{where}{self.message}{mend}")


def not_utf8(error: UnicodeDecodeError, file: str) -> SourceError:
    r"""The complaint of a file that is not UTF-8, with the place of the first wrong byte.

    >>> try:
    ...     b"a: 1\nb: \xe9".decode()
    ... except UnicodeDecodeError as error:
    ...     print(not_utf8(error, "data/a.yaml").message, not_utf8(error, "data/a.yaml").place)
    the byte 0xe9 is not UTF-8 data/a.yaml:2:4
    """
    before = error.object[: error.start]
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    return SourceError(
        f"the byte 0x{error.object[error.start]:02x} is not UTF-8",
        place=Place(file, before.count(b"\n") + 1, column),
        mend="save the file as UTF-8",
    )


class UsageError(LithioKGError):
    """The call itself is off: an unknown name, a parameter of the wrong type."""

    exit_code = ExitCode.USAGE


class SourceError(LithioKGError):
    """A source file (YAML, Turtle, saved query) cannot be read."""


class QueryError(LithioKGError):
    """A SPARQL query does not parse or cannot be evaluated."""

    exit_code = ExitCode.USAGE

    def one_line_up(self) -> QueryError:
        """The error as of the text that the user wrote, before which a line of prefixes was put."""
        if self.place is None or self.place.line <= 1:
            return self
        place = replace(self.place, line=self.place.line - 1)
        return QueryError(self.message, place=place, mend=self.mend)


class InconsistencyError(LithioKGError):
    """Facts and ontology contradict each other."""

    exit_code = ExitCode.FINDINGS


class TimeLimitError(LithioKGError):
    """A query met its time limit and was stopped."""

    exit_code = ExitCode.TIME_LIMIT
