"""How units are spelled: a product of factors, each with an exponent, in whatever typography.

``Ω·cm²``, ``ohm*cm^2``, ``Ohm.cm2`` and ``Ω cm2`` are one product: ohm to the first, centimetre to
the second power. This module knows spellings only; which units exist says the ontology.
"""

from __future__ import annotations

import re

__all__ = ["PINT_NAMES", "Factors", "factors", "pint_expression", "plain_typography"]

#: A unit as a product: (factor, exponent) pairs, sorted by factor.
Factors = tuple[tuple[str, int], ...]

_TYPOGRAPHY = str.maketrans(
    {
        "\N{OHM SIGN}": "Ω",
        "\N{MICRO SIGN}": "μ",
        "\N{ANGSTROM SIGN}": "Å",
        "\N{DEGREE CELSIUS}": "°C",
        "\N{MASCULINE ORDINAL INDICATOR}": "°",
        "\N{RING ABOVE}": "°",
        "\N{WHITE BULLET}": "°",
        "\N{RING OPERATOR}": "°",
        "\N{CYRILLIC CAPITAL LETTER ES}": "C",
        "\N{FULLWIDTH PERCENT SIGN}": "%",
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u00a0\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00b7\u22c5\u2219\u2022", "·"),
        **dict.fromkeys("\u2248\u223c\u2243", "~"),
        "≥": ">=",
        "≤": "<=",
        "⩾": ">=",
        "⩽": "<=",
        "≳": ">~",
        "≲": "<~",
    }
)
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_SUPERSCRIPT_RUN = re.compile("[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+")

#: What papers write for a factor, and the one name it has here.
_ALIASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("ohm", "ohms"), ("Ω",)),
    **dict.fromkeys(("kohm", "kohms", "kiloohm"), ("kΩ",)),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), ("h",)),
    **dict.fromkeys(("day", "days"), ("d",)),
    **dict.fromkeys(("week", "weeks", "wks"), ("wk",)),
    **dict.fromkeys(("min", "minute", "minutes", "mins"), ("min",)),
    **dict.fromkeys(("second", "seconds", "sec"), ("s",)),
    **dict.fromkeys(("cycle", "cycles"), ("cycle",)),
    **dict.fromkeys(("degree", "degrees", "deg"), ("°",)),
    **dict.fromkeys(("kelvin",), ("K",)),
    **dict.fromkeys(("volt", "volts"), ("V",)),
    **dict.fromkeys(("percent", "pct"), ("%",)),
    **dict.fromkeys(("mol", "mole", "moles"), ("mol",)),
    **dict.fromkeys(("angstrom",), ("Å",)),
}
#: The same, where case tells units apart (``M`` and ``m``, ``mAh`` and ``MAh``).
_EXACT_ALIASES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("Mohm", "MOhm", "Mohms", "megaohm"), ("MΩ",)),
    **dict.fromkeys(("mohm", "mOhm", "mohms", "milliohm"), ("mΩ",)),
    "uS": ("μS",),
    "uA": ("μA",),
    "um": ("μm",),
    "l": ("L",),
    "degC": ("°C",),
    "mAh": ("mA", "h"),
    "μAh": ("μA", "h"),
    "uAh": ("μA", "h"),
    "Ah": ("A", "h"),
    "Wh": ("W", "h"),
}

#: Names that pint gives to the factors whose own spelling it reads otherwise or not at all.
PINT_NAMES: dict[str, str] = {
    "1": "dimensionless",
    "%": "percent",
    "Å": "angstrom",
    "C": "lithiokg_c_rate",
    "K": "kelvin",
    "M": "molar",
    "S": "siemens",
    "cP": "centipoise",
    "cycle": "lithiokg_cycle",
    "d": "day",
    "h": "hour",
    "kΩ": "kiloohm",
    "MΩ": "megaohm",
    "mΩ": "milliohm",
    "mS": "millisiemens",
    "min": "minute",
    "v/v": "lithiokg_volume_ratio",
    "vol%": "lithiokg_volume_percent",
    "wk": "week",
    "w/w": "lithiokg_weight_ratio",
    "wt%": "lithiokg_weight_percent",
    "°": "lithiokg_degree",
    "°C": "degC",
    "Ω": "ohm",
    "μA": "microampere",
    "μS": "microsiemens",
    "μm": "micrometer",
}

