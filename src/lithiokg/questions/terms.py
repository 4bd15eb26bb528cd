"""Values of parameters as SPARQL terms, checked and escaped; text never becomes syntax."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

import pyoxigraph as ox

from lithiokg.errors import UsageError
from lithiokg.questions.model import ANY
from lithiokg.store.address import read_address
from lithiokg.vocabulary import expand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lithiokg.questions.model import Parameter

__all__ = ["iri_term", "string_term", "term_of"]

_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
_SEPARATOR = re.compile(r"\s*;\s*|,\s+")
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_BOOLEANS = {"true": "true", "yes": "true", "false": "false", "no": "false"}
#: xsd:decimal in Oxigraph is a 128-bit number with 18 digits behind the point.
_MOST_FRACTION_DIGITS = 18
_LARGEST = Decimal(10) ** 20
_EXAMPLES = {
    "thing": "a label, synonym, formula, CURIE or IRI, such as ZnO",
    "things": "labels, CURIEs or IRIs, such as ZnO; SnO2",
    "class": "a class, such as Interlayer or lkg:Interlayer",
    "decimal": "a number, such as 0.5",
    "integer": "a whole number, such as 500",
    "string": "a text",
    "strings": "texts, such as ZnO; SnO2",
    "boolean": "true or false",
    "quantity": "a number, such as 0.5",
    "iri": "an IRI written out, such as https://schema.org/inChIKey",
    "endpoint": "the address of a query endpoint, such as http://localhost:7878/query",
}


def string_term(text: str) -> str:
    r"""A text as a SPARQL string literal on one line.

    A ``u`` behind a backslash is itself escaped, because engines that decode ``\u0022`` before they parse
    (SPARQL 1.1 section 19.2) might otherwise see a quotation mark in ``\\u0022``.

    Raises:
        UsageError: if the text holds half of a surrogate pair, which is no character.

    >>> print(string_term('say "a"'))
    "say \"a\""
    """
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise UsageError(f"{text!r} is not a text: it holds half of a surrogate pair")
    written: list[str] = []
    previous = ""
    for character in text:
        if character in _NAMED:
            written.append(_NAMED[character])
        elif (
            character < " " or character in "\x7f\x85\u2028\u2029" or (previous == "\\" and character in "uU")
        ):
            written.append(f"\\u{ord(character):04X}")
        else:
            written.append(character)
        previous = character
    return f'"{"".join(written)}"'


def iri_term(iri: str) -> str:
    """An IRI in angle brackets.

    Raises:
        UsageError: if the text is not an absolute IRI.

    >>> iri_term("https://example.org/x")
    '<https://example.org/x>'
    """
    # The parser is asked, but it reads escapes and brackets as syntax, so those are refused first.
    if re.search(r"[<>\"{}|^`\\\x00-\x20]", iri):
        raise UsageError(f"{iri!r} is not an IRI")
    try:
        return str(ox.NamedNode(iri))
    except ValueError as error:
        raise UsageError(f"{iri!r} is not an IRI: {error}") from error


def term_of(parameter: Parameter, value: object, resolve: Callable[[str, str | None], str]) -> str:
    """The SPARQL term or terms for a value of a parameter.

    Args:
        parameter: what is expected.
        value: what the asker gives, as a Python value or as text.
        resolve: gives the IRI for a name and the CURIE of a class (or ``None``).

    Returns:
        One term, or several separated by spaces where the parameter takes several.

    Raises:
        UsageError: if the value does not fit, saying what is expected, with an example.
    """
    written = _WRITERS[parameter.type](parameter, value, resolve)
    if parameter.choices and written not in (chosen := _choices(parameter)):
        # A list of things is fine where each of them may be chosen.
        if parameter.type == "things" and set(written.split()) <= set(chosen):
            return written
        words = ", ".join(str(choice) for choice in parameter.choices)
        raise UsageError(f"{parameter.name} cannot be {value!r}", mend=f"choose one of {words}")
    return written


def _choices(parameter: Parameter) -> list[str]:
    def literally(text: str, _: str | None) -> str:
        return expand(text)

    return [_WRITERS[parameter.type](parameter, choice, literally) for choice in parameter.choices]


def _wrong(parameter: Parameter, value: object) -> UsageError:
    unit = f" in {parameter.unit}" if parameter.unit else ""
    return UsageError(
        f"{parameter.name} ({parameter.label}) cannot be {value!r}",
        mend=f"give {_EXAMPLES[parameter.type]}{unit}",
    )


def _is_any(value: object) -> bool:
    return value is None or (isinstance(value, str) and value.strip().lower() in {ANY, "undef"})


def _things(parameter: Parameter, value: object, resolve: Callable[[str, str | None], str]) -> str:
    if _is_any(value):
        if _is_any(parameter.default):
            return "UNDEF"
        raise UsageError(
            f"{parameter.name} ({parameter.label}) must be named: this question cannot do without it",
            mend=f"give {_EXAMPLES[parameter.type]}",
        )
    kind = parameter.kind or ("owl:Class" if parameter.type == "class" else None)
    terms: list[str] = []
    for name in _several(value) if parameter.takes_several else [value]:
        iri = name.value if isinstance(name, ox.NamedNode) else name
        if not isinstance(iri, str) or not iri.strip():
            raise _wrong(parameter, value)
        terms.append(iri_term(resolve(iri, kind)))
    if not terms:
        raise _wrong(parameter, value)
    return " ".join(terms)


def _several(value: object) -> Iterable[object]:
    """The values of a list, or of a text in which semicolons or commas part them."""
    if isinstance(value, str):
        return [name for name in _SEPARATOR.split(value.strip()) if name]
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return value if isinstance(value, list | tuple) else [value]


def _iri(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    iri = expand(value.strip()) if isinstance(value, str) else getattr(value, "value", "")
    # An unknown prefix would pass for a scheme, and the question for one that finds nothing.
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*://|urn:", iri):
        raise _wrong(parameter, value)
    return iri_term(iri)


def _endpoint(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    if not isinstance(value, str):
        raise _wrong(parameter, value)
    address = read_address(value.strip())
    if address.user or address.password:
        raise UsageError(
            f"{parameter.name} cannot be an address with a user name or password in it",
            mend="a query is no place for a password: name an endpoint that needs none",
        )
    return iri_term(address.url)


def _decimal(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _wrong(parameter, value)
    text = str(value).strip()
    if parameter.unit and text.endswith(parameter.unit):
        text = text.removesuffix(parameter.unit).strip()
    try:
        # Python would also take 1_000 and digits of other scripts.
        number = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise _wrong(parameter, value)
    exponent = number.as_tuple().exponent
    if abs(number) >= _LARGEST or not isinstance(exponent, int) or -exponent > _MOST_FRACTION_DIGITS:
        raise UsageError(
            f"{parameter.name} cannot be {value}: an xsd:decimal has 20 digits before the point, 18 behind"
        )
    written = format(number, "f")
    return written if "." in written else f"{written}.0"


def _integer(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _wrong(parameter, value)
    text = str(value).strip()
    if not _INTEGER.fullmatch(text) or abs(int(text)) >= 2**63:
        raise _wrong(parameter, value)
    return str(int(text))


def _string(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    if not isinstance(value, str):
        raise _wrong(parameter, value)
    return string_term(value)


def _strings(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    if _is_any(parameter.default) and _is_any(value):
        return "UNDEF"
    texts = list(_several(value))
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise _wrong(parameter, value)
    return " ".join(string_term(text) for text in texts if isinstance(text, str))


def _boolean(parameter: Parameter, value: object, _: Callable[[str, str | None], str]) -> str:
    text = str(value).strip().lower() if isinstance(value, str | bool) else ""
    if text not in _BOOLEANS:
        raise _wrong(parameter, value)
    return _BOOLEANS[text]


_WRITERS = {
    "thing": _things,
    "things": _things,
    "class": _things,
    "decimal": _decimal,
    "quantity": _decimal,
    "integer": _integer,
    "string": _string,
    "strings": _strings,
    "boolean": _boolean,
    "iri": _iri,
    "endpoint": _endpoint,
}
