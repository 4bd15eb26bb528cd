"""BibTeX, RIS and CSL-JSON files as entries of plain text."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lithiokg.errors import Place, UsageError
from lithiokg.intake.cells import RefusedError, clean_text, short

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["READERS", "Entry"]

#: Commands that a reference manager leaves where no accent is.
_COMMAND = re.compile(
    r"\\(?:textit|textbf|textsubscript|textsuperscript|emph|mathrm|mathit|rm|it|text|ce|ensuremath)\b\s*"
)
_DOLLARS = re.compile(r"(?<!\\)\$([^$]*)\$")
_SCRIPT = re.compile(r"[_^]\{?([0-9A-Za-z+.-]+)\}?")


@dataclass(slots=True)
class Entry:
    """One work as a file gives it."""

    place: Place
    kind: str = ""
    title: str = ""
    authors: list[str] = field(default_factory=list)
    journal: str = ""
    year: str = ""
    volume: str = ""
    pages: str = ""
    doi: str = ""
    others: bool = False


def _bibtex(text: str, name: str) -> Iterator[Entry]:
    try:
        from bibtexparser.bibdatabase import UndefinedString  # noqa: PLC0415  # an extra
        from bibtexparser.bparser import BibTexParser  # noqa: PLC0415
        from bibtexparser.latexenc import latex_to_unicode  # noqa: PLC0415
        from pyparsing import ParseBaseException  # noqa: PLC0415  # what bibtexparser parses with
    except ImportError:
        raise _missing("BibTeX", "bibtexparser") from None
    import logging  # noqa: PLC0415

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, interpolate_strings=True)
    try:
        entries = parser.parse(text, partial=False).entries
    except (UndefinedString, KeyError) as error:
        raise RefusedError(
            f"the string {error} is used and nowhere defined",
            place=Place(name),
            mend="add its @string, or write it out",
        ) from error
    except (ParseBaseException, ValueError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise _unreadable(name, "BibTeX", error) from error
    lines = {
        found[1].strip(): text[: found.start()].count("\n") + 1
        for found in re.finditer(r"@\w+\s*[{(]\s*([^,\s]+)\s*,", text)
    }
    written = len(
        re.findall(r"^\s*@(?!comment|preamble|string)\w+\s*[{(]", text, re.IGNORECASE | re.MULTILINE)
    )
    if written > len(entries):
        raise RefusedError(
            f"{written - len(entries)} of {written} entries cannot be read", place=Place(name),
            mend="look for a brace that is not closed, a missing comma, or a key that stands twice",
        )  # fmt: skip
    for entry in entries:
        plain = {key.lower(): _untexed(str(value), latex_to_unicode) for key, value in entry.items()}
        people = [each.strip() for each in re.split(r"\s+and\s+", plain.get("author", "")) if each.strip()]
        yield Entry(
            Place(name, lines.get(str(entry.get("ID", "")), 1)),
            kind=str(entry.get("ENTRYTYPE", "")).lower(),
            title=plain.get("title", ""),
            authors=[_person(each) for each in people if each.casefold() not in {"others", "et al."}],
            journal=plain.get("journal") or plain.get("journaltitle", ""),
            year=plain.get("year") or plain.get("date", ""),
            volume=plain.get("volume", ""),
            pages=(plain.get("pages") or plain.get("eid", "")).replace("--", "-"),
            doi=plain.get("doi", "").replace("\\_", "_"),
            others=any(each.casefold() in {"others", "et al."} for each in people),
        )


def _untexed(text: str, decode: Callable[[str], str]) -> str:
    """A text without LaTeX: accents decoded, braces and math marks gone.

    Subscripts stand on the line, as formulas do everywhere in the graph.
    """
    plain = _DOLLARS.sub(lambda math: _SCRIPT.sub(r"\1", math[1]), text)
    plain = _COMMAND.sub("", plain)
    plain = decode(plain)
    plain = plain.replace("\\&", "&").replace("\\%", "%").replace("~", " ").replace("{", "").replace("}", "")
    return clean_text(plain)[0]


def _person(name: str) -> str:
    """A name as the graph writes it: family name and initials.

    >>> _person("van der Waals, Johannes Diderik"), _person("Marie Curie"), _person("Chen XR")
    ('van der Waals JD', 'Curie M', 'Chen XR')
    """
    if "," in name:
        family, _, given = name.partition(",")
    elif re.fullmatch(r".+\s[A-Z]{1,3}", name):
        return name
    else:
        words = name.split()
        at = next((i for i, word in enumerate(words[1:], 1) if word[:1].islower()), len(words) - 1)
        family, given = " ".join(words[max(at, 0) :]), " ".join(words[: max(at, 0)])
    parts = re.findall(r"[^\s.\-,]+", given)
    initials = "".join(part if part.isupper() and len(part) <= 3 else part[:1].upper() for part in parts)  # noqa: PLR2004
    return f"{family.strip()} {initials}".strip()


def _ris(text: str, name: str) -> Iterator[Entry]:
    try:
        import rispy  # noqa: PLC0415  # an extra
    except ImportError:
        raise _missing("RIS", "rispy") from None
    try:
        entries = rispy.loads(text.lstrip("\ufeff"))
    except (ValueError, KeyError, OSError, IndexError, TypeError, AttributeError) as error:
        raise _unreadable(name, "RIS", error) from error
    lines = [text[: found.start()].count("\n") + 1 for found in re.finditer(r"^\s*TY  -", text, re.MULTILINE)]
    for number, entry in enumerate(entries):
        first, last = (str(entry.get(key) or "") for key in ("start_page", "end_page"))
        people = [str(each) for each in entry.get("authors") or entry.get("first_authors") or ()]
        yield Entry(
            Place(name, lines[number] if number < len(lines) else 1),
            kind=str(entry.get("type_of_reference", "")).lower(),
            title=_line(entry.get("title") or entry.get("primary_title")),
            authors=[_person(_line(each)) for each in people if each.casefold().rstrip(".") != "et al"],
            journal=_line(
                entry.get("alternate_title3") or entry.get("journal_name") or entry.get("secondary_title")
            ),
            year=_line(entry.get("year") or entry.get("publication_year")),
            volume=_line(entry.get("volume")),
            pages=f"{first}-{last}" if first and last and first != last else first,
            doi=_line(entry.get("doi")),
            others=any(each.casefold().rstrip(".") == "et al" for each in people),
        )


def _csl(text: str, name: str) -> Iterator[Entry]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:  # ValueError itself: of a number of thousands of digits
        line = getattr(error, "lineno", 1)
        deep = isinstance(error, RecursionError)
        raise RefusedError(
            f"the file is not JSON: {'too deeply nested' if deep else getattr(error, 'msg', error)}",
            place=Place(name, line, getattr(error, "colno", 1)), mend="export it anew as CSL-JSON",
        ) from error  # fmt: skip
    entries = content if isinstance(content, list) else [content]
    for number, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise RefusedError(
                f"entry {number} is no CSL-JSON entry", place=Place(name), mend="export it anew as CSL-JSON"
            )
        yield _csl_entry(entry, name, text)


def _csl_entry(entry: dict[str, Any], name: str, text: str) -> Entry:
    at = text.find(json.dumps(entry.get("id"), ensure_ascii=False)) if entry.get("id") is not None else -1
    authors = []
    people = entry.get("author")
    for person in people if isinstance(people, list) else ():
        if not isinstance(person, dict):
            continue
        particle = f"{person['non-dropping-particle']} " if person.get("non-dropping-particle") else ""
        family, given = _line(person.get("family")), _line(person.get("given"))
        authors.append(
            _person(f"{particle}{family}, {given}") if given else family or _line(person.get("literal"))
        )
    issued = entry.get("issued")
    dates = issued.get("date-parts") if isinstance(issued, dict) else None
    year = (
        dates[0][0] if isinstance(dates, list) and dates and isinstance(dates[0], list) and dates[0] else ""
    )
    return Entry(
        Place(name, text[:at].count("\n") + 1 if at > 0 else 1),
        kind=_line(entry.get("type")).lower(),
        title=re.sub(r"</?(?:i|b|sub|sup|span|sc)[^>]{0,80}>", "", _line(entry.get("title"))),
        authors=[each for each in authors if each and each.casefold().rstrip(".") != "et al"],
        journal=_line(entry.get("container-title")),
        year=_line(year)
        or _line(issued.get("raw") or issued.get("literal") if isinstance(issued, dict) else ""),
        volume=_line(entry.get("volume")),
        pages=_line(entry.get("page")).replace("--", "-"),
        doi=_line(entry.get("DOI")),
        others=any(each.casefold().rstrip(".") == "et al" for each in authors),
    )


def _line(value: object) -> str:
    """A value as one line of text; nothing for what is no text or number."""
    return (
        clean_text(str(value))[0]
        if isinstance(value, str | int | float) and not isinstance(value, bool)
        else ""
    )


def _missing(what: str, package: str) -> UsageError:
    return UsageError(
        f"{what} files need the package {package}",
        mend='pip install "lithiokg[bib]", or export CSL-JSON from your reference manager, which needs nothing',
    )


def _unreadable(name: str, what: str, error: Exception) -> RefusedError:
    return RefusedError(
        f"the file is not {what} ({short(' '.join(str(error).split()))})", place=Place(name),
        mend="export it anew from your reference manager",
    )  # fmt: skip


#: The reader of each format, by the ending of its files: of a text and the name of its file.
READERS: dict[str, Callable[[str, str], Iterator[Entry]]] = {".bib": _bibtex, ".ris": _ris, ".json": _csl}
