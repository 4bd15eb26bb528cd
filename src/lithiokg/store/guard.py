"""What a query may not do, and why one does not parse, in words.

Queries are read-only: updates are refused, and so is ``SERVICE`` unless its host is allowed by name (see
:mod:`lithiokg.store.services`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from lithiokg.errors import Place, QueryError, printable
from lithiokg.store.services import calls_service, check_services
from lithiokg.store.tokens import (
    Token,
    declared_prefixes,
    place_at,
    query_form,
    tokenize,
    tokens_from,
    used_prefixes,
)
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["check_query", "has_dataset_clause", "syntax_error"]

_REPORTED = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_IRI_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
#: As many brackets may be open at once.
_DEEPEST = 500
#: As many words and signs between terms may a query have; its terms are not counted, such as those of VALUES.
_MOST = 2000
_UNCOUNTED = frozenset("(),") | {"UNDEF", "TRUE", "FALSE"}
#: Of a line, so many characters are shown before and behind a place.
_SHOWN = 80
_BRACKETS = {"{": "}", "(": ")", "[": "]"}
#: Phrases of the engine's parser among its lists of tokens, and what they mean.
_PHRASES = {
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable that is neither grouped by nor inside an aggregate"
    ),
    "already used": "a variable is given a second value with AS",
    "overrides": "a variable is given a second value with AS",
    "blank node": "a blank node label is used in two groups",
}


def check_query(text: str, *, name: str, allow_hosts: Collection[str] = ()) -> None:
    """Refuse updates, and ``SERVICE`` to a host that is not allowed by name.

    Args:
        text: the query.
        name: what the text is called in messages (a file name or ``<query>``).
        allow_hosts: hosts that ``SERVICE`` may call, such as ``example.org`` or ``localhost:7878``.

    Raises:
        QueryError: naming the place and the mend.
        UsageError: if an allowed host is not the name of one.
    """
    _check_depth(text, name)
    _check_length(text, name)
    form = query_form(text)
    if form not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE", None}:
        token = next(token for token in tokenize(text) if token.text.upper() == form)
        raise QueryError(
            f"{form} is an update, and a snapshot is read-only",
            place=place_at(text, token.start, name),
            mend="change the source files under data/ and build again; queries only read",
        )
    check_services(text, name=name, allow_hosts=allow_hosts)


def _check_depth(text: str, name: str) -> None:
    """Refuse brackets so deep inside brackets that the engine's parser would end the process.

    It uses the stack of the process: some thousand levels are too many.
    """
    if sum(map(text.count, _BRACKETS)) <= _DEEPEST:
        return
    depth = 0
    for token in tokenize(text):
        if token.kind == "other":
            depth += (token.text in _BRACKETS) - (token.text in _BRACKETS.values())
            if depth > _DEEPEST:
                raise _error(
                    text,
                    f"more than {_DEEPEST} brackets inside each other",
                    token.start,
                    name,
                    "write the query with fewer brackets inside brackets",
                )


def _check_length(text: str, name: str) -> None:
    """Refuse chains so long, such as of ``!`` or UNION, that the engine's parser or planner would end the process.

    They use its stack, as brackets do: the shortest such chain seen had 3,000 links of several words each.
    """
    if len(text) <= _MOST:
        return
    counted = 0
    for token in tokenize(text):
        counted += token.kind in {"word", "other"} and token.text.upper() not in _UNCOUNTED
        if counted > _MOST:
            mend = "ask in several queries"
            raise _error(text, f"more than {_MOST:,} words and signs", token.start, name, mend)


class Examined(NamedTuple):
    """What matters of a query that passed: whether it chooses its own graphs, whether it calls a host."""

    as_written: bool
    calls_out: bool


@lru_cache(maxsize=256)
def examine(text: str, *, name: str, allow_hosts: frozenset[str] = frozenset()) -> Examined:
    """:func:`check_query` and what else is to be known of a query, remembered for texts that passed."""
    check_query(text, name=name, allow_hosts=allow_hosts)
    return Examined(has_dataset_clause(text), calls_service(text))


def has_dataset_clause(text: str) -> bool:
    """Whether the query chooses its own graphs with ``FROM``."""
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokenize(text))


def syntax_error(text: str, message: str, name: str, *, based: bool = False) -> QueryError:
    """Turn the parser's complaint into a place and a few words.

    Args:
        text: the query that did not parse.
        message: the parser's message, ``error at LINE:COLUMN: expected one of ...``.
        name: what the text is called.
        based: whether relative IRIs are all right, since it is known what they are relative to.

    Returns:
        The error to raise: undeclared prefixes, relative IRIs and open brackets are named as such.
    """
    declared = declared_prefixes(text)
    for prefix, token in used_prefixes(text).items():
        if prefix not in declared:
            namespace = PREFIXES.get(prefix)
            mend = (
                f"add the line  PREFIX {prefix}: <{namespace}>"
                if namespace
                else f"declare it:  PREFIX {prefix}: <...>"
            )
            return _error(text, f"the prefix {prefix}: is not declared", token.start, name, mend)
    found = (None if based else _relative_iri(text)) or _open_bracket(text)
    if found:
        return _error(text, *found, name)
    match = _REPORTED.match(message)
    if not match:
        return QueryError(f"the query does not parse: {message}", place=Place(name))
    lines = text.split("\n")
    line = min(int(match.group(1)), len(lines))
    offset = sum(len(part) + 1 for part in lines[: line - 1]) + int(match.group(2)) - 1
    words = next((words for phrase, words in _PHRASES.items() if phrase in match.group(3)), None)
    if words is None:
        rest = next(tokens_from(text, min(offset, len(text))), None)
        words = (
            f"the query does not parse at or just before {_shortened(rest.text)}"
            if rest
            else "the query does not parse: it ends too early, or the last group is incomplete"
        )
    return _error(text, words, min(offset, len(text)), name)


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 30 else text[:27] + "...")  # noqa: PLR2004


def _relative_iri(text: str) -> tuple[str, int] | None:
    if any(token.kind == "word" and token.text.upper() == "BASE" for token in tokenize(text)):
        return None
    for token in tokenize(text):
        if token.kind == "iri" and not _IRI_SCHEME.match(token.text[1:]):
            return f"{_shortened(token.text)} is not an absolute IRI", token.start
    return None


def _open_bracket(text: str) -> tuple[str, int] | None:
    stack: list[Token] = []
    for token in tokenize(text):
        if token.kind != "other":
            continue
        if token.text in {"'", '"'}:
            return "a string is not closed", token.start
        if token.text in _BRACKETS:
            stack.append(token)
        elif token.text in _BRACKETS.values():
            if not stack or _BRACKETS[stack[-1].text] != token.text:
                return f"{token.text!r} closes nothing that is open", token.start
            stack.pop()
    return (f"{stack[-1].text!r} is never closed", stack[-1].start) if stack else None


def _error(text: str, words: str, offset: int, name: str, mend: str | None = None) -> QueryError:
    place = place_at(text, offset, name)
    line = text.split("\n")[place.line - 1].rstrip("\r")
    before, behind = line[: place.column - 1], line[place.column - 1 :]
    before = before if len(before) <= _SHOWN else f"... {before[-_SHOWN:]}"
    line = before + (behind if len(behind) <= _SHOWN else f"{behind[:_SHOWN]} ...")
    # A tab stays a tab, so that the caret stands under its character in any terminal.
    indent = "".join("\t" if character == "\t" else " " for character in printable(before))
    return QueryError(f"{words}\n    {line}\n    {indent}^", place=place, mend=mend)
