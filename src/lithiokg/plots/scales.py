"""Scales from values to pixels, and the ticks that an axis shows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Linear", "Log", "Scale", "linear", "log"]

_STEPS = (1.0, 2.0, 5.0, 10.0)
#: A logarithmic axis over more decades than this shows powers of ten alone.
_MANY_DECADES = 2.6
#: A step that is this much short of a nice one counts as that one: 0.1 + 0.2 must not make 0.5 of 0.3.
_SLACK = 1e-9


class Scale(Protocol):
    """A value's place on an axis that runs from one pixel to another."""

    @property
    def low(self) -> float:
        """The lower end."""

    @property
    def high(self) -> float:
        """The upper end."""

    def __call__(self, value: float) -> float:
        """The pixel of a value."""

    @property
    def ticks(self) -> Sequence[float]:
        """The values that are labeled."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Equal differences are equal distances.

    >>> scale = linear([3, 47], 0, 100, ticks=5)
    >>> scale.low, scale.high, scale.ticks
    (0.0, 50.0, (0.0, 10.0, 20.0, 30.0, 40.0, 50.0))
    >>> scale(25.0)
    50.0
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Log:
    """Equal factors are equal distances.

    >>> scale = log([7, 2000], 0, 300)
    >>> scale.low, scale.high, scale.ticks
    (5.0, 2000.0, (10.0, 100.0, 1000.0))
    """

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[float, ...]

    def __call__(self, value: float) -> float:
        """The pixel of a value."""
        share = math.log(value / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)


def linear(
    values: Iterable[float], start: float, end: float, *, ticks: int = 5, zero: bool = False
) -> Linear:
    """A linear scale whose ends are ticks.

    Args:
        values: what must have a place on it.
        start: the pixel of its lower end.
        end: the pixel of its upper end.
        ticks: about how many ticks are wanted.
        zero: whether 0 must be on it, as where lengths stand for values.
    """
    known = [*values, *([0.0] if zero else [])]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    if not zero and low > 0 and low < high / 3:
        low = 0.0  # an axis that begins near 0 might as well begin there
    if high - low <= abs(high) * _SLACK:
        pad = abs(low) / 10 or 1.0
        low, high = low - pad, high + pad
        if zero or min(known, default=0.0) >= 0:
            low = max(low, 0.0)
    step = _step((high - low) / max(1, ticks))
    first, last = math.floor(low / step + _SLACK), math.ceil(high / step - _SLACK)
    marks = tuple(_clean(index * step) for index in range(first, last + 1))
    return Linear(marks[0], marks[-1], start, end, marks)


def log(values: Iterable[float], start: float, end: float) -> Log:
    """A logarithmic scale whose ends are 1, 2 or 5 times a power of ten.

    Args:
        values: what must have a place on it, all above 0.
        start: the pixel of its lower end.
        end: the pixel of its upper end.
    """
    known = [value for value in values if value > 0]
    least, most = (min(known), max(known)) if known else (1.0, 10.0)
    low, high = _below(least), _above(most)
    if low == high:
        low, high = _below(low * 0.99), _above(high * 1.01)
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    leads = (1.0,) if math.log10(high / low) > _MANY_DECADES else (1.0, 2.0, 5.0)
    marks = (_clean(lead * 10.0**power) for power in range(first, last + 1) for lead in leads)
    return Log(low, high, start, end, tuple(mark for mark in marks if low <= mark <= high))


def _step(rough: float) -> float:
    """The nice number that is next above a rough step."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * step for step in _STEPS if power * step >= rough * (1 - _SLACK))


def _below(value: float) -> float:
    power = math.floor(math.log10(value))
    return max(
        nice
        for lead in _STEPS
        for near in (power - 1, power)
        if (nice := _clean(lead * 10.0**near)) <= value * (1 + _SLACK)
    )


def _above(value: float) -> float:
    power = math.floor(math.log10(value))
    return min(
        nice
        for lead in _STEPS
        for near in (power, power + 1)
        if (nice := _clean(lead * 10.0**near)) >= value * (1 - _SLACK)
    )


def _clean(value: float) -> float:
    """The number that was meant, without the dust of binary fractions."""
    return float(f"{value:.12g}")