# Longest token that a factor may have: a bound keeps hostile input cheap.
_MAX_LENGTH = 80
_MAX_EXPONENT = 9
_SEPARATORS = re.compile(r"[\s·*.×]+")
#: Typing habits, each with what it stands for. What is run together is parted only before centimeters, where
#: it cannot be anything else.
_HABITS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\*\*"), "^"),
    (re.compile(r"\^\s*[{(]\s*([+-]?[0-9])\s*[})]"), r"^\1"),
    (re.compile(r"\s+per\s+"), "/"),
    (re.compile(r"°\s+(?=C\b)"), "°"),
    (re.compile(r"(?<=[A-Za-zΩμ])-(?=[A-Za-zΩμ])"), "·"),
    (
        re.compile(
            r"(?<![A-Za-zΩμ])([kMm]?Ω|[kMm]?ohms?|[mμu]?Ah?|[mμu]?S)(?=cm(?![A-Za-z]))", re.IGNORECASE
        ),
        r"\1 ",
    ),
    (re.compile(r"/\s*\(([^()/\s·*.×]*)\)$"), r"/\1"),
    (re.compile(r"^[(\[]([^()\[\]]*)[)\]]$"), r"\1"),
)
_FACTOR = re.compile(
    r"(?P<name>1(?![0-9^+-])|°C|°|[A-Za-zμΩÅ]*%|[A-Za-zμΩÅ]+)(?:\^?(?P<exponent>[+-]?[0-9]))?"
)


def plain_typography(text: str) -> str:
    """Write look-alike signs as one: dashes, spaces, dots, superscripts, ohm, micro and degree signs.

    >>> plain_typography("10–20 Ω·cm⁻²")
    '10-20 Ω·cm^-2'
    """
    superscripted = _SUPERSCRIPT_RUN.sub(lambda run: "^" + run.group().translate(_SUPERSCRIPTS), text)
    return superscripted.translate(_TYPOGRAPHY)


def factors(text: str) -> Factors | None:
    """Read the spelling of a unit, or return None where it is not a product of factors.

    A slash inverts the one factor after it, as in ``mA/cm2`` and ``J/mol/K``.

    >>> factors("mA h cm-2") == factors("mAh/cm²")
    True
    >>> factors("Ω cm-2")
    (('cm', -2), ('Ω', 1))
    >>> factors("Ωcm2") == factors("ohm-cm^{2}") == factors("Ω × cm**2")
    True
    >>> factors("12 + 3") is None
    True
    """
    text = plain_typography(text).strip()
    if not text or len(text) > _MAX_LENGTH:
        return None
    if text in {"v/v", "w/w"}:
        return ((text, 1),)
    for habit, meaning in _HABITS:
        text = habit.sub(meaning, text)
    product: dict[str, int] = {}
    for position, part in enumerate(text.split("/")):
        sign = -1 if position else 1
        for token in _SEPARATORS.split(part.strip()):
            factor = _FACTOR.fullmatch(token)
            if factor is None:
                return None
            exponent = int(factor["exponent"] or 1) * sign
            # Only the factor that follows a slash is below the line.
            sign = 1
            for name in _resolve(factor["name"]):
                product[name] = product.get(name, 0) + exponent
    return _tidy(product)


def _resolve(name: str) -> tuple[str, ...]:
    """The names here of a factor as it is written."""
    if name in _EXACT_ALIASES:
        return _EXACT_ALIASES[name]
    return _ALIASES.get(name.casefold() if len(name) > 1 else name, (name,))


def _tidy(product: dict[str, int]) -> Factors | None:
    """Drop what cancels; the number one stays only when it stands alone."""
    kept = {name: power for name, power in product.items() if power and name != "1"}
    if any(abs(power) > _MAX_EXPONENT for power in kept.values()):
        return None
    if not kept:
        return (("1", 1),) if set(product) == {"1"} else None
    return tuple(sorted(kept.items()))


def pint_expression(product: Factors) -> str:
    """Write a product so that pint reads it.

    >>> pint_expression((("cm", 2), ("Ω", 1)))
    'cm**2 * ohm'
    """
    return " * ".join(
        PINT_NAMES.get(name, name) + (f"**{power}" if power != 1 else "") for name, power in product
    )
