"""The JSON-LD 1.1 context that gives the fields of the YAML records their meaning.

Read here: prefixes, ``@vocab``, ``@base``, ``@language``, keyword aliases (``"type": "@type"``), and
term definitions with ``@id`` or ``@reverse``, ``@type`` (``@id``, ``@vocab``, a datatype),
``@container`` (``@set``, ``@id``, ``@index``, ``@language``), ``@language`` and a property-scoped
``@context``. What else JSON-LD offers is refused by name rather than half understood.

House rules beyond JSON-LD, all about the ``@base`` of a property-scoped context:

* ``{source}`` stands for the name of the data folder, ``{record}`` for the IRI of the enclosing
  top-level record, and ``{table}`` for the table of the ``row`` beside the field (``t3-r13`` is in
  table 3) or of the enclosing row record.
* A relative base, such as ``../components/``, is resolved against the IRI of the nearest enclosing
  keyed record, by RFC 3986. From ``<design>/components/interlayer`` it leads to
  ``<design>/components/``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import pyoxigraph as ox

from lithiokg.errors import Place, SourceError
from lithiokg.vocabulary import LKG

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["QUANTITY", "Context", "Term", "parse_context", "read_context"]

#: The type of a field whose plain string is a reported figure.
QUANTITY = f"{LKG}Quantity"

_ALIASABLE = ("@id", "@type")
_TERM_KEYWORDS = {"@id", "@reverse", "@type", "@container", "@language", "@context", "@protected", "@prefix"}
_CONTEXT_KEYWORDS = {"@version", "@vocab", "@base", "@language", "@protected"}
_TYPES = {"@id", "@vocab", "@none"}
_CONTAINERS = {"@set", "@id", "@index", "@language"}
_MAX_DEPTH = 10


@dataclass(frozen=True, slots=True)
class Term:
    """The definition of one field.

    ``iri`` is the property, or the keyword (``@id``, ``@type``) that the field is an alias of;
    ``type`` is ``@id``, ``@vocab``, a datatype or None; ``reverse`` turns the triple around.
    """

    name: str
    iri: str
    type: str | None = None
    containers: frozenset[str] = frozenset()
    language: str | None = None
    reverse: bool = False
    scope: Mapping[str, Any] | None = None

    @property
    def keyed(self) -> bool:
        """Whether the value is a mapping of keys to records."""
        return bool(self.containers & {"@id", "@index"})


@dataclass(frozen=True)
class Context:
    """An active context: terms and the settings in force at one place of a file."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    vocab: str | None = None
    base: str | None = None
    language: str | None = None
    file: str = "context.jsonld"

    def scoped(self, term: Term) -> Context:
        """The context in force inside the value of a field."""
        return self if term.scope is None else self.extended(term.scope)

    def expand(self, name: str, *, vocab: bool) -> str | None:
        """Expand a CURIE, an absolute IRI or, with ``vocab``, a term or vocabulary name.

        Returns:
            The IRI, or None where the name is relative to a base.
        """
        if vocab and name in self.terms and not self.terms[name].iri.startswith("@"):
            return self.terms[name].iri
        prefix, colon, local = name.partition(":")
        if colon:
            if prefix in self.prefixes and not local.startswith("//"):
                return self.prefixes[prefix] + local
            return name
        return self.vocab + name if vocab and self.vocab is not None else None

    def extended(self, definition: Mapping[str, Any], *, depth: int = 0) -> Context:
        """This context with the definitions of a JSON-LD context laid over it.

        Raises:
            SourceError: for a feature of JSON-LD that is not read here, or a term without meaning.
        """
        if depth > _MAX_DEPTH:
            raise self.fail("property-scoped contexts are nested too deeply")
        unknown = [name for name in definition if name.startswith("@") and name not in _CONTEXT_KEYWORDS]
        if unknown:
            raise self.fail(f"{unknown[0]} is not read in a context", "remove it")
        self._check(definition)
        context = replace(
            self,
            vocab=definition.get("@vocab", self.vocab),
            base=definition.get("@base", self.base),
            language=definition.get("@language", self.language),
            prefixes={**self.prefixes, **_prefixes(definition)},
        )
        terms = dict(self.terms)
        for name, value in definition.items():
            if not name.startswith("@"):
                terms[name] = context.term_of(name, value, depth)
        return replace(context, terms=terms)

    def term_of(self, name: str, value: object, depth: int = 0) -> Term:
        """Read the definition of one term; see :meth:`extended`."""
        if isinstance(value, str):
            return Term(name, value if value in _ALIASABLE else self._iri(name, value))
        if not isinstance(value, dict):
            raise self.fail(f"the definition of {name!r} is neither a string nor an object")
        self._check_keywords(name, value)
        reverse = "@reverse" in value
        iri = value.get("@reverse") or value.get("@id") or name
        kind, language = value.get("@type"), value.get("@language")
        container = value.get("@container", [])
        if not isinstance(container, str | list):
            raise self.fail(f"the container of {name!r} is neither a string nor a list")
        containers = frozenset([container] if isinstance(container, str) else map(str, container))
        if containers - _CONTAINERS:
            raise self.fail(f"the container {min(containers - _CONTAINERS)} of {name!r} is not read")
        scope = value.get("@context")
        if scope is not None:
            if not isinstance(scope, dict):
                raise self.fail(f"the context of {name!r} is not an object")
            self.extended(scope, depth=depth + 1)
        return Term(
            name=name,
            iri=iri if iri in _ALIASABLE else self._iri(name, iri),
            type=kind if kind is None or kind.startswith("@") else self._iri(name, kind),
            containers=containers,
            language=language if "@language" in value else None if kind else self.language,
            reverse=reverse,
            scope=scope,
        )

    def _check_keywords(self, name: str, value: Mapping[str, Any]) -> None:
        unknown = sorted(set(value) - _TERM_KEYWORDS)
        if unknown:
            raise self.fail(f"{unknown[0]} in the definition of {name!r} is not read", "remove it")
        texts = ("@id", "@reverse", "@type", "@language")
        if any(not isinstance(value.get(word), str | None) for word in texts):
            raise self.fail(f"a keyword in the definition of {name!r} is not a string")
        language, kind = value.get("@language"), value.get("@type")
        if language is not None and not _is_language(language):
            raise self.fail(f"the language of {name!r} is {language!r}, which is none")
        if kind is not None and kind.startswith("@") and kind not in _TYPES:
            raise self.fail(f"the type {kind} of {name!r} is not read")

    def _iri(self, name: str, value: str) -> str:
        iri = self.expand(value, vocab=True)
        if iri is None or ":" not in iri or not _is_iri(iri):
            raise self.fail(f"{value!r} in the definition of {name!r} is not an IRI", "declare its prefix")
        return iri

    def _check(self, definition: Mapping[str, Any]) -> None:
        """See that what names are made of makes IRIs and tags of languages."""
        for word, makes in (("@vocab", _is_iri), ("@base", _is_base), ("@language", _is_language)):
            value = definition.get(word)
            if not isinstance(value, str | None):
                raise self.fail(f"{word} is not a string")
            if value is not None and not makes(value):
                raise self.fail(f"{word} is {value!r}, which it cannot be")
        for prefix, namespace in _prefixes(definition).items():
            if not prefix.startswith("@") and not _is_iri(namespace):
                raise self.fail(f"the prefix {prefix!r} stands for {namespace!r}, which begins no IRI")

    def fail(self, message: str, mend: str = "correct the context") -> SourceError:
        """An error of the context file."""
        return SourceError(message, place=Place(self.file), mend=mend)


