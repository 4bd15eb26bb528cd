"""The two notations of ontologies that are no RDF and yet common: OBO, and OWL's functional syntax.

Both are read as far as mappings need them: which terms there are, what they are called, which are obsolete.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lithiokg.vocabulary import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Statement", "functional_statements", "obo_statements"]

#: Subject, predicate and object: IRIs, or the text of a literal.
Statement = tuple[str, str, str]

_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"
_DEPRECATED = PREFIXES["owl"] + "deprecated"
_VERSION = PREFIXES["owl"] + "versionInfo"
_OBO = "http://purl.obolibrary.org/obo/"
_REPLACED_BY = _OBO + "IAO_0100001"
_STANZAS = {
    "Term": PREFIXES["owl"] + "Class",
    "Typedef": PREFIXES["owl"] + "ObjectProperty",
    "Instance": PREFIXES["owl"] + "NamedIndividual",
}
_TAG = re.compile(r"([\w-]+):\s*(.*)")
_PREFIX = re.compile(r"Prefix\(\s*([\w.-]*):\s*=\s*<([^>]*)>\s*\)")
_IRI = r"(<[^>]*>|[\w.-]*:[\w.-]+)"
_DECLARATION = re.compile(rf"Declaration\(\s*(\w+)\(\s*{_IRI}\s*\)\s*\)")
_ANNOTATION = re.compile(rf'AnnotationAssertion\(\s*{_IRI}\s+{_IRI}\s+(?:"((?:[^"\\]|\\.)*)"|{_IRI})')
_ONTOLOGY = re.compile(r"Ontology\(\s*<([^>]*)>\s*(?:<([^>]*)>)?")


def obo_statements(text: str) -> Iterator[Statement]:
    r"""What an OBO file says of its terms.

    >>> list(obo_statements("[Term]\nid: CHMO:0000001\nname: colorimetry ! a comment\n"))[-1]
    ('http://purl.obolibrary.org/obo/CHMO_0000001', 'http://www.w3.org/2000/01/rdf-schema#label', 'colorimetry')
    """
    header, *stanzas = re.split(r"^\[", text, flags=re.MULTILINE)
    yield from _obo_header(dict(_tags(header)))
    for stanza in stanzas:
        kind, _, content = stanza.partition("]")
        if kind in _STANZAS:
            yield from _obo_stanza(_STANZAS[kind], list(_tags(content)))


def _tags(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = _TAG.match(line)
        if match is not None:
            yield match[1], re.split(r"(?<!\\)\s+!\s", match[2])[0].strip()


def _obo_header(tags: dict[str, str]) -> Iterator[Statement]:
    if "ontology" in tags:
        iri = f"{_OBO}{tags['ontology']}.owl"
        yield iri, _TYPE, PREFIXES["owl"] + "Ontology"
        if "data-version" in tags:
            yield iri, _VERSION, tags["data-version"]


def _obo_stanza(kind: str, tags: list[tuple[str, str]]) -> Iterator[Statement]:
    subject = next((_obo_iri(value) for tag, value in tags if tag == "id"), None)
    if subject is None:
        return
    yield subject, _TYPE, kind
    for tag, value in tags:
        if tag == "name":
            yield subject, _LABEL, re.sub(r"\\(.)", r"\1", value)
        elif tag == "is_obsolete":
            yield subject, _DEPRECATED, value
        elif tag == "replaced_by":
            yield subject, _REPLACED_BY, _obo_iri(value)


def _obo_iri(identifier: str) -> str:
    if identifier.startswith(("http://", "https://")):
        return identifier
    return _OBO + identifier.replace(":", "_", 1)


def functional_statements(text: str) -> Iterator[Statement]:
    """Declarations, labels and marks of deprecation in OWL functional syntax.

    >>> list(functional_statements('Prefix(o:=<http://o/>) Ontology(<http://o> Declaration(Class(o:A)))'))[-1]
    ('http://o/A', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type', 'http://www.w3.org/2002/07/owl#Class')
    """
    prefixes = {**PREFIXES, **dict(_PREFIX.findall(text))}

    def expanded(name: str) -> str:
        if name.startswith("<"):
            return name[1:-1]
        prefix, _, local = name.partition(":")
        return str(prefixes.get(prefix, f"{prefix}:")) + local

    ontology = _ONTOLOGY.search(text)
    if ontology:
        yield ontology[1], _TYPE, PREFIXES["owl"] + "Ontology"
        if ontology[2]:
            yield ontology[1], PREFIXES["owl"] + "versionIRI", ontology[2]
    for kind, name in _DECLARATION.findall(text):
        yield expanded(name), _TYPE, PREFIXES["owl"] + kind
    for predicate, subject, literal, iri in _ANNOTATION.findall(text):
        value = expanded(iri) if iri else re.sub(r"\\(.)", r"\1", literal)
        if expanded(predicate) in {_LABEL, _DEPRECATED, _REPLACED_BY, PREFIXES["skos"] + "prefLabel"}:
            yield expanded(subject), expanded(predicate), value
