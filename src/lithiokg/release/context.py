"""The JSON-LD context of the records, for processors that know nothing of our two house rules."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["plain_context"]

#: In the context of the sources, a base may name the source of the record that is being read.
_OPEN = re.compile(r"\{[a-z]+\}/")


def plain_context(text: bytes) -> bytes:
    """The context of the records as a plain JSON-LD 1.1 processor can use it, in both directions.

    A reader of records fills ``{source}`` in; a plain processor would take it for a part of the IRI. In the
    published context such a reference begins with its source. And a field whose values are keyed by their
    IRIs needs no ``"@type": "@id"``, which only keeps a processor from writing such keys.

    >>> context = b'{"@context": {"@base": "https://example.org/row/{source}/"}}'
    >>> json.loads(plain_context(context))
    {'@context': {'@base': 'https://example.org/row/'}}
    """
    context = json.loads(text)
    return (json.dumps(_plain(context), indent=2, ensure_ascii=False) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    keyed = value.get("@container") == "@id"
    plain = {key: _plain(inner) for key, inner in value.items() if not (keyed and key == "@type")}
    if isinstance(plain.get("@base"), str):
        plain["@base"] = _OPEN.sub("", plain["@base"])
    return plain
