"""Words for a plot: units and formulas as they are set in print, numbers, widths and lines of text."""

from __future__ import annotations

import re
from decimal import Decimal

from lithiokg.identifiers import SYMBOLS

__all__ = ["formula", "heading", "number", "text_width", "typeset_unit", "wrap"]

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_POWER = re.compile(r"(?<=[A-Za-zΩμ])(-?\d+)")
_FORMULA = re.compile(
    r"(?<![\w.])(?:\([A-Z][a-z]?\)\d*|[A-Z][a-z]?\d*){2,}(?![\w.])|(?<![\w.])[A-Z][a-z]?\d+(?![\w.])"
)
_PIECE = re.compile(r"([A-Z][a-z]?)(\d*)")
#: Endings of the names of columns that hold a condition, and the unit that each stands for.
_COLUMN_UNITS = {
    "mA_cm2": "mA cm-2",
    "mAh_cm2": "mA h cm-2",
    "mV": "mV",
    "h": "h",
    "C": "°C",
}
_COLUMN_UNIT = re.compile(r"_(mA_cm2|mAh_cm2|mV|h|C)$")
_DIGITS = 4
#: Where a line may break: not at a no-break space.
_BLANKS = re.compile(r"[ \t\r\n]+")

#: Widths of the characters from blank to ~ in a hundredth of the font size, of a wide face (DejaVu Sans), so
#: that what fits here fits in the narrower ones too.
_WIDTHS = (
    *(32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64),
    *(34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75, 79, 60, 79, 69),
    *(63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35, 63, 63, 28, 28, 58),
    *(28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84),
)
_NARROW = dict.fromkeys("₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹", 40) | dict.fromkeys("·'\u00a0", 32) | {"⁻": 53, "–": 50}
#: Of any other character; ideographs are as wide as they are high.
_OTHER, _IDEOGRAPH = 85, 100
_FIRST_IDEOGRAPH = "\u2e80"


def typeset_unit(symbol: str) -> str:
    """A unit with its powers raised.

    >>> typeset_unit("mA h cm-2"), typeset_unit("Ω cm2"), typeset_unit("%")
    ('mA h cm⁻²', 'Ω cm²', '%')
    """
    return _POWER.sub(lambda match: match[1].translate(_SUPERSCRIPTS), symbol)


def formula(text: str) -> str:
    """A text in which the numbers of chemical formulas stand below the line.

    >>> formula("Li3PO4 interlayer on Li7La3Zr2O12, with NCM811 and Py13TFSI")
    'Li₃PO₄ interlayer on Li₇La₃Zr₂O₁₂, with NCM811 and Py13TFSI'
    """
    return _FORMULA.sub(_lowered, text)


def _lowered(match: re.Match[str]) -> str:
    pieces = _PIECE.findall(match[0])
    if all(symbol in SYMBOLS for symbol, _ in pieces):
        return match[0].translate(_SUBSCRIPTS)
    return match[0]


def heading(column: str) -> tuple[str, str]:
    """The words and the unit that the name of a column says.

    >>> heading("current_density_mA_cm2")
    ('current density', 'mA cm⁻²')
    >>> heading("fold_reduction")
    ('fold reduction', '')
    """
    unit = _COLUMN_UNIT.search(column)
    words = column.removesuffix(unit[0]) if unit else column
    return words.replace("_", " "), typeset_unit(_COLUMN_UNITS[unit[1]]) if unit else ""


def number(value: float) -> str:
    """A number for people, to four digits, with a real minus.

    >>> number(0.1 + 0.2), number(1500.0), number(-2.5), number(123456)
    ('0.3', '1500', '−2.5', '123500')
    """
    if value == 0:
        return "0"
    short = Decimal(f"{value:.{_DIGITS}g}").normalize()
    return f"{short:f}".replace("-", "−")


def text_width(text: str, size: float) -> float:
    """How wide a text is at most, in pixels.

    >>> text_width("Ω", 10) > text_width("i", 10)
    True
    """
    return sum(map(_width, text)) * size / 100


def _width(character: str) -> int:
    if " " <= character <= "~":
        return _WIDTHS[ord(character) - 32]
    if character in _NARROW:
        return _NARROW[character]
    return _IDEOGRAPH if character >= _FIRST_IDEOGRAPH else _OTHER


def wrap(text: str, width: float, size: float) -> list[str]:
    """The text in lines that are no wider than a width; a word that is wider is broken.

    >>> wrap("a layer of Li-Zn", 52, 12)
    ['a layer', 'of Li-Zn']
    """
    lines: list[str] = []
    line = ""
    for word in _BLANKS.split(text.strip()):
        longer = f"{line} {word}" if line else word
        if text_width(longer, size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, size) > width and len(line) > 1:
            cut = _cut(line, width, size)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line or not lines else lines


def _cut(word: str, width: float, size: float) -> int:
    """Where a word that is too wide is broken: behind a hyphen or slash, else where it must be."""
    most = max(1, next(end for end in range(len(word), -1, -1) if text_width(word[:end], size) <= width))
    soft = [place for place in range(2, most + 1) if word[place - 1] in "-/_"]
    return soft[-1] if soft else most
