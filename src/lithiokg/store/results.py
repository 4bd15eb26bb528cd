"""Answers written as the media types of SPARQL, with an eye on rows and bytes.

Oxigraph writes; what passes through here is counted, and stopped at a limit. What it writes is right but
for XML, where it lets characters through that XML cannot hold or reads otherwise, and names that no
element may have; that is mended here, or refused.
"""

from __future__ import annotations

import io
import re
from abc import ABC, abstractmethod
from functools import lru_cache
from itertools import islice
from typing import IO, TYPE_CHECKING, NamedTuple, TypeAlias, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "FORMATS",
    "FORMS",
    "LimitMetError",
    "UnacceptableError",
    "UnwritableError",
    "Written",
    "form_of",
    "write_result",
]

Result: TypeAlias = "ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples"

_RESULTS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_TRIPLES = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
#: The kinds of answer, and the formats of each.
FORMS: dict[str, tuple[str, ...]] = {
    "table": tuple(_RESULTS),
    "boolean": ("json", "xml"),
    "graph": tuple(_TRIPLES),
}
#: All names of formats.
FORMATS = frozenset(_RESULTS) | frozenset(_TRIPLES)

#: What XML 1.0 cannot hold: most control characters, and two that are none at all.
_CONTROLS = bytes(range(0x20)).translate(None, b"\t\n\r")
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
_NAME_START = r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
#: An IRI that ends in what may be the name of an element.
_ENDS_IN_NAME = re.compile(rf"[{_NAME_START}][{_NAME_START}\-.0-9\xB7\u0300-\u036F\u203F-\u2040]*$")


class LimitMetError(Exception):
    """The answer has more ``rows`` or ``bytes`` than it may."""


class UnacceptableError(Exception):
    """There is no format for this kind of answer; the kind is the argument."""


class UnwritableError(Exception):
    """The answer holds something that its format cannot."""


class Written(NamedTuple):
    """What was written: the kind of answer, its format, rows or triples, bytes, and whether it was cut."""

    form: str
    format: str
    rows: int
    bytes: int
    cut: bool


def form_of(result: Result) -> str:
    """The kind of a result: ``table``, ``boolean`` or ``graph``."""
    if isinstance(result, ox.QueryBoolean):
        return "boolean"
    return "table" if isinstance(result, ox.QuerySolutions) else "graph"


def write_result(
    result: Result,
    write: Callable[[bytes], object],
    formats: Mapping[str, str | None],
    *,
    max_rows: int,
    max_bytes: int,
    cut: bool = False,
    prefixes: Mapping[str, str] | None = None,
) -> Written:
    """Write a result; what was written of one that raises is worthless.

    Args:
        result: what the engine gave.
        write: takes the bytes.
        formats: the format for each kind of answer, ``None`` where there is none.
        max_rows: rows or triples.
        max_bytes: bytes.
        cut: end after ``max_rows`` instead of raising; rows are then TSV whatever the format.
        prefixes: for Turtle and RDF/XML.

    Raises:
        UnacceptableError: if there is no format for this kind of answer.
        LimitMetError: if there is more than there may be.
        UnwritableError: if the format cannot hold it.
    """
    form = form_of(result)
    format_ = formats.get(form)
    if format_ is None:
        raise UnacceptableError(form)
    sink = _Sink(write, max_bytes, _COUNTERS[format_](max_rows), xml=format_ in {"xml", "rdfxml"})
    output = cast("IO[bytes]", sink)
    if isinstance(result, ox.QueryTriples):
        triples = _Triples(result, max_rows, format_, cut=cut)
        ox.serialize(triples, output, format=_TRIPLES[format_], prefixes=dict(prefixes or {}))
        return Written(form, format_, triples.count, sink.bytes, triples.cut)
    if isinstance(result, ox.QueryBoolean):
        result.serialize(output, _RESULTS[format_])
        return Written(form, format_, 1, sink.bytes, cut=False)
    if cut:
        rows, more = _write_first(result, sink, max_rows)
        return Written(form, "tsv", rows, sink.bytes, more)
    result.serialize(output, _RESULTS[format_])
    return Written(form, format_, sink.counter.rows, sink.bytes, cut=False)


def _write_first(solutions: ox.QuerySolutions, sink: _Sink, max_rows: int) -> tuple[int, bool]:
    sink.counter = _Uncounted(max_rows)
    sink.write(("\t".join(str(variable) for variable in solutions.variables) + "\n").encode())
    rows = 0
    for solution in islice(solutions, max_rows):
        rows += 1
        sink.write(("\t".join("" if term is None else str(term) for term in solution) + "\n").encode())
    return rows, next(solutions, None) is not None


