"""The files in which a data set or an ontology is handed out: ``dcat:Distribution``, with checksums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.metadata.terms import about, name, number, term, words
from lithiokg.vocabulary import ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MEDIA_TYPES", "Distribution", "describe_distributions"]

#: File ending -> media type, as registered with IANA.
MEDIA_TYPES = {
    ".jsonld": "application/ld+json",
    ".nq": "application/n-quads",
    ".nt": "application/n-triples",
    ".rdf": "application/rdf+xml",
    ".trig": "application/trig",
    ".tsv": "text/tab-separated-values",
    ".ttl": "text/turtle",
}
_IANA = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class Distribution:
    """One file.

    Attributes:
        of: IRI of what it holds.
        path: its path inside the release.
        url: where it will be found.
        title: what it is, in a few words.
        sha256: its checksum, in hexadecimal digits.
        size: bytes.
    """

    of: str
    path: str
    url: str
    title: str
    sha256: str
    size: int

    @property
    def media_type(self) -> str:
        """Its media type, by the ending of its name."""
        return MEDIA_TYPES["." + self.path.rsplit(".", 1)[-1]]


def describe_distributions(distributions: Iterable[Distribution], license_: str) -> Iterator[ox.Triple]:
    """Describe files as ``dcat:Distribution`` and ``schema:DataDownload``.

    Args:
        distributions: the files.
        license_: IRI of the license of them all.
    """
    for each in distributions:
        node = name(f"{ID}distribution/{each.path}")
        checksum = name(f"{node.value}/sha256")
        yield from about(name(each.of), ("dcat:distribution", node), ("schema:distribution", node))
        if each.media_type != "text/tab-separated-values":
            yield from about(name(each.of), ("void:dataDump", name(each.url)))
        yield from about(
            node,
            ("a", term("dcat:Distribution")),
            ("a", term("schema:DataDownload")),
            ("dcterms:title", words(each.title)),
            ("schema:name", words(each.title)),
            ("dcterms:license", name(license_)),
            ("dcat:downloadURL", name(each.url)),
            ("schema:contentUrl", name(each.url)),
            ("dcat:mediaType", name(_IANA + each.media_type)),
            ("schema:encodingFormat", words(each.media_type, None)),
            ("dcat:byteSize", number(each.size)),
            ("spdx:checksum", checksum),
        )
        yield from about(
            checksum,
            ("a", term("spdx:Checksum")),
            ("spdx:algorithm", term("spdx:checksumAlgorithm_sha256")),
            ("spdx:checksumValue", ox.Literal(each.sha256, datatype=term("xsd:hexBinary"))),
        )
