"""Read chemical formulas as people write them, and bring them into one form.

The normal form is the *reduced formula* as OPTIMADE defines ``chemical_formula_reduced``: element symbols in
alphabetical order, each with the smallest whole number that keeps the ratio, 1 left out. So ``Al2O3`` and
``O3Al2`` are ``Al2O3``, and ``Li6.4La3Zr1.4Ta0.6O12`` is ``La15Li32O60Ta3Zr7``. Amounts are exact fractions;
nothing is rounded.

Libraries that read formulas read more than formulas (one takes the T of ``LiTFSI`` for tritium) or not all of
them (amounts that are no whole numbers), so this reader is the project's own. What is not a formula is refused
with a reason rather than guessed at.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NoReturn

from lithiokg.errors import ExitCode, LithioKGError
from lithiokg.identifiers.elements import atomic_number

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Formula", "FormulaError", "IndefiniteFormulaError", "parse_formula"]

#: The longest text, in characters, and the deepest nesting of brackets that is read.
_LONGEST, _DEEPEST = 200, 8
#: Digits of an amount, before and behind the point: more are no chemistry.
_DIGITS = 6

_PLAIN = str.maketrans(
    {
        **{chr(ord("₀") + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("•⋅∙・*", "·"),
        "⁄": "/",
        "\N{NO-BREAK SPACE}": " ",
        "\N{THIN SPACE}": " ",
        "\N{NARROW NO-BREAK SPACE}": " ",
    }
)
_TOKEN = re.compile(
    r"(?P<symbol>[A-Z][a-z]*)|(?P<amount>[0-9]+(?:\.[0-9]+|/[0-9]+)?)|(?P<open>[(\[{])|(?P<close>[)\]}])"
    r"|(?P<dot>·|\.(?![0-9]))|(?P<blank>[ \t]+)|(?P<other>.)",
    re.DOTALL,
)
_PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
#: What stands for an amount that the formula leaves open: behind a symbol, or in a sum.
_OPEN_AMOUNT = re.compile(r"(?P<symbol>[A-Z][a-z]??)(?P<open>[xyzn])")
_OPEN_SUM = re.compile("[0-9][-+\N{MINUS SIGN}\N{EN DASH}](?P<open>[xyzn])")
#: The usual letter for a rest of a molecule.
_REST = "R"
#: ``CuSO4.5H2O``: half a hydrate or half an oxygen atom?
_WATER = re.compile(r"\(?H2O\)?$")
_CHARGE = frozenset("+-\N{MINUS SIGN}⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹^")
_GIVE_IT = "a formula with an open amount fits many substances; give the amount"
_EXAMPLE = "write a formula of element symbols and amounts, such as Li6.4La3Zr1.4Ta0.6O12"


class FormulaError(LithioKGError):
    """A text that is not a formula of a substance."""

    exit_code = ExitCode.USAGE


class IndefiniteFormulaError(FormulaError):
    """A formula that leaves an amount or a rest open, such as Li2Sx or ROLi."""


@dataclass(frozen=True)
class Formula:
    """What a formula says: how much of which element.

    Two formulas are equal if their amounts are.

    Attributes:
        amounts: atoms of each element in the formula as written, in alphabetical order of symbols.

    >>> parse_formula("Al2O3") == parse_formula("O3Al2")
    True
    >>> parse_formula("Al4O6") == parse_formula("Al2O3")
    False
    """

    amounts: Mapping[str, Fraction]

    @property
    def elements(self) -> tuple[str, ...]:
        """The symbols in alphabetical order."""
        return tuple(self.amounts)

    @property
    def reduced(self) -> str:
        """The reduced formula: whole numbers without a common factor, symbols in alphabetical order.

        >>> parse_formula("LiN(SO2CF3)2").reduced
        'C2F6LiNO4S2'
        >>> parse_formula("C4H10O2").reduced
        'C2H5O'
        """
        least = math.lcm(*(amount.denominator for amount in self.amounts.values()))
        whole = {symbol: int(amount * least) for symbol, amount in self.amounts.items()}
        common = math.gcd(*whole.values())
        counts = {symbol: number // common for symbol, number in whole.items()}
        return "".join(f"{symbol}{number if number > 1 else ''}" for symbol, number in counts.items())

    @property
    def fractions(self) -> dict[str, float]:
        """The share of each element in all atoms, from 0 to 1."""
        total = sum(self.amounts.values())
        return {symbol: float(amount / total) for symbol, amount in self.amounts.items()}

    def __hash__(self) -> int:
        return hash(tuple(self.amounts.items()))

    def __str__(self) -> str:
        return self.reduced


def parse_formula(text: str) -> Formula:
    """Read a formula.

    Understood are brackets of three kinds, decimal amounts and fractions (``LiNi1/3Co1/3Mn1/3O2``), subscript
    digits (``Li₃N``), blanks between symbols, and parts joined by a centered dot (``LiOH·H2O``).

    Args:
        text: the formula.

    Raises:
        IndefiniteFormulaError: if it leaves an amount or a rest open.
        FormulaError: if it is not a formula, with what is wrong and where.

    >>> parse_formula(" Li₃N ").reduced, parse_formula("LiOH·H2O").reduced
    ('Li3N', 'H3LiO2')
    """
    plain = text.strip().translate(_PLAIN)
    if not plain:
        raise FormulaError("there is no formula", mend=_EXAMPLE)
    if len(plain) > _LONGEST:
        raise FormulaError(f"a formula has at most {_LONGEST} characters", mend=_EXAMPLE)
    amounts = _Reader(plain).read()
    return Formula(dict(sorted(amounts.items())))


class _Reader:
    """One pass over the tokens of a formula."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [match for match in _TOKEN.finditer(text) if match.lastgroup != "blank"]
        self.at = 0

    def read(self) -> dict[str, Fraction]:
        """The whole formula: parts joined by dots, each with an amount before it or none."""
        total: dict[str, Fraction] = {}
        while True:
            times = self._amount(of_part=True)
            _add(total, self._group(0), times)
            if self._kind() is None:
                return total
            if self._kind() != "dot":
                self._refuse()
            self.at += 1

    def _kind(self) -> str | None:
        return self.tokens[self.at].lastgroup if self.at < len(self.tokens) else None

    def _group(self, depth: int) -> dict[str, Fraction]:
        """Symbols and brackets up to a dot, a closing bracket or the end; one of them at least."""
        found: dict[str, Fraction] = {}
        while (kind := self._kind()) in {"symbol", "open"}:
            part = {self._symbol(): Fraction(1)} if kind == "symbol" else self._bracket(depth)
            _add(found, part, self._amount())
        if not found:
            self._refuse()
        return found

    def _symbol(self) -> str:
        token = self.tokens[self.at]
        symbol = token.group()
        if atomic_number(symbol) is None:
            self._not_an_element(token)
        self.at += 1
        return symbol

    def _bracket(self, depth: int) -> dict[str, Fraction]:
        opening = self.tokens[self.at]
        if depth == _DEEPEST:
            raise FormulaError(
                f"{self.text!r} has brackets in more than {_DEEPEST} levels", mend="write it without some"
            )
        self.at += 1
        inside = self._group(depth + 1)
        wanted = _PAIRS[opening.group()]
        if self._kind() != "close" or self.tokens[self.at].group() != wanted:
            self._fail(f"the {opening.group()} is not closed by a {wanted}", opening)
        self.at += 1
        return inside

    def _amount(self, *, of_part: bool = False) -> Fraction:
        """The amount that stands here, or one; ``of_part``: before a part, not behind a symbol."""
        if self._kind() != "amount":
            return Fraction(1)
        token = self.tokens[self.at]
        written = token.group()
        rest = self.text[token.end() :]
        if not of_part and "." in written and _WATER.match(rest.strip()):
            raise FormulaError(
                f"{self.text!r} can be read in two ways: as a hydrate, or with an amount of {written}",
                mend="write the dot of a hydrate as ·, as in CuSO4·5H2O",
            )
        whole, _, behind = written.partition("." if "." in written else "/")
        zero = not int(whole) if "/" in written or not behind else not int(whole + behind)
        if zero or ("/" in written and not int(behind)):
            self._fail(f"{written} is no amount", token)
        if max(len(whole), len(behind)) > _DIGITS:
            self._fail(f"the amount {written} has more than {_DIGITS} digits", token)
        self.at += 1
        return Fraction(written)

    def _not_an_element(self, token: re.Match[str]) -> NoReturn:
        symbol = token.group()
        open_amount = _OPEN_AMOUNT.fullmatch(symbol)
        if open_amount and atomic_number(open_amount["symbol"]):
            raise IndefiniteFormulaError(
                f"{self.text!r} leaves the amount of {open_amount['symbol']} open ({open_amount['open']})",
                mend=_GIVE_IT,
            )
        if symbol == _REST:
            raise IndefiniteFormulaError(
                f"{self.text!r} leaves open what {_REST} stands for",
                mend="a formula with an open rest fits many substances; write it out",
            )
        self._fail(f"{symbol!r} is not an element", token)

    def _refuse(self) -> NoReturn:
        """Say why the reading cannot go on here."""
        if self.at >= len(self.tokens):
            raise FormulaError(f"{self.text!r} breaks off", mend=_EXAMPLE)
        token = self.tokens[self.at]
        character = token.group()
        if open_sum := _OPEN_SUM.search(self.text):
            raise IndefiniteFormulaError(
                f"{self.text!r} leaves an amount open ({open_sum['open']})", mend=_GIVE_IT
            )
        if character in _CHARGE:
            raise FormulaError(
                f"{self.text!r} has a charge or joins two things at {character!r}",
                mend="write one neutral substance without signs, such as LiPF6",
            )
        if character == ".":
            raise FormulaError(
                f"the point in {self.text!r} can be read in two ways",
                mend="write a decimal with its zero, as in Li0.5CoO2, and the dot of a hydrate as ·",
            )
        if character == ",":
            raise FormulaError(f"{self.text!r} has a comma", mend="write decimals with a point, as in Li6.4")
        self._fail(f"{character!r} is not expected", token)

    def _fail(self, what: str, token: re.Match[str]) -> NoReturn:
        raise FormulaError(
            f"{self.text!r} is not a formula: {what} (character {token.start() + 1})", mend=_EXAMPLE
        )


def _add(total: dict[str, Fraction], part: Mapping[str, Fraction], times: Fraction) -> None:
    for symbol, amount in part.items():
        total[symbol] = total.get(symbol, Fraction(0)) + amount * times