class _Triples:
    """The triples of an answer, counted; those with a blank node may come twice and are given once."""

    def __init__(self, triples: Iterable[ox.Triple], max_rows: int, format_: str, *, cut: bool) -> None:
        self.count = 0
        self.cut = False
        self._triples = triples
        self._max_rows = max_rows
        self._xml = format_ == "rdfxml"
        self._cuts = cut

    def __iter__(self) -> Iterator[ox.Triple]:
        seen: set[ox.Triple] = set()
        for triple in self._triples:
            if isinstance(triple.object, ox.BlankNode) or isinstance(triple.subject, ox.BlankNode):
                if triple in seen:
                    continue
                seen.add(triple)
            if self.count >= self._max_rows:
                if self._cuts:
                    self.cut = True
                    return
                raise LimitMetError("rows")
            if self._xml and not _is_element(triple.predicate.value):
                raise UnwritableError(
                    f"RDF/XML has no way to write the property <{triple.predicate.value}>: "
                    "its end is no name of XML"
                )
            self.count += 1
            yield triple


@lru_cache(maxsize=4096)
def _is_element(iri: str) -> bool:
    return _ENDS_IN_NAME.search(iri) is not None


class _Counter(ABC):
    """Counts rows in passing bytes."""

    def __init__(self, max_rows: int) -> None:
        self.max_rows = max_rows
        self.rows = 0

    def feed(self, data: bytes) -> None:
        self.rows += self.count(data)
        if self.rows > self.max_rows:
            raise LimitMetError("rows")

    @abstractmethod
    def count(self, data: bytes) -> int: ...


class _Uncounted(_Counter):
    """For triples, which are counted one by one."""

    def count(self, data: bytes) -> int:
        return 0


class _Lines(_Counter):
    """TSV: a header and one line a row; values hold no line ends."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(max_rows)
        self.rows = -1

    def count(self, data: bytes) -> int:
        return data.count(b"\n")


class _QuotedLines(_Lines):
    """CSV: lines that end outside of quotation marks."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(max_rows)
        self._quoted = False

    def count(self, data: bytes) -> int:
        parts = data.split(b'"')
        ends = sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        return ends


class _Elements(_Counter):
    """XML: ``<result>`` can only be the tag."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(max_rows)
        self._tail = b""

    def count(self, data: bytes) -> int:
        text = self._tail + data
        self._tail = text[-7:]
        return text.count(b"<result>")


class _Objects(_Counter):
    """JSON: outside of strings, a row is an object in a list."""

    def __init__(self, max_rows: int) -> None:
        super().__init__(max_rows)
        self._escape = b""
        self._quoted = False
        self._last = b""

    def count(self, data: bytes) -> int:
        text = self._escape + data
        # An escape that is under way at the end waits for its other half.
        escaping = (len(text) - len(text.rstrip(b"\\"))) % 2
        self._escape = b"\\" if escaping else b""
        text = text[:-1] if escaping else text
        parts = text.replace(rb"\\", b"").replace(rb"\"", b"").split(b'"')
        outside = self._last + b"".join(parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        self._last = outside[-1:]
        return outside.count(b"[{") + outside.count(b",{")


_COUNTERS: dict[str, type[_Counter]] = {
    "json": _Objects,
    "xml": _Elements,
    "csv": _QuotedLines,
    "tsv": _Lines,
    **dict.fromkeys(_TRIPLES, _Uncounted),
}


class _Sink(io.RawIOBase):
    """Takes what the engine writes, mends and counts it, and passes it on."""

    def __init__(
        self, write: Callable[[bytes], object], max_bytes: int, counter: _Counter, *, xml: bool
    ) -> None:
        super().__init__()
        self.bytes = 0
        self.counter = counter
        self._pass_on = write
        self._max_bytes = max_bytes
        self._xml = xml
        self._tail = b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]  # the engine writes bytes
        written = len(data)
        self.counter.feed(data)
        if self._xml:
            data = self._mended(bytes(data))
        self.bytes += len(data)
        if self.bytes > self._max_bytes:
            raise LimitMetError("bytes")
        self._pass_on(data)
        return written

    def _mended(self, data: bytes) -> bytes:
        # Two bytes are kept in mind: a character may be cut in two here.
        text = self._tail + data
        self._tail = text[-2:]
        # Far faster than a regular expression.
        if len(data.translate(None, _CONTROLS)) != len(data) or any(map(text.__contains__, _NO_CHARACTERS)):
            raise UnwritableError("XML cannot hold one of its characters, such as a control character")
        # A carriage return as it is would be read as a line feed.
        return data.replace(b"\r", b"&#13;")
