"""InChIKeys and DOIs in their normal form."""

from __future__ import annotations

import re
from urllib.parse import unquote

from lithiokg.errors import ExitCode, LithioKGError

__all__ = ["IdentifierError", "normal_doi", "normal_inchikey"]

#: 14 letters for the skeleton; 8 for the rest, S or N for standard or not, and the version; 1 for protons.
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{8}[SN][A-Z]-[A-Z]")
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/", re.IGNORECASE)
_SCHEME = re.compile(r"doi:\s*", re.IGNORECASE)
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
#: What a sentence leaves behind a DOI that was copied out of it.
_TRAILING = ".,;"


class IdentifierError(LithioKGError):
    """A text that is not the identifier it is taken for."""

    exit_code = ExitCode.USAGE


def normal_inchikey(text: str) -> str:
    """An InChIKey in capitals, without the words ``InChIKey=`` before it.

    Raises:
        IdentifierError: if it has not the form of one.

    >>> normal_inchikey("InChIKey=SBLRHMKNNHXPHG-UHFFFAOYSA-N")
    'SBLRHMKNNHXPHG-UHFFFAOYSA-N'
    """
    key = re.sub(r"^\s*inchikey\s*=", "", text, flags=re.IGNORECASE).strip().upper()
    if _INCHIKEY.fullmatch(key):
        return key
    if text.strip().startswith("InChI="):
        raise IdentifierError(
            f"{_short(text)!r} is an InChI, not its key", mend="give the InChIKey, which is computed from it"
        )
    raise IdentifierError(
        f"{_short(text)!r} is not an InChIKey",
        mend="an InChIKey has 14, 10 and 1 capital letters, such as SBLRHMKNNHXPHG-UHFFFAOYSA-N",
    )


def normal_doi(text: str) -> str:
    """A DOI in lower case, without a resolver or ``doi:`` before it.

    DOIs do not tell capitals from small letters (ISO 26324).

    Raises:
        IdentifierError: if it has not the form of one.

    >>> normal_doi("https://doi.org/10.1021/JACS.8b10488")
    '10.1021/jacs.8b10488'
    """
    doi = text.strip().rstrip(_TRAILING)
    resolver = _RESOLVER.match(doi)
    doi = unquote(doi[resolver.end() :]) if resolver else _SCHEME.sub("", doi, count=1)
    if _DOI.fullmatch(doi):
        return doi.lower()
    raise IdentifierError(
        f"{_short(text)!r} is not a DOI",
        mend="a DOI begins with 10. and has a slash, such as 10.20517/energymater.2021.21",
    )


def _short(text: str) -> str:
    """A value as it is shown in a message."""
    plain = text.strip()
    longest = 60
    return plain if len(plain) <= longest else plain[: longest - 4] + " ..."
