"""Which hosts a query calls with ``SERVICE``, and whether it may.

``SERVICE`` makes real network calls, so a host must be allowed by name, and so must be spelled out in the
query: a variable may turn out to be anything, and an endpoint of a user with a password is not ours to
call. Neither ``SILENT`` nor an unusual spelling hides a host.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from lithiokg.errors import LithioKGError, QueryError, UsageError
from lithiokg.store.tokens import Token, declared_prefixes, place_at, readings, tokenize, tokens_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = [
    "Host",
    "calls_service",
    "check_services",
    "host_names",
    "plain_line",
    "service_failure",
    "service_hosts",
    "without_services",
]

_UNICODE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_HOST = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[^\s/:@?#\[\]]+)(?::(?P<port>[0-9]{1,5}))?")
_PORTS = {"http": 80, "https": 443}
_CREDENTIALS = "an address with a user name or password in it"
_HIDDEN = "a host that the query does not spell out"
#: What follows an address in messages of the engine and may be a secret.
_TAIL = re.compile(r"(https?://[^\s?#<>]*)[?#][^\s<>]*")
#: What the engine says of a call that failed -> what it means, and what to do.
_MEANINGS = (
    (
        r"too many redirects",
        "it redirects, and redirects are not followed",
        "call the address that it redirects to, if you trust that",
    ),
    (
        r"Content-Type|No valid SPARQL",
        "its answer is no SPARQL result",
        "check that the address is the query endpoint itself, such as http://host:7878/query",
    ),
    (
        r"[Pp]arser error|body was expected",
        "its answer is cut short or garbled",
        "the server may have met a limit of its own; ask it for less or try again",
    ),
    (r"^Error \d", "it answered with an error", "ask that endpoint alone to see what it lacks"),
    (
        r"refused|reset|lookup|unreachable|timed out|not allowed|[Cc]ertificate|corrupt message|Interrupted",
        "it cannot be reached",
        "check the address and that the server is running",
    ),
)
_LONGEST = 200


class Host(NamedTuple):
    """A host, and a port where only that one is meant."""

    name: str
    port: int | None = None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"


def host_names(names: Collection[str]) -> frozenset[Host]:
    """The hosts that a user allows, each as ``example.org`` (any port) or ``localhost:7878`` (only that).

    Raises:
        UsageError: if one is not the name of a host, such as an address.

    >>> sorted(map(str, host_names({"Example.org", "localhost:7878", "[::1]"})))
    ['[::1]', 'example.org', 'localhost:7878']
    """
    return frozenset(map(_host, names))


def _host(name: str) -> Host:
    asked = name.strip().lower()
    match = _HOST.fullmatch(asked)
    if match is None:
        shown = "what is allowed" if "@" in name else repr(name)
        raise UsageError(
            f"{shown} is not the name of a host",
            mend="name the host alone, such as query.example.org, or with its port: localhost:7878",
        )
    return Host(match["host"].strip("[]"), int(match["port"]) if match["port"] else None)


def check_services(text: str, *, name: str, allow_hosts: Collection[str]) -> None:
    """Refuse ``SERVICE`` to a host that is not allowed by name.

    Args:
        text: the query.
        name: what the text is called in messages.
        allow_hosts: the hosts that may be called (see :func:`host_names`).

    Raises:
        QueryError: naming the host, the place and the option that allows it.
        UsageError: if an allowed host is not the name of one.
    """
    allowed = host_names(allow_hosts)
    # Endpoints that follow SPARQL 1.1 section 19.2 to the letter decode \\u escapes before parsing.
    for version in dict.fromkeys((text, _decoded(text))):
        for token, target in _services(version):
            if isinstance(target, Host) and not allowed.isdisjoint({target, Host(target.name)}):
                continue
            # The usual ports go without saying; any other is all that need be allowed.
            usual = isinstance(target, Host) and target.port in _PORTS.values()
            shown = str(Host(target.name) if isinstance(target, Host) and usual else target)
            option = shown if isinstance(target, Host) else "HOST"
            raise QueryError(
                f"SERVICE calls {shown}, which is not allowed",
                place=place_at(version, token.start, name),
                mend=f"allow the host by name (--allow-host {option}; in Python allow_hosts={{{option!r}}}),"
                " or leave SERVICE out",
            )


def calls_service(text: str) -> bool:
    """Whether a query may call another host."""
    return any(True for version in {text, _decoded(text)} for _ in _services(version))


def service_hosts(text: str) -> frozenset[str]:
    """The hosts with their ports that a query calls and spells out."""
    return frozenset(str(target) for _, target in _services(text) if isinstance(target, Host))


def without_services(text: str) -> str:
    """The text with ``SERVICE``, ``SILENT`` and the address blanked out, so that parsing it calls nobody.

    What is left is a group in the place of each call, and every offset stays what it was.

    >>> without_services("ASK { SERVICE <http://h/> { ?s ?p ?o } }")
    'ASK {                     { ?s ?p ?o } }'
    """
    blanked = list(text)
    for token in tokenize(text):
        if token.kind != "word" or token.text.upper() != "SERVICE":
            continue
        until = _behind(text, token)
        following = next(tokens_from(text, until), None)
        if following is not None and following.kind in {"iri", "name", "variable"}:
            blanked[token.start : following.end] = re.sub(r"[^\n]", " ", text[token.start : following.end])
    return "".join(blanked)


def service_failure(text: str, message: str) -> LithioKGError:
    """What the engine says of a call that failed, in words.

    Args:
        text: the query.
        message: the engine's message.

    Returns:
        The error to raise; it names the hosts but no address with what may be secret in it.
    """
    hosts = ", ".join(sorted(service_hosts(text)))
    said = plain_line(_TAIL.sub(r"\1", message)).removesuffix(" with payload:")
    for pattern, meaning, mend in _MEANINGS:
        if re.search(pattern, message):
            return LithioKGError(f"SERVICE failed at {hosts}: {meaning} ({said})", mend=mend)
    return LithioKGError(f"the query, which calls {hosts}, failed: {said}")


def plain_line(text: str) -> str:
    """The first line of what a server says that holds anything, cut, without control characters."""
    lines = ("".join(filter(str.isprintable, line)).strip() for line in text.splitlines())
    line = next(filter(None, lines), "")
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def _services(text: str) -> Iterator[tuple[Token, Host | str]]:
    """Each ``SERVICE`` in every reading of a text, with its host, or words for what is none."""
    if "service" not in text.lower():
        return
    for token in readings(text):
        following = list(islice(tokens_from(text, token.end), 2))
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
        if suspicious:
            yield token, _target(text, token)


def _behind(text: str, service: Token) -> int:
    """Where the address begins to be looked for: behind ``SERVICE`` and ``SILENT``."""
    following = next(tokens_from(text, service.end), None)
    silent = following is not None and following.text.upper() == "SILENT"
    return following.end if following is not None and silent else service.end


def _target(text: str, token: Token) -> Host | str:
    target = next(tokens_from(text, _behind(text, token)), None)
    iri = _address(text, target) if target is not None and token.text.upper() == "SERVICE" else ""
    try:
        parts = urlsplit(iri)
        host, port = parts.hostname, parts.port
    except ValueError:  # not a URL at all, so no host that could be allowed
        return _HIDDEN
    if "@" in parts.netloc:
        return _CREDENTIALS
    if not host or parts.scheme not in _PORTS:
        return _HIDDEN
    return Host(host.lower(), port if port is not None else _PORTS[parts.scheme])


def _address(text: str, target: Token) -> str:
    """The IRI that a token spells out, or nothing."""
    if target.kind == "iri":
        return _decoded(target.text[1:-1])
    if target.kind == "name":
        prefix, _, local = target.text.partition(":")
        # Declared twice: which one holds depends on the parser.
        if len(re.findall(rf"(?i:PREFIX)\s*{re.escape(prefix)}:", text)) == 1:
            return _decoded(declared_prefixes(text).get(prefix, "")) + local
    return ""


def _decoded(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        number = int(match.group(1) or match.group(2), 16)
        return chr(number) if number <= 0x10FFFF else match.group()  # noqa: PLR2004

    return _UNICODE.sub(character, text)
