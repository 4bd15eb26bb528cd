"""The address of an endpoint, with what is secret in it kept apart."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit, urlunsplit

from lithiokg.errors import UsageError

__all__ = ["Address", "read_address"]

_UNFIT = re.compile(r"[^!-~]|[<>\"{}|\\^`]")
_EXAMPLE = "give that of the query endpoint itself, such as http://host:7878/query"


@dataclass(frozen=True, slots=True)
class Address:
    """Where an endpoint is, and how one is let in.

    Attributes:
        url: the address without user name and password, as it is called.
        shown: the same without its query part, which may hold a key; for messages.
        user: the user name, or nothing.
        password: the password.
    """

    url: str = field(repr=False)
    shown: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def read_address(text: str) -> Address:
    """Read the address of an endpoint, ``http(s)://[NAME:PASSWORD@]host[:port]/path``.

    Args:
        text: as the user writes it.

    Raises:
        UsageError: if it is not an absolute http(s) URL in plain ASCII; its message holds no password.

    >>> read_address("https://me:s3cret@example.org/sparql?key=1")
    Address(shown='https://example.org/sparql?...')
    """
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or _UNFIT.search(text):
        shown = "this (with what may be a password in it)" if "@" in text else repr(text)
        raise UsageError(f"{shown} is not the address of an endpoint", mend=_EXAMPLE)
    where = parts.netloc.rpartition("@")[2]
    bare = urlunsplit((parts.scheme, where, parts.path or "/", "", ""))
    return Address(
        url=f"{bare}?{parts.query}" if parts.query else bare,
        shown=f"{bare}?..." if parts.query else bare,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
