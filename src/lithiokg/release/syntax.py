"""RDF written so that equal content gives equal bytes, on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.metadata.terms import DESCRIPTION_PREFIXES
from lithiokg.release.turtle import write_turtle

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RELEASE_PREFIXES", "canonical_nquads", "canonical_triples", "write_triples"]

#: Prefixes of a release's files.
RELEASE_PREFIXES: dict[str, str] = {
    **DESCRIPTION_PREFIXES,
    "bibo": "http://purl.org/ontology/bibo/",
}
_ALGORITHM = ox.CanonicalizationAlgorithm.RDFC_1_0_SHA_256


def canonical_nquads(quads: Iterable[ox.Quad]) -> str:
    r"""Canonical N-Quads: blank nodes named by RDFC-1.0 with SHA-256, lines in code point order.

    >>> nodes = ox.NamedNode("x:s"), ox.NamedNode("x:p"), ox.BlankNode(), ox.NamedNode("x:g")
    >>> canonical_nquads([ox.Quad(*nodes)])
    '<x:s> <x:p> _:c14n0 <x:g> .\n'
    """
    dataset = ox.Dataset(quads)
    dataset.canonicalize(_ALGORITHM)
    text = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert text is not None  # noqa: S101  # without an output the engine returns the bytes
    return "".join(sorted(text.decode("utf-8").splitlines(keepends=True)))


def canonical_triples(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Triples once each, sorted, blank nodes named by RDFC-1.0."""
    dataset = ox.Dataset(ox.Quad(each.subject, each.predicate, each.object) for each in triples)
    dataset.canonicalize(_ALGORITHM)
    return sorted((quad.triple for quad in dataset), key=str)


def write_triples(triples: list[ox.Triple], ending: str, *, comment: str = "") -> bytes:
    """Write canonical triples in the syntax that a file's ending stands for.

    Args:
        triples: see :func:`canonical_triples`.
        ending: ``ttl``, ``rdf``, ``jsonld`` or ``nt``.
        comment: what Turtle begins with.
    """
    if ending == "ttl":
        return write_turtle(triples, RELEASE_PREFIXES, comment=comment).encode()
    syntax = ox.RdfFormat.from_extension(ending)
    if syntax is None:
        raise ValueError(f"no syntax of RDF ends in .{ending}")
    quads = [ox.Quad(each.subject, each.predicate, each.object) for each in triples]
    text = ox.serialize(
        quads if syntax.supports_datasets else triples, format=syntax, prefixes=RELEASE_PREFIXES
    )
    assert text is not None  # noqa: S101  # without an output the engine returns the bytes
    return text
