"""SPARQL text cut into tokens, without evaluating anything.

Enough of the SPARQL 1.1 lexical grammar to tell keywords from strings, comments and IRIs. Two spots
are ambiguous without a full parser: ``<`` opens an IRI or compares, and three quotes open a long
string or are an empty string followed by another one. :func:`tokenize` takes the usual reading;
:func:`readings` walks every reading, which is what a security check must look at.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.errors import Place
from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "SKIPPED",
    "Token",
    "declared_prefixes",
    "missing_prefixes",
    "place_at",
    "query_form",
    "readings",
    "tokenize",
    "tokens_from",
    "used_prefixes",
]

_ESCAPE = r"\\(?:[tbnrf\\\"']|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_LOCAL_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?\#@%]"
_PREFIX_NAME = r"[^\W\d_](?:[\w.\-\u00B7]*[\w\-\u00B7])?"

_TOKEN = re.compile(
    rf"""
      (?P<space>\s+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
    | (?P<string>
          '''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''
        | \"\"\"(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*\"\"\"
        | '(?:[^'\\\n\r]|{_ESCAPE})*'
        | "(?:[^"\\\n\r]|{_ESCAPE})*"
      )
    | (?P<variable>[?$]\w+)
    | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<blank>_:\w(?:[\w.\-]*[\w\-])?)
    | (?P<name>(?:{_PREFIX_NAME})?:
          (?:(?:[\w:]|{_LOCAL_ESCAPE})(?:(?:[\w:.\-\u00B7]|{_LOCAL_ESCAPE})*(?:[\w:\-\u00B7]|{_LOCAL_ESCAPE}))?)?
      )
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
    | (?P<word>[A-Za-z]\w*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

#: Kinds of token that carry no meaning.
SKIPPED = frozenset({"space", "comment"})

_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"})


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind (a group of the grammar above), its text and its offset."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """The offset just behind the token."""
        return self.start + len(self.text)


def _token_at(text: str, position: int) -> Token:
    match = _TOKEN.match(text, position)
    # The last alternative takes any character, so that there always is a match.
    if match is None or match.lastgroup is None:  # pragma: no cover
        raise ValueError(position)
    return Token(match.lastgroup, match.group(), position)


def tokenize(text: str) -> Iterator[Token]:
    """Cut a query into its meaningful tokens (no white space, no comments), in the usual reading.

    >>> [token.text for token in tokenize("ASK { ?s <x:p> 'a # b' } # end")]
    ['ASK', '{', '?s', '<x:p>', "'a # b'", '}']
    """
    position = 0
    while position < len(text):
        token = _token_at(text, position)
        position = token.end
        if token.kind not in SKIPPED:
            yield token


def readings(text: str) -> Iterator[Token]:
    """Every token of every reading of the text, each once, in no particular order.

    An ``<`` that may be a comparison is read both ways, and so are three quotes in a row; a reading
    ends where a quotation mark opens a string that never closes. A parser can only follow one of these readings.
    """
    waiting = [0]
    seen: set[int] = set()
    while waiting:
        position = waiting.pop()
        if position in seen or position >= len(text):
            continue
        seen.add(position)
        first = _token_at(text, position)
        choices = [first]
        if first.kind == "iri" and not _SCHEME.match(first.text):
            choices.append(Token("other", "<", position))
        elif first.kind == "string" and first.text[:3] in {"'''", '"""'}:
            choices.append(Token("string", first.text[:2], position))
        for token in choices:
            if token.kind == "other" and token.text in {"'", '"'}:
                continue
            waiting.append(token.end)
            if token.kind not in SKIPPED:
                yield token


def tokens_from(text: str, position: int) -> Iterator[Token]:
    """The tokens of a text from an offset on, in the usual reading; offsets count from its beginning."""
    for token in tokenize(text[position:]):
        yield Token(token.kind, token.text, token.start + position)


def query_form(text: str) -> str | None:
    """The form of a query in capitals: SELECT, ASK, CONSTRUCT, DESCRIBE, or the name of an update.

    Returns:
        The keyword, or ``None`` where none follows the prologue.

    >>> query_form("PREFIX select: <x:> ask {}")
    'ASK'
    """
    for token in tokenize(text):
        if token.kind == "word":
            word = token.text.upper()
            if word in _FORMS or word in _UPDATES:
                return word
            if word not in {"PREFIX", "BASE", "VERSION"}:
                return None
    return None


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes that a query declares, without their colon, and their namespaces as written.

    >>> declared_prefixes("PREFIX ex: <http://example.org/> ASK {}")
    {'ex': 'http://example.org/'}
    """
    found: dict[str, str] = {}
    tokens = list(tokenize(text))
    for keyword, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if (
            keyword.kind == "word"
            and keyword.text.upper() == "PREFIX"
            and name.kind == "name"
            and iri.kind == "iri"
        ):
            found[name.text.removesuffix(":")] = iri.text[1:-1]
    return found


def used_prefixes(text: str) -> dict[str, Token]:
    """The prefixes that a query uses outside their declarations, each with its first use."""
    used: dict[str, Token] = {}
    previous: Token | None = None
    for token in tokenize(text):
        declares = previous is not None and previous.kind == "word" and previous.text.upper() == "PREFIX"
        if token.kind == "name" and not declares:
            used.setdefault(token.text.partition(":")[0], token)
        previous = token
    return used


def missing_prefixes(text: str) -> list[str]:
    """The prefixes that a query uses without declaring them, where LithioKG knows what they stand for.

    >>> missing_prefixes("ASK { ?s skos:prefLabel ?label ; my:own ?thing }")
    ['skos']
    """
    declared = declared_prefixes(text)
    return [prefix for prefix in used_prefixes(text) if prefix not in declared and prefix in PREFIXES]


def place_at(text: str, offset: int, name: str) -> Place:
    r"""The place (line and column from 1) of an offset in a text called ``name``.

    >>> str(place_at("ab\ncd", 4, "q.rq"))
    'q.rq:2:2'
    """
    starts = [0, *(match.end() for match in re.finditer(r"\n", text))]
    line = bisect_right(starts, offset)
    return Place(name, line, offset - starts[line - 1] + 1)
