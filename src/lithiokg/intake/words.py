"""How names are written, and what a misspelt one may have been meant for."""

from __future__ import annotations

import difflib
import re

from lithiokg.curation.scope import KEY
from lithiokg.quantities.spelling import plain_typography
from lithiokg.vocabulary import ID, compact

__all__ = ["UnknownNameError", "direct", "key_of", "plain_name", "spellings", "suggest"]

_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_BEST = 3


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


def suggest(wanted: str, spelled: dict[str, str]) -> str:
    """A mend for a name that is none of those spelled, each with its label."""
    close = difflib.get_close_matches(wanted[:80], spelled, n=_BEST, cutoff=0.6)
    labels = list(dict.fromkeys(spelled[match] for match in close))
    if labels:
        return f"did you mean {' or '.join(map(repr, labels))}?"
    listed = sorted(set(spelled.values()))
    return f"known are: {', '.join(listed[:12])}{' ...' if len(listed) > 12 else ''}"  # noqa: PLR2004
