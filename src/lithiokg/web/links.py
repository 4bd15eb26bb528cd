"""Where things are on this server: pages, data, and what may be linked elsewhere."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from lithiokg.vocabulary import GRAPH, ID, LKG

__all__ = ["data", "doi", "external", "identifier", "local", "query_editor", "rest_of", "url"]

#: Signs of a path that need no escape (RFC 3986, section 3.3).
_PLAIN = "/:@!$&'()*+,;=~"
_QUESTION = f"{ID}question/"
#: What names begin with names nothing itself.
_NAMESPACES = frozenset({ID, GRAPH})


def rest_of(iri: str) -> str | None:
    """What stands behind our namespace in an IRI of ours.

    >>> rest_of("https://w3id.org/lithiokg/id/substance/ZnO")
    'id/substance/ZnO'
    """
    return iri.removeprefix(LKG) if iri.startswith(LKG) else None


def identifier(rest: str) -> str:
    """The IRI of ours that a path stands for."""
    return LKG + rest


def local(iri: str) -> str | None:
    """The path of the page of an IRI of ours; nothing for anybody else's.

    >>> local("https://w3id.org/lithiokg/id/substance/ZnO")
    '/page/id/substance/ZnO'
    >>> local("https://w3id.org/lithiokg/id/question/what-is-denied-or-not-detected")
    '/questions/what-is-denied-or-not-detected'
    """
    if iri.startswith(_QUESTION):
        return f"/questions/{quote(iri.removeprefix(_QUESTION), safe='')}"
    rest = None if iri in _NAMESPACES else rest_of(iri)
    return None if rest is None else f"/page/{quote(rest, safe=_PLAIN)}"


def data(iri: str, ending: str = "") -> str | None:
    """The path of what is known of an IRI of ours as RDF.

    >>> data("https://w3id.org/lithiokg/Interlayer", "ttl")
    '/data/Interlayer.ttl'
    """
    rest = rest_of(iri)
    return None if rest is None else f"/data/{quote(rest, safe=_PLAIN)}{f'.{ending}' if ending else ''}"


def external(iri: str) -> str | None:
    """A link out of this server: only over the web, never one that a browser would run or open as a file."""
    return iri if iri.startswith(("http://", "https://")) else None


def doi(text: str) -> str:
    """The address behind a DOI.

    >>> doi("10.20517/energymater.2021.21")
    'https://doi.org/10.20517/energymater.2021.21'
    """
    return f"https://doi.org/{quote(text, safe='/:;().-_')}"


def url(path: str, **parameters: object) -> str:
    """A path with parameters; those that are ``None`` or empty are left out.

    >>> url("/search", q="Li2O & more", page=None)
    '/search?q=Li2O+%26+more'
    """
    given: list[tuple[str, str]] = []
    for name, value in parameters.items():
        several = value if isinstance(value, list | tuple) else [value]
        given += [(name, str(each)) for each in several if each is not None and each != ""]
    return f"{path}?{urlencode(given)}" if given else path


def query_editor(text: str) -> str:
    """The query editor with a query in it."""
    return url("/query", query=text)
