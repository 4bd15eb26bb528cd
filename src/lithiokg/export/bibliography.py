"""The works that documents cite, as BibTeX, CSL-JSON or RIS.

What was not seen is not written: a work that was not identified is only "cited as reference n", and a
DOI stands only where it was verified, or is that of the very paper that was read. The status of the identification goes with every entry as a note.

References: the entry types of BibTeX as of btxdoc (1988); CSL-JSON 1.0.2, ``csl-data.json`` of
https://github.com/citation-style-language/schema; RIS as of https://en.wikipedia.org/wiki/RIS_(file_format).
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lithiokg.store import Table
from lithiokg.vocabulary import ID, LKG

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from lithiokg.store import Store, Value

__all__ = ["BIBLIOGRAPHY_FORMATS", "Entry", "bibliography_entries", "write_bibliography"]

_PREFIXES = f"""
PREFIX lkg: <{LKG}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_REFERENCES = """
SELECT ?reference ?number ?document ?citing ?status ?meaning ?note ?work {
  ?reference lkg:referenceNumber ?number ; lkg:inDocument ?document ; lkg:identificationStatus ?status .
  OPTIONAL { ?document lkg:title ?citing }
  OPTIONAL { ?status skos:prefLabel ?meaning }
  OPTIONAL { ?reference lkg:note ?note }
  OPTIONAL { ?reference lkg:refersTo ?work }
}
"""
_WORKS = """
SELECT ?work ?title ?authors ?journal ?year ?volume ?pages ?doi {
  ?work lkg:title ?title .
  OPTIONAL { ?work lkg:authorList ?authors }
  OPTIONAL { ?work lkg:journal ?journal }
  OPTIONAL { ?work lkg:publicationYear ?year }
  OPTIONAL { ?work lkg:volume ?volume }
  OPTIONAL { ?work lkg:pages ?pages }
  OPTIONAL { ?work lkg:doi ?doi }
}
"""
_VERIFIED = f"{ID}identification/verified"
_ET_AL = re.compile(r"\bet al\.?$")
_INITIALS = re.compile(r"[^\W\d_]{1,4}(?:-[^\W\d_]{1,2})?")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a document's numbering and what is known of the work it means.

    Attributes:
        iri: of the reference.
        key: unique and stable, such as ``energymater-2021-21-ref-26``.
        number: in the running text of the citing document.
        authors: (family name, initials) in published order; ``more`` if the record says "et al.".
        note: the number, what it is cited for, and how sure the identification is.
    """

    iri: str
    key: str
    number: int
    title: str | None
    authors: tuple[tuple[str, str], ...]
    more: bool
    journal: str | None
    year: int | None
    volume: str | None
    pages: str | None
    doi: str | None
    note: str


def bibliography_entries(store: Store) -> list[Entry]:
    """All references of all documents, by document and number."""
    works = {str(row["work"]): row for row in _select(store, _WORKS)}
    entries = {
        str(row["reference"]): (str(row["document"]), _entry(row, works.get(str(row["work"]), {})))
        for row in _select(store, _REFERENCES)
    }
    return [entry for _, entry in sorted(entries.values(), key=lambda pair: (pair[0], pair[1].number))]


def _entry(reference: dict[str, Value], work: dict[str, Value]) -> Entry:
    document = str(reference["document"]).removeprefix(ID).removeprefix("work/")
    number = int(str(reference["number"]))
    names, more = _authors(str(work.get("authors") or ""))
    status = str(reference["meaning"] or reference["status"]).removeprefix(ID)
    itself = reference["work"] is not None and reference["work"] == reference["document"]
    note = (
        "The paper itself, in which designs are reported."
        if itself
        else f"Cited as reference {number} by {reference['citing'] or document}. Status: {status}."
    )
    year = work.get("year")
    return Entry(
        iri=str(reference["reference"]),
        key=f"{document}-ref-{number}",
        number=number,
        title=_text(work.get("title")),
        authors=names,
        more=more,
        journal=_text(work.get("journal")),
        year=None if year is None else int(str(year)),
        volume=_text(work.get("volume")),
        pages=_text(work.get("pages")),
        doi=_text(work.get("doi")) if itself or reference["status"] == _VERIFIED else None,
        note=f"{note} {reference['note']}" if reference["note"] else note,
    )


def _authors(printed: str) -> tuple[tuple[tuple[str, str], ...], bool]:
    """Names and whether there are more, of a list such as ``Fan X, Chen L, et al.``.

    >>> _authors("Fan X, van der Waals JD, et al.")
    ((('Fan', 'X'), ('van der Waals', 'JD')), True)
    >>> _authors("Lindqvist Å")
    ((('Lindqvist', 'Å'),), False)
    """
    bare = _ET_AL.sub("", printed.strip()).rstrip(" ,;")
    names = []
    for name in filter(None, map(str.strip, re.split(r"[,;]", bare))):
        family, _, initials = name.rpartition(" ")
        short = _INITIALS.fullmatch(initials) and initials.isupper()
        names.append((family, initials) if family and short else (name, ""))
    return tuple(names), _ET_AL.search(printed.strip()) is not None


def _text(value: Value) -> str | None:
    return None if value is None else " ".join(str(value).split())


# --- BibTeX ---------------------------------------------------------------------------------------

_BIBTEX_SIGNS = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "#": r"\#", "$": r"\$", "%": r"\%", "&": r"\&",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
#: Words with a capital letter after the first sign, or with digits, keep their form: formulas, acronyms.
_KEEPS_ITS_FORM = re.compile(r"\S*(?:\S[A-Z]|\d)\S*")


def _bibtex(entries: Sequence[Entry]) -> str:
    return "\n".join(map(_bibtex_entry, entries))


def _bibtex_entry(entry: Entry) -> str:
    names = [
        f"{family}, {'. '.join(initials)}." if initials else family for family, initials in entry.authors
    ]
    fields = {
        "author": _escaped(" and ".join([*names, *(["others"] if entry.more else [])])),
        "title": entry.title and _title(entry.title),
        "journal": _escaped(entry.journal or ""),
        "year": str(entry.year or ""),
        "volume": _escaped(entry.volume or ""),
        "pages": _escaped((entry.pages or "").replace("-", "--")),
        "doi": entry.doi,
        "note": _escaped(entry.note),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "article" if entry.title and entry.journal else "misc"
    return "\n".join([f"@{kind}{{{entry.key},", *lines, "}\n"])


def _escaped(text: str) -> str:
    return "".join(_BIBTEX_SIGNS.get(sign, sign) for sign in text)


def _title(title: str) -> str:
    r"""A title whose formulas and acronyms no style writes small.

    >>> _title("Li-Mg alloys & ZnO")
    '{Li-Mg} alloys \\& {ZnO}'
    """
    words = (
        f"{{{_escaped(word)}}}" if _KEEPS_ITS_FORM.fullmatch(word) else _escaped(word)
        for word in title.split()
    )
    return " ".join(words)


# --- CSL-JSON -------------------------------------------------------------------------------------


def _csl_json(entries: Sequence[Entry]) -> str:
    return json.dumps([_csl_item(entry) for entry in entries], indent=2, ensure_ascii=False) + "\n"


def _csl_item(entry: Entry) -> dict[str, object]:
    authors = [
        {"family": family, "given": ". ".join(initials) + "."} if initials else {"literal": family}
        for family, initials in entry.authors
    ]
    if entry.more:
        authors.append({"literal": "et al."})
    fields: dict[str, object] = {
        "id": entry.key,
        "type": "article-journal" if entry.title and entry.journal else "document",
        "citation-number": str(entry.number),
        "title": entry.title,
        "author": authors,
        "container-title": entry.journal,
        "issued": {"date-parts": [[entry.year]]} if entry.year else None,
        "volume": entry.volume,
        "page": entry.pages,
        "DOI": entry.doi,
        "note": entry.note,
    }
    return {name: value for name, value in fields.items() if value}


# --- RIS ------------------------------------------------------------------------------------------


def _ris(entries: Sequence[Entry]) -> str:
    return "\n".join(map(_ris_entry, entries))


def _ris_entry(entry: Entry) -> str:
    first, _, last = (entry.pages or "").partition("-")
    lines = [
        ("TY", "JOUR" if entry.title and entry.journal else "GEN"),
        ("ID", entry.key),
        *(
            ("AU", f"{family}, {'.'.join(initials)}." if initials else family)
            for family, initials in entry.authors
        ),
        *([("AU", "et al.")] if entry.more else []),
        ("TI", entry.title),
        ("JO", entry.journal),
        ("PY", entry.year),
        ("VL", entry.volume),
        ("SP", first),
        ("EP", last),
        ("DO", entry.doi),
        ("N1", entry.note),
    ]
    written = [f"{tag}  - {_one_line(str(value))}" for tag, value in lines if value]
    return "\n".join([*written, "ER  - ", ""])


def _one_line(value: str) -> str:
    """A value without signs that end a line, since a line is a field."""
    return "".join(
        " " if unicodedata.category(sign).startswith(("C", "Zl", "Zp")) else sign for sign in value
    )


_WRITERS: dict[str, Callable[[Sequence[Entry]], str]] = {
    "bibtex": _bibtex,
    "csl-json": _csl_json,
    "ris": _ris,
}
#: The formats of :func:`write_bibliography`.
BIBLIOGRAPHY_FORMATS = tuple(_WRITERS)


def write_bibliography(store: Store, format_: str, *, keys: Collection[str] | None = None) -> str:
    """References of all documents in one of :data:`BIBLIOGRAPHY_FORMATS`.

    Args:
        store: the snapshot's store, or an endpoint that holds its export.
        format_: one of :data:`BIBLIOGRAPHY_FORMATS`.
        keys: only the entries with these keys; all unless given.
    """
    entries = bibliography_entries(store)
    return _WRITERS[format_]([entry for entry in entries if keys is None or entry.key in keys])


def _select(store: Store, text: str) -> list[dict[str, Value]]:
    answer = store.query(_PREFIXES + text)
    assert isinstance(answer, Table)  # noqa: S101  # both texts above are SELECTs
    return answer.dicts()
