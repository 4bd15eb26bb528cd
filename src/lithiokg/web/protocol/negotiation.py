"""Content negotiation by the letter of RFC 9110: the most specific range of ``Accept`` decides on each type.

Every kind of answer has an ordered list of media types. Among those that the client rates highest, the
first wins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = [
    "BOOLEAN",
    "FORMAT_NAMES",
    "GRAPH",
    "TABLE",
    "Offer",
    "accepts_gzip",
    "choose",
    "named",
    "ranges",
    "types_of",
]


@dataclass(frozen=True, slots=True)
class Offer:
    """A media type that an answer can be written in, and the name of the format behind it."""

    media_type: str
    format: str

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``; text formats say their encoding."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


def _offers(*pairs: str) -> tuple[Offer, ...]:
    return tuple(Offer(*pair.rsplit(" ", 1)) for pair in pairs)


#: What rows can be written in. General types come last: they win only where a client asks for nothing else.
TABLE = _offers(
    "application/sparql-results+json json",
    "application/sparql-results+xml xml",
    "text/csv csv",
    "text/tab-separated-values tsv",
    "application/json json",
    "application/xml xml",
    "text/xml xml",
)
#: What yes or no can be written in.
BOOLEAN = tuple(offer for offer in TABLE if offer.format in {"json", "xml"})
#: What triples can be written in.
GRAPH = _offers(
    "text/turtle turtle",
    "application/n-triples ntriples",
    "application/rdf+xml rdfxml",
    "application/ld+json jsonld",
    "application/x-turtle turtle",
    "text/n3 turtle",
    "application/json jsonld",
    "application/xml rdfxml",
    "text/xml rdfxml",
)

#: What ``?format=`` may say -> the format of rows or yes and no, and that of triples, where there is one.
FORMAT_NAMES: dict[str, tuple[str | None, str | None]] = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdfxml"),
    "csv": ("csv", None),
    "tsv": ("tsv", None),
    "srj": ("json", None),
    "srx": ("xml", None),
    "ttl": (None, "turtle"),
    "turtle": (None, "turtle"),
    "n3": (None, "turtle"),
    "nt": (None, "ntriples"),
    "ntriples": (None, "ntriples"),
    "rdf": (None, "rdfxml"),
    "rdf+xml": (None, "rdfxml"),
    "jsonld": (None, "jsonld"),
    "json-ld": (None, "jsonld"),
}

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105  # of HTTP's grammar
_RANGE = re.compile(
    rf"""\s*(?P<type>{_TOKEN})/(?P<subtype>{_TOKEN})
    (?P<parameters>(?:\s*;\s*(?:{_TOKEN}\s*=\s*(?:{_TOKEN}|"(?:[^"\\]|\\.)*"))?)*)\s*(?:,|$)""",
    re.VERBOSE,
)
_PARAMETER = re.compile(rf';\s*(?P<name>{_TOKEN})\s*=\s*(?P<value>{_TOKEN}|"(?:[^"\\]|\\.)*")')
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"|")*,?')


@dataclass(frozen=True, slots=True)
class Range:
    """One element of ``Accept``: ``*/*``, ``text/*`` or a whole type, how specific it is, and its quality."""

    type: str
    subtype: str
    parameters: int
    quality: float

    def specificity(self, media_type: str) -> tuple[int, int] | None:
        """How closely it names a media type, or ``None`` where it does not."""
        main, _, sub = media_type.partition("/")
        if self.type == "*":
            return (0, self.parameters) if self.subtype == "*" else None
        if self.type != main or self.subtype not in {"*", sub}:
            return None
        return (1 if self.subtype == "*" else 2, self.parameters)


