"""The periodic table, as far as a formula needs it: symbols in the order of atomic number."""

from __future__ import annotations

__all__ = ["SYMBOLS", "atomic_number"]

#: Symbols of the 118 named elements (IUPAC, 2016), by atomic number from 1 on.
SYMBOLS: tuple[str, ...] = tuple(
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr
    Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu
    Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr
    Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split()  # noqa: SIM905  # a table reads better than a list of 118 quotes
)
_NUMBERS = {symbol: number for number, symbol in enumerate(SYMBOLS, 1)}


def atomic_number(symbol: str) -> int | None:
    """The atomic number of an element, or nothing where the symbol is none.

    >>> atomic_number("Li"), atomic_number("Lx")
    (3, None)
    """
    return _NUMBERS.get(symbol)
