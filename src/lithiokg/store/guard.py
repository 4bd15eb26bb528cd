"""What a query may not do, and why one does not parse, in words.

Queries are read-only: updates are refused, and ``SERVICE`` (which makes real network calls) is refused
unless its host is allowed by name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lithiokg.errors import Place, QueryError
from lithiokg.store.tokens import (
    Token,
    declared_prefixes,
    place_at,
    query_form,
    readings,
    tokenize,
    used_prefixes,
)
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["check_query", "has_dataset_clause", "syntax_error"]

_UNICODE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_REPORTED = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_IRI_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
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
        allow_hosts: host names that ``SERVICE`` may call.

    Raises:
        QueryError: naming the place and the mend.
    """
    form = query_form(text)
    if form not in {"SELECT", "ASK", "CONSTRUCT", "DESCRIBE", None}:
        token = next(token for token in tokenize(text) if token.text.upper() == form)
        raise QueryError(
            f"{form} is an update, and a snapshot is read-only",
            place=place_at(text, token.start, name),
            mend="change the source files under data/ and build again; queries only read",
        )
    # Endpoints that follow SPARQL 1.1 section 19.2 to the letter decode \u escapes before parsing.
    for version in dict.fromkeys((text, _decoded(text))):
        if "service" in version.lower():
            _check_services(version, name, frozenset(host.lower() for host in allow_hosts))


@lru_cache(maxsize=256)
def examine(text: str, *, name: str, allow_hosts: frozenset[str] = frozenset()) -> bool:
    """:func:`check_query` and :func:`has_dataset_clause` in one, remembered for texts that passed."""
    check_query(text, name=name, allow_hosts=allow_hosts)
    return has_dataset_clause(text)


def has_dataset_clause(text: str) -> bool:
    """Whether the query chooses its own graphs with ``FROM``."""
    return any(token.kind == "word" and token.text.upper() == "FROM" for token in tokenize(text))


def _decoded(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match.group(1) or match.group(2), 16)
        return chr(number) if number <= 0x10FFFF else match.group()  # noqa: PLR2004

    return _UNICODE.sub(character, text)


def _next_tokens(text: str, position: int) -> Iterator[Token]:
    for token in tokenize(text[position:]):
        yield Token(token.kind, token.text, token.start + position)


def _check_services(text: str, name: str, allowed: frozenset[str]) -> None:
    for token in readings(text):
        following = list(_take(_next_tokens(text, token.end), 2))
        if token.kind == "word":
            suspicious = "service" in token.text.lower()
        else:
            # Oxigraph needs no space behind a keyword: `SERVICEex:a {` calls ex:a.
            suspicious = (
                token.kind == "name"
                and "service" in token.text.partition(":")[0].lower()
                and bool(following)
                and following[0].text == "{"
            )
        if not suspicious:
            continue
        host = _service_host(text, token, following) if token.text.upper() == "SERVICE" else None
        if host not in allowed:
            raise QueryError(
                f"SERVICE calls {host or 'a host that the query does not spell out'}, which is not allowed",
                place=place_at(text, token.start, name),
                mend=f"allow the host by name: allow_hosts={{{host or 'example.org'!r}}}, or leave SERVICE out",
            )


def _take(tokens: Iterator[Token], number: int) -> Iterator[Token]:
    for _, token in zip(range(number), tokens, strict=False):
        yield token


def _service_host(text: str, token: Token, following: list[Token]) -> str | None:
    if following and following[0].text.upper() == "SILENT":
        following = list(_take(_next_tokens(text, following[0].end), 2))
    if not following or token.kind != "word":
        return None
    target = following[0]
    if target.kind == "iri":
        iri = _decoded(target.text[1:-1])
    elif target.kind == "name":
        prefix, _, local = target.text.partition(":")
        iri = _decoded(declared_prefixes(text).get(prefix, "")) + local
        if len(re.findall(rf"(?i:PREFIX)\s*{re.escape(prefix)}:", text)) != 1:
            return None  # declared twice: which one holds depends on the parser
    else:
        return None
    try:
        parts = urlsplit(iri)
        host = parts.hostname
    except ValueError:  # not a URL at all, so no host that could be allowed
        return None
    return host.lower() if host and parts.scheme in {"http", "https"} and "@" not in parts.netloc else None


def syntax_error(text: str, message: str, name: str) -> QueryError:
    """Turn the parser's complaint into a place and a few words.

    Args:
        text: the query that did not parse.
        message: the parser's message, ``error at LINE:COLUMN: expected one of ...``.
        name: what the text is called.

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
    found = _relative_iri(text) or _open_bracket(text)
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
        rest = next(_next_tokens(text, min(offset, len(text))), None)
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
    # A tab stays a tab, so that the caret stands under its character in any terminal.
    indent = "".join("\t" if character == "\t" else " " for character in line[: place.column - 1])
    return QueryError(f"{words}\n    {line}\n    {indent}^", place=place, mend=mend)