def ranges(header: str) -> list[Range]:
    """The elements of an ``Accept`` header; one that is malformed is passed over.

    Parameters other than ``q`` do not exclude a type (a profile or a version that we do not have is given
    without), but an encoding other than UTF-8 does.

    >>> [(each.subtype, each.quality) for each in ranges("text/csv;q=0.5, nonsense, */*;q=0")]
    [('csv', 0.5), ('*', 0.0)]
    """
    found = []
    position = 0
    while position < len(header):
        match = _RANGE.match(header, position)
        if match is None:
            element = _ELEMENT.match(header, position)
            position = max(element.end() if element else 0, position + 1)
            continue
        position = match.end()
        each = _range(match)
        if each is not None:
            found.append(each)
    return found


def _range(match: re.Match[str]) -> Range | None:
    quality, count = 1.0, 0
    for parameter in _PARAMETER.finditer(match["parameters"]):
        name, value = parameter["name"].lower(), parameter["value"].strip('"')
        if name == "q":
            if not _QUALITY.fullmatch(value):
                return None
            quality = float(value)
            break  # what follows q are extensions of Accept, not of the type
        if name == "charset" and value.lower() not in {"utf-8", "utf8"}:
            return None
        count += 1
    return Range(match["type"].lower(), match["subtype"].lower(), count, quality)


def choose(accept: Iterable[str], offers: Sequence[Offer]) -> Offer | None:
    """The offer that fits best, or ``None`` where none is acceptable.

    Args:
        accept: the values of all ``Accept`` headers.
        offers: what there is, the preferred first.

    >>> choose(["text/*;q=0.3, text/csv;q=0.2"], TABLE).media_type
    'text/tab-separated-values'
    >>> choose([], TABLE).media_type
    'application/sparql-results+json'
    >>> choose(["image/png"], TABLE) is None
    True
    """
    header = ", ".join(accept)
    if not header.strip():
        return offers[0]
    asked = ranges(header)
    best: tuple[float, Offer] | None = None
    for offer in offers:
        quality = _quality(asked, offer.media_type)
        if quality > (best[0] if best else 0.0):
            best = (quality, offer)
    return best[1] if best else None


def _quality(asked: Iterable[Range], media_type: str) -> float:
    closest: tuple[tuple[int, int], float] | None = None
    for each in asked:
        specificity = each.specificity(media_type)
        # Of two ranges that are equally close, the more generous counts.
        if specificity is not None and (closest is None or (specificity, each.quality) > closest):
            closest = (specificity, each.quality)
    return closest[1] if closest else 0.0


def named(name: str) -> Mapping[str, Offer | None] | None:
    """What ``?format=`` asks for of each kind of answer, or ``None`` for a name that is not known.

    Args:
        name: one of :data:`FORMAT_NAMES`, or a media type.
    """
    wanted = name.strip().lower()
    if "/" in wanted:
        found = {
            "table": choose([wanted], TABLE),
            "boolean": choose([wanted], BOOLEAN),
            "graph": choose([wanted], GRAPH),
        }
        return found if any(found.values()) else None
    if wanted not in FORMAT_NAMES:
        return None
    table, graph = FORMAT_NAMES[wanted]
    return {"table": _first(TABLE, table), "boolean": _first(BOOLEAN, table), "graph": _first(GRAPH, graph)}


def _first(offers: Iterable[Offer], format_: str | None) -> Offer | None:
    return next((offer for offer in offers if offer.format == format_), None)


def types_of(offers: Iterable[Offer]) -> list[str]:
    """The media types of some offers, for the message that none of them was acceptable."""
    return [offer.media_type for offer in offers]


def accepts_gzip(header: str) -> bool:
    """Whether an ``Accept-Encoding`` header welcomes gzip.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0, *"), accepts_gzip("")
    (True, False, False)
    """
    qualities: dict[str, float] = {}
    for element in header.split(","):
        coding, *parameters = (part.strip().lower() for part in element.split(";"))
        quality = next((part[2:].strip() for part in parameters if part.startswith("q=")), "1")
        qualities[coding] = float(quality) if _QUALITY.fullmatch(quality) else 0.0
    return qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0))) > 0
