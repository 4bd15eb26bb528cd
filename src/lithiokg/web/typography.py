"""Formulas and numbers as people set them: subscripts in formulas, nothing else is changed."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import Markup, escape

from lithiokg.identifiers.elements import SYMBOLS

__all__ = ["formula", "plain_words", "prose", "typeset", "unbroken", "unit"]

_SYMBOLS = frozenset(SYMBOLS)
_PART = re.compile(r"[A-Z][a-z]?|\d+(?:\.\d+)?|[a-z]|.", re.DOTALL)
#: A word that may be a formula: it begins with a symbol or a bracket, and holds a number.
_WORD = re.compile(r"(?<![\w.])\(?[A-Z][A-Za-z()]*\d+(?:\.\d+)?(?:[A-Za-z()]+(?:\d+(?:\.\d+)?)?)*(?![\w])")
#: Elements whose molecules are named by a formula with one symbol.
_MOLECULES = frozenset({"H", "N", "O", "F", "Cl", "Br", "I", "S", "P"})
_ADDRESS = re.compile(r"https?://([\w.-]+)[^\s<>\"]*[\w/]")
_TERM = re.compile(r"\b(?:lkgi?|lkgg|owl|rdfs?|skos):([\w/-]*\w)")
_POWER = re.compile(r"(?<=[A-Za-zµμ°Ω])(-?[1-4])(?![\d.])")
#: A word with a negative power, which must not end a line at its minus.
_NEGATIVE_POWER = re.compile(r"\S*[A-Za-zµμΩ]\^?-[1-4](?![\d.])\S*")
_CURIE = re.compile(r"\s*\((?:lkgi?|lkgg|owl|skos|rdfs?):[^\s()]*\)")


def formula(text: str) -> Markup:
    """A chemical formula with its numbers as subscripts.

    >>> str(formula("Li7La3Zr2O12"))
    'Li<sub>7</sub>La<sub>3</sub>Zr<sub>2</sub>O<sub>12</sub>'
    >>> str(formula("LixSiSy"))
    'Li<sub>x</sub>SiS<sub>y</sub>'
    """
    written: list[str] = []
    counted = False  # whether what stands before can be counted
    for part in _parts(text):
        if counted and (part[0].isdigit() or part in {"x", "y", "z", "n"}):
            written.append(f"<sub>{part}</sub>")
            counted = False
            continue
        written.append(str(escape(part)))
        counted = part[0].isalpha() or part in {")", "]"}
    return Markup("".join(written))  # noqa: S704  # every part is escaped


def _parts(text: str) -> list[str]:
    found: list[str] = []
    for part in _PART.findall(text):
        if len(part) == 2 and part[0].isupper() and part not in _SYMBOLS:  # noqa: PLR2004  # a symbol has two
            found += [part[0], part[1]]
        else:
            found.append(part)
    return found


@lru_cache(maxsize=8192)
def typeset(text: str) -> Markup:
    """A text in which the formulas have subscripts.

    >>> str(typeset("Li2CO3 on garnet, Table 3"))
    'Li<sub>2</sub>CO<sub>3</sub> on garnet, Table 3'
    >>> str(typeset("Py13TFSI and NCM811 at 2 mA/cm2"))
    'Py13TFSI and NCM811 at 2 mA/cm2'
    """
    written: list[Markup] = []
    end = 0
    for match in _WORD.finditer(text):
        if _is_formula(match[0]):
            written += [escape(text[end : match.start()]), formula(match[0])]
            end = match.end()
    written.append(escape(text[end:]))
    return Markup("").join(written)


def unbroken(text: str) -> Markup:
    """A figure as printed, with its formulas set, that ends no line within ``cm-2``.

    >>> str(unbroken("0.5 mA cm-2, 1 h"))
    '0.5 mA <span class="nowrap">cm-2,</span> 1 h'
    """
    written: list[Markup] = []
    end = 0
    for match in _NEGATIVE_POWER.finditer(text):
        written += [
            typeset(text[end : match.start()]),
            Markup('<span class="nowrap">{}</span>').format(match[0]),
        ]
        end = match.end()
    return Markup("").join([*written, typeset(text[end:])])


def _is_formula(word: str) -> bool:
    symbols = [part for part in _parts(word) if part[0].isalpha()]
    if not all(part in _SYMBOLS or part in {"x", "y"} for part in symbols):
        return False
    return len(set(symbols)) > 1 or (len(symbols) == 1 and symbols[0] in _MOLECULES)


def prose(text: str) -> Markup:
    """A text with its formulas set and the addresses in it as links.

    >>> str(prose("see https://example.org/x."))
    'see <a href="https://example.org/x" rel="external">example.org</a>.'
    """
    text = _TERM.sub(r"\1", text)
    written: list[Markup] = []
    end = 0
    for match in _ADDRESS.finditer(text):
        link = Markup('<a href="{}" rel="external">{}</a>').format(match[0], match[1])
        written += [typeset(text[end : match.start()]), link]
        end = match.end()
    return Markup("").join([*written, typeset(text[end:])])


def unit(text: str) -> Markup:
    """The symbol of a unit with its powers raised.

    >>> str(unit("mA cm-2")), str(unit("Ω cm2"))
    ('mA cm<sup>−2</sup>', 'Ω cm<sup>2</sup>')
    """
    raised = _POWER.sub(lambda match: f"<sup>{match[1].replace('-', '−')}</sup>", str(escape(text)))
    return Markup(raised)  # noqa: S704  # escaped before


def plain_words(text: str) -> str:
    """A message without the CURIEs that it gives in brackets behind labels.

    >>> plain_words("did you mean zinc oxide (lkgi:substance/ZnO)?")
    'did you mean zinc oxide?'
    """
    return _CURIE.sub("", text)
