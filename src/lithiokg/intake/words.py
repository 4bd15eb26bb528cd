"""How names are written, and what a misspelt one may have been meant for."""

from __future__ import annotations

import difflib
import re

from lithiokg.curation.scope import KEY
from lithiokg.quantities.spelling import plain_typography
from lithiokg.vocabulary import ID, compact

__all__ = ["UnknownNameError", "direct", "key_of", "named_apart", "plain_name", "spellings", "suggest"]

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₓ₊₋", "0123456789x+-")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_BEST = 3
#: So many characters of a cell are taken apart.
_LONGEST = 200
_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
#: How much of a substance there is, "1 M" or "2 wt% of", and the shares of a mixture, "(1:1 v/v)".
_UNIT = r"(?:(?:(?:wt|vol|mol|at)\.?\s*)?%|(?:[mμ]?mol|m?g)\s*(?:/|\s)\s*(?:k?g|m?L|dm3)(?:-1|\^-1)?|mM|M|m|mol|ppm)"
_SHARES = r"(?:v/v|w/w|wt/wt|(?:vol(?:ume)?|wt|weight|mass|mol(?:ar)?|v|w)\b\.?)"
_HOW_MUCH = re.compile(
    rf"(?<![\w.])[(\[]?\s*(?<![\w.])(?:~|ca\.?)?\s*{_NUMBER}(?:"
    rf"(?:\s*[:/]\s*{_NUMBER})+(?:,?\s*(?:by\s+|in\s+)?{_SHARES})?|(?:\s*[-–]\s*{_NUMBER})?\s*{_UNIT}"
    r")(?![\w%.-])\s*(?:of\s+)?[)\]]?"
)
_BETWEEN = re.compile(r"\s*[:/+&–]\s*|\s+(?:and|in|with)\s+")


class UnknownNameError(LookupError):
    """A name that means nothing, or several things; ``mend`` says what it may have been meant for."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.message, self.mend = message, mend


def plain_name(text: str) -> str:
    """A name without subscripts and odd blanks: what is the same name in print.

    >>> plain_name("Li₂O ")
    'Li2O'
    """
    return " ".join(text.translate(_SUBSCRIPTS).split())


def direct(name: str, folder: str) -> str:
    """The IRI that a key, a path or a CURIE stands for; nothing where it is none of them."""
    if name.startswith(("lkgi:", ID)):
        return ID + name.removeprefix("lkgi:").removeprefix(ID)
    return ID + folder + name if all(KEY.fullmatch(part) for part in name.split("/")) else ""


def key_of(iri: str) -> str:
    """The last part of one of our IRIs, which is what a cell takes; else the CURIE."""
    return iri.rpartition("/")[2] if iri.startswith(ID) else compact(iri)


def spellings(text: str) -> list[str]:
    """What a name may be taken apart into.

    >>> spellings("Zinc Oxide (ZnO)")
    ['Zinc Oxide (ZnO)', 'Zinc Oxide', 'ZnO']

    A bracket without a blank before it is part of the name:

    >>> spellings("P(VDF-HFP)")
    ['P(VDF-HFP)']
    """
    found = [text]
    bracketed = re.fullmatch(r"\s*(.{1,80}?)\s+[(\[]([^()\[\]]{1,80})[)\]]\s*", plain_typography(text))
    if bracketed:
        found += [bracketed[1], bracketed[2]]
    return found


def named_apart(text: str) -> tuple[list[str], bool]:
    """The names in a text that names several things, or how much there is of one; and whether it says how much.

    >>> named_apart("1 M LiPF6 in EC:DEC (1:1 v/v)")
    (['LiPF6', 'EC', 'DEC'], True)
    >>> named_apart("LiF/Li₃N")
    (['LiF', 'Li3N'], False)
    >>> named_apart("LiNO3 (2 wt%)")
    (['LiNO3'], True)
    """
    plain = " ".join(text[:_LONGEST].translate(_SUPERSCRIPTS).split())
    rest, amounts = _HOW_MUCH.subn(" ", plain)
    names = [plain_name(part.strip(" ,=")) for part in _BETWEEN.split(rest.strip(" ,="))]
    return list(filter(None, names)), amounts > 0


def suggest(wanted: str, spelled: dict[str, str]) -> str:
    """A mend for a name that is none of those spelled, each with its label."""
    close = difflib.get_close_matches(wanted[:80], spelled, n=_BEST, cutoff=0.6)
    labels = list(dict.fromkeys(spelled[match] for match in close))
    if labels:
        return f"did you mean {' or '.join(map(repr, labels))}?"
    listed = sorted(set(spelled.values()))
    return f"known are: {', '.join(listed[:12])}{' ...' if len(listed) > 12 else ''}"  # noqa: PLR2004
