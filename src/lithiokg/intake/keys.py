"""Keys for rows that give none, and several values in one cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lithiokg.curation.scope import KEY
from lithiokg.intake.known import plain_name
from lithiokg.intake.tree import kebab
from lithiokg.names import fold

if TYPE_CHECKING:
    from lithiokg.intake.rows import Row

__all__ = ["join_values", "made_key", "split_values", "work_key"]

#: Keys of bodies by class, as the shipped records have them.
_BODIES = (("LithiumElectrode", "lithium"), ("Electrolyte", "electrolyte"), ("Layer", "layer"), ("Host", "host"),
           ("CurrentCollector", "collector"), ("Coating", "coating"), ("PositiveElectrode", "cathode"))  # fmt: skip
_SMALL_WORDS = {
    "a",
    "an",
    "the",
    "of",
    "in",
    "on",
    "for",
    "and",
    "to",
    "with",
    "by",
    "at",
    "via",
    "as",
    "from",
}
_TITLE_WORDS = 3
_FIELD = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^;"]*(?:"[^;"]*)*))\s*(?:;|$)')


def split_values(text: str) -> list[str]:
    """The values of a cell, which semicolons part; one with a semicolon stands in quotes.

    >>> split_values('ZnO; "a; b"; Li')
    ['ZnO', 'a; b', 'Li']
    """
    found, at = [], 0
    while at < len(text):
        match = _FIELD.match(text, at)
        if match is None or match.end() == at:
            found.append(text[at:])
            break
        found.append(match[1].replace('""', '"') if match[1] is not None else match[2])
        at = match.end()
    return [value.strip() for value in found if value.strip()]


def join_values(values: list[str]) -> str:
    """Values as one cell; the inverse of :func:`split_values`.

    >>> join_values(["ZnO", "a; b"])
    'ZnO; "a; b"'
    """
    return "; ".join(
        '"' + value.replace('"', '""') + '"' if ";" in value or value.startswith('"') else value
        for value in values
    )


def made_key(row: Row) -> str:
    """A key for a row that gives none; empty where nothing can be made of it."""
    sheet = row.plan.name
    if sheet == "components":
        kind = (row.get("type") or _NOTHING).text.replace(" ", "").casefold()
        for ending, key in _BODIES:
            if ending.casefold() in kind:
                return key
    if sheet == "substances":
        formula = plain_name((row.get("formula") or row.get("label") or _NOTHING).text)
        return formula if KEY.fullmatch(formula) else kebab(formula)
    if sheet == "works":
        return work_key(
            (row.get("authors") or _NOTHING).text,
            (row.get("year") or _NOTHING).text,
            (row.get("title") or _NOTHING).text,
        )
    numbered = {"references": "reference-number", "tables": "table-number"}.get(sheet)
    if numbered:
        return (row.get(numbered) or _NOTHING).text
    if sheet == "paragraphs":
        return kebab(
            f"{(row.get('section') or _NOTHING).text} {(row.get('paragraph-number') or _NOTHING).text}"
        )
    return kebab((row.get("label") or _NOTHING).text)


def work_key(authors: str, year: str, title: str) -> str:
    """The key of a work: family name of the first author, year, and some words of the title.

    >>> work_key("Chen X, Li Y", "2019", "The lithiophilicity of a doped carbon")
    'chen-2019-lithiophilicity-doped-carbon'
    """
    first = re.split(r"[,;]| and ", authors)[0]
    family = re.sub(r"\s+[A-Z][A-Z.-]{0,5}$", "", first.strip())
    family = family.split()[-1] if family.split() and "." in family else family
    words = [word for word in re.findall(r"[a-z0-9]+", fold(title)) if word not in _SMALL_WORDS]
    return kebab(" ".join([family, year, *words[:_TITLE_WORDS]]))


class _Nothing:
    text = ""


_NOTHING = _Nothing()
