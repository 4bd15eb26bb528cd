"""Releases: ontology, data, mappings and their description as files, reproducible byte for byte."""

from __future__ import annotations

from lithiokg.release.contents import CONTENT_FILE, release_files
from lithiokg.release.folder import CHECKSUMS, new_folder
from lithiokg.release.making import Release, write_release
from lithiokg.release.syntax import canonical_nquads, canonical_triples
from lithiokg.release.variants import Content, Variant

__all__ = [
    "CHECKSUMS",
    "CONTENT_FILE",
    "Content",
    "Release",
    "Variant",
    "canonical_nquads",
    "canonical_triples",
    "new_folder",
    "release_files",
    "write_release",
]