def _is_iri(text: str) -> bool:
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True


def _is_base(text: str) -> bool:
    """Whether a base, with what its braces stand for, makes IRIs; it may be relative."""
    try:
        return _is_iri(urljoin(f"{LKG}id/x/y/", re.sub(r"\{(source|record|table)\}", "x", text)))
    except ValueError:  # such as of an address with half a bracket
        return False


def _is_language(tag: str) -> bool:
    try:
        ox.Literal("", language=tag)
    except ValueError:
        return False
    return True


def _prefixes(definition: Mapping[str, Any]) -> dict[str, str]:
    """Simple terms that end like a namespace, and terms that say that they are prefixes."""
    found: dict[str, str] = {}
    for name, value in definition.items():
        if isinstance(value, str) and value.endswith(("/", "#", ":", "?")):
            found[name] = value
        elif isinstance(value, dict) and value.get("@prefix") and isinstance(value.get("@id"), str):
            found[name] = value["@id"]
    # A prefix may itself be written with another: "lkgi": "lkg:id/".
    for name, value in found.items():
        prefix, colon, local = value.partition(":")
        if colon and prefix in found and prefix != name and not local.startswith("//"):
            found[name] = found[prefix] + local
    return found


def parse_context(document: object, file: str = "context.jsonld") -> Context:
    """Read a context from parsed JSON: the context itself, or a document that holds ``@context``.

    >>> context = parse_context({"lkg": "https://w3id.org/lithiokg/", "formula": "lkg:formula"})
    >>> context.terms["formula"].iri
    'https://w3id.org/lithiokg/formula'
    """
    empty = Context(file=file)
    if not isinstance(document, dict):
        raise empty.fail("the context is not an object")
    definition = document.get("@context", document)
    if not isinstance(definition, dict):
        raise empty.fail("@context is not an object")
    return empty.extended(definition)


def read_context(path: Path) -> Context:
    """Read a context file.

    Raises:
        SourceError: if the file is missing or is not JSON, or for a feature that is not read here.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SourceError(
            f"the context cannot be read: {error.strerror or error}",
            place=Place(str(path)),
            mend="restore the file",
        ) from error
    except UnicodeDecodeError as error:
        raise SourceError("not UTF-8", place=Place(str(path)), mend="save the file as UTF-8") from error
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise SourceError(f"not JSON: {error.msg}", place=place, mend="correct the syntax") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, or a thousand brackets
        place = Place(str(path))
        raise SourceError(
            f"not JSON of a context: {error}", place=place, mend="correct the syntax"
        ) from error
    return parse_context(document, str(path))
